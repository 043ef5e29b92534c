//! Bodies of requests: never more than the limit in memory, never waited for without end.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt as _;
use serde_json::Value;

use crate::error::ApiError;
use crate::parts::Api;

const JSON: &str = "application/json";

/// A JSON body: the bytes as sent, for the fingerprint, and what they say.
pub(crate) struct JsonBody {
    pub(crate) bytes: Bytes,
    pub(crate) value: Value,
}

/// Reads a JSON body.
pub(crate) async fn json(api: &Api, headers: &HeaderMap, body: Body) -> Result<JsonBody, ApiError> {
    let bytes = json_text(api, headers, body).await?;
    let value = parse(&bytes)?;
    Ok(JsonBody { bytes, value })
}

/// Reads a body that is said to be JSON, as it was sent.
pub(crate) async fn json_text(
    api: &Api,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, ApiError> {
    check_json_headers(headers)?;
    read(api, headers, body).await
}

/// Reads a JSON body that may be left out: then it is the empty object.
pub(crate) async fn optional_json(
    api: &Api,
    headers: &HeaderMap,
    body: Body,
) -> Result<JsonBody, ApiError> {
    let bytes = read(api, headers, body).await?;
    if bytes.trim_ascii().is_empty() {
        return Ok(JsonBody { bytes: Bytes::new(), value: Value::Object(Default::default()) });
    }
    check_json_headers(headers)?;
    let value = parse(&bytes)?;
    Ok(JsonBody { bytes, value })
}

/// What the text of a JSON body says.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, ApiError> {
    let malformed = |detail: String| ApiError::MalformedJson { detail };
    if bytes.trim_ascii().is_empty() {
        return Err(malformed("it is empty".to_owned()));
    }
    if std::str::from_utf8(bytes).is_err() {
        return Err(malformed("it is not UTF-8".to_owned()));
    }
    serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))
}

/// The media type without its parameters, in lower case; empty where there is none.
pub(crate) fn essence(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn check_json_headers(headers: &HeaderMap) -> Result<(), ApiError> {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if value == JSON && is_plain(headers) {
        return Ok(());
    }
    let lower = value.to_ascii_lowercase();
    let utf8 = match lower.split_once("charset=") {
        Some((_, charset)) => charset.trim_matches(['"', ' ']).starts_with("utf-8"),
        None => true,
    };
    let essence = essence(headers);
    let is_json =
        essence == JSON || (essence.starts_with("application/") && essence.ends_with("+json"));
    if is_json && utf8 && is_plain(headers) {
        Ok(())
    } else {
        Err(ApiError::UnsupportedMediaType { expected: JSON })
    }
}

/// Whether the body is sent as it is: a compressed one could be a bomb and is not taken.
pub(crate) fn is_plain(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_ENCODING).iter().all(|value| value.as_bytes() == b"identity")
}

/// Whether the caller announces more than `bytes_max`.
pub(crate) fn announces_more_than(headers: &HeaderMap, bytes_max: u64) -> bool {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|text| text.parse::<u64>().ok()).is_some_and(|length| length > bytes_max)
}

/// The whole body, at most the limit for JSON.
async fn read(api: &Api, headers: &HeaderMap, mut body: Body) -> Result<Bytes, ApiError> {
    let bytes_max = api.settings().json_bytes_max;
    let too_large = || ApiError::BodyTooLarge { bytes_max };
    if announces_more_than(headers, bytes_max) {
        return Err(too_large());
    }
    let reading = async {
        let mut bytes = Bytes::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| ApiError::BodyInterrupted)?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() as u64 + data.len() as u64 > bytes_max {
                return Err(too_large());
            }
            // Most bodies come in one piece.
            bytes = if bytes.is_empty() { data } else { joined(bytes, &data) };
        }
        Ok(bytes)
    };
    let read = tokio::time::timeout(api.settings().body_deadline, reading).await;
    read.unwrap_or(Err(ApiError::BodyTimeout))
}

fn joined(begun: Bytes, more: &[u8]) -> Bytes {
    let mut bytes = BytesMut::from(begun);
    bytes.extend_from_slice(more);
    bytes.freeze()
}
