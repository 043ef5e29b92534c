//! The balances at both ends of a statement: what names them, and which two the transactions lead from and to.

use std::collections::HashMap;

use super::{CLOSING, OPENING, Transaction, sign_after};
use crate::fields::doc::{Candidate, Doc};
use crate::layout::Segment;
use crate::lexicon::folded;
use crate::spans::{CalendarDate, Number, Span};

/// Words for a balance in a name that is put together.
const BALANCES: &[&str] = &[
    "balance",
    "saldo",
    "solde",
    "kontostand",
    "zustatek",
    "guthaben",
    "money",
    "stankonta",
    "stanrachunku",
    "bestand",
    "behallning",
    "beholdning",
];
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
    "depart",
    "frueher",
    "alten",
    "poczatkow",
    "foregaende",
    "forrige",
    "pociatoc",
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
    "current",
    "aktuell",
    "attuale",
    "actuelle",
    "atual",
    "huidig",
    "biezac",
    "nuvaerende",
    "nuvarande",
    "verfugbar",
    "available",
];
/// Balances that a page hands to the next one.
const HANDED_ON: &[&str] = &["carriedforward", "broughtforward", "nextpage", "previouspage"];

/// Which end of the statement a balance belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::fields) enum End {
    Opening,
    Closing,
    /// Named without a word that says which: `Kontostand am 30.06.`, `Solde au 30/06`.
    Either,
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
    let is_stand = words.iter().any(|word| word == "stand" || word == "bal");
    if !is_stand && !BALANCES.iter().any(|name| fold.contains(name)) {
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
        (false, false) => is_bare(&words).then_some(End::Either),
    }
}

/// A balance that is named by its day alone: its word stands first or second, and few others stand beside it.
fn is_bare(words: &[String]) -> bool {
    let is_name = |word: &String| {
        word == "stand" || word == "bal" || BALANCES.iter().any(|name| word.starts_with(name))
    };
    let first = words.iter().take(2).any(is_name);
    first && words.len() <= 5
}

/// A balance whose name alone says no more than that a page hands it on.
fn is_handed_on(segment: &Segment) -> bool {
    let name = folded(&segment.text);
    HANDED_ON.iter().any(|word| name.starts_with(word))
}

/// An amount that a name announces, its row and the day that the name holds.
pub(super) struct Named {
    pub(super) found: Candidate<i64>,
    pub(super) row: usize,
    pub(super) day: Option<Candidate<String>>,
    end: End,
}

/// Every amount that a name of a balance announces: beside it or below it.
fn named(doc: &Doc<'_>) -> Vec<Named> {
    let mut found = Vec::new();
    for (index, row) in doc.rows.iter().enumerate() {
        if is_head_of_list(doc, index) {
            continue;
        }
        for (at, segment) in row.segments.iter().enumerate() {
            let Some(end) = end_in(segment) else { continue };
            let mut numbers = doc.numbers[index].iter().skip(at).flatten();
            let beside = numbers.rfind(|span| span.value.looks_like_money());
            let amount = beside.cloned().map(|span| (span, index, 0.95));
            let amount =
                amount.or_else(|| below(doc, index, at).map(|span| (span, index + 1, 0.9)));
            // `1.234,00  Saldo finale`: lists that give the text last.
            let amount = amount.or_else(|| {
                let mut before = doc.numbers[index].iter().take(at).flatten();
                let span = before.rfind(|span| span.value.looks_like_money())?;
                Some((span.clone(), index, 0.85))
            });
            let Some((span, row, score)) = amount else { continue };
            let score = if is_handed_on(segment) { 0.7 } else { score };
            let sign = sign_after(&doc.rows[row], &span);
            let day = doc.rows[index].segments.iter().find_map(|own| doc.dates_in(own).pop());
            let day = day.map(|day| Candidate::from_span(day, 0.9).map(CalendarDate::iso));
            let amount = Candidate::from_span(span, score).map(|number| sign * number.cents());
            found.push(Named { found: amount, row: index, day, end });
        }
    }
    found
}

/// The names of columns over a list of days: `Closing balance` among them is that of each line.
fn is_head_of_list(doc: &Doc<'_>, index: usize) -> bool {
    let has_amount = doc.numbers[index].iter().flatten().any(|span| span.value.looks_like_money());
    let follows = doc.rows.iter().skip(index + 1).take(2).any(|row| {
        let first = row.segments.first();
        first.is_some_and(|first| super::rows::begins_with_day(doc, first))
    });
    !has_amount && follows && super::columns::heads_in(&doc.rows[index]).len() >= 2
}

/// Those of one end. Balances that do not say which they are belong to the end they stand at: above the lines the first, below
/// them the last, or by their days where all stand above.
fn of_end(all: &[Named], end: End, lines: Option<(usize, usize)>) -> Vec<&Named> {
    let either: Vec<&Named> = all.iter().filter(|one| one.end == End::Either).collect();
    let days = either.iter().filter_map(|one| one.day.as_ref()).map(|day| &day.value);
    let ends = [days.clone().min(), days.max()];
    let is_of_end = |one: &&Named| {
        let day = one.day.as_ref().map(|day| &day.value);
        let by_day =
            day.is_some() && ends[0] != ends[1] && ends[usize::from(end == End::Closing)] == day;
        let by_place = ends[0] == ends[1]
            && lines.is_some_and(|(first, last)| match end {
                End::Closing => one.row >= last,
                _ => one.row < first,
            });
        by_day || by_place
    };
    let named: Vec<&Named> = all.iter().filter(|one| one.end == end).collect();
    let others = all.iter().filter(|one| one.end != end).count();
    if named.is_empty() && either.len() == 1 && others == 2 {
        return either;
    }
    named.into_iter().chain(either.into_iter().filter(is_of_end)).collect()
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

/// The opening and the closing balance, and the days in their names.
pub(super) type Ends =
    (Option<Candidate<i64>>, Option<Candidate<i64>>, [Option<Candidate<String>>; 2]);

/// Both balances with their days: of all that are named the two between which the transactions lead, else the first and
/// the last; where only one is named, the balances of the lines give the other.
pub(super) fn balances(doc: &Doc<'_>, rows: &[Transaction]) -> Ends {
    let all = named(doc);
    let lines = rows
        .first()
        .zip(rows.last())
        .map(|(first, last)| (first.row.min(last.row), first.row.max(last.row)));
    let sum: Option<i64> =
        rows.iter().map(|row| row.amount.as_ref().map(|found| found.value)).sum();
    let mut ends: HashMap<i64, &Named> = HashMap::new();
    let (openings, closings) =
        (of_end(&all, End::Opening, lines), of_end(&all, End::Closing, lines));
    for closing in &closings {
        ends.entry(closing.found.value).or_insert(closing);
    }
    let proved = openings.iter().filter(|_| !rows.is_empty()).find_map(|opening| {
        let closing = ends.get(&opening.found.value.checked_add(sum?)?)?;
        Some((*opening, *closing))
    });
    let best = |found: &[&Named]| found.iter().map(|one| one.found.score).fold(0.0, f64::max);
    let (first, last) = (best(&openings), best(&closings));
    let (opening, closing) = match proved {
        Some((opening, closing)) => (Some(opening), Some(closing)),
        None => (
            openings.into_iter().find(|one| one.found.score >= first - 0.1),
            closings.into_iter().rfind(|one| one.found.score >= last - 0.1),
        ),
    };
    let days = [opening, closing].map(|one| one.and_then(|one| one.day.clone()));
    let [opening, closing] = [opening, closing].map(|one| one.map(|one| one.found.clone()));
    let (before, after) = led(rows);
    (opening.or(before), closing.or(after), days)
}

/// The balance before the first line and that after the last, where each line leads from the balance of the one before.
fn led(rows: &[Transaction]) -> (Option<Candidate<i64>>, Option<Candidate<i64>>) {
    const ENOUGH: usize = 3;
    let steps: Option<Vec<(i64, &Candidate<i64>)>> =
        rows.iter().map(|row| Some((row.amount.as_ref()?.value, row.balance.as_ref()?))).collect();
    let Some(mut steps) = steps.filter(|steps| steps.len() >= ENOUGH) else { return (None, None) };
    if rows[0].date.value > rows[rows.len() - 1].date.value {
        steps.reverse();
    }
    let is_step = |pair: &[(i64, &Candidate<i64>)]| {
        (pair[1].1.value - pair[0].1.value).abs() == pair[1].0.abs()
    };
    if !steps.windows(2).all(is_step) {
        return (None, None);
    }
    let (amount, first) = steps[0];
    let derived = |value: i64| Candidate {
        source: parseflow_model::FieldSource::Derived,
        value,
        score: 0.85,
        ..first.clone()
    };
    let last = Candidate { score: 0.9, ..steps[steps.len() - 1].1.clone() };
    (Some(derived(first.value - amount)), Some(last))
}
