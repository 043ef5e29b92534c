//! Who a receipt is from: the line of its top that looks most like the name of a shop.

use parseflow_model::FieldSource;

use crate::layout::{Row, Segment};
use crate::lexicon::{folded, label_of};
use crate::spans::Span;

use super::blocks::{has_legal_form, has_postal_code};
use super::doc::{Candidate, Doc};
use super::misspelt::{is_legal_form, mended};
use super::rank::{Clue, Clues, Contest, Weighed, best_of};
use super::top_lines::{is_bare_form, is_branch, is_no_name, is_street};

/// Rows of the top that may hold the name.
const ROWS: usize = 12;

/// A name that scores as much leaves no doubt.
const SURE: f64 = 0.95;

/// Words that are less sure than this were guessed.
const GUESSED: f64 = 0.4;

/// Words of shops' names, folded.
const TRADES: &[&str] = &[
    "enterprise",
    "trading",
    "store",
    "stores",
    "mart",
    "minimart",
    "supermarket",
    "supermarkt",
    "market",
    "markt",
    "restaurant",
    "restoran",
    "cafe",
    "coffee",
    "pharmacy",
    "apotheke",
    "pharmacie",
    "hardware",
    "bakery",
    "backerei",
    "boulangerie",
    "hotel",
    "holdings",
    "shop",
    "boutique",
    "bookstore",
    "pizza",
    "kitchen",
    "grill",
    "bistro",
    "bar",
    "electrical",
    "stationery",
    "sdn",
    "bhd",
    "services",
    "company",
    "industries",
    "international",
    "perniagaan",
    "kedai",
    "marketing",
    "superstore",
    "supermercado",
    "panaderia",
    "farmacia",
    "trattoria",
    "pizzeria",
    "drogerie",
    "tankstelle",
    "station",
];
/// Words of addresses and of heads, folded: no names begin with them.
const NOT_NAMES: &[&str] = &[
    "jalan",
    "jln",
    "lot",
    "no",
    "tel",
    "fax",
    "gst",
    "gstid",
    "co",
    "reg",
    "company",
    "roc",
    "date",
    "invoice",
    "tax",
    "receipt",
    "cash",
    "bill",
    "table",
    "cashier",
    "thank",
    "welcome",
    "phone",
    "www",
    "email",
    "simplified",
    "document",
    "time",
    "page",
    "ssm",
    "taman",
    "original",
    "copy",
    "reprint",
    "customer",
    "bon",
    "kassenbon",
    "ticket",
];

/// So many columns side by side are those of a table.
const COLUMNS: usize = 4;

/// The name of the merchant.
pub(super) fn merchant(doc: &Doc<'_>) -> Option<Candidate<String>> {
    let mut names = merchants(doc);
    // Of names that leave no doubt, or are told apart by less than a hundredth, the first is meant.
    let rounded = |score: f64| (score.min(SURE) * 100.0).round() / 100.0;
    names.iter_mut().for_each(|name| name.found.score = rounded(name.found.score));
    Some(whole(doc, best_of(names)?))
}

/// A name with what the lines around it add.
pub(super) fn whole(doc: &Doc<'_>, name: Candidate<String>) -> Candidate<String> {
    with_line_before(doc, with_next_line(doc, name))
}

/// The rows of the top that can be the name of a shop, before the lines around them are added.
pub(super) fn merchants(doc: &Doc<'_>) -> Vec<Weighed<String>> {
    let usual = doc.usual_size();
    let rows = doc.rows.iter().filter(|row| row.page == doc.rows[0].page);
    let weighed = rows.take(ROWS).enumerate().filter_map(|(at, row)| {
        let (text, count) = name_in(row)?;
        let segment = &row.segments[0];
        // `Item  Qty  Price  Amount` heads a table.
        if row.segments.len() >= COLUMNS && !has_legal_form(&text) {
            return None;
        }
        let size = segment.words[0].size;
        // `BISTRO & CAFE` under a name says what kind of shop it is.
        let words = || text.split_whitespace().map(folded).filter(|word| !word.is_empty());
        let is_trade = |word: String| TRADES.contains(&word.as_str());
        let has_trade = words().any(is_trade) && !words().all(is_trade);
        let has_form =
            has_legal_form(&text) && !is_street(&text) || text.to_uppercase().ends_with("S/B");
        // Emblems are read as if they were text.
        let is_guessed = segment.words.iter().any(|word| word.confidence < GUESSED);
        let clues = Clues::of(Contest::Merchant)
            .and(Clue::Always)
            .with(Clue::RowsAbove, at as f64 / 10.0)
            .and_if(has_form, Clue::LegalForm)
            .and_if(has_trade && !is_street(&text), Clue::Trade)
            .and_if(at > 0 && is_branch(&row.text()) || is_street(&text), Clue::Branch)
            .and_if(is_bare_form(&text), Clue::BareForm)
            .and_if(size > 1.25 * usual, Clue::Large)
            .and_if(is_guessed, Clue::Guessed)
            .and_if(is_registered_or_placed(doc, at, row), Clue::Registered)
            .and_if(text.split(' ').count() >= 5, Clue::ManyWords)
            .and_if(text.bytes().any(|byte| byte.is_ascii_digit()), Clue::HasDigit)
            .and_if(row.segments.len() == 1, Clue::Whole);
        let to = count.min(segment.words.len());
        let value = if segment.words[0].source == FieldSource::Ocr {
            with_letters_mended(row, &text)
        } else {
            text.clone()
        };
        let span = Span { raw: text, ..Span::of(segment, 0, to, value) };
        Some(Weighed::new(span, clues))
    });
    weighed.collect()
}

/// Whether the number of registration or an address stands behind the name or in the two rows below it.
fn is_registered_or_placed(doc: &Doc<'_>, at: usize, row: &Row) -> bool {
    let below = doc.rows[at + 1..].iter().take(2).filter(|next| next.page == row.page);
    let is_number = |word: &str| {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        core.bytes().filter(u8::is_ascii_digit).count() >= 5 && !word.contains(['/', ':', ','])
    };
    let has_number = |row: &Row| {
        let mut words = row.segments.iter().flat_map(|segment| &segment.words);
        words.any(|word| is_number(&word.text))
    };
    let is_address = |row: &Row| {
        let text = row.text();
        let first = text.split_whitespace().next().map(folded).unwrap_or_default();
        has_postal_code(&text) || matches!(first.as_str(), "no" | "lot" | "jalan" | "jln")
    };
    has_number(row) || below.into_iter().any(|row| has_number(row) || is_address(row))
}

/// A name that was read in a picture, its words put right.
fn with_letters_mended(row: &Row, text: &str) -> String {
    let confidence = |text: &str| {
        let words = row.segments.iter().flat_map(|segment| &segment.words);
        words.filter(|word| word.text.contains(text)).map(|word| word.confidence).next()
    };
    let words: Vec<(&str, f64)> =
        text.split(' ').map(|word| (word, confidence(word).unwrap_or(1.0))).collect();
    mended(&words).join(" ")
}

/// A name that goes on in the next line: that begins with `&` or is a legal form, or the line of the name ends with `&`.
fn with_next_line(doc: &Doc<'_>, name: Candidate<String>) -> Candidate<String> {
    let next = doc.rows.get(name.row + 1).filter(|row| row.page == name.page);
    let Some(segment) = next.and_then(|row| row.segments.first()) else { return name };
    let stem = name.value.trim_end_matches([' ', '&']);
    let is_open = doc.rows[name.row].segments.last().is_some_and(|last| {
        last.text.ends_with('&') && last.text.trim_end_matches([' ', '&']).ends_with(stem)
    });
    let words: Vec<&str> = segment.words.iter().map(|word| word.text.as_str()).collect();
    let is_form =
        (is_legal_form(&words) || is_bare_form(&segment.text)) && !has_legal_form(&name.value);
    let goes_on = segment.text.starts_with('&') || is_open || is_form;
    let has_digit = segment.text.bytes().any(|byte| byte.is_ascii_digit());
    if !goes_on || has_digit || segment.words.len() > 5 {
        return name;
    }
    let between = if is_open { " & " } else { " " };
    let value = format!("{stem}{between}{}", segment.text);
    joined(name, value, segment)
}

/// A name of which the line has no more than what follows a name: `(M) SDN BHD` or `CO. (M) SDN BHD` below `POPULAR BOOKS`.
fn with_line_before(doc: &Doc<'_>, name: Candidate<String>) -> Candidate<String> {
    let before = name.row.checked_sub(1).map(|at| &doc.rows[at]);
    let before = before.filter(|row| row.page == name.page && is_rest(&name.value));
    let Some((row, segment)) = before.and_then(|row| Some((row, row.segments.first()?))) else {
        return name;
    };
    let Some((text, _)) = name_in(row).filter(|_| row.segments.len() == 1) else { return name };
    let value = format!("{text} {}", name.value);
    joined(name, value, segment)
}

/// Whether a text has hardly any letters in front of a country in brackets and a legal form.
fn is_rest(text: &str) -> bool {
    const LETTERS_MAX: usize = 2;
    let words: Vec<&str> = text.split(' ').collect();
    let form = words.len().saturating_sub(2);
    if !is_legal_form(&words[form..]) {
        return text.starts_with('(');
    }
    let own = words[..form].iter().filter(|word| !word.starts_with('('));
    own.map(|word| word.chars().filter(|c| c.is_alphanumeric()).count()).sum::<usize>()
        <= LETTERS_MAX
}

fn joined(mut name: Candidate<String>, value: String, with: &Segment) -> Candidate<String> {
    name.raw.clone_from(&value);
    name.value = value;
    name.bounds = name.bounds.map(|bounds| bounds.union(with.bounds));
    name
}

/// The text of a row that can be a name, without the numbers of registration behind it, and how many
/// words of the first segment it takes.
fn name_in(row: &Row) -> Option<(String, usize)> {
    let all: Vec<&str> =
        row.segments.iter().flat_map(|s| &s.words).map(|word| word.text.as_str()).collect();
    let mut words = all.as_slice();
    // `… SDN BHD (249336-T)`, `… SDN BHD 789417-W`
    while let [rest @ .., last] = words {
        let digits = last.chars().filter(char::is_ascii_digit).count();
        let closes = last.ends_with(')') && digits >= 4;
        if words.len() > 1
            && (digits >= 4
                || closes
                || matches!(folded(last).as_str(), "" | "cono" | "reg" | "no"))
        {
            words = rest;
        } else {
            break;
        }
    }
    let joined = words.join(" ");
    // `… SDN BHD (139386 X)`
    let name = match joined.rsplit_once('(') {
        Some((name, rest)) if rest.chars().filter(char::is_ascii_digit).count() >= 4 => name,
        _ => joined.as_str(),
    };
    let marks = |c: char| matches!(c, '*' | '-' | ',' | ':' | ' ');
    let text = name.trim_matches(marks).to_owned();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let first = folded(words.first()?);
    let is_name = letters >= 4
        && digits * 3 <= letters
        && !has_postal_code(&text)
        && !text.contains('@')
        && !text.ends_with(':')
        && !NOT_NAMES.contains(&first.as_str())
        && !is_no_name(&text)
        && label_of(&folded(&text)).is_none();
    is_name.then_some((text, words.len()))
}
