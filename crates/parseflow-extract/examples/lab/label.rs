//! What is right: the labels of a document and how a value is compared with them.

use std::collections::BTreeMap;

use serde_json::Value;

/// How two values of one field are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Equal texts.
    Text,
    /// Equal letters and digits.
    Identifier,
    /// Equal letters and digits, or one is the beginning of the other; a form of address in front is no part of it.
    Name,
    /// Equal letters and digits with one of a list.
    OneOf,
    /// Equal to half a cent.
    Money,
}

/// One item of a table.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Item {
    pub(crate) description: Option<String>,
    pub(crate) quantity: Option<f64>,
    pub(crate) amount: Option<f64>,
}

/// The labels of one document.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Label {
    /// The type, where it is known.
    pub(crate) document_type: Option<String>,
    /// Values by their path in `data`.
    pub(crate) values: BTreeMap<String, (Kind, Value)>,
    /// Items; `None` where they are not labelled.
    pub(crate) items: Option<Vec<Item>>,
}

impl Label {
    pub(crate) fn set(&mut self, path: &str, kind: Kind, value: impl Into<Value>) {
        let value = value.into();
        if !value.is_null() {
            self.values.insert(path.to_owned(), (kind, value));
        }
    }

    /// The document says nothing of it: any value is wrong.
    pub(crate) fn set_absent(&mut self, path: &str) {
        self.values.insert(path.to_owned(), (Kind::Text, Value::Null));
    }
}

/// Letters and digits, lower case.
pub(crate) fn squeezed(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Letters and digits of a name without `Herrn` and the like in front of it.
fn unaddressed(name: &Value) -> String {
    const FORMS: [&str; 6] = ["Herrn", "Herr", "Frau", "Monsieur", "Madame", "Mr"];
    let text = name.as_str().unwrap_or_default();
    let rest = FORMS.iter().find_map(|form| {
        let rest = text.strip_prefix(form)?;
        rest.starts_with(char::is_whitespace).then_some(rest)
    });
    squeezed(&Value::from(rest.unwrap_or(text)))
}

/// Whether a value found is the one wanted.
pub(crate) fn is_same(kind: Kind, wanted: &Value, found: &Value) -> bool {
    if found.is_null() || wanted.is_null() {
        return found.is_null() && wanted.is_null();
    }
    match kind {
        Kind::OneOf => wanted
            .as_array()
            .is_some_and(|list| list.iter().any(|wanted| is_same(Kind::Identifier, wanted, found))),
        Kind::Text => wanted == found,
        Kind::Identifier => squeezed(wanted) == squeezed(found),
        Kind::Name => {
            let (a, b) = (unaddressed(wanted), unaddressed(found));
            a == b || (a.len() >= 4 && b.len() >= 4 && (a.starts_with(&b) || b.starts_with(&a)))
        }
        Kind::Money => match (wanted.as_f64(), found.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() < 0.006,
            _ => false,
        },
    }
}

/// Whether an item found is the one wanted: quantity, amount and description.
pub(crate) fn is_same_item(wanted: &Item, found: &Item) -> bool {
    let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 0.006,
        (None, _) => true,
        (Some(_), None) => false,
    };
    near(wanted.amount, found.amount)
        && near(wanted.quantity, found.quantity)
        && wanted.description.as_ref().is_none_or(|wanted| {
            found.description.as_ref().is_some_and(|found| shares_words(wanted, found))
        })
}

/// Whether at least half of the words of each text occur in the other, or one contains the other.
fn shares_words(wanted: &str, found: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| !c.is_alphanumeric());
        split.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (a, b) = (words(wanted), words(found));
    let (joined_a, joined_b) = (a.concat(), b.concat());
    if !joined_b.is_empty() && (joined_a.contains(&joined_b) || joined_b.contains(&joined_a)) {
        return joined_a.len().min(joined_b.len()) >= 3 || joined_a == joined_b;
    }
    let shared = a.iter().filter(|word| b.contains(word)).count();
    2 * shared >= a.len() && 2 * shared >= b.len() && shared > 0
}
