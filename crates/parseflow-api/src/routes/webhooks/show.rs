//! `GET /api/webhooks/notifications/{id}`

use axum::Json;
use axum::extract::State;

use super::WebhookBody;
use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::parts::Api;
use crate::path_ids::PathIds;

/// Get a webhook
///
/// Its settings and how it is doing, never with the secret.
#[utoipa::path(get, path = "/api/webhooks/notifications/{id}", tag = "webhooks",
    operation_id = "getWebhook",
    params(("id" = String, Path, description = "`wh_…`")),
    responses((status = 200, body = WebhookBody)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
) -> Result<Json<WebhookBody>, ApiError> {
    let id = ids.get("id", Missing::Webhook)?;
    let endpoint = api.store().endpoint(caller.id(), &id).await?;
    let endpoint = endpoint.ok_or(ApiError::NotFound(Missing::Webhook))?;
    Ok(Json(WebhookBody::of(&api, &endpoint)?))
}
