//! Where events go, and how well that has been working.

use std::str::FromStr;

use crate::{AccountId, EndpointNo, EventType, Timestamp, WebhookId};

/// A name that is none of the known ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown name; known: {known}")]
pub struct UnknownName {
    /// The known names, comma separated.
    pub known: &'static str,
}

/// How an endpoint is doing. One enum: `isActive` of the public API is "not disabled".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndpointStatus {
    /// Answers, or has not been tried.
    Healthy,
    /// One delivery has failed five times; still served.
    Failing,
    /// Not served until it is enabled again.
    Disabled,
}

impl EndpointStatus {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            EndpointStatus::Healthy => "healthy",
            EndpointStatus::Failing => "failing",
            EndpointStatus::Disabled => "disabled",
        }
    }
}

/// Why an endpoint is disabled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DisabledReason {
    /// Three consecutive days of failures.
    ConsecutiveFailures,
    /// It answered 410 Gone and asked to be disabled then.
    Gone,
    /// Its owner switched it off.
    ByOwner,
}

impl DisabledReason {
    /// All reasons.
    pub const ALL: [DisabledReason; 3] =
        [DisabledReason::ConsecutiveFailures, DisabledReason::Gone, DisabledReason::ByOwner];

    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            DisabledReason::ConsecutiveFailures => "consecutive_failures",
            DisabledReason::Gone => "gone",
            DisabledReason::ByOwner => "disabled_by_owner",
        }
    }
}

/// The health of an endpoint, folded from its attempts in the order of their commits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Health {
    /// How it is doing.
    pub status: EndpointStatus,
    /// The first failed attempt after the last success.
    pub failing_since: Option<Timestamp>,
    /// The first failure of the present run of days that each saw one. A day without any failure
    /// ends a run: silence is not failure.
    pub run_started_at: Option<Timestamp>,
    /// The 24 h window of the run, counted from 0, in which the latest failure fell.
    pub run_day: u32,
    /// The latest 2xx.
    pub last_success_at: Option<Timestamp>,
    /// The latest failed attempt.
    pub last_failure_at: Option<Timestamp>,
    /// Failed attempts since the last success.
    pub consecutive_failures: u32,
    /// When it was disabled.
    pub disabled_at: Option<Timestamp>,
    /// Why it was disabled.
    pub disabled_reason: Option<DisabledReason>,
}

impl Health {
    /// A new endpoint, or one that was enabled again.
    pub const fn fresh() -> Self {
        Self {
            status: EndpointStatus::Healthy,
            failing_since: None,
            run_started_at: None,
            run_day: 0,
            last_success_at: None,
            last_failure_at: None,
            consecutive_failures: 0,
            disabled_at: None,
            disabled_reason: None,
        }
    }
}

/// The shape of the bodies that an endpoint is sent. Members are added within a version; any other
/// change that a receiver could notice makes a new one beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum PayloadVersion {
    /// The bodies of `/schemas/v1`.
    #[default]
    V1,
}

impl PayloadVersion {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            PayloadVersion::V1 => "v1",
        }
    }
}

impl FromStr for PayloadVersion {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        match name {
            "v1" => Ok(PayloadVersion::V1),
            _ => Err(UnknownName { known: "v1" }),
        }
    }
}

/// What its owner may set on an endpoint beyond URL and events.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EndpointSettings {
    /// A note for people.
    pub description: Option<String>,
    /// Deadline of a whole attempt in milliseconds, 1,000 to 30,000; the installation's default if
    /// `None`.
    pub timeout_ms: Option<u32>,
    /// Largest body in bytes, up to 1 MiB; 96 KiB if `None`. Larger events are sent thin.
    pub body_bytes_max: Option<u32>,
    /// Disable the endpoint when it answers 410 Gone.
    pub disable_on_gone: bool,
    /// Headers of the owner's own, sent with every attempt: encrypted like the secret, because a
    /// value may be a credential. `None` when there are none.
    pub sealed_headers: Option<Vec<u8>>,
    /// Attempts that may begin in a second, 1 to 10,000; no limit of its own if `None`. More wait
    /// for their turn, none is dropped.
    pub rate_limit_per_second: Option<u32>,
    /// One delivery at a time, in the order of the events: the next begins when the one before was
    /// delivered or has ended, its retries included.
    pub ordered: bool,
    /// Given at registration, or the newest then; never changed afterwards.
    pub payload_version: PayloadVersion,
}

/// A secret that is to replace the present one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NextSecret {
    /// The secret, encrypted with the installation's master key.
    pub sealed: Vec<u8>,
    /// Its last four characters.
    pub hint: String,
    /// When it takes over by itself; until then both secrets sign.
    pub takes_over_at: Timestamp,
}

/// Where events of an account are sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Endpoint {
    /// Its number in this installation.
    pub no: EndpointNo,
    /// `wh_…`
    pub id: WebhookId,
    /// Whose it is.
    pub account: AccountId,
    /// Where to send, as given.
    pub url: String,
    /// The subscription as given: event types or patterns such as `extraction.*`.
    pub events: Vec<String>,
    /// The event types that `events` covers: a mask of [`EventType::bit`].
    pub event_mask: u8,
    /// The secret, encrypted with the installation's master key.
    pub sealed_secret: Vec<u8>,
    /// The secret's last four characters.
    pub secret_hint: String,
    /// The secret that a rotation has made pending. It may have taken over already: ask
    /// [`Endpoint::secrets_at`], not this.
    pub next_secret: Option<NextSecret>,
    /// When `sealed_secret` took over from its predecessor; `None` for the first secret.
    pub secret_changed_at: Option<Timestamp>,
    /// What its owner has set.
    pub settings: EndpointSettings,
    /// How it is doing.
    pub health: Health,
    /// Since when its owner lets deliveries wait; `None` when they are sent.
    pub paused_at: Option<Timestamp>,
    /// The account's plan has no webhooks: deliveries wait until it has.
    pub paused_by_plan: bool,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// The secrets that sign at some time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SecretsInForce<'a> {
    /// The one that receivers verify with, encrypted.
    pub sealed: &'a [u8],
    /// Its last four characters.
    pub hint: &'a str,
    /// When it took over from its predecessor; `None` for the first secret.
    pub since: Option<Timestamp>,
    /// The one that will replace it; `None` outside a rotation.
    pub next: Option<&'a NextSecret>,
}

impl Endpoint {
    /// The secrets in force at `at`. A rotation whose overlap has ended is over, whether or not
    /// anybody has written that down.
    pub fn secrets_at(&self, at: Timestamp) -> SecretsInForce<'_> {
        match &self.next_secret {
            Some(next) if next.takes_over_at <= at => SecretsInForce {
                sealed: &next.sealed,
                hint: &next.hint,
                since: Some(next.takes_over_at),
                next: None,
            },
            next => SecretsInForce {
                sealed: &self.sealed_secret,
                hint: &self.secret_hint,
                since: self.secret_changed_at,
                next: next.as_ref(),
            },
        }
    }

    /// Whether deliveries wait, by its owner's wish or its plan's. Nothing is lost meanwhile.
    pub fn is_paused(&self) -> bool {
        self.paused_by_plan || self.paused_at.is_some()
    }

    /// The public `isActive`: true while failing, false once disabled.
    pub fn is_active(&self) -> bool {
        self.health.status != EndpointStatus::Disabled
    }

    /// Whether it subscribes to events of this type.
    pub fn wants(&self, event_type: EventType) -> bool {
        self.event_mask & event_type.bit() != 0
    }
}
