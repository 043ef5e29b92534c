//! Where lines of text stand: the first model gives for every dot how likely it is text; groups of
//! likely dots become boxes.

use image::imageops::{FilterType, crop_imm, resize};
use rten_tensor::NdTensor;

use crate::boxes::{Slanted, blobs_of, smallest_box};
use crate::models::{LINES, Models};
use crate::{OcrError, Pixels};

/// Longest side of what the model sees, in pixels: on A4, letters of 6 points are 9 of them high.
const SIDE_MAX: u32 = 1_280;
/// Shortest side of what the model sees, unless the longest forbids it.
const SIDE_MIN: u32 = 640;
/// The model halves the picture five times.
const STEP: u32 = 32;
/// Paper differs by no more than this from its usual tone, of 255.
const PAPER_RANGE: u8 = 24;
/// Paper that the model sees around what is printed, in pixels.
const MARGIN: u32 = 24;
/// A dot that is at least this likely is text.
const DOT_MIN: f32 = 0.3;
/// A box whose dots are on average at least this likely is a line.
const BOX_MIN: f32 = 0.5;
/// The model draws lines thinner than they are, by this share of area over circumference.
const UNCLIP: f32 = 1.6;
/// Boxes on one page, at most.
const LINES_MAX: usize = 2_000;

/// The lines of a page as boxes on it, in no order.
pub(crate) fn lines_of(models: &Models, page: &Pixels) -> Result<Vec<Slanted>, OcrError> {
    let (width, height) = page.dimensions();
    let (seen_width, seen_height) = seen_size(width, height);
    let seen = resize(page, seen_width, seen_height, FilterType::Triangle);
    let Some(part) = printed_part(&seen) else { return Ok(Vec::new()) };
    let seen = crop_imm(&seen, part.left, part.top, part.width, part.height).to_image();
    let likely = models.finder.look_at(input_of(&seen))?;
    let (columns, rows) = (part.width as usize, part.height as usize);
    if likely.len() != columns * rows {
        let detail = "its output has another size".to_owned();
        return Err(OcrError::Run { what: LINES, detail });
    }
    let (x, y) = (width as f32 / seen_width as f32, height as f32 / seen_height as f32);
    let found = boxes_in(&likely, columns);
    let (left, top) = (part.left as f32, part.top as f32);
    let whole = |found: Slanted| Slanted { x: found.x + left, y: found.y + top, ..found };
    Ok(found.into_iter().map(|found| whole(found).scaled(x, y)).collect())
}

/// A part of what the model could see, in pixels; its sides are multiples of [`STEP`].
#[derive(Clone, Copy, PartialEq, Debug)]
struct Part {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

/// The part outside of which there is nothing but paper: margins cost as much time as text. `None` for blank paper.
fn printed_part(seen: &Pixels) -> Option<Part> {
    let lightness = |pixel: &image::Rgb<u8>| {
        let [red, green, blue] = pixel.0.map(u32::from);
        ((red * 77 + green * 150 + blue * 29) >> 8) as u8
    };
    let mut counts = [0usize; 256];
    seen.pixels().for_each(|pixel| counts[usize::from(lightness(pixel))] += 1);
    let paper = (0..=255u8).max_by_key(|tone| counts[usize::from(*tone)])?;
    let printed = seen
        .enumerate_pixels()
        .filter(|(_, _, pixel)| lightness(pixel).abs_diff(paper) > PAPER_RANGE)
        .map(|(x, y, _)| (x, y));
    let around = printed.fold(None, |around: Option<[u32; 4]>, (x, y)| {
        let [left, top, right, bottom] = around.unwrap_or([x, y, x, y]);
        Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
    });
    let [left, top, right, bottom] = around?;
    let side = |from: u32, to: u32, whole: u32| {
        let from = from.saturating_sub(MARGIN);
        let length = (to + 1 + MARGIN).min(whole) - from;
        let length = length.next_multiple_of(STEP).min(whole);
        (from.min(whole - length), length)
    };
    let ((left, width), (top, height)) =
        (side(left, right, seen.width()), side(top, bottom, seen.height()));
    Some(Part { left, top, width, height })
}

fn seen_size(width: u32, height: u32) -> (u32, u32) {
    let (longest, shortest) = (width.max(height) as f32, width.min(height).max(1) as f32);
    let wanted = (SIDE_MIN as f32 / shortest).max(1.0);
    let scale = wanted.min(SIDE_MAX as f32 / longest);
    let side = |side: u32| ((side as f32 * scale / STEP as f32).round() as u32).max(1) * STEP;
    (side(width), side(height))
}

/// Blue, green, red in planes, -1 to 1.
pub(crate) fn input_of(picture: &Pixels) -> NdTensor<f32, 4> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut planes = vec![0.0; 3 * width * height];
    let (blue, rest) = planes.split_at_mut(width * height);
    let (green, red) = rest.split_at_mut(width * height);
    for (at, pixel) in picture.pixels().enumerate() {
        let [r, g, b] = pixel.0.map(|value| f32::from(value) / 127.5 - 1.0);
        (blue[at], green[at], red[at]) = (b, g, r);
    }
    NdTensor::from_data([1, 3, height, width], planes)
}

fn boxes_in(likely: &[f32], columns: usize) -> Vec<Slanted> {
    let rows = likely.len() / columns;
    let mut map: Vec<bool> = likely.iter().map(|value| *value > DOT_MIN).collect();
    // Letters of one line that nearly touch belong together: each dot grows by one to the right and
    // one down.
    for y in (0..rows).rev() {
        for x in (0..columns).rev() {
            let at = y * columns + x;
            let left = x > 0 && map[at - 1];
            let above = y > 0 && map[at - columns];
            let corner = x > 0 && y > 0 && map[at - columns - 1];
            map[at] |= left || above || corner;
        }
    }
    let mut found = Vec::new();
    for blob in blobs_of(&map, columns) {
        let Some(tight) = smallest_box(&blob.edge) else { continue };
        if tight.width.min(tight.height) < 3.0 || mean_within(likely, columns, &tight) < BOX_MIN {
            continue;
        }
        let distance =
            tight.width * tight.height * UNCLIP / (2.0 * (tight.width + tight.height)).max(1.0);
        let grown = tight.grown(distance);
        if grown.width.min(grown.height) >= 5.0 {
            found.push(grown);
        }
    }
    if found.len() > LINES_MAX {
        found.sort_by(|a, b| b.length().total_cmp(&a.length()));
        found.truncate(LINES_MAX);
    }
    found
}

/// Mean likelihood of the dots within a box.
fn mean_within(likely: &[f32], columns: usize, within: &Slanted) -> f32 {
    let rows = likely.len() / columns;
    let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(a, b)| within.point(a, b));
    let range = |values: [f32; 4], end: usize| {
        let low = values.into_iter().fold(f32::MAX, f32::min).floor().max(0.0) as usize;
        let high = values.into_iter().fold(f32::MIN, f32::max).ceil().max(0.0) as usize;
        low.min(end)..high.min(end)
    };
    let (ux, uy) = within.along;
    let (mut sum, mut count) = (0.0f64, 0u32);
    for y in range(corners.map(|corner| corner.1), rows) {
        for x in range(corners.map(|corner| corner.0), columns) {
            let (dx, dy) = (x as f32 + 0.5 - within.x, y as f32 + 0.5 - within.y);
            let (a, b) = (dx * ux + dy * uy, dy * ux - dx * uy);
            if a.abs() <= within.width / 2.0 && b.abs() <= within.height / 2.0 {
                sum += f64::from(likely[y * columns + x]);
                count += 1;
            }
        }
    }
    (sum / f64::from(count.max(1))) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likely_dots_become_a_box_as_large_as_the_text() {
        let columns = 100;
        let mut likely = vec![0.0; columns * 40];
        for y in 15..23 {
            for x in 20..80 {
                likely[y * columns + x] = 0.9;
            }
        }
        // A speck, and a smear that is not likely enough.
        likely[5] = 0.9;
        likely[36 * columns..36 * columns + 50].fill(0.31);
        let found = boxes_in(&likely, columns);
        assert_eq!(found.len(), 1);
        let line = found[0];
        assert!((line.x - 50.5).abs() < 1.0 && (line.y - 19.5).abs() < 1.0, "{line:?}");
        assert!(line.width > 70.0 && line.height > 18.0 && line.height < 22.0, "{line:?}");
        assert_eq!(line.angle(), 0.0);
    }

    #[test]
    fn margins_of_paper_are_not_looked_at() {
        let grey = |tone: u8| image::Rgb([tone; 3]);
        let mut page = Pixels::from_pixel(640, 960, grey(240));
        assert_eq!(printed_part(&page), None);
        // The grain of the paper is no print; faint letters are.
        page.put_pixel(5, 5, grey(225));
        page.put_pixel(100, 300, grey(200));
        page.put_pixel(299, 399, grey(20));
        let part = Part { left: 76, top: 276, width: 256, height: 160 };
        assert_eq!(printed_part(&page), Some(part));
        // As far as the edge of the page, and never beyond it.
        page.put_pixel(639, 959, grey(20));
        let part = Part { left: 64, top: 256, width: 576, height: 704 };
        assert_eq!(printed_part(&page), Some(part));
    }

    #[test]
    fn the_model_sees_multiples_of_its_step_within_limits() {
        assert_eq!(seen_size(1_654, 2_339), (896, 1_280));
        assert_eq!(seen_size(463, 1_013), (576, 1_280));
        assert_eq!(seen_size(40_000, 10), (1_280, 32));
    }
}
