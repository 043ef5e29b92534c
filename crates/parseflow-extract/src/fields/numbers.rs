//! The numbers of a document and of the order it bills.

use crate::layout::{Row, Segment};
use crate::lexicon::{Label, folded, label_of};
use crate::spans::{CalendarDate, Span, is_iban_shape, vat_id_in};

use super::blocks::has_postal_code;
use super::doc::{Candidate, Doc, Hit, Place};
use super::party_guess::is_title;
use super::rank::{Clue, Clues, Contest, Weighed, best_of};
use super::table::table_head;

/// The number of the invoice or receipt.
pub(super) fn document_number(doc: &Doc<'_>) -> Option<Candidate<String>> {
    let mut best = best_of(labelled_numbers(doc)).or_else(|| number_in_title(doc));
    if let Some(best) = &mut best {
        best.score = best.score.min(1.0);
    }
    let sure = best.as_ref().is_some_and(|best| best.score >= 0.55);
    let dated = if sure { None } else { best_of(numbers_like_dates(doc)) };
    let dated = dated.filter(|candidate| candidate.score >= 0.45);
    let named = dated.or(best).filter(|found| found.score >= Contest::Number.threshold());
    named.or_else(|| {
        let bare = best_of(bare_numbers(doc))?;
        (bare.score >= Contest::BareNumber.threshold()).then_some(bare)
    })
}

/// Numbers on the upper half of the first page that no label we know announces.
pub(super) fn bare_numbers(doc: &Doc<'_>) -> Vec<Weighed<String>> {
    let mut found = Vec::new();
    let height = doc.page(1).map_or(f64::MAX, |page| page.height);
    let rows = doc.rows.iter().enumerate().filter(|(_, row)| row.page == 1);
    for (index, row) in rows.take_while(|(index, _)| table_head(doc, *index).is_none()) {
        if row.bounds.y0 > 0.6 * height || has_postal_code(&row.text()) {
            continue;
        }
        let is_claimed = |hit: &Hit| {
            matches!(
                hit.label,
                Label::Other
                    | Label::DueDate
                    | Label::PurchaseOrder
                    | Label::Phone
                    | Label::Iban
                    | Label::VatId
                    | Label::TaxNumber
            )
        };
        let claimed = doc.hits_in_row(index).iter().any(is_claimed);
        for (at, segment) in row.segments.iter().enumerate() {
            for span in identifiers_in(doc, segment) {
                let digits = span.value.bytes().filter(u8::is_ascii_digit).count();
                if digits < 3 {
                    continue;
                }
                let before = &segment.words[..span.words.0];
                let left = at.checked_sub(1).map(|left| &row.segments[left]);
                let words = if before.is_empty() {
                    left.map(|left| left.words.as_slice()).unwrap_or_default()
                } else {
                    before
                };
                let says_number = words.iter().any(|word| is_number_fold(&folded(&word.text)));
                let is_named = words.last().is_some_and(|word| word.text.ends_with(':'));
                let is_alone = row.segments.len() == 1 && before.is_empty();
                let near_date =
                    (index.saturating_sub(2)..=index + 2).any(|at| is_beside_date(doc, at));
                let ends = span.words.1 == segment.words.len();
                let clues = Clues::of(Contest::BareNumber)
                    .and(Clue::Always)
                    .and_if(claimed, Clue::Claimed)
                    .and_if(says_number, Clue::NumberWord)
                    .and_if(is_named, Clue::AfterColon)
                    .and_if(!words.is_empty() && words.len() <= 4, Clue::AfterWords)
                    .and_if(is_alone, Clue::Whole)
                    .and_if(!ends, Clue::Between)
                    .and_if(near_date, Clue::BesideDate)
                    .and_if(has_letter(&span.value), Clue::HasLetter)
                    .and_if(digits >= 6, Clue::ManyDigits)
                    .and_if(says_title(row), Clue::BesideTitle)
                    .and_if(index > 0 && says_title(&doc.rows[index - 1]), Clue::UnderTitle)
                    .with(Clue::Depth, doc.depth(index));
                found.push(Weighed::new(span, clues));
            }
        }
    }
    found
}

/// Whether a row of few words names the kind of the bill.
fn says_title(row: &Row) -> bool {
    row.segments.iter().any(|segment| is_title(&segment.text))
}

/// Whether a row holds the label of the date of issue.
fn is_beside_date(doc: &Doc<'_>, row: usize) -> bool {
    doc.hits_in_row(row).iter().any(|hit| hit.label == Label::InvoiceDate)
}

fn has_letter(value: &str) -> bool {
    value.chars().any(char::is_alphabetic)
}

/// The numbers that labels announce.
pub(super) fn labelled_numbers(doc: &Doc<'_>) -> Vec<Weighed<String>> {
    let mut found = Vec::new();
    let usual = doc.usual_size();
    for hit in doc.hits_of(Label::InvoiceNumber) {
        let is_head = doc.is_table_head(hit);
        for (place, span) in doc.values_for(hit, |segment| identifiers_in(doc, segment)) {
            let clue = match place {
                Place::SameSegment if span.words.0 == hit.words.1 => Clue::Next,
                // `Gutschrift (selbst ausgestellt) Nr. 4711`
                Place::SameSegment if is_number_word(doc.segment(hit), span.words.0) => {
                    Clue::NumberWord
                }
                Place::SameSegment => Clue::Later,
                Place::Right => Clue::Right,
                Place::Below if is_head && hit.strength > 0.7 => Clue::BelowHead,
                Place::Below if hit.strength >= 0.9 => Clue::BelowSure,
                // Of `Number` and the like only what stands in their column, or after a `#` under a title.
                Place::Below if is_head || is_right_under(&span, hit) => Clue::BelowNear,
                Place::Below if span.raw.starts_with('#') => Clue::BelowSign,
                Place::Below => Clue::Below,
            };
            // A bare word such as "Invoice" announces only what looks like a number of its own.
            let digits = span.value.chars().filter(char::is_ascii_digit).count();
            if hit.strength < 0.8 && digits < 2 && !span.raw.starts_with('#') {
                continue;
            }
            // The number in the title is the document's own.
            let size = doc.segment(hit).words.get(hit.words.0).map_or(0.0, |word| word.size);
            let in_title = place == Place::SameSegment && size > 1.25 * usual;
            let clues = Clues::of(Contest::Number)
                .with_log(Clue::Strength, hit.strength)
                .and(clue)
                // `Container number: MSKU 123456-7`
                .and_if(hit.words.0 > 0, Clue::Qualified)
                .and_if(digits < 3, Clue::FewDigits)
                .with_log(Clue::Down, 1.0 - 0.1 * doc.depth(hit.row))
                .and_if(in_title, Clue::InTitle)
                .and_if(is_beside_date(doc, span.row), Clue::BesideDate);
            found.push(Weighed::new(span, clues));
        }
    }
    found
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
        let clues = Clues::of(Contest::Number).and(Clue::TitleOnly);
        (more.is_none() && ends && digits >= 4).then(|| Weighed::new(number, clues).found)
    })
}

/// `Invoice no.: 12/03/2024`: behind a label that leaves no doubt, where other dates are printed as well.
pub(super) fn numbers_like_dates(doc: &Doc<'_>) -> Vec<Weighed<String>> {
    let segments = || doc.rows.iter().flat_map(|row| &row.segments);
    let mut dates: Vec<CalendarDate> =
        segments().flat_map(|segment| doc.dates_in(segment)).map(|span| span.value).collect();
    dates.sort_unstable();
    dates.dedup();
    let mut found = Vec::new();
    if dates.len() < 2 {
        return found;
    }
    for hit in doc.hits_of(Label::InvoiceNumber).filter(|hit| hit.strength > 0.9) {
        let is_head = doc.is_table_head(hit);
        let words = |segment: &Segment| -> Vec<Span<String>> {
            let dates = doc.dates_in(segment).into_iter();
            let single = dates.filter(|span| span.words.1 == span.words.0 + 1);
            let text = |span: &Span<_>| segment.words[span.words.0].text.clone();
            single.map(|span| Span::of(segment, span.words.0, span.words.1, text(&span))).collect()
        };
        for (place, span) in doc.values_for(hit, words) {
            let clue = match place {
                Place::SameSegment if span.words.0 == hit.words.1 => Clue::Next,
                Place::SameSegment => continue,
                Place::Right => Clue::Right,
                Place::Below if is_head => Clue::BelowHead,
                Place::Below => Clue::BelowSure,
            };
            let clues = Clues::of(Contest::Number)
                .and(Clue::DateShaped)
                .with_log(Clue::Strength, hit.strength)
                .and(clue);
            let trimmed = identifier(&span.value).to_owned();
            found.push(Weighed::new(span, clues).map(|_| trimmed));
        }
    }
    found
}

/// Whether a value has the left edge of the label and is the next thing below it.
fn is_right_under<T>(span: &Span<T>, hit: &Hit) -> bool {
    let gap = span.bounds.y0 - hit.bounds.y1;
    (span.bounds.x0 - hit.bounds.x0).abs() < 2.0 && gap < 0.8 * hit.bounds.height()
}

/// Whether the word before `at` says that a number follows.
fn is_number_word(segment: &Segment, at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| folded(&segment.words[before].text));
    before.is_some_and(|fold| is_number_fold(&fold))
}

fn is_number_fold(fold: &str) -> bool {
    matches!(fold, "nr" | "no" | "n" | "number" | "nummer" | "numero" | "num" | "#")
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
