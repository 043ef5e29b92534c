//! Reads documents without their bytes: claims what waits, takes its time, sometimes longer than
//! its claim lasts, and finds a result, a failure or an archive of more documents.

use std::sync::Arc;
use std::time::Duration;

use parseflow_model::{
    Batch, Document, DocumentFailure, DocumentId, DocumentStatus, DocumentType, Extraction,
    FileMeta, ReadingWishes, WallClock,
};
use parseflow_store::{ClaimedWork, Finish, OpenArchive, Store, Work};
use tokio::sync::Notify;

use crate::clock::pause;
use crate::link::Link;
use crate::shared::Shared;

/// How long a claim lasts.
const LEASE: Duration = Duration::from_secs(120);
/// How often the queue is looked at while anything is unread.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// See the module.
pub(crate) struct Reader {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) link: Arc<Link>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) work: Arc<Notify>,
}

impl Reader {
    /// Reads until the process ends.
    pub(crate) async fn run(self) {
        let reader = Arc::new(self);
        while reader.store.release_work().await.is_err() {}
        loop {
            reader.link.front_gate().await;
            if reader.shared.model().unread().is_empty() {
                reader.work.notified().await;
                continue;
            }
            let now = reader.shared.clock.now();
            let claimed = reader.store.claim_work(now, now + LEASE, 2).await.unwrap_or_default();
            let none = claimed.is_empty();
            for work in claimed {
                let reader = Arc::clone(&reader);
                tokio::spawn(async move { reader.read(work).await });
            }
            if none {
                tokio::select! {
                    biased;
                    () = reader.work.notified() => {}
                    () = pause(LOOK_AGAIN) => {}
                }
            }
        }
    }

    async fn read(&self, claimed: ClaimedWork) {
        let rng = &self.shared.rng;
        let longest = if rng.chance(100) { 2 * LEASE } else { Duration::from_secs(2) };
        pause(rng.up_to(longest)).await;
        self.link.front_gate().await;
        let now = self.shared.clock.now();
        match claimed.work {
            Work::Document(document) => {
                let outcome = if rng.chance(700) { Ok(extraction()) } else { Err(failure()) };
                let finish = Finish {
                    document: document.id,
                    token: claimed.token,
                    outcome,
                    processing_ms: 1,
                    now,
                };
                // A failed call is made up for when the claim has ended, as in the real reader.
                let _ = self.store.finish(finish).await;
            }
            Work::Archive(batch) => {
                let files = 1 + rng.below(3) as usize;
                let found = if rng.chance(800) {
                    Ok((0..files).map(|index| archived(&batch, index)).collect())
                } else {
                    Err(failure())
                };
                let opened = OpenArchive { batch: batch.id, token: claimed.token, found, now };
                let _ = self.store.open_archive(opened).await;
            }
        }
    }
}

fn extraction() -> Extraction {
    Extraction {
        document_type: DocumentType::Letter,
        confidence: 0.9,
        data: serde_json::Map::new(),
        fields: Vec::new(),
        warnings: Vec::new(),
        needs_review: false,
        mime_type: "text/plain".into(),
        language: None,
        page_count: 1,
        text: None,
        tables: None,
        printed: Vec::new(),
    }
}

fn failure() -> DocumentFailure {
    DocumentFailure { code: "corrupt_file".into(), message: "the file is damaged".into() }
}

/// The same document whenever the archive is opened.
fn archived(batch: &Batch, index: usize) -> Document {
    let name = format!("{}/{index}", batch.id);
    let hash = ring::digest::digest(&ring::digest::SHA256, name.as_bytes());
    let mut digest = [0u8; 16];
    digest.copy_from_slice(&hash.as_ref()[..16]);
    let mut document = waiting(DocumentId::from_digest(&digest), batch);
    document.batch = Some(batch.id.clone());
    document
}

/// A document that waits to be read, with the owner and the times of `batch`.
pub(crate) fn waiting(id: DocumentId, batch: &Batch) -> Document {
    Document {
        id,
        account: batch.account.clone(),
        batch: None,
        file: FileMeta { name: "a.txt".into(), size: 1, mime_type: "text/plain".into() },
        requested: batch.requested,
        language: None,
        wishes: ReadingWishes::default(),
        test: false,
        status: DocumentStatus::Processing,
        extraction: None,
        failure: None,
        created_at: batch.created_at,
        finished_at: None,
        processing_ms: None,
    }
}
