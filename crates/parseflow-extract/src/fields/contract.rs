//! Agreements: who, from when, for how long, under which law. All four stand in sentences.

mod dates;
mod introduced;
mod law;
mod places;
mod roles;
mod rows;
mod sentence;
mod sides;
mod term;

use parseflow_model::DocumentType;
use serde_json::{Map, Value};

use dates::{effective_date, end_date};
use law::governing_law;
use term::term;

use super::Reading;
use super::blocks::has_legal_form;
use super::calibrate::{calibrated, group_of};
use super::doc::{Candidate, Doc};
use super::out::{Evidence, object};
use super::prose::Prose;
use crate::spans::CalendarDate;

/// Words of the beginning in which parties and date are introduced.
const OPENING_WORDS: usize = 700;
/// Parties of one agreement, at most.
const PARTIES_MAX: usize = 8;

/// Reads an agreement.
pub(super) fn read(doc: &Doc<'_>) -> Reading {
    let prose = Prose::of(doc);
    let mut out = Evidence::new(doc);
    let parties = all_parties(doc, &prose);
    let effective = effective_date(doc, &prose).map(|date| date.map(CalendarDate::iso));
    let end = end_date(doc, &prose).map(|date| date.map(CalendarDate::iso));
    let term = term(&prose);
    let law = governing_law(&prose);
    let mut put = |name: String, found: Option<Candidate<String>>| {
        let value = found.map(super::text_value);
        out.put(name, value.as_ref().map(|value| (value, value.score)))
    };
    let names = parties.into_iter().enumerate();
    let names = names.map(|(index, party)| put(format!("parties[{index}]"), Some(party)));
    let data = object([
        ("type", DocumentType::Contract.as_str().into()),
        ("parties", Value::Array(names.collect())),
        ("effectiveDate", put("effectiveDate".to_owned(), effective)),
        ("endDate", put("endDate".to_owned(), end)),
        ("term", put("term".to_owned(), term)),
        ("governingLaw", put("governingLaw".to_owned(), law)),
    ]);
    let confidence = confidence_of(&data, &out);
    Reading { data, fields: out.fields, warnings: Vec::new(), confidence, totals_disagree: false }
}

/// The probability that parties, law, effective date and term are all right: the product of their own. What was not
/// found is left open by most agreements, and overlooked in some.
fn confidence_of(data: &Map<String, Value>, out: &Evidence<'_, '_>) -> f64 {
    const OVERLOOKED: f64 = 0.8;
    let of = |name: &str| {
        let found = out.fields.iter().find(|field| field.name == name);
        found.map_or(OVERLOOKED, |field| calibrated(group_of(name), field.confidence))
    };
    let facts: f64 = ["governingLaw", "effectiveDate", "term"].into_iter().map(of).product();
    let parties = data["parties"].as_array().map_or(0, Vec::len);
    let of_parties: f64 = (0..parties).map(|index| of(&format!("parties[{index}]"))).product();
    let of_parties = match parties {
        0 => 0.1,
        1 => 0.5 * of_parties,
        _ => of_parties,
    };
    facts * of_parties
}

/// Words that stand before the first party.
const BETWEEN: &[&str] =
    &["between", "among", "amongst", "zwischen", "entre", "tra", "fra", "tussen"];
/// Words that stand between two parties.
const AND: &[&str] = &["and", "und", "et", "e", "en", "y"];

/// The parties: those of the preamble where each has a legal form or a short name, else those of particulars, lists,
/// short names and signatures, whichever names two first.
fn all_parties(doc: &Doc<'_>, prose: &Prose<'_>) -> Vec<Candidate<String>> {
    let named = parties(prose);
    let is_english = (0..prose.tokens.len().min(OPENING_WORDS))
        .any(|at| matches!(prose.fold(at), "between" | "among" | "amongst"));
    let is_sure = |party: &Candidate<String>| party.score >= 0.8;
    let is_plain = named.first().is_some_and(is_sure) && is_english;
    if named.len() >= 2 && (is_plain || named.iter().all(is_sure)) {
        return named;
    }
    let others = [
        rows::particulars(doc, prose),
        sides::numbered(prose),
        // The other place of an English preamble may be left open.
        if is_plain { Vec::new() } else { sides::defined(prose) },
        introduced::introduced(prose),
    ];
    let found = others.into_iter().find(|found| found.len() >= 2);
    let signed = || Some(rows::signed(doc)).filter(|signed| signed.len() >= 2 && named.len() < 2);
    found.or_else(signed).unwrap_or(named)
}

/// Whether a name ends like that of a company, also of kinds that only agreements name.
fn has_form(name: &str) -> bool {
    let last = name.split_whitespace().skip(1).last().map(crate::lexicon::folded);
    has_legal_form(name)
        || last.is_some_and(|last| matches!(last.as_str(), "lp" | "coop" | "pty" | "cv" | "gp"))
}

/// The parties named in the opening: after `between`, else the names that are given a short name.
fn parties(prose: &Prose<'_>) -> Vec<Candidate<String>> {
    let opening = prose.tokens.len().min(OPENING_WORDS);
    let mut found: Vec<Candidate<String>> = Vec::new();
    for at in 0..opening {
        let announced = BETWEEN.contains(&prose.fold(at)) || is_parties_of(prose, at);
        if announced && !is_of_another(prose, at) {
            let is_foreign =
                matches!(prose.fold(at), "entre" | "zwischen" | "tussen" | "tra" | "fra");
            let start = if is_foreign { sides::name_from(prose, at + 1) } else { at + 1 };
            let (list, has_blank) = parties_from(prose, start);
            // One side of a form is left open: the other is the only party.
            if has_blank && !list.is_empty() {
                return list;
            }
            // Bare words count little: titles and other agreements name parties shortly.
            let weight =
                |party: &Candidate<String>| if party.score > 0.6 { party.score } else { 0.3 };
            let sum = |list: &[Candidate<String>]| list.iter().map(weight).sum::<f64>();
            if sum(&list) > sum(&found) {
                found = list;
            }
            // Two parties with short names or legal forms: what follows speaks of others.
            if found.len() >= 2 && found.iter().all(|party| party.score >= 0.8) {
                return found;
            }
        }
    }
    if found.len() >= 2 {
        return found;
    }
    for party in named_shortly(prose, opening) {
        if !found.iter().any(|known| same_name(&known.value, &party.value)) {
            found.push(party);
        }
    }
    if found.len() < 2 {
        let is_new = |party: &Candidate<String>| {
            !found.iter().any(|known| same_name(&known.value, &party.value))
        };
        let other = addressee(prose).filter(is_new);
        found.extend(other);
    }
    found.truncate(PARTIES_MAX);
    found
}

/// `by NAME (the "Company")` in `made by and with` and `by and among`.
fn is_parties_of(prose: &Prose<'_>, at: usize) -> bool {
    prose.fold(at) == "with" && at > 2 && prose.fold(at - 1) == "and" && prose.fold(at - 2) == "by"
}

/// `that certain Merger Agreement, dated as of …, by and among`: who made an agreement that is cited.
fn is_of_another(prose: &Prose<'_>, at: usize) -> bool {
    const REACH: usize = 20;
    (at.saturating_sub(REACH)..at.saturating_sub(1))
        .any(|near| prose.fold(near) == "that" && prose.fold(near + 1) == "certain")
}

fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (crate::lexicon::folded(a), crate::lexicon::folded(b));
    a.starts_with(&b) || b.starts_with(&a)
}

/// A list of parties that begins at a word, and whether a place in it was left open.
fn parties_from(prose: &Prose<'_>, start: usize) -> (Vec<Candidate<String>>, bool) {
    let mut found = Vec::new();
    let mut has_blank = false;
    let mut at = start;
    let end = prose.tokens.len().min(start + 260);
    while at < end && found.len() < PARTIES_MAX {
        if !has_blank && found.is_empty() && prose.text(at).starts_with(['[', '_']) {
            has_blank = true;
            let after = (at..end).find(|&at| AND.contains(&prose.fold(at)));
            let Some(after) = after else { break };
            at = after + 1;
            continue;
        }
        let Some((to, name)) = name_at(prose, at) else { break };
        let has_form = has_form(&name);
        let (next, has_short_name) = next_party(prose, to, end);
        let score = match (has_form, has_short_name) {
            (true, true) => 0.92,
            (true, false) | (false, true) => 0.82,
            (false, false) => 0.55,
        };
        found.push(prose.candidate(at, to, name, score));
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    (found, has_blank)
}

/// What parties are called in forms and titles; no names, folded.
const ROLES: &[&str] = &[
    "company",
    "employee",
    "employer",
    "recipient",
    "discloser",
    "disclosingparty",
    "receivingparty",
    "parties",
    "party",
    "consultant",
    "executive",
    "contractor",
    "purchaser",
    "seller",
    "buyer",
    "agreement",
    "undersigned",
];

/// The name that begins at a word: capitalised words up to a comma, a bracket or a small word.
fn name_at(prose: &Prose<'_>, mut at: usize) -> Option<(usize, String)> {
    // `The` with a capital letter belongs to the name.
    let is_article = |at: usize| {
        matches!(prose.fold(at), "the" | "der" | "die" | "la" | "le" | "")
            && !(prose.text(at) == "The" && follows_name(prose, at + 1))
    };
    while is_article(at) && at < prose.tokens.len() {
        if prose.text(at).starts_with(['[', '(']) {
            return None;
        }
        at += 1;
    }
    if sentence::is_mark(prose.text(at)) {
        return None;
    }
    // `Puertos y Muelles, S.A.` is one name, `Anna Clarke y Muelles, S.A.` are two.
    let is_and = |to: usize| {
        AND.contains(&prose.fold(to))
            && !(to == at + 1
                && matches!(prose.fold(to), "y" | "et" | "e" | "und")
                && follows_name(prose, to + 1)
                && prose.text(to + 1).ends_with(',')
                && has_form(&format!("X {}", prose.text(to + 2))))
    };
    let mut to = at;
    let mut words: Vec<String> = Vec::new();
    while to < prose.tokens.len() && words.len() < 12 {
        let text = prose.text(to);
        if text.starts_with(['(', '[', '“', '"', '„', '«']) || text.contains(['”', ')', ']'])
        {
            break;
        }
        let first = text.chars().next().unwrap_or(' ');
        let joins = is_joint(prose.fold(to)) && !words.is_empty();
        let goes_on = follows_name(prose, to + 1)
            || is_joint(prose.fold(to + 1)) && follows_name(prose, to + 2);
        // `uDate.com`
        let inner = text.chars().skip(1).take(2).any(char::is_uppercase) && text.len() > 4;
        let capital = first.is_uppercase() || first.is_ascii_digit() && words.is_empty() || inner;
        let is_initial = first.is_uppercase() && text.len() == 2 && text.ends_with('.');
        let is_inside = to == at + 1 && AND.contains(&prose.fold(to)) && !is_and(to);
        if !(capital || is_inside || joins && goes_on)
            || is_verb_of_place(prose.fold(to)) && !is_initial
            || !words.is_empty() && is_and(to) && !is_initial
            || to > at && ends_title(prose, at, to)
        {
            break;
        }
        let is_form =
            |at: usize| has_form(&format!("X {}", prose.text(at).trim_matches([',', '.', ';'])));
        let bare = text.trim_end_matches([',', ';', ':']);
        words.push(bare.to_owned());
        to += 1;
        let ends = text.len() > bare.len();
        if ends && !is_form(to) {
            break;
        }
        if ends && let Some(last) = words.last_mut() {
            last.push(',');
        }
        if text.ends_with('.') && !is_form(to) && is_form(to - 1) {
            break;
        }
    }
    while words.last().is_some_and(|word| {
        matches!(crate::lexicon::folded(word).as_str(), "of" | "the" | "de" | "der" | "")
    }) {
        words.pop();
    }
    let name = words.join(" ");
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let is_role = ROLES.contains(&crate::lexicon::folded(&name).as_str()) || roles::is_role(&name);
    (letters >= 3 && !is_role).then_some((to, name))
}

/// Whether a title in capitals ends before the row that begins at a word.
fn ends_title(prose: &Prose<'_>, at: usize, to: usize) -> bool {
    const LONGEST: usize = 7;
    let is_loud = |text: &str| !text.chars().any(char::is_lowercase);
    sentence::begins_row(prose, to)
        && to - at <= LONGEST
        && (at..to).all(|word| is_loud(prose.text(word)))
        && !is_loud(prose.text(to))
}

/// Small words inside names: `Bank of Tokyo`, `Bram van den Heuvel`.
fn is_joint(fold: &str) -> bool {
    matches!(
        fold,
        "of" | "de"
            | "der"
            | "den"
            | "des"
            | "del"
            | "dos"
            | "von"
            | "van"
            | "the"
            | "du"
            | "di"
            | "da"
            | "la"
            | "el"
            | "al"
            | "ter"
            | "ten"
            | "zu"
            | ""
    )
}

fn follows_name(prose: &Prose<'_>, at: usize) -> bool {
    let text = prose.text(at);
    // `Moulins de l'Adour`
    let tied = text.split_once(['\'', '’']).filter(|(article, _)| article.len() <= 4);
    text.starts_with(char::is_uppercase)
        || tied.is_some_and(|(_, name)| name.starts_with(char::is_uppercase))
}

/// Words that describe a party and end its name even when they are capitalised.
fn is_verb_of_place(fold: &str) -> bool {
    matches!(fold, "located" | "having" | "with" | "whose" | "residing" | "organized" | "a" | "an")
}

/// Where the next party begins, and whether the one before was given a short name.
fn next_party(prose: &Prose<'_>, from: usize, end: usize) -> (Option<usize>, bool) {
    let mut depth = 0i32;
    let mut has_short_name = false;
    let mut at = from;
    while at < end {
        let text = prose.text(at);
        let opens = text.matches(['(', '[']).count() as i32;
        let closes = text.matches([')', ']']).count() as i32;
        depth += opens;
        has_short_name |= depth > 0 && text.contains(['“', '"', '”', '„', '«']);
        depth -= closes;
        let begins = |at: usize| {
            let text = prose.text(at);
            text.starts_with(char::is_uppercase) || prose.fold(at) == "the"
        };
        if depth == 0 {
            let joined = AND.contains(&prose.fold(at)) && begins(at + 1);
            if joined && (has_short_name || at - from < 3 || prose.text(at - 1).ends_with(',')) {
                return (Some(at + 1), has_short_name);
            }
            // In a list of three the second follows a comma.
            if has_short_name && text.ends_with("),") && begins(at + 1) && closes > 0 {
                return (Some(at + 1), true);
            }
            // The address of the one before may stand between: `02451, Harbor LLC, located at`.
            let company = |at| name_at(prose, at).is_some_and(|(_, name)| has_form(&name));
            if at > from && text.ends_with(',') && begins(at + 1) && company(at + 1) {
                return (Some(at + 1), has_short_name);
            }
            let stops =
                matches!(prose.fold(at), "whereas" | "recitals" | "witnesseth" | "präambel")
                    || BETWEEN.contains(&prose.fold(at));
            if stops || text.ends_with('.') && has_short_name && closes > 0 {
                return (None, has_short_name);
            }
        }
        at += 1;
    }
    (None, has_short_name)
}

/// `MAP Pharmaceuticals, Inc. (…, the "Company")`: companies that are given a short name.
fn named_shortly(prose: &Prose<'_>, opening: usize) -> Vec<Candidate<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < opening {
        let named = name_at(prose, at).filter(|(to, name)| {
            prose.text(at).starts_with(char::is_uppercase)
                && has_legal_form(name)
                && (*to..to + 25).any(|next| {
                    prose.text(next).starts_with('(') && next < to + 3
                        || prose.text(next).starts_with("“Company”")
                })
        });
        match named {
            Some((to, name)) => {
                found.push(prose.candidate(at, to, name, 0.6));
                at = to;
            }
            None => at += 1,
        }
    }
    found
}

/// The first line of a letter's address that is a company, or that names whom it greets.
fn addressee(prose: &Prose<'_>) -> Option<Candidate<String>> {
    let mut rows: Vec<(usize, usize)> = Vec::new();
    for (at, token) in prose.tokens.iter().enumerate().take(120) {
        match rows.last_mut() {
            Some((from, to)) if prose.tokens[*from].row == token.row => *to = at + 1,
            _ => rows.push((at, at + 1)),
        }
    }
    let line = |(from, to): (usize, usize)| {
        let texts: Vec<&str> = (from..to).map(|at| prose.text(at)).collect();
        texts.join(" ")
    };
    let short = rows.iter().copied().filter(|(from, to)| (2..=6).contains(&(to - from)));
    let company =
        short.clone().find(|row| has_form(&line(*row)) && !sentence::is_mark(prose.text(row.0)));
    let greeted = greeting(&rows, prose);
    let person = |(from, to): (usize, usize), name: &str| {
        let words = (from..to).map(|at| prose.text(at));
        words.clone().all(|word| word.starts_with(char::is_uppercase))
            && words.clone().any(|word| word.starts_with(name))
            && words.count() <= 4
    };
    let person = greeted.and_then(|(greeted, name)| {
        short.clone().find(|row| row.0 < greeted && person(*row, &name))
    });
    let found = company.or(person)?;
    Some(prose.candidate(found.0, found.1, line(found), 0.5))
}

/// Where `Dear Ken:` stands, and the beginning of the name in it that a full name shares.
fn greeting(rows: &[(usize, usize)], prose: &Prose<'_>) -> Option<(usize, String)> {
    const SHARED: usize = 3;
    let (from, to) = *rows.iter().find(|(from, _)| prose.fold(*from) == "dear")?;
    let name = prose.text(to - 1).trim_end_matches([':', ',']);
    let shared: String = name.chars().take(SHARED).collect();
    (to - from >= 2 && shared.chars().count() == SHARED).then_some((from, shared))
}

#[cfg(test)]
mod tests;
