//! `Prefer` (RFC 7240): whether the caller waits for the result. What cannot be understood is
//! ignored, as the RFC asks.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

const PREFER: HeaderName = HeaderName::from_static("prefer");
pub(crate) const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// What the caller prefers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Preference {
    respond_async: bool,
    wait: Option<Duration>,
}

impl Preference {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut preference = Self::default();
        let values = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
        for entry in values.flat_map(|value| value.split(',')) {
            let entry = entry.split(';').next().unwrap_or_default();
            let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
            let value = value.trim().trim_matches('"');
            if name.trim().eq_ignore_ascii_case("respond-async") {
                preference.respond_async = true;
            } else if name.trim().eq_ignore_ascii_case("wait") && preference.wait.is_none() {
                preference.wait = value.parse().ok().map(Duration::from_secs);
            }
        }
        preference
    }

    /// How long to wait for the result, at most `limit`. `respond-async` alone does not wait at all;
    /// with `wait` it waits that long first.
    pub(crate) fn wait_within(self, limit: Duration) -> Duration {
        match (self.respond_async, self.wait) {
            (true, None) => Duration::ZERO,
            (_, Some(wait)) => wait.min(limit),
            (false, None) => limit,
        }
    }

    /// The value of `Preference-Applied` for an answer that came before the result.
    pub(crate) fn applied(self) -> Option<HeaderValue> {
        self.respond_async.then(|| HeaderValue::from_static("respond-async"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_decides_how_long_to_wait_up_to_the_limit() {
        let check = |values: &[&str], wait_secs| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(PREFER, value.parse().unwrap());
            }
            let wait = Preference::of(&headers).wait_within(Duration::from_secs(30));
            assert_eq!(wait.as_secs(), wait_secs, "{values:?}");
        };
        check(&[], 30);
        check(&["respond-async"], 0);
        check(&["Respond-Async"], 0);
        check(&["respond-async, wait=5"], 5);
        check(&["wait=5"], 5);
        check(&["wait=500"], 30);
        check(&["return=minimal, respond-async; x=y"], 0);
        check(&["return=minimal", "respond-async"], 0);
        check(&["wait=soon"], 30);
    }
}
