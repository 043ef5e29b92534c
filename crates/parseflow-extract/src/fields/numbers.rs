//! The numbers of a document and of the order it bills.

use crate::layout::Segment;
use crate::lexicon::{Label, folded, label_of};
use crate::spans::{CalendarDate, Span, is_iban_shape, vat_id_in};

use super::doc::{Candidate, Doc, Hit, Place};

/// The number of the invoice or receipt.
pub(super) fn document_number(doc: &Doc<'_>) -> Option<Candidate<String>> {
    let mut best: Option<Candidate<String>> = None;
    let usual = doc.usual_size();
    for hit in doc.hits_of(Label::InvoiceNumber) {
        let is_head = doc.is_table_head(hit);
        for (place, span) in doc.values_for(hit, |segment| identifiers_in(doc, segment)) {
            let near = match place {
                Place::SameSegment if span.words.0 == hit.words.1 => 1.0,
                // `Gutschrift (selbst ausgestellt) Nr. 4711`
                Place::SameSegment if is_number_word(doc.segment(hit), span.words.0) => 0.97,
                Place::SameSegment => 0.6,
                Place::Right => 0.95,
                Place::Below if is_head && hit.strength > 0.7 => 0.95,
                Place::Below if hit.strength >= 0.9 => 0.7,
                // Of `Number` and the like only what stands in their column, or after a `#` under a title.
                Place::Below if is_head || is_right_under(&span, hit) => 0.85,
                Place::Below if span.raw.starts_with('#') => 0.85,
                Place::Below => 0.3,
            };
            // A bare word such as "Invoice" announces only what looks like a number of its own.
            let digits = span.value.chars().filter(char::is_ascii_digit).count();
            let shape = if digits >= 3 { 1.0 } else { 0.8 };
            if hit.strength < 0.8 && digits < 2 && !span.raw.starts_with('#') {
                continue;
            }
            let early = 1.0 - 0.1 * (hit.row as f64 / doc.rows.len().max(1) as f64);
            // The number in the title is the document's own.
            let size = doc.segment(hit).words.get(hit.words.0).map_or(0.0, |word| word.size);
            let in_title = place == Place::SameSegment && size > 1.25 * usual;
            let large = if in_title { 1.5 } else { 1.0 };
            let score = (hit.strength * near * shape * early * large).min(1.0);
            keep_best(&mut best, Candidate::from_span(span, score));
        }
    }
    let best = best.or_else(|| number_in_title(doc));
    let sure = best.as_ref().is_some_and(|best| best.score >= 0.55);
    let dated = if sure { None } else { number_like_date(doc) };
    dated.or(best).filter(|candidate| candidate.score >= 0.3)
}

/// `Electricity bill 2062-0349`: words and one number in large print at the top, where no label announces any.
fn number_in_title(doc: &Doc<'_>) -> Option<Candidate<String>> {
    const WORDS_MAX: usize = 6;
    let usual = doc.usual_size();
    let height = doc.page(1).map_or(f64::MAX, |page| page.height);
    let segments = doc.rows.iter().filter(|row| row.page == 1).flat_map(|row| &row.segments);
    let is_title = |segment: &&Segment| {
        let size = segment.words.first().map_or(0.0, |word| word.size);
        size > 1.2 * usual && segment.bounds.y0 < 0.5 * height && segment.words.len() <= WORDS_MAX
    };
    segments.filter(is_title).find_map(|segment| {
        let mut numbers = identifiers_in(doc, segment).into_iter();
        let (number, more) = (numbers.next()?, numbers.next());
        let digits = number.value.bytes().filter(u8::is_ascii_digit).count();
        let ends = number.words.0 > 0 && number.words.1 == segment.words.len();
        (more.is_none() && ends && digits >= 4).then(|| Candidate::from_span(number, 0.58))
    })
}

/// `Invoice no.: 12/03/2024`: behind a label that leaves no doubt, where other dates are printed as well.
fn number_like_date(doc: &Doc<'_>) -> Option<Candidate<String>> {
    let segments = || doc.rows.iter().flat_map(|row| &row.segments);
    let mut dates: Vec<CalendarDate> =
        segments().flat_map(|segment| doc.dates_in(segment)).map(|span| span.value).collect();
    dates.sort_unstable();
    dates.dedup();
    if dates.len() < 2 {
        return None;
    }
    let mut best = None;
    for hit in doc.hits_of(Label::InvoiceNumber).filter(|hit| hit.strength > 0.9) {
        let is_head = doc.is_table_head(hit);
        let words = |segment: &Segment| -> Vec<Span<String>> {
            let dates = doc.dates_in(segment).into_iter();
            let single = dates.filter(|span| span.words.1 == span.words.0 + 1);
            let text = |span: &Span<_>| segment.words[span.words.0].text.clone();
            single.map(|span| Span::of(segment, span.words.0, span.words.1, text(&span))).collect()
        };
        for (place, span) in doc.values_for(hit, words) {
            let near = match place {
                Place::SameSegment if span.words.0 == hit.words.1 => 1.0,
                Place::Right => 0.95,
                Place::Below if is_head => 0.9,
                Place::Below => 0.7,
                Place::SameSegment => 0.0,
            };
            let trimmed = identifier(&span.value).to_owned();
            let candidate = Candidate::from_span(span, 0.75 * hit.strength * near);
            keep_best(&mut best, candidate.map(|_| trimmed));
        }
    }
    best.filter(|candidate| candidate.score >= 0.45)
}

/// Whether a value has the left edge of the label and is the next thing below it.
fn is_right_under<T>(span: &Span<T>, hit: &Hit) -> bool {
    let gap = span.bounds.y0 - hit.bounds.y1;
    (span.bounds.x0 - hit.bounds.x0).abs() < 2.0 && gap < 0.8 * hit.bounds.height()
}

/// Whether the word before `at` says that a number follows.
fn is_number_word(segment: &Segment, at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| folded(&segment.words[before].text));
    before.is_some_and(|fold| {
        matches!(fold.as_str(), "nr" | "no" | "n" | "number" | "nummer" | "numero" | "num" | "#")
    })
}

/// The number of the order it bills.
pub(super) fn purchase_order(doc: &Doc<'_>) -> Option<Candidate<String>> {
    let mut best: Option<Candidate<String>> = None;
    for hit in doc.hits_of(Label::PurchaseOrder) {
        let is_head = doc.is_table_head(hit);
        for (place, span) in doc.values_for(hit, |segment| identifiers_in(doc, segment)) {
            let near = match place {
                Place::SameSegment if span.words.0 == hit.words.1 => 1.0,
                Place::SameSegment => 0.3,
                Place::Right => 0.95,
                Place::Below if is_head => 0.9,
                Place::Below => 0.5,
            };
            keep_best(&mut best, Candidate::from_span(span, hit.strength * near));
        }
    }
    best.filter(|candidate| candidate.score >= 0.5)
}

fn keep_best<T>(best: &mut Option<Candidate<T>>, candidate: Candidate<T>) {
    if best.as_ref().is_none_or(|known| candidate.score > known.score) {
        *best = Some(candidate);
    }
}

/// Words that can be a document number: a digit in them, but no date, amount, account or tax number.
pub(super) fn identifiers_in(doc: &Doc<'_>, segment: &Segment) -> Vec<Span<String>> {
    let dates = doc.dates_in(segment);
    let in_date = |at: usize| dates.iter().any(|date| (date.words.0..date.words.1).contains(&at));
    let numbers = doc.numbers_in(segment);
    let in_money = |at: usize| {
        numbers.iter().any(|number| {
            (number.words.0..number.words.1).contains(&at)
                && (number.value.is_percent
                    || number.value.currency.is_some()
                    || number.value.decimals == 2)
        })
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < segment.words.len() {
        let raw = segment.words[at].text.as_str();
        // `# INV-4711`
        let sign = at > 0 && segment.words[at - 1].text == "#";
        let text = identifier(raw);
        let in_brackets = raw.starts_with('(') && raw.ends_with(')');
        let has_digit = !in_brackets && text.bytes().any(|b| b.is_ascii_digit());
        let is_prefix = is_prefix(segment, at) && !in_date(at + 1);
        if is_prefix && !in_date(at) {
            let value = format!("{text} {}", identifier(&segment.words[at + 1].text));
            found.push(Span::of(segment, at, at + 2, value));
            at += 2;
            continue;
        }
        let plausible = has_digit
            && text.chars().all(|c| {
                c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.' | '_' | '#' | '+' | '\\')
            })
            && text.len() <= 40
            && !in_date(at)
            && !in_money(at)
            && !is_iban_shape(text)
            && !(text.len() >= 8
                && vat_id_in(&segment.words, at).is_some_and(|(_, to)| to == at + 1));
        if plausible {
            let mut value = text.to_owned();
            let mut to = at + 1;
            // A number printed in groups: `1201 8200 0022`.
            while let Some(next) = segment.words.get(to) {
                let goes_on = value.bytes().all(|b| b.is_ascii_digit() || b == b' ')
                    && (3..=6).contains(&next.text.len())
                    && next.text.bytes().all(|b| b.is_ascii_digit())
                    && !in_date(to)
                    && !in_money(to);
                if !goes_on {
                    break;
                }
                value.push(' ');
                value.push_str(&next.text);
                to += 1;
            }
            let mut span = Span::of(segment, at, to, value);
            if sign {
                span.raw.insert(0, '#');
            }
            found.push(span);
            at = to;
            continue;
        }
        at += 1;
    }
    found
}

fn identifier(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric()).trim_start_matches('#')
}

/// `INV 2026-001`: letters that belong to the number after them.
fn is_prefix(segment: &Segment, at: usize) -> bool {
    let raw = segment.words[at].text.as_str();
    let text = identifier(raw);
    let is_number = |next: &str| {
        next.len() >= 3
            && next.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'/' | b'.'))
    };
    (1..=4).contains(&text.len())
        && !raw.ends_with([':', '.'])
        && !matches!(text, "ID" | "UE" | "EU" | "NO" | "NR")
        && text.bytes().all(|b| b.is_ascii_uppercase())
        && segment.words.get(at + 1).is_some_and(|next| is_number(identifier(&next.text)))
        && label_of(&folded(text)).is_none()
}
