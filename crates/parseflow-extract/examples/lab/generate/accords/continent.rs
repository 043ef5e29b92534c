//! German, French and Spanish agreements.

use serde_json::Value;

use super::continent_words::{TONGUES, Tongue};
use super::draft::Draft;
use crate::generate::habits::Day;
use crate::generate::rng::Rng;
use crate::label::{Kind, Label};

struct Side {
    name: String,
    address: String,
    role: &'static str,
}

pub(super) fn agreement(rng: &mut Rng, label: &mut Label) -> Draft {
    let tongue = &TONGUES[rng.range(0, TONGUES.len() as u64) as usize];
    let (titles, roles, persons, purpose) =
        tongue.sorts[rng.range(0, tongue.sorts.len() as u64) as usize];
    let first =
        Side { name: firm(rng, tongue), address: rng.say(tongue.addresses), role: roles[0] };
    let second = loop {
        let name = if rng.chance(persons) { rng.say(tongue.persons) } else { firm(rng, tongue) };
        if !name.split(' ').any(|word| word.len() > 4 && first.name.contains(word)) {
            break Side { name, address: rng.say(tongue.addresses), role: roles[1] };
        }
    };
    let names = [&first, &second].map(|side| Value::from(side.name.clone()));
    label.set("parties", Kind::Name, Value::Array(names.to_vec()));
    let day = Day::new(rng);
    let pattern = rng.say(tongue.days).replace("{m}", &day.month.to_string());
    let shown = day.shown(tongue.months, &pattern);
    let mut draft = Draft::default();
    draft.centre(rng.say(titles));
    // Dated at the top, effective from a day in a clause, or open.
    let mode = rng.range(0, 10);
    if mode < 5 {
        draft.centre(rng.say(tongue.dated).replace("{D}", &shown));
    }
    draft.gap();
    sides(rng, tongue, [&first, &second], &mut draft);
    let mut clauses = vec![(String::new(), purpose.to_owned())];
    for (head, text) in tongue.clauses {
        if rng.chance(70) {
            clauses.push(((*head).to_owned(), (*text).to_owned()));
        }
    }
    let mut lasting = how_long(rng, tongue, &day, label);
    if (5..9).contains(&mode) {
        lasting = format!("{} {lasting}", rng.say(tongue.from).replace("{D}", &shown));
    }
    if mode == 9 {
        label.set_absent("effectiveDate");
    } else {
        label.set("effectiveDate", Kind::Text, day.iso());
    }
    let at = rng.range(1, clauses.len() as u64) as usize;
    clauses.insert(at, (rng.say(tongue.term_head), lasting));
    clauses.extend(law(rng, tongue, label));
    let section = rng.say(tongue.section);
    for (at, (head, text)) in clauses.into_iter().enumerate() {
        let number = section.replace('#', &(at + 1).to_string());
        if head.is_empty() || rng.chance(30) {
            draft.para(format!("{number} {text}"));
        } else {
            draft.head(format!("{number} {head}"));
            draft.para(text);
        }
    }
    signatures(rng, tongue, [&first, &second], &mut draft);
    draft
}

fn firm(rng: &mut Rng, tongue: &Tongue) -> String {
    let (name, form) = (rng.say(tongue.firms), rng.say(tongue.forms));
    if tongue.code == "fr" && rng.chance(25) {
        format!("{form} {name}")
    } else {
        format!("{name} {form}")
    }
}

fn sides(rng: &mut Rng, tongue: &Tongue, sides: [&Side; 2], draft: &mut Draft) {
    let called = rng.say(tongue.called);
    let between = rng.say(tongue.between);
    if rng.chance(25) {
        // Particulars.
        for side in sides {
            draft.row(vec![
                (0.0, format!("{}:", side.role)),
                (0.3, format!("{}, {}", side.name, side.address)),
            ]);
        }
        draft.gap();
        return;
    }
    let and = rng.say(tongue.and);
    let sentence = |side: &Side| {
        format!("{}, {}, {}", side.name, side.address, called.replace("{R}", side.role))
    };
    match rng.range(0, 3) {
        0 => draft.para(format!("{between} {} {and} {}", sentence(sides[0]), sentence(sides[1]))),
        1 => {
            draft.head(between);
            draft.para(sentence(sides[0]));
            draft.centre(and);
            draft.para(sentence(sides[1]));
        }
        _ => {
            draft.head(between);
            for (at, side) in sides.into_iter().enumerate() {
                if at == 1 {
                    draft.row(vec![(0.0, and.clone())]);
                    draft.gap();
                }
                draft.row(vec![(0.05, side.name.clone())]);
                draft.row(vec![(0.05, side.address.clone())]);
                draft.row(vec![(0.05, called.replace("{R}", side.role))]);
                draft.gap();
            }
        }
    }
}

fn how_long(rng: &mut Rng, tongue: &Tongue, day: &Day, label: &mut Label) -> String {
    match rng.range(0, 10) {
        0 => {
            let until = Day { year: day.year + rng.range(1, 4), month: rng.range(1, 13), day: 28 };
            label.set("endDate", Kind::Text, until.iso());
            label.set_absent("term");
            let shown =
                until.shown(tongue.months, tongue.days.split('|').next().unwrap_or_default());
            rng.say(tongue.until).replace("{U}", &shown)
        }
        1 | 2 => {
            label.set_absent("term");
            rng.say(tongue.endless)
        }
        _ => {
            let months = rng.chance(40);
            let count = if months {
                [6, 12, 18, 24, 36][rng.range(0, 5) as usize]
            } else {
                rng.range(1, 6)
            };
            let units = tongue.units;
            let unit = match (months, count == 1) {
                (false, true) => units[0],
                (false, false) => units[1],
                (true, _) => units[3],
            };
            let unit = if tongue.code == "de" && count == 1 { "Jahr" } else { unit };
            let length = match (tongue.counts.get(count as usize), rng.range(0, 3)) {
                (Some(word), 0) => format!("{word} ({count}) {unit}"),
                (Some(word), 1) => format!("{word} {unit}"),
                _ => format!("{count} {unit}"),
            };
            let plain = match (months, count) {
                (true, _) => format!("{count} months"),
                (false, 1) => "1 year".to_owned(),
                (false, _) => format!("{count} years"),
            };
            label.set("term", Kind::Identifier, plain);
            rng.say(tongue.term).replace("{L}", &length)
        }
    }
}

fn law(rng: &mut Rng, tongue: &Tongue, label: &mut Label) -> Option<(String, String)> {
    if rng.chance(12) {
        label.set_absent("governingLaw");
        return None;
    }
    let (adjective, place, names) = tongue.laws[rng.range(0, tongue.laws.len() as u64) as usize];
    let mut text = rng.say(tongue.law).replace("{P}", place).replace("{J}", adjective);
    if rng.chance(45) {
        text = format!("{text} {}", rng.say(tongue.venue));
    }
    let names: Vec<Value> = names.iter().map(|name| Value::from(*name)).collect();
    label.set("governingLaw", Kind::OneOf, Value::Array(names));
    Some((rng.say(tongue.law_head), text))
}

fn signatures(rng: &mut Rng, tongue: &Tongue, sides: [&Side; 2], draft: &mut Draft) {
    draft.gap();
    let place = rng.say(tongue.place);
    draft.row(vec![(0.0, format!("{place} ______________"))]);
    draft.gap();
    let cells = |texts: [String; 2]| vec![(0.0, texts[0].clone()), (0.52, texts[1].clone())];
    draft.row(cells(["____________________", "____________________"].map(str::to_owned)));
    if rng.chance(60) {
        draft.row(cells([sides[0].name.clone(), sides[1].name.clone()]));
        draft.row(cells(sides.map(|side| format!("({})", side.role))));
    } else {
        draft.row(cells(sides.map(|side| format!("{} {}", tongue.signed, side.role))));
    }
}
