//! Secrets and the two signatures that every request carries.
//!
//! One secret serves both: the header of the product documentation keys its HMAC with the whole
//! secret as text, Standard Webhooks 1.0 with the base64-decoded part after `whsec_`. A secret is
//! `whsec_` and 32 of `[A-Za-z0-9]`: 32 characters of base64 are exactly 24 bytes without padding,
//! the standard's minimum, and 32 random alphanumerics are 190 bits.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parseflow_model::{Dice, random_text};
use ring::hmac;

const SECRET_PREFIX: &str = "whsec_";
const SECRET_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SECRET_RANDOM_CHARS: usize = 32;

/// A new secret: `whsec_` + 32 of `[A-Za-z0-9]`.
pub fn generate_secret(dice: &dyn Dice) -> String {
    format!("{SECRET_PREFIX}{}", random_text(dice, SECRET_ALPHABET, SECRET_RANDOM_CHARS))
}

/// The last four characters of a secret, to recognise it by.
pub fn secret_hint(secret: &str) -> String {
    let from = secret.char_indices().rev().nth(3).map_or(0, |(index, _)| index);
    secret[from..].to_owned()
}

/// A secret that is ready to sign with: its keys are worked out once.
pub struct Signer {
    body: hmac::Key,
    standard: hmac::Key,
}

impl Signer {
    /// For a secret as it is given to its owner, `whsec_` included. Secrets from [`generate_secret`] always
    /// decode for the standard; text that is not base64 is used as key as it stands.
    pub fn new(secret: &str) -> Self {
        let encoded = secret.strip_prefix(SECRET_PREFIX).unwrap_or(secret);
        let standard = STANDARD.decode(encoded).unwrap_or_else(|_| encoded.as_bytes().to_vec());
        Self { body: key(secret.as_bytes()), standard: key(&standard) }
    }

    /// Lowercase hex HMAC-SHA256 of the exact bytes sent (64 characters): `X-ParseFlow-Signature`.
    ///
    /// The key is the whole secret as text, `whsec_` included. Never sign re-serialised JSON: the
    /// receiver hashes what it received. Source: "Verification", product documentation.
    pub fn body(&self, body: &[u8]) -> String {
        hex(hmac::sign(&self.body, body).as_ref())
    }

    /// `v1,<base64>`: the Standard Webhooks 1.0 signature over `id.timestamp.body`, for
    /// `webhook-signature`.
    ///
    /// `id` is the value of `webhook-id` and must not contain a dot; `timestamp` that of
    /// `webhook-timestamp`, in seconds, fresh on each attempt.
    pub fn standard(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        let mut context = hmac::Context::with_key(&self.standard);
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            context.update(part);
        }
        let mut text = String::with_capacity(48);
        text.push_str("v1,");
        STANDARD.encode_string(context.sign(), &mut text);
        text
    }
}

/// [`Signer::body`] of a secret that is used once.
pub fn body_signature(secret: &str, body: &[u8]) -> String {
    hex_signature(secret.as_bytes(), body)
}

/// The same with any bytes as key.
pub(crate) fn hex_signature(bytes: &[u8], body: &[u8]) -> String {
    hex(hmac::sign(&key(bytes), body).as_ref())
}

fn key(bytes: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, bytes)
}

fn hex(tag: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let digits = tag.iter().flat_map(|&byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(HEX[usize::from(digit)])).collect()
}

/// Whether `signature_hex` is the [`body_signature`] of `body`: exactly 64 lowercase hex digits,
/// compared in constant time.
pub fn verify_body(secret: &str, body: &[u8], signature_hex: &str) -> bool {
    let Some(tag) = from_lower_hex(signature_hex) else { return false };
    hmac::verify(&key(secret.as_bytes()), body, &tag).is_ok()
}

/// [`Signer::standard`] of a secret that is used once.
pub fn standard_signature(secret: &str, id: &str, timestamp_secs: i64, body: &[u8]) -> String {
    Signer::new(secret).standard(id, &timestamp_secs.to_string(), body)
}

fn from_lower_hex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let mut bytes = [0u8; 32];
    if pairs.len() != bytes.len() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_dice::SeededDice;

    const SECRET: &str = "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456";
    const BODY: &[u8] = br#"{"event":"extraction.completed","timestamp":"2026-04-14T10:05:00Z","data":{"id":"ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678","status":"completed","confidence":0.94}}"#;
    const SIGNATURE: &str = "bee88a8c55197b408cbee897ab3f16fbfa7b36d8ebba06c0aa45a684c5f83567";

    #[test]
    fn the_body_signature_has_the_value_that_receivers_compute() {
        assert_eq!(body_signature(SECRET, BODY), SIGNATURE);
    }

    #[test]
    fn the_standard_signature_has_the_value_that_the_libraries_compute() {
        let id = "dlv_2KWPBgLlAfxdpx2AI54pPJ85f4W";
        let signature = standard_signature(SECRET, id, 1_776_161_100, BODY);
        assert_eq!(signature, "v1,Tvhe/XoWfuzqNs/sKZ4jm94K59G6HS92TYO5Oqj1cWk=");
    }

    #[test]
    fn a_signature_verifies_only_with_its_body_and_secret_and_in_its_one_spelling() {
        assert!(verify_body(SECRET, BODY, SIGNATURE));
        assert!(!verify_body(SECRET, &BODY[1..], SIGNATURE));
        assert!(!verify_body("whsec_BbCdEfGhIjKlMnOpQrStUvWxYz123456", BODY, SIGNATURE));
        let upper = SIGNATURE.to_uppercase();
        let prefixed = format!("sha256={SIGNATURE}");
        let long = format!("{SIGNATURE}00");
        for wrong in ["", "zz", &SIGNATURE[2..], &SIGNATURE[1..], &long, &upper, &prefixed] {
            assert!(!verify_body(SECRET, BODY, wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_new_secret_has_the_documented_shape_and_24_bytes_for_the_standard() {
        let dice = SeededDice::new(1);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let secret = generate_secret(&dice);
            let random = secret.strip_prefix("whsec_").unwrap();
            assert_eq!(random.len(), 32);
            assert!(random.bytes().all(|b| b.is_ascii_alphanumeric()), "{secret}");
            assert_eq!(STANDARD.decode(random).unwrap().len(), 24);
            assert!(secret.ends_with(&secret_hint(&secret)));
            assert_eq!(secret_hint(&secret).len(), 4);
            seen.insert(secret);
        }
        assert_eq!(seen.len(), 200);
    }

    #[test]
    fn a_hint_never_panics() {
        assert_eq!(secret_hint(""), "");
        assert_eq!(secret_hint("abc"), "abc");
        assert_eq!(secret_hint("äöüßé"), "öüßé");
    }
}
