//! Alerts to owners, watched. Nobody in these worlds reads e-mail.

use async_trait::async_trait;
use parseflow_model::EndpointNo;
use parseflow_store::{AlertStore, StoreError, Told, Troubled};

use super::WatchedStore;

#[async_trait]
impl AlertStore for WatchedStore {
    async fn troubled_endpoints(
        &self,
        after: EndpointNo,
        limit: usize,
    ) -> Result<Vec<Troubled>, StoreError> {
        let found = self.real.troubled_endpoints(after, limit);
        self.look("troubled_endpoints", found).await
    }

    async fn note_told(
        &self,
        endpoint: EndpointNo,
        before: Option<Told>,
        after: Told,
    ) -> Result<bool, StoreError> {
        self.look("note_told", self.real.note_told(endpoint, before, after)).await
    }
}
