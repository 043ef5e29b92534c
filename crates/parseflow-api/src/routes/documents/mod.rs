//! Documents and their results.

pub(crate) mod file;
pub(crate) mod list;
pub(crate) mod show;

use parseflow_model::{Document, DocumentFailure, ExtractionWarning, Field, FileMeta, Table};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::names::{DocumentKind, DocumentState};

/// The uploaded file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    /// The name as sent, without folders.
    file_name: String,
    /// In bytes.
    file_size: u64,
    /// Found in the bytes of the file.
    mime_type: String,
}

impl From<&FileMeta> for Metadata {
    fn from(file: &FileMeta) -> Self {
        Self {
            file_name: file.name.clone(),
            file_size: file.size,
            mime_type: file.mime_type.clone(),
        }
    }
}

/// Why a document or a batch failed.
#[derive(Serialize, ToSchema)]
pub(crate) struct Failure {
    /// Stable and machine-readable.
    #[schema(example = "corrupt_file")]
    code: String,
    /// One sentence for people.
    message: String,
}

impl From<&DocumentFailure> for Failure {
    fn from(failure: &DocumentFailure) -> Self {
        Self { code: failure.code.clone(), message: failure.message.clone() }
    }
}

/// Something a reader of the result should know.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the model's type in the OpenAPI document")]
pub(crate) struct Warning {
    /// Machine-readable, for example `totals_disagree`.
    code: String,
    /// One sentence for people.
    message: String,
}

/// One value with the evidence for it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the model's type in the OpenAPI document")]
pub(crate) struct ExtractedField {
    /// Path inside `data`.
    #[schema(example = "lineItems[0].amount")]
    name: String,
    /// The value as it stands in `data`.
    value: Value,
    /// The text as printed.
    raw_text: String,
    /// Probability that the value is right, 0 to 1.
    confidence: f64,
    /// Counted from 1.
    page: u32,
    /// Left, top, right, bottom as fractions of the page; null where there is no geometry.
    #[schema(rename = "box", min_items = 4, max_items = 4)]
    bounds: Option<Vec<f64>>,
    /// `xml`, `text`, `ocr`, `derived` or `model`.
    source: String,
}

/// A table of the document.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the model's type in the OpenAPI document")]
pub(crate) struct ExtractedTable {
    /// The page it begins on, counted from 1.
    page: u32,
    /// Left, top, right, bottom as fractions of the page; null where there is no geometry.
    #[schema(rename = "box", min_items = 4, max_items = 4)]
    bounds: Option<Vec<f64>>,
    /// Cells from left to right, rows from top to bottom, all rows of one length.
    rows: Vec<Vec<String>>,
    /// How many of the first rows name the columns.
    header_rows: u32,
}

/// A document with its result.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Document, example = json!({
    "id": "ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678",
    "status": "completed",
    "documentType": "invoice",
    "confidence": 0.94,
    "data": {"type": "invoice", "invoiceNumber": "2026-0417", "currency": "EUR", "total": 1190.5},
    "metadata": {"fileName": "invoice.pdf", "fileSize": 145230, "mimeType": "application/pdf"},
    "processingTimeMs": 1240,
    "batchId": null,
    "createdAt": "2026-04-14T10:04:58Z",
    "completedAt": "2026-04-14T10:05:00Z",
    "language": "en",
    "pageCount": 1,
    "warnings": [],
    "needsReview": false,
    "fields": [{
        "name": "total", "value": 1190.5, "rawText": "1,190.50", "confidence": 0.97, "page": 1,
        "box": [0.81, 0.72, 0.9, 0.74], "source": "text"
    }],
    "error": null
}))]
pub(crate) struct DocumentBody {
    #[schema(pattern = "^ext_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    id: String,
    /// `processing`, `completed`, `failed` or `cancelled`.
    #[schema(value_type = DocumentState)]
    status: &'static str,
    /// What the document is, once completed.
    #[schema(example = "invoice")]
    #[schema(value_type = Option<DocumentKind>)]
    document_type: Option<&'static str>,
    /// Probability that the type and the key fields are right, 0 to 1.
    confidence: Option<f64>,
    /// The fields, shaped by `type`, once completed.
    #[schema(value_type = Option<Object>)]
    data: Option<Map<String, Value>>,
    metadata: Metadata,
    /// Time spent reading.
    processing_time_ms: Option<u64>,
    /// The batch it came in.
    batch_id: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    completed_at: Option<String>,
    /// ISO 639-1, where it could be told.
    language: Option<String>,
    page_count: Option<u32>,
    #[schema(value_type = Vec<Warning>)]
    warnings: Vec<ExtractionWarning>,
    /// Whether a person should look at the result.
    needs_review: bool,
    #[schema(value_type = Vec<ExtractedField>)]
    fields: Vec<Field>,
    /// The whole text as Markdown, where `output` asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The tables, where `output` asked for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ExtractedTable>>)]
    tables: Option<Vec<Table>>,
    /// Why it failed.
    error: Option<Failure>,
}

impl DocumentBody {
    /// The document as the API shows it.
    pub(crate) fn of(document: Document) -> Self {
        let row = DocumentRow::of(&document);
        let extraction = document.extraction;
        let found = extraction.as_ref();
        let language = found.and_then(|found| found.language.clone());
        let page_count = found.map(|found| found.page_count);
        let needs_review = found.is_some_and(|found| found.needs_review);
        let (text, tables) =
            found.map(|found| (found.text.clone(), found.tables.clone())).unwrap_or_default();
        let (data, warnings, fields) = match extraction {
            Some(found) => (Some(found.data), found.warnings, found.fields),
            None => (None, Vec::new(), Vec::new()),
        };
        Self {
            id: row.id,
            status: row.status,
            document_type: row.document_type,
            confidence: row.confidence,
            data,
            metadata: row.metadata,
            processing_time_ms: row.processing_time_ms,
            batch_id: row.batch_id,
            created_at: row.created_at,
            completed_at: row.completed_at,
            language,
            page_count,
            warnings,
            needs_review,
            fields,
            text,
            tables,
            error: row.error,
        }
    }
}

/// A document without its fields, as in lists.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DocumentSummary)]
pub(crate) struct DocumentRow {
    #[schema(pattern = "^ext_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    id: String,
    /// `processing`, `completed`, `failed` or `cancelled`.
    #[schema(value_type = DocumentState)]
    status: &'static str,
    /// What the document is, once completed.
    #[schema(example = "invoice")]
    #[schema(value_type = Option<DocumentKind>)]
    document_type: Option<&'static str>,
    /// Probability that the type and the key fields are right, 0 to 1.
    confidence: Option<f64>,
    metadata: Metadata,
    /// Time spent reading.
    processing_time_ms: Option<u64>,
    /// The batch it came in.
    batch_id: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    completed_at: Option<String>,
    /// Why it failed.
    error: Option<Failure>,
}

impl DocumentRow {
    pub(crate) fn of(document: &Document) -> Self {
        let found = document.extraction.as_ref();
        Self {
            id: document.id.to_string(),
            status: document.status.as_str(),
            document_type: found.map(|found| found.document_type.as_str()),
            confidence: found.map(|found| found.confidence),
            metadata: Metadata::from(&document.file),
            processing_time_ms: document.processing_ms,
            batch_id: document.batch.as_ref().map(ToString::to_string),
            created_at: document.created_at.to_string(),
            completed_at: document.finished_at.map(|at| at.to_string()),
            error: document.failure.as_ref().map(Failure::from),
        }
    }
}
