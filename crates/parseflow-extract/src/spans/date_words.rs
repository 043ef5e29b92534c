//! Dates whose day or year is written out, as agreements do: `the third day of March, two thousand twenty-three`.

use crate::lexicon::folded;

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [(&str, u32); 8] = [
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];
const ORDINALS: [&str; 20] = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];

fn place(list: &[&str], word: &str) -> Option<u32> {
    list.iter().position(|known| *known == word).map(|at| at as u32)
}

/// A number below one hundred that begins the words: `twenty-three`, `twenty three`, `seven`.
fn small(words: &[String]) -> Option<(u32, usize)> {
    let first = words.first()?;
    if let Some(unit) = place(&UNITS, first) {
        return Some((unit, 1));
    }
    let (tens, rest) =
        TENS.iter().find_map(|(word, tens)| Some((*tens, first.strip_prefix(word)?)))?;
    if let Some(unit) = place(&UNITS[1..10], rest) {
        return Some((tens + unit + 1, 1));
    }
    if !rest.is_empty() {
        return None;
    }
    let unit = words.get(1).and_then(|word| place(&UNITS[1..10], word));
    Some(unit.map_or((tens, 1), |unit| (tens + unit + 1, 2)))
}

/// The day that begins the words: `third`, `twenty-second`, `thirty first`.
fn day(words: &[String]) -> Option<(u32, usize)> {
    let first = words.first()?;
    if let Some(day) = place(&ORDINALS, first).filter(|day| *day > 0) {
        return Some((day, 1));
    }
    match first.as_str() {
        "twentieth" => return Some((20, 1)),
        "thirtieth" => return Some((30, 1)),
        _ => {}
    }
    let (tens, rest) = [("twenty", 20), ("thirty", 30)]
        .into_iter()
        .find_map(|(word, tens)| Some((tens, first.strip_prefix(word)?)))?;
    if !rest.is_empty() {
        return place(&ORDINALS[1..10], rest).map(|unit| (tens + unit + 1, 1));
    }
    words.get(1).and_then(|word| place(&ORDINALS[1..10], word)).map(|unit| (tens + unit + 1, 2))
}

/// The year that begins the words: `2023`, `two thousand twenty-three`, `two thousand and seven`.
fn year(words: &[String]) -> Option<(u32, usize)> {
    let first = words.first()?;
    if first.len() == 4 && first.bytes().all(|byte| byte.is_ascii_digit()) {
        return first.parse().ok().map(|year| (year, 1));
    }
    if first != "two" || words.get(1).is_none_or(|word| word != "thousand") {
        return None;
    }
    let from = 2 + usize::from(words.get(2).is_some_and(|word| word == "and"));
    let rest = words.get(from..).and_then(small);
    Some(rest.map_or((2000, 2), |(rest, used)| (2000 + rest, from + used)))
}

/// Whether a day or a year may be written out in these words; told cheaply, because most are not.
pub(super) fn may_be_spelled(words: &[&str]) -> bool {
    let Some(first) = words.first() else { return false };
    let has_ending = ["st", "nd", "rd", "th"].iter().any(|ending| first.ends_with(ending));
    first.starts_with(char::is_alphanumeric)
        && (has_ending
            || first.eq_ignore_ascii_case("twenty")
            || first.eq_ignore_ascii_case("thirty")
            || words.iter().any(|word| word.eq_ignore_ascii_case("thousand")))
}

/// Year, month and day that begin the words, and how many words they take. One of day and year is written out.
pub(super) fn spelled(
    words: &[&str],
    month_of: impl Fn(&str) -> Option<u32>,
) -> Option<([u32; 3], usize)> {
    let words: Vec<String> = words.iter().map(|word| folded(word)).collect();
    let skip = |at: usize| {
        at + words[at.min(words.len())..]
            .iter()
            .take_while(|word| matches!(word.as_str(), "day" | "of" | "" | "in" | "the" | "year"))
            .count()
    };
    let numeral = |words: &[String]| {
        let first = words.first()?;
        let digits = first.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let is_day = matches!(&first[digits.len()..], "" | "st" | "nd" | "rd" | "th");
        digits.parse().ok().filter(|_| is_day && digits.len() <= 2).map(|day: u32| (day, 1))
    };
    let any_day = |words: &[String]| day(words).or_else(|| numeral(words));
    let month = |at: usize| words.get(at).and_then(|word| month_of(word));
    let (day, month, at) = match month(0) {
        Some(month) => {
            let (day, used) = any_day(words.get(1..)?)?;
            (day, month, 1 + used)
        }
        None => {
            let (day, used) = any_day(&words)?;
            let at = skip(used);
            (day, month(at)?, at + 1)
        }
    };
    let at = skip(at);
    let (year, used) = year(words.get(at..)?)?;
    Some(([year, month, day], at + used))
}
