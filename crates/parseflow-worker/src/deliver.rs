//! One attempt: build the request, send it, settle what came of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use parseflow_model::{Attempt, AttemptOutcome, EndpointStatus, FailureKind, Health, Timestamp};
use parseflow_store::{Claim, DispatcherLease, Next, Settled, Settlement, Store, StoreError};
use parseflow_webhooks::endpoint_health::{HealthRules, Warning, new_warning};
use parseflow_webhooks::payload::DEFAULT_BODY_BYTES_MAX;
use parseflow_webhooks::request::{self, AttemptRequest};
use parseflow_webhooks::retry::RetrySchedule;

use crate::metrics::{Outcome, WorkerMetrics};
use crate::ports::{AttemptSender, AttemptTask, Clock};
use crate::presence::Presence;
use crate::queue::{Ready, Verdict};
use crate::targets::{Target, Targets};

/// Slower answers than this count against an endpoint's share.
const SLOW_MS: u32 = 5_000;
/// Between two tries to record an attempt while the database is unavailable.
const SETTLE_AGAIN: Duration = Duration::from_millis(500);

/// What every attempt needs.
pub(crate) struct Deliverer {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) sender: Arc<dyn AttemptSender>,
    pub(crate) targets: Targets,
    pub(crate) schedule: RetrySchedule,
    pub(crate) timeout: Duration,
    pub(crate) health: HealthRules,
    pub(crate) lease: DispatcherLease,
    pub(crate) presence: Presence,
    pub(crate) metrics: WorkerMetrics,
}

/// Another dispatcher has taken over: stop.
#[derive(Debug)]
pub(crate) struct LeaseLost;

/// The claim under which an attempt is made. Should it end before the attempt does, because the clock
/// was set, this process may be the one that claims the delivery again: the attempt then goes on under
/// the new claim, and none is begun beside it.
#[derive(Debug, Clone)]
pub(crate) struct HeldClaim(Arc<Mutex<Claim>>);

impl HeldClaim {
    pub(crate) fn new(claim: Claim) -> Self {
        Self(Arc::new(Mutex::new(claim)))
    }

    pub(crate) fn renew(&self, claim: Claim) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = claim;
    }

    pub(crate) fn get(&self) -> Claim {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An attempt that was made and is to be recorded.
pub(crate) struct Made {
    target: Arc<Target>,
    attempt: Attempt,
    ended_at: Timestamp,
}

impl Made {
    /// What it says about the endpoint.
    pub(crate) fn verdict(&self) -> Verdict {
        let AttemptOutcome { failure, .. } = &self.attempt.outcome;
        let quick = self.attempt.duration_ms < SLOW_MS;
        if failure.is_none() && quick { Verdict::Good } else { Verdict::Bad }
    }

    /// How long it took, in milliseconds.
    pub(crate) fn took_ms(&self) -> u32 {
        self.attempt.duration_ms
    }
}

impl Deliverer {
    /// Makes one attempt; `None` when the delivery is not to be sent, or not now, or not by this process.
    pub(crate) async fn attempt(&self, ready: Ready) -> Result<Option<Made>, LeaseLost> {
        let target = match self.targets.get(ready.endpoint).await {
            Ok(Some(target)) if target.endpoint.is_active() => target,
            // Deleted or disabled: the commit that did it has cancelled the delivery, and one that is
            // given back stays cancelled.
            Ok(_) => return self.give_back(ready).await.map(|()| None),
            Err(error) => {
                tracing::warn!(error = %error, delivery = %ready.id(), "an endpoint cannot be read");
                return self.give_back(ready).await.map(|()| None);
            }
        };
        if target.endpoint.is_paused() {
            return self.give_back(ready).await.map(|()| None);
        }
        if !self.presence.may_begin().await {
            return Err(LeaseLost);
        }
        let timeout = self.timeout_of(&target);
        if ready.lease_until.is_some_and(|until| self.clock.now() + timeout >= until) {
            // Waited too long for its turn; it is claimed afresh when the lease has ended.
            return Ok(None);
        }
        let (attempt, ended_at) = self.exchange(&ready, &target, timeout).await;
        self.count(&attempt);
        Ok(Some(Made { target, attempt, ended_at }))
    }

    fn timeout_of(&self, target: &Target) -> Duration {
        let own = target.endpoint.settings.timeout_ms;
        own.map_or(self.timeout, |ms| Duration::from_millis(ms.into()))
    }

    async fn exchange(
        &self,
        ready: &Ready,
        target: &Target,
        timeout: Duration,
    ) -> (Attempt, Timestamp) {
        let endpoint = &target.endpoint;
        let started_at = self.clock.now();
        let lateness = started_at.since(ready.due_at);
        self.metrics.lateness_seconds.observe(lateness.as_secs_f64());
        let number = ready.attempts_made + 1;
        let body = body_for(ready, target);
        let (signer, next_signer) = target.signers_at(started_at);
        let headers = request::headers(&AttemptRequest {
            event_type: ready.event.event_type,
            delivery: ready.id(),
            attempt_number: number,
            body: &body,
            signer,
            next_signer,
            now: started_at,
        });
        let task = AttemptTask {
            url: endpoint.url.clone(),
            headers,
            custom_headers: Arc::clone(&target.custom_headers),
            body,
            timeout,
            started_at,
        };
        let outcome = self.sender.send(task).await;
        let ended_at = self.clock.now().max(started_at);
        let attempt = Attempt {
            delivery: ready.id(),
            number,
            trigger: ready.trigger,
            started_at,
            duration_ms: u32::try_from(ended_at.since(started_at).as_millis()).unwrap_or(u32::MAX),
            url: endpoint.url.clone(),
            outcome,
        };
        (attempt, ended_at)
    }

    fn count(&self, attempt: &Attempt) {
        let outcome = attempt.outcome.failure.map_or("ok", FailureKind::as_str);
        self.metrics.attempts.get_or_create(&Outcome::new(outcome)).inc();
        self.metrics.attempt_seconds.observe(f64::from(attempt.duration_ms) / 1_000.0);
    }

    /// What follows an attempt.
    fn next(&self, attempt: &Attempt, ended_at: Timestamp) -> Next {
        if attempt.outcome.is_success() {
            return Next::Delivered;
        }
        let retry_after = attempt.outcome.retry_after_secs.map(Duration::from_secs);
        let failed_attempts = attempt.number as usize;
        match self.schedule.next_attempt_at(failed_attempts, ended_at, retry_after) {
            Some(at) => Next::Retry(at),
            None => Next::Exhausted,
        }
    }

    /// Records an attempt, however long that takes: without the record it would be made again. The claim
    /// that is spent by that; `None` when the attempt was recorded before, or by others.
    pub(crate) async fn settle(
        &self,
        made: Made,
        held: &HeldClaim,
    ) -> Result<Option<Claim>, LeaseLost> {
        let Made { target, attempt, ended_at } = made;
        let delivery = attempt.delivery;
        let next = self.next(&attempt, ended_at);
        tracing::debug!(
            %delivery, attempt = attempt.number, status = attempt.outcome.status,
            duration_ms = attempt.duration_ms, failure = ?attempt.outcome.failure, "attempt made"
        );
        let mut settlement = Settlement { claim: held.get(), attempt, next, ended_at };
        loop {
            match self.store.settle(&self.lease, settlement.clone()).await {
                Ok(Settled::Recorded(health)) => {
                    report_health(&target, health);
                    self.warn(&target, health, ended_at);
                    return Ok(Some(settlement.claim));
                }
                Ok(Settled::Stale) if held.get() != settlement.claim => {}
                Ok(Settled::Stale) => {
                    tracing::info!(%delivery, "the attempt was settled elsewhere");
                    return Ok(None);
                }
                Err(StoreError::LeaseLost) => return Err(LeaseLost),
                Err(StoreError::Closed) => return Ok(Some(settlement.claim)),
                Err(error) => {
                    tracing::error!(error = %error, %delivery, "an attempt cannot be recorded yet");
                    self.clock.sleep_until(self.clock.now() + SETTLE_AGAIN).await;
                }
            }
            settlement.claim = held.get();
        }
    }

    /// One line in the log when an endpoint comes nearer to being disabled.
    fn warn(&self, target: &Target, health: Option<(Health, Health)>, ended_at: Timestamp) {
        let Some((before, after)) = health else { return };
        let Some(before_at) = before.last_failure_at.filter(|_| before != after) else { return };
        let endpoint = target.endpoint.id.as_str();
        if let Some(warning @ (Warning::DisablesSoon { .. } | Warning::DisablesNext { .. })) =
            new_warning(&before, &after, before_at, ended_at, &self.health)
        {
            tracing::warn!(endpoint, code = warning.name(), %warning, "the endpoint keeps failing");
        }
    }

    /// Hands an unused claim back to the store.
    async fn give_back(&self, ready: Ready) -> Result<(), LeaseLost> {
        let now = self.clock.now();
        loop {
            let claims = vec![(ready.id(), ready.claim)];
            match self.store.release(&self.lease, claims, now).await {
                Ok(()) | Err(StoreError::Closed) => return Ok(()),
                Err(StoreError::LeaseLost) => return Err(LeaseLost),
                // A due row comes back by itself when its lease ends.
                Err(_) if ready.claim != Claim::First => return Ok(()),
                Err(_) => self.clock.sleep_until(self.clock.now() + SETTLE_AGAIN).await,
            }
        }
    }
}

/// The bytes for this endpoint: the same on every attempt while its limit stays the same.
fn body_for(ready: &Ready, target: &Target) -> Bytes {
    let limit =
        target.endpoint.settings.body_bytes_max.map_or(DEFAULT_BODY_BYTES_MAX, |n| n as usize);
    let event = &ready.event;
    match &event.thin_body {
        Some(thin) if event.body.len() > limit => Bytes::copy_from_slice(thin),
        _ => Bytes::from_owner(Arc::clone(&event.body)),
    }
}

/// One line in the log when an endpoint's state changes.
fn report_health(target: &Target, health: Option<(Health, Health)>) {
    let Some((before, after)) = health else { return };
    if before.status == after.status {
        return;
    }
    let endpoint = target.endpoint.id.as_str();
    match after.status {
        EndpointStatus::Healthy => tracing::info!(endpoint, "the endpoint is healthy again"),
        EndpointStatus::Failing => tracing::warn!(endpoint, "the endpoint is failing"),
        EndpointStatus::Disabled => tracing::warn!(endpoint, "the endpoint was disabled"),
    }
}
