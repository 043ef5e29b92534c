//! "Headers": the four rows of the table, and what stands beside them.

use std::collections::BTreeSet;

use crate::harness::{Received, Service, Sink, corrupt_pdf};

/// One delivery of an invoice, as received.
fn one_delivery() -> Received {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    sink.wait_for(1).remove(0)
}

/// "Content-Type — application/json"
#[test]
fn content_type_is_application_json() {
    let received = one_delivery();
    assert_eq!(received.header("Content-Type"), "application/json");
    assert_eq!(received.header("Content-Length"), received.body.len().to_string());
    assert_eq!(received.headers("Transfer-Encoding"), [""; 0], "never chunked");
    assert_eq!(received.headers("Content-Encoding"), [""; 0], "never compressed");
    let agent = received.header("User-Agent");
    assert!(agent.starts_with("ParseFlow-Webhooks/"), "{agent}");
}

/// "X-ParseFlow-Signature — HMAC-SHA256 signature of the request body": one value, bare hex.
#[test]
fn x_parseflow_signature_is_the_hmac_sha256_signature_of_the_request_body() {
    let received = one_delivery();
    let signature = received.header("X-ParseFlow-Signature");
    assert_eq!(signature.len(), 64, "{signature}");
    assert!(signature.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)));
}

/// "X-ParseFlow-Event — The event type (e.g., extraction.completed)"
#[test]
fn x_parseflow_event_is_the_event_type() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["*"]);
    account.extract_invoice();
    account.extract("broken.pdf", corrupt_pdf()).expect(422);
    for received in sink.wait_for(2) {
        assert_eq!(received.header("X-ParseFlow-Event"), received.event());
    }
    let types: BTreeSet<String> = sink.received().iter().map(Received::event).collect();
    assert_eq!(types.len(), 2);
}

/// "X-ParseFlow-Delivery — Unique delivery ID for deduplication": the same on every retry of one
/// delivery, another for every other event and endpoint.
#[test]
fn x_parseflow_delivery_is_a_unique_delivery_id_for_deduplication() {
    let service = Service::start();
    let account = service.account("pro");
    let (failing, healthy) = (Sink::answering(503), Sink::answering(200));
    account.register(&failing.url("/"), &["extraction.completed"]);
    account.register(&healthy.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    let tries = failing.wait_for(3);
    let ids: BTreeSet<&str> = tries.iter().map(|r| r.header("X-ParseFlow-Delivery")).collect();
    assert_eq!(ids.len(), 1, "a retry is the same delivery: {ids:?}");
    account.extract_invoice();
    let others = healthy.wait_for(2);
    let mut all = ids;
    all.extend(others.iter().map(|r| r.header("X-ParseFlow-Delivery")));
    assert_eq!(all.len(), 3, "{all:?}");
    assert!(all.iter().all(|id| id.starts_with("dlv_") && !id.contains('.')), "{all:?}");
}

/// Beside the table: the number of the attempt, from one.
#[test]
fn x_parseflow_attempt_counts_the_requests_of_a_delivery() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(503);
    account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    let numbers: Vec<String> =
        sink.wait_for(6).iter().map(|r| r.header("X-ParseFlow-Attempt").to_owned()).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5", "6"]);
}

/// Beside the table: Standard Webhooks 1.0, `webhook-id` being the delivery's id.
#[test]
fn the_standard_webhooks_headers_go_with_every_request() {
    let received = one_delivery();
    assert_eq!(received.header("webhook-id"), received.header("X-ParseFlow-Delivery"));
    let timestamp = received.header("webhook-timestamp");
    assert!(timestamp.parse::<u64>().is_ok(), "{timestamp}");
    let signature = received.header("webhook-signature");
    assert!(signature.starts_with("v1,") && signature.len() == 47, "{signature}");
}
