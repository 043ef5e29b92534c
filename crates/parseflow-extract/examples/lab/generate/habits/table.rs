//! Tables of items: columns by lot, second lines, groups with sub-items, sums carried to the next page.

use super::bill::Bill;
use super::filled;
use super::paper::Paper;
use crate::generate::rng::Rng;
use crate::label::{Item, Kind, Label};

/// One item. Hundredths.
pub(super) struct Line {
    text: String,
    more: Option<String>,
    quantity: i64,
    unit: String,
    price: i64,
    pub(super) rate: i64,
    pub(super) amount: i64,
}

pub(super) fn lines(rng: &mut Rng, bill: &Bill<'_>) -> Vec<Line> {
    let say = bill.say;
    let count = if rng.chance(10) { rng.range(30, 45) } else { rng.range(1, 9) };
    let is_work = rng.chance(35);
    let two_rates = rng.chance(30);
    let has_more = rng.chance(35);
    let line = |_| {
        // In hundredths: hours and metres are not whole.
        let quantity =
            if is_work { rng.range(1, 60) as i64 * 25 } else { rng.range(1, 24) as i64 * 100 };
        let price = rng.range(120, 42_000) as i64;
        Line {
            text: rng.say(if is_work { say.work } else { say.goods }),
            more: (has_more && rng.chance(60)).then(|| {
                let more = rng.say(say.more);
                filled(rng, &more)
            }),
            quantity,
            unit: rng.say(say.units),
            price,
            rate: say.rates[usize::from(two_rates && rng.chance(50))],
            amount: bill.factor * ((quantity * price + 50) / 100),
        }
    };
    (0..count).map(line).collect()
}

struct Column {
    head: String,
    x: f64,
    right: bool,
}

/// Which columns there are.
struct Shape {
    position: u64,
    has_article: bool,
    quantity_first: bool,
    has_unit: u64,
    has_rate: bool,
    decimals: bool,
}

pub(super) fn table(
    rng: &mut Rng,
    bill: &Bill<'_>,
    lines: &[Line],
    paper: &mut Paper,
    label: &mut Label,
) {
    let shape = Shape {
        position: rng.range(0, 3),
        has_article: rng.chance(35),
        quantity_first: rng.chance(35),
        has_unit: rng.range(0, 3),
        has_rate: rng.chance(45),
        decimals: rng.chance(40) || lines.iter().any(|line| line.quantity % 100 != 0),
    };
    let columns = columns(rng, bill, &shape);
    head(&columns, paper);
    let mut carried = 0;
    for (at, line) in lines.iter().enumerate() {
        if paper.is_low() {
            carry(rng, bill, carried, paper);
            head(&columns, paper);
        }
        let first = paper.page();
        row(rng, bill, &shape, &columns, at, line, paper);
        if let Some(more) = &line.more {
            let x = columns.iter().find(|column| column.head == columns[text_at(&shape)].head);
            paper.put(x.map_or(40.0, |column| column.x), more.clone());
            paper.down(1.1);
        }
        if first == paper.page() {
            carried += line.amount;
        }
        paper.down(0.3);
    }
    let item = |line: &Line| Item {
        description: Some(line.text.clone()),
        quantity: Some(line.quantity as f64 / 100.0),
        amount: Some(line.amount as f64 / 100.0),
    };
    label.items = Some(lines.iter().map(item).collect());
    label.set(
        "subtotal",
        Kind::Money,
        lines.iter().map(|line| line.amount).sum::<i64>() as f64 / 100.0,
    );
}

fn text_at(shape: &Shape) -> usize {
    usize::from(shape.position > 0)
        + usize::from(shape.has_article)
        + usize::from(shape.quantity_first)
}

fn columns(rng: &mut Rng, bill: &Bill<'_>, shape: &Shape) -> Vec<Column> {
    let say = bill.say;
    let upper = rng.chance(25);
    let mut out = Vec::new();
    let mut x = 40.0;
    let mut add = |head: String, x: f64, right: bool| {
        let head = if upper { head.to_uppercase() } else { head };
        out.push(Column { head, x, right });
    };
    if shape.position > 0 {
        add(rng.pick(&["Pos.", "#", "Nr", "Pos", "Lp."]).to_owned(), x, false);
        x += 28.0;
    }
    if shape.has_article {
        add(rng.say(say.article), x, false);
        x += 62.0;
    }
    if shape.quantity_first {
        add(rng.say(say.quantity), x + 38.0, true);
        x += 62.0;
    }
    add(rng.say(say.description), x, false);
    if !shape.quantity_first {
        add(rng.say(say.quantity), 366.0, true);
    }
    if shape.has_unit == 1 {
        add(rng.say(say.unit), 378.0, false);
    }
    add(rng.say(say.price), 462.0, true);
    if shape.has_rate {
        add(rng.say(say.rate), 498.0, true);
    }
    add(rng.say(say.amount), 556.0, true);
    out
}

fn head(columns: &[Column], paper: &mut Paper) {
    for column in columns {
        if column.right {
            paper.right(column.x, column.head.clone());
        } else {
            paper.bold(column.x, column.head.clone());
        }
    }
    paper.down(1.6);
}

fn carry(rng: &mut Rng, bill: &Bill<'_>, carried: i64, paper: &mut Paper) {
    let word = rng.say(bill.say.carried);
    paper.put(300.0, word.clone());
    paper.right(556.0, bill.money.bare(carried));
    paper.turn();
    paper.put(40.0, format!("{} {}", bill.title, bill.number.1));
    paper.down(2.0);
    paper.put(300.0, word);
    paper.right(556.0, bill.money.bare(carried));
    paper.down(1.5);
}

fn row(
    rng: &mut Rng,
    bill: &Bill<'_>,
    shape: &Shape,
    columns: &[Column],
    at: usize,
    line: &Line,
    paper: &mut Paper,
) {
    let money = bill.money;
    let mut quantity =
        if shape.decimals { money.bare(line.quantity) } else { (line.quantity / 100).to_string() };
    if shape.has_unit == 2 {
        quantity = format!("{quantity} {}", line.unit);
    }
    let mut cells = Vec::new();
    if shape.position > 0 {
        cells.push(if shape.position == 2 {
            format!("{:03}", 10 * (at + 1))
        } else {
            (at + 1).to_string()
        });
    }
    if shape.has_article {
        cells.push(format!("{}-{}", rng.pick(&["A", "KX", "71"]), rng.digits(5)));
    }
    if shape.quantity_first {
        cells.push(quantity.clone());
    }
    cells.push(line.text.clone());
    if !shape.quantity_first {
        cells.push(quantity);
    }
    if shape.has_unit == 1 {
        cells.push(line.unit.clone());
    }
    cells.push(money.bare(line.price));
    if shape.has_rate {
        cells.push(format!("{}%", line.rate));
    }
    cells.push(money.signed(line.amount));
    for (column, cell) in columns.iter().zip(cells) {
        if column.right { paper.right(column.x, cell) } else { paper.put(column.x, cell) }
    }
    paper.down(1.1);
}
