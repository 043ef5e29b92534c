//! What an agreement says: its parties, its day, its law and how long it lasts.

use serde_json::Value;

use crate::generate::habits::{Day, filled};
use crate::generate::rng::Rng;
use crate::label::{Kind, Label};

/// One party.
pub(super) struct Party {
    pub(super) name: String,
    pub(super) is_person: bool,
    /// Where it was formed, as prose says it.
    pub(super) home: String,
    pub(super) address: String,
}

const FIRMS: &str = "Halberd Analytics|Quillon Biosciences|Tamarack Freight|Veridane|Osprey Point Capital|Kestrel & Vaughn|Lumenfold|Greywater Robotics|Northmoor Dairy|Pallas Instruments|Sundial Hospitality|Brightwell Composites|Cobalt Ridge Mining|Ardent Loom|Meridian Harbor Systems|Foxglove Studios|Ironbark Timber|Silver Birch Care|Tessellate Software|Wexcombe Engineering";
pub(super) const PERSONS: &str = "Margaret O. Ellison|Daniel Achterberg|Priya Raghunathan|Thomas J. Whitlock|Helen Marchetti|Samuel Oduya|Caroline Winterbourne|Victor H. Almeida|Ingrid Solheim|Robert K. Pfeiffer";
const US_FORMS: &str = "Inc.|, Inc.|LLC|, LLC|Corporation|Corp.|, L.P.|Holdings, Inc.";
const UK_FORMS: &str = "Limited|Ltd|PLC|LLP|Ltd.";
const OTHER_FORMS: &str = "Pte. Ltd.|Pty Ltd|B.V.|GmbH|AG|S.A.|Limited";

/// Law as prose names it (with its kind of place), other names that mean it, and a town elsewhere.
pub(super) struct Law {
    pub(super) place: &'static str,
    pub(super) adjective: &'static str,
    pub(super) names: &'static [&'static str],
    pub(super) is_state: bool,
}

const fn state(place: &'static str, names: &'static [&'static str]) -> Law {
    Law { place, adjective: place, names, is_state: true }
}

pub(super) const LAWS: [Law; 26] = [
    state("Delaware", &["Delaware", "State of Delaware"]),
    state("New York", &["New York", "State of New York"]),
    state("California", &["California", "State of California"]),
    state("Texas", &["Texas", "State of Texas"]),
    state("Georgia", &["Georgia", "State of Georgia"]),
    state("North Carolina", &["North Carolina", "State of North Carolina"]),
    state("Colorado", &["Colorado", "State of Colorado"]),
    state("Washington", &["Washington", "State of Washington"]),
    state("Nevada", &["Nevada", "State of Nevada"]),
    state("Ohio", &["Ohio", "State of Ohio"]),
    state("Wisconsin", &["Wisconsin", "State of Wisconsin"]),
    state("Oregon", &["Oregon", "State of Oregon"]),
    Law {
        place: "the Commonwealth of Massachusetts",
        adjective: "Massachusetts",
        names: &["Massachusetts", "Commonwealth of Massachusetts"],
        is_state: false,
    },
    Law {
        place: "the Commonwealth of Pennsylvania",
        adjective: "Pennsylvania",
        names: &["Pennsylvania", "Commonwealth of Pennsylvania"],
        is_state: false,
    },
    Law {
        place: "England and Wales",
        adjective: "English",
        names: &["England and Wales", "England"],
        is_state: false,
    },
    Law {
        place: "England",
        adjective: "English",
        names: &["England", "England and Wales"],
        is_state: false,
    },
    Law { place: "Scotland", adjective: "Scots", names: &["Scotland"], is_state: false },
    Law {
        place: "Ireland",
        adjective: "Irish",
        names: &["Ireland", "Republic of Ireland"],
        is_state: false,
    },
    Law {
        place: "Singapore",
        adjective: "Singapore",
        names: &["Singapore", "Republic of Singapore"],
        is_state: false,
    },
    Law {
        place: "the Province of Ontario and the federal laws of Canada applicable therein",
        adjective: "Ontario",
        names: &["Ontario", "Province of Ontario", "Ontario, Canada"],
        is_state: false,
    },
    Law {
        place: "New South Wales, Australia",
        adjective: "New South Wales",
        names: &["New South Wales", "New South Wales, Australia"],
        is_state: false,
    },
    Law {
        place: "Hong Kong",
        adjective: "Hong Kong",
        names: &["Hong Kong", "Hong Kong Special Administrative Region"],
        is_state: false,
    },
    Law {
        place: "India",
        adjective: "Indian",
        names: &["India", "Republic of India"],
        is_state: false,
    },
    Law { place: "Switzerland", adjective: "Swiss", names: &["Switzerland"], is_state: false },
    Law {
        place: "the Netherlands",
        adjective: "Dutch",
        names: &["Netherlands", "the Netherlands"],
        is_state: false,
    },
    Law {
        place: "the Federal Republic of Germany",
        adjective: "German",
        names: &["Germany", "Federal Republic of Germany"],
        is_state: false,
    },
];

pub(super) const ENGLISH_MONTHS: &str =
    "January|February|March|April|May|June|July|August|September|October|November|December";
const COUNTS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
];
const ORDINALS: [&str; 31] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
];

pub(super) fn count_word(count: u64) -> String {
    let tens = |n: u64, word: &str| match n % 10 {
        0 => word.to_owned(),
        unit => format!("{word}-{}", COUNTS[unit as usize]),
    };
    match count {
        0..=12 => COUNTS[count as usize].to_owned(),
        18 => "eighteen".to_owned(),
        20..=29 => tens(count, "twenty"),
        30..=39 => tens(count, "thirty"),
        40..=49 => tens(count, "forty"),
        60..=69 => tens(count, "sixty"),
        _ => count.to_string(),
    }
}

impl Party {
    pub(super) fn firm(rng: &mut Rng, american: bool) -> Party {
        let base = rng.say(FIRMS);
        let (form, home) = match (american, rng.range(0, 5)) {
            (true, 0..=3) => {
                let form = rng.say(US_FORMS);
                let state = rng.pick(&["Delaware", "Nevada", "Texas", "Illinois", "Minnesota"]);
                let kind = if form.contains("LLC") {
                    "limited liability company"
                } else if form.contains("L.P.") {
                    "limited partnership"
                } else {
                    "corporation"
                };
                (form, format!("a {state} {kind}"))
            }
            (false, 0..=3) => {
                let number = filled(rng, "0#######");
                (
                    rng.say(UK_FORMS),
                    format!(
                        "a company incorporated in England and Wales with company number {number}"
                    ),
                )
            }
            _ => {
                let form = rng.say(OTHER_FORMS);
                (form, "a company duly organised under the laws of its country".to_owned())
            }
        };
        let name = format!("{base} {form}").replace(" ,", ",");
        let street = rng.range(10, 990);
        let town = if american {
            rng.pick(&[
                "Market Street, San Diego, California 92101",
                "Lakeshore Drive, Chicago, IL 60611",
                "Commerce Way, Suite 300, Reno, Nevada 89502",
                "Boylston Street, Boston, MA 02116",
            ])
        } else {
            rng.pick(&[
                "Victoria Street, London SW1E 6QP",
                "Deansgate, Manchester M3 4LX",
                "Queen Street, Edinburgh EH2 1JE",
                "Harcourt Road, Dublin 2",
            ])
        };
        Party { name, is_person: false, home, address: format!("{street} {town}") }
    }

    pub(super) fn person(rng: &mut Rng) -> Party {
        let street = rng.range(2, 200);
        let road = rng.pick(&[
            "Alder Lane, Tacoma, Washington 98402",
            "Priory Road, Cambridge CB5 8HT",
            "Cedar Court, Madison, WI 53703",
        ]);
        Party {
            name: rng.say(PERSONS),
            is_person: true,
            home: "an individual".to_owned(),
            address: format!("{street} {road}"),
        }
    }
}

/// A day in prose.
pub(super) fn day_in_prose(rng: &mut Rng, day: &Day, american: bool) -> String {
    let name = ENGLISH_MONTHS.split('|').nth(day.month as usize - 1).unwrap_or_default();
    let (d, year) = (day.day, day.year);
    let ending = match d {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    let spoken = format!(
        "two thousand {}",
        match year % 100 {
            few @ 0..=12 => format!("and {}", COUNTS[few as usize]),
            more => count_word(more),
        }
    );
    match rng.range(0, 9) {
        0 | 1 if american => format!("{name} {d}, {year}"),
        0 | 1 => format!("{d} {name} {year}"),
        2 => format!("{name} {d}{ending}, {year}"),
        3 => format!("the {d}{ending} day of {name}, {year}"),
        4 => format!("this {d}{ending} day of {name} {year}"),
        5 => format!("the {} day of {name}, {spoken}", ORDINALS[d as usize - 1]),
        6 if american => format!("{:02}/{:02}/{year}", day.month, d),
        6 => format!("{:02}/{:02}/{year}", d, day.month),
        7 => format!("{d}{ending} {name} {year}"),
        _ if american => format!("{name} {d}, {year}"),
        _ => format!("{d} {name}, {year}"),
    }
}

/// How long it lasts: what prose says, and the term and end that this is.
pub(super) struct Term {
    /// Like `two (2) years`; empty where there is none.
    pub(super) length: String,
    pub(super) label: Option<String>,
    pub(super) until: Option<Day>,
}

pub(super) fn term(rng: &mut Rng, from: &Day) -> Term {
    let none = |until| Term { length: String::new(), label: None, until };
    match rng.range(0, 10) {
        0 => none(Some(Day {
            year: from.year + rng.range(1, 5),
            month: rng.range(1, 13),
            day: rng.range(1, 29),
        })),
        1 => none(None),
        _ => {
            let (count, unit) = match rng.range(0, 3) {
                0 => (*[6, 12, 18, 24, 36].get(rng.range(0, 5) as usize).unwrap_or(&12), "month"),
                _ => (rng.range(1, 8), "year"),
            };
            let plural = if count == 1 { unit.to_owned() } else { format!("{unit}s") };
            let word = count_word(count);
            let length = match rng.range(0, 4) {
                0 => format!("{word} ({count}) {plural}"),
                1 => format!("{word} {plural}"),
                2 => format!("{count} {plural}"),
                _ => format!("{word} ({count}) {plural}"),
            };
            Term { length, label: Some(format!("{count} {plural}")), until: None }
        }
    }
}

/// Writes the labels down.
pub(super) fn set(label: &mut Label, parties: &[&Party], term: &Term, law: Option<&[&str]>) {
    let names: Vec<Value> = parties.iter().map(|party| Value::from(party.name.clone())).collect();
    label.set("parties", Kind::Name, Value::Array(names));
    match &term.label {
        Some(term) => label.set("term", Kind::Identifier, term.clone()),
        None => label.set_absent("term"),
    }
    if let Some(until) = &term.until {
        label.set("endDate", Kind::Text, until.iso());
    }
    match law {
        Some(names) => {
            let names: Vec<Value> = names.iter().map(|name| Value::from(*name)).collect();
            label.set("governingLaw", Kind::OneOf, Value::Array(names));
        }
        None => label.set_absent("governingLaw"),
    }
}
