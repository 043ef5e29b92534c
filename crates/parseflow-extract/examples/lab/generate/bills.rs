//! Invoices, credit notes, orders and receipts.

use parseflow_model::DocumentType;

use super::page::Grid;
use super::rng::Rng;
use super::words::Words;
use super::{address, company, date, iban, person, printed, shaped};
use crate::label::{Item, Kind, Label};

struct Line {
    text: String,
    quantity: u64,
    price: i64,
}

impl Line {
    fn amount(&self) -> i64 {
        self.quantity as i64 * self.price
    }
}

fn lines(rng: &mut Rng, words: &Words, max: u64) -> Vec<Line> {
    let count = rng.range(1, max);
    (0..count)
        .map(|_| Line {
            text: rng.say(words.goods),
            quantity: rng.range(1, 25),
            price: rng.range(95, 48_000) as i64,
        })
        .collect()
}

/// An invoice, a credit note or an order.
pub(super) fn bill(rng: &mut Rng, words: &Words, kind: DocumentType) -> (Grid, Label) {
    let mut label = Label::default();
    let mut grid = Grid::default();
    let is_order = kind == DocumentType::PurchaseOrder;
    let vendor = company(rng, words);
    let mut from = vec![vendor.clone()];
    from.extend(address(rng, words));
    let customer = if rng.chance(30) { person(rng) } else { company(rng, words) };
    let mut to = vec![customer.clone()];
    to.extend(address(rng, words));
    let vat = shaped(rng, words.vat_shape);
    if rng.chance(40) {
        from.push(format!("{}: {vat}", rng.say(words.vat_id)));
    }
    let has_vat = from.len() > 3;
    let title = rng.say(match kind {
        DocumentType::CreditNote => words.credit,
        DocumentType::PurchaseOrder => words.purchase_order,
        _ => words.invoice,
    });
    if !is_order {
        label.set("vendor.name", Kind::Name, vendor.clone());
        label.set("customer.name", Kind::Name, customer);
    }
    let info = info_rows(rng, words, kind, &mut label);
    head(rng, words, &mut grid, &title, from, to, info);
    // Some bills are letters.
    let is_letter = rng.chance(25) && !is_order;
    if is_letter {
        grid.line(0, rng.say(words.greeting));
        grid.line(0, rng.say(words.prose));
        grid.gap();
    }
    let sign = if kind == DocumentType::CreditNote && rng.chance(40) { -1 } else { 1 };
    let lines = lines(rng, words, 9);
    table(rng, words, &mut grid, &lines, sign);
    totals(rng, words, &mut grid, &lines, sign, is_order, &mut label);
    grid.gap();
    grid.line(0, rng.say(words.pay));
    if is_letter {
        grid.line(0, rng.say(words.closing_words));
    }
    let account = iban(rng);
    if rng.chance(70) && !is_order {
        let spaced: Vec<String> =
            account.as_bytes().chunks(4).map(|part| String::from_utf8_lossy(part).into()).collect();
        let shown = if rng.chance(60) { spaced.join(" ") } else { account.clone() };
        grid.line(0, format!("IBAN: {shown}   BIC: COBADEFFXXX"));
        label.set("vendor.iban", Kind::Identifier, account);
    }
    if !has_vat {
        grid.line(0, format!("{vendor}   {}: {vat}", rng.say(words.vat_id)));
    }
    if !is_order {
        label.set("vendor.taxId", Kind::Identifier, vat);
        label.items = Some(
            lines
                .iter()
                .map(|line| Item {
                    description: Some(line.text.clone()),
                    quantity: None,
                    amount: Some((sign * line.amount()) as f64 / 100.0),
                })
                .collect(),
        );
    }
    (grid, label)
}

fn info_rows(
    rng: &mut Rng,
    words: &Words,
    kind: DocumentType,
    label: &mut Label,
) -> Vec<(String, String)> {
    let number = match rng.range(0, 4) {
        0 => rng.digits(6),
        1 => format!("{}-{}", rng.range(2022, 2027), rng.digits(4)),
        2 => format!("{}{}", rng.pick(&["INV", "RE", "F", "AB"]), rng.digits(7)),
        _ => format!("{}/{}", rng.digits(3), rng.range(2022, 2027)),
    };
    let (month, next) = {
        let month = rng.range(1, 11);
        (month, month + 1)
    };
    let (iso, shown) = date(rng, words, month);
    let mut rows = Vec::new();
    match kind {
        DocumentType::PurchaseOrder => rows.push((rng.say(words.order), number)),
        DocumentType::CreditNote => {
            label.set("invoiceNumber", Kind::Identifier, number.clone());
            rows.push((rng.say(words.credit_number), number));
        }
        _ => {
            label.set("invoiceNumber", Kind::Identifier, number.clone());
            rows.push((rng.say(words.number), number));
        }
    }
    if kind != DocumentType::PurchaseOrder {
        label.set("invoiceDate", Kind::Text, iso.clone());
    }
    rows.push((rng.say(words.date), shown));
    if rng.chance(60) {
        rows.push((rng.say(words.customer_no), rng.digits(5)));
    }
    if rng.chance(40) {
        let (_, shown) = date(rng, words, month);
        rows.push((rng.say(words.delivery), shown));
    }
    if rng.chance(50) && kind == DocumentType::Invoice {
        let (due, shown) = date(rng, words, next);
        // Years are drawn anew: only a later one makes sense.
        if due > iso {
            label.set("dueDate", Kind::Text, due);
            rows.push((rng.say(words.due), shown));
        }
    }
    if rng.chance(30) && kind == DocumentType::Invoice {
        rows.push((rng.say(words.order), format!("PO-{}", rng.digits(5))));
    }
    rows
}

fn head(
    rng: &mut Rng,
    words: &Words,
    grid: &mut Grid,
    title: &str,
    from: Vec<String>,
    to: Vec<String>,
    info: Vec<(String, String)>,
) {
    let mut receiver = Vec::new();
    if rng.chance(75) {
        receiver.push(format!("{}:", rng.say(words.bill_to)));
    }
    receiver.extend(to);
    match rng.range(0, if rng.held_out { 4 } else { 3 }) {
        0 => {
            let right = if rng.chance(50) { 62 } else { 0 };
            for line in &from {
                grid.line(right, line.clone());
            }
            grid.gap();
            grid.line(0, title);
            grid.gap();
            let info = info.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            grid.blocks((0, receiver), (58, info));
        }
        1 => {
            grid.blocks((0, from), (62, vec![title.to_owned()]));
            grid.gap();
            for line in receiver {
                grid.line(0, line);
            }
            grid.gap();
            for (name, value) in info {
                grid.row(vec![(58, name, false), (80, value, false)]);
            }
        }
        2 => {
            grid.line(34, title);
            grid.gap();
            grid.blocks((0, from), (56, receiver));
            grid.gap();
            for (name, value) in info {
                grid.row(vec![(0, name, false), (28, value, false)]);
            }
        }
        // Only held out: a table of heads with the values under them.
        _ => {
            grid.blocks((0, from), (62, vec![title.to_owned()]));
            grid.gap();
            for line in receiver {
                grid.line(0, line);
            }
            grid.gap();
            let step = 100 / info.len().max(1);
            let cell = |pick: fn(&(String, String)) -> String| {
                info.iter().enumerate().map(|(at, row)| (at * step, pick(row), false)).collect()
            };
            grid.row(cell(|row| row.0.clone()));
            grid.row(cell(|row| row.1.clone()));
        }
    }
    grid.gap();
}

fn table(rng: &mut Rng, words: &Words, grid: &mut Grid, lines: &[Line], sign: i64) {
    let first = rng.chance(40);
    let (quantity, text) = if first { (6, 12) } else { (58, 6) };
    grid.row(vec![
        (0, rng.pick(&["Pos", "#", "No."]).to_owned(), false),
        (quantity, rng.say(words.quantity), !first),
        (text, rng.say(words.description), false),
        (78, rng.say(words.price), true),
        (98, rng.say(words.amount), true),
    ]);
    for (at, line) in lines.iter().enumerate() {
        grid.row(vec![
            (0, (at + 1).to_string(), false),
            (quantity, line.quantity.to_string(), !first),
            (text, line.text.clone(), false),
            (78, printed(line.price, words.comma), true),
            (98, printed(sign * line.amount(), words.comma), true),
        ]);
    }
    grid.gap();
}

fn totals(
    rng: &mut Rng,
    words: &Words,
    grid: &mut Grid,
    lines: &[Line],
    sign: i64,
    is_order: bool,
    label: &mut Label,
) {
    let net: i64 = sign * lines.iter().map(Line::amount).sum::<i64>();
    let rate = words.rates[rng.range(0, 2) as usize];
    let tax = (net * rate as i64 + 50 * net.signum()) / 100;
    let currency = rng.say(words.currency);
    let sum = |cents: i64, rng: &mut Rng| {
        let text = printed(cents, words.comma);
        match rng.range(0, 3) {
            0 => text,
            1 => format!("{text} {currency}"),
            _ => format!("{currency} {text}"),
        }
    };
    let mut row = |name: String, cents: i64, rng: &mut Rng, code: bool| {
        let value = if code {
            format!("{} {currency}", printed(cents, words.comma))
        } else {
            sum(cents, rng)
        };
        grid.row(vec![(56, name, false), (98, value, true)]);
    };
    row(rng.say(words.net), net, rng, false);
    let name = rng.say(words.tax);
    let name = if rng.chance(70) { format!("{name} {rate} %") } else { name };
    row(name, tax, rng, false);
    row(rng.say(words.total), net + tax, rng, true);
    if is_order {
        return;
    }
    label.set("subtotal", Kind::Money, net as f64 / 100.0);
    label.set("tax", Kind::Money, tax as f64 / 100.0);
    label.set("total", Kind::Money, (net + tax) as f64 / 100.0);
    label.set("currency", Kind::Text, currency.clone());
}

/// What tills print of themselves.
const TILL: &str = "Cashier: 02|Kasse 3|Salesperson: A1|Terminal 12|Table 12|Rounding adj 0.00|Counter 4|\
                    Pax: 2|Caisse 4|Register 7|GST summary|Bediener 3";

/// A till receipt, narrow.
pub(super) fn receipt(rng: &mut Rng, words: &Words) -> (Grid, Label) {
    let mut label = Label::default();
    let mut grid = Grid::default();
    receipt_head(rng, words, &mut grid, &mut label);
    receipt_sums(rng, words, &mut grid, &mut label);
    (grid, label)
}

fn receipt_head(rng: &mut Rng, words: &Words, grid: &mut Grid, label: &mut Label) {
    let merchant = company(rng, words);
    label.set("merchant.name", Kind::Name, merchant.clone());
    grid.line(6, merchant.to_uppercase());
    for line in address(rng, words) {
        grid.line(6, line);
    }
    if rng.chance(60) {
        grid.line(6, format!("Tel: 0{}", rng.digits(8)));
    }
    if rng.chance(50) {
        grid.line(4, format!("{}: {}", rng.say(words.vat_id), shaped(rng, words.vat_shape)));
    }
    grid.gap();
    if rng.chance(80) {
        // In many countries a till prints invoices.
        let title = if rng.chance(40) { rng.say(words.invoice) } else { rng.say(words.receipt) };
        grid.line(12, title);
    }
    if rng.chance(40) {
        grid.line(0, format!("{}: {}", rng.say(words.number), rng.digits(7)));
    }
    if rng.chance(60) {
        grid.line(0, rng.say(TILL));
    }
    if rng.chance(30) {
        let head = [words.description, words.quantity, words.price, words.amount];
        let head = head.map(|wording| rng.say(wording));
        grid.row(head.into_iter().enumerate().map(|(at, name)| (at * 11, name, false)).collect());
    }
    let month = rng.range(1, 12);
    let (iso, shown) = date(rng, words, month);
    label.set("date", Kind::Text, iso);
    let time = format!("{:02}:{:02}", rng.range(8, 21), rng.range(0, 60));
    match rng.range(0, 3) {
        0 => grid.row(vec![(0, shown, false), (26, time, false)]),
        1 => grid.line(0, format!("{}: {shown} {time}", rng.say(words.date))),
        _ => {
            grid.line(0, format!("Bon-Nr. {}  Kasse {}", rng.digits(4), rng.range(1, 9)));
            grid.line(0, format!("{shown}  {time}"));
        }
    }
    grid.gap();
}

fn receipt_sums(rng: &mut Rng, words: &Words, grid: &mut Grid, label: &mut Label) {
    let lines = lines(rng, words, 7);
    let mut total = 0;
    for line in &lines {
        let quantity = line.quantity % 4 + 1;
        let amount = quantity as i64 * (line.price / 20 + 50);
        total += amount;
        let text = match quantity {
            1 => line.text.clone(),
            count => format!("{count} x {}", line.text),
        };
        grid.row(vec![(0, text, false), (38, printed(amount, words.comma), true)]);
    }
    grid.gap();
    let rate = words.rates[rng.range(0, 2) as usize] as i64;
    let tax = total - (total * 100 + (100 + rate) / 2) / (100 + rate);
    let name = rng.say(words.total);
    grid.row(vec![(0, name, false), (38, printed(total, words.comma), true)]);
    label.set("total", Kind::Money, total as f64 / 100.0);
    if rng.chance(60) {
        let name = format!("{} {rate} %", rng.say(words.tax));
        grid.row(vec![(0, name, false), (38, printed(tax, words.comma), true)]);
    }
    let paid = (total / 1_000 + 1) * 1_000;
    grid.row(vec![(0, rng.say(words.cash), false), (38, printed(paid, words.comma), true)]);
    if rng.chance(70) {
        let change = printed(paid - total, words.comma);
        grid.row(vec![(0, rng.say(words.change), false), (38, change, true)]);
    }
    grid.gap();
    grid.line(4, rng.say(words.thanks));
}
