//! Invoices in arrangements that no rule and no model was made from: other marks in numbers, other orders in
//! dates, labels over two lines, discounts, several rates, sums carried to the next page.

use super::page::Grid;
use super::rng::Rng;
use super::words::Words;
use super::{address, company, iban, shaped};
use crate::label::{Item, Kind, Label};

/// How a document prints amounts.
#[derive(Clone, Copy)]
struct Style {
    group: &'static str,
    decimal: char,
    /// 0 without a sign, 1 before the amount, 2 behind it.
    sign: u64,
}

impl Style {
    fn of(rng: &mut Rng) -> Style {
        let (group, decimal) =
            [(".", ','), (",", '.'), (" ", ','), ("'", '.'), ("", ',')][rng.range(0, 5) as usize];
        Style { group, decimal, sign: rng.range(0, 3) }
    }

    fn bare(self, cents: i64) -> String {
        let (whole, part) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
        let digits = whole.to_string();
        let mut out = if cents < 0 { "-".to_owned() } else { String::new() };
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push_str(self.group);
            }
            out.push(digit);
        }
        format!("{out}{}{part:02}", self.decimal)
    }

    fn money(self, cents: i64) -> String {
        match self.sign {
            0 => self.bare(cents),
            1 => format!("€ {}", self.bare(cents)),
            _ => format!("{} €", self.bare(cents)),
        }
    }
}

struct Line {
    text: String,
    quantity: i64,
    price: i64,
    /// In percent.
    discount: i64,
    rate: u64,
}

impl Line {
    fn amount(&self) -> i64 {
        (self.quantity * self.price * (100 - self.discount) + 50) / 100
    }
}

/// An invoice with its labels.
pub(super) fn invoice(rng: &mut Rng, words: &Words) -> (Grid, Label) {
    let style = Style::of(rng);
    let mut label = Label::default();
    let mut grid = Grid::default();
    let vendor = company(rng, words);
    let vat = shaped(rng, words.vat_shape);
    label.set("vendor.name", Kind::Name, vendor.clone());
    label.set("vendor.taxId", Kind::Identifier, vat.clone());
    grid.line(0, vendor);
    for line in address(rng, words) {
        grid.line(0, line);
    }
    grid.gap();
    let customer = company(rng, words);
    label.set("customer.name", Kind::Name, customer.clone());
    grid.line(0, format!("{}:", rng.say(words.bill_to)));
    grid.line(0, customer);
    for line in address(rng, words) {
        grid.line(0, line);
    }
    grid.gap();
    grid.line(0, rng.say(words.invoice));
    facts(rng, words, &mut grid, &mut label);
    grid.gap();
    let lines = lines(rng, words);
    let has_discount = lines.iter().any(|line| line.discount > 0);
    table(rng, words, &mut grid, &lines, style, has_discount);
    sums(rng, words, &mut grid, &lines, style, &mut label);
    grid.gap();
    let account = iban(rng);
    grid.line(0, format!("IBAN {account}"));
    grid.line(0, format!("{} {vat}", rng.say(words.vat_id)));
    label.set("vendor.iban", Kind::Identifier, account);
    if style.sign > 0 {
        label.set("currency", Kind::Text, "EUR");
    }
    let item = |line: &Line| Item {
        description: Some(line.text.clone()),
        quantity: Some(line.quantity as f64),
        amount: Some(line.amount() as f64 / 100.0),
    };
    label.items = Some(lines.iter().map(item).collect());
    (grid, label)
}

fn lines(rng: &mut Rng, words: &Words) -> Vec<Line> {
    let discounts = rng.chance(30);
    let second_rate = rng.chance(40);
    let count = if rng.chance(15) { rng.range(28, 50) } else { rng.range(1, 8) };
    let line = |_| Line {
        text: rng.say(words.goods),
        quantity: rng.range(1, 30) as i64,
        price: rng.range(100, 90_000) as i64,
        discount: if discounts && rng.chance(60) { rng.range(1, 5) as i64 * 5 } else { 0 },
        rate: words.rates[usize::from(second_rate && rng.chance(50))],
    };
    (0..count).map(line).collect()
}

/// Number, date and other facts: beside their labels, under them, or with labels in two lines.
fn facts(rng: &mut Rng, words: &Words, grid: &mut Grid, label: &mut Label) {
    let number = format!("{}-{}", rng.pick(&["F", "A", "K2"]), rng.digits(5));
    let (year, month, day) = (rng.range(2023, 2027), rng.range(1, 13), rng.range(1, 29));
    let shown = match rng.range(0, 4) {
        0 => format!("{day:02}/{month:02}/{year}"),
        1 => format!("{day}.{month}.{year}"),
        2 => format!("{year}-{month:02}-{day:02}"),
        _ => format!("{day:02}-{month:02}-{:02}", year % 100),
    };
    label.set("invoiceNumber", Kind::Identifier, number.clone());
    label.set("invoiceDate", Kind::Text, format!("{year:04}-{month:02}-{day:02}"));
    let rows = [
        (rng.say(words.customer_no), rng.digits(5)),
        (rng.say(words.number), number),
        (rng.say(words.date), shown),
    ];
    match rng.range(0, 4) {
        0 => {
            for (name, value) in rows {
                grid.row(vec![(50, name, false), (98, value, true)]);
            }
        }
        1 => {
            for (name, value) in rows {
                grid.line(60, name);
                grid.line(60, value);
                grid.gap();
            }
        }
        2 => {
            let cells = |pick: fn(&(String, String)) -> &String| {
                let row = rows.iter().enumerate();
                row.map(|(at, fact)| (at * 34, pick(fact).clone(), false)).collect()
            };
            grid.row(cells(|fact| &fact.0));
            grid.row(cells(|fact| &fact.1));
        }
        // A long label breaks; its value stands beside the first line.
        _ => {
            for (name, value) in rows {
                match name.split_once(' ') {
                    Some((first, rest)) => {
                        grid.row(vec![(40, first.to_owned(), false), (66, value, false)]);
                        grid.line(40, rest.to_owned());
                    }
                    None => grid.row(vec![(40, name, false), (66, value, false)]),
                }
            }
        }
    }
}

/// Lines of one page before the sum is carried to the next.
const PAGE_LINES: usize = 24;

fn table(
    rng: &mut Rng,
    words: &Words,
    grid: &mut Grid,
    lines: &[Line],
    style: Style,
    has_discount: bool,
) {
    let names_below = rng.chance(20);
    let has_rate = rng.chance(40);
    let mut head = vec![
        (0, rng.say(words.description), false),
        (46, rng.say(words.quantity), true),
        (62, rng.say(words.price), true),
        (98, rng.say(words.amount), true),
    ];
    if has_discount {
        head.push((72, "%".to_owned(), true));
    }
    if has_rate {
        head.push((82, rng.say(words.tax), true));
    }
    head.sort_by_key(|cell| cell.0);
    grid.row(head);
    let mut carried = 0;
    for (at, line) in lines.iter().enumerate() {
        if at > 0 && at % PAGE_LINES == 0 {
            let name = carry(words);
            grid.gap();
            for _ in 0..2 {
                grid.row(vec![(46, name.to_owned(), false), (98, style.bare(carried), true)]);
            }
            grid.gap();
        }
        carried += line.amount();
        let first =
            if names_below { format!("{:06}", 410_000 + 7 * at) } else { line.text.clone() };
        let mut row = vec![
            (0, first, false),
            (46, line.quantity.to_string(), true),
            (62, style.bare(line.price), true),
            (98, style.money(line.amount()), true),
        ];
        if line.discount > 0 {
            row.push((72, format!("{} %", line.discount), true));
        }
        if has_rate {
            row.push((82, format!("{} %", line.rate), true));
        }
        row.sort_by_key(|cell| cell.0);
        grid.row(row);
        if names_below {
            grid.line(0, line.text.clone());
            grid.gap();
        }
    }
    grid.gap();
}

/// What announces the sum of the pages before.
fn carry(words: &Words) -> &'static str {
    match words.code {
        "de" => "Übertrag",
        "fr" => "Report",
        "es" => "Suma y sigue",
        "it" => "Riporto",
        "nl" => "Transport",
        _ => "Carried forward",
    }
}

/// Net, a tax for each rate, perhaps a discount on all and freight, gross.
fn sums(
    rng: &mut Rng,
    words: &Words,
    grid: &mut Grid,
    lines: &[Line],
    style: Style,
    label: &mut Label,
) {
    let row = |grid: &mut Grid, name: String, cents: i64| {
        grid.row(vec![(50, name, false), (98, style.money(cents), true)]);
    };
    let net: i64 = lines.iter().map(Line::amount).sum();
    let mut tax = 0;
    row(grid, rng.say(words.net), net);
    for rate in words.rates {
        let base: i64 = lines.iter().filter(|line| line.rate == rate).map(Line::amount).sum();
        if base == 0 {
            continue;
        }
        let part = (base * rate as i64 + 50) / 100;
        tax += part;
        let name = format!("{} {rate} %", rng.say(words.tax));
        if rng.chance(50) {
            row(grid, name, part);
        } else {
            grid.row(vec![
                (50, name, false),
                (84, style.bare(base), true),
                (98, style.money(part), true),
            ]);
        }
    }
    row(grid, rng.say(words.total), net + tax);
    label.set("subtotal", Kind::Money, net as f64 / 100.0);
    label.set("tax", Kind::Money, tax as f64 / 100.0);
    label.set("total", Kind::Money, (net + tax) as f64 / 100.0);
}
