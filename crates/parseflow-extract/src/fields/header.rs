//! The values that stand alone: the dates of a document, account and tax numbers.

use crate::layout::Segment;
use crate::lexicon::{Label, folded};
use crate::spans::{CalendarDate, Span, email_in, iban_at, is_phone, vat_id_in};

use super::doc::{Candidate, Doc, Place};
use super::numbers::identifiers_in;
use super::table::table_head;

/// The dates that matter: of issue and of payment.
pub(super) struct Dates {
    pub(super) issued: Option<Candidate<CalendarDate>>,
    pub(super) due: Option<Candidate<CalendarDate>>,
}

/// Finds both dates; the due date is never before the date of issue.
pub(super) fn dates(doc: &Doc<'_>, number: Option<&Candidate<String>>) -> Dates {
    let is_number = |date: &Candidate<CalendarDate>| {
        number.is_some_and(|number| number.row == date.row && number.bounds == date.bounds)
    };
    let mut issued: Vec<Candidate<CalendarDate>> = labelled_dates(doc, Label::InvoiceDate);
    issued.retain(|date| !is_number(date));
    for candidate in &mut issued {
        let beside_number = number.is_some_and(|number| number.row == candidate.row);
        if beside_number {
            candidate.score += 0.2;
        }
    }
    if issued.is_empty() {
        issued = unlabelled_dates(doc);
        issued.retain(|date| !is_number(date));
    }
    let issued = best_of(issued);
    let due = labelled_dates(doc, Label::DueDate)
        .into_iter()
        .filter(|candidate| issued.as_ref().is_none_or(|issued| candidate.value >= issued.value));
    let due = best_of(due.collect())
        .or_else(|| payable_until(doc, issued.as_ref()))
        .or_else(|| due_after_days(doc, issued.as_ref()?));
    Dates { issued, due }
}

fn labelled_dates(doc: &Doc<'_>, label: Label) -> Vec<Candidate<CalendarDate>> {
    let mut found = Vec::new();
    for hit in doc.hits_of(label) {
        let is_head = doc.is_table_head(hit);
        // The days in a table of items are those of the items.
        let of_items = if is_head && table_head(doc, hit.row).is_some() { 0.4 } else { 1.0 };
        let values = doc.values_for(hit, |segment| doc.dates_in(segment));
        for (index, (place, span)) in values.into_iter().enumerate() {
            let near = match place {
                Place::SameSegment if span.words.0 <= hit.words.1 + 1 => 1.0,
                Place::SameSegment => 0.8,
                Place::Right => 0.95,
                Place::Below if is_head => 0.95,
                Place::Below => 0.6,
            };
            let order = 1.0 - 0.15 * index.min(4) as f64;
            let early = 1.0 - 0.1 * (hit.row as f64 / doc.rows.len().max(1) as f64);
            found.push(Candidate::from_span(span, hit.strength * near * order * early * of_items));
        }
    }
    found
}

/// Dates of the first page that no other label claims, topmost first.
fn unlabelled_dates(doc: &Doc<'_>) -> Vec<Candidate<CalendarDate>> {
    let mut found = Vec::new();
    for (index, row) in doc.rows.iter().enumerate().filter(|(_, row)| row.page == 1) {
        let claimed = doc
            .hits_in_row(index)
            .iter()
            .any(|hit| matches!(hit.label, Label::Other | Label::DueDate | Label::PurchaseOrder));
        for span in row.segments.iter().flat_map(|segment| doc.dates_in(segment)) {
            let score =
                if claimed { 0.1 } else { 0.4 - 0.2 * index as f64 / doc.rows.len() as f64 };
            found.push(Candidate::from_span(span, score));
        }
    }
    found
}

/// Words that speak of paying, folded.
const PAYING: &[&str] = &[
    "payable",
    "remit",
    "settle",
    "pay",
    "payment",
    "due",
    "zahlbar",
    "zahlung",
    "zahlen",
    "uberweisen",
    "begleichen",
    "netto",
    "paiement",
    "payer",
    "regler",
    "betalen",
    "betaling",
    "pago",
    "pagar",
    "pagamento",
    "pagare",
    "terms",
    "innerhalb",
    "binnen",
    "within",
    "platne",
    "platnosci",
    "zaplaty",
    "pagavel",
    "bonifico",
    "reglement",
    "virement",
    "transferencia",
    "abonen",
    "vence",
    "gelieve",
    "voldoen",
    "maken",
    "przelew",
    "zaplate",
    "uberweisung",
    "zahlungsfrist",
    "betalas",
    "betala",
    "betalt",
    "betales",
    "betal",
    "bedes",
    "forfald",
    "forfalder",
    "forfaller",
    "maksettava",
    "maksu",
    "maksaa",
    "uhradte",
    "uhradit",
    "uhrada",
    "splatnost",
    "zaplatte",
    "debit",
    "debited",
    "collect",
    "collected",
    "charged",
    "autopay",
    "belastet",
    "belastung",
    "abgebucht",
    "abbuchung",
    "eingezogen",
    "einzug",
    "lastschrift",
    "prelevement",
    "preleve",
    "domicilie",
    "domiciliering",
    "geind",
    "incasso",
    "addebito",
    "adeudo",
    "domiciliacion",
    "autogiro",
    "trekkes",
    "traekkes",
    "dras",
    "inkaso",
    "inkasovana",
    "veloitetaan",
    "suoraveloitus",
    "betalingsservice",
];

/// Words that stand before the last day to pay, folded.
const UNTIL: &[&str] = &[
    "bis",
    "zum",
    "by",
    "until",
    "before",
    "le",
    "au",
    "op",
    "voor",
    "uiterlijk",
    "entro",
    "il",
    "el",
    "del",
    "on",
    "am",
    "do",
    "ate",
    "senast",
    "senest",
    "den",
    "dne",
    "til",
    "till",
    "tegen",
    "after",
    "nejpozdeji",
    "viimeistaan",
    "date",
];

/// `zahlbar … bis 04.04.2018`, `please pay by 4 April`: the first date after such words.
fn payable_until(
    doc: &Doc<'_>,
    issued: Option<&Candidate<CalendarDate>>,
) -> Option<Candidate<CalendarDate>> {
    let mut only = None;
    for segment in doc.rows.iter().flat_map(|row| &row.segments) {
        let folds: Vec<String> = segment.words.iter().map(|word| folded(&word.text)).collect();
        let is_paying = |fold: &str| PAYING.contains(&fold);
        if !folds.iter().any(|fold| is_paying(fold)) {
            continue;
        }
        let dates = doc.dates_in(segment);
        let is_single = dates.len() == 1;
        for span in dates {
            let before = span.words.0.checked_sub(1).map(|at| folds[at].as_str());
            let until = before.is_some_and(|before| UNTIL.contains(&before) || is_paying(before));
            if until && issued.is_none_or(|issued| span.value >= issued.value) {
                return Some(Candidate::from_span(span, 0.6));
            }
            // A sentence about paying that names one day to come means that day.
            let is_later = issued.is_some_and(|issued| span.value > issued.value);
            if is_single && is_later && folds.len() >= 4 && only.is_none() {
                only = Some(Candidate::from_span(span, 0.5));
            }
        }
    }
    only
}

/// `payable within 30 days`, `innerhalb von 14 Tagen`, `Net 30`: counted from the date of issue.
fn due_after_days(
    doc: &Doc<'_>,
    issued: &Candidate<CalendarDate>,
) -> Option<Candidate<CalendarDate>> {
    for segment in doc.rows.iter().flat_map(|row| &row.segments) {
        let folds: Vec<String> = segment.words.iter().map(|word| folded(&word.text)).collect();
        let whole = folds.join(" ");
        let is_discount = ["skonto", "discount", "escompte", "sconto", "descuento", "korting"]
            .iter()
            .any(|word| whole.contains(word));
        for (at, fold) in folds.iter().enumerate() {
            let Some(days) = fold.parse::<u32>().ok().filter(|days| (1..=180).contains(days))
            else {
                continue;
            };
            let next = folds.get(at + 1).map(String::as_str).unwrap_or_default();
            let is_days = matches!(
                next,
                "days"
                    | "tage"
                    | "tagen"
                    | "jours"
                    | "dagen"
                    | "dias"
                    | "giorni"
                    | "dni"
                    | "dnu"
                    | "dnech"
                    | "dagar"
                    | "dage"
                    | "dager"
                    | "paivaa"
                    | "pv"
            );
            let is_net = at > 0 && folds[at - 1] == "net" && (next.is_empty() || is_days);
            let pays = folds.iter().any(|fold| PAYING.contains(&fold.as_str()));
            if (is_days && pays && !is_discount) || is_net {
                let span =
                    Span::of(segment, at, (at + 2).min(folds.len()), issued.value.plus_days(days));
                let mut candidate = Candidate::from_span(span, 0.6 * issued.score.min(1.0));
                candidate.source = parseflow_model::FieldSource::Derived;
                return Some(candidate);
            }
        }
    }
    None
}

fn best_of<T>(candidates: Vec<Candidate<T>>) -> Option<Candidate<T>> {
    candidates.into_iter().reduce(|best, next| if next.score > best.score { next } else { best })
}

/// Account numbers with right check digits first, then those that a label announces.
pub(super) fn iban(doc: &Doc<'_>) -> Option<(Candidate<String>, bool)> {
    let mut best: Option<(Candidate<String>, bool)> = None;
    for segment in doc.rows.iter().flat_map(|row| &row.segments) {
        for at in 0..segment.words.len() {
            let Some((value, to, valid)) = iban_at(&segment.words, at) else { continue };
            let labelled = doc.hits_of(Label::Iban).any(|hit| hit.row.abs_diff(segment.row) <= 1);
            if !valid && !labelled {
                continue;
            }
            let score = if valid { 0.9 } else { 0.5 } + if labelled { 0.1 } else { 0.0 };
            if best.as_ref().is_none_or(|(known, _)| score > known.score) {
                best = Some((Candidate::from_span(Span::of(segment, at, to, value), score), valid));
            }
        }
    }
    best.or_else(|| odd_iban(doc))
}

/// What stands behind the label of an account number and begins like one, whatever its length.
fn odd_iban(doc: &Doc<'_>) -> Option<(Candidate<String>, bool)> {
    let spans = |segment: &Segment| {
        let at = (0..segment.words.len()).find(|&at| begins_as_iban(&segment.words[at].text));
        let Some(at) = at else { return Vec::new() };
        let mut value = String::new();
        let mut to = at;
        while let Some(word) = segment.words.get(to) {
            let part = word.text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            let fits = part.bytes().any(|b| b.is_ascii_digit())
                && part.bytes().all(|b| b.is_ascii_alphanumeric())
                && value.len() + part.len() <= 34;
            if !fits {
                break;
            }
            value.push_str(&part.to_ascii_uppercase());
            to += 1;
        }
        let long = value.len() >= 14;
        if long { vec![Span::of(segment, at, to, value)] } else { Vec::new() }
    };
    let mut hits = doc.hits_of(Label::Iban);
    hits.find_map(|hit| {
        let (_, span) = doc.values_for(hit, spans).into_iter().next()?;
        Some((Candidate::from_span(span, 0.35), false))
    })
}

fn begins_as_iban(text: &str) -> bool {
    let bytes = text.trim_matches(|c: char| !c.is_ascii_alphanumeric()).as_bytes();
    bytes.len() >= 4
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
}

/// All VAT numbers with a country, in reading order; labelled ones score higher.
pub(super) fn vat_ids(doc: &Doc<'_>) -> Vec<Candidate<String>> {
    let mut found: Vec<Candidate<String>> = Vec::new();
    for segment in doc.rows.iter().flat_map(|row| &row.segments) {
        let mut at = 0;
        while at < segment.words.len() {
            if iban_at(&segment.words, at).is_some() {
                break;
            }
            let Some((value, to)) = vat_id_in(&segment.words, at) else {
                at += 1;
                continue;
            };
            let labelled = doc.hits.iter().any(|hit| {
                matches!(hit.label, Label::VatId | Label::TaxNumber | Label::Tax)
                    && hit.row.abs_diff(segment.row) <= 1
            });
            if !found.iter().any(|known| known.value == value) {
                let score = if labelled { 1.0 } else { 0.7 };
                found.push(Candidate::from_span(Span::of(segment, at, to, value), score));
            }
            at = to;
        }
    }
    found
}

/// Tax numbers without a country, known by their label only.
pub(super) fn tax_numbers(doc: &Doc<'_>) -> Vec<Candidate<String>> {
    let mut found = Vec::new();
    for label in [Label::VatId, Label::TaxNumber] {
        for hit in doc.hits_of(label) {
            let values = doc.values_for(hit, |segment| identifiers_in(doc, segment));
            let near = values.into_iter().find(|(place, span)| {
                *place != Place::Below
                    && span.value.chars().filter(char::is_ascii_digit).count() >= 7
            });
            if let Some((_, span)) = near {
                found.push(Candidate::from_span(span, 0.8 * hit.strength));
            }
        }
    }
    found
}

/// All e-mail addresses.
pub(super) fn emails(doc: &Doc<'_>) -> Vec<Candidate<String>> {
    let mut found = Vec::new();
    for segment in doc.rows.iter().flat_map(|row| &row.segments) {
        for (at, word) in segment.words.iter().enumerate() {
            if let Some(email) = email_in(&word.text) {
                found.push(Candidate::from_span(Span::of(segment, at, at + 1, email), 0.8));
            }
        }
    }
    found
}

/// Phone numbers announced by a label.
pub(super) fn phones(doc: &Doc<'_>) -> Vec<Candidate<String>> {
    let phones_in = |segment: &Segment| {
        let mut found = Vec::new();
        for at in 0..segment.words.len() {
            let ends = (at + 1..=segment.words.len().min(at + 7)).rev();
            let longest = ends.map(|to| (to, crate::spans::joined(&segment.words[at..to])));
            let longest =
                longest.map(|(to, text)| (to, text.trim_end_matches([',', ';', '.']).to_owned()));
            if let Some((to, text)) = longest.into_iter().find(|(_, text)| is_phone(text)) {
                found.push(Span::of(segment, at, to, text));
                break;
            }
        }
        found
    };
    let mut found = Vec::new();
    for hit in doc.hits_of(Label::Phone) {
        let first = doc.values_for(hit, phones_in).into_iter().next();
        if let Some((place, span)) = first.filter(|(place, _)| *place != Place::Below) {
            let near = if place == Place::SameSegment { 0.9 } else { 0.8 };
            found.push(Candidate::from_span(span, near * hit.strength));
        }
    }
    found
}
