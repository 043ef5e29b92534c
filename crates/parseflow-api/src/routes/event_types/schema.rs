//! `GET /schemas/v1/{file}`

use std::str::FromStr;

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use parseflow_model::EventType;
use parseflow_webhooks::schema::schema;

use crate::error::{ApiError, Missing};
use crate::path_ids::PathIds;

/// The name of a schema: the event's, and `.json`.
struct File(EventType);

impl FromStr for File {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let name = text.strip_suffix(".json").ok_or(())?;
        name.parse().map(File).map_err(drop)
    }
}

/// Get the JSON Schema of an event
///
/// Draft 2020-12, for version 1 of the payloads.
#[utoipa::path(get, path = "/schemas/v1/{file}", tag = "events", operation_id = "getEventSchema",
    params(("file" = String, Path, description = "`extraction.completed.json` and so on")),
    responses(
        (status = 200, description = "JSON Schema", content_type = "application/schema+json",
            body = Object),
        (status = 404, description = "`not_found`"),
    ))]
pub(crate) async fn show(ids: PathIds) -> Result<Response, ApiError> {
    let File(event_type) = ids.get("file", Missing::Schema)?;
    Ok(([(CONTENT_TYPE, "application/schema+json")], schema(event_type)).into_response())
}
