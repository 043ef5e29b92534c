//! The parties by the sentences that introduce them: each has its seat, its number in a register or who acts for it behind
//! its name, up to the short name by which the agreement calls it.

use super::names::{begins_name, has_form, name_at};
use super::preamble::{AND, BETWEEN, joins};
use super::roles::is_role;
use super::sentence::{begins_row, is_mark};
use super::sides::{WORDS, apposed, gives_short_name, is_name, name_before, party_at};
use super::{PARTIES_MAX, add};
use crate::fields::doc::Candidate;
use crate::fields::prose::Prose;
use crate::lexicon::folded;

/// Words between a name and the short name that it is given.
const REACH: usize = 70;

/// Words in the names of those who have no legal form, folded.
const BODIES: &[&str] = &[
    "university",
    "universitat",
    "universite",
    "universidad",
    "universita",
    "universiteit",
    "college",
    "institute",
    "institut",
    "instituto",
    "istituto",
    "instituut",
    "foundation",
    "stiftung",
    "fondation",
    "fundacion",
    "fondazione",
    "stichting",
    "association",
    "verein",
    "asociacion",
    "associazione",
    "vereniging",
    "trust",
    "bank",
    "banque",
    "banco",
    "banca",
    "company",
    "society",
    "hospital",
    "council",
    "ministry",
    "cooperative",
    "genossenschaft",
    "cooperativa",
    "church",
    "museum",
    "regents",
    "trustees",
    "authority",
    "polytechnic",
    "politecnico",
    "politechnika",
    "hochschule",
    "hogeschool",
    "uniwersytet",
    "universidade",
    "fundacao",
    "fundacja",
    "instytut",
    "associacao",
    "stowarzyszenie",
    "gemeinde",
    "landkreis",
    "stadt",
    "commune",
    "comune",
    "ayuntamiento",
    "municipio",
    "municipality",
    "gemeente",
    "gmina",
    "school",
    "clinic",
    "academy",
    "department",
];
/// Words behind which the first party is named.
const LEADS: &[&str] = &[
    "that",
    "by",
    "with",
    "are",
    "of",
    "both",
    "von",
    "sind",
    "einerseits",
    "vereinbaren",
    "par",
    "por",
    "da",
    "door",
    "whereas",
    "undersigned",
    "sont",
    "son",
    "sono",
    "zijn",
    "parte",
    "part",
    "soussignes",
    "comparecen",
    "reunidos",
    "societe",
    "sociedad",
    "societa",
    "firma",
    "to",
    "a",
    "an",
    "aan",
    "herrn",
    "frau",
    "tegenover",
    "gegenuber",
    "envers",
    "dalla",
    "ondergetekende",
    "otra",
    "outra",
    "altra",
];
/// Beginnings of words by which somebody acts for another.
const ACTS: &[&str] = &[
    "represent",
    "acting",
    "vertret",
    "vertegenwoordig",
    "rappresent",
    "agissant",
    "persona",
    "personne",
    "attention",
];
/// What is given a short name and is no party, folded.
const THINGS: &[&str] = &[
    "agreement",
    "date",
    "parties",
    "term",
    "purpose",
    "information",
    "premises",
    "property",
    "services",
    "affiliates",
    "vereinbarung",
    "vertrag",
    "parteien",
    "accord",
    "contrat",
    "acuerdo",
    "contrato",
    "partes",
    "contratto",
    "overeenkomst",
    "partijen",
];

/// Whether words in capitals are the title of a paper: `Confidentiality Agreement`.
pub(super) fn is_paper(name: &str) -> bool {
    const PAPERS: &[&str] = &[
        "agreement",
        "contract",
        "contrat",
        "contrato",
        "contratto",
        "overeenkomst",
        "accord",
        "acuerdo",
        "accordo",
        "acordo",
        "umowa",
        "deed",
        "lease",
        "memorandum",
        "undertaking",
        "amendment",
        "addendum",
    ];
    let last = name.split_whitespace().last().map(folded).unwrap_or_default();
    let mut words = name.split_whitespace().map(folded);
    !has_form(name)
        && (words.any(|word| PAPERS.contains(&word.as_str()))
            || last.ends_with("vertrag")
            || last.ends_with("vereinbarung"))
}

/// Whether a name is that of a company or of another body.
pub(super) fn is_body(name: &str) -> bool {
    let mut words = name.split(' ').map(folded);
    let is_town = ["City of ", "Town of ", "County of "]
        .iter()
        .any(|begin| name.strip_prefix("The ").unwrap_or(name).starts_with(begin));
    has_form(name)
        || is_town
        || name.contains(' ') && words.any(|word| BODIES.contains(&word.as_str()))
}

/// Whether words, folded together, stand in capitals at another place too, and not as a label.
pub(super) fn recurs(prose: &Prose<'_>, name: &str, at: usize) -> bool {
    let wanted: Vec<String> = name.split_whitespace().map(folded).collect();
    let is_there = |from: &usize| {
        wanted.iter().enumerate().all(|(step, word)| prose.fold(from + step) == *word)
            && prose
                .text(*from)
                .trim_start_matches(|c: char| !c.is_alphanumeric())
                .starts_with(char::is_uppercase)
            && !prose.text(from + wanted.len() - 1).ends_with(':')
    };
    !wanted.is_empty()
        && wanted.iter().all(|word| word.len() >= 3)
        && (0..prose.tokens.len())
            .filter(|from| from.abs_diff(at) > wanted.len() + 3)
            .any(|from| is_there(&from))
}

/// The short name that begins at a word, and the word behind it.
fn short_name(prose: &Prose<'_>, at: usize) -> Option<usize> {
    const LONGEST: usize = 24;
    let text = prose.text(at);
    let is_open = text.starts_with('(');
    let is_quoted = text.starts_with(['«', '“', '„', '"']);
    let ends = |at: &usize| {
        let text = prose.text(*at);
        if is_open {
            text.contains(')')
        } else {
            // Without marks it is one word for a part, or goes up to the next party: `im Folgenden: Vermieter und`.
            text.ends_with([',', ';', '.', '-', '–'])
                || text.contains(['”', '»'])
                || text.trim_end_matches([',', '.', ';']).ends_with('"')
                || is_role(text.trim_matches(|c: char| !c.is_alphanumeric()))
                || AND.contains(&prose.fold(at + 1)) && text.starts_with(char::is_uppercase)
        }
    };
    let named = gives_short_name(prose, at).is_some();
    let from = at + usize::from(!is_open && !is_quoted);
    let close = (from..at + LONGEST).find(ends)?;
    // `(together with its affiliates, the "Company")`: the name is what is quoted.
    let is_quote = |at: &usize| prose.text(*at).contains(['"', '“', '„', '«']);
    let from = (from..=close).find(is_quote).unwrap_or(from);
    let inner: Vec<&str> = (from..=close).map(|at| prose.text(at)).collect();
    let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    if inner.iter().any(|word| THINGS.contains(&folded(word).as_str())) {
        return None;
    }
    let capital: Vec<String> = inner
        .iter()
        .map(|word| bare(word))
        .filter(|word| word.starts_with(char::is_uppercase))
        .collect();
    let name = inner.join(" ");
    let is_plain = (1..=3).contains(&capital.len())
        && inner.len() <= 4
        && !name.contains(|c: char| c.is_ascii_digit())
        && (is_open || is_quoted)
        && recurs(prose, &capital.join(" "), at);
    (named || is_plain).then_some(close + 1)
}

/// Whether somebody who acts for a party is named at a word: `acting by Ann Moe`.
pub(super) fn acts_for(prose: &Prose<'_>, at: usize) -> bool {
    const NEAR: usize = 5;
    let is_link = |at: usize| {
        matches!(
            prose.fold(at),
            "by" | "durch"
                | "par"
                | "por"
                | "da"
                | "door"
                | "di"
                | "de"
                | "attention"
                | "dona"
                | "don"
        )
    };
    // `en nombre y representación de` is said of the party.
    let is_for_whom = for_whom(prose, at.saturating_sub(2), at.saturating_sub(1)).is_some();
    at > 0
        && !is_for_whom
        && is_link(at - 1)
        && (at.saturating_sub(NEAR)..at)
            .any(|near| ACTS.iter().any(|act| prose.fold(near).starts_with(act)))
}

/// Behind `in the name of`, `en nombre y representación de`.
pub(super) fn for_whom(prose: &Prose<'_>, start: usize, end: usize) -> Option<usize> {
    let is_for = |at: &usize| {
        matches!(
            prose.fold(*at),
            "representacion" | "representacao" | "behalf" | "namens" | "namen" | "nom" | "nome"
        ) && matches!(prose.fold(at + 1), "de" | "of" | "der" | "di" | "du" | "van")
    };
    (start..end).find(is_for).map(|at| at + 2)
}

type Named = (usize, usize, String);

/// The party that a stretch of words introduces.
fn in_stretch(prose: &Prose<'_>, start: usize, end: usize, is_first: bool) -> Option<Named> {
    let named = |from: usize| {
        let (to, name) = party_at(prose, from).or_else(|| name_at(prose, from))?;
        let name = name.trim_end_matches([',', ';']).to_owned();
        (to <= end && !acts_for(prose, from) && !is_role(&name) && !is_paper(&name))
            .then_some((from, to, name))
    };
    const FAR: usize = 30;
    if let Some(found) = for_whom(prose, start, end).and_then(named) {
        return Some(found);
    }
    let mut from = start;
    while from < end {
        let is_inside = from > start
            && prose.text(from - 1).starts_with(char::is_uppercase)
            && !prose.text(from - 1).ends_with([',', '.', ':', ';'])
            && !LEADS.contains(&prose.fold(from - 1))
            && !begins_row(prose, from);
        if begins_name(prose.text(from))
            && !is_inside
            && let Some(found) = named(from).filter(|found| is_body(&found.2))
        {
            // A short name is given to the name right before it, not to one at the head of the paper.
            let is_far = end - found.1 > FAR;
            let nearer = || name_before(prose, end).filter(|near| is_body(&near.2));
            return Some(nearer().filter(|_| is_far).unwrap_or(found));
        }
        from += 1;
    }
    let leads = |at: &usize| {
        *at == start && !is_first
            || *at > 0
                && (LEADS.contains(&prose.fold(at - 1))
                    || BETWEEN.contains(&prose.fold(at - 1))
                    || joins(prose, at - 1)
                    || *at > 1
                        && prose.fold(at - 1).is_empty()
                        && AND.contains(&prose.fold(at - 2))
                    || is_mark(prose.text(at - 1))
                    || prose.text(at - 1).ends_with(':')
                    || prose.fold(at - 1) == "parte" && prose.text(at - 1).ends_with(','))
    };
    let has_seat = |at: &usize| {
        begins_name(prose.text(*at))
            && *at > start
            && prose.text(at - 1).ends_with([',', '.'])
            && !is_title_of_name(prose.text(at - 1))
            && named(*at).is_some_and(|(_, to, _)| tells_seat(prose, to))
    };
    let led = || {
        let mut led = (start..end).filter(leads).filter_map(named);
        led.find(|(_, to, name)| is_name(prose, *to, name))
    };
    let seated = || (start..end).find(|at| has_seat(at)).and_then(named);
    seated().or_else(led).or_else(|| name_before(prose, end))
}

/// Whether a name is followed by where its bearer is: `Ann Moe, of 3 Mill Lane`, `Ann Moe, residing at`.
fn tells_seat(prose: &Prose<'_>, to: usize) -> bool {
    const SEATS: &[&str] = &[
        "of",
        "residing",
        "resident",
        "whose",
        "having",
        "with",
        "located",
        "domiciled",
        "living",
        "wohnhaft",
        "demeurant",
        "domicilie",
        "domiciliee",
        "residente",
        "con",
        "wonende",
        "gevestigd",
        "residence",
        "zamieszkaly",
        "zamieszkala",
        "com",
    ];
    prose.text(to - 1).ends_with(',') && SEATS.contains(&prose.fold(to))
}

/// `Dr.` and `T.` belong to the name behind them.
fn is_title_of_name(text: &str) -> bool {
    text.len() <= 4 && text.starts_with(char::is_uppercase) && text.ends_with('.')
}

/// `I, Ann Moe, agree`
fn first_person(prose: &Prose<'_>, at: usize) -> Option<(usize, String)> {
    let is_first = matches!(prose.text(at), "I," | "Ich," | "Je," | "Yo," | "Eu," | "Io,");
    let (to, name) = if is_first { name_at(prose, at + 1)? } else { return None };
    prose.text(to - 1).ends_with(',').then(|| (to, name.trim_end_matches(',').to_owned()))
}

/// `Harbour Homes Ltd and Elm College, the parties to …`: two names that begin a paragraph.
pub(super) fn paired(prose: &Prose<'_>) -> Vec<Candidate<String>> {
    const EARLY: usize = 120;
    let pair = |at: usize| {
        let (to, first) = name_at(prose, at).filter(|(_, name)| is_body(name))?;
        let next = to + 1;
        let is_next = AND.contains(&prose.fold(to)) && begins_name(prose.text(next));
        let (end, second) = name_at(prose, next).filter(|_| is_next)?;
        let names = is_body(&second) || is_name(prose, end, &second);
        names.then(|| {
            let second = second.trim_end_matches(',').to_owned();
            vec![prose.candidate(at, to, first, 0.7), prose.candidate(next, end, second, 0.7)]
        })
    };
    let starts = |at: &usize| begins_row(prose, *at) && begins_name(prose.text(*at));
    (0..prose.tokens.len().min(EARLY)).filter(starts).find_map(pair).unwrap_or_default()
}

/// All parties in the order of the text.
pub(super) fn introduced(prose: &Prose<'_>) -> Vec<Candidate<String>> {
    let end = prose.tokens.len().min(WORDS);
    let mut found: Vec<Candidate<String>> = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < end && found.len() < PARTIES_MAX {
        // A form whose places are open.
        if prose.text(at).starts_with("___") || prose.text(at) == "[" {
            break;
        }
        if !found.is_empty() && at - start > REACH {
            break;
        }
        if let Some((to, name)) = apposed(prose, at).or_else(|| first_person(prose, at)) {
            add(&mut found, prose.candidate(at + 1, to, name, 0.8));
            (start, at) = (to, to);
            continue;
        }
        if let Some(close) = short_name(prose, at) {
            let from = if found.is_empty() { start.max(at.saturating_sub(REACH)) } else { start };
            let party = in_stretch(prose, from, at, found.is_empty());
            let known = found.len();
            if let Some((from, to, name)) = party {
                let score = if has_form(&name) { 0.88 } else { 0.8 };
                add(&mut found, prose.candidate(from, to, name, score));
            }
            if found.len() == known && known >= 2 {
                break;
            }
            (start, at) = (close, close);
            continue;
        }
        at += 1;
    }
    found
}
