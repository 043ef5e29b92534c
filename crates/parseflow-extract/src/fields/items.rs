//! The table of items: its head names the columns, its rows multiply.

use crate::layout::Segment;
use crate::lexicon::{Column, folded};
use crate::spans::{Number, Span};

mod loose;
mod names;
mod proof;

pub(super) use loose::loose_items;
use names::{Names, continue_description, describe, is_unit_name, text_of};

use super::doc::{Candidate, Doc};
use super::table::{
    Head, has_only_amount, is_carried, is_in_description, nearest, table_end, table_head,
};

/// One item. Amounts in cents, quantity and rate in ten-thousandths.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Item {
    pub(super) description: Option<Candidate<String>>,
    pub(super) quantity: Option<Candidate<i64>>,
    pub(super) unit: Option<Candidate<String>>,
    pub(super) unit_price: Option<Candidate<i64>>,
    pub(super) tax_rate: Option<Candidate<i64>>,
    pub(super) amount: Option<Candidate<i64>>,
    /// Quantity times price makes the amount.
    pub(super) multiplies: bool,
}

impl Item {
    /// Whether its numbers prove each other: quantity times price, or a price and an amount of nothing.
    fn is_whole(&self) -> bool {
        let is_zero = |found: &Option<Candidate<i64>>| found.as_ref().is_some_and(|n| n.value == 0);
        self.multiplies || is_zero(&self.amount) && is_zero(&self.unit_price)
    }
}

/// What was found of the table.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Items {
    pub(super) items: Vec<Item>,
    /// Rows of the document that belong to the table.
    pub(super) rows: Vec<usize>,
}

impl Items {
    /// The sum of all amounts, if every item has one.
    pub(super) fn sum(&self) -> Option<i64> {
        let amounts: Option<Vec<i64>> =
            self.items.iter().map(|item| item.amount.as_ref().map(|amount| amount.value)).collect();
        amounts.filter(|amounts| !amounts.is_empty()).map(|amounts| amounts.iter().sum())
    }

    /// Whether these items hold others than those under a head, without a quantity where most of those have one:
    /// such rows grant or charge something.
    pub(super) fn add_allowances(&self, under_head: &Items) -> bool {
        let row = |item: &Item| item.amount.as_ref().map(|amount| amount.row);
        let known = |item: &Item| under_head.items.iter().any(|other| row(other) == row(item));
        let counted = under_head.items.iter().filter(|item| item.quantity.is_some()).count();
        let counts = 2 * counted > under_head.items.len();
        counts && self.items.iter().any(|item| item.quantity.is_none() && !known(item))
    }

    /// These items, each as `others` read it under its head where that told how many there are.
    pub(super) fn with_known(mut self, others: &Items) -> Items {
        let row = |item: &Item| item.amount.as_ref().map(|amount| (amount.row, amount.value));
        for item in &mut self.items {
            let same = others.items.iter().find(|other| row(other) == row(item));
            if let Some(same) = same.filter(|s| s.quantity.is_some() && s.description.is_some()) {
                *item = same.clone();
            }
        }
        self
    }
}

/// Finds the items below the table head, on every page that repeats it.
pub(super) fn items(doc: &Doc<'_>) -> Items {
    let mut found = Items::default();
    let mut at = 0;
    while at < doc.rows.len() {
        let Some((heads, after)) = table_head(doc, at) else {
            at += 1;
            continue;
        };
        let first_row = at;
        // Lists of discounts and taxes have no prices: after items with prices they are no items.
        let has = |column: Column| heads.iter().any(|head| head.column == column);
        let is_poorer =
            found.items.iter().any(|item| item.unit_price.is_some()) && !has(Column::UnitPrice);
        if is_poorer {
            at = after;
            continue;
        }
        at = read_table(doc, &heads, after, &mut found);
        at = read_next_pages(doc, &heads, at, &mut found);
        if !found.items.is_empty() {
            found.rows.extend(first_row..after);
        }
    }
    found
}

/// Folded words that stand over or in the head of lists of discounts, surcharges and taxes.
const ALLOWANCES: &[&str] = &[
    "zuundabschlage",
    "zuschlage",
    "abschlage",
    "abschlag",
    "basisbetrag",
    "grundbetrag",
    "basismenge",
    "basisbetragbasismenge",
    "steueraufschlusselung",
    "allowances",
    "surcharges",
    "baseamount",
    "remisesetcharges",
    "remisesetmajorations",
    "recapitulatiftva",
    "montantdebase",
    "aufschlagetoeslagen",
    "vatsummary",
    "taxsummary",
    "vatbreakdown",
    "taxbreakdown",
];

/// Whether a row without amounts is the title or head of a list of discounts, surcharges or taxes.
fn lists_allowances(doc: &Doc<'_>, row: usize) -> bool {
    let has_money = doc.numbers[row].iter().flatten().any(|span| span.value.looks_like_money());
    let mut segments = doc.rows[row].segments.iter();
    !has_money
        && segments.any(|segment| {
            let mut words = segment.words.iter().map(|word| folded(word.text.trim_matches('%')));
            ALLOWANCES.contains(&folded(&segment.text).as_str())
                || words.any(|word| ALLOWANCES.contains(&word.as_str()))
        })
}

/// Goes on under the same heads when a table runs into a page that does not repeat them.
fn read_next_pages(doc: &Doc<'_>, heads: &[Head], mut at: usize, found: &mut Items) -> usize {
    /// Rows at the top of a page that a repeated head may stand below.
    const TOP_ROWS: usize = 14;
    while !found.items.is_empty()
        && at > 0
        && doc.rows.get(at).is_some_and(|row| row.page == doc.rows[at - 1].page + 1)
    {
        let top = at..doc.rows.len().min(at + TOP_ROWS);
        if top.clone().any(|row| table_head(doc, row).is_some()) {
            break;
        }
        let before = found.items.len();
        let rows_before = found.rows.len();
        let end = table_end(doc, at, doc.rows[at].page);
        let last = read_rows(doc, heads, at, end, found);
        // Without a head only whole items are believed, and what costs nothing.
        let are_whole = found.items[before..].iter().all(Item::is_whole);
        if found.items.len() == before || !are_whole {
            found.items.truncate(before);
            found.rows.truncate(rows_before);
            break;
        }
        at = last;
    }
    at
}

/// Reads the rows under a head; returns the row to go on with.
fn read_table(doc: &Doc<'_>, heads: &[Head], from: usize, found: &mut Items) -> usize {
    let end = table_end(doc, from, doc.rows[from - 1].page);
    read_rows(doc, heads, from, end, found)
}

fn read_rows(doc: &Doc<'_>, heads: &[Head], from: usize, end: usize, found: &mut Items) -> usize {
    // Cells centred upwards or downwards put an amount into a row of its own.
    let mut spare: Vec<usize> =
        (from..end).filter(|&row| has_only_amount(doc, row, heads)).collect();
    let mut consumed: Vec<usize> = Vec::new();
    let mut pending: Vec<&Segment> = Vec::new();
    let mut last_item_row: Option<usize> = None;
    let mut names = Names::default();
    // Below such a head only what multiplies is an item of this table again.
    let mut in_list = false;
    found.rows.extend(from..end);
    for at in from..end {
        let row = &doc.rows[at];
        let texts: Vec<&Segment> =
            row.segments.iter().filter(|s| is_in_description(s, heads, doc)).collect();
        // An amount that a row further down will need is not an item of its own.
        let awaited = spare.contains(&at)
            && (at + 1..end.min(at + 3))
                .any(|next| amount_nearby(doc, next, heads, &spare) == Some(at));
        in_list |= lists_allowances(doc, at);
        if is_carried(doc, at) {
            pending.clear();
            continue;
        }
        if !consumed.contains(&at)
            && !awaited
            && let Some((mut item, used)) = read_item(doc, at, heads, &spare)
            && (!in_list || item.is_whole())
        {
            in_list = false;
            spare.retain(|row| Some(*row) != used && *row != at);
            consumed.extend(used);
            if item.description.is_none() {
                item.description = names.above(doc, at, end, &pending).map(text_of);
            }
            found.items.push(item);
            last_item_row = Some(at);
            pending.clear();
            continue;
        }
        if let (Some(last), Some(item)) = (last_item_row, found.items.last_mut()) {
            if at == last + 1 && settle_by_row_below(doc, at, item) {
                item.unit = unit_of(doc, at, heads, item);
                continue;
            }
            let lacks = item.description.is_none();
            continue_description(doc, item, &texts, last, at, heads);
            names.are_below |= lacks && item.description.is_some();
        }
        pending.extend(texts);
    }
    end.max(from)
}

/// The spare row, at most two away, whose amount completes a row with quantity and price.
fn amount_nearby(doc: &Doc<'_>, row: usize, heads: &[Head], spare: &[usize]) -> Option<usize> {
    let under = |column: Column| {
        let mut numbers = doc.numbers[row].iter().flatten();
        numbers.any(|span| nearest(heads, span.bounds).is_some_and(|head| head.column == column))
    };
    // Without a price of its own the row must be counted: `1  Toolbox  10 pcs`.
    let is_counted = || {
        let first = doc.rows[row].segments.first().and_then(|segment| segment.words.first());
        first.is_some_and(|word| {
            word.text.len() <= 3 && word.text.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    // Lone digits are easily overlooked in pictures.
    let may_lack_quantity = proof::is_read(doc, row) && under(Column::UnitPrice);
    if !(under(Column::Quantity) || may_lack_quantity)
        || under(Column::Amount)
        || !(under(Column::UnitPrice) || is_counted())
    {
        return None;
    }
    let gap = |other: usize| {
        let (a, b) = (doc.rows[row].bounds, doc.rows[other].bounds);
        (a.y0 - b.y0).abs() / a.height().max(1.0)
    };
    let near = |other: &usize| *other != row && other.abs_diff(row) <= 2 && gap(*other) < 2.5;
    let near = spare.iter().copied().filter(near);
    near.min_by(|a, b| gap(*a).total_cmp(&gap(*b)))
}

/// The item of a row with an amount of money in it, or with quantity and price and its amount in a
/// row nearby, which is returned with it.
fn read_item(
    doc: &Doc<'_>,
    row: usize,
    heads: &[Head],
    spare: &[usize],
) -> Option<(Item, Option<usize>)> {
    let mut numbers: Vec<Span<Number>> = doc.numbers[row].iter().flatten().cloned().collect();
    let used = amount_nearby(doc, row, heads, spare);
    let more = used.iter().flat_map(|&row| doc.numbers[row].iter().flatten());
    numbers.extend(more.filter(|span| span.value.looks_like_money()).cloned());
    let wants_amount = heads.iter().any(|head| head.column == Column::Amount);
    let mut item = Item::default();
    for span in &numbers {
        let Some(head) = nearest(heads, span.bounds) else { continue };
        let number = span.value;
        let found = || Candidate::from_span(span.clone(), 0.75);
        match head.column {
            Column::Amount if !number.is_percent => item.amount = Some(found().map(Number::cents)),
            Column::UnitPrice if item.unit_price.is_none() && !number.is_percent => {
                item.unit_price = Some(found().map(|n| n.ten_thousandths));
            }
            Column::Quantity if item.quantity.is_none() && number.currency.is_none() => {
                item.quantity = Some(found().map(|n| n.ten_thousandths));
            }
            Column::TaxRate if item.tax_rate.is_none() && number.currency.is_none() => {
                item.tax_rate = Some(found().map(|n| n.ten_thousandths));
            }
            _ => {}
        }
    }
    settle_by_multiplication(&mut item, &numbers);
    let priced = if wants_amount { item.amount.is_some() } else { item.unit_price.is_some() };
    if !priced || numbers.iter().all(|span| !span.value.looks_like_money()) {
        return None;
    }
    if !item.multiplies && item.quantity.is_none() && wants_quantity(heads) {
        proof::prove(doc, &mut item, &[row]);
    }
    if heads.iter().any(|head| head.column == Column::Quantity) {
        proof::divide(doc, row, &mut item);
    }
    item.unit = unit_of(doc, row, heads, &item);
    let unit = item.unit.as_ref().map(|unit| unit.value.clone());
    item.description = describe(doc, row, heads, &item)
        .filter(|text| unit.as_ref() != Some(&text.value) && !is_unit_name(&text.value));
    Some((item, used))
}

fn wants_quantity(heads: &[Head]) -> bool {
    heads.iter().any(|head| matches!(head.column, Column::Quantity | Column::UnitPrice))
}

/// `18 h x 52,73` under a text with its amount: takes quantity and price from there if they make the amount.
fn settle_by_row_below(doc: &Doc<'_>, row: usize, item: &mut Item) -> bool {
    const MARKS: &[&str] = &["x", "X", "×", "*", "@", "à", "á", "a"];
    let Some(amount) = item.amount.as_ref().filter(|_| !item.multiplies) else { return false };
    let numbers: Vec<&Span<Number>> = doc.numbers[row].iter().flatten().collect();
    let [quantity, price] = numbers.as_slice() else { return false };
    let words = doc.rows[row].segments.iter().flat_map(|segment| &segment.words);
    let mut between =
        words.filter(|w| w.bounds.x0 > quantity.bounds.x0 && w.bounds.x1 <= price.bounds.x1);
    let is_marked = between.any(|word| MARKS.contains(&word.text.as_str()));
    let (q, p) = (quantity.value, price.value);
    let exact = q.ten_thousandths as f64 * p.ten_thousandths as f64 / 1_000_000.0;
    let makes = (exact.round() as i64 - amount.value).abs() <= 1;
    if !is_marked || !makes || q.is_percent || p.is_percent || q.currency.is_some() {
        return false;
    }
    let found = |span: &Span<Number>| {
        Candidate::from_span(span.clone(), 0.85).map(|number| number.ten_thousandths)
    };
    (item.quantity, item.unit_price) = (Some(found(quantity)), Some(found(price)));
    item.multiplies = true;
    true
}

/// Looks for quantity × price = amount among the numbers of a row, the amount being the last money.
fn settle_by_multiplication(item: &mut Item, numbers: &[Span<Number>]) {
    let product = |quantity: i64, price: i64| {
        let exact = quantity as f64 * price as f64 / 1_000_000.0;
        exact.round() as i64
    };
    let fits = |quantity: i64, price: i64, amount: i64| {
        amount != 0 && (product(quantity, price) - amount).abs() <= 1
    };
    if let (Some(q), Some(p), Some(a)) = (&item.quantity, &item.unit_price, &item.amount) {
        item.multiplies = fits(q.value, p.value, a.value);
        if item.multiplies {
            return;
        }
    }
    let plain: Vec<&Span<Number>> = numbers.iter().filter(|span| !span.value.is_percent).collect();
    for (last, amount) in
        plain.iter().enumerate().rev().filter(|(_, span)| span.value.looks_like_money())
    {
        for price in plain[..last].iter().rev() {
            for quantity in plain[..last]
                .iter()
                .filter(|q| q.bounds != price.bounds && q.value.currency.is_none())
            {
                let (q, p) = (quantity.value.ten_thousandths, price.value.ten_thousandths);
                // 1 × x = x is true of any two equal numbers; only believe it when nothing else is known.
                // Printed as `1,00` it is a quantity all the same.
                let is_plain_one = q == 10_000 && quantity.value.decimals < 2;
                if fits(q, p, amount.value.cents())
                    && price.value.decimals >= 2
                    && (!is_plain_one || item.amount.is_none())
                {
                    let found = |span: &Span<Number>| Candidate::from_span(span.clone(), 0.85);
                    item.quantity = Some(found(quantity).map(|n| n.ten_thousandths));
                    item.unit_price = Some(found(price).map(|n| n.ten_thousandths));
                    item.amount = Some(found(amount).map(Number::cents));
                    item.multiplies = true;
                    return;
                }
            }
        }
    }
}

/// The word right after the quantity, or the one in the column of units.
fn unit_of(doc: &Doc<'_>, row: usize, heads: &[Head], item: &Item) -> Option<Candidate<String>> {
    let is_unit = |text: &str| {
        (1..=10).contains(&text.chars().count())
            && text.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '²' | '³'))
    };
    let quantity = item.quantity.as_ref()?.bounds?;
    let column = heads.iter().find(|head| head.column == Column::Unit);
    for segment in &doc.rows[row].segments {
        for (at, word) in segment.words.iter().enumerate() {
            let in_column = column.is_some_and(|head| word.bounds.overlap_x(head.bounds) > 0.4);
            let after_quantity = word.bounds.x0 >= quantity.x1 - 0.5
                && word.bounds.x0 - quantity.x1 < 0.6 * word.size;
            if is_unit(&word.text)
                && (in_column || after_quantity)
                && crate::spans::currency_of(&word.text).is_none()
            {
                return Some(Candidate::from_span(
                    Span::of(segment, at, at + 1, word.text.clone()),
                    0.7,
                ));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests;
