//! The dates of a document: of issue and of payment.

use crate::lexicon::{Label, folded};
use crate::spans::{CalendarDate, Span};

use super::doc::{Candidate, Doc, Place, stands_under};
use super::rank::{Clue, Clues, Contest, Weighed, best_of};
use super::table::table_head;

/// The dates that matter: of issue and of payment.
pub(super) struct Dates {
    pub(super) issued: Option<Candidate<CalendarDate>>,
    pub(super) due: Option<Candidate<CalendarDate>>,
}

/// Finds both dates; the due date is never before the date of issue.
pub(super) fn dates(doc: &Doc<'_>, number: Option<&Candidate<String>>) -> Dates {
    let issued = best_of(issue_dates(doc, number));
    let due = best_of(due_dates(doc, issued.as_ref()))
        .or_else(|| payable_until(doc, issued.as_ref()))
        .or_else(|| due_after_days(doc, issued.as_ref()?));
    Dates { issued, due }
}

/// Dates of issue that labels announce, else those that stand alone.
pub(super) fn issue_dates(
    doc: &Doc<'_>,
    number: Option<&Candidate<String>>,
) -> Vec<Weighed<CalendarDate>> {
    let is_number = |date: &Candidate<CalendarDate>| {
        number.is_some_and(|number| number.row == date.row && number.bounds == date.bounds)
    };
    let number_row = number.map(|number| number.row);
    let mut found = labelled_dates(doc, Label::InvoiceDate, number_row);
    found.retain(|date| !is_number(&date.found));
    if found.is_empty() {
        found = unlabelled_dates(doc, number_row);
        found.retain(|date| !is_number(&date.found));
    }
    found
}

/// Last days to pay that labels announce.
pub(super) fn due_dates(
    doc: &Doc<'_>,
    issued: Option<&Candidate<CalendarDate>>,
) -> Vec<Weighed<CalendarDate>> {
    let mut found = labelled_dates(doc, Label::DueDate, None);
    found.retain(|due| issued.is_none_or(|issued| due.found.value >= issued.value));
    found
}

fn labelled_dates(
    doc: &Doc<'_>,
    label: Label,
    number_row: Option<usize>,
) -> Vec<Weighed<CalendarDate>> {
    let contest = if label == Label::DueDate { Contest::Due } else { Contest::Issued };
    let mut found = Vec::new();
    for hit in doc.hits_of(label) {
        let is_head = doc.is_table_head(hit);
        // The days in a table of items are those of the items.
        let of_items = is_head && table_head(doc, hit.row).is_some();
        let values = doc.values_for(hit, |segment| doc.dates_in(segment));
        for (index, (place, span)) in values.into_iter().enumerate() {
            let clue = match place {
                Place::SameSegment if span.words.0 <= hit.words.1 + 1 => Clue::Next,
                Place::SameSegment => Clue::Later,
                Place::Right => Clue::Right,
                Place::Below if is_head => Clue::BelowHead,
                Place::Below => Clue::Below,
            };
            let in_column = place == Place::Below && stands_under(&span, hit);
            let clues = Clues::of(contest)
                .with_log(Clue::Strength, hit.strength)
                .and(clue)
                .and_if(in_column, Clue::InColumn)
                .with_log(Clue::Order, 1.0 - 0.15 * index.min(4) as f64)
                .with_log(Clue::Down, 1.0 - 0.1 * doc.depth(hit.row))
                .and_if(of_items, Clue::OfItems)
                .and_if(number_row == Some(span.row), Clue::BesideNumber)
                .and_if(in_range(doc, &span), Clue::InRange);
            found.push(Weighed::new(span, clues));
        }
    }
    found
}

/// Dates of the first page that no other label claims, topmost first.
fn unlabelled_dates(doc: &Doc<'_>, number_row: Option<usize>) -> Vec<Weighed<CalendarDate>> {
    let mut found = Vec::new();
    let height = doc.page(1).map_or(f64::MAX, |page| page.height);
    for (index, row) in doc.rows.iter().enumerate().filter(|(_, row)| row.page == 1) {
        let claimed = doc
            .hits_in_row(index)
            .iter()
            .any(|hit| matches!(hit.label, Label::Other | Label::DueDate | Label::PurchaseOrder));
        for (segment, span) in row
            .segments
            .iter()
            .flat_map(|segment| doc.dates_in(segment).into_iter().map(move |span| (segment, span)))
        {
            let clues = Clues::of(Contest::BareDate);
            let clues = match claimed {
                true => clues.and(Clue::Claimed),
                false => {
                    clues.and(Clue::Unclaimed).with_log(Clue::FarDown, 1.0 - 0.5 * doc.depth(index))
                }
            };
            let before = span.words.0.checked_sub(1).map(|at| segment.words[at].text.as_str());
            let is_whole = span.words == (0, segment.words.len());
            let near_number = number_row.is_some_and(|row| row.abs_diff(index) <= 1);
            let clues = clues
                .and_if(in_range(doc, &span), Clue::InRange)
                .and_if(is_whole, Clue::Whole)
                .and_if(before.is_some_and(|word| word.ends_with(',')), Clue::AfterPlace)
                .and_if(before.is_some_and(|word| word.ends_with(':')), Clue::AfterColon)
                .and_if(span.bounds.y0 < 0.4 * height, Clue::Top)
                .and_if(near_number, Clue::BesideNumber);
            found.push(Weighed::new(span, clues));
        }
    }
    found
}

/// Words and marks between the first and the last day of a period, folded; marks fold to nothing.
const THROUGH: &[&str] =
    &["", "bis", "to", "through", "au", "al", "ao", "do", "a", "till", "til", "tot", "tm", "az"];

/// Whether a date is the first or the last day of a period: another stands before or behind such a word.
fn in_range(doc: &Doc<'_>, span: &Span<CalendarDate>) -> bool {
    let segments = doc.rows[span.row].segments.iter();
    let mut own = segments.filter(|segment| segment.bounds.overlap_x(span.bounds) > 0.0);
    own.any(|segment| {
        let is_joined = |from: usize, to: usize| {
            to == from + 1 && THROUGH.contains(&folded(&segment.words[from].text).as_str())
        };
        let mut dates = doc.dates_in(segment).into_iter();
        dates.any(|other| {
            is_joined(span.words.1, other.words.0) || is_joined(other.words.1, span.words.0)
        })
    })
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
                let clues = Clues::of(Contest::Due).and(Clue::Until);
                return Some(Weighed::new(span, clues).found);
            }
            // A sentence about paying that names one day to come means that day.
            let is_later = issued.is_some_and(|issued| span.value > issued.value);
            if is_single && is_later && folds.len() >= 4 && only.is_none() {
                let clues = Clues::of(Contest::Due).and(Clue::OnlyDay);
                only = Some(Weighed::new(span, clues).found);
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
                let clues = Clues::of(Contest::Due)
                    .and(Clue::Counted)
                    .with_log(Clue::Strength, issued.score.min(1.0));
                let mut candidate = Weighed::new(span, clues).found;
                candidate.source = parseflow_model::FieldSource::Derived;
                return Some(candidate);
            }
        }
    }
    None
}
