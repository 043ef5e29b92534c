//! The total of a till's slip: by its label, and by what was given and returned.

use crate::layout::{Row, Segment};
use crate::lexicon::{Label, folded};
use crate::spans::Span;

use super::doc::{Candidate, Doc};
use super::rank::{Clue, Clues, Contest, Weighed, best_of};

/// What was handed over, folded beginnings of rows.
const GIVEN: &[&str] = &[
    "cash",
    "tendered",
    "amounttendered",
    "paid",
    "gegeben",
    "bar",
    "especes",
    "contant",
    "efectivo",
    "entregado",
    "contanti",
    "visa",
    "mastercard",
    "card",
    "creditcard",
    "debit",
    "eccash",
    "kartenzahlung",
    "pin",
    "tunai",
    "payment",
];
/// What was given back.
const RETURNED: &[&str] = &[
    "change",
    "ruckgeld",
    "zuruck",
    "wechselgeld",
    "rendu",
    "monnaierendue",
    "wisselgeld",
    "terug",
    "cambio",
    "resto",
    "baki",
    "balance",
];
/// Cents that coins may round a sum by.
const ROUNDING_MAX: i64 = 5;
/// Labels that leave no doubt.
const FINAL: &[&str] = &[
    "totalpayable",
    "grandtotal",
    "nettotal",
    "totaldue",
    "amountdue",
    "totalrounded",
    "netttotal",
    "billamount",
    "amountpaid",
    "netpayable",
    "roundtotal",
    "roundedtotal",
    "totalamountpayable",
    "totalincl",
    "totalinclusive",
    "totalinc",
    "netamount",
    "zuzahlen",
    "netapayer",
    "tebetalen",
    "totalapagar",
    "balancedue",
    "amountpayable",
    "totalsalesinclusive",
    "totalttc",
    "totalsalesincl",
];
/// Rows of totals that are not that of the bill.
const NOT_TOTAL: &[&str] = &[
    "subtotal",
    "qty",
    "quantity",
    "item",
    "supplies",
    "tax",
    "gst",
    "saving",
    "discount",
    "disc",
    "excl",
    "point",
    "zwischensumme",
    "soustotal",
    "subtotaal",
    "subtotale",
    "mwst",
    "tva",
    "iva",
    "btw",
];

/// The total of a receipt, in cents; `None` where no row speaks of one.
pub(super) fn slip_total(doc: &Doc<'_>) -> Option<Candidate<i64>> {
    let settled = settled(doc);
    let best = best_of(slip_totals(doc));
    // What was given less what was returned is the total, whatever its label became.
    if let Some(cents) = settled
        && best.as_ref().is_none_or(|known| {
            let is_rounded = (known.value - cents).abs() <= ROUNDING_MAX;
            known.value != cents && (known.score < 0.8 || is_rounded)
        })
    {
        let printed = doc.rows.iter().flat_map(|row| &row.segments).flat_map(money_in);
        if let Some(span) = printed.into_iter().find(|span| span.value == cents) {
            return Some(Candidate::from_span(span, 0.8));
        }
    }
    let found = best.map(|found| Candidate { score: found.score.min(1.0), ..found });
    found.or_else(|| card_slip::amount(doc))
}

/// Whether a row holds several amounts that differ.
fn has_other_amounts(row: &Row, last: i64) -> bool {
    row.segments.iter().flat_map(money_in).any(|span| span.value != last)
}

/// What was given less what was returned.
fn settled(doc: &Doc<'_>) -> Option<i64> {
    let (given, returned) = (amount_of(doc, GIVEN)?, amount_of(doc, RETURNED)?);
    Some(given - returned).filter(|settled| *settled > 0)
}

/// The amounts of rows that speak of a total.
pub(super) fn slip_totals(doc: &Doc<'_>) -> Vec<Weighed<i64>> {
    let given = amount_of(doc, GIVEN);
    let settled = settled(doc);
    let mut found = Vec::new();
    for (index, row) in doc.rows.iter().enumerate() {
        let text: String = row.segments.iter().map(|segment| folded(&segment.text)).collect();
        // `TOTAL (GST INCL)` names a tax and is the whole sum nevertheless, if nothing comes after it.
        let is_whole = text.starts_with("total") && text.contains("incl") && !text.contains("excl");
        let is_final = FINAL.iter().any(|label| text.contains(label));
        let is_total = doc
            .hits_in_row(index)
            .iter()
            .any(|hit| matches!(hit.label, Label::Total | Label::AmountDue) && hit.segment == 0);
        let other = NOT_TOTAL.iter().any(|label| text.contains(label));
        if !(is_final || is_total || is_whole) {
            continue;
        }
        let Some(span) = money_near(doc, index).filter(|span| span.value > 0) else { continue };
        let clue = match (is_final, other) {
            (true, false) => Clue::Final,
            (true, true) => Clue::FinalOfPart,
            (false, false) => Clue::Total,
            (false, true) => Clue::TotalOfPart,
        };
        let clues = Clues::of(Contest::Slip)
            .and(clue)
            // The sums of a table of taxes: net and tax, and not what is to be paid.
            .and_if(has_other_amounts(row, span.value), Clue::OtherAmounts)
            .and_if(settled == Some(span.value), Clue::Settled)
            .and_if(settled.is_none() && given == Some(span.value), Clue::Given)
            .with(Clue::Depth, doc.depth(index));
        found.push(Weighed::new(span, clues));
    }
    found
}

/// The amount of the first row that begins with one of these words.
fn amount_of(doc: &Doc<'_>, words: &[&str]) -> Option<i64> {
    doc.rows.iter().enumerate().find_map(|(index, row)| {
        let first = row.segments.first()?.words.first().map(|word| folded(&word.text))?;
        words.contains(&first.as_str()).then(|| money_near(doc, index))?.map(|span| span.value)
    })
}

/// The last amount of a row, else that of the row right above or below if it holds nothing else.
fn money_near(doc: &Doc<'_>, index: usize) -> Option<Span<i64>> {
    let last_of = |row: &Row| row.segments.iter().flat_map(money_in).last();
    let row = &doc.rows[index];
    if let Some(span) = last_of(row) {
        return Some(span);
    }
    let is_bare = |row: &&Row| {
        row.segments
            .iter()
            .all(|segment| segment.text.chars().filter(|c| c.is_alphabetic()).count() <= 3)
    };
    let gap = |other: &Row| (other.bounds.y0 - row.bounds.y0).abs() / row.bounds.height().max(1.0);
    let neighbours = [index.checked_sub(1), Some(index + 1)].into_iter().flatten();
    let near = neighbours.filter_map(|at| doc.rows.get(at)).filter(is_bare);
    let near = near.filter(|other| other.page == row.page && gap(other) < 1.6);
    near.min_by(|a, b| gap(a).total_cmp(&gap(b))).and_then(last_of)
}

/// Amounts with two decimals, also with the leading zeros of tills: `02.80`.
fn money_in(segment: &Segment) -> Vec<Span<i64>> {
    let cents = |text: &str| -> Option<i64> {
        let text = text
            .trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, '$' | '€' | '£' | ':'));
        let text = text.trim_end_matches(|c: char| c.is_alphabetic() || matches!(c, '€' | '*'));
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let at = text.len().checked_sub(3)?;
        let (whole, part) = (text.get(..at)?, text.get(at + 1..)?);
        let mark = text.as_bytes()[at];
        let digits: String = whole.chars().filter(|c| !matches!(c, ',' | '.' | '\'')).collect();
        let valid = matches!(mark, b'.' | b',')
            && part.bytes().all(|b| b.is_ascii_digit())
            && (1..=7).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit());
        let value = digits.parse::<i64>().ok()? * 100 + part.parse::<i64>().ok()?;
        valid.then_some(if negative { -value } else { value })
    };
    let found = segment.words.iter().enumerate();
    found.filter_map(|(at, word)| Some(Span::of(segment, at, at + 1, cents(&word.text)?))).collect()
}

mod card_slip;
#[cfg(test)]
mod tests;
