//! `Idempotency-Key`: a repeated POST gets the first answer and does nothing again.

use serde_json::json;

use crate::harness::{Form, Service, Sink, assert_problem, text_invoice};

const NOTIFICATIONS: &str = "/api/webhooks/notifications";

#[test]
fn a_repeated_registration_gets_the_same_answer_and_registers_nothing_again() {
    let service = Service::start();
    let account = service.account("pro");
    let wish = json!({"url": "http://127.0.0.1:9/", "events": ["*"]});
    let key = [("Idempotency-Key", "registration-1")];
    let first = account.client.post_with(NOTIFICATIONS, &key, &wish).expect(201);
    let again = account.client.post_with(NOTIFICATIONS, &key, &wish).expect(201);
    assert_eq!(again.text(), first.text(), "the secret included: the caller may have lost it");
    let list = account.client.get(NOTIFICATIONS).expect(200).json();
    assert_eq!(list["webhooks"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_same_key_with_another_body_is_refused() {
    let service = Service::start();
    let account = service.account("pro");
    let key = [("Idempotency-Key", "registration-1")];
    let wish = |path: &str| json!({"url": format!("http://127.0.0.1:9/{path}"), "events": ["*"]});
    account.client.post_with(NOTIFICATIONS, &key, &wish("a")).expect(201);
    let refused = account.client.post_with(NOTIFICATIONS, &key, &wish("b"));
    assert_problem(&refused, 422, "idempotency_key_reused");
}

#[test]
fn keys_of_two_accounts_have_nothing_to_do_with_each_other() {
    let service = Service::start();
    let (one, other) = (service.account("pro"), service.account("pro"));
    let wish = json!({"url": "http://127.0.0.1:9/", "events": ["*"]});
    let key = [("Idempotency-Key", "1")];
    let first = one.client.post_with(NOTIFICATIONS, &key, &wish).expect(201).json();
    let second = other.client.post_with(NOTIFICATIONS, &key, &wish).expect(201).json();
    assert_ne!(first["id"], second["id"]);
}

#[test]
fn a_repeated_document_is_extracted_counted_and_announced_once() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["extraction.completed"]);
    let send = || {
        let form = Form::default().file("file", "a.txt", text_invoice().as_bytes());
        let (content_type, body) = form.finish();
        let headers = [("Content-Type", content_type.as_str()), ("Idempotency-Key", "doc-1")];
        account.client.send("POST", "/api/v1/extract", &headers, &body).expect(200).json()
    };
    assert_eq!(send()["id"], send()["id"]);
    assert_eq!(account.client.get("/api/v1/usage").expect(200).json()["used"], 1);
    // A second document as the sentinel: a repeated event would have come before it.
    account.extract("b.txt", text_invoice().as_bytes()).expect(200);
    let names: Vec<String> = sink
        .wait_for(2)
        .iter()
        .map(|r| r.json()["data"]["metadata"]["fileName"].as_str().expect("a name").to_owned())
        .collect();
    assert_eq!(names, ["a.txt", "b.txt"]);
}

#[test]
fn a_repeated_event_is_published_once_even_across_a_crash() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["batch.completed"]);
    let event = json!({"event": "batch.completed", "data": {"n": 1}});
    let key = [("Idempotency-Key", "event-1")];
    let mut publisher = account.publisher();
    let first = publisher.post_with("/api/v1/events", &key, &event).expect(202).json();
    let service = service.crash_and_restart(&[]);
    publisher.base.clone_from(&service.base);
    let again = publisher.post_with("/api/v1/events", &key, &event).expect(202).json();
    assert_eq!(again["id"], first["id"]);
    let other = json!({"event": "batch.completed", "data": {"n": 2}});
    publisher.post("/api/v1/events", &other).expect(202);
    let ids = |n: u64| {
        let received = sink.received();
        let same = received.iter().filter(|r| r.json()["data"]["n"] == n);
        same.map(|r| r.header("X-ParseFlow-Delivery").to_owned()).collect::<Vec<_>>()
    };
    crate::harness::eventually("the other event arrives", || (!ids(2).is_empty()).then_some(()));
    let mut once = ids(1);
    once.dedup();
    assert_eq!(once.len(), 1, "at least once, under one id: {once:?}");
}
