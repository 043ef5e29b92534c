//! Deliveries: one event for one endpoint, and the attempts made.

pub(crate) mod attempt;
pub(crate) mod list;
pub(crate) mod retry;
pub(crate) mod search;
pub(crate) mod show;

use parseflow_model::WebhookId;
use parseflow_store::DeliveryRow;
use serde::Serialize;
use utoipa::ToSchema;

use crate::names::{DeliveryStateName, EventName};

/// One line of the delivery log.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delivery, example = json!({
    "id": "dlv_00gx7j2k4m6n8p0q2r4s", "endpointId": "wh_a1b2c3d4e5f6g7h8", "eventId": "evt_01jr9x4k8c000",
    "event": "extraction.completed", "state": "retrying", "attemptCount": 2,
    "createdAt": "2026-04-14T10:05:00Z", "nextAttemptAt": "2026-04-14T10:07:30Z",
    "lastStatus": 503
}))]
pub(crate) struct DeliveryBody {
    #[schema(pattern = "^dlv_[0-9a-z]{20}$")]
    id: String,
    #[schema(pattern = "^evt_[0-9a-z]{13}$")]
    event_id: String,
    /// The event's type.
    #[schema(value_type = EventName)]
    event: &'static str,
    /// `pending`, `retrying`, `succeeded`, `exhausted`, `cancelled` or `skipped`.
    #[schema(value_type = DeliveryStateName)]
    state: &'static str,
    /// Attempts made.
    attempt_count: u32,
    /// When the event happened.
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    next_attempt_at: Option<String>,
    /// HTTP status of the latest attempt.
    last_status: Option<u16>,
    /// The webhook it is for.
    #[schema(pattern = "^wh_[a-z0-9]{16}$")]
    endpoint_id: String,
}

impl DeliveryBody {
    pub(crate) fn of(row: &DeliveryRow, endpoint: &WebhookId) -> Self {
        Self {
            id: row.id.to_string(),
            endpoint_id: endpoint.to_string(),
            event_id: row.id.event.to_string(),
            event: row.event_type.as_str(),
            state: row.state.as_str(),
            attempt_count: row.attempts,
            created_at: row.occurred_at.to_string(),
            next_attempt_at: row.next_attempt_at.map(|at| at.to_string()),
            last_status: row.last_status,
        }
    }
}
