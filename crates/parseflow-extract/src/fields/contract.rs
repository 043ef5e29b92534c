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
mod signing;
mod standing;
mod term;
pub(crate) mod trust;

use parseflow_model::DocumentType;
use serde_json::Value;

use dates::{effective_date, end_date};
use law::governing_law;
use preamble::parties;
use term::term;
use trust::{Found, Judged, Sides};

use super::Reading;
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
    let facts = Facts::of(doc, &prose);
    let (confidence, judged) = facts.judged(&prose, trust::shipped());
    let share = |path: &str| {
        let own = judged.iter().find(|judged| judged.path == path);
        own.map_or(0.0, |judged| judged.share)
    };
    let mut out = Evidence::new(doc);
    let mut put = |name: String, found: Option<Candidate<String>>| {
        let value = found.map(super::text_value);
        let share = share(&name);
        out.put(name, value.as_ref().map(|value| (value, share)))
    };
    let names = facts.sides.parties.into_iter().enumerate();
    let names = names.map(|(index, party)| put(format!("parties[{index}]"), Some(party)));
    let data = object([
        ("type", DocumentType::Contract.as_str().into()),
        ("parties", Value::Array(names.collect())),
        ("effectiveDate", put("effectiveDate".to_owned(), facts.effective.best)),
        ("endDate", put("endDate".to_owned(), facts.end)),
        ("term", put("term".to_owned(), facts.term.best)),
        ("governingLaw", put("governingLaw".to_owned(), facts.law.best)),
    ]);
    Reading { data, fields: out.fields, warnings: Vec::new(), confidence, totals_disagree: false }
}

/// What every fact of an agreement is judged by, for training.
#[cfg(feature = "lab")]
pub(crate) fn judged(doc: &Doc<'_>, model: &trust::Weights) -> Vec<trust::Judged> {
    let prose = Prose::of(doc);
    Facts::of(doc, &prose).judged(&prose, model).1
}

/// What an agreement says.
struct Facts {
    sides: Sides,
    effective: Found<String>,
    end: Option<Candidate<String>>,
    term: Found<String>,
    law: Found<String>,
}

impl Facts {
    fn of(doc: &Doc<'_>, prose: &Prose<'_>) -> Facts {
        Facts {
            sides: all_parties(doc, prose),
            effective: effective_date(doc, prose).map(CalendarDate::iso),
            end: end_date(doc, prose).map(|date| date.map(CalendarDate::iso)),
            term: term(prose),
            law: governing_law(doc, prose),
        }
    }

    /// The probability that parties, law, effective date and term are all right, and what each fact is judged by.
    fn judged(&self, prose: &Prose<'_>, model: &trust::Weights) -> (f64, Vec<Judged>) {
        let (singles, of_all) = trust::of_parties(&self.sides, prose);
        let text = |best: &Option<Candidate<String>>| {
            best.as_ref().map_or(Value::Null, |best| Value::from(best.value.clone()))
        };
        let judge = |fact: &'static str, path: &str, value: Value, clues: trust::Clues| {
            let share = trust::probability(model, fact, &clues);
            Judged { fact, path: path.to_owned(), value, clues, share }
        };
        let of = |found: &Found<String>, facts: [&'static str; 2], path, clues| {
            let fact = facts[usize::from(found.best.is_none())];
            judge(fact, path, text(&found.best), clues)
        };
        let names = self.sides.parties.iter().map(|party| Value::from(party.value.clone()));
        let has_end = self.end.is_some();
        let mut judged = vec![
            judge("parties", "parties", Value::Array(names.clone().collect()), of_all),
            of(&self.law, ["law", "law.none"], "governingLaw", trust::of_law(&self.law, prose)),
            of(
                &self.term,
                ["term", "term.none"],
                "term",
                trust::of_term(&self.term, prose, has_end),
            ),
            of(
                &self.effective,
                ["effective", "effective.none"],
                "effectiveDate",
                trust::of_effective(&self.effective, prose),
            ),
        ];
        let whole = trust::of_whole(&judged, prose);
        let whole = judge("whole", "", Value::Null, whole);
        let confidence = whole.share;
        judged.push(whole);
        for (at, (value, clues)) in names.zip(singles).enumerate() {
            judged.push(judge("party", &format!("parties[{at}]"), value, clues));
        }
        if has_end {
            judged.push(judge("end", "endDate", text(&self.end), vec![("always", 1.0)]));
        }
        (confidence, judged)
    }
}

/// The parties: those of the preamble where each has a legal form or a short name, else those of particulars, lists,
/// short names and signatures, whichever names two first.
fn all_parties(doc: &Doc<'_>, prose: &Prose<'_>) -> Sides {
    /// The place of those of the preamble among the lists.
    const NAMED: usize = 4;
    let named = parties(prose);
    let is_english = (0..prose.tokens.len().min(OPENING_WORDS))
        .any(|at| matches!(prose.fold(at), "between" | "among" | "amongst"));
    let is_sure = |party: &Candidate<String>| party.score >= 0.8;
    let is_plain = named.first().is_some_and(is_sure) && is_english;
    let is_clear = named.len() >= 2 && (is_plain || named.iter().all(is_sure));
    let lists = vec![
        rows::particulars(doc, prose),
        rows::headed(doc),
        sides::numbered(prose),
        introduced::introduced(prose),
        named.clone(),
        introduced::paired(prose),
        rows::signed(doc),
    ];
    if is_clear {
        let fuller = standing::fuller(prose, &named, &lists[..NAMED]);
        return Sides { parties: fuller.unwrap_or(named), lists };
    }
    let mut others = lists.clone();
    let first = others.iter().position(|found| found.len() >= 2).unwrap_or(NAMED);
    let first = others.remove(first);
    Sides { parties: standing::best(prose, first, others), lists }
}

/// Adds a party that is not known by the same name.
fn add(found: &mut Vec<Candidate<String>>, party: Candidate<String>) {
    if !found.iter().any(|known| names::same_name(&known.value, &party.value)) {
        found.push(party);
    }
}

#[cfg(test)]
mod tests;
