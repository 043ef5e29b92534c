//! `POST /api/v1/events`: events of an account's own, through the same writer and engine.

use serde_json::{Value, json};

use crate::harness::{Receiver, Service, Sink, assert_problem, keys};

#[test]
fn a_key_with_the_scope_publishes_events_and_learns_how_many_deliveries_follow() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/a"), &["batch.completed"]);
    account.register(&sink.url("/b"), &["*"]);
    account.register(&sink.url("/c"), &["quota.*"]);
    let answer = account.publish("batch.completed", &json!({"n": 1}));
    assert_eq!(keys(&answer)[..2], ["id", "deliveries"], "{answer}");
    assert!(answer["id"].as_str().is_some_and(|id| id.starts_with("evt_")), "{answer}");
    let count =
        answer["deliveries"].as_u64().or(answer["deliveries"].as_array().map(|d| d.len() as u64));
    assert_eq!(count, Some(2), "{answer}");
    for received in sink.wait_for(2) {
        assert_eq!(received.json()["data"], json!({"n": 1}));
        assert_eq!(keys(&received.json()), ["event", "timestamp", "data"]);
    }
}

#[test]
fn a_key_without_the_scope_publishes_nothing() {
    let service = Service::start();
    let account = service.account("pro");
    let event = json!({"event": "batch.completed", "data": {}});
    assert_problem(&account.client.post("/api/v1/events", &event), 403, "scope_required");
}

#[test]
fn data_that_receivers_could_not_verify_is_refused_with_its_place() {
    let service = Service::start();
    let publisher = service.account("pro").publisher();
    for (data, pointer) in [
        (r#"{"1":1}"#, "/data/1"),
        (r#"{"":1}"#, "/data/"),
        (r#"{"a":{"__proto__":1}}"#, "/data/a/__proto__"),
        (r#"{"a":[0,9007199254740992]}"#, "/data/a/1"),
        (r#"{"a-b":1}"#, "/data/a-b"),
    ] {
        let body = format!(r#"{{"event":"batch.completed","data":{data}}}"#);
        let json = [("Content-Type", "application/json")];
        let refused = publisher.send("POST", "/api/v1/events", &json, body.as_bytes());
        assert_eq!(refused.status, 400, "{data}: {}", refused.text());
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{}", refused.text());
    }
    for event in [
        json!({"event": "invoice.paid", "data": {}}),
        json!({"event": "batch.completed", "data": []}),
        json!({"event": "batch.completed"}),
        json!({"data": {}}),
    ] {
        let refused = publisher.post("/api/v1/events", &event);
        assert_eq!(refused.status, 400, "{event}: {}", refused.text());
    }
}

#[test]
fn a_body_stays_below_what_express_accepts() {
    let service = Service::start();
    let account = service.account("pro");
    let receiver = Receiver::express();
    let hook = account.register(&receiver.url(), &["batch.completed"]);
    receiver.set_secret(&hook.secret);
    let publisher = account.publisher();
    let event =
        |length: usize| json!({"event": "batch.completed", "data": {"t": "x".repeat(length)}});
    publisher.post("/api/v1/events", &event(98_000)).expect(202);
    let request = receiver.wait_for(1).remove(0);
    assert_eq!(request["status"], 200);
    assert!(request["bodyBytes"].as_u64().is_some_and(|bytes| bytes <= 98_304), "{request}");
    let too_large = publisher.post("/api/v1/events", &event(3_000_000));
    assert!((400..500).contains(&too_large.status), "{}", too_large.text());
}

#[test]
fn a_published_event_that_nobody_subscribed_to_is_accepted() {
    let service = Service::start();
    let account = service.account("pro");
    let answer = account.publish("batch.completed", &json!({}));
    let count =
        answer["deliveries"].as_u64().or(answer["deliveries"].as_array().map(|d| d.len() as u64));
    assert_eq!(count, Some(0), "{answer}");
    assert_eq!(answer["error"], Value::Null);
}
