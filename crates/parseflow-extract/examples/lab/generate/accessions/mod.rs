//! Agreements of many kinds, each written out in full: services, licences, leases, loans, employment, distribution, shares,
//! settlements, data, supply, agency, sponsorship, in ten languages. Only parties, days, terms and laws are drawn by lot, and
//! which of the usual clauses at the end are printed. Written by a hand that never read the rules.
//!
//! ```text
//! == us                       the country
//! $T two (2) years => 2 years ~ one year => 1 year    a gap: what is printed, and what it means where that is another
//! ! term {T}                  a label: parties, date, term, end, law; `none` where the paper leaves it open
//! # Lease                     a title; ## a heading
//! {N}. Rent. …                the next number
//! Landlord | {A}              beside each other
//! .                           a gap
//! & 4                         so many of the usual clauses
//! {D:d M yyyy}                the day; E a few days before, F in the next month, U years later, O years before
//! ```

use std::collections::BTreeMap;

use serde_json::Value;

use super::accords::draft::Draft;
use super::drafts::shown;
use super::habits::Day;
use super::rng::Rng;
use crate::label::{Kind, Label};

const TEXTS: [&str; 3] =
    [include_str!("english_1.txt"), include_str!("english_2.txt"), include_str!("others.txt")];
const CLAUSES: &str = include_str!("clauses.txt");

/// What fills the gaps of one agreement.
struct Fill {
    country: &'static str,
    /// What is printed and what it means.
    chosen: BTreeMap<&'static str, (&'static str, &'static str)>,
    days: BTreeMap<&'static str, Day>,
    number: u64,
}

/// The parts of a text that begin with `== CODE`.
fn parts(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.split("== ").skip(1).filter_map(|part| part.split_once('\n'))
}

/// The agreement number `at`: drafts are taken in turn.
pub(super) fn agreement(rng: &mut Rng, at: u64) -> (Vec<u8>, Label) {
    let all: Vec<_> = TEXTS.into_iter().flat_map(parts).collect();
    let (country, text) = all[(at % all.len() as u64) as usize];
    let mut fill = Fill { country, chosen: BTreeMap::new(), days: days(rng), number: 0 };
    let mut label = Label { document_type: Some("contract".to_owned()), ..Label::default() };
    let mut draft = Draft::default();
    let has_heads = rng.chance(40);
    for line in text.lines() {
        if let Some((name, values)) = line.strip_prefix('$').and_then(|gap| gap.split_once(' ')) {
            let values: Vec<&str> = values.split(" ~ ").collect();
            let value = rng.pick(&values);
            fill.chosen.insert(name, value.split_once(" => ").unwrap_or((value, value)));
        } else if let Some((path, value)) =
            line.strip_prefix("! ").and_then(|rest| rest.split_once(' '))
        {
            fill.write_down(path, value, &mut label);
        } else if let Some(count) = line.strip_prefix("& ") {
            for clause in usual(rng, country, count.parse().unwrap_or(3)) {
                let (head, text) = clause.split_once("::").unwrap_or(("", clause));
                fill.number += 1;
                if has_heads {
                    draft.head(format!("{}. {head}", fill.number));
                    draft.para(text);
                } else {
                    draft.para(format!("{}. {head}. {text}", fill.number));
                }
            }
        } else {
            put(&mut draft, &fill.text(line));
        }
    }
    (if rng.chance(15) { draft.text() } else { draft.pdf(10.0) }, label)
}

fn put(draft: &mut Draft, line: &str) {
    if line == "." {
        draft.gap();
    } else if let Some(title) = line.strip_prefix("# ") {
        draft.centre(title);
    } else if let Some(head) = line.strip_prefix("## ") {
        draft.head(head);
    } else if line.contains(" | ") {
        // As far in as the first needs.
        let first = line.split(" | ").next().unwrap_or_default().chars().count();
        let second = (first as f64 / 88.0 + 0.02).max(0.45);
        let cells = line.split(" | ").zip([0.0, second, 0.75]);
        draft.row(cells.map(|(cell, place)| (place, cell.trim().to_owned())).collect());
    } else if !line.is_empty() {
        draft.para(line.strip_prefix("> ").unwrap_or(line));
    }
}

/// Some of the clauses that most agreements of a country end with, in their order.
fn usual(rng: &mut Rng, country: &str, count: u64) -> Vec<&'static str> {
    let code = match country {
        "us" | "uk" | "ie" | "au" | "in" | "ca" | "sg" => "en",
        "ch" => "de",
        own => own,
    };
    let found = parts(CLAUSES).find(|(own, _)| *own == code);
    let mut all: Vec<&str> = found.map(|(_, text)| text.lines().collect()).unwrap_or_default();
    while all.len() as u64 > count {
        all.remove(rng.range(0, all.len() as u64) as usize);
    }
    all
}

/// The day of the agreement and those it is told from.
fn days(rng: &mut Rng) -> BTreeMap<&'static str, Day> {
    let day = Day { day: rng.range(8, 29), ..Day::new(rng) };
    let Day { year, month, day: of_month } = day;
    let before = of_month - rng.range(1, 7);
    BTreeMap::from([
        ("E", Day { day: before, ..day }),
        ("F", Day { year, month: month + 1, day: 1 + 14 * rng.range(0, 2) }),
        ("U", Day { year: year + rng.range(2, 6), month: 1 + month % 12, day: before }),
        ("O", Day { year: year - rng.range(1, 4), month: 1 + (month + 4) % 12, day: before }),
        ("D", day),
    ])
}

impl Fill {
    /// A line as it is printed.
    fn text(&mut self, line: &str) -> String {
        let mut out = String::new();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else { break };
            out.push_str(before);
            out.push_str(&self.value(name));
            rest = behind;
        }
        out + rest
    }

    fn value(&mut self, name: &str) -> String {
        if let Some((day, pattern)) = name.split_once(':') {
            let day = &self.days[day];
            let country = if self.country == "sg" { "uk" } else { self.country };
            return match (pattern, day.day) {
                ("th", 1 | 21) => "st".to_owned(),
                ("th", 2 | 22) => "nd".to_owned(),
                ("th", 3 | 23) => "rd".to_owned(),
                ("th", _) => "th".to_owned(),
                _ => shown(day, country, pattern),
            };
        }
        if name == "N" {
            self.number += 1;
            return self.number.to_string();
        }
        self.chosen[name].0.to_owned()
    }

    /// What a gap means.
    fn meaning(&self, text: &str) -> String {
        let name = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        name.map_or(text, |name| self.chosen[name].1).to_owned()
    }

    fn write_down(&self, path: &str, value: &str, label: &mut Label) {
        let path = match path {
            "date" => "effectiveDate",
            "law" => "governingLaw",
            "end" => "endDate",
            other => other,
        };
        let parties = || value.split(" // ").map(|name| Value::from(self.meaning(name)));
        match (path, value) {
            (path, "none") => label.set_absent(path),
            ("parties", _) => label.set(path, Kind::Name, Value::from_iter(parties())),
            ("governingLaw", _) => {
                let names = self.meaning(value);
                label.set(path, Kind::OneOf, Value::from_iter(names.split('/')));
            }
            ("term", value) => label.set(path, Kind::Identifier, self.meaning(value)),
            (path, day) => label.set(path, Kind::Text, self.days[day].iso()),
        }
    }
}
