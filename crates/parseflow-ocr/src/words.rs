//! Lines cut into words, on a page that is set straight.

use crate::page::WordRead;
use crate::recognise::{Letter, LineRead};

/// A line of letters that are less sure than this on average is no text.
const LINE_MIN: f32 = 0.5;
/// How much of a line's height its letters take, the rest is room above and below.
const TEXT_SHARE: f32 = 0.8;

/// Turns points of the page so that lines of this slant become level.
#[derive(Clone, Copy)]
pub(crate) struct Straightener {
    pub(crate) centre: (f32, f32),
    /// In radians, clockwise.
    pub(crate) slant: f32,
}

impl Straightener {
    fn straight(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let (sin, cos) = (-self.slant).sin_cos();
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        (self.centre.0 + dx * cos - dy * sin, self.centre.1 + dx * sin + dy * cos)
    }
}

/// The words of a line.
pub(crate) fn words_of(line: &LineRead, straightener: Straightener) -> Vec<WordRead> {
    if line.confidence() < LINE_MIN {
        return Vec::new();
    }
    // Half the width of a letter, as a share of the line.
    let half = 0.5 / line.letters.len().max(1) as f32;
    let groups = line.letters.split(|letter| letter.text.trim().is_empty());
    let groups: Vec<&[Letter]> = groups.filter(|group| !group.is_empty()).collect();
    let mut words = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let before = index.checked_sub(1).and_then(|before| groups[before].last());
        let after = groups.get(index + 1).and_then(|group| group.first());
        let from = before.map_or(first.at - half, |before| edges(line, before, first, half).1);
        let to = after.map_or(last.at + half, |after| edges(line, last, after, half).0);
        let (from, to) = (from.max(0.0), to.min(1.0));
        words.push(word(line, group, from, to, straightener));
    }
    words
}

/// Where the last letter of a word ends and the first of the next begins. `half` is half the width of a letter.
fn edges(line: &LineRead, last: &Letter, next: &Letter, half: f32) -> (f32, f32) {
    // A letter is taken for a little further right or left than it is.
    if let Some(gap) = line.ink.gap(last.at - half, next.at + half) {
        return gap;
    }
    // Never beyond the middle between both.
    let middle = (last.at + next.at) / 2.0;
    ((last.at + half).min(middle), (next.at - half).max(middle))
}

fn word(
    line: &LineRead,
    letters: &[Letter],
    from: f32,
    to: f32,
    straightener: Straightener,
) -> WordRead {
    let margin = (1.0 - TEXT_SHARE) / 2.0;
    let corners = [(from, margin), (to, margin), (from, 1.0 - margin), (to, 1.0 - margin)]
        .map(|(right, down)| straightener.straight(line.place.point(right, down)));
    let low = |pick: fn(&(f32, f32)) -> f32| corners.iter().map(pick).fold(f32::MAX, f32::min);
    let high = |pick: fn(&(f32, f32)) -> f32| corners.iter().map(pick).fold(f32::MIN, f32::max);
    WordRead {
        text: letters.iter().map(|letter| &*letter.text).collect(),
        x0: low(|corner| corner.0),
        y0: low(|corner| corner.1),
        x1: high(|corner| corner.0),
        y1: high(|corner| corner.1),
        // All letters have to be right.
        confidence: letters.iter().map(|letter| letter.confidence).product(),
    }
}
