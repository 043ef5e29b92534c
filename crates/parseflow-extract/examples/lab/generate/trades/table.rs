//! Tables of items: discounts, several lines of text, sub-items, headings with sums of their own.

use super::tongue::Tongue;
use super::{rate_of, share};
use crate::generate::habits::Money;
use crate::generate::habits::filled;
use crate::generate::habits::paper::Paper;
use crate::generate::rng::Rng;
use crate::label::{Item, Label};

/// One item. Hundredths; rates in thousandths.
pub(super) struct Line {
    pub(super) text: String,
    more: Vec<String>,
    quantity: i64,
    unit: String,
    price: i64,
    discount: i64,
    pub(super) rate: i64,
    pub(super) amount: i64,
}

pub(super) fn lines(rng: &mut Rng, tongue: &Tongue, rates: [i64; 2], factor: i64) -> Vec<Line> {
    let is_work = rng.chance(40);
    let (discounted, told) = (rng.chance(30), rng.chance(45));
    let count = if rng.chance(8) { rng.range(22, 34) } else { rng.range(1, 8) };
    let line = |_| {
        let quantity =
            if is_work { rng.range(1, 40) as i64 * 50 } else { rng.range(1, 30) as i64 * 100 };
        let price = rng.range(90, 60_000) as i64;
        let discount = if discounted && rng.chance(60) { rng.range(1, 6) as i64 * 50 } else { 0 };
        let full = (quantity * price + 50) / 100;
        let more = (0..if told { rng.range(0, 3) } else { 0 }).map(|_| rng.say(tongue.details));
        let more: Vec<String> = more.collect();
        Line {
            text: rng.say(if is_work { tongue.work } else { tongue.goods }),
            more: more.iter().map(|more| filled(rng, more)).collect(),
            quantity,
            unit: rng.say(tongue.units),
            price,
            discount,
            rate: rates[usize::from(rng.chance(40))],
            amount: factor * (full - share(full, discount)),
        }
    };
    (0..count).map(line).collect()
}

struct Column {
    head: String,
    x: f64,
    right: bool,
    what: What,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Position,
    Code,
    Text,
    Quantity,
    Unit,
    Price,
    Discount,
    Rate,
    Amount,
}

pub(super) fn table(
    rng: &mut Rng,
    tongue: &Tongue,
    money: Money,
    lines: &[Line],
    paper: &mut Paper,
    label: &mut Label,
) {
    let columns = columns(rng, tongue, lines);
    let in_two = rng.chance(20);
    let head = |paper: &mut Paper| {
        if in_two && columns.iter().any(|column| column.right && column.head.contains(' ')) {
            put_head(&columns, paper, |text| text.split_once(' ').map_or("", |(first, _)| first));
            paper.down(1.0);
            put_head(&columns, paper, |text| text.split_once(' ').map_or(text, |(_, rest)| rest));
        } else {
            put_head(&columns, paper, |text| text);
        }
        paper.down(1.5);
    };
    head(paper);
    let text_x = columns.iter().find(|column| column.what == What::Text);
    let text_x = text_x.map_or(45.0, |column| column.x);
    let parts = rng.chance(15);
    let bare = rng.chance(70);
    let code = rng.pick(&["##-####", "#####", "K#####", "AB ###"]);
    for (at, line) in lines.iter().enumerate() {
        if paper.is_low() {
            paper.turn();
            head(paper);
        }
        for column in &columns {
            let cell = cell(rng, column.what, line, at, money, bare, code);
            if column.right { paper.right(column.x, cell) } else { paper.put(column.x, cell) }
        }
        paper.down(1.1);
        for more in &line.more {
            paper.put(text_x, more.clone());
            paper.down(1.0);
        }
        if parts && rng.chance(60) {
            for _ in 0..2 {
                paper.put(text_x + 10.0, format!("- 1 x {}", rng.say(tongue.goods)));
                paper.down(1.0);
            }
        }
        paper.down(0.35);
    }
    let item = |line: &Line| Item {
        description: Some(line.text.clone()),
        quantity: Some(line.quantity as f64 / 100.0),
        amount: Some(line.amount as f64 / 100.0),
    };
    label.items = Some(lines.iter().map(item).collect());
}

fn put_head(columns: &[Column], paper: &mut Paper, part: impl Fn(&str) -> &str) {
    for column in columns {
        if column.right {
            paper.right(column.x, part(&column.head));
        } else {
            paper.bold(column.x, part(&column.head));
        }
    }
}

fn columns(rng: &mut Rng, tongue: &Tongue, lines: &[Line]) -> Vec<Column> {
    let mut out = Vec::new();
    let mut x = 45.0;
    let mut add = |what, head: String, x: f64, right: bool| {
        out.push(Column { head, x, right, what });
    };
    if rng.chance(45) {
        add(What::Position, rng.pick(&["Pos", "Pos.", "#", "Line", "No."]).to_owned(), x, false);
        x += 26.0;
    }
    let first = rng.chance(35);
    if first {
        add(What::Quantity, rng.say(tongue.quantity), x + 30.0, true);
        add(What::Unit, rng.say(tongue.unit), x + 36.0, false);
        x += 74.0;
    }
    if rng.chance(25) {
        add(What::Code, rng.pick(&["SKU", "Code", "Art.", "Ref."]).to_owned(), x, false);
        x += 54.0;
    }
    add(What::Text, rng.say(tongue.description), x, false);
    if !first {
        add(What::Quantity, rng.say(tongue.quantity), 322.0, true);
        if rng.chance(50) {
            add(What::Unit, rng.say(tongue.unit), 328.0, false);
        }
    }
    add(What::Price, rng.say(tongue.price), 412.0, true);
    if lines.iter().any(|line| line.discount > 0) {
        add(What::Discount, rng.say(tongue.discount), 452.0, true);
    }
    if rng.chance(40) {
        add(What::Rate, rng.say(tongue.rate), 488.0, true);
    }
    add(What::Amount, rng.say(tongue.amount), 553.0, true);
    out
}

fn cell(
    rng: &mut Rng,
    what: What,
    line: &Line,
    at: usize,
    money: Money,
    bare: bool,
    code: &str,
) -> String {
    match what {
        What::Position => (at + 1).to_string(),
        What::Code => filled(rng, code),
        What::Text => line.text.clone(),
        What::Quantity if line.quantity % 100 == 0 => (line.quantity / 100).to_string(),
        What::Quantity => money.bare(line.quantity).trim_end_matches('0').to_owned(),
        What::Unit => line.unit.clone(),
        What::Price if bare => money.bare(line.price),
        What::Price => money.signed(line.price),
        What::Discount if line.discount == 0 => String::new(),
        What::Discount => format!("{}%", rate_of(money, line.discount)),
        What::Rate => format!("{}%", rate_of(money, line.rate)),
        What::Amount if bare => money.bare(line.amount),
        What::Amount => money.signed(line.amount),
    }
}
