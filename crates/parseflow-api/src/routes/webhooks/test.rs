//! `POST /api/webhooks/notifications/{id}/test`

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use parseflow_model::{DeliveryId, EventType, Fact, WebhookId};
use parseflow_store::{Publish, Published};
use parseflow_webhooks::payload;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::samples;
use crate::auth::Caller;
use crate::body;
use crate::error::{ApiError, Missing};
use crate::idempotency::{Head, Once};
use crate::members::Members;
use crate::names::EventName;
use crate::parts::Api;
use crate::path_ids::PathIds;

const EVENT_CHARS_MAX: usize = 100;

/// Which event to send.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct TestEvent {
    /// One of the six event types, whatever the webhook subscribes to.
    #[schema(value_type = Option<EventName>, default = "extraction.completed")]
    event: Option<String>,
}

/// A test event on its way.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestDelivery {
    /// The delivery.
    #[schema(pattern = "^dlv_[0-9a-z]{20}$")]
    id: String,
    #[schema(value_type = EventName)]
    event: &'static str,
    #[schema(pattern = "^evt_[0-9a-z]{13}$")]
    event_id: String,
}

/// Send a test event
///
/// A made-up event with `"test": true`, signed, delivered and retried like a real one.
#[utoipa::path(post, path = "/api/webhooks/notifications/{id}/test", tag = "webhooks",
    operation_id = "testWebhook",
    params(
        ("id" = String, Path, description = "`wh_…`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request repeatable"),
    ),
    request_body = Option<TestEvent>,
    responses(
        (status = 202, body = TestDelivery),
        (status = 403, description = "`plan_upgrade_required`"),
        (status = 409, description = "`endpoint_disabled`, `idempotency_in_flight`"),
        (status = 422, description = "`idempotency_key_reused`"),
    ))]
pub(crate) async fn test(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    caller.require_webhooks()?;
    let id: WebhookId = ids.get("id", Missing::Webhook)?;
    let body = body::optional_json(&api, &head.headers, body).await?;
    let once = Once::of(&api, &caller, &head, &body.bytes)?;
    once.run(send(Api::clone(&api), caller, id, body.value)).await
}

async fn send(api: Api, caller: Caller, id: WebhookId, body: Value) -> Result<Response, ApiError> {
    let mut members = Members::of(&body, &["event"])?;
    let event_type = match members.text("event", EVENT_CHARS_MAX).map(str::parse::<EventType>) {
        None => EventType::ExtractionCompleted,
        Some(Ok(event_type)) => event_type,
        Some(Err(error)) => {
            members.refuse("event", format!("is not known; known are {}", error.known));
            EventType::ExtractionCompleted
        }
    };
    members.finish()?;
    let endpoint = api.store().endpoint(caller.id(), &id).await?;
    let endpoint = endpoint.ok_or(ApiError::NotFound(Missing::Webhook))?;
    if !endpoint.is_active() {
        return Err(ApiError::EndpointDisabled);
    }
    let now = api.now();
    let public_url = &api.settings().public_url;
    let data = samples::data(event_type, caller.id(), now, public_url)
        .and_then(|data| payload::accepted_data(&data))
        .map_err(ApiError::Data)?;
    let publish = Publish {
        account: caller.account.id.clone(),
        fact: Fact::Published { event_type, data, test: true },
        only: Some(endpoint.no),
        key: None,
        now,
    };
    match api.store().publish(publish).await? {
        Published::Stored { event, .. } => {
            let answer = TestDelivery {
                id: DeliveryId { event, endpoint: endpoint.no }.to_string(),
                event: event_type.as_str(),
                event_id: event.to_string(),
            };
            Ok((StatusCode::ACCEPTED, Json(answer)).into_response())
        }
        // No key is given to the store here.
        Published::KeyReused => Err(ApiError::IdempotencyKeyReused),
    }
}
