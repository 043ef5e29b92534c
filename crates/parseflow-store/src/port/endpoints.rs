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
    /// New settings, one by one.
    pub settings: SettingsChange,
    /// `true` enables and resets the health, `false` disables.
    pub active: Option<bool>,
    /// `true` lets deliveries wait, `false` sends what has waited. Pausing twice keeps the first
    /// time.
    pub paused: Option<bool>,
}

/// A change of an endpoint's settings; `None` leaves one as it is when the change is made, whatever it
/// was when the wish was read.
#[derive(Debug, Clone, Default)]
pub struct SettingsChange {
    /// `Some(None)` removes the note.
    pub description: Option<Option<String>>,
    /// `Some(None)` for the installation's default.
    pub timeout_ms: Option<Option<u32>>,
    /// `Some(None)` for the default.
    pub body_bytes_max: Option<Option<u32>>,
    /// Whether 410 Gone disables it.
    pub disable_on_gone: Option<bool>,
    /// All headers of the owner's own; `Some(None)` for none.
    pub sealed_headers: Option<Option<Vec<u8>>>,
    /// `Some(None)` for no limit.
    pub rate_limit_per_second: Option<Option<u32>>,
    /// Whether deliveries follow one another.
    pub ordered: Option<bool>,
}

impl SettingsChange {
    /// `before` with what is said in its place.
    #[must_use]
    pub fn apply(self, before: EndpointSettings) -> EndpointSettings {
        EndpointSettings {
            description: self.description.unwrap_or(before.description),
            timeout_ms: self.timeout_ms.unwrap_or(before.timeout_ms),
            body_bytes_max: self.body_bytes_max.unwrap_or(before.body_bytes_max),
            disable_on_gone: self.disable_on_gone.unwrap_or(before.disable_on_gone),
            sealed_headers: self.sealed_headers.unwrap_or(before.sealed_headers),
            rate_limit_per_second: self
                .rate_limit_per_second
                .unwrap_or(before.rate_limit_per_second),
            ordered: self.ordered.unwrap_or(before.ordered),
            payload_version: before.payload_version,
        }
    }
}

impl From<EndpointSettings> for SettingsChange {
    /// Everything becomes as given, except what never changes.
    fn from(settings: EndpointSettings) -> Self {
        Self {
            description: Some(settings.description),
            timeout_ms: Some(settings.timeout_ms),
            body_bytes_max: Some(settings.body_bytes_max),
            disable_on_gone: Some(settings.disable_on_gone),
            sealed_headers: Some(settings.sealed_headers),
            rate_limit_per_second: Some(settings.rate_limit_per_second),
            ordered: Some(settings.ordered),
        }
    }
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
