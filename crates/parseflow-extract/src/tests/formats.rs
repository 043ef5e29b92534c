//! What is recognised, refused and decoded.

use std::collections::HashMap;

use parseflow_model::{DocumentType, RequestedType};

use super::{read, sample};
use crate::{ExtractError, ExtractOptions, detect, extract};

/// The beginning of a ZIP archive whose first entry is not compressed.
fn stored(name: &str, content: &[u8]) -> Vec<u8> {
    let mut zip = b"PK\x03\x04".to_vec();
    zip.resize(26, 0);
    zip.extend([name.len() as u8, 0, 0, 0]);
    zip.extend(name.as_bytes());
    zip.extend(content);
    zip
}

#[test]
fn files_are_recognised_by_content() {
    let docx = stored("[Content_Types].xml", b"PK\x03\x04 word/document.xml");
    let archive_of_docx = stored("letter.docx", &docx);
    let odt = stored("mimetype", b"application/vnd.oasis.opendocument.text");
    let cases: &[(&[u8], &str)] = &[
        (b"%PDF-1.7\n", "application/pdf"),
        (b"junk in front\n%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"GIF89a\x01\0", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"PK\x03\x04\x14\0\0\0", "application/zip"),
        (&docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (&archive_of_docx, "application/zip"),
        (&odt, "application/vnd.oasis.opendocument.text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "application/x-ole-storage"),
        (b"\x1f\x8b\x08\0\0", "application/gzip"),
        (b"{\\rtf1\\ansi", "application/rtf"),
        (b"<!DOCTYPE html><html></html>", "text/html"),
        (b"<?xml version=\"1.0\"?><a/>", "application/xml"),
        (b"BMW invoice, 12 April", "text/plain"),
        ("Größe 12,50 €".as_bytes(), "text/plain"),
        (b"Gr\xf6\xdfe 12,50 \x80", "text/plain"),
        (b"\xff\xfeI\0n\0v\0", "text/plain"),
        (b"From: a@b.example\nMessage-ID: <1@b.example>\n\nHello", "message/rfc822"),
        (b"Dear all,\nFrom: the bottom of my heart", "text/plain"),
        (b"\0\x01\x02\x03\x04\x05", "application/octet-stream"),
        (b"", "application/x-empty"),
        (b" \r\n\t ", "application/x-empty"),
    ];
    for (bytes, media_type) in cases {
        assert_eq!(detect(bytes).media_type, *media_type, "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn what_cannot_be_read_says_so_with_a_code() {
    let cases: &[(&[u8], &str, &str)] = &[
        (b"", "empty_document", "empty"),
        (b"\n\n \t\n", "empty_document", "empty"),
        (b"GIF89a\x01\0", "unsupported_format", "image/gif"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "corrupt_file", "decoded"),
        (b"PK\x03\x04\x14\0\0\0", "unsupported_format", "application/zip"),
        (b"\0\x01\x02\x03\x04\x05", "unsupported_format", "application/octet-stream"),
        (b"%PDF-1.7\nnothing more", "corrupt_file", "%%EOF"),
        (b"%PDF-1.7\n%%EOF\n", "corrupt_file", "damaged"),
        (
            b"From: a@b.example\r\nTo: c@d.example\r\nMessage-ID: <1>\r\n\r\n",
            "empty_document",
            "empty",
        ),
    ];
    for (bytes, code, said) in cases {
        let error = read(bytes).unwrap_err();
        assert_eq!(error.code(), *code, "{:?}", String::from_utf8_lossy(bytes));
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn limits_on_bytes_pages_and_characters_hold() {
    let with = |change: fn(&mut ExtractOptions)| {
        let mut options = ExtractOptions::default();
        change(&mut options);
        options
    };
    let french = sample("invoice-french.pdf");
    for (options, unit) in [
        (with(|o| o.bytes_max = 100), "bytes"),
        (with(|o| o.pages_max = 1), "pages"),
        (with(|o| o.chars_max = 50), "characters"),
    ] {
        let error = extract(&french, &options).unwrap_err();
        assert!(
            matches!(error, ExtractError::TooLarge { unit: found, .. } if found == unit),
            "{error}"
        );
        assert_eq!(error.code(), "too_large");
    }
    let pages = "page\u{c}".repeat(5);
    let two = with(|o| o.pages_max = 2);
    assert_eq!(extract(pages.as_bytes(), &two).unwrap_err().code(), "too_large");
}

#[test]
fn latin_1_and_utf_16_text_read_like_utf_8() {
    let text = "Müller GmbH\nRechnung Nr. 2026-17\nRechnungsdatum: 03.02.2026\nNettobetrag 100,00 €\nMwSt. 19 % 19,00 €\nGesamtbetrag 119,00 €\n";
    let latin: Vec<u8> =
        text.chars().map(|c| if c == '€' { 0x80 } else { u32::from(c) as u8 }).collect();
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let wanted = read(text.as_bytes()).unwrap();
    assert_eq!(wanted.data["total"], 119);
    assert_eq!(wanted.data["vendor"]["name"], "Müller GmbH");
    for bytes in [latin, utf16] {
        assert_eq!(read(&bytes).unwrap().data, wanted.data);
    }
}

#[test]
fn totals_that_disagree_lower_the_confidence_and_ask_for_review() {
    let good = "Acme Ltd\nInvoice number: A-100\nInvoice date: 2026-01-31\nSubtotal 100.00 EUR\nVAT 20% 20.00 EUR\nTotal 120.00 EUR\n";
    let bad = good.replace("Total 120.00", "Total 150.00");
    let (good, bad) = (read(good.as_bytes()).unwrap(), read(bad.as_bytes()).unwrap());
    assert!(!good.needs_review && good.warnings.is_empty());
    assert!(bad.needs_review && bad.confidence < good.confidence);
    assert!(bad.warnings.iter().any(|warning| warning.code == "totals_disagree"));
    assert_eq!(bad.data["total"], 150, "what is printed is given, not what would fit");
}

#[test]
fn ambiguous_dates_are_settled_by_the_document() {
    let date = |text: &str| read(text.as_bytes()).unwrap().data["invoiceDate"].clone();
    let invoice = |date: &str, rest: &str| {
        format!("Invoice number: A-100\nInvoice date: {date}\nTotal {rest}\n")
    };
    assert_eq!(date(&invoice("03/04/2026", "$10.00")), "2026-03-04");
    assert_eq!(date(&invoice("03/04/2026", "£10.00")), "2026-04-03");
    assert_eq!(date(&invoice("03/04/2026", "$10.00\nDue date: 25/04/2026")), "2026-04-03");
    assert_eq!(date(&invoice("04.03.2026", "10,00 €")), "2026-03-04");
    assert_eq!(date(&invoice("2026-03-04", "10.00 EUR")), "2026-03-04");
}

#[test]
fn the_type_asked_for_is_used_and_doubted() {
    let text = b"Acme Ltd\nInvoice number: A-100\nInvoice date: 2026-01-31\nTotal 120.00 EUR\n";
    let options = ExtractOptions {
        document_type: RequestedType::Is(DocumentType::Receipt),
        ..ExtractOptions::default()
    };
    let found = extract(text, &options).unwrap();
    assert_eq!(found.document_type, DocumentType::Receipt);
    assert!(found.warnings.iter().any(|warning| warning.code == "type_disagrees"));
    assert_eq!(found.data["total"], 120);
}

#[test]
fn other_types_are_told_by_their_words_and_not_invented() {
    let cases: HashMap<DocumentType, &str> = HashMap::from([
        (
            DocumentType::Contract,
            "Service Agreement\nThis agreement is made between the parties. The parties shall keep confidential information secret. Governing law: England.",
        ),
        (
            DocumentType::BankStatement,
            "Bank statement\nOpening balance 100.00\nWithdrawals 20.00\nDeposits 50.00\nClosing balance 130.00",
        ),
        (
            DocumentType::IdDocument,
            "PASSPORT\nSurname DOE\nGiven names JANE\nNationality UTOPIAN\nDate of birth 01 JAN 1990",
        ),
        (DocumentType::Other, "The weather was fine and nothing else happened."),
    ]);
    for (kind, text) in cases {
        let found = read(text.as_bytes()).unwrap();
        assert_eq!(found.document_type, kind, "{text}");
        assert_eq!(found.data["type"], kind.as_str());
    }
}
