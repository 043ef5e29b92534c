//! `POST /api/v1/batch`

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use parseflow_model::{
    Batch, BatchId, BatchStatus, Document, DocumentId, DocumentStatus, FileMeta, Timestamp,
};
use parseflow_store::{Accepted, Intake};
use utoipa::ToSchema;

use super::BatchBody;
use crate::archive;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::form::{Form, FormLimits, Part};
use crate::idempotency::{Fingerprint, Head, Once, key_of};
use crate::parts::Api;
use crate::routes::extract::create::quota_exceeded;
use crate::upload::{BATCH_PARTS, Pending, ReadingOptions, recognise};
use crate::upload_memory::Held;

const ZIP: &str = "application/zip";
const ZIP_START: &[u8] = b"PK";

/// Documents to read as one job.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the form in the OpenAPI document")]
pub(crate) struct BatchForm {
    /// 1 to 500 documents, or one ZIP archive of them.
    #[schema(value_type = Vec<String>, format = Binary)]
    files: Vec<Vec<u8>>,
    /// `auto`, `invoice`, `credit_note`, `receipt`, `contract`, `id_document`, `bank_statement`,
    /// `purchase_order`, `payslip`, `letter` or `form`.
    #[schema(default = "auto")]
    document_type: Option<String>,
    /// ISO 639-1; detected if left out.
    #[schema(pattern = "^[a-z]{2}$")]
    language: Option<String>,
    /// As for one document.
    #[schema(minimum = 0, maximum = 1)]
    review_threshold: Option<f64>,
    /// As for one document.
    schema: Option<String>,
    /// As for one document.
    #[schema(default = "fields")]
    output: Option<String>,
    /// Whether each document fires its own extraction event.
    #[schema(rename = "documentEvents", default = true)]
    document_events: Option<bool>,
}

/// Create a batch
///
/// Many files in one form, or one ZIP archive. Every document fires its own extraction event unless
/// `documentEvents` is `false`, then the batch fires exactly one.
#[utoipa::path(post, path = "/api/v1/batch", tag = "batches", operation_id = "createBatch",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request repeatable")),
    request_body(content = BatchForm, content_type = "multipart/form-data"),
    responses(
        (status = 202, body = BatchBody, headers(
            ("Location" = String, description = "Where the progress is"),
        )),
        (status = 409, description = "`idempotency_in_flight`"),
        (status = 422, description = "`idempotency_key_reused`"),
    ))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    // A key that cannot be used is told before anything is uploaded.
    key_of(&head.headers)?;
    let received = receive(&api, &caller, &head, body).await?;
    let once = Once::with(&api, &caller, &head, received.fingerprint)?;
    let repeated = once.seed();
    let id = match &repeated {
        // The same id when the work is done again after a crash, so that it is counted once.
        Some(seed) => BatchId::from_digest(seed.first_chunk().expect("32 are more than 16")),
        None => BatchId::new(api.now(), api.dice()),
    };
    let work = accept(Api::clone(&api), caller, id, repeated.is_some(), received);
    once.run(work).await
}

/// The files of a batch as they came in.
struct Received {
    /// Documents whose files are written under these ids.
    documents: Vec<(DocumentId, FileMeta)>,
    /// Instead of documents.
    archive: Option<(FileMeta, Held)>,
    options: ReadingOptions,
    files: Pending,
    started_at: Timestamp,
    fingerprint: [u8; 32],
}

async fn receive(
    api: &Api,
    caller: &Caller,
    head: &Head,
    body: Body,
) -> Result<Received, ApiError> {
    let settings = api.settings();
    let limits = FormLimits {
        file_parts: &["files", "file"],
        text_parts: BATCH_PARTS,
        bytes_max: settings.batch_bytes_max,
        idle_deadline: settings.body_deadline,
        memory: api.upload_memory.clone(),
    };
    let mut form = Form::open(&head.headers, body, limits)?;
    let mut fingerprint = Fingerprint::new(&head.method, &head.uri, &head.headers);
    let mut received = Received {
        documents: Vec::new(),
        archive: None,
        options: ReadingOptions::default(),
        files: Pending::new(api),
        started_at: api.now(),
        fingerprint: [0; 32],
    };
    let reading = read(api, caller, &mut form, &mut fingerprint, &mut received);
    let read = tokio::time::timeout(settings.upload_deadline, reading).await;
    if let Err(error) = read.unwrap_or(Err(ApiError::BodyTimeout)) {
        received.files.remove().await;
        return Err(error);
    }
    received.fingerprint = fingerprint.finish();
    Ok(received)
}

/// Reads the form, one file in memory at a time.
async fn read(
    api: &Api,
    caller: &Caller,
    form: &mut Form,
    fingerprint: &mut Fingerprint,
    received: &mut Received,
) -> Result<(), ApiError> {
    let settings = api.settings();
    let (files_max, archive) = (settings.batch_files_max, settings.archive);
    let file_bytes_max = caller.limits.file_bytes_max;
    let judge = move |number: usize, bytes: &[u8]| {
        if number as u64 > files_max {
            return Err(ApiError::TooManyFiles { files_max });
        }
        // Only the first file can be an archive; whether it is one shows when it is complete.
        let archive_perhaps = number == 1 && bytes.starts_with(ZIP_START);
        Ok(if archive_perhaps { file_bytes_max.max(archive.bytes_max) } else { file_bytes_max })
    };
    while let Some(part) = form.next(fingerprint, judge).await? {
        match part {
            Part::Text { name, text } => received.options.set(name, &text)?,
            Part::File { name, file } => {
                let (meta, file) = recognise(name, file).await?;
                // An archive among other files is a document like them.
                if let Some((meta, file)) = received.archive.take() {
                    add(api, received, meta, file, file_bytes_max).await?;
                }
                if received.documents.is_empty() && meta.mime_type == ZIP {
                    received.archive = Some((meta, file));
                } else {
                    add(api, received, meta, file, file_bytes_max).await?;
                }
            }
        }
    }
    if received.documents.is_empty() && received.archive.is_none() {
        return Err(ApiError::input("/files", "is required"));
    }
    if let Some((meta, file)) = received.archive.take() {
        let judged = tokio::task::spawn_blocking(move || {
            archive::judge(file.bytes(), files_max, &archive).map(|()| file)
        });
        let file = judged.await.unwrap_or(Err(ApiError::Panicked))?;
        received.archive = Some((meta, file));
    }
    Ok(())
}

async fn add(
    api: &Api,
    received: &mut Received,
    meta: FileMeta,
    file: Held,
    bytes_max: u64,
) -> Result<(), ApiError> {
    if meta.size > bytes_max {
        return Err(ApiError::FileTooLarge { bytes_max });
    }
    // One millisecond apart, so that their ids sort in the order of the form.
    let made_at = received.started_at + Duration::from_millis(received.documents.len() as u64);
    let id = DocumentId::new(made_at, api.dice());
    received.files.put(id.as_str(), file).await?;
    received.documents.push((id, meta));
    Ok(())
}

async fn accept(
    api: Api,
    caller: Caller,
    id: BatchId,
    repeatable: bool,
    received: Received,
) -> Result<Response, ApiError> {
    if repeatable && let Some(batch) = api.store().batch(&caller.account.id, &id).await? {
        received.files.remove().await;
        return Ok(accepted(&batch, &[]));
    }
    let Received { documents, archive, options, mut files, .. } = received;
    let now = api.now();
    let documents: Vec<Document> = documents
        .into_iter()
        .map(|(document, file)| new_document(&caller, &id, document, file, &options, now))
        .collect();
    let mut batch = new_batch(&caller, id, documents.len() as u64, &options, now);
    if let Some((meta, file)) = archive {
        batch.archive = Some(meta);
        files.put(batch.id.as_str(), file).await?;
    }
    let intake = Intake {
        account: caller.account.id.clone(),
        documents: documents.clone(),
        batch: Some(batch.clone()),
        now,
    };
    match api.store().accept(intake).await? {
        Accepted::Admitted(_) | Accepted::Repeated => files.keep(),
        Accepted::QuotaExceeded { usage, limit } => {
            files.remove().await;
            return Err(quota_exceeded(&api, usage.used, limit.count().unwrap_or(u64::MAX)));
        }
    }
    Ok(accepted(&batch, &documents))
}

fn new_batch(
    caller: &Caller,
    id: BatchId,
    total: u64,
    options: &ReadingOptions,
    now: Timestamp,
) -> Batch {
    Batch {
        id,
        account: caller.account.id.clone(),
        status: BatchStatus::Processing,
        document_events: options.document_events.unwrap_or(true),
        test: caller.is_test(),
        requested: options.requested,
        language: options.language.clone(),
        wishes: options.wishes.clone(),
        archive: None,
        total,
        succeeded: 0,
        failed: 0,
        failure: None,
        created_at: now,
        completed_at: None,
    }
}

fn new_document(
    caller: &Caller,
    batch: &BatchId,
    id: DocumentId,
    file: FileMeta,
    options: &ReadingOptions,
    now: Timestamp,
) -> Document {
    Document {
        id,
        account: caller.account.id.clone(),
        batch: Some(batch.clone()),
        file,
        requested: options.requested,
        language: options.language.clone(),
        wishes: options.wishes.clone(),
        test: caller.is_test(),
        status: DocumentStatus::Processing,
        extraction: None,
        failure: None,
        created_at: now,
        finished_at: None,
        processing_ms: None,
    }
}

fn accepted(batch: &Batch, documents: &[Document]) -> Response {
    let body = BatchBody::of(batch, documents, None);
    let mut response = (StatusCode::ACCEPTED, Json(body)).into_response();
    let location = format!("/api/v1/batch/{}", batch.id);
    let location = HeaderValue::from_str(&location).expect("an id is visible ASCII");
    response.headers_mut().insert(LOCATION, location);
    response
}
