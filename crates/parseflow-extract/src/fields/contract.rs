//! Agreements: who, from when, for how long, under which law. All four stand in sentences.

mod dates;
mod duration;
mod introduced;
mod law;
mod names;
mod places;
mod preamble;
mod roles;
mod rows;
mod sentence;
mod sides;
mod standing;
mod term;

use parseflow_model::DocumentType;
use serde_json::{Map, Value};

use dates::{effective_date, end_date};
use law::governing_law;
use preamble::parties;
use term::term;

use super::Reading;
use super::calibrate::{calibrated, group_of};
use super::doc::{Candidate, Doc};
use super::out::{Evidence, object};
use super::prose::Prose;
use crate::spans::CalendarDate;

/// Words of the beginning in which parties and date are introduced.
const OPENING_WORDS: usize = 700;
/// Parties of one agreement, at most.
const PARTIES_MAX: usize = 8;

/// Reads an agreement.
pub(super) fn read(doc: &Doc<'_>) -> Reading {
    let prose = Prose::of(doc);
    let mut out = Evidence::new(doc);
    let parties = all_parties(doc, &prose);
    let effective = effective_date(doc, &prose).map(|date| date.map(CalendarDate::iso));
    let end = end_date(doc, &prose).map(|date| date.map(CalendarDate::iso));
    let term = term(&prose);
    let law = governing_law(&prose);
    let mut put = |name: String, found: Option<Candidate<String>>| {
        let value = found.map(super::text_value);
        out.put(name, value.as_ref().map(|value| (value, value.score)))
    };
    let names = parties.into_iter().enumerate();
    let names = names.map(|(index, party)| put(format!("parties[{index}]"), Some(party)));
    let data = object([
        ("type", DocumentType::Contract.as_str().into()),
        ("parties", Value::Array(names.collect())),
        ("effectiveDate", put("effectiveDate".to_owned(), effective)),
        ("endDate", put("endDate".to_owned(), end)),
        ("term", put("term".to_owned(), term)),
        ("governingLaw", put("governingLaw".to_owned(), law)),
    ]);
    let confidence = confidence_of(&data, &out);
    Reading { data, fields: out.fields, warnings: Vec::new(), confidence, totals_disagree: false }
}

/// The probability that parties, law, effective date and term are all right: the product of their own. What was not
/// found is left open by most agreements, and overlooked in some.
fn confidence_of(data: &Map<String, Value>, out: &Evidence<'_, '_>) -> f64 {
    const OVERLOOKED: f64 = 0.8;
    let of = |name: &str| {
        let found = out.fields.iter().find(|field| field.name == name);
        found.map_or(OVERLOOKED, |field| calibrated(group_of(name), field.confidence))
    };
    let facts: f64 = ["governingLaw", "effectiveDate", "term"].into_iter().map(of).product();
    let parties = data["parties"].as_array().map_or(0, Vec::len);
    let of_parties: f64 = (0..parties).map(|index| of(&format!("parties[{index}]"))).product();
    let of_parties = match parties {
        0 => 0.1,
        1 => 0.5 * of_parties,
        _ => of_parties,
    };
    facts * of_parties
}

/// The parties: those of the preamble where each has a legal form or a short name, else those of particulars, lists,
/// short names and signatures, whichever names two first.
fn all_parties(doc: &Doc<'_>, prose: &Prose<'_>) -> Vec<Candidate<String>> {
    let named = parties(prose);
    let is_english = (0..prose.tokens.len().min(OPENING_WORDS))
        .any(|at| matches!(prose.fold(at), "between" | "among" | "amongst"));
    let is_sure = |party: &Candidate<String>| party.score >= 0.8;
    let is_plain = named.first().is_some_and(is_sure) && is_english;
    if named.len() >= 2 && (is_plain || named.iter().all(is_sure)) {
        return named;
    }
    let mut lists = vec![
        rows::particulars(doc, prose),
        sides::numbered(prose),
        introduced::introduced(prose),
        named,
        introduced::paired(prose),
        rows::signed(doc),
    ];
    const NAMED: usize = 3;
    let first = lists.iter().position(|found| found.len() >= 2).unwrap_or(NAMED);
    let first = lists.remove(first);
    standing::best(prose, first, lists)
}

/// Adds a party that is not known by the same name.
fn add(found: &mut Vec<Candidate<String>>, party: Candidate<String>) {
    if !found.iter().any(|known| names::same_name(&known.value, &party.value)) {
        found.push(party);
    }
}

#[cfg(test)]
mod tests;
