//! Documents, callers' schemas and the answers of language models.

use parseflow_extract::{ExtractOptions, STACK_BYTES, check_schema, detect, extract, opinion};
use parseflow_model::{Extraction, FieldSource};
use serde_json::{Value, json};

/// The page that answers of models are held against.
const PAGE: &str = "INVOICE\nNorthwind Tools Ltd\n12 Quay Street, Bristol\nInvoice number: NT-2041\n\
    Date: 02.03.2026\nClaw hammer   2   6,00   12,00\nNails   1   31,00   31,00\nSubtotal: 43,00 GBP\nVAT 20%: 8,60 GBP\n\
    Total: 51,60 GBP\nIBAN DE89 3704 0044 0532 0130 00\n";

/// Reads on a thread with the stack that reading asks for.
fn read(bytes: &[u8], options: &ExtractOptions) -> Option<Extraction> {
    let outcome = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let reading = thread.spawn_scoped(scope, || extract(bytes, options));
        reading.expect("a thread can be started").join()
    });
    match outcome.expect("no panic leaves the engine") {
        Ok(extraction) => Some(extraction),
        Err(error) => {
            assert_ne!(error.code(), "engine_crashed", "{:?}", detect(bytes));
            None
        }
    }
}

/// Limits that let a fuzzer make thousands of tries.
fn small() -> ExtractOptions {
    ExtractOptions {
        pages_max: 20,
        decompressed_bytes_max: 4 * 1024 * 1024,
        pixels_max: 10_000,
        chars_max: 200_000,
        scanned_pages_max: 1,
        keep_printed: true,
        ..ExtractOptions::default()
    }
}

/// Whatever the bytes are, they end in a result whose numbers make sense or in a code that is not that of a crash.
pub fn document(bytes: &[u8]) {
    let mut options = small();
    options.wishes.text = true;
    options.wishes.tables = true;
    let Some(found) = read(bytes, &options) else { return };
    makes_sense(&found);
    assert_eq!(found.data["type"], found.document_type.as_str());
}

fn makes_sense(found: &Extraction) {
    let within = |value: f64| (0.0..=1.0).contains(&value);
    assert!(within(found.confidence), "{}", found.confidence);
    for field in &found.fields {
        assert!(within(field.confidence), "{field:?}");
        assert!(field.page >= 1, "{field:?}");
        assert!(field.bounds.is_none_or(|bounds| bounds.into_iter().all(within)), "{field:?}");
        assert!(!field.value.is_null(), "{field:?}");
    }
}

/// A schema that is accepted is filled with exactly its properties; whatever follows it after a zero byte is the
/// document.
pub fn own_schema(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let Ok(schema) = std::str::from_utf8(parts.next().unwrap_or_default()) else { return };
    let Ok(schema) = check_schema(schema) else { return };
    let mut options = small();
    options.wishes.schema = Some(schema.clone());
    let text = parts.next().unwrap_or(PAGE.as_bytes());
    let Some(found) = read(text, &options) else { return };
    makes_sense(&found);
    for key in schema["properties"].as_object().into_iter().flat_map(|map| map.keys()) {
        assert!(found.data.contains_key(key), "{key}");
    }
    // What would be asked of a model is itself a schema of an object.
    if let Some(question) = opinion::question_of(&found, Some(&schema), 2_000) {
        assert_eq!(question.schema["type"], "object");
        assert!(question.text.len() <= 2_000);
    }
}

/// Whatever a model answers, only what is printed is taken, and nothing else changes.
pub fn model_answer(bytes: &[u8]) {
    let Ok(answer) = serde_json::from_slice::<Value>(bytes) else { return };
    let Some(before) = read(PAGE.as_bytes(), &small()) else { return };
    let mut bare = before.clone();
    bare.fields.clear();
    for name in ["invoiceNumber", "invoiceDate", "total", "subtotal", "tax", "currency"] {
        bare.data.insert(name.to_owned(), Value::Null);
    }
    bare.data.insert("lineItems".to_owned(), json!([]));
    for mut found in [before, bare] {
        let (confidence, keys) = (found.confidence, found.data.len());
        opinion::merge(&mut found, None, &answer);
        makes_sense(&found);
        assert_eq!((found.confidence, found.data.len()), (confidence, keys));
        let page = letters(PAGE);
        for field in found.fields.iter().filter(|field| field.source == FieldSource::Model) {
            for word in field.raw_text.split_whitespace() {
                assert!(page.contains(&letters(word)), "{field:?}");
            }
        }
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
