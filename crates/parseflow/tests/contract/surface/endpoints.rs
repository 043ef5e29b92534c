//! One endpoint: reading, changing, testing, switching off and on.

use serde_json::{Value, json};

use crate::harness::{Service, Sink, assert_problem, eventually, keys};

#[test]
fn the_list_and_the_endpoint_itself_show_the_same_members() {
    let service = Service::start();
    let account = service.account("pro");
    let hook = account.register("http://127.0.0.1:9/", &["*"]);
    let listed = account.listed(&hook);
    let shown = account.client.get(&hook.path("")).expect(200).json();
    for member in [
        "id",
        "url",
        "events",
        "isActive",
        "createdAt",
        "secretHint",
        "status",
        "description",
        "disabledReason",
        "disabledAt",
        "failingSince",
        "lastSuccessAt",
        "lastFailureAt",
        "consecutiveFailures",
        "disablesAt",
        "warnings",
    ] {
        assert!(keys(&listed).contains(&member), "{member}: {listed}");
        assert_eq!(listed[member], shown[member], "{member}");
    }
    assert_eq!(keys(&listed)[..3], ["id", "url", "events"]);
    assert_eq!(listed["consecutiveFailures"], 0);
    assert_eq!(listed["disablesAt"], Value::Null);
    assert_eq!(listed["warnings"], serde_json::json!([]));
}

#[test]
fn what_may_be_changed_is_changed_and_nothing_else() {
    let service = Service::start();
    let account = service.account("pro");
    let hook = account.register("http://127.0.0.1:9/", &["*"]);
    let wish = json!({
        "url": "http://127.0.0.1:9/new", "events": ["quota.*"], "description": "billing",
        "timeoutMs": 2000, "maxBodyBytes": 200_000, "disableOnGone": true,
        "rateLimitPerSecond": 20, "ordered": true,
    });
    let changed = account.client.patch(&hook.path(""), &wish).expect(200).json();
    for (member, value) in wish.as_object().expect("an object") {
        assert_eq!(changed[member], *value, "{member}");
    }
    let shown = account.client.get(&hook.path("")).expect(200).json();
    assert_eq!(shown, changed);
    for (wish, pointer) in [
        (json!({"timeoutMs": 999}), "/timeoutMs"),
        (json!({"timeoutMs": 30_001}), "/timeoutMs"),
        (json!({"maxBodyBytes": 1_048_577}), "/maxBodyBytes"),
        (json!({"rateLimitPerSecond": 0}), "/rateLimitPerSecond"),
        (json!({"rateLimitPerSecond": 10_001}), "/rateLimitPerSecond"),
        (json!({"ordered": 1}), "/ordered"),
        (json!({"isActive": "no"}), "/isActive"),
        (json!({"events": []}), "/events"),
        (json!({"url": "ftp://example.com/"}), "/url"),
        (json!({"secret": "whsec_mine"}), "/secret"),
    ] {
        let refused = account.client.patch(&hook.path(""), &wish);
        assert_eq!(refused.status, 400, "{wish}: {}", refused.text());
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{}", refused.text());
    }
    assert_eq!(account.client.get(&hook.path("")).expect(200).json(), changed, "nothing by halves");
}

#[test]
fn a_changed_url_applies_to_pending_retries_and_each_attempt_records_its_own() {
    let service = Service::start();
    let account = service.account("pro");
    let (wrong, right) = (Sink::answering(404), Sink::answering(200));
    let hook = account.register(&wrong.url("/typo"), &["extraction.completed"]);
    account.extract_invoice();
    wrong.wait_for(1);
    account.client.patch(&hook.path(""), &json!({"url": right.url("/fixed")})).expect(200);
    right.wait_for(1);
    let delivery = account.delivery_in_state(&hook, "succeeded");
    let detail = account.delivery(&hook, delivery["id"].as_str().expect("an id"));
    let attempts = detail["attempts"].as_array().expect("a list");
    assert_eq!(attempts[0]["url"], *wrong.url("/typo"));
    assert_eq!(attempts[attempts.len() - 1]["url"], *right.url("/fixed"));
}

#[test]
fn a_test_event_goes_to_this_endpoint_only() {
    let service = Service::start();
    let account = service.account("pro");
    let (sink, other) = (Sink::answering(200), Sink::answering(200));
    let hook = account.register(&sink.url("/"), &["quota.warning", "extraction.completed"]);
    let beside = account.register(&other.url("/"), &["*"]);
    let sent = account.client.post(&hook.path("/test"), &json!({})).expect(202).json();
    assert!(sent["id"].as_str().is_some_and(|id| id.starts_with("dlv_")), "{sent}");
    let received = sink.wait_for(1).remove(0);
    assert_eq!(received.header("X-ParseFlow-Delivery"), sent["id"].as_str().expect("an id"));
    assert_eq!(received.event(), sent["event"].as_str().expect("an event"));
    let wish = json!({"event": "batch.failed"});
    let named = account.client.post(&hook.path("/test"), &wish).expect(202).json();
    assert_eq!(named["event"], "batch.failed", "any event can be tried");
    assert_eq!(sink.wait_for_event("batch.failed").header("X-ParseFlow-Event"), "batch.failed");
    let unknown = account.client.post(&hook.path("/test"), &json!({"event": "nothing"}));
    assert_eq!(unknown.status, 400, "{}", unknown.text());
    assert!(account.deliveries(&beside).is_empty());
    assert_eq!(account.client.get("/api/v1/usage").expect(200).json()["used"], 0);
}

#[test]
fn while_an_endpoint_is_switched_off_its_events_are_recorded_as_skipped() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    let off = account.client.patch(&hook.path(""), &json!({"isActive": false})).expect(200).json();
    assert_eq!((&off["isActive"], &off["status"]), (&json!(false), &json!("disabled")));
    assert_eq!(off["disabledReason"], "disabled_by_owner");
    account.extract_invoice();
    let skipped = account.delivery_in_state(&hook, "skipped");
    assert_eq!(skipped["attemptCount"], 0);
    let on = account.client.patch(&hook.path(""), &json!({"isActive": true})).expect(200).json();
    assert_eq!((&on["isActive"], &on["status"]), (&json!(true), &json!("healthy")));
    assert_eq!(on["disabledReason"], Value::Null);
    let later = account.extract_invoice();
    assert_eq!(sink.wait_for(1)[0].json()["data"]["id"], later["id"], "the skipped one stays so");
    // The skipped one is not lost: it can be sent by hand.
    let retry = format!("/deliveries/{}/retry", skipped["id"].as_str().expect("an id"));
    account.client.post(&hook.path(&retry), &json!({})).expect(202);
    let second = sink.wait_for(2).remove(1);
    assert_eq!(second.header("X-ParseFlow-Delivery"), skipped["id"].as_str().expect("an id"));
}

#[test]
fn switching_an_endpoint_on_again_resets_its_health() {
    let service = Service::with(&["--retry-schedule", "20ms,20ms,20ms,20ms,20ms"]);
    let account = service.account("pro");
    let sink = Sink::answering(500);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    account.delivery_in_state(&hook, "exhausted");
    assert_eq!(account.listed(&hook)["status"], "failing");
    account.client.patch(&hook.path(""), &json!({"isActive": false})).expect(200);
    let on = account.client.patch(&hook.path(""), &json!({"isActive": true})).expect(200).json();
    assert_eq!((&on["status"], &on["consecutiveFailures"]), (&json!("healthy"), &json!(0)));
    assert_eq!(on["failingSince"], Value::Null);
}

#[test]
fn an_endpoint_that_is_gone_is_disabled_if_it_asked_for_that() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(410);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    account.client.patch(&hook.path(""), &json!({"disableOnGone": true})).expect(200);
    account.extract_invoice();
    let disabled = eventually("it is disabled", || {
        let listed = account.listed(&hook);
        (listed["status"] == "disabled").then_some(listed)
    });
    assert_eq!(disabled["disabledReason"], "gone");
    assert_eq!(account.deliveries(&hook)[0]["state"], "cancelled");
    assert_eq!(sink.received().len(), 1);
}

#[test]
fn an_account_that_drops_to_free_keeps_its_endpoints_paused_until_it_is_upgraded() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["extraction.completed"]);
    service.set_plan(&account, "free");
    let list = "/api/webhooks/notifications";
    eventually("the downgrade is in force", || {
        let usage = account.client.get("/api/v1/usage").json();
        (usage["plan"] == "free").then_some(())
    });
    account.extract_invoice();
    service.set_plan(&account, "pro");
    eventually("it is still there", || {
        let answer = account.client.get(list);
        (answer.status == 200 && answer.json()["webhooks"].as_array()?.len() == 1).then_some(())
    });
    account.extract_invoice();
    assert!(!sink.wait_for(1).is_empty());
}

#[test]
fn an_endpoint_can_be_deleted_by_its_path_too() {
    let service = Service::start();
    let account = service.account("pro");
    let hook = account.register("http://127.0.0.1:9/", &["*"]);
    let deleted = account.client.delete(&hook.path("")).expect(200).json();
    assert_eq!(deleted, json!({"success": true, "id": hook.id}));
    assert_problem(&account.client.get(&hook.path("")), 404, "not_found");
}
