use parseflow_model::{Extraction, FieldSource};
use serde_json::{Value, json};

use super::{MODEL_AGAINST_OURS, MODEL_ALONE, merge, question_of};
use crate::{ExtractOptions, extract};

const INVOICE: &str = "INVOICE\n\
    Northwind Tools Ltd\n\
    12 Quay Street, Bristol BS1 4RW\n\
    Invoice number: NT-2041\n\
    Invoice date: 2026-03-02\n\
    Handled by the depot   Ref 77-A\n\
    Paid on 04.03.2026 to DE89 3704 0044 0532 0130 00\n\
    Subtotal: 1.043,00 GBP\n\
    VAT 20%: 208,60 GBP\n\
    Total: 1.251,60 GBP\n";

fn read(text: &str) -> Extraction {
    let options = ExtractOptions { keep_printed: true, ..ExtractOptions::default() };
    extract(text.as_bytes(), &options).unwrap()
}

fn confidence(extraction: &Extraction, path: &str) -> Option<(f64, FieldSource)> {
    let field = extraction.fields.iter().find(|field| field.name == path)?;
    Some((field.confidence, field.source))
}

fn codes(extraction: &Extraction) -> Vec<&str> {
    extraction.warnings.iter().map(|warning| warning.code.as_str()).collect()
}

/// Takes a value away, as if it had not been found.
fn forget(extraction: &mut Extraction, path: &str) {
    extraction.fields.retain(|field| field.name != path);
    assert!(super::put(&mut extraction.data, path, &Value::Null), "{path}");
}

#[test]
fn the_question_holds_the_rows_and_a_strict_schema() {
    let found = read(INVOICE);
    let question = question_of(&found, None, 10_000).unwrap();
    assert!(question.text.contains("Invoice number: NT-2041\n"), "{}", question.text);
    assert!(!question.is_cut);
    let schema = &question.schema;
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["properties"]["total"]["type"], json!(["number", "null"]));
    let vendor = &schema["properties"]["vendor"];
    let keys: Vec<&String> = vendor["properties"].as_object().unwrap().keys().collect();
    assert_eq!(vendor["required"], json!(keys));
    let item = &schema["properties"]["lineItems"]["items"];
    assert_eq!(item["required"].as_array().unwrap().len(), 6);
}

#[test]
fn a_long_document_is_cut_between_rows() {
    let question = question_of(&read(INVOICE), None, 40).unwrap();
    assert_eq!(question.text, "INVOICE\nNorthwind Tools Ltd\n");
    assert!(question.is_cut);
}

#[test]
fn exact_data_and_types_without_fields_are_not_asked_about() {
    let mut exact = read(INVOICE);
    exact.fields[0].source = FieldSource::Xml;
    assert_eq!(question_of(&exact, None, 10_000), None);
    let mut letter = read(INVOICE);
    letter.document_type = parseflow_model::DocumentType::Letter;
    assert_eq!(question_of(&letter, None, 10_000), None);
    let own = json!({"type": "object", "properties": {"depot": {"type": "string"}}});
    assert!(question_of(&letter, Some(&own), 10_000).is_some());
}

#[test]
fn what_was_not_found_is_taken_where_it_is_printed_in_the_form_of_the_page() {
    let mut found = read(INVOICE);
    for path in ["invoiceNumber", "total", "invoiceDate", "vendor.iban", "vendor.name"] {
        forget(&mut found, path);
    }
    forget(&mut found, "vendor.address");
    let sure = found.confidence;
    merge(
        &mut found,
        None,
        &json!({
            "invoiceNumber": "nt 2041",
            "total": 1251.6,
            "invoiceDate": "2026-03-02",
            "currency": "GBP",
            "vendor": {
                "name": "NORTHWIND TOOLS LTD",
                "iban": "DE89370400440532013000",
                "address": "12 Quay Street\nBristol BS1 4RW"
            }
        }),
    );
    assert_eq!(found.data["invoiceNumber"], "NT-2041");
    assert_eq!(found.data["total"], 1251.6);
    assert_eq!(found.data["invoiceDate"], "2026-03-02");
    assert_eq!(found.data["vendor"]["name"], "Northwind Tools Ltd");
    assert_eq!(found.data["vendor"]["iban"], "DE89370400440532013000");
    assert_eq!(found.data["vendor"]["address"], "12 Quay Street, Bristol BS1 4RW");
    assert_eq!(confidence(&found, "total"), Some((MODEL_ALONE, FieldSource::Model)));
    let total = found.fields.iter().find(|field| field.name == "total").unwrap();
    assert_eq!((total.raw_text.as_str(), total.page), ("1.251,60 GBP", 1));
    assert_eq!(found.confidence, sure);
    assert_eq!(codes(&found), codes(&read(INVOICE)));
}

#[test]
fn a_lie_is_dropped_and_named() {
    let lies = json!({
        "invoiceNumber": "2041-NT",
        "invoiceDate": "2026-02-03",
        "dueDate": "31.12.2026",
        "total": 99_999_999_999_999.0,
        "subtotal": "1043",
        "currency": "EUR",
        "vendor": "Northwind",
        "purchaseOrder": "orthwin",
        "customer": {"name": "Nobody & Sons", "address": "12 Quay Street, London"}
    });
    let honest = read(INVOICE);
    let mut found = honest.clone();
    merge(&mut found, None, &lies);
    assert_eq!(found.data, honest.data);
    assert_eq!(found.fields, honest.fields);
    let warning = found.warnings.iter().find(|w| w.code == "model_not_on_page").unwrap();
    let named = [
        "invoiceNumber",
        "dueDate",
        "purchaseOrder",
        "currency",
        "customer.name",
        "customer.address",
    ];
    for path in named {
        assert!(warning.message.contains(path), "{path}: {}", warning.message);
    }
    assert!(!warning.message.contains("Nobody"), "what a model wrote is not repeated");
}

#[test]
fn answers_that_make_no_sense_change_nothing() {
    let honest = read(INVOICE);
    let huge = json!({"lineItems": vec![json!({"description": "x", "amount": 1}); 5_000]});
    let deep = (0..100).fold(Value::Null, |inner, _| json!({"vendor": inner}));
    for answer in [json!(null), json!([]), json!("total"), json!({"total": null}), huge, deep] {
        let mut found = honest.clone();
        merge(&mut found, None, &answer);
        assert_eq!((&found.data, &found.fields), (&honest.data, &honest.fields));
    }
}

#[test]
fn ours_stands_unless_it_is_doubtful() {
    let mut found = read(INVOICE);
    merge(&mut found, None, &json!({"invoiceNumber": "77-A"}));
    assert_eq!(found.data["invoiceNumber"], "NT-2041");
    assert!(codes(&found).contains(&"model_disagrees"));
    let at = found.fields.iter().position(|field| field.name == "invoiceNumber").unwrap();
    found.fields[at].confidence = 0.2;
    merge(&mut found, None, &json!({"invoiceNumber": "77-A"}));
    assert_eq!(found.data["invoiceNumber"], "77-A");
    let expected = Some((MODEL_AGAINST_OURS, FieldSource::Model));
    assert_eq!(confidence(&found, "invoiceNumber"), expected);
    assert!(found.needs_review);
}

#[test]
fn an_item_counts_when_its_name_and_its_amount_stand_together() {
    let text = "RECEIPT\nDEPOT NINE\nClaw hammer      12.00\nNails, box        3.50\n\n\n\n\n\n\n\
        date 02/03/2026\nthank you\nplease come again\nTotal 15.50\nCash 20.00\nChange 4.50\n";
    let mut found = read(text);
    found.document_type = parseflow_model::DocumentType::Receipt;
    found.fields.retain(|field| !field.name.starts_with("lineItems"));
    found.data.insert("lineItems".to_owned(), json!([]));
    merge(
        &mut found,
        None,
        &json!({"lineItems": [
            {"description": "Claw hammer", "quantity": null, "amount": 12},
            {"description": "Claw hammer", "amount": 15.5},
            {"description": "Saw", "amount": 3.5},
            {"description": "Nails, box", "unitPrice": 4.5, "amount": 3.5}
        ]}),
    );
    let items = found.data["lineItems"].as_array().unwrap();
    let amounts: Vec<&Value> = items.iter().map(|item| &item["amount"]).collect();
    assert_eq!(amounts, [&json!(12), &json!(3.5)]);
    assert_eq!(items[1]["description"], "Nails, box");
    assert_eq!(items[1]["unitPrice"], Value::Null);
    assert_eq!(confidence(&found, "lineItems[1].amount"), Some((MODEL_ALONE, FieldSource::Model)));
}

#[test]
fn a_schema_of_ones_own_is_filled_alike() {
    let own = json!({"type": "object", "properties": {
        "handler": {"type": "string"},
        "paid": {"type": "object", "properties": {"on": {"type": "string", "format": "date"}}},
        "tags": {"type": "array", "items": {"type": "string"}}
    }});
    let mut options = ExtractOptions { keep_printed: true, ..ExtractOptions::default() };
    options.wishes.schema = Some(own.clone());
    let mut found = extract(INVOICE.as_bytes(), &options).unwrap();
    let question = question_of(&found, Some(&own), 10_000).unwrap();
    assert_eq!(question.schema["required"], json!(["handler", "paid"]));
    forget(&mut found, "handler");
    forget(&mut found, "paid.on");
    merge(&mut found, Some(&own), &json!({"handler": "the depot", "paid": {"on": "2026-03-04"}}));
    assert_eq!(found.data["handler"], "the depot");
    assert_eq!(found.data["paid"]["on"], "2026-03-04");
}
