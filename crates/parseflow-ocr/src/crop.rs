//! A slanted box of the page → an upright strip.

use crate::Pixels;
use crate::boxes::Slanted;

/// Height of a strip in pixels: what the model was trained on.
pub(crate) const HEIGHT: u32 = 48;
/// Widest strip in pixels; longer lines are cut, and squeezed where they cannot be.
pub(crate) const WIDTH_MAX: f32 = 3_200.0;

/// Width that the strip of a line would have if none were too wide, in pixels.
pub(crate) fn whole_width(line: &Slanted) -> f32 {
    line.width * HEIGHT as f32 / line.height.max(1.0)
}

/// Width of the strip of a line in pixels.
pub(crate) fn strip_width(line: &Slanted) -> u32 {
    whole_width(line).ceil().clamp(16.0, WIDTH_MAX) as u32
}

/// The strip of a line, or of a line that stands on its head.
pub(crate) fn strip_of(page: &Pixels, line: &Slanted, is_on_its_head: bool) -> Pixels {
    let width = strip_width(line);
    // Large letters: several dots of the page become one.
    let scale = (line.height / HEIGHT as f32).max(line.width / width as f32);
    let samples = (scale / 1.3).ceil().clamp(1.0, 4.0) as u32;
    let step = 1.0 / samples as f32;
    Pixels::from_fn(width, HEIGHT, |x, y| {
        let mut sum = [0.0f32; 3];
        for sub in 0..samples * samples {
            let (sx, sy) = ((sub % samples) as f32, (sub / samples) as f32);
            let mut right = (x as f32 + (sx + 0.5) * step) / width as f32;
            let mut down = (y as f32 + (sy + 0.5) * step) / HEIGHT as f32;
            if is_on_its_head {
                (right, down) = (1.0 - right, 1.0 - down);
            }
            let (px, py) = line.point(right, down);
            let dot = between(page, px - 0.5, py - 0.5);
            sum = [sum[0] + dot[0], sum[1] + dot[1], sum[2] + dot[2]];
        }
        image::Rgb(sum.map(|value| (value * step * step + 0.5) as u8))
    })
}

/// The colour between four pixels, red, green and blue from 0 to 255; the edge of the page goes on
/// outwards. `x` and `y` are in pixels, whole at the middle of one. The page has at least one pixel.
pub fn between(page: &Pixels, x: f32, y: f32) -> [f32; 3] {
    let (last_x, last_y) = ((page.width() - 1) as f32, (page.height() - 1) as f32);
    let (x, y) = (x.clamp(0.0, last_x), y.clamp(0.0, last_y));
    let (x0, y0) = (x.floor(), y.floor());
    let (fx, fy) = (x - x0, y - y0);
    let (x0, y0) = (x0 as u32, y0 as u32);
    let (x1, y1) = ((x0 + 1).min(page.width() - 1), (y0 + 1).min(page.height() - 1));
    let at = |x, y| page.get_pixel(x, y).0.map(f32::from);
    let (a, b, c, d) = (at(x0, y0), at(x1, y0), at(x0, y1), at(x1, y1));
    std::array::from_fn(|i| {
        let above = a[i] + (b[i] - a[i]) * fx;
        let below = c[i] + (d[i] - c[i]) * fx;
        above + (below - above) * fy
    })
}
