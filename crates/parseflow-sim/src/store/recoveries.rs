//! Recoveries, watched; here the planted bug of recovering too much sits.

use async_trait::async_trait;
use parseflow_model::{AccountId, Recovery, RecoveryId, RecoveryScope, Timestamp, WebhookId};
use parseflow_store::{
    NewRecovery, Page, PageRequest, RecoveryBegun, RecoveryCancel, RecoveryStep, RecoveryStore,
    StoreError,
};

use super::{Look, WatchedStore};
use crate::plant::Plant;

impl WatchedStore {
    /// What is begun when a bug is planted.
    fn widened(&self, mut new: NewRecovery) -> NewRecovery {
        if self.shared.plant == Some(Plant::RecoveryTooWide) {
            new.scope.states = 7;
        }
        new
    }
}

#[async_trait]
impl RecoveryStore for WatchedStore {
    async fn recoverable(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        scope: RecoveryScope,
    ) -> Result<Option<u64>, StoreError> {
        self.look("recoverable", self.real.recoverable(account, endpoint, scope)).await
    }

    async fn begin_recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        new: NewRecovery,
    ) -> Result<RecoveryBegun, StoreError> {
        let told = new.clone();
        let begin = self.real.begin_recovery(account, endpoint, self.widened(new));
        self.change("begin_recovery", begin, |begun| {
            self.shared.note(|| format!("p{} recover {endpoint}: {begun:?}", self.link.process));
            self.shared.model().recovery_begun(endpoint, &told, begun)?;
            Ok(Vec::new())
        })
        .await
    }

    async fn recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: &RecoveryId,
    ) -> Result<Option<Recovery>, StoreError> {
        self.look("recovery", self.real.recovery(account, endpoint, id)).await
    }

    async fn recoveries(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        page: &PageRequest,
    ) -> Result<Option<Page<Recovery>>, StoreError> {
        self.look("recoveries", self.real.recoveries(account, endpoint, page)).await
    }

    async fn cancel_recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: &RecoveryId,
        now: Timestamp,
    ) -> Result<RecoveryCancel, StoreError> {
        let cancel = self.real.cancel_recovery(account, endpoint, id, now);
        self.change("cancel_recovery", cancel, |cancelled| {
            if !matches!(cancelled, RecoveryCancel::NotFound) {
                self.shared.model().recoveries.remove(id);
            }
            Ok(Vec::new())
        })
        .await
    }

    async fn running_recoveries(&self, max: usize) -> Result<Vec<RecoveryId>, StoreError> {
        self.look("running_recoveries", self.real.running_recoveries(max)).await
    }

    async fn advance_recovery(
        &self,
        id: &RecoveryId,
        now: Timestamp,
        waiting_max: usize,
    ) -> Result<RecoveryStep, StoreError> {
        let advance = self.real.advance_recovery(id, now, waiting_max);
        self.change("advance_recovery", advance, |step| {
            let moved = self.shared.model().recovery_moved(id, step, now)?;
            Ok(moved.into_iter().map(Look::Delivery).collect())
        })
        .await
    }
}
