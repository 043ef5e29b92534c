//! `GET /api/webhooks/notifications/{id}/deliveries/{delivery}`

use axum::Json;
use axum::extract::State;
use parseflow_model::{Attempt, DeliveryId, Endpoint, Event, WebhookId};
use parseflow_webhooks::payload::DEFAULT_BODY_BYTES_MAX;
use serde::Serialize;
use utoipa::ToSchema;

use super::DeliveryBody;
use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::names::{FailureName, TriggerName};
use crate::parts::Api;
use crate::path_ids::PathIds;

/// One HTTP request made for a delivery.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Attempt, example = json!({
    "number": 1, "trigger": "schedule", "startedAt": "2026-04-14T10:05:00Z", "durationMs": 87,
    "url": "https://your-app.com/webhooks/parseflow", "status": 503, "failure": "status",
    "error": "The receiver answered 503.", "responseBody": "try later"
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
    /// The first part of the answer.
    response_body: String,
}

impl AttemptBody {
    fn of(attempt: &Attempt) -> Self {
        let outcome = &attempt.outcome;
        Self {
            number: attempt.number,
            trigger: attempt.trigger.as_str(),
            started_at: attempt.started_at.to_string(),
            duration_ms: attempt.duration_ms,
            url: attempt.url.clone(),
            status: outcome.status,
            failure: outcome.failure.map(|failure| failure.as_str()),
            error: outcome.error.clone(),
            response_body: String::from_utf8_lossy(&outcome.response_body).into_owned(),
        }
    }
}

/// A delivery with everything that was done for it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryDetailBody {
    #[serde(flatten)]
    delivery: DeliveryBody,
    /// The exact JSON that is sent, as a string.
    body: String,
    /// Oldest first.
    attempts: Vec<AttemptBody>,
}

/// Get a delivery
///
/// With the exact body and every attempt.
#[utoipa::path(get, path = "/api/webhooks/notifications/{id}/deliveries/{delivery}",
    tag = "deliveries", operation_id = "getDelivery",
    params(
        ("id" = String, Path, description = "`wh_…`"),
        ("delivery" = String, Path, description = "`dlv_…`"),
    ),
    responses((status = 200, body = DeliveryDetailBody)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
) -> Result<Json<DeliveryDetailBody>, ApiError> {
    let webhook: WebhookId = ids.get("id", Missing::Webhook)?;
    let id: DeliveryId = ids.get("delivery", Missing::Delivery)?;
    let found = api.store().delivery(caller.id(), &webhook, id).await?;
    let found = found.ok_or(ApiError::NotFound(Missing::Delivery))?;
    let endpoint = api.store().endpoint(caller.id(), &webhook).await?;
    let body = body_for(&found.event, endpoint.as_ref());
    Ok(Json(DeliveryDetailBody {
        delivery: DeliveryBody::of(&found.row, &webhook),
        body: String::from_utf8_lossy(body).into_owned(),
        attempts: found.attempts.iter().map(AttemptBody::of).collect(),
    }))
}

/// The form of the event that fits the endpoint's limit.
fn body_for<'a>(event: &'a Event, endpoint: Option<&Endpoint>) -> &'a [u8] {
    let limit = endpoint.and_then(|endpoint| endpoint.settings.body_bytes_max);
    let limit = limit.map_or(DEFAULT_BODY_BYTES_MAX, |limit| limit as usize);
    match &event.thin_body {
        Some(thin) if event.body.len() > limit => thin,
        _ => &event.body,
    }
}
