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
    /// A bill.
    Invoice,
    /// A bill in the other direction: it takes back an earlier one, in whole or in part.
    CreditNote,
    /// A till receipt or proof of payment.
    Receipt,
    /// An agreement between parties.
    Contract,
    /// A passport, identity card or driving licence.
    IdDocument,
    /// A statement of a bank account.
    BankStatement,
    /// An order of goods or services.
    PurchaseOrder,
    /// What an employer pays for one period.
    Payslip,
    /// A letter or message in prose.
    Letter,
    /// Questions with room for answers.
    Form,
    /// Readable, but none of the others.
    #[serde(alias = "unknown")]
    Other,
}

impl DocumentType {
    /// Every type.
    pub const ALL: [DocumentType; 11] = [
        DocumentType::Invoice,
        DocumentType::CreditNote,
        DocumentType::Receipt,
        DocumentType::Contract,
        DocumentType::IdDocument,
        DocumentType::BankStatement,
        DocumentType::PurchaseOrder,
        DocumentType::Payslip,
        DocumentType::Letter,
        DocumentType::Form,
        DocumentType::Other,
    ];

    /// The public name, for example `bank_statement`.
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentType::Invoice => "invoice",
            DocumentType::CreditNote => "credit_note",
            DocumentType::Receipt => "receipt",
            DocumentType::Contract => "contract",
            DocumentType::IdDocument => "id_document",
            DocumentType::BankStatement => "bank_statement",
            DocumentType::PurchaseOrder => "purchase_order",
            DocumentType::Payslip => "payslip",
            DocumentType::Letter => "letter",
            DocumentType::Form => "form",
            DocumentType::Other => "other",
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
            known: "invoice, credit_note, receipt, contract, id_document, bank_statement, \
                    purchase_order, payslip, letter, form, other",
        })
    }
}

/// Where a value was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldSource {
    /// Structured data of the document: an electronic invoice, a spreadsheet's cell.
    Xml,
    /// The text layer of the document.
    Text,
    /// Characters recognised in a picture.
    Ocr,
    /// Computed from other values of the document, for example a total from its parts.
    Derived,
    /// Pointed out by a language model and found on the page.
    Model,
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

/// A table of the document, row by row.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Table {
    /// The page it begins on, counted from 1.
    pub page: u32,
    /// Left, top, right, bottom as fractions of the page, as in [`Field::bounds`].
    #[serde(rename = "box")]
    pub bounds: Option<[f64; 4]>,
    /// Cells from left to right, rows from top to bottom; every row has as many cells as the widest.
    /// An empty cell is an empty text.
    pub rows: Vec<Vec<String>>,
    /// How many of the first rows name the columns.
    pub header_rows: u32,
}

/// A word as it stands on its page.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PrintedWord {
    /// As printed.
    pub text: String,
    /// Left, top, right, bottom as fractions of the page, as in [`Field::bounds`].
    #[serde(rename = "box")]
    pub bounds: Option<[f64; 4]>,
}

/// What stands on one height of a page, from left to right.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PrintedRow {
    /// The page, counted from 1.
    pub page: u32,
    /// Its words; at least one.
    pub words: Vec<PrintedWord>,
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
    /// The whole text in reading order as Markdown, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The tables in reading order, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tables: Option<Vec<Table>>,
    /// The rows of all pages, for whoever checks a value against the page; empty unless that was asked
    /// for, and never kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub printed: Vec<PrintedRow>,
}
