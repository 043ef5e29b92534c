//! What the caller may ask for and the limits it sets.

use parseflow_model::{ReadingWishes, RequestedType};
use serde::{Deserialize, Serialize};

/// How to read one document.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ExtractOptions {
    /// The type to read it as; `Auto` lets the classifier decide.
    pub document_type: RequestedType,
    /// ISO 639-1 if the caller knows it, otherwise detected.
    pub language: Option<String>,
    /// What else is wanted: a threshold for review, a schema, text, tables.
    pub wishes: ReadingWishes,
    /// Reads the printed pages alone, though an electronic invoice be attached: for measuring.
    pub printed_only: bool,
    /// Returns the printed rows too, for whoever checks values against them.
    pub keep_printed: bool,
    /// Largest file in bytes.
    pub bytes_max: u64,
    /// Largest number of pages. Pages of plain text are counted by form feeds.
    pub pages_max: u32,
    /// Largest sum of all compressed streams of the file after decompression, in bytes.
    pub decompressed_bytes_max: u64,
    /// Largest number of pixels of one picture.
    pub pixels_max: u64,
    /// Largest number of pages without text, which are read by their looks: seconds each.
    pub scanned_pages_max: u32,
    /// Largest number of characters on all pages.
    pub chars_max: usize,
}

impl Default for ExtractOptions {
    fn default() -> Self {
        Self {
            document_type: RequestedType::Auto,
            language: None,
            wishes: ReadingWishes::default(),
            printed_only: false,
            keep_printed: false,
            bytes_max: 25 * 1024 * 1024,
            pages_max: 200,
            decompressed_bytes_max: 512 * 1024 * 1024,
            pixels_max: 50_000_000,
            scanned_pages_max: 60,
            chars_max: 2_000_000,
        }
    }
}
