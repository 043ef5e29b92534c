//! The amounts that may be the gross, the net, the tax and what is due, with their clues.

use crate::lexicon::Label;
use crate::spans::{Number, Span};

use super::doc::{Candidate, Doc, Place};
use super::out::derived;
use super::rank::{Clue, Clues, Contest, Weighed};
use super::totals::TaxLine;

/// Different amounts that labels of one kind may announce, at most.
const CANDIDATES_MAX: usize = 200;

/// The candidates for each sum in cents, best first.
pub(super) struct Sums {
    pub(super) gross: Vec<Weighed<i64>>,
    pub(super) net: Vec<Weighed<i64>>,
    pub(super) tax: Vec<Weighed<i64>>,
    pub(super) due: Vec<Weighed<i64>>,
    pub(super) paid: Vec<Weighed<i64>>,
}

impl Sums {
    /// All of them. What stands in `item_rows` is none.
    pub(super) fn of(doc: &Doc<'_>, item_rows: &[usize], taxes: &[TaxLine]) -> Sums {
        let mut sums = Sums {
            gross: amounts(doc, Label::Total, Contest::Gross, item_rows),
            net: amounts(doc, Label::Subtotal, Contest::Net, item_rows),
            tax: amounts(doc, Label::Tax, Contest::Tax, item_rows),
            due: amounts(doc, Label::AmountDue, Contest::AmountDue, item_rows),
            paid: amounts(doc, Label::Prepaid, Contest::Prepaid, item_rows),
        };
        let tax = &mut sums.tax;
        if taxes.len() > 1 {
            let sum = taxes.iter().map(|line| line.amount.value).sum();
            add(tax, derived(sum, &taxes[0].amount), Clue::TableSum, Contest::Tax);
        }
        for line in taxes {
            add(tax, line.amount.clone(), Clue::TableLine, Contest::Tax);
        }
        add_tax_sums(tax);
        add_bases(taxes, &mut sums.net);
        sums
    }
}

/// The candidates without their clues.
pub(super) fn found_of(weighed: &[Weighed<i64>]) -> Vec<Candidate<i64>> {
    weighed.iter().map(|weighed| weighed.found.clone()).collect()
}

/// Adds an amount that no label announces, unless it is known.
fn add(list: &mut Vec<Weighed<i64>>, found: Candidate<i64>, clue: Clue, contest: Contest) {
    if !list.iter().any(|known| known.found.value == found.value) {
        list.push(Weighed::again(found, Clues::of(contest).and(clue)));
    }
}

/// What a table of taxes says is taxed, all rates together, is the net amount, whether a label says so or not.
fn add_bases(taxes: &[TaxLine], net: &mut Vec<Weighed<i64>>) {
    let bases: Option<Vec<&Candidate<i64>>> = taxes.iter().map(|line| line.base.as_ref()).collect();
    let Some([first, rest @ ..]) = bases.as_deref() else { return };
    let sum = first.value + rest.iter().map(|base| base.value).sum::<i64>();
    let found = if rest.is_empty() { (*first).clone() } else { derived(sum, first) };
    add(net, found, Clue::TableBase, Contest::Net);
}

/// Several rates, each with a label and no sum of them: any two or three of the first taxes may be the whole.
fn add_tax_sums(tax: &mut Vec<Weighed<i64>>) {
    const FIRST: usize = 5;
    let first: Vec<Candidate<i64>> =
        tax.iter().take(FIRST).map(|weighed| weighed.found.clone()).collect();
    let mut add_sum = |parts: &[&Candidate<i64>]| {
        let sum = parts.iter().map(|part| part.value).sum();
        if parts.windows(2).all(|pair| pair[0].row != pair[1].row) {
            add(tax, derived(sum, parts[0]), Clue::LabelSum, Contest::Tax);
        }
    };
    for (at, one) in first.iter().enumerate() {
        for (next, two) in first.iter().enumerate().skip(at + 1) {
            add_sum(&[one, two]);
            for three in &first[next + 1..] {
                add_sum(&[one, two, three]);
            }
        }
    }
}

/// Amounts that labels of one kind announce, best first, at most twelve.
fn amounts(
    doc: &Doc<'_>,
    label: Label,
    contest: Contest,
    item_rows: &[usize],
) -> Vec<Weighed<i64>> {
    let mut found: Vec<Weighed<i64>> = Vec::new();
    for hit in doc.hits_of(label) {
        if item_rows.contains(&hit.row) {
            continue;
        }
        let is_head = doc.is_table_head(hit);
        let values = doc.values_for(hit, |segment| {
            let numbers = doc.numbers_in(segment).into_iter();
            numbers.filter(|span| !span.value.is_percent && !is_small_integer(span)).collect()
        });
        let beside = values.iter().filter(|(place, _)| *place != Place::Below).count();
        let late = 0.1 * doc.depth(hit.row);
        for (index, (place, span)) in values.into_iter().enumerate() {
            // In `19 %  100,00  19,00  119,00` the last amount is the likeliest, the first next.
            let clue = match place {
                Place::Below if is_head => Clue::BelowHead,
                Place::Below if beside > 0 => Clue::BelowBeside,
                Place::Below => Clue::Below,
                _ if index + 1 == beside => Clue::Last,
                _ if index == 0 => Clue::First,
                _ => Clue::Between,
            };
            let clues = Clues::of(contest)
                .with_log(Clue::Strength, hit.strength)
                .and(clue)
                .and_if(!span.value.looks_like_money(), Clue::OddShape)
                .with_log(Clue::Late, 0.9 + late);
            let weighed = Weighed::new(span, clues).map(Number::cents);
            let has_room = found.len() < CANDIDATES_MAX;
            match found.iter_mut().find(|known| known.found.value == weighed.found.value) {
                Some(known) if known.found.score < weighed.found.score => *known = weighed,
                Some(_) => {}
                None if has_room => found.push(weighed),
                None => {}
            }
        }
    }
    found.sort_by(|a, b| b.found.score.total_cmp(&a.found.score));
    found.truncate(12);
    found
}

/// Page numbers, rates and quantities beside a label are no amounts.
fn is_small_integer(span: &Span<Number>) -> bool {
    span.value.decimals == 0
        && span.value.currency.is_none()
        && span.value.ten_thousandths.abs() < 1_000_000
}
