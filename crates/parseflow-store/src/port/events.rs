//! Events that an account publishes itself; all others are written with their cause.

use async_trait::async_trait;
use parseflow_model::{AccountId, EndpointNo, Event, EventId, Fact, Timestamp};

use super::StoreError;

/// A repeated request is recognised by this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishKey {
    /// The caller's `Idempotency-Key`.
    pub key: String,
    /// SHA-256 of the request.
    pub fingerprint: [u8; 32],
}

/// An event to publish.
#[derive(Debug, Clone)]
pub struct Publish {
    /// Whose event it is.
    pub account: AccountId,
    /// What it says.
    pub fact: Fact,
    /// Only for this endpoint, whatever it subscribes to (test events); for all that subscribe
    /// otherwise.
    pub only: Option<EndpointNo>,
    /// Recognises a repeated request.
    pub key: Option<PublishKey>,
    /// When it happened.
    pub now: Timestamp,
}

/// What became of a request to publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// Stored; will be delivered.
    Stored {
        /// The event.
        event: EventId,
        /// Number of endpoints it goes to; skipped ones are not counted.
        deliveries: u32,
        /// The request was a repetition and nothing new was stored.
        repeated: bool,
    },
    /// The key was used for another request.
    KeyReused,
}

/// Events.
#[async_trait]
pub trait EventStore: Send + Sync {
    /// Publishes an event: it and the list of endpoints it goes to are one commit.
    async fn publish(&self, publish: Publish) -> Result<Published, StoreError>;

    /// The account's event, until retention removes it.
    async fn event(&self, account: &AccountId, id: EventId) -> Result<Option<Event>, StoreError>;

    /// These events of whatever accounts, oldest first; without those that retention has removed.
    async fn events(&self, ids: Vec<EventId>) -> Result<Vec<Event>, StoreError>;
}
