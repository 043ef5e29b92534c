//! Values found in the document by the caller's own names.

use parseflow_model::{Field, FieldSource};
use serde_json::Value;

use super::Kind;
use crate::fields::{Doc, decimal, rounded};
use crate::layout::{Bounds, Row, Segment};
use crate::lexicon::folded;
use crate::spans::{Number, Span};

/// Words of a label, at most.
const LABEL_WORDS_MAX: usize = 8;
/// Rows of one table, at most.
const TABLE_ROWS_MAX: usize = 2_000;

/// A value with its place.
pub(crate) struct Searched {
    pub(crate) value: Value,
    raw: String,
    page: u32,
    bounds: Bounds,
    confidence: f64,
    source: FieldSource,
}

impl Searched {
    fn of<T>(span: &Span<T>, value: Value, confidence: f64) -> Searched {
        Searched {
            value,
            raw: span.raw.clone(),
            page: span.page,
            bounds: span.bounds,
            confidence: confidence * span.confidence,
            source: span.source,
        }
    }

    pub(crate) fn into_field(self, doc: &Doc<'_>, name: String) -> Field {
        Field {
            name,
            value: self.value,
            raw_text: self.raw,
            confidence: rounded(self.confidence),
            page: self.page,
            bounds: doc.page(self.page).and_then(|page| page.fractions(self.bounds)),
            source: self.source,
        }
    }
}

/// The value announced by one of the names: behind it, to its right, or below it.
pub(crate) fn labelled(
    doc: &Doc<'_>,
    names: &[String],
    kind: Kind,
    schema: &Value,
) -> Option<Searched> {
    let mut best: Option<Searched> = None;
    for (rank, name) in names.iter().enumerate() {
        let sure = 0.9 - 0.1 * rank.min(3) as f64;
        for (index, row) in doc.rows.iter().enumerate() {
            for (at, segment) in row.segments.iter().enumerate() {
                let Some(label) = label_at(segment, name) else { continue };
                let found =
                    beside(doc, row, at, label, kind, schema).map(|found| (found, sure)).or_else(
                        || Some((below(doc, index, segment, label, kind, schema)?, sure - 0.15)),
                    );
                let Some((mut found, sure)) = found else { continue };
                found.confidence *= sure;
                if best.as_ref().is_none_or(|known| found.confidence > known.confidence) {
                    best = Some(found);
                }
            }
        }
    }
    best
}

/// Where words of the segment spell the name: from and to.
fn label_at(segment: &Segment, name: &str) -> Option<(usize, usize)> {
    let folds: Vec<String> = segment.words.iter().map(|word| folded(&word.text)).collect();
    for from in 0..folds.len() {
        let mut spelled = String::new();
        for (to, fold) in folds.iter().enumerate().skip(from).take(LABEL_WORDS_MAX) {
            spelled.push_str(fold);
            if spelled == name && !fold.is_empty() {
                return Some((from, to + 1));
            }
            if !name.starts_with(spelled.as_str()) {
                break;
            }
        }
    }
    None
}

fn beside(
    doc: &Doc<'_>,
    row: &Row,
    at: usize,
    label: (usize, usize),
    kind: Kind,
    schema: &Value,
) -> Option<Searched> {
    let segment = &row.segments[at];
    if label.1 < segment.words.len() {
        // In running text a text is only a value after a colon.
        let has_colon = segment.words[label.1 - 1].text.ends_with(':');
        if kind != Kind::Text || has_colon {
            return value_in(doc, segment, label.1, kind, schema);
        }
        return None;
    }
    row.segments.get(at + 1).and_then(|next| value_in(doc, next, 0, kind, schema))
}

fn below(
    doc: &Doc<'_>,
    index: usize,
    segment: &Segment,
    label: (usize, usize),
    kind: Kind,
    schema: &Value,
) -> Option<Searched> {
    if label.0 != 0 || label.1 != segment.words.len() {
        return None;
    }
    let row = doc.rows.get(index + 1).filter(|row| row.page == segment.page)?;
    let close = row.bounds.y0 - segment.bounds.y1 < 2.0 * segment.bounds.height();
    let under = row.segments.iter().find(|other| other.bounds.overlap_x(segment.bounds) > 0.3);
    under.filter(|_| close).and_then(|under| value_in(doc, under, 0, kind, schema))
}

fn value_in(
    doc: &Doc<'_>,
    segment: &Segment,
    from: usize,
    kind: Kind,
    schema: &Value,
) -> Option<Searched> {
    match kind {
        Kind::Number | Kind::Integer => {
            let numbers = doc.numbers_in(segment);
            let span = numbers.iter().find(|span| span.words.0 >= from)?;
            let value = number_value(span.value, kind)?;
            Some(Searched::of(span, value, 0.95))
        }
        Kind::Date => {
            let dates = doc.dates_in(segment);
            let span = dates.iter().find(|span| span.words.0 >= from)?;
            Some(Searched::of(span, Value::from(span.value.iso()), 0.95))
        }
        Kind::Boolean => {
            let span = Span::of(segment, from, from + 1, ());
            boolean(&segment.words[from].text)
                .map(|value| Searched::of(&span, Value::Bool(value), 0.9))
        }
        Kind::Text => {
            let span = Span::of(segment, from, segment.words.len(), ());
            let text = span.raw.trim_matches(|c: char| matches!(c, ':' | ' ')).to_owned();
            let Some(names) = schema["enum"].as_array() else {
                return (!text.is_empty()).then(|| Searched::of(&span, Value::from(text), 0.85));
            };
            let wanted = folded(&text);
            let found = names
                .iter()
                .filter(|name| name.is_string())
                .find(|name| name.as_str().is_some_and(|name| wanted.starts_with(&folded(name))))?;
            Some(Searched::of(&span, found.clone(), 0.95))
        }
    }
}

fn number_value(number: Number, kind: Kind) -> Option<Value> {
    let whole = number.ten_thousandths % 10_000 == 0;
    (kind == Kind::Number || whole).then(|| decimal(number.ten_thousandths))
}

fn boolean(word: &str) -> Option<bool> {
    match folded(word).as_str() {
        "yes" | "ja" | "oui" | "si" | "true" | "x" => Some(true),
        "no" | "nein" | "non" | "nee" | "false" => Some(false),
        _ => None,
    }
}

/// The rows under the head that names most of the columns, a cell for each.
pub(super) fn table(doc: &Doc<'_>, columns: &[(Vec<String>, Kind)]) -> Vec<Vec<Option<Searched>>> {
    let heads_of = |row: &Row| -> Vec<Option<Bounds>> {
        let head = |names: &Vec<String>| {
            row.segments.iter().find_map(|segment| {
                let (from, to) = names.iter().find_map(|name| label_at(segment, name))?;
                segment.words[from..to].iter().map(|word| word.bounds).reduce(Bounds::union)
            })
        };
        columns.iter().map(|(names, _)| head(names)).collect()
    };
    let found = |heads: &Vec<Option<Bounds>>| heads.iter().flatten().count();
    let best = doc
        .rows
        .iter()
        .map(heads_of)
        .enumerate()
        .max_by_key(|(index, heads)| (found(heads), usize::MAX - index));
    let Some((at, heads)) = best.filter(|(_, heads)| found(heads) >= 2 || columns.len() == 1)
    else {
        return Vec::new();
    };
    let mut rows: Vec<Vec<Option<Searched>>> = Vec::new();
    let mut bottom = doc.rows[at].bounds.y1;
    for row in doc.rows.iter().skip(at + 1).take(TABLE_ROWS_MAX) {
        let gap = row.bounds.y0 - bottom;
        if row.page != doc.rows[at].page || gap > 3.0 * row.bounds.height() {
            break;
        }
        bottom = row.bounds.y1;
        let cell = |head: &Option<Bounds>, kind: Kind| {
            let head = (*head)?;
            let under = |segment: &&Segment| {
                let nearest = heads.iter().flatten().min_by(|a, b| {
                    distance(**a, segment.bounds).total_cmp(&distance(**b, segment.bounds))
                });
                nearest == Some(&head)
            };
            let segment = row.segments.iter().find(under)?;
            value_in(doc, segment, 0, kind, &Value::Null)
        };
        let cells: Vec<_> =
            heads.iter().zip(columns).map(|(head, (_, kind))| cell(head, *kind)).collect();
        if 2 * cells.iter().flatten().count() < found(&heads) {
            break;
        }
        rows.push(cells);
    }
    rows
}

fn distance(head: Bounds, cell: Bounds) -> f64 {
    let edges = (head.x0 - cell.x0).abs().min((head.x1 - cell.x1).abs());
    edges.min((head.mid_x() - cell.mid_x()).abs())
}
