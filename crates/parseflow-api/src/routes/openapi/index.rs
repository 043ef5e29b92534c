//! `GET /`

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

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
    errors: &'static str,
    health: &'static str,
}

/// Name, version and links
#[utoipa::path(get, path = "/", tag = "operating", operation_id = "getIndex",
    responses((status = 200, body = Index)))]
pub(crate) async fn index() -> Json<Index> {
    Json(Index {
        name: "ParseFlow",
        version: env!("CARGO_PKG_VERSION"),
        links: Links { openapi: "/openapi.json", errors: "/docs/errors", health: "/api/health" },
    })
}
