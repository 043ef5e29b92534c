//! `GET /api/webhooks/notifications/{id}/deliveries`

use axum::Json;
use axum::extract::State;
use http::Uri;
use parseflow_model::WebhookId;
use serde::Serialize;
use utoipa::ToSchema;

use super::DeliveryBody;
use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::parts::Api;
use crate::path_ids::PathIds;
use crate::query::List;

/// One page of the delivery log.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryPage {
    pub(super) deliveries: Vec<DeliveryBody>,
    /// Where the next page starts; null on the last one.
    pub(super) next_cursor: Option<String>,
}

/// List deliveries
///
/// The delivery log of one webhook, newest first, as far back as retention goes.
#[utoipa::path(get, path = "/api/webhooks/notifications/{id}/deliveries", tag = "deliveries",
    operation_id = "listDeliveries",
    params(
        ("id" = String, Path, description = "`wh_…`"),
        ("limit" = Option<u32>, Query, description = "1 to 100", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "A `nextCursor` of this list"),
    ),
    responses((status = 200, body = DeliveryPage)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
    uri: Uri,
) -> Result<Json<DeliveryPage>, ApiError> {
    let id: WebhookId = ids.get("id", Missing::Webhook)?;
    let list = List { name: id.as_str(), account: caller.id() };
    let page = api.store().deliveries(caller.id(), &id, &list.page(&uri)?).await?;
    let page = page.ok_or(ApiError::NotFound(Missing::Webhook))?;
    Ok(Json(DeliveryPage {
        next_cursor: list.next(&page),
        deliveries: page.rows.iter().map(|row| DeliveryBody::of(row, &id)).collect(),
    }))
}
