//! The id of a request: the caller's own, if it is sane, else one from chance.

use http::{HeaderMap, HeaderValue};
use parseflow_model::{Dice, random_text};

pub(crate) const X_REQUEST_ID: http::HeaderName = http::HeaderName::from_static("x-request-id");

const CHARS_MAX: usize = 64;
const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// 1 to 64 of `[A-Za-z0-9_-]`: safe in a header, a log line and JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RequestId(String);

impl RequestId {
    /// The caller's `X-Request-Id` where it has the right form, else `req_` and 16 characters.
    pub(crate) fn of(headers: &HeaderMap, dice: &dyn Dice) -> Self {
        let given = headers.get(X_REQUEST_ID).and_then(|value| value.to_str().ok());
        match given {
            Some(text) if is_sane(text) => Self(text.to_owned()),
            _ => Self(format!("req_{}", random_text(dice, ALPHABET, 16))),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("only letters, digits, _ and -")
    }
}

fn is_sane(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=CHARS_MAX).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_plain_ids_are_taken_from_callers() {
        let check = |text: &str, expected| assert_eq!(is_sane(text), expected, "{text:?}");
        check("a", true);
        check("Abc-123_x", true);
        check(&"a".repeat(64), true);
        check(&"a".repeat(65), false);
        check("", false);
        check("a b", false);
        check("a\"b", false);
        check("ä", false);
    }
}
