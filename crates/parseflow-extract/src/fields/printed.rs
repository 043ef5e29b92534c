//! What stands on the printed pages of an invoice, to be compared with its electronic part.

use std::collections::HashSet;

use parseflow_model::{DocumentType, Field};

use super::doc::Doc;
use super::invoice;
use crate::ExtractOptions;
use crate::language::language_of;
use crate::layout::Page;

/// The printed side of an invoice.
pub(crate) struct Printed {
    /// What the printed page would have yielded on its own.
    pub(crate) fields: Vec<Field>,
    /// ISO 639-1, where it could be told.
    pub(crate) language: Option<String>,
    amounts: HashSet<i64>,
    dates: HashSet<String>,
    /// Letters and digits of all pages, lower case.
    text: String,
}

impl Printed {
    /// Reads the pages as an invoice.
    pub(crate) fn read(pages: &[Page], options: &ExtractOptions) -> Printed {
        let language = options.language.clone().or_else(|| language_of(pages).map(str::to_owned));
        let doc = Doc::new(pages, language.as_deref());
        let numbers = doc.numbers.iter().flatten().flatten();
        let segments = || doc.rows.iter().flat_map(|row| &row.segments);
        let dates = segments().flat_map(|segment| doc.dates_in(segment));
        let words = pages.iter().flat_map(|page| &page.words);
        let letters = words.flat_map(|word| word.text.chars().filter(|c| c.is_alphanumeric()));
        Printed {
            fields: invoice::read(&doc, DocumentType::Invoice).fields,
            amounts: numbers.map(|span| span.value.cents().abs()).collect(),
            dates: dates.map(|span| span.value.iso()).collect(),
            text: letters.flat_map(char::to_lowercase).collect(),
            language,
        }
    }

    /// Whether this amount of hundredths is printed anywhere, with either sign.
    pub(crate) fn has_amount(&self, cents: i64) -> bool {
        self.amounts.contains(&cents.abs())
    }

    /// Whether this date (ISO 8601) is printed anywhere.
    pub(crate) fn has_date(&self, iso: &str) -> bool {
        self.dates.contains(iso)
    }

    /// Whether these letters and digits are printed anywhere, however they are spaced.
    pub(crate) fn has_text(&self, text: &str) -> bool {
        let wanted: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        self.text.contains(&wanted.to_lowercase())
    }
}
