//! Which codes an operation can answer, status by status.
//!
//! A response's description names its codes in backticks. Routes name what is their own; what follows
//! from the kind of an operation, or from rules that several share, is added here.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{RefOr, Response, ResponseBuilder};

/// What a URL is refused for.
const URL: [&str; 6] = [
    "url_invalid",
    "url_too_long",
    "url_scheme_not_allowed",
    "url_credentials_not_allowed",
    "url_port_not_allowed",
    "url_target_not_allowed",
];
const SUBSCRIPTION: [&str; 3] = ["events_empty", "events_too_many", "event_unknown"];
/// What a document cannot be read for.
const UNREADABLE: [&str; 4] = ["corrupt_file", "encrypted", "empty_document", "engine_crashed"];

/// Codes of single operations, by their ids.
const OWN: [(&str, u16, &[&str]); 17] = [
    ("registerWebhook", 400, &SUBSCRIPTION),
    ("registerWebhook", 400, &URL),
    ("updateWebhook", 400, &SUBSCRIPTION),
    ("updateWebhook", 400, &URL),
    ("listen", 400, &SUBSCRIPTION),
    ("deleteWebhook", 400, &["invalid_input"]),
    ("publishEvent", 400, &["key_not_allowed", "key_reserved", "number_too_large"]),
    ("publishEvent", 400, &["nesting_too_deep"]),
    ("publishEvent", 413, &["data_too_large"]),
    ("extractDocument", 413, &["too_large"]),
    ("extractDocument", 415, &["unsupported_format"]),
    ("extractDocument", 422, &UNREADABLE),
    ("demo", 413, &["too_large"]),
    ("demo", 415, &["unsupported_format"]),
    ("demo", 422, &UNREADABLE),
    ("createBatch", 413, &["too_large", "too_many_files", "archive_too_large"]),
    ("createBatch", 422, &["empty_document"]),
];

/// How an operation takes its input.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Input {
    None,
    Json,
    Form,
}

fn input_of(operation: &Operation) -> Input {
    // What is repeatable looks at its body even where it needs none.
    let repeatable = has_parameter(operation, "Idempotency-Key");
    let form = match &operation.request_body {
        Some(RefOr::T(body)) => body.content.contains_key("multipart/form-data"),
        Some(RefOr::Ref(_)) | None => false,
    };
    match (form, operation.request_body.is_some() || repeatable) {
        (true, _) => Input::Form,
        (false, true) => Input::Json,
        (false, false) => Input::None,
    }
}

fn has_parameter(operation: &Operation, wanted: &str) -> bool {
    operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.name == wanted,
        RefOr::Ref(_) => false,
    })
}

/// Names what the operation can answer beside what its route says.
pub(super) fn name(operation: &mut Operation) {
    if has_parameter(operation, "limit") {
        add(operation, 400, &["invalid_input", "invalid_cursor"]);
    }
    match input_of(operation) {
        Input::None => {}
        Input::Json => {
            add(operation, 400, &["malformed_json", "invalid_input", "body_interrupted"]);
            add(operation, 408, &["body_timeout"]);
            add(operation, 413, &["body_too_large"]);
            add(operation, 415, &["unsupported_media_type"]);
        }
        Input::Form => {
            add(operation, 400, &["malformed_multipart", "invalid_input", "body_interrupted"]);
            add(operation, 408, &["body_timeout"]);
            add(operation, 413, &["body_too_large"]);
            add(operation, 415, &["unsupported_media_type"]);
            add(operation, 503, &["upload_busy"]);
        }
    }
    if has_parameter(operation, "Idempotency-Key") {
        add(operation, 400, &["invalid_idempotency_key"]);
    }
    let id = operation.operation_id.clone().unwrap_or_default();
    for (_, status, codes) in OWN.iter().filter(|(owner, _, _)| *owner == id) {
        add(operation, *status, codes);
    }
    add(operation, 500, &["internal_error"]);
}

/// What every route with a key, or a session in its place, can answer.
pub(super) fn name_key(path: &str, changes: bool, operation: &mut Operation) {
    add(operation, 401, &["missing_api_key", "invalid_api_key", "conflicting_credentials"]);
    add(operation, 401, &["no_session"]);
    if changes {
        add(operation, 403, &["csrf_token_invalid"]);
    }
    add(operation, 503, &["store_unavailable", "store_closed"]);
    if path.contains('{') {
        add(operation, 404, &["not_found"]);
    }
    add(operation, 429, &["rate_limited"]);
    if input_of(operation) == Input::Form {
        add(operation, 429, &["quota_exceeded"]);
    }
}

/// Adds codes to the description of a response, and the response where there is none.
fn add(operation: &mut Operation, status: u16, codes: &[&str]) {
    let responses = &mut operation.responses.responses;
    let response = responses
        .entry(status.to_string())
        .or_insert_with(|| RefOr::T(ResponseBuilder::new().build()));
    let RefOr::T(response) = response else { return };
    for code in codes {
        if !codes_of(response).contains(code) {
            let comma = if response.description.is_empty() { "" } else { ", " };
            response.description += &format!("{comma}`{code}`");
        }
    }
}

/// The codes that a response names.
pub(super) fn codes_of(response: &Response) -> Vec<&str> {
    let quoted = response.description.split('`').skip(1).step_by(2);
    let is_code = |text: &&str| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    quoted.filter(|text| !text.is_empty()).filter(is_code).collect()
}
