//! `POST /api/webhooks/notifications/{id}/deliveries/{delivery}/retry`

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use parseflow_model::{DeliveryId, WebhookId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::body;
use crate::error::{ApiError, Missing};
use crate::idempotency::{Head, Once};
use crate::members::Members;
use crate::names::DeliveryStateName;
use crate::parts::Api;
use crate::path_ids::PathIds;

/// A delivery that is sent again.
#[derive(Serialize, ToSchema)]
pub(crate) struct Redelivery {
    #[schema(pattern = "^dlv_[0-9a-z]{20}$")]
    id: String,
    /// `pending` or `retrying`; `succeeded` stays so while it is sent again.
    #[schema(value_type = DeliveryStateName)]
    state: &'static str,
}

/// Send a delivery again
///
/// Now, with the same id and the same bytes, whatever became of it before.
#[utoipa::path(post, path = "/api/webhooks/notifications/{id}/deliveries/{delivery}/retry",
    tag = "deliveries", operation_id = "retryDelivery",
    params(
        ("id" = String, Path, description = "`wh_…`"),
        ("delivery" = String, Path, description = "`dlv_…`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request repeatable"),
    ),
    responses(
        (status = 202, body = Redelivery),
        (status = 403, description = "`plan_upgrade_required`"),
        (status = 409, description = "`endpoint_disabled`, `idempotency_in_flight`"),
        (status = 422, description = "`idempotency_key_reused`"),
    ))]
pub(crate) async fn retry(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    caller.require_webhooks()?;
    let webhook: WebhookId = ids.get("id", Missing::Webhook)?;
    let id: DeliveryId = ids.get("delivery", Missing::Delivery)?;
    let body = body::optional_json(&api, &head.headers, body).await?;
    Members::of(&body.value, &[])?.finish()?;
    let once = Once::of(&api, &caller, &head, &body.bytes)?;
    once.run(send_again(Api::clone(&api), caller, webhook, id)).await
}

async fn send_again(
    api: Api,
    caller: Caller,
    webhook: WebhookId,
    id: DeliveryId,
) -> Result<Response, ApiError> {
    let endpoint = api.store().endpoint(caller.id(), &webhook).await?;
    let endpoint = endpoint.ok_or(ApiError::NotFound(Missing::Webhook))?;
    if !endpoint.is_active() {
        return Err(ApiError::EndpointDisabled);
    }
    let state = api.store().redeliver(caller.id(), &webhook, id, api.now()).await?;
    let state = state.ok_or(ApiError::NotFound(Missing::Delivery))?;
    let answer = Redelivery { id: id.to_string(), state: state.as_str() };
    Ok((StatusCode::ACCEPTED, Json(answer)).into_response())
}
