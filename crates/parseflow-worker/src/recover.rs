//! Recovering after an outage: parked deliveries become due a few at a time, oldest first, while few
//! of their endpoint are waiting: the endpoint gets what it can take, and others never notice.
//!
//! The cursor is in the store: whoever runs this loop next goes on where the last one stopped.

use std::sync::Arc;
use std::time::Duration;

use parseflow_store::{RecoveryStep, Store, StoreError};
use tokio::sync::{Notify, watch};

use crate::ports::Clock;

/// Deliveries of an endpoint that may wait while more are made due; also the most in one commit.
const WAITING_MAX: usize = 100;
/// Recoveries looked after in one round.
const ROUND: usize = 100;
/// Between two rounds while deliveries are made due.
const PACE: Duration = Duration::from_millis(100);
/// The longest between two rounds while endpoints cannot take more.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often to look for recoveries that no notice has told of.
const IDLE: Duration = Duration::from_secs(60);
/// The same where other processes begin them.
const IDLE_SHARED: Duration = Duration::from_secs(3);

/// What a round came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Round {
    /// No recovery runs.
    Nothing,
    /// They run, and none could go on.
    Stuck,
    /// Something was done.
    Moved,
}

/// Looks after recoveries until `stop` says so; `begun` tells of new ones.
pub(crate) async fn run(
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    begun: Arc<Notify>,
    mut stop: watch::Receiver<bool>,
) {
    let idle = if store.is_shared() { IDLE_SHARED } else { IDLE };
    let mut pace = PACE;
    while !*stop.borrow() {
        let pause = match round(store.as_ref(), clock.as_ref()).await {
            Ok(Round::Moved) => {
                pace = PACE;
                PACE
            }
            Ok(Round::Stuck) => {
                pace = (pace * 2).min(PATIENCE);
                pace
            }
            Ok(Round::Nothing) => idle,
            Err(StoreError::Closed) => return,
            Err(error) => {
                tracing::warn!(error = %error, "recoveries cannot go on yet");
                PATIENCE
            }
        };
        tokio::select! {
            _ = stop.changed() => return,
            () = begun.notified() => pace = PACE,
            () = clock.sleep_until(clock.now() + pause) => {}
        }
    }
}

/// One step of every recovery that runs.
async fn round(store: &dyn Store, clock: &dyn Clock) -> Result<Round, StoreError> {
    let mut came_to = Round::Nothing;
    for id in store.running_recoveries(ROUND).await? {
        let did = match store.advance_recovery(&id, clock.now(), WAITING_MAX).await {
            Ok(RecoveryStep::Waiting) => Round::Stuck,
            Ok(RecoveryStep::Moved(_)) => Round::Moved,
            Ok(RecoveryStep::Completed(_)) => {
                tracing::info!(recovery = %id, "a recovery is complete");
                Round::Moved
            }
            Ok(RecoveryStep::Ended) => {
                tracing::info!(recovery = %id, "a recovery has ended before its time");
                Round::Moved
            }
            Err(StoreError::Closed) => return Err(StoreError::Closed),
            Err(error) => {
                // The others go on.
                tracing::warn!(error = %error, recovery = %id, "a recovery cannot go on yet");
                Round::Stuck
            }
        };
        came_to = came_to.max(did);
    }
    Ok(came_to)
}
