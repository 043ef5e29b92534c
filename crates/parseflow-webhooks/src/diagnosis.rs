//! Why a signature does not verify: the mistakes that receivers really make, each tried in turn.
//!
//! A receiver that refuses a genuine webhook has nearly always signed other bytes than it received,
//! or used another key than it was given. Both can be found by computing what it computed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parseflow_model::Timestamp;
use serde_json::Value;

use crate::canonical::to_canonical;
use crate::signature::{body_signature, hex_signature, standard_signature, verify_body};

/// How far `webhook-timestamp` may be from the receiver's clock: what Standard Webhooks libraries
/// accept.
const TOLERANCE_SECS: u64 = 300;

/// The Standard Webhooks headers of a request.
#[derive(Debug, Clone, Copy)]
pub struct StandardHeaders<'a> {
    /// `webhook-id`
    pub id: &'a str,
    /// `webhook-timestamp`, seconds since 1970.
    pub timestamp_secs: i64,
    /// `webhook-signature`: one or more `v1,…`, separated by spaces.
    pub signature: &'a str,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The signature is the one that ParseFlow computes for these bytes with this secret.
    Genuine,
    /// It is not, and this is why.
    Explained(Mistake),
    /// It is not, and none of the known mistakes explains it: the secret belongs to another
    /// endpoint, or the body was changed.
    Unexplained,
}

/// A mistake with bytes, key or header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// The header's value carries something before or after the 64 digits.
    #[error(
        "the signature is right but not bare: compare exactly 64 lowercase hex digits, without prefix, list or spaces"
    )]
    Decorated,
    /// The digits are upper case.
    #[error("the signature is right but in upper case: ParseFlow sends lower case")]
    UpperCase,
    /// A `webhook-signature` was given where `X-ParseFlow-Signature` belongs.
    #[error(
        "this is a Standard Webhooks signature (v1,…): it is verified with webhook-id and webhook-timestamp"
    )]
    StandardGiven,
    /// The secret has white space around it.
    #[error(
        "the secret has white space around it, often a newline from a file or an environment variable: trim it"
    )]
    SecretPadded,
    /// The key was the part after `whsec_`.
    #[error("the key was the part after whsec_: use the whole secret as text, whsec_ included")]
    SecretWithoutPrefix,
    /// The key was the decoded part after `whsec_`.
    #[error(
        "the key was the base64-decoded secret, as Standard Webhooks wants it: X-ParseFlow-Signature is keyed with the whole text"
    )]
    SecretDecoded,
    /// The body has a newline at its end that was not sent, or lacks one.
    #[error(
        "the body has a newline more or less than what was signed: verify the bytes exactly as received"
    )]
    TrailingNewline,
    /// Line ends were changed.
    #[error("line ends were changed between CRLF and LF: verify the bytes exactly as received")]
    LineEnds,
    /// A byte order mark was added.
    #[error("the body begins with a byte order mark that was not sent")]
    ByteOrderMark,
    /// The body was parsed and written again.
    #[error(
        "the body was parsed and written again (key order, spaces, number forms or escapes differ): verify the raw bytes, before any JSON parser touches them"
    )]
    Reserialised,
}

/// Examines `X-ParseFlow-Signature` as `signature` over `body` with `secret`.
pub fn examine(secret: &str, body: &[u8], signature: &str) -> Verdict {
    if verify_body(secret, body, signature) {
        return Verdict::Genuine;
    }
    match header_mistake(secret, body, signature)
        .or_else(|| key_mistake(secret, body, signature))
        .or_else(|| body_mistake(secret, body, signature))
    {
        Some(mistake) => Verdict::Explained(mistake),
        None => Verdict::Unexplained,
    }
}

fn header_mistake(secret: &str, body: &[u8], signature: &str) -> Option<Mistake> {
    if signature.starts_with("v1,") || signature.contains(" v1,") {
        return Some(Mistake::StandardGiven);
    }
    let expected = body_signature(secret, body);
    if signature.to_ascii_lowercase() == expected {
        return Some(Mistake::UpperCase);
    }
    signature.to_ascii_lowercase().contains(&expected).then_some(Mistake::Decorated)
}

fn key_mistake(secret: &str, body: &[u8], signature: &str) -> Option<Mistake> {
    let trimmed = secret.trim();
    if trimmed != secret && verify_body(trimmed, body, signature) {
        return Some(Mistake::SecretPadded);
    }
    let padded = ["\n", "\r\n", " "].map(|end| format!("{trimmed}{end}"));
    if padded.iter().any(|secret| verify_body(secret, body, signature)) {
        return Some(Mistake::SecretPadded);
    }
    let bare = trimmed.strip_prefix("whsec_").unwrap_or(trimmed);
    if bare != trimmed && verify_body(bare, body, signature) {
        return Some(Mistake::SecretWithoutPrefix);
    }
    if bare == trimmed && verify_body(&format!("whsec_{bare}"), body, signature) {
        return Some(Mistake::SecretWithoutPrefix);
    }
    let decoded = STANDARD.decode(bare).ok()?;
    (hex_signature(&decoded, body) == signature).then_some(Mistake::SecretDecoded)
}

fn body_mistake(secret: &str, body: &[u8], signature: &str) -> Option<Mistake> {
    let fits = |bytes: &[u8]| verify_body(secret, bytes, signature);
    if let Some(rest) = body.strip_prefix("\u{feff}".as_bytes())
        && fits(rest)
    {
        return Some(Mistake::ByteOrderMark);
    }
    let cut = body.trim_ascii_end();
    if fits(cut) || [&b"\n"[..], b"\r\n"].iter().any(|end| fits(&[cut, *end].concat())) {
        return Some(Mistake::TrailingNewline);
    }
    let text = std::str::from_utf8(body).ok()?;
    let unix = text.replace("\r\n", "\n");
    if fits(unix.as_bytes()) || fits(unix.replace('\n', "\r\n").as_bytes()) {
        return Some(Mistake::LineEnds);
    }
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    rewritten(&value).iter().any(|bytes| fits(bytes)).then_some(Mistake::Reserialised)
}

/// The body as common JSON writers write it.
fn rewritten(value: &Value) -> Vec<Vec<u8>> {
    let mut forms = vec![value.to_string().into_bytes()];
    forms.extend(to_canonical(value).ok());
    forms.extend(serde_json::to_vec_pretty(value).ok());
    forms.push(spaced(value, false).into_bytes());
    forms.push(spaced(value, true).into_bytes());
    forms
}

/// As Python's `json.dumps` writes by default: a space after `,` and `:`, and everything beyond
/// ASCII escaped if `ascii`.
fn spaced(value: &Value, ascii: bool) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| spaced(item, ascii)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, item)| format!("{}: {}", quoted(name, ascii), spaced(item, ascii)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::String(text) => quoted(text, ascii),
        other => other.to_string(),
    }
}

fn quoted(text: &str, ascii: bool) -> String {
    let plain = Value::from(text).to_string();
    if !ascii {
        return plain;
    }
    let mut escaped = String::with_capacity(plain.len());
    for character in plain.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            let mut units = [0u16; 2];
            for unit in character.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}

/// What was found about Standard Webhooks headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StandardVerdict {
    /// One of the signatures is right and the timestamp is fresh.
    Genuine,
    /// One of the signatures is right, but `webhook-timestamp` is this many seconds from the
    /// receiver's clock; positive: in the past.
    Skewed(i64),
    /// The signature fits the body as parsed and written again.
    Reserialised,
    /// None of the signatures is right.
    Wrong,
}

/// Examines Standard Webhooks headers over `body` with `secret`, by a clock that says `now`.
pub fn examine_standard(
    secret: &str,
    body: &[u8],
    headers: &StandardHeaders<'_>,
    now: Timestamp,
) -> StandardVerdict {
    let signs = |bytes: &[u8]| {
        let expected = standard_signature(secret.trim(), headers.id, headers.timestamp_secs, bytes);
        headers.signature.split_whitespace().any(|one| one == expected)
    };
    if signs(body) {
        let age = now.millis().div_euclid(1_000) - headers.timestamp_secs;
        return if age.unsigned_abs() <= TOLERANCE_SECS {
            StandardVerdict::Genuine
        } else {
            StandardVerdict::Skewed(age)
        };
    }
    let value = serde_json::from_slice::<Value>(body).ok();
    let again = value.is_some_and(|value| rewritten(&value).iter().any(|bytes| signs(bytes)));
    if again { StandardVerdict::Reserialised } else { StandardVerdict::Wrong }
}

#[cfg(test)]
mod tests;
