//! Bytes in, [`Extraction`] out.
//!
//! The story of one document: [`detect`] tells by the bytes what it is; a reader (`pdf`, `text`,
//! `email`) turns it into pages of words with their places, `scan` does so for what can only be
//! seen; `layout` forms rows and segments; `spans` finds what looks like money, dates, account and
//! tax numbers; `classify` tells the type; `fields` searches the values by their labels and checks
//! them against each other.
//!
//! Nothing here performs I/O or reads a clock; the only threads are those of the models
//! ([`prepare`]). Parsing is recursive where documents are: call [`extract`] on a thread with at
//! least [`STACK_BYTES`] of stack. Work is bounded by the limits in [`ExtractOptions`]; a deadline
//! is the caller's.

mod classify;
mod csv;
mod detect;
mod einvoice;
mod error;
mod fields;
mod flow;
mod html;
#[cfg(feature = "lab")]
pub mod lab;
mod language;
mod layout;
mod lexicon;
mod mail;
mod misread;
mod office;
pub mod opinion;
mod options;
mod outputs;
mod pdf;
mod scan;
mod schema;
mod spans;
mod text;
mod tools;
mod xml;

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

pub use detect::{Detected, detect};
pub use error::ExtractError;
pub use layout::{Bounds, Page, Word};
pub use options::ExtractOptions;
use parseflow_model::{DocumentType, Extraction, ExtractionWarning, FieldSource};
pub use parseflow_ocr::OcrError;
pub use schema::check_schema;
pub use tools::Tools;

use detect::Format;
use einvoice::EInvoice;
use fields::Printed;
use flow::Flow;
use mail::Mail;
use pdf::{Beside, PdfText};

/// Stack that is enough for the deepest document the limits allow.
pub const STACK_BYTES: usize = 16 * 1024 * 1024;

/// Messages inside messages that are opened.
const MAIL_DEPTH_MAX: usize = 3;

/// Makes ready to read pictures, with the library of ONNX Runtime if its file is named.
///
/// For processes that may start no thread and open no file later on; see [`parseflow_ocr::prepare`].
///
/// # Errors
/// The library cannot be used.
pub fn prepare(onnx_runtime: Option<&Path>) -> Result<(), OcrError> {
    parseflow_ocr::prepare(onnx_runtime)
}

/// Reads one document.
///
/// Deterministic: the same bytes and options give the same result. A panic of a parser is caught
/// and becomes [`ExtractError::EngineCrashed`]; what the panic hook prints is the binary's business.
///
/// # Errors
/// See [`ExtractError`]: every failure has a code.
pub fn extract(bytes: &[u8], options: &ExtractOptions) -> Result<Extraction, ExtractError> {
    extract_with(bytes, options, &Tools::default())
}

/// Reads one document like [`extract`], with the help of `tools`.
///
/// # Errors
/// See [`ExtractError`]: every failure has a code.
pub fn extract_with(
    bytes: &[u8],
    options: &ExtractOptions,
    tools: &Tools<'_>,
) -> Result<Extraction, ExtractError> {
    catch_unwind(AssertUnwindSafe(|| read_and_extract(bytes, options, tools, 0)))
        .unwrap_or(Err(ExtractError::EngineCrashed))
}

/// Finds the fields in words that were read elsewhere, by a recogniser for example.
///
/// `pages` are in order; their words may be in any order and carry their own confidence and source.
/// `media_type` is that of the file they come from.
///
/// # Errors
/// [`ExtractError::EngineCrashed`] when finding them panics, which is our mistake.
pub fn extract_words(
    pages: &[Page],
    media_type: &str,
    options: &ExtractOptions,
) -> Result<Extraction, ExtractError> {
    let find = || {
        let mut found = fields::extract_fields(pages, media_type, options, Vec::new()).extraction;
        add_outputs(&mut found, pages, options);
        found
    };
    catch_unwind(AssertUnwindSafe(find)).map_err(|_| ExtractError::EngineCrashed)
}

fn read_and_extract(
    bytes: &[u8],
    options: &ExtractOptions,
    tools: &Tools<'_>,
    depth: usize,
) -> Result<Extraction, ExtractError> {
    if bytes.len() as u64 > options.bytes_max {
        return Err(ExtractError::TooLarge { limit: options.bytes_max, unit: "bytes" });
    }
    let detected = detect(bytes);
    let unsupported =
        |detail| Err(ExtractError::UnsupportedFormat { media_type: detected.media_type, detail });
    let mut warnings = Vec::new();
    let mut has_letterhead = false;
    let mut pages = match detected.format {
        Format::Empty => return Err(ExtractError::EmptyDocument),
        Format::Encrypted => return Err(ExtractError::Encrypted),
        Format::Image => return unsupported("send pictures as PNG, JPEG, WebP or TIFF"),
        Format::Other => {
            return unsupported(
                "send PDF, PNG, JPEG, WebP, TIFF, DOCX, XLSX, ODT, ODS, CSV, HTML, plain text, e-mail or an XML invoice",
            );
        }
        Format::Pdf => {
            let text = pdf::read(bytes, Beside::Nothing, options, tools)?;
            if let Some(invoice) = &text.invoice {
                return Ok(electronic_invoice(invoice, detected.media_type, &text.pages, options));
            }
            has_letterhead = text.has_letterhead;
            pdf_pages(text, &mut warnings)?
        }
        Format::Picture(format) => {
            let picture = (format, detected.media_type);
            let (pages, hard) = scan::pages_of(bytes, picture, options, tools)?;
            warnings.extend(hard);
            pages
        }
        Format::Xml => {
            let xml = text::decode(bytes);
            match einvoice::read(&xml) {
                Some(invoice) => {
                    return Ok(electronic_invoice(&invoice, detected.media_type, &[], options));
                }
                None => xml::pages_of(&xml, options)?,
            }
        }
        Format::Text => text::pages_of(&text::decode(bytes), options)?,
        Format::Csv => {
            let text = text::decode(bytes);
            let delimiter = csv::delimiter_of(&text).unwrap_or(',');
            csv::pages_of(&text, delimiter, options)?
        }
        Format::Html => html::pages_of(&text::decode(bytes), options)?,
        Format::Office(kind) => office::pages_of(bytes, kind, options)?,
        Format::Mail => return mail(mail::read(bytes), detected.media_type, options, tools, depth),
        Format::Msg => {
            return mail(mail::read_msg(bytes), detected.media_type, options, tools, depth);
        }
    };
    let fields = |pages: &[Page]| {
        fields::extract_fields(pages, detected.media_type, options, warnings.clone())
    };
    let mut found = fields(&pages);
    if has_letterhead && found.lacks_sender {
        // What was read without it is not lost when it cannot be read.
        let more = pdf::read(bytes, Beside::Letterhead, options, tools);
        let more = more.ok().map(|more| (fields(&more.pages), more.pages));
        if let Some(better) = more.filter(|(again, _)| !again.lacks_sender) {
            (found, pages) = better;
        }
    }
    add_outputs(&mut found.extraction, &pages, options);
    Ok(found.extraction)
}

/// Adds the text and the tables where they were asked for.
fn add_outputs(extraction: &mut Extraction, pages: &[Page], options: &ExtractOptions) {
    if options.wishes.text || options.wishes.tables {
        let found = outputs::outputs_of(pages);
        extraction.text = options.wishes.text.then_some(found.text);
        extraction.tables = options.wishes.tables.then_some(found.tables);
    }
    if options.keep_printed {
        extraction.printed = layout::printed_rows(pages);
    }
}

/// What an electronic invoice says, compared with the pages it came with.
fn electronic_invoice(
    invoice: &EInvoice,
    media_type: &str,
    pages: &[Page],
    options: &ExtractOptions,
) -> Extraction {
    let count = u32::try_from(pages.len().max(1)).unwrap_or(u32::MAX);
    let mut extraction = einvoice::extraction_of(invoice, media_type, count);
    if pages.iter().any(|page| !page.words.is_empty()) {
        let printed = Printed::read(pages, options);
        einvoice::compare(&mut extraction, invoice, &printed);
        extraction.language = printed.language;
    }
    let doc = fields::Doc::new(pages, extraction.language.clone().as_deref());
    fields::finish(&mut extraction, Some(&doc), options);
    add_outputs(&mut extraction, pages, options);
    extraction
}

fn pdf_pages(
    text: PdfText,
    warnings: &mut Vec<ExtractionWarning>,
) -> Result<Vec<Page>, ExtractError> {
    let unreadable = text.unmapped_chars * 2 > text.chars;
    let is_empty = text.pages.iter().all(|page| page.words.is_empty());
    if is_empty && (text.scans > 0 || (text.chars == 0 && text.pictures == 0)) {
        return Err(ExtractError::EmptyDocument);
    }
    if is_empty || (unreadable && text.scans == 0) {
        return Err(ExtractError::UnsupportedFormat {
            media_type: "application/pdf",
            detail: if unreadable {
                "its fonts do not tell which characters they show; print it and send a scan"
            } else {
                "its pages consist of pictures that cannot be decoded; send them as PNG or JPEG"
            },
        });
    }
    warnings.extend(text.warnings);
    if text.pages.iter().any(|page| page.words.is_empty()) {
        warnings.push(warning(
            "page_without_text",
            "At least one page carries no text and was not read.",
        ));
    }
    Ok(text.pages)
}

/// Reads a message: the attachment that is a document of its own, else the text of the message.
fn mail(
    mail: Option<Mail>,
    media_type: &'static str,
    options: &ExtractOptions,
    tools: &Tools<'_>,
    depth: usize,
) -> Result<Extraction, ExtractError> {
    let mail = mail.ok_or(ExtractError::EmptyDocument)?;
    let count = mail.attachments.len();
    let mut best: Option<(usize, Extraction)> = None;
    let mut readable = 0;
    if depth < MAIL_DEPTH_MAX {
        for (index, bytes) in mail.attachments.iter().enumerate() {
            let Ok(found) = read_and_extract(bytes, options, tools, depth + 1) else { continue };
            readable += 1;
            let is_better = best.as_ref().is_none_or(|(_, known)| rank(&found) > rank(known));
            if is_better {
                best = Some((index, found));
            }
        }
    }
    if let Some((index, mut found)) = best.filter(|(_, found)| is_document(found)) {
        let number = index + 1;
        let kind = &found.mime_type;
        let message = format!("The values were read from attachment {number} ({kind}).");
        found.warnings.push(warning("read_from_attachment", &message));
        if readable > 1 {
            let message = "Several attachments can be read; send each as a document of its own.";
            found.warnings.push(warning("several_attachments", message));
        }
        found.mime_type = media_type.to_owned();
        return Ok(found);
    }
    let mut warnings = Vec::new();
    if count > 0 {
        warnings.push(warning(
            "attachments_ignored",
            "Only the text of the e-mail was read: no attachment is a document that can be read.",
        ));
    }
    let mut flow = Flow::new(options);
    for block in mail.blocks {
        flow.push(block)?;
    }
    let pages = flow.pages(options)?;
    let mut extraction = fields::extract_fields(&pages, media_type, options, warnings).extraction;
    add_outputs(&mut extraction, &pages, options);
    Ok(extraction)
}

/// Which of two attachments is the document: exact data first, then a known type, then confidence.
fn rank(found: &Extraction) -> (bool, bool, u64) {
    let is_exact = found.fields.iter().any(|field| field.source == FieldSource::Xml);
    (is_exact, is_document(found), (found.confidence * 10_000.0) as u64)
}

fn is_document(found: &Extraction) -> bool {
    !matches!(found.document_type, DocumentType::Letter | DocumentType::Other)
}

pub(crate) fn warning(code: &str, message: &str) -> ExtractionWarning {
    ExtractionWarning { code: code.to_owned(), message: message.to_owned() }
}
