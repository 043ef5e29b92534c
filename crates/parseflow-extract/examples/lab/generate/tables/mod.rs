//! Bills whose point is how their items are arranged: columns of many kinds in many orders, heads of two lines or none,
//! texts above and below the figures, groups, pages, and lists without columns. Nine countries, eight languages.
//! Thought of after the rules had been mended for the bills of small firms, and read once before any look.

mod columns;
mod loose;
mod words;

use super::habits::paper::Paper;
use super::plain::{Bill, bill_of};
use super::rng::Rng;
use crate::label::{Item, Label};
use words::{Says, TONGUES};

/// One line of a bill. Money in cents, quantities in thousandths, discount and rate in percent.
struct Line {
    text: String,
    more: Option<String>,
    quantity: i64,
    unit: String,
    price: i64,
    /// Units that the price is for.
    per: i64,
    discount: i64,
    amount: i64,
    /// A line that counts nothing.
    is_flat: bool,
}

impl Line {
    fn label(&self, has_quantity: bool) -> Item {
        let counts = has_quantity && !self.is_flat;
        Item {
            description: Some(self.text.clone()),
            quantity: counts.then_some(self.quantity as f64 / 1_000.0),
            amount: Some(self.amount as f64 / 100.0),
        }
    }
}

/// Half away from nothing.
fn rounded(value: i64, by: i64) -> i64 {
    (value.abs() + by / 2) / by * value.signum()
}

/// What lines there are.
struct Lines {
    /// Hours at a rate.
    are_hours: bool,
    /// One price without a count.
    are_flat: bool,
    per: i64,
    has_discount: bool,
    details: u64,
}

/// The bill of a seed.
pub(super) fn bill(rng: &mut Rng) -> (Vec<u8>, Label) {
    let tongue = TONGUES[rng.range(0, TONGUES.len() as u64) as usize].0;
    bill_of(rng, tongue, print_items)
}

fn print_items(rng: &mut Rng, bill: &Bill<'_>, paper: &mut Paper, label: &mut Label) -> i64 {
    let says = TONGUES.iter().find(|(tongue, _)| tongue.code == bill.tongue.code);
    let says = says.map_or(TONGUES[0].1, |(_, says)| says);
    let (lines, has_quantity) = match rng.range(0, 10) {
        0..=6 => columns::print(rng, bill, says, paper),
        _ => loose::print(rng, bill, says, paper),
    };
    label.items = Some(lines.iter().map(|line| line.label(has_quantity)).collect());
    if paper.is_low() {
        paper.turn();
    }
    lines.iter().map(|line| line.amount).sum()
}

fn draw(rng: &mut Rng, says: &Says, kinds: &Lines) -> Line {
    let services = kinds.are_hours || kinds.are_flat;
    let text = rng.say(if services { says.services } else { says.goods });
    let more = rng.chance(kinds.details).then(|| rng.say(says.details));
    let quantity = match (kinds.are_flat, kinds.are_hours, kinds.per) {
        (true, ..) => 1_000,
        (_, true, _) => rng.range(1, 37) as i64 * 250,
        (_, _, 1) => rng.range(1, 30) as i64 * 1_000,
        (_, _, per) => rng.range(2, 40) as i64 * 50_000.max(per * 100),
    };
    let price = rng.range(if kinds.are_hours { 4_500 } else { 290 }, 14_000) as i64;
    let discount = if kinds.has_discount { [0, 0, 5, 10, 15][rng.range(0, 5) as usize] } else { 0 };
    let whole = rounded(quantity * price, 1_000 * kinds.per);
    Line {
        text,
        more,
        quantity,
        unit: rng.say(if kinds.are_hours { says.hour } else { says.pieces }),
        price,
        per: kinds.per,
        discount,
        amount: whole - rounded(whole * discount, 100),
        is_flat: kinds.are_flat,
    }
}

/// Some of the lines of real bills are no sales: a rebate, goods that came back, something that costs nothing.
fn add_odd_line(rng: &mut Rng, says: &Says, lines: &mut Vec<Line>) {
    let sum: i64 = lines.iter().map(|line| line.amount).sum();
    let Some(like) = lines.first() else { return };
    let (unit, per) = (like.unit.clone(), like.per);
    let blank = |text: String, quantity: i64, price: i64| Line {
        text,
        more: None,
        quantity,
        unit,
        price,
        per,
        discount: 0,
        amount: rounded(quantity * price, 1_000 * per),
        is_flat: false,
    };
    let line = match rng.range(0, 3) {
        0 => {
            let amount = -rounded(sum * 5, 100);
            Line { amount, is_flat: true, ..blank(rng.say(says.rebate), 1_000, amount) }
        }
        1 => blank(rng.say(says.returned), -1_000 * per, rng.range(100, 250) as i64),
        _ => blank(rng.say(says.parts), 1_000 * per, 0),
    };
    lines.push(line);
}

/// A quantity as it is printed: as few decimals as it has, or always as many.
fn count(bill: &Bill<'_>, thousandths: i64, decimals: usize) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let (whole, part) = (thousandths.abs() / 1_000, thousandths.abs() % 1_000);
    let part = format!("{part:03}");
    let shown = match decimals {
        0 => part.trim_end_matches('0'),
        some => &part[..some],
    };
    match shown {
        "" => format!("{sign}{whole}"),
        shown => format!("{sign}{whole}{}{shown}", bill.money.decimal),
    }
}
