//! Encrypted values, watched.

use async_trait::async_trait;
use parseflow_store::{Resealed, SealedCursor, SealedSlice, SealedStore, StoreError};

use super::WatchedStore;

#[async_trait]
impl SealedStore for WatchedStore {
    async fn sealed_otherwise(
        &self,
        prefix: &[u8],
        cursor: &SealedCursor,
        rows_max: usize,
    ) -> Result<SealedSlice, StoreError> {
        let found = self.real.sealed_otherwise(prefix, cursor, rows_max);
        self.look("sealed_otherwise", found).await
    }

    async fn reseal(&self, values: Vec<Resealed>) -> Result<usize, StoreError> {
        self.look("reseal", self.real.reseal(values)).await
    }
}
