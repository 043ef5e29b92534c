//! One attempt as it is shown: what was sent, what came back, and what that gives away.

use std::time::Duration;

use parseflow_model::{Attempt, Endpoint, Event};
use parseflow_webhooks::custom_headers::MASK;
use parseflow_webhooks::hints::{Hint, hints};
use parseflow_webhooks::request::{self, AttemptRequest};
use parseflow_webhooks::signature::Signer;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::names::{FailureName, TriggerName};
use crate::parts::Edge;
use crate::routes::webhooks::headers_of;

/// One HTTP request made for a delivery.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Attempt, example = json!({
    "number": 1, "trigger": "schedule", "startedAt": "2026-04-14T10:05:00Z", "durationMs": 87,
    "connectMs": 31, "firstByteMs": 85,
    "url": "https://your-app.com/webhooks/parseflow", "status": 413, "failure": "status",
    "error": "The receiver answered 413.", "responseBody": "request entity too large",
    "requestHeaders": [{"name": "x-parseflow-attempt", "value": "1"}],
    "responseHeaders": [{"name": "content-type", "value": "text/plain"}],
    "hints": [{"code": "body_too_large", "message": "the body is larger than the receiver takes"}]
}))]
pub(crate) struct AttemptBody {
    /// Counted from 1 over the life of the delivery.
    number: u32,
    /// `schedule` or `manual`.
    #[schema(value_type = TriggerName)]
    trigger: &'static str,
    #[schema(format = DateTime)]
    started_at: String,
    duration_ms: u32,
    /// Until there was a connection, TLS included; null where none came about or it was not measured.
    connect_ms: Option<u32>,
    /// Until the head of the answer was there.
    first_byte_ms: Option<u32>,
    /// Where it was sent.
    url: String,
    /// The HTTP status, if an answer came.
    status: Option<u16>,
    /// `status`, `timeout`, `dns`, `connection`, `tls`, `blocked_target` or `protocol`; null for a
    /// success.
    #[schema(value_type = Option<FailureName>)]
    failure: Option<&'static str>,
    /// One sentence on the failure.
    error: Option<String>,
    /// The first 1,024 bytes of the answer.
    response_body: String,
    /// What was sent, computed again from the event.
    request_headers: Vec<HeaderBody>,
    /// After a failure: at most 32 headers of the answer, 4,096 bytes together.
    response_headers: Vec<HeaderBody>,
    /// What most likely is wrong with the receiver, the likeliest first; empty for a success.
    hints: Vec<HintBody>,
}

/// A header of an attempt.
#[derive(Serialize, ToSchema)]
#[schema(as = AttemptHeader)]
pub(crate) struct HeaderBody {
    name: String,
    /// Values of your own headers and of cookies are masked; null for a signature made with a secret
    /// that has been replaced since.
    value: Option<String>,
}

/// A guess at what is wrong with a receiver.
#[derive(Serialize, ToSchema)]
#[schema(as = Hint)]
pub(crate) struct HintBody {
    /// Stable and machine-readable.
    code: &'static str,
    /// What to look at, for people.
    message: String,
}

impl From<Hint> for HintBody {
    fn from(hint: Hint) -> Self {
        Self { code: hint.name(), message: hint.to_string() }
    }
}

/// What the attempts of one delivery have in common.
pub(crate) struct Sent<'a> {
    pub(crate) api: &'a Edge,
    pub(crate) event: &'a Event,
    /// `None` once it is deleted.
    pub(crate) endpoint: Option<&'a Endpoint>,
    /// The form of the event that the endpoint gets.
    pub(crate) body: &'a [u8],
}

impl Sent<'_> {
    /// One of the attempts.
    pub(crate) fn show(&self, attempt: &Attempt) -> Result<AttemptBody, ApiError> {
        let outcome = &attempt.outcome;
        let ended_at = attempt.started_at + Duration::from_millis(attempt.duration_ms.into());
        let request_headers = match self.endpoint {
            Some(endpoint) => self.request_headers(endpoint, attempt)?,
            None => Vec::new(),
        };
        let response_headers = outcome.response_headers.iter();
        let found = hints(outcome, self.body.len(), ended_at).into_iter();
        Ok(AttemptBody {
            number: attempt.number,
            trigger: attempt.trigger.as_str(),
            started_at: attempt.started_at.to_string(),
            duration_ms: attempt.duration_ms,
            connect_ms: outcome.timing.connect_ms,
            first_byte_ms: outcome.timing.first_byte_ms,
            url: attempt.url.clone(),
            status: outcome.status,
            failure: outcome.failure.map(|failure| failure.as_str()),
            error: outcome.error.clone(),
            response_body: String::from_utf8_lossy(&outcome.response_body).into_owned(),
            request_headers,
            response_headers: response_headers
                .map(|(name, value)| HeaderBody { name: name.clone(), value: Some(value.clone()) })
                .collect(),
            hints: found.map(HintBody::from).collect(),
        })
    }

    /// Headers are not stored: all but the signatures follow from the event, and these follow from a
    /// secret that is still there.
    fn request_headers(
        &self,
        endpoint: &Endpoint,
        attempt: &Attempt,
    ) -> Result<Vec<HeaderBody>, ApiError> {
        let in_force = endpoint.secrets_at(attempt.started_at);
        let is_replaced = in_force.since.is_some_and(|since| attempt.started_at < since);
        let vault = &self.api.parts.vault;
        let secret = vault.open(endpoint.id.as_str(), in_force.sealed)?;
        let headers = request::headers(&AttemptRequest {
            event_type: self.event.event_type,
            delivery: attempt.delivery,
            attempt_number: attempt.number,
            body: self.body,
            signer: &Signer::new(&String::from_utf8_lossy(&secret)),
            // Whether a second secret was pending at that time is not known any more.
            next_signer: None,
            now: attempt.started_at,
        });
        let known = |name: &str| !(is_replaced && name.ends_with("signature"));
        let mut shown: Vec<_> = headers
            .into_iter()
            .map(|(name, value)| HeaderBody {
                name: name.to_owned(),
                value: known(name).then(|| value.into_owned()),
            })
            .collect();
        let own = headers_of(self.api, endpoint)?;
        shown.extend(
            own.names().map(|name| HeaderBody { name: name.to_owned(), value: Some(MASK.into()) }),
        );
        Ok(shown)
    }
}
