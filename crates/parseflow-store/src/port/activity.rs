//! What happens in an account, over all its endpoints: for people who look at it.
//!
//! Deliveries are stored by endpoint, because that is how they are sent. These questions go over all
//! endpoints of an account, of which there are few, and each looks at a bounded number of rows
//! whatever the account holds. Endpoints that are deleted are left out, as they are everywhere.

use async_trait::async_trait;
use parseflow_model::{AccountId, DeliveryState, EventType, Timestamp, WebhookId};

use super::{DeliveryRow, Page, PageRequest, StoreError};

/// Which deliveries a list shows; the default shows all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveryFilter {
    /// In one of these states; in any if empty.
    pub states: Vec<DeliveryState>,
    /// Of events of this type.
    pub event_type: Option<EventType>,
    /// Of this endpoint.
    pub endpoint: Option<WebhookId>,
    /// Of events at or after this time.
    pub since: Option<Timestamp>,
    /// Of events before this time.
    pub until: Option<Timestamp>,
}

/// A line of the account's delivery log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDelivery {
    /// The line as the endpoint's own log has it.
    pub row: DeliveryRow,
    /// Where it goes.
    pub endpoint: WebhookId,
    /// When it came into this state, as far as that is written down: the end of the latest attempt,
    /// the time it was parked, or the time of the event.
    pub changed_at: Timestamp,
}

/// What came of an account's documents and deliveries since some time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overview {
    /// The hours in which anything happened, oldest first.
    pub hours: Vec<HourFigures>,
    /// From the event to its acceptance by the receiver, for every delivery that succeeded, in
    /// milliseconds, in no order.
    pub delivery_ms: Vec<u64>,
    /// Deliveries that wait for another attempt, at most 10,000 for each endpoint.
    pub waiting: u64,
    /// Whether everything was looked at. If not, the oldest part of the time is missing.
    pub complete: bool,
}

/// One hour of an [`Overview`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HourFigures {
    /// When it begins.
    pub start: Timestamp,
    /// Documents accepted in it that were read.
    pub documents_completed: u64,
    /// Documents accepted in it that could not be read.
    pub documents_failed: u64,
    /// Deliveries that succeeded in it.
    pub deliveries_succeeded: u64,
    /// Deliveries given up in it.
    pub deliveries_failed: u64,
}

/// Questions over all endpoints of an account.
#[async_trait]
pub trait ActivityStore: Send + Sync {
    /// The account's deliveries, those of the newest events first.
    ///
    /// A page may be shorter than asked for although another one follows: when few deliveries pass
    /// the filter, looking for more ends after some thousand.
    async fn account_deliveries(
        &self,
        account: &AccountId,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> Result<Page<AccountDelivery>, StoreError>;

    /// What came of the account's documents and deliveries since `since`.
    async fn overview(&self, account: &AccountId, since: Timestamp)
    -> Result<Overview, StoreError>;
}
