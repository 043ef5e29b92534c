//! A page that is made of several pictures, put together: strips and tiles of scanners, and letters as a stencil
//! over the picture of the paper.

use parseflow_ocr::{Pixels, between};

use super::matrix::Matrix;
use super::picture::Picture;

/// Dots to a point, at least and at most: 72 and 300 to the inch.
const DENSITY_MIN: f64 = 1.0;
const DENSITY_MAX: f64 = 300.0 / 72.0;
/// Dots along a side, at most.
const SIDE_MAX: f64 = 20_000.0;
/// So often may the whole page be painted over.
const LAYERS_MAX: u64 = 8;

/// The page, `width` by `height` points, upright as it is shown; `None` where no picture can be decoded.
///
/// Pictures are painted in their order. Once more than `pixels_max` pixels were decoded, or the page was painted over
/// too often, the rest is left out.
pub(super) fn page_of(
    pictures: &[Picture<'_>],
    (width, height): (f64, f64),
    pixels_max: u64,
) -> Option<Pixels> {
    let largest = pictures.iter().max_by(|a, b| a.area().total_cmp(&b.area()))?;
    let fits =
        (pixels_max as f64 / (width * height).max(1.0)).sqrt().min(SIDE_MAX / width.max(height));
    let density = largest.density().clamp(DENSITY_MIN, DENSITY_MAX).min(fits);
    let side = |points: f64| ((points * density).ceil() as u32).max(1);
    let mut page = Pixels::from_pixel(side(width), side(height), image::Rgb([255; 3]));
    let mut painted_left = LAYERS_MAX * u64::from(page.width()) * u64::from(page.height());
    let mut decoded_left = pixels_max;
    let mut is_empty = true;
    for picture in pictures {
        let Some(left) = decoded_left.checked_sub(picture.pixel_count()) else { break };
        decoded_left = left;
        let Some(area) = Area::of(picture.place, density, &page) else { continue };
        let Some(left) = painted_left.checked_sub(area.dots()) else { break };
        painted_left = left;
        let Some(pixels) = picture.rows() else { continue };
        let cover = picture.cover();
        let is_stencil = picture.is_stencil();
        area.paint(&mut page, |u, v, below| {
            let ink = at(&pixels, u, v);
            if is_stencil {
                // What it is filled with is taken to be dark, as letters are.
                return std::array::from_fn(|i| below[i].min(ink[i]));
            }
            let share = cover.as_ref().map_or(1.0, |cover| at(cover, u, v)[0] / 255.0);
            std::array::from_fn(|i| below[i] + (ink[i] - below[i]) * share)
        });
        is_empty = false;
    }
    (!is_empty).then_some(page)
}

/// The dots of the page that a picture may touch, and the way back from them.
struct Area {
    columns: std::ops::Range<u32>,
    rows: std::ops::Range<u32>,
    /// From dots to the unit square of the picture.
    back: Matrix,
}

impl Area {
    /// `None` for a picture that is nowhere on the page, or as thin as a line.
    fn of(place: Matrix, density: f64, page: &Pixels) -> Option<Self> {
        let on_page = Matrix([density, 0.0, 0.0, density, 0.0, 0.0]).after(place);
        let back = on_page.inverse()?;
        let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
        let corners = corners.map(|(x, y)| on_page.apply(x, y));
        let range = |of: fn(&(f64, f64)) -> f64, end: u32| {
            let low = corners.iter().map(of).fold(f64::MAX, f64::min).floor();
            let high = corners.iter().map(of).fold(f64::MIN, f64::max).ceil();
            // Conversion ends at the ends of the type.
            (low as u32).min(end)..(high as u32).min(end)
        };
        let columns = range(|corner| corner.0, page.width());
        let rows = range(|corner| corner.1, page.height());
        (!columns.is_empty() && !rows.is_empty()).then_some(Self { columns, rows, back })
    }

    fn dots(&self) -> u64 {
        self.columns.len() as u64 * self.rows.len() as u64
    }

    /// Paints each dot inside the picture: `ink` is given its place there, from the left and from the top, 0 to 1, and
    /// what the dot is now.
    fn paint(&self, page: &mut Pixels, ink: impl Fn(f32, f32, [f32; 3]) -> [f32; 3]) {
        for y in self.rows.clone() {
            for x in self.columns.clone() {
                let (u, v) = self.back.apply(f64::from(x) + 0.5, f64::from(y) + 0.5);
                if (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v) {
                    let dot = page.get_pixel_mut(x, y);
                    let new = ink(u as f32, (1.0 - v) as f32, dot.0.map(f32::from));
                    dot.0 = new.map(|tone| (tone + 0.5) as u8);
                }
            }
        }
    }
}

/// The colour at a place of a picture, from the left and from the top, 0 to 1.
fn at(pixels: &Pixels, u: f32, v: f32) -> [f32; 3] {
    between(pixels, u * pixels.width() as f32 - 0.5, v * pixels.height() as f32 - 0.5)
}
