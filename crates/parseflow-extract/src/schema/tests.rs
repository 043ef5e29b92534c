use serde_json::{Value, json};

use super::check_schema;
use crate::{ExtractOptions, extract};

const TEXT: &str = "\
Blue Harbor Ltd
Invoice number: BH-77        Date: 14 April 2026

Container number: MSKU 123456-7
Temperature setpoint: -18.5
Express delivery: yes
Priority: high

Ship        Berth    Arrived
Aurora      12       2026-04-01
Borealis    14       2026-04-03

Total due: 1,190.50 EUR
";

fn read(schema: &Value) -> parseflow_model::Extraction {
    let mut options = ExtractOptions::default();
    options.wishes.schema = Some(check_schema(&schema.to_string()).unwrap());
    extract(TEXT.as_bytes(), &options).unwrap()
}

#[test]
fn exactly_the_asked_properties_are_returned_with_evidence() {
    let schema = json!({
        "type": "object",
        "required": ["number"],
        "properties": {
            "number": {"type": "string", "title": "Invoice number"},
            "issued": {"type": "string", "format": "date", "title": "Date"},
            "total_amount": {"type": "number"},
            "container": {"type": "string", "title": "Container number"},
            "setpoint": {"type": "number", "title": "Temperature setpoint"},
            "express": {"type": "boolean", "title": "Express delivery"},
            "priority": {"type": "string", "enum": ["low", "high"]},
            "colour": {"type": "string"},
            "calls": {"type": "array", "items": {"type": "object", "properties": {
                "ship": {"type": "string"},
                "berth": {"type": "integer"},
                "arrived": {"type": "string", "format": "date"}
            }}}
        }
    });
    let found = read(&schema);
    assert_eq!(
        Value::Object(found.data.clone()),
        json!({
            "type": "invoice",
            "number": "BH-77",
            "issued": "2026-04-14",
            "total_amount": 1190.5,
            "container": "MSKU 123456-7",
            "setpoint": -18.5,
            "express": true,
            "priority": "high",
            "colour": null,
            "calls": [
                {"ship": "Aurora", "berth": 12, "arrived": "2026-04-01"},
                {"ship": "Borealis", "berth": 14, "arrived": "2026-04-03"}
            ]
        })
    );
    assert_eq!(found.data.keys().next().map(String::as_str), Some("type"));
    let names: Vec<&str> = found.fields.iter().map(|field| field.name.as_str()).collect();
    assert!(names.contains(&"container") && names.contains(&"calls[1].berth"), "{names:?}");
    assert!(!names.contains(&"invoiceNumber"), "{names:?}");
    assert!(found.fields.iter().all(|field| field.confidence > 0.4));
}

#[test]
fn a_required_property_that_is_missing_takes_the_confidence() {
    let schema = json!({"properties": {"colour": {"type": "string"}}, "required": ["colour"]});
    let found = read(&schema);
    assert_eq!((found.confidence, found.needs_review), (0.0, true));
}

#[test]
fn schemas_that_cannot_be_answered_are_refused_with_the_reason() {
    let check = |schema: &Value| check_schema(&schema.to_string()).unwrap_err();
    assert!(check_schema("{").unwrap_err().contains("JSON"));
    for (schema, part) in [
        (json!({}), "properties"),
        (json!({"type": "array", "items": {}}), "object"),
        (json!({"properties": {"type": {}}}), "type"),
        (json!({"properties": {"a-b": {}}}), "title"),
        (json!({"properties": {"__proto__": {}}}), "letters"),
        (json!({"properties": {"a": {"type": "date"}}}), "unknown type"),
        (json!({"properties": {"a": {"type": "array"}}}), "items"),
    ] {
        assert!(check(&schema).contains(part), "{schema}: {}", check(&schema));
    }
    let mut deep = json!({"type": "string"});
    for _ in 0..6 {
        deep = json!({"type": "object", "properties": {"a": deep}});
    }
    assert!(check(&deep).contains("deep"));
}
