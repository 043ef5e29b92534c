//! `GET /`

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use crate::dashboard;

/// Where to go from here.
#[derive(Serialize, ToSchema)]
pub(crate) struct Index {
    /// `ParseFlow`
    name: &'static str,
    /// Of this service.
    #[schema(value_type = String)]
    version: &'static str,
    /// Addresses by what is there.
    links: Links,
}

/// Addresses relative to this one.
#[derive(Serialize, ToSchema)]
pub(crate) struct Links {
    openapi: &'static str,
    docs: &'static str,
    errors: &'static str,
    health: &'static str,
}

/// Name, version and links
///
/// Whoever accepts `text/html` gets the dashboard.
#[utoipa::path(get, path = "/", tag = "operating", operation_id = "getIndex",
    responses((status = 200, content((Index = "application/json"), (String = "text/html")))))]
pub(crate) async fn index(headers: HeaderMap) -> Response {
    dashboard::page(&headers).unwrap_or_else(|| Json(links()).into_response())
}

fn links() -> Index {
    Index {
        name: "ParseFlow",
        version: env!("CARGO_PKG_VERSION"),
        links: Links {
            openapi: "/openapi.json",
            docs: "/docs",
            errors: "/docs/errors",
            health: "/api/health",
        },
    }
}
