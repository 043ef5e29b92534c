//! English agreements: preambles, lists of parties, letters, tables of particulars.

use super::clauses::{ENDLESS, GENERAL, LAW, SORTS, Sort, UNTIL, VENUE};
use super::draft::Draft;
use super::facts::{self, LAWS, Law, PERSONS, Party, Term, day_in_prose};
use crate::generate::habits::Day;
use crate::generate::rng::Rng;
use crate::label::{Kind, Label};

/// How the day on which it takes effect is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// The day at the top.
    Dated,
    /// Signed on one day, effective from another.
    Stated,
    /// The day of the last signature, which nobody wrote yet.
    LastSignature,
    /// Left blank.
    Blank,
}

struct Deal<'d> {
    sort: &'static Sort,
    name: &'static str,
    first: &'d Party,
    second: &'d Party,
    effect: Effect,
    day: String,
    signed: String,
    term: &'d Term,
    law: Option<&'static Law>,
    american: bool,
}

impl Deal<'_> {
    fn filled(&self, text: &str) -> String {
        text.replace("{A}", self.sort.roles[0])
            .replace("{B}", self.sort.roles[1])
            .replace("{T}", self.name)
            .replace("{L}", &self.term.length)
    }
}

pub(super) fn agreement(rng: &mut Rng, label: &mut Label) -> Draft {
    let american = rng.chance(62);
    let sort = &SORTS[rng.range(0, SORTS.len() as u64) as usize];
    let first = Party::firm(rng, american);
    let second = loop {
        let person = rng.chance(sort.second_is_person);
        let other = if person { Party::person(rng) } else { Party::firm(rng, american) };
        if other.name.split(' ').next() != first.name.split(' ').next() {
            break other;
        }
    };
    let (day, signed) = (Day::new(rng), Day::new(rng));
    let term = facts::term(rng, &day);
    let states = LAWS.iter().filter(|law| law.is_state || law.place.contains("Commonwealth"));
    let others = LAWS.iter().filter(|law| !law.is_state);
    let laws: Vec<&Law> = if american { states.collect() } else { others.collect() };
    let law = rng.chance(88).then(|| laws[rng.range(0, laws.len() as u64) as usize]);
    let effect = match rng.range(0, 10) {
        0 | 1 => Effect::Stated,
        2 => Effect::LastSignature,
        3 if rng.chance(60) => Effect::Blank,
        _ => Effect::Dated,
    };
    let deal = Deal {
        sort,
        name: if sort.titles.contains("LEASE") && rng.chance(60) { "Lease" } else { "Agreement" },
        first: &first,
        second: &second,
        effect,
        day: day_in_prose(rng, &day, american),
        signed: day_in_prose(rng, &signed, american),
        term: &term,
        law,
        american,
    };
    let mut draft = Draft::default();
    let form = rng.range(0, 20);
    let effect = match form {
        0..=9 => preamble(rng, &deal, &mut draft),
        10..=13 => list_of_parties(rng, &deal, &mut draft),
        14..=16 => return letter(rng, &deal, &day, draft, label),
        _ => particulars(rng, &deal, &mut draft),
    };
    set(label, &deal, effect, &day);
    body(rng, &deal, &mut draft);
    signatures(rng, &deal, &mut draft);
    draft
}

fn set(label: &mut Label, deal: &Deal<'_>, effect: Effect, day: &Day) {
    facts::set(label, &[deal.first, deal.second], deal.term, deal.law.map(|law| law.names));
    match effect {
        Effect::Dated | Effect::Stated => label.set("effectiveDate", Kind::Text, day.iso()),
        Effect::LastSignature | Effect::Blank => label.set_absent("effectiveDate"),
    }
}

fn described(rng: &mut Rng, party: &Party, role: &str, closing: bool) -> String {
    let quote = rng.pick(&["\u{201c}", "\""]);
    let end = if quote == "\"" { "\"" } else { "\u{201d}" };
    let the = if rng.chance(50) { "the " } else { "" };
    let link = rng.pick(&[
        "with its principal place of business at",
        "having its offices at",
        "whose address is",
        "located at",
        "with offices at",
    ]);
    let link =
        if party.is_person { rng.pick(&["residing at", "of", "whose address is"]) } else { link };
    let after = if closing { "" } else { "," };
    format!(
        "{}, {}, {link} {} ({the}{quote}{role}{end}){after}",
        party.name, party.home, party.address
    )
}

fn preamble(rng: &mut Rng, deal: &Deal<'_>, draft: &mut Draft) -> Effect {
    let title = rng.say(deal.sort.titles);
    draft.centre(title.clone());
    draft.gap();
    let own = title
        .to_lowercase()
        .split(' ')
        .map(|word| {
            let mut chars = word.chars();
            chars
                .next()
                .map_or(String::new(), |c| c.to_uppercase().chain(chars).collect::<String>())
        })
        .collect::<Vec<_>>()
        .join(" ");
    let day = &deal.day;
    let begin = match deal.effect {
        Effect::Dated => rng.say("is entered into as of {D} (the \"Effective Date\") by and between|is made and entered into on {D} by and between|is made effective as of {D} (\"Effective Date\"), between|, dated as of {D}, is between|is made on {D} between").replace("{D}", day),
        Effect::Stated => rng.say("is signed on {S} and is effective as of {D} (the \"Effective Date\") by and between|is made on {S} with effect from {D} (the \"Effective Date\") between").replace("{D}", day).replace("{S}", &deal.signed),
        Effect::LastSignature => rng.say("is effective as of the date of the last signature below (the \"Effective Date\") and is between|is entered into between|is made as of the last date signed by a party (the \"Effective Date\") by and between"),
        Effect::Blank => "is made as of this ____ day of ____________, 20__ (the \"Effective Date\") by and between".to_owned(),
    };
    let first = described(rng, deal.first, deal.sort.roles[0], true);
    let second = described(rng, deal.second, deal.sort.roles[1], true);
    let start = if rng.chance(60) {
        format!("This {own} (this \"{}\") {begin} {first} and {second}.", deal.name)
    } else {
        format!(
            "THIS {} (the \"{}\") {begin} {first}, and {second}. Each is a \"Party\" and together they are the \"Parties\".",
            own.to_uppercase(),
            deal.name
        )
    };
    draft.para(start.replace(" ,", ","));
    recitals(rng, deal, draft);
    deal.effect
}

fn recitals(rng: &mut Rng, deal: &Deal<'_>, draft: &mut Draft) {
    let purpose = deal.filled(deal.sort.purpose);
    match rng.range(0, 3) {
        0 => {
            draft.centre("RECITALS");
            draft.para(format!("WHEREAS, {purpose};"));
            draft.para("NOW, THEREFORE, in consideration of the mutual promises herein, the parties agree as follows:");
        }
        1 => {
            draft.head("Background");
            draft.para(format!("(A) It is recorded that {purpose}."));
        }
        _ => draft.para(format!("Since {purpose}, it is agreed:")),
    }
}

fn list_of_parties(rng: &mut Rng, deal: &Deal<'_>, draft: &mut Draft) -> Effect {
    let title = rng.say(deal.sort.titles);
    draft.centre(title);
    draft.gap();
    let effect = match deal.effect {
        Effect::Dated | Effect::Stated => {
            let start = rng.say("THIS AGREEMENT is dated {D}|DATED {D}|This deed is made on {D}|Date of agreement: {D}").replace("{D}", &deal.day);
            draft.para(start);
            Effect::Dated
        }
        other => {
            draft.para("THIS AGREEMENT is dated ______________________ 20__");
            if other == Effect::LastSignature { Effect::LastSignature } else { Effect::Blank }
        }
    };
    let heading = rng.say("PARTIES|Parties|BETWEEN:|The parties");
    draft.head(heading);
    let marks = [["(1)", "(2)"], ["1.", "2."], ["(a)", "(b)"]][rng.range(0, 3) as usize];
    for (mark, party, role) in
        [(marks[0], deal.first, deal.sort.roles[0]), (marks[1], deal.second, deal.sort.roles[1])]
    {
        let name = if rng.chance(50) { party.name.to_uppercase() } else { party.name.clone() };
        let text = if party.is_person {
            format!("{mark} {name} of {} ({role})", party.address)
        } else {
            format!(
                "{mark} {name}, {}, whose registered office is at {} ({role})",
                party.home, party.address
            )
        };
        let end = if mark == marks[0] { rng.pick(&["; and", ".", ""]) } else { "." };
        draft.inset(format!("{text}{end}"));
    }
    recitals(rng, deal, draft);
    effect
}

fn particulars(rng: &mut Rng, deal: &Deal<'_>, draft: &mut Draft) -> Effect {
    let title = rng.say(deal.sort.titles);
    draft.centre(title);
    draft.centre(rng.pick(&["Particulars", "SUMMARY OF TERMS", "Key Terms", "COVER PAGE"]));
    let mut rows = vec![
        (deal.sort.roles[0].to_owned(), deal.first.name.clone()),
        (String::new(), deal.first.address.clone()),
        (deal.sort.roles[1].to_owned(), deal.second.name.clone()),
        (String::new(), deal.second.address.clone()),
    ];
    let effect = match deal.effect {
        Effect::LastSignature => Effect::LastSignature,
        Effect::Blank => {
            rows.push(("Effective Date".to_owned(), "____________".to_owned()));
            Effect::Blank
        }
        _ => {
            let word = rng.say("Effective Date|Commencement Date|Start Date");
            let day = deal.day.replace("the ", "").replace("this ", "");
            rows.push((word, day));
            Effect::Dated
        }
    };
    if !deal.term.length.is_empty() && rng.chance(60) {
        rows.push((rng.say("Term|Initial Term|Duration"), deal.term.length.clone()));
    }
    if let Some(law) = deal.law.filter(|_| rng.chance(50)) {
        rows.push((rng.say("Governing Law|Applicable law"), law.place.to_owned()));
    }
    let mark = rng.pick(&[":", ""]);
    for (name, value) in rows {
        let name = if name.is_empty() { name } else { format!("{name}{mark}") };
        draft.row(vec![(0.0, name), (0.3, value)]);
    }
    draft.gap();
    draft.para(
        deal.filled("The {A} and the {B} named above agree to the following terms and conditions."),
    );
    effect
}

fn letter(rng: &mut Rng, deal: &Deal<'_>, day: &Day, mut draft: Draft, label: &mut Label) -> Draft {
    let name = facts::ENGLISH_MONTHS.split('|').nth(day.month as usize - 1).unwrap_or_default();
    let shown = if deal.american {
        format!("{name} {}, {}", day.day, day.year)
    } else {
        format!("{} {name} {}", day.day, day.year)
    };
    draft.centre(deal.first.name.clone());
    draft.row(vec![(0.0, deal.first.address.clone())]);
    draft.gap();
    draft.row(vec![(0.0, shown)]);
    draft.gap();
    draft.row(vec![(0.0, deal.second.name.clone())]);
    draft.row(vec![(0.0, deal.second.address.clone())]);
    draft.gap();
    let title = rng.say(deal.sort.titles);
    draft.head(format!("Re: {title}"));
    let greeting = if deal.second.is_person {
        format!("Dear {}:", deal.second.name)
    } else {
        "Ladies and Gentlemen:".to_owned()
    };
    draft.para(greeting);
    draft.para(format!(
        "This letter agreement sets out the terms on which {} (\"we\" or the \"{}\") and {} (\"you\" or the \"{}\") have agreed to work together, since {}.",
        deal.first.name, deal.sort.roles[0], deal.second.name, deal.sort.roles[1], deal.filled(deal.sort.purpose)
    ));
    let deal = Deal {
        name: "letter agreement",
        effect: Effect::Dated,
        day: String::new(),
        signed: String::new(),
        ..*deal
    };
    body(rng, &deal, &mut draft);
    draft.para("If the foregoing is acceptable to you, please sign and return the enclosed copy, whereupon this letter becomes a binding agreement as of the date first written above.");
    draft.row(vec![(0.0, "Very truly yours,".to_owned())]);
    draft.row(vec![(0.0, deal.first.name.to_uppercase())]);
    draft.row(vec![(0.0, "By: ______________________".to_owned())]);
    draft.gap();
    draft.row(vec![(0.0, rng.say("ACCEPTED AND AGREED:|Agreed and accepted as of the date first written above:|Acknowledged and agreed"))]);
    draft.row(vec![(0.0, deal.second.name.clone())]);
    draft.row(vec![(0.0, "______________________".to_owned())]);
    set(label, &deal, Effect::Dated, day);
    draft
}

/// Clauses in order of lot, the term near the beginning, law near the end.
fn body(rng: &mut Rng, deal: &Deal<'_>, draft: &mut Draft) {
    let mut clauses: Vec<(&str, String)> =
        deal.sort.clauses.iter().map(|(head, text)| (*head, deal.filled(text))).collect();
    let term = match (&deal.term.until, &deal.term.label) {
        (Some(until), _) => {
            let until =
                day_in_prose(rng, until, deal.american).replace("the ", "").replace("this ", "");
            rng.say(UNTIL).replace("{U}", &until)
        }
        (None, None) => rng.say(ENDLESS),
        _ => rng.say(deal.sort.term),
    };
    let mut term = deal.filled(&term);
    if deal.day.is_empty() {
        term = term.replace("the Effective Date", "the date of this letter");
    } else if deal.effect == Effect::Stated && !deal.term.length.is_empty() && rng.chance(50) {
        term.push_str(" Either party may terminate it earlier on ninety (90) days' notice.");
    }
    let at = rng.range(1, clauses.len() as u64) as usize;
    clauses.insert(at, (rng.pick(&["Term", "Duration", "Term and Termination"]), term));
    for (head, text) in GENERAL {
        if rng.chance(60) {
            clauses.push((head, deal.filled(text)));
        }
    }
    let end = clauses.len() as u64;
    let at = rng.range(end - 2, end + 1) as usize;
    if let Some(law) = deal.law {
        let place = if law.is_state {
            rng.say("the State of {S}|{S}|the State of {S}").replace("{S}", law.place)
        } else {
            law.place.to_owned()
        };
        let mut text = deal.filled(&rng.say(LAW));
        let bare = if law.is_state { law.place } else { law.adjective };
        text = text
            .replace("{P} law", &format!("{bare} law"))
            .replace("{P}", &place)
            .replace("{J}", law.adjective);
        if rng.chance(45) {
            text.push(' ');
            text.push_str(&rng.say(VENUE));
        }
        clauses.insert(
            at,
            (
                rng.pick(&[
                    "Governing Law",
                    "Applicable Law; Jurisdiction",
                    "Miscellaneous",
                    "Choice of Law",
                ]),
                text,
            ),
        );
    }
    numbered(rng, clauses, draft);
}

fn numbered(rng: &mut Rng, clauses: Vec<(&str, String)>, draft: &mut Draft) {
    let style = rng.range(0, 4);
    for (at, (head, text)) in clauses.into_iter().enumerate() {
        let number = at + 1;
        match style {
            0 => draft.para(format!("{number}. {head}. {text}")),
            1 => {
                draft.head(format!("{number}. {}", head.to_uppercase()));
                draft.inset(format!("{number}.1 {text}"));
            }
            2 => {
                draft.head(format!("ARTICLE {number} - {head}"));
                draft.para(text);
            }
            _ => draft.para(format!("Section {number}. {head}: {text}")),
        }
    }
}

fn signatures(rng: &mut Rng, deal: &Deal<'_>, draft: &mut Draft) {
    draft.gap();
    draft.para(rng.pick(&[
        "IN WITNESS WHEREOF, the parties have caused this Agreement to be executed by their duly authorised representatives.",
        "Signed by the parties:",
        "AGREED by the parties through their authorized signatories:",
    ]));
    let date = if deal.effect == Effect::Stated {
        format!("Date: {}", deal.signed.replace("the ", "").replace("this ", ""))
    } else {
        "Date: ____________".to_owned()
    };
    let lines = |party: &Party, signer: String| {
        vec![
            party.name.to_uppercase(),
            "By: ____________________".to_owned(),
            format!("Name: {signer}"),
            "Title: Director".to_owned(),
            date.clone(),
        ]
    };
    let (one, two) = (rng.say(PERSONS), rng.say(PERSONS));
    let (left, right) = (lines(deal.first, one), lines(deal.second, two));
    if rng.chance(50) {
        for (a, b) in left.into_iter().zip(right) {
            draft.row(vec![(0.0, a), (0.52, b)]);
        }
    } else {
        for line in left.into_iter().chain([String::new()]).chain(right) {
            draft.row(vec![(0.0, line)]);
        }
    }
}
