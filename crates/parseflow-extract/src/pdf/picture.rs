//! The picture that a scanned page consists of, decoded.

use hayro_syntax::object::stream::{ImageColorSpace, ImageDecodeParams};
use hayro_syntax::object::{Array, Dict, Object, Stream};
use parseflow_ocr::Pixels;

use super::matrix::Matrix;

/// The pictures drawn on a page.
#[derive(Clone, Default)]
pub(super) struct Pictures<'a> {
    pub(super) count: usize,
    /// Those that may have to be decoded, in the order in which they are drawn: the first [`KEPT_MAX`].
    pub(super) kept: Vec<Picture<'a>>,
}

/// Pictures of one page that are decoded, at most.
pub(super) const KEPT_MAX: usize = 1_000;

/// A picture and where it is drawn: its lower left corner at (0, 0) of the unit square, the upper
/// right one at (1, 1).
#[derive(Clone)]
pub(super) struct Picture<'a> {
    pub(super) stream: Stream<'a>,
    pub(super) place: Matrix,
}

impl Picture<'_> {
    /// Its width and height on the page in points.
    pub(super) fn size(&self) -> (f64, f64) {
        let Matrix([a, b, c, d, ..]) = self.place;
        (a.hypot(b), c.hypot(d))
    }

    /// The area it covers in square points.
    pub(super) fn area(&self) -> f64 {
        self.turn().abs()
    }

    fn turn(&self) -> f64 {
        let Matrix([a, b, c, d, ..]) = self.place;
        a * d - b * c
    }

    /// Dots to a point along its width.
    pub(super) fn density(&self) -> f64 {
        f64::from(self.side("Width")) / self.size().0.max(1.0)
    }

    /// How many pixels are decoded for it, those of what covers it included.
    pub(super) fn pixel_count(&self) -> u64 {
        let count = |dict: &Dict<'_>| {
            let side = |name| u64::from(dict.get::<u32>(name).unwrap_or_default());
            side("Width") * side("Height")
        };
        let dict = self.stream.dict();
        let masks = ["SMask", "Mask"].into_iter().filter_map(|name| dict.get::<Stream<'_>>(name));
        count(dict) + masks.map(|mask| count(mask.dict())).sum::<u64>()
    }

    /// Its width and height in pixels.
    pub(super) fn pixel_size(&self) -> (u32, u32) {
        (self.side("Width"), self.side("Height"))
    }

    fn side(&self, name: &str) -> u32 {
        self.stream.dict().get::<u32>(name).unwrap_or_default()
    }

    /// Whether it only says where ink goes: black is where.
    pub(super) fn is_stencil(&self) -> bool {
        self.stream.dict().get::<bool>("ImageMask").unwrap_or(false)
    }

    /// Its pixels, the first row being the upper one; `None` where it cannot be decoded.
    pub(super) fn rows(&self) -> Option<Pixels> {
        decoded(&self.stream)
    }

    /// Where it covers what is below it, white being wholly; `None` where that is everywhere.
    pub(super) fn cover(&self) -> Option<Pixels> {
        let dict = self.stream.dict();
        if let Some(soft) = dict.get::<Stream<'_>>("SMask") {
            return decoded(&soft);
        }
        // A hard one is a stencil: it shows where black is.
        let mut hard = decoded(&dict.get::<Stream<'_>>("Mask")?)?;
        hard.iter_mut().for_each(|tone| *tone = 255 - *tone);
        Some(hard)
    }

    /// Its pixels, not turned; `None` where it cannot be decoded.
    pub(super) fn pixels(&self) -> Option<Pixels> {
        let pixels = decoded(&self.stream)?;
        // On a page that runs downwards a picture that is not mirrored turns against the clock.
        let is_mirrored = self.turn() > 0.0;
        Some(if is_mirrored { image::imageops::flip_vertical(&pixels) } else { pixels })
    }
}

/// What the samples of a picture mean.
enum Colours {
    Grey,
    Rgb,
    Cmyk,
    /// One sample of ink: 0 is paper.
    Ink,
    /// Numbers of colours in a table of red, green, blue.
    Table(Vec<[u8; 3]>),
}

impl Colours {
    fn of(object: Option<&Object<'_>>) -> Option<Self> {
        match object? {
            Object::Name(name) => Self::named(name.as_str()),
            Object::Array(array) => {
                let mut parts = array.iter::<Object<'_>>();
                let Some(Object::Name(family)) = parts.next() else { return None };
                match family.as_str() {
                    "ICCBased" => match parts.next()? {
                        Object::Stream(profile) => Self::of_count(profile.dict().get::<u8>("N")?),
                        _ => None,
                    },
                    "Indexed" | "I" => {
                        let base = Self::of(parts.next().as_ref())?;
                        let _last = parts.next()?;
                        Some(Self::Table(base.table(&parts.next()?)?))
                    }
                    "CalGray" => Some(Self::Grey),
                    "CalRGB" => Some(Self::Rgb),
                    "Separation" => Some(Self::Ink),
                    other => Self::named(other),
                }
            }
            _ => None,
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "DeviceGray" | "G" => Some(Self::Grey),
            "DeviceRGB" | "RGB" => Some(Self::Rgb),
            "DeviceCMYK" | "CMYK" => Some(Self::Cmyk),
            _ => None,
        }
    }

    fn of_count(samples: u8) -> Option<Self> {
        match samples {
            1 => Some(Self::Grey),
            3 => Some(Self::Rgb),
            4 => Some(Self::Cmyk),
            _ => None,
        }
    }

    /// Samples of a pixel.
    fn count(&self) -> usize {
        match self {
            Self::Grey | Self::Ink | Self::Table(_) => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }

    fn table(&self, object: &Object<'_>) -> Option<Vec<[u8; 3]>> {
        let bytes = match object {
            Object::String(text) => text.as_bytes().to_vec(),
            Object::Stream(stream) => stream.decoded_data().ok()?.to_vec(),
            _ => return None,
        };
        Some(bytes.chunks_exact(self.count()).map(|samples| self.rgb(samples)).collect())
    }

    fn rgb(&self, samples: &[u8]) -> [u8; 3] {
        match (self, samples) {
            (Self::Rgb, [r, g, b, ..]) => [*r, *g, *b],
            (Self::Cmyk, [c, m, y, k, ..]) => [c, m, y].map(|ink| 255 - ink.saturating_add(*k)),
            (Self::Table(table), [at, ..]) => {
                table.get(usize::from(*at)).copied().unwrap_or([255; 3])
            }
            (Self::Ink, [ink, ..]) => [255 - ink; 3],
            (_, [grey, ..]) => [*grey; 3],
            (_, []) => [255; 3],
        }
    }
}

fn decoded(stream: &Stream<'_>) -> Option<Pixels> {
    let dict = stream.dict();
    let is_mask = dict.get::<bool>("ImageMask").unwrap_or(false);
    let named = dict.get::<Object<'_>>("ColorSpace");
    let colours = if is_mask { Some(Colours::Grey) } else { Colours::of(named.as_ref()) };
    let bits = if is_mask { 1 } else { dict.get::<u8>("BitsPerComponent").unwrap_or(8) };
    let wanted = ImageDecodeParams {
        is_indexed: matches!(colours, Some(Colours::Table(_))),
        bpc: Some(bits),
        num_components: colours.as_ref().map(|colours| colours.count() as u8),
        target_dimension: None,
        width: dict.get::<u32>("Width")?,
        height: dict.get::<u32>("Height")?,
    };
    let found = stream.decoded_image(&wanted).ok()?;
    let (width, height, bits, colours) = match &found.image_data {
        Some(said) => {
            let own = match said.color_space {
                Some(ImageColorSpace::Gray) => Some(Colours::Grey),
                Some(ImageColorSpace::Rgb) => Some(Colours::Rgb),
                Some(ImageColorSpace::Cmyk) => Some(Colours::Cmyk),
                Some(ImageColorSpace::Unknown(_)) | None => None,
            };
            // The table and the ink are known to the page alone.
            let colours = match (colours, own) {
                (Some(known), Some(own)) if known.count() != own.count() => own,
                (Some(known), _) => known,
                (None, own) => own?,
            };
            (said.width, said.height, said.bits_per_component, colours)
        }
        None => (wanted.width, wanted.height, bits, colours?),
    };
    let is_inverted = is_inverted(dict);
    let size = (width as usize, height as usize);
    let samples = eight_bits(&found.data, size.0 * colours.count(), size.1, bits, &colours)?;
    let pixels = samples.chunks_exact(colours.count()).flat_map(|samples| {
        let rgb = colours.rgb(samples);
        if is_inverted { rgb.map(|tone| 255 - tone) } else { rgb }
    });
    Pixels::from_raw(width, height, pixels.collect())
}

/// Whether the largest sample stands for the least light.
fn is_inverted(dict: &Dict<'_>) -> bool {
    let decode = dict.get::<Array<'_>>("Decode");
    let mut numbers = decode.iter().flat_map(|array| array.iter::<f32>());
    matches!((numbers.next(), numbers.next()), (Some(low), Some(high)) if low > high)
}

/// Rows of samples of 1 to 16 bits → samples of 8 bits; missing ones are white. Numbers of colours
/// stay what they are.
fn eight_bits(
    data: &[u8],
    per_row: usize,
    rows: usize,
    bits: u8,
    colours: &Colours,
) -> Option<Vec<u8>> {
    let is_table = matches!(colours, Colours::Table(_));
    let mut out = Vec::with_capacity(per_row * rows);
    let row_bytes = (per_row * usize::from(bits)).div_ceil(8);
    for row in 0..rows {
        let line = data.get(row * row_bytes..).unwrap_or_default();
        for at in 0..per_row {
            let sample = match bits {
                8 => line.get(at).copied(),
                16 => line.get(2 * at).copied(),
                1 | 2 | 4 => {
                    let (bits, bit) = (usize::from(bits), at * usize::from(bits));
                    let most = (1u16 << bits) - 1;
                    line.get(bit / 8).map(|byte| {
                        let value = (u16::from(*byte) >> (8 - bits - bit % 8)) & most;
                        if is_table { value as u8 } else { (value * 255 / most) as u8 }
                    })
                }
                _ => return None,
            };
            out.push(sample.unwrap_or(255));
        }
    }
    Some(out)
}
