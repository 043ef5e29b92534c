//! `GET /api/webhooks/notifications`

use axum::Json;
use axum::extract::State;
use http::Uri;
use serde::Serialize;
use utoipa::ToSchema;

use super::WebhookBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::parts::Api;
use crate::query::List;

/// One page of endpoints.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookPage {
    webhooks: Vec<WebhookBody>,
    /// Where the next page starts; null on the last one.
    next_cursor: Option<String>,
}

/// List webhooks
///
/// Newest first, never with the secret.
#[utoipa::path(get, path = "/api/webhooks/notifications", tag = "webhooks",
    operation_id = "listWebhooks",
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "A `nextCursor` of this list"),
    ),
    responses((status = 200, body = WebhookPage)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<WebhookPage>, ApiError> {
    let list = List { name: "webhooks", account: caller.id() };
    let page = api.store().endpoints(caller.id(), &list.page(&uri)?).await?;
    Ok(Json(WebhookPage {
        next_cursor: list.next(&page),
        webhooks: page
            .rows
            .iter()
            .map(|endpoint| WebhookBody::of(&api, endpoint))
            .collect::<Result<_, _>>()?,
    }))
}
