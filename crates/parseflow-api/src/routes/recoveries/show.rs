//! `GET /api/webhooks/notifications/{id}/recoveries/{recovery}`

use axum::Json;
use axum::extract::State;
use parseflow_model::{RecoveryId, WebhookId};

use super::RecoveryBody;
use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::parts::Api;
use crate::path_ids::PathIds;

/// Get a recovery
///
/// With how far it has come.
#[utoipa::path(get, path = "/api/webhooks/notifications/{id}/recoveries/{recovery}",
    tag = "deliveries", operation_id = "getRecovery",
    params(
        ("id" = String, Path, description = "`wh_…`"),
        ("recovery" = String, Path, description = "`rcv_…`"),
    ),
    responses((status = 200, body = RecoveryBody)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
) -> Result<Json<RecoveryBody>, ApiError> {
    let webhook: WebhookId = ids.get("id", Missing::Webhook)?;
    let id: RecoveryId = ids.get("recovery", Missing::Recovery)?;
    let found = api.store().recovery(caller.id(), &webhook, &id).await?;
    let found = found.ok_or(ApiError::NotFound(Missing::Recovery))?;
    Ok(Json(RecoveryBody::of(&found)))
}
