//! Words to rows, rows to segments.

use parseflow_model::FieldSource;

use super::{Bounds, Page, Word};

/// Words of one row with only ordinary spaces between them: a table cell, a label, a sentence.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Segment {
    /// The words joined by single spaces.
    pub(crate) text: String,
    pub(crate) bounds: Bounds,
    pub(crate) words: Vec<Word>,
    pub(crate) page: u32,
    /// Index of the row in the document.
    pub(crate) row: usize,
}

/// What stands on one height of a page, from left to right.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Row {
    pub(crate) page: u32,
    pub(crate) bounds: Bounds,
    pub(crate) segments: Vec<Segment>,
}

impl Row {
    /// The whole row, segments separated by two spaces.
    pub(crate) fn text(&self) -> String {
        let texts: Vec<&str> = self.segments.iter().map(|segment| segment.text.as_str()).collect();
        texts.join("  ")
    }
}

/// Words closer than this share of the font size belong to one word.
const JOIN_GAP_EM: f64 = 0.08;
/// Print that is so much larger stands in a row of its own unless it ends at the same height.
const STAMP_RATIO: f64 = 1.6;
/// Words further apart than this share of the font size are in different segments.
const SEGMENT_GAP_EM: f64 = 0.85;

/// Wide print has wide spaces: so many of its own characters may be free within a segment.
const SEGMENT_GAP_CHARS: f64 = 1.45;

/// Words of a row that are looked at; no line of print is longer.
const ROW_WORDS_MAX: usize = 300;
/// Rows that are looked at: of longer documents the beginning and the end, where the facts stand.
const ROWS_MAX: usize = 6_000;

/// The rows of all pages, top to bottom.
pub(crate) fn rows_of(pages: &[Page]) -> Vec<Row> {
    let mut rows = Vec::new();
    for page in pages {
        for words in group_by_baseline(&page.words) {
            let words = join_spaced_letters(join_fragments(words));
            let words: Vec<Word> = words.into_iter().flat_map(split_label_from_value).collect();
            let words = words.into_iter().take(ROW_WORDS_MAX).collect();
            let segments = split_at_gaps(words, page.number, rows.len());
            let Some(bounds) = segments.iter().map(|s| s.bounds).reduce(Bounds::union) else {
                continue;
            };
            rows.push(Row { page: page.number, bounds, segments });
        }
    }
    if rows.len() > ROWS_MAX {
        rows.drain(ROWS_MAX * 2 / 3..rows.len() - ROWS_MAX / 3);
        for (index, row) in rows.iter_mut().enumerate() {
            row.segments.iter_mut().for_each(|segment| segment.row = index);
        }
    }
    rows
}

fn group_by_baseline(words: &[Word]) -> Vec<Vec<Word>> {
    let mut sorted: Vec<&Word> = words.iter().collect();
    sorted.sort_by(|a, b| a.bounds.y1.total_cmp(&b.bounds.y1));
    let mut groups: Vec<(f64, Vec<Word>)> = Vec::new();
    for word in sorted {
        let near = groups.iter_mut().rev().take(4).find(|(baseline, group)| {
            let other = group.first().map_or(word.size, |first| first.size);
            // In pictures, a stamp across a line is no part of it.
            let is_stamp = word.source == FieldSource::Ocr
                && other.max(word.size) > STAMP_RATIO * other.min(word.size);
            let share = if is_stamp { 0.2 } else { 0.38 };
            (word.bounds.y1 - *baseline).abs() <= share * other.min(word.size).max(3.0)
        });
        match near {
            Some((_, group)) => group.push(word.clone()),
            None => groups.push((word.bounds.y1, vec![word.clone()])),
        }
    }
    groups
        .into_iter()
        .map(|(_, mut group)| {
            group.sort_by(|a, b| a.bounds.x0.total_cmp(&b.bounds.x0));
            group
        })
        .collect()
}

/// Joins pieces that touch, and drops the second copy of text printed twice to look bold.
fn join_fragments(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let Some(last) = joined.last_mut() else {
            joined.push(word);
            continue;
        };
        let gap = word.bounds.x0 - last.bounds.x1;
        let size = last.size.max(word.size);
        let same_place = (word.bounds.x0 - last.bounds.x0).abs() < 0.15 * size;
        if same_place && word.text == last.text {
            continue;
        }
        // In a picture words are told apart by the spaces that were read, not by places that were guessed.
        if gap.abs() < JOIN_GAP_EM * size && word.source != FieldSource::Ocr {
            last.text.push_str(&word.text);
            last.bounds = last.bounds.union(word.bounds);
        } else {
            joined.push(word);
        }
    }
    joined
}

/// `R E C H N U N G` is one word: at least four single letters with even gaps.
fn join_spaced_letters(words: Vec<Word>) -> Vec<Word> {
    let is_letter = |word: &Word| {
        let mut chars = word.text.chars();
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    };
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut rest = words.as_slice();
    while let Some(first) = rest.first() {
        let mut run = 1;
        while is_letter(first)
            && run < rest.len()
            && is_letter(&rest[run])
            && rest[run].bounds.x0 - rest[run - 1].bounds.x1 < first.size
        {
            run += 1;
        }
        if run >= 4 {
            let mut whole = first.clone();
            for letter in &rest[1..run] {
                whole.text.push_str(&letter.text);
                whole.bounds = whole.bounds.union(letter.bounds);
            }
            out.push(whole);
        } else {
            run = 1;
            out.push(first.clone());
        }
        rest = &rest[run..];
    }
    out
}

/// `Nr.:4711`, `Date:01.02.2026` and `n°562` are a label and a value printed without a space.
fn split_label_from_value(word: Word) -> Vec<Word> {
    let at = colon_between(&word.text)
        .or_else(|| number_sign(&word.text))
        .or_else(|| percent_before_number(&word.text));
    let Some(at) = at else { return vec![word] };
    let (left, right) = word.text.split_at(at);
    let share = left.chars().count() as f64 / word.text.chars().count().max(1) as f64;
    let middle = word.bounds.x0 + share * (word.bounds.x1 - word.bounds.x0);
    let part = |text: &str, x0: f64, x1: f64| Word {
        text: text.to_owned(),
        bounds: Bounds { x0, x1, ..word.bounds },
        ..word.clone()
    };
    vec![part(left, word.bounds.x0, middle), part(right, middle, word.bounds.x1)]
}

/// The place after a colon between letters and a value; not of a web address or a time.
fn colon_between(text: &str) -> Option<usize> {
    let (left, right) = text.split_once(':')?;
    let letters = left.chars().filter(|c| c.is_alphabetic()).count();
    let is_label =
        letters >= 2 && !left.chars().any(|c| c.is_ascii_digit() || matches!(c, '/' | '@'));
    let scheme =
        matches!(left, "http" | "https" | "mailto" | "urn" | "ftp") || right.starts_with("//");
    (is_label && !scheme && !right.is_empty()).then_some(left.len() + 1)
}

/// The place after `n°`, `No.` or `Nr.` in front of a digit.
fn number_sign(text: &str) -> Option<usize> {
    const SIGNS: [&str; 8] = ["n°", "N°", "nº", "Nº", "No.", "Nr.", "nr.", "№"];
    let sign = SIGNS.iter().find(|sign| text.starts_with(**sign))?;
    text[sign.len()..].starts_with(|c: char| c.is_ascii_digit()).then_some(sign.len())
}

/// The place after the sign in `19%1.234,56`: two columns that touch.
fn percent_before_number(text: &str) -> Option<usize> {
    let (left, right) = text.split_once('%')?;
    let is_rate = !left.is_empty()
        && left.len() <= 5
        && left.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    let is_number = right.starts_with(|c: char| c.is_ascii_digit()) && right.len() >= 4;
    (is_rate && is_number).then_some(left.len() + 1)
}

/// The narrower of the mean widths of a character in a segment's last word and the next word.
fn char_width(last: &Segment, next: &Word) -> f64 {
    let width =
        |word: &Word| (word.bounds.x1 - word.bounds.x0) / word.text.chars().count().max(1) as f64;
    last.words.last().map_or(0.0, width).min(width(next))
}

fn split_at_gaps(words: Vec<Word>, page: u32, row: usize) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for word in words {
        match segments.last_mut() {
            Some(last)
                if word.bounds.x0 - last.bounds.x1
                    <= (SEGMENT_GAP_EM * word.size)
                        .max(SEGMENT_GAP_CHARS * char_width(last, &word)) =>
            {
                last.text.push(' ');
                last.text.push_str(&word.text);
                last.bounds = last.bounds.union(word.bounds);
                last.words.push(word);
            }
            _ => segments.push(Segment {
                text: word.text.clone(),
                bounds: word.bounds,
                words: vec![word],
                page,
                row,
            }),
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts of a row of words, each a point after the one before.
    fn texts(source: FieldSource, words: &[(&str, f64)]) -> Vec<String> {
        let mut x0 = 0.0;
        let word = |(text, width): &(&str, f64)| {
            let bounds = Bounds { x0, y0: 0.0, x1: x0 + width, y1: 12.0 };
            x0 += width + 0.5;
            Word { text: (*text).to_owned(), bounds, size: 12.0, confidence: 0.9, source }
        };
        let words = words.iter().map(word).collect();
        let page = Page { number: 1, width: 600.0, height: 800.0, words, has_geometry: true };
        let rows = rows_of(&[page]);
        assert_eq!(rows.len(), 1);
        let words = rows[0].segments.iter().flat_map(|segment| &segment.words);
        words.map(|word| word.text.clone()).collect()
    }

    #[test]
    fn pieces_that_touch_are_one_word_in_print_and_several_in_pictures() {
        let words = [("29/12/2026", 55.0), ("11:41", 26.0)];
        assert_eq!(texts(FieldSource::Text, &words), ["29/12/202611:41"]);
        assert_eq!(texts(FieldSource::Ocr, &words), ["29/12/2026", "11:41"]);
    }
}
