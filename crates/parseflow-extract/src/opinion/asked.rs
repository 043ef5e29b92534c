//! What is asked of which type of document, and the schema of the answer.

use parseflow_model::DocumentType;
use serde_json::{Map, Value, json};

/// What a value is, which decides how it is looked for on the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// As printed.
    Text,
    /// Letters and digits alone, as account and tax numbers are given.
    Compact,
    Number,
    Integer,
    /// ISO 8601.
    Date,
    /// ISO 4217.
    Currency,
}

use Kind::{Compact, Currency, Date, Number, Text};

/// A list: of texts where it has no columns.
pub(super) struct Rows {
    pub(super) name: &'static str,
    pub(super) columns: &'static [(&'static str, Kind)],
}

/// Everything that is asked.
pub(super) struct Asked {
    /// Paths in the data.
    pub(super) fields: Vec<(String, Kind)>,
    pub(super) lists: &'static [Rows],
}

const ITEMS: &[Rows] = &[Rows {
    name: "lineItems",
    columns: &[
        ("description", Text),
        ("quantity", Number),
        ("unit", Text),
        ("unitPrice", Number),
        ("taxRate", Number),
        ("amount", Number),
    ],
}];

const PARTIES: &[Rows] = &[Rows { name: "parties", columns: &[] }];

const BILL: &[(&str, Kind)] = &[
    ("invoiceNumber", Text),
    ("invoiceDate", Date),
    ("dueDate", Date),
    ("purchaseOrder", Text),
    ("currency", Currency),
    ("vendor.name", Text),
    ("vendor.address", Text),
    ("vendor.email", Text),
    ("vendor.phone", Text),
    ("vendor.taxId", Compact),
    ("vendor.iban", Compact),
    ("customer.name", Text),
    ("customer.address", Text),
    ("customer.taxId", Compact),
    ("subtotal", Number),
    ("tax", Number),
    ("total", Number),
    ("amountDue", Number),
];

const RECEIPT: &[(&str, Kind)] = &[
    ("merchant.name", Text),
    ("merchant.address", Text),
    ("merchant.phone", Text),
    ("merchant.taxId", Compact),
    ("date", Date),
    ("subtotal", Number),
    ("tax", Number),
    ("total", Number),
    ("currency", Currency),
];

const CONTRACT: &[(&str, Kind)] =
    &[("effectiveDate", Date), ("endDate", Date), ("governingLaw", Text)];

const IDENTITY: &[(&str, Kind)] = &[
    ("documentNumber", Compact),
    ("surname", Text),
    ("givenNames", Text),
    ("dateOfBirth", Date),
    ("expiryDate", Date),
];

const STATEMENT: &[(&str, Kind)] = &[
    ("accountHolder", Text),
    ("iban", Compact),
    ("period.from", Date),
    ("period.to", Date),
    ("openingBalance", Number),
    ("closingBalance", Number),
    ("currency", Currency),
];

impl Asked {
    /// What is asked of a document of this type, or by the caller's own schema: its single values, also
    /// those inside objects; lists are left to the engine.
    pub(super) fn of(kind: DocumentType, own: Option<&Value>) -> Asked {
        if let Some(schema) = own {
            let mut fields = Vec::new();
            own_fields(schema, "", &mut fields);
            return Asked { fields, lists: &[] };
        }
        let (fields, lists): (&[(&str, Kind)], &'static [Rows]) = match kind {
            DocumentType::Invoice | DocumentType::CreditNote | DocumentType::PurchaseOrder => {
                (BILL, ITEMS)
            }
            DocumentType::Receipt => (RECEIPT, ITEMS),
            DocumentType::Contract => (CONTRACT, PARTIES),
            DocumentType::IdDocument => (IDENTITY, &[]),
            DocumentType::BankStatement => (STATEMENT, &[]),
            DocumentType::Payslip
            | DocumentType::Letter
            | DocumentType::Form
            | DocumentType::Other => (&[], &[]),
        };
        let fields = fields.iter().map(|(path, kind)| ((*path).to_owned(), *kind)).collect();
        Asked { fields, lists }
    }

    /// The schema of the answer, in the form that strict structured output takes.
    pub(super) fn schema(&self) -> Value {
        let mut properties = Map::new();
        for (path, kind) in &self.fields {
            match path.split_once('.') {
                // Own schemas may nest deeper; one level of objects is enough for a question.
                Some((parent, rest)) => {
                    let inner =
                        properties.entry(parent.to_owned()).or_insert_with(|| object(Map::new()));
                    insert(inner, rest, *kind);
                }
                None => {
                    properties.insert(path.clone(), leaf(*kind));
                }
            }
        }
        for list in self.lists {
            let member = match list.columns {
                [] => json!({"type": "string"}),
                columns => {
                    let columns =
                        columns.iter().map(|(key, kind)| ((*key).to_owned(), leaf(*kind)));
                    object(columns.collect())
                }
            };
            properties.insert(list.name.to_owned(), json!({"type": "array", "items": member}));
        }
        object(properties)
    }
}

fn own_fields(schema: &Value, before: &str, fields: &mut Vec<(String, Kind)>) {
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        // A dot would be taken for a step into an object.
        if key.contains('.') {
            continue;
        }
        let path = format!("{before}{key}");
        if property["properties"].is_object() {
            own_fields(property, &format!("{path}."), fields);
            continue;
        }
        let kind = match crate::schema::kind_of(property) {
            _ if property["type"] == "array" => continue,
            crate::schema::Kind::Text => Text,
            crate::schema::Kind::Number => Number,
            crate::schema::Kind::Integer => Kind::Integer,
            crate::schema::Kind::Date => Date,
            // Whether a box is ticked is nothing that is printed.
            crate::schema::Kind::Boolean => continue,
        };
        fields.push((path, kind));
    }
}

/// Adds a property below an object of the schema.
fn insert(object_schema: &mut Value, path: &str, kind: Kind) {
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    let mut properties = match object_schema["properties"].take() {
        Value::Object(properties) => properties,
        _ => Map::new(),
    };
    match rest {
        Some(rest) => {
            let inner = properties.entry(key.to_owned()).or_insert_with(|| object(Map::new()));
            insert(inner, rest, kind);
        }
        None => {
            properties.insert(key.to_owned(), leaf(kind));
        }
    }
    *object_schema = object(properties);
}

fn object(properties: Map<String, Value>) -> Value {
    let required: Vec<String> = properties.keys().cloned().collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false
    })
}

fn leaf(kind: Kind) -> Value {
    match kind {
        Number => json!({"type": ["number", "null"]}),
        Kind::Integer => json!({"type": ["integer", "null"]}),
        Date => json!({"type": ["string", "null"], "description": "YYYY-MM-DD"}),
        Currency => json!({"type": ["string", "null"], "description": "ISO 4217 code"}),
        Text | Compact => json!({"type": ["string", "null"]}),
    }
}
