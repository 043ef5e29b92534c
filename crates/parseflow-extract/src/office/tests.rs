use std::io::{Cursor, Write};

use parseflow_model::DocumentType;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{ExtractError, ExtractOptions, detect, extract};

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

fn docx(body: &str) -> Vec<u8> {
    let document = format!("<w:document {W}><w:body>{body}</w:body></w:document>");
    archive(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &document)])
}

fn with_text(bytes: &[u8]) -> parseflow_model::Extraction {
    let mut options = ExtractOptions::default();
    options.wishes.text = true;
    extract(bytes, &options).unwrap()
}

#[test]
fn an_invoice_in_word_is_read_with_its_table() {
    let row = |cells: [&str; 4]| {
        let cells: String =
            cells.iter().map(|cell| format!("<w:tc>{}</w:tc>", paragraph(cell))).collect();
        format!("<w:tr>{cells}</w:tr>")
    };
    let body = [
        paragraph("Blue Harbor Ltd"),
        paragraph("12 Dock Street, London SE1 2AB"),
        paragraph("INVOICE"),
        paragraph("Invoice number: BH-2026-77"),
        paragraph("Invoice date: 14 April 2026"),
        format!(
            "<w:tbl>{}{}{}</w:tbl>",
            row(["Description", "Quantity", "Unit price", "Amount"]),
            row(["Rope, 12 mm", "10", "4.50", "45.00"]),
            row(["Anchor", "1", "120.00", "120.00"]),
        ),
        paragraph("Subtotal: £165.00"),
        paragraph("VAT 20%: £33.00"),
        paragraph("Total: £198.00"),
    ]
    .concat();
    let bytes = docx(&body);
    assert!(detect(&bytes).is_readable());
    let found = with_text(&bytes);
    assert_eq!(found.document_type, DocumentType::Invoice);
    assert_eq!(found.data["invoiceNumber"], json!("BH-2026-77"));
    assert_eq!(found.data["invoiceDate"], json!("2026-04-14"));
    assert_eq!(found.data["total"], json!(198));
    assert_eq!(found.data["lineItems"].as_array().map(Vec::len), Some(2));
    assert_eq!(found.data["lineItems"][0]["description"], json!("Rope, 12 mm"));
    assert!(found.text.unwrap().contains("| Anchor | 1 | 120.00 | 120.00 |"));
}

#[test]
fn deleted_text_and_second_forms_are_not_read() {
    let found = with_text(&docx(
        "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>\
         <w:r><w:tab/><w:t>after</w:t></w:r></w:p>",
    ));
    let text = found.text.unwrap();
    assert!(text.contains("kept") && text.contains("after") && !text.contains("gone"), "{text}");
}

#[test]
fn a_workbook_is_read_as_it_is_shown() {
    let strings = "<sst><si><t>Date</t></si><si><r><t>Net </t></r><r><t>value</t></r></si></sst>";
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"0.00 &quot;y&quot;\"/></numFmts>\
         <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"9\"/></cellXfs></styleSheet>";
    let sheet = "<worksheet><sheetData>\
         <row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>\
         <row r=\"2\"><c r=\"A2\" s=\"1\"><v>46126</v></c><c r=\"C2\" s=\"2\"><v>1190.5</v></c><c r=\"D2\" s=\"3\"><v>0.19</v></c></row>\
         <row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>sum</t></is></c><c r=\"C3\"><v>0.1</v></c></row>\
         </sheetData></worksheet>";
    let bytes = archive(&[
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", "<workbook/>"),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", sheet),
    ]);
    let text = with_text(&bytes).text.unwrap();
    for part in ["Net value", "2026-04-14", "1190.50", "19%", "0.10"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn an_opendocument_text_is_read_and_repeated_cells_stay_few() {
    let content = "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:table=\"b\"><office:body><office:text>\
         <text:h>Title</text:h><text:p>A<text:s text:c=\"3\"/>B<text:tab/>C</text:p>\
         <table:table><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell>\
         <table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell/></table:table-row></table:table>\
         </office:text></office:body></office:document-content>";
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file("mimetype", stored).unwrap();
    writer.write_all(b"application/vnd.oasis.opendocument.text").unwrap();
    writer.start_file("content.xml", SimpleFileOptions::default()).unwrap();
    writer.write_all(content.as_bytes()).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert_eq!(detect(&bytes).media_type, "application/vnd.oasis.opendocument.text");
    let text = with_text(&bytes).text.unwrap();
    assert!(text.starts_with("Title") && text.contains('B'), "{text}");
}

#[test]
fn damaged_locked_and_exploding_files_fail_with_their_codes() {
    let good = docx(&paragraph("text"));
    let cut = &good[..good.len() - 30];
    let error = extract(cut, &ExtractOptions::default()).unwrap_err();
    assert!(matches!(error, ExtractError::CorruptFile { .. }), "{error}");
    let bomb = docx(&paragraph(&"a".repeat(2_000_000)));
    let options = ExtractOptions { decompressed_bytes_max: 100_000, ..ExtractOptions::default() };
    let error = extract(&bomb, &options).unwrap_err();
    assert_eq!(error.code(), "too_large", "{error}");
    let locked = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), wide("EncryptedPackage")].concat();
    assert_eq!(extract(&locked, &ExtractOptions::default()), Err(ExtractError::Encrypted));
    let old = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), wide("WordDocument")].concat();
    let error = extract(&old, &ExtractOptions::default()).unwrap_err();
    assert!(error.to_string().contains("application/msword"), "{error}");
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
