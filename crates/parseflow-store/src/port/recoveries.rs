//! Recovering after an outage: durable work that makes parked deliveries due, a few at a time.
//!
//! A recovery is a row with a cursor over the endpoint's parked deliveries, in the order of their
//! events. Each step moves the cursor in the commit that makes the deliveries due, so that a crash
//! repeats nothing and forgets nothing; what ends without success again lies behind the cursor and
//! is not taken up twice.

use async_trait::async_trait;
use parseflow_model::{
    AccountId, DeliveryId, Recovery, RecoveryId, RecoveryScope, Timestamp, WebhookId,
};

use super::{Page, PageRequest, StoreError};

/// Most parked rows looked at in one step.
pub const RECOVERY_LOOKED_AT_MAX: usize = 1_000;

/// A recovery to begin.
#[derive(Debug, Clone)]
pub struct NewRecovery {
    /// `rcv_…`
    pub id: RecoveryId,
    /// Which deliveries.
    pub scope: RecoveryScope,
    /// How many they are, as [`RecoveryStore::recoverable`] has counted them.
    pub total: u64,
    /// When it begins.
    pub now: Timestamp,
}

/// What became of a wish to recover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecoveryBegun {
    /// It runs.
    Begun(Box<Recovery>),
    /// Another one of the endpoint still runs.
    AlreadyRunning(RecoveryId),
    /// The endpoint is disabled: nothing can be sent to it.
    EndpointDisabled,
    /// The account has no such endpoint.
    NoEndpoint,
}

/// What became of a wish to end a recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecoveryCancel {
    /// It ended now; what it has made due is sent.
    Cancelled(Box<Recovery>),
    /// It had ended before.
    AlreadyEnded(Box<Recovery>),
    /// The account's endpoint has no such recovery.
    NotFound,
}

/// What one step of a recovery did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecoveryStep {
    /// These deliveries are due now, and there may be more.
    Moved(Vec<DeliveryId>),
    /// Nothing was done: enough is waiting for the endpoint, or it is paused.
    Waiting,
    /// These deliveries are due now, and they were the last.
    Completed(Vec<DeliveryId>),
    /// It had ended, or ended now because its endpoint was disabled or deleted.
    Ended,
}

/// Recoveries.
#[async_trait]
pub trait RecoveryStore: Send + Sync {
    /// How many deliveries of the account's endpoint are in the scope; `None` when there is no such
    /// endpoint.
    async fn recoverable(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        scope: RecoveryScope,
    ) -> Result<Option<u64>, StoreError>;

    /// Begins a recovery; at most one of an endpoint runs.
    async fn begin_recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        new: NewRecovery,
    ) -> Result<RecoveryBegun, StoreError>;

    /// A recovery of the account's endpoint.
    async fn recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: &RecoveryId,
    ) -> Result<Option<Recovery>, StoreError>;

    /// The recoveries of the account's endpoint, newest first; `None` when there is no such endpoint.
    async fn recoveries(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        page: &PageRequest,
    ) -> Result<Option<Page<Recovery>>, StoreError>;

    /// Ends a recovery before its time.
    async fn cancel_recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: &RecoveryId,
        now: Timestamp,
    ) -> Result<RecoveryCancel, StoreError>;

    /// Recoveries that run, at most `max`.
    async fn running_recoveries(&self, max: usize) -> Result<Vec<RecoveryId>, StoreError>;

    /// Makes the next deliveries of a recovery due, as asked for by hand: as many as keep those of
    /// its endpoint that wait with their time come at no more than `waiting_max`. Looks at no more
    /// than [`RECOVERY_LOOKED_AT_MAX`] rows.
    async fn advance_recovery(
        &self,
        id: &RecoveryId,
        now: Timestamp,
        waiting_max: usize,
    ) -> Result<RecoveryStep, StoreError>;
}
