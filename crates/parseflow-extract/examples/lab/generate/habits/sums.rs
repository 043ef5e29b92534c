//! Net, taxes, gross, what was paid and what is left, in several arrangements.

use super::bill::Bill;
use super::paper::Paper;
use super::table::Line;
use crate::generate::rng::Rng;
use crate::label::{Kind, Label};

/// A rate with what it taxes and the tax. Hundredths.
struct Tax {
    rate: i64,
    base: i64,
    amount: i64,
}

pub(super) fn sums(
    rng: &mut Rng,
    bill: &Bill<'_>,
    lines: &[Line],
    paper: &mut Paper,
    label: &mut Label,
) {
    let net: i64 = lines.iter().map(|line| line.amount).sum();
    let taxes: Vec<Tax> = bill
        .say
        .rates
        .into_iter()
        .map(|rate| {
            let base: i64 =
                lines.iter().filter(|line| line.rate == rate).map(|line| line.amount).sum();
            Tax { rate, base, amount: (base * rate + 50 * base.signum()) / 100 }
        })
        .filter(|tax| tax.base != 0)
        .collect();
    let tax: i64 = taxes.iter().map(|tax| tax.amount).sum();
    let gross = net + tax;
    label.set("tax", Kind::Money, tax as f64 / 100.0);
    label.set("total", Kind::Money, gross as f64 / 100.0);
    paper.down(1.5);
    match rng.range(0, 4) {
        0 => beside(rng, bill, &taxes, net, gross, paper),
        1 => in_a_row(rng, bill, &taxes, net, gross, paper),
        2 => column(rng, bill, &taxes, net, gross, paper, (40.0, 250.0)),
        _ => column(rng, bill, &taxes, net, gross, paper, (350.0, 556.0)),
    }
    if rng.chance(20) && bill.factor > 0 {
        let paid = gross / 300 * 100;
        paper.put(350.0, rng.say(bill.say.paid));
        paper.right(556.0, bill.money.signed(-paid));
        paper.down(1.2);
        paper.bold(350.0, rng.say(bill.say.to_pay));
        paper.right(556.0, bill.money.sum(gross - paid));
        paper.down(1.2);
        label.set("amountDue", Kind::Money, (gross - paid) as f64 / 100.0);
    }
}

fn tax_name(rng: &mut Rng, bill: &Bill<'_>, tax: &Tax, several: bool) -> String {
    let wordings: Vec<&str> = bill.say.tax.split('|').collect();
    let with_rate: Vec<&str> =
        wordings.iter().copied().filter(|wording| !several || wording.contains("{r}")).collect();
    let base = bill.money.bare(tax.base);
    rng.pick(&with_rate).replace("{r}", &tax.rate.to_string()).replace("{b}", &base)
}

/// Sums under each other.
fn column(
    rng: &mut Rng,
    bill: &Bill<'_>,
    taxes: &[Tax],
    net: i64,
    gross: i64,
    paper: &mut Paper,
    (left, right): (f64, f64),
) {
    let money = bill.money;
    paper.put(left, format!("{}{}", rng.say(bill.say.net), bill.colon));
    paper.right(right, money.signed(net));
    paper.down(1.2);
    for tax in taxes {
        paper.put(left, format!("{}{}", tax_name(rng, bill, tax, taxes.len() > 1), bill.colon));
        paper.right(right, money.signed(tax.amount));
        paper.down(1.2);
    }
    paper.bold(left, format!("{}{}", rng.say(bill.say.gross), bill.colon));
    paper.right(right, money.sum(gross));
    paper.down(1.4);
}

/// A table of taxes at the left, on the same lines as the sums at the right.
fn beside(rng: &mut Rng, bill: &Bill<'_>, taxes: &[Tax], net: i64, gross: i64, paper: &mut Paper) {
    let money = bill.money;
    let top = paper.y;
    let heads = bill.say.tax_table.map(|wording| rng.say(wording));
    let places = [75.0, 140.0, 200.0, 262.0];
    for (head, x) in heads.iter().zip(places) {
        paper.right(x, head.clone());
    }
    paper.down(1.2);
    for tax in taxes {
        let cells = [
            format!("{} %", tax.rate),
            money.bare(tax.base),
            money.bare(tax.amount),
            money.bare(tax.base + tax.amount),
        ];
        for (cell, x) in cells.into_iter().zip(places) {
            paper.right(x, cell);
        }
        paper.down(1.2);
    }
    let below = paper.y;
    paper.y = top;
    let tax: i64 = taxes.iter().map(|tax| tax.amount).sum();
    for (name, cents) in [(bill.say.net, net), (bill.say.tax_sum, tax)] {
        paper.put(350.0, format!("{}{}", rng.say(name), bill.colon));
        paper.right(556.0, money.signed(cents));
        paper.down(1.2);
    }
    paper.bold(350.0, format!("{}{}", rng.say(bill.say.gross), bill.colon));
    paper.right(556.0, money.sum(gross));
    paper.down(1.2);
    paper.y = paper.y.max(below);
}

/// Heads in a row with the sums under them; one line for each rate and the sum in large print.
fn in_a_row(
    rng: &mut Rng,
    bill: &Bill<'_>,
    taxes: &[Tax],
    net: i64,
    gross: i64,
    paper: &mut Paper,
) {
    let money = bill.money;
    let places = [130.0, 240.0, 350.0, 470.0];
    let [rate, base, amount, _] = bill.say.tax_table.map(|wording| rng.say(wording));
    let total = rng.say(bill.say.gross);
    for (head, x) in [base, rate, amount, total.clone()].into_iter().zip(places) {
        paper.right(x, head);
    }
    paper.down(1.2);
    for tax in taxes {
        let sum =
            if taxes.len() > 1 { money.bare(tax.base + tax.amount) } else { money.sum(gross) };
        let cells = [money.bare(tax.base), format!("{}%", tax.rate), money.bare(tax.amount), sum];
        for (cell, x) in cells.into_iter().zip(places) {
            paper.right(x, cell);
        }
        paper.down(1.2);
    }
    if taxes.len() > 1 {
        let tax: i64 = taxes.iter().map(|tax| tax.amount).sum();
        paper.right(places[0], money.bare(net));
        paper.right(places[2], money.bare(tax));
        paper.right(places[3], money.sum(gross));
        paper.down(1.2);
    }
}
