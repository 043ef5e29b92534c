//! What is sent in: single documents and batches of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{AccountId, BatchId, DocumentId, DocumentType, Extraction, Timestamp, UnknownName};

/// The type a caller asks for: one of the known ones, or whatever the document turns out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestedType {
    /// Let the classifier decide.
    #[default]
    Auto,
    /// Read it as this type.
    Is(DocumentType),
}

impl fmt::Display for RequestedType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RequestedType::Auto => f.write_str("auto"),
            RequestedType::Is(kind) => write!(f, "{kind}"),
        }
    }
}

impl FromStr for RequestedType {
    type Err = UnknownName;
    fn from_str(text: &str) -> Result<Self, UnknownName> {
        match text.parse() {
            _ if text == "auto" => Ok(RequestedType::Auto),
            Ok(kind) if kind != DocumentType::Other => Ok(RequestedType::Is(kind)),
            _ => Err(UnknownName {
                known: "auto, invoice, credit_note, receipt, contract, id_document, \
                        bank_statement, purchase_order, payslip, letter, form",
            }),
        }
    }
}

/// What a caller wants of a document beyond its type and language. The default asks for nothing.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReadingWishes {
    /// Results below this confidence (0 to 1) are marked for review; the service's own threshold if
    /// `None`.
    pub review_threshold: Option<f64>,
    /// A JSON Schema of an object: exactly its properties are looked for.
    pub schema: Option<serde_json::Value>,
    /// Whether to return the whole text as Markdown.
    pub text: bool,
    /// Whether to return the tables.
    pub tables: bool,
}

/// The uploaded file as the caller described it, and what was found in its bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileMeta {
    /// The name given by the caller, without folders, at most 255 characters.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// Media type found in the bytes; the caller's claim is not trusted.
    pub mime_type: String,
}

/// Where a document is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentStatus {
    /// Accepted, not yet read.
    Processing,
    /// Read.
    Completed,
    /// Could not be read.
    Failed,
    /// Its batch was cancelled before it was read.
    Cancelled,
}

impl DocumentStatus {
    /// All states.
    pub const ALL: [DocumentStatus; 4] = [
        DocumentStatus::Processing,
        DocumentStatus::Completed,
        DocumentStatus::Failed,
        DocumentStatus::Cancelled,
    ];

    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentStatus::Processing => "processing",
            DocumentStatus::Completed => "completed",
            DocumentStatus::Failed => "failed",
            DocumentStatus::Cancelled => "cancelled",
        }
    }
}

/// Why a document could not be read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DocumentFailure {
    /// Stable and machine-readable, for example `corrupt_file`.
    pub code: String,
    /// One sentence for people.
    pub message: String,
}

/// One document of an account, with its result once there is one.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// `ext_…`
    pub id: DocumentId,
    /// Whose it is.
    pub account: AccountId,
    /// The batch it came in, if it came in one.
    pub batch: Option<BatchId>,
    /// The file.
    pub file: FileMeta,
    /// The type asked for.
    pub requested: RequestedType,
    /// ISO 639-1 as asked for; detected if `None`.
    pub language: Option<String>,
    /// What else was asked for.
    pub wishes: ReadingWishes,
    /// Sent with a test key: its events say so.
    pub test: bool,
    /// Where it is in its life.
    pub status: DocumentStatus,
    /// The result, once completed.
    pub extraction: Option<Extraction>,
    /// The reason, once failed.
    pub failure: Option<DocumentFailure>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it reached its end state.
    pub finished_at: Option<Timestamp>,
    /// Time spent reading it.
    pub processing_ms: Option<u64>,
}

/// Where a batch is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BatchStatus {
    /// Some of its documents have not reached an end state.
    Processing,
    /// Every document has reached one.
    Completed,
    /// The job itself could not go on.
    Failed,
    /// Cancelled by its owner; told to the world as `batch.failed` with the code `cancelled`.
    Cancelled,
}

impl BatchStatus {
    /// All states.
    pub const ALL: [BatchStatus; 4] = [
        BatchStatus::Processing,
        BatchStatus::Completed,
        BatchStatus::Failed,
        BatchStatus::Cancelled,
    ];

    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            BatchStatus::Processing => "processing",
            BatchStatus::Completed => "completed",
            BatchStatus::Failed => "failed",
            BatchStatus::Cancelled => "cancelled",
        }
    }
}

/// Many documents sent as one job.
#[derive(Clone, PartialEq, Debug)]
pub struct Batch {
    /// `batch_…`
    pub id: BatchId,
    /// Whose it is.
    pub account: AccountId,
    /// Where it is in its life.
    pub status: BatchStatus,
    /// Whether each document fires its own event.
    pub document_events: bool,
    /// Sent with a test key.
    pub test: bool,
    /// The type asked for, for documents still inside the archive.
    pub requested: RequestedType,
    /// ISO 639-1 as asked for.
    pub language: Option<String>,
    /// What else was asked for.
    pub wishes: ReadingWishes,
    /// A ZIP archive that has not been opened yet.
    pub archive: Option<FileMeta>,
    /// Number of documents; 0 until an archive has been opened.
    pub total: u64,
    /// Documents read.
    pub succeeded: u64,
    /// Documents that could not be read.
    pub failed: u64,
    /// Why the job could not go on.
    pub failure: Option<DocumentFailure>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it reached its end state.
    pub completed_at: Option<Timestamp>,
}

/// One document in the report of a finished batch.
#[derive(Clone, PartialEq, Debug)]
pub struct BatchSummaryRow {
    /// `ext_…`
    pub id: DocumentId,
    /// The file's name.
    pub file_name: String,
    /// Its end state.
    pub status: DocumentStatus,
    /// What it was, if it was read.
    pub document_type: Option<DocumentType>,
    /// How sure we are, if it was read.
    pub confidence: Option<f64>,
}
