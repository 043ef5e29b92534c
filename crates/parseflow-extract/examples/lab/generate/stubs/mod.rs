//! A second set of receipts: eleven countries, fuel, parking, tickets, weighed goods, tables with tips, paid in parts.
//! Written in other words and arrangements after the rules had been mended for the first set, and read once.

mod words;

use super::habits::paper::Paper;
use super::habits::{Day, Money, filled};
use super::rng::Rng;
use crate::label::{Kind, Label};
use serde_json::Value;
use words::{SHOPS, Shop};

const LEFT: f64 = 18.0;
const EDGE: f64 = 208.0;

struct Stub<'r> {
    rng: &'r mut Rng,
    shop: &'static Shop,
    money: Money,
    paper: Paper,
    label: Label,
    stamp: String,
}

impl Stub<'_> {
    fn line(&mut self, text: impl Into<String>) {
        self.paper.put(LEFT, text.into());
        self.paper.down(1.0);
    }

    fn pair(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.paper.put(LEFT, name.into());
        self.paper.right(EDGE, value.into());
        self.paper.down(1.1);
    }

    fn amount(&self, cents: i64) -> String {
        self.money.bare(cents)
    }

    fn signed(&self, cents: i64) -> String {
        let place = u64::from(matches!(self.shop.code, "DE" | "IT" | "ES" | "PL"));
        Money { place, ..self.money }.signed(cents)
    }
}

/// The receipt of a seed.
pub(super) fn receipt(rng: &mut Rng) -> (Vec<u8>, Label) {
    let shop = SHOPS[rng.range(0, SHOPS.len() as u64) as usize];
    let day = Day::new(rng);
    let time = match (shop.comma, rng.range(0, 3)) {
        (true, 0) => format!("{:02}.{:02}", rng.range(8, 22), rng.range(10, 60)),
        (_, 1) => {
            format!("{:02}:{:02}:{:02}", rng.range(8, 22), rng.range(10, 60), rng.range(10, 60))
        }
        _ => format!("{:02}:{:02}", rng.range(8, 22), rng.range(10, 60)),
    };
    let weekday = rng.say(shop.days);
    let pattern = rng.say(shop.stamps).replace("{T}", &time).replace("{W}", &weekday);
    let (group, decimal) = if shop.comma { (".", ',') } else { (",", '.') };
    let mut stub = Stub {
        stamp: day.shown(shop.months, &pattern),
        money: Money { group, decimal, sign: shop.sign, place: 2, minus: rng.range(0, 2) },
        paper: Paper::roll(),
        label: Label { document_type: Some("receipt".to_owned()), ..Label::default() },
        shop,
        rng,
    };
    stub.label.set("date", Kind::Text, day.iso());
    head(&mut stub);
    let stamp_last = stub.rng.chance(35);
    if !stamp_last {
        let stamp = stub.stamp.clone();
        stub.line(stamp);
    }
    let number = stub.rng.digits(5);
    let word = stub.rng.pick(&["#", "Nr", "TXN", "Ref"]);
    stub.line(format!("{word} {number}"));
    stub.paper.down(0.6);
    let sold = match stub.rng.range(0, 6) {
        0 => fuel(&mut stub),
        1 => parking(&mut stub),
        2 => tickets(&mut stub),
        _ => goods(&mut stub),
    };
    sums(&mut stub, sold);
    if stamp_last {
        let stamp = stub.stamp.clone();
        stub.line(stamp);
    }
    let foot = filled(stub.rng, stub.shop.foot.split('|').next().unwrap_or_default());
    stub.line(foot);
    stub.paper.cut();
    (stub.paper.pdf(), stub.label)
}

fn head(stub: &mut Stub<'_>) {
    let shop = stub.shop;
    let name = stub.rng.say(shop.names);
    let form = stub.rng.say(shop.forms);
    let full = format!("{name} {form}");
    let greeting = stub.rng.say(shop.greets);
    let mut names = vec![name.clone()];
    let size = [8.0, 9.5, 12.0][stub.rng.range(0, 3) as usize];
    if !greeting.is_empty() {
        stub.line(greeting);
    }
    match stub.rng.range(0, 6) {
        0 => {
            names.push(full.clone());
            stub.paper.sized(LEFT, size, true, full.clone());
            stub.paper.down(size / 8.0);
        }
        1 => {
            stub.paper.sized(LEFT, size, true, name.to_uppercase());
            stub.paper.down(size / 8.0);
            names.push(full.clone());
            stub.line(form);
        }
        2 => stub.line(format!("*** {name} ***")),
        3 => {
            // The firm behind it stands below the address.
            stub.paper.sized(LEFT, size, false, name.clone());
            stub.paper.down(size / 8.0);
        }
        4 => {
            stub.paper.sized(46.0, size, true, name.to_uppercase());
            stub.paper.down(size / 8.0);
        }
        _ => {
            names.push(full.clone());
            stub.paper.sized(52.0, 8.0, false, full.clone());
            stub.paper.down(1.0);
        }
    }
    let place = stub.rng.say(shop.places);
    if stub.rng.chance(50) {
        for part in place.split([',', '-']).map(str::trim).collect::<Vec<_>>() {
            stub.line(part);
        }
    } else {
        stub.line(place);
    }
    if stub.rng.chance(75) {
        let id = stub.rng.say(shop.ids);
        let id = filled(stub.rng, &id);
        stub.line(id);
    }
    if stub.rng.chance(40) {
        let phone = filled(stub.rng, "+## ## ### ####");
        stub.line(phone);
    }
    stub.paper.down(0.6);
    let names = names.into_iter().map(Value::from).collect();
    stub.label.set("merchant.name", Kind::OneOf, Value::Array(names));
}

fn fuel(stub: &mut Stub<'_>) -> i64 {
    let kind = stub.rng.say(stub.shop.fuel);
    let (litres, price) = (stub.rng.range(1_000, 6_000) as i64, stub.rng.range(140, 210) as i64);
    let cents = (litres * price + 50) / 100;
    let pump = stub.rng.range(1, 9);
    stub.pair(format!("Pump {pump} {kind}"), stub.signed(cents));
    let mark = stub.money.decimal;
    stub.line(format!("{}{mark}{:02} L @ {}", litres / 100, litres % 100, stub.amount(price)));
    cents
}

fn parking(stub: &mut Stub<'_>) -> i64 {
    let words: Vec<String> = stub.shop.parking.split('|').map(str::to_owned).collect();
    let (from, hours) = (stub.rng.range(7, 14), stub.rng.range(1, 8));
    let cents = 250 * hours as i64;
    stub.pair(words[0].clone(), format!("{from:02}:12"));
    stub.pair(words[1].clone(), format!("{:02}:05", from + hours));
    stub.pair(words[2].clone(), format!("{hours}h"));
    stub.pair(words[3].clone(), stub.amount(cents));
    cents
}

fn tickets(stub: &mut Stub<'_>) -> i64 {
    let mut sum = 0;
    for word in stub.shop.tickets.split('|').take(stub.rng.range(1, 5) as usize) {
        let (count, price) = (stub.rng.range(1, 5) as i64, 50 * stub.rng.range(9, 60) as i64);
        sum += count * price;
        stub.pair(format!("{count} {word} à {}", stub.amount(price)), stub.amount(count * price));
    }
    sum
}

fn goods(stub: &mut Stub<'_>) -> i64 {
    let (mut sum, form) = (0, stub.rng.range(0, 4));
    let mark = stub.money.decimal;
    for _ in 0..stub.rng.range(1, 9) {
        let text = stub.rng.say(stub.shop.goods);
        let (count, price) = (stub.rng.range(1, 4) as i64, stub.rng.range(70, 2_600) as i64);
        let grams = stub.rng.range(120, 1_900) as i64;
        match form {
            0 => {
                let cents = (grams * price + 500) / 1_000;
                sum += cents;
                stub.pair(text, stub.amount(cents));
                stub.line(format!(
                    "  {}{mark}{:03} kg x {}/kg",
                    grams / 1_000,
                    grams % 1_000,
                    stub.amount(price)
                ));
            }
            1 => {
                sum += count * price;
                stub.line(format!("{count} @ {}", stub.amount(price)));
                stub.pair(text, stub.amount(count * price));
            }
            2 => {
                sum += count * price;
                stub.pair(format!("{text} ({count})"), stub.signed(count * price));
            }
            _ => {
                sum += price;
                let letter = stub.rng.pick(&["A", "B", "1", "V"]);
                stub.pair(text, format!("{} {letter}", stub.amount(price)));
            }
        }
    }
    if stub.rng.chance(25) && sum > 1_500 {
        let off = sum / 10 / 5 * 5;
        let word = stub.rng.say(stub.shop.savings);
        stub.pair(word, stub.amount(-off));
        sum -= off;
    }
    sum
}

fn sums(stub: &mut Stub<'_>, sold: i64) {
    let shop = stub.shop;
    let is_added = matches!(shop.code, "CA" | "IN");
    let mut total = sold;
    stub.paper.down(0.5);
    let word = stub.rng.say(shop.before);
    let tax_of = |cents: i64, rate: i64| (cents * rate + 5_000) / 10_000;
    if shop.code == "IN" {
        stub.pair(word, stub.amount(sold));
        let half = tax_of(sold, shop.rate / 2);
        for name in shop.tax.split('|') {
            stub.pair(format!("{name} @ 2.5%"), stub.amount(half));
        }
        total += 2 * half;
        let rounded = (total + 50) / 100 * 100;
        stub.pair("Round Off", stub.amount(rounded - total));
        total = rounded;
    } else if is_added {
        stub.pair(word, stub.amount(sold));
        let tax = tax_of(sold, shop.rate);
        let name = stub.rng.say(shop.tax).replace('%', "13%");
        stub.pair(name, stub.amount(tax));
        stub.label.set("tax", Kind::Money, tax as f64 / 100.0);
        total += tax;
    } else if stub.rng.chance(25) {
        stub.pair(word, stub.amount(sold));
    }
    if stub.rng.chance(15) {
        let tip = (total / 10 + 49) / 50 * 50;
        let word = stub.rng.say(shop.tip);
        stub.pair(word, stub.amount(tip));
        total += tip;
    }
    let size = [8.0, 10.0, 13.0][stub.rng.range(0, 3) as usize];
    let word = stub.rng.say(shop.total);
    let shown = if stub.rng.chance(60) { stub.signed(total) } else { stub.amount(total) };
    stub.paper.sized(LEFT, size, true, word);
    stub.paper.right(EDGE, shown);
    stub.paper.down(1.5);
    stub.label.set("total", Kind::Money, total as f64 / 100.0);
    paid(stub, total);
    if !is_added && stub.rng.chance(65) && sold == total {
        let tax = total - (total * 10_000 + (10_000 + shop.rate) / 2) / (10_000 + shop.rate);
        let rate = match shop.rate % 100 {
            0 => format!("{}%", shop.rate / 100),
            part => format!("{}.{}%", shop.rate / 100, part / 10),
        };
        let name = stub.rng.say(shop.tax).replace('%', &rate);
        stub.pair(name, stub.amount(tax));
        stub.label.set("tax", Kind::Money, tax as f64 / 100.0);
    }
}

/// In cash with change, or by one or two other means.
fn paid(stub: &mut Stub<'_>, total: i64) {
    let means: Vec<String> = stub.shop.paid.split('|').map(str::to_owned).collect();
    match stub.rng.range(0, 4) {
        0 => {
            let given = (total / 2_000 + 1) * 2_000;
            let cash = means.iter().find(|word| {
                matches!(
                    word.as_str(),
                    "Cash" | "Bar" | "Efectivo" | "Gotówka" | "Pagamento contante"
                )
            });
            let cash = cash.unwrap_or(&means[0]).clone();
            stub.pair(cash, stub.amount(given));
            let word = stub.rng.say(stub.shop.change);
            stub.pair(word, stub.amount(given - total));
        }
        1 if total > 1_000 => {
            let part = total / 3 / 100 * 100;
            stub.pair(means[0].clone(), stub.amount(part));
            stub.pair(means[1].clone(), stub.amount(total - part));
        }
        2 => {
            stub.pair(means[1].clone(), stub.signed(total));
            let tail = stub.rng.digits(4);
            stub.line(format!("**** **** **** {tail}"));
        }
        _ => stub.pair(means[means.len() - 1].clone(), stub.amount(total)),
    }
}
