//! Why a request is not done. Every variant has a stable code; none knows an HTTP status.

use std::borrow::Cow;

use http::Method;
use parseflow_accounts::rate_limit::RateDecision;
use parseflow_model::{DocumentFailure, DocumentId, RecoveryId, Scope};
use parseflow_store::StoreError;
use parseflow_webhooks::canonical::CanonicalError;
use parseflow_webhooks::subscription::SubscriptionError;
use parseflow_webhooks::url_policy::UrlError;
use parseflow_webhooks::vault::VaultError;

/// One thing that is wrong with the input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct InputError {
    /// Where: a JSON pointer into the body (`/events/0`; parts of a form count as its members), a
    /// query parameter (`?limit`) or a header (`Idempotency-Key`).
    pub(crate) pointer: String,
    /// What, in one sentence.
    pub(crate) message: String,
}

impl InputError {
    pub(crate) fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

/// What a caller asked for that does not exist, or not for this caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Missing {
    Webhook,
    Delivery,
    Recovery,
    Document,
    Batch,
    Key,
    Request,
    Schema,
    ErrorCode,
}

impl Missing {
    fn noun(self) -> &'static str {
        match self {
            Missing::Webhook => "webhook",
            Missing::Delivery => "delivery",
            Missing::Recovery => "recovery",
            Missing::Document => "document",
            Missing::Batch => "batch",
            Missing::Key => "API key",
            Missing::Request => "request that waits for a report",
            Missing::Schema => "schema",
            Missing::ErrorCode => "error code",
        }
    }
}

/// Why a request is not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("The body is not valid JSON: {detail}.")]
    MalformedJson { detail: String },
    #[error("The body is not a well-formed multipart form: {detail}.")]
    MalformedMultipart { detail: &'static str },
    #[error("{}", first_of(.0))]
    InvalidInput(Vec<InputError>),
    #[error("The query parameter \"{0}\" is missing.")]
    MissingParameter(&'static str),
    #[error("The cursor is not one that this list has returned.")]
    InvalidCursor,
    #[error(
        "The header Idempotency-Key must be given once, with 1 to 255 visible ASCII characters."
    )]
    InvalidIdempotencyKey,
    #[error("The events cannot be subscribed to: {0}.")]
    Subscription(SubscriptionError),
    #[error("The URL cannot be used: {0}.")]
    Url(UrlError),
    #[error("The data cannot be sent: {0}.")]
    Data(CanonicalError),

    #[error("No API key was given. Send it in the header X-API-Key.")]
    MissingApiKey,
    #[error("The API key is not valid.")]
    InvalidApiKey,
    #[error("X-API-Key and Authorization carry different keys. Send one of them.")]
    ConflictingCredentials,
    #[error("Nobody is signed in: there is no session, or it has ended. Sign in again.")]
    NoSession,

    #[error(
        "Webhooks are available on the Pro and Enterprise plans. Upgrade your plan to use them."
    )]
    PlanUpgradeRequired,
    #[error("This API key lacks the scope {}.", .0.as_str())]
    ScopeRequired(Scope),
    #[error(
        "The header X-CSRF-Token is missing or wrong. Requests with a session cookie that change \
         something must carry the token of the session."
    )]
    CsrfTokenInvalid,
    #[error("This installation does not create accounts on request. Ask its operator for one.")]
    RegistrationClosed,

    #[error("There is no such {}.", .0.noun())]
    NotFound(Missing),
    #[error("The file of this document is not kept.")]
    FileNotKept,
    #[error("There is nothing at this address. The API is described at /openapi.json.")]
    UnknownRoute,
    #[error("{0} is not possible here.")]
    MethodNotAllowed(Method),

    #[error("The body did not arrive in time.")]
    BodyTimeout,
    #[error("The connection ended before the body was complete.")]
    BodyInterrupted,

    #[error("The account already has {max} webhooks. Delete one first.")]
    EndpointLimitReached { max: usize },
    #[error("The webhook is disabled. Enable it first.")]
    EndpointDisabled,
    #[error("The recovery {0} of this webhook is still running. Wait for it or cancel it.")]
    RecoveryRunning(RecoveryId),
    #[error("The recovery has already ended.")]
    RecoveryEnded,
    #[error("No new secret is pending: there was no rotation, or it has ended.")]
    NoRotationPending,
    #[error("The account already has {max} active API keys. Revoke one first.")]
    KeyLimitReached { max: usize },
    #[error("There is already an account with this e-mail address.")]
    EmailTaken,
    #[error("The batch has already ended.")]
    BatchEnded,
    #[error("A request with this Idempotency-Key is still running. Try again in a moment.")]
    IdempotencyInFlight,
    #[error("This Idempotency-Key was used for a different request.")]
    IdempotencyKeyReused,

    #[error("The body is larger than {bytes_max} bytes.")]
    BodyTooLarge { bytes_max: u64 },
    #[error("The file is larger than {bytes_max} bytes, the largest this plan allows.")]
    FileTooLarge { bytes_max: u64 },
    #[error("The batch has more than {files_max} files.")]
    TooManyFiles { files_max: u64 },
    #[error("The archive is too large: {0}.")]
    ArchiveTooLarge(&'static str),

    #[error("The body must be sent as {expected}.")]
    UnsupportedMediaType { expected: &'static str },

    #[error("The file is empty.")]
    EmptyDocument,
    #[error("{}", sentence(&.failure.message))]
    DocumentFailed { id: Option<DocumentId>, failure: DocumentFailure },

    #[error("Too many requests. Try again in {} s.", .0.retry_after_secs)]
    RateLimited(RateDecision),
    #[error("The monthly quota of {limit} documents is used up; {used} are counted.")]
    QuotaExceeded { used: u64, limit: u64, retry_after_secs: u64 },

    #[error("Too many streams are open. Close one, or try again in a moment.")]
    TooManyStreams,
    #[error("Too many files are being uploaded. Try again in a moment.")]
    UploadBusy,
    #[error("Too many demo documents are being read. Try again in a moment.")]
    DemoBusy,
    #[error("The service cannot store anything at the moment. Try again later.")]
    Store(#[from] StoreError),
    #[error("The service made a mistake. The request id helps its operator to find it.")]
    Vault(#[from] VaultError),
    #[error("The service made a mistake. The request id helps its operator to find it.")]
    Panicked,
}

impl ApiError {
    /// One thing wrong with the input.
    pub(crate) fn input(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        ApiError::InvalidInput(vec![InputError::new(pointer, message)])
    }

    /// The stable machine-readable code.
    pub(crate) fn code(&self) -> Cow<'static, str> {
        let code = match self {
            ApiError::MalformedJson { .. } => "malformed_json",
            ApiError::MalformedMultipart { .. } => "malformed_multipart",
            ApiError::InvalidInput(_) => "invalid_input",
            ApiError::MissingParameter(_) => "missing_parameter",
            ApiError::InvalidCursor => "invalid_cursor",
            ApiError::InvalidIdempotencyKey => "invalid_idempotency_key",
            ApiError::Subscription(error) => error.code(),
            ApiError::Url(error) => error.code(),
            ApiError::Data(error) => error.code(),
            ApiError::MissingApiKey => "missing_api_key",
            ApiError::InvalidApiKey => "invalid_api_key",
            ApiError::ConflictingCredentials => "conflicting_credentials",
            ApiError::NoSession => "no_session",
            ApiError::CsrfTokenInvalid => "csrf_token_invalid",
            ApiError::PlanUpgradeRequired => "plan_upgrade_required",
            ApiError::ScopeRequired(_) => "scope_required",
            ApiError::RegistrationClosed => "registration_closed",
            ApiError::NotFound(_) => "not_found",
            ApiError::FileNotKept => "file_not_kept",
            ApiError::UnknownRoute => "unknown_route",
            ApiError::MethodNotAllowed(_) => "method_not_allowed",
            ApiError::BodyTimeout => "body_timeout",
            ApiError::BodyInterrupted => "body_interrupted",
            ApiError::EndpointLimitReached { .. } => "endpoint_limit_reached",
            ApiError::EndpointDisabled => "endpoint_disabled",
            ApiError::RecoveryRunning(_) => "recovery_running",
            ApiError::RecoveryEnded => "recovery_ended",
            ApiError::NoRotationPending => "no_rotation_pending",
            ApiError::KeyLimitReached { .. } => "key_limit_reached",
            ApiError::EmailTaken => "email_taken",
            ApiError::BatchEnded => "batch_ended",
            ApiError::IdempotencyInFlight => "idempotency_in_flight",
            ApiError::IdempotencyKeyReused => "idempotency_key_reused",
            ApiError::BodyTooLarge { .. } => "body_too_large",
            ApiError::FileTooLarge { .. } => "too_large",
            ApiError::TooManyFiles { .. } => "too_many_files",
            ApiError::ArchiveTooLarge(_) => "archive_too_large",
            ApiError::UnsupportedMediaType { .. } => "unsupported_media_type",
            ApiError::EmptyDocument => "empty_document",
            ApiError::DocumentFailed { failure, .. } => return failure.code.clone().into(),
            ApiError::RateLimited(_) => "rate_limited",
            ApiError::QuotaExceeded { .. } => "quota_exceeded",
            ApiError::TooManyStreams => "too_many_streams",
            ApiError::UploadBusy => "upload_busy",
            ApiError::DemoBusy => "demo_busy",
            ApiError::Store(error) => error.code(),
            ApiError::Vault(error) => error.code(),
            ApiError::Panicked => "internal_error",
        };
        code.into()
    }

    /// What is wrong with the input, place by place.
    pub(crate) fn input_errors(&self) -> Vec<InputError> {
        match self {
            ApiError::InvalidInput(errors) => errors.clone(),
            ApiError::MissingParameter(name) => {
                vec![InputError::new(format!("?{name}"), "is required")]
            }
            ApiError::InvalidCursor => {
                vec![InputError::new("?cursor", "is not one that this list has returned")]
            }
            ApiError::InvalidIdempotencyKey => vec![InputError::new(
                "Idempotency-Key",
                "must be given once, with 1 to 255 visible ASCII characters",
            )],
            ApiError::Subscription(error) => {
                let pointer = match error {
                    SubscriptionError::Unknown { index } => format!("/events/{index}"),
                    SubscriptionError::Empty | SubscriptionError::TooMany => "/events".to_owned(),
                };
                vec![InputError::new(pointer, error.to_string())]
            }
            ApiError::Url(error) => vec![InputError::new("/url", error.to_string())],
            ApiError::Data(error) => {
                vec![InputError::new(format!("/data{}", error.pointer), error.to_string())]
            }
            ApiError::MalformedJson { detail } => vec![InputError::new("", detail.clone())],
            _ => Vec::new(),
        }
    }
}

/// The sentence for the first error, with its place.
fn first_of(errors: &[InputError]) -> String {
    match errors {
        [] => "The input is not valid.".to_owned(),
        [error, rest @ ..] => {
            let place = if error.pointer.is_empty() { "the body" } else { &error.pointer };
            let more = match rest.len() {
                0 => String::new(),
                1 => " There is 1 more problem.".to_owned(),
                more => format!(" There are {more} more problems."),
            };
            format!("The input is not valid: {place} {}.{more}", error.message)
        }
    }
}

/// The text with a capital at its beginning and a full stop at its end.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{stop}", first.unwrap_or_default(), characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use parseflow_webhooks::canonical::to_canonical;
    use serde_json::json;

    #[track_caller]
    fn is_explained(code: &str) {
        let found = crate::routes::openapi::errors::is_explained(code);
        assert!(found, "{code} has no page docs/errors/{code}.md");
    }

    #[test]
    fn every_code_of_this_crate_has_a_page() {
        let (_, rest) = include_str!("error.rs").split_once("pub(crate) fn code(").unwrap();
        let (codes, _) = rest.split_once("code.into()").unwrap();
        let codes: Vec<_> = codes.split('"').skip(1).step_by(2).collect();
        assert!(codes.len() >= 35, "{codes:?}");
        codes.into_iter().for_each(is_explained);
    }

    #[test]
    fn every_code_of_the_rules_has_a_page() {
        for error in [
            UrlError::Invalid,
            UrlError::TooLong,
            UrlError::SchemeNotAllowed,
            UrlError::CredentialsNotAllowed,
            UrlError::PortNotAllowed,
            UrlError::TargetNotAllowed,
        ] {
            is_explained(error.code());
        }
        for error in [
            SubscriptionError::Empty,
            SubscriptionError::TooMany,
            SubscriptionError::Unknown { index: 0 },
        ] {
            is_explained(error.code());
        }
        for error in [VaultError::UnknownFormat, VaultError::DoesNotOpen] {
            is_explained(error.code());
        }
        for value in [json!({"a-b": 1}), json!({"__proto__": 1}), json!(u64::MAX)] {
            is_explained(to_canonical(&value).unwrap_err().code());
        }
        for error in [
            StoreError::Closed,
            StoreError::LeaseLost,
            StoreError::Damaged(String::new()),
            StoreError::Unwritable(String::new()),
            StoreError::Unavailable(String::new().into()),
        ] {
            is_explained(error.code());
        }
    }

    #[test]
    fn a_stored_message_becomes_a_sentence() {
        assert_eq!(sentence("the file is damaged"), "The file is damaged.");
        assert_eq!(sentence("Done."), "Done.");
        assert_eq!(sentence("ärger"), "Ärger.");
        assert_eq!(sentence(""), ".");
    }
}
