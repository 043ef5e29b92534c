//! `DELETE /api/v1/keys/{id}`

use axum::Json;
use axum::extract::State;
use parseflow_model::KeyId;

use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::parts::Api;
use crate::path_ids::PathIds;
use crate::routes::Removed;

/// Revoke an API key
///
/// At once. A key may revoke itself.
#[utoipa::path(delete, path = "/api/v1/keys/{id}", tag = "account", operation_id = "revokeKey",
    params(("id" = String, Path, description = "`key_…`")),
    responses((status = 200, body = Removed)))]
pub(crate) async fn revoke(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
) -> Result<Json<Removed>, ApiError> {
    let id: KeyId = ids.get("id", Missing::Key)?;
    if api.store().revoke_key(caller.id(), &id, api.now()).await? {
        api.known_keys.forget();
        Ok(Json(Removed::new(id)))
    } else {
        Err(ApiError::NotFound(Missing::Key))
    }
}
