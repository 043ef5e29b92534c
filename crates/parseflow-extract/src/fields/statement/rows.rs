//! The list of transactions: which rows, which columns.

use super::balances::end_in;
use super::{Transaction, sign_after};
use crate::fields::doc::{Candidate, Doc};
use crate::layout::{Bounds, Row, Segment};
use crate::lexicon::folded;
use crate::spans::{CalendarDate, Number, Span, month_of};

/// Transactions of one statement, at most.
const TRANSACTIONS_MAX: usize = 5_000;

/// What a column of the list holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Column {
    Debit,
    Credit,
    Amount,
    Balance,
}

const COLUMNS: &[(Column, &[&str])] = &[
    (
        Column::Debit,
        &[
            "debit",
            "debits",
            "paidout",
            "moneyout",
            "withdrawals",
            "withdrawal",
            "payments",
            "soll",
            "lastschrift",
            "ausgang",
            "belastung",
            "debet",
            "af",
            "cargo",
            "cargos",
            "dare",
            "uscite",
            "addebiti",
            "debito",
            "debitos",
            "debe",
            "retraits",
            "bedragaf",
            "obciazenia",
            "wyplaty",
            "wydatki",
            "obciazenie",
            "lastschriften",
            "ausgaben",
            "odepsano",
            "uttag",
            "salidas",
        ],
    ),
    (
        Column::Credit,
        &[
            "credit",
            "credits",
            "paidin",
            "moneyin",
            "deposits",
            "deposit",
            "receipts",
            "haben",
            "gutschrift",
            "eingang",
            "bij",
            "abono",
            "abonos",
            "avere",
            "entrate",
            "accrediti",
            "credito",
            "creditos",
            "haber",
            "versements",
            "bedragbij",
            "uznania",
            "wplaty",
            "wplywy",
            "uznanie",
            "einnahmen",
            "pripsano",
            "insattning",
            "entradas",
        ],
    ),
    (
        Column::Balance,
        &[
            "balance",
            "runningbalance",
            "saldo",
            "kontostand",
            "solde",
            "balanceeur",
            "saldopooperacji",
            "saldeeur",
            "zustatek",
        ],
    ),
    (
        Column::Amount,
        &[
            "amount",
            "betrag",
            "umsatz",
            "montant",
            "importe",
            "importo",
            "bedrag",
            "amounteur",
            "betrageur",
            "kwota",
            "montante",
            "valor",
            "belopp",
            "castka",
        ],
    ),
];

/// Rows that begin with a date and hold an amount, on every page.
pub(super) fn transactions(doc: &Doc<'_>) -> Vec<Transaction> {
    let mut found: Vec<Transaction> = Vec::new();
    let mut heads: Vec<(Column, Bounds)> = Vec::new();
    let year = year_of(doc);
    let mut last: Option<(usize, f64)> = None;
    for (index, row) in doc.rows.iter().enumerate() {
        let own = heads_in(row);
        if own.len() >= 2
            || own.len() == 1
                && row.segments.len() >= 3
                && doc.numbers[index].iter().all(Vec::is_empty)
        {
            heads = own;
            continue;
        }
        let is_sum = row.segments.iter().any(|segment| end_in(segment).is_some());
        match transaction(doc, index, &heads, year).filter(|_| !is_sum) {
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

fn heads_in(row: &Row) -> Vec<(Column, Bounds)> {
    let column = |segment: &Segment| {
        let text = folded(&segment.text);
        COLUMNS.iter().find(|(_, names)| names.contains(&text.as_str())).map(|(column, _)| *column)
    };
    row.segments.iter().filter_map(|segment| Some((column(segment)?, segment.bounds))).collect()
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
    amount.as_ref()?;
    let first_amount = amounts.iter().map(|span| span.bounds.x0).fold(f64::MAX, f64::min);
    Some(Transaction { date, description: description(row, used, first_amount), amount, balance })
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
    let day_first = doc.order == crate::spans::DateOrder::DayFirst || text.contains('.');
    let (day, month) = if day_first { (a, b) } else { (b, a) };
    let valid = rest.is_none() && (1..=31).contains(&day) && (1..=12).contains(&month);
    valid.then_some((day, month))
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

fn column_of(heads: &[(Column, Bounds)], bounds: Bounds) -> Option<Column> {
    let distance = |head: &Bounds| {
        if head.overlap_x(bounds) > 0.0 {
            return 0.0;
        }
        (head.x1 - bounds.x1).abs().min((head.x0 - bounds.x0).abs())
    };
    let nearest = heads.iter().min_by(|a, b| distance(&a.1).total_cmp(&distance(&b.1)))?;
    (distance(&nearest.1) < 60.0).then_some(nearest.0)
}

/// The year of the first full date of the document.
fn year_of(doc: &Doc<'_>) -> Option<u16> {
    let segments = doc.rows.iter().flat_map(|row| &row.segments);
    segments.flat_map(|segment| doc.dates_in(segment)).map(|span| span.value.year).max()
}
