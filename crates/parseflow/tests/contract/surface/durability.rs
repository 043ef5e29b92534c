//! What was acknowledged is not lost, whatever happens to the process.

use std::collections::BTreeMap;

use serde_json::json;

use crate::harness::{Service, Sink, eventually};

#[test]
fn a_retry_that_was_due_survives_a_crash() {
    let service = Service::with(&["--retry-schedule", "1s,1s,1s,1s,1s"]);
    let account = service.account("pro");
    let sink = Sink::answering(503);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    let first = sink.wait_for(1).remove(0);
    sink.answer_from_now_on(200);
    let service = service.crash_and_restart(&["--retry-schedule", "1s,1s,1s,1s,1s"]);
    let account = account.at(&service);
    let second = sink.wait_for(2).remove(1);
    assert_eq!(second.header("X-ParseFlow-Delivery"), first.header("X-ParseFlow-Delivery"));
    assert_eq!(second.body, first.body);
    account.delivery_in_state(&hook, "succeeded");
}

#[test]
fn events_that_were_acknowledged_before_a_crash_are_delivered_after_it() {
    let mut service = Service::start();
    let mut account = service.account_with("pro", &["--requests-per-minute", "unlimited"]);
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["batch.completed"]);
    let mut publisher = account.publisher();
    for round in 0..3 {
        for n in 0..20 {
            let event = json!({"event": "batch.completed", "data": {"n": round * 20 + n}});
            publisher.post("/api/v1/events", &event).expect(202);
        }
        service = service.crash_and_restart(&[]);
        account = account.at(&service);
        publisher.base.clone_from(&service.base);
    }
    let by_number = eventually("all sixty arrive", || {
        let mut ids: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        for received in sink.received() {
            let n = received.json()["data"]["n"].as_u64().expect("a number");
            let id = received.header("X-ParseFlow-Delivery").to_owned();
            let known = ids.entry(n).or_default();
            if !known.contains(&id) {
                known.push(id);
            }
        }
        (ids.len() == 60).then_some(ids)
    });
    assert!(by_number.values().all(|ids| ids.len() == 1), "one id each: {by_number:?}");
    account.client.get("/api/v1/usage").expect(200);
}
