//! Recovering after an outage: sending again, bit by bit, what ended without success.

use crate::{DeliveryState, EventId, EventType, RecoveryId, Timestamp, WebhookId};

/// Which parked deliveries of an endpoint are to be sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecoveryScope {
    /// Events from then on…
    pub since: Timestamp,
    /// …and before then.
    pub until: Timestamp,
    /// States as a mask of [`DeliveryState::parked_bit`].
    pub states: u8,
    /// Event types as a mask of [`EventType::bit`].
    pub event_types: u8,
}

impl RecoveryScope {
    /// Ids of events that can be in the scope: from the first, below the second.
    pub fn events(&self) -> (EventId, EventId) {
        (EventId::first_at(self.since), EventId::first_at(self.until))
    }

    /// Whether a delivery in this state, of an event of this type, is meant.
    pub fn covers(&self, state: DeliveryState, event_type: EventType) -> bool {
        self.states & state.parked_bit() != 0 && self.event_types & event_type.bit() != 0
    }
}

/// Where a recovery is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RecoveryStatus {
    /// Deliveries are made due, a few at a time.
    Running,
    /// Everything in its scope has been made due.
    Completed,
    /// Ended before that: by its owner, or because the endpoint was disabled or deleted.
    Cancelled,
}

impl RecoveryStatus {
    /// All of them.
    pub const ALL: [RecoveryStatus; 3] =
        [RecoveryStatus::Running, RecoveryStatus::Completed, RecoveryStatus::Cancelled];

    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            RecoveryStatus::Running => "running",
            RecoveryStatus::Completed => "completed",
            RecoveryStatus::Cancelled => "cancelled",
        }
    }
}

/// One recovery of an endpoint's deliveries: work that survives the process that does it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recovery {
    /// `rcv_…`
    pub id: RecoveryId,
    /// Whose deliveries.
    pub endpoint: WebhookId,
    /// Which of them.
    pub scope: RecoveryScope,
    /// Where it is.
    pub status: RecoveryStatus,
    /// Deliveries in its scope when it began.
    pub total: u64,
    /// Those made due so far; one that is sent by hand meanwhile is not among them.
    pub done: u64,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}
