//! The list of transactions: which rows, which columns.

use super::balances::end_in;
use super::columns::{Column, column_of, heads_in};
use super::{Transaction, sign_after};
use crate::fields::doc::{Candidate, Doc};
use crate::layout::{Bounds, Row, Segment};
use crate::lexicon::folded;
use crate::spans::{CalendarDate, Number, Span, month_of};

/// Transactions of one statement, at most.
const TRANSACTIONS_MAX: usize = 5_000;

/// Rows that begin with a date and hold an amount, on every page; where there are none, those whose day stands between text and amount.
pub(super) fn transactions(doc: &Doc<'_>) -> Vec<Transaction> {
    let found = listed(doc, Day::First);
    if found.len() >= 2 { found } else { listed(doc, Day::Inside) }
}

/// Where a row has its day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Day {
    First,
    Inside,
}

fn listed(doc: &Doc<'_>, place: Day) -> Vec<Transaction> {
    let mut found: Vec<Transaction> = Vec::new();
    let mut heads: Vec<(Column, Bounds)> = Vec::new();
    let year = year_of(doc);
    let mut last: Option<(usize, f64)> = None;
    for (index, row) in doc.rows.iter().enumerate() {
        let own = heads_in(row);
        let is_plain = doc.numbers[index].iter().all(Vec::is_empty);
        if own.len() >= 2 || own.len() == 1 && row.segments.len() >= 3 && is_plain {
            heads = own;
            continue;
        }
        let is_sum = row.segments.iter().any(|segment| end_in(segment).is_some());
        let own = match place {
            Day::First => transaction(doc, index, &heads, year),
            Day::Inside => inside(doc, index, &heads),
        };
        // A line without a day is of the day before it.
        let own = own.or_else(|| {
            let (at, left) = last.filter(|_| place == Day::First)?;
            same_day(doc, (at, index), left, &heads, found.last()?)
        });
        match own.filter(|_| !is_sum) {
            Some(row_found) if found.len() < TRANSACTIONS_MAX => {
                let left = row_found
                    .description
                    .as_ref()
                    .and_then(|text| text.bounds)
                    .map_or(0.0, |b| b.x0);
                found.push(row_found);
                last = Some((index, left));
            }
            _ => {
                // A description goes on in rows of its own.
                let goes_on = last.is_some_and(|(at, left)| {
                    index - at <= 3
                        && row.segments.len() == 1
                        && (row.segments[0].bounds.x0 - left).abs() < 6.0
                        && row.bounds.y0 - doc.rows[index - 1].bounds.y1 < 0.8 * row.bounds.height()
                });
                match found.last_mut().and_then(|row| row.description.as_mut()) {
                    Some(text) if goes_on && !is_sum => {
                        text.value.push(' ');
                        text.value.push_str(&row.segments[0].text);
                    }
                    _ => last = None,
                }
            }
        }
    }
    found
}

/// Whether a list may have a line that begins so.
pub(super) fn begins_with_day(doc: &Doc<'_>, segment: &Segment) -> bool {
    leading_date(doc, segment, Some(2_000)).is_some()
}

/// A line whose day stands behind its text: `Coffee  12.03.2026  -4.50`.
fn inside(doc: &Doc<'_>, index: usize, heads: &[(Column, Bounds)]) -> Option<Transaction> {
    let row = &doc.rows[index];
    let [first, rest @ ..] = row.segments.as_slice() else { return None };
    let day = rest.iter().find_map(|segment| {
        let span = doc.dates_in(segment).into_iter().next()?;
        (span.words == (0, segment.words.len())).then_some(span)
    })?;
    let date = Candidate::from_span(day, 0.9).map(CalendarDate::iso);
    let after = date.bounds?.x1;
    let (amount, balance, _) = amounts(doc, index, heads, after);
    amount.as_ref()?;
    let text = Span::of(first, 0, first.words.len(), first.text.clone());
    let is_text = first.text.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    let description = is_text.then(|| Candidate::from_span(text, 0.85))?;
    Some(Transaction { date, description: Some(description), amount, balance, row: index })
}

/// Words for a sum that a page hands to the next.
const CARRIED: &[&str] = &[
    "carried",
    "brought",
    "ubertrag",
    "vortrag",
    "areporter",
    "report",
    "transport",
    "sumaysigue",
    "riporto",
    "przeniesienia",
    "prevod",
    "continued",
    "forward",
];
/// Words for the sum of a column.
const SUMS: &[&str] =
    &["total", "totale", "totaal", "summe", "suma", "razem", "celkem", "summa", "ialt", "turnover"];

/// A line under another of the same day, whose text begins where that of the other does.
fn same_day(
    doc: &Doc<'_>,
    (before, index): (usize, usize),
    left: f64,
    heads: &[(Column, Bounds)],
    last: &Transaction,
) -> Option<Transaction> {
    let row = &doc.rows[index];
    let first = row.segments.first()?;
    let aligned = (first.bounds.x0 - left).abs() < 6.0 && index - before <= 3;
    let fold = folded(&first.text);
    let is_sum = CARRIED.iter().any(|word| fold.contains(word))
        || SUMS.iter().any(|sum| fold.starts_with(sum) || fold.ends_with(sum));
    let has_letters = !is_sum && fold.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    if !aligned || !has_letters || row.segments.len() < 2 || heads.is_empty() {
        return None;
    }
    let (amount, balance, start) = amounts(doc, index, heads, first.bounds.x1);
    amount.as_ref()?;
    let description = description(row, 0, start);
    Some(Transaction { date: last.date.clone(), description, amount, balance, row: index })
}

fn transaction(
    doc: &Doc<'_>,
    index: usize,
    heads: &[(Column, Bounds)],
    year: Option<u16>,
) -> Option<Transaction> {
    let row = &doc.rows[index];
    let first = row.segments.first()?;
    let (date, used) = leading_date(doc, first, year)?;
    let after = date.bounds?.x1;
    let (amount, balance, start) = amounts(doc, index, heads, after);
    amount.as_ref()?;
    let description = description(row, used, start).or_else(|| behind(row, start));
    Some(Transaction { date, description, amount, balance, row: index })
}

/// Text that stands behind the amounts of a line.
fn behind(row: &Row, start: f64) -> Option<Candidate<String>> {
    let last = row.segments.last()?;
    let is_text =
        last.bounds.x0 > start && last.text.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    let span = Span::of(last, 0, last.words.len(), last.text.clone());
    is_text.then(|| Candidate::from_span(span, 0.85))
}

type Sum = Option<Candidate<i64>>;

/// The amount and the balance of a line behind its day, and where the first of them begins.
fn amounts(doc: &Doc<'_>, index: usize, heads: &[(Column, Bounds)], after: f64) -> (Sum, Sum, f64) {
    let row = &doc.rows[index];
    let numbers = doc.numbers[index].iter().flatten();
    let amounts: Vec<&Span<Number>> =
        numbers.filter(|span| span.value.looks_like_money() && span.bounds.x0 > after).collect();
    // The day of the value may look like an amount: `02.03 04.03 Rent 700,00`.
    let is_day = |span: &Span<Number>| {
        let has_text = row.segments.iter().flat_map(|segment| &segment.words).any(|word| {
            word.bounds.x0 > after
                && word.bounds.x1 < span.bounds.x0
                && folded(&word.text).len() > 1
        });
        !has_text && day_and_month(doc, &span.raw).is_some()
    };
    let amounts: Vec<&Span<Number>> = match amounts.as_slice() {
        [first, _, ..] if is_day(first) => amounts[1..].to_vec(),
        _ => amounts,
    };
    let (mut amount, mut balance) = (None, None);
    for span in &amounts {
        let value = |sign: i64| {
            let sign = sign * sign_after(row, span);
            Some(Candidate::from_span((*span).clone(), 0.9).map(|number| sign * number.cents()))
        };
        match column_of(heads, span.bounds) {
            Some(Column::Debit) => {
                amount = value(if span.value.ten_thousandths < 0 { 1 } else { -1 })
            }
            Some(Column::Credit | Column::Amount) => amount = value(1),
            Some(Column::Balance) => balance = value(1),
            None if amount.is_none() => amount = value(1),
            None => balance = value(1),
        }
    }
    let start = amounts.iter().map(|span| span.bounds.x0).fold(f64::MAX, f64::min);
    (amount, balance, start)
}

/// The words between the dates and the first amount.
fn description(row: &Row, used: usize, first_amount: f64) -> Option<Candidate<String>> {
    let mut texts: Vec<String> = Vec::new();
    let mut bounds: Option<Bounds> = None;
    for (at, segment) in row.segments.iter().enumerate() {
        let from = if at == 0 { used } else { 0 };
        // `02 Mar` beside the day of the booking.
        if texts.is_empty()
            && short_date(segment, Some(0)).is_some_and(|(_, to)| to == segment.words.len())
        {
            continue;
        }
        for word in
            segment.words.iter().skip(from).filter(|word| word.bounds.x1 <= first_amount + 0.5)
        {
            // A second date is that of the value.
            let is_date = word.text.len() >= 5
                && word.text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'/' | b'-'));
            if is_date && texts.is_empty() {
                continue;
            }
            texts.push(word.text.clone());
            bounds = Some(bounds.map_or(word.bounds, |known| known.union(word.bounds)));
        }
    }
    let text = texts.join(" ");
    let span = Span { bounds: bounds?, ..Span::of(row.segments.first()?, 0, 1, text.clone()) };
    Some(Candidate { raw: text, ..Candidate::from_span(span, 0.85) })
}

/// The date a row begins with, with the words it takes; `01.04.` and `04/01` take their year from the
/// statement.
fn leading_date(
    doc: &Doc<'_>,
    segment: &Segment,
    year: Option<u16>,
) -> Option<(Candidate<String>, usize)> {
    if let Some(span) = doc.dates_in(segment).into_iter().find(|span| span.words.0 == 0) {
        let used = span.words.1;
        return Some((Candidate::from_span(span, 0.93).map(CalendarDate::iso), used));
    }
    if let Some(date) = short_date(segment, year) {
        return Some(date);
    }
    let word = segment.words.first()?;
    let (day, month) = day_and_month(doc, &word.text)?;
    let iso = format!("{:04}-{month:02}-{day:02}", year?);
    Some((Candidate::from_span(Span::of(segment, 0, 1, iso), 0.85), 1))
}

/// `01.04.` and `04/01` in the order of the document.
fn day_and_month(doc: &Doc<'_>, text: &str) -> Option<(u8, u8)> {
    let text = text.trim_end_matches(['.', ',']);
    let mut parts = text.split(['.', '/', '-']);
    let (a, b, rest) = (parts.next()?, parts.next()?, parts.next());
    let number = |text: &str| text.parse::<u8>().ok().filter(|_| text.len() <= 2);
    let (a, b) = (number(a)?, number(b)?);
    // Where whole days are written `2026-04-01`, `04-01` is the first of April.
    let is_iso = text.contains('-') && !text.contains('.') && whole_days_begin_with_year(doc);
    let day_first =
        !is_iso && (doc.order == crate::spans::DateOrder::DayFirst || text.contains('.'));
    let (day, month) = if day_first { (a, b) } else { (b, a) };
    let valid = rest.is_none() && (1..=31).contains(&day) && (1..=12).contains(&month);
    valid.then_some((day, month))
}

fn whole_days_begin_with_year(doc: &Doc<'_>) -> bool {
    let words = doc.rows.iter().take(60).flat_map(|row| &row.segments).flat_map(|s| &s.words);
    let mut days = words.filter(|word| {
        let parts: Vec<&str> = word.text.split('-').collect();
        parts.len() == 3 && parts[0].len() == 4 && parts[0].bytes().all(|b| b.is_ascii_digit())
    });
    days.next().is_some()
}

/// `01 Mar` and `1. März` without a year.
fn short_date(segment: &Segment, year: Option<u16>) -> Option<(Candidate<String>, usize)> {
    let [day, month, ..] = segment.words.as_slice() else { return None };
    let number = day.text.trim_end_matches('.');
    let day: u8 = number.parse().ok().filter(|day| (1..=31).contains(day) && number.len() <= 2)?;
    let month = month_of(&month.text)?;
    let iso = format!("{:04}-{month:02}-{day:02}", year?);
    Some((Candidate::from_span(Span::of(segment, 0, 2, iso), 0.85), 2))
}

/// The latest year of the full dates of the document, else of what looks like one: `2025-03-01--2025-03-31`.
fn year_of(doc: &Doc<'_>) -> Option<u16> {
    let segments = || doc.rows.iter().flat_map(|row| &row.segments);
    let dates = segments().flat_map(|segment| doc.dates_in(segment)).map(|span| span.value.year);
    dates.max().or_else(|| {
        let words = segments().flat_map(|segment| &segment.words);
        let mut years = words.filter_map(|word| {
            let year: u16 = word.text.get(..4)?.parse().ok()?;
            (1990..2100).contains(&year).then_some(year)
        });
        years.next()
    })
}
