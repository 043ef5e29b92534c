//! PDF with a text layer → pages of words.
//!
//! [`integrity`] refuses files that are cut off and streams that would explode; [`content`] walks
//! the drawing instructions of a page and places every character; [`words`] joins characters to
//! words. The file's structure, encryption and fonts are read by `hayro-syntax` and `hayro-font`
//! (see ADR 0002); images are never decoded.

mod content;
mod embedded;
mod font;
mod integrity;
mod matrix;
mod words;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use crate::einvoice::EInvoice;
use crate::layout::Page;
use crate::{ExtractError, ExtractOptions};

pub(crate) use content::Glyph;

/// What was read from the file.
pub(crate) struct PdfText {
    pub(crate) pages: Vec<Page>,
    /// Characters whose meaning the file does not give, out of all.
    pub(crate) unmapped_chars: usize,
    pub(crate) chars: usize,
    /// Pictures drawn on all pages.
    pub(crate) images: usize,
    /// The electronic invoice attached to it.
    pub(crate) invoice: Option<EInvoice>,
}

/// Reads all pages, or says why the file cannot be trusted.
///
/// # Errors
/// `corrupt_file`, `encrypted` or `too_large`. A file without any text is not an error here.
pub(crate) fn read(bytes: &[u8], options: &ExtractOptions) -> Result<PdfText, ExtractError> {
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
    let mut text = PdfText {
        pages: Vec::with_capacity(count),
        unmapped_chars: 0,
        chars: 0,
        images: 0,
        invoice: None,
    };
    for (page, number) in pdf.pages().iter().zip(1u32..) {
        let (width, height) = page.render_dimensions();
        let glyphs = reader.page(page)?;
        text.chars += glyphs.len();
        text.unmapped_chars += glyphs.iter().filter(|g| g.text.contains('\u{fffd}')).count();
        let (width, height) = (f64::from(width), f64::from(height));
        text.pages.push(words::page_of(number, width, height, glyphs));
    }
    text.images = reader.images;
    if !options.printed_only {
        text.invoice = embedded::invoice_in(&pdf);
    }
    Ok(text)
}

fn corrupt(detail: &'static str) -> ExtractError {
    ExtractError::CorruptFile { detail }
}
