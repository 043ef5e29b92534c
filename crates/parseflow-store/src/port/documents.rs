//! Documents and batches: taken in, worked on under a lease, finished once.

use async_trait::async_trait;
use parseflow_model::{
    AccountId, Batch, BatchId, Document, DocumentFailure, DocumentId, Extraction, Limit, Timestamp,
    Usage,
};

use super::{Page, PageRequest, StoreError};

/// Documents to take in, with the batch they form if they form one. Their files are already durable.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Whose they are.
    pub account: AccountId,
    /// The documents; empty for a batch whose archive is opened later.
    pub documents: Vec<Document>,
    /// The batch.
    pub batch: Option<Batch>,
    /// When they came in: decides the month they count in.
    pub now: Timestamp,
}

/// Whether documents were taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// Stored, counted and queued.
    Admitted(Usage),
    /// They would take usage above the quota; nothing was stored but the event that says so.
    QuotaExceeded {
        /// Usage as it stands.
        usage: Usage,
        /// The limit.
        limit: Limit,
    },
    /// The first document's id is known: this intake was done before.
    Repeated,
}

/// Something to read.
#[derive(Debug, Clone)]
pub enum Work {
    /// A document.
    Document(Box<Document>),
    /// The archive of a batch, to be opened.
    Archive(Box<Batch>),
}

/// Work claimed under a lease.
#[derive(Debug, Clone)]
pub struct ClaimedWork {
    /// What to read.
    pub work: Work,
    /// How often it has been claimed, this time included: counts crashes while reading it.
    pub tries: u32,
    /// Proves that the claim is still held.
    pub token: i64,
}

/// The documents found in an archive.
#[derive(Debug, Clone)]
pub struct OpenArchive {
    /// The batch.
    pub batch: BatchId,
    /// Token of the claim.
    pub token: i64,
    /// What was found: documents, or why the archive cannot be read.
    pub found: Result<Vec<Document>, DocumentFailure>,
    /// When it was opened.
    pub now: Timestamp,
}

/// The end of work on one document.
#[derive(Debug, Clone)]
pub struct Finish {
    /// The document.
    pub document: DocumentId,
    /// Token of the claim.
    pub token: i64,
    /// The result, or why there is none.
    pub outcome: Result<Extraction, DocumentFailure>,
    /// Time spent reading.
    pub processing_ms: u64,
    /// When it ended.
    pub now: Timestamp,
}

/// What became of an attempt to finish.
#[derive(Debug, Clone)]
pub enum Finished {
    /// The document in its end state.
    Done(Box<Document>),
    /// The claim was lost, or the document had reached an end state before: nothing was changed.
    Stale,
}

/// Why a batch could not go on although its documents could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BatchRefusal {
    /// Its owner cancelled it.
    #[error("the batch was cancelled")]
    Cancelled,
    /// Its archive holds more documents than the quota admits.
    #[error("the monthly quota does not admit {documents} more documents")]
    QuotaExceeded {
        /// Documents in the archive.
        documents: u64,
    },
}

impl BatchRefusal {
    /// Stable and machine-readable.
    pub fn code(self) -> &'static str {
        match self {
            BatchRefusal::Cancelled => "cancelled",
            BatchRefusal::QuotaExceeded { .. } => "quota_exceeded",
        }
    }
}

impl From<BatchRefusal> for DocumentFailure {
    fn from(refusal: BatchRefusal) -> Self {
        Self { code: refusal.code().to_owned(), message: refusal.to_string() }
    }
}

/// What became of a request to cancel a batch.
#[derive(Debug, Clone)]
pub enum BatchCancel {
    /// Cancelled now.
    Cancelled(Box<Batch>),
    /// It had ended before.
    AlreadyEnded(Box<Batch>),
    /// There is no such batch.
    NotFound,
}

/// Documents and batches.
#[async_trait]
pub trait DocumentStore: Send + Sync {
    /// Takes documents in: rows, usage, quota events and the batch in one commit.
    async fn accept(&self, intake: Intake) -> Result<Accepted, StoreError>;

    /// Claims up to `max` pieces of work that nobody holds, oldest first, until `lease_until`.
    async fn claim_work(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        max: usize,
    ) -> Result<Vec<ClaimedWork>, StoreError>;

    /// Gives up the claims on work of this process and of those that are no more: called once at
    /// start, so that work of a crashed predecessor is taken up at once.
    async fn release_work(&self) -> Result<(), StoreError>;

    /// Which of these files somebody still waits to read: those of documents not read and archives
    /// not opened. A file is named by the id of its document or batch.
    async fn awaited_files(&self, names: Vec<String>) -> Result<Vec<String>, StoreError>;

    /// Records what an archive held: counts the documents against the quota and queues them, or
    /// fails the batch. `false` when the claim was lost.
    async fn open_archive(&self, opened: OpenArchive) -> Result<bool, StoreError>;

    /// Finishes a document: result, event, progress of its batch and the batch's terminal event in
    /// one commit.
    async fn finish(&self, finish: Finish) -> Result<Finished, StoreError>;

    /// The account's document, if it exists.
    async fn document(
        &self,
        account: &AccountId,
        id: &DocumentId,
    ) -> Result<Option<Document>, StoreError>;

    /// The account's documents, newest first, without results; of one batch if asked for.
    async fn documents(
        &self,
        account: &AccountId,
        batch: Option<&BatchId>,
        page: &PageRequest,
    ) -> Result<Page<Document>, StoreError>;

    /// The account's batch, if it exists.
    async fn batch(&self, account: &AccountId, id: &BatchId) -> Result<Option<Batch>, StoreError>;

    /// The account's batches, newest first.
    async fn batches(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<Batch>, StoreError>;

    /// Cancels a batch: documents not read yet are cancelled and `batch.failed` tells of it.
    async fn cancel_batch(
        &self,
        account: &AccountId,
        id: &BatchId,
        now: Timestamp,
    ) -> Result<BatchCancel, StoreError>;
}
