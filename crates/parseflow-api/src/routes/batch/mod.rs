//! Batches of documents.

pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod show;

use parseflow_model::{Batch, Document};
use serde::Serialize;
use utoipa::ToSchema;

use crate::names::{BatchState, DocumentKind, DocumentState};
use crate::routes::documents::Failure;

/// One document of a batch.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchDocument {
    #[schema(pattern = "^ext_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    id: String,
    file_name: String,
    /// `processing`, `completed`, `failed` or `cancelled`.
    #[schema(value_type = DocumentState)]
    status: &'static str,
    #[schema(value_type = Option<DocumentKind>)]
    document_type: Option<&'static str>,
    confidence: Option<f64>,
}

impl BatchDocument {
    pub(crate) fn of(document: &Document) -> Self {
        let found = document.extraction.as_ref();
        Self {
            id: document.id.to_string(),
            file_name: document.file.name.clone(),
            status: document.status.as_str(),
            document_type: found.map(|found| found.document_type.as_str()),
            confidence: found.map(|found| found.confidence),
        }
    }
}

/// A batch without its documents, as in lists.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BatchSummary)]
pub(crate) struct BatchRow {
    #[schema(pattern = "^batch_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    id: String,
    /// `processing`, `completed`, `failed` or `cancelled`.
    #[schema(value_type = BatchState)]
    status: &'static str,
    /// Number of documents; 0 until an archive has been opened.
    total: u64,
    succeeded: u64,
    failed: u64,
    /// Documents not read yet.
    processing: u64,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    completed_at: Option<String>,
    /// Why the job could not go on.
    error: Option<Failure>,
}

impl BatchRow {
    pub(crate) fn of(batch: &Batch) -> Self {
        let open = batch.completed_at.is_none();
        let left = batch.total.saturating_sub(batch.succeeded + batch.failed);
        Self {
            id: batch.id.to_string(),
            status: batch.status.as_str(),
            total: batch.total,
            succeeded: batch.succeeded,
            failed: batch.failed,
            processing: if open { left } else { 0 },
            created_at: batch.created_at.to_string(),
            completed_at: batch.completed_at.map(|at| at.to_string()),
            error: batch.failure.as_ref().map(Failure::from),
        }
    }
}

/// A batch with one page of its documents.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Batch)]
pub(crate) struct BatchBody {
    #[schema(pattern = "^batch_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    id: String,
    /// `processing`, `completed`, `failed` or `cancelled`.
    #[schema(value_type = BatchState)]
    status: &'static str,
    /// Number of documents; 0 until an archive has been opened.
    total: u64,
    succeeded: u64,
    failed: u64,
    /// Documents not read yet.
    processing: u64,
    /// Newest first.
    documents: Vec<BatchDocument>,
    /// Where the next page of documents starts; null on the last one.
    next_cursor: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    completed_at: Option<String>,
    /// Why the job could not go on.
    error: Option<Failure>,
}

impl BatchBody {
    pub(crate) fn of(batch: &Batch, documents: &[Document], next_cursor: Option<String>) -> Self {
        let row = BatchRow::of(batch);
        Self {
            id: row.id,
            status: row.status,
            total: row.total,
            succeeded: row.succeeded,
            failed: row.failed,
            processing: row.processing,
            documents: documents.iter().map(BatchDocument::of).collect(),
            next_cursor,
            created_at: row.created_at,
            completed_at: row.completed_at,
            error: row.error,
        }
    }
}
