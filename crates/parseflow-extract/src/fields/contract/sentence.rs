//! Where sentences and clauses of an agreement begin and end.

use crate::fields::prose::Prose;

/// Words of a sentence that are looked at to each side.
const REACH: usize = 60;

/// Whether a row begins at a word.
pub(super) fn begins_row(prose: &Prose<'_>, at: usize) -> bool {
    let row = |at: usize| prose.tokens.get(at).map(|token| (token.page, token.row));
    at == 0 || row(at) != row(at - 1)
}

/// `3.`, `3.1`, `(a)`, `(12)`: marks of clauses and of items.
pub(super) fn is_mark(text: &str) -> bool {
    let bare = text.trim_matches(['(', ')', '.', ':', '-', '–']);
    let is_number = !bare.is_empty()
        && bare.len() <= 5
        && bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_letter = bare.len() == 1 && bare.bytes().all(|byte| byte.is_ascii_alphabetic());
    // `II.`, `(iv)`
    let is_roman = (2..=4).contains(&bare.len())
        && (bare.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'))
            || bare.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x')))
        && text.len() > bare.len();
    is_roman
        || (is_number && (text.len() > bare.len() || bare.contains('.')))
        || (is_letter && text.contains(')'))
}

/// `6   DURATION`: a number without a mark that heads a clause, behind the end of a sentence.
fn is_numbered_head(prose: &Prose<'_>, at: usize) -> bool {
    let number = prose.text(at);
    let is_number = number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        && at > 0
        && prose.text(at - 1).ends_with(['.', ';', ':'])
        && !begins_row(prose, at + 1)
        && prose.text(at + 1).starts_with(char::is_uppercase)
}

/// `(ii)` that goes on with an enumeration inside a sentence: `upon the earlier of` stands before it.
fn is_inside(prose: &Prose<'_>, at: usize) -> bool {
    at > 0
        && prose.text(at).starts_with('(')
        && prose.text(at - 1).ends_with(|c: char| c.is_alphanumeric())
        && matches!(
            prose.fold(at - 1),
            "of" | "if" | "by" | "to" | "for" | "that" | "either" | "both" | "until"
        )
}

/// Whether a clause begins at a word: a mark, or `Article`, `§` at the beginning of a row.
pub(super) fn begins_clause(prose: &Prose<'_>, at: usize) -> bool {
    const WORDS: &[&str] = &[
        "section",
        "article",
        "artikel",
        "articulo",
        "articolo",
        "clause",
        "clausula",
        "ziffer",
        "paragraph",
    ];
    begins_row(prose, at)
        && (is_mark(prose.text(at)) && !is_inside(prose, at)
            || is_numbered_head(prose, at)
            || prose.text(at).starts_with('§')
            || WORDS.contains(&prose.fold(at)))
}

fn ends_sentence(prose: &Prose<'_>, at: usize) -> bool {
    let text = prose.text(at).trim_end_matches(['"', '”', '“', '»', ')']);
    let Some(word) = text.strip_suffix('.') else { return false };
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let is_short = letters <= 1 || word.contains('.');
    const SHORT: &[&str] = &[
        "no", "nr", "inc", "ltd", "co", "corp", "abs", "art", "vgl", "bzw", "mr", "mrs", "dr",
        "st", "sec", "approx", "pty", "pte", "coop",
    ];
    let next = prose.text(at + 1);
    !is_short && !SHORT.contains(&prose.fold(at)) && (next.starts_with(|c: char| !c.is_lowercase()))
}

/// The sentence around a word.
pub(super) fn sentence(prose: &Prose<'_>, at: usize) -> (usize, usize) {
    let mut from = at;
    while from > 0
        && at - from < REACH
        && !begins_clause(prose, from)
        && !ends_sentence(prose, from - 1)
    {
        from -= 1;
    }
    let mut to = at + 1;
    let end = prose.tokens.len();
    while to < end && to - at < REACH && !ends_sentence(prose, to - 1) && !begins_clause(prose, to)
    {
        to += 1;
    }
    (from, to)
}

/// The first words of the clause that a word stands in, after its mark.
pub(super) fn heading(prose: &Prose<'_>, at: usize) -> (usize, usize) {
    const BACK: usize = 120;
    const WORDS: usize = 6;
    let mut from = at;
    while from > 0 && at - from < BACK {
        if begins_clause(prose, from) {
            // `3.1` belongs to the heading of `3.`
            let above = (from.saturating_sub(8)..from).rev().find(|&up| begins_clause(prose, up));
            let from = above.filter(|_| prose.text(from).contains('.')).unwrap_or(from);
            return (from, (from + WORDS).min(at));
        }
        from -= 1;
    }
    (at, at)
}
