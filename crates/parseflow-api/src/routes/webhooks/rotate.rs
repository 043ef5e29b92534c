//! `POST /api/webhooks/notifications/{id}/rotate-secret`

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use parseflow_model::{NextSecret, WebhookId};
use parseflow_webhooks::signature;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::body;
use crate::error::{ApiError, Missing};
use crate::idempotency::{Head, Once};
use crate::members::Members;
use crate::parts::Api;
use crate::path_ids::PathIds;

/// A day: time to put the new secret in place everywhere.
const OVERLAP_SECS_DEFAULT: u32 = 86_400;
const OVERLAP_SECS_MAX: u32 = 7 * 86_400;

/// How long both secrets sign.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({"overlapSeconds": 86400}))]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct SecretRotation {
    /// Until the new secret takes over by itself; 0 replaces the old one at once.
    #[schema(minimum = 0, maximum = 604800, default = 86400)]
    overlap_seconds: Option<u32>,
}

/// A new secret: the only time it is shown.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": "wh_a1b2c3d4e5f6g7h8", "secret": "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456",
    "takesOverAt": "2026-04-15T10:00:00Z", "secretHint": "7890"
}))]
pub(crate) struct RotatedSecret {
    #[schema(pattern = "^wh_[a-z0-9]{16}$")]
    id: String,
    /// Save it: it is only shown once.
    #[schema(pattern = "^whsec_[A-Za-z0-9]{32}$")]
    secret: String,
    /// Until then `X-ParseFlow-Signature` is made with the old secret.
    #[schema(format = DateTime)]
    takes_over_at: String,
    /// The last four characters of the secret that `X-ParseFlow-Signature` is made with now.
    secret_hint: String,
}

/// Rotate the secret
///
/// The new secret is shown once and is pending: until it takes over, `X-ParseFlow-Signature` stays on
/// the old one, `X-ParseFlow-Signature-Next` carries the new one and `webhook-signature` both. Rotating
/// again before that replaces the pending secret.
#[utoipa::path(post, path = "/api/webhooks/notifications/{id}/rotate-secret", tag = "webhooks",
    operation_id = "rotateSecret",
    params(
        ("id" = String, Path, description = "`wh_…`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request repeatable"),
    ),
    request_body = Option<SecretRotation>,
    responses(
        (status = 200, body = RotatedSecret),
        (status = 403, description = "`plan_upgrade_required`"),
        (status = 409, description = "`idempotency_in_flight`"),
        (status = 422, description = "`idempotency_key_reused`"),
    ))]
pub(crate) async fn rotate(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    caller.require_webhooks()?;
    let id: WebhookId = ids.get("id", Missing::Webhook)?;
    let body = body::optional_json(&api, &head.headers, body).await?;
    let once = Once::of(&api, &caller, &head, &body.bytes)?;
    once.run(replace(Api::clone(&api), caller, id, body.value)).await
}

async fn replace(
    api: Api,
    caller: Caller,
    id: WebhookId,
    body: Value,
) -> Result<Response, ApiError> {
    let mut members = Members::of(&body, &["overlapSeconds"])?;
    let overlap_secs = members.number("overlapSeconds", 0..=OVERLAP_SECS_MAX);
    members.finish()?;
    let overlap_secs = overlap_secs.unwrap_or(OVERLAP_SECS_DEFAULT);
    let now = api.now();
    let secret = signature::generate_secret(api.dice());
    let next = NextSecret {
        sealed: api.parts.vault.seal(api.dice(), id.as_str(), secret.as_bytes()),
        hint: signature::secret_hint(&secret),
        takes_over_at: now + Duration::from_secs(overlap_secs.into()),
    };
    let takes_over_at = next.takes_over_at.to_string();
    let endpoint = api.store().rotate_secret(caller.id(), &id, next, now).await?;
    let endpoint = endpoint.ok_or(ApiError::NotFound(Missing::Webhook))?;
    let secret_hint = endpoint.secrets_at(now).hint.to_owned();
    let answer = RotatedSecret { id: id.to_string(), secret, takes_over_at, secret_hint };
    Ok(Json(answer).into_response())
}
