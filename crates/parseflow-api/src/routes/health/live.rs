//! `GET /api/health` and `GET /healthz`

use axum::Json;

use super::Health;

/// Liveness
///
/// The process answers. Says nothing about the database: see `/readyz`.
#[utoipa::path(get, path = "/api/health", tag = "operating", operation_id = "getHealth",
    responses((status = 200, body = Health)))]
pub(crate) async fn api_health() -> Json<Health> {
    Json(Health::OK)
}

/// Liveness
///
/// The same as `/api/health`, where orchestrators look for it.
#[utoipa::path(get, path = "/healthz", tag = "operating", operation_id = "getLiveness",
    responses((status = 200, body = Health)))]
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health::OK)
}
