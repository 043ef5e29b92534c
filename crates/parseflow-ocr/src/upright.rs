//! How a page is turned, told by its lines and by what they say.

use crate::boxes::Slanted;
use crate::models::Models;
use crate::recognise::{LineRead, read_lines};
use crate::{OcrError, Pixels};

/// Lines that are tried to tell the head from the feet.
const TRIED: usize = 4;
/// Above this mean confidence a line was surely read the right way up.
const SURE: f32 = 0.93;
/// A line that is so much longer than high tells the direction of writing.
const TELLING: f32 = 1.6;

/// Whether most of the text runs up or down the page.
pub(crate) fn is_sideways(lines: &[Slanted]) -> bool {
    let (mut level, mut steep) = (0.0, 0.0);
    for line in lines {
        if line.width > TELLING * line.height {
            level += line.width;
        } else if line.height > TELLING * line.width {
            steep += line.height;
        }
    }
    steep > level
}

/// What trying the page both ways has told.
pub(crate) struct Tried {
    /// Whether the page stands on its head.
    pub(crate) is_on_its_head: bool,
    /// What was read the way the page lies, by the index of the line.
    pub(crate) read: Vec<(usize, LineRead)>,
}

/// Whether the page stands on its head: some lines are read both ways, and the surer way is right.
pub(crate) fn tried(models: &Models, page: &Pixels, lines: &[Slanted]) -> Result<Tried, OcrError> {
    let chosen = telling(lines);
    let places: Vec<Slanted> = chosen.iter().map(|at| lines[*at]).collect();
    let read = |turned| -> Result<Vec<(usize, LineRead)>, OcrError> {
        let read = read_lines(models, page, &places, turned)?;
        Ok(chosen.iter().copied().zip(read).collect())
    };
    let mean = |read: &[(usize, LineRead)]| {
        read.iter().map(|(_, line)| line.confidence()).sum::<f32>() / read.len().max(1) as f32
    };
    let straight = read(false)?;
    let sure = mean(&straight);
    let is_on_its_head = sure < SURE && mean(&read(true)?) > sure + 0.02;
    Ok(Tried { is_on_its_head, read: straight })
}

/// The lines of middle length, by their indices: long enough to tell, short enough to be quick.
fn telling(lines: &[Slanted]) -> Vec<usize> {
    let ratio = |at: &usize| lines[*at].width / lines[*at].height.max(1.0);
    let mut sorted: Vec<usize> = (0..lines.len()).filter(|at| ratio(at) > 3.0).collect();
    if sorted.is_empty() {
        sorted = (0..lines.len()).collect();
    }
    sorted.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    let from = (sorted.len() / 2).saturating_sub(TRIED / 2);
    sorted.into_iter().skip(from).take(TRIED).collect()
}

/// The slant of the page in radians, clockwise: the middle of the slants of its lines, long ones
/// counting more.
pub(crate) fn slant_of(lines: &[LineRead]) -> f32 {
    let mut slants: Vec<(f32, f32)> = lines
        .iter()
        .map(|line| line.place)
        .filter(|place| place.width > 4.0 * place.height)
        .map(|place| (place.angle(), place.width))
        .collect();
    slants.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = slants.iter().map(|(_, weight)| weight).sum::<f32>() / 2.0;
    let mut sum = 0.0;
    for (angle, weight) in slants {
        sum += weight;
        if sum >= half {
            return angle;
        }
    }
    0.0
}
