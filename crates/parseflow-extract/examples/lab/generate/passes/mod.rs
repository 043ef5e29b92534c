//! Identity papers of twelve states in eight languages: passports, cards, licences and permits, with machine-readable zones of
//! three sizes or none, names of several parts, days in all orders or unknown. Written without a look at the engine's lists.

mod words;

use serde_json::Value;

use super::habits::Day;
use super::page::Grid;
use super::rng::Rng;
use crate::label::{Kind, Label};
use words::{ENGLISH, GUESTS, Person, STATES, State, Tongue};

struct Pass {
    state: &'static State,
    nationality: &'static str,
    shown_nationality: &'static str,
    person: Person,
    number: String,
    sex: &'static str,
    born: Day,
    expires: Day,
    knows_day: bool,
    pattern: String,
}

impl Pass {
    fn day(&self, day: &Day) -> String {
        let english: String = ENGLISH
            .months
            .split('|')
            .nth(day.month as usize - 1)
            .unwrap_or_default()
            .chars()
            .take(3)
            .collect();
        let shown = day.shown(self.state.tongue.months, &self.pattern.replace("{E}", &english));
        if self.pattern.contains("{A}") { shown.to_uppercase() } else { shown }
    }

    fn birth(&self) -> String {
        if self.knows_day {
            return self.day(&self.born);
        }
        let pattern = self.pattern.replace("{dd}", "XX");
        Pass { pattern, ..self.copy() }.day(&self.born)
    }

    fn copy(&self) -> Pass {
        Pass {
            born: Day { ..self.born },
            expires: Day { ..self.expires },
            number: self.number.clone(),
            pattern: self.pattern.clone(),
            ..*self
        }
    }
}

/// The paper of a seed.
pub(super) fn identity(rng: &mut Rng) -> (Vec<u8>, Label) {
    let state = &STATES[rng.range(0, STATES.len() as u64) as usize];
    let mut label = Label { document_type: Some("id_document".to_owned()), ..Label::default() };
    let sort = rng.range(0, 10);
    let is_permit = sort == 8 || sort == 9;
    let guest = is_permit.then(|| &GUESTS[rng.range(0, GUESTS.len() as u64) as usize]);
    let own = state.people[rng.range(0, state.people.len() as u64) as usize];
    let year = rng.range(1938, 2009);
    let is_licence = sort == 7;
    let pass = Pass {
        state,
        nationality: guest.map_or(state.code, |guest| guest.0),
        shown_nationality: guest.map_or(state.nationality, |guest| guest.0),
        person: guest.map_or(own, |guest| guest.1),
        // Numbers of passports fit their field.
        number: numbered(
            rng,
            &state.number[..state.number.len().min(if sort <= 3 { 9 } else { 12 })],
        ),
        sex: if rng.chance(50) { "F" } else { "M" },
        born: Day { year, ..Day::new(rng) },
        expires: Day { year: rng.range(2024, 2035), ..Day::new(rng) },
        knows_day: is_licence || !rng.chance(8),
        pattern: rng.say(state.days),
    };
    names(&mut label, &pass);
    let mut grid = Grid::default();
    if is_licence {
        licence(rng, &pass, &mut grid);
    } else {
        let zone = match sort {
            0..=3 => passport_zone(&pass),
            4 if pass.number.len() <= 9 => second_zone(&pass),
            _ => first_zone(&pass, if is_permit { "IR" } else { "ID" }),
        };
        let has_zone = rng.chance(75);
        let tongue = state.tongue;
        let title = match sort {
            0..=3 => tongue.passport,
            8 | 9 => tongue.permit,
            _ => tongue.card,
        };
        let title = rng.say(title);
        visual(rng, &pass, &title, sort <= 3, has_zone, &mut grid);
        label.set("sex", Kind::Text, pass.sex);
        let names = [pass.nationality, pass.shown_nationality].map(Value::from);
        label.set("nationality", Kind::OneOf, Value::Array(names.to_vec()));
        if has_zone {
            grid.gap();
            grid.gap();
            for line in zone {
                grid.line(0, line);
            }
            let codes = [state.code, if state.code == "D" { "DEU" } else { state.code }];
            label.set("issuingCountry", Kind::OneOf, Value::Array(codes.map(Value::from).to_vec()));
        }
    }
    let bytes = if rng.chance(30) { grid.text().into_bytes() } else { grid.pdf() };
    (bytes, label)
}

fn names(label: &mut Label, pass: &Pass) {
    let [surname, given, zone_surname, zone_given] = pass.person;
    let either = |a: &str, b: &str| Value::Array(vec![Value::from(a), Value::from(b)]);
    label.set("surname", Kind::OneOf, either(surname, zone_surname));
    label.set("givenNames", Kind::OneOf, either(given, zone_given));
    label.set("documentNumber", Kind::Identifier, pass.number.clone());
    if pass.knows_day {
        label.set("dateOfBirth", Kind::Text, pass.born.iso());
    } else {
        label.set_absent("dateOfBirth");
    }
    label.set("expiryDate", Kind::Text, pass.expires.iso());
}

fn numbered(rng: &mut Rng, shape: &str) -> String {
    const LETTERS: &[u8] = b"CFGHJKLMNPRTVWXYZ";
    shape
        .chars()
        .map(|c| match c {
            '#' => rng.digits(1).remove(0),
            _ => char::from(LETTERS[rng.range(0, LETTERS.len() as u64) as usize]),
        })
        .collect()
}

/// What people read.
fn visual(
    rng: &mut Rng,
    pass: &Pass,
    title: &str,
    is_passport: bool,
    has_zone: bool,
    grid: &mut Grid,
) {
    let tongue = pass.state.tongue;
    let is_double = rng.chance(45) && !std::ptr::eq(tongue.months, ENGLISH.months);
    let mut named = |pick: fn(&Tongue) -> &'static str| {
        let own = rng.say(pick(tongue));
        let english = pick(&ENGLISH).split('|').next().unwrap_or_default();
        if is_double { format!("{own} / {english}") } else { own }
    };
    let issued = Day { year: pass.expires.year - 10, ..pass.expires };
    let facts = [
        (named(|t| t.surname), pass.person[0].to_owned()),
        (named(|t| t.given), pass.person[1].to_owned()),
        (named(|t| t.nationality), pass.shown_nationality.to_owned()),
        (named(|t| t.born), pass.birth()),
        (named(|t| t.sex), pass.sex.to_owned()),
        (named(|t| t.place), String::new()),
        (named(|t| t.issued), pass.day(&issued)),
        (named(|t| t.expires), pass.day(&pass.expires)),
        (named(|t| t.authority), String::new()),
    ];
    let number = (named(|t| t.number), pass.number.clone());
    let mut facts = facts.to_vec();
    facts[5].1 = rng.say(pass.state.towns);
    facts[8].1 = rng.say(pass.state.towns);
    facts.insert(if rng.chance(50) { 0 } else { facts.len() }, number);
    grid.line(4, pass.state.name);
    grid.line(4, title);
    if is_passport && has_zone && rng.chance(60) {
        grid.row(vec![(4, "Type/Type".to_owned(), false), (20, "Code".to_owned(), false)]);
        grid.row(vec![(4, "P".to_owned(), false), (20, pass.state.code.to_owned(), false)]);
    }
    grid.gap();
    match rng.range(0, 4) {
        0 => {
            for (name, value) in facts {
                grid.line(4, format!("{name}: {value}"));
            }
        }
        1 => {
            for (name, value) in facts {
                grid.line(4, name);
                grid.line(4, value);
            }
        }
        2 => {
            for (name, value) in facts {
                grid.row(vec![(4, name, false), (52, value, false)]);
            }
        }
        _ => {
            let number = facts.iter().position(|(_, value)| *value == pass.number).unwrap_or(0);
            let number = facts.remove(number);
            grid.line(4, number.0);
            grid.line(4, number.1);
            for pair in facts.chunks(2) {
                let across = |at: fn(&(String, String)) -> &String| {
                    let cells = pair.iter().enumerate();
                    cells.map(|(x, fact)| (4 + 50 * x, at(fact).clone(), false)).collect()
                };
                grid.row(across(|fact| &fact.0));
                grid.row(across(|fact| &fact.1));
            }
        }
    }
}

/// A licence of the European form, whose facts have numbers for names.
fn licence(rng: &mut Rng, pass: &Pass, grid: &mut Grid) {
    let issued = Day { year: pass.expires.year - 10, ..pass.expires };
    let title = rng.say(pass.state.tongue.licence);
    grid.row(vec![(4, title, false), (60, pass.state.name.to_owned(), false)]);
    grid.gap();
    let dot = if rng.chance(75) { "." } else { "" };
    let town = rng.say(pass.state.towns);
    grid.line(8, format!("1{dot} {}", pass.person[0]));
    grid.line(8, format!("2{dot} {}", pass.person[1]));
    grid.line(8, format!("3{dot} {} {town}", pass.day(&pass.born)));
    let from = format!("4a{dot} {}", pass.day(&issued));
    let by = format!("4c{dot} {}", rng.say(pass.state.towns));
    if rng.chance(50) {
        grid.row(vec![(8, from, false), (44, by, false)]);
        grid.line(8, format!("4b{dot} {}", pass.day(&pass.expires)));
    } else {
        let until = format!("4b{dot} {}", pass.day(&pass.expires));
        grid.row(vec![(8, from, false), (44, until, false)]);
        grid.line(8, by);
    }
    grid.line(8, format!("5{dot} {}", pass.number));
    grid.line(8, format!("9{dot} AM/B1/B"));
}

fn check(text: &str) -> char {
    let sum: u32 = text
        .chars()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(c, weight)| weight * c.to_digit(36).unwrap_or(0))
        .sum();
    char::from_digit(sum % 10, 10).unwrap_or('0')
}

fn padded(text: &str, length: usize) -> String {
    text.chars().chain(std::iter::repeat('<')).take(length).collect()
}

fn checked(text: &str) -> String {
    format!("{text}{}", check(text))
}

fn zone_days(pass: &Pass) -> [String; 2] {
    let short = |day: &Day| format!("{:02}{:02}{:02}", day.year % 100, day.month, day.day);
    let born = short(&pass.born);
    let born = if pass.knows_day { born } else { format!("{}<<", &born[..4]) };
    [checked(&born), checked(&short(&pass.expires))]
}

fn zone_names(pass: &Pass, start: &str, length: usize) -> String {
    padded(&format!("{start}{}<<{}", pass.person[2], pass.person[3]), length)
}

fn passport_zone(pass: &Pass) -> Vec<String> {
    let state = padded(pass.state.code, 3);
    let (number, own) = (checked(&padded(&pass.number, 9)), checked(&padded("", 14)));
    let [born, expires] = zone_days(pass);
    let sum = check(&format!("{number}{born}{expires}{own}"));
    let second =
        format!("{number}{}{born}{}{expires}{own}{sum}", padded(pass.nationality, 3), pass.sex);
    vec![zone_names(pass, &format!("P<{state}"), 44), second]
}

fn second_zone(pass: &Pass) -> Vec<String> {
    let (number, own) = (checked(&padded(&pass.number, 9)), padded("", 7));
    let [born, expires] = zone_days(pass);
    let sum = check(&format!("{number}{born}{expires}{own}"));
    let nation = padded(pass.nationality, 3);
    let second = format!("{number}{nation}{born}{}{expires}{own}{sum}", pass.sex);
    vec![zone_names(pass, &format!("I<{}", padded(pass.state.code, 3)), 36), second]
}

fn first_zone(pass: &Pass, kind: &str) -> Vec<String> {
    // A long number goes on behind its filler, in what else a state may say.
    let number = if pass.number.len() > 9 {
        let rest = format!("{}{}", &pass.number[9..], check(&pass.number));
        padded(&format!("{}<{rest}", &pass.number[..9]), 25)
    } else {
        padded(&checked(&padded(&pass.number, 9)), 25)
    };
    let [born, expires] = zone_days(pass);
    let own = padded("", 11);
    let sum = check(&format!("{number}{born}{expires}{own}"));
    let second = format!("{born}{}{expires}{}{own}{sum}", pass.sex, padded(pass.nationality, 3));
    let first = format!("{kind}{}{number}", padded(pass.state.code, 3));
    vec![first, second, zone_names(pass, "", 30)]
}
