//! Where along a line nothing is printed: the model tells roughly where letters stand, the picture tells exactly where
//! the space between two words is.

use std::ops::Range;

use crate::Pixels;

/// Rows of a strip that are looked at, as shares of its height: rules above and below are none of the text.
const ROWS: Range<f32> = 0.15..0.85;
/// A column whose brightest and darkest dots differ by this share of what they differ by in print is printed on.
const PRINTED: f32 = 0.35;
/// Smaller differences than this, of 255, are the grain of the paper.
const GRAIN: u8 = 24;

/// Which columns of a strip are printed on.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Ink(Vec<bool>);

impl Ink {
    pub(crate) fn of(strip: &Pixels) -> Self {
        let row = |share: f32| (share * strip.height() as f32) as u32;
        let contrast = |x: u32| {
            let column =
                (row(ROWS.start)..row(ROWS.end)).map(|y| brightness(strip.get_pixel(x, y).0));
            let (low, high) =
                column.fold((u8::MAX, 0), |(low, high), dot| (dot.min(low), dot.max(high)));
            high.saturating_sub(low)
        };
        let contrasts: Vec<u8> = (0..strip.width()).map(contrast).collect();
        let mut sorted = contrasts.clone();
        sorted.sort_unstable();
        let in_print = sorted.get(sorted.len() * 9 / 10).copied().unwrap_or_default();
        let least = ((PRINTED * f32::from(in_print)) as u8).max(GRAIN);
        Self(contrasts.into_iter().map(|contrast| contrast > least).collect())
    }

    /// The widest gap between two places of the line; places are shares of its width, as `left` and `right` are.
    /// `None`: there is print everywhere, a rule for instance.
    pub(crate) fn gap(&self, left: f32, right: f32) -> Option<(f32, f32)> {
        let width = self.0.len() as f32;
        let column = |share: f32| (share.clamp(0.0, 1.0) * width) as usize;
        let (from, to) = (column(left), column(right));
        let mut widest = from..from;
        let mut begin = from;
        for at in from..=to.min(self.0.len()) {
            if at == to || self.0[at] {
                if at - begin > widest.len() {
                    widest = begin..at;
                }
                begin = at + 1;
            }
        }
        (!widest.is_empty()).then(|| (widest.start as f32 / width, widest.end as f32 / width))
    }
}

/// Between which heights of a strip, as shares of it, the small letters of its line stand: there is most print.
/// `None` without any.
pub(crate) fn band_of(strip: &Pixels) -> Option<Range<f32>> {
    /// The lines above and below may reach into a strip.
    const MIDDLE: Range<f32> = 0.2..0.8;
    /// A row belongs to the band when it has this part of the print of the fullest one.
    const PART: usize = 3;
    let mut counts = [0usize; 256];
    strip.pixels().for_each(|dot| counts[usize::from(brightness(dot.0))] += 1);
    let dots = strip.width() as usize * strip.height() as usize;
    let tone = |share: usize| {
        let mut below = 0;
        (0..=u8::MAX).find(|tone| {
            below += counts[usize::from(*tone)];
            below * share >= dots
        })
    };
    // A fiftieth of the dots is ink where there is print, most are paper.
    let (ink, paper) = (tone(50)?, tone(2)?);
    if paper.saturating_sub(ink) < GRAIN {
        return None;
    }
    let middle = ink + (paper - ink) / 2;
    let printed = |y: u32| {
        (0..strip.width()).filter(|x| brightness(strip.get_pixel(*x, y).0) < middle).count()
    };
    let rows: Vec<usize> = (0..strip.height()).map(printed).collect();
    let row = |share: f32| (share * rows.len() as f32) as usize;
    let fullest = (row(MIDDLE.start)..row(MIDDLE.end)).max_by_key(|row| rows[*row])?;
    let is_full = |count: &&usize| **count * PART >= rows[fullest];
    let above = rows[..fullest].iter().rev().take_while(is_full).count();
    let below = rows[fullest..].iter().take_while(is_full).count();
    let share = |row: usize| row as f32 / rows.len() as f32;
    Some(share(fullest - above)..share(fullest + below))
}

fn brightness([red, green, blue]: [u8; 3]) -> u8 {
    ((u16::from(red) + 2 * u16::from(green) + u16::from(blue)) / 4) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Black bars of a page on which the rest is as bright as `paper`.
    fn strip(bars: &[Range<u32>], paper: u8, ink: u8) -> Pixels {
        Pixels::from_fn(100, 48, |x, y| {
            let is_bar = bars.iter().any(|bar| bar.contains(&x)) && (10..36).contains(&y);
            image::Rgb([if is_bar { ink } else { paper }; 3])
        })
    }

    #[test]
    fn the_widest_gap_between_two_letters_is_found_on_any_paper() {
        let bars = [0..20, 24..40, 55..70, 72..100];
        for (paper, ink) in [(255, 0), (0, 255), (200, 150)] {
            let ink = Ink::of(&strip(&bars, paper, ink));
            assert_eq!(ink.gap(0.1, 0.9), Some((0.40, 0.55)));
            assert_eq!(ink.gap(0.0, 0.3), Some((0.20, 0.24)));
            assert_eq!(ink.gap(0.45, 0.5), Some((0.45, 0.5)));
            assert_eq!(ink.gap(0.25, 0.38), None);
            assert_eq!(ink.gap(0.9, 1.5), None);
        }
    }

    #[test]
    fn small_letters_stand_where_most_is_printed() {
        // Letters from 20 to 30, one of them up to 10; the next line begins at 44.
        let page = Pixels::from_fn(100, 48, |x, y| {
            let is_letter = x % 10 < 4 && (20..30).contains(&y) || x < 4 && (10..20).contains(&y);
            image::Rgb([if is_letter || x % 10 < 6 && y >= 44 { 20 } else { 240 }; 3])
        });
        assert_eq!(band_of(&page), Some(20.0 / 48.0..30.0 / 48.0));
        assert_eq!(band_of(&strip(&[], 250, 0)), None);
    }

    #[test]
    fn rules_through_a_line_leave_no_gap_and_empty_strips_are_all_gap() {
        let ruled = Pixels::from_fn(60, 48, |_, y| image::Rgb([if y == 24 { 0 } else { 255 }; 3]));
        assert_eq!(Ink::of(&ruled).gap(0.2, 0.8), None);
        assert_eq!(Ink::of(&strip(&[], 250, 0)).gap(0.2, 0.8), Some((0.2, 0.8)));
        assert_eq!(Ink::default().gap(0.2, 0.8), None);
    }
}
