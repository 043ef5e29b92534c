//! Deliveries and attempts.
//!
//! A delivery is the pair of an event and an endpoint and has no row of its own. A first attempt is
//! handed to the dispatcher of the process that committed the event (a [`Notice::First`]); only
//! what must be tried later is written down as *due*, only what ended without success as *parked*.
//! The deliveries of an endpoint that is *ordered* are never handed over: all are due, and only the
//! oldest can be claimed, once its time has come.
//! What was handed over and lost in a crash is found again because no attempt was recorded for it.
//!
//! [`Notice::First`]: super::Notice::First

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parseflow_model::{
    AccountId, Attempt, DeliveryId, DeliveryState, EndpointNo, Event, EventType, Health, Timestamp,
    Trigger, WebhookId,
};

use super::{Page, PageRequest, StoreError};

/// The right to dispatch. Starting a dispatcher takes it from any predecessor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DispatcherLease {
    /// Increases with every start; a settlement under an older one is refused.
    pub epoch: i64,
}

/// How long a claim lasts: longer than the longest attempt and its settlement. A first attempt needs no
/// claim while nothing else can send it; one that is cancelled is taken to be on its way for so long.
pub const CLAIM_LASTS: Duration = Duration::from_secs(90);

/// What a heartbeat brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heartbeat {
    /// Processes that were found dead and whose work was taken over.
    pub adopted: usize,
    /// Endpoints or plans were changed by some process since the last heartbeat: whoever keeps
    /// copies of them reads them again.
    pub endpoints_changed: bool,
}

/// Why this process may send a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It committed the event and was handed the first attempt.
    First,
    /// It claimed the due row; the fencing token proves that it still holds it.
    Due {
        /// Different for every claim.
        token: i64,
    },
}

impl Claim {
    /// What stands for it in a row: the fencing token, or -1, which no token is.
    pub(crate) const fn token(self) -> i64 {
        match self {
            Claim::First => -1,
            Claim::Due { token } => token,
        }
    }
}

/// A due delivery under a lease.
#[derive(Debug, Clone)]
pub struct ClaimedDelivery {
    /// What to send.
    pub event: Arc<Event>,
    /// Attempts made so far.
    pub attempts_made: u32,
    /// What causes the next one.
    pub trigger: Trigger,
    /// When it was due.
    pub due_at: Timestamp,
    /// The claim.
    pub claim: Claim,
}

/// What a claim brought.
#[derive(Debug, Clone, Default)]
pub struct ClaimedDue {
    /// Claimed, earliest first.
    pub deliveries: Vec<ClaimedDelivery>,
    /// When the endpoint's next due delivery can be claimed; `None` when it has none.
    pub next_ready: Option<Timestamp>,
    /// Attempts that may begin in a second there, if its owner has set a limit.
    pub rate_limit_per_second: Option<u32>,
}

/// What follows an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The receiver accepted.
    Delivered,
    /// Try again then.
    Retry(Timestamp),
    /// The schedule is spent.
    Exhausted,
}

/// The end of one attempt.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// Why this process may settle it.
    pub claim: Claim,
    /// What was done and what came of it.
    pub attempt: Attempt,
    /// What follows.
    pub next: Next,
    /// When the attempt ended.
    pub ended_at: Timestamp,
}

impl Settlement {
    /// Whether nothing follows that anybody waits for: a first attempt that succeeded. It may be written
    /// some milliseconds later, with what is urgent; a crash before that repeats the delivery, as a
    /// crash just before the commit does.
    pub(crate) fn can_wait(&self) -> bool {
        self.claim == Claim::First && self.next == Next::Delivered
    }
}

/// What became of a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Recorded: attempt, what follows and the endpoint's health in one commit. The endpoint's
    /// health before and after; `None` when it has been deleted.
    Recorded(Option<(Health, Health)>),
    /// The claim was lost to another dispatcher: nothing was changed.
    Stale,
}

/// One line of an endpoint's delivery log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// `dlv_…`
    pub id: DeliveryId,
    /// The event's type.
    pub event_type: EventType,
    /// When the event happened.
    pub occurred_at: Timestamp,
    /// What the delivery has come to.
    pub state: DeliveryState,
    /// Attempts made.
    pub attempts: u32,
    /// When the next one is due.
    pub next_attempt_at: Option<Timestamp>,
    /// HTTP status of the latest attempt.
    pub last_status: Option<u16>,
}

/// A delivery with everything that was done for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryDetail {
    /// The line of the log.
    pub row: DeliveryRow,
    /// The event.
    pub event: Event,
    /// The attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

/// Deliveries and attempts.
#[async_trait]
pub trait DeliveryStore: Send + Sync {
    /// Whether several processes may use the database at the same time. Then each one beats, looks
    /// for work that others have made known to it by nothing but their rows, and starts its
    /// dispatcher again when it has been taken for dead.
    fn is_shared(&self) -> bool {
        false
    }

    /// Shows the others that this process lives, and takes over from those that do not: what they
    /// were handed or had claimed becomes due. Processes on a shared database call it every second,
    /// those that dispatch with their lease.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when this process was itself taken for dead.
    async fn heartbeat(
        &self,
        lease: Option<&DispatcherLease>,
        now: Timestamp,
    ) -> Result<Heartbeat, StoreError> {
        let _ = (lease, now);
        Ok(Heartbeat::default())
    }

    /// The last call of a process that stops: whatever it was handed and did not settle becomes due,
    /// for others or for its successor.
    async fn leave(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Takes over dispatching from a predecessor: every delivery that it was handed or had claimed,
    /// and did not settle, becomes due at once. The predecessor is every other process, or on a
    /// shared database the one that had the same name.
    async fn start_dispatcher(&self, now: Timestamp) -> Result<DispatcherLease, StoreError>;

    /// For every endpoint with due deliveries, when the earliest can be claimed; the oldest, where
    /// the endpoint is ordered.
    async fn wakeups(&self) -> Result<Vec<(EndpointNo, Timestamp)>, StoreError>;

    /// Claims up to `max` deliveries of an endpoint that are due, earliest first; nobody else gets
    /// them before `lease_until`. Empty while the endpoint is disabled, deleted or paused. Of an
    /// ordered endpoint only the oldest delivery is claimed, and none while first attempts that were
    /// handed over before are not settled; `next_ready` is then the oldest one's time.
    async fn claim_due(
        &self,
        lease: &DispatcherLease,
        endpoint: EndpointNo,
        now: Timestamp,
        lease_until: Timestamp,
        max: usize,
    ) -> Result<ClaimedDue, StoreError>;

    /// Gives first attempts that memory has no room for back to the store, due at `due_at`.
    async fn spill(
        &self,
        lease: &DispatcherLease,
        deliveries: Vec<DeliveryId>,
        due_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Gives claims that were not used back, due at once.
    async fn release(
        &self,
        lease: &DispatcherLease,
        deliveries: Vec<(DeliveryId, Claim)>,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Records an attempt.
    async fn settle(
        &self,
        lease: &DispatcherLease,
        settlement: Settlement,
    ) -> Result<Settled, StoreError>;

    /// The delivery log of the account's endpoint, newest first.
    async fn deliveries(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        page: &PageRequest,
    ) -> Result<Option<Page<DeliveryRow>>, StoreError>;

    /// One delivery with its attempts; `None` unless it belongs to the account's endpoint.
    async fn delivery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: DeliveryId,
    ) -> Result<Option<DeliveryDetail>, StoreError>;

    /// Sends a delivery again, now: the same id, the same bytes. The state it is then in; `None`
    /// unless it belongs to the account's endpoint.
    async fn redeliver(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: DeliveryId,
        now: Timestamp,
    ) -> Result<Option<DeliveryState>, StoreError>;
}
