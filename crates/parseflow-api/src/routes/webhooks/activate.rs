//! `POST /api/webhooks/notifications/{id}/rotate-secret/activate`

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use parseflow_model::WebhookId;
use parseflow_store::Activation;

use super::WebhookBody;
use crate::auth::Caller;
use crate::body;
use crate::error::{ApiError, Missing};
use crate::idempotency::{Head, Once};
use crate::members::Members;
use crate::parts::Api;
use crate::path_ids::PathIds;

/// Activate the pending secret
///
/// Ends the overlap of a rotation: from now on everything is signed with the new secret alone.
#[utoipa::path(post, path = "/api/webhooks/notifications/{id}/rotate-secret/activate",
    tag = "webhooks", operation_id = "activateSecret",
    params(
        ("id" = String, Path, description = "`wh_…`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request repeatable"),
    ),
    responses(
        (status = 200, body = WebhookBody),
        (status = 403, description = "`plan_upgrade_required`"),
        (status = 409, description = "`no_rotation_pending`, `idempotency_in_flight`"),
        (status = 422, description = "`idempotency_key_reused`"),
    ))]
pub(crate) async fn activate(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    caller.require_webhooks()?;
    let id: WebhookId = ids.get("id", Missing::Webhook)?;
    let body = body::optional_json(&api, &head.headers, body).await?;
    Members::of(&body.value, &[])?.finish()?;
    let once = Once::of(&api, &caller, &head, &body.bytes)?;
    once.run(put_in_force(Api::clone(&api), caller, id)).await
}

async fn put_in_force(api: Api, caller: Caller, id: WebhookId) -> Result<Response, ApiError> {
    match api.store().activate_secret(caller.id(), &id, api.now()).await? {
        Activation::Activated(endpoint) => {
            Ok(Json(WebhookBody::of(&api, &endpoint)?).into_response())
        }
        Activation::NothingPending => Err(ApiError::NoRotationPending),
        Activation::NoEndpoint => Err(ApiError::NotFound(Missing::Webhook)),
    }
}
