//! Encryption of endpoint secrets at rest.
//!
//! Secrets must be readable to sign with, so they are encrypted, not hashed: ChaCha20-Poly1305 under
//! the installation's master key. The context (which endpoint the secret belongs to) is
//! authenticated, so a sealed secret copied to another row does not open there.

use std::fmt;

use parseflow_model::Dice;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// The first byte of everything sealed, to tell later formats from this one.
const VERSION: u8 = 1;

/// Why something sealed does not open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum VaultError {
    /// Not in the format that [`MasterKey::seal`] writes.
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

/// The key that encrypts endpoint secrets. Never printed.
pub struct MasterKey(LessSafeKey);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// The key made of these 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes);
        Self(LessSafeKey::new(key.expect("a key of this cipher has 32 bytes")))
    }

    /// Encrypts `plaintext` for `context`: one byte of version, 12 of nonce, the ciphertext and 16 of
    /// tag.
    ///
    /// The nonce is random; with 96 bits, a key is good for billions of secrets.
    pub fn seal(&self, dice: &dyn Dice, context: &str, plaintext: &[u8]) -> Vec<u8> {
        let mut nonce = [0u8; NONCE_LEN];
        dice.fill(&mut nonce);
        let mut text = plaintext.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context.as_bytes()),
                &mut text,
            )
            .expect("what is held in memory is below the cipher's limit of 256 GiB");
        [&[VERSION][..], &nonce, &text].concat()
    }

    /// Decrypts what [`seal`](Self::seal) made for the same `context`.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let Some((&VERSION, rest)) = sealed.split_first() else {
            return Err(VaultError::UnknownFormat);
        };
        let (nonce, text) =
            rest.split_first_chunk::<NONCE_LEN>().ok_or(VaultError::UnknownFormat)?;
        let mut text = text.to_vec();
        let opened = self.0.open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(context.as_bytes()),
            &mut text,
        );
        Ok(opened.map_err(|_| VaultError::DoesNotOpen)?.to_vec())
    }
}

/// The context under which an endpoint's custom headers are sealed; its secrets are sealed under
/// its id alone.
pub fn headers_context(endpoint: &parseflow_model::WebhookId) -> String {
    format!("{endpoint}:headers")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_dice::SeededDice;

    const SECRET: &[u8] = b"whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456";

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_context_only() {
        let (dice, key) = (SeededDice::new(3), MasterKey::from_bytes([7; 32]));
        let sealed = key.seal(&dice, "wh_a1b2c3d4e5f6g7h8", SECRET);
        assert_eq!(sealed.len(), 1 + 12 + SECRET.len() + 16);
        assert_eq!(key.open("wh_a1b2c3d4e5f6g7h8", &sealed).unwrap(), SECRET);
        let elsewhere = key.open("wh_other", &sealed);
        assert_eq!(elsewhere, Err(VaultError::DoesNotOpen));
        let stranger = MasterKey::from_bytes([8; 32]);
        assert_eq!(stranger.open("wh_a1b2c3d4e5f6g7h8", &sealed), Err(VaultError::DoesNotOpen));
    }

    #[test]
    fn every_altered_byte_and_every_cut_is_noticed() {
        let (dice, key) = (SeededDice::new(3), MasterKey::from_bytes([7; 32]));
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
        let (dice, key) = (SeededDice::new(3), MasterKey::from_bytes([7; 32]));
        let (one, two) = (key.seal(&dice, "c", SECRET), key.seal(&dice, "c", SECRET));
        assert_ne!(one, two);
        assert!(!one.windows(6).any(|window| window == b"whsec_"));
    }

    #[test]
    fn a_master_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", MasterKey::from_bytes([65; 32])), "MasterKey(…)");
    }
}
