//! The values that stand alone: account and tax numbers, addresses of e-mail, phones.

use crate::layout::Segment;
use crate::lexicon::Label;
use crate::spans::{Span, email_in, iban_at, is_phone, vat_id_in};

use super::doc::{Candidate, Doc, Place};
use super::numbers::identifiers_in;

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
