//! `POST /api/v1/webhooks/listen`

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use parseflow_model::{AccountId, EndpointSettings, WebhookId, random_text};
use parseflow_store::{NewEndpoint, PageRequest};
use parseflow_webhooks::{signature, subscription};
use serde_json::json;
use tokio::sync::mpsc;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::body;
use crate::error::ApiError;
use crate::event_stream;
use crate::idempotency::Head;
use crate::listeners::{LISTEN_SCHEME, Listening, Request};
use crate::members::Members;
use crate::parts::Api;

/// Listeners of one account.
const OF_ONE_ACCOUNT_MAX: usize = 4;
/// A stream without requests says that it lives.
const PING_INTERVAL: Duration = Duration::from_secs(15);
const FORWARD_CHARS_MAX: usize = 500;

/// What to listen for.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "events": ["*"], "forwardTo": "http://localhost:3000/webhooks/parseflow"
}))]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct Listen {
    /// Event types, `extraction.*`, `batch.*`, `quota.*` or `*`; all if left out.
    #[schema(min_items = 1, max_items = 32)]
    events: Option<Vec<String>>,
    /// Where the listener sends them on to; shown in the delivery log, never called by the service.
    #[schema(max_length = 500)]
    forward_to: String,
}

/// Listen for webhooks
///
/// For receivers that the service cannot reach, such as one that is being written: used by `parseflow
/// listen`. The answer is a stream of server-sent events. First `ready` with `endpointId` and `secret`:
/// a webhook that exists as long as the stream. Then `request` for every attempt, with its `number`,
/// its `headers`, signed like any other, its `body` in base64 and its deadline, `timeoutMs`; what the
/// receiver answered is reported to `/api/v1/webhooks/listen/{id}/reports` by then, and shows in the
/// delivery log. `ping` comes when there is nothing else. Closing the stream deletes the webhook.
#[utoipa::path(post, path = "/api/v1/webhooks/listen", tag = "webhooks", operation_id = "listen",
    request_body = Listen,
    responses(
        (status = 200, description = "Events until one side ends it", body = String,
            content_type = "text/event-stream"),
        (status = 403, description = "`plan_upgrade_required`"),
        (status = 409, description = "`endpoint_limit_reached`"),
        (status = 429, description = "`too_many_streams`, `rate_limited`"),
    ))]
pub(crate) async fn listen(
    State(api): State<Api>,
    caller: Caller,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    caller.require_webhooks()?;
    let body = body::json(&api, &head.headers, body).await?;
    let mut members = Members::of(&body.value, &["events", "forwardTo"])?;
    let forward_to = members.required_text("forwardTo", FORWARD_CHARS_MAX).unwrap_or_default();
    if !forward_to.starts_with("http://") && !forward_to.starts_with("https://") {
        members.refuse("forwardTo", "must be an http or https URL");
    }
    let events = members.texts("events");
    members.finish()?;
    let events = events.unwrap_or_else(|| vec!["*".to_owned()]);
    let events = subscription::parse(&events).map_err(ApiError::Subscription)?;
    let account = caller.account.id.clone();
    forget_stale(&api, &account).await?;
    if api.parts.listeners.of(&account) >= OF_ONE_ACCOUNT_MAX {
        return Err(ApiError::TooManyStreams);
    }

    let id = WebhookId::random(api.dice());
    let secret = signature::generate_secret(api.dice());
    let mark = random_text(api.dice(), b"0123456789abcdefghijklmnopqrstuvwxyz", 12);
    let url = format!("{LISTEN_SCHEME}{forward_to}#{mark}");
    let new = NewEndpoint {
        id: id.clone(),
        account: account.clone(),
        url: url.clone(),
        events: events.events,
        event_mask: events.mask,
        sealed_secret: api.parts.vault.seal(api.dice(), id.as_str(), secret.as_bytes()),
        secret_hint: signature::secret_hint(&secret),
        settings: EndpointSettings {
            description: Some("parseflow listen".to_owned()),
            ..EndpointSettings::default()
        },
        now: api.now(),
    };
    // Before the endpoint exists: an attempt finds its listener.
    let (listening, requests) = api.parts.listeners.open(url, account.clone(), id.clone());
    let max = api.settings().endpoints_max;
    if api.store().create_endpoint(new, max).await?.is_none() {
        return Err(ApiError::EndpointLimitReached { max });
    }
    let (sender, receiver) = mpsc::channel(1);
    let ready = event("ready", &json!({"endpointId": id.to_string(), "secret": secret}));
    tokio::spawn(relay(api, account, id, listening, requests, sender, ready));
    Ok(event_stream::answer(receiver))
}

/// Passes requests on until one side ends it, then deletes the endpoint.
async fn relay(
    api: Api,
    account: AccountId,
    id: WebhookId,
    listening: Listening,
    mut requests: mpsc::Receiver<Request>,
    sender: mpsc::Sender<Bytes>,
    ready: Bytes,
) {
    let mut stopping = api.parts.stopping.clone();
    let mut next = ready;
    loop {
        // A listener that takes nothing for as long as it may be silent is gone.
        let sent = tokio::time::timeout(PING_INTERVAL, sender.send(next)).await;
        if !matches!(sent, Ok(Ok(()))) {
            break;
        }
        next = tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => break,
            () = sender.closed() => break,
            request = tokio::time::timeout(PING_INTERVAL, requests.recv()) => match request {
                Ok(Some(request)) => event("request", &told(&request)),
                Ok(None) => break,
                Err(_) => event("ping", &json!({})),
            },
        };
    }
    drop((listening, requests));
    if let Err(error) = api.store().delete_endpoint(&account, &id, api.now()).await {
        // It is forgotten when the account listens again.
        tracing::warn!(%error, endpoint = %id, "the endpoint of a listener cannot be deleted");
    }
}

fn told(request: &Request) -> serde_json::Value {
    let headers: serde_json::Map<_, _> =
        request.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "number": request.number,
        "timeoutMs": u64::try_from(request.timeout.as_millis()).unwrap_or(u64::MAX),
        "headers": headers,
        "body": STANDARD.encode(&request.body),
    })
}

fn event(name: &str, data: &serde_json::Value) -> Bytes {
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}

/// Deletes endpoints of listeners that ended without saying so: the process was killed. Where several
/// processes share the database, another one's listener may be alive: only this process's are known.
async fn forget_stale(api: &Api, account: &AccountId) -> Result<(), ApiError> {
    if api.store().is_shared() {
        return Ok(());
    }
    let page = PageRequest { limit: 100, cursor: None };
    let found = api.store().endpoints(account, &page).await?;
    for endpoint in found.rows {
        if endpoint.url.starts_with(LISTEN_SCHEME) && !api.parts.listeners.has(&endpoint.url) {
            api.store().delete_endpoint(account, &endpoint.id, api.now()).await?;
        }
    }
    Ok(())
}
