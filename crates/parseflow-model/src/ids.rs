//! Identifiers: what they look like, and how they are made from time and chance.
//!
//! Public identifiers carry their kind as a prefix (`wh_`, `ext_`, `evt_`, …). An event is numbered
//! in the order of its commit; a delivery is the pair of an event and an endpoint and needs no row
//! of its own, so its public id is computed from the two and never changes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Dice, Timestamp};

/// The text is not an identifier of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {expected}")]
pub struct IdError {
    /// The expected shape, for example `wh_` followed by 16 of `[a-z0-9]`.
    pub expected: &'static str,
}

const LOWER_ALNUM: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// `length` characters drawn evenly from `alphabet` (at most 256 symbols, ASCII).
pub fn random_text(dice: &dyn Dice, alphabet: &[u8], length: usize) -> String {
    let fair = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(length);
    let mut bytes = [0u8; 64];
    while text.len() < length {
        dice.fill(&mut bytes);
        for &byte in &bytes {
            if usize::from(byte) < fair && text.len() < length {
                text.push(char::from(alphabet[usize::from(byte) % alphabet.len()]));
            }
        }
    }
    text
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $expected:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as text, with its prefix.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let valid: fn(&str) -> bool = $valid;
                match text.strip_prefix($prefix) {
                    Some(rest) if valid(rest) => Ok(Self(text.to_owned())),
                    _ => Err(IdError { expected: $expected }),
                }
            }
        }
    };
}

fn is_lower_alnum_16(rest: &str) -> bool {
    rest.len() == 16 && rest.bytes().all(|b| LOWER_ALNUM.contains(&b))
}

fn is_uuid(rest: &str) -> bool {
    rest.len() == 36
        && uuid::Uuid::try_parse(rest).is_ok()
        && !rest.contains(|c: char| c.is_ascii_uppercase())
}

text_id!(
    /// An account: `acc_` + 16 of `[a-z0-9]`.
    AccountId, "acc_", "acc_ followed by 16 of [a-z0-9]", is_lower_alnum_16
);
text_id!(
    /// An API key's id (not the key itself): `key_` + 16 of `[a-z0-9]`.
    KeyId, "key_", "key_ followed by 16 of [a-z0-9]", is_lower_alnum_16
);
text_id!(
    /// An endpoint's public id: `wh_` + 16 of `[a-z0-9]`.
    WebhookId, "wh_", "wh_ followed by 16 of [a-z0-9]", is_lower_alnum_16
);
text_id!(
    /// A recovery's id: `rcv_` + 16 of `[a-z0-9]`.
    RecoveryId, "rcv_", "rcv_ followed by 16 of [a-z0-9]", is_lower_alnum_16
);
text_id!(
    /// A document and its extraction: `ext_` + UUID. Ids sort by the time they were made.
    DocumentId, "ext_", "ext_ followed by a UUID", is_uuid
);
text_id!(
    /// A batch of documents: `batch_` + UUID. Ids sort by the time they were made.
    BatchId, "batch_", "batch_ followed by a UUID", is_uuid
);

macro_rules! alnum_made_from_dice {
    ($name:ident, $prefix:literal) => {
        impl $name {
            /// A new id from chance.
            pub fn random(dice: &dyn Dice) -> Self {
                Self(format!(concat!($prefix, "{}"), random_text(dice, LOWER_ALNUM, 16)))
            }
        }
    };
}
alnum_made_from_dice!(AccountId, "acc_");
alnum_made_from_dice!(KeyId, "key_");
alnum_made_from_dice!(WebhookId, "wh_");
alnum_made_from_dice!(RecoveryId, "rcv_");

fn uuid_v7(now: Timestamp, dice: &dyn Dice) -> uuid::Uuid {
    let mut random = [0u8; 10];
    dice.fill(&mut random);
    uuid::Builder::from_unix_timestamp_millis(now.millis().max(0).unsigned_abs(), &random)
        .into_uuid()
}

fn uuid_from_digest(digest: &[u8; 16]) -> uuid::Uuid {
    uuid::Builder::from_custom_bytes(*digest).into_uuid()
}

impl DocumentId {
    /// A new id; later ids sort after earlier ones.
    pub fn new(now: Timestamp, dice: &dyn Dice) -> Self {
        Self(format!("ext_{}", uuid_v7(now, dice)))
    }

    /// The one id that belongs to `digest` (version 8 UUID), for requests that may be repeated.
    pub fn from_digest(digest: &[u8; 16]) -> Self {
        Self(format!("ext_{}", uuid_from_digest(digest)))
    }
}

impl BatchId {
    /// A new id; later ids sort after earlier ones.
    pub fn new(now: Timestamp, dice: &dyn Dice) -> Self {
        Self(format!("batch_{}", uuid_v7(now, dice)))
    }

    /// The one id that belongs to `digest` (version 8 UUID), for requests that may be repeated.
    pub fn from_digest(digest: &[u8; 16]) -> Self {
        Self(format!("batch_{}", uuid_from_digest(digest)))
    }
}

/// Crockford's alphabet in lower case: no i, l, o, u.
const BASE32: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn base32(value: u128, symbols: usize) -> String {
    (0..symbols).rev().map(|i| char::from(BASE32[(value >> (5 * i)) as usize & 31])).collect()
}

fn from_base32(text: &str, symbols: usize) -> Option<u128> {
    if text.len() != symbols {
        return None;
    }
    text.bytes().try_fold(0u128, |value, byte| {
        let digit = BASE32.iter().position(|&symbol| symbol == byte)?;
        Some((value << 5) | digit as u128)
    })
}

/// An event, numbered in commit order: milliseconds since the Unix epoch in the upper 42 bits, 8 bits
/// for the process that wrote it, 14 bits of sequence. Printed as `evt_` + 13 of base 32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EventId(i64);

impl EventId {
    /// The id with this number.
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw)
    }

    /// The number, as stored.
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// The smallest id that an event committed at `at` can have.
    pub const fn first_at(at: Timestamp) -> Self {
        Self(at.millis() << 22)
    }

    /// The id after `self` for an event committed at `now`; strictly increasing even when the clock
    /// stands still or goes back.
    pub fn next(self, now: Timestamp) -> Self {
        Self(Self::first_at(now).0.max(self.0 + 1))
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "evt_{}", base32(self.0 as u64 as u128, 13))
    }
}

impl FromStr for EventId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = IdError { expected: "evt_ followed by 13 of base 32" };
        let value = text.strip_prefix("evt_").and_then(|rest| from_base32(rest, 13));
        let value = value.and_then(|v| u64::try_from(v).ok()).ok_or(error)?;
        Ok(Self(value as i64))
    }
}

/// The number of an endpoint inside one installation; its public name is a [`WebhookId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EndpointNo(pub u32);

/// One event for one endpoint. Printed as `dlv_` + 20 of base 32; contains no dot, as Standard
/// Webhooks demands of `webhook-id`. The same on every retry and every replay.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DeliveryId {
    /// What is delivered.
    pub event: EventId,
    /// Where it goes.
    pub endpoint: EndpointNo,
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = (self.event.raw() as u64 as u128) << 32 | u128::from(self.endpoint.0);
        write!(f, "dlv_{}", base32(value, 20))
    }
}

impl FromStr for DeliveryId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = IdError { expected: "dlv_ followed by 20 of base 32" };
        let value = text
            .strip_prefix("dlv_")
            .and_then(|rest| from_base32(rest, 20))
            .ok_or(error.clone())?;
        let event = u64::try_from(value >> 32).map_err(|_| error)?;
        Ok(Self { event: EventId(event as i64), endpoint: EndpointNo(value as u32) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU8);
    impl Dice for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(37, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn ids_have_the_documented_shape_and_read_back() {
        let dice = Counting(Default::default());
        let now = Timestamp::from_secs(1_776_161_100);
        let webhook = WebhookId::random(&dice);
        assert_eq!(webhook.as_str().len(), 19);
        assert_eq!(webhook.as_str().parse(), Ok(webhook.clone()));
        let document = DocumentId::new(now, &dice);
        assert_eq!(document.as_str().parse(), Ok(document.clone()));
        assert!(document < DocumentId::new(now + std::time::Duration::from_millis(1), &dice));
        assert!("ext_7F3A2B1C-4d5e-6f78-9a0b-cdef12345678".parse::<DocumentId>().is_err());
        assert!("wh_short".parse::<WebhookId>().is_err());
    }

    #[test]
    fn a_delivery_id_is_the_pair_of_event_and_endpoint() {
        let event =
            EventId::first_at(Timestamp::from_secs(1_776_161_100)).next(Timestamp::default());
        let delivery = DeliveryId { event, endpoint: EndpointNo(u32::MAX) };
        let text = delivery.to_string();
        assert_eq!(text.len(), 24);
        assert!(!text.contains('.'));
        assert_eq!(text.parse(), Ok(delivery));
        assert_eq!(event.to_string().parse(), Ok(event));
        assert!("dlv_zzzzzzzzzzzzzzzzzzzz".parse::<DeliveryId>().is_err());
    }

    #[test]
    fn event_ids_increase_even_when_the_clock_goes_back() {
        let first = EventId::first_at(Timestamp::from_secs(100));
        let second = first.next(Timestamp::from_secs(50));
        assert!(second > first);
        assert!(second.next(Timestamp::from_secs(101)) > second);
    }
}
