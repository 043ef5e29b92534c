//! Bills with the habits of many trades and countries: letters, modern and boxed heads, facts in columns, rows
//! and side bars, tables with and without units, rates, discounts and sub-items, sums left, right, beside a
//! table of taxes or in a row, payment slips, feet with several banks.

mod bill;
pub(in crate::generate) mod paper;
mod say;
mod say_south;
mod sums;
mod table;
mod till;

use super::rng::Rng;
use super::words::{NAMES, PEOPLE, TRADES};
use crate::label::Label;
use say::{COUNTRIES, Say};

/// A document and its labels.
pub(super) struct Habit {
    pub(super) pdf: Vec<u8>,
    pub(super) label: Label,
}

/// The bill or receipt of a seed.
pub(super) fn document(rng: &mut Rng) -> Habit {
    let say = &COUNTRIES[rng.range(0, COUNTRIES.len() as u64) as usize];
    if rng.chance(25) { till::receipt(rng, say) } else { bill::bill(rng, say) }
}

/// One side of a bill.
struct Side {
    name: String,
    lines: Vec<String>,
}

impl Side {
    fn new(rng: &mut Rng, say: &Say, can_be_person: bool) -> Side {
        let name = if can_be_person && rng.chance(25) {
            rng.say(PEOPLE)
        } else {
            let (name, trade, form) = (rng.say(NAMES), rng.say(TRADES), rng.say(say.forms));
            match rng.range(0, 3) {
                0 => format!("{name} {trade} {form}"),
                1 => format!("{name} {form}"),
                _ => format!("{name} & {} {form}", rng.say(NAMES)),
            }
            .replace(" ,", ",")
        };
        let (street, number) = (rng.say(say.streets), rng.range(1, 180));
        let street = match say.code {
            "GB" | "US" | "FR" => format!("{number} {street}"),
            _ => format!("{street} {number}"),
        };
        Side { name, lines: vec![street, rng.say(say.towns)] }
    }
}

/// How a bill prints money.
#[derive(Clone, Copy)]
pub(in crate::generate) struct Money {
    pub(in crate::generate) group: &'static str,
    pub(in crate::generate) decimal: char,
    pub(in crate::generate) sign: &'static str,
    /// 0 before, 1 behind, 2 nowhere but in the sum.
    pub(in crate::generate) place: u64,
    /// 0 before, 1 behind, 2 in brackets.
    pub(in crate::generate) minus: u64,
}

impl Money {
    fn of(rng: &mut Rng, say: &Say) -> Money {
        let (group, decimal) = say.marks[rng.range(0, say.marks.len() as u64) as usize];
        let sign = say.currency[usize::from(rng.chance(35))];
        let before = matches!(say.code, "GB" | "US" | "NL");
        let place = if rng.chance(25) { 2 } else { u64::from(!before) };
        Money {
            group,
            decimal,
            sign,
            place,
            minus: if rng.chance(70) { 0 } else { rng.range(1, 3) },
        }
    }

    pub(in crate::generate) fn bare(self, cents: i64) -> String {
        let (whole, part) = ((cents.unsigned_abs() / 100).to_string(), cents.unsigned_abs() % 100);
        let mut text = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push_str(self.group);
            }
            text.push(digit);
        }
        let text = format!("{text}{}{part:02}", self.decimal);
        match (cents < 0, self.minus) {
            (false, _) => text,
            (true, 0) => format!("-{text}"),
            (true, 1) => format!("{text}-"),
            (true, _) => format!("({text})"),
        }
    }

    pub(in crate::generate) fn signed(self, cents: i64) -> String {
        match self.place {
            0 if self.sign.len() > 2 => format!("{} {}", self.sign, self.bare(cents)),
            0 => format!("{}{}", self.sign, self.bare(cents)),
            1 => format!("{} {}", self.bare(cents), self.sign),
            _ => self.bare(cents),
        }
    }

    /// The sum that always shows its currency.
    pub(in crate::generate) fn sum(self, cents: i64) -> String {
        let place = if self.place == 2 { 1 } else { self.place };
        Money { place, ..self }.signed(cents)
    }
}

/// A day as ISO 8601 and in the way of the bill.
pub(in crate::generate) struct Day {
    pub(in crate::generate) year: u64,
    pub(in crate::generate) month: u64,
    pub(in crate::generate) day: u64,
}

impl Day {
    pub(in crate::generate) fn new(rng: &mut Rng) -> Day {
        Day { year: rng.range(2021, 2027), month: rng.range(1, 12), day: rng.range(1, 29) }
    }

    pub(in crate::generate) fn next_month(&self) -> Day {
        Day { month: self.month + 1, ..*self }
    }

    pub(in crate::generate) fn iso(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    pub(in crate::generate) fn shown(&self, months: &str, pattern: &str) -> String {
        let name = months.split('|').nth(self.month as usize - 1).unwrap_or_default();
        let short: String = name.chars().take(3).collect();
        pattern
            .replace("{dd}", &format!("{:02}", self.day))
            .replace("{d}", &self.day.to_string())
            .replace("{mm}", &format!("{:02}", self.month))
            .replace("{M}", name)
            .replace("{A}", &short)
            .replace("{yyyy}", &self.year.to_string())
            .replace("{yy}", &format!("{:02}", self.year % 100))
    }
}

/// Digits for each `#`.
pub(in crate::generate) fn filled(rng: &mut Rng, shape: &str) -> String {
    shape.chars().map(|c| if c == '#' { rng.digits(1).remove(0) } else { c }).collect()
}

/// An account number with right check digits in place of `kk`.
pub(in crate::generate) fn account(rng: &mut Rng, shape: &str) -> String {
    let shape = filled(rng, shape);
    let Some((country, rest)) = shape.split_once("kk") else { return String::new() };
    let turned = format!("{rest}{country}00");
    let rest_of = |rest: u64, c: char| {
        let value = u64::from(c.to_digit(36).unwrap_or_default());
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    };
    let check = 98 - turned.chars().fold(0, rest_of);
    format!("{country}{check:02}{rest}")
}

/// In groups of four.
pub(in crate::generate) fn grouped(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let groups: Vec<String> = chars.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
