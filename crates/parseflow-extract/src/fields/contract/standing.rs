//! What a whole agreement says for a name to be that of a party: its legal form, the short name behind it, the signature
//! below it; and against it: who signs or acts for another, who is only cited.

use super::introduced::{acts_for, is_body, is_paper};
use super::names::same_name;
use super::sentence::begins_row;
use super::sides::gives_short_name;
use super::signing::signatures_at;
use super::{OPENING_WORDS, PARTIES_MAX};
use crate::fields::doc::Candidate;
use crate::fields::prose::Prose;
use crate::lexicon::folded;

/// What stands before the name of who signs, folded.
const SIGNERS: &[&str] = &[
    "by",
    "per",
    "name",
    "printname",
    "printedname",
    "attention",
    "attn",
    "contact",
    "nom",
    "nombre",
    "naam",
    "nome",
    "nazwisko",
    "title",
    "signed",
    "signature",
    "represented",
    "lattentionde",
    "copy",
];

/// Where a name stands: each first word, and the word behind the last.
fn places(prose: &Prose<'_>, name: &str) -> Vec<(usize, usize)> {
    const WORDS: usize = 4;
    let words: Vec<String> =
        name.split_whitespace().map(folded).filter(|word| !word.is_empty()).collect();
    let Some(first) = words.first() else { return Vec::new() };
    let wanted = &words[..words.len().min(WORDS)];
    let ends = |from: usize| {
        let mut at = from;
        for word in wanted {
            while at > from && prose.fold(at).is_empty() && at < prose.tokens.len() {
                at += 1;
            }
            if prose.fold(at) != word {
                return None;
            }
            at += 1;
        }
        Some((from, at + words.len() - wanted.len()))
    };
    (0..prose.tokens.len()).filter(|at| prose.fold(*at) == first).filter_map(ends).collect()
}

/// What an agreement says of a name.
pub(super) struct Support {
    /// It stands over a signature.
    pub(super) signs: bool,
    /// It is given a short name in the opening.
    pub(super) is_defined: bool,
    /// How much speaks for it together, from about -1 to 1.5.
    pub(super) sum: f64,
}

/// How much speaks for a name.
pub(super) fn support(prose: &Prose<'_>, name: &str) -> Support {
    let count = prose.tokens.len();
    let signatures = signatures_at(prose).unwrap_or(count * 3 / 4);
    let places = places(prose, name);
    let labels = |at: usize| at > 0 && SIGNERS.contains(&prose.fold(at - 1));
    let is_signer = |at: usize| {
        at >= signatures.min(count / 2)
            && (labels(at) && prose.text(at - 1).ends_with(':')
                || at > 0 && prose.text(at - 1) == "/s/")
    };
    // Persons sign for themselves too: somebody who acts is named nowhere else.
    let acting = |at: usize| is_signer(at) || acts_for(prose, at);
    let acts = places.iter().any(|(at, _)| acting(*at))
        && !places.iter().any(|(at, _)| *at < signatures.min(OPENING_WORDS) && !acting(*at));
    let is_signed = |at: &usize| *at >= signatures && begins_row(prose, *at) && !is_signer(*at);
    let signs = places.iter().any(|(at, _)| is_signed(at));
    let defined = places.iter().any(|(at, to)| {
        *at < OPENING_WORDS
            && !acts_for(prose, *at)
            && (*to..to + 3).any(|next| gives_short_name(prose, next).is_some())
    });
    // `the First Collaborator makes available`: what a party is, not its name.
    let is_part = !is_body(name)
        && places.iter().any(|(at, _)| {
            *at > 0
                && matches!(prose.text(at - 1), "the" | "der" | "den" | "le" | "la" | "el" | "il")
        });
    let is_early = places.iter().any(|(at, _)| *at < OPENING_WORDS.min(count / 2 + 60));
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_sentence = words.len() > 8
        || is_paper(name)
        || name.contains(|c: char| c.is_ascii_digit()) && !is_body(name)
        || words.len() > 4 && !name.contains(char::is_lowercase) && !is_body(name);
    let kind = match (is_body(name), (2..=4).contains(&words.len())) {
        (true, _) => 0.5,
        (false, true) => 0.2,
        (false, false) => 0.0,
    };
    let gains = [(signs, 0.4), (defined, 0.4), (is_early, 0.2)];
    let losses =
        [(acts && !defined, 0.8), (is_sentence, 0.8), (is_part, 0.6), (!is_early && !signs, 0.5)];
    let sum = |facts: &[(bool, f64)]| -> f64 {
        facts.iter().filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum()
    };
    Support { signs, is_defined: defined, sum: kind + sum(&gains) - sum(&losses) }
}

/// A name as it stands over a signature: without the place before it in `w Krakowie Morska Fala S.A.`
fn as_signed(prose: &Prose<'_>, name: String) -> String {
    let signatures = signatures_at(prose).unwrap_or(prose.tokens.len() * 3 / 4);
    let is_signed = |name: &str| {
        places(prose, name).iter().any(|(at, to)| {
            *at >= signatures.min(prose.tokens.len() / 2)
                && begins_row(prose, *at)
                && begins_row(prose, *to)
        })
    };
    match name.split_once(' ') {
        Some((_, rest))
            if rest.contains(' ') && is_body(rest) && !is_signed(&name) && is_signed(rest) =>
        {
            rest.to_owned()
        }
        _ => name,
    }
}

/// How well a list of parties stands: the mean of its names, more with two of them and with a third.
fn quality(prose: &Prose<'_>, list: &[Candidate<String>]) -> f64 {
    let sum: f64 = list.iter().map(|party| support(prose, &party.value).sum).sum();
    let mean = sum / list.len().max(1) as f64;
    match list.len() {
        0 => -1.0,
        1 => 0.4 * mean,
        count => mean + 0.05 * count.min(3) as f64,
    }
}

/// A list that names all of these and others for whom as much speaks: a cover names the parties without their clauses.
pub(super) fn fuller(
    prose: &Prose<'_>,
    named: &[Candidate<String>],
    lists: &[Vec<Candidate<String>>],
) -> Option<Vec<Candidate<String>>> {
    const ENOUGH: f64 = 0.8;
    let has = |list: &[Candidate<String>], party: &Candidate<String>| {
        list.iter().any(|other| same_name(&other.value, &party.value))
    };
    let is_fuller = |list: &&Vec<Candidate<String>>| {
        list.len() > named.len()
            && named.iter().all(|party| has(list, party))
            && list
                .iter()
                .all(|party| has(named, party) || support(prose, &party.value).sum >= ENOUGH)
    };
    lists.iter().find(is_fuller).cloned()
}

/// The list that stands best; one of the others has to do so clearly. Names against which more speaks than for them are left
/// out, and a single party is joined by the best of the others.
pub(super) fn best(
    prose: &Prose<'_>,
    first: Vec<Candidate<String>>,
    others: Vec<Vec<Candidate<String>>>,
) -> Vec<Candidate<String>> {
    const CLEARLY: f64 = 0.25;
    const AGAINST: f64 = -0.2;
    let standing = |party: &Candidate<String>| support(prose, &party.value).sum;
    let pruned = |mut list: Vec<Candidate<String>>| {
        if list.iter().any(|party| standing(party) > AGAINST) {
            list.retain(|party| standing(party) > AGAINST);
        }
        list
    };
    let mut chosen = pruned(first);
    let mut best = quality(prose, &chosen);
    let mut pool: Vec<Candidate<String>> = Vec::new();
    for list in others.into_iter().map(pruned) {
        let found = quality(prose, &list);
        pool.extend(list.iter().cloned());
        if found > best + CLEARLY {
            pool.extend(std::mem::replace(&mut chosen, list));
            best = found;
        }
    }
    for party in &mut chosen {
        party.value = as_signed(prose, std::mem::take(&mut party.value));
    }
    chosen.truncate(PARTIES_MAX);
    if chosen.len() == 1 {
        let is_new = |party: &&Candidate<String>| !same_name(&party.value, &chosen[0].value);
        let other = pool.iter().filter(is_new).filter(|party| standing(party) >= 0.8);
        let other = other.max_by(|a, b| standing(a).total_cmp(&standing(b))).cloned();
        chosen.extend(other);
    }
    chosen
}
