//! Characters to words.

use parseflow_model::FieldSource;

use super::Glyph;
use crate::layout::{Bounds, Page, Word};

/// A gap wider than this share of the font size ends a word.
const WORD_GAP_EM: f64 = 0.17;
/// Characters this far above or below the baseline belong to another word.
const BASELINE_EM: f64 = 0.15;
/// How far a letter reaches above and below the baseline.
const ASCENT_EM: f64 = 0.76;
const DESCENT_EM: f64 = 0.22;

/// The page as read in the direction most of its text runs in.
pub(super) fn page_of(number: u32, width: f64, height: f64, glyphs: Vec<Glyph>) -> Page {
    let mut quarters = [0usize; 4];
    for glyph in &glyphs {
        quarters[quarter_of(glyph)] += 1;
    }
    let main = (0..4).max_by_key(|&q| (quarters[q], usize::from(q == 0))).unwrap_or(0);
    let upright = glyphs.into_iter().filter(|glyph| quarter_of(glyph) == main);
    let upright: Vec<Glyph> = upright.map(|glyph| turned(glyph, main, width, height)).collect();
    let (width, height) = if main % 2 == 0 { (width, height) } else { (height, width) };
    Page { number, width, height, words: words_of(&upright), has_geometry: true }
}

/// Quarter turns of the writing direction: 0 to the right, 1 down, 2 to the left, 3 up.
fn quarter_of(glyph: &Glyph) -> usize {
    let (dx, dy) = (glyph.end.0 - glyph.origin.0, glyph.end.1 - glyph.origin.1);
    match (dx.abs() >= dy.abs(), dx >= 0.0, dy >= 0.0) {
        (true, true, _) => 0,
        (false, _, true) => 1,
        (true, false, _) => 2,
        (false, _, false) => 3,
    }
}

fn turned(mut glyph: Glyph, quarters: usize, width: f64, height: f64) -> Glyph {
    let turn = |(x, y): (f64, f64)| match quarters {
        0 => (x, y),
        1 => (y, width - x),
        2 => (width - x, height - y),
        _ => (height - y, x),
    };
    glyph.origin = turn(glyph.origin);
    glyph.end = turn(glyph.end);
    glyph
}

fn words_of(glyphs: &[Glyph]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    // Where the word being built would go on: end of its last character, and its baseline.
    let mut open: Option<(f64, f64)> = None;
    for glyph in glyphs {
        if glyph.text.trim().is_empty() {
            open = None;
            continue;
        }
        let size = glyph.size.max(0.1);
        let bounds = Bounds {
            x0: glyph.origin.0.min(glyph.end.0),
            y0: glyph.origin.1 - ASCENT_EM * size,
            x1: glyph.origin.0.max(glyph.end.0),
            y1: glyph.origin.1 + DESCENT_EM * size,
        };
        let goes_on = open.is_some_and(|(end, baseline)| {
            let gap = glyph.origin.0 - end;
            gap < WORD_GAP_EM * size
                && gap > -0.5 * size
                && (glyph.origin.1 - baseline).abs() < BASELINE_EM * size
        });
        match words.last_mut() {
            Some(word) if goes_on => {
                word.text.push_str(glyph.text.trim());
                word.bounds = word.bounds.union(bounds);
            }
            _ => words.push(Word {
                text: glyph.text.trim().to_owned(),
                bounds,
                size,
                confidence: 1.0,
                source: FieldSource::Text,
            }),
        }
        open = if glyph.text.ends_with(' ') { None } else { Some((glyph.end.0, glyph.origin.1)) };
    }
    words
}
