//! Retention: old events go, in slices small enough that nobody waits for them.

use std::sync::Arc;
use std::time::Duration;

use parseflow_store::Store;
use tokio::sync::watch;

use crate::ports::Clock;

/// Events removed in one commit.
const SLICE: usize = 1_000;
/// Between two slices while there is more to remove.
const PAUSE: Duration = Duration::from_millis(100);
/// Between two sweeps.
const INTERVAL: Duration = Duration::from_secs(60);

/// Sweeps until `stop` says so.
pub(crate) async fn run(
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    retention: Duration,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        let now = clock.now();
        let pause = match store.sweep(now - retention, now, SLICE).await {
            Ok(SLICE) => PAUSE,
            Ok(_) => INTERVAL,
            Err(error) => {
                tracing::warn!(error = %error, "old events cannot be removed");
                INTERVAL
            }
        };
        tokio::select! {
            _ = stop.changed() => return,
            () = clock.sleep_until(now + pause) => {}
        }
    }
}
