//! Names, places, amounts, days and numbers of the documents that are made in six languages.

use super::rng::Rng;
use super::words::{NAMES, PEOPLE, TRADES, Words};

/// A company with its legal form.
pub(super) fn company(rng: &mut Rng, words: &Words) -> String {
    let name = rng.say(NAMES);
    let trade = rng.say(TRADES);
    format!("{name} {trade} {}", rng.say(words.forms))
}

/// Street and town.
pub(super) fn address(rng: &mut Rng, words: &Words) -> Vec<String> {
    let street = rng.say(words.streets);
    let number = rng.range(1, 180);
    let street = match words.code {
        "en" | "fr" => format!("{number} {street}"),
        _ => format!("{street} {number}"),
    };
    vec![street, rng.say(words.towns)]
}

/// An amount of hundredths as it is printed.
pub(super) fn printed(cents: i64, comma: bool) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let (whole, part) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    let (group, decimal) = if comma { ('.', ',') } else { (',', '.') };
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(group);
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{decimal}{part:02}")
}

/// A date as ISO 8601 and as it is printed.
pub(super) fn date(rng: &mut Rng, words: &Words, month: u64) -> (String, String) {
    let (year, day) = (rng.range(2022, 2027), rng.range(1, 28));
    let iso = format!("{year:04}-{month:02}-{day:02}");
    let shown = match (words.code, rng.range(0, 3)) {
        (_, 2) => iso.clone(),
        ("de", _) => format!("{day:02}.{month:02}.{year}"),
        ("en", 0) => {
            let names = [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ];
            format!("{day} {} {year}", names[month as usize - 1])
        }
        ("nl", _) => format!("{day:02}-{month:02}-{year}"),
        // Days beyond twelve leave no doubt about the order.
        _ => {
            let day = if day <= 12 { day + 13 } else { day };
            return (
                format!("{year:04}-{month:02}-{day:02}"),
                format!("{day:02}/{month:02}/{year}"),
            );
        }
    };
    (iso, shown)
}

/// A German account number with right check digits.
pub(super) fn iban(rng: &mut Rng) -> String {
    let account = rng.digits(18);
    let remainder = format!("{account}131400")
        .bytes()
        .fold(0u32, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % 97);
    format!("DE{:02}{account}", 98 - remainder)
}

pub(super) fn shaped(rng: &mut Rng, shape: &str) -> String {
    shape.chars().map(|c| if c == '#' { rng.digits(1).remove(0) } else { c }).collect()
}

pub(super) fn person(rng: &mut Rng) -> String {
    rng.say(PEOPLE)
}
