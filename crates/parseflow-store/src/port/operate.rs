//! What keeps the installation running: repeated requests, retention, figures.

use async_trait::async_trait;
use parseflow_model::{AccountId, Timestamp};

use super::StoreError;

/// An answer kept for repeated requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type` of the body.
    pub content_type: String,
    /// The body, encrypted: it may hold a secret.
    pub sealed_body: Vec<u8>,
}

/// What a request with an `Idempotency-Key` may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdempotencyBegin {
    /// It is the first: go on.
    New,
    /// It was answered before: answer the same.
    Answered(StoredAnswer),
    /// The first is still running.
    InFlight,
    /// The key was used for another request.
    KeyReused,
}

/// What retention has removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Events.
    pub events: usize,
    /// There is more to remove.
    pub is_cut: bool,
}

/// How much is waiting; for `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoreFigures {
    /// Due rows: retries, and deliveries that wait for room or an upgrade.
    pub deliveries_due: u64,
    /// Documents and archives not read yet.
    pub work_queued: u64,
    /// Endpoints marked failing.
    pub endpoints_failing: u64,
    /// Endpoints disabled.
    pub endpoints_disabled: u64,
}

/// Operating.
#[async_trait]
pub trait OperateStore: Send + Sync {
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Begins a request with an `Idempotency-Key`. A request begun by a process that has died
    /// (another `boot`) counts as never begun. Keys are forgotten after 24 h.
    async fn begin_idempotent(
        &self,
        account: &AccountId,
        key: &str,
        fingerprint: &[u8; 32],
        boot: i64,
        now: Timestamp,
    ) -> Result<IdempotencyBegin, StoreError>;

    /// Keeps the answer.
    async fn end_idempotent(
        &self,
        account: &AccountId,
        key: &str,
        answer: StoredAnswer,
    ) -> Result<(), StoreError>;

    /// Forgets a request that failed on our side, so that it may be repeated.
    async fn abandon_idempotent(&self, account: &AccountId, key: &str) -> Result<(), StoreError>;

    /// Removes events that happened before `before`, oldest first, each with its deliveries and
    /// attempts, until `rows_max` rows are removed: what is begun is ended, so that at most one
    /// event's rows are added to that. Also recoveries that ended before, and expired idempotency
    /// keys.
    async fn sweep(
        &self,
        before: Timestamp,
        now: Timestamp,
        rows_max: usize,
    ) -> Result<Swept, StoreError>;

    /// How much is waiting.
    async fn figures(&self) -> Result<StoreFigures, StoreError>;

    /// Writes a consistent copy of the database to `path`, which must not exist.
    async fn backup(&self, path: &std::path::Path) -> Result<(), StoreError>;
}
