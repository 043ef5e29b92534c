//! `PATCH /api/webhooks/notifications/{id}`

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use parseflow_model::WebhookId;
use parseflow_store::EndpointChange;
use parseflow_webhooks::subscription;
use utoipa::ToSchema;

use super::{SETTABLE, WebhookBody, Wishes, vet};
use crate::auth::Caller;
use crate::body;
use crate::error::{ApiError, Missing};
use crate::idempotency::Head;
use crate::members::Members;
use crate::parts::Api;
use crate::path_ids::PathIds;

/// What to change; what is left out stays as it is.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({"isActive": true}))]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct WebhookChange {
    /// Pending retries go there too.
    #[schema(max_length = 2048)]
    url: Option<String>,
    /// For events from now on.
    #[schema(min_items = 1, max_items = 32)]
    events: Option<Vec<String>>,
    /// `true` enables and resets the health, `false` disables.
    is_active: Option<bool>,
    /// Null clears it.
    #[schema(max_length = 500)]
    description: Option<String>,
    /// Null for the installation's default.
    #[schema(minimum = 1000, maximum = 30000)]
    timeout_ms: Option<u32>,
    /// Null for the default, 98304.
    #[schema(minimum = 1024, maximum = 1048576)]
    max_body_bytes: Option<u32>,
    disable_on_gone: Option<bool>,
    /// All headers of your own, in place of those before; null for none.
    headers: Option<BTreeMap<String, String>>,
    /// `true` lets deliveries wait, `false` sends what has waited.
    paused: Option<bool>,
    /// Null for no limit.
    #[schema(minimum = 1, maximum = 10000)]
    rate_limit_per_second: Option<u32>,
    /// For deliveries that have not begun.
    ordered: Option<bool>,
}

/// Change a webhook
///
/// Enabling resets its health. Disabling cancels what is pending; it can be sent again. Pausing
/// keeps everything for later.
#[utoipa::path(patch, path = "/api/webhooks/notifications/{id}", tag = "webhooks",
    operation_id = "updateWebhook",
    params(("id" = String, Path, description = "`wh_…`")),
    request_body = WebhookChange,
    responses(
        (status = 200, body = WebhookBody),
        (status = 403, description = "`plan_upgrade_required`"),
    ))]
pub(crate) async fn update(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
    head: Head,
    body: Body,
) -> Result<Json<WebhookBody>, ApiError> {
    caller.require_webhooks()?;
    let body = body::json(&api, &head.headers, body).await?;
    let id: WebhookId = ids.get("id", Missing::Webhook)?;
    let missing = || ApiError::NotFound(Missing::Webhook);
    if api.store().endpoint(caller.id(), &id).await?.is_none() {
        return Err(missing());
    }

    let mut members = Members::of(&body.value, &SETTABLE)?;
    for never_null in ["url", "events", "isActive", "disableOnGone", "paused", "ordered"] {
        if members.has(never_null) && members.value(never_null).is_none() {
            members.refuse(never_null, "must not be null");
        }
    }
    let wishes = Wishes::read(&mut members);
    members.finish()?;
    let events = match &wishes.events {
        None => None,
        Some(events) => {
            let parsed = subscription::parse(events).map_err(ApiError::Subscription)?;
            Some((parsed.events, parsed.mask))
        }
    };
    if let Some(url) = &wishes.url {
        vet(&api, url).await?;
    }
    let change = EndpointChange {
        settings: wishes.settings(&api, &id),
        url: wishes.url,
        events,
        active: wishes.active,
        paused: wishes.paused,
    };
    let after = api.store().update_endpoint(caller.id(), &id, change, api.now()).await?;
    Ok(Json(WebhookBody::of(&api, &after.ok_or_else(missing)?)?))
}
