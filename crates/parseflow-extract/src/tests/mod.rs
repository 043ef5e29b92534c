//! The specification of the crate: the shipped samples, the formats, hostile files.

mod formats;
mod habits;
mod hostile;
mod letterhead;
mod samples;
mod tiles;
mod trades;

use parseflow_model::{DocumentType, Extraction, FieldSource};
use serde_json::{Value, json};

use crate::layout::{Bounds, Page, Word};
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

/// Lines of text as they are read in a picture of a page, 700 points wide.
pub(crate) fn page_of_picture(text: &str, height: f64) -> Page {
    let mut words = Vec::new();
    for (row, line) in text.lines().enumerate() {
        let mut column = 0;
        for piece in line.split_inclusive(' ') {
            let word = piece.trim_end();
            let (x0, y0) = (50.0 + 6.0 * f64::from(column), 40.0 + 14.0 * row as f64);
            column += piece.chars().count() as u32;
            if !word.is_empty() {
                let x1 = x0 + 6.0 * word.chars().count() as f64;
                words.push(Word {
                    text: word.to_owned(),
                    bounds: Bounds { x0, y0, x1, y1: y0 + 10.0 },
                    size: 10.0,
                    confidence: 1.0,
                    source: FieldSource::Ocr,
                });
            }
        }
    }
    Page { number: 1, width: 700.0, height, words, has_geometry: true }
}

#[test]
fn a_slip_of_a_till_on_the_glass_of_a_scanner_is_a_receipt_whatever_it_calls_itself() {
    let slip = "\
TAX INVOICE
KEDAI ROTI JAYA SDN BHD
GST REF NO: 001694261248
No. 12, Jalan Permas 10,
81750 Masai, Johor

Invoice No: A04121
Invoice Date: 27/04/18
Order: 7163
Name: MS LEE

Qty  Menu             Price
1    Roti canai       15.60

Sub-Total             15.60
Discount               8.40
Grand Total            7.20
Payment               10.00
Change Due             2.80
6% GST Included        0.41

www.rotijaya.example
to view our terms.
";
    let found = |page| crate::extract_words(&[page], "image/png", &ExtractOptions::default());
    let found = found(page_of_picture(slip, 990.0)).unwrap();
    assert_eq!(found.document_type, DocumentType::Receipt);
    assert_eq!(found.data["total"], 7.2);
}
