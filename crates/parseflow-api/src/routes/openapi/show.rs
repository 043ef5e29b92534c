//! `GET /openapi.json`

use std::sync::OnceLock;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;

use crate::openapi::openapi;

/// The description of this API
///
/// OpenAPI 3.1.
#[utoipa::path(get, path = "/openapi.json", tag = "operating", operation_id = "getOpenApi",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json",
        body = Object)))]
pub(crate) async fn show() -> Response {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    let text = TEXT.get_or_init(|| {
        let text = serde_json::to_vec(&openapi()).expect("the description serialises");
        Bytes::from(text)
    });
    ([(CONTENT_TYPE, "application/json")], text.clone()).into_response()
}
