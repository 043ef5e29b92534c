//! Reading documents: claim what waits, have it read elsewhere, record what came of it.
//!
//! Who reads is a [`DocumentReader`]: processes that can do nothing else.

use std::sync::Arc;
use std::time::Duration;

use parseflow_accounts::plan::PlanTable;
use parseflow_extract::{ExtractOptions, detect};
use parseflow_model::{
    Batch, Document, DocumentFailure, DocumentId, DocumentStatus, Extraction, FileMeta, Plan,
    Timestamp,
};
use parseflow_reader::DocumentReader;
use parseflow_store::{
    ClaimedWork, DocumentFiles, Finish, Finished, OpenArchive, Store, StoreError, Work,
};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, oneshot, watch};

use crate::archive::{self, ArchiveLimits};
use crate::failure::ReadFailure;
use crate::metrics::{Outcome, WorkerMetrics};
use crate::ports::Clock;

/// How often the queue is looked at without being told: for leases that ended.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// The same where other processes take documents in without telling this one.
const LOOK_AGAIN_SHARED: Duration = Duration::from_millis(250);
/// A document that was claimed this often without an end brings the process down; it is given up. That is seldom its fault:
/// what it can bring down is the confined process that reads it, which is counted there.
const TRIES_MAX: u32 = 10;

/// How much one document may cost.
#[derive(Debug, Clone, Copy)]
pub struct ReadLimits {
    /// Documents read at the same time.
    pub concurrency: usize,
    /// Time to open one archive.
    pub timeout: Duration,
    /// How long a claim holds: longer than the reader may take for one document, tried twice.
    pub lease: Duration,
    /// Largest number of pages.
    pub pages_max: u32,
    /// Files in one archive.
    pub archive_files_max: usize,
    /// Bytes of all files of one archive.
    pub archive_bytes_max: u64,
    /// How long uploaded files are kept; nothing: until their document is read.
    pub keep_files: Duration,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self {
            concurrency: 2,
            timeout: Duration::from_secs(60),
            lease: Duration::from_secs(1_260),
            pages_max: 1_000,
            archive_files_max: 500,
            archive_bytes_max: 500_000_000,
            keep_files: Duration::ZERO,
        }
    }
}

/// The reader; see the module.
pub(crate) struct Reader {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) files: Arc<dyn DocumentFiles>,
    pub(crate) reader: Arc<dyn DocumentReader>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limits: ReadLimits,
    pub(crate) plans: PlanTable,
    pub(crate) metrics: WorkerMetrics,
}

impl Reader {
    /// Reads until `stop` says so, then finishes what it has begun.
    pub(crate) async fn run(self, work: Arc<Notify>, mut stop: watch::Receiver<bool>) {
        let reader = Arc::new(self);
        let slots = Arc::new(Semaphore::new(reader.limits.concurrency));
        while !*stop.borrow() {
            let slot = tokio::select! {
                _ = stop.changed() => break,
                slot = Arc::clone(&slots).acquire_owned() => slot,
            };
            let Ok(slot) = slot else { break };
            if reader.take(slot, &slots).await {
                continue;
            }
            let pause = if reader.store.is_shared() { LOOK_AGAIN_SHARED } else { LOOK_AGAIN };
            let again = reader.clock.sleep_until(reader.clock.now() + pause);
            tokio::select! {
                _ = stop.changed() => break,
                () = work.notified() => {}
                () = again => {}
            }
        }
        // Every slot is free once everything begun has ended.
        let _ = slots.acquire_many(reader.limits.concurrency as u32).await;
    }

    /// Claims as much as there are free slots beside `first` and begins it; whether there was any.
    async fn take(self: &Arc<Self>, first: OwnedSemaphorePermit, slots: &Arc<Semaphore>) -> bool {
        let mut permits = vec![first];
        while let Ok(permit) = Arc::clone(slots).try_acquire_owned() {
            permits.push(permit);
        }
        let now = self.clock.now();
        let lease_until = now + self.limits.lease;
        let claimed = match self.store.claim_work(now, lease_until, permits.len()).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::warn!(error = %error, "documents cannot be claimed");
                return false;
            }
        };
        let any = !claimed.is_empty();
        for (work, permit) in claimed.into_iter().zip(permits) {
            let reader = Arc::clone(self);
            tokio::spawn(async move {
                reader.do_work(work).await;
                drop(permit);
            });
        }
        any
    }

    async fn do_work(&self, claimed: ClaimedWork) {
        let outcome = match claimed.work {
            Work::Document(document) => {
                self.document(*document, claimed.tries, claimed.token).await
            }
            Work::Archive(batch) => self.archive(*batch, claimed.tries, claimed.token).await,
        };
        if let Err(error) = outcome {
            // The claim ends by itself and the work is taken up again.
            tracing::error!(error = %error, "a document's end cannot be recorded yet");
        }
    }

    async fn document(&self, document: Document, tries: u32, token: i64) -> Result<(), StoreError> {
        let started_at = self.clock.now();
        let outcome = if tries > TRIES_MAX {
            Err(ReadFailure::EngineCrashed.into())
        } else {
            match self.files.get(document.id.as_str()).await? {
                Some(bytes) => self.extract(bytes, &document).await,
                None => Err(ReadFailure::Storage.into()),
            }
        };
        let now = self.clock.now();
        let spent = now.since(started_at);
        self.count(&outcome, spent);
        let id = document.id;
        let finish = Finish {
            document: id.clone(),
            token,
            outcome,
            processing_ms: u64::try_from(spent.as_millis()).unwrap_or(u64::MAX),
            now,
        };
        match self.store.finish(finish).await? {
            Finished::Done(document) => {
                let code = document.failure.as_ref().map(|failure| failure.code.as_str());
                tracing::info!(document = %id, status = document.status.as_str(), code, "document read");
                debug_assert_ne!(document.status, DocumentStatus::Processing);
            }
            Finished::Stale => tracing::info!(document = %id, "the document was ended elsewhere"),
        }
        // What is kept goes with the sweep.
        if self.limits.keep_files.is_zero() { self.files.delete(id.as_str()).await } else { Ok(()) }
    }

    fn count(&self, outcome: &Result<Extraction, DocumentFailure>, spent: Duration) {
        let label = outcome.as_ref().map_or_else(|failure| failure.code.as_str(), |_| "ok");
        self.metrics.documents.get_or_create(&Outcome::new(label)).inc();
        self.metrics.document_seconds.observe(spent.as_secs_f64());
        if let Ok(extraction) = outcome {
            self.metrics.pages.inc_by(u64::from(extraction.page_count));
        }
    }

    async fn extract(
        &self,
        bytes: Vec<u8>,
        document: &Document,
    ) -> Result<Extraction, DocumentFailure> {
        let options = ExtractOptions {
            document_type: document.requested,
            language: document.language.clone(),
            wishes: document.wishes.clone(),
            // Its own plan's limit was checked when it came in; the plan may have changed since.
            bytes_max: self.largest_file(),
            pages_max: self.limits.pages_max,
            ..ExtractOptions::default()
        };
        self.reader.read(bytes, options).await
    }

    /// Runs `work` on a thread of its own; `None` when it takes too long (the
    /// thread then ends by itself, unheard) or cannot be started.
    async fn on_own_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = oneshot::channel();
        let thread = std::thread::Builder::new().name("archive".to_owned()).spawn(move || {
            let _ = sender.send(work());
        });
        if let Err(error) = thread {
            tracing::error!(error = %error, "no thread can be started");
            return None;
        }
        let deadline = self.clock.sleep_until(self.clock.now() + self.limits.timeout);
        tokio::select! {
            read = receiver => read.ok(),
            () = deadline => None,
        }
    }

    /// The largest file that any plan admits.
    fn largest_file(&self) -> u64 {
        let largest = Plan::ALL.into_iter().map(|plan| self.plans.of(plan).file_bytes_max).max();
        largest.unwrap_or_default()
    }

    async fn archive(&self, batch: Batch, tries: u32, token: i64) -> Result<(), StoreError> {
        let now = self.clock.now();
        let found = if tries > TRIES_MAX {
            Err(ReadFailure::EngineCrashed.into())
        } else {
            self.unpack(&batch, now).await?
        };
        let opened = OpenArchive { batch: batch.id.clone(), token, found, now: self.clock.now() };
        self.store.open_archive(opened).await?;
        self.files.delete(batch.id.as_str()).await
    }

    async fn unpack(
        &self,
        batch: &Batch,
        now: Timestamp,
    ) -> Result<Result<Vec<Document>, DocumentFailure>, StoreError> {
        let Some(bytes) = self.files.get(batch.id.as_str()).await? else {
            return Ok(Err(ReadFailure::Storage.into()));
        };
        let account = self.store.account(&batch.account).await?;
        let plan_limits = account.map(|account| self.plans.limits_of(&account));
        let limits = ArchiveLimits {
            files_max: self.limits.archive_files_max,
            file_bytes_max: plan_limits.map_or(0, |limits| limits.file_bytes_max),
            total_bytes_max: self.limits.archive_bytes_max,
        };
        let opened = self.on_own_thread(move || archive::open(&bytes, &limits)).await;
        let files = match opened {
            Some(Ok(files)) => files,
            Some(Err(failure)) => return Ok(Err(failure.into())),
            None => return Ok(Err(ReadFailure::Timeout { limit: self.limits.timeout }.into())),
        };
        let mut documents = Vec::with_capacity(files.len());
        for (index, file) in files.into_iter().enumerate() {
            let document = archived_document(batch, index, &file, now);
            self.files.put(document.id.as_str(), file.bytes).await?;
            documents.push(document);
        }
        Ok(Ok(documents))
    }
}

/// The document of the file at `index` of the batch's archive. Its id depends on nothing else, so
/// that opening the archive again after a crash makes the same documents.
fn archived_document(
    batch: &Batch,
    index: usize,
    file: &archive::ArchivedFile,
    now: Timestamp,
) -> Document {
    let name = format!("{}/{index}", batch.id);
    let digest = ring::digest::digest(&ring::digest::SHA256, name.as_bytes());
    let mut id = [0u8; 16];
    id.copy_from_slice(&digest.as_ref()[..16]);
    // Ids in the order of the archive: reports and lists keep it.
    id[..4].copy_from_slice(&u32::try_from(index).unwrap_or(u32::MAX).to_be_bytes());
    Document {
        id: DocumentId::from_digest(&id),
        account: batch.account.clone(),
        batch: Some(batch.id.clone()),
        file: FileMeta {
            name: file.name.clone(),
            size: file.bytes.len() as u64,
            mime_type: detect(&file.bytes).media_type.to_owned(),
        },
        requested: batch.requested,
        language: batch.language.clone(),
        wishes: batch.wishes.clone(),
        test: batch.test,
        status: DocumentStatus::Processing,
        extraction: None,
        failure: None,
        created_at: now,
        finished_at: None,
        processing_ms: None,
    }
}
