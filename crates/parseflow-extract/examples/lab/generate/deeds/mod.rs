//! A second set of agreements: other kinds, six languages, parties in blocks of facts, under a title and in sentences of
//! other shapes. Written in other words and arrangements after the rules had been mended for the first set, and read once.

mod words;

use serde_json::Value;

use super::accords::draft::Draft;
use super::habits::Day;
use super::rng::Rng;
use crate::label::{Kind, Label};
use words::{TONGUES, Tongue};

struct Deed {
    tongue: &'static Tongue,
    names: [String; 2],
    homes: [String; 2],
    roles: [&'static str; 2],
    day: String,
}

impl Deed {
    fn filled(&self, text: &str) -> String {
        text.replace("{X}", &self.names[0])
            .replace("{Z}", &self.names[1])
            .replace("{HX}", &self.homes[0])
            .replace("{HZ}", &self.homes[1])
            .replace("{R}", self.roles[0])
            .replace("{S}", self.roles[1])
            .replace("{D}", &self.day)
    }
}

/// The agreement of a seed; some are plain text.
pub(super) fn agreement(rng: &mut Rng) -> (Vec<u8>, Label) {
    let mut label = Label { document_type: Some("contract".to_owned()), ..Label::default() };
    let at = if rng.chance(45) { 0 } else { rng.range(1, 6) as usize };
    let tongue = TONGUES[at];
    let (title, first, second, persons) =
        tongue.sorts[rng.range(0, tongue.sorts.len() as u64) as usize];
    let one = rng.say(tongue.firms);
    let other = loop {
        let is_person = rng.chance(persons);
        let name = rng.say(if is_person { tongue.persons } else { tongue.firms });
        if name != one {
            break name;
        }
    };
    let date = Day::new(rng);
    let pattern = rng.say(tongue.days);
    let pattern = if pattern.contains("{d}th") && !(4..=20).contains(&date.day) {
        "{d} {M} {yyyy}".to_owned()
    } else {
        pattern
    };
    let deed = Deed {
        tongue,
        homes: [rng.say(tongue.homes), rng.say(tongue.homes)],
        roles: [first, second],
        day: date.shown(tongue.months, &pattern),
        names: [one, other],
    };
    let names = deed.names.iter().map(|name| Value::from(name.clone())).collect();
    label.set("parties", Kind::Name, Value::Array(names));
    let mut draft = Draft::default();
    draft.centre(title);
    // Dated in the opening, from a day in a clause, from a range of days, or with the signature.
    let mode = rng.range(0, 10);
    opening(rng, &deed, mode < 4, &mut draft);
    let mut clauses: Vec<(String, String)> = Vec::new();
    let fillers: Vec<&str> = tongue.fillers.split('|').collect();
    for filler in fillers {
        if rng.chance(65) {
            clauses.push((String::new(), filler.to_owned()));
        }
    }
    let mut lasting = lasts(rng, &deed, &date, mode, &mut label);
    lasting.extend(law(rng, tongue, &mut label));
    for (head, text) in lasting {
        let at = rng.range(0, clauses.len() as u64 + 1) as usize;
        clauses.insert(at, (head, text));
    }
    print(rng, &deed, clauses, &mut draft);
    let bytes = if rng.chance(20) {
        draft.text()
    } else {
        draft.pdf([9.5, 10.0, 11.0][rng.range(0, 3) as usize])
    };
    (bytes, label)
}

fn opening(rng: &mut Rng, deed: &Deed, is_dated: bool, draft: &mut Draft) {
    let tongue = deed.tongue;
    match rng.range(0, 10) {
        0..=5 => {
            let text = rng.say(if is_dated { tongue.openings } else { tongue.undated });
            draft.gap();
            draft.para(deed.filled(&text));
        }
        6 | 7 => {
            // Under the title, centred.
            draft.centre(tongue.between[0]);
            draft.centre(deed.names[0].clone());
            draft.centre(tongue.between[1]);
            draft.centre(deed.names[1].clone());
            if is_dated {
                draft.centre(deed.day.clone());
            }
            draft.gap();
            draft.para(format!(
                "{}, {} ({}); {}, {} ({}).",
                deed.names[0],
                deed.homes[0],
                deed.roles[0],
                deed.names[1],
                deed.homes[1],
                deed.roles[1]
            ));
        }
        _ => {
            for at in 0..2 {
                draft.head(deed.roles[at]);
                draft.row(vec![
                    (0.0, format!("{}:", tongue.block[0])),
                    (0.3, deed.names[at].clone()),
                ]);
                draft.row(vec![
                    (0.0, format!("{}:", tongue.block[1])),
                    (0.3, deed.homes[at].clone()),
                ]);
                draft.gap();
            }
            if is_dated {
                let from = rng.say(tongue.starts);
                draft.para(deed.filled(&from));
            }
        }
    }
}

/// From when and for how long.
fn lasts(
    rng: &mut Rng,
    deed: &Deed,
    date: &Day,
    mode: u64,
    label: &mut Label,
) -> Vec<(String, String)> {
    let tongue = deed.tongue;
    let head = |at: usize| tongue.heads[at].to_owned();
    let mut found = Vec::new();
    match mode {
        4..=6 => found.push((head(0), deed.filled(&rng.say(tongue.starts)))),
        9 => found.push((head(0), rng.say(tongue.on_signature))),
        _ => {}
    }
    if mode == 9 {
        label.set_absent("effectiveDate");
    } else {
        label.set("effectiveDate", Kind::Text, date.iso());
    }
    if matches!(mode, 7 | 8) {
        let until = Day { year: date.year + rng.range(1, 5), month: date.month, day: date.day };
        let pattern = tongue.days.split('|').next().unwrap_or_default();
        let text = rng.say(tongue.ranges).replace("{U}", &until.shown(tongue.months, pattern));
        label.set("endDate", Kind::Text, until.iso());
        label.set_absent("term");
        found.push((head(1), deed.filled(&text)));
    } else if rng.chance(20) {
        label.set_absent("term");
        found.push((head(1), rng.say(tongue.open_ended)));
    } else {
        let is_months = rng.chance(45);
        let count = if is_months { 3 * rng.range(2, 13) } else { rng.range(1, 11) };
        let unit = tongue.units[2 * usize::from(is_months) + usize::from(count > 1)];
        let length = format!("{count} {unit}");
        let plain = format!(
            "{count} {}{}",
            if is_months { "month" } else { "year" },
            if count > 1 { "s" } else { "" }
        );
        label.set("term", Kind::Identifier, plain);
        found.push((head(1), rng.say(tongue.terms).replace("{L}", &length)));
    }
    found
}

fn law(rng: &mut Rng, tongue: &Tongue, label: &mut Label) -> Option<(String, String)> {
    if rng.chance(15) {
        label.set_absent("governingLaw");
        return None;
    }
    let (place, names) = tongue.places[rng.range(0, tongue.places.len() as u64) as usize];
    let names = names.iter().map(|name| Value::from(*name)).collect();
    label.set("governingLaw", Kind::OneOf, Value::Array(names));
    let text =
        rng.say(tongue.laws).replace("{P}", place).replace("{J}", place).replace("{V}", "Lisbon");
    // The adjective is of the other gender behind `diritto`.
    let text = text
        .replace("diritto italiana", "diritto italiano")
        .replace("diritto svizzera", "diritto svizzero");
    Some((tongue.heads[2].to_owned(), text))
}

fn print(rng: &mut Rng, deed: &Deed, clauses: Vec<(String, String)>, draft: &mut Draft) {
    let article = rng.say(deed.tongue.article);
    let has_heads = rng.chance(60);
    for (at, (head, text)) in clauses.into_iter().enumerate() {
        let number = article.replace('#', &(at + 1).to_string());
        if has_heads && !head.is_empty() {
            draft.head(format!("{number} {head}"));
            draft.para(text);
        } else {
            draft.para(format!("{number} {text}"));
        }
    }
    draft.gap();
    let place = rng.say(deed.tongue.signed);
    draft.row(vec![(0.0, format!("{place} ________________"))]);
    draft.gap();
    draft.row(vec![(0.0, "__________________".to_owned()), (0.5, "__________________".to_owned())]);
    draft.row(vec![(0.0, deed.names[0].clone()), (0.5, deed.names[1].clone())]);
}
