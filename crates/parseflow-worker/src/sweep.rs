//! Retention: old events go, in slices small enough that nobody waits for them, and so do uploaded
//! files that nobody waits for: a crash between keeping a file and accepting its document leaves one.

use std::sync::Arc;
use std::time::Duration;

use parseflow_model::Timestamp;
use parseflow_store::{DocumentFiles, Store, StoreError};
use tokio::sync::watch;

use crate::ports::Clock;

/// Events removed in one commit.
const SLICE: usize = 1_000;
/// Between two slices while there is more to remove.
const PAUSE: Duration = Duration::from_millis(100);
/// Between two sweeps.
const INTERVAL: Duration = Duration::from_secs(60);

/// Longer than any upload takes from its file to its document.
const ORPHAN_AGE: Duration = Duration::from_secs(3_600);
/// Files looked at in one sweep.
const FILES: usize = 1_000;

/// Sweeps until `stop` says so.
pub(crate) async fn run(
    store: Arc<dyn Store>,
    files: Arc<dyn DocumentFiles>,
    clock: Arc<dyn Clock>,
    retention: Duration,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        let now = clock.now();
        if let Err(error) = sweep_files(store.as_ref(), files.as_ref(), now).await {
            tracing::warn!(error = %error, "files that nobody waits for cannot be removed");
        }
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

/// Removes uploaded files that belong to nothing.
async fn sweep_files(
    store: &dyn Store,
    files: &dyn DocumentFiles,
    now: Timestamp,
) -> Result<(), StoreError> {
    let old = files.written_before(now - ORPHAN_AGE, FILES).await?;
    if old.is_empty() {
        return Ok(());
    }
    let awaited = store.awaited_files(old.clone()).await?;
    for name in old.into_iter().filter(|name| !awaited.contains(name)) {
        tracing::info!(name, "removing a file that nobody waits for");
        files.delete(&name).await?;
    }
    Ok(())
}
