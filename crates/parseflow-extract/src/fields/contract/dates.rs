//! From when an agreement holds, and until when.

use super::sentence::{begins_clause, begins_row, sentence};
use super::signing::{closing, holds_when_signed, signatures_at, signed_last};
use super::trust::Found;
use crate::fields::doc::{Candidate, Doc};
use crate::fields::prose::Prose;
use crate::spans::{CalendarDate, Span};

/// Words of the beginning, in which a plain date is that of the agreement.
const OPENING_WORDS: usize = 700;

/// Beginnings of words before a day from which it holds, folded.
const FROM: &[&str] = &[
    "begin",
    "effect",
    "force",
    "kraft",
    "wirksam",
    "decorr",
    "cours",
    "debut",
    "werking",
    "ingaat",
    "gilt",
    "effective",
    "commenc",
    "start",
    "inkrafttreten",
    "beginn",
    "wirkung",
    "effet",
    "vigueur",
    "compter",
    "vigor",
    "efectos",
    "inicio",
    "partir",
    "decorrenza",
    "effetto",
    "ingang",
    "ingangsdatum",
    "ingaande",
    "laufzeitbeginn",
    "mietbeginn",
    "vertragsbeginn",
    "zycie",
    "obowiazuj",
    "poczawszy",
    "deffet",
    "gaat",
];
/// Beginnings of words before the day on which it was made.
const MADE: &[&str] = &[
    "dated",
    "made",
    "entered",
    "executed",
    "date",
    "datum",
    "vertragsdatum",
    "vom",
    "geschlossen",
    "conclu",
    "celebrad",
    "fait",
    "fecha",
    "suscri",
    "firmad",
    "stipulat",
    "data",
    "overeengekomen",
    "gesloten",
    "abgeschlossen",
    "this",
    "datee",
    "signe",
    "zawart",
    "dnia",
    "dniu",
    "assinad",
];
/// Beginnings of words by which parties agree.
const AGREED: &[&str] = &[
    "agree",
    "entered",
    "schliess",
    "vereinbar",
    "convenu",
    "conclu",
    "acuerd",
    "suscrib",
    "convien",
    "stipula",
    "overeen",
    "sluit",
    "made",
    "contract",
    "contrat",
    "vertrag",
    "umow",
    "acord",
];
/// Beginnings of words by which another paper, or an end, is named.
const OTHERS: &[&str] = &[
    "guarantee",
    "supersede",
    "replaces",
    "amended",
    "original",
    "ersetzt",
    "remplace",
    "sustituye",
    "born",
    "geboren",
    "certain",
    "invoice",
];
const UNTIL: &[&str] = &[
    "until",
    "till",
    "expire",
    "expiring",
    "ends",
    "ending",
    "terminate",
    "through",
    "bis",
    "endet",
    "ende",
    "jusqu",
    "expirera",
    "fin",
    "hasta",
    "terminara",
    "vence",
    "fino",
    "tot",
    "eindigt",
    "expiry",
    "expiration",
    "befristet",
    "wygas",
    "termina",
    "expira",
    "scad",
];

/// The day from which it holds, and what else could be meant.
pub(super) fn effective_date(doc: &Doc<'_>, prose: &Prose<'_>) -> Found<CalendarDate> {
    const ENOUGH: f64 = 0.401;
    let signatures = signatures_at(prose).unwrap_or(prose.tokens.len());
    let is_by_letter = speaks_of_its_head(prose);
    let scored = dates(doc, prose).into_iter().map(|(at, to, span)| {
        Candidate::from_span(span, evidence(prose, at, to, signatures, is_by_letter))
    });
    let mut found = Found::of(scored.collect(), ENOUGH, 0.001);
    let signed = || signed_last(doc, prose);
    let last = signed().filter(|_| holds_when_signed(prose));
    if let Some(last) = last.map(|last| Candidate { score: 0.9, ..last }) {
        found.put(last);
    } else if found.best.is_none()
        && let Some(last) = signed().or_else(|| closing(doc, prose))
    {
        found.put(last);
    }
    found
}

/// All dates with their words.
fn dates(doc: &Doc<'_>, prose: &Prose<'_>) -> Vec<(usize, usize, Span<CalendarDate>)> {
    const STRETCH: usize = 400;
    let mut found: Vec<(usize, usize, Span<CalendarDate>)> = Vec::new();
    let mut from = 0;
    while from < prose.tokens.len() {
        // Stretches overlap by the length of a date.
        for (span, to) in prose.dates(doc, from, from + STRETCH + 10) {
            let at = from + span.words.0;
            if found.last().is_none_or(|(_, end, _)| at >= *end) {
                found.push((at, to, span));
            }
        }
        from += STRETCH;
    }
    found
}

pub(super) fn begins(prose: &Prose<'_>, at: usize, list: &[&str]) -> bool {
    let fold = prose.fold(at);
    list.iter().any(|begin| fold.starts_with(begin))
}

fn evidence(prose: &Prose<'_>, at: usize, to: usize, signatures: usize, is_by_letter: bool) -> f64 {
    let (from, end) = sentence(prose, at);
    let near = |reach: usize| at.saturating_sub(reach).max(from)..at;
    let closest =
        |list: &[&str], reach: usize| near(reach).rev().find(|&word| begins(prose, word, list));
    let until = closest(UNTIL, 8);
    let since = closest(FROM, 12);
    // `(the "Effective Date")`
    let named = (to..(to + 5).min(end.max(to))).find(|&word| {
        prose.fold(word) == "effective" && prose.text(word).contains(['"', '“', '('])
    });
    if named.is_some() && !near(10).any(|word| begins(prose, word, &["signed"]) && since.is_none())
    {
        return 0.97;
    }
    // `from 1 June 2024 to 31 May 2026`: the first of two days, with the word for an end between them.
    if range_end(prose, to).is_some() && !near(3).any(|word| begins(prose, word, UNTIL)) {
        return 0.9;
    }
    // `shall cease to have effect on`
    if near(8).any(|word| begins(prose, word, &["cease", "lapse", "wygas"])) {
        return 0.0;
    }
    if until.is_some_and(|until| since.is_none_or(|since| until > since)) {
        return 0.0;
    }
    if is_of_another(prose, at, to, (from, end)) {
        return 0.1;
    }
    if since.is_some_and(|since| is_of_payment(prose, since, from)) {
        return 0.2;
    }
    if let Some(since) = since {
        return 0.95 - 0.012 * (at - since) as f64;
    }
    // `tritt am 1. März in Kraft`, `am 1. März geschlossen`
    if (to..(to + 4).min(end.max(to)))
        .any(|word| begins(prose, word, &["kraft", "treedt", "geschlossen", "wirksam"]))
    {
        return 0.93;
    }
    if at >= signatures || at > OPENING_WORDS {
        return 0.0;
    }
    if cites_another(prose, from, at) {
        return 0.2;
    }
    let early = 1.0 - 0.3 * at as f64 / OPENING_WORDS as f64;
    let of = near(4).any(|word| prose.fold(word) == "as" && prose.fold(word + 1) == "of");
    let made = closest(MADE, 12).map(|made| at - made);
    let made = made.or_else(|| place_before(prose, from, at).map(|place| at - place));
    let signed = near(4).any(|word| begins(prose, word, &["signed"]));
    match made {
        _ if signed => 0.45,
        _ if of => 0.9 * early,
        Some(distance) => (0.88 - 0.015 * distance as f64) * early,
        // A date in a row of its own: the head of a letter, or below the title.
        None if at < 80
            && (begins_row(prose, at)
                || at > 0 && prose.fold(at - 1) == "the" && begins_row(prose, at - 1)) =>
        {
            if is_by_letter {
                0.85
            } else {
                0.55
            }
        }
        None if is_by_letter && at < 80 => 0.8,
        // `On 3 May 2024 … and … entered into the following agreement`
        None if at < 150 && (from..end).any(|word| begins(prose, word, AGREED)) => 0.7,
        None => 0.0,
    }
}

/// `instalments commencing on`: when something else begins.
fn is_of_payment(prose: &Prose<'_>, since: usize, from: usize) -> bool {
    /// Beginnings of words for what is paid from a day on.
    const PAID: &[&str] = &[
        "instal",
        "payment",
        "repay",
        "mensualit",
        "raten",
        "echeance",
        "cuotas",
        "rate",
        "prestac",
        "raty",
    ];
    const NEAR: usize = 4;
    let before = since.saturating_sub(NEAR).max(from)..since;
    before.into_iter().any(|word| begins(prose, word, PAID))
}

/// Whether a day is that of a paper that is replaced, amended or ended.
fn is_of_another(prose: &Prose<'_>, at: usize, to: usize, (from, end): (usize, usize)) -> bool {
    const REPLACES: &[&str] = &["supersede", "replaces", "ersetzt", "remplace", "sustituye"];
    const ENDED: &[&str] = &[
        "aufgehoben",
        "cancel",
        "annul",
        "replaced",
        "ersetzt",
        "superseded",
        "resuelto",
        "hinfallig",
        "gegenstandslos",
        "vervalt",
        "cesa",
        "cessa",
        "wygas",
    ];
    // `Amended and Restated Agreement` is a title.
    let is_title = |word: usize| prose.text(word).starts_with(char::is_uppercase);
    let of_another = |word: usize| {
        begins(prose, word, OTHERS) && !(is_title(word) && begins(prose, word, &["amended"]))
            || prose.text(word) == "letter" && prose.fold(word + 1) == "of"
    };
    (from..at).any(|word| begins(prose, word, REPLACES))
        || (at.saturating_sub(14).max(from)..at).any(of_another)
        || (to..end).any(|word| begins(prose, word, ENDED))
}

/// Behind the first clause other papers are spoken of: `the agreement dated as of May 1, 2012`.
fn cites_another(prose: &Prose<'_>, from: usize, at: usize) -> bool {
    const THIS: &[&str] =
        &["this", "present", "dies", "deze", "niniejsz", "este", "esta", "hereof"];
    const NEAR: usize = 16;
    const PAPERS: &[&str] = &["agreement", "letter", "contract", "accord", "lettre", "contrat"];
    let is_in_clause = at > 40 && (1..from + 1).any(|word| begins_clause(prose, word));
    let is_loud = |word: usize| !prose.text(word).contains(char::is_lowercase);
    let names_paper = at > 40
        && (at.saturating_sub(NEAR).max(from)..at)
            .any(|word| begins(prose, word, PAPERS) && !is_loud(word));
    (is_in_clause || names_paper) && !(from..at).any(|word| begins(prose, word, THIS))
}

/// `En Sevilla, a 3 de mayo`, `Lyon, le 3 mai`, `Graz, 3. Mai`: where the place stands whose day this is.
pub(super) fn place_before(prose: &Prose<'_>, from: usize, at: usize) -> Option<usize> {
    let is_place = |word: usize| {
        let text = prose.text(word);
        word >= from && text.starts_with(char::is_uppercase) && text.ends_with(',')
    };
    let last = at.checked_sub(1)?;
    let is_article = matches!(prose.fold(last), "a" | "le" | "den" | "li" | "il" | "dnia");
    let place = if is_article { last.checked_sub(1)? } else { last };
    is_place(place).then_some(place)
}

/// Where the second of two days begins that a word for an end joins, behind the first.
fn range_end(prose: &Prose<'_>, to: usize) -> Option<usize> {
    const APART: usize = 6;
    let joins = |at: usize| {
        begins(prose, at, UNTIL) || matches!(prose.fold(at), "to" | "au" | "al" | "scade" | "a")
    };
    let is_day = |at: usize| prose.text(at).starts_with(|c: char| c.is_ascii_digit());
    let link = (to..to + APART).find(|&at| joins(at))?;
    if (to..link).any(|at| prose.text(at).ends_with('.')) {
        return None;
    }
    let is_month = |at: usize| prose.text(at).starts_with(char::is_uppercase) && is_day(at + 1);
    (link + 1..link + 5).find(|&at| is_day(at) || is_month(at))
}

/// `as of the date first written above`, `the date of this letter`
fn speaks_of_its_head(prose: &Prose<'_>) -> bool {
    let greets = |at: usize| begins_row(prose, at) && prose.fold(at) == "dear";
    (0..prose.tokens.len().min(120)).any(greets)
        || (0..prose.tokens.len()).any(|at| {
            let next = |step: usize| prose.fold(at + step);
            prose.fold(at) == "date"
                && (next(1) == "first"
                    && matches!(next(2), "above" | "written" | "set" | "mentioned")
                    || next(1) == "of" && matches!(next(2), "this" | "the") && next(3) == "letter"
                    || next(1) == "hereof" && prose.fold(0) != "agreement")
        })
}

/// The day on which it ends.
pub(super) fn end_date(doc: &Doc<'_>, prose: &Prose<'_>) -> Option<Candidate<CalendarDate>> {
    const REACH: usize = 8;
    dates(doc, prose).into_iter().find_map(|(at, _, span)| {
        let (from, end) = sentence(prose, at);
        let near = at.saturating_sub(REACH).max(from)..at;
        let before = at.saturating_sub(14).max(from)..at;
        let ranges = before.into_iter().any(|word| range_end(prose, word) == Some(at));
        let until = ranges || near.into_iter().any(|word| begins(prose, word, UNTIL));
        let others = (from..at).any(|word| begins(prose, word, OTHERS));
        let speaks = (from..end).any(|word| speaks_of_agreement(prose, word))
            || (from.saturating_sub(12)..from).any(|word| speaks_of_agreement(prose, word));
        // `Termina em 2 de maio de 2027.`
        let is_all = at - from <= 4 && end - at <= 7;
        (until && (speaks || ranges || is_all) && !others).then(|| Candidate::from_span(span, 0.75))
    })
}

fn speaks_of_agreement(prose: &Prose<'_>, at: usize) -> bool {
    const WORDS: &[&str] = &[
        "agreement",
        "term",
        "vertrag",
        "contract",
        "contrat",
        "laufzeit",
        "lease",
        "licen",
        "vigencia",
        "duree",
        "duracion",
        "durata",
        "tenancy",
        "engagement",
        "employment",
        "mietverhaltnis",
        "overeenkomst",
        "umow",
    ];
    begins(prose, at, WORDS)
}
