//! `POST /api/v1/webhooks/listen/{id}/reports`

use axum::body::Body;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use parseflow_model::{Timestamp, WebhookId};
use parseflow_webhooks::retry::parse_retry_after;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::body;
use crate::error::{ApiError, Missing};
use crate::idempotency::Head;
use crate::listeners::Report;
use crate::members::Members;
use crate::parts::Api;
use crate::path_ids::PathIds;

/// The first part of an answer is kept, as for other attempts.
const ANSWER_BYTES_MAX: usize = 1_024;
/// Of a report: base64 of a longer answer than is kept is cut, not refused.
const ANSWER_CHARS_MAX: usize = 100_000;
const ERROR_CHARS_MAX: usize = 300;
/// An HTTP date is shorter.
const RETRY_AFTER_CHARS_MAX: usize = 100;

/// What became of one request: `status` and perhaps `body`, or `error`.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({"number": 1, "status": 200, "body": "b2s="}))]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct ListenReport {
    /// The `number` of the request.
    #[schema(minimum = 1, maximum = 4294967295i64)]
    number: u32,
    /// What the receiver answered.
    #[schema(minimum = 100, maximum = 599)]
    status: Option<u32>,
    /// The first part of its body, in base64.
    body: Option<String>,
    /// Its `Retry-After` header, if it sent one: it postpones the next attempt as for any receiver.
    #[schema(max_length = 100)]
    retry_after: Option<String>,
    /// Why it could not be asked, in one sentence.
    #[schema(max_length = 300)]
    error: Option<String>,
}

fn secs_of(retry_after: &str, now: Timestamp) -> Option<u64> {
    parse_retry_after(retry_after, now).map(|wait| wait.as_secs())
}

/// Report what a receiver answered
///
/// Settles the attempt that was handed to a listener.
#[utoipa::path(post, path = "/api/v1/webhooks/listen/{id}/reports", tag = "webhooks",
    operation_id = "reportToListen",
    params(("id" = String, Path, description = "`wh_…`, the `endpointId` of the stream")),
    request_body = ListenReport,
    responses((status = 204, description = "Taken")))]
pub(crate) async fn report(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
    head: Head,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let id: WebhookId = ids.get("id", Missing::Webhook)?;
    let body = body::json(&api, &head.headers, body).await?;
    let known = ["number", "status", "body", "retryAfter", "error"];
    let mut members = Members::of(&body.value, &known)?;
    if members.value("number").is_none() {
        members.refuse("number", "is required");
    }
    let number = members.number("number", 1..=u32::MAX).unwrap_or_default();
    let status = members.number("status", 100..=599);
    let answer = members.text("body", ANSWER_CHARS_MAX).map(|text| STANDARD.decode(text));
    if matches!(answer, Some(Err(_))) {
        members.refuse("body", "is not base64");
    }
    let error = members.text("error", ERROR_CHARS_MAX).map(str::to_owned);
    let retry_after = members.text("retryAfter", RETRY_AFTER_CHARS_MAX);
    if status.is_some() == error.is_some() {
        members.refuse("status", "or error must be given, and not both");
    }
    members.finish()?;
    let mut answer = answer.and_then(Result::ok).unwrap_or_default();
    answer.truncate(ANSWER_BYTES_MAX);
    let report = match (status.and_then(|status| u16::try_from(status).ok()), error) {
        (Some(status), _) => Report::Answered {
            status,
            body: answer,
            retry_after: retry_after.map(|value| (value.to_owned(), secs_of(value, api.now()))),
        },
        (None, error) => Report::Failed(error.unwrap_or_default()),
    };
    if api.parts.listeners.report(caller.id(), &id, number.into(), report) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NotFound(Missing::Request))
    }
}
