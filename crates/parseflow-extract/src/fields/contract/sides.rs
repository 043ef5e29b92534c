//! The parties where they are not named in an English preamble: numbered lists and names that are given a short name in
//! other words.

use super::introduced::acts_for;
use super::names::{begins_name, has_form, name_at};
use super::preamble::{AND, BETWEEN};
use super::roles::is_role;
use super::sentence::{begins_row, is_mark};
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
    "a",
    "pan",
    "pania",
    "spolka",
    "empresa",
    "to",
    "an",
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
            | "reunidos"
            | "comparecen"
    )
}

/// The first word from `at` on that can begin a name.
pub(super) fn name_from(prose: &Prose<'_>, at: usize) -> usize {
    const SKIPPED: usize = 8;
    let skips = |at: &usize| {
        let text = prose.text(*at);
        let is_lower = OPENS.contains(&prose.fold(*at)) && !text.starts_with(char::is_uppercase);
        // `Société Laitière SAS` in front of a row is a name whole.
        let is_named = text == "Société" && prose.text(at + 1).starts_with(char::is_uppercase);
        // `The` belongs to the name.
        let is_title = OPENS.contains(&prose.fold(*at))
            && text != "The"
            && !is_named
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
        let is_lead = is_lead(prose.fold(*at)) || BETWEEN.contains(&prose.fold(*at));
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
        "among",
        "amongst",
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
        "strony",
        "pomiedzy",
        "miedzy",
        "outorgantes",
        "convenuti",
        "contratantes",
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
        && (!name.ends_with('.') || name.ends_with("r."))
        && (prose.text(to - 1).ends_with(',')
            || prose.fold(to) == "of"
            || prose.text(to).starts_with('(')
            || fills_row(prose, to - words.len(), to));
    has_form(name) || is_person
}

/// Whether words fill their row.
fn fills_row(prose: &Prose<'_>, from: usize, to: usize) -> bool {
    begins_row(prose, from)
        && begins_row(prose, to)
        && (from + 1..to).all(|at| !begins_row(prose, at))
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
        "denominata",
        "denominato",
        "doravante",
        "designada",
        "designado",
        "zwana",
        "zwany",
        "zwanym",
        "zwane",
    ];
    let bare = |at: usize| prose.text(at).trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let role = (at..at + LONGEST).any(|near| {
        is_role(&bare(near))
            || is_role(&format!("{} {}", bare(near), bare(near + 1)))
            || prose.text(at).starts_with('(') && matches!(prose.fold(near), "we" | "you" | "us")
    });
    // A bracket may say more before the name: `(together with its affiliates, the "Company")`.
    let is_open = prose.text(at).starts_with('(');
    let reach = if is_open { 2 * LONGEST } else { LONGEST };
    let ends = |near: &usize| is_open && *near > at && prose.text(near - 1).contains(')');
    let end = (at..at + reach).find(ends).unwrap_or(at + reach);
    let is_quoted = || (at..end).any(|near| prose.text(near).contains(['"', '“', '„', '«']));
    let opens = prose.text(at).starts_with('(') && (role || is_quoted());
    // `Harbour Homes Ltd, as Landlord,`
    let is_as = matches!(prose.fold(at), "as" | "als" | "como")
        && prose.text(at + 1).starts_with(char::is_uppercase)
        && (prose.text(at + 1).ends_with(',')
            || is_role(&bare(at + 1))
            || is_role(&format!("{} {}", bare(at + 1), bare(at + 2))));
    // `Harbour Homes Ltd - Partner 1 - and`
    let is_dash = |at: usize| matches!(prose.text(at), "-" | "–" | "—");
    let is_between_dashes = is_dash(at)
        && !bare(at + 1).is_empty()
        && (is_role(&bare(at + 1)) || is_role(&format!("{} {}", bare(at + 1), bare(at + 2))))
        && (at + 2..at + LONGEST).any(is_dash);
    // `party of the first part`
    let is_part = matches!(prose.fold(at), "party" | "parties")
        && prose.fold(at + 1) == "of"
        && prose.fold(at + 2) == "the"
        && prose.fold(at + 4) == "part";
    let is_keyword = is_part || is_between_dashes || WORDS.contains(&prose.fold(at)) || is_as;
    let names = || {
        is_quoted()
            || (at + 1..at + LONGEST).any(|near| prose.text(near).starts_with(char::is_uppercase))
    };
    (opens || is_keyword && (role || is_part || names())).then_some(role || is_keyword)
}

/// The name behind a role: `the Tenant, Ingrid Moe,`
pub(super) fn apposed(prose: &Prose<'_>, at: usize) -> Option<(usize, String)> {
    const ARTICLES: &[&str] = &["the", "der", "die", "le", "la", "el", "undersigned"];
    // One word or two, as in `the Second Partner, Sarah Kimball`.
    let is_part = |words: usize| {
        let part: Vec<&str> = (at + 1 - words..=at).map(|at| prose.text(at)).collect();
        at >= words && ARTICLES.contains(&prose.fold(at - words)) && is_role(&part.join(" "))
    };
    let signs = prose.fold(at) == "undersigned";
    let is_apposed =
        at > 0 && prose.text(at).ends_with(',') && (signs || (1..=at.min(2)).any(is_part));
    let (to, name) = if is_apposed { name_at(prose, at + 1)? } else { return None };
    let name = name.trim_end_matches('.').to_owned();
    let ends = prose.text(to - 1).ends_with([',', '.']);
    let is_person =
        (2..=5).contains(&name.split(' ').count()) && !name.contains(|c: char| c.is_ascii_digit());
    (ends && (is_person || has_form(&name))).then_some((to, name))
}

/// The name that ends right before a bracket.
pub(super) fn name_before(prose: &Prose<'_>, at: usize) -> Option<(usize, usize, String)> {
    const LONGEST: usize = 8;
    let part = |at: usize| {
        let text = prose.text(at);
        begins_name(text) || matches!(text, "&" | "de" | "des" | "von" | "of" | "del" | "van")
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
