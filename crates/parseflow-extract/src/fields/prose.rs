//! The words of a document as one running text, whatever rows they stand in.

use std::collections::HashMap;

use crate::layout::{Bounds, Segment, Word};
use crate::lexicon::folded;
use crate::outputs::order::blocks_of;
use crate::spans::{CalendarDate, Span, dates_in};

use super::doc::{Candidate, Doc};

/// Words that are looked at: facts of agreements stand in their clauses, wherever these are.
const WORDS_MAX: usize = 120_000;

/// One word with where it stands.
pub(super) struct Token<'d> {
    pub(super) word: &'d Word,
    pub(super) fold: String,
    pub(super) page: u32,
    pub(super) row: usize,
}

/// The running text.
pub(super) struct Prose<'d> {
    pub(super) tokens: Vec<Token<'d>>,
    /// How far the print reaches to the right, by page.
    margins: HashMap<u32, f64>,
}

impl<'d> Prose<'d> {
    pub(super) fn of(doc: &'d Doc<'_>) -> Prose<'d> {
        let segments: Vec<&Segment> = doc.rows.iter().flat_map(|row| &row.segments).collect();
        // Columns are read one after the other.
        let pages = segments.chunk_by(|a, b| a.page == b.page);
        let blocks = pages.flat_map(|page| blocks_of(page.to_vec()));
        let tokens = blocks.flatten().flat_map(|segment| {
            segment.words.iter().map(|word| Token {
                word,
                fold: folded(&word.text),
                page: segment.page,
                row: segment.row,
            })
        });
        let tokens: Vec<Token<'_>> = tokens.take(WORDS_MAX).collect();
        let mut margins: HashMap<u32, f64> = HashMap::new();
        for token in &tokens {
            let margin = margins.entry(token.page).or_default();
            *margin = margin.max(token.word.bounds.x1);
        }
        Prose { tokens, margins }
    }

    pub(super) fn fold(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.fold.as_str())
    }

    pub(super) fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.word.text.as_str())
    }

    /// Whether the row before that of a word is a line of its own: it ends early, and this one begins elsewhere.
    pub(super) fn stands_apart(&self, at: usize) -> bool {
        const EARLY: f64 = 0.75;
        const APART: f64 = 4.0;
        let (Some(token), Some(last)) =
            (self.tokens.get(at), at.checked_sub(1).map(|at| &self.tokens[at]))
        else {
            return false;
        };
        let is_same =
            |at: &usize| (self.tokens[*at].page, self.tokens[*at].row) == (last.page, last.row);
        let first = (0..at).rev().take_while(is_same).last().unwrap_or(at - 1);
        let margin = self.margins.get(&last.page).copied().unwrap_or_default();
        let begins = self.tokens[first].word.bounds.x0;
        (token.page, token.row) != (last.page, last.row)
            && last.word.bounds.x1 < EARLY * margin
            && (token.word.bounds.x0 - begins).abs() > APART
    }

    /// The words from `from` to `to` as one value.
    pub(super) fn candidate(
        &self,
        from: usize,
        to: usize,
        value: String,
        score: f64,
    ) -> Candidate<String> {
        let segment = self.segment(from, to);
        let words = segment.words.len();
        Candidate::from_span(Span::of(&segment, 0, words, value), score)
    }

    /// The dates in a stretch of words, with the index after each.
    pub(super) fn dates(
        &self,
        doc: &Doc<'_>,
        from: usize,
        to: usize,
    ) -> Vec<(Span<CalendarDate>, usize)> {
        let to = to.min(self.tokens.len());
        if from >= to {
            return Vec::new();
        }
        let segment = self.segment(from, to);
        let found = dates_in(&segment, doc.order).into_iter();
        found.map(|span| (span.clone(), from + span.words.1)).collect()
    }

    fn segment(&self, from: usize, to: usize) -> Segment {
        let tokens = &self.tokens[from..to.min(self.tokens.len())];
        let words: Vec<Word> = tokens.iter().map(|token| token.word.clone()).collect();
        // The box is that of the words in the first row.
        let first = &tokens[0];
        let in_row = tokens.iter().filter(|token| token.row == first.row);
        let bounds = in_row.map(|token| token.word.bounds).reduce(Bounds::union);
        Segment {
            text: crate::spans::joined(&words),
            bounds: bounds.unwrap_or(first.word.bounds),
            words,
            page: first.page,
            row: first.row,
        }
    }
}
