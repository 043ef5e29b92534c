//! `GET /api/v1/event-types`

use axum::Json;
use axum::extract::State;
use parseflow_model::EventType;
use parseflow_webhooks::schema::{PAYLOAD_VERSION, schema};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::names::EventName;
use crate::parts::Api;
use crate::routes::webhooks::samples;

/// All event types.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventTypes {
    event_types: Vec<EventTypeBody>,
}

/// One type of events.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventTypeBody {
    /// What subscriptions name.
    #[schema(value_type = EventName)]
    name: &'static str,
    /// When it happens.
    description: String,
    /// Of the payload.
    #[schema(value_type = String)]
    payload_version: &'static str,
    /// Where the JSON Schema of the body is.
    schema_url: String,
    /// The JSON Schema (draft 2020-12) of the body.
    #[schema(value_type = Object)]
    schema: Value,
    /// A made-up body.
    #[schema(value_type = Object)]
    example: Map<String, Value>,
}

/// List event types
///
/// Each with the JSON Schema of its body and an example.
#[utoipa::path(get, path = "/api/v1/event-types", tag = "events", operation_id = "listEventTypes",
    responses((status = 200, body = EventTypes)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<EventTypes>, ApiError> {
    let event_types = EventType::ALL.into_iter().map(|kind| described(&api, &caller, kind));
    Ok(Json(EventTypes { event_types: event_types.collect::<Result<_, _>>()? }))
}

fn described(api: &Api, caller: &Caller, kind: EventType) -> Result<EventTypeBody, ApiError> {
    let (now, public_url) = (api.now(), &api.settings().public_url);
    let data = samples::data(kind, caller.id(), now, public_url).map_err(ApiError::Data)?;
    let mut example = Map::new();
    example.insert("event".to_owned(), kind.as_str().into());
    example.insert("timestamp".to_owned(), now.to_string().into());
    example.insert("data".to_owned(), data.into());
    let schema: Value = serde_json::from_str(schema(kind)).expect("our own schemas are JSON");
    Ok(EventTypeBody {
        name: kind.as_str(),
        description: schema["description"].as_str().unwrap_or_default().to_owned(),
        payload_version: PAYLOAD_VERSION,
        schema_url: format!("{public_url}/schemas/{PAYLOAD_VERSION}/{kind}.json"),
        schema,
        example,
    })
}
