//! Encryption of endpoint secrets at rest.
//!
//! Secrets must be readable to sign with, so they are encrypted, not hashed: ChaCha20-Poly1305 under
//! the installation's master key. The context (which endpoint the secret belongs to) is
//! authenticated, so a sealed secret copied to another row does not open there.
//!
//! A [`KeyRing`] holds the key that seals and those that only open, so that the key can be changed
//! while the service runs. Everything sealed names its key by its [`KeyTag`].

use std::fmt;

use parseflow_model::{AccountId, Dice, WebhookId};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;

/// The first byte of everything sealed, to tell later formats from this one.
const VERSION: u8 = 2;
/// The format before keys had tags: the nonce follows at once.
const VERSION_WITHOUT_TAG: u8 = 1;
const TAG_BYTES: usize = 4;

/// Why something sealed does not open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum VaultError {
    /// Not in the format that [`KeyRing::seal`] writes.
    #[error("not in the format of this version; it may have been written by a later one")]
    UnknownFormat,
    /// Another key, another context, or altered bytes: which of them cannot be told.
    #[error("does not open: sealed with another master key, or altered")]
    DoesNotOpen,
}

impl VaultError {
    /// The stable machine-readable code.
    pub fn code(self) -> &'static str {
        match self {
            VaultError::UnknownFormat => "sealed_format_unknown",
            VaultError::DoesNotOpen => "sealed_does_not_open",
        }
    }
}

/// Which master key sealed something: the first 4 bytes of HMAC-SHA256 under the key, shown as 8 hex
/// digits. It tells keys apart and nothing about them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct KeyTag([u8; TAG_BYTES]);

impl KeyTag {
    /// The key that sealed this; `None` when it does not say.
    pub fn of_sealed(sealed: &[u8]) -> Option<Self> {
        let (&VERSION, rest) = sealed.split_first()? else { return None };
        rest.first_chunk().copied().map(Self)
    }

    /// What everything begins with that the key has sealed.
    pub fn prefix(self) -> [u8; 1 + TAG_BYTES] {
        let [a, b, c, d] = self.0;
        [VERSION, a, b, c, d]
    }
}

impl fmt::Display for KeyTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A key that encrypts secrets. Never printed.
pub struct MasterKey {
    cipher: LessSafeKey,
    tag: KeyTag,
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// The key made of these 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        let digest = hmac::sign(&key, b"parseflow master key tag");
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&digest.as_ref()[..TAG_BYTES]);
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes);
        let cipher = LessSafeKey::new(key.expect("a key of this cipher has 32 bytes"));
        Self { cipher, tag: KeyTag(tag) }
    }

    /// What tells it from other keys.
    pub fn tag(&self) -> KeyTag {
        self.tag
    }

    fn open(&self, context: &str, nonce: [u8; NONCE_LEN], text: &[u8]) -> Option<Vec<u8>> {
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let opened = self.cipher.open_in_place(nonce, Aad::from(context.as_bytes()), &mut text);
        Some(opened.ok()?.to_vec())
    }
}

/// The master key in use, and older ones that what they sealed still opens with.
#[derive(Debug)]
pub struct KeyRing {
    seals: MasterKey,
    opens: Vec<MasterKey>,
}

impl From<MasterKey> for KeyRing {
    fn from(key: MasterKey) -> Self {
        Self::new(key, Vec::new())
    }
}

impl KeyRing {
    /// `seals` seals and opens, the others only open.
    pub fn new(seals: MasterKey, opens: Vec<MasterKey>) -> Self {
        Self { seals, opens }
    }

    /// The key that seals.
    pub fn sealing_tag(&self) -> KeyTag {
        self.seals.tag
    }

    /// Every key, the one that seals first.
    pub fn tags(&self) -> impl Iterator<Item = KeyTag> {
        self.keys().map(MasterKey::tag)
    }

    fn keys(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.seals).chain(&self.opens)
    }

    /// Encrypts `plaintext` for `context`: one byte of version, 4 of the key's tag, 12 of nonce, the
    /// ciphertext and 16 of authentication.
    ///
    /// The nonce is random; with 96 bits, a key is good for billions of secrets.
    pub fn seal(&self, dice: &dyn Dice, context: &str, plaintext: &[u8]) -> Vec<u8> {
        let mut nonce = [0u8; NONCE_LEN];
        dice.fill(&mut nonce);
        let mut text = plaintext.to_vec();
        self.seals
            .cipher
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context.as_bytes()),
                &mut text,
            )
            .expect("what is held in memory is below the cipher's limit of 256 GiB");
        [&self.seals.tag.prefix()[..], &nonce, &text].concat()
    }

    /// Decrypts what [`seal`](Self::seal) made for the same `context` with any of the keys.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (tag, rest) = match sealed.split_first() {
            Some((&VERSION, rest)) => {
                let (tag, rest) = rest.split_first_chunk().ok_or(VaultError::UnknownFormat)?;
                (Some(KeyTag(*tag)), rest)
            }
            Some((&VERSION_WITHOUT_TAG, rest)) => (None, rest),
            _ => return Err(VaultError::UnknownFormat),
        };
        let (nonce, text) =
            rest.split_first_chunk::<NONCE_LEN>().ok_or(VaultError::UnknownFormat)?;
        self.keys()
            .filter(|key| tag.is_none_or(|tag| tag == key.tag))
            .find_map(|key| key.open(context, *nonce, text))
            .ok_or(VaultError::DoesNotOpen)
    }
}

/// The context under which an endpoint's custom headers are sealed; its secrets are sealed under
/// its id alone.
pub fn headers_context(endpoint: &WebhookId) -> String {
    format!("{endpoint}:headers")
}

/// The context under which the answer to a request with an `Idempotency-Key` is sealed.
pub fn answer_context(account: &AccountId, key: &str) -> String {
    format!("answer:{account}:{key}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_dice::SeededDice;

    /// A ring of the keys that consist of these bytes.
    fn ring<const N: usize>(bytes: [u8; N]) -> KeyRing {
        let mut keys = bytes.map(|byte| MasterKey::from_bytes([byte; 32])).into_iter();
        KeyRing::new(keys.next().unwrap(), keys.collect())
    }

    const SECRET: &[u8] = b"whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456";

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_context_only() {
        let (dice, key) = (SeededDice::new(3), ring([7]));
        let sealed = key.seal(&dice, "wh_a1b2c3d4e5f6g7h8", SECRET);
        assert_eq!(sealed.len(), 1 + 4 + 12 + SECRET.len() + 16);
        assert_eq!(key.open("wh_a1b2c3d4e5f6g7h8", &sealed).unwrap(), SECRET);
        let elsewhere = key.open("wh_other", &sealed);
        assert_eq!(elsewhere, Err(VaultError::DoesNotOpen));
        let stranger = ring([8]);
        assert_eq!(stranger.open("wh_a1b2c3d4e5f6g7h8", &sealed), Err(VaultError::DoesNotOpen));
    }

    #[test]
    fn every_altered_byte_and_every_cut_is_noticed() {
        let (dice, key) = (SeededDice::new(3), ring([7]));
        let sealed = key.seal(&dice, "c", SECRET);
        for index in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[index] ^= 1;
            assert!(key.open("c", &altered).is_err(), "byte {index}");
            assert!(key.open("c", &sealed[..index]).is_err(), "cut at {index}");
        }
    }

    #[test]
    fn the_same_secret_is_sealed_differently_each_time_and_never_in_the_clear() {
        let (dice, key) = (SeededDice::new(3), ring([7]));
        let (one, two) = (key.seal(&dice, "c", SECRET), key.seal(&dice, "c", SECRET));
        assert_ne!(one, two);
        assert!(!one.windows(6).any(|window| window == b"whsec_"));
    }

    #[test]
    fn every_key_of_the_ring_opens_and_the_first_one_seals() {
        let dice = SeededDice::new(3);
        let (old, both, new) = (ring([7]), ring([8, 7]), ring([8]));
        let [by_old, by_new] = [&old, &both].map(|ring| ring.seal(&dice, "c", SECRET));
        assert_eq!(both.open("c", &by_old).unwrap(), SECRET);
        assert_eq!(new.open("c", &by_new).unwrap(), SECRET);
        assert_eq!(new.open("c", &by_old), Err(VaultError::DoesNotOpen));
        assert_eq!(old.open("c", &by_new), Err(VaultError::DoesNotOpen));
        assert_eq!(KeyTag::of_sealed(&by_old), Some(old.sealing_tag()));
        assert_eq!(KeyTag::of_sealed(&by_new), Some(both.sealing_tag()));
        assert!(by_new.starts_with(&new.sealing_tag().prefix()));
        assert_eq!(both.tags().collect::<Vec<_>>(), [new.sealing_tag(), old.sealing_tag()]);
    }

    #[test]
    fn what_was_sealed_before_keys_had_tags_opens_with_whichever_key_it_was() {
        let mut sealed = ring([7]).seal(&SeededDice::new(3), "c", SECRET);
        sealed.splice(0..5, [VERSION_WITHOUT_TAG]);
        assert_eq!(ring([8, 7]).open("c", &sealed).unwrap(), SECRET);
        assert_eq!(ring([8]).open("c", &sealed), Err(VaultError::DoesNotOpen));
        assert_eq!(KeyTag::of_sealed(&sealed), None);
        assert_eq!(ring([7]).open("c", b""), Err(VaultError::UnknownFormat));
        assert_eq!(ring([7]).open("c", &[3; 60]), Err(VaultError::UnknownFormat));
    }

    #[test]
    fn a_master_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", MasterKey::from_bytes([65; 32])), "MasterKey(…)");
        let tag = MasterKey::from_bytes([65; 32]).tag().to_string();
        assert_eq!((tag.len(), tag.contains("41414141")), (8, false));
    }
}
