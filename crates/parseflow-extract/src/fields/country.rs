//! In which country a bill was printed, where signs and orders of digits mean different things in different ones.

use crate::layout::{Row, Segment};
use crate::lexicon::folded;

use super::blocks::{AUSTRALIAN_STATES, is_canadian};
use super::doc::Doc;
use super::header;

/// The currency that a shared sign stands for in the country of this document: `$` is Australian beside an ABN,
/// `kr` Danish beside a CVR. `None` where the code is spelled out or nothing speaks for another country.
pub(super) fn currency_of_sign(doc: &Doc<'_>, code: &str) -> Option<&'static str> {
    let words = || doc.rows.iter().flat_map(|row| &row.segments).flat_map(|segment| &segment.words);
    if words().any(|word| word.text.trim_matches(|c: char| !c.is_alphabetic()) == code) {
        return None;
    }
    match code {
        "USD" => dollar_country(&doc.rows),
        "SEK" => crown_country(doc),
        _ => None,
    }
}

/// The currency of the country other than the United States that prints dollars.
pub(super) fn dollar_country(rows: &[Row]) -> Option<&'static str> {
    const WORDS: &[(&str, &str)] = &[
        ("abn", "AUD"),
        ("australia", "AUD"),
        ("bsb", "AUD"),
        ("nzbn", "NZD"),
        ("newzealand", "NZD"),
        ("hst", "CAD"),
        ("pst", "CAD"),
        ("qst", "CAD"),
        ("gsthst", "CAD"),
        ("canada", "CAD"),
        ("singapore", "SGD"),
        ("hongkong", "HKD"),
    ];
    let mut votes = [("AUD", 0), ("NZD", 0), ("CAD", 0), ("SGD", 0), ("HKD", 0)];
    let mut vote = |code: &str| {
        if let Some((_, count)) = votes.iter_mut().find(|(known, _)| *known == code) {
            *count += 1;
        }
    };
    for segment in rows.iter().flat_map(|row| &row.segments) {
        let folds: Vec<String> = segment.words.iter().map(|word| folded(&word.text)).collect();
        for (at, fold) in folds.iter().enumerate() {
            let two = folds.get(at + 1).map(|next| format!("{fold}{next}")).unwrap_or_default();
            for (_, code) in WORDS.iter().filter(|(word, _)| word == fold || *word == two) {
                vote(code);
            }
        }
        for pair in segment.words.windows(2) {
            let (first, second) = (pair[0].text.trim_end_matches(','), pair[1].text.as_str());
            if is_four_digits(second) && AUSTRALIAN_STATES.contains(&first) {
                vote("AUD");
            }
            if is_canadian(first, second) {
                vote("CAD");
            }
        }
    }
    votes.into_iter().filter(|(_, count)| *count > 0).max_by_key(|(_, count)| *count).map(|v| v.0)
}

fn is_four_digits(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())
}

/// Danish, Norwegian or Icelandic crowns by the account, the tax number or the words of the trade register.
fn crown_country(doc: &Doc<'_>) -> Option<&'static str> {
    let numbers = header::vat_ids(doc).into_iter().chain(header::iban(doc).map(|(iban, _)| iban));
    let of_number = |number: &str| match number.get(..2)? {
        "DK" => Some("DKK"),
        "NO" => Some("NOK"),
        "IS" => Some("ISK"),
        "SE" => Some("SEK"),
        _ => None,
    };
    if let Some(code) = numbers.into_iter().find_map(|number| of_number(&number.value)) {
        return Some(code);
    }
    const WORDS: &[(&str, &str)] = &[
        ("cvr", "DKK"),
        ("cvrnr", "DKK"),
        ("aps", "DKK"),
        ("belob", "DKK"),
        ("mva", "NOK"),
        ("belop", "NOK"),
        ("orgnr", "SEK"),
        ("bankgiro", "SEK"),
        ("belopp", "SEK"),
    ];
    let segments = || doc.rows.iter().flat_map(|row| &row.segments);
    let has = |wanted: &str| {
        let holds =
            |segment: &Segment| segment.words.iter().any(|word| folded(&word.text) == wanted);
        segments().any(holds)
    };
    WORDS.iter().find(|(word, _)| has(word)).map(|(_, code)| *code)
}
