//! `GET /api/v1/activity/stream`

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};
use parseflow_model::Timestamp;
use tokio::sync::mpsc;

use crate::activity::Feed;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::event_stream;
use crate::parts::Api;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Events that wait to be read at most.
const WAITING_MAX: usize = 128;

/// Watch what happens
///
/// Server-sent events, within about a second: `delivery` with a line of the delivery log whenever one
/// changes, `document` with a line of the documents, `ping` at the beginning and when there is nothing
/// else to tell. With `Last-Event-ID` the stream begins where another one ended; something may be
/// told twice. It watches the 50 newest of each kind. An account may have 8 streams.
#[utoipa::path(get, path = "/api/v1/activity/stream", tag = "account",
    operation_id = "streamActivity",
    params(("Last-Event-ID" = Option<String>, Header,
        description = "The `id` of the last event that was read")),
    responses(
        (status = 200, description = "Events until one side ends it", body = String,
            content_type = "text/event-stream"),
        (status = 400, description = "`invalid_input`"),
        (status = 429, description = "`too_many_streams`, `rate_limited`"),
    ))]
pub(crate) async fn stream(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let since = match headers.get(LAST_EVENT_ID) {
        None => api.now(),
        Some(value) => told_until(value).ok_or_else(|| {
            ApiError::input("Last-Event-ID", "must be the id of an event of this stream")
        })?,
    };
    let slot = api.feeds.take(caller.id())?;
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    tokio::spawn(Feed::new(Api::clone(&api), caller, since, slot, sender).run());
    Ok(event_stream::answer(receiver))
}

fn told_until(value: &HeaderValue) -> Option<Timestamp> {
    let millis: i64 = value.to_str().ok()?.parse().ok()?;
    (millis >= 0).then(|| Timestamp::from_millis(millis))
}
