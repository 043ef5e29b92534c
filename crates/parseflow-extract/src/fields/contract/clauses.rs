//! What single clauses say: dates, term, governing law.

use super::OPENING_WORDS;
use crate::fields::doc::{Candidate, Doc};
use crate::fields::prose::Prose;
use crate::spans::CalendarDate;

/// Words that announce the date from which an agreement holds.
const EFFECTIVE: &[&str] = &[
    "effective",
    "dated",
    "asof",
    "made",
    "entered",
    "datum",
    "inkrafttreten",
    "beginnt",
    "vom",
    "date",
    "effet",
];

pub(super) fn effective_date(doc: &Doc<'_>, prose: &Prose<'_>) -> Option<Candidate<CalendarDate>> {
    let opening = prose.tokens.len().min(OPENING_WORDS);
    let mut best: Option<Candidate<CalendarDate>> = None;
    for at in 0..opening {
        let as_of = prose.fold(at) == "as" && prose.fold(at + 1) == "of";
        if !as_of && !EFFECTIVE.contains(&prose.fold(at)) {
            continue;
        }
        let near = prose.dates(doc, at + 1, at + 11);
        let Some((span, _)) = near.into_iter().next() else { continue };
        let distance = span.words.0 as f64;
        let weight = match prose.fold(at) {
            "effective" => 0.95,
            "as" | "made" | "entered" => 0.9,
            "dated" => 0.85,
            _ => 0.6,
        };
        // Dates of other agreements are cited later and in other words.
        let early = 1.0 - 0.3 * at as f64 / OPENING_WORDS as f64;
        let score = (weight - 0.015 * distance) * early;
        if best.as_ref().is_none_or(|known| score > known.score) {
            best = Some(Candidate::from_span(span, score));
        }
    }
    best.filter(|date| date.score > 0.4).or_else(|| signed_last(doc, prose))
}

/// The latest date beside the signatures: where nothing else is said, an agreement holds when all have signed.
fn signed_last(doc: &Doc<'_>, prose: &Prose<'_>) -> Option<Candidate<CalendarDate>> {
    /// Words of the signatures, from the first of them.
    const SIGNATURES: usize = 250;
    let count = prose.tokens.len();
    let begins = |at: &usize| {
        matches!(prose.fold(*at), "witness" | "unterschrift" | "unterschriften" | "signatures")
            || prose.text(*at) == "/s/"
            || prose.text(*at) == "By:"
    };
    let from = (count / 2..count).find(begins)?;
    let dates = prose.dates(doc, from, from + SIGNATURES).into_iter().map(|(span, _)| span);
    let latest = dates.max_by_key(|span| span.value)?;
    Some(Candidate::from_span(latest, 0.5))
}

pub(super) fn end_date(doc: &Doc<'_>, prose: &Prose<'_>) -> Option<Candidate<CalendarDate>> {
    for at in 0..prose.tokens.len() {
        let ends = matches!(
            prose.fold(at),
            "until" | "expires" | "expire" | "terminates" | "endet" | "bis"
        );
        if !ends || !speaks_of_agreement(prose, at) {
            continue;
        }
        if let Some((span, _)) = prose.dates(doc, at + 1, at + 8).into_iter().next() {
            return Some(Candidate::from_span(span, 0.7));
        }
    }
    None
}

fn speaks_of_agreement(prose: &Prose<'_>, at: usize) -> bool {
    (at.saturating_sub(25)..at + 5).any(|near| {
        matches!(
            prose.fold(near),
            "agreement" | "term" | "vertrag" | "contract" | "contrat" | "laufzeit"
        )
    })
}

/// How long it holds, as `3 years` or `12 months`.
pub(super) fn term(prose: &Prose<'_>) -> Option<Candidate<String>> {
    const VERBS: &[&str] = &[
        "term",
        "terminate",
        "terminates",
        "expire",
        "expires",
        "continue",
        "remain",
        "effect",
        "survive",
        "duration",
        "laufzeit",
        "dauer",
        "expiration",
        "force",
        "obligations",
        "period",
    ];
    let mut best: Option<Candidate<String>> = None;
    for at in 0..prose.tokens.len() {
        let Some((from, to, value)) = duration_at(prose, at) else { continue };
        let before = |words: &[&str], reach: usize| {
            (at.saturating_sub(reach)..at).filter(|&near| words.contains(&prose.fold(near))).count()
        };
        let after = (to..to + 6).any(|near| matches!(prose.fold(near), "date" | "hereof" | "from"));
        // `(the "Term")` says what it is.
        let is_named = (to..to + 10)
            .any(|near| prose.fold(near) == "term" && prose.text(near).contains(['”', '"', ')']));
        let verbs = before(VERBS, 22).min(4) as f64;
        let agreement = before(&["agreement", "vertrag", "contract"], 25).min(1) as f64;
        // Employment, restraint and record keeping have periods of their own.
        let other = before(
            &[
                "employment",
                "solicit",
                "compete",
                "warranty",
                "prior",
                "preceding",
                "hire",
                "employ",
                "standstill",
            ],
            30,
        );
        // `This Agreement shall terminate one year after`; what survives it is another period.
        let ends = before(&["terminate", "terminates", "expire", "expires"], 6) > 0
            && before(&["agreement"], 12) > 0;
        let survives = before(&["survive", "survives"], 10) > 0;
        let afterwards = survives && before(&["termination", "expiration"], 8) > 0;
        let score = 0.1 + 0.12 * verbs + if ends && !survives { 0.15 } else { 0.0 }
            - if afterwards { 0.25 } else { 0.0 }
            + 0.25 * agreement
            + if after { 0.12 } else { 0.0 }
            + if is_named { 0.2 } else { 0.0 }
            - 0.2 * other.min(2) as f64;
        if best.as_ref().is_none_or(|known| score > known.score + 0.01) {
            best = Some(prose.candidate(from, to, value, score.min(0.85)));
        }
    }
    best.filter(|term| term.score >= 0.4)
}

const NUMBERS: [&str; 20] = [
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
    "twenty",
];
const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

/// `three (3) years`, `2 years`, `twelve months`, `second anniversary`.
fn duration_at(prose: &Prose<'_>, at: usize) -> Option<(usize, usize, String)> {
    let fold = prose.fold(at);
    if prose.fold(at + 1) == "anniversary" {
        let years = ORDINALS.iter().position(|ordinal| *ordinal == fold)? + 1;
        return Some((at, at + 2, plural(years, "year")));
    }
    let digits = || fold.parse::<usize>().ok().filter(|n| (1..=99).contains(n));
    let spelled = NUMBERS.iter().position(|name| *name == fold).map(|index| index + 1);
    let count = spelled.or_else(digits)?;
    let mut next = at + 1;
    if prose.text(next).starts_with('(') && prose.fold(next).parse::<usize>().is_ok() {
        next += 1;
    }
    let unit = match prose.fold(next) {
        "year" | "years" | "jahr" | "jahre" | "jahren" | "ans" | "années" | "annees" => "year",
        "month" | "months" | "monat" | "monate" | "monaten" | "mois" => "month",
        _ => return None,
    };
    Some((at, next + 1, plural(count, unit)))
}

fn plural(count: usize, unit: &str) -> String {
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

/// The law it is under: the name of the state or country.
pub(super) fn governing_law(prose: &Prose<'_>) -> Option<Candidate<String>> {
    let mut best: Option<Candidate<String>> = None;
    for at in 0..prose.tokens.len() {
        let begins = matches!(
            prose.fold(at),
            "governed" | "governing" | "construed" | "interpreted" | "recht" | "droit"
        );
        // `The laws of the State of Indiana shall govern this Agreement.`
        if matches!(prose.fold(at), "govern" | "governs") {
            let laws = (at.saturating_sub(12)..at).rev();
            let mut laws = laws.filter(|&near| matches!(prose.fold(near), "law" | "laws"));
            let place = laws.find_map(|law| place_after(prose, law + 1));
            if let Some((from, to)) = place.filter(|_| best.is_none()) {
                best = Some(prose.candidate(from, to, named_place(prose, from, to), 0.85));
            }
        }
        if !begins {
            continue;
        }
        let law = (at..at + 30)
            .find(|&near| matches!(prose.fold(near), "law" | "laws" | "recht" | "lois" | "droit"));
        let Some(law) = law else { continue };
        let Some((from, to)) = place_after(prose, law + 1).or_else(|| place_before(prose, law))
        else {
            continue;
        };
        let value = named_place(prose, from, to);
        let score = if prose.fold(at) == "construed" { 0.85 } else { 0.9 };
        if best.as_ref().is_none_or(|known| score > known.score) {
            best = Some(prose.candidate(from, to, value, score));
        }
    }
    best
}

fn named_place(prose: &Prose<'_>, from: usize, to: usize) -> String {
    let words: Vec<&str> = (from..to).map(|at| prose.text(at)).collect();
    words.join(" ").trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

/// `of the State of New York`, `of England and Wales`: from and to of the name.
fn place_after(prose: &Prose<'_>, at: usize) -> Option<(usize, usize)> {
    let mut from = at;
    let mut of = false;
    while from < at + 9 {
        match prose.fold(from) {
            "of" | "der" | "du" | "de" => of = true,
            "the" | "state" | "commonwealth" | "province" | "republic" | "substantive"
            | "internal" | "federal" | "bundesrepublik" | "and" | "courts" | "in" => {}
            // The number of a page that ends here.
            number if number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit()) => {}
            _ if of && prose.text(from).starts_with(char::is_uppercase) => break,
            _ => return None,
        }
        from += 1;
    }
    let mut to = from;
    while to < from + 3 && prose.text(to).starts_with(char::is_uppercase) {
        to += 1;
        if prose.text(to - 1).ends_with(['.', ',', ';', ')']) {
            break;
        }
        if prose.fold(to) == "and" && prose.fold(to + 1) == "wales" {
            return Some((from, to + 2));
        }
    }
    // `New York applicable`: a name of two words begins so.
    let two = matches!(
        prose.fold(from),
        "new"
            | "north"
            | "south"
            | "west"
            | "rhode"
            | "british"
            | "united"
            | "hong"
            | "puerto"
            | "nova"
    );
    let to = if two { to.min(from + 2) } else { to.min(from + 1) };
    (to > from).then_some((from, to))
}

/// `governed by Delaware law`
fn place_before(prose: &Prose<'_>, law: usize) -> Option<(usize, usize)> {
    let from = law.checked_sub(1)?;
    let is_name = prose.text(from).starts_with(char::is_uppercase)
        && prose.fold(from).len() >= 4
        && !matches!(prose.fold(from), "governing" | "applicable" | "state" | "federal");
    if !is_name {
        return None;
    }
    let before = from.checked_sub(1)?;
    let two = matches!(prose.fold(before), "new" | "north" | "south" | "west" | "rhode");
    Some((if two { before } else { from }, law))
}
