//! Virtual time: tokio's paused clock, which jumps to the next timer as soon as nothing else is to
//! be done, with a wall clock on top that can be set forward and back.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use parseflow_model::{Timestamp, WallClock};
use parseflow_worker::{Clock, WaitFuture};

/// Tuesday, 2026-04-14T10:00:00Z.
const BEGINNING: Timestamp = Timestamp::from_secs(1_776_160_800);
/// How long the wall clock is not looked at while somebody waits, as in the real clock.
const SLICE: Duration = Duration::from_secs(60);

/// The wall clock of the simulated machines.
#[derive(Debug, Clone)]
pub(crate) struct SimClock {
    began: tokio::time::Instant,
    offset_ms: std::sync::Arc<AtomicI64>,
}

impl SimClock {
    /// Starts at the beginning; call inside a paused runtime.
    pub(crate) fn new() -> Self {
        Self { began: tokio::time::Instant::now(), offset_ms: std::sync::Arc::default() }
    }

    /// Milliseconds since the world began, whatever the wall clock says.
    pub(crate) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Sets the wall clock forward, or back when negative.
    pub(crate) fn jump(&self, by_ms: i64) {
        self.offset_ms.fetch_add(by_ms, Ordering::Relaxed);
    }
}

impl WallClock for SimClock {
    fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.elapsed_ms()).unwrap_or(i64::MAX);
        Timestamp::from_millis(
            BEGINNING.millis() + elapsed + self.offset_ms.load(Ordering::Relaxed),
        )
    }
}

impl Clock for SimClock {
    fn sleep_until(&self, at: Timestamp) -> WaitFuture {
        let clock = self.clone();
        Box::pin(async move {
            loop {
                let left = at.since(clock.now());
                if left.is_zero() {
                    return;
                }
                pause(left.min(SLICE)).await;
            }
        })
    }
}

/// Lets virtual time pass.
#[expect(clippy::disallowed_methods, reason = "the runtime's clock is paused: nobody waits")]
pub(crate) async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
