//! Values that are encrypted under the master key, as whoever changes the key goes through them.

use async_trait::async_trait;
use parseflow_model::{AccountId, EndpointNo, WebhookId};

use super::StoreError;

/// Where a value is kept that is encrypted under the master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealedPlace {
    /// An endpoint's present secret.
    Secret(WebhookId),
    /// The secret that a rotation will put in its place.
    NextSecret(WebhookId),
    /// An endpoint's custom headers.
    Headers(WebhookId),
    /// An answer kept for repeated requests.
    Answer {
        /// Who asked.
        account: AccountId,
        /// The `Idempotency-Key`.
        key: String,
    },
}

/// An encrypted value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedValue {
    /// Where it is kept.
    pub place: SealedPlace,
    /// As it is kept.
    pub bytes: Vec<u8>,
}

/// A value encrypted anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resealed {
    /// What it was.
    pub before: SealedValue,
    /// What it is to be.
    pub after: Vec<u8>,
}

/// How far a walk over encrypted values has come: endpoints by their numbers, then answers by
/// account and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealedCursor {
    /// After the endpoint with this number.
    Endpoints(EndpointNo),
    /// After the answer with this account's id and this key.
    Answers(String, String),
}

impl SealedCursor {
    /// Before everything.
    pub const START: Self = SealedCursor::Endpoints(EndpointNo(0));
}

/// A slice of a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSlice {
    /// What was found.
    pub values: Vec<SealedValue>,
    /// Where to go on; `None` at the end.
    pub next: Option<SealedCursor>,
}

/// Encrypted values.
#[async_trait]
pub trait SealedStore: Send + Sync {
    /// Values that do not begin with `prefix`, from `rows_max` rows after `cursor`; a row holds up to
    /// three. A slice may hold none although more follow. Deleted endpoints have none.
    async fn sealed_otherwise(
        &self,
        prefix: &[u8],
        cursor: &SealedCursor,
        rows_max: usize,
    ) -> Result<SealedSlice, StoreError>;

    /// Puts values in the place of what they were, all in one commit. One that has been changed
    /// meanwhile stays as it is; how many have been put in place.
    async fn reseal(&self, values: Vec<Resealed>) -> Result<usize, StoreError>;
}
