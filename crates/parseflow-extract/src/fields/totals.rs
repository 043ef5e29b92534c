//! Net, tax, gross and what is due: found by label, chosen so that they add up.

use parseflow_model::FieldSource;

use crate::lexicon::Label;
use crate::spans::{Number, Span};

use super::doc::{Candidate, Doc};
use super::out::derived;
use super::sums::{Sums, found_of};

/// One line of the tax table. Amounts in cents, the rate in ten-thousandths of a percent.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct TaxLine {
    pub(super) rate: Option<Candidate<i64>>,
    pub(super) base: Option<Candidate<i64>>,
    pub(super) amount: Candidate<i64>,
}

/// The sums of a document in cents.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Totals {
    pub(super) subtotal: Option<Candidate<i64>>,
    pub(super) tax: Option<Candidate<i64>>,
    pub(super) total: Option<Candidate<i64>>,
    pub(super) amount_due: Option<Candidate<i64>>,
    pub(super) taxes: Vec<TaxLine>,
    /// Net and tax were both found and make the gross amount.
    pub(super) closed: bool,
    /// Net, tax and gross were found and do not add up.
    pub(super) disagree: bool,
}

/// Cents that rounding of several lines may amount to.
const TOLERANCE_CENTS: i64 = 2;

/// Finds the sums. `lines_sum` is what the items add up to, `item_rows` where they stand.
pub(super) fn totals(doc: &Doc<'_>, lines_sum: Option<i64>, item_rows: &[usize]) -> Totals {
    let taxes = tax_table(doc, item_rows);
    let sums = Sums::of(doc, item_rows, &taxes);
    let [gross, net, tax, due, paid] =
        [sums.gross, sums.net, sums.tax, sums.due, sums.paid].map(|list| found_of(&list));
    let mut totals = choose(&gross, &net, &tax, &due, lines_sum, &taxes);
    totals.taxes = taxes;
    settle_tax_table(&mut totals);
    let best_due = due.into_iter().next();
    let prepaid = paid.first().map_or(0, |paid| paid.value.abs());
    totals.amount_due = best_due.filter(|due| {
        totals.total.as_ref().is_none_or(|total| {
            (total.value - prepaid - due.value).abs() <= TOLERANCE_CENTS
                || due.value.abs() <= total.value.abs()
        })
    });
    if totals.total.is_none() {
        totals.total = totals.amount_due.clone();
    }
    totals
}

/// The combination of gross, net and tax that labels and arithmetic speak for most.
fn choose(
    gross: &[Candidate<i64>],
    net: &[Candidate<i64>],
    tax: &[Candidate<i64>],
    due: &[Candidate<i64>],
    lines_sum: Option<i64>,
    taxes: &[TaxLine],
) -> Totals {
    let mut best: (f64, Totals) = (f64::MIN, Totals::default());
    let with_none = |list: &[Candidate<i64>]| -> Vec<Option<Candidate<i64>>> {
        list.iter().cloned().map(Some).chain([None]).collect()
    };
    // What is due is often the only gross amount printed, and a net label may carry the gross sum.
    let mut gross_options = with_none(gross);
    gross_options
        .extend(due.iter().map(|due| Some(Candidate { score: due.score * 0.7, ..due.clone() })));
    let mut net_options = with_none(net);
    net_options
        .extend(gross.iter().map(|sum| Some(Candidate { score: sum.score * 0.35, ..sum.clone() })));
    let all = gross_options.iter().flatten().map(|candidate| candidate.value.abs());
    let largest = all.max().unwrap_or_default();
    for total in &gross_options {
        for subtotal in &net_options {
            for tax in with_none(tax) {
                let (mut score, closed, disagree) = judge(total, subtotal, &tax, lines_sum);
                // Every line of a tax table adds up; the largest is the sum of the others.
                if closed && total.as_ref().is_some_and(|total| total.value.abs() == largest) {
                    score += 0.3;
                }
                if let (Some(net), Some(tax)) = (&subtotal, &tax)
                    && rate_of(taxes, tax.value)
                        .is_some_and(|rate| is_rated(net.value, rate, tax.value))
                {
                    score += 0.3;
                }
                if score > best.0 {
                    let (total, subtotal) = (total.clone(), subtotal.clone());
                    best = (
                        score,
                        Totals { subtotal, tax, total, closed, disagree, ..Totals::default() },
                    );
                }
            }
        }
    }
    let mut totals = best.1;
    // Three sums with plain labels that do not add up are given as printed, and said to disagree.
    let plain = |list: &[Candidate<i64>]| list.first().filter(|first| first.score >= 0.6).cloned();
    if !totals.closed
        && let (Some(total), Some(net), Some(tax)) = (plain(gross), plain(net), plain(tax))
        && (net.value + tax.value - total.value).abs() > TOLERANCE_CENTS
        && tax.value.abs() < total.value.abs()
    {
        let (subtotal, tax, total) = (Some(net), Some(tax), Some(total));
        return Totals { subtotal, tax, total, disagree: true, ..Totals::default() };
    }
    derive_missing(&mut totals, taxes);
    totals
}

fn judge(
    total: &Option<Candidate<i64>>,
    net: &Option<Candidate<i64>>,
    tax: &Option<Candidate<i64>>,
    lines_sum: Option<i64>,
) -> (f64, bool, bool) {
    let score_of = |candidate: &Option<Candidate<i64>>| candidate.as_ref().map_or(0.0, |c| c.score);
    let mut score = 1.2 * score_of(total) + score_of(net) + 0.9 * score_of(tax);
    let value = |candidate: &Option<Candidate<i64>>| candidate.as_ref().map(|c| c.value);
    let (mut closed, mut disagree) = (false, false);
    match (value(total), value(net), value(tax)) {
        (Some(total), Some(net), Some(tax)) => {
            closed = (net + tax - total).abs() <= TOLERANCE_CENTS;
            disagree = !closed;
            let plausible = tax != 0 && (tax.abs() < net.abs() || net == 0) && tax != total;
            score += match (closed, plausible) {
                (true, true) => 1.6,
                (true, false) => 0.4,
                (false, _) => -1.3,
            };
        }
        (Some(total), Some(net), None) => {
            if total == net {
                score += 0.1;
            } else if total.abs() < net.abs() {
                score -= 0.9;
            }
        }
        (Some(total), None, Some(tax)) if tax.abs() >= total.abs() => score -= 1.0,
        // `Total 119.00, VAT included 19.00`: what is left is the net amount.
        (Some(total), None, Some(tax)) if is_tax_of(total - tax, tax) => score += 0.4,
        _ => {}
    }
    if let (Some(sum), Some(net)) = (lines_sum, value(net))
        && (sum - net).abs() <= TOLERANCE_CENTS
    {
        score += 0.6;
    }
    if let (Some(sum), Some(total)) = (lines_sum, value(total))
        && (sum - total).abs() <= TOLERANCE_CENTS
    {
        score += 0.25;
    }
    (score, closed, disagree)
}

/// Whether a tax of at most thirty percent can be that of a net amount.
fn is_tax_of(net: i64, tax: i64) -> bool {
    tax.signum() == net.signum() && tax.abs() * 100 <= net.abs() * 30
}

/// The rate that is printed beside an amount of tax.
fn rate_of(taxes: &[TaxLine], tax: i64) -> Option<i64> {
    let line = taxes.iter().find(|line| line.amount.value == tax)?;
    Some(line.rate.as_ref()?.value)
}

/// Whether the tax on an amount is that much, `rate` in ten-thousandths of a percent.
fn is_rated(net: i64, rate: i64, tax: i64) -> bool {
    let exact = net as f64 * rate as f64 / 1_000_000.0;
    (exact - tax as f64).abs() <= 1.5
}

/// What two of the three imply, when the rate it means is one that exists and none that is printed contradicts.
fn derive_missing(totals: &mut Totals, taxes: &[TaxLine]) {
    let plausible = is_tax_of;
    match (&totals.total, &totals.subtotal, &totals.tax) {
        (Some(total), Some(net), None) if total.value != net.value => {
            let tax = total.value - net.value;
            if plausible(net.value, tax) {
                totals.tax = Some(derived(tax, total));
            }
        }
        (Some(total), None, Some(tax)) => {
            let net = total.value - tax.value;
            // A tax of nothing that is printed leaves the whole.
            if plausible(net, tax.value) || tax.value == 0 && tax.score >= 0.6 {
                totals.subtotal = Some(derived(net, total));
            }
        }
        (None, Some(net), Some(tax))
            if plausible(net.value, tax.value)
                && rate_of(taxes, tax.value)
                    .is_none_or(|rate| is_rated(net.value, rate, tax.value)) =>
        {
            totals.total = Some(derived(net.value + tax.value, net));
        }
        _ => {}
    }
}

/// Rows with a rate, a base and an amount that fit, or a rate and an amount beside a tax label.
pub(super) fn tax_table(doc: &Doc<'_>, item_rows: &[usize]) -> Vec<TaxLine> {
    let mut lines: Vec<TaxLine> = Vec::new();
    for (index, row) in
        doc.numbers.iter().enumerate().filter(|(index, _)| !item_rows.contains(index))
    {
        let numbers: Vec<&Span<Number>> = row.iter().flatten().collect();
        let labelled = doc.hits_in_row(index).iter().any(|hit| hit.label == Label::Tax);
        let Some(rate) = numbers.iter().find(|span| {
            let value = span.value.ten_thousandths;
            span.value.is_percent && (0..=300_000).contains(&value)
                || labelled && is_known_rate(span.value) && numbers.len() >= 3
        }) else {
            continue;
        };
        let amounts: Vec<&&Span<Number>> = numbers
            .iter()
            .filter(|span| span.value.looks_like_money() && span.bounds != rate.bounds)
            .collect();
        if amounts.is_empty() || row_is_other(doc, index) {
            continue;
        }
        let pair = amounts.iter().enumerate().find_map(|(at, base)| {
            let fits = |amount: &&&&Span<Number>| is_share(base.value, rate.value, amount.value);
            amounts
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, a)| a)
                .find(fits)
                .map(|a| (base, a))
        });
        let cents = |span: &Span<Number>, score| {
            Candidate::from_span(span.clone(), score).map(Number::cents)
        };
        let rate_found =
            Candidate::from_span((*rate).clone(), 0.9).map(|number| number.ten_thousandths);
        let line = match (pair, amounts.as_slice()) {
            (Some((base, amount)), _) => TaxLine {
                rate: Some(rate_found),
                base: Some(cents(base, 0.95)),
                amount: cents(amount, 0.95),
            },
            (None, [amount]) if labelled => {
                TaxLine { rate: Some(rate_found), base: None, amount: cents(amount, 0.8) }
            }
            _ => continue,
        };
        let same = |known: &TaxLine| {
            known.amount.value == line.amount.value
                && known.rate.as_ref().map(|r| r.value) == line.rate.as_ref().map(|r| r.value)
        };
        if !lines.iter().any(same) {
            lines.push(line);
        }
    }
    lines
}

fn row_is_other(doc: &Doc<'_>, row: usize) -> bool {
    let mut hits = doc.hits_in_row(row).iter();
    hits.any(|hit| hit.label == Label::Other && hit.words.0 == 0 && hit.segment == 0)
}

fn is_known_rate(number: Number) -> bool {
    number.decimals <= 2
        && number.currency.is_none()
        && matches!(
            number.ten_thousandths,
            70_000
                | 190_000
                | 200_000
                | 210_000
                | 55_000
                | 100_000
                | 220_000
                | 90_000
                | 60_000
                | 40_000
                | 81_000
                | 77_000
        )
}

fn is_share(base: Number, rate: Number, amount: Number) -> bool {
    amount.cents() != 0 && is_rated(base.cents(), rate.ten_thousandths, amount.cents())
}

/// Drops a table that contradicts the tax, and completes the only line of one that agrees.
fn settle_tax_table(totals: &mut Totals) {
    let Some(tax) = totals.tax.clone() else {
        if let [line] = totals.taxes.as_slice()
            && line.base.is_some()
        {
            totals.tax = Some(line.amount.clone());
        }
        return;
    };
    let sum: i64 = totals.taxes.iter().map(|line| line.amount.value).sum();
    if (sum - tax.value).abs() > TOLERANCE_CENTS {
        totals.taxes.retain(|line| (line.amount.value - tax.value).abs() <= TOLERANCE_CENTS);
        totals.taxes.truncate(1);
    }
    if tax.source == FieldSource::Derived
        && let [line] = totals.taxes.as_slice()
    {
        totals.tax = Some(line.amount.clone());
    }
    let net = totals.subtotal.clone();
    if let ([line], Some(net)) = (totals.taxes.as_mut_slice(), net)
        && line.base.is_none()
        && let Some(rate) = &line.rate
        && is_rated(net.value, rate.value, line.amount.value)
    {
        line.base = Some(derived(net.value, &net));
    }
}
