//! The parties of a preamble in the English way: those behind `between`, those that are given a short name, and whom a letter
//! greets.

use super::names::{begins_name, has_form, name_at, same_name};
use super::{OPENING_WORDS, PARTIES_MAX, add, sentence, sides};
use crate::fields::blocks::has_legal_form;
use crate::fields::doc::Candidate;
use crate::fields::prose::Prose;

/// Words that stand before the first party.
pub(super) const BETWEEN: &[&str] = &[
    "between", "among", "amongst", "zwischen", "entre", "tra", "fra", "tussen", "pomiedzy",
    "miedzy",
];

/// Words that stand between two parties.
pub(super) const AND: &[&str] = &["and", "und", "et", "e", "en", "y", "oraz"];

/// Whether a word stands between two parties; `con domicilio en Lugo` says where one is.
pub(super) fn joins(prose: &Prose<'_>, at: usize) -> bool {
    let is_where = prose.fold(at) == "en"
        && at > 0
        && ["domicili", "sede", "sit", "reside"]
            .iter()
            .any(|begin| prose.fold(at - 1).starts_with(begin));
    AND.contains(&prose.fold(at)) && !is_where
}

/// The parties named in the opening: after `between`, else the names that are given a short name.
pub(super) fn parties(prose: &Prose<'_>) -> Vec<Candidate<String>> {
    let opening = prose.tokens.len().min(OPENING_WORDS);
    let mut found: Vec<Candidate<String>> = Vec::new();
    for at in 0..opening {
        let announced = BETWEEN.contains(&prose.fold(at)) || is_parties_of(prose, at);
        if announced && !is_of_another(prose, at) {
            let is_foreign = matches!(
                prose.fold(at),
                "entre" | "zwischen" | "tussen" | "tra" | "fra" | "pomiedzy" | "miedzy"
            );
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
        add(&mut found, party);
    }
    if found.len() < 2
        && let Some(other) = addressee(prose, &found)
    {
        add(&mut found, other);
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
    (at.saturating_sub(REACH)..at.saturating_sub(1)).any(|near| {
        prose.fold(near) == "that" && prose.fold(near + 1) == "certain"
            || prose.fold(near) == "pursuant"
    })
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
            begins_name(text) || prose.fold(at) == "the"
        };
        if depth == 0 {
            let joined = joins(prose, at) && begins(at + 1);
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
fn addressee(prose: &Prose<'_>, known: &[Candidate<String>]) -> Option<Candidate<String>> {
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
    let greeted = greeting(&rows, prose);
    // The sender stands at the head of its own letter.
    let is_known = |name: &str| known.iter().any(|party| same_name(&party.value, name));
    let company = short.clone().find(|row| {
        let line = line(*row);
        has_form(&line)
            && !is_known(&line)
            && !line.contains(':')
            && greeted.as_ref().is_none_or(|(greeted, _)| row.0 < *greeted)
            && !sentence::is_mark(prose.text(row.0))
    });
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
