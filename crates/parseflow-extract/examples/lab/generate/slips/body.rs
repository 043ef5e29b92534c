//! What was sold, what it costs, and how it was paid.

use super::{EDGE, LEFT, Slip};
use crate::label::Kind;

/// What a rate of hundredths of a percent takes, rounded to the hundredth.
fn share(amount: i64, rate: i64) -> i64 {
    (amount * rate + 5_000) / 10_000
}

/// The tax inside an amount.
fn inside(amount: i64, rate: i64) -> i64 {
    amount - (amount * 10_000 + (10_000 + rate) / 2) / (10_000 + rate)
}

fn shown_rate(slip: &Slip<'_>, rate: i64) -> String {
    let mark = slip.money.decimal;
    match (rate / 100, rate % 100) {
        (whole, 0) => format!("{whole}%"),
        (whole, part) if part % 10 == 0 => format!("{whole}{mark}{}%", part / 10),
        (whole, part) => format!("{whole}{mark}{part:02}%"),
    }
}

/// Everything from the first item to the last coin.
pub(super) fn print(slip: &mut Slip<'_>) {
    let sold = items(slip);
    slip.rule();
    let is_added = match slip.till.code {
        "US" => true,
        "MY" | "SG" => slip.rng.chance(35),
        _ => false,
    };
    let total = if is_added { added(slip, sold) } else { included(slip, sold) };
    slip.label.set("total", Kind::Money, total as f64 / 100.0);
}

fn items(slip: &mut Slip<'_>) -> i64 {
    let till = slip.till;
    let form = slip.rng.range(0, 7);
    let mut total = 0;
    if form == 3 || (form == 1 && slip.rng.chance(40)) {
        let heads: Vec<String> = till.heads.iter().map(|head| slip.say(head)).collect();
        slip.paper.put(LEFT, heads[0].clone());
        for (head, x) in heads[1..].iter().zip([120.0, 165.0, EDGE]) {
            slip.paper.right(x, head.clone());
        }
        slip.paper.down(1.2);
    }
    let code = slip.rng.pick(&[" A", " SR", " *", " T", " B", " S"]);
    for _ in 0..slip.rng.range(1, 8) {
        let (quantity, price) = (slip.rng.range(1, 4) as i64, slip.rng.range(45, 3_200) as i64);
        let amount = quantity * price;
        total += amount;
        let text = slip.say(if slip.is_meal { till.meals } else { till.goods });
        let (each, sum) = (slip.money.bare(price), slip.money.bare(amount));
        match form {
            0 => slip.pair(text, sum),
            1 => slip.pair(format!("{quantity} {text}"), sum),
            2 => {
                slip.line(text);
                slip.pair(format!("   {quantity} x {each}"), sum);
            }
            3 => {
                slip.paper.put(LEFT, text.chars().take(18).collect::<String>());
                for (cell, x) in
                    [quantity.to_string(), each, sum].into_iter().zip([120.0, 165.0, EDGE])
                {
                    slip.paper.right(x, cell);
                }
                slip.paper.down(1.1);
            }
            4 => {
                let article = slip.rng.digits(13);
                slip.line(article);
                slip.line(text);
                slip.pair(format!("{quantity}.00 PC  {each}"), sum);
            }
            5 => slip.pair(text, format!("{sum}{code}")),
            _ => slip.pair(format!("{quantity}x {text}"), slip.money.signed(amount)),
        }
    }
    let till = slip.till;
    if slip.rng.chance(15) && total > 1_000 {
        let off = total / 10;
        let word = slip.say(till.discount);
        slip.pair(word, slip.money.bare(-off));
        total -= off;
    }
    total
}

/// A service charge or a gratuity, where restaurants take one.
fn service(slip: &mut Slip<'_>, sold: i64) -> i64 {
    let can_be = matches!(slip.till.code, "MY" | "SG" | "GB" | "US" | "AU" | "IT");
    if !slip.is_meal || !can_be || !slip.rng.chance(40) {
        return 0;
    }
    let word = slip.say(slip.till.service);
    let digits: String = word.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let rate = digits.parse::<f64>().map_or(1_000, |rate| (rate * 100.0) as i64);
    let amount = share(sold, rate);
    slip.pair(word, slip.money.bare(amount));
    amount
}

/// Tax on top: America, and restaurants of Asia.
fn added(slip: &mut Slip<'_>, sold: i64) -> i64 {
    let till = slip.till;
    let word = slip.say(till.subtotal);
    slip.pair(word, slip.money.bare(sold));
    let rate = till.rates[slip.rng.range(0, till.rates.len() as u64) as usize];
    let extra = service(slip, sold);
    let tax = share(if till.code == "US" { sold } else { sold + extra }, rate);
    let shown = shown_rate(slip, rate);
    let word = slip.say(till.tax).replace('%', &shown);
    slip.pair(word, slip.money.bare(tax));
    slip.label.set("tax", Kind::Money, tax as f64 / 100.0);
    let total = sold + extra + tax;
    let total = closing(slip, total);
    if till.code == "US" && slip.is_meal && extra == 0 && slip.rng.chance(45) {
        return tipped(slip, total);
    }
    paid(slip, total);
    total
}

/// Tax inside the prices.
fn included(slip: &mut Slip<'_>, sold: i64) -> i64 {
    let till = slip.till;
    let mut rates = till.rates.to_vec();
    let at = slip.rng.range(0, rates.len() as u64) as usize;
    rates.rotate_left(at);
    let is_mixed = matches!(till.code, "DE" | "AT" | "FR" | "NL" | "PL" | "ES" | "IT");
    let parts: Vec<(i64, i64)> = if is_mixed && rates.len() > 1 && slip.rng.chance(30) {
        let first = sold * slip.rng.range(20, 80) as i64 / 100;
        vec![(rates[0], first), (rates[1], sold - first)]
    } else {
        vec![(rates[0], sold)]
    };
    if slip.rng.chance(30) {
        let subtotal = till.subtotal.split('|').next().unwrap_or_default().to_owned();
        let subtotal = slip.case(subtotal);
        slip.pair(subtotal, slip.money.bare(sold));
    }
    let extra = service(slip, sold);
    let parts: Vec<(i64, i64)> = match extra {
        0 => parts,
        extra => vec![(parts[0].0, sold + extra)],
    };
    let before = slip.rng.chance(20) && parts.len() == 1;
    if before {
        tax_line(slip, parts[0]);
    }
    let total = closing(slip, sold + extra);
    let is_late = slip.rng.chance(50);
    if is_late {
        paid(slip, total);
    }
    if !before && parts.len() == 1 && slip.rng.chance(50) {
        tax_line(slip, parts[0]);
    } else if (parts.len() > 1 || slip.rng.chance(60)) && !till.tax_table.is_empty() {
        tax_table(slip, &parts);
    }
    if !is_late {
        paid(slip, total);
    }
    total
}

fn tax_line(slip: &mut Slip<'_>, (rate, amount): (i64, i64)) {
    let shown = shown_rate(slip, rate);
    let word = slip.say(slip.till.tax).replace('%', &shown);
    let tax = inside(amount, rate);
    slip.pair(word, slip.money.bare(tax));
    slip.label.set("tax", Kind::Money, tax as f64 / 100.0);
}

fn tax_table(slip: &mut Slip<'_>, parts: &[(i64, i64)]) {
    let heads = slip.rng.say(slip.till.tax_table);
    let heads: Vec<String> = heads.split(':').map(|head| slip.case(head)).collect();
    let places: &[f64] =
        if heads.len() == 3 { &[70.0, 140.0, EDGE] } else { &[50.0, 104.0, 158.0, EDGE] };
    slip.paper.down(0.5);
    for (at, (head, x)) in heads.iter().zip(places).enumerate() {
        if at == 0 {
            slip.paper.put(LEFT, head.clone())
        } else {
            slip.paper.right(*x, head.clone())
        }
    }
    slip.paper.down(1.1);
    let mut sums = [0; 3];
    for (at, (rate, amount)) in parts.iter().enumerate() {
        let tax = inside(*amount, *rate);
        let numbers = [amount - tax, tax, *amount];
        let letter = char::from(b'A' + at as u8);
        let shown = shown_rate(slip, *rate);
        slip.paper.put(
            LEFT,
            match slip.is_loud {
                true => format!("{letter} {shown}"),
                false => shown,
            },
        );
        for (number, x) in numbers.iter().zip(&places[1..]) {
            slip.paper.right(*x, slip.money.bare(*number));
        }
        slip.paper.down(1.1);
        for (sum, number) in sums.iter_mut().zip(numbers) {
            *sum += number;
        }
    }
    let has_sum = parts.len() > 1 && slip.rng.chance(60);
    if has_sum {
        let word = slip.case(slip.till.total.split('|').next().unwrap_or_default());
        slip.paper.put(LEFT, word.split(' ').next().unwrap_or_default().to_owned());
        for (number, x) in sums.iter().zip(&places[1..]) {
            slip.paper.right(*x, slip.money.bare(*number));
        }
        slip.paper.down(1.2);
    }
    if has_sum || parts.len() == 1 {
        slip.label.set("tax", Kind::Money, sums[1] as f64 / 100.0);
    }
}

/// The total, rounded where coins are; what is to be paid.
fn closing(slip: &mut Slip<'_>, total: i64) -> i64 {
    let till = slip.till;
    let word = slip.say(till.total);
    let size = if slip.rng.chance(40) { 11.0 } else { 8.0 };
    let money = if slip.rng.chance(50) { slip.sum(total) } else { slip.money.bare(total) };
    let rounded = (total + 2) / 5 * 5;
    let is_rounded = matches!(till.code, "MY" | "SG") && slip.rng.chance(60);
    if is_rounded {
        slip.pair(word, slip.money.bare(total));
        let word = slip.say(till.rounding);
        slip.pair(word, slip.money.bare(rounded - total));
        let word = slip.say(till.final_total);
        let money = slip.sum(rounded);
        slip.paper.sized(LEFT, size, true, word);
        slip.paper.right(EDGE, money);
        slip.paper.down(1.5);
        return rounded;
    }
    slip.paper.sized(LEFT, size, true, word);
    slip.paper.right(EDGE, money);
    slip.paper.down(1.5);
    if slip.rng.chance(20) {
        let count = slip.rng.range(1, 20);
        let word = if till.code == "DE" { "Anzahl Artikel" } else { "Items" };
        slip.pair(word, count.to_string());
    }
    total
}

/// A tip that was written in, or room for one.
fn tipped(slip: &mut Slip<'_>, total: i64) -> i64 {
    if slip.rng.chance(50) {
        let card = slip.rng.say(slip.till.cards);
        slip.pair(card, slip.money.bare(total));
        for (rate, amount) in
            [(18, share(total, 1_800)), (20, share(total, 2_000)), (25, share(total, 2_500))]
        {
            slip.line(format!("{rate}% = {}", slip.money.signed(amount)));
        }
        slip.line("Tip:   ______________");
        slip.line("Total: ______________");
        slip.line("X____________________");
        return total;
    }
    let tip = share(total, 1_800) / 25 * 25;
    slip.pair("Tip", slip.money.bare(tip));
    let word = slip.say("Total|TOTAL|Total with Tip|Total Charged");
    slip.pair(word, slip.sum(total + tip));
    terminal(slip, total + tip);
    total + tip
}

fn paid(slip: &mut Slip<'_>, total: i64) {
    let till = slip.till;
    if slip.rng.chance(50) {
        let handed = match slip.rng.range(0, 3) {
            0 => total,
            1 => (total / 500 + 1) * 500,
            _ => (total / 5_000 + 1) * 5_000,
        };
        let word = slip.say(till.cash);
        slip.pair(word, slip.money.bare(handed));
        if handed > total || slip.rng.chance(50) {
            let word = slip.say(till.change);
            slip.pair(word, slip.money.bare(handed - total));
        }
    } else {
        let card = slip.rng.say(till.cards);
        slip.pair(card, slip.money.bare(total));
        if slip.rng.chance(45) {
            terminal(slip, total);
        }
    }
    slip.paper.down(0.5);
}

/// Amount, terminal, authorization, approved.
const SLIPS: &[(&str, [&str; 4])] = &[
    ("DE", ["Betrag EUR", "Terminal-ID", "Genehmigungs-Nr.", "Zahlung erfolgt"]),
    ("AT", ["Betrag EUR", "Terminal-ID", "Autorisierung", "Zahlung genehmigt"]),
    ("FR", ["MONTANT", "No terminal", "No autorisation", "TRANSACTION ACCEPTEE"]),
    ("IT", ["IMPORTO EUR", "TML", "AUT.", "TRANSAZIONE ESEGUITA"]),
    ("ES", ["IMPORTE", "Terminal", "Autorización", "OPERACIÓN ACEPTADA"]),
    ("NL", ["Bedrag", "Terminal", "Autorisatiecode", "AKKOORD"]),
    ("PL", ["KWOTA PLN", "POS ID", "Kod autoryzacji", "ZAAKCEPTOWANO"]),
];

pub(super) fn terminal(slip: &mut Slip<'_>, total: i64) {
    let code = slip.till.code;
    let known = SLIPS.iter().find(|(known, _)| *known == code);
    let words = known.map_or(["AMOUNT", "TID", "AUTH CODE", "APPROVED"], |(_, words)| *words);
    slip.paper.down(0.5);
    let (id, auth) = (slip.rng.digits(8), slip.rng.digits(6));
    slip.line(format!("{}: {id}", words[1]));
    let stamp = format!("{} {}", slip.date, slip.time);
    slip.line(stamp);
    slip.line("AID: A0000000041010");
    slip.pair(words[0], slip.sum(total));
    slip.line(format!("{} {auth}", words[2]));
    slip.centre(8.0, false, words[3].to_owned());
}
