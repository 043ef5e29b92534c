//! The dispatcher: one task that owns the fair queue and starts attempts.
//!
//! It hears of first attempts and due times by notices after each commit, sleeps until the next due
//! time, and claims what is due endpoint by endpoint. Attempts and claims run in tasks of their own
//! and report back; nothing here waits for the database or the network.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parseflow_model::{DeliveryId, EndpointNo, Event, EventId, Timestamp, Trigger};
use parseflow_store::{CLAIM_LASTS, Claim, ClaimedDue, Heartbeat, Notice, StoreError};
use tokio::sync::{mpsc, watch};

use crate::deliver::{Deliverer, HeldClaim, LeaseLost};
use crate::queue::{FairQueue, QueueLimits, Ready, Verdict};

/// How often due times are read again, for what a command has changed.
const RESYNC: Duration = Duration::from_secs(60);
/// The same where other processes make deliveries due that this one is not told of.
const RESYNC_SHARED: Duration = Duration::from_millis(500);
/// When a claim that failed, or that a paused endpoint left unanswered, is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// What tasks report back.
enum Report {
    /// Nothing was sent under this claim.
    Unsent(DeliveryId, Claim),
    /// An attempt was made that took so many milliseconds.
    Answered(EndpointNo, Verdict, u32),
    /// What was answered is recorded, and this claim spent.
    Settled(DeliveryId, Option<Claim>),
    LeaseLost,
    /// Events of first attempts that waited without them.
    Read(EndpointNo, Result<Vec<Event>, StoreError>),
    Claimed(EndpointNo, Timestamp, Result<ClaimedDue, StoreError>),
    Wakeups(Result<Vec<(EndpointNo, Timestamp)>, StoreError>),
    Beat(Result<Heartbeat, StoreError>),
}

/// The dispatcher; see the module.
pub(crate) struct Dispatcher {
    deliverer: Arc<Deliverer>,
    queue: FairQueue,
    /// What is on its way or being recorded.
    in_flight: HashMap<DeliveryId, HeldClaim>,
    notices: mpsc::UnboundedReceiver<Notice>,
    reports: mpsc::UnboundedReceiver<Report>,
    reporter: mpsc::UnboundedSender<Report>,
    returned: Vec<(DeliveryId, Claim)>,
    resync_at: Timestamp,
    /// When the next heartbeat is to be made; `None` while one is under way or none is needed.
    beat_at: Option<Timestamp>,
    lease_lost: bool,
}

impl Dispatcher {
    /// A dispatcher that has taken over and starts with an empty queue.
    pub(crate) fn new(
        deliverer: Deliverer,
        limits: QueueLimits,
        notices: mpsc::UnboundedReceiver<Notice>,
    ) -> Self {
        let (reporter, reports) = mpsc::unbounded_channel();
        Self {
            resync_at: deliverer.clock.now(),
            beat_at: deliverer.presence.next_beat(deliverer.clock.now()),
            deliverer: Arc::new(deliverer),
            queue: FairQueue::new(limits),
            in_flight: HashMap::new(),
            notices,
            reports,
            reporter,
            returned: Vec::new(),
            lease_lost: false,
        }
    }

    /// Dispatches until `stop` says so, then finishes what is in flight and gives the rest back. When
    /// the lease is lost, where notices are heard: for a dispatcher with another one.
    pub(crate) async fn run(
        mut self,
        stop: &mut watch::Receiver<bool>,
    ) -> Option<mpsc::UnboundedReceiver<Notice>> {
        while !*stop.borrow() && !self.lease_lost {
            self.work();
            let timers = [self.queue.next_timer(), self.beat_at];
            let wake_at = timers.into_iter().flatten().fold(self.resync_at, Timestamp::min);
            let wake = self.deliverer.clock.sleep_until(wake_at);
            tokio::select! {
                biased;
                _ = stop.changed() => break,
                Some(report) = self.reports.recv() => self.hear_report(report),
                Some(notice) = self.notices.recv() => self.hear_notice(notice),
                () = wake => {}
            }
            // Whatever else has come meanwhile is taken in one go.
            while let Ok(report) = self.reports.try_recv() {
                self.hear_report(report);
            }
            while let Ok(notice) = self.notices.try_recv() {
                self.hear_notice(notice);
            }
        }
        if self.lease_lost {
            // What is in flight finds out by itself; everything else is due for others by now.
            self.deliverer.presence.lose();
            while self.notices.try_recv().is_ok() {}
            return Some(self.notices);
        }
        self.wind_down().await;
        None
    }

    /// Everything that can be started now is started.
    fn work(&mut self) {
        let now = self.deliverer.clock.now();
        if now >= self.resync_at {
            self.resync(now);
        }
        self.beat(now);
        self.return_some(now);
        for (endpoint, max) in self.queue.due_claims(now) {
            self.start_claim(endpoint, max, now);
        }
        while let Some(ready) = self.queue.next(now) {
            self.start_attempt(ready, now);
        }
        for (endpoint, events) in self.queue.begin_reading(now) {
            self.start_reading(endpoint, events);
        }
        self.deliverer.metrics.in_flight.set(self.queue.in_flight() as i64);
        self.deliverer.metrics.waiting.set(self.queue.waiting() as i64);
    }

    fn hear_notice(&mut self, notice: Notice) {
        match notice {
            Notice::First { event, endpoint, rate_limit_per_second } => {
                let ready = Ready {
                    endpoint,
                    attempts_made: 0,
                    trigger: Trigger::Schedule,
                    due_at: event.occurred_at,
                    event,
                    claim: Claim::First,
                    lease_until: None,
                };
                if let Err(refused) = self.queue.offer(ready, rate_limit_per_second) {
                    self.deliverer.metrics.spilled.inc();
                    self.returned.push((refused.id(), refused.claim));
                }
            }
            Notice::Due { endpoint, at } => self.queue.due(endpoint, at),
            Notice::EndpointChanged(endpoint) => {
                self.deliverer.targets.forget(endpoint);
                // What waits here was let in under what held before; the store knows what holds now.
                self.give_back(endpoint);
            }
            Notice::WorkQueued | Notice::RecoveryBegun | Notice::DocumentFinished(_) => {}
        }
    }

    fn hear_report(&mut self, report: Report) {
        let now = self.deliverer.clock.now();
        match report {
            Report::Unsent(delivery, claim) => {
                self.ended(delivery, Some(claim));
                self.queue.unsent(delivery.endpoint, now);
            }
            Report::Answered(endpoint, verdict, took_ms) => {
                self.queue.answered(endpoint, verdict, took_ms, now);
            }
            Report::Settled(delivery, claim) => {
                self.ended(delivery, claim);
                self.queue.settled();
            }
            Report::LeaseLost => self.lose_lease(),
            Report::Read(endpoint, Ok(events)) => self.queue.read(endpoint, events),
            Report::Read(endpoint, Err(error)) => {
                tracing::warn!(error = %error, "events that wait cannot be read");
                self.returned.append(&mut self.queue.read_failed(endpoint));
            }
            Report::Claimed(endpoint, lease_until, Ok(mut claimed)) => {
                claimed.deliveries.retain(|delivery| {
                    let id = DeliveryId { event: delivery.event.id, endpoint };
                    !self.renews(id, delivery.claim)
                });
                self.queue.claimed(endpoint, claimed, lease_until, now, now + AGAIN);
            }
            Report::Claimed(_, _, Err(StoreError::LeaseLost)) => self.lose_lease(),
            Report::Claimed(endpoint, _, Err(error)) => {
                tracing::warn!(error = %error, "due deliveries cannot be claimed");
                self.queue.claim_failed(endpoint, now + AGAIN);
            }
            Report::Wakeups(Ok(wakeups)) => {
                wakeups.into_iter().for_each(|(endpoint, at)| self.queue.due(endpoint, at));
            }
            Report::Wakeups(Err(error)) => {
                tracing::warn!(error = %error, "due times cannot be read");
            }
            Report::Beat(Ok(heartbeat)) => {
                self.beat_at = self.deliverer.presence.next_beat(now);
                if heartbeat.endpoints_changed {
                    self.deliverer.targets.forget_all();
                }
            }
            Report::Beat(Err(StoreError::LeaseLost)) => self.lose_lease(),
            Report::Beat(Err(error)) => {
                self.beat_at = self.deliverer.presence.next_beat(now);
                tracing::warn!(error = %error, "other processes cannot be told of this one");
            }
        }
    }

    fn lose_lease(&mut self) {
        if !self.lease_lost {
            tracing::error!("another process has taken over from this one");
        }
        self.lease_lost = true;
    }

    /// Reads again what another process may have changed: due times, plans.
    fn resync(&mut self, now: Timestamp) {
        if self.deliverer.store.is_shared() {
            // Of changed endpoints heartbeats tell.
            self.resync_at = now + RESYNC_SHARED;
        } else {
            self.resync_at = now + RESYNC;
            self.deliverer.targets.forget_all();
        }
        let (deliverer, reporter) = (Arc::clone(&self.deliverer), self.reporter.clone());
        tokio::spawn(async move {
            let _ = reporter.send(Report::Wakeups(deliverer.store.wakeups().await));
        });
    }

    /// Makes a heartbeat if it is time for one.
    fn beat(&mut self, now: Timestamp) {
        if self.beat_at.is_none_or(|at| at > now) {
            return;
        }
        self.beat_at = None;
        let (deliverer, reporter) = (Arc::clone(&self.deliverer), self.reporter.clone());
        tokio::spawn(async move {
            let _ =
                reporter.send(Report::Beat(deliverer.presence.beat(Some(&deliverer.lease)).await));
        });
    }

    fn start_claim(&self, endpoint: EndpointNo, max: usize, now: Timestamp) {
        let (deliverer, reporter) = (Arc::clone(&self.deliverer), self.reporter.clone());
        tokio::spawn(async move {
            let (lease, lease_until) = (deliverer.lease, now + CLAIM_LASTS);
            let claimed = deliverer.store.claim_due(&lease, endpoint, now, lease_until, max).await;
            let _ = reporter.send(Report::Claimed(endpoint, lease_until, claimed));
        });
    }

    fn start_reading(&self, endpoint: EndpointNo, events: Vec<EventId>) {
        let (deliverer, reporter) = (Arc::clone(&self.deliverer), self.reporter.clone());
        tokio::spawn(async move {
            let events = deliverer.store.events(events).await;
            let _ = reporter.send(Report::Read(endpoint, events));
        });
    }

    /// Whether a claim is on what is in flight here already, which goes on under it.
    fn renews(&self, delivery: DeliveryId, claim: Claim) -> bool {
        let held = self.in_flight.get(&delivery);
        held.inspect(|held| held.renew(claim)).is_some()
    }

    /// Nothing of the delivery is in flight any more. A claim that came for it meanwhile and was not spent is
    /// for the attempt that follows: it is given back and comes again.
    fn ended(&mut self, delivery: DeliveryId, spent: Option<Claim>) {
        let held = self.in_flight.remove(&delivery).map(|held| held.get());
        if let Some(newer) = held.filter(|held| Some(*held) != spent) {
            self.returned.push((delivery, newer));
        }
    }

    fn start_attempt(&mut self, ready: Ready, now: Timestamp) {
        let (delivery, claim) = (ready.id(), ready.claim);
        let held = HeldClaim::new(claim);
        if self.renews(delivery, claim) {
            self.queue.unsent(delivery.endpoint, now);
            return;
        }
        self.in_flight.insert(delivery, held.clone());
        let (deliverer, reporter) = (Arc::clone(&self.deliverer), self.reporter.clone());
        tokio::spawn(async move {
            // A dispatcher that has stopped has no use for it.
            let report = |report| drop(reporter.send(report));
            match deliverer.attempt(ready).await {
                Ok(Some(made)) => {
                    let (verdict, took_ms) = (made.verdict(), made.took_ms());
                    report(Report::Answered(delivery.endpoint, verdict, took_ms));
                    match deliverer.settle(made, &held).await {
                        Ok(spent) => report(Report::Settled(delivery, spent)),
                        Err(LeaseLost) => {
                            report(Report::Settled(delivery, Some(claim)));
                            report(Report::LeaseLost);
                        }
                    }
                }
                Ok(None) => report(Report::Unsent(delivery, claim)),
                Err(LeaseLost) => {
                    report(Report::Unsent(delivery, claim));
                    report(Report::LeaseLost);
                }
            }
        });
    }

    /// Gives what waits for an endpoint back to the store, which knows what holds for it now.
    fn give_back(&mut self, endpoint: EndpointNo) {
        self.returned.append(&mut self.queue.drain_lane(endpoint));
    }

    /// Returns deliveries that cannot wait here to the store: they are due at once and come back,
    /// lane by lane, when there is room.
    fn return_some(&mut self, now: Timestamp) {
        if self.returned.is_empty() {
            return;
        }
        let returned = std::mem::take(&mut self.returned);
        let deliverer = Arc::clone(&self.deliverer);
        tokio::spawn(async move {
            loop {
                match deliverer.store.release(&deliverer.lease, returned.clone(), now).await {
                    Ok(()) | Err(StoreError::LeaseLost | StoreError::Closed) => return,
                    Err(error) => {
                        tracing::warn!(error = %error, "deliveries cannot be given back yet");
                        deliverer.clock.sleep_until(deliverer.clock.now() + AGAIN).await;
                    }
                }
            }
        });
    }

    /// The end: nothing new is started, what is in flight is settled, what waits is given back.
    async fn wind_down(mut self) {
        let now = self.deliverer.clock.now();
        let mut waiting = self.queue.drain();
        waiting.append(&mut self.returned);
        while let Ok(notice) = self.notices.try_recv() {
            if let Notice::First { event, endpoint, .. } = notice {
                waiting.push((DeliveryId { event: event.id, endpoint }, Claim::First));
            }
        }
        if !waiting.is_empty() {
            let lease = self.deliverer.lease;
            if let Err(error) = self.deliverer.store.release(&lease, waiting, now).await {
                tracing::warn!(error = %error, "waiting deliveries are found again at the next start");
            }
        }
        while self.queue.in_flight() > 0 && !self.lease_lost {
            let now = self.deliverer.clock.now();
            self.beat(now);
            let wake = self.deliverer.clock.sleep_until(self.beat_at.unwrap_or(now + RESYNC));
            tokio::select! {
                Some(report) = self.reports.recv() => match report {
                    Report::Claimed(..) | Report::Wakeups(_) | Report::Read(..) => {}
                    report => self.hear_report(report),
                },
                () = wake => {}
            }
        }
    }
}
