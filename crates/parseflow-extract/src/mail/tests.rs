use std::io::{Cursor, Write};

use cfb::CompoundFile;
use parseflow_model::DocumentType;
use serde_json::json;

use crate::{ExtractOptions, detect, extract};

const INVOICE: &str = "Blue Harbor Ltd\nINVOICE\nInvoice number: BH-77\nInvoice date: 2026-04-14\n\
                       Net total: 100.00 GBP\nVAT 20%: 20.00 GBP\nTotal due: 120.00 GBP\n";

fn multipart(attachment: &str) -> String {
    format!(
        "From: Ann <ann@harbor.example>\r\nTo: bob@dock.example\r\nSubject: Hello\r\n\
         Date: Tue, 14 Apr 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         Dear Bob, please see what I attached. Kind regards, Ann\r\n--b\r\n{attachment}\r\n--b--\r\n"
    )
}

#[test]
fn an_attached_document_is_read_in_place_of_the_message() {
    let attached = format!(
        "Content-Type: text/plain; name=\"a.txt\"\r\nContent-Disposition: attachment; filename=\"a.txt\"\r\n\r\n{}",
        INVOICE.replace('\n', "\r\n")
    );
    let found = extract(multipart(&attached).as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.document_type, DocumentType::Invoice);
    assert_eq!(found.data["invoiceNumber"], json!("BH-77"));
    assert_eq!(found.data["total"], json!(120));
    assert_eq!(found.mime_type, "message/rfc822");
    assert!(found.warnings.iter().any(|warning| warning.code == "read_from_attachment"));
}

#[test]
fn a_message_whose_attachment_cannot_be_read_is_read_itself() {
    let attached = "Content-Type: application/octet-stream; name=\"a.bin\"\r\n\
                    Content-Disposition: attachment; filename=\"a.bin\"\r\n\
                    Content-Transfer-Encoding: base64\r\n\r\nAAECAwQFBgc=";
    let mut options = ExtractOptions::default();
    options.wishes.text = true;
    let found = extract(multipart(attached).as_bytes(), &options).unwrap();
    assert!(found.warnings.iter().any(|warning| warning.code == "attachments_ignored"));
    let text = found.text.unwrap();
    assert!(text.contains("From: Ann") && text.contains("what I attached"), "{text}");
}

#[test]
fn an_html_message_is_read_with_its_tables() {
    let mail = "From: a@b.example\r\nSubject: Order\r\nMIME-Version: 1.0\r\n\
                Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>Hello</p><table>\
                <tr><th>Item</th><th>Price</th></tr><tr><td>Tea</td><td>3.50</td></tr>\
                <tr><td>Milk &amp; sugar</td><td>1.00</td></tr></table></body></html>";
    let mut options = ExtractOptions::default();
    options.wishes.text = true;
    let text = extract(mail.as_bytes(), &options).unwrap().text.unwrap();
    assert!(text.contains("| Milk & sugar | 1.00 |"), "{text}");
}

#[test]
fn messages_inside_messages_end_at_a_depth() {
    let mut mail = multipart("Content-Type: text/plain\r\n\r\nend");
    for _ in 0..30 {
        mail = multipart(&format!("Content-Type: message/rfc822\r\n\r\n{mail}"));
    }
    assert!(extract(mail.as_bytes(), &ExtractOptions::default()).is_ok());
}

#[test]
fn an_outlook_message_is_read_with_its_attachment() {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let mut put = |path: &str, bytes: &[u8]| {
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    };
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    put("/__properties_version1.0", &[0; 32]);
    put("/__substg1.0_0037001F", &wide("Your bill"));
    put("/__substg1.0_0C1A001F", &wide("Ann"));
    put("/__substg1.0_1000001F", &wide("Please see the attachment, dear Bob."));
    file.create_storage("/__attach_version1.0_#00000000").unwrap();
    let path = "/__attach_version1.0_#00000000/__substg1.0_37010102";
    file.create_stream(path).unwrap().write_all(INVOICE.as_bytes()).unwrap();
    file.flush().unwrap();
    let bytes = file.into_inner().into_inner();
    assert_eq!(detect(&bytes).media_type, "application/vnd.ms-outlook");
    let found = extract(&bytes, &ExtractOptions::default()).unwrap();
    assert_eq!(found.data["invoiceNumber"], json!("BH-77"));
    // A damaged one fails, or is read as far as it goes; it never panics.
    for at in (0..bytes.len()).step_by(97) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        let _ = extract(&damaged, &ExtractOptions::default());
    }
}
