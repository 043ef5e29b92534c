//! The JSON Schemas (draft 2020-12) of the bodies that [`payload`](crate::payload) writes.

use parseflow_model::EventType;

/// The version of the payloads; receivers see members added within it and nothing else changed.
pub const PAYLOAD_VERSION: &str = "v1";

/// The schema of the events of this type, as JSON text.
///
/// It describes the events that the service makes itself: published ones carry any object as `data`.
pub fn schema(event_type: EventType) -> &'static str {
    match event_type {
        EventType::ExtractionCompleted => {
            include_str!("../../../schemas/v1/extraction.completed.json")
        }
        EventType::ExtractionFailed => include_str!("../../../schemas/v1/extraction.failed.json"),
        EventType::BatchCompleted => include_str!("../../../schemas/v1/batch.completed.json"),
        EventType::BatchFailed => include_str!("../../../schemas/v1/batch.failed.json"),
        EventType::QuotaWarning => include_str!("../../../schemas/v1/quota.warning.json"),
        EventType::QuotaExceeded => include_str!("../../../schemas/v1/quota.exceeded.json"),
    }
}
