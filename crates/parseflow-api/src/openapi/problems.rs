//! An example of the problem that each code stands for, written by the same code as real ones.

use http::Method;
use parseflow_accounts::rate_limit::RateDecision;
use parseflow_model::{DocumentFailure, DocumentId, RecoveryId, Scope};
use parseflow_store::StoreError;
use parseflow_webhooks::canonical::{CanonicalError, CanonicalErrorKind};
use parseflow_webhooks::subscription::SubscriptionError;
use parseflow_webhooks::url_policy::UrlError;
use parseflow_webhooks::vault::VaultError;
use serde_json::Value;

use crate::error::{ApiError, Missing};
use crate::problem;

/// The public address in the examples.
const PUBLIC_URL: &str = "https://parseflow.example.com";
const REQUEST_ID: &str = "req_0f8k2m4n6p8q0r2s";

/// An example of the problem with this code at this path; `None` for a code that no answer has.
pub(super) fn example(code: &str, path: &str) -> Option<Value> {
    let error = sample(code, path)?;
    Some(problem::shown(&error, REQUEST_ID, PUBLIC_URL))
}

fn sample(code: &str, path: &str) -> Option<ApiError> {
    let input = sample_of_input(code, path);
    input.or_else(|| sample_of_state(code, path)).or_else(|| sample_of_service(code))
}

fn sample_of_input(code: &str, path: &str) -> Option<ApiError> {
    Some(match code {
        "malformed_json" => ApiError::MalformedJson {
            detail: "EOF while parsing an object at line 1 column 9".to_owned(),
        },
        "malformed_multipart" => {
            ApiError::MalformedMultipart { detail: "it ends before its last boundary" }
        }
        "invalid_input" => match path {
            "/api/v1/extract" | "/api/v1/demo" => ApiError::input("/file", "is required"),
            "/api/v1/batch" => ApiError::input("/files", "is required"),
            _ => ApiError::input("?limit", "must be a whole number from 1 to 100"),
        },
        "missing_parameter" => ApiError::MissingParameter("id"),
        "invalid_cursor" => ApiError::InvalidCursor,
        "invalid_idempotency_key" => ApiError::InvalidIdempotencyKey,
        "body_interrupted" => ApiError::BodyInterrupted,
        "body_timeout" => ApiError::BodyTimeout,
        "body_too_large" => ApiError::BodyTooLarge { bytes_max: 2 * 1024 * 1024 },
        "too_large" => ApiError::FileTooLarge { bytes_max: 25_000_000 },
        "too_many_files" => ApiError::TooManyFiles { files_max: 500 },
        "archive_too_large" => {
            ApiError::ArchiveTooLarge("its files are above the limit once unpacked")
        }
        "unsupported_media_type" => match path {
            "/api/v1/extract" | "/api/v1/demo" | "/api/v1/batch" => {
                ApiError::UnsupportedMediaType { expected: "multipart/form-data" }
            }
            _ => ApiError::UnsupportedMediaType { expected: "application/json" },
        },
        "events_empty" => ApiError::Subscription(SubscriptionError::Empty),
        "events_too_many" => ApiError::Subscription(SubscriptionError::TooMany),
        "event_unknown" => ApiError::Subscription(SubscriptionError::Unknown { index: 0 }),
        "url_invalid" => ApiError::Url(UrlError::Invalid),
        "url_too_long" => ApiError::Url(UrlError::TooLong),
        "url_scheme_not_allowed" => ApiError::Url(UrlError::SchemeNotAllowed),
        "url_credentials_not_allowed" => ApiError::Url(UrlError::CredentialsNotAllowed),
        "url_port_not_allowed" => ApiError::Url(UrlError::PortNotAllowed),
        "url_target_not_allowed" => ApiError::Url(UrlError::TargetNotAllowed),
        "key_not_allowed" => data("/order-no", CanonicalErrorKind::KeyNotAllowed),
        "key_reserved" => data("/constructor", CanonicalErrorKind::KeyReserved),
        "number_too_large" => data("/account", CanonicalErrorKind::NumberTooLarge),
        "nesting_too_deep" => data("/a/a", CanonicalErrorKind::TooDeep),
        _ => return None,
    })
}

fn data(pointer: &str, kind: CanonicalErrorKind) -> ApiError {
    ApiError::Data(CanonicalError { pointer: pointer.to_owned(), kind })
}

fn sample_of_state(code: &str, path: &str) -> Option<ApiError> {
    Some(match code {
        "missing_api_key" => ApiError::MissingApiKey,
        "invalid_api_key" => ApiError::InvalidApiKey,
        "conflicting_credentials" => ApiError::ConflictingCredentials,
        "no_session" => ApiError::NoSession,
        "csrf_token_invalid" => ApiError::CsrfTokenInvalid,
        "plan_upgrade_required" => ApiError::PlanUpgradeRequired,
        "scope_required" => ApiError::ScopeRequired(Scope::EventsWrite),
        "registration_closed" => ApiError::RegistrationClosed,
        "not_found" => ApiError::NotFound(missing_at(path)),
        "file_not_kept" => ApiError::FileNotKept,
        "unknown_route" => ApiError::UnknownRoute,
        "method_not_allowed" => ApiError::MethodNotAllowed(Method::PUT),
        "endpoint_limit_reached" => ApiError::EndpointLimitReached { max: 20 },
        "endpoint_disabled" => ApiError::EndpointDisabled,
        "no_rotation_pending" => ApiError::NoRotationPending,
        "recovery_running" => ApiError::RecoveryRunning(sample_recovery()),
        "recovery_ended" => ApiError::RecoveryEnded,
        "key_limit_reached" => ApiError::KeyLimitReached { max: 20 },
        "email_taken" => ApiError::EmailTaken,
        "batch_ended" => ApiError::BatchEnded,
        "idempotency_in_flight" => ApiError::IdempotencyInFlight,
        "idempotency_key_reused" => ApiError::IdempotencyKeyReused,
        "rate_limited" => ApiError::RateLimited(RateDecision {
            allowed: false,
            limit: Some(300),
            remaining: 0,
            reset_secs: 60,
            retry_after_secs: 1,
        }),
        "quota_exceeded" => {
            ApiError::QuotaExceeded { used: 5_000, limit: 5_000, retry_after_secs: 1_432_800 }
        }
        "corrupt_file" => {
            failed(path, code, "the file is damaged and cannot be read: it ends too early")
        }
        "encrypted" => {
            failed(path, code, "the file is protected by a password; send it without protection")
        }
        "empty_document" => ApiError::EmptyDocument,
        "engine_crashed" => failed(
            path,
            code,
            "reading the file made the extraction engine fail; the failure is contained",
        ),
        "unsupported_format" => {
            failed(path, code, "files of type video/mp4 are not supported: send a document")
        }
        "timeout" => failed(path, code, "reading the document took too long"),
        _ => return None,
    })
}

fn sample_recovery() -> RecoveryId {
    "rcv_a1b2c3d4e5f6g7h8".parse().expect("it has the form of such ids")
}

fn failed(path: &str, code: &str, message: &str) -> ApiError {
    let stored = !path.ends_with("/demo");
    let id = stored.then(|| DocumentId::from_digest(&[0x7f; 16]));
    let failure = DocumentFailure { code: code.to_owned(), message: message.to_owned() };
    ApiError::DocumentFailed { id, failure }
}

fn missing_at(path: &str) -> Missing {
    for (part, what) in [
        ("{delivery}", Missing::Delivery),
        ("{recovery}", Missing::Recovery),
        ("/documents", Missing::Document),
        ("/batch", Missing::Batch),
        ("/keys", Missing::Key),
        ("/schemas", Missing::Schema),
        ("/docs/errors", Missing::ErrorCode),
    ] {
        if path.contains(part) {
            return what;
        }
    }
    Missing::Webhook
}

fn sample_of_service(code: &str) -> Option<ApiError> {
    Some(match code {
        "internal_error" => ApiError::Panicked,
        "too_many_streams" => ApiError::TooManyStreams,
        "upload_busy" => ApiError::UploadBusy,
        "demo_busy" => ApiError::DemoBusy,
        "store_unavailable" => ApiError::Store(StoreError::Unavailable(String::new().into())),
        "store_closed" => ApiError::Store(StoreError::Closed),
        "lease_lost" => ApiError::Store(StoreError::LeaseLost),
        "store_damaged" => ApiError::Store(StoreError::Damaged(String::new())),
        "event_unwritable" => ApiError::Store(StoreError::Unwritable(String::new())),
        "sealed_does_not_open" => ApiError::Vault(VaultError::DoesNotOpen),
        "sealed_format_unknown" => ApiError::Vault(VaultError::UnknownFormat),
        "data_too_large" => data("", CanonicalErrorKind::TooLarge { body_bytes_max: 98_304 }),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_example_that_carries_it() {
        let (_, rest) = include_str!("../error.rs").split_once("pub(crate) fn code(").unwrap();
        let (codes, _) = rest.split_once("code.into()").unwrap();
        let codes: Vec<_> = codes.split('"').skip(1).step_by(2).collect();
        assert!(codes.len() >= 35, "{codes:?}");
        for code in codes {
            let hint = "add it to crates/parseflow-api/src/openapi/problems.rs";
            let body = example(code, "/api/v1/extract")
                .unwrap_or_else(|| panic!("{code} has no example: {hint}"));
            assert_eq!(body["code"], code);
            assert_eq!(body["requestId"], REQUEST_ID);
        }
        assert_eq!(example("none_such", "/"), None);
    }
}
