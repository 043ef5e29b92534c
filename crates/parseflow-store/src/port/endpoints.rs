//! Endpoints: registered, changed, deleted.

use async_trait::async_trait;
use parseflow_model::{
    AccountId, Endpoint, EndpointNo, EndpointSettings, NextSecret, Timestamp, WebhookId,
};

use super::{Page, PageRequest, StoreError};

/// An endpoint to register; already checked.
#[derive(Debug, Clone)]
pub struct NewEndpoint {
    /// `wh_…`
    pub id: WebhookId,
    /// Whose it is.
    pub account: AccountId,
    /// Where to send.
    pub url: String,
    /// The subscription as given.
    pub events: Vec<String>,
    /// The event types it covers.
    pub event_mask: u8,
    /// The secret, encrypted.
    pub sealed_secret: Vec<u8>,
    /// The secret's last four characters.
    pub secret_hint: String,
    /// What its owner has set.
    pub settings: EndpointSettings,
    /// When it is registered.
    pub now: Timestamp,
}

/// A change of an endpoint; `None` leaves a part as it is.
#[derive(Debug, Clone, Default)]
pub struct EndpointChange {
    /// A new URL; pending retries go there too.
    pub url: Option<String>,
    /// A new subscription with its mask; for events from now on.
    pub events: Option<(Vec<String>, u8)>,
    /// New settings.
    pub settings: Option<EndpointSettings>,
    /// `true` enables and resets the health, `false` disables.
    pub active: Option<bool>,
    /// `true` lets deliveries wait, `false` sends what has waited. Pausing twice keeps the first
    /// time.
    pub paused: Option<bool>,
}

/// What became of a wish to put the pending secret in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activation {
    /// The pending secret is the only one now.
    Activated(Box<Endpoint>),
    /// No rotation is under way, or its overlap has ended by itself.
    NothingPending,
    /// The account has no such endpoint.
    NoEndpoint,
}

/// Endpoints.
#[async_trait]
pub trait EndpointStore: Send + Sync {
    /// Registers an endpoint; `None` when the account already has `max`.
    async fn create_endpoint(
        &self,
        new: NewEndpoint,
        max: usize,
    ) -> Result<Option<Endpoint>, StoreError>;

    /// The account's endpoint, unless deleted.
    async fn endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
    ) -> Result<Option<Endpoint>, StoreError>;

    /// The endpoint with this number, unless deleted.
    async fn endpoint_by_no(&self, no: EndpointNo) -> Result<Option<Endpoint>, StoreError>;

    /// The account's endpoints, newest first.
    async fn endpoints(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<Endpoint>, StoreError>;

    /// Changes an endpoint; `None` when the account has no such one. Disabling cancels what is
    /// pending (it can be sent again). Resuming a paused one makes what has waited due at once.
    async fn update_endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
        change: EndpointChange,
        now: Timestamp,
    ) -> Result<Option<Endpoint>, StoreError>;

    /// Makes `next` the pending secret. One that is pending already is replaced; one whose overlap
    /// has ended is put in force first. A secret that takes over at `now` or before is in force at
    /// once and nothing is pending. `None` when the account has no such endpoint.
    async fn rotate_secret(
        &self,
        account: &AccountId,
        id: &WebhookId,
        next: NextSecret,
        now: Timestamp,
    ) -> Result<Option<Endpoint>, StoreError>;

    /// Ends a rotation before its overlap does: the pending secret is in force from `now` on, the
    /// old one is erased.
    async fn activate_secret(
        &self,
        account: &AccountId,
        id: &WebhookId,
        now: Timestamp,
    ) -> Result<Activation, StoreError>;

    /// Deletes an endpoint: cancels what is pending and erases secrets and headers; the log stays
    /// until retention. `false` when the account has no such endpoint.
    async fn delete_endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
}
