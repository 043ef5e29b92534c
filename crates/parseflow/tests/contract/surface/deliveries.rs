//! The log of deliveries and attempts, and sending again by hand.

use serde_json::{Value, json};

use crate::harness::{Reply, Service, Sink, assert_shape, eventually, keys, unix_seconds};

#[test]
fn a_delivery_shows_its_state_and_every_attempt() {
    let service = Service::start();
    let account = service.account("pro");
    let refusal = Reply::Full(503, "X-Reason", "busy".to_owned(), "come back later".to_owned());
    let sink = Sink::replying(&[refusal], Reply::Status(200));
    let hook = account.register(&sink.url("/in"), &["extraction.completed"]);
    account.extract_invoice();
    let listed = account.delivery_in_state(&hook, "succeeded");
    assert_eq!(
        keys(&listed)[..8],
        [
            "id",
            "eventId",
            "event",
            "state",
            "attemptCount",
            "createdAt",
            "nextAttemptAt",
            "lastStatus"
        ]
    );
    assert!(listed["eventId"].as_str().is_some_and(|id| id.starts_with("evt_")), "{listed}");
    assert_eq!(listed["event"], "extraction.completed");
    assert_eq!((&listed["attemptCount"], &listed["lastStatus"]), (&json!(2), &json!(200)));
    let detail = account.delivery(&hook, listed["id"].as_str().expect("an id"));
    for member in ["id", "eventId", "event", "state", "attemptCount", "createdAt", "lastStatus"] {
        assert_eq!(detail[member], listed[member], "{member}");
    }
    let received = sink.received();
    assert_eq!(detail["body"].as_str().map(str::as_bytes), Some(received[0].body.as_slice()));
    let attempts = detail["attempts"].as_array().expect("a list");
    assert_eq!(attempts.len(), 2);
    let (first, second) = (&attempts[0], &attempts[1]);
    assert_eq!(
        keys(first),
        [
            "number",
            "trigger",
            "startedAt",
            "durationMs",
            "connectMs",
            "firstByteMs",
            "url",
            "status",
            "failure",
            "error",
            "responseBody",
            "requestHeaders",
            "responseHeaders",
            "hints"
        ]
    );
    assert_eq!((&first["number"], &first["trigger"]), (&json!(1), &json!("schedule")));
    assert_eq!((&first["status"], &first["failure"]), (&json!(503), &json!("status")));
    assert_eq!(first["responseBody"], "come back later");
    assert!(first["error"].as_str().is_some_and(|text| text.contains("503")), "{first}");
    assert_eq!(first["url"], *sink.url("/in"));
    assert!(first["durationMs"].is_u64());
    assert!(unix_seconds(&first["startedAt"]) <= unix_seconds(&second["startedAt"]));
    assert_eq!((&second["number"], &second["status"]), (&json!(2), &json!(200)));
    assert_eq!((&second["failure"], &second["error"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_delivery_is_sent_again_by_hand_under_the_same_id() {
    let service = Service::with(&["--retry-schedule", "20ms,20ms,20ms,20ms,20ms"]);
    let account = service.account("pro");
    let sink = Sink::answering(500);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    let exhausted = account.delivery_in_state(&hook, "exhausted");
    sink.answer_from_now_on(200);
    let id = exhausted["id"].as_str().expect("an id");
    let retry = hook.path(&format!("/deliveries/{id}/retry"));
    let accepted = account.client.post(&retry, &json!({})).expect(202).json();
    assert_eq!(accepted["id"], id);
    let state = &accepted["state"];
    assert_shape(state == "pending" || state == "retrying", "on its way", state);
    let received = sink.wait_for(7);
    assert_eq!(received[6].header("X-ParseFlow-Delivery"), id);
    assert_eq!(received[6].body, received[0].body);
    account.delivery_in_state(&hook, "succeeded");
    let detail = account.delivery(&hook, id);
    assert_eq!(detail["attempts"][6]["trigger"], "manual");
    assert_eq!(detail["attempts"][6]["number"], 7);
    assert_eq!(account.listed(&hook)["status"], "healthy");
}

#[test]
fn what_was_accepted_can_be_sent_again_too() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    let delivery = account.delivery_in_state(&hook, "succeeded");
    let id = delivery["id"].as_str().expect("an id");
    account.client.post(&hook.path(&format!("/deliveries/{id}/retry")), &json!({})).expect(202);
    let received = sink.wait_for(2);
    assert_eq!(
        received[0].headers("X-ParseFlow-Delivery"),
        received[1].headers("X-ParseFlow-Delivery")
    );
}

#[test]
fn deliveries_are_listed_newest_first_and_in_pages() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    let publisher = account.publisher();
    for n in 0..5 {
        let event = json!({"event": "extraction.completed", "data": {"n": n}});
        publisher.post("/api/v1/events", &event).expect(202);
    }
    sink.wait_for(5);
    let mut pages = Vec::new();
    let mut path = hook.path("/deliveries?limit=2");
    loop {
        let page = account.client.get(&path).expect(200).json();
        pages.push(page["deliveries"].as_array().expect("a list").clone());
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = hook.path(&format!("/deliveries?limit=2&cursor={cursor}"));
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    let numbers: Vec<Value> = pages
        .iter()
        .flatten()
        .map(|delivery| {
            let detail = account.delivery(&hook, delivery["id"].as_str().expect("an id"));
            let body: Value =
                serde_json::from_str(detail["body"].as_str().expect("a body")).expect("JSON");
            body["data"]["n"].clone()
        })
        .collect();
    assert_eq!(numbers, [4, 3, 2, 1, 0]);
}

#[test]
fn a_hanging_endpoint_delays_no_other() {
    let service = Service::start();
    let account = service.account("pro");
    let (hanging, quick) = (Sink::replying(&[], Reply::Silence), Sink::answering(200));
    account.register(&hanging.url("/"), &["extraction.completed"]);
    let hook = account.register(&quick.url("/"), &["extraction.completed"]);
    let publisher = account.publisher();
    for n in 0..30 {
        let event = json!({"event": "extraction.completed", "data": {"n": n}});
        publisher.post("/api/v1/events", &event).expect(202);
    }
    eventually("all thirty arrive while the other hangs", || {
        (quick.received().len() == 30).then_some(())
    });
    eventually("each was accepted at once", || {
        let deliveries = account.client.get(&hook.path("/deliveries?limit=100")).json();
        let deliveries = deliveries["deliveries"].as_array().expect("a list").clone();
        let accepted = |d: &Value| d["state"] == "succeeded" && d["attemptCount"] == 1;
        (deliveries.len() == 30 && deliveries.iter().all(accepted)).then_some(())
    });
}

#[test]
fn redirects_are_not_followed() {
    let service = Service::with(&["--retry-schedule", "20ms,1h,1h,1h,1h"]);
    let account = service.account("pro");
    let target = Sink::answering(200);
    let redirect = Reply::Full(307, "Location", target.url("/elsewhere"), String::new());
    let sink = Sink::replying(&[], redirect);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    sink.wait_for(2);
    let delivery = eventually("it has failed twice", || {
        account.deliveries(&hook).into_iter().find(|delivery| delivery["attemptCount"] == 2)
    });
    assert_eq!((&delivery["state"], &delivery["lastStatus"]), (&json!("retrying"), &json!(307)));
    assert!(target.received().is_empty());
}
