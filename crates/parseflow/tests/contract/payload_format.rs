//! "Payload Format".

use serde_json::Value;

use crate::harness::{
    Service, Sink, assert_shape, eventually, invoice_pdf, is_utc_whole_seconds, is_uuid, keys,
};

/// The page's example.
const EXAMPLE: &str = r#"{
  "event": "extraction.completed",
  "timestamp": "2026-04-14T10:05:00Z",
  "data": {
    "id": "ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678",
    "status": "completed",
    "documentType": "invoice",
    "confidence": 0.94,
    "data": { ... },
    "metadata": {
      "fileName": "invoice.pdf",
      "fileSize": 145230,
      "mimeType": "application/pdf"
    },
    "processingTimeMs": 1240
  }
}"#;

fn example() -> Value {
    serde_json::from_str(&EXAMPLE.replace("{ ... }", "{}")).expect("the example is JSON")
}

/// "Every webhook sends a JSON POST request with this structure:" every one of the six.
#[test]
fn every_webhook_sends_a_json_post_request_with_this_structure() {
    let service = Service::start();
    let account = service.account_with("pro", &["--quota", "5"]);
    let sink = Sink::answering(200);
    account.register(&sink.url("/in"), &["*"]);
    account.make_every_event_happen();
    for event in [
        "extraction.completed",
        "extraction.failed",
        "batch.completed",
        "batch.failed",
        "quota.warning",
        "quota.exceeded",
    ] {
        let received = sink.wait_for_event(event);
        assert_eq!(received.request_line, "POST /in HTTP/1.1");
        assert_eq!(received.header("content-type"), "application/json");
        let payload = received.json();
        assert_eq!(keys(&payload), keys(&example()));
        let timestamp = &payload["timestamp"];
        assert_shape(is_utc_whole_seconds(timestamp), "a time", timestamp);
        assert!(payload["data"].is_object(), "{payload}");
    }
}

/// The page's sample: `data` of `extraction.completed`, member by member.
#[test]
fn the_sample_payload_shows_what_extraction_completed_holds() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["extraction.completed"]);
    let result = account.extract_invoice();
    let data = sink.wait_for_event("extraction.completed").json()["data"].clone();
    let shown = example()["data"].clone();
    assert_eq!(keys(&data), keys(&shown));
    for (member, value) in shown.as_object().expect("an object") {
        assert_eq!(kind(&data[member]), kind(value), "{member}: {data}");
    }
    assert_shape(is_uuid(&data["id"], "ext_"), "an id", &data["id"]);
    assert_eq!(data["id"], result["id"]);
    assert_eq!(data["status"], "completed");
    assert_eq!(data["documentType"], "invoice");
    assert_confidence(&data["confidence"]);
    assert_eq!(keys(&data["metadata"]), keys(&shown["metadata"]));
    assert_eq!(data["metadata"]["fileName"], "invoice.pdf");
    assert_eq!(data["metadata"]["fileSize"], invoice_pdf().len());
    assert_eq!(data["metadata"]["mimeType"], "application/pdf");
    assert!(data["processingTimeMs"].is_u64(), "whole milliseconds: {data}");
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A part of one, with at most four decimals.
fn assert_confidence(value: &Value) {
    let confidence = value.as_f64().expect("a number");
    assert!((0.0..=1.0).contains(&confidence), "{confidence}");
    let decimals = value.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len());
    assert!(decimals <= 4, "{value}");
}

/// `"data": { ... }`: what the document says, headed by its type.
#[test]
fn the_inner_data_holds_what_the_document_says() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["extraction.completed"]);
    let result = account.extract_invoice();
    let inner = sink.wait_for_event("extraction.completed").json()["data"]["data"].clone();
    assert_eq!(keys(&inner)[0], "type");
    assert_eq!(inner["type"], "invoice");
    assert_eq!(inner, result["data"], "the same as the caller got");
    assert!(inner["invoiceNumber"].as_str().is_some_and(|text| !text.is_empty()), "{inner}");
    assert!(inner["total"].is_number(), "{inner}");
    assert_eq!(inner["currency"].as_str().map(str::len), Some(3), "ISO 4217: {inner}");
    assert!(inner["lineItems"].as_array().is_some_and(|items| !items.is_empty()), "{inner}");
    let date = inner["invoiceDate"].as_str().expect("a date");
    assert!(date.len() == 10 && date.as_bytes()[4] == b'-', "ISO 8601: {date}");
}

/// `"timestamp"` is when the event happened, not when it was sent: retries repeat it.
#[test]
fn the_timestamp_is_when_the_event_happened() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(503);
    account.register(&sink.url("/"), &["extraction.completed"]);
    let result = account.extract_invoice();
    let received = sink.wait_for(4);
    assert!(
        received.iter().all(|r| r.body == received[0].body),
        "every retry sends the same bytes"
    );
    let timestamp = received[0].json()["timestamp"].clone();
    let path = format!("/api/v1/documents/{}", result["id"].as_str().expect("an id"));
    let document = account.client.get(&path).expect(200).json();
    assert_shape(is_utc_whole_seconds(&document["createdAt"]), "a time", &document["createdAt"]);
    let (created, happened) = (document["createdAt"].as_str(), timestamp.as_str());
    assert!(created <= happened, "a document is finished after it came: {created:?} {happened:?}");
}

/// "JSON": compact, one line, nothing around it.
#[test]
fn the_body_is_compact_json_and_nothing_else() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    let body = eventually("it arrives", || sink.received().into_iter().next()).body;
    assert!(body.starts_with(b"{\"event\":\"extraction.completed\",\"timestamp\":\""));
    assert!(body.ends_with(b"}"));
    assert!(!body.contains(&b'\n') && !body.contains(&b'\r'));
}
