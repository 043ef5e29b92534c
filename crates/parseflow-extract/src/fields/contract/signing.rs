//! Where an agreement is signed, and on which day.

use super::dates::{begins, place_before};
use super::sentence::{begins_row, sentence};
use crate::fields::doc::{Candidate, Doc};
use crate::fields::prose::Prose;
use crate::spans::CalendarDate;

/// Where the signatures begin.
pub(super) fn signatures_at(prose: &Prose<'_>) -> Option<usize> {
    let count = prose.tokens.len();
    const BLANKS: &[&str] = &[
        "signature",
        "handtekening",
        "firma",
        "assinatura",
        "podpis",
        "podpisy",
        "firmas",
        "firme",
        "signed",
        "executed",
    ];
    let begins = |at: &usize| {
        matches!(prose.fold(*at), "witness" | "unterschrift" | "unterschriften" | "signatures")
            || prose.text(*at) == "/s/"
            || prose.text(*at) == "By:"
            || begins_row(prose, *at) && BLANKS.contains(&prose.fold(*at))
    };
    (count / 2..count).find(begins)
}

/// `the date of the last signature below`, `mit der letzten Unterschrift`, `the later of the dates on which they sign`
pub(super) fn holds_when_signed(prose: &Prose<'_>) -> bool {
    const SIGNS: &[&str] = &[
        "sign",
        "unterschrift",
        "unterzeichn",
        "firma",
        "sottoscri",
        "ondertek",
        "assinatura",
        "podpis",
        "execut",
    ];
    const LAST: &[&str] =
        &["last", "later", "latest", "letzt", "dernier", "ultim", "laatst", "ostatni"];
    const NEAR: usize = 9;
    (0..prose.tokens.len()).any(|at| {
        begins(prose, at, LAST)
            && (at.saturating_sub(NEAR)..at + NEAR).any(|near| begins(prose, near, SIGNS))
    })
}

/// The latest date beside the signatures: where nothing else is said, an agreement holds when all have signed.
pub(super) fn signed_last(doc: &Doc<'_>, prose: &Prose<'_>) -> Option<Candidate<CalendarDate>> {
    /// Words of the signatures, from the first of them.
    const SIGNATURES: usize = 250;
    // Without a word for them they stand at the end.
    let end = || Some(prose.tokens.len() * 2 / 3).filter(|_| holds_when_signed(prose));
    let from = signatures_at(prose).or_else(end)?;
    let is_marked = signatures_at(prose).is_some();
    let is_alone = |at: usize, to: usize| {
        (at.saturating_sub(2)..=at).any(|at| begins_row(prose, at)) && begins_row(prose, to)
    };
    let dates = prose.dates(doc, from, from + SIGNATURES).into_iter();
    let dates = dates
        .filter(|(span, to)| is_marked || is_alone(from + span.words.0, *to))
        .map(|(span, _)| span);
    let latest = dates.max_by_key(|span| span.value)?;
    Some(Candidate::from_span(latest, 0.5))
}

/// `Fait à Caen, le 14 novembre 2026`, `Odense, den 19. juni 2025`: the day in the sentence that closes it, where nothing else is said.
pub(super) fn closing(doc: &Doc<'_>, prose: &Prose<'_>) -> Option<Candidate<CalendarDate>> {
    const CLOSES: &[&str] = &[
        "fait",
        "hecho",
        "fatto",
        "feito",
        "done",
        "signed",
        "executed",
        "ondertekend",
        "getekend",
        "sporzadzono",
        "unterzeichnet",
        "undertecknat",
        "geschehen",
        "firmado",
        "assinado",
    ];
    const BEFORE: usize = 8;
    const LAST: usize = 120;
    const SCORE: f64 = 0.6;
    let start = prose.tokens.len().saturating_sub(LAST).max(prose.tokens.len() / 2);
    let found = prose.dates(doc, start, prose.tokens.len()).into_iter().find(|(span, _)| {
        let at = start + span.words.0;
        let (from, _) = sentence(prose, at);
        let closes = (at.saturating_sub(BEFORE).max(from)..at)
            .any(|word| CLOSES.contains(&prose.fold(word)));
        closes || place_before(prose, from, at).is_some_and(|place| begins_row(prose, place))
    });
    found.map(|(span, _)| Candidate::from_span(span, SCORE))
}
