//! Receipts: items in several ways, codes of taxes, the card's slip below the sum.

use super::paper::Paper;
use super::say::Say;
use super::{Day, Habit, Money, Side, filled};
use crate::generate::rng::Rng;
use crate::label::{Kind, Label};

/// Right edge of the print.
const EDGE: f64 = 206.0;

pub(super) fn receipt(rng: &mut Rng, say: &Say) -> Habit {
    let mut label = Label::default();
    let mut paper = Paper::roll();
    let money = Money { minus: 0, ..Money::of(rng, say) };
    let merchant = Side::new(rng, say, false);
    label.set("merchant.name", Kind::Name, merchant.name.clone());
    let name = if rng.chance(40) { merchant.name.to_uppercase() } else { merchant.name };
    let size = if rng.chance(50) { 11.0 } else { 8.0 };
    if rng.chance(25) {
        paper.put(60.0, rng.say(say.till));
        paper.down(1.3);
    }
    paper.sized(40.0, size, true, name);
    paper.down(1.4);
    for line in merchant.lines {
        paper.put(48.0, line);
        paper.down(1.0);
    }
    paper.put(48.0, format!("{} {}", rng.say(say.phone), filled(rng, "0### ######")));
    paper.down(1.0);
    paper.put(48.0, format!("{} {}", rng.say(say.vat_id), filled(rng, say.vat_shape)));
    paper.down(1.6);
    let day = Day::new(rng);
    label.set("date", Kind::Text, day.iso());
    let shown = day.shown(say.months, &rng.say(say.dates));
    let stamp = format!("{shown} {:02}:{:02}", rng.range(8, 22), rng.range(10, 60));
    let at_end = rng.chance(40);
    if !at_end {
        paper.put(20.0, stamp.clone());
        paper.right(EDGE, format!("#{}", rng.digits(4)));
        paper.down(1.6);
    }
    let total = items(rng, say, money, &mut paper);
    sums(rng, say, money, total, &mut paper);
    label.set("total", Kind::Money, total as f64 / 100.0);
    label.set("currency", Kind::Text, say.currency[1]);
    if at_end {
        paper.put(20.0, stamp);
        paper.down(1.2);
    }
    paper.put(40.0, rng.say(say.till_end));
    paper.cut();
    label.document_type = Some("receipt".to_owned());
    Habit { pdf: paper.pdf(), label }
}

/// Prints the items; what they cost together.
fn items(rng: &mut Rng, say: &Say, money: Money, paper: &mut Paper) -> i64 {
    let (mut total, form) = (0, rng.range(0, 3));
    let code = if rng.chance(40) { " A" } else { "" };
    for _ in 0..rng.range(1, 9) {
        let (quantity, price) = (rng.range(1, 4) as i64, rng.range(60, 3_900) as i64);
        let amount = quantity * price;
        total += amount;
        let text = rng.say(say.goods);
        let shown = format!("{}{code}", money.bare(amount));
        match form {
            0 => paper.put(20.0, text),
            1 => paper.put(20.0, format!("{quantity} {text}")),
            _ => {
                paper.put(20.0, text);
                paper.down(1.0);
                paper.put(30.0, format!("{quantity} x {}", money.bare(price)));
            }
        }
        paper.right(EDGE, shown);
        paper.down(1.1);
    }
    if rng.chance(15) {
        let off = total / 1_000 * 100;
        paper.put(20.0, rng.pick(&["Rabatt 10%", "Discount", "Remise", "Loyalty card"]));
        paper.right(EDGE, money.bare(-off));
        paper.down(1.1);
        total -= off;
    }
    paper.down(0.5);
    total
}

fn sums(rng: &mut Rng, say: &Say, money: Money, total: i64, paper: &mut Paper) {
    let rate = say.rates[0];
    let tax = total - (total * 100 + (100 + rate) / 2) / (100 + rate);
    let net_first = rng.chance(25);
    if net_first {
        paper.put(20.0, rng.say(say.net));
        paper.right(EDGE, money.bare(total - tax));
        paper.down(1.1);
        paper.put(20.0, format!("{rate}% {}", rng.say(say.rate)));
        paper.right(EDGE, money.bare(tax));
        paper.down(1.1);
    }
    let large = if rng.chance(50) { 11.0 } else { 8.0 };
    paper.sized(20.0, large, true, rng.say(say.till_total));
    paper.right(EDGE, money.sum(total));
    paper.down(1.5);
    let paid = if rng.chance(50) { total } else { (total / 1_000 + 1) * 1_000 };
    paper.put(20.0, rng.say(say.till_paid));
    paper.right(EDGE, money.bare(paid));
    paper.down(1.1);
    if paid > total {
        paper.put(
            20.0,
            rng.pick(&["Change", "Rückgeld", "Rendu", "Resto", "Cambio", "Troco", "Reszta"]),
        );
        paper.right(EDGE, money.bare(paid - total));
        paper.down(1.1);
    }
    if !net_first && rng.chance(70) {
        let heads = say.tax_table.map(|wording| rng.say(wording));
        let places = [48.0, 100.0, 152.0, EDGE];
        for (head, x) in heads.into_iter().zip(places) {
            paper.right(x, head);
        }
        paper.down(1.0);
        let cells =
            [format!("{rate}%"), money.bare(total - tax), money.bare(tax), money.bare(total)];
        for (cell, x) in cells.into_iter().zip(places) {
            paper.right(x, cell);
        }
        paper.down(1.3);
    }
    if rng.chance(25) {
        paper.put(20.0, format!("Terminal-ID {}", rng.digits(8)));
        paper.down(1.0);
        paper.put(20.0, format!("AID A0000000031010  TA-Nr {}", rng.digits(6)));
        paper.down(1.2);
    }
}
