//! How often what was read of an agreement is right: by named clues, weighed by a small model.
//!
//! Each fact, found or not, and each party has clues of its own: how plain its sentence is, whether something else competes
//! with it, whether the paper speaks of it although nothing was found. `models/agreements.json` has one weight for each clue;
//! `cargo xtask train --agreements` fits them on agreements that it makes, some words of which are of no language, as they
//! are to the engine in papers that nobody looked at before.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

use super::introduced::is_body;
use super::names::same_name;
use super::sentence::begins_row;
use super::sides::gives_short_name;
use super::signing::signatures_at;
use super::standing::support;
use super::{OPENING_WORDS, law, term};
use crate::fields::doc::Candidate;
use crate::fields::prose::Prose;

/// Names of clues with their measures.
pub(crate) type Clues = Vec<(&'static str, f64)>;

/// A fact, found or not, with what it is judged by.
#[cfg_attr(
    not(feature = "lab"),
    expect(dead_code, reason = "the laboratory fits the model to what facts are judged by")
)]
pub(crate) struct Judged {
    /// The part of the model that judges it: `law`, `law.none`, `party`.
    pub(crate) fact: &'static str,
    /// Where the value stands in `data`; nothing for the whole agreement.
    pub(crate) path: String,
    pub(crate) value: Value,
    pub(crate) clues: Clues,
    /// The probability that it is right.
    pub(crate) share: f64,
}

/// What was found of one fact.
pub(super) struct Found<T> {
    pub(super) best: Option<Candidate<T>>,
    /// How much speaks for the best other value, or for the best one where none is good enough.
    pub(super) rival: f64,
    /// How many values were looked at.
    pub(super) count: usize,
}

impl<T: Clone + PartialEq> Found<T> {
    /// The first of those for which most speaks, if it is `enough`; a later one has to be better by `margin`.
    pub(super) fn of(all: Vec<Candidate<T>>, enough: f64, margin: f64) -> Found<T> {
        let mut best: Option<&Candidate<T>> = None;
        for next in all.iter().filter(|next| next.score >= enough) {
            if best.is_none_or(|known| next.score > known.score + margin) {
                best = Some(next);
            }
        }
        let is_other = |next: &&Candidate<T>| best.is_none_or(|best| best.value != next.value);
        let rival = all.iter().filter(is_other).map(|next| next.score).fold(0.0, f64::max);
        Found { best: best.cloned(), rival, count: all.len() }
    }

    /// Puts another value in the place of the best.
    pub(super) fn put(&mut self, value: Candidate<T>) {
        if let Some(before) = self.best.replace(value)
            && self.best.as_ref().is_some_and(|best| best.value != before.value)
        {
            self.rival = self.rival.max(before.score);
        }
    }

    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Found<U> {
        Found { best: self.best.map(|best| best.map(change)), rival: self.rival, count: self.count }
    }
}

/// The parties chosen, and all lists of names that were looked at.
pub(super) struct Sides {
    pub(super) parties: Vec<Candidate<String>>,
    pub(super) lists: Vec<Vec<Candidate<String>>>,
}

fn flag(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// Whether small words of English are as frequent as in English.
fn is_english(prose: &Prose<'_>) -> bool {
    const SHARE: f64 = 0.08;
    let small = |at: &usize| matches!(prose.fold(*at), "the" | "of" | "and" | "to" | "shall");
    let count = prose.tokens.len();
    (0..count).filter(small).count() as f64 >= SHARE * count as f64
}

/// Whether a word stands for what is left open: `____`, `[name]`.
fn is_blank(prose: &Prose<'_>, at: usize) -> bool {
    prose.text(at).starts_with(['[', '_']) && !begins_row(prose, at)
}

/// Whether something is left open in the opening.
fn has_open_head(prose: &Prose<'_>) -> bool {
    (0..prose.tokens.len().min(OPENING_WORDS)).any(|at| is_blank(prose, at))
}

/// Whether a blank stands near a word of a kind.
fn has_blank_near(prose: &Prose<'_>, is_kind: impl Fn(usize) -> bool) -> bool {
    const NEAR: usize = 12;
    let blanks = (0..prose.tokens.len()).filter(|at| is_blank(prose, *at));
    blanks.into_iter().any(|at| (at.saturating_sub(NEAR)..at + NEAR).any(&is_kind))
}

/// The clues of a fact that was found.
fn of_found<T>(found: &Found<T>, best: &Candidate<T>, prose: &Prose<'_>) -> Clues {
    vec![
        ("always", 1.0),
        ("score", best.score),
        ("plain", flag(best.score >= 0.9)),
        ("faint", flag(best.score < 0.7)),
        ("rival", found.rival),
        ("close", flag(found.rival > best.score - 0.15)),
        ("foreign", flag(!is_english(prose))),
    ]
}

/// The clues of the law.
pub(super) fn of_law(found: &Found<String>, prose: &Prose<'_>) -> Clues {
    if let Some(best) = &found.best {
        return of_found(found, best, prose);
    }
    const COURTS: &[&str] = &[
        "court",
        "courts",
        "jurisdiction",
        "venue",
        "gerichtsstand",
        "gericht",
        "gerichte",
        "tribunal",
        "tribunaux",
        "tribunales",
        "juzgados",
        "foro",
        "rechtbank",
        "rechter",
        "sad",
        "sady",
        "fuero",
        "juridiction",
    ];
    let laws = (0..prose.tokens.len()).filter(|at| law::is_law(prose, *at)).count();
    let has_courts = prose.tokens.iter().any(|token| COURTS.contains(&token.fold.as_str()));
    let has_head =
        (0..prose.tokens.len()).any(|at| law::heads(prose, at) && law::is_law(prose, at + 1));
    vec![
        ("always", 1.0),
        ("weak", found.rival),
        ("spoken_of", flag(laws > 0)),
        ("often", flag(laws > 2)),
        ("courts", flag(has_courts)),
        ("head", flag(has_head)),
        ("blank", flag(has_blank_near(prose, |at| law::is_law(prose, at)))),
        ("foreign", flag(!is_english(prose))),
    ]
}

/// The clues of the term.
pub(super) fn of_term(found: &Found<String>, prose: &Prose<'_>, has_end: bool) -> Clues {
    if let Some(best) = &found.best {
        let mut clues = of_found(found, best, prose);
        clues.push(("has_end", flag(has_end)));
        return clues;
    }
    /// Beginnings of words for what has no end.
    const ENDLESS: &[&str] = &[
        "indefinit",
        "perpetu",
        "unbestimmt",
        "unbefrist",
        "indetermin",
        "onbepaald",
        "nieokreslon",
        "nieoznaczon",
        "termination",
        "terminat",
        "kundig",
        "resili",
        "rescind",
        "recess",
        "rescis",
        "opzeg",
        "wypowied",
    ];
    let heads = |at: usize| {
        term::is_term(prose, at) && (begins_row(prose, at) || at > 0 && begins_row(prose, at - 1))
    };
    let endless = |at: usize| ENDLESS.iter().any(|begin| prose.fold(at).starts_with(begin));
    let count = prose.tokens.len();
    vec![
        ("always", 1.0),
        ("weak", found.rival),
        ("spoken_of", flag((0..count).any(|at| term::is_term(prose, at)))),
        ("head", flag((0..count).any(heads))),
        ("durations", flag(found.count > 0)),
        ("often", flag(found.count > 1)),
        ("endless", flag((0..count).any(endless))),
        ("has_end", flag(has_end)),
        ("blank", flag(has_blank_near(prose, |at| term::is_term(prose, at)))),
        ("foreign", flag(!is_english(prose))),
    ]
}

/// The clues of the day from which it holds.
pub(super) fn of_effective<T>(found: &Found<T>, prose: &Prose<'_>) -> Clues {
    if let Some(best) = &found.best {
        let mut clues = of_found(found, best, prose);
        clues.push(("alone", flag(found.count == 1)));
        return clues;
    }
    vec![
        ("always", 1.0),
        ("weak", found.rival),
        ("days", flag(found.count > 0)),
        ("often", flag(found.count > 1)),
        ("blank", flag(has_open_head(prose))),
        ("foreign", flag(!is_english(prose))),
    ]
}

/// What is told of all parties together.
fn of_sides(sides: &Sides, prose: &Prose<'_>) -> Clues {
    let chosen = &sides.parties;
    let is_chosen = |name: &str| chosen.iter().any(|party| same_name(&party.value, name));
    let lists = sides.lists.iter().filter(|list| list.len() >= 2);
    let (same, other): (Vec<_>, Vec<_>) = lists.partition(|list| {
        list.len() == chosen.len() && list.iter().all(|party| is_chosen(&party.value))
    });
    let rivals = sides.lists.iter().flatten().filter(|party| !is_chosen(&party.value));
    let rival = rivals.map(|party| support(prose, &party.value).sum).fold(0.0, f64::max);
    let end = prose.tokens.len().min(OPENING_WORDS);
    let shorts = (0..end)
        .filter(|at| prose.text(*at).starts_with('(') && gives_short_name(prose, *at).is_some());
    let shorts = shorts.count();
    vec![
        ("one", flag(chosen.len() == 1)),
        ("one_open", flag(chosen.len() == 1 && has_open_head(prose))),
        ("many", flag(chosen.len() > 2)),
        ("agree", same.len().min(3) as f64),
        ("differ", other.len().min(3) as f64),
        ("rival", rival),
        ("shorts_fit", flag(shorts == chosen.len())),
        ("shorts_more", flag(shorts > chosen.len())),
        ("foreign", flag(!is_english(prose))),
    ]
}

/// Whether it is named neither like a company nor like a person.
fn is_odd(name: &str) -> bool {
    let is_small = |word: &str| word.starts_with(char::is_lowercase);
    let count = name.split_whitespace().count();
    !is_body(name)
        && (count > 4
            || name.split_whitespace().any(is_small)
            || name.contains(|c: char| c.is_ascii_digit()))
}

/// The clues of each party, and those of all together.
pub(super) fn of_parties(sides: &Sides, prose: &Prose<'_>) -> (Vec<Clues>, Clues) {
    let of_all = of_sides(sides, prose);
    let signatures = signatures_at(prose).is_some();
    let mut singles = Vec::new();
    let (mut least, mut signed, mut defined, mut scores) = (f64::MAX, 0.0, 0.0, 0.0);
    for party in &sides.parties {
        let own = support(prose, &party.value);
        let words = party.value.split_whitespace().count();
        let mut clues = vec![
            ("always", 1.0),
            ("score", party.score),
            ("support", own.sum),
            ("signs", flag(own.signs)),
            ("defined", flag(own.is_defined)),
            ("body", flag(is_body(&party.value))),
            ("short", flag(words < 2)),
            ("odd", flag(is_odd(&party.value))),
            ("long", flag(words > 5)),
        ];
        clues.extend(of_all.iter().copied());
        singles.push(clues);
        least = least.min(own.sum);
        signed += flag(own.signs);
        defined += flag(own.is_defined);
        scores += party.score;
    }
    if sides.parties.is_empty() {
        return (singles, vec![("always", 1.0), ("foreign", flag(!is_english(prose)))]);
    }
    let count = sides.parties.len() as f64;
    let mut clues = vec![
        ("always", 1.0),
        ("least", least),
        ("signed", signed / count),
        ("defined", defined / count),
        ("score", scores / count),
        ("signatures", flag(signatures)),
    ];
    clues.extend(of_all);
    (singles, clues)
}

/// Weights of the clues by the names of fact and clue.
pub(crate) type Weights = HashMap<String, HashMap<String, f64>>;

pub(crate) fn shipped() -> &'static Weights {
    static MODEL: OnceLock<Weights> = OnceLock::new();
    MODEL.get_or_init(|| {
        serde_json::from_str(include_str!("../../../models/agreements.json"))
            .expect("the shipped model of agreements is an object of weights")
    })
}

/// The probability that what has these clues is right.
pub(super) fn probability(model: &Weights, fact: &str, clues: &Clues) -> f64 {
    let Some(weights) = model.get(fact) else { return 0.5 };
    let weight = |clue: &str| weights.get(clue).copied().unwrap_or_default();
    let sum: f64 = clues.iter().map(|(clue, measure)| weight(clue) * measure).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// The clues of the whole agreement: what its facts are held for.
pub(super) fn of_whole(facts: &[Judged], prose: &Prose<'_>) -> Clues {
    const MARGIN: f64 = 0.003;
    let logit = |share: f64| {
        let share = share.clamp(MARGIN, 1.0 - MARGIN);
        (share / (1.0 - share)).ln()
    };
    let shares = || facts.iter().map(|fact| fact.share);
    vec![
        ("always", 1.0),
        ("product", logit(shares().product())),
        ("least", logit(shares().fold(1.0, f64::min))),
        ("nothing", facts.iter().filter(|fact| fact.value.is_null()).count() as f64),
        ("foreign", flag(!is_english(prose))),
    ]
}

#[cfg(test)]
mod tests {
    use super::{probability, shipped};

    fn check(fact: &str, better: &[(&'static str, f64)], worse: &[(&'static str, f64)]) {
        let share = |clues: &[(&'static str, f64)]| probability(shipped(), fact, &clues.to_vec());
        assert!(share(better) > share(worse), "{fact}: {better:?} {worse:?}");
    }

    #[test]
    fn what_speaks_against_a_fact_lowers_its_confidence() {
        let signed = [("always", 1.0), ("score", 0.9), ("support", 1.3), ("signs", 1.0)];
        check("party", &signed, &[("always", 1.0), ("score", 0.9), ("support", 0.2)]);
        let alone = [("always", 1.0), ("score", 0.9), ("least", 1.0), ("one", 1.0)];
        let open = [alone.as_slice(), &[("one_open", 1.0)]].concat();
        check("parties", &open, &alone);
        check("effective", &[("always", 1.0), ("score", 0.9)], &[("always", 1.0), ("score", 0.6)]);
    }

    #[test]
    fn what_is_spoken_of_and_not_found_was_overlooked_rather_than_left_open() {
        let silent = [("always", 1.0)];
        check("law.none", &silent, &[("always", 1.0), ("spoken_of", 1.0)]);
        check("term.none", &silent, &[("always", 1.0), ("weak", 0.4)]);
    }

    #[test]
    fn a_whole_agreement_is_held_for_less_where_its_facts_are() {
        check("whole", &[("always", 1.0), ("product", 3.0)], &[("always", 1.0), ("product", 0.5)]);
    }
}
