//! The specification of the crate: the shipped samples, the formats, hostile files.

mod formats;
mod habits;
mod hostile;
mod letterhead;
mod samples;
mod tiles;
mod trades;

use parseflow_model::Extraction;
use serde_json::{Value, json};

use crate::{ExtractError, ExtractOptions, extract};

/// A file of `samples/`.
fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

fn read(bytes: &[u8]) -> Result<Extraction, ExtractError> {
    extract(bytes, &ExtractOptions::default())
}

/// One item in its whole shape.
fn item(
    description: &str,
    quantity: f64,
    unit: Value,
    price: Value,
    rate: Value,
    amount: f64,
) -> Value {
    let number = |value: f64| if value.fract() == 0.0 { json!(value as i64) } else { json!(value) };
    json!({
        "description": description, "quantity": number(quantity), "unit": unit, "unitPrice": price,
        "taxRate": rate, "amount": number(amount),
    })
}
