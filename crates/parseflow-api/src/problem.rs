//! From an error to `application/problem+json` (RFC 9457). The only place that knows which status
//! an error has.
//!
//! Handlers return an [`ApiError`]; as a response it carries a [`Problem`] and no body. The outermost
//! layer writes the body with [`render`], because it needs the request's id.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use parseflow_accounts::rate_limit::RateDecision;
use parseflow_store::StoreError;
use parseflow_webhooks::canonical::{CanonicalError, CanonicalErrorKind};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::{ApiError, InputError};
use crate::request_id::RequestId;

/// Where the codes are explained, below the public URL.
pub(crate) const ERRORS_PATH: &str = "/docs/errors";

const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// An error on its way out.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: String,
    errors: Vec<InputError>,
    document: Option<String>,
    /// For the log: what went wrong on our side, cause by cause.
    pub(crate) causes: Option<String>,
}

/// The body of every error (RFC 9457, with the members `error`, `code`, `requestId`, `errors`).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem, example = json!({
    "type": "https://parseflow.example.com/docs/errors/plan_upgrade_required",
    "title": "Plan upgrade required",
    "status": 403,
    "detail": "Webhooks are available on the Pro and Enterprise plans. Upgrade your plan to use them.",
    "error": "Webhooks are available on the Pro and Enterprise plans. Upgrade your plan to use them.",
    "code": "plan_upgrade_required",
    "requestId": "req_0f8k2m4n6p8q0r2s",
}))]
pub(crate) struct ProblemBody<'a> {
    /// Explanation of the code: a URL.
    #[serde(rename = "type")]
    type_url: String,
    /// The code in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What went wrong this time, for people.
    detail: &'a str,
    /// The same sentence, under the name that simple clients look for.
    error: &'a str,
    /// Stable and machine-readable.
    code: &'a str,
    /// Also in the header X-Request-Id and in the service's log.
    request_id: &'a str,
    /// What is wrong with the input, place by place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemEntry<'a>>,
    /// The document, where one was stored before it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// Its status, `failed`.
    #[serde(rename = "documentStatus", skip_serializing_if = "Option::is_none")]
    document_status: Option<&'a str>,
}

/// One thing that is wrong with the input.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemEntry<'a> {
    /// A JSON pointer into the body, a query parameter (`?limit`) or the name of a header.
    pointer: &'a str,
    /// What is wrong there.
    message: &'a str,
}

fn status_of(error: &ApiError) -> StatusCode {
    match error {
        ApiError::MalformedJson { .. }
        | ApiError::MalformedMultipart { .. }
        | ApiError::InvalidInput(_)
        | ApiError::MissingParameter(_)
        | ApiError::InvalidCursor
        | ApiError::InvalidIdempotencyKey
        | ApiError::Subscription(_)
        | ApiError::Url(_)
        | ApiError::BodyInterrupted => StatusCode::BAD_REQUEST,
        ApiError::Data(error) => data_status(error),
        ApiError::MissingApiKey
        | ApiError::InvalidApiKey
        | ApiError::ConflictingCredentials
        | ApiError::NoSession => StatusCode::UNAUTHORIZED,
        ApiError::PlanUpgradeRequired
        | ApiError::ScopeRequired(_)
        | ApiError::CsrfTokenInvalid
        | ApiError::RegistrationClosed => StatusCode::FORBIDDEN,
        ApiError::NotFound(_) | ApiError::FileNotKept | ApiError::UnknownRoute => {
            StatusCode::NOT_FOUND
        }
        ApiError::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
        ApiError::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
        ApiError::EndpointLimitReached { .. }
        | ApiError::EndpointDisabled
        | ApiError::RecoveryRunning(_)
        | ApiError::RecoveryEnded
        | ApiError::NoRotationPending
        | ApiError::KeyLimitReached { .. }
        | ApiError::EmailTaken
        | ApiError::BatchEnded
        | ApiError::IdempotencyInFlight => StatusCode::CONFLICT,
        ApiError::BodyTooLarge { .. }
        | ApiError::FileTooLarge { .. }
        | ApiError::TooManyFiles { .. }
        | ApiError::ArchiveTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        ApiError::UnsupportedMediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ApiError::EmptyDocument | ApiError::IdempotencyKeyReused => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        ApiError::DocumentFailed { failure, .. } => document_status(&failure.code),
        ApiError::RateLimited(_) | ApiError::QuotaExceeded { .. } | ApiError::TooManyStreams => {
            StatusCode::TOO_MANY_REQUESTS
        }
        ApiError::DemoBusy | ApiError::UploadBusy => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Store(error) => store_status(error),
        ApiError::Vault(_) | ApiError::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn data_status(error: &CanonicalError) -> StatusCode {
    match error.kind {
        CanonicalErrorKind::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        CanonicalErrorKind::NumberTooLarge
        | CanonicalErrorKind::KeyNotAllowed
        | CanonicalErrorKind::KeyReserved
        | CanonicalErrorKind::TooDeep => StatusCode::BAD_REQUEST,
    }
}

/// Failures are stored as text; whatever is not named here is a document that cannot be read.
fn document_status(code: &str) -> StatusCode {
    match code {
        "unsupported_format" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "timeout" => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn store_status(error: &StoreError) -> StatusCode {
    match error {
        StoreError::Unavailable(_) | StoreError::Closed | StoreError::LeaseLost => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        StoreError::Damaged(_) | StoreError::Unwritable(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Seconds after which to try again what is only busy.
const BUSY_RETRY_SECS: u64 = 1;

fn headers_of(error: &ApiError) -> HeaderMap {
    let mut headers = HeaderMap::new();
    match error {
        ApiError::MissingApiKey
        | ApiError::InvalidApiKey
        | ApiError::ConflictingCredentials
        | ApiError::NoSession => {
            let challenge = HeaderValue::from_static("Bearer realm=\"ParseFlow\"");
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        ApiError::RateLimited(decision) => {
            add_rate(&mut headers, decision);
            headers.insert(RETRY_AFTER, decision.retry_after_secs.max(1).into());
        }
        ApiError::QuotaExceeded { retry_after_secs, .. } => {
            headers.insert(RETRY_AFTER, (*retry_after_secs).into());
        }
        ApiError::DemoBusy
        | ApiError::UploadBusy
        | ApiError::TooManyStreams
        | ApiError::IdempotencyInFlight => {
            headers.insert(RETRY_AFTER, BUSY_RETRY_SECS.into());
        }
        ApiError::Store(error) if store_status(error) == StatusCode::SERVICE_UNAVAILABLE => {
            headers.insert(RETRY_AFTER, BUSY_RETRY_SECS.into());
        }
        _ => {}
    }
    headers
}

/// `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds); nothing where there is
/// no limit.
pub(crate) fn add_rate(headers: &mut HeaderMap, decision: &RateDecision) {
    if let Some(limit) = decision.limit {
        headers.insert(HeaderName::from_static("ratelimit-limit"), limit.into());
        let remaining = HeaderName::from_static("ratelimit-remaining");
        headers.insert(remaining, decision.remaining.into());
        headers.insert(HeaderName::from_static("ratelimit-reset"), decision.reset_secs.into());
    }
}

/// The error and its sources, for the log; `None` where the caller is to blame.
fn causes_of(error: &ApiError) -> Option<String> {
    let source: &dyn std::error::Error = match error {
        ApiError::Store(error) => error,
        ApiError::Vault(error) => error,
        ApiError::Panicked => return Some("a handler panicked".to_owned()),
        _ => return None,
    };
    let mut causes = source.to_string();
    let mut next = source.source();
    while let Some(cause) = next {
        causes.push_str(": ");
        causes.push_str(&cause.to_string());
        next = cause.source();
    }
    Some(causes)
}

impl From<&ApiError> for Problem {
    fn from(error: &ApiError) -> Self {
        let document = match error {
            ApiError::DocumentFailed { id, .. } => id.as_ref().map(ToString::to_string),
            _ => None,
        };
        Problem {
            status: status_of(error),
            code: error.code(),
            detail: error.to_string(),
            errors: error.input_errors(),
            document,
            causes: causes_of(error),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = Problem::from(&self);
        let mut response = Response::new(Body::empty());
        *response.status_mut() = problem.status;
        *response.headers_mut() = headers_of(&self);
        response.extensions_mut().insert(problem);
        response
    }
}

/// Writes the body of a response that is a [`Problem`]; others pass unchanged.
pub(crate) fn render(mut response: Response, request_id: &RequestId, public_url: &str) -> Response {
    let Some(problem) = response.extensions().get::<Problem>() else { return response };
    let body = problem.body(request_id.as_str(), public_url);
    let bytes = serde_json::to_vec(&body).expect("strings and numbers always serialise");
    *response.body_mut() = Body::from(bytes);
    response.headers_mut().insert(CONTENT_TYPE, PROBLEM_JSON);
    response
}

/// The body that the error is answered with, for descriptions.
pub(crate) fn shown(error: &ApiError, request_id: &str, public_url: &str) -> Value {
    let problem = Problem::from(error);
    let body = problem.body(request_id, public_url);
    serde_json::to_value(&body).expect("strings and numbers always serialise")
}

impl Problem {
    fn body<'a>(&'a self, request_id: &'a str, public_url: &str) -> ProblemBody<'a> {
        let entries = self.errors.iter();
        let entries =
            entries.map(|InputError { pointer, message }| ProblemEntry { pointer, message });
        ProblemBody {
            type_url: format!("{public_url}{ERRORS_PATH}/{}", self.code),
            title: title(&self.code),
            status: self.status.as_u16(),
            detail: &self.detail,
            error: &self.detail,
            code: &self.code,
            request_id,
            errors: entries.collect(),
            id: self.document.as_deref(),
            document_status: self.document.as_ref().map(|_| "failed"),
        }
    }
}

/// The code as words: `plan_upgrade_required` is "Plan upgrade required".
fn title(code: &str) -> String {
    let mut words = code.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}
