//! The bytes of uploaded documents, until they have been read.

use async_trait::async_trait;
use parseflow_model::Timestamp;

use super::StoreError;

/// Keeps uploaded files. Names are ids of documents or batches: `[a-z0-9_-]` only.
#[async_trait]
pub trait DocumentFiles: Send + Sync {
    /// Keeps `bytes`; durable when `Ok`.
    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError>;

    /// The bytes, or `None` when there is no such file.
    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Removes the file; succeeds when there is none.
    async fn delete(&self, name: &str) -> Result<(), StoreError>;

    /// Names of up to `max` files written before `at`, in no order.
    async fn written_before(&self, at: Timestamp, max: usize) -> Result<Vec<String>, StoreError>;
}
