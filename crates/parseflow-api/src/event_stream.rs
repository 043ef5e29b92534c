//! Answers that go on as server-sent events.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};
use tokio::sync::mpsc;

type Events = mpsc::Receiver<Bytes>;

/// An answer that ends when `events` does, each already in the form of the protocol.
pub(crate) fn answer(events: Events) -> Response {
    let mut response = Response::new(Body::from_stream(stream::unfold(events, next)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // A proxy that collects answers would hold back the news.
    let unbuffered = HeaderName::from_static("x-accel-buffering");
    headers.insert(unbuffered, HeaderValue::from_static("no"));
    response
}

async fn next(mut events: Events) -> Option<(Result<Bytes, std::convert::Infallible>, Events)> {
    let bytes = events.recv().await?;
    Some((Ok(bytes), events))
}
