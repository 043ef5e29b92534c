//! `GET /readyz`

use axum::Json;
use axum::extract::State;

use super::Health;
use crate::error::ApiError;
use crate::parts::Api;

/// Readiness
///
/// The database answers.
#[utoipa::path(get, path = "/readyz", tag = "operating", operation_id = "getReadiness",
    responses((status = 200, body = Health), (status = 503, description = "`store_unavailable`")))]
pub(crate) async fn readyz(State(api): State<Api>) -> Result<Json<Health>, ApiError> {
    api.store().ping().await?;
    Ok(Json(Health::OK))
}
