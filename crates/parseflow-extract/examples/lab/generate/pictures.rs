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

/// The pages of a PDF, to be drawn.
pub(crate) struct Drawn {
    pdf: Vec<u8>,
    pages: usize,
    seed: u64,
    look: Look,
}

impl Drawn {
    /// `None` unless it is a PDF.
    pub(crate) fn of(pdf: Vec<u8>, seed: u64, look: Look) -> Option<Self> {
        let pages = Pdf::new(pdf.clone()).ok()?.pages().len();
        Some(Self { pdf, pages, seed, look })
    }

    /// How many pages are drawn.
    pub(crate) fn pages(&self) -> usize {
        self.pages
    }

    /// The picture of the first page; the same for the same seed.
    pub(crate) fn jpeg(&self) -> Result<Vec<u8>, String> {
        Ok(self.picture(0, &mut Rng::new(self.seed, true))?.jpeg)
    }

    /// A PDF of the pictures of all pages, as scanners write it; the same for the same seed.
    pub(crate) fn scan(&self) -> Result<Vec<u8>, String> {
        let mut rng = Rng::new(self.seed, true);
        let pictures: Result<Vec<Picture>, String> =
            (0..self.pages).map(|page| self.picture(page, &mut rng)).collect();
        Ok(bound(&pictures?))
    }

    fn picture(&self, page: usize, rng: &mut Rng) -> Result<Picture, String> {
        let dpi = match self.look {
            Look::Scanned => rng.range(150, 251),
            Look::Photographed => rng.range(170, 231),
        } as f32;
        let page = self.page(page, dpi / 72.0)?;
        let seen = match self.look {
            Look::Scanned => scanned(&page, rng),
            Look::Photographed => photographed(&page, rng),
        };
        let quality = match self.look {
            Look::Scanned => rng.range(50, 81),
            Look::Photographed => rng.range(60, 86),
        };
        let mut jpeg = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut jpeg, quality as u8);
        seen.write_with_encoder(encoder).map_err(|error| error.to_string())?;
        let (width, height) = seen.dimensions();
        Ok(Picture { jpeg, width, height, dpi })
    }

    fn page(&self, number: usize, scale: f32) -> Result<Pixels, String> {
        let pdf = Pdf::new(self.pdf.clone()).map_err(|error| format!("{error:?}"))?;
        let page = pdf.pages().get(number).ok_or("it has no such page")?;
        let (cache, settings) = (RenderCache::new(), InterpreterSettings::default());
        let size = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
        let drawn = render(page, &cache, &settings, &RenderSettings::default(), &size);
        let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
        let dots =
            drawn.data_as_u8_slice().chunks_exact(4).flat_map(|dot| [dot[0], dot[1], dot[2]]);
        Pixels::from_raw(width, height, dots.collect()).ok_or_else(|| "it has no size".to_owned())
    }
}

/// A page as it was seen.
struct Picture {
    jpeg: Vec<u8>,
    width: u32,
    height: u32,
    /// Dots an inch.
    dpi: f32,
}

/// A PDF with one picture on each page.
fn bound(pictures: &[Picture]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    let mut add = |file: &mut Vec<u8>, head: String, stream: Option<&[u8]>| {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n{head}\n", places.len()).bytes());
        if let Some(stream) = stream {
            file.extend(b"stream\n");
            file.extend(stream);
            file.extend(b"\nendstream\n");
        }
        file.extend(b"endobj\n");
    };
    // The catalogue, the list of pages, then three objects for each page.
    let kids: String = (0..pictures.len()).map(|at| format!("{} 0 R ", 3 + 3 * at)).collect();
    add(&mut file, "<< /Type /Catalog /Pages 2 0 R >>".to_owned(), None);
    add(&mut file, format!("<< /Type /Pages /Kids [ {kids}] /Count {} >>", pictures.len()), None);
    for (at, Picture { jpeg, width, height, dpi }) in pictures.iter().enumerate() {
        let own = 3 + 3 * at;
        let (across, down) = (*width as f32 * 72.0 / dpi, *height as f32 * 72.0 / dpi);
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {across} {down}] /Contents {} 0 R /Resources << /XObject << /P {} 0 R >> >> >>",
            own + 1,
            own + 2
        );
        add(&mut file, page, None);
        let drawing = format!("{across} 0 0 {down} 0 0 cm /P Do");
        add(&mut file, format!("<< /Length {} >>", drawing.len()), Some(drawing.as_bytes()));
        let picture = format!(
            "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length {} >>",
            jpeg.len()
        );
        add(&mut file, picture, Some(jpeg));
    }
    let table = file.len();
    let lines: String = places.iter().map(|place| format!("{place:010} 00000 n \n")).collect();
    let size = places.len() + 1;
    file.extend(
        format!(
            "xref\n0 {size}\n0000000000 65535 f \n{lines}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
        )
        .bytes(),
    );
    file
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
