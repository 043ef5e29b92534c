//! What operators and their tools ask for.

use crate::harness::{Service, Sink, assert_problem};

#[test]
fn health_is_told_without_a_key() {
    let service = Service::start();
    let anonymous = service.anonymous();
    assert!(anonymous.get("/api/health").expect(200).text().contains("ok"));
    anonymous.get("/healthz").expect(200);
    anonymous.get("/readyz").expect(200);
}

#[test]
fn metrics_count_what_was_delivered() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    account.delivery_in_state(&hook, "succeeded");
    let metrics = service.anonymous().get("/metrics").expect(200).text();
    assert!(metrics.contains("parseflow_"), "{metrics}");
    assert!(metrics.contains("# TYPE"), "{metrics}");
    assert!(!metrics.contains(&account.id), "no account is named: {metrics}");
}

#[test]
fn the_api_describes_itself() {
    let service = Service::start();
    let described = service.anonymous().get("/openapi.json").expect(200).json();
    assert!(described["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    for path in [
        "/api/webhooks/notifications",
        "/api/v1/extract",
        "/api/v1/batch",
        "/api/v1/usage",
        "/api/v1/events",
        "/api/v1/keys",
    ] {
        assert!(described["paths"][path].is_object(), "{path}");
    }
    let output = service.program_output(&["openapi"]);
    let printed: serde_json::Value = serde_json::from_slice(&output).expect("JSON");
    assert_eq!(printed["paths"], described["paths"]);
}

#[test]
fn the_log_holds_neither_keys_nor_documents() {
    let service = Service::start();
    let account = service.account("pro");
    account.extract("private.txt", b"INVOICE\nPayee: Zebedee Quartermain\nTotal: 12.00 EUR\n");
    assert_problem(&account.client.get("/api/v1/documents/nothing"), 404, "not_found");
    let log = service.log();
    assert!(!log.contains(account.key()), "{log}");
    assert!(!log.contains("Quartermain"), "{log}");
}
