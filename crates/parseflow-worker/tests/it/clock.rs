//! The world's clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parseflow_model::{Timestamp, WallClock};
use parseflow_worker::{Clock, WaitFuture};

/// Tuesday, 2026-04-14T10:00:00Z.
pub(crate) const BEGINNING: Timestamp = Timestamp::from_secs(1_776_160_800);

/// tokio's paused clock as a time of day, which somebody may set.
pub(crate) struct VirtualClock {
    started: tokio::time::Instant,
    set_forward_ms: AtomicU64,
}

impl VirtualClock {
    pub(crate) fn new() -> Self {
        Self { started: tokio::time::Instant::now(), set_forward_ms: AtomicU64::new(0) }
    }

    /// Somebody sets the clock: no time passes.
    pub(crate) fn set_forward(&self, by: Duration) {
        self.set_forward_ms.fetch_add(by.as_millis() as u64, Ordering::Relaxed);
    }

    fn set_forward_by(&self) -> Duration {
        Duration::from_millis(self.set_forward_ms.load(Ordering::Relaxed))
    }
}

impl WallClock for VirtualClock {
    fn now(&self) -> Timestamp {
        BEGINNING + self.started.elapsed() + self.set_forward_by()
    }
}

impl Clock for VirtualClock {
    #[expect(clippy::disallowed_methods, reason = "the clock is paused: nobody waits")]
    fn sleep_until(&self, at: Timestamp) -> WaitFuture {
        let passed = at.since(BEGINNING).saturating_sub(self.set_forward_by());
        Box::pin(tokio::time::sleep_until(self.started + passed))
    }
}
