//! `POST /api/webhooks/notifications/{id}/recover`

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use parseflow_model::{DeliveryState, EventType, RecoveryId, RecoveryScope, Timestamp, WebhookId};
use parseflow_store::{NewRecovery, RecoveryBegun};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::RecoveryBody;
use crate::auth::Caller;
use crate::body;
use crate::error::{ApiError, Missing};
use crate::idempotency::{Head, Once};
use crate::members::Members;
use crate::names::{EventName, ParkedStateName};
use crate::parts::Api;
use crate::path_ids::PathIds;

const TIME_CHARS_MAX: usize = 64;
const ALL_TYPES: u8 = (1 << EventType::ALL.len()) - 1;
const ALL_STATES: u8 = (1 << DeliveryState::PARKED.len()) - 1;

/// Which deliveries to send again.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "since": "2026-04-14T08:00:00Z", "statuses": ["exhausted", "cancelled", "skipped"]
}))]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct RecoveryWish {
    /// Events from then on.
    #[schema(format = DateTime)]
    since: String,
    /// Events before then; until now if left out.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// What the deliveries have come to; all three if left out.
    #[schema(value_type = Option<Vec<ParkedStateName>>)]
    statuses: Option<Vec<String>>,
    /// The events' types; all if left out.
    #[schema(value_type = Option<Vec<EventName>>)]
    event_types: Option<Vec<String>>,
    /// Only count them.
    #[schema(default = false)]
    dry_run: Option<bool>,
}

/// What a recovery would send again.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCount {
    count: u64,
}

/// Recover after an outage
///
/// Sends the deliveries of a time again that ended without success, oldest first and never in a burst:
/// more are queued only while few of the webhook are waiting. It goes on after a restart of the
/// service. At most one recovery of a webhook runs.
#[utoipa::path(post, path = "/api/webhooks/notifications/{id}/recover", tag = "deliveries",
    operation_id = "recoverWebhook",
    params(
        ("id" = String, Path, description = "`wh_…`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request repeatable"),
    ),
    request_body = RecoveryWish,
    responses(
        (status = 200, body = RecoveryCount, description = "Counted (`dryRun`)"),
        (status = 202, body = RecoveryBody),
        (status = 403, description = "`plan_upgrade_required`"),
        (status = 409,
         description = "`endpoint_disabled`, `recovery_running`, `idempotency_in_flight`"),
        (status = 422, description = "`idempotency_key_reused`"),
    ))]
pub(crate) async fn begin(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    caller.require_webhooks()?;
    let id: WebhookId = ids.get("id", Missing::Webhook)?;
    let body = body::json(&api, &head.headers, body).await?;
    let once = Once::of(&api, &caller, &head, &body.bytes)?;
    once.run(recover(Api::clone(&api), caller, id, body.value)).await
}

async fn recover(
    api: Api,
    caller: Caller,
    webhook: WebhookId,
    body: Value,
) -> Result<Response, ApiError> {
    let now = api.now();
    let known = ["since", "until", "statuses", "eventTypes", "dryRun"];
    let mut members = Members::of(&body, &known)?;
    let scope = scope(&mut members, now);
    let dry_run = members.flag("dryRun").unwrap_or(false);
    members.finish()?;
    let total = api.store().recoverable(caller.id(), &webhook, scope).await?;
    let total = total.ok_or(ApiError::NotFound(Missing::Webhook))?;
    if dry_run {
        return Ok(Json(RecoveryCount { count: total }).into_response());
    }
    let new = NewRecovery { id: RecoveryId::random(api.dice()), scope, total, now };
    match api.store().begin_recovery(caller.id(), &webhook, new).await? {
        RecoveryBegun::Begun(recovery) => {
            Ok((StatusCode::ACCEPTED, Json(RecoveryBody::of(&recovery))).into_response())
        }
        RecoveryBegun::AlreadyRunning(id) => Err(ApiError::RecoveryRunning(id)),
        RecoveryBegun::EndpointDisabled => Err(ApiError::EndpointDisabled),
        RecoveryBegun::NoEndpoint => Err(ApiError::NotFound(Missing::Webhook)),
    }
}

/// What is wrong is noted in the members.
fn scope(members: &mut Members<'_>, now: Timestamp) -> RecoveryScope {
    if members.value("since").is_none() {
        members.refuse("since", "is required and must be a time such as 2026-04-14T10:00:00Z");
    }
    // Nothing happened before the epoch or will have happened after now.
    let since = time(members, "since").unwrap_or(now).max(Timestamp::default());
    let until = time(members, "until").unwrap_or(now).min(now);
    if since > until {
        members.refuse("since", "must not be after until, or in the future");
    }
    let states = mask(members, "statuses", |name| {
        let found = DeliveryState::PARKED.into_iter().find(|state| state.as_str() == name);
        found.map(DeliveryState::parked_bit).ok_or("exhausted, cancelled, skipped")
    });
    let event_types = mask(members, "eventTypes", |name| {
        name.parse::<EventType>().map(EventType::bit).map_err(|error| error.known)
    });
    RecoveryScope {
        since,
        until,
        states: states.unwrap_or(ALL_STATES),
        event_types: event_types.unwrap_or(ALL_TYPES),
    }
}

fn time(members: &mut Members<'_>, name: &str) -> Option<Timestamp> {
    let time = members.text(name, TIME_CHARS_MAX)?.parse().ok();
    if time.is_none() {
        members.refuse(name, "must be an RFC 3339 time such as 2026-04-14T10:00:00Z");
    }
    time
}

/// A list of names as a mask; `None` when it was left out.
fn mask(
    members: &mut Members<'_>,
    name: &str,
    bit: impl Fn(&str) -> Result<u8, &'static str>,
) -> Option<u8> {
    let names = members.texts(name)?;
    if names.is_empty() {
        members.refuse(name, "must not be empty");
    }
    let mut mask = 0;
    for (index, given) in names.iter().enumerate() {
        match bit(given) {
            Ok(bit) => mask |= bit,
            Err(known) => {
                members.refuse_item(name, index, format!("is not known; known are {known}"));
            }
        }
    }
    Some(mask)
}
