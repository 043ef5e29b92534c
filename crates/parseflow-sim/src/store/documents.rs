//! Documents and batches, watched.

use async_trait::async_trait;
use parseflow_model::{AccountId, Batch, BatchId, Document, DocumentId, Timestamp};
use parseflow_store::{
    Accepted, BatchCancel, ClaimedWork, DocumentStore, Finish, Finished, Intake, OpenArchive, Page,
    PageRequest, StoreError,
};

use super::{Look, WatchedStore};

#[async_trait]
impl DocumentStore for WatchedStore {
    async fn accept(&self, intake: Intake) -> Result<Accepted, StoreError> {
        let told = intake.clone();
        self.change("accept", self.real.accept(intake), |accepted| {
            let types = self.shared.model().took_in(&told, accepted)?;
            Ok(vec![Look::Events(told.account.clone(), types, None, told.now)])
        })
        .await
    }

    async fn claim_work(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        max: usize,
    ) -> Result<Vec<ClaimedWork>, StoreError> {
        self.look("claim_work", self.real.claim_work(now, lease_until, max)).await
    }

    async fn release_work(&self) -> Result<(), StoreError> {
        self.look("release_work", self.real.release_work()).await
    }

    async fn awaited_files(&self, names: Vec<String>) -> Result<Vec<String>, StoreError> {
        self.look("awaited_files", self.real.awaited_files(names)).await
    }

    async fn open_archive(&self, opened: OpenArchive) -> Result<bool, StoreError> {
        let told = opened.clone();
        self.change("open_archive", self.real.open_archive(opened), |held| {
            if !held {
                return Ok(Vec::new());
            }
            let (account, types) = self.shared.model().opened(&told)?;
            Ok(vec![Look::Events(account, types, None, told.now)])
        })
        .await
    }

    async fn finish(&self, finish: Finish) -> Result<Finished, StoreError> {
        let told = finish.clone();
        self.change("finish", self.real.finish(finish), |finished| {
            let Finished::Done(_) = finished else { return Ok(Vec::new()) };
            let (account, types) = self.shared.model().finished(&told)?;
            Ok(vec![Look::Events(account, types, None, told.now)])
        })
        .await
    }

    async fn document(
        &self,
        account: &AccountId,
        id: &DocumentId,
    ) -> Result<Option<Document>, StoreError> {
        self.look("document", self.real.document(account, id)).await
    }

    async fn documents(
        &self,
        account: &AccountId,
        batch: Option<&BatchId>,
        page: &PageRequest,
    ) -> Result<Page<Document>, StoreError> {
        self.look("documents", self.real.documents(account, batch, page)).await
    }

    async fn batch(&self, account: &AccountId, id: &BatchId) -> Result<Option<Batch>, StoreError> {
        self.look("batch", self.real.batch(account, id)).await
    }

    async fn batches(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<Batch>, StoreError> {
        self.look("batches", self.real.batches(account, page)).await
    }

    async fn cancel_batch(
        &self,
        account: &AccountId,
        id: &BatchId,
        now: Timestamp,
    ) -> Result<BatchCancel, StoreError> {
        self.change("cancel_batch", self.real.cancel_batch(account, id, now), |cancel| {
            let BatchCancel::Cancelled(_) = cancel else { return Ok(Vec::new()) };
            let types = self.shared.model().cancelled(id)?;
            Ok(vec![Look::Events(account.clone(), types, None, now)])
        })
        .await
    }
}
