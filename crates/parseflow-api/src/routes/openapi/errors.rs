//! `GET /docs/errors`

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

/// The same text as in the repository, so that the `type` of every problem leads somewhere.
const ERRORS: &str = include_str!("../../../../../docs/errors.md");

/// Every error code
///
/// With its status, what it means and what to do; in Markdown. The `type` of a problem points here.
#[utoipa::path(get, path = "/docs/errors", tag = "operating", operation_id = "getErrors",
    responses((status = 200, body = String, content_type = "text/markdown")))]
pub(crate) async fn errors() -> Response {
    ([(CONTENT_TYPE, "text/markdown; charset=utf-8")], ERRORS).into_response()
}
