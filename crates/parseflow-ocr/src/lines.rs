//! Where lines of text stand: the first model gives for every dot how likely it is text; groups of
//! likely dots become boxes.

use image::imageops::{FilterType, resize};
use rten_tensor::NdTensor;

use crate::boxes::{Slanted, blobs_of, smallest_box};
use crate::models::{LINES, Models, run};
use crate::{OcrError, Pixels};

/// Longest side of what the model sees, in pixels: on A4, letters of 6 points are 9 of them high.
const SIDE_MAX: u32 = 1_280;
/// Shortest side of what the model sees, unless the longest forbids it.
const SIDE_MIN: u32 = 640;
/// The model halves the picture five times.
const STEP: u32 = 32;
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
    let output = run(&models.finder, LINES, input_of(&seen))?;
    let (columns, rows) = (seen_width as usize, seen_height as usize);
    let likely = output.into_data();
    if likely.len() != columns * rows {
        let detail = "its output has another size".to_owned();
        return Err(OcrError::Run { what: LINES, detail });
    }
    let (x, y) = (width as f32 / seen_width as f32, height as f32 / seen_height as f32);
    let found = boxes_in(&likely, columns);
    Ok(found.into_iter().map(|found| found.scaled(x, y)).collect())
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
    fn the_model_sees_multiples_of_its_step_within_limits() {
        assert_eq!(seen_size(1_654, 2_339), (896, 1_280));
        assert_eq!(seen_size(463, 1_013), (576, 1_280));
        assert_eq!(seen_size(40_000, 10), (1_280, 32));
    }
}
