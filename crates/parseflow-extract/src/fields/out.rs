//! Collects the values of a document: `data` in its fixed shape, and `fields` with the evidence.

use parseflow_model::{Field, FieldSource};
use serde_json::{Map, Value};

use super::doc::{Candidate, Doc};

/// Rounds to four decimals, as all confidences are given.
pub(crate) fn rounded(confidence: f64) -> f64 {
    (confidence.clamp(0.0, 1.0) * 10_000.0).round() / 10_000.0
}

/// Hundredths as a JSON number that prints as it was printed: `1234.5`, `17`.
pub(super) fn money(cents: i64) -> Value {
    if cents % 100 == 0 { Value::from(cents / 100) } else { Value::from(cents as f64 / 100.0) }
}

/// Ten-thousandths as a JSON number, for quantities and rates.
pub(crate) fn decimal(ten_thousandths: i64) -> Value {
    if ten_thousandths % 10_000 == 0 {
        Value::from(ten_thousandths / 10_000)
    } else {
        Value::from(ten_thousandths as f64 / 10_000.0)
    }
}

/// The evidence list under construction.
pub(super) struct Evidence<'d, 'p> {
    doc: &'d Doc<'p>,
    pub(super) fields: Vec<Field>,
}

impl<'d, 'p> Evidence<'d, 'p> {
    pub(super) fn new(doc: &'d Doc<'p>) -> Self {
        Self { doc, fields: Vec::new() }
    }

    /// Records a value under its path and returns it; null when there is none.
    pub(super) fn put(
        &mut self,
        name: impl Into<String>,
        found: Option<(&Candidate<Value>, f64)>,
    ) -> Value {
        let Some((candidate, confidence)) = found else { return Value::Null };
        let bounds =
            candidate.bounds.and_then(|bounds| self.doc.page(candidate.page)?.fractions(bounds));
        self.fields.push(Field {
            name: name.into(),
            value: candidate.value.clone(),
            raw_text: candidate.raw.clone(),
            confidence: rounded(confidence * candidate.certainty),
            page: candidate.page,
            bounds,
            source: candidate.source,
        });
        candidate.value.clone()
    }
}

/// A value computed from others, placed where they stand.
pub(super) fn derived<T, U>(value: U, from: &Candidate<T>) -> Candidate<U> {
    Candidate {
        value,
        raw: String::new(),
        page: from.page,
        bounds: None,
        row: from.row,
        score: from.score * 0.8,
        certainty: from.certainty,
        source: FieldSource::Derived,
    }
}

/// An object with its keys in the order given.
pub(super) fn object<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
