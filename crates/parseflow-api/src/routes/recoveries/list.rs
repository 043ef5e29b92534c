//! `GET /api/webhooks/notifications/{id}/recoveries`

use axum::Json;
use axum::extract::State;
use http::Uri;
use parseflow_model::WebhookId;
use serde::Serialize;
use utoipa::ToSchema;

use super::RecoveryBody;
use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::parts::Api;
use crate::path_ids::PathIds;
use crate::query::List;

/// One page of a webhook's recoveries.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecoveryPage {
    recoveries: Vec<RecoveryBody>,
    /// Where the next page starts; null on the last one.
    next_cursor: Option<String>,
}

/// List recoveries
///
/// Those of one webhook, newest first; ended ones as far back as retention goes.
#[utoipa::path(get, path = "/api/webhooks/notifications/{id}/recoveries", tag = "deliveries",
    operation_id = "listRecoveries",
    params(
        ("id" = String, Path, description = "`wh_…`"),
        ("limit" = Option<u32>, Query, description = "1 to 100", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "A `nextCursor` of this list"),
    ),
    responses((status = 200, body = RecoveryPage)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
    uri: Uri,
) -> Result<Json<RecoveryPage>, ApiError> {
    let id: WebhookId = ids.get("id", Missing::Webhook)?;
    let name = format!("recoveries {id}");
    let list = List { name: &name, account: caller.id() };
    let page = api.store().recoveries(caller.id(), &id, &list.page(&uri)?).await?;
    let page = page.ok_or(ApiError::NotFound(Missing::Webhook))?;
    Ok(Json(RecoveryPage {
        next_cursor: list.next(&page),
        recoveries: page.rows.iter().map(RecoveryBody::of).collect(),
    }))
}
