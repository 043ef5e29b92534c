//! `recover`: "pending deliveries are cancelled but recoverable; later events are recorded as
//! `skipped`, so that `recover since T` finds them", across `kill -9`.

use std::collections::BTreeMap;

use serde_json::json;

use crate::harness::{Service, Sink, eventually};

const EVENTS: u64 = 400;
const CRASHES: usize = 4;

#[test]
fn a_recovery_that_is_killed_again_and_again_sends_everything_under_one_id() {
    let mut service = Service::start();
    let mut account = service.account_with("enterprise", &["--requests-per-minute", "unlimited"]);
    let sink = Sink::answering(200);
    let hook = account.register(&sink.url("/"), &["batch.completed"]);
    account.client.patch(&hook.path(""), &json!({"isActive": false})).expect(200);
    let publisher = account.publisher();
    for n in 0..EVENTS {
        let event = json!({"event": "batch.completed", "data": {"n": n}});
        publisher.post("/api/v1/events", &event).expect(202);
    }
    account.client.patch(&hook.path(""), &json!({"isActive": true})).expect(200);
    let wish = json!({"since": "2020-01-01T00:00:00Z", "statuses": ["skipped"]});
    let begun = account.client.post(&hook.path("/recover"), &wish).expect(202).json();
    assert_eq!((&begun["status"], &begun["total"]), (&json!("running"), &json!(EVENTS)));
    let id = begun["id"].as_str().expect("an id").to_owned();
    for crash in 0..CRASHES {
        let enough = EVENTS as usize * crash / (CRASHES + 1);
        eventually("some of it arrives", || (sink.received().len() > enough).then_some(()));
        service = service.crash_and_restart(&[]);
        account = account.at(&service);
    }
    let path = hook.path(&format!("/recoveries/{id}"));
    let ended = eventually("the recovery ends", || {
        let recovery = account.client.get(&path).expect(200).json();
        (recovery["status"] != "running").then_some(recovery)
    });
    assert_eq!((&ended["status"], &ended["done"]), (&json!("completed"), &json!(EVENTS)));
    let ids = eventually("everything arrives", || {
        let mut ids: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        for received in sink.received() {
            let n = received.json()["data"]["n"].as_u64().expect("a number");
            let seen = ids.entry(n).or_default();
            let id = received.header("X-ParseFlow-Delivery").to_owned();
            if !seen.contains(&id) {
                seen.push(id);
            }
        }
        (ids.len() as u64 == EVENTS).then_some(ids)
    });
    assert!(ids.values().all(|ids| ids.len() == 1), "a delivery has one id");
}
