//! Retention: old events go, in slices small enough that nobody waits for them, and so do uploaded
//! files that nobody waits for: a crash between keeping a file and accepting its document leaves one.

use std::sync::Arc;
use std::time::Duration;

use parseflow_model::Timestamp;
use parseflow_store::{DocumentFiles, Store, StoreError};
use tokio::sync::watch;

use crate::ports::Clock;

/// Rows removed in one commit: events, attempts and what else hangs on them.
const SLICE_ROWS: usize = 2_000;
/// Between two slices while there is more to remove, at least.
const PAUSE: Duration = Duration::from_millis(100);
/// And this many times as long as the last slice took: a tenth of the time is what removing may cost
/// those who deliver.
const SHARE: u32 = 9;
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
    keep_files: Duration,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        let now = clock.now();
        let before = now - keep_files.max(ORPHAN_AGE);
        let files = sweep_files(store.as_ref(), files.as_ref(), before).await;
        if let Err(error) = &files {
            tracing::warn!(error = %error, "files that nobody waits for cannot be removed");
        }
        let more_files = files.is_ok_and(|removed| removed >= FILES / 2);
        let pause = match store.sweep(now - retention, now, SLICE_ROWS).await {
            Ok(swept) if swept.is_cut || more_files => {
                let took = clock.now().since(now);
                took.saturating_mul(SHARE).clamp(PAUSE, INTERVAL)
            }
            Ok(_) => INTERVAL,
            Err(error) => {
                tracing::warn!(error = %error, "old events cannot be removed");
                INTERVAL
            }
        };
        tokio::select! {
            _ = stop.changed() => return,
            () = clock.sleep_until(clock.now() + pause) => {}
        }
    }
}

/// Removes uploaded files from before `before` that nobody waits to read; how many.
async fn sweep_files(
    store: &dyn Store,
    files: &dyn DocumentFiles,
    before: Timestamp,
) -> Result<usize, StoreError> {
    let old = files.written_before(before, FILES).await?;
    if old.is_empty() {
        return Ok(0);
    }
    let awaited = store.awaited_files(old.clone()).await?;
    let mut removed = 0;
    for name in old.into_iter().filter(|name| !awaited.contains(name)) {
        tracing::debug!(name, "removing a file that nobody waits for");
        files.delete(&name).await?;
        removed += 1;
    }
    Ok(removed)
}
