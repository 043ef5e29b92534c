//! What an API key looks like: `dm_live_` or `dm_test_` and 48 random lowercase hex digits, 56
//! characters in all. Only its hash is stored; the key is shown once.

use parseflow_model::{Dice, KeyMode, random_text};
use ring::digest;

const HEX_DIGITS: usize = 48;
const PREFIXES: [(KeyMode, &str); 2] = [(KeyMode::Live, "dm_live_"), (KeyMode::Test, "dm_test_")];

/// A new key with 192 random bits.
pub fn generate(dice: &dyn Dice, mode: KeyMode) -> String {
    let prefix = match mode {
        KeyMode::Live => PREFIXES[0].1,
        KeyMode::Test => PREFIXES[1].1,
    };
    format!("{prefix}{}", random_text(dice, b"0123456789abcdef", HEX_DIGITS))
}

/// SHA-256 of the whole key: what is stored, and what a presented key is looked up by.
///
/// A fast hash is enough, and looking up by it needs no constant-time comparison: nobody guesses
/// 192 random bits, nor a hash of them.
pub fn hash(key: &str) -> [u8; 32] {
    let digest = digest::digest(&digest::SHA256, key.as_bytes());
    digest.as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// The mode of a key, or `None` for text that is not shaped like a key.
pub fn mode_of(key: &str) -> Option<KeyMode> {
    PREFIXES.into_iter().find_map(|(mode, prefix)| {
        let digits = key.strip_prefix(prefix)?;
        let is_hex = digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        (digits.len() == HEX_DIGITS && is_hex).then_some(mode)
    })
}

/// The last four characters of a key, to recognise it by.
pub fn hint(key: &str) -> String {
    let from = key.char_indices().rev().nth(3).map_or(0, |(index, _)| index);
    key[from..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicU8, Ordering};

    struct Counting(AtomicU8);
    impl Dice for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(41, Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn a_key_has_the_documented_shape_and_tells_its_mode() {
        let dice = Counting(AtomicU8::new(5));
        for (mode, prefix) in [(KeyMode::Live, "dm_live_"), (KeyMode::Test, "dm_test_")] {
            let key = generate(&dice, mode);
            assert_eq!(key.len(), 56);
            assert!(key.starts_with(prefix));
            assert!(key[8..].bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
            assert_eq!(mode_of(&key), Some(mode));
            assert_eq!(hint(&key), key[52..]);
        }
    }

    #[test]
    fn every_bit_of_the_dice_shows_in_the_key() {
        struct Fixed(u8);
        impl Dice for Fixed {
            fn fill(&self, bytes: &mut [u8]) {
                bytes.fill(self.0);
            }
        }
        let keys: BTreeSet<_> = (0..16).map(|n| generate(&Fixed(n), KeyMode::Live)).collect();
        assert_eq!(keys.len(), 16);
    }

    #[test]
    fn other_text_is_not_a_key() {
        let good = format!("dm_live_{}", "0123456789abcdef".repeat(3));
        assert_eq!(mode_of(&good), Some(KeyMode::Live));
        let wrong = [
            String::new(),
            "dm_live_".to_owned(),
            "dm_live_your_api_key".to_owned(),
            good[..55].to_owned(),
            format!("{good}0"),
            format!(" {good}"),
            good.to_uppercase(),
            good.replace("dm_live_", "dm_prod_"),
            good.replace('f', "g"),
            good.replace('f', "F"),
            format!("dm_live_{}", "é".repeat(24)),
        ];
        for text in wrong {
            assert_eq!(mode_of(&text), None, "{text:?}");
        }
    }

    #[test]
    fn a_key_is_stored_as_its_sha_256() {
        // FIPS 180-2, example B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let hex: String = hash("abc").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, expected);
    }
}
