//! What proves an amount: a quantity and a price that make it, per piece or per hundred, less a discount.

use parseflow_model::FieldSource;

use crate::layout::Segment;
use crate::spans::{Number, Span};

use super::Item;
use crate::fields::doc::{Candidate, Doc};
use crate::fields::out::derived;

/// Units that a price may be for.
const PER: [i64; 3] = [1, 100, 1_000];

/// Numbers that are tried of each kind: rows of an item hold few, and every one is tried with every other.
const TRIED_MAX: usize = 24;

/// Quantity and price, both in ten-thousandths, that make an amount of cents.
pub(super) struct Proof {
    pub(super) quantity: Span<i64>,
    pub(super) price: Span<i64>,
}

/// Gives an item that has an amount but no quantity the quantity and price that make it: those of the first of these
/// rows that prints both, or one from each of two rows.
pub(super) fn prove(doc: &Doc<'_>, item: &mut Item, rows: &[usize]) {
    let Some(amount) = item.amount.as_ref() else { return };
    let one = rows.iter().find_map(|row| proof_in(doc, &[*row], amount));
    let Some(found) = one.or_else(|| proof_in(doc, rows, amount)) else { return };
    item.quantity = Some(Candidate::from_span(found.quantity, 0.85));
    item.unit_price = Some(Candidate::from_span(found.price, 0.85));
    item.multiplies = true;
}

/// Whether a row was read in a picture.
pub(super) fn is_read(doc: &Doc<'_>, row: usize) -> bool {
    let mut words = doc.rows[row].segments.iter().flat_map(|segment| &segment.words);
    words.all(|word| word.source == FieldSource::Ocr)
}

/// A single digit that stands alone is easily overlooked in a picture: gives an item that was read with price and amount
/// the whole quantity that makes one of the other.
pub(super) fn divide(doc: &Doc<'_>, row: usize, item: &mut Item) {
    /// In ten-thousandths.
    const WHOLE: i64 = 10_000;
    const MOST: i64 = 1_000 * WHOLE;
    let (Some(price), Some(amount)) = (&item.unit_price, &item.amount) else { return };
    if !is_read(doc, row) || item.quantity.is_some() || price.value <= 0 {
        return;
    }
    let quantity = amount.value * 1_000_000 / price.value;
    if (WHOLE..=MOST).contains(&quantity)
        && quantity % WHOLE == 0
        && amount.value * 1_000_000 % price.value == 0
    {
        item.quantity = Some(derived(quantity, amount));
        item.multiplies = true;
    }
}

/// The first quantity and price in these rows that make the amount.
fn proof_in(doc: &Doc<'_>, rows: &[usize], amount: &Candidate<i64>) -> Option<Proof> {
    let plain = || rows.iter().flat_map(|&row| doc.numbers[row].iter().flatten());
    let percents: Vec<i64> = plain()
        .filter(|span| span.value.is_percent)
        .map(|span| span.value.ten_thousandths)
        .filter(|share| (0..1_000_000).contains(share))
        .take(TRIED_MAX)
        .collect();
    let is_amount =
        |span: &Span<Number>| span.row == amount.row && Some(span.bounds) == amount.bounds;
    let has_per = |per: i64| per == 1 || plain().any(|s| s.value.ten_thousandths == per * 10_000);
    let prices: Vec<&Span<Number>> = plain()
        .filter(|span| span.value.decimals >= 2 && !span.value.is_percent && !is_amount(span))
        .take(TRIED_MAX)
        .collect();
    for quantity in quantities(doc, rows, amount) {
        for price in prices.iter().filter(|price| price.bounds != quantity.bounds) {
            let makes = PER.into_iter().filter(|&per| has_per(per)).any(|per| {
                let whole = quantity.value as f64 * price.value.ten_thousandths as f64
                    / (1_000_000.0 * per as f64);
                let near = |exact: f64| (exact - amount.value as f64).abs() <= 1.01;
                let mut less = percents.iter().map(|share| whole * (1.0 - *share as f64 / 1e6));
                near(whole) || less.any(near)
            });
            if makes {
                let price = with(price, price.value.ten_thousandths);
                return Some(Proof { quantity, price });
            }
        }
    }
    None
}

/// What may be a quantity in these rows, likeliest first: whole numbers before others. What costs nothing is proved
/// by any, so there those that stand farther right come first.
fn quantities(doc: &Doc<'_>, rows: &[usize], amount: &Candidate<i64>) -> Vec<Span<i64>> {
    let mut found: Vec<Span<i64>> = Vec::new();
    for &row in rows {
        let numbers = doc.numbers[row].iter().flatten().filter(|span| {
            let is_amount = row == amount.row && Some(span.bounds) == amount.bounds;
            let number = span.value;
            !is_amount
                && number.currency.is_none()
                && !number.is_percent
                && number.ten_thousandths != 0
        });
        found.extend(numbers.map(|span| with(span, span.value.ten_thousandths)));
        found.extend(doc.rows[row].segments.iter().flat_map(glued_in));
    }
    if amount.value == 0 {
        found.sort_by(|a, b| b.bounds.x1.total_cmp(&a.bounds.x1));
    }
    found.sort_by_key(|span| span.value % 10_000 != 0);
    found.truncate(TRIED_MAX);
    found
}

fn with(span: &Span<Number>, value: i64) -> Span<i64> {
    Span {
        value,
        raw: span.raw.clone(),
        bounds: span.bounds,
        page: span.page,
        row: span.row,
        words: span.words,
        confidence: span.confidence,
        source: span.source,
    }
}

/// Quantities set without a space before their unit: `3Stk`, `2,5h`, `12x`; in ten-thousandths.
fn glued_in(segment: &Segment) -> Vec<Span<i64>> {
    let glued = |(at, word): (usize, &crate::layout::Word)| {
        let text = word.text.as_str();
        let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-')))?;
        let (digits, unit) = text.split_at(end);
        let is_unit = unit.trim_end_matches('.').chars().all(|c| c.is_alphabetic() || c == '²');
        let value = thousandths(digits)? * 10;
        (is_unit && unit.chars().count() <= 7).then(|| Span::of(segment, at, at + 1, value))
    };
    segment.words.iter().enumerate().filter_map(glued).collect()
}

/// `2,5` or `2.5` in thousandths; at most three decimals behind one mark.
fn thousandths(digits: &str) -> Option<i64> {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, digits),
    };
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 7 || part.len() > 3 || !is_plain(whole) || !is_plain(part)
    {
        return None;
    }
    let part: i64 = format!("{part:0<3}").parse().ok()?;
    Some(sign * (whole.parse::<i64>().ok()? * 1_000 + part))
}
