//! Pages as a scanner or a camera gives them.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::codecs::jpeg::JpegEncoder;
use parseflow_ocr::{Pixels, between};

use super::rng::Rng;

/// What made a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// A scanner: slanted a little, specked, sometimes on its side or head.
    Scanned,
    /// A camera: seen from a corner, unevenly lit, not quite sharp, with the table around it.
    Photographed,
}

/// The only page of a PDF, to be drawn.
pub(crate) struct Drawn {
    pdf: Vec<u8>,
    seed: u64,
    look: Look,
}

impl Drawn {
    /// `None` unless it is a PDF of one page.
    pub(crate) fn of(pdf: Vec<u8>, seed: u64, look: Look) -> Option<Self> {
        let has_one_page = Pdf::new(pdf.clone()).is_ok_and(|pdf| pdf.pages().len() == 1);
        has_one_page.then_some(Self { pdf, seed, look })
    }

    /// The picture; the same for the same seed.
    pub(crate) fn jpeg(&self) -> Result<Vec<u8>, String> {
        let mut rng = Rng::new(self.seed, true);
        let dpi = match self.look {
            Look::Scanned => rng.range(150, 251),
            Look::Photographed => rng.range(170, 231),
        };
        let page = self.page(dpi as f32 / 72.0)?;
        let seen = match self.look {
            Look::Scanned => scanned(&page, &mut rng),
            Look::Photographed => photographed(&page, &mut rng),
        };
        let quality = match self.look {
            Look::Scanned => rng.range(50, 81),
            Look::Photographed => rng.range(60, 86),
        };
        let mut jpeg = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut jpeg, quality as u8);
        seen.write_with_encoder(encoder).map_err(|error| error.to_string())?;
        Ok(jpeg)
    }

    fn page(&self, scale: f32) -> Result<Pixels, String> {
        let pdf = Pdf::new(self.pdf.clone()).map_err(|error| format!("{error:?}"))?;
        let page = pdf.pages().first().ok_or("it has no page")?;
        let (cache, settings) = (RenderCache::new(), InterpreterSettings::default());
        let size = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
        let drawn = render(page, &cache, &settings, &RenderSettings::default(), &size);
        let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
        let dots =
            drawn.data_as_u8_slice().chunks_exact(4).flat_map(|dot| [dot[0], dot[1], dot[2]]);
        Pixels::from_raw(width, height, dots.collect()).ok_or_else(|| "it has no size".to_owned())
    }
}

/// From -1 to 1.
fn either_way(rng: &mut Rng) -> f32 {
    rng.range(0, 2_001) as f32 / 1_000.0 - 1.0
}

fn scanned(page: &Pixels, rng: &mut Rng) -> Pixels {
    let slant = (either_way(rng) * 1.5).to_radians();
    let (contrast, noise) = (0.6 + either_way(rng) * 0.2, 10.0 + either_way(rng) * 8.0);
    let (sine, cosine) = slant.sin_cos();
    let (width, height) = page.dimensions();
    let (middle_x, middle_y) = (width as f32 / 2.0, height as f32 / 2.0);
    let seen = Pixels::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32 - middle_x, y as f32 - middle_y);
        let from = (middle_x + x * cosine + y * sine, middle_y - x * sine + y * cosine);
        let is_paper =
            from.0 >= 0.0 && from.1 >= 0.0 && from.0 < width as f32 && from.1 < height as f32;
        let dot = if is_paper { between(page, from.0, from.1) } else { [255.0; 3] };
        speckled(dot, 245.0 - 255.0 * contrast, contrast, noise, rng)
    });
    match rng.range(0, 10) {
        0 => image::imageops::rotate90(&seen),
        1 => image::imageops::rotate180(&seen),
        _ => seen,
    }
}

/// A dot in this contrast, `dark` where it is black, with noise.
fn speckled(dot: [f32; 3], dark: f32, contrast: f32, noise: f32, rng: &mut Rng) -> image::Rgb<u8> {
    let speck = either_way(rng) * noise;
    image::Rgb(dot.map(|value| (dark + value * contrast + speck).clamp(0.0, 255.0) as u8))
}

fn photographed(page: &Pixels, rng: &mut Rng) -> Pixels {
    let (width, height) = (page.width() as f32, page.height() as f32);
    // Where the corners of the picture lie on the paper, which they see from outside.
    let mut corner = |right: f32, down: f32| {
        let away = |at: f32, rng: &mut Rng| (at * 2.0 - 1.0) * (0.03 + either_way(rng) * 0.025);
        (width * (right + away(right, rng)), height * (down + away(down, rng)))
    };
    let corners = [corner(0.0, 0.0), corner(1.0, 0.0), corner(0.0, 1.0), corner(1.0, 1.0)];
    let light = (either_way(rng) * 70.0, either_way(rng) * 70.0);
    let (contrast, noise) = (0.65 + either_way(rng) * 0.15, 8.0 + either_way(rng) * 5.0);
    let warm = 6.0 + either_way(rng) * 6.0;
    let blur = 0.5 + either_way(rng) * 0.25;
    Pixels::from_fn(page.width(), page.height(), |x, y| {
        let (right, down) = (x as f32 / width, y as f32 / height);
        let along = |a: (f32, f32), b: (f32, f32), share: f32| {
            (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
        };
        let (above, below) =
            (along(corners[0], corners[1], right), along(corners[2], corners[3], right));
        let from = along(above, below, down);
        let is_paper = from.0 >= 0.0 && from.1 >= 0.0 && from.0 < width && from.1 < height;
        let dot = match is_paper {
            true => softened(page, from, blur),
            // The table.
            false => [40.0, 30.0, 20.0],
        };
        let shade = (right - 0.5) * light.0 + (down - 0.5) * light.1;
        let dark = 215.0 - 255.0 * contrast + shade;
        let mut seen = speckled(dot, dark, contrast, noise, rng);
        seen.0[2] = seen.0[2].saturating_sub(warm as u8);
        seen
    })
}

/// The mean of a dot and four around it, `by` dots away.
fn softened(page: &Pixels, at: (f32, f32), by: f32) -> [f32; 3] {
    let around = [(0.0, 0.0), (by, 0.0), (-by, 0.0), (0.0, by), (0.0, -by)];
    let dots = around.map(|(x, y)| between(page, at.0 + x, at.1 + y));
    std::array::from_fn(|colour| dots.iter().map(|dot| dot[colour]).sum::<f32>() / 5.0)
}
