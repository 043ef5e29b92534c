//! `DELETE /api/webhooks/notifications/{id}/recoveries/{recovery}`

use axum::Json;
use axum::extract::State;
use parseflow_model::{RecoveryId, WebhookId};
use parseflow_store::RecoveryCancel;

use super::RecoveryBody;
use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::parts::Api;
use crate::path_ids::PathIds;

/// Cancel a recovery
///
/// What it has queued is still sent; the rest stays as it was.
#[utoipa::path(delete, path = "/api/webhooks/notifications/{id}/recoveries/{recovery}",
    tag = "deliveries", operation_id = "cancelRecovery",
    params(
        ("id" = String, Path, description = "`wh_…`"),
        ("recovery" = String, Path, description = "`rcv_…`"),
    ),
    responses(
        (status = 200, body = RecoveryBody),
        (status = 409, description = "`recovery_ended`"),
    ))]
pub(crate) async fn cancel(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
) -> Result<Json<RecoveryBody>, ApiError> {
    let webhook: WebhookId = ids.get("id", Missing::Webhook)?;
    let id: RecoveryId = ids.get("recovery", Missing::Recovery)?;
    match api.store().cancel_recovery(caller.id(), &webhook, &id, api.now()).await? {
        RecoveryCancel::Cancelled(recovery) => Ok(Json(RecoveryBody::of(&recovery))),
        RecoveryCancel::AlreadyEnded(_) => Err(ApiError::RecoveryEnded),
        RecoveryCancel::NotFound => Err(ApiError::NotFound(Missing::Recovery)),
    }
}
