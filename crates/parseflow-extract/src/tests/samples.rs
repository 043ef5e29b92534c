//! The whole extraction of every shipped sample.

use parseflow_model::{DocumentType, FieldSource};
use serde_json::{Value, json};

use super::{item, read, sample};

/// Asserts `data`, and what must hold of every good result.
fn check(name: &str, language: &str, pages: u32, expected: &Value) {
    let found = read(&sample(name)).unwrap();
    assert_eq!(&Value::Object(found.data.clone()), expected, "{name}");
    assert_eq!(found.data.keys().next().map(String::as_str), Some("type"));
    assert!(found.confidence >= 0.9, "{name}: {}", found.confidence);
    assert!(!found.needs_review, "{name}");
    assert_eq!(found.warnings, [], "{name}");
    assert_eq!(found.language.as_deref(), Some(language), "{name}");
    assert_eq!(found.page_count, pages);
    for field in &found.fields {
        let pointer = format!("/{}", field.name.replace(['.', '['], "/").replace(']', ""));
        assert_eq!(expected.pointer(&pointer), Some(&field.value), "{name} {pointer}");
        assert!((0.0..=1.0).contains(&field.confidence));
        assert_eq!(field.confidence, (field.confidence * 1e4).round() / 1e4);
        assert!((1..=pages).contains(&field.page));
        assert!(field.source == FieldSource::Derived || !field.raw_text.is_empty());
        if let Some([x0, y0, x1, y1]) = field.bounds {
            assert!(0.0 <= x0 && x0 < x1 && x1 <= 1.0, "{name} {}", field.name);
            assert!(0.0 <= y0 && y0 < y1 && y1 <= 1.0, "{name} {}", field.name);
        }
    }
    // Every value has its evidence.
    let leaves = count_values(expected) - 1;
    assert_eq!(found.fields.len(), leaves, "{name}: one entry for each value but the type");
}

fn count_values(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Array(list) => list.iter().map(count_values).sum(),
        Value::Object(map) => map.values().map(count_values).sum(),
        _ => 1,
    }
}

#[test]
fn the_english_invoice_is_read_in_full() {
    let rate = || json!(20);
    let line =
        |what, count, price: Value, amount| item(what, count, Value::Null, price, rate(), amount);
    check(
        "invoice-english.pdf",
        "en",
        1,
        &json!({
            "type": "invoice", "invoiceNumber": "INV-2026-0142", "invoiceDate": "2026-04-14",
            "dueDate": "2026-05-14", "purchaseOrder": "PO-7781", "currency": "GBP",
            "vendor": {
                "name": "Harbour & Finch Ltd",
                "address": "12 Quay Street, Bristol BS1 4RW, United Kingdom",
                "email": "accounts@harbourfinch.example", "phone": "+44 117 496 0123",
                "taxId": "GB123456789", "iban": "GB29NWBK60161331926819",
            },
            "customer": {
                "name": "Meridian Studios Ltd",
                "address": "48 Albion Road, London N16 9PH, United Kingdom", "taxId": null,
            },
            "lineItems": [
                line("Website design, discovery phase", 1.0, json!(1850), 1850.0),
                line("Content production", 12.0, json!(95), 1140.0),
                line("Stock photography licence", 3.0, json!(49.5), 148.5),
                line("Hosting, April 2026", 1.0, json!(24.99), 24.99),
            ],
            "subtotal": 3163.49, "taxes": [{ "rate": 20, "base": 3163.49, "amount": 632.7 }],
            "tax": 632.7, "total": 3796.19, "amountDue": 3796.19,
        }),
    );
}

#[test]
fn the_german_letter_is_read_in_full() {
    let line = |what, count, unit: &str, price: Value, amount| {
        item(what, count, json!(unit), price, Value::Null, amount)
    };
    check(
        "invoice-german.pdf",
        "de",
        1,
        &json!({
            "type": "invoice", "invoiceNumber": "RE-2026-0815", "invoiceDate": "2026-03-03",
            "dueDate": "2026-04-02", "purchaseOrder": "B-4471", "currency": "EUR",
            "vendor": {
                "name": "Lindner Bürotechnik GmbH", "address": "Gartenstraße 8, 60594 Frankfurt am Main",
                "email": "info@lindner-buero.example", "phone": "069 90028-0",
                "taxId": "DE123456789", "iban": "DE89370400440532013000",
            },
            "customer": {
                "name": "Praxis Dr. Annika Sommer", "address": "Am Marktplatz 3, 65183 Wiesbaden",
                "taxId": null,
            },
            "lineItems": [
                line("Laserdrucker LX 410", 2.0, "Stk", json!(389), 778.0),
                line("Tonerkassette schwarz", 6.0, "Stk", json!(84.5), 507.0),
                line("Einrichtung und Einweisung", 3.5, "Std", json!(92), 322.0),
            ],
            "subtotal": 1607, "taxes": [{ "rate": 19, "base": 1607, "amount": 305.33 }],
            "tax": 305.33, "total": 1912.33, "amountDue": null,
        }),
    );
}

#[test]
fn the_french_invoice_of_two_pages_and_two_rates_is_read_in_full() {
    let line = |what, count, price: Value, rate: Value, amount| {
        item(what, count, Value::Null, price, rate, amount)
    };
    check(
        "invoice-french.pdf",
        "fr",
        2,
        &json!({
            "type": "invoice", "invoiceNumber": "F-2026-0093", "invoiceDate": "2026-02-09",
            "dueDate": "2026-03-11", "purchaseOrder": null, "currency": "EUR",
            "vendor": {
                "name": "Mobilier Garonne SARL", "address": "27 rue des Arts, 31000 Toulouse",
                "email": null, "phone": "05 61 55 01 42", "taxId": "FR40123456824",
                "iban": "FR1420041010050500013M02606",
            },
            "customer": {
                "name": "Atelier Morel SAS", "address": "5 place du Capitole, 33000 Bordeaux",
                "taxId": null,
            },
            "lineItems": [
                line("Fauteuil de bureau Arles", 4.0, json!(249), json!(20), 996.0),
                line("Bureau réglable 160 cm", 4.0, json!(589), json!(20), 2356.0),
                line("Lampe à poser Nuit", 6.0, json!(64.9), json!(20), 389.4),
                line("Caisson trois tiroirs", 4.0, json!(139), json!(20), 556.0),
                line("Livre « Travailler mieux »", 10.0, json!(18), json!(5.5), 180.0),
                line("Guide d'ergonomie", 5.0, json!(12.5), json!(5.5), 62.5),
                line("Livraison et montage", 1.0, json!(320), json!(20), 320.0),
            ],
            "subtotal": 4859.9,
            "taxes": [
                { "rate": 20, "base": 4617.4, "amount": 923.48 },
                { "rate": 5.5, "base": 242.5, "amount": 13.34 },
            ],
            "tax": 936.82, "total": 5796.72, "amountDue": 4796.72,
        }),
    );
}

#[test]
fn the_receipt_is_read_in_full() {
    let line =
        |what, count, amount| item(what, count, Value::Null, Value::Null, Value::Null, amount);
    check(
        "receipt.pdf",
        "en",
        1,
        &json!({
            "type": "receipt",
            "merchant": {
                "name": "Maple Street Cafe", "address": "210 Maple Street, Portland, OR 97205",
                "phone": "(503) 555-0142", "taxId": null,
            },
            "date": "2026-04-14", "time": "14:32",
            "lineItems": [
                line("Flat white", 2.0, 9.0),
                line("Almond croissant", 1.0, 4.25),
                line("Soup of the day", 1.0, 8.5),
            ],
            "subtotal": 21.75, "tax": 1.74, "total": 23.49, "paymentMethod": "card", "currency": "USD",
        }),
    );
}

#[test]
fn the_plain_text_invoice_is_read_in_full() {
    let line = |what, count, price: Value, amount| {
        item(what, count, Value::Null, price, Value::Null, amount)
    };
    check(
        "invoice.txt",
        "en",
        1,
        &json!({
            "type": "invoice", "invoiceNumber": "CR-10457", "invoiceDate": "2026-03-31",
            "dueDate": "2026-04-30", "purchaseOrder": null, "currency": "USD",
            "vendor": {
                "name": "Cedar Ridge Consulting LLC", "address": "1400 Canyon Blvd, Boulder, CO 80302",
                "email": "billing@cedarridge.example", "phone": null, "taxId": "84-1234567", "iban": null,
            },
            "customer": {
                "name": "Summit Outdoor Gear Inc.", "address": "88 Trailhead Way, Bend, OR 97701",
                "taxId": null,
            },
            "lineItems": [
                line("Strategy workshop", 2.0, json!(1200), 2400.0),
                line("Market research report", 1.0, json!(3450), 3450.0),
                line("Travel expenses", 1.0, json!(312.4), 312.4),
            ],
            "subtotal": 6162.4, "taxes": [{ "rate": 4.5, "base": 6162.4, "amount": 277.31 }],
            "tax": 277.31, "total": 6439.71, "amountDue": null,
        }),
    );
}

#[test]
fn the_e_mail_is_read_in_full() {
    let line = |what, count, price: Value, amount| {
        item(what, count, Value::Null, price, Value::Null, amount)
    };
    check(
        "invoice.eml",
        "en",
        1,
        &json!({
            "type": "invoice", "invoiceNumber": "OPW-2291", "invoiceDate": "2026-04-14",
            "dueDate": "2026-04-28", "purchaseOrder": null, "currency": "EUR",
            "vendor": {
                "name": "Orchard Print Works", "address": null,
                "email": "billing@orchardprint.example", "phone": null, "taxId": "NL123456789B01",
                "iban": "NL91ABNA0417164300",
            },
            "customer": { "name": "Studio Vega", "address": null, "taxId": null },
            "lineItems": [
                line("Business cards", 500.0, json!(0.18), 90.0),
                line("Folded leaflets A5", 1000.0, json!(0.22), 220.0),
            ],
            "subtotal": 310, "taxes": [{ "rate": 21, "base": 310, "amount": 65.1 }],
            "tax": 65.1, "total": 375.1, "amountDue": null,
        }),
    );
}

#[test]
fn a_cut_file_and_a_locked_file_are_refused_with_their_codes() {
    assert_eq!(read(&sample("corrupt.pdf")).unwrap_err().code(), "corrupt_file");
    assert_eq!(read(&sample("encrypted.pdf")).unwrap_err().code(), "encrypted");
}

#[test]
fn media_types_come_from_the_bytes() {
    for (name, media_type) in [
        ("invoice-english.pdf", "application/pdf"),
        ("invoice.txt", "text/plain"),
        ("invoice.eml", "message/rfc822"),
    ] {
        let found = read(&sample(name)).unwrap();
        assert_eq!(
            (found.mime_type.as_str(), found.document_type),
            (media_type, DocumentType::Invoice)
        );
    }
}

/// What a picture says, compared with the document it was made of.
fn check_picture(name: &str, original: &str, values: &[&str]) {
    let (found, same) = (read(&sample(name)).unwrap(), read(&sample(original)).unwrap());
    assert_eq!(found.mime_type, "image/jpeg");
    assert_eq!(found.document_type, same.document_type);
    for value in values {
        assert_eq!(found.data[*value], same.data[*value], "{name} {value}");
        assert!(!found.data[*value].is_null(), "{name} {value}");
    }
    assert!(found.warnings.iter().all(|warning| warning.code != "hard_to_read"), "{name}");
    for field in &found.fields {
        let seen = matches!(field.source, FieldSource::Ocr | FieldSource::Derived);
        assert!(seen, "{name} {} from {:?}", field.name, field.source);
    }
}

#[test]
fn the_electronic_invoice_says_what_the_printed_one_shows() {
    let (found, printed) =
        (read(&sample("invoice-ubl.xml")).unwrap(), read(&sample("invoice-english.pdf")).unwrap());
    for name in ["invoiceNumber", "invoiceDate", "dueDate", "total", "tax", "currency"] {
        assert_eq!(found.data[name], printed.data[name], "{name}");
    }
    assert!(found.fields.iter().all(|field| field.source == FieldSource::Xml));
}

#[test]
fn a_scan_is_read_like_the_page_it_shows() {
    check_picture(
        "invoice-scan.jpg",
        "invoice-english.pdf",
        &["invoiceNumber", "invoiceDate", "dueDate", "subtotal", "tax", "total", "currency"],
    );
}

#[test]
fn a_photograph_on_its_side_in_the_shadow_is_read_like_the_slip_it_shows() {
    check_picture("receipt-photo.jpg", "receipt.pdf", &["date", "subtotal", "tax", "total"]);
}
