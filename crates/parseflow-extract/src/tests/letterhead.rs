//! Pages whose text is printed on a letterhead that is a picture.

use serde_json::json;

use super::hostile::{pdf, stream};
use super::{read, sample};
use crate::{ExtractOptions, extract};

/// Dots to a point in the sample.
const DENSITY: f64 = 150.0 / 72.0;

/// A page with lines of text, each with its place from the left and the top in points, and over them a part of the
/// sample: from the left, from the top, width and height in dots, at the place where the sample shows it.
fn page(lines: &[(f64, f64, &str)], (x, y, width, height): (u32, u32, u32, u32)) -> Vec<u8> {
    let scan = image::load_from_memory(&sample("invoice-scan.jpg")).unwrap().to_luma8();
    let part = image::imageops::crop_imm(&scan, x, y, width, height).to_image();
    let points = |dots: u32| f64::from(dots) / DENSITY;
    let mut content = format!(
        "q {} 0 0 {} {} {} cm /X Do Q\n",
        points(width),
        points(height),
        points(x),
        842.0 - points(y + height)
    );
    for (x, y, text) in lines {
        content.push_str(&format!("BT /F 10 Tf {x} {} Td ({text}) Tj ET\n", 842.0 - y));
    }
    let dict = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 /ColorSpace /DeviceGray"
    );
    pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> /Font << /F 6 0 R >> >> >>".to_vec(),
        stream("", content.as_bytes()),
        stream(&dict, &part),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ])
}

const BILL: &[(f64, f64, &str)] = &[
    (55.0, 200.0, "Bill to"),
    (55.0, 214.0, "Meridian Studios Ltd"),
    (55.0, 226.0, "48 Albion Road"),
    (55.0, 238.0, "London N16 9PH"),
    (360.0, 100.0, "Invoice number: INV-2026-0142"),
    (360.0, 114.0, "Invoice date: 14 April 2026"),
    (55.0, 300.0, "Description"),
    (450.0, 300.0, "Amount"),
    (55.0, 316.0, "Retouching of twelve pictures"),
    (450.0, 316.0, "100.00"),
    (360.0, 340.0, "Net total"),
    (450.0, 340.0, "100.00"),
    (360.0, 354.0, "VAT 20 %"),
    (450.0, 354.0, "20.00"),
    (360.0, 368.0, "Total due"),
    (450.0, 368.0, "120.00 GBP"),
];

/// Name, address and numbers of the seller in the sample.
const LETTERHEAD: (u32, u32, u32, u32) = (100, 70, 460, 240);

#[test]
fn a_seller_who_is_named_in_a_picture_alone_is_read_there() {
    let found = read(&page(BILL, LETTERHEAD)).unwrap();
    let vendor = &found.data["vendor"];
    assert_eq!(
        json!([vendor["name"], vendor["taxId"], found.data["total"], found.data["invoiceNumber"]]),
        json!(["Harbour & Finch Ltd", "GB123456789", 120, "INV-2026-0142"])
    );
    let source = |name: &str| {
        let field = found.fields.iter().find(|field| field.name == name);
        serde_json::to_value(field.map(|field| field.source)).unwrap()
    };
    assert_eq!(json!([source("vendor.name"), source("total")]), json!(["ocr", "text"]));
    let name = found.fields.iter().find(|field| field.name == "vendor.name").unwrap();
    let [left, top, right, bottom] = name.bounds.unwrap();
    assert!((0.08..0.11).contains(&left) && (0.04..0.06).contains(&top), "{left} {top}");
    assert!((0.40..0.44).contains(&right) && (0.06..0.09).contains(&bottom), "{right} {bottom}");
}

#[test]
fn pictures_beside_text_are_left_alone_where_nothing_is_missing_or_none_may_be_read() {
    let mut named = BILL.to_vec();
    named.push((55.0, 40.0, "Northlight Prints Ltd"));
    let found = read(&page(&named, (100, 70, 460, 240))).unwrap();
    assert_eq!(found.data["vendor"]["name"], "Northlight Prints Ltd");
    assert!(found.fields.iter().all(|field| field.source != parseflow_model::FieldSource::Ocr));

    let none = ExtractOptions { scanned_pages_max: 0, ..ExtractOptions::default() };
    let found = extract(&page(BILL, LETTERHEAD), &none).unwrap();
    assert_eq!(json!([found.data["vendor"]["name"], found.data["total"]]), json!([null, 120]));
}
