//! "Managing Webhooks": the page's two commands.

use serde_json::{Value, json};

use crate::harness::{Service, Sink, assert_problem, curl};

const LIST: &str = r#"curl https://parseflow.dev/api/webhooks/notifications \
  -H "X-API-Key: dm_live_your_api_key""#;

const DELETE: &str = r#"curl -X DELETE "https://parseflow.dev/api/webhooks/notifications?id=wh_a1b2c3d4e5f6g7h8" \
  -H "X-API-Key: dm_live_your_api_key""#;

/// "List Webhooks"
#[test]
fn list_webhooks() {
    let service = Service::start();
    let account = service.account("pro");
    let empty = curl(LIST, &account, "").expect(200).json();
    assert_eq!(empty, json!({"webhooks": [], "nextCursor": null}));
    let first = account.register("http://127.0.0.1:9/first", &["extraction.completed"]);
    let second = account.register("http://127.0.0.1:9/second", &["*"]);
    let list = curl(LIST, &account, "").expect(200).json();
    let ids: Vec<&str> = list["webhooks"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|w| w["id"].as_str().expect("an id"))
        .collect();
    assert_eq!(ids, [second.id.as_str(), first.id.as_str()], "newest first");
    let shown = &list["webhooks"][1];
    for member in ["id", "url", "events", "isActive", "createdAt"] {
        assert_eq!(shown[member], first.registered[member], "{member}");
    }
    assert_eq!(shown["secret"], Value::Null, "never the secret");
    assert_eq!(shown["secretHint"].as_str(), first.secret.get(first.secret.len() - 4..));
    assert_eq!(shown["status"], "healthy");
}

/// "List Webhooks": one's own.
#[test]
fn the_list_shows_nobody_elses_webhooks() {
    let service = Service::start();
    let (one, other) = (service.account("pro"), service.account("pro"));
    one.register("http://127.0.0.1:9/", &["*"]);
    assert_eq!(curl(LIST, &other, "").expect(200).json()["webhooks"], json!([]));
}

/// "Delete a Webhook"
#[test]
fn delete_a_webhook() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    let kept = account.register(&sink.url("/kept"), &["extraction.completed"]);
    let deleted = curl(DELETE, &account, &hook.id).expect(200).json();
    assert_eq!(deleted, json!({"success": true, "id": hook.id}));
    let list = curl(LIST, &account, "").expect(200).json();
    assert_eq!(list["webhooks"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["webhooks"][0]["id"], *kept.id);
    account.extract_invoice();
    let received = sink.wait_for(1);
    assert_eq!(received[0].request_line, "POST /kept HTTP/1.1");
}

/// "Delete a Webhook": one that is there, one's own, and named.
#[test]
fn deleting_what_is_not_there_is_refused() {
    let service = Service::start();
    let (account, other) = (service.account("pro"), service.account("pro"));
    let hook = account.register("http://127.0.0.1:9/", &["*"]);
    assert_eq!(curl(DELETE, &account, "wh_0000000000000000").status, 404, "unknown");
    assert_eq!(curl(DELETE, &other, &hook.id).status, 404, "another account's");
    assert_eq!(account.client.delete("/api/webhooks/notifications").status, 400, "none named");
    curl(DELETE, &account, &hook.id).expect(200);
    let repeated = curl(DELETE, &account, &hook.id);
    assert_problem(&repeated, 404, "not_found");
}

/// "Delete a Webhook": what waited for it is cancelled, and nothing is sent any more.
#[test]
fn deleting_a_webhook_cancels_what_waits_for_it() {
    let service = Service::with(&["--retry-schedule", "200ms,200ms,200ms,200ms,200ms"]);
    let account = service.account("pro");
    let (sink, sentinel) = (Sink::answering(500), Sink::answering(500));
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    let other = account.register(&sentinel.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    sink.wait_for(1);
    curl(DELETE, &account, &hook.id).expect(200);
    let by_then = sink.received().len();
    // The other endpoint's whole schedule runs out meanwhile.
    account.delivery_in_state(&other, "exhausted");
    assert!(sink.received().len() <= by_then + 1, "at most the attempt that was running");
    assert!(sink.received().len() < 6);
}
