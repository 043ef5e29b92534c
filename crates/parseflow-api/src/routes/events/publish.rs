//! `POST /api/v1/events`

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{Method, StatusCode};
use parseflow_model::{CanonicalData, EventType, Fact, Scope};
use parseflow_store::{Publish, PublishKey, Published};
use parseflow_webhooks::payload;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::auth::{Caller, admitted, identify};
use crate::body;
use crate::error::ApiError;
use crate::idempotency::{Fingerprint, Head, key_of, mark_replayed};
use crate::members::Members;
use crate::names::EventName;
use crate::parts::Api;
use crate::request_id::RequestId;

/// Where events are published.
pub(crate) const PATH: &str = "/api/v1/events";

/// Longest name that is compared with the known events.
const EVENT_CHARS_MAX: usize = 100;

/// An event to publish.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct NewEvent {
    /// One of the six event types.
    #[schema(value_type = EventName, example = "extraction.completed")]
    event: String,
    /// Sent as given. Keys match `[A-Za-z_][A-Za-z0-9_]*`, whole numbers go up to 2^53-1, nesting
    /// to 32 levels, and the body that is sent is at most 96 KiB.
    #[schema(value_type = Object, example = json!({"id": "order-7", "status": "completed"}))]
    data: Map<String, Value>,
}

/// A published event.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"id": "evt_01jr9x4k8c000", "deliveries": 2}))]
pub(crate) struct PublishedEvent {
    #[schema(pattern = "^evt_[0-9a-z]{13}$")]
    id: String,
    /// Endpoints it goes to.
    deliveries: u32,
}

/// Publish an event
///
/// For keys with the scope `events:write`. The answer comes after the event and the list of
/// endpoints it goes to are durable.
#[utoipa::path(post, path = "/api/v1/events", tag = "events", operation_id = "publishEvent",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request repeatable")),
    request_body = NewEvent,
    responses(
        (status = 202, body = PublishedEvent),
        (status = 403, description = "`scope_required`"),
        (status = 422, description = "`idempotency_key_reused`"),
    ))]
pub(crate) async fn publish(
    State(api): State<Api>,
    caller: Caller,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    accept(&api, caller, head, body).await
}

/// Whether this is the operation above. It is asked for as often as there are events, so it has a way of
/// its own past the router and its layers, which cost a tenth of what a delivery does.
pub(crate) fn is_asked_by(request: &Request) -> bool {
    request.uri().path() == PATH && request.method() == Method::POST
}

/// The operation above, with all that layers do for the others.
pub(crate) async fn answer(api: &Api, request: Request, request_id: RequestId) -> Response {
    let caller = identify(api, request.method(), request.headers()).await;
    admitted(api, caller, |caller| async {
        let (parts, body) = request.into_parts();
        let Parts { method, uri, headers, .. } = parts;
        let head = Head { method, uri, headers, request_id };
        accept(api, caller, head, body).await.into_response()
    })
    .await
}

async fn accept(api: &Api, caller: Caller, head: Head, body: Body) -> Result<Response, ApiError> {
    caller.require(Scope::EventsWrite)?;
    let key = key_of(&head.headers)?;
    let body = body::json_text(api, &head.headers, body).await?;
    let key = key.map(|key| {
        let mut fingerprint = Fingerprint::new(&head.method, &head.uri, &head.headers);
        fingerprint.add(&body);
        PublishKey { key, fingerprint: fingerprint.finish() }
    });
    let (event_type, data) = match payload::published(&body) {
        Some(in_order) => in_order,
        None => read(&body::parse(&body)?)?,
    };
    let fact = Fact::Published { event_type, data, test: caller.is_test() };
    let account = caller.account.id.clone();
    let publish = Publish { account, fact, only: None, key, now: api.now() };
    // The store recognises the repetition in the transaction that writes the event.
    match api.store().publish(publish).await? {
        Published::Stored { event, deliveries, repeated } => {
            let answer = PublishedEvent { id: event.to_string(), deliveries };
            let mut response = (StatusCode::ACCEPTED, Json(answer)).into_response();
            if repeated {
                mark_replayed(response.headers_mut());
            }
            Ok(response)
        }
        Published::KeyReused => Err(ApiError::IdempotencyKeyReused),
    }
}

fn read(body: &Value) -> Result<(EventType, CanonicalData), ApiError> {
    let mut members = Members::of(body, &["event", "data"])?;
    let event = members.required_text("event", EVENT_CHARS_MAX);
    let event_type = match event.map(str::parse::<EventType>) {
        Some(Ok(event_type)) => Some(event_type),
        Some(Err(error)) => {
            members.refuse("event", format!("is not known; known are {}", error.known));
            None
        }
        None => None,
    };
    if !members.value("data").is_some_and(Value::is_object) {
        members.refuse("data", "is required and must be an object");
    }
    members.finish()?;
    let empty = Map::new();
    let data = body.get("data").and_then(Value::as_object).unwrap_or(&empty);
    let data = payload::accepted_data(data).map_err(ApiError::Data)?;
    let event_type = event_type.ok_or_else(|| ApiError::input("/event", "is required"))?;
    Ok((event_type, data))
}
