//! Endpoints: where an account's events are sent. "Webhook" is their name in public.

pub(crate) mod activate;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod register;
pub(crate) mod rotate;
pub(crate) mod samples;
pub(crate) mod show;
pub(crate) mod test;
pub(crate) mod update;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use parseflow_model::{
    Endpoint, EndpointStatus, PayloadVersion, Timestamp, UnknownName, WebhookId,
};
use parseflow_store::SettingsChange;
use parseflow_webhooks::custom_headers::{CustomHeaders, MASK};
use parseflow_webhooks::endpoint_health::{Warning, disabling_warning, warnings};
use parseflow_webhooks::payload::{BODY_BYTES_CEILING, DEFAULT_BODY_BYTES_MAX};
use parseflow_webhooks::vault::{VaultError, headers_context};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::members::Members;
use crate::names::{DisabledReasonName, PAUSED, PayloadVersionName, WebhookStatus};
use crate::parts::{Api, Edge};

const DESCRIPTION_CHARS_MAX: usize = 500;
const VERSION_CHARS_MAX: usize = 10;
const TIMEOUT_MS: RangeInclusive<u32> = 1_000..=30_000;
const RATE_PER_SECOND: RangeInclusive<u32> = 1..=10_000;
const BODY_BYTES: RangeInclusive<u32> = 1_024..=BODY_BYTES_CEILING as u32;

/// Longer texts are refused before anything looks at them; the rules on URLs are stricter.
const URL_CHARS_READ_MAX: usize = 100_000;

/// The members with which an owner sets an endpoint.
const SETTABLE: [&str; 11] = [
    "url",
    "events",
    "description",
    "timeoutMs",
    "maxBodyBytes",
    "disableOnGone",
    "rateLimitPerSecond",
    "ordered",
    "headers",
    "isActive",
    "paused",
];

/// Those of its registration: a new endpoint is active and goes on.
const REGISTRABLE: [&str; 10] = [
    "url",
    "events",
    "description",
    "timeoutMs",
    "maxBodyBytes",
    "disableOnGone",
    "rateLimitPerSecond",
    "ordered",
    "headers",
    "payloadVersion",
];

/// What an owner says of an endpoint; `None` where nothing is said.
#[derive(Debug, Default)]
struct Wishes {
    url: Option<String>,
    events: Option<Vec<String>>,
    active: Option<bool>,
    /// `Some(None)` clears it.
    description: Option<Option<String>>,
    timeout_ms: Option<Option<u32>>,
    body_bytes_max: Option<Option<u32>>,
    disable_on_gone: Option<bool>,
    /// All of them; none clears them.
    headers: Option<CustomHeaders>,
    paused: Option<bool>,
    rate_limit_per_second: Option<Option<u32>>,
    ordered: Option<bool>,
    payload_version: Option<PayloadVersion>,
}

impl Wishes {
    /// Reads the members; what is wrong is noted in them.
    fn read(members: &mut Members<'_>) -> Self {
        let url = members.text("url", URL_CHARS_READ_MAX).map(str::to_owned);
        let events = members.texts("events");
        let description = members.text("description", DESCRIPTION_CHARS_MAX).map(str::to_owned);
        let timeout_ms = members.number("timeoutMs", TIMEOUT_MS);
        let body_bytes_max = members.number("maxBodyBytes", BODY_BYTES);
        let rate_limit = members.number("rateLimitPerSecond", RATE_PER_SECOND);
        Self {
            url,
            events,
            active: members.flag("isActive"),
            description: members.has("description").then_some(description),
            timeout_ms: members.has("timeoutMs").then_some(timeout_ms),
            body_bytes_max: members.has("maxBodyBytes").then_some(body_bytes_max),
            disable_on_gone: members.flag("disableOnGone"),
            rate_limit_per_second: members.has("rateLimitPerSecond").then_some(rate_limit),
            ordered: members.flag("ordered"),
            payload_version: Self::payload_version(members),
            headers: Self::headers(members),
            paused: members.flag("paused"),
        }
    }

    fn payload_version(members: &mut Members<'_>) -> Option<PayloadVersion> {
        let read = members.text("payloadVersion", VERSION_CHARS_MAX)?.parse();
        if let Err(UnknownName { known }) = read {
            members.refuse("payloadVersion", format!("is not known; known are {known}"));
        }
        read.ok()
    }

    fn headers(members: &mut Members<'_>) -> Option<CustomHeaders> {
        match members.value("headers") {
            None => members.has("headers").then(CustomHeaders::default),
            Some(Value::Object(map)) => match CustomHeaders::parse(map) {
                Ok(headers) => Some(headers),
                Err((None, error)) => {
                    members.refuse("headers", error.to_string());
                    None
                }
                Err((Some(name), error)) => {
                    members.refuse_member("headers", &name, error.to_string());
                    None
                }
            },
            Some(_) => {
                members.refuse("headers", "must be an object of names and values");
                None
            }
        }
    }

    /// What is said of the settings; headers are encrypted for the endpoint with this id.
    fn settings(&self, api: &Edge, id: &WebhookId) -> SettingsChange {
        let seal = |headers: &CustomHeaders| {
            let context = headers_context(id);
            let seal = || api.parts.vault.seal(api.dice(), &context, &headers.to_bytes());
            (!headers.is_empty()).then(seal)
        };
        SettingsChange {
            description: self.description.clone(),
            timeout_ms: self.timeout_ms,
            body_bytes_max: self.body_bytes_max,
            disable_on_gone: self.disable_on_gone,
            sealed_headers: self.headers.as_ref().map(seal),
            rate_limit_per_second: self.rate_limit_per_second,
            ordered: self.ordered,
        }
    }
}

/// Refuses URLs that may not be used.
async fn vet(api: &Api, url: &str) -> Result<(), ApiError> {
    api.parts.targets.vet(url).await.map_err(ApiError::Url)
}

/// What can be told of an endpoint beside the six fields of its registration.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookState {
    /// `healthy`, `failing` (one delivery failed five times), `disabled`, or `paused` (by its owner,
    /// or because the plan has no webhooks: deliveries wait).
    #[schema(value_type = WebhookStatus)]
    status: &'static str,
    description: Option<String>,
    /// Deadline of a whole attempt; the installation's default if null.
    #[schema(minimum = 1000, maximum = 30000)]
    timeout_ms: Option<u32>,
    /// Larger events are sent without their bulk, with a link to it.
    #[schema(minimum = 1024, maximum = 1048576)]
    max_body_bytes: u32,
    /// Disable the webhook when it answers 410 Gone.
    disable_on_gone: bool,
    /// Headers of your own, sent with every attempt, by name. The values are not shown.
    headers: BTreeMap<String, &'static str>,
    /// Deliveries wait because its owner wants it so.
    paused: bool,
    /// The secret that will take over; null outside a rotation.
    next_secret: Option<NextSecretBody>,
    /// Attempts that may begin in a second; no limit of its own if null.
    #[schema(minimum = 1, maximum = 10000)]
    rate_limit_per_second: Option<u32>,
    /// One delivery at a time, in the order of the events.
    ordered: bool,
    /// The shape of the bodies: `v1`, as in `/schemas/v1`. Fixed when it is registered.
    #[schema(value_type = PayloadVersionName)]
    payload_version: &'static str,
    /// `consecutive_failures`, `gone` or `disabled_by_owner`.
    #[schema(value_type = Option<DisabledReasonName>)]
    disabled_reason: Option<&'static str>,
    #[schema(format = DateTime)]
    disabled_at: Option<String>,
    /// The first failed attempt after the last success.
    #[schema(format = DateTime)]
    failing_since: Option<String>,
    #[schema(format = DateTime)]
    last_success_at: Option<String>,
    #[schema(format = DateTime)]
    last_failure_at: Option<String>,
    /// Failed attempts since the last success.
    consecutive_failures: u32,
    /// When it will be disabled if failures go on; told from 24 hours of failures on.
    #[schema(format = DateTime)]
    disables_at: Option<String>,
    /// What its owner should know before deliveries stop; empty while nothing is wrong.
    warnings: Vec<WarningBody>,
}

/// Something is about to go wrong.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookWarning)]
pub(crate) struct WarningBody {
    /// `failing`, `disables_soon` (failing for 24 hours), `disables_next` (for 48 hours), `disabled`.
    code: &'static str,
    message: String,
}

impl WarningBody {
    fn of(warning: Warning) -> Self {
        Self { code: warning.name(), message: warning.to_string() }
    }
}

/// A secret that is pending: it signs beside the present one until it takes over.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NextSecret)]
pub(crate) struct NextSecretBody {
    /// Its last four characters.
    hint: String,
    #[schema(format = DateTime)]
    takes_over_at: String,
}

impl WebhookState {
    pub(crate) fn of(api: &Edge, endpoint: &Endpoint) -> Result<Self, ApiError> {
        let now = api.now();
        let rules = &api.parts.health_rules;
        let next = endpoint.secrets_at(now).next;
        let names = headers_of(api, endpoint).map_err(ApiError::Vault)?;
        let health = &endpoint.health;
        let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
        let default_bytes = DEFAULT_BODY_BYTES_MAX as u32;
        Ok(Self {
            status: status_of(endpoint),
            description: endpoint.settings.description.clone(),
            timeout_ms: endpoint.settings.timeout_ms,
            max_body_bytes: endpoint.settings.body_bytes_max.unwrap_or(default_bytes),
            disable_on_gone: endpoint.settings.disable_on_gone,
            headers: names.names().map(|name| (name.to_owned(), MASK)).collect(),
            paused: endpoint.paused_at.is_some(),
            next_secret: next.map(|next| NextSecretBody {
                hint: next.hint.clone(),
                takes_over_at: next.takes_over_at.to_string(),
            }),
            rate_limit_per_second: endpoint.settings.rate_limit_per_second,
            ordered: endpoint.settings.ordered,
            payload_version: endpoint.settings.payload_version.as_str(),
            disabled_reason: health.disabled_reason.map(|reason| reason.as_str()),
            disabled_at: text(health.disabled_at),
            failing_since: text(health.failing_since),
            last_success_at: text(health.last_success_at),
            last_failure_at: text(health.last_failure_at),
            consecutive_failures: health.consecutive_failures,
            disables_at: text(disabling_warning(health, now, rules)),
            warnings: warnings(health, now, rules).into_iter().map(WarningBody::of).collect(),
        })
    }
}

/// The owner's own headers, decrypted.
pub(crate) fn headers_of(api: &Edge, endpoint: &Endpoint) -> Result<CustomHeaders, VaultError> {
    let Some(sealed) = &endpoint.settings.sealed_headers else {
        return Ok(CustomHeaders::default());
    };
    let bytes = api.parts.vault.open(&headers_context(&endpoint.id), sealed)?;
    CustomHeaders::from_bytes(&bytes).ok_or(VaultError::UnknownFormat)
}

fn status_of(endpoint: &Endpoint) -> &'static str {
    let paused = endpoint.is_paused() && endpoint.health.status != EndpointStatus::Disabled;
    if paused { PAUSED } else { endpoint.health.status.as_str() }
}

/// An endpoint as it is shown after its registration: without the secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Webhook, example = json!({
    "id": "wh_a1b2c3d4e5f6g7h8", "url": "https://your-app.com/webhooks/parseflow",
    "events": ["extraction.completed", "extraction.failed"], "isActive": true,
    "createdAt": "2026-04-14T10:00:00Z", "secretHint": "3456", "status": "healthy",
    "description": null, "timeoutMs": null, "maxBodyBytes": 98304, "disableOnGone": false,
    "headers": {"Authorization": "••••••"}, "paused": false, "nextSecret": null,
    "rateLimitPerSecond": null, "ordered": false, "payloadVersion": "v1",
    "disabledReason": null, "disabledAt": null, "failingSince": null, "lastSuccessAt": null,
    "lastFailureAt": null, "consecutiveFailures": 0, "disablesAt": null, "warnings": []
}))]
pub(crate) struct WebhookBody {
    #[schema(pattern = "^wh_[a-z0-9]{16}$")]
    id: String,
    url: String,
    /// As given: event types or patterns such as `extraction.*`.
    events: Vec<String>,
    /// False once disabled.
    is_active: bool,
    #[schema(format = DateTime)]
    created_at: String,
    /// The last four characters of the secret.
    secret_hint: String,
    #[serde(flatten)]
    state: WebhookState,
}

impl WebhookBody {
    pub(crate) fn of(api: &Edge, endpoint: &Endpoint) -> Result<Self, ApiError> {
        Ok(Self {
            id: endpoint.id.to_string(),
            url: endpoint.url.clone(),
            events: endpoint.events.clone(),
            is_active: endpoint.is_active(),
            created_at: endpoint.created_at.to_string(),
            secret_hint: endpoint.secrets_at(api.now()).hint.to_owned(),
            state: WebhookState::of(api, endpoint)?,
        })
    }
}
