//! The port: what the product asks of a database.
//!
//! Decisions are not made here. Where one depends on what is stored (does this request fit the
//! quota? how healthy is this endpoint after that attempt?) the store asks [`Rules`] inside the
//! transaction, so that the answer and its consequences commit together. `now` is always an
//! argument.

mod accounts;
mod activity;
mod alerts;
mod deliveries;
mod documents;
mod endpoints;
mod events;
mod files;
mod operate;
mod recoveries;
mod sealed;

pub use accounts::{AccountStore, NewAccount, PlanChange};
pub use activity::{AccountDelivery, ActivityStore, DeliveryFilter, HourFigures, Overview};
pub use alerts::{AlertStore, Told, Troubled};
pub use deliveries::{
    CLAIM_LASTS, Claim, ClaimedDelivery, ClaimedDue, DeliveryDetail, DeliveryRow, DeliveryStore,
    DispatcherLease, Heartbeat, Next, Settled, Settlement,
};
pub use documents::{
    Accepted, BatchCancel, BatchRefusal, ClaimedWork, DocumentStore, Finish, Finished, Intake,
    OpenArchive, Work,
};
pub use endpoints::{Activation, EndpointChange, EndpointStore, NewEndpoint, SettingsChange};
pub use events::{EventStore, Publish, PublishKey, Published};
pub use files::DocumentFiles;
pub use operate::{IdempotencyBegin, OperateStore, StoreFigures, StoredAnswer, Swept};
pub use recoveries::{
    NewRecovery, RECOVERY_LOOKED_AT_MAX, RecoveryBegun, RecoveryCancel, RecoveryStep, RecoveryStore,
};
pub use sealed::{Resealed, SealedCursor, SealedPlace, SealedSlice, SealedStore, SealedValue};

use std::sync::Arc;

use parseflow_model::{
    Account, DocumentId, EndpointNo, EndpointSettings, Event, Fact, Health, Limit, Limits,
    Timestamp,
};

/// Why a store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed or cannot be reached; nothing was changed.
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Stored data does not read back; nothing was changed.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
    /// Another dispatcher has taken over; whoever gets this must stop sending.
    #[error("the dispatcher's lease is lost")]
    LeaseLost,
    /// A fact cannot be written as an event.
    #[error("the event cannot be written: {0}")]
    Unwritable(String),
}

impl StoreError {
    /// Stable and machine-readable.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::Unavailable(_) => "store_unavailable",
            StoreError::Damaged(_) => "store_damaged",
            StoreError::Closed => "store_closed",
            StoreError::LeaseLost => "lease_lost",
            StoreError::Unwritable(_) => "event_unwritable",
        }
    }
}

/// The bytes of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventBodies {
    /// The whole event.
    pub body: Vec<u8>,
    /// The smaller form, when `body` is above the default limit of an endpoint.
    pub thin: Option<Vec<u8>>,
}

/// Whether a request fits the month's quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It fits.
    Admitted {
        /// Documents counted with this request.
        used: u64,
        /// Usage is now at or above 80 % of the limit.
        warns: bool,
    },
    /// It would take usage above the limit.
    Exceeded,
}

/// What an attempt means for the health of its endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthFacts {
    /// When the attempt ended.
    pub ended_at: Timestamp,
    /// The receiver accepted.
    pub success: bool,
    /// Failed attempts of this delivery so far, this one included.
    pub failed_attempts: u32,
    /// It answered 410 Gone and wants to be disabled then.
    pub gone: bool,
}

impl HealthFacts {
    /// What `settlement` means for an endpoint with these settings, which are those that hold when it is
    /// recorded: they may have changed while the attempt was on its way.
    pub fn of(settlement: &Settlement, settings: &EndpointSettings) -> Self {
        let outcome = &settlement.attempt.outcome;
        let success = outcome.is_success();
        Self {
            ended_at: settlement.ended_at,
            success,
            failed_attempts: settlement.attempt.number,
            gone: settings.disable_on_gone && outcome.status == Some(410) && !success,
        }
    }
}

/// The decisions a store asks for inside its transactions. Pure: no I/O, no clock, no dice.
pub trait Rules: Send + Sync {
    /// What `account` may do.
    fn limits(&self, account: &Account) -> Limits;
    /// Whether `documents` more fit when `used` are counted.
    fn admit(&self, used: u64, documents: u64, limit: Limit) -> Admission;
    /// The bytes that announce `fact`; an error names what cannot be written.
    fn bodies(&self, fact: &Fact, occurred_at: Timestamp) -> Result<EventBodies, String>;
    /// The endpoint's health after an attempt.
    fn after_attempt(&self, health: &Health, facts: &HealthFacts) -> Health;
}

/// Told after a commit to whoever works in this process, so that nobody has to poll.
#[derive(Debug, Clone)]
pub enum Notice {
    /// A first attempt that this process owns: it needs no claim.
    First {
        /// What to send.
        event: Arc<Event>,
        /// Where to.
        endpoint: EndpointNo,
        /// Attempts that may begin in a second there, if its owner has set a limit.
        rate_limit_per_second: Option<u32>,
    },
    /// A delivery of this endpoint is due at that time.
    Due {
        /// Whose delivery.
        endpoint: EndpointNo,
        /// When.
        at: Timestamp,
    },
    /// The endpoint was changed, disabled, enabled or deleted.
    EndpointChanged(EndpointNo),
    /// Documents or archives wait to be read.
    WorkQueued,
    /// A recovery was begun.
    RecoveryBegun,
    /// A document reached its end state.
    DocumentFinished(DocumentId),
}

/// Where a store sends its notices: called on its own thread, must not block.
pub type NoticeSink = Arc<dyn Fn(Notice) + Send + Sync>;

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows, newest first.
    pub rows: Vec<T>,
    /// Where the next page starts; `None` on the last page.
    pub next_cursor: Option<String>,
}

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// At most this many rows, 1 to 100.
    pub limit: usize,
    /// A `next_cursor`, or the beginning.
    pub cursor: Option<String>,
}

/// Everything the product asks of a database.
pub trait Store:
    AccountStore
    + ActivityStore
    + DocumentStore
    + EventStore
    + EndpointStore
    + DeliveryStore
    + RecoveryStore
    + AlertStore
    + OperateStore
    + SealedStore
{
}

impl<T> Store for T where
    T: AccountStore
        + ActivityStore
        + DocumentStore
        + EventStore
        + EndpointStore
        + DeliveryStore
        + RecoveryStore
        + AlertStore
        + OperateStore
        + SealedStore
{
}
