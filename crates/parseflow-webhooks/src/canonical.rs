//! The one writer of event bodies.
//!
//! The receiver in the product documentation verifies a signature over `JSON.stringify(req.body)`,
//! that is, over JSON that JavaScript has read and written again. Its check succeeds only if
//! `JSON.stringify(JSON.parse(body))` gives back the very bytes that were signed. Bytes written here
//! have that property in every Node.js:
//!
//! - compact, without byte order mark or trailing newline;
//! - numbers as ECMAScript prints them (`1.0` is `1`, `1e16` is `10000000000000000`, `-0` is `0`);
//! - only `"`, `\` and control characters escaped (`\b \t \n \f \r`, else lowercase `\u00xx`);
//! - keys are identifiers: integer-like keys would be reordered, escaped ones are misread by Node.js
//!   24 and later, and `__proto__`, `constructor` and `prototype` are refused by some frameworks.
//!
//! What cannot be written that way is refused, never bent.

use ryu_js::Buffer;
use serde_json::{Map, Number, Value};

pub(crate) mod stream;

/// Levels of objects and arrays in a body. The body's own object is level 1, its `data` level 2.
pub const NESTING_MAX: usize = 32;

/// The largest whole number that JavaScript keeps exactly: 2^53 - 1.
pub const INTEGER_MAX: u64 = 9_007_199_254_740_991;

/// Characters of one key that an error's pointer repeats.
const POINTER_KEY_CHARS_MAX: usize = 80;

/// Why a value cannot be sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CanonicalErrorKind {
    /// A whole number beyond 2^53 - 1 in size, or a number beyond the range of a double.
    NumberTooLarge,
    /// A key that does not match `[A-Za-z_][A-Za-z0-9_]*`.
    KeyNotAllowed,
    /// `__proto__`, `constructor` or `prototype` as a key.
    KeyReserved,
    /// More than [`NESTING_MAX`] levels.
    TooDeep,
    /// The body would be longer than this many bytes.
    TooLarge {
        /// The limit in bytes, for the whole body.
        body_bytes_max: usize,
    },
}

/// A value that cannot be sent, and where it stands.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{} {}", place(.pointer), reason(*.kind))]
pub struct CanonicalError {
    /// JSON pointer (RFC 6901) to the value; empty for the whole. Keys longer than 80 characters are
    /// cut there.
    pub pointer: String,
    /// What is wrong with it.
    pub kind: CanonicalErrorKind,
}

impl CanonicalError {
    /// The stable machine-readable code.
    pub fn code(&self) -> &'static str {
        match self.kind {
            CanonicalErrorKind::NumberTooLarge => "number_too_large",
            CanonicalErrorKind::KeyNotAllowed => "key_not_allowed",
            CanonicalErrorKind::KeyReserved => "key_reserved",
            CanonicalErrorKind::TooDeep => "nesting_too_deep",
            CanonicalErrorKind::TooLarge { .. } => "data_too_large",
        }
    }

    pub(crate) fn new(kind: CanonicalErrorKind) -> Self {
        Self { pointer: String::new(), kind }
    }

    /// The same error seen from the container that holds the value under `key`.
    fn under_key(mut self, key: &str) -> Self {
        let short: String = key.chars().take(POINTER_KEY_CHARS_MAX).collect();
        self.pointer = format!("/{}{}", short.replace('~', "~0").replace('/', "~1"), self.pointer);
        self
    }

    fn at_index(mut self, index: usize) -> Self {
        self.pointer = format!("/{index}{}", self.pointer);
        self
    }
}

fn place(pointer: &str) -> String {
    if pointer.is_empty() { "the value".to_owned() } else { format!("the value at {pointer:?}") }
}

fn reason(kind: CanonicalErrorKind) -> String {
    match kind {
        CanonicalErrorKind::NumberTooLarge => format!(
            "is a number that JavaScript cannot keep exactly (whole numbers go up to \
             {INTEGER_MAX}); send it as a string"
        ),
        CanonicalErrorKind::KeyNotAllowed => "has a key that does not match \
            [A-Za-z_][A-Za-z0-9_]*; send free labels as values, for example \
            [{\"name\":…,\"value\":…}]"
            .to_owned(),
        CanonicalErrorKind::KeyReserved => {
            "has one of the keys __proto__, constructor, prototype, which receivers refuse"
                .to_owned()
        }
        CanonicalErrorKind::TooDeep => {
            format!("is nested deeper than the {NESTING_MAX} levels a body may have")
        }
        CanonicalErrorKind::TooLarge { body_bytes_max } => {
            format!("makes the body longer than {body_bytes_max} bytes")
        }
    }
}

/// The bytes of `value`, a fixed point of `JSON.stringify(JSON.parse(x))`.
///
/// `value` is the whole body: if it is an object or array, that is nesting level 1. Whole numbers
/// written with an exponent or a fraction (`1e16`, `2.0`) arrive as doubles and are printed as
/// JavaScript would; whole numbers written as such are refused beyond 2^53 - 1, because the reader
/// would silently get another number.
///
/// # Errors
/// A [`CanonicalError`] for the first value, in document order, that has no canonical form.
pub fn to_canonical(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::with_capacity(512);
    write_value(&mut out, value, 1)?;
    Ok(out)
}

/// Appends `value`; an object or array counts as nesting level `level`.
fn write_value(out: &mut Vec<u8>, value: &Value, level: usize) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(out, number)?,
        Value::String(text) => write_string(out, text),
        Value::Array(items) => write_array(out, items, level)?,
        Value::Object(members) => write_object(out, members, level)?,
    }
    Ok(())
}

fn write_array(out: &mut Vec<u8>, items: &[Value], level: usize) -> Result<(), CanonicalError> {
    check_level(level)?;
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_value(out, item, level + 1).map_err(|error| error.at_index(index))?;
    }
    out.push(b']');
    Ok(())
}

/// Appends an object that counts as nesting level `level`, members in the order of the map.
pub(crate) fn write_object(
    out: &mut Vec<u8>,
    members: &Map<String, Value>,
    level: usize,
) -> Result<(), CanonicalError> {
    check_level(level)?;
    out.push(b'{');
    for (index, (key, value)) in members.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        check_key(key).map_err(|error| error.under_key(key))?;
        out.push(b'"');
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(b"\":");
        write_value(out, value, level + 1).map_err(|error| error.under_key(key))?;
    }
    out.push(b'}');
    Ok(())
}

fn check_level(level: usize) -> Result<(), CanonicalError> {
    if level > NESTING_MAX {
        return Err(CanonicalError::new(CanonicalErrorKind::TooDeep));
    }
    Ok(())
}

fn check_key(key: &str) -> Result<(), CanonicalError> {
    let mut bytes = key.bytes();
    let starts_well = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    if !starts_well || !bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Err(CanonicalError::new(CanonicalErrorKind::KeyNotAllowed));
    }
    if matches!(key, "__proto__" | "constructor" | "prototype") {
        return Err(CanonicalError::new(CanonicalErrorKind::KeyReserved));
    }
    Ok(())
}

fn write_number(out: &mut Vec<u8>, number: &Number) -> Result<(), CanonicalError> {
    let too_large = || CanonicalError::new(CanonicalErrorKind::NumberTooLarge);
    let whole = number
        .as_u64()
        .map(|n| (n, false))
        .or_else(|| number.as_i64().map(|n| (n.unsigned_abs(), n < 0)));
    if let Some((size, negative)) = whole {
        if size > INTEGER_MAX {
            return Err(too_large());
        }
        if negative {
            out.push(b'-');
        }
        out.extend_from_slice(size.to_string().as_bytes());
        return Ok(());
    }
    let double = number.as_f64().filter(|double| double.is_finite()).ok_or_else(too_large)?;
    out.extend_from_slice(Buffer::new().format_finite(double).as_bytes());
    Ok(())
}

/// Appends `text` quoted and escaped as `JSON.stringify` does it.
pub(crate) fn write_string(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut plain_from = 0;
    for (index, &byte) in bytes.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[plain_from..index]);
        plain_from = index + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            control => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(control >> 4)]);
                out.push(HEX[usize::from(control & 15)]);
            }
        }
    }
    out.extend_from_slice(&bytes[plain_from..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests;
