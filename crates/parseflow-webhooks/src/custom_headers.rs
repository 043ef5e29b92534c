//! Headers of an endpoint's owner, sent with every attempt: a token for a gateway, a tenant's name.
//!
//! A value may be a credential, so the whole set is encrypted at rest and shown with its values
//! masked. It can neither replace a header of ours nor change how the request is read.

use serde_json::{Map, Value};

/// Headers that one endpoint may have.
pub const HEADERS_MAX: usize = 16;
/// Characters of a name.
pub const NAME_CHARS_MAX: usize = 64;
/// Characters of a value.
pub const VALUE_CHARS_MAX: usize = 1_024;
/// Characters of all names and values together.
pub const CHARS_MAX: usize = 4_096;
/// What is shown in place of a value.
pub const MASK: &str = "••••••";

/// Headers that say how the request is to be read or passed on, or that we set.
const RESERVED: [&str; 16] = [
    "accept-encoding",
    "connection",
    "date",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "max-forwards",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "range",
];

const RESERVED_PREFIXES: [&str; 6] =
    ["content-", "proxy-", "sec-", "webhook-", "x-forwarded-", "x-parseflow-"];

/// A checked set of headers, in the order given. `Debug` shows no value.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CustomHeaders(Vec<(String, String)>);

impl std::fmt::Debug for CustomHeaders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// Why a set of headers cannot be sent. Never quotes a value.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HeaderError {
    /// More than [`HEADERS_MAX`].
    #[error("must have at most {HEADERS_MAX} headers")]
    TooMany,
    /// Together longer than [`CHARS_MAX`].
    #[error("must have at most {CHARS_MAX} characters in all")]
    TooLong,
    /// Not a header name.
    #[error("is not a header name of 1 to {NAME_CHARS_MAX} letters, digits and !#$%&'*+-.^_`|~")]
    Name,
    /// Set by the service or by HTTP itself.
    #[error("is set by the service or by HTTP itself and cannot be replaced")]
    Reserved,
    /// The same name twice, in whatever case.
    #[error("is named twice")]
    Twice,
    /// Not a value that can be sent.
    #[error("must be a string of 1 to {VALUE_CHARS_MAX} visible ASCII characters and inner blanks")]
    Value,
}

impl CustomHeaders {
    /// Checks the members of a JSON object: names and values.
    ///
    /// # Errors
    /// The name of the member that is wrong (`None` for the whole set), and why.
    pub fn parse(members: &Map<String, Value>) -> Result<Self, (Option<String>, HeaderError)> {
        if members.len() > HEADERS_MAX {
            return Err((None, HeaderError::TooMany));
        }
        let mut headers: Vec<(String, String)> = Vec::with_capacity(members.len());
        for (name, value) in members {
            let wrong = |error| (Some(name.clone()), error);
            check_name(name).map_err(wrong)?;
            if headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
                return Err(wrong(HeaderError::Twice));
            }
            let value = value.as_str().filter(|value| is_value(value));
            headers.push((name.clone(), value.ok_or(wrong(HeaderError::Value))?.to_owned()));
        }
        let chars: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        if chars > CHARS_MAX {
            return Err((None, HeaderError::TooLong));
        }
        Ok(Self(headers))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names as given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Names and values, to send.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The set as it is kept, before it is encrypted.
    pub fn to_bytes(&self) -> Vec<u8> {
        let members: Map<String, Value> =
            self.0.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        Value::Object(members).to_string().into_bytes()
    }

    /// What [`to_bytes`](Self::to_bytes) made; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::parse(&serde_json::from_slice(bytes).ok()?).ok()
    }
}

fn check_name(name: &str) -> Result<(), HeaderError> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if !(1..=NAME_CHARS_MAX).contains(&name.len()) || !name.bytes().all(token) {
        return Err(HeaderError::Name);
    }
    let lower = name.to_ascii_lowercase();
    let reserved = RESERVED.contains(&lower.as_str())
        || RESERVED_PREFIXES.iter().any(|prefix| lower.starts_with(prefix));
    if reserved { Err(HeaderError::Reserved) } else { Ok(()) }
}

fn is_value(value: &str) -> bool {
    let visible = |b: u8| b == b' ' || b.is_ascii_graphic();
    (1..=VALUE_CHARS_MAX).contains(&value.len())
        && value.bytes().all(visible)
        && value.trim() == value
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(value: Value) -> Result<CustomHeaders, (Option<String>, HeaderError)> {
        CustomHeaders::parse(value.as_object().unwrap())
    }

    #[test]
    fn what_is_accepted_reads_back_and_never_shows_its_values() {
        let headers = parse(json!({"Authorization": "Bearer s3cret", "X-Env": "prod eu"})).unwrap();
        assert_eq!(CustomHeaders::from_bytes(&headers.to_bytes()), Some(headers.clone()));
        assert_eq!(headers.names().collect::<Vec<_>>(), ["Authorization", "X-Env"]);
        assert_eq!(headers.pairs()[1].1, "prod eu");
        assert_eq!(format!("{headers:?}"), r#"["Authorization", "X-Env"]"#);
        assert_eq!(CustomHeaders::from_bytes(b"[]"), None);
    }

    #[test]
    fn neither_our_headers_nor_those_of_http_can_be_replaced() {
        for name in [
            "Host",
            "content-type",
            "Content-Length",
            "Transfer-Encoding",
            "Connection",
            "TE",
            "Upgrade",
            "User-Agent",
            "X-ParseFlow-Signature",
            "x-parseflow-anything",
            "Webhook-Id",
            "Proxy-Authorization",
            "X-Forwarded-For",
        ] {
            let error = parse(json!({ name: "x" })).unwrap_err();
            assert_eq!(error, (Some(name.to_owned()), HeaderError::Reserved));
        }
    }

    #[test]
    fn names_values_and_sizes_are_bounded() {
        let check = |name: &str, value: Value, expected: HeaderError| {
            let error = parse(json!({ name: value })).unwrap_err();
            assert_eq!(error, (Some(name.to_owned()), expected));
        };
        for name in ["", "a b", "a:b", "é", "a\r\nb", &"n".repeat(65)] {
            check(name, json!("x"), HeaderError::Name);
        }
        for value in ["", " x", "x ", "a\nb", "a\tb", "é", MASK, &"v".repeat(1_025)] {
            check("X-A", json!(value), HeaderError::Value);
        }
        check("X-A", json!(7), HeaderError::Value);
        let many: Map<String, Value> = (0..17).map(|n| (format!("X-{n}"), json!("v"))).collect();
        assert_eq!(CustomHeaders::parse(&many), Err((None, HeaderError::TooMany)));
        let long: Map<String, Value> =
            (0..4).map(|n| (format!("X-{n}"), json!("v".repeat(1_024)))).collect();
        assert_eq!(CustomHeaders::parse(&long), Err((None, HeaderError::TooLong)));
        let twice = parse(json!({"X-A": "1", "x-a": "2"}));
        assert_eq!(twice, Err((Some("x-a".to_owned()), HeaderError::Twice)));
    }
}
