//! PDF with a text layer → pages of words.
//!
//! [`integrity`] refuses files that are cut off and streams that would explode; [`content`] walks
//! the drawing instructions of a page and places every character; [`words`] joins characters to
//! words. The file's structure, encryption and fonts are read by `hayro-syntax` and `hayro-font`
//! (see ADR 0002). Pages that consist of a picture are read from it ([`picture`]).

mod compose;
mod content;
mod embedded;
mod font;
mod integrity;
mod matrix;
mod picture;
mod words;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use parseflow_model::ExtractionWarning;
use parseflow_ocr::Pixels;

use crate::einvoice::EInvoice;
use crate::layout::Page;
use crate::scan::{Paper, Scanner};
use crate::{ExtractError, ExtractOptions, Tools};

pub(crate) use content::Glyph;
use picture::Picture;

/// Pixels of the pictures beside text, at most: twice those of a page of office paper at 300 to the inch.
const LETTERHEAD_PIXELS_MAX: u64 = 20_000_000;

/// What was read from the file.
pub(crate) struct PdfText {
    pub(crate) pages: Vec<Page>,
    /// Characters of pages with text whose meaning the file does not give, out of all.
    pub(crate) unmapped_chars: usize,
    pub(crate) chars: usize,
    /// Pages that were read by their looks.
    pub(crate) scans: usize,
    /// Pictures drawn on all pages.
    pub(crate) pictures: usize,
    /// Whether the first page has text and, beside it, pictures that may hold more of it.
    pub(crate) has_letterhead: bool,
    /// What is to be said about pages that were read by their looks.
    pub(crate) warnings: Option<ExtractionWarning>,
    /// The electronic invoice attached to it.
    pub(crate) invoice: Option<EInvoice>,
}

/// Which pictures of a page with text are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// None: they are seals, photographs and lines most often, and reading takes a second or more.
    Nothing,
    /// Those of the first page: a printed letterhead.
    Letterhead,
}

/// Reads all pages, or says why the file cannot be trusted.
///
/// # Errors
/// `corrupt_file`, `encrypted` or `too_large`. A file without any text is not an error here.
pub(crate) fn read(
    bytes: &[u8],
    beside: Beside,
    options: &ExtractOptions,
    tools: &Tools<'_>,
) -> Result<PdfText, ExtractError> {
    integrity::check_bytes(bytes, options)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(
            DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm,
        ) => ExtractError::Encrypted,
        LoadPdfError::Decryption(_) => corrupt("its encryption is invalid"),
        LoadPdfError::Invalid => corrupt("no page can be found in it"),
    })?;
    let count = pdf.pages().len();
    if count == 0 {
        return Err(corrupt("it has no pages"));
    }
    if count > options.pages_max as usize {
        return Err(ExtractError::TooLarge { limit: options.pages_max.into(), unit: "pages" });
    }
    integrity::check_structure(&pdf, bytes)?;
    let mut reader = content::Reader::new(options);
    let mut scanner = Scanner::new(options, tools);
    let mut text = PdfText {
        pages: Vec::with_capacity(count),
        unmapped_chars: 0,
        chars: 0,
        scans: 0,
        pictures: 0,
        has_letterhead: false,
        warnings: None,
        invoice: None,
    };
    for (page, number) in pdf.pages().iter().zip(1u32..) {
        let (width, height) = page.render_dimensions();
        let (width, height) = (f64::from(width), f64::from(height));
        let glyphs = reader.page(page)?;
        let pictures = reader.pictures();
        text.pictures += pictures.count;
        let paper = Paper { width, height };
        if let Some((pixels, paper)) = scan_of(&glyphs, &pictures.kept, paper, options.pixels_max) {
            text.scans += 1;
            text.pages.push(scanner.page(number, pixels, Some(paper))?);
            continue;
        }
        text.chars += glyphs.len();
        text.unmapped_chars += unmapped(&glyphs);
        let mut read = words::page_of(number, width, height, glyphs);
        if number == 1 && has_letterhead(&pictures.kept) {
            text.has_letterhead = true;
            // A page that lies on its side has other places.
            if beside == Beside::Letterhead && (read.width, read.height) == (width, height) {
                let pixels_max = options.pixels_max.min(LETTERHEAD_PIXELS_MAX);
                let drawn = compose::page_of(&pictures.kept, (width, height), pixels_max);
                let words = drawn.map(|pixels| scanner.words_beside(&read, pixels, paper));
                read.words.extend(words.transpose()?.unwrap_or_default());
            }
        }
        text.pages.push(read);
    }
    text.warnings = scanner.warnings();
    if !options.printed_only {
        text.invoice = embedded::invoice_in(&pdf);
    }
    Ok(text)
}

/// What a page shows whose text can only be seen, and its size. One picture that is nearly all is taken as it is, several are
/// put together.
fn scan_of(
    glyphs: &[Glyph],
    pictures: &[Picture<'_>],
    page: Paper,
    pixels_max: u64,
) -> Option<(Pixels, Paper)> {
    /// A scan may carry the stamp of a scanner or a number of its own.
    const STAMP_CHARS: usize = 120;
    const MOST: f64 = 0.4;
    const NEARLY_ALL: f64 = 0.95;
    let chars = glyphs.iter().filter(|glyph| !glyph.text.trim().is_empty()).count();
    let has_text = chars >= STAMP_CHARS && unmapped(glyphs) * 2 <= chars;
    let covered: f64 = pictures.iter().map(Picture::area).sum();
    if has_text || (chars > 0 && covered <= MOST * page.width * page.height) {
        return None;
    }
    let largest = pictures.iter().max_by(|a, b| a.area().total_cmp(&b.area()))?;
    if pictures.len() > 1 && largest.area() < NEARLY_ALL * covered {
        let size = (page.width, page.height);
        return Some((compose::page_of(pictures, size, pixels_max)?, page));
    }
    let (width, height) = largest.size();
    Some((largest.pixels()?, Paper { width, height }))
}

/// Whether pictures are large enough to hold a line of print.
fn has_letterhead(pictures: &[Picture<'_>]) -> bool {
    /// In points and in pixels.
    const LEAST: ((f64, f64), (u32, u32)) = ((40.0, 8.0), (80, 16));
    pictures.iter().any(|picture| {
        let ((width, height), (across, down)) = (picture.size(), picture.pixel_size());
        let ((least_width, least_height), (least_across, least_down)) = LEAST;
        width >= least_width
            && height >= least_height
            && across >= least_across
            && down >= least_down
    })
}

/// Characters whose meaning the file does not give.
fn unmapped(glyphs: &[Glyph]) -> usize {
    glyphs.iter().filter(|glyph| glyph.text.contains('\u{fffd}')).count()
}

fn corrupt(detail: &'static str) -> ExtractError {
    ExtractError::CorruptFile { detail }
}
