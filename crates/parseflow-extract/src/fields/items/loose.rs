//! Items under no head that can be read: lists, boxes, names with their values, columns with heads unknown to us.
//!
//! Amounts that stand under each other and add up to the net or gross sum are those of the items, whatever is printed
//! over them; sums of groups and sums carried between pages, which repeat what stands above, are left out.

use std::collections::HashMap;

use crate::layout::Segment;
use crate::lexicon::{Label, column_of, folded, label_of};
use crate::spans::{Number, Span};

use super::names::is_unit_name;
use super::proof::prove;
use super::{Item, Items, is_carried, unit_of};
use crate::fields::doc::{Candidate, Doc};

/// Cents by which the sum of the items may differ.
const TOLERANCE_CENTS: i64 = 2;
/// Amounts looked at, at most: the search takes their square.
const AMOUNTS_MAX: usize = 600;
/// Rows between the name of an item and its amount, at most.
const BLOCK_ROWS: usize = 5;

/// The items whose amounts make one of `sums` (cents), above row `end`.
pub(in crate::fields) fn loose_items(doc: &Doc<'_>, sums: &[i64], end: usize) -> Option<Items> {
    let amounts: Vec<&Span<Number>> = doc.numbers[..end.min(doc.numbers.len())]
        .iter()
        .enumerate()
        .filter(|(row, _)| !is_carried(doc, *row))
        .flat_map(|(_, row)| row.iter().flatten())
        .filter(|span| span.value.looks_like_money())
        .take(AMOUNTS_MAX)
        .collect();
    let names: HashMap<usize, String> =
        amounts.iter().map(|span| (span.row, name_of_row(doc, span.row))).collect();
    for &sum in sums.iter().filter(|sum| **sum != 0) {
        let lists = amounts.iter().rev().flat_map(|seed| {
            let at_right = |span: &Span<Number>| (span.bounds.x1 - seed.bounds.x1).abs() < 2.0;
            let at_left = |span: &Span<Number>| (span.bounds.x0 - seed.bounds.x0).abs() < 2.0;
            // Of names with their values, the values of one name.
            let name = names.get(&seed.row).filter(|name| !name.is_empty());
            let has_name = |span: &Span<Number>| name.is_some() && names.get(&span.row) == name;
            [
                column(&amounts, at_right),
                column(&amounts, at_left),
                column(&amounts, |span| at_left(span) && has_name(span)),
            ]
        });
        for list in lists {
            if let Some(list) = making(&list, sum)
                && let Some(items) = items_of(doc, &list, end)
            {
                return Some(items);
            }
        }
    }
    None
}

/// What the first cell of a row says, folded.
fn name_of_row(doc: &Doc<'_>, row: usize) -> String {
    doc.rows[row].segments.first().map(|segment| folded(&segment.text)).unwrap_or_default()
}

/// The amounts in one column, one for each row.
fn column<'s>(
    amounts: &[&'s Span<Number>],
    is_inside: impl Fn(&Span<Number>) -> bool,
) -> Vec<&'s Span<Number>> {
    let mut list: Vec<&Span<Number>> = Vec::new();
    for amount in amounts.iter().copied().filter(|amount| is_inside(amount)) {
        if list.last().is_none_or(|last| last.row != amount.row) {
            list.push(amount);
        }
    }
    list
}

/// The amounts themselves if they make the sum, or without those that sum up what stands above them.
fn making<'s>(list: &[&'s Span<Number>], sum: i64) -> Option<Vec<&'s Span<Number>>> {
    let total = |list: &[&Span<Number>]| list.iter().map(|span| span.value.cents()).sum::<i64>();
    let fits = |list: &[&Span<Number>]| (total(list) - sum).abs() <= TOLERANCE_CENTS;
    if fits(list) {
        return Some(list.to_vec());
    }
    // Sums of one amount first: a group may have a single item.
    [1, 2].into_iter().find_map(|least| {
        let mut kept: Vec<&Span<Number>> = Vec::new();
        let (mut all, mut group, mut count) = (0, 0, 0);
        for &span in list {
            let cents = span.value.cents();
            let repeats = count >= least && cents == group || kept.len() > 1 && cents == all;
            if repeats {
                (group, count) = (0, 0);
            } else {
                (all, group, count) = (all + cents, group + cents, count + 1);
                kept.push(span);
            }
        }
        fits(&kept).then_some(kept)
    })
}

/// Names, quantities and prices beside, above and below the amounts; `None` where an amount has no name, or a row
/// names a sum and nothing multiplies in it.
fn items_of(doc: &Doc<'_>, amounts: &[&Span<Number>], end: usize) -> Option<Items> {
    let blocks: Vec<Block> =
        (0..amounts.len()).map(|at| Block::of(doc, amounts, at, end)).collect();
    let mut found = Items::default();
    let mut items: Vec<Item> = Vec::new();
    for (amount, block) in amounts.iter().zip(&blocks) {
        let cents = Candidate::from_span((*amount).clone(), 0.75).map(Number::cents);
        let mut item = Item { amount: Some(cents), ..Item::default() };
        let rows: Vec<usize> =
            [amount.row].into_iter().chain(block.below()).chain(block.above()).collect();
        prove(doc, &mut item, &rows);
        if let Some(row) = item.quantity.as_ref().map(|quantity| quantity.row) {
            item.unit = unit_of(doc, row, &[], &item);
        }
        let hits = doc.hits_in_row(amount.row);
        let is_sum = hits.iter().any(|hit| {
            matches!(
                hit.label,
                Label::Total
                    | Label::Subtotal
                    | Label::Tax
                    | Label::AmountDue
                    | Label::Prepaid
                    | Label::DueDate
            )
        });
        if is_sum && !item.multiplies {
            return None;
        }
        item.description = own_name(doc, amount.row, &item);
        items.push(item);
    }
    name_from_blocks(doc, &mut items, &blocks);
    if items.iter().any(|item| item.description.is_none()) {
        return None;
    }
    // One amount alone proves nothing unless it multiplies.
    if let [only] = items.as_slice()
        && !only.multiplies
    {
        return None;
    }
    found.rows = blocks.iter().flat_map(|block| block.from..block.to).collect();
    found.items = items;
    Some(found)
}

/// The rows between the amount before and the one after, as far as they follow closely.
struct Block {
    from: usize,
    row: usize,
    to: usize,
    /// Space to the next row above and below, in heights of print.
    gaps: (f64, f64),
}

impl Block {
    fn of(doc: &Doc<'_>, amounts: &[&Span<Number>], at: usize, end: usize) -> Block {
        let row = amounts[at].row;
        let first = at.checked_sub(1).map_or(0, |before| amounts[before].row + 1);
        let last = amounts.get(at + 1).map_or(end, |next| next.row);
        let gap = |above: usize| {
            let (a, b) = (doc.rows.get(above), doc.rows.get(above + 1));
            match (a, b) {
                (Some(a), Some(b)) if a.page == b.page => {
                    (b.bounds.y0 - a.bounds.y1) / b.bounds.height().max(1.0)
                }
                _ => f64::MAX,
            }
        };
        let (mut from, mut to) = (row, row + 1);
        while from > first && row - from < BLOCK_ROWS && gap(from - 1) < 1.0 {
            from -= 1;
        }
        while to < last && to - row <= BLOCK_ROWS && gap(to - 1) < 1.0 {
            to += 1;
        }
        let above = if from < row { gap(row - 1) } else { f64::MAX };
        let below = if to > row + 1 { gap(row) } else { f64::MAX };
        Block { from, row, to, gaps: (above, below) }
    }

    fn above(&self) -> std::ops::Range<usize> {
        self.from..self.row
    }

    fn below(&self) -> std::ops::Range<usize> {
        self.row + 1..self.to
    }
}

/// Items whose own rows hold no name have it above or below, all on the same side: where it is nearer.
fn name_from_blocks(doc: &Doc<'_>, items: &mut [Item], blocks: &[Block]) {
    let lacking = || items.iter().zip(blocks).filter(|(item, _)| item.description.is_none());
    let sides = lacking().filter(|(_, block)| block.gaps.1 + 0.2 < block.gaps.0).count();
    let all = lacking().count();
    let are_below = 2 * sides > all;
    for (item, block) in items.iter_mut().zip(blocks) {
        if item.description.is_some() {
            continue;
        }
        let mut rows = if are_below { block.below() } else { block.above() };
        let blank = Item::default();
        item.description = rows.find_map(|row| own_name(doc, row, &blank));
    }
}

/// The longest run of words of a row that is a name: not one of the item's numbers, no other amount, no name of a
/// column or value.
fn own_name(doc: &Doc<'_>, row: usize, item: &Item) -> Option<Candidate<String>> {
    let used = [&item.quantity, &item.unit_price, &item.amount].map(|found| {
        found.as_ref().filter(|found| found.row == row).and_then(|found| found.bounds)
    });
    let unit = item.unit.as_ref().map(|unit| unit.value.as_str());
    let mut best: Option<(usize, Candidate<String>)> = None;
    for (index, segment) in doc.rows[row].segments.iter().enumerate() {
        let numbers = &doc.numbers[row][index];
        let is_free = |at: usize| {
            let bounds = segment.words[at].bounds;
            let is_used = used
                .iter()
                .flatten()
                .any(|used| bounds.x0 >= used.x0 - 0.5 && bounds.x1 <= used.x1 + 0.5);
            let is_money = numbers.iter().any(|span| {
                (span.words.0..span.words.1).contains(&at)
                    && (span.value.looks_like_money() || span.value.is_percent)
            });
            !is_used && !is_money
        };
        for (from, to) in runs(segment, is_free) {
            let text = crate::spans::joined(&segment.words[from..to]);
            let letters = text.chars().filter(|c| c.is_alphabetic()).count();
            let is_better = best.as_ref().is_none_or(|(known, _)| letters > *known);
            let only_unit = unit == Some(text.as_str()) || is_unit_name(&text);
            if letters >= 3 && is_better && !only_unit && !names_a_value(&text) {
                let span = Span::of(segment, from, to, text);
                best = Some((letters, Candidate::from_span(span, 0.7)));
            }
        }
    }
    best.map(|(_, name)| name)
}

/// Stretches of free words, without marks at their ends: `x`, `à`, dots.
fn runs(segment: &Segment, is_free: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let is_mark = |at: usize| {
        let text = segment.words[at].text.as_str();
        matches!(text, "x" | "X" | "à" | "á" | "a") || !text.chars().any(char::is_alphanumeric)
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < segment.words.len() {
        let from = at;
        while at < segment.words.len() && is_free(at) {
            at += 1;
        }
        let (mut first, mut last) = (from, at);
        while first < last && is_mark(first) {
            first += 1;
        }
        while last > first && is_mark(last - 1) {
            last -= 1;
        }
        if first < last {
            found.push((first, last));
        }
        at += 1;
    }
    found
}

/// `Quantity:`, `Total`: what announces a value is no name of an item.
fn names_a_value(text: &str) -> bool {
    let fold = folded(text);
    text.ends_with(':') || column_of(&fold).is_some() || label_of(&fold).is_some()
}
