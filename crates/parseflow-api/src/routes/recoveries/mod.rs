//! Recoveries: deliveries that ended without success are sent again after an outage, bit by bit.

pub(crate) mod begin;
pub(crate) mod cancel;
pub(crate) mod list;
pub(crate) mod show;

use parseflow_model::{DeliveryState, EventType, Recovery};
use serde::Serialize;
use utoipa::ToSchema;

use crate::names::{EventName, ParkedStateName, RecoveryStatusName};

/// A recovery and how far it has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Recovery, example = json!({
    "id": "rcv_a1b2c3d4e5f6g7h8", "webhookId": "wh_a1b2c3d4e5f6g7h8", "status": "running",
    "since": "2026-04-14T08:00:00Z", "until": "2026-04-14T10:00:00Z",
    "statuses": ["exhausted", "cancelled", "skipped"], "eventTypes": ["extraction.completed"],
    "total": 5200, "done": 1400, "createdAt": "2026-04-14T10:00:00Z", "endedAt": null
}))]
pub(crate) struct RecoveryBody {
    #[schema(pattern = "^rcv_[a-z0-9]{16}$")]
    id: String,
    #[schema(pattern = "^wh_[a-z0-9]{16}$")]
    webhook_id: String,
    /// `running`, `completed`, or `cancelled`: by you, or because the webhook was disabled.
    #[schema(value_type = RecoveryStatusName)]
    status: &'static str,
    #[schema(format = DateTime)]
    since: String,
    #[schema(format = DateTime)]
    until: String,
    #[schema(value_type = Vec<ParkedStateName>)]
    statuses: Vec<&'static str>,
    #[schema(value_type = Vec<EventName>)]
    event_types: Vec<&'static str>,
    /// Deliveries in its scope when it began.
    total: u64,
    /// Those that were queued to be sent again so far.
    done: u64,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    ended_at: Option<String>,
}

impl RecoveryBody {
    fn of(recovery: &Recovery) -> Self {
        let scope = &recovery.scope;
        let states = DeliveryState::PARKED.into_iter();
        let types = EventType::ALL.into_iter();
        Self {
            id: recovery.id.to_string(),
            webhook_id: recovery.endpoint.to_string(),
            status: recovery.status.as_str(),
            since: scope.since.to_string(),
            until: scope.until.to_string(),
            statuses: states
                .filter(|state| scope.states & state.parked_bit() != 0)
                .map(DeliveryState::as_str)
                .collect(),
            event_types: types
                .filter(|kind| scope.event_types & kind.bit() != 0)
                .map(EventType::as_str)
                .collect(),
            total: recovery.total,
            done: recovery.done,
            created_at: recovery.created_at.to_string(),
            ended_at: recovery.ended_at.map(|at| at.to_string()),
        }
    }
}
