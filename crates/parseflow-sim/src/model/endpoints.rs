//! Endpoints and their health, by the words of the documentation.

use parseflow_model::{
    AccountId, DisabledReason, EndpointNo, EndpointStatus, EventId, Health, Timestamp, WebhookId,
};

use super::{Broken, Model, State};

/// One endpoint.
#[derive(Debug, Clone)]
pub(crate) struct EndpointRecord {
    pub(crate) id: WebhookId,
    pub(crate) account: AccountId,
    pub(crate) mask: u8,
    pub(crate) secret: String,
    /// URLs it has had; a request may still go to the latest but one while a change is under way.
    pub(crate) urls: Vec<String>,
    pub(crate) disable_on_gone: bool,
    pub(crate) deleted: bool,
    pub(crate) health: HealthRecord,
    /// When it was disabled, deleted or paused last, in true milliseconds: attempts begun before
    /// that run on.
    pub(crate) closed_ms: u64,
    /// The latest event seen in its log.
    pub(crate) seen: EventId,
}

/// Failures since the last success, and what they have led to.
#[derive(Debug, Clone, Default)]
pub(crate) struct HealthRecord {
    /// When the endpoint was disabled and why.
    pub(crate) disabled: Option<DisabledReason>,
    failing: bool,
    failures: u32,
    first_failure: Option<Timestamp>,
    /// The start of the run that may lead to disabling and the latest window in it with a failure.
    run: Option<(Timestamp, i64)>,
    last_success: Option<Timestamp>,
}

impl HealthRecord {
    /// One more attempt ended.
    fn attempt(&mut self, at: Timestamp, success: bool, number: u32, gone: bool, after_ms: i64) {
        if success {
            let last_success = self.later_success(at);
            let disabled = self.disabled.is_some();
            *self = if disabled { self.clone() } else { Self::default() };
            self.last_success = last_success;
            return;
        }
        if self.disabled.is_some() {
            return;
        }
        let at = at.max(self.last_success.unwrap_or(at));
        let (start, last_window) = self.run.unwrap_or((at, 0));
        let at = at.max(start);
        let window = (at.millis() - start.millis()) / (after_ms / 3).max(1);
        // A whole window without a failure between: silence, so the count begins anew.
        self.run =
            Some(if window > last_window + 1 { (at, 0) } else { (start, window.max(last_window)) });
        self.first_failure.get_or_insert(at);
        self.failures += 1;
        self.failing |= number >= 5;
        let lasted = self.run.map_or(0, |(start, _)| at.millis() - start.millis());
        if gone {
            self.disabled = Some(DisabledReason::Gone);
        } else if lasted >= after_ms {
            self.disabled = Some(DisabledReason::ConsecutiveFailures);
        }
    }

    /// The latest success, which is kept to the second while nothing else changes.
    fn later_success(&self, at: Timestamp) -> Option<Timestamp> {
        let unchanged = self.disabled.is_some() || self.first_failure.is_none();
        match self.last_success {
            Some(last) if unchanged && at.millis() - last.millis() < 1_000 => Some(last),
            last => last.max(Some(at)),
        }
    }

    /// The status that must be shown.
    fn status(&self) -> EndpointStatus {
        match (self.disabled, self.failing) {
            (Some(_), _) => EndpointStatus::Disabled,
            (None, true) => EndpointStatus::Failing,
            (None, false) => EndpointStatus::Healthy,
        }
    }

    /// Compares with what is stored.
    pub(crate) fn check(&self, no: EndpointNo, stored: &Health) -> Result<(), Broken> {
        let same = stored.status == self.status()
            && stored.disabled_reason == self.disabled
            && stored.consecutive_failures == self.failures
            && stored.failing_since == self.first_failure;
        if same {
            return Ok(());
        }
        Err(format!("health of endpoint {}: stored {stored:?}, expected {self:?}", no.0))
    }
}

impl Model {
    /// An attempt was recorded for the endpoint.
    pub(super) fn attempt_counts(
        &mut self,
        no: EndpointNo,
        ended_at: Timestamp,
        success: bool,
        number: u32,
        gone: bool,
        now_ms: u64,
    ) {
        let after_ms = self.rules.disable_after_ms;
        let Some(endpoint) = self.endpoints.get_mut(&no) else { return };
        if endpoint.deleted {
            return;
        }
        let was_active = endpoint.health.disabled.is_none();
        endpoint.health.attempt(ended_at, success, number, gone, after_ms);
        if was_active && endpoint.health.disabled.is_some() {
            self.close(no, now_ms);
        }
    }

    /// The endpoint takes nothing more: what waits is cancelled.
    fn close(&mut self, no: EndpointNo, now_ms: u64) {
        if let Some(endpoint) = self.endpoints.get_mut(&no) {
            endpoint.closed_ms = now_ms;
        }
        for (id, delivery) in &mut self.deliveries {
            if id.endpoint == no && delivery.state == State::Pending {
                delivery.cancel();
            }
        }
    }

    /// Its owner enabled or disabled it.
    pub(crate) fn set_active(&mut self, no: EndpointNo, active: bool, now_ms: u64) {
        let Some(endpoint) = self.endpoints.get_mut(&no) else { return };
        match (active, endpoint.health.disabled) {
            (true, _) => {
                endpoint.health = HealthRecord::default();
            }
            (false, None) => {
                endpoint.health.disabled = Some(DisabledReason::ByOwner);
                self.close(no, now_ms);
            }
            (false, Some(_)) => {}
        }
    }

    /// Its owner deleted it.
    pub(crate) fn delete(&mut self, no: EndpointNo, now_ms: u64) {
        self.close(no, now_ms);
        if let Some(endpoint) = self.endpoints.get_mut(&no) {
            endpoint.deleted = true;
        }
    }
}
