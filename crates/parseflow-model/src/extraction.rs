//! What reading a document yields.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::UnknownName;

/// The kind of document, as detected or as asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentType {
    /// A bill, or a credit note.
    Invoice,
    /// A till receipt or proof of payment.
    Receipt,
    /// An agreement between parties.
    Contract,
    /// A passport, identity card or driving licence.
    IdDocument,
    /// A statement of a bank account.
    BankStatement,
    /// Readable, but none of the others.
    Unknown,
}

impl DocumentType {
    /// Every type.
    pub const ALL: [DocumentType; 6] = [
        DocumentType::Invoice,
        DocumentType::Receipt,
        DocumentType::Contract,
        DocumentType::IdDocument,
        DocumentType::BankStatement,
        DocumentType::Unknown,
    ];

    /// The public name, for example `bank_statement`.
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentType::Invoice => "invoice",
            DocumentType::Receipt => "receipt",
            DocumentType::Contract => "contract",
            DocumentType::IdDocument => "id_document",
            DocumentType::BankStatement => "bank_statement",
            DocumentType::Unknown => "unknown",
        }
    }
}

impl fmt::Display for DocumentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DocumentType {
    type Err = UnknownName;
    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let found = DocumentType::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or(UnknownName {
            known: "invoice, receipt, contract, id_document, bank_statement, unknown",
        })
    }
}

/// Where a value was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldSource {
    /// The text layer of the document.
    Text,
    /// Computed from other values of the document, for example a total from its parts.
    Derived,
}

/// One value with the evidence for it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Path inside `data`, for example `vendor.name` or `lineItems[0].amount`.
    pub name: String,
    /// The normalised value, as it stands in `data`.
    pub value: Value,
    /// The text as printed.
    pub raw_text: String,
    /// Probability that the value is right, 0 to 1, at most four decimals.
    pub confidence: f64,
    /// The page, counted from 1.
    pub page: u32,
    /// Left, top, right, bottom on the page as fractions of its width and height (0 to 1, origin in
    /// the upper left corner); `None` where the document has no geometry.
    #[serde(rename = "box")]
    pub bounds: Option<[f64; 4]>,
    /// Where the value was read.
    pub source: FieldSource,
}

/// Something a reader of the result should know, with a stable code.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ExtractionWarning {
    /// Machine-readable, for example `totals_disagree`.
    pub code: String,
    /// One sentence for people.
    pub message: String,
}

/// The structured content of one document.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Extraction {
    /// What the document is.
    pub document_type: DocumentType,
    /// Probability that the type and the key fields are right, 0 to 1, at most four decimals.
    pub confidence: f64,
    /// The fields. Starts with `type`; its shape depends on the type. Keys match
    /// `[A-Za-z_][A-Za-z0-9_]*`; what was not found is null.
    pub data: Map<String, Value>,
    /// One entry per value found.
    pub fields: Vec<Field>,
    /// What to be aware of.
    pub warnings: Vec<ExtractionWarning>,
    /// Whether a person should look at the result.
    pub needs_review: bool,
    /// The media type found in the bytes.
    pub mime_type: String,
    /// ISO 639-1, where it could be told.
    pub language: Option<String>,
    /// Number of pages read.
    pub page_count: u32,
}
