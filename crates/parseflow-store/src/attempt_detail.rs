//! Headers and times of an attempt as they are stored, the same for every database.

use parseflow_model::AttemptTiming;

/// Stored where the time to connect was measured and no connection came about.
const NO_CONNECTION: i64 = -1;

/// Headers as JSON; `None` where there are none.
pub(crate) fn headers_text(headers: &[(String, String)]) -> Option<String> {
    (!headers.is_empty()).then(|| serde_json::json!(headers).to_string())
}

/// Headers as stored by [`headers_text`].
pub(crate) fn headers_from(text: Option<&str>) -> Result<Vec<(String, String)>, serde_json::Error> {
    text.map_or(Ok(Vec::new()), serde_json::from_str)
}

/// `connect_ms` and `first_byte_ms` as stored.
pub(crate) fn timing_columns(timing: AttemptTiming) -> (Option<i64>, Option<i64>) {
    let unconnected = timing.is_measured.then_some(NO_CONNECTION);
    (timing.connect_ms.map(i64::from).or(unconnected), timing.first_byte_ms.map(i64::from))
}

/// Times as stored by [`timing_columns`].
pub(crate) fn timing_from(connect_ms: Option<i64>, first_byte_ms: Option<i64>) -> AttemptTiming {
    let read = |ms: Option<i64>| ms.and_then(|ms| u32::try_from(ms).ok());
    AttemptTiming {
        connect_ms: read(connect_ms),
        first_byte_ms: read(first_byte_ms),
        is_measured: connect_ms.is_some(),
    }
}
