//! The currency of the document: the code or sign printed most, codes before signs.

use std::collections::BTreeMap;

use parseflow_model::FieldSource;

use crate::lexicon::folded;
use crate::spans::{Span, currency_of};

use super::country;
use super::doc::{Candidate, Doc};
use super::header;

/// ISO 4217 with the evidence for it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Currency {
    pub(super) found: Candidate<String>,
    pub(super) confidence: f64,
}

/// Counts codes and signs, those beside numbers three times.
pub(super) fn currency(doc: &Doc<'_>) -> Option<Currency> {
    let mut counts: BTreeMap<&'static str, (usize, Option<Candidate<String>>)> = BTreeMap::new();
    let mut count = |code: &'static str, weight: usize, place: Candidate<String>| {
        let entry = counts.entry(code).or_default();
        entry.0 += weight;
        entry.1.get_or_insert(place);
    };
    for segment in doc.rows.iter().flat_map(|row| &row.segments) {
        for (at, word) in segment.words.iter().enumerate() {
            if let Some(code) = currency_of(&word.text) {
                let announced = at > 0
                    && matches!(
                        folded(&segment.words[at - 1].text).as_str(),
                        "currency"
                            | "wahrung"
                            | "devise"
                            | "valuta"
                            | "moneda"
                            | "divisa"
                            | "waluta"
                            | "moeda"
                            | "rechnungswahrung"
                    );
                let weight = if announced { 6 } else { 1 };
                count(
                    code,
                    weight,
                    Candidate::from_span(Span::of(segment, at, at + 1, code.to_owned()), 0.9),
                );
            }
        }
    }
    for span in doc.numbers.iter().flatten().flatten() {
        if let Some(code) = span.value.currency {
            count(code, 3, Candidate::from_span(span.clone(), 0.9).map(|_| code.to_owned()));
        }
    }
    // A dollar sign is whichever dollar the document spells out, a `kr` whichever crown.
    for (sign, codes) in SHARED_SIGNS {
        let votes = counts.get(sign).map_or(0, |entry| entry.0);
        for code in *codes {
            if let Some(entry) = counts.get_mut(code) {
                entry.0 += votes;
            }
        }
    }
    if counts.is_empty() {
        return of_seller(doc);
    }
    let total: usize = counts.values().map(|entry| entry.0).sum();
    let (code, (votes, place)) = counts.into_iter().max_by_key(|(_, entry)| entry.0)?;
    let share = votes.min(total) as f64 / total.max(1) as f64;
    let mut found = place?;
    if let Some(own) = country::currency_of_sign(doc, code) {
        found.value = own.to_owned();
    }
    Some(Currency { found, confidence: 0.6 + 0.38 * share })
}

/// What a sign is taken for where nothing else is known, and the other currencies that print it.
const SHARED_SIGNS: &[(&str, &[&str])] =
    &[("USD", &["CAD", "AUD", "SGD", "HKD", "NZD"]), ("SEK", &["DKK", "NOK", "ISK"])];

/// Where no page names a currency: that of the country in the account or tax number, all being of one.
fn of_seller(doc: &Doc<'_>) -> Option<Currency> {
    const EURO: &[&str] = &[
        "AT", "BE", "CY", "DE", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PT", "SI", "SK",
    ];
    let code = |number: &str| {
        let country = number.get(..2)?;
        match country {
            _ if EURO.contains(&country) => Some("EUR"),
            "GB" => Some("GBP"),
            "CH" | "LI" => Some("CHF"),
            "PL" => Some("PLN"),
            "CZ" => Some("CZK"),
            "DK" => Some("DKK"),
            "SE" => Some("SEK"),
            "NO" => Some("NOK"),
            _ => None,
        }
    };
    // An account alone may be kept in any currency.
    let mut numbers = header::vat_ids(doc);
    if numbers.is_empty() {
        return None;
    }
    numbers.extend(header::iban(doc).map(|(number, _)| number));
    let codes: Vec<&str> =
        numbers.iter().map(|number| code(&number.value)).collect::<Option<_>>()?;
    let first = *codes.first()?;
    let mut found = numbers.into_iter().next()?.map(|_| first.to_owned());
    found.source = FieldSource::Derived;
    codes.iter().all(|code| *code == first).then_some(Currency { found, confidence: 0.75 })
}
