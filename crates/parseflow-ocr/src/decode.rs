//! The bytes of a picture → pages of pixels, within limits that hold before memory is taken.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::{PictureError, Pixels};

/// Longest side of a page that is kept, in pixels: A4 at 400 dpi. Larger ones are made smaller.
const SIDE_MAX: u32 = 4_700;
/// Bytes of one pixel at most while it is decoded: four channels of 32 bits.
const PIXEL_BYTES_MAX: u64 = 16;

/// The formats that are decoded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PictureFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG, baseline and progressive.
    Jpeg,
    /// WebP with and without loss; of an animation the first picture.
    WebP,
    /// TIFF with any number of pages.
    Tiff,
}

/// What a picture may cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PictureLimits {
    /// Pixels of one page, at most.
    pub pixels_max: u64,
    /// Pages of one file, at most.
    pub pages_max: u32,
}

impl Default for PictureLimits {
    fn default() -> Self {
        Self { pixels_max: 50_000_000, pages_max: 200 }
    }
}

/// The pages of a picture, decoded one after the other.
#[derive(Debug)]
pub struct Decoded<'a> {
    bytes: &'a [u8],
    format: ImageFormat,
    limits: PictureLimits,
    /// Where the directory of each page begins; empty for formats of one page.
    directories: Vec<u32>,
    next: usize,
}

/// Begins to decode `bytes`; the pages are then taken from the iterator, upright as the camera noted.
///
/// # Errors
/// When there are too many pages, or no page can be found.
pub fn decode(
    bytes: &[u8],
    format: PictureFormat,
    limits: PictureLimits,
) -> Result<Decoded<'_>, PictureError> {
    let (format, directories) = match format {
        PictureFormat::Png => (ImageFormat::Png, Vec::new()),
        PictureFormat::Jpeg => (ImageFormat::Jpeg, Vec::new()),
        PictureFormat::WebP => (ImageFormat::WebP, Vec::new()),
        PictureFormat::Tiff => (ImageFormat::Tiff, tiff_directories(bytes, limits.pages_max)?),
    };
    Ok(Decoded { bytes, format, limits, directories, next: 0 })
}

impl Iterator for Decoded<'_> {
    type Item = Result<Pixels, PictureError>;

    fn next(&mut self) -> Option<Self::Item> {
        let page = self.next;
        if page >= self.directories.len().max(1) {
            return None;
        }
        self.next += 1;
        let pixels = match self.directories.get(page) {
            Some(directory) if page > 0 => {
                // The same file, said to begin with this page.
                let mut bytes = self.bytes.to_vec();
                let is_little = bytes.starts_with(b"II");
                let offset =
                    if is_little { directory.to_le_bytes() } else { directory.to_be_bytes() };
                bytes[4..8].copy_from_slice(&offset);
                one_page(&bytes, self.format, self.limits.pixels_max)
            }
            _ => one_page(self.bytes, self.format, self.limits.pixels_max),
        };
        Some(pixels)
    }
}

fn one_page(bytes: &[u8], format: ImageFormat, pixels_max: u64) -> Result<Pixels, PictureError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(pixels_max.saturating_mul(PIXEL_BYTES_MAX).min(1 << 30));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error, pixels_max))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > pixels_max {
        return Err(PictureError::TooManyPixels { limit: pixels_max });
    }
    if width == 0 || height == 0 {
        return Err(PictureError::Corrupt);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture =
        DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error, pixels_max))?;
    let mut picture = DynamicImage::ImageRgb8(on_white(picture));
    let longest = width.max(height);
    if longest > SIDE_MAX {
        let scaled =
            |side: u32| (u64::from(side) * u64::from(SIDE_MAX) / u64::from(longest)).max(1);
        let (width, height) = (scaled(width) as u32, scaled(height) as u32);
        picture = picture.thumbnail_exact(width, height);
    }
    picture.apply_orientation(orientation);
    Ok(picture.into_rgb8())
}

/// What is transparent shows white paper.
fn on_white(picture: DynamicImage) -> Pixels {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    Pixels::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let mixed = |value: u8| {
            let alpha = u32::from(alpha);
            ((u32::from(value) * alpha + 255 * (255 - alpha) + 127) / 255) as u8
        };
        image::Rgb([mixed(red), mixed(green), mixed(blue)])
    })
}

fn refusal(error: &ImageError, pixels_max: u64) -> PictureError {
    match error {
        ImageError::Unsupported(_) => PictureError::Unsupported,
        ImageError::Limits(_) => PictureError::TooManyPixels { limit: pixels_max },
        _ => PictureError::Corrupt,
    }
}

/// Where the directory of each page of a TIFF begins, in order.
fn tiff_directories(bytes: &[u8], pages_max: u32) -> Result<Vec<u32>, PictureError> {
    const ENTRY_BYTES: usize = 12;
    let is_little = bytes.starts_with(b"II");
    let part = |at: usize, len: usize| bytes.get(at..at.checked_add(len)?);
    let word = |at: usize| {
        let bytes: [u8; 2] = part(at, 2)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes: [u8; 4] = part(at, 4)?.try_into().ok()?;
        Some(if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let mut found = Vec::new();
    let mut at = long(4).ok_or(PictureError::Corrupt)?;
    while at != 0 {
        // A directory that was seen already would go on for ever.
        if found.contains(&at) {
            return Err(PictureError::Corrupt);
        }
        if found.len() >= pages_max as usize {
            return Err(PictureError::TooManyPages { limit: pages_max });
        }
        found.push(at);
        let entries = usize::from(word(at as usize).ok_or(PictureError::Corrupt)?);
        let end = at as usize + 2 + entries * ENTRY_BYTES;
        at = long(end).ok_or(PictureError::Corrupt)?;
    }
    if found.is_empty() { Err(PictureError::Corrupt) } else { Ok(found) }
}
