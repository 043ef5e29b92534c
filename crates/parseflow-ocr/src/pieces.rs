//! Lines that are longer than the model can look at, cut between words.

use crate::Pixels;
use crate::boxes::Slanted;
use crate::crop::{WIDTH_MAX, strip_of, whole_width};
use crate::ink::Ink;

/// Width of a piece in pixels of its strip, about.
const PIECE: f32 = 2_000.0;
/// A cut is looked for within this share of a piece on both sides of where pieces are of one length.
const NEAR: f32 = 0.15;

/// The line itself, unless its strip would have to be squeezed: then letters run together, and its pieces are given.
pub(crate) fn pieces_of(page: &Pixels, line: Slanted) -> Vec<Slanted> {
    let width = whole_width(&line);
    if width <= WIDTH_MAX {
        return vec![line];
    }
    let ink = Ink::of(&strip_of(page, &line, false));
    let count = (width / PIECE).ceil();
    let cut = |number: u32| {
        let (at, near) = (number as f32 / count, NEAR / count);
        ink.gap(at - near, at + near).map(|(from, to)| (from + to) / 2.0)
    };
    let cuts = (1..count as u32).filter_map(cut).chain([1.0]);
    let mut from = 0.0;
    let piece = |to: f32| {
        let (x, y) = line.point((from + to) / 2.0, 0.5);
        let piece = Slanted { x, y, width: (to - from) * line.width, ..line };
        from = to;
        piece
    };
    cuts.map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_too_long_is_cut_and_never_through_a_word() {
        // Words of 90 dots between gaps of 10.
        let page = Pixels::from_fn(3_000, 60, |x, y| {
            image::Rgb([if x % 100 < 90 && (20..40).contains(&y) { 0 } else { 255 }; 3])
        });
        let along = (1.0, 0.0);
        let short = Slanted { x: 1_000.0, y: 30.0, along, width: 2_000.0, height: 40.0 };
        assert_eq!(pieces_of(&page, short), [short]);
        let long = Slanted { x: 1_500.0, y: 30.0, along, width: 3_000.0, height: 40.0 };
        let pieces = pieces_of(&page, long);
        assert_eq!(pieces.len(), 2);
        let [first, second] = pieces[..] else { unreachable!() };
        assert!((first.width + second.width - 3_000.0).abs() < 0.1, "{pieces:?}");
        let cut = first.x + first.width / 2.0;
        assert!((second.x - second.width / 2.0 - cut).abs() < 0.1, "{pieces:?}");
        assert!((90.0..100.0).contains(&(cut % 100.0)), "{cut}");
        // A rule has no gap: it stays whole.
        let rule =
            Pixels::from_fn(3_000, 60, |_, y| image::Rgb([if y == 30 { 0 } else { 255 }; 3]));
        assert_eq!(pieces_of(&rule, long), [long]);
    }
}
