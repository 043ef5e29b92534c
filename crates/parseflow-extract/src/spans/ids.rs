//! Account numbers, tax numbers, e-mail addresses, phone numbers.

use crate::layout::Word;

/// How long an IBAN is in the countries that print it on bills.
const IBAN_LENGTHS: &[(&str, usize)] = &[
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("TR", 26),
];

/// National shapes of VAT numbers: `9` a digit, `A` a letter, `X` either.
const VAT_SHAPES: &[&str] = &[
    "ATU99999999",
    "BE9999999999",
    "BG999999999",
    "BG9999999999",
    "CHE999999999",
    "CY99999999A",
    "CZ99999999",
    "CZ999999999",
    "CZ9999999999",
    "DE999999999",
    "DK99999999",
    "EE999999999",
    "EL999999999",
    "ESX9999999X",
    "FI99999999",
    "FRXX999999999",
    "GB999999999",
    "GB999999999999",
    "HR99999999999",
    "HU99999999",
    "IE9X99999A",
    "IE9999999AA",
    "IT99999999999",
    "LT999999999",
    "LT999999999999",
    "LU99999999",
    "LV99999999999",
    "MT99999999",
    "NL999999999A99",
    "NO999999999",
    "PL9999999999",
    "PT999999999",
    "RO99999999",
    "SE999999999999",
    "SI99999999",
    "SK9999999999",
];

/// Whether the text has the shape and length of an IBAN; says nothing about its check digits.
pub(crate) fn is_iban_shape(text: &str) -> bool {
    let country = text.get(..2).unwrap_or_default();
    IBAN_LENGTHS.iter().any(|(code, length)| *code == country && *length == text.len())
        && text.bytes().skip(2).take(2).all(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn has_valid_check_digits(iban: &str) -> bool {
    let turned = iban.bytes().cycle().skip(4).take(iban.len());
    let remainder = turned.fold(0u32, |remainder, byte| match char::from(byte).to_digit(36) {
        Some(value) if value >= 10 => (remainder * 100 + value) % 97,
        Some(value) => (remainder * 10 + value) % 97,
        None => remainder,
    });
    remainder == 1
}

/// An IBAN beginning with word `at`, printed in one piece or in groups: the number without spaces,
/// the index after its last word, and whether its check digits are right.
pub(crate) fn iban_at(words: &[Word], at: usize) -> Option<(String, usize, bool)> {
    let mut iban = String::new();
    for (index, word) in words.iter().enumerate().skip(at).take(9) {
        let part = word.text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        // `DK38424551 IBAN DK13`: a word belongs to the number only as the code of the bank, right behind the check digits.
        let is_word = index > at && part.bytes().all(|b| b.is_ascii_alphabetic());
        if is_word && !(iban.len() == 4 && part.len() == 4) {
            return None;
        }
        iban.push_str(&part.to_ascii_uppercase());
        if index == at && !(iban.len() >= 4 && iban.bytes().take(2).all(|b| b.is_ascii_uppercase()))
        {
            return None;
        }
        if is_iban_shape(&iban) {
            let valid = has_valid_check_digits(&iban);
            return Some((iban, index + 1, valid));
        }
    }
    None
}

/// A VAT number with its country in the words beginning with `at`, without spaces and dots.
pub(crate) fn vat_id_in(words: &[Word], at: usize) -> Option<(String, usize)> {
    let mut id = String::new();
    for (index, word) in words.iter().enumerate().skip(at).take(5) {
        let part: String = word.text.chars().filter(char::is_ascii_alphanumeric).collect();
        if word.text.chars().any(|c| {
            !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | ',' | '/' | ';' | ')' | '(')
        }) {
            return None;
        }
        id.push_str(&part);
        if index == at && (id.len() < 2 || !id.bytes().take(2).all(|b| b.is_ascii_uppercase())) {
            return None;
        }
        let goes_on = words.get(index + 1).is_some_and(|next| {
            next.text.len() <= 4 && next.text.bytes().all(|b| b.is_ascii_digit())
        });
        if VAT_SHAPES.iter().any(|shape| fits(&id, shape)) && !(goes_on && id.len() < 11) {
            return Some((id, index + 1));
        }
    }
    None
}

fn fits(text: &str, shape: &str) -> bool {
    let country = if shape.starts_with("CHE") || shape.starts_with("ATU") { 3 } else { 2 };
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).enumerate().all(|(index, (byte, kind))| {
            if index < country {
                return byte == kind;
            }
            match kind {
                b'9' => byte.is_ascii_digit(),
                b'A' => byte.is_ascii_uppercase(),
                _ => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            }
        })
}

/// The e-mail address in a word, without the punctuation around it.
pub(crate) fn email_in(word: &str) -> Option<String> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
    let (name, domain) = bare.split_once('@')?;
    let domain_ok = domain.split('.').count() >= 2
        && domain.split('.').all(|part| !part.is_empty())
        && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let name_ok = !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'));
    (domain_ok && name_ok).then(|| bare.to_owned())
}

/// Whether the text is a phone number: 7 to 15 digits and nothing but the marks between them.
pub(crate) fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&digits)
        && text.chars().all(|c| {
            c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '/' | '(' | ')' | '.' | '–')
        })
}
