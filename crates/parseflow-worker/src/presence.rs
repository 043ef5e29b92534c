//! Being one of several processes on a database: heartbeats, and what must wait for them.
//!
//! A process that the others have not heard of for a while is taken for dead and its work is taken
//! over. It cannot be told so while it is cut off, so it keeps still by itself: an attempt begins only
//! while the latest heartbeat is recent. What was under way when it stopped may be made twice, under
//! the same delivery id.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use parseflow_model::Timestamp;
use parseflow_store::{DispatcherLease, Heartbeat, Store, StoreError};
use tokio::sync::watch;

use crate::ports::Clock;

/// How often an attempt that must wait looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The times of heartbeats.
#[derive(Debug, Clone, Copy)]
pub struct PresenceLimits {
    /// Between two heartbeats.
    pub every: Duration,
    /// Without a heartbeat for this long, nothing is sent. Shorter than the time after which others
    /// take over, by more than clocks may differ in speed.
    pub silence_max: Duration,
}

impl PresenceLimits {
    /// For processes that are dead to others after `dead_after`.
    pub fn within(dead_after: Duration) -> Self {
        Self { every: dead_after / 10, silence_max: dead_after * 7 / 10 }
    }
}

impl Default for PresenceLimits {
    /// A beat each second, silence after 7.
    fn default() -> Self {
        Self::within(Duration::from_secs(10))
    }
}

/// Whether this process may act.
pub(crate) struct Presence {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    limits: PresenceLimits,
    latest_ms: AtomicI64,
    lost: AtomicBool,
}

impl Presence {
    /// Present from now on.
    pub(crate) fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        limits: PresenceLimits,
    ) -> Self {
        let latest_ms = AtomicI64::new(clock.now().millis());
        Self { store, clock, limits, latest_ms, lost: AtomicBool::new(false) }
    }

    /// One heartbeat.
    pub(crate) async fn beat(
        &self,
        lease: Option<&DispatcherLease>,
    ) -> Result<Heartbeat, StoreError> {
        // Others have seen it at some time after this one.
        let now = self.clock.now();
        let heartbeat = self.store.heartbeat(lease, now).await?;
        self.latest_ms.store(now.millis(), Ordering::Relaxed);
        Ok(heartbeat)
    }

    /// When the next heartbeat is to be made; `None` when nobody listens.
    pub(crate) fn next_beat(&self, now: Timestamp) -> Option<Timestamp> {
        self.store.is_shared().then(|| now + self.limits.every)
    }

    /// Whoever waits for a heartbeat waits in vain.
    pub(crate) fn lose(&self) {
        self.lost.store(true, Ordering::Relaxed);
    }

    /// Whether an attempt may begin at `now`.
    fn is_recent(&self, now: Timestamp) -> bool {
        let latest = Timestamp::from_millis(self.latest_ms.load(Ordering::Relaxed));
        !self.store.is_shared() || now.since(latest) < self.limits.silence_max
    }

    /// Waits until an attempt may begin; `false` when that will never be.
    pub(crate) async fn may_begin(&self) -> bool {
        loop {
            let now = self.clock.now();
            if self.lost.load(Ordering::Relaxed) {
                return false;
            }
            if self.is_recent(now) {
                return true;
            }
            self.clock.sleep_until(now + LOOK_AGAIN).await;
        }
    }
}

/// The heartbeats of a process that does not dispatch, until `stop` says so.
pub(crate) async fn run(presence: Presence, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = presence.beat(None).await {
            tracing::warn!(error = %error, "other processes cannot be told of this one");
        }
        let Some(next) = presence.next_beat(presence.clock.now()) else { return };
        tokio::select! {
            _ = stop.changed() => return,
            () = presence.clock.sleep_until(next) => {}
        }
    }
}
