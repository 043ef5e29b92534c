//! A fourth set of agreements, most of them of confidence: leases, services, employment, loans and distribution beside them,
//! in six languages. Parties stand in sentences with seats, numbers and who acts for them, in lists, blocks and under the
//! title. Written after the rules had been mended for the third set, without a look at them, and read once.

mod words;

use serde_json::Value;

use super::accords::draft::Draft;
use super::habits::{Day, filled};
use super::rng::Rng;
use crate::label::{Kind, Label};
use words::{TONGUES, Tongue};

fn one<'l>(rng: &mut Rng, list: &'l [&'static str]) -> &'l str {
    list[rng.range(0, list.len() as u64) as usize]
}

fn shown(rng: &mut Rng, tongue: &Tongue, day: &Day) -> String {
    let ending = match day.day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    let mut pattern = rng.say(tongue.days).replace("{th}", ending);
    if pattern.starts_with("{mm}") && day.day <= 12 {
        // Nobody could tell the day from the month.
        "{M} {d}, {yyyy}".clone_into(&mut pattern);
    }
    day.shown(tongue.months, &pattern)
}

/// The agreement of a seed; some are plain text.
pub(super) fn agreement(rng: &mut Rng) -> (Vec<u8>, Label) {
    let mut label = Label { document_type: Some("contract".to_owned()), ..Label::default() };
    let at = if rng.chance(66) { 0 } else { rng.range(1, 6) as usize };
    let tongue = TONGUES[at];
    let sort = if rng.chance(40) {
        rng.range(0, if at == 0 { 4 } else { 1 })
    } else {
        rng.range(0, tongue.sorts.len() as u64)
    };
    let (title, role, other_role, persons) = tongue.sorts[sort as usize];
    let first = rng.say(tongue.firms);
    let second = loop {
        let is_person = rng.chance(persons);
        let name = rng.say(if is_person { tongue.persons } else { tongue.firms });
        if name != first {
            break name;
        }
    };
    let names = vec![first.clone().into(), second.clone().into()];
    label.set("parties", Kind::Name, Value::Array(names));
    let day = Day::new(rng);
    let date = shown(rng, tongue, &day);
    let homes = [rng.say(tongue.homes), rng.say(tongue.homes)];
    let shape = rng.say(tongue.numbers);
    let number = filled(rng, &shape);
    let acting = [rng.say(tongue.persons), rng.say(tongue.persons)];
    let fill = |text: &str| {
        text.replace("{D}", &date)
            .replace("{X}", &first)
            .replace("{Z}", &second)
            .replace("{R}", role)
            .replace("{S}", other_role)
            .replace("{HX}", &homes[0])
            .replace("{HZ}", &homes[1])
            .replace("{NX}", &number)
            .replace("{V}", &acting[0])
            .replace("{W}", &acting[1])
    };
    let mode = rng.range(0, 10);
    let mut draft = Draft::default();
    let opening = fill(one(rng, if mode < 5 { tongue.dated } else { tongue.plain }));
    open(&mut draft, title, &opening);
    let mut clauses: Vec<String> = Vec::new();
    for filler in tongue.fillers {
        if rng.chance(70) {
            clauses.push((*filler).to_owned());
        }
    }
    if mode == 9 {
        label.set_absent("effectiveDate");
        clauses.insert(0, one(rng, tongue.later).to_owned());
    } else {
        label.set("effectiveDate", Kind::Text, day.iso());
        if mode >= 5 {
            let place = rng.range(0, 2).min(clauses.len() as u64) as usize;
            clauses.insert(place, fill(one(rng, tongue.starts)));
        }
    }
    let lasting = lasts(rng, tongue, &day, mode, &mut label);
    let place = rng.range(0, clauses.len() as u64 + 1) as usize;
    clauses.insert(place, lasting);
    clauses.extend(law(rng, tongue, &mut label));
    for (at, text) in clauses.into_iter().enumerate() {
        draft.para(format!("{}. {text}", at + 1));
    }
    sign(&mut draft, [role, other_role], &acting);
    let bytes = if rng.chance(20) { draft.text() } else { draft.pdf(10.0) };
    (bytes, label)
}

fn lasts(rng: &mut Rng, tongue: &Tongue, day: &Day, mode: u64, label: &mut Label) -> String {
    match rng.range(0, 10) {
        0 | 1 => {
            label.set_absent("term");
            return one(rng, tongue.endless).to_owned();
        }
        2 if mode < 9 => {
            let end = Day { year: day.year + 2, ..day.next_month() };
            label.set_absent("term");
            label.set("endDate", Kind::Text, end.iso());
            let end = shown(rng, tongue, &end);
            return one(rng, tongue.until).replace("{U}", &end);
        }
        _ => {}
    }
    let is_months = rng.chance(35);
    let count = if is_months { 6 * rng.range(1, 8) } else { rng.range(1, 9) };
    let unit = tongue.units[2 * usize::from(is_months) + usize::from(count > 1)];
    let plain = format!(
        "{count} {}{}",
        if is_months { "month" } else { "year" },
        if count > 1 { "s" } else { "" }
    );
    label.set("term", Kind::Identifier, plain);
    let word = usize::try_from(count).ok().and_then(|count| tongue.counts.get(count - 1));
    let shown = match (word, rng.range(0, 3)) {
        (Some(word), 0) => format!("{word} ({count}) {unit}"),
        (Some(word), 1) => format!("{word} {unit}"),
        _ => format!("{count} {unit}"),
    };
    one(rng, tongue.terms).replace("{L}", &shown)
}

/// Short lines stand in the middle as under a title.
fn open(draft: &mut Draft, title: &str, opening: &str) {
    draft.centre(title);
    draft.gap();
    let is_centred = opening.contains(" / ") && opening.split(" / ").all(|line| line.len() < 60);
    for line in opening.split(" / ") {
        if is_centred {
            draft.centre(line);
        } else {
            draft.para(line);
        }
    }
    draft.gap();
}

fn sign(draft: &mut Draft, roles: [&str; 2], acting: &[String; 2]) {
    draft.gap();
    draft.row(vec![(0.0, roles[0].to_owned()), (0.5, roles[1].to_owned())]);
    draft.row(vec![
        (0.0, "By: ____________________".to_owned()),
        (0.5, "By: ____________________".to_owned()),
    ]);
    draft.row(vec![(0.0, acting[0].clone()), (0.5, acting[1].clone())]);
}

fn law(rng: &mut Rng, tongue: &Tongue, label: &mut Label) -> Option<String> {
    if !rng.chance(88) {
        label.set_absent("governingLaw");
        return None;
    }
    let (name, known) = tongue.places[rng.range(0, tongue.places.len() as u64) as usize];
    let known = known.iter().map(|name| Value::from(*name)).collect();
    label.set("governingLaw", Kind::OneOf, Value::Array(known));
    let law = one(rng, tongue.laws).replace("{P}", name);
    let law = law.replace("derecho mexican", "derecho mexicano");
    let law = law.replace("derecho chilen", "derecho chileno");
    let law = law.replace("derecho argentin", "derecho argentino");
    let law = law.replace("deutsche Recht", "deutsches Recht");
    let law = law.replace("ische Recht", "isches Recht");
    Some(law.replace("Geltung deutschen", "Geltung des deutschen"))
}
