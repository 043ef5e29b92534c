//! What a test of an endpoint sends: made-up facts, told by the same code as real ones.

use std::time::Duration;

use parseflow_model::{
    AccountId, Batch, BatchId, BatchStatus, BatchSummaryRow, Document, DocumentFailure, DocumentId,
    DocumentStatus, DocumentType, EventType, Extraction, Fact, FileMeta, Limit, Plan, QuotaFact,
    ReadingWishes, RequestedType, Timestamp,
};
use parseflow_webhooks::canonical::CanonicalError;
use parseflow_webhooks::payload;
use serde_json::{Map, Value, json};

/// Time that the made-up document took.
const PROCESSING_MS: u64 = 1_240;

/// The `data` of a made-up event of this type, in the exact shape of a real one.
pub(crate) fn data(
    event_type: EventType,
    account: &AccountId,
    now: Timestamp,
    public_url: &str,
) -> Result<Map<String, Value>, CanonicalError> {
    let bodies = payload::bodies(&fact(event_type, account, now), now, public_url)?;
    let body: Value = serde_json::from_slice(&bodies.body).unwrap_or_default();
    Ok(body.get("data").and_then(Value::as_object).cloned().unwrap_or_default())
}

fn fact(event_type: EventType, account: &AccountId, now: Timestamp) -> Fact {
    let completed = document(1, "invoice.pdf", account, now, Ok(extraction()));
    let failed = document(2, "scan.pdf", account, now, Err(failure()));
    let quota = |used| QuotaFact {
        plan: Plan::Pro,
        used,
        limit: Limit::AtMost(5_000),
        period: now.month(),
    };
    match event_type {
        EventType::ExtractionCompleted => Fact::DocumentFinished(Box::new(completed)),
        EventType::ExtractionFailed => Fact::DocumentFinished(Box::new(failed)),
        EventType::BatchCompleted => {
            let rows = [&completed, &failed].map(row).to_vec();
            Fact::BatchCompleted(Box::new(batch(BatchStatus::Completed, account, now)), rows)
        }
        EventType::BatchFailed => {
            let mut batch = batch(BatchStatus::Failed, account, now);
            (batch.total, batch.succeeded, batch.failed) = (0, 0, 0);
            batch.failure = Some(DocumentFailure {
                code: "unreadable_archive".to_owned(),
                message: "The archive cannot be read as ZIP.".to_owned(),
            });
            Fact::BatchFailed(Box::new(batch))
        }
        EventType::QuotaWarning => Fact::QuotaWarning(quota(4_000)),
        EventType::QuotaExceeded => Fact::QuotaExceeded(quota(5_000)),
    }
}

fn document(
    number: u8,
    name: &str,
    account: &AccountId,
    now: Timestamp,
    outcome: Result<Extraction, DocumentFailure>,
) -> Document {
    let status = if outcome.is_ok() { DocumentStatus::Completed } else { DocumentStatus::Failed };
    let (extraction, failure) = match outcome {
        Ok(extraction) => (Some(extraction), None),
        Err(failure) => (None, Some(failure)),
    };
    Document {
        // Ids of chance never look like this: whoever looks it up finds nothing.
        id: DocumentId::from_digest(&[number; 16]),
        account: account.clone(),
        batch: None,
        file: FileMeta {
            name: name.to_owned(),
            size: 145_230,
            mime_type: "application/pdf".to_owned(),
        },
        requested: RequestedType::Auto,
        language: None,
        wishes: ReadingWishes::default(),
        test: true,
        status,
        extraction,
        failure,
        created_at: now - Duration::from_millis(PROCESSING_MS),
        finished_at: Some(now),
        processing_ms: Some(PROCESSING_MS),
    }
}

fn failure() -> DocumentFailure {
    DocumentFailure {
        code: "corrupt_file".to_owned(),
        message: "The file is damaged and cannot be read.".to_owned(),
    }
}

fn extraction() -> Extraction {
    let data = json!({
        "type": "invoice",
        "invoiceNumber": "2026-0417",
        "invoiceDate": "2026-04-01",
        "dueDate": "2026-05-01",
        "currency": "EUR",
        "vendor": {"name": "Muster GmbH", "address": "Hauptstraße 1, 10115 Berlin"},
        "customer": {"name": "Example Ltd"},
        "lineItems": [
            {"description": "Paper, A4", "quantity": 10, "unitPrice": 4.5, "amount": 45}
        ],
        "subtotal": 45,
        "tax": 8.55,
        "total": 53.55
    });
    Extraction {
        document_type: DocumentType::Invoice,
        confidence: 0.94,
        data: match data {
            Value::Object(data) => data,
            _ => Map::new(),
        },
        fields: Vec::new(),
        warnings: Vec::new(),
        needs_review: false,
        mime_type: "application/pdf".to_owned(),
        language: Some("en".to_owned()),
        page_count: 1,
        text: None,
        tables: None,
        printed: Vec::new(),
    }
}

fn batch(status: BatchStatus, account: &AccountId, now: Timestamp) -> Batch {
    Batch {
        id: BatchId::from_digest(&[3; 16]),
        account: account.clone(),
        status,
        document_events: true,
        test: true,
        requested: RequestedType::Auto,
        language: None,
        wishes: ReadingWishes::default(),
        archive: None,
        total: 2,
        succeeded: 1,
        failed: 1,
        failure: None,
        created_at: now - Duration::from_millis(2 * PROCESSING_MS),
        completed_at: Some(now),
    }
}

fn row(document: &Document) -> BatchSummaryRow {
    let found = document.extraction.as_ref();
    BatchSummaryRow {
        id: document.id.clone(),
        file_name: document.file.name.clone(),
        status: document.status,
        document_type: found.map(|found| found.document_type),
        confidence: found.map(|found| found.confidence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_type_has_a_sample_that_can_be_sent() {
        let account: AccountId = "acc_a1b2c3d4e5f6g7h8".parse().unwrap();
        let now = Timestamp::from_secs(1_776_161_100);
        for event_type in EventType::ALL {
            let data = data(event_type, &account, now, "https://parseflow.example.com").unwrap();
            assert!(payload::accepted_data(&data).is_ok(), "{event_type}");
            let first = data.keys().next().map(String::as_str);
            let expected = if event_type.as_str().starts_with("quota") { "plan" } else { "id" };
            assert_eq!(first, Some(expected), "{event_type}");
        }
    }
}
