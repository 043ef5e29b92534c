//! Items without columns: behind dots, in boxes, as names with their values, in sentences of their own.

use super::super::habits::filled;
use super::{Bill, Line, Lines, Paper, Rng, Says, add_odd_line, count, draw};

/// Prints a list; its lines, and whether it shows how many.
pub(super) fn print(
    rng: &mut Rng,
    bill: &Bill<'_>,
    says: &Says,
    paper: &mut Paper,
) -> (Vec<Line>, bool) {
    let form = rng.range(0, 6);
    let has_quantity = !matches!(form, 0);
    let are_hours = rng.chance(30);
    let kinds = Lines {
        are_hours: has_quantity && are_hours,
        are_flat: !has_quantity,
        per: 1,
        has_discount: false,
        details: [0, 30][rng.range(0, 2) as usize],
    };
    let mut lines: Vec<Line> = (0..rng.range(1, 6)).map(|_| draw(rng, says, &kinds)).collect();
    if rng.chance(15) && matches!(form, 0 | 3) {
        add_odd_line(rng, says, &mut lines);
    }
    let words = [says.quantity, says.price, says.amount].map(|wordings| rng.say(wordings));
    let sign = rng.pick(&["x", "×", "à", "@"]);
    for (at, line) in lines.iter().enumerate() {
        if paper.is_low() {
            paper.turn();
        }
        match form {
            0 => dotted(bill, line, paper),
            1 => boxed(bill, line, &words, paper),
            2 => paired(rng, bill, line, &words, paper),
            3 => counted_first(bill, line, sign, paper),
            4 => figures_under(bill, line, at, sign, paper),
            _ => figures_over(bill, line, paper),
        }
        paper.down(0.4);
    }
    (lines, has_quantity)
}

fn dotted(bill: &Bill<'_>, line: &Line, paper: &mut Paper) {
    let room = 78usize.saturating_sub(line.text.chars().count());
    paper.put(60.0, format!("{} {}", line.text, ".".repeat(room.max(4))));
    paper.right(535.0, bill.money.signed(line.amount));
    paper.down(1.0);
    details(line, paper, 60.0);
}

fn details(line: &Line, paper: &mut Paper, x: f64) {
    if let Some(more) = &line.more {
        paper.put(x, more.clone());
        paper.down(1.0);
    }
}

/// A name and three values beside each other under it.
fn boxed(bill: &Bill<'_>, line: &Line, words: &[String; 3], paper: &mut Paper) {
    let [quantity, price, amount] = words;
    paper.bold(60.0, line.text.clone());
    paper.down(1.1);
    details(line, paper, 60.0);
    paper.put(60.0, format!("{quantity}: {} {}", count(bill, line.quantity, 0), line.unit));
    paper.put(220.0, format!("{price}: {}", bill.money.signed(line.price)));
    paper.put(390.0, format!("{amount}: {}", bill.money.signed(line.amount)));
    paper.down(1.5);
}

/// Names and values under each other.
fn paired(rng: &mut Rng, bill: &Bill<'_>, line: &Line, words: &[String; 3], paper: &mut Paper) {
    let [quantity, price, amount] = words;
    paper.put(60.0, line.text.clone());
    paper.put(330.0, filled(rng, "##-####"));
    paper.down(1.1);
    let values = [
        (quantity, format!("{} {}", count(bill, line.quantity, 0), line.unit)),
        (price, bill.money.signed(line.price)),
        (amount, bill.money.signed(line.amount)),
    ];
    for (name, value) in values {
        paper.put(80.0, name.clone());
        paper.put(200.0, value);
        paper.down(1.0);
    }
}

/// `3 x Copy paper à 4.20 …… 12.60` without any head.
fn counted_first(bill: &Bill<'_>, line: &Line, sign: &str, paper: &mut Paper) {
    let text = if line.is_flat {
        line.text.clone()
    } else {
        let counted = count(bill, line.quantity, 0);
        format!("{counted} x {} {sign} {}", line.text, bill.money.bare(line.price))
    };
    paper.put(60.0, text);
    paper.right(535.0, bill.money.signed(line.amount));
    paper.down(1.0);
    details(line, paper, 60.0);
}

/// Number and text, and under them the figures.
fn figures_under(bill: &Bill<'_>, line: &Line, at: usize, sign: &str, paper: &mut Paper) {
    paper.put(60.0, format!("{}.", at + 1));
    paper.put(82.0, line.text.clone());
    paper.down(1.0);
    details(line, paper, 82.0);
    let counted = count(bill, line.quantity, 0);
    paper.put(82.0, format!("{counted} {} {sign} {}", line.unit, bill.money.bare(line.price)));
    paper.right(535.0, bill.money.signed(line.amount));
    paper.down(1.2);
}

/// The figures in one row, and under them what they are for.
fn figures_over(bill: &Bill<'_>, line: &Line, paper: &mut Paper) {
    paper.put(60.0, format!("{} {}", count(bill, line.quantity, 0), line.unit));
    paper.right(300.0, bill.money.bare(line.price));
    paper.right(535.0, bill.money.signed(line.amount));
    paper.down(1.0);
    paper.put(60.0, line.text.clone());
    paper.down(1.0);
    details(line, paper, 60.0);
}
