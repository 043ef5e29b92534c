//! `GET /api/webhooks/notifications/{id}/deliveries/{delivery}`

use axum::Json;
use axum::extract::State;
use parseflow_model::{DeliveryId, Endpoint, Event, WebhookId};
use parseflow_webhooks::payload::DEFAULT_BODY_BYTES_MAX;
use serde::Serialize;
use utoipa::ToSchema;

use super::DeliveryBody;
use super::attempt::{AttemptBody, Sent};
use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::parts::Api;
use crate::path_ids::PathIds;

/// A delivery with everything that was done for it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryDetailBody {
    #[serde(flatten)]
    delivery: DeliveryBody,
    /// The exact JSON that is sent, as a string.
    body: String,
    /// Oldest first.
    attempts: Vec<AttemptBody>,
}

/// Get a delivery
///
/// With the exact body and every attempt.
#[utoipa::path(get, path = "/api/webhooks/notifications/{id}/deliveries/{delivery}",
    tag = "deliveries", operation_id = "getDelivery",
    params(
        ("id" = String, Path, description = "`wh_…`"),
        ("delivery" = String, Path, description = "`dlv_…`"),
    ),
    responses((status = 200, body = DeliveryDetailBody)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
) -> Result<Json<DeliveryDetailBody>, ApiError> {
    let webhook: WebhookId = ids.get("id", Missing::Webhook)?;
    let id: DeliveryId = ids.get("delivery", Missing::Delivery)?;
    let found = api.store().delivery(caller.id(), &webhook, id).await?;
    let found = found.ok_or(ApiError::NotFound(Missing::Delivery))?;
    let endpoint = api.store().endpoint(caller.id(), &webhook).await?;
    let body = body_for(&found.event, endpoint.as_ref());
    let sent = Sent { api: &api, event: &found.event, endpoint: endpoint.as_ref(), body };
    let attempts = found.attempts.iter().map(|attempt| sent.show(attempt));
    let attempts = attempts.collect::<Result<Vec<AttemptBody>, ApiError>>()?;
    Ok(Json(DeliveryDetailBody {
        delivery: DeliveryBody::of(&found.row, &webhook),
        body: String::from_utf8_lossy(body).into_owned(),
        attempts,
    }))
}

/// The form of the event that fits the endpoint's limit.
fn body_for<'a>(event: &'a Event, endpoint: Option<&Endpoint>) -> &'a [u8] {
    let limit = endpoint.and_then(|endpoint| endpoint.settings.body_bytes_max);
    let limit = limit.map_or(DEFAULT_BODY_BYTES_MAX, |limit| limit as usize);
    match &event.thin_body {
        Some(thin) if event.body.len() > limit => thin,
        _ => &event.body,
    }
}
