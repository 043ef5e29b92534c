//! What browsers read about the API: one page over the description, and a page for each error code.
//!
//! The page is complete without scripts. With them it also sends requests: the key that is typed in
//! stays in the page's memory. Nothing is loaded from elsewhere, and nothing may be.

pub(crate) mod markdown;
mod page;

use std::sync::OnceLock;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY};
use http::{HeaderMap, HeaderValue};
use utoipa_axum::router::OpenApiRouter;

use crate::openapi::openapi;
use crate::parts::Api;

const SCRIPT: &str = include_str!("docs.js");
const STYLE: &str = include_str!("docs.css");
const ICON: &str = include_str!("../../../../dashboard/src/icon.svg");

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
);

/// Pages and their parts: for people, so the description of the API leaves them out.
pub(crate) fn router() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .route("/docs", axum::routing::get(show))
        .route("/docs/docs.js", axum::routing::get(script))
        .route("/docs/docs.css", axum::routing::get(style))
        .route("/docs/icon.svg", axum::routing::get(icon))
}

/// `GET /docs`
async fn show() -> Response {
    static PAGE: OnceLock<Bytes> = OnceLock::new();
    let page = PAGE.get_or_init(|| {
        let api = serde_json::to_value(openapi()).expect("the description serialises");
        Bytes::from(page::written(&api))
    });
    html(page.clone())
}

async fn script() -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "no-cache")], SCRIPT)
        .into_response()
}

async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache")], STYLE)
        .into_response()
}

async fn icon() -> Response {
    ([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "no-cache")], ICON).into_response()
}

/// A text in Markdown: as it is, or as a page for whoever asks for one.
pub(crate) fn text(headers: &HeaderMap, title: &str, markdown: &str) -> Response {
    let mut response = if asks_for_html(headers) {
        html(page::around(title, &markdown::to_html(markdown)))
    } else {
        ([(CONTENT_TYPE, "text/markdown; charset=utf-8")], markdown.to_owned()).into_response()
    };
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    response
}

fn asks_for_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(http::header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|text| text.to_ascii_lowercase().contains("text/html"))
}

fn html(page: impl IntoResponse) -> Response {
    let mut response = page.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
