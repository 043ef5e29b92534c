//! How an endpoint is doing, folded from its attempts one at a time.
//!
//! *Failing* is a mark: one delivery has failed five times. Any 2xx clears it. *Disabled* ends the
//! sending: after three consecutive days of failures, counted as three windows of 24 hours from the
//! first failure after the last success, each of which saw a failure and none a success. A window
//! without any attempt ends the count, because silence is not failure: one bad Monday and one bad
//! Friday do not disable an endpoint that was asked nothing in between.
//!
//! Source: "Retry Policy", product documentation.

mod alert;

use std::time::Duration;

use parseflow_model::{DisabledReason, EndpointStatus, Health, Timestamp};

pub use alert::{Alert, AlertText, alert};

/// When an endpoint is marked and when it is given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HealthRules {
    /// Consecutive failure before disabling: three windows of a third of this each.
    pub disable_after: Duration,
    /// Failed attempts of one delivery that mark its endpoint as failing.
    pub failing_after_attempts: u32,
}

impl Default for HealthRules {
    /// Three days and five attempts, as documented.
    fn default() -> Self {
        Self { disable_after: Duration::from_secs(3 * 86_400), failing_after_attempts: 5 }
    }
}

impl HealthRules {
    /// The length of one window in milliseconds; at least 1.
    fn window_ms(&self) -> u64 {
        u64::try_from(self.disable_after.as_millis() / 3).unwrap_or(u64::MAX).max(1)
    }

    /// The window, counted from 0, in which `at` falls when the first starts at `start`.
    fn window_of(&self, start: Timestamp, at: Timestamp) -> u32 {
        let elapsed_ms = u64::try_from(at.since(start).as_millis()).unwrap_or(u64::MAX);
        u32::try_from(elapsed_ms / self.window_ms()).unwrap_or(u32::MAX)
    }
}

/// What the rules need to know of an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AttemptFacts {
    /// When it ended.
    pub ended_at: Timestamp,
    /// Whether the receiver answered 2xx.
    pub success: bool,
    /// Failed attempts of this delivery, this one included.
    pub failed_attempts: u32,
    /// The receiver answered 410 and the endpoint has `disableOnGone`.
    pub gone: bool,
}

/// The health of the endpoint after one more attempt.
///
/// A disabled endpoint stays disabled whatever comes (an attempt that was under way, a delivery sent
/// again by hand); only the times of its latest success and failure move. Attempts may be reported a
/// little out of order: a failure that ended before the run it belongs to counts as its start.
pub fn after_attempt(health: &Health, facts: &AttemptFacts, rules: &HealthRules) -> Health {
    let mut next = *health;
    if facts.success {
        next.last_success_at = next.last_success_at.max(Some(facts.ended_at));
    } else {
        next.last_failure_at = next.last_failure_at.max(Some(facts.ended_at));
    }
    match (health.status, facts.success) {
        (EndpointStatus::Disabled, _) => next,
        (_, true) => Health {
            last_success_at: next.last_success_at,
            last_failure_at: next.last_failure_at,
            ..Health::fresh()
        },
        (_, false) => after_failure(next, facts, rules),
    }
}

fn after_failure(mut health: Health, facts: &AttemptFacts, rules: &HealthRules) -> Health {
    let at = Some(facts.ended_at)
        .max(health.last_success_at)
        .max(health.run_started_at)
        .unwrap_or(facts.ended_at);
    let run_started_at = health.run_started_at.unwrap_or(at);
    let window = rules.window_of(run_started_at, at);
    if window > health.run_day.saturating_add(1) {
        health.run_started_at = Some(at);
        health.run_day = 0;
    } else {
        health.run_started_at = Some(run_started_at);
        health.run_day = health.run_day.max(window);
    }
    health.failing_since = health.failing_since.or(Some(at));
    health.consecutive_failures = health.consecutive_failures.saturating_add(1);
    if facts.failed_attempts >= rules.failing_after_attempts {
        health.status = EndpointStatus::Failing;
    }
    let run_lasted = health.run_started_at.map_or(Duration::ZERO, |start| at.since(start));
    let reason = match (facts.gone, run_lasted >= rules.disable_after) {
        (true, _) => Some(DisabledReason::Gone),
        (false, true) => Some(DisabledReason::ConsecutiveFailures),
        (false, false) => None,
    };
    if reason.is_some() {
        health.status = EndpointStatus::Disabled;
        health.disabled_at = Some(at);
        health.disabled_reason = reason;
    }
    health
}

/// When the endpoint would be disabled if failures go on, once they have gone on for a third of
/// [`HealthRules::disable_after`]: 24 hours by default, so that its owner is warned in time.
///
/// The time is never before `now`: where it has come, the next failure disables. `None` for an
/// endpoint that is disabled, has not failed for that long, or has since been silent for a whole
/// window, so that the next failure begins a new count.
pub fn disabling_warning(
    health: &Health,
    now: Timestamp,
    rules: &HealthRules,
) -> Option<Timestamp> {
    let run_started_at = health.run_started_at?;
    let window = rules.window_of(run_started_at, now);
    let goes_on = window >= 1 && window <= health.run_day.saturating_add(1);
    if health.status == EndpointStatus::Disabled || !goes_on {
        return None;
    }
    Some(now.max(run_started_at + rules.disable_after))
}

/// What the owner of an endpoint should know before deliveries stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Warning {
    /// Failures have begun; some delivery has failed often enough to mark the endpoint.
    #[error("failing since {since}: deliveries are retried, and nothing is lost")]
    Failing {
        /// The first failure after the last success.
        since: Timestamp,
    },
    /// Failures have gone on for a third of [`HealthRules::disable_after`].
    #[error(
        "failing since {since}: it will be disabled at {disables_at} if nothing succeeds before"
    )]
    DisablesSoon {
        /// The first failure after the last success.
        since: Timestamp,
        /// When the next failure disables it.
        disables_at: Timestamp,
    },
    /// For two thirds of it.
    #[error(
        "failing since {since}: it will be disabled within a day, at {disables_at}, if nothing succeeds before"
    )]
    DisablesNext {
        /// The first failure after the last success.
        since: Timestamp,
        /// When the next failure disables it.
        disables_at: Timestamp,
    },
    /// It is disabled because of failures.
    #[error("disabled at {at} because of failures: mend the receiver, enable it, then recover")]
    Disabled {
        /// Since when.
        at: Timestamp,
    },
}

impl Warning {
    /// Stable and machine-readable.
    pub fn name(&self) -> &'static str {
        match self {
            Warning::Failing { .. } => "failing",
            Warning::DisablesSoon { .. } => "disables_soon",
            Warning::DisablesNext { .. } => "disables_next",
            Warning::Disabled { .. } => "disabled",
        }
    }
}

/// What is to be told of an endpoint at `now`; the gravest only.
pub fn warnings(health: &Health, now: Timestamp, rules: &HealthRules) -> Option<Warning> {
    if health.status == EndpointStatus::Disabled {
        let by_owner = health.disabled_reason == Some(DisabledReason::ByOwner);
        return health.disabled_at.filter(|_| !by_owner).map(|at| Warning::Disabled { at });
    }
    let since = health.failing_since?;
    match (disabling_warning(health, now, rules), health.run_started_at) {
        (Some(disables_at), Some(start)) if rules.window_of(start, now) >= 2 => {
            Some(Warning::DisablesNext { since, disables_at })
        }
        (Some(disables_at), _) => Some(Warning::DisablesSoon { since, disables_at }),
        (None, _) => {
            (health.status == EndpointStatus::Failing).then_some(Warning::Failing { since })
        }
    }
}

/// The warning that an attempt has brought about: it is told once, when it begins.
pub fn new_warning(
    before: &Health,
    after: &Health,
    before_at: Timestamp,
    now: Timestamp,
    rules: &HealthRules,
) -> Option<Warning> {
    let name = |warning: Option<Warning>| warning.map(|warning| warning.name());
    let (then, now) = (warnings(before, before_at, rules), warnings(after, now, rules));
    if name(then) == name(now) { None } else { now }
}

/// The health of an endpoint that its owner has enabled again: as if new.
pub fn enabled_again() -> Health {
    Health::fresh()
}

#[cfg(test)]
mod tests;
