//! Recovering after an outage, from the outside.

use http::{Method, Request};
use serde_json::{Value, json};

use crate::world::{Tenant, WEBHOOKS, World, json_request};

/// A webhook that has skipped `count` events and is enabled again; its path.
async fn skipped(world: &World, tenant: &Tenant, count: usize) -> String {
    let one = format!("{WEBHOOKS}/{}", world.webhook(tenant).await);
    world.patch(&one, &tenant.key, json!({"isActive": false})).await;
    for n in 0..count {
        let event = json!({"event": "batch.failed", "data": {"n": n}});
        assert_eq!(world.post("/api/v1/events", &tenant.key, event).await.status, 202);
    }
    world.clock.advance(std::time::Duration::from_secs(60));
    world.patch(&one, &tenant.key, json!({"isActive": true})).await;
    one
}

const SINCE: &str = "2026-04-14T09:00:00Z";

#[tokio::test]
async fn a_recovery_is_begun_followed_listed_and_cancelled() {
    let world = World::new();
    let tenant = world.publisher().await;
    let key = &tenant.key;
    let one = skipped(&world, &tenant, 3).await;
    let recover = format!("{one}/recover");
    let counted = world.post(&recover, key, json!({"since": SINCE, "dryRun": true})).await;
    assert_eq!((counted.status, counted.json()), (200, json!({"count": 3})));
    let begun = world.post(&recover, key, json!({"since": SINCE})).await;
    assert_eq!(begun.status, 202, "{}", begun.text());
    let begun = begun.json();
    let id = begun["id"].as_str().unwrap();
    assert!(id.starts_with("rcv_"));
    assert_eq!(
        begun,
        json!({
            "id": id, "webhookId": one.rsplit('/').next(), "status": "running", "since": SINCE,
            "until": "2026-04-14T10:01:00Z", "statuses": ["exhausted", "cancelled", "skipped"],
            "eventTypes": [
                "extraction.completed", "extraction.failed", "batch.completed", "batch.failed",
                "quota.warning", "quota.exceeded"
            ],
            "total": 3, "done": 0, "createdAt": "2026-04-14T10:01:00Z", "endedAt": null
        })
    );
    let second = world.post(&recover, key, json!({"since": SINCE})).await;
    second.is_problem(409, "recovery_running");
    let path = format!("{one}/recoveries/{id}");
    assert_eq!(world.get(&path, key).await.json(), begun);
    let list = world.get(&format!("{one}/recoveries"), key).await;
    assert_eq!(list.json(), json!({"recoveries": [begun], "nextCursor": null}));
    let cancelled = world.delete(&path, key).await;
    assert_eq!(cancelled.status, 200);
    assert_eq!(cancelled.json()["status"], "cancelled");
    assert_eq!(cancelled.json()["endedAt"], "2026-04-14T10:01:00Z");
    world.delete(&path, key).await.is_problem(409, "recovery_ended");
}

#[tokio::test]
async fn types_states_and_times_choose_what_is_recovered() {
    let world = World::new();
    let tenant = world.publisher().await;
    let one = skipped(&world, &tenant, 2).await;
    let recover = format!("{one}/recover");
    let count = async |wish: Value| {
        let mut body = json!({"since": SINCE, "dryRun": true});
        body.as_object_mut().unwrap().extend(wish.as_object().unwrap().clone());
        world.post(&recover, &tenant.key, body).await.json()["count"].as_u64()
    };
    assert_eq!(count(json!({})).await, Some(2));
    assert_eq!(count(json!({"statuses": ["skipped"]})).await, Some(2));
    assert_eq!(count(json!({"statuses": ["exhausted", "cancelled"]})).await, Some(0));
    assert_eq!(count(json!({"eventTypes": ["batch.failed"]})).await, Some(2));
    assert_eq!(count(json!({"eventTypes": ["quota.warning"]})).await, Some(0));
    assert_eq!(count(json!({"until": "2026-04-14T09:30:00Z"})).await, Some(0));
    assert_eq!(count(json!({"until": "9999-12-30T00:00:00Z"})).await, Some(2));
    assert_eq!(count(json!({"since": "-009999-01-03T00:00:00Z"})).await, Some(2));
    assert_eq!(count(json!({"since": "0001-01-01T00:00:00Z"})).await, Some(2));
    assert_eq!(count(json!({"since": "2026-04-14T10:00:30Z"})).await, Some(0));
}

#[tokio::test]
async fn a_disabled_webhook_is_not_recovered() {
    let world = World::new();
    let tenant = world.publisher().await;
    let one = skipped(&world, &tenant, 1).await;
    world.patch(&one, &tenant.key, json!({"isActive": false})).await;
    let refused = world.post(&format!("{one}/recover"), &tenant.key, json!({"since": SINCE})).await;
    refused.is_problem(409, "endpoint_disabled");
}

#[tokio::test]
async fn a_repeated_request_begins_one_recovery() {
    let world = World::new();
    let tenant = world.publisher().await;
    let one = skipped(&world, &tenant, 1).await;
    let request = || -> Request<_> {
        let path = format!("{one}/recover");
        let request = json_request(Method::POST, &path, &tenant.key, &json!({"since": SINCE}));
        crate::world::with_header(request, "idempotency-key", "outage-1")
    };
    let (first, second) = (world.send(request()).await, world.send(request()).await);
    assert_eq!((first.status, first.json()), (second.status, second.json()));
    assert_eq!(first.status, 202);
}
