//! The parties where they are not named in an English preamble: numbered lists and names that are given a short name in
//! other words.

use super::introduced::{acts_for, for_whom};
use super::roles::is_role;
use super::sentence::{begins_row, is_mark, sentence};
use super::{AND, BETWEEN, PARTIES_MAX, has_form, name_at};
use crate::fields::doc::Candidate;
use crate::fields::prose::Prose;

/// Words of the beginning that are looked at.
pub(super) const WORDS: usize = 420;

/// Words between `between` and the first name.
const OPENS: &[&str] = &[
    "by",
    "and",
    "the",
    "den",
    "parteien",
    "parties",
    "following",
    "folgenden",
    "les",
    "soussigne",
    "soussignes",
    "soussignee",
    "soussignees",
    "",
    "undersigned",
    "una",
    "parte",
    "otra",
    "de",
    "der",
    "firma",
    "herrn",
    "frau",
    "mr",
    "mrs",
    "ms",
    "la",
    "le",
    "el",
    "societe",
    "sociedad",
    "dona",
    "don",
    "et",
    "und",
    "y",
    "e",
    "en",
    "genannt",
    "d",
];

/// Words before the first name of a sentence.
fn is_lead(fold: &str) -> bool {
    matches!(
        fold,
        "both"
            | "whereas"
            | "while"
            | "whilst"
            | "since"
            | "sowohl"
            | "weil"
            | "attendu"
            | "considerando"
    )
}

/// The first word from `at` on that can begin a name.
pub(super) fn name_from(prose: &Prose<'_>, at: usize) -> usize {
    const SKIPPED: usize = 8;
    let skips = |at: &usize| {
        let text = prose.text(*at);
        let is_lower = OPENS.contains(&prose.fold(*at)) && !text.starts_with(char::is_uppercase);
        // `The` belongs to the name.
        let is_title = OPENS.contains(&prose.fold(*at))
            && text != "The"
            && (text.ends_with(':')
                || text.chars().all(|c| !c.is_lowercase())
                || begins_row(prose, *at));
        let is_form_of_address = matches!(
            prose.fold(*at),
            "herrn"
                | "frau"
                | "firma"
                | "dona"
                | "don"
                | "parteien"
                | "soussignes"
                | "soussignees"
                | "mr"
                | "mrs"
                | "ms"
        );
        let is_link = AND.contains(&prose.fold(*at)) && begins_row(prose, *at) || text == "Y";
        let is_lead = matches!(prose.fold(*at), "both" | "whereas" | "sowohl");
        is_lead
            || is_mark(text)
            || is_lower
            || is_link
            || is_form_of_address
            || is_title && text.len() > 1
    };
    let at = (at..at + SKIPPED).find(|at| !skips(at)).unwrap_or(at);
    // `the Landlord, Harbour Homes Ltd,`
    let is_apposed = prose.text(at).ends_with(',') && is_role(prose.text(at));
    if is_apposed { at + 1 } else { at }
}

/// The name at a word; one that fills a short row ends with the row.
pub(super) fn party_at(prose: &Prose<'_>, at: usize) -> Option<(usize, String)> {
    const SHORT_ROW: usize = 7;
    let at = name_from(prose, at);
    let next_row = (at + 1..at + 12).find(|&next| begins_row(prose, next));
    let (to, name) = name_at(prose, at)?;
    let this_row = (0..=at).rev().find(|&row| begins_row(prose, row)).unwrap_or(0);
    if let Some(next_row) = next_row
        && next_row - this_row <= SHORT_ROW
        && to > next_row
    {
        let words: Vec<&str> = (at..next_row).map(|at| prose.text(at)).collect();
        let name = words.join(" ").trim_end_matches([',', ';', ' ']).to_owned();
        return Some((next_row, name));
    }
    Some((to, name))
}

/// `(1) HARBOUR HOMES LIMITED, …; (2) …` below a heading for parties.
pub(super) fn numbered(prose: &Prose<'_>) -> Vec<Candidate<String>> {
    const HEADS: &[&str] = &[
        "parties",
        "between",
        "zwischen",
        "vertragsparteien",
        "parteien",
        "soussignes",
        "entre",
        "reunidos",
        "partes",
        "tussen",
        "partijen",
        "parti",
        "tra",
    ];
    let firsts = ["(1)", "1.", "(a)", "(A)", "1)", "(i)", "a)", "A."];
    let seconds = ["(2)", "2.", "(b)", "(B)", "2)", "(ii)", "b)", "B."];
    let thirds = ["(3)", "3.", "(c)", "(C)", "3)", "(iii)", "c)", "C."];
    let end = prose.tokens.len().min(WORDS);
    for at in 0..end {
        let Some(kind) = firsts.iter().position(|mark| prose.text(at) == *mark) else { continue };
        let headed = (at.saturating_sub(8)..at).any(|before| HEADS.contains(&prose.fold(before)));
        if !headed {
            continue;
        }
        let mut found = Vec::new();
        let mut from = at;
        for marks in [firsts, seconds, thirds] {
            const REACH: usize = 80;
            let Some(mark) =
                (from..end.min(from + REACH)).find(|&at| prose.text(at) == marks[kind])
            else {
                break;
            };
            let party = party_at(prose, mark + 1).filter(|(to, name)| is_name(prose, *to, name));
            let Some((to, name)) = party else { break };
            found.push(prose.candidate(mark + 1, to, name, 0.88));
            from = to;
        }
        if found.len() >= 2 {
            return found;
        }
    }
    Vec::new()
}

/// Whether it is a company, or a few words with capitals that a comma or `of` follows, as persons are named.
pub(super) fn is_name(prose: &Prose<'_>, to: usize, name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    let is_person = (2..=5).contains(&words.len())
        && !name.contains(|c: char| c.is_ascii_digit())
        && !name.ends_with('.')
        && (prose.text(to - 1).ends_with(',')
            || prose.fold(to) == "of"
            || prose.text(to).starts_with('('));
    has_form(name) || is_person
}

/// Whether a short name is given from a word on, and that it is a role.
pub(super) fn gives_short_name(prose: &Prose<'_>, at: usize) -> Option<bool> {
    const LONGEST: usize = 6;
    const WORDS: &[&str] = &[
        "nachfolgend",
        "nachstehend",
        "hereinafter",
        "hereafter",
        "hierna",
        "ciapres",
        "adelante",
        "sucesivo",
        "seguito",
        "folgenden",
        "weiteren",
        "denominado",
        "denominada",
    ];
    let bare = |at: usize| prose.text(at).trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let role = (at..at + LONGEST).any(|near| {
        is_role(&bare(near))
            || is_role(&format!("{} {}", bare(near), bare(near + 1)))
            || prose.text(at).starts_with('(') && matches!(prose.fold(near), "we" | "you" | "us")
    });
    let is_quoted =
        || (at..at + LONGEST).any(|near| prose.text(near).contains(['"', '“', '„', '«']));
    let opens = prose.text(at).starts_with('(') && (role || is_quoted());
    // `Harbour Homes Ltd, as Landlord,`
    let is_as = matches!(prose.fold(at), "as" | "als" | "como")
        && prose.text(at + 1).starts_with(char::is_uppercase)
        && (prose.text(at + 1).ends_with(',')
            || is_role(&bare(at + 1))
            || is_role(&format!("{} {}", bare(at + 1), bare(at + 2))));
    let is_keyword = WORDS.contains(&prose.fold(at)) || is_as;
    let names = || {
        is_quoted()
            || (at + 1..at + LONGEST).any(|near| prose.text(near).starts_with(char::is_uppercase))
    };
    (opens || is_keyword && (role || names())).then_some(role || is_keyword)
}

/// Parties that are given short names, in the order of the text.
pub(super) fn defined(prose: &Prose<'_>) -> Vec<Candidate<String>> {
    let end = prose.tokens.len().min(WORDS);
    let mut found: Vec<Candidate<String>> = Vec::new();
    // Where the text of the next party begins: behind `between`, or behind the party before.
    let mut start = None;
    let mut at = 0;
    while at < end && found.len() < PARTIES_MAX {
        let opens = BETWEEN.contains(&prose.fold(at))
            || matches!(
                prose.fold(at),
                "reunidos"
                    | "comparecen"
                    | "parte"
                    | "undersigned"
                    | "ondergetekenden"
                    | "soussignes"
                    | "soussignees"
                    | "sottoscritti"
                    | "unterzeichnenden"
            );
        if opens && found.is_empty() {
            start = Some(at + 1);
        }
        if let Some((to, name)) = apposed(prose, at) {
            if !found.iter().any(|known| super::same_name(&known.value, &name)) {
                found.push(prose.candidate(at + 1, to, name, 0.8));
            }
            at = to;
            continue;
        }
        if let Some(is_role) = gives_short_name(prose, at) {
            let is_far = start.is_none_or(|start: usize| at < start + 1 || at - start > 60);
            let forward = match start {
                None => first_name(prose, sentence(prose, at).0, at, true)
                    .filter(|found| has_form(&found.2)),
                start => {
                    start.filter(|_| !is_far).and_then(|start| first_name(prose, start, at, false))
                }
            };
            // Who acts for a party is named before it.
            let acted = for_whom(prose, start.unwrap_or(at).max(at.saturating_sub(60)), at)
                .and_then(|from| party_at(prose, from).map(|(to, name)| (from, to, name)))
                .filter(|(_, to, _)| *to <= at);
            let is_acted = acted.is_some();
            let party = acted
                .or(forward)
                .or_else(|| name_before(prose, at))
                .or_else(|| first_of_text(prose, at, found.is_empty()));
            let close = closing(prose, at);
            if let Some((from, to, name)) = party
                && (has_form(&name) || (is_role || is_acted) && name.contains(' '))
                && !found.iter().any(|known| super::same_name(&known.value, &name))
            {
                let score = if has_form(&name) { 0.88 } else { 0.8 };
                found.push(prose.candidate(from, to, name, score));
                start = Some(close);
            }
            at = close;
            continue;
        }
        at += 1;
    }
    found
}

/// The name behind a role: `the Tenant, Ingrid Moe,`
pub(super) fn apposed(prose: &Prose<'_>, at: usize) -> Option<(usize, String)> {
    let before = prose.fold(at.checked_sub(1)?);
    let is_apposed = prose.text(at).ends_with(',')
        && matches!(before, "the" | "der" | "die" | "le" | "la" | "el" | "undersigned")
        && is_role(prose.text(at));
    let (to, name) = if is_apposed { name_at(prose, at + 1)? } else { return None };
    let name = name.trim_end_matches('.').to_owned();
    let ends = prose.text(to - 1).ends_with([',', '.']);
    (ends && is_name(prose, to, &name)).then_some((to, name))
}

/// The first name between two words: right there, or behind an `and`.
fn first_name(
    prose: &Prose<'_>,
    start: usize,
    end: usize,
    after_day: bool,
) -> Option<(usize, usize, String)> {
    // Behind `and`, `by`, or the day on which it was made.
    let behind = (start..end)
        .filter(|&at| {
            AND.contains(&prose.fold(at))
                || matches!(prose.fold(at), "by" | "with")
                || after_day && prose.text(at).ends_with(|c: char| c.is_ascii_digit())
        })
        .map(|at| at + 1);
    [start].into_iter().chain(behind).find_map(|from| {
        let (to, name) = party_at(prose, from).filter(|(to, _)| *to <= end)?;
        let is_own = has_form(&name)
            || !after_day
                && name.contains(' ')
                && !name.contains(|c: char| c.is_ascii_digit())
                && name.split(' ').count() <= 5;
        is_own.then_some((name_from(prose, from), to, name))
    })
}

/// The company that the first sentence begins with: `Harbour Homes Ltd, of 3 Mill Lane, and …`
fn first_of_text(prose: &Prose<'_>, end: usize, is_first: bool) -> Option<(usize, usize, String)> {
    const SENTENCE: usize = 40;
    if !is_first {
        return None;
    }
    let begins =
        |at: &usize| begins_row(prose, *at) && prose.text(*at).starts_with(char::is_uppercase);
    let mut starts = (end.saturating_sub(SENTENCE)..end).filter(begins);
    starts.find_map(|from| {
        let (to, name) = party_at(prose, from).filter(|(to, _)| *to <= end)?;
        (has_form(&name) && prose.text(to - 1).ends_with(',')).then_some((from, to, name))
    })
}

/// Behind the short name that is given at a word.
fn closing(prose: &Prose<'_>, at: usize) -> usize {
    const LONGEST: usize = 8;
    let ends = |at: &usize| {
        prose.text(*at).contains([')', '”', '»'])
            || prose.text(*at).trim_end_matches([',', '.', ';']).ends_with('"')
    };
    let is_open = prose.text(at).starts_with('(');
    let end = (at..at + LONGEST)
        .find(|at| if is_open { prose.text(*at).contains(')') } else { ends(at) });
    // Without marks: `im Folgenden: Vermieter`.
    let role = || {
        (at..at + LONGEST)
            .find(|&at| is_role(prose.text(at).trim_matches(|c: char| !c.is_alphanumeric())))
    };
    let end = end.or_else(role).unwrap_or(at);
    end + 1 + usize::from(prose.fold(end + 1) == "genannt")
}

/// The name that ends right before a bracket.
fn name_before(prose: &Prose<'_>, at: usize) -> Option<(usize, usize, String)> {
    const LONGEST: usize = 8;
    let part = |at: usize| {
        let text = prose.text(at);
        text.starts_with(char::is_uppercase)
            || matches!(text, "&" | "de" | "des" | "von" | "of" | "del" | "van")
    };
    let mut from = at;
    // A short row, like that of a title, does not go on in the next one.
    let begins_text = |at: usize| {
        begins_row(prose, at)
            && at > 0
            && (at.saturating_sub(7)..at).any(|above| begins_row(prose, above))
    };
    while from > 0
        && at - from < LONGEST
        && !(from < at && begins_text(from))
        && part(from - 1)
        && !AND.contains(&prose.fold(from - 1))
        && (from == at
            || !prose.text(from - 1).ends_with(['.', ';', ':'])
            || prose.text(from - 1).len() <= 4)
    {
        from -= 1;
    }
    if at - from < 2 {
        return None;
    }
    // `1781 AX Den Helder` is a town.
    if prose.text(from.saturating_sub(1)).bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // `Both` and `Whereas` begin the sentence.
    let from = from + usize::from(is_lead(prose.fold(from)));
    if acts_for(prose, from) {
        return None;
    }
    let (to, name) = name_at(prose, from)?;
    (to == at && (has_form(&name) || at - from <= 4)).then_some((from, to, name))
}
