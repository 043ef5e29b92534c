//! `DELETE /api/webhooks/notifications?id=` and `DELETE /api/webhooks/notifications/{id}`

use axum::Json;
use axum::extract::State;
use http::Uri;
use parseflow_model::WebhookId;

use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::parts::Api;
use crate::path_ids::PathIds;
use crate::query;
use crate::routes::Removed;

/// Delete a webhook
///
/// What is pending is cancelled and the secret is erased; the delivery log stays until retention.
#[utoipa::path(delete, path = "/api/webhooks/notifications", tag = "webhooks",
    operation_id = "deleteWebhook",
    params(("id" = String, Query, description = "`wh_…`")),
    responses((status = 200, body = Removed), (status = 400, description = "`missing_parameter`"),
        (status = 404, description = "`not_found`")))]
pub(crate) async fn delete_by_query(
    State(api): State<Api>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Removed>, ApiError> {
    let text = query::parameter(&uri, "id")?.filter(|text| !text.is_empty());
    let text = text.ok_or(ApiError::MissingParameter("id"))?;
    let id = text.parse().map_err(|_| ApiError::NotFound(Missing::Webhook))?;
    delete(&api, &caller, id).await
}

/// Delete a webhook
///
/// The same as with `?id=`.
#[utoipa::path(delete, path = "/api/webhooks/notifications/{id}", tag = "webhooks",
    operation_id = "deleteWebhookByPath",
    params(("id" = String, Path, description = "`wh_…`")),
    responses((status = 200, body = Removed)))]
pub(crate) async fn delete_by_path(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
) -> Result<Json<Removed>, ApiError> {
    delete(&api, &caller, ids.get("id", Missing::Webhook)?).await
}

async fn delete(api: &Api, caller: &Caller, id: WebhookId) -> Result<Json<Removed>, ApiError> {
    if api.store().delete_endpoint(caller.id(), &id, api.now()).await? {
        Ok(Json(Removed::new(id)))
    } else {
        Err(ApiError::NotFound(Missing::Webhook))
    }
}
