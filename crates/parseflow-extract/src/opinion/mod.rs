//! A second opinion on what was read, from a language model, believed only as far as the page goes.
//!
//! [`question_of`] makes the question: the rows of the pages as text, and a JSON Schema of the values
//! that may be asked for. Who asks it is the caller. [`merge`] takes the answer: a value counts only
//! where it is printed ([`sheet`]), and what is taken over is what the page prints, not what the model
//! wrote. So a model that lies, or one that the document has talked round, can point at the wrong
//! place of the page and no further.
//!
//! Field by field: where nothing was found, the model's value is taken; where the two agree, ours
//! stays; where they differ, ours stays unless it is doubtful itself, and the result says so.

mod asked;
mod sheet;
#[cfg(test)]
mod tests;

use parseflow_model::{Extraction, Field, FieldSource};
use serde_json::{Map, Value};

use crate::warning;
use asked::{Asked, Kind, Rows};
use sheet::{Found, Sheet};

/// A value of ours below this confidence gives way to another one that is printed.
const DOUBTFUL: f64 = 0.5;
/// What a value that only the model has found is given. Not fitted: no model is part of the project.
const MODEL_ALONE: f64 = 0.6;
/// What a value is given that took the place of a doubtful one.
const MODEL_AGAINST_OURS: f64 = 0.5;
/// Items of a list that are looked at.
const ITEMS_MAX: usize = 300;
/// The number of an item stands at most so many rows from its name.
const ITEM_ROWS: usize = 3;

/// What to ask.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// The rows of the document, one a line, wide gaps as two spaces.
    pub text: String,
    /// Whether rows were left out to keep within the limit.
    pub is_cut: bool,
    /// A JSON Schema of the answer: an object, every property required, null for what is not printed.
    pub schema: Value,
}

/// The question about a document, with at most `text_bytes_max` bytes of its text; `None` where there is
/// nothing to ask: exact data, types without fields, no printed rows.
///
/// `own` is the caller's own schema, if the document was read by one.
pub fn question_of(
    extraction: &Extraction,
    own: Option<&Value>,
    text_bytes_max: usize,
) -> Option<Question> {
    if extraction.fields.iter().any(|field| field.source == FieldSource::Xml) {
        return None;
    }
    let asked = Asked::of(extraction.document_type, own);
    if asked.fields.is_empty() || extraction.printed.is_empty() {
        return None;
    }
    let (mut text, mut is_cut) = (String::new(), false);
    for row in &extraction.printed {
        let line = sheet::line_of(row);
        if text.len() + line.len() + 1 > text_bytes_max {
            is_cut = true;
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    Some(Question { text, is_cut, schema: asked.schema() })
}

/// Takes over from the answer what the page bears out, and warns of what it does not.
///
/// `extraction.printed` must hold the rows that the question was made of. Confidences of values that
/// come from the model are not calibrated; the document's own confidence is left alone.
pub fn merge(extraction: &mut Extraction, own: Option<&Value>, answer: &Value) {
    let asked = Asked::of(extraction.document_type, own);
    let rows = std::mem::take(&mut extraction.printed);
    let sheet = Sheet::of(&rows);
    let mut merging =
        Merging { extraction, sheet: &sheet, unprinted: Vec::new(), differ: Vec::new() };
    for (path, kind) in &asked.fields {
        let said = path.split('.').fold(answer, |value, key| &value[key]);
        merging.field(path, *kind, said);
    }
    for list in asked.lists {
        merging.list(list, &answer[list.name]);
    }
    let Merging { unprinted, differ, .. } = merging;
    if !unprinted.is_empty() {
        let message = format!(
            "What the language model said of {} is not on the page and was dropped.",
            named(&unprinted)
        );
        extraction.warnings.push(warning("model_not_on_page", &message));
    }
    if !differ.is_empty() {
        let message = format!("The language model reads {} otherwise.", named(&differ));
        extraction.warnings.push(warning("model_disagrees", &message));
    }
    extraction.printed = rows;
}

/// The first few of them.
fn named(paths: &[String]) -> String {
    const SHOWN: usize = 8;
    let mut text = paths[..paths.len().min(SHOWN)].join(", ");
    if paths.len() > SHOWN {
        text.push_str(&format!(" and {} more", paths.len() - SHOWN));
    }
    text
}

struct Merging<'a> {
    extraction: &'a mut Extraction,
    sheet: &'a Sheet<'a>,
    /// Paths of values that are not on the page.
    unprinted: Vec<String>,
    /// Paths whose values differ from ours.
    differ: Vec<String>,
}

impl Merging<'_> {
    fn field(&mut self, path: &str, kind: Kind, said: &Value) {
        if is_nothing(said) {
            return;
        }
        let Some(found) = self.sheet.find(kind, said) else {
            self.unprinted.push(path.to_owned());
            return;
        };
        let ours = self.extraction.fields.iter().position(|field| field.name == path);
        let Some(at) = ours else {
            if put(&mut self.extraction.data, path, &found.value) {
                self.extraction.fields.push(evidence(path, found, MODEL_ALONE));
            }
            return;
        };
        if is_same(&self.extraction.fields[at].value, &found.value) {
            return;
        }
        self.differ.push(path.to_owned());
        let is_doubtful = self.extraction.fields[at].confidence < DOUBTFUL;
        if is_doubtful && put(&mut self.extraction.data, path, &found.value) {
            self.extraction.fields[at] = evidence(path, found, MODEL_AGAINST_OURS);
            self.extraction.needs_review = true;
        }
    }

    /// A list is taken where ours is empty: its members one by one, each as far as it is printed.
    fn list(&mut self, list: &Rows, said: &Value) {
        let ours = self.extraction.data.get(list.name).and_then(Value::as_array);
        let Some(said) = said.as_array().filter(|_| ours.is_some_and(Vec::is_empty)) else {
            return;
        };
        let mut members = Vec::new();
        for (index, member) in said.iter().take(ITEMS_MAX).enumerate() {
            let place = format!("{}[{}]", list.name, members.len());
            let taken = match list.columns {
                [] => self.single(&place, member),
                columns => self.item(&place, columns, member),
            };
            match taken {
                Some(value) => members.push(value),
                None => self.unprinted.push(format!("{}[{index}]", list.name)),
            }
        }
        if !members.is_empty() {
            self.extraction.data.insert(list.name.to_owned(), Value::Array(members));
        }
    }

    fn single(&mut self, place: &str, said: &Value) -> Option<Value> {
        let found = self.sheet.find(Kind::Text, said)?;
        let value = found.value.clone();
        self.extraction.fields.push(evidence(place, found, MODEL_ALONE));
        Some(value)
    }

    /// An item counts when its name and its amount stand near each other.
    fn item(&mut self, place: &str, columns: &[(&str, Kind)], said: &Value) -> Option<Value> {
        let name = self.sheet.find(Kind::Text, &said["description"])?;
        let near = |kind, value: &Value| {
            let found = self.sheet.find_near(kind, value, name.row)?;
            (found.row.abs_diff(name.row) <= ITEM_ROWS).then_some(found)
        };
        near(Kind::Number, &said["amount"])?;
        let mut item = Map::new();
        let mut fields = Vec::new();
        for (column, kind) in columns {
            let found = match *column {
                "description" => Some(name.clone()),
                _ => near(*kind, &said[*column]),
            };
            let value = found.as_ref().map_or(Value::Null, |found| found.value.clone());
            item.insert((*column).to_owned(), value);
            fields.extend(found.map(|found| (*column, found)));
        }
        for (column, found) in fields {
            self.extraction.fields.push(evidence(&format!("{place}.{column}"), found, MODEL_ALONE));
        }
        Some(Value::Object(item))
    }
}

fn is_nothing(said: &Value) -> bool {
    said.is_null() || said.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Whether two values mean the same: numbers to the cent, texts by their letters and digits, one of which
/// may hold the other.
fn is_same(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() < 0.005,
        _ => {
            let bare = |value: &Value| sheet::bare(value.as_str().unwrap_or_default());
            let (a, b) = (bare(ours), bare(theirs));
            !a.is_empty() && !b.is_empty() && (a.contains(&b) || b.contains(&a))
        }
    }
}

/// Sets the value at a path whose objects are all there; whether they are.
fn put(data: &mut Map<String, Value>, path: &str, value: &Value) -> bool {
    let (parents, key) = path.rsplit_once('.').map_or((None, path), |(a, b)| (Some(a), b));
    let mut map = data;
    for parent in parents.into_iter().flat_map(|parents| parents.split('.')) {
        let Some(Value::Object(inner)) = map.get_mut(parent) else { return false };
        map = inner;
    }
    match map.get_mut(key) {
        Some(place) => {
            *place = value.clone();
            true
        }
        None => false,
    }
}

fn evidence(path: &str, found: Found, confidence: f64) -> Field {
    Field {
        name: path.to_owned(),
        value: found.value,
        raw_text: found.raw,
        confidence,
        page: found.page,
        bounds: found.bounds,
        source: FieldSource::Model,
    }
}
