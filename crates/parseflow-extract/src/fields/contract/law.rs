//! The law that an agreement is under: the state or country whose law its sentences name.

use super::places::{adjective_at, bare, place_at};
use super::sentence::{heading, sentence};
use super::trust::Found;
use crate::fields::doc::{Candidate, Doc};
use crate::fields::prose::{Prose, Token};
use crate::layout::Row;
use crate::lexicon::folded;

/// Words for law, folded.
const LAW: &[&str] = &[
    "law",
    "laws",
    "statutes",
    "recht",
    "rechts",
    "rechte",
    "gesetze",
    "gesetzen",
    "droit",
    "loi",
    "lois",
    "legislation",
    "legislacion",
    "ley",
    "leyes",
    "derecho",
    "legge",
    "leggi",
    "legislazione",
    "diritto",
    "wetgeving",
    "normativa",
    "ordinamento",
    "lei",
    "leis",
    "direito",
    "legislacao",
    "prawo",
    "prawa",
    "prawu",
    "prawem",
    "ret",
    "ratt",
    "rett",
    "lag",
    "lov",
    "lovgivning",
    "laki",
    "lakia",
    "pravem",
    "radem",
];
/// Beginnings of words by which a sentence puts an agreement under a law.
const UNDER: &[&str] = &[
    "govern",
    "constru",
    "interpret",
    "control",
    "enforce",
    "subject",
    "appl",
    "apli",
    "determin",
    "decid",
    "unterlieg",
    "gilt",
    "gelten",
    "anwend",
    "anzuwend",
    "massgeb",
    "unterworfen",
    "beurteil",
    "regi",
    "regir",
    "soumis",
    "soumet",
    "sappl",
    "unterst",
    "valt",
    "conform",
    "rig",
    "somet",
    "sujet",
    "regol",
    "disciplin",
    "soggett",
    "beheers",
    "toepass",
    "onderworpen",
    "exclu",
    "accord",
    "under",
    "resolv",
    "settl",
    "chosen",
    "choose",
    "rege",
    "scel",
    "stosuje",
    "poddan",
    "sujeit",
    "soggiac",
    "kiez",
    "kies",
    "gekozen",
    "wahl",
    "gobiern",
    "gouvern",
    "rechtswahl",
    "podleg",
    "wlasciw",
    "undergiv",
    "underkast",
    "reguler",
    "tillamp",
    "lyder",
    "sovellet",
    "ridi",
];
/// Two words that head such a clause, the second of them a word for law or before one.
const HEADS: &[&str] = &[
    "proper",
    "governing",
    "applicable",
    "anwendbares",
    "rechtswahl",
    "aplicable",
    "choice",
    "applicabile",
    "toepasselijk",
    "rechtskeuze",
    "geltendes",
    "aplicavel",
    "wlasciwe",
    "wlasciwym",
    "lovvalg",
    "lagval",
    "tillamplig",
];
/// Beginnings of words before `under the laws of` where a party is described.
const FORMED: &[&str] = &[
    "organi",
    "incorporat",
    "existing",
    "formed",
    "establish",
    "registered",
    "constitu",
    "gegrundet",
    "bestehend",
    "opgericht",
    "duly",
    "company",
    "corporation",
    "partnership",
    "qualified",
];
/// Kinds of law that leave open which country's law rules.
const KINDS: &[&str] = &[
    "securities",
    "tax",
    "bankruptcy",
    "copyright",
    "antitrust",
    "employment",
    "labor",
    "labour",
    "environmental",
    "patent",
    "privacy",
    "export",
];
/// Words between `laws` and the place.
const LINKS: &[&str] = &[
    "of",
    "the",
    "state",
    "states",
    "commonwealth",
    "province",
    "republic",
    "federal",
    "kingdom",
    "territory",
    "der",
    "des",
    "die",
    "republik",
    "konigreichs",
    "konigreich",
    "du",
    "de",
    "la",
    "le",
    "les",
    "etat",
    "letat",
    "republique",
    "royaume",
    "reino",
    "republica",
    "los",
    "las",
    "el",
    "del",
    "in",
    "force",
    "applicable",
    "substantive",
    "internal",
    "domestic",
    "dello",
    "stato",
    "della",
    "repubblica",
    "van",
    "het",
    "koninkrijk",
    "and",
    "courts",
    "governing",
    "vigente",
    "vigentes",
    "en",
    "vigueur",
    "is",
    "are",
    "ist",
    "shall",
    "be",
    "that",
    "those",
    "estado",
    "this",
    "agreement",
    "contract",
    "furstentums",
    "principality",
    "canton",
    "freistaats",
    "bundesstaats",
    "kantons",
    "for",
    "time",
    "being",
    "federativa",
    "do",
    "da",
    "dos",
    "rzeczypospolitej",
];

/// The law with the best evidence, and what else could be meant.
pub(super) fn governing_law(doc: &Doc<'_>, prose: &Prose<'_>) -> Found<String> {
    const ENOUGH: f64 = 0.6;
    let mut all = particulars(doc, prose);
    for law in 0..prose.tokens.len() {
        if !is_law(prose, law) {
            continue;
        }
        let Some((from, to, name)) = named(prose, law) else { continue };
        all.push(prose.candidate(from, to, name, evidence(prose, law)));
    }
    Found::of(all, ENOUGH, 0.01)
}

/// `Governing law    Queensland`: a row whose first part heads a clause of the law and whose second is a place.
fn particulars(doc: &Doc<'_>, prose: &Prose<'_>) -> Vec<Candidate<String>> {
    const LONGEST: usize = 3;
    const SCORE: f64 = 0.9;
    let place = |row: &Row| {
        let [label, value] = row.segments.as_slice() else { return None };
        let words: Vec<String> = label.words.iter().map(|word| folded(&word.text)).collect();
        let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        if words.len() > LONGEST || !says(LAW) || !says(HEADS) {
            return None;
        }
        let begins = |token: &Token<'_>| {
            (token.page, token.row) == (value.page, value.row)
                && token.word.bounds.x0 >= value.bounds.x0 - 1.0
        };
        let from = prose.tokens.iter().position(begins)?;
        let is_link = |at: &usize| LINKS.contains(&prose.fold(*at));
        let from = (from..from + LONGEST).find(|at| !is_link(at))?;
        let (to, name) = place_at(prose, from)?;
        Some(prose.candidate(from, to, name.to_owned(), SCORE))
    };
    doc.rows.iter().filter_map(place).collect()
}

/// Whether a word means law.
pub(super) fn is_law(prose: &Prose<'_>, at: usize) -> bool {
    LAW.contains(&bare(prose, at).as_str())
}

/// Whether a word heads a clause of the law: `governing`, `Rechtswahl`.
pub(super) fn heads(prose: &Prose<'_>, at: usize) -> bool {
    HEADS.contains(&prose.fold(at))
}

/// The place of the law at a word: from, to and name.
fn named(prose: &Prose<'_>, law: usize) -> Option<(usize, usize, String)> {
    after(prose, law).or_else(|| before(prose, law)).or_else(|| unknown(prose, law))
}

fn ends(prose: &Prose<'_>, at: usize) -> bool {
    prose.text(at).ends_with(['.', ';', ','])
}

/// `laws of the State of New York`, `law: Singapore`, `droit français`, `Recht der Schweiz`
fn after(prose: &Prose<'_>, law: usize) -> Option<(usize, usize, String)> {
    const STEPS: usize = 13;
    // `The law, and not the rules on conflicts of laws, of the State of Ohio`
    let inserted = || {
        let is_not = (law + 1..law + 3)
            .any(|at| matches!(prose.fold(at), "not" | "but" | "without" | "excluding"));
        let close = (law + 2..law + STEPS).find(|&at| prose.text(at).ends_with(','))?;
        (is_not && prose.text(law).ends_with(',') && prose.fold(close + 1) == "of").then_some(close)
    };
    let law = match ends(prose, law) {
        true => inserted()?,
        false => law,
    };
    let mut at = law + 1;
    if let Some(name) = adjective_at(prose, at)
        && !LAW.contains(&prose.fold(at + 1))
    {
        return Some((at, at + 1, name.to_owned()));
    }
    while at < law + STEPS {
        if let Some((to, name)) = place_at(prose, at) {
            return Some(narrowed(prose, at, to, name));
        }
        // `lois de la République française`
        if is_republic(prose.fold(at - 1))
            && let Some(name) = adjective_at(prose, at)
        {
            return Some((at, at + 1, name.to_owned()));
        }
        let number = prose.fold(at);
        let is_page = number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
        if !is_page && !LINKS.contains(&number) && number != "bundesrepublik" || ends(prose, at) {
            return None;
        }
        at += 1;
    }
    None
}

fn is_republic(fold: &str) -> bool {
    const BEGIN: &[&str] = &["republi", "repubbli", "kingdom", "reino", "rzeczypospolit"];
    BEGIN.iter().any(|begin| fold.starts_with(begin))
}

/// Of `the United States and the State of Ohio` the state.
fn narrowed(
    prose: &Prose<'_>,
    from: usize,
    to: usize,
    name: &'static str,
) -> (usize, usize, String) {
    if matches!(name, "United States" | "Canada" | "Australia") && prose.fold(to) == "and" {
        let links = |at: &usize| LINKS.contains(&prose.fold(*at)) || LAW.contains(&prose.fold(*at));
        let start = (to..to + 6).find(|at| !links(at)).unwrap_or(to);
        if let Some((end, state)) = place_at(prose, start) {
            return (start, end, state.to_owned());
        }
    }
    (from, to, name.to_owned())
}

/// `Delaware law`, `English law`, `deutsches Recht`, `New York substantive law`
fn before(prose: &Prose<'_>, law: usize) -> Option<(usize, usize, String)> {
    const BETWEEN: &[&str] = &[
        "substantive",
        "domestic",
        "internal",
        "state",
        "materielles",
        "materielle",
        "materiellen",
        "case",
        "common",
    ];
    let mut end = law;
    while end > 0 && law - end < 2 && BETWEEN.contains(&prose.fold(end - 1)) {
        end -= 1;
    }
    for count in (1..=3).rev() {
        let Some(from) = end.checked_sub(count) else { continue };
        if let Some((to, name)) = place_at(prose, from)
            && to == end
        {
            return Some((from, to, name.to_owned()));
        }
    }
    let from = end.checked_sub(1)?;
    adjective_at(prose, from).map(|name| (from, end, name.to_owned()))
}

/// A place that the list does not know: a capitalised name behind `laws of`.
fn unknown(prose: &Prose<'_>, law: usize) -> Option<(usize, usize, String)> {
    if !matches!(prose.fold(law), "law" | "laws") || prose.fold(law + 1) != "of" {
        return None;
    }
    let mut from = law + 2;
    while from < law + 8 && LINKS.contains(&prose.fold(from)) {
        from += 1;
    }
    let is_name = |at: usize| {
        prose.text(at).starts_with(char::is_uppercase) && !LINKS.contains(&prose.fold(at))
    };
    if !is_name(from) {
        return None;
    }
    let mut to = from + 1;
    while to < from + 2 && is_name(to) && !ends(prose, to - 1) {
        to += 1;
    }
    let words: Vec<&str> = (from..to).map(|at| prose.text(at)).collect();
    let name = words.join(" ").trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    (name.len() >= 3).then_some((from, to, name))
}

/// How surely the sentence around a word for law puts the agreement under it.
fn evidence(prose: &Prose<'_>, law: usize) -> f64 {
    /// Words of a sentence that says little.
    const SHORT: usize = 12;
    let (from, to) = sentence(prose, law);
    let begins = |at: usize, list: &[&str]| {
        let fold = prose.fold(at);
        list.iter().any(|begin| fold.starts_with(begin))
    };
    let near = (law.saturating_sub(8).max(from)..law).chain(law + 1..to.min(law + 14));
    let far = (from..law.saturating_sub(8).max(from)).chain(to.min(law + 14)..to);
    let (near, far): (Vec<usize>, Vec<usize>) = (near.collect(), far.collect());
    let under = |words: &[usize]| words.iter().any(|at| begins(*at, UNDER));
    let is_under = match (under(&near), under(&far)) {
        (true, _) => 0.3,
        (false, true) => 0.2,
        (false, false) => 0.0,
    };
    let (head, head_end) = heading(prose, law);
    let heads = (head..head_end)
        .chain(law.saturating_sub(3)..(law + 6).min(to))
        .any(|at| HEADS.contains(&prose.fold(at)) || prose.fold(at) == "rechtswahl");
    let agreement = (from..to).any(|at| {
        matches!(
            prose.fold(at),
            "agreement"
                | "lease"
                | "vertrag"
                | "contrat"
                | "contrato"
                | "contract"
                | "accord"
                | "acuerdo"
                | "letter"
                | "contratto"
                | "overeenkomst"
                | "vereinbarung"
                | "license"
                | "licence"
                | "acordo"
                | "umowa"
                | "umowy"
                | "parties"
                | "deed"
        )
    });
    let formed = (law.saturating_sub(6).max(from)..law).any(|at| begins(at, FORMED));
    let kind = law > 0 && KINDS.contains(&prose.fold(law - 1));
    let conflict = law > 1
        && (begins(law - 2, &["conflict"])
            || begins(law - 2, &["choice"]) && !prose.text(law).ends_with(':'));
    // `Si applica la legge italiana.`: a sentence that speaks of nothing else.
    let is_short = to - from <= SHORT;
    let obeys = (from..law).any(|at| {
        begins(at, &["compl", "observ", "violat", "befolg", "einhalt", "respect", "licensed"])
    });
    0.45 + is_under + if is_short && !obeys { 0.15 } else { 0.0 } - if obeys { 0.1 } else { 0.0 }
        + if heads { 0.15 } else { 0.0 }
        + if agreement { 0.08 } else { 0.0 }
        - if formed { 0.5 } else { 0.0 }
        - if kind { 0.3 } else { 0.0 }
        - if conflict { 0.2 } else { 0.0 }
}
