//! A caller's own schema: exactly its properties, with the same evidence as our own fields.
//!
//! [`check`] accepts a JSON Schema of an object; [`fill`] looks for each of its properties: first among
//! the fields that the reader of the document's type has found (by what the name means: `supplier`,
//! `total_amount`), then in the document by its label (the property's title or name, [`search`]), then in
//! a table whose head names the columns. What is not found is null.

mod check;
mod meaning;
mod search;
#[cfg(test)]
mod tests;

use parseflow_model::{Extraction, Field};
use serde_json::{Map, Value};

use crate::fields::Doc;
use crate::lexicon::folded;
pub(crate) use search::{Searched, labelled};

pub use check::check_schema;

/// What a property may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Text,
    Number,
    Integer,
    Boolean,
    Date,
}

/// The names a property goes by, folded: title first, then its key.
fn names_of(key: &str, schema: &Value) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let labels = schema["x-labels"].as_array().into_iter().flatten().filter_map(Value::as_str);
    for name in schema["title"].as_str().into_iter().chain(labels) {
        names.push(folded(name));
    }
    names.push(folded(key));
    names.retain(|name| !name.is_empty());
    names.dedup();
    names
}

pub(crate) fn kind_of(schema: &Value) -> Kind {
    let name = match &schema["type"] {
        Value::Array(names) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("string")
        }
        name => name.as_str().unwrap_or("string"),
    };
    match (name, schema["format"].as_str()) {
        ("number", _) => Kind::Number,
        ("integer", _) => Kind::Integer,
        ("boolean", _) => Kind::Boolean,
        (_, Some("date" | "date-time")) => Kind::Date,
        _ => Kind::Text,
    }
}

fn is_object(schema: &Value) -> bool {
    schema["properties"].is_object()
}

/// Replaces data and fields by those of the schema. `doc` is `None` where nothing is printed.
pub(crate) fn fill(extraction: &mut Extraction, doc: Option<&Doc<'_>>, schema: &Value) {
    let mut filler = Filler { extraction, doc, fields: Vec::new() };
    let mut data = Map::new();
    data.insert("type".to_owned(), extraction.document_type.as_str().into());
    if let Some(properties) = schema["properties"].as_object() {
        for (key, property) in properties {
            let place = Place { path: key.clone(), parents: Vec::new() };
            data.insert(key.clone(), filler.value(key, &place, property));
        }
    }
    let fields = filler.fields;
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let missing = required.iter().any(|key| data.get(*key).is_none_or(Value::is_null));
    let counts = |field: &&Field| {
        required.is_empty()
            || required.iter().any(|key| field.name.split(['.', '[']).next() == Some(key))
    };
    let all_right: f64 = fields.iter().filter(counts).map(|field| field.confidence).product();
    let found_any = !fields.is_empty();
    let confidence = if missing || !found_any { 0.0 } else { all_right };
    extraction.confidence = (confidence * 10_000.0).round() / 10_000.0;
    (extraction.data, extraction.fields) = (data, fields);
}

/// Where a property stands in the result.
#[derive(Clone)]
struct Place {
    /// As in the evidence: `seller.name`.
    path: String,
    /// Names of the objects around it, outermost first, folded.
    parents: Vec<String>,
}

struct Filler<'a> {
    extraction: &'a Extraction,
    doc: Option<&'a Doc<'a>>,
    fields: Vec<Field>,
}

impl Filler<'_> {
    /// The value of one property: an object, a list or a single value.
    fn value(&mut self, key: &str, place: &Place, schema: &Value) -> Value {
        let names = names_of(key, schema);
        if is_object(schema) {
            return self.object(&names, place, schema);
        }
        if schema["type"] == "array" {
            return self.list(&names, place, &schema["items"]);
        }
        let kind = kind_of(schema);
        let known = self.known(&names, place, kind);
        let found = known.or_else(|| self.searched(&names, kind, schema));
        match found {
            Some(field) => {
                let value = field.value.clone();
                self.fields.push(Field { name: place.path.clone(), ..field });
                value
            }
            None => Value::Null,
        }
    }

    fn object(&mut self, names: &[String], place: &Place, schema: &Value) -> Value {
        let mut map = Map::new();
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let mut inner = place.clone();
            inner.path = format!("{}.{key}", place.path);
            inner.parents.extend(names.first().cloned());
            map.insert(key.clone(), self.value(key, &inner, property));
        }
        Value::Object(map)
    }

    /// A list of objects is a table; a list of single values holds the one that is found.
    fn list(&mut self, names: &[String], place: &Place, items: &Value) -> Value {
        if is_object(items) {
            return Value::Array(self.rows(place, items));
        }
        let inner = Place { path: format!("{}[0]", place.path), ..place.clone() };
        let kind = kind_of(items);
        let found = self.known(names, &inner, kind).or_else(|| self.searched(names, kind, items));
        let Some(field) = found else { return Value::Array(Vec::new()) };
        let value = field.value.clone();
        self.fields.push(Field { name: inner.path, ..field });
        Value::Array(vec![value])
    }

    /// The items or transactions of the document under the names of the schema.
    fn rows(&mut self, place: &Place, items: &Value) -> Vec<Value> {
        let lists = ["lineItems", "transactions", "taxes"];
        let properties: Vec<(&String, &Value)> =
            items["properties"].as_object().into_iter().flatten().collect();
        let fits = |list: &&str| {
            let columns = |key: &String, property: &Value| {
                names_of(key, property).iter().any(|name| meaning::column(list, name).is_some())
            };
            let rows = self.extraction.data.get(*list).and_then(Value::as_array);
            let count = properties.iter().filter(|(key, property)| columns(key, property)).count();
            rows.is_some_and(|rows| !rows.is_empty()) && 2 * count >= properties.len()
        };
        let Some(list) = lists.into_iter().find(fits) else {
            return self.table_rows(place, &properties);
        };
        let count = self.extraction.data.get(list).and_then(Value::as_array).map_or(0, Vec::len);
        let mut rows = Vec::with_capacity(count);
        for index in 0..count {
            let mut row = Map::new();
            for (key, property) in &properties {
                let names = names_of(key, property);
                let column = names.iter().find_map(|name| meaning::column(list, name));
                let path = column.map(|column| format!("{list}[{index}].{column}"));
                let field = self.extraction.fields.iter().find(|f| path.as_ref() == Some(&f.name));
                let cast =
                    field.and_then(|field| convert(field, kind_of(property)).map(|v| (field, v)));
                let value = cast.as_ref().map_or(Value::Null, |(_, value)| value.clone());
                if let Some((field, value)) = cast {
                    let name = format!("{}[{index}].{key}", place.path);
                    self.fields.push(Field { name, value, ..field.clone() });
                }
                row.insert((*key).clone(), value);
            }
            rows.push(Value::Object(row));
        }
        rows
    }

    /// The rows of the printed table whose head names the columns.
    fn table_rows(&mut self, place: &Place, properties: &[(&String, &Value)]) -> Vec<Value> {
        let Some(doc) = self.doc else { return Vec::new() };
        let columns: Vec<(Vec<String>, Kind)> = properties
            .iter()
            .map(|(key, property)| (names_of(key, property), kind_of(property)))
            .collect();
        let mut rows = Vec::new();
        for (index, cells) in search::table(doc, &columns).into_iter().enumerate() {
            let mut row = Map::new();
            for ((key, _), cell) in properties.iter().zip(cells) {
                let value = cell.as_ref().map_or(Value::Null, |cell| cell.value.clone());
                if let Some(cell) = cell {
                    let name = format!("{}[{index}].{key}", place.path);
                    self.fields.push(cell.into_field(doc, name));
                }
                row.insert((*key).clone(), value);
            }
            rows.push(Value::Object(row));
        }
        rows
    }

    /// A field of our own that means the same.
    fn known(&self, names: &[String], place: &Place, kind: Kind) -> Option<Field> {
        let paths = names.iter().flat_map(|name| meaning::paths(name, &place.parents));
        paths.into_iter().find_map(|path| {
            let field = self.extraction.fields.iter().find(|field| field.name == path)?;
            let value = convert(field, kind)?;
            Some(Field { value, ..field.clone() })
        })
    }

    fn searched(&self, names: &[String], kind: Kind, schema: &Value) -> Option<Field> {
        let doc = self.doc?;
        let found: Searched = labelled(doc, names, kind, schema)?;
        Some(found.into_field(doc, String::new()))
    }
}

/// A known value as the type asked for.
fn convert(field: &Field, kind: Kind) -> Option<Value> {
    match (kind, &field.value) {
        (Kind::Text, Value::String(_)) => Some(field.value.clone()),
        (Kind::Text, Value::Number(number)) => Some(Value::from(number.to_string())),
        (Kind::Number, Value::Number(_)) => Some(field.value.clone()),
        (Kind::Integer, Value::Number(number)) => {
            let whole = number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 9e15)?;
            Some(Value::from(whole as i64))
        }
        (Kind::Number, Value::String(text)) => text.parse::<f64>().ok().map(Value::from),
        (Kind::Integer, Value::String(text)) => text.parse::<i64>().ok().map(Value::from),
        (Kind::Date, Value::String(text)) => is_iso_date(text).then(|| field.value.clone()),
        _ => None,
    }
}

fn is_iso_date(text: &str) -> bool {
    text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-'
}
