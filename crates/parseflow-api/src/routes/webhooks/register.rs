//! `POST /api/webhooks/notifications`

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use parseflow_model::{Endpoint, EndpointSettings, WebhookId};
use parseflow_store::NewEndpoint;
use parseflow_webhooks::{signature, subscription};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{REGISTRABLE, WebhookState, Wishes, vet};
use crate::auth::Caller;
use crate::body;
use crate::error::ApiError;
use crate::idempotency::{Head, Once};
use crate::members::Members;
use crate::names::PayloadVersionName;
use crate::parts::Api;

/// An endpoint to register.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "url": "https://your-app.com/webhooks/parseflow",
    "events": ["extraction.completed", "extraction.failed"]
}))]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct NewWebhook {
    /// `https`, no credentials, on the public internet.
    #[schema(max_length = 2048)]
    url: String,
    /// Event types, `extraction.*`, `batch.*`, `quota.*` or `*`.
    #[schema(min_items = 1, max_items = 32)]
    events: Vec<String>,
    /// A note for people.
    #[schema(max_length = 500)]
    description: Option<String>,
    /// Deadline of a whole attempt.
    #[schema(minimum = 1000, maximum = 30000)]
    timeout_ms: Option<u32>,
    /// Larger events are sent without their bulk, with a link to it.
    #[schema(minimum = 1024, maximum = 1048576, default = 98304)]
    max_body_bytes: Option<u32>,
    /// Disable the webhook when it answers 410 Gone.
    #[schema(default = false)]
    disable_on_gone: Option<bool>,
    /// Headers of your own to send with every attempt, at most 16. None of ours or of HTTP itself.
    headers: Option<BTreeMap<String, String>>,
    /// Attempts that may begin in a second; more wait, none is dropped. No limit if left out.
    #[schema(minimum = 1, maximum = 10000)]
    rate_limit_per_second: Option<u32>,
    /// One delivery at a time, in the order of the events; a retry holds up those behind it.
    #[schema(default = false)]
    ordered: Option<bool>,
    /// The shape of the bodies; the newest if left out. It stays as it is for this webhook.
    #[schema(value_type = Option<PayloadVersionName>)]
    payload_version: Option<String>,
}

/// A registered endpoint: the only time its secret is shown.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": "wh_a1b2c3d4e5f6g7h8", "url": "https://your-app.com/webhooks/parseflow",
    "events": ["extraction.completed", "extraction.failed"],
    "secret": "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456", "isActive": true,
    "createdAt": "2026-04-14T10:00:00Z", "status": "healthy", "description": null,
    "timeoutMs": null, "maxBodyBytes": 98304, "disableOnGone": false, "headers": {},
    "paused": false, "nextSecret": null, "rateLimitPerSecond": null, "ordered": false,
    "payloadVersion": "v1", "disabledReason": null,
    "disabledAt": null, "failingSince": null, "lastSuccessAt": null, "lastFailureAt": null,
    "consecutiveFailures": 0, "disablesAt": null, "warnings": []
}))]
pub(crate) struct RegisteredWebhook {
    #[schema(pattern = "^wh_[a-z0-9]{16}$")]
    id: String,
    url: String,
    /// As given: event types or patterns such as `extraction.*`.
    events: Vec<String>,
    /// Verifies the signatures. Save it: it is only shown once.
    #[schema(pattern = "^whsec_[A-Za-z0-9]{32}$")]
    secret: String,
    is_active: bool,
    #[schema(format = DateTime)]
    created_at: String,
    #[serde(flatten)]
    state: WebhookState,
}

/// Register a webhook
///
/// The secret is shown once. The URL is checked now, on every change and at every attempt.
#[utoipa::path(post, path = "/api/webhooks/notifications", tag = "webhooks",
    operation_id = "registerWebhook",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request repeatable")),
    request_body = NewWebhook,
    responses(
        (status = 201, body = RegisteredWebhook),
        (status = 403, description = "`plan_upgrade_required`"),
        (status = 409, description = "`endpoint_limit_reached`, `idempotency_in_flight`"),
        (status = 422, description = "`idempotency_key_reused`"),
    ))]
pub(crate) async fn register(
    State(api): State<Api>,
    caller: Caller,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    caller.require_webhooks()?;
    let body = body::json(&api, &head.headers, body).await?;
    let once = Once::of(&api, &caller, &head, &body.bytes)?;
    once.run(add(Api::clone(&api), caller, body.value)).await
}

async fn add(api: Api, caller: Caller, body: Value) -> Result<Response, ApiError> {
    let mut members = Members::of(&body, &REGISTRABLE)?;
    for required in ["url", "events"] {
        if members.value(required).is_none() {
            members.refuse(required, "is required");
        }
    }
    let wishes = Wishes::read(&mut members);
    members.finish()?;
    let events = wishes.events.as_deref().unwrap_or_default();
    let events = subscription::parse(events).map_err(ApiError::Subscription)?;
    let id = WebhookId::random(api.dice());
    let payload_version = wishes.payload_version.unwrap_or_default();
    let newest = EndpointSettings { payload_version, ..EndpointSettings::default() };
    let settings = wishes.settings(&api, &id).apply(newest);
    let url = wishes.url.unwrap_or_default();
    vet(&api, &url).await?;

    let secret = signature::generate_secret(api.dice());
    let new = NewEndpoint {
        url,
        events: events.events,
        event_mask: events.mask,
        sealed_secret: api.parts.vault.seal(api.dice(), id.as_str(), secret.as_bytes()),
        secret_hint: signature::secret_hint(&secret),
        settings,
        now: api.now(),
        account: caller.account.id.clone(),
        id,
    };
    let max = api.settings().endpoints_max;
    let created = api.store().create_endpoint(new, max).await?;
    let endpoint = created.ok_or(ApiError::EndpointLimitReached { max })?;
    Ok((StatusCode::CREATED, Json(registered(&api, endpoint, secret)?)).into_response())
}

fn registered(
    api: &Api,
    endpoint: Endpoint,
    secret: String,
) -> Result<RegisteredWebhook, ApiError> {
    Ok(RegisteredWebhook {
        state: WebhookState::of(api, &endpoint)?,
        id: endpoint.id.to_string(),
        is_active: endpoint.is_active(),
        url: endpoint.url,
        events: endpoint.events,
        secret,
        created_at: endpoint.created_at.to_string(),
    })
}
