//! A fifth set of agreements: of confidence, services, licences, employment, leases, loans, distribution, data, advice, shares
//! and software, amendments and letters, in eight languages and the habits of seven English-speaking countries. Parties stand
//! in sentences, lists, tables, letters or under the signatures alone; days in words, left blank or those of the last
//! signature; terms beside periods of other things. Written without a look at the rules and read once.

mod english;
mod english_forms;
mod middle;
mod south;

use serde_json::Value;

use super::accords::draft::Draft;
use super::habits::{Day, filled};
use super::rng::Rng;
use crate::label::{Kind, Label};

/// How one language writes agreements. `{X}` and `{Z}` are the parties, `{TX}` and `{TZ}` what is said of them, `{HX}` and
/// `{HZ}` where they are, `{V}` and `{W}` who signs and `{PV}`, `{PW}` as what, `{R}` and `{S}` the parts they play, `{D}` the
/// day, `{U}` the last day, `{L}` how long, `{P}` the place of the law, `{A}` its adjective, `{Q}` that of the courts. A slash
/// between spaces begins a line; `^` sets it in the middle, `>` further in, `::` beside what stands before it.
pub(super) struct Tongue {
    pub(super) months: &'static str,
    pub(super) days: &'static str,
    /// Name and what is said of it.
    pub(super) firms: &'static str,
    pub(super) bodies: &'static str,
    pub(super) people: &'static str,
    pub(super) seats: &'static str,
    pub(super) posts: &'static str,
    pub(super) forms: &'static [Form],
    pub(super) starts: &'static [&'static str],
    pub(super) later: &'static [&'static str],
    pub(super) signed: &'static [&'static str],
    pub(super) terms: &'static [&'static str],
    pub(super) until: &'static [&'static str],
    pub(super) endless: &'static [&'static str],
    /// One year, years, one month, months.
    pub(super) units: [&'static str; 4],
    pub(super) counts: &'static str,
    /// Sentences; those without a place of their own take one of `places`.
    pub(super) laws: &'static [(&'static str, &'static [&'static str])],
    pub(super) places: &'static [(&'static str, &'static str, &'static [&'static str])],
    /// Places of courts, and sentences that name no law.
    pub(super) courts: &'static str,
    pub(super) lawless: &'static [&'static str],
    /// Heading and text of what else is agreed.
    pub(super) others: &'static [(&'static str, &'static str)],
    /// Headings of the beginning, the term and the law.
    pub(super) heads: [&'static str; 3],
    /// What stands over, in and under the signatures.
    pub(super) witness: &'static [&'static str],
    pub(super) blanks: [&'static str; 4],
}

/// One kind of paper: title, parts played, who may be the second (`f`irm, `b`ody, `p`erson), whether it has the day.
pub(super) struct Form {
    pub(super) title: &'static str,
    pub(super) roles: (&'static str, &'static str),
    pub(super) second: &'static str,
    pub(super) dated: bool,
    pub(super) text: &'static str,
}

const TONGUES: [&Tongue; 8] = [
    &english::ENGLISH,
    &middle::GERMAN,
    &south::FRENCH,
    &south::SPANISH,
    &south::ITALIAN,
    &middle::DUTCH,
    &south::PORTUGUESE,
    &middle::POLISH,
];

fn one<'l>(rng: &mut Rng, list: &'l [&'static str]) -> &'l str {
    list[rng.range(0, list.len() as u64) as usize]
}

struct Party {
    name: String,
    told: String,
    home: String,
    signer: String,
    post: String,
}

fn party(rng: &mut Rng, tongue: &Tongue, sort: &str) -> Party {
    let list = match sort {
        "p" => tongue.people,
        "b" => tongue.bodies,
        _ => tongue.firms,
    };
    let entry = rng.say(list);
    let (name, told) = entry.split_once(';').unwrap_or((&entry, ""));
    let signer = rng.say(tongue.people);
    let signer = signer.split(';').next().unwrap_or_default().to_owned();
    Party {
        name: name.to_owned(),
        told: filled(rng, told),
        home: rng.say(tongue.seats),
        signer,
        post: rng.say(tongue.posts),
    }
}

fn shown(rng: &mut Rng, tongue: &Tongue, day: &Day) -> String {
    let ending = match day.day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    let mut pattern = rng.say(tongue.days);
    if pattern.starts_with("{mm}") && day.day <= 12 {
        // Nobody could tell the day from the month.
        "{M} {d}, {yyyy}".clone_into(&mut pattern);
    }
    let pattern = pattern
        .replace("{th}", ending)
        .replace("{ordinal}", english::ORDINALS[day.day as usize - 1])
        .replace("{year}", english::YEARS[(day.year - 2021) as usize]);
    day.shown(tongue.months, &pattern)
}

/// The agreement of a seed; some are plain text.
pub(super) fn agreement(rng: &mut Rng) -> (Vec<u8>, Label) {
    drawn(rng, TONGUES)
}

/// An agreement in English or, as often, in one of the other tongues.
pub(super) fn drawn(rng: &mut Rng, tongues: [&'static Tongue; 8]) -> (Vec<u8>, Label) {
    let mut label = Label { document_type: Some("contract".to_owned()), ..Label::default() };
    let tongue = if rng.chance(50) { tongues[0] } else { tongues[rng.range(1, 8) as usize] };
    let form = &tongue.forms[rng.range(0, tongue.forms.len() as u64) as usize];
    let first_sort = if rng.chance(12) { "b" } else { "f" };
    let first = party(rng, tongue, first_sort);
    let sorts: Vec<&str> = form.second.split(' ').collect();
    let second = loop {
        let sort = rng.pick(&sorts);
        let second = party(rng, tongue, sort);
        if second.name != first.name && second.name != first.signer && second.signer != first.signer
        {
            break second;
        }
    };
    let names = vec![first.name.clone().into(), second.name.clone().into()];
    label.set("parties", Kind::Name, Value::Array(names));
    let day = Day::new(rng);
    let date = shown(rng, tongue, &day);
    let fill = |text: &str| {
        [
            ("{D}", date.as_str()),
            ("{TX}", &first.told),
            ("{TZ}", &second.told),
            ("{X}", &first.name),
            ("{Z}", &second.name),
            ("{HX}", &first.home),
            ("{HZ}", &second.home),
            ("{V}", &first.signer),
            ("{W}", &second.signer),
            ("{PV}", &first.post),
            ("{PW}", &second.post),
            ("{R}", form.roles.0),
            ("{S}", form.roles.1),
        ]
        .iter()
        .fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value))
        .replace(", ,", ",")
    };
    let mut clauses = Vec::new();
    for (head, text) in tongue.others {
        if rng.chance(40) {
            clauses.push((*head, fill(text)));
        }
    }
    let mut signing = [String::new(), String::new()];
    if let Some(clause) = begins(rng, tongue, form, &day, &mut signing, &mut label) {
        let place = rng.range(0, 2).min(clauses.len() as u64) as usize;
        clauses.insert(place, (tongue.heads[0], fill(&clause)));
    }
    let lasting = lasts(rng, tongue, &day, &mut label);
    let place = rng.range(0, clauses.len() as u64 + 1) as usize;
    clauses.insert(place, (tongue.heads[1], fill(&lasting)));
    if let Some(law) = law(rng, tongue, &mut label) {
        let place = clauses.len() - rng.range(0, 2).min(clauses.len() as u64) as usize;
        clauses.insert(place, (tongue.heads[2], fill(&law)));
    }
    let mut draft = Draft::default();
    if rng.chance(25) && std::ptr::eq(tongue, tongues[0]) {
        draft.para(one(rng, &["EXHIBIT 10.7", "Execution Version", "Exhibit (d)(2)", "DRAFT 3"]));
    }
    draft.centre(fill(form.title));
    draft.gap();
    open(&mut draft, &fill(form.text));
    let style = if form.text.contains("Dear ") { 3 } else { rng.range(0, 4) };
    body(&mut draft, style, clauses);
    sign(rng, tongue, &mut draft, [&first, &second], form, &signing);
    let bytes = if rng.chance(20) { draft.text() } else { draft.pdf(10.0) };
    (bytes, label)
}

/// What says when it begins, where the form does not.
fn begins(
    rng: &mut Rng,
    tongue: &Tongue,
    form: &Form,
    day: &Day,
    signing: &mut [String; 2],
    label: &mut Label,
) -> Option<String> {
    if form.dated {
        label.set("effectiveDate", Kind::Text, day.iso());
        return None;
    }
    let lot = rng.range(0, 10);
    if lot < 2 {
        label.set_absent("effectiveDate");
        return (lot == 0).then(|| one(rng, tongue.later).to_owned());
    }
    label.set("effectiveDate", Kind::Text, day.iso());
    if lot > 4 {
        return Some(one(rng, tongue.starts).to_owned());
    }
    let before = Day { day: 1.max(day.day.saturating_sub(rng.range(1, 9))), ..*day };
    let pattern = tongue.days.split('|').next().unwrap_or_default();
    *signing = [before.shown(tongue.months, pattern), day.shown(tongue.months, pattern)];
    if rng.chance(40) {
        signing.swap(0, 1);
    }
    Some(one(rng, tongue.signed).to_owned())
}

fn lasts(rng: &mut Rng, tongue: &Tongue, day: &Day, label: &mut Label) -> String {
    label.set_absent("term");
    match rng.range(0, 10) {
        0 | 1 => return one(rng, tongue.endless).to_owned(),
        2 => {
            let end = Day { year: day.year + rng.range(1, 5), ..day.next_month() };
            label.set("endDate", Kind::Text, end.iso());
            let pattern = tongue.days.split('|').next().unwrap_or_default();
            let end = end.shown(tongue.months, pattern);
            return one(rng, tongue.until).replace("{U}", &end);
        }
        _ => {}
    }
    let is_months = rng.chance(30);
    let count = if is_months { 3 * rng.range(2, 13) } else { rng.range(1, 8) };
    let unit = tongue.units[2 * usize::from(is_months) + usize::from(count > 1)];
    let plain = format!(
        "{count} {}{}",
        if is_months { "month" } else { "year" },
        if count > 1 { "s" } else { "" }
    );
    label.set("term", Kind::Identifier, plain);
    let word = tongue.counts.split('|').nth(count as usize - 1).unwrap_or_default();
    let shown = match (word, rng.range(0, 4)) {
        ("", _) | (_, 0) => format!("{count} {unit}"),
        (word, 1) => format!("{word} {unit}"),
        (word, 2) => format!("{count} ({word}) {unit}"),
        (word, _) => format!("{word} ({count}) {unit}"),
    };
    one(rng, tongue.terms).replace("{L}", &shown)
}

fn law(rng: &mut Rng, tongue: &Tongue, label: &mut Label) -> Option<String> {
    let lot = rng.range(0, 100);
    if lot < 14 {
        label.set_absent("governingLaw");
        let text = one(rng, tongue.lawless).replace("{Q}", &rng.say(tongue.courts));
        return (lot < 8).then_some(text);
    }
    let (text, own) = tongue.laws[rng.range(0, tongue.laws.len() as u64) as usize];
    let mut text = text.to_owned();
    let mut known = own;
    if known.is_empty() {
        let place = tongue.places[rng.range(0, tongue.places.len() as u64) as usize];
        text = text.replace("{P}", place.0).replace("{A}", place.1);
        known = place.2;
    }
    let known = known.iter().map(|name| Value::from(*name)).collect();
    label.set("governingLaw", Kind::OneOf, Value::Array(known));
    Some(text.replace("{Q}", &rng.say(tongue.courts)))
}

fn open(draft: &mut Draft, text: &str) {
    for line in text.split(" / ") {
        if let Some(line) = line.strip_prefix('^') {
            draft.centre(line);
        } else if let Some(line) = line.strip_prefix('>') {
            draft.inset(line);
        } else if let Some((left, right)) = line.split_once(" :: ") {
            draft.row(vec![(0.0, left.to_owned()), (0.32, right.to_owned())]);
        } else {
            draft.para(line);
        }
    }
    draft.gap();
}

/// Numbered with headings in the line, under headings, numbered without them, or neither.
fn body(draft: &mut Draft, style: u64, clauses: Vec<(&str, String)>) {
    for (at, (head, text)) in clauses.into_iter().enumerate() {
        let number = at + 1;
        let in_parts = style == 1;
        let text = if in_parts { text } else { text.replace(" // ", " ") };
        match style {
            0 => draft.para(format!("{number}. {head}. {text}")),
            1 => {
                draft.head(format!("{number}   {}", head.to_uppercase()));
                for (part, sentence) in text.split(" // ").enumerate() {
                    draft.inset(format!("{number}.{} {sentence}", part + 1));
                }
            }
            2 => draft.para(format!("{number}) {text}")),
            _ => draft.para(text),
        }
    }
}

fn sign(
    rng: &mut Rng,
    tongue: &Tongue,
    draft: &mut Draft,
    parties: [&Party; 2],
    form: &Form,
    signing: &[String; 2],
) {
    draft.gap();
    draft.para(one(rng, tongue.witness));
    let [by, name, post, on] = tongue.blanks;
    let must_name = !form.text.contains("{X}") || !form.text.contains("{Z}");
    let heads = if must_name || rng.chance(50) {
        [parties[0].name.as_str(), parties[1].name.as_str()]
    } else {
        [form.roles.0, form.roles.1]
    };
    let dates = [0, 1].map(|at| match signing[at].as_str() {
        "" => format!("{on} __________"),
        day => format!("{on} {day}"),
    });
    let rows = |at: usize| {
        let party = parties[at];
        [
            heads[at].to_owned(),
            format!("{by} ____________________"),
            format!("{name} {}", party.signer),
            format!("{post} {}", party.post),
            dates[at].clone(),
        ]
    };
    let (left, right) = (rows(0), rows(1));
    if rng.chance(60) {
        for (left, right) in left.into_iter().zip(right) {
            draft.row(vec![(0.0, left), (0.52, right)]);
        }
    } else {
        for line in left.into_iter().chain([String::new()]).chain(right) {
            draft.row(vec![(0.0, line)]);
        }
    }
}
