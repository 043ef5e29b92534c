//! Who sold, and the facts of the sale.

use serde_json::Value;

use super::{EDGE, LEFT, Slip};
use crate::label::Kind;

const OWNERS: &str =
    "R. Haverkamp|Petra Lindqvist|J. Okafor|M. Castellani|Yvonne Tan|D. Brzezinski|A. Moreau";

/// Name, branch, address and numbers.
pub(super) fn merchant(slip: &mut Slip<'_>) {
    let till = slip.till;
    let (house, craft, form) =
        (slip.say(till.houses), slip.say(till.crafts), slip.rng.say(till.forms));
    let with_form = |name: &str| format!("{name} {form}").replace(" ,", ",");
    let short = match slip.rng.range(0, 3) {
        0 => house.clone(),
        1 if matches!(till.code, "FR" | "IT" | "ES" | "NL" | "PL") => format!("{craft} {house}"),
        _ => format!("{house} {craft}"),
    };
    let full = with_form(&short);
    let (big, plain) = (slip.rng.range(9, 14) as f64, 8.0);
    let mut names = vec![full.clone()];
    if slip.rng.chance(12) {
        let title = slip.say(till.titles);
        slip.centre(plain, false, title);
    }
    match slip.rng.range(0, 10) {
        0..=2 => slip.centre(big.min(340.0 / full.chars().count() as f64), true, full.clone()),
        3 | 4 => {
            // In two lines.
            slip.centre(big, true, short.clone());
            let (size, bold) = if slip.rng.chance(50) { (big, true) } else { (plain, false) };
            slip.centre(size, bold, form.trim_start_matches(", ").to_owned());
            names.push(short.clone());
        }
        5 | 6 => {
            slip.centre(big, true, house.clone());
            slip.centre(plain, false, full.clone());
            names.push(house.clone());
        }
        7 => {
            slip.centre(big, true, short.clone());
            let owner = slip.rng.say(OWNERS);
            let word = match till.code {
                "DE" | "AT" => "Inh.",
                "FR" => "Exploitant:",
                "IT" => "di",
                "ES" => "de",
                "NL" => "eigenaar",
                "PL" => "wł.",
                _ => "Prop.",
            };
            slip.centre(plain, false, format!("{word} {owner}"));
            names = vec![short.clone(), format!("{short} {word} {owner}")];
        }
        _ => {
            slip.centre(big, true, short.clone());
            names = vec![short.clone()];
        }
    }
    if slip.rng.chance(35) {
        let branch = slip.fill(till.branches);
        let longer: Vec<String> = names.iter().map(|name| format!("{name} {branch}")).collect();
        names.extend(longer);
        let shown = match slip.rng.range(0, 3) {
            0 => format!("({branch})"),
            1 => format!("- {branch} -"),
            _ => branch,
        };
        slip.centre(plain, false, shown);
    }
    let names: Vec<Value> = names.into_iter().map(Value::from).collect();
    slip.label.set("merchant.name", Kind::OneOf, Value::Array(names));
    address(slip);
}

fn address(slip: &mut Slip<'_>) {
    let till = slip.till;
    let mut lines = Vec::new();
    if slip.rng.chance(40) {
        lines.push(slip.fill(till.register));
    }
    let has_register = !lines.is_empty();
    lines.push(slip.fill(till.streets));
    lines.push(slip.fill(till.towns));
    if has_register && slip.rng.chance(40) {
        lines.rotate_left(1);
    }
    if slip.rng.chance(65) {
        let word = slip.rng.say(till.phone);
        let mark = slip.rng.pick(&[":", "", " :"]);
        lines.push(format!("{word}{mark} {}", super::filled(slip.rng, "0#-#### ####")));
    }
    if slip.rng.chance(15) {
        lines.push("www.our-shop.example".to_owned());
    }
    if slip.rng.chance(80) {
        lines.push(slip.fill(till.tax_id));
    }
    let is_centred = slip.rng.chance(65);
    for line in lines {
        if is_centred { slip.centre(8.0, false, line) } else { slip.line(line) }
    }
    slip.paper.down(0.6);
    if slip.rng.chance(65) {
        let title = slip.say(till.titles);
        let size = if slip.rng.chance(40) { 10.0 } else { 8.0 };
        slip.centre(size, true, title);
        slip.paper.down(0.4);
    }
}

/// Number, date, time, who served.
pub(super) fn facts(slip: &mut Slip<'_>, date_is_below: bool) {
    let till = slip.till;
    let number_word = slip.say(till.numbers);
    let count = slip.rng.range(3, 10) as usize;
    let number = format!("{}{}", slip.rng.pick(&["", "", "A", "CS-", "0"]), slip.rng.digits(count));
    let (cashier_word, cashier) =
        (slip.say(till.cashiers), slip.rng.say("01|MANDY|Ali|Chloe T.|3|Marta|Tom"));
    let (day_word, time_word) = (slip.say(till.day_words), slip.say(till.time_words));
    let (date, time) = (slip.date.clone(), slip.time.clone());
    let colon = slip.rng.pick(&[":", "", " :", ":"]);
    if date_is_below {
        slip.pair(format!("{number_word}{colon} {number}"), cashier);
        slip.rule();
        return;
    }
    let named = |word: &str, value: &str| match word {
        "" => value.to_owned(),
        word => format!("{word}{colon} {value}"),
    };
    match slip.rng.range(0, 5) {
        0 => {
            slip.pair(named(&day_word, &date), named(&time_word, &time));
            slip.line(named(&number_word, &number));
        }
        1 => slip.pair(format!("{date} {time}"), named(&number_word, &number)),
        2 => {
            let x = LEFT + 62.0;
            let both = format!("{date} {time}");
            let day_word = if day_word.is_empty() {
                till.day_words.split('|').next().unwrap_or_default().to_owned()
            } else {
                day_word
            };
            for (name, value) in
                [(number_word, number), (day_word, both), (cashier_word, cashier.clone())]
            {
                slip.paper.put(LEFT, name);
                slip.paper.put(x, format!(": {value}"));
                slip.paper.down(1.1);
            }
        }
        3 => {
            slip.line(named(&number_word, &number));
            slip.line(named(&day_word, &format!("{date}  {time}")));
            if slip.rng.chance(50) {
                slip.line(named(&cashier_word, &cashier));
            }
        }
        _ => {
            slip.paper.put(LEFT, named(&cashier_word, &cashier));
            slip.paper.right(EDGE, named(&number_word, &number));
            slip.paper.down(1.1);
            slip.pair(date, time);
        }
    }
    slip.rule();
}
