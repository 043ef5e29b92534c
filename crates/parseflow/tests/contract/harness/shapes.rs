//! What identifiers, times and problems look like.

use serde_json::Value;

use super::Answer;

/// The names of an object's members, in their order.
#[track_caller]
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// `2026-04-14T10:05:00Z`: RFC 3339 in UTC with whole seconds.
pub(crate) fn is_utc_whole_seconds(value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    let pattern = b"0000-00-00T00:00:00Z";
    text.len() == pattern.len()
        && text.bytes().zip(pattern).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            other => byte == *other,
        })
}

/// `prefix` and then `length` of `[a-z0-9]`.
pub(crate) fn is_lower_alnum(value: &Value, prefix: &str, length: usize) -> bool {
    rest(value, prefix, length, |c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

/// `prefix` and then `length` of `[A-Za-z0-9]`.
pub(crate) fn is_mixed_alnum(value: &Value, prefix: &str, length: usize) -> bool {
    rest(value, prefix, length, |c| c.is_ascii_alphanumeric())
}

fn rest(value: &Value, prefix: &str, length: usize, legal: impl Fn(char) -> bool) -> bool {
    let rest = value.as_str().and_then(|text| text.strip_prefix(prefix));
    rest.is_some_and(|rest| rest.len() == length && rest.chars().all(legal))
}

/// `prefix` and then a UUID in lower case.
pub(crate) fn is_uuid(value: &Value, prefix: &str) -> bool {
    let Some(rest) = value.as_str().and_then(|text| text.strip_prefix(prefix)) else {
        return false;
    };
    rest.len() == 36
        && rest.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_digit() || ('a'..='f').contains(&c),
        })
}

/// Fails with the value when it has not the shape.
#[track_caller]
pub(crate) fn assert_shape(holds: bool, what: &str, value: &Value) {
    assert!(holds, "not {what}: {value}");
}

/// An error of the API: RFC 9457 with the contract's own members.
#[track_caller]
pub(crate) fn assert_problem(answer: &Answer, status: u16, code: &str) -> Value {
    assert_eq!(answer.status, status, "{}", answer.text());
    let content_type = answer.header("content-type").unwrap_or_default();
    assert!(content_type.starts_with("application/problem+json"), "{content_type}");
    let problem = answer.json();
    assert_eq!(problem["status"], status, "{problem}");
    assert_eq!(problem["code"], code, "{problem}");
    for name in ["type", "title", "detail", "error", "requestId"] {
        assert!(problem[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {problem}");
    }
    assert_eq!(problem["requestId"].as_str(), answer.header("x-request-id"), "{problem}");
    problem
}

/// Whole seconds from one RFC 3339 time in UTC to another.
#[track_caller]
pub(crate) fn seconds_between(from: &Value, to: &Value) -> u64 {
    let seconds = unix_seconds(to) - unix_seconds(from);
    u64::try_from(seconds).unwrap_or_else(|_| panic!("{from} is after {to}"))
}

/// Seconds since the epoch of `2026-04-14T10:05:00Z` or `2026-04-14T10:05:00.123Z`.
#[track_caller]
pub(crate) fn unix_seconds(time: &Value) -> i64 {
    let text = time.as_str().unwrap_or_else(|| panic!("not a time: {time}"));
    let number = |from: usize, to: usize| -> i64 {
        text.get(from..to).and_then(|part| part.parse().ok()).expect("a time in RFC 3339")
    };
    // Days by the civil calendar, years counted from March so that leap days come last.
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    let days_to_1970 = 719_468;
    (days - days_to_1970) * 86_400 + number(11, 13) * 3_600 + number(14, 16) * 60 + number(17, 19)
}
