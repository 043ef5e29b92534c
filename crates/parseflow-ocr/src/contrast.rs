//! Faint and unevenly lit pages, made plain.

use crate::Pixels;

/// Side of the squares whose lightest tone is the paper's, in shares of the page's shorter side.
const SQUARES: u32 = 24;
/// Paper whose lightness differs by more than this over the page is unevenly lit, of 255.
const UNEVEN: u8 = 40;
/// Between paper and ink there should be at least this difference, of 255.
const PLAIN: u8 = 150;
/// With less than this there is nothing but the grain of the paper.
const EMPTY: u8 = 20;

/// The page with dark ink on light paper; one that is plain already is left as it is.
pub(crate) fn plain(page: Pixels) -> Pixels {
    let page = evened(page);
    let (dark, light) = range_of(&page);
    if light - dark >= PLAIN || light - dark < EMPTY {
        return page;
    }
    let (low, span) = (f32::from(dark), f32::from(light - dark));
    let table: Vec<u8> = (0..=255u8)
        .map(|tone| ((f32::from(tone) - low) / span * 255.0).clamp(0.0, 255.0) as u8)
        .collect();
    mapped(page, |_, _, tone| table[usize::from(tone)])
}

fn mapped(mut page: Pixels, new: impl Fn(u32, u32, u8) -> u8) -> Pixels {
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        pixel.0 = pixel.0.map(|tone| new(x, y, tone));
    }
    page
}

fn lightness(pixel: &image::Rgb<u8>) -> u8 {
    let [red, green, blue] = pixel.0.map(u32::from);
    ((red * 77 + green * 150 + blue * 29) >> 8) as u8
}

/// The tones of ink and paper: one pixel of two hundred is darker, one of a hundred lighter.
fn range_of(page: &Pixels) -> (u8, u8) {
    let mut counts = [0u64; 256];
    for pixel in page.pixels() {
        counts[usize::from(lightness(pixel))] += 1;
    }
    let total: u64 = counts.iter().sum();
    (share_of(&counts, total / 200), share_of(&counts, total * 99 / 100))
}

/// The tone below which `below` pixels are.
fn share_of(counts: &[u64; 256], below: u64) -> u8 {
    let mut sum = 0;
    let tone = counts.iter().position(|count| {
        sum += count;
        sum > below
    });
    tone.unwrap_or(255) as u8
}

/// Divides by the lightness of the paper where that differs over the page: shadows of photographs.
fn evened(page: Pixels) -> Pixels {
    let (width, height) = page.dimensions();
    let side = (width.min(height) / SQUARES).max(8);
    let (columns, rows) = (width.div_ceil(side), height.div_ceil(side));
    let paper: Vec<u8> = (0..columns * rows)
        .map(|square| paper_of(&page, square % columns * side, square / columns * side, side))
        .collect();
    let mut sorted = paper.clone();
    sorted.sort_unstable();
    let at = |share: usize| sorted[(sorted.len() - 1) * share / 100];
    // Dark squares without any paper are frames and pictures, not shadows.
    if at(90) - at(10) < UNEVEN || at(10) < 40 {
        return page;
    }
    let smooth = smoothed(&paper, columns, rows);
    let tone_at = |x: u32, y: u32| {
        let place = |at: u32, count: u32| {
            let at = ((at as f32 + 0.5) / side as f32 - 0.5).clamp(0.0, (count - 1) as f32);
            (at as u32, (at as u32 + 1).min(count - 1), at.fract())
        };
        let ((x0, x1, fx), (y0, y1, fy)) = (place(x, columns), place(y, rows));
        let of = |x: u32, y: u32| smooth[(y * columns + x) as usize];
        let above = of(x0, y0) + (of(x1, y0) - of(x0, y0)) * fx;
        let below = of(x0, y1) + (of(x1, y1) - of(x0, y1)) * fx;
        (above + (below - above) * fy).max(1.0)
    };
    mapped(page, |x, y, tone| (f32::from(tone) * 245.0 / tone_at(x, y)).min(255.0) as u8)
}

/// The tone that one pixel of ten in a square is lighter than.
fn paper_of(page: &Pixels, left: u32, top: u32, side: u32) -> u8 {
    let mut counts = [0u64; 256];
    for y in top..(top + side).min(page.height()) {
        for x in left..(left + side).min(page.width()) {
            counts[usize::from(lightness(page.get_pixel(x, y)))] += 1;
        }
    }
    let total: u64 = counts.iter().sum();
    share_of(&counts, total * 9 / 10)
}

/// Each square as light as the lightest around it, then their mean.
fn smoothed(paper: &[u8], columns: u32, rows: u32) -> Vec<f32> {
    let around = |values: &[f32], join: fn(f32, f32) -> f32, start: f32| -> Vec<(f32, f32)> {
        (0..columns * rows)
            .map(|square| {
                let (x, y) = (square % columns, square / columns);
                let (mut all, mut count) = (start, 0.0);
                for ny in y.saturating_sub(1)..=(y + 1).min(rows - 1) {
                    for nx in x.saturating_sub(1)..=(x + 1).min(columns - 1) {
                        all = join(all, values[(ny * columns + nx) as usize]);
                        count += 1.0;
                    }
                }
                (all, count)
            })
            .collect()
    };
    let tones: Vec<f32> = paper.iter().map(|tone| f32::from(*tone)).collect();
    let lightest: Vec<f32> =
        around(&tones, f32::max, 0.0).into_iter().map(|(tone, _)| tone).collect();
    around(&lightest, |a, b| a + b, 0.0).into_iter().map(|(sum, count)| sum / count).collect()
}
