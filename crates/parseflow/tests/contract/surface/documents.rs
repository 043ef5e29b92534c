//! Documents: reading results again, listing them, and the demo without a key.

use serde_json::json;

use crate::harness::{
    Form, Service, Sink, assert_problem, assert_shape, invoice_pdf, is_utc_whole_seconds, keys,
    sample, text_invoice,
};

#[test]
fn a_result_is_read_again_with_all_that_was_found() {
    let service = Service::start();
    let account = service.account("pro");
    let result = account.extract_invoice();
    let path = format!("/api/v1/documents/{}", result["id"].as_str().expect("an id"));
    let full = account.client.get(&path).expect(200).json();
    for member in ["id", "status", "documentType", "confidence", "data", "metadata"] {
        assert_eq!(full[member], result[member], "{member}");
    }
    let created = &full["createdAt"];
    assert_shape(is_utc_whole_seconds(created), "a time", created);
    assert!(full["warnings"].is_array() && full["needsReview"].is_boolean(), "{full}");
    let fields = full["fields"].as_array().expect("a list");
    assert!(!fields.is_empty());
    for field in fields {
        assert_eq!(
            keys(field)[..7],
            ["name", "value", "rawText", "confidence", "page", "box", "source"],
            "{field}"
        );
    }
}

#[test]
fn documents_are_listed_newest_first_and_in_pages() {
    let service = Service::start();
    let account = service.account("pro");
    let ids: Vec<_> = (0..3)
        .map(|n| {
            let name = format!("{n}.txt");
            account.extract(&name, text_invoice().as_bytes()).expect(200).json()["id"].clone()
        })
        .collect();
    let first = account.client.get("/api/v1/documents?limit=2").expect(200).json();
    let shown = |page: &serde_json::Value| -> Vec<serde_json::Value> {
        page["documents"].as_array().expect("a list").iter().map(|d| d["id"].clone()).collect()
    };
    assert_eq!(shown(&first), [ids[2].clone(), ids[1].clone()]);
    let cursor = first["nextCursor"].as_str().expect("there is more");
    let rest = account.client.get(&format!("/api/v1/documents?limit=2&cursor={cursor}"));
    let rest = rest.expect(200).json();
    assert_eq!(shown(&rest), [ids[0].clone()]);
    assert_eq!(rest["nextCursor"], json!(null));
}

#[test]
fn the_content_decides_what_a_document_is_not_its_name() {
    let service = Service::start();
    let account = service.account("pro");
    let result = account.extract("holiday.jpg", &invoice_pdf()).expect(200).json();
    assert_eq!(result["metadata"]["mimeType"], "application/pdf");
    assert_eq!(result["documentType"], "invoice");
}

#[test]
fn the_demo_reads_one_document_without_a_key_and_fires_no_event() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["*"]);
    let (content_type, body) = Form::default().file("file", "invoice.pdf", &invoice_pdf()).finish();
    let headers = [("Content-Type", content_type.as_str())];
    let shown = service.anonymous().send("POST", "/api/v1/demo", &headers, &body).expect(200);
    assert_eq!(shown.json()["documentType"], "invoice");
    let large = vec![b'a'; 2 * 1024 * 1024 + 1];
    let (content_type, body) = Form::default().file("file", "big.txt", &large).finish();
    let headers = [("Content-Type", content_type.as_str())];
    let refused = service.anonymous().send("POST", "/api/v1/demo", &headers, &body);
    assert_eq!(refused.status, 413, "{}", refused.text());
    account.extract("after.txt", text_invoice().as_bytes()).expect(200);
    let first = sink.wait_for(1).remove(0).json();
    assert_eq!(first["data"]["metadata"]["fileName"], "after.txt");
}

#[test]
fn an_encrypted_document_says_so() {
    let service = Service::start();
    let account = service.account("pro");
    let encrypted = sample("encrypted.pdf");
    assert_problem(&account.extract("locked.pdf", &encrypted), 422, "encrypted");
}
