//! `POST /api/v1/extract`

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use parseflow_model::{Document, DocumentFailure, DocumentId, DocumentStatus};
use parseflow_store::{Accepted, Intake};
use tokio::sync::oneshot;

use super::ExtractForm;
use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::idempotency::{Head, Once, key_of};
use crate::parts::Api;
use crate::prefer::{PREFERENCE_APPLIED, Preference};
use crate::routes::documents::DocumentBody;
use crate::upload::{self, Pending, Upload};

/// How often a document is looked for that another process may have read.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Extract a document
///
/// Answers 200 with the result, or 202 with `status` `processing` when `Prefer: respond-async` asks
/// for it or the work outlasts the synchronous limit; the result is then at `Location`. A document
/// that cannot be read is answered with its code; it is stored as failed and `id` names it.
#[utoipa::path(post, path = "/api/v1/extract", tag = "documents", operation_id = "extractDocument",
    params(
        ("Prefer" = Option<String>, Header, description = "`respond-async`, `wait=<seconds>`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request repeatable"),
    ),
    request_body(content = ExtractForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = DocumentBody, description = "Read"),
        (status = 202, body = DocumentBody, description = "Accepted, not read yet", headers(
            ("Location" = String, description = "Where the result will be"),
        )),
        (status = 409, description = "`idempotency_in_flight`"),
        (status = 422, description = "The document cannot be read: `corrupt_file`, `encrypted`, \
            `empty_document`; or `idempotency_key_reused`"),
        (status = 504, description = "`timeout`: reading the document took too long"),
    ))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    // A key that cannot be used is told before anything is uploaded.
    key_of(&head.headers)?;
    let upload = upload::one_document(&api, &head, body, caller.limits.file_bytes_max).await?;
    let preference = Preference::of(&head.headers);
    let once = Once::with(&api, &caller, &head, upload.fingerprint)?;
    let id = match once.seed() {
        // The same id when the work is done again after a crash, so that it is counted once.
        Some(seed) => DocumentId::from_digest(seed.first_chunk().expect("32 are more than 16")),
        None => DocumentId::new(api.now(), api.dice()),
    };
    let work = extract(Api::clone(&api), caller, id, upload, preference);
    once.run(work).await
}

async fn extract(
    api: Api,
    caller: Caller,
    id: DocumentId,
    upload: Upload,
    preference: Preference,
) -> Result<Response, ApiError> {
    let now = api.now();
    let document = Document {
        id: id.clone(),
        account: caller.account.id.clone(),
        batch: None,
        file: upload.meta,
        requested: upload.options.requested,
        language: upload.options.language,
        wishes: upload.options.wishes,
        test: caller.is_test(),
        status: DocumentStatus::Processing,
        extraction: None,
        failure: None,
        created_at: now,
        finished_at: None,
        processing_ms: None,
    };
    let mut files = Pending::new(&api);
    files.put(id.as_str(), upload.file).await?;
    let finished = api.parts.waiters.register(&id);
    let account = caller.account.id.clone();
    let intake = Intake { account, documents: vec![document], batch: None, now };
    match api.store().accept(intake).await? {
        Accepted::Admitted(_) => files.keep(),
        Accepted::Repeated => {
            // Still to be read: the file, written again, is the same. Read: it is not needed.
            if find(&api, &caller, &id).await?.status == DocumentStatus::Processing {
                files.keep();
            } else {
                files.remove().await;
                return answer(&api, &caller, &id, preference).await;
            }
        }
        Accepted::QuotaExceeded { usage, limit } => {
            files.remove().await;
            return Err(quota_exceeded(&api, usage.used, limit.count().unwrap_or(u64::MAX)));
        }
    }
    let wait = preference.wait_within(api.settings().sync_limit);
    wait_for(&api, &caller, &id, finished, wait).await;
    api.parts.waiters.forget(&id);
    answer(&api, &caller, &id, preference).await
}

/// Waits until the document is read, at most for `wait`. Another process on the same database may
/// read it, and does not tell: it is looked for.
async fn wait_for(
    api: &Api,
    caller: &Caller,
    id: &DocumentId,
    mut finished: oneshot::Receiver<()>,
    wait: Duration,
) {
    let step = if api.store().is_shared() { LOOK_AGAIN } else { wait };
    let mut left = wait;
    while left > Duration::ZERO {
        // A timeout only means that the answer is 202.
        if tokio::time::timeout(left.min(step), &mut finished).await.is_ok() {
            return;
        }
        left = left.saturating_sub(step);
        let is_read = |document: Document| document.status != DocumentStatus::Processing;
        if left > Duration::ZERO && find(api, caller, id).await.is_ok_and(is_read) {
            return;
        }
    }
}

/// 429 until the month is over.
pub(crate) fn quota_exceeded(api: &Api, used: u64, limit: u64) -> ApiError {
    let now = api.now();
    let retry_after_secs = now.month().end().since(now).as_secs().max(1);
    ApiError::QuotaExceeded { used, limit, retry_after_secs }
}

async fn find(api: &Api, caller: &Caller, id: &DocumentId) -> Result<Document, ApiError> {
    let document = api.store().document(caller.id(), id).await?;
    document.ok_or(ApiError::NotFound(Missing::Document))
}

/// The document as it stands: 200, 202, or the problem that it failed with.
async fn answer(
    api: &Api,
    caller: &Caller,
    id: &DocumentId,
    preference: Preference,
) -> Result<Response, ApiError> {
    let document = find(api, caller, id).await?;
    match document.status {
        DocumentStatus::Completed => Ok(Json(DocumentBody::of(document)).into_response()),
        DocumentStatus::Failed | DocumentStatus::Cancelled => {
            let unnamed = || DocumentFailure {
                code: "cancelled".to_owned(),
                message: "The document was not read.".to_owned(),
            };
            let failure = document.failure.unwrap_or_else(unnamed);
            Err(ApiError::DocumentFailed { id: Some(document.id), failure })
        }
        DocumentStatus::Processing => {
            let location = format!("/api/v1/documents/{id}");
            let mut response =
                (StatusCode::ACCEPTED, Json(DocumentBody::of(document))).into_response();
            let headers = response.headers_mut();
            let location = HeaderValue::from_str(&location).expect("an id is visible ASCII");
            headers.insert(LOCATION, location);
            if let Some(applied) = preference.applied() {
                headers.insert(PREFERENCE_APPLIED, applied);
            }
            Ok(response)
        }
    }
}
