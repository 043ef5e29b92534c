//! What must hold for any bytes from outside, as functions that panic when it does not.
//!
//! The programs in `fuzz/` hand them what libFuzzer invents; a test of this crate runs them over the
//! corpus and over generated input.

mod answer;
mod api;
mod document;

use parseflow_model::{EventType, Timestamp};
use parseflow_webhooks::canonical::to_canonical;
use parseflow_webhooks::payload::{accepted_data, published};
use parseflow_webhooks::retry::parse_retry_after;
use parseflow_webhooks::url_policy::TargetPolicy;
use serde_json::Value;

pub use answer::http_answer;
pub use api::api_json;
pub use document::{document, model_answer, own_schema};

/// A target: what it is called and what must hold.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 8] = [
    ("url_policy", url_policy),
    ("canonical", canonical),
    ("retry_after", retry_after),
    ("http_answer", http_answer),
    ("api_json", api_json),
    ("document", document),
    ("own_schema", own_schema),
    ("model_answer", model_answer),
];

/// What passes the URL policy passes it again, goes over HTTPS without credentials, and, where its
/// host is an address, to one that the policy allows.
pub fn url_policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let policy = TargetPolicy::default();
    let Ok(url) = policy.check_url(text) else { return };
    assert_eq!(url.scheme(), "https");
    assert!(url.username().is_empty() && url.password().is_none(), "{url}");
    let again = policy.check_url(url.as_str()).expect("what passed passes again");
    assert_eq!(again, url);
    let host = url.host_str().expect("an https URL has a host");
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse() {
        policy.check_address(address, 443).expect("an address that passed is allowed");
    }
}

/// What the canonical writer writes reads back to what it writes again, byte for byte. A request to
/// publish that is read in one go is what the tree of its values says.
pub fn canonical(bytes: &[u8]) {
    let request = [b"{\"event\":\"quota.warning\",\"data\":", bytes, b"}"].concat();
    if let Some((event_type, data)) = published(&request) {
        let tree: Value = serde_json::from_slice(&request).expect("what was read is JSON");
        let members = tree["data"].as_object().expect("data is an object");
        assert_eq!(event_type, EventType::QuotaWarning);
        assert_eq!(Ok(data), accepted_data(members));
    }
    let Ok(value) = serde_json::from_slice(bytes) else { return };
    let Ok(written) = to_canonical(&value) else { return };
    let read = serde_json::from_slice(&written).expect("canonical bytes are JSON");
    let read = as_javascript_reads(read);
    let again = to_canonical(&read).expect("what was written can be written");
    assert_eq!(written, again);
    assert!(!written.iter().any(|byte| *byte < b' '), "a control character stands as it is");
}

/// Every number as a double: `1e16` is written as an integer that JavaScript reads as it was.
fn as_javascript_reads(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        Value::Array(items) => items.into_iter().map(as_javascript_reads).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, as_javascript_reads(value))).collect()
        }
        other => other,
    }
}

/// A number of seconds is understood as such; nothing makes the reader fail.
pub fn retry_after(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let now = Timestamp::from_secs(1_776_160_800);
    let understood = parse_retry_after(text, now);
    let is_number = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    if is_number {
        let secs: u64 = text.parse().expect("nine digits fit");
        assert_eq!(understood.map(|wait| wait.as_secs()), Some(secs), "{text}");
    }
}
