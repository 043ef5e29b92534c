//! Questions over all endpoints of an account, watched.

use async_trait::async_trait;
use parseflow_model::{AccountId, Timestamp};
use parseflow_store::{
    AccountDelivery, ActivityStore, DeliveryFilter, Overview, Page, PageRequest, StoreError,
};

use super::WatchedStore;

#[async_trait]
impl ActivityStore for WatchedStore {
    async fn account_deliveries(
        &self,
        account: &AccountId,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> Result<Page<AccountDelivery>, StoreError> {
        let found = self.real.account_deliveries(account, filter, page);
        self.look("account_deliveries", found).await
    }

    async fn overview(
        &self,
        account: &AccountId,
        since: Timestamp,
    ) -> Result<Overview, StoreError> {
        self.look("overview", self.real.overview(account, since)).await
    }
}
