//! The balances at both ends of a statement: what names them, and which two the transactions lead from and to.

use std::collections::HashMap;

use super::{CLOSING, OPENING, Transaction, sign_after};
use crate::fields::doc::{Candidate, Doc};
use crate::layout::Segment;
use crate::lexicon::folded;
use crate::spans::{Number, Span};

/// Words for a balance in a name that is put together.
const BALANCES: &[&str] =
    &["balance", "saldo", "solde", "kontostand", "zustatek", "guthaben", "money", "stankonta"];
const FIRST: &[&str] = &[
    "opening",
    "beginning",
    "start",
    "previous",
    "prior",
    "brought",
    "last",
    "anfang",
    "alter",
    "alt",
    "vortrag",
    "letzt",
    "vorherig",
    "eroffnung",
    "ancien",
    "precedent",
    "initial",
    "debut",
    "ouverture",
    "anterior",
    "inicial",
    "inicio",
    "apertura",
    "abertura",
    "iniziale",
    "inizio",
    "precedente",
    "begin",
    "vorig",
    "oud",
    "poczatk",
    "otwarcia",
    "poprzedni",
    "ingaende",
    "indgaende",
    "primo",
    "pocatecni",
    "predchozi",
    "report",
];
const LAST: &[&str] = &[
    "closing",
    "ending",
    "end",
    "new",
    "final",
    "carriedforward",
    "ende",
    "neu",
    "schluss",
    "abschluss",
    "nouveau",
    "fin",
    "cloture",
    "actual",
    "nuevo",
    "cierre",
    "finale",
    "nuovo",
    "chiusura",
    "fine",
    "eind",
    "nieuw",
    "laatste",
    "koncow",
    "zamkniecia",
    "nowe",
    "novo",
    "fecho",
    "utgaende",
    "udgaende",
    "ultimo",
    "konecny",
    "novy",
];
/// Balances that a page hands to the next one.
const HANDED_ON: &[&str] = &["carriedforward", "broughtforward", "nextpage", "previouspage"];

/// Which end of the statement a balance belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::fields) enum End {
    Opening,
    Closing,
}

/// The end that the name in a segment speaks of.
pub(in crate::fields) fn end_in(segment: &Segment) -> Option<End> {
    let named: Vec<&str> = segment
        .words
        .iter()
        .map(|word| word.text.as_str())
        .take_while(|text| !text.bytes().any(|byte| byte.is_ascii_digit()))
        .collect();
    if named.is_empty() || named.len() > 8 {
        return None;
    }
    // `Solde d'ouverture`: an article that has lost its vowel is no part of the word.
    let parts = named.iter().flat_map(|word| word.split(['\'', '’']));
    let words: Vec<String> = parts.map(folded).filter(|word| word.len() > 1).collect();
    let fold = words.concat();
    if OPENING.iter().any(|name| fold.contains(name)) {
        return Some(End::Opening);
    }
    if CLOSING.iter().any(|name| fold.contains(name)) {
        return Some(End::Closing);
    }
    if !BALANCES.iter().any(|name| fold.contains(name)) {
        return None;
    }
    let begins = |stems: &[&str]| {
        let of_word = |word: &String| stems.iter().any(|stem| word.starts_with(stem));
        words.iter().any(of_word)
    };
    match (begins(FIRST), begins(LAST)) {
        // `Saldo vorig afschrift`, `Saldo na laatste boeking`: what is previous is never the last.
        (true, _) => Some(End::Opening),
        (false, true) => Some(End::Closing),
        (false, false) => None,
    }
}

/// A balance whose name alone says no more than that a page hands it on.
fn is_handed_on(segment: &Segment) -> bool {
    let name = folded(&segment.text);
    HANDED_ON.iter().any(|word| name.starts_with(word))
}

/// Every amount that a name of an end announces: beside it or below it.
fn candidates(doc: &Doc<'_>, end: End) -> Vec<Candidate<i64>> {
    let mut found = Vec::new();
    for (index, row) in doc.rows.iter().enumerate() {
        for (at, segment) in row.segments.iter().enumerate() {
            if end_in(segment) != Some(end) {
                continue;
            }
            let mut numbers = doc.numbers[index].iter().skip(at).flatten();
            let beside = numbers.rfind(|span| span.value.looks_like_money());
            let amount = beside.cloned().map(|span| (span, index, 0.95));
            let amount =
                amount.or_else(|| below(doc, index, at).map(|span| (span, index + 1, 0.9)));
            let Some((span, row, score)) = amount else { continue };
            let score = if is_handed_on(segment) { 0.7 } else { score };
            let sign = sign_after(&doc.rows[row], &span);
            found.push(Candidate::from_span(span, score).map(|number| sign * number.cents()));
        }
    }
    found
}

/// The amount under a name: the one that overlaps it most, or that ends or begins where it does.
fn below(doc: &Doc<'_>, index: usize, at: usize) -> Option<Span<Number>> {
    let head = doc.rows[index].segments.get(at)?;
    let row = doc.rows.get(index + 1).filter(|row| row.page == doc.rows[index].page)?;
    if row.bounds.y0 - head.bounds.y1 > 2.0 * head.bounds.height() {
        return None;
    }
    let under = doc.numbers[index + 1].iter().flatten();
    let under = under
        .filter(|span| span.value.looks_like_money() && span.bounds.overlap_x(head.bounds) > 0.2);
    let off = |span: &&Span<Number>| {
        (span.bounds.x1 - head.bounds.x1).abs().min((span.bounds.x0 - head.bounds.x0).abs())
    };
    under.min_by(|a, b| off(a).total_cmp(&off(b))).cloned()
}

/// Both balances: of all that are named the two between which the transactions lead, else the first and the last.
pub(super) fn balances(
    doc: &Doc<'_>,
    rows: &[Transaction],
) -> (Option<Candidate<i64>>, Option<Candidate<i64>>) {
    let (openings, closings) = (candidates(doc, End::Opening), candidates(doc, End::Closing));
    let sum: Option<i64> =
        rows.iter().map(|row| row.amount.as_ref().map(|found| found.value)).sum();
    let mut ends: HashMap<i64, &Candidate<i64>> = HashMap::new();
    for closing in &closings {
        ends.entry(closing.value).or_insert(closing);
    }
    let proved = openings.iter().filter(|_| !rows.is_empty()).find_map(|opening| {
        let closing = ends.get(&opening.value.checked_add(sum?)?)?;
        Some((opening.clone(), (*closing).clone()))
    });
    if let Some((opening, closing)) = proved {
        return (Some(opening), Some(closing));
    }
    let best = |found: &[Candidate<i64>]| found.iter().map(|one| one.score).fold(0.0, f64::max);
    let (first, last) = (best(&openings), best(&closings));
    let opening = openings.into_iter().find(|one| one.score >= first - 0.1);
    let closing = closings.into_iter().rfind(|one| one.score >= last - 0.1);
    (opening, closing)
}
