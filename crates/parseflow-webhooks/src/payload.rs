//! From a fact to the bytes of an event: `{"event","timestamp","data"}` in this order.
//!
//! Source: "Payload Format", product documentation. A body longer than what every receiver accepts
//! (`express.json()` of the documentation's own sample answers 413 above 102,400 bytes) gets a
//! second, thin form without its bulk and with a link to the rest. Endpoints that have raised their
//! limit get the full one.

use std::sync::LazyLock;

use parseflow_model::{
    Batch, BatchStatus, BatchSummaryRow, CanonicalData, Document, DocumentFailure, EventType,
    Extraction, Fact, FileMeta, Limit, QuotaFact, Timestamp,
};
use serde_json::{Map, Value, json};

mod published;

use published::read_published;

use crate::canonical::{CanonicalError, CanonicalErrorKind, write_object, write_string};

/// The body limit of an endpoint that has not raised it, in bytes: 96 KiB.
pub const DEFAULT_BODY_BYTES_MAX: usize = 98_304;

/// The highest body limit an endpoint can have, in bytes: 1 MiB.
pub const BODY_BYTES_CEILING: usize = 1_048_576;

/// Characters of a failure's message that an event repeats, so that failures are always short.
const MESSAGE_CHARS_MAX: usize = 1_000;

/// What an event may say about a failure that nobody described.
const UNDESCRIBED: (&str, &str) = ("internal_error", "The work could not be finished.");

/// The nesting level of `data`; the body's own object is level 1.
pub(crate) const DATA_LEVEL: usize = 2;

/// The bytes of an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bodies {
    /// What is sent to endpoints whose limit it respects. At most [`BODY_BYTES_CEILING`] bytes.
    pub body: Vec<u8>,
    /// The smaller form for the other endpoints, at most [`DEFAULT_BODY_BYTES_MAX`] bytes; `None`
    /// when `body` is within every limit.
    pub thin: Option<Vec<u8>>,
}

/// The bytes of the event that announces `fact`.
///
/// `timestamp` is `occurred_at`, when it happened, not when it is sent. `public_url` is the base of
/// links, with or without a slash at its end. `"test":true` follows `data` for test keys.
///
/// The thin form, made when the full one is longer than [`DEFAULT_BODY_BYTES_MAX`]:
/// `extraction.completed` has `data.data` null, `batch.completed` has no `documents`, and both have
/// `data.truncated` true and `data.resultUrl`. Other facts of our own are short by construction.
/// Published data that long is refused by [`accepted_data`]. A full form above [`BODY_BYTES_CEILING`] could be sent to nobody:
/// then `body` is the thin form and `thin` is `None`.
///
/// # Errors
/// A [`CanonicalError`] when extracted data has no canonical form; its pointer is relative to the
/// event's `data`.
pub fn bodies(
    fact: &Fact,
    occurred_at: Timestamp,
    public_url: &str,
) -> Result<Bodies, CanonicalError> {
    let write = |data: &Map<String, Value>| {
        let data = canonical_data(data)?;
        Ok(body_around(fact.event_type(), occurred_at, data.as_bytes(), is_test(fact)))
    };
    let base = public_url.trim_end_matches('/');
    let body = match fact {
        Fact::DocumentFinished(document) => match &document.extraction {
            Some(extraction) => write(&extraction_completed(document, extraction, None))?,
            None => write(&extraction_failed(document))?,
        },
        Fact::BatchCompleted(batch, rows) => {
            write(&batch_completed(batch, Some(rows), occurred_at, None))?
        }
        Fact::BatchFailed(batch) => write(&batch_failed(batch, occurred_at))?,
        Fact::QuotaWarning(quota) | Fact::QuotaExceeded(quota) => write(&quota_data(quota))?,
        Fact::Published { event_type, data, test } => {
            body_around(*event_type, occurred_at, data.as_bytes(), *test)
        }
    };
    if body.len() <= DEFAULT_BODY_BYTES_MAX {
        return Ok(Bodies { body, thin: None });
    }
    let thin = match fact {
        Fact::DocumentFinished(document) => document.extraction.as_ref().map(|extraction| {
            extraction_completed(document, extraction, Some(document_url(base, document)))
        }),
        Fact::BatchCompleted(batch, _) => {
            Some(batch_completed(batch, None, occurred_at, Some(batch_url(base, batch))))
        }
        Fact::BatchFailed(_)
        | Fact::QuotaWarning(_)
        | Fact::QuotaExceeded(_)
        | Fact::Published { .. } => None,
    };
    let thin = thin.map(|data| write(&data)).transpose()?;
    Ok(match thin {
        Some(thin) if body.len() > BODY_BYTES_CEILING => Bodies { body: thin, thin: None },
        thin => Bodies { body, thin },
    })
}

/// `data` as it is published: it has a canonical form, and the body it makes is within
/// [`DEFAULT_BODY_BYTES_MAX`] whatever the event's type and the key's mode.
///
/// # Errors
/// A [`CanonicalError`] whose pointer is relative to `data`.
pub fn accepted_data(data: &Map<String, Value>) -> Result<CanonicalData, CanonicalError> {
    let data = canonical_data(data)?;
    if !fits(&data) {
        let body_bytes_max = DEFAULT_BODY_BYTES_MAX;
        return Err(CanonicalError::new(CanonicalErrorKind::TooLarge { body_bytes_max }));
    }
    Ok(data)
}

/// The event and the data of a request to publish, `{"event":…,"data":{…}}`, where all of it is in order.
/// `None` is no verdict: [`accepted_data`] tells what is wrong, if anything is.
///
/// It reads the text once and keeps no tree of values.
pub fn published(request: &[u8]) -> Option<(EventType, CanonicalData)> {
    let (event_type, data) = read_published(request)?;
    let data = CanonicalData::from_canonical(data);
    fits(&data).then_some((event_type, data))
}

/// Whether a published event's body is within [`DEFAULT_BODY_BYTES_MAX`].
fn fits(data: &CanonicalData) -> bool {
    // The type with the longest name, and the longest form of a body: one limit for all.
    static AROUND: LazyLock<usize> = LazyLock::new(|| {
        body_around(EventType::ExtractionCompleted, Timestamp::default(), b"", true).len()
    });
    *AROUND + data.as_bytes().len() <= DEFAULT_BODY_BYTES_MAX
}

fn canonical_data(data: &Map<String, Value>) -> Result<CanonicalData, CanonicalError> {
    let mut out = Vec::with_capacity(512);
    write_object(&mut out, data, DATA_LEVEL)?;
    Ok(CanonicalData::from_canonical(out))
}

/// The body with `data` in its place.
fn body_around(event_type: EventType, occurred_at: Timestamp, data: &[u8], test: bool) -> Vec<u8> {
    const REST: usize = 128;
    let mut out = Vec::with_capacity(data.len() + REST);
    out.extend_from_slice(b"{\"event\":");
    write_string(&mut out, event_type.as_str());
    out.extend_from_slice(b",\"timestamp\":");
    write_string(&mut out, &occurred_at.to_string());
    out.extend_from_slice(b",\"data\":");
    out.extend_from_slice(data);
    if test {
        out.extend_from_slice(b",\"test\":true");
    }
    out.push(b'}');
    out
}

fn is_test(fact: &Fact) -> bool {
    match fact {
        Fact::DocumentFinished(document) => document.test,
        Fact::BatchCompleted(batch, _) | Fact::BatchFailed(batch) => batch.test,
        Fact::QuotaWarning(_) | Fact::QuotaExceeded(_) => false,
        Fact::Published { test, .. } => *test,
    }
}

/// `thin_url` makes the thin form: without the fields, with a link to them.
fn extraction_completed(
    document: &Document,
    extraction: &Extraction,
    thin_url: Option<String>,
) -> Map<String, Value> {
    let mut data = object(json!({
        "id": document.id.as_str(),
        "status": "completed",
        "documentType": extraction.document_type.as_str(),
        "confidence": four_decimals(extraction.confidence),
        "data": null,
        "metadata": metadata(&document.file),
        "processingTimeMs": document.processing_ms,
    }));
    if thin_url.is_none() {
        // In its place between the others, and not through `json!`, which would copy it twice.
        data["data"] = Value::Object(extraction.data.clone());
    }
    add_batch(&mut data, document);
    add_thin_url(&mut data, thin_url);
    data
}

fn extraction_failed(document: &Document) -> Map<String, Value> {
    let mut data = object(json!({
        "id": document.id.as_str(),
        "status": "failed",
        "error": failure(document.failure.as_ref(), UNDESCRIBED),
        "metadata": metadata(&document.file),
        "processingTimeMs": document.processing_ms,
    }));
    add_batch(&mut data, document);
    data
}

/// `rows` is `None` in the thin form.
fn batch_completed(
    batch: &Batch,
    rows: Option<&Vec<BatchSummaryRow>>,
    occurred_at: Timestamp,
    thin_url: Option<String>,
) -> Map<String, Value> {
    let documents: Vec<Value> = rows.into_iter().flatten().map(summary_row).collect();
    let mut data = object(json!({
        "id": batch.id.as_str(),
        "status": "completed",
        "total": batch.total,
        "succeeded": batch.succeeded,
        "failed": batch.failed,
        "documents": documents,
        "createdAt": batch.created_at.to_string(),
        "completedAt": batch.completed_at.unwrap_or(occurred_at).to_string(),
    }));
    add_thin_url(&mut data, thin_url);
    data
}

fn batch_failed(batch: &Batch, occurred_at: Timestamp) -> Map<String, Value> {
    let undescribed = match batch.status {
        BatchStatus::Cancelled => ("cancelled", "The batch was cancelled."),
        _ => UNDESCRIBED,
    };
    object(json!({
        "id": batch.id.as_str(),
        "status": "failed",
        "error": failure(batch.failure.as_ref(), undescribed),
        "total": batch.total,
        "succeeded": batch.succeeded,
        "failed": batch.failed,
        "createdAt": batch.created_at.to_string(),
        "completedAt": batch.completed_at.unwrap_or(occurred_at).to_string(),
    }))
}

/// `periodEnd` is the first instant after the period.
fn quota_data(quota: &QuotaFact) -> Map<String, Value> {
    let remaining = match quota.limit {
        Limit::AtMost(limit) => Some(limit.saturating_sub(quota.used)),
        Limit::Unlimited => None,
    };
    object(json!({
        "plan": quota.plan.as_str(),
        "used": quota.used,
        "limit": quota.limit.count(),
        "remaining": remaining,
        "percentUsed": quota.limit.percent_used(quota.used),
        "period": quota.period.to_string(),
        "periodStart": quota.period.start().to_string(),
        "periodEnd": quota.period.end().to_string(),
    }))
}

fn metadata(file: &FileMeta) -> Value {
    json!({ "fileName": file.name, "fileSize": file.size, "mimeType": file.mime_type })
}

fn summary_row(row: &BatchSummaryRow) -> Value {
    json!({
        "id": row.id.as_str(),
        "fileName": row.file_name,
        "status": row.status.as_str(),
        "documentType": row.document_type.map(|kind| kind.as_str()),
        "confidence": row.confidence.map(four_decimals),
    })
}

fn failure(failure: Option<&DocumentFailure>, undescribed: (&str, &str)) -> Value {
    let (code, message) = match failure {
        Some(failure) => (failure.code.as_str(), failure.message.as_str()),
        None => undescribed,
    };
    let message: String = message.chars().take(MESSAGE_CHARS_MAX).collect();
    json!({ "code": code, "message": message })
}

fn add_batch(data: &mut Map<String, Value>, document: &Document) {
    if let Some(batch) = &document.batch {
        data.insert("batchId".to_owned(), batch.as_str().into());
    }
}

fn add_thin_url(data: &mut Map<String, Value>, thin_url: Option<String>) {
    if let Some(url) = thin_url {
        data.insert("truncated".to_owned(), true.into());
        data.insert("resultUrl".to_owned(), url.into());
    }
}

fn document_url(base: &str, document: &Document) -> String {
    format!("{base}/api/v1/documents/{}", document.id)
}

fn batch_url(base: &str, batch: &Batch) -> String {
    format!("{base}/api/v1/batch/{}", batch.id)
}

/// Probabilities are told to four decimals.
fn four_decimals(probability: f64) -> f64 {
    (probability * 10_000.0).round() / 10_000.0
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => unreachable!("only called with an object literal"),
    }
}

#[cfg(test)]
mod tests;
