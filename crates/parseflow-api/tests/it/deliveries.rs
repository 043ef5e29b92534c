use std::time::Duration;

use parseflow_model::{
    Attempt, AttemptOutcome, AttemptTiming, DeliveryId, FailureKind, Trigger, WallClock as _,
};
use parseflow_store::{Claim, DeliveryStore as _, Next, Settlement};
use serde_json::{Value, json};

use crate::world::{Tenant, WEBHOOKS, World};

/// An endpoint with one test delivery: its id and the delivery's.
pub(crate) async fn delivered(world: &World, tenant: &Tenant) -> (String, String) {
    let id = world.webhook(tenant).await;
    let sent = world.post(&format!("{WEBHOOKS}/{id}/test"), &tenant.key, json!({})).await.json();
    (id, sent["id"].as_str().unwrap().to_owned())
}

/// Records the first attempt of a delivery as failed with 503.
pub(crate) async fn fail_once(world: &World, delivery: &str) {
    let now = world.clock.now();
    let lease = world.store.start_dispatcher(now).await.unwrap();
    let id: DeliveryId = delivery.parse().unwrap();
    let until = now + Duration::from_secs(30);
    let claimed = world.store.claim_due(&lease, id.endpoint, now, until, 10).await.unwrap();
    let claim = claimed.deliveries.iter().find(|claimed| claimed.event.id == id.event).unwrap();
    let attempt = Attempt {
        delivery: id,
        number: 1,
        trigger: Trigger::Schedule,
        started_at: now,
        duration_ms: 87,
        url: "https://example.com/hook".to_owned(),
        outcome: AttemptOutcome {
            failure: Some(FailureKind::Status),
            status: Some(503),
            error: Some("The receiver answered 503.".to_owned()),
            response_body: b"try \xff later".to_vec(),
            response_headers: vec![("date".to_owned(), "Tue, 14 Apr 2026 09:00:00 GMT".to_owned())],
            timing: AttemptTiming {
                connect_ms: Some(31),
                first_byte_ms: Some(85),
                is_measured: true,
            },
            retry_after_secs: None,
        },
    };
    assert!(matches!(claim.claim, Claim::Due { .. }));
    let settlement = Settlement {
        claim: claim.claim,
        attempt,
        next: Next::Retry(now + Duration::from_secs(30)),
        ended_at: now,
    };
    world.store.settle(&lease, settlement).await.unwrap();
}

#[tokio::test]
async fn the_log_lists_deliveries_newest_first_with_what_they_came_to() {
    let world = World::new();
    let tenant = world.pro().await;
    let (id, first) = delivered(&world, &tenant).await;
    fail_once(&world, &first).await;
    world.clock.advance(Duration::from_secs(5));
    let path = format!("{WEBHOOKS}/{id}/test");
    let second = world.post(&path, &tenant.key, json!({"event": "quota.warning"})).await.json();
    let list = world.get(&format!("{WEBHOOKS}/{id}/deliveries"), &tenant.key).await;
    assert_eq!(list.members(), ["deliveries", "nextCursor"]);
    let list = list.json();
    assert_eq!(list["deliveries"][0]["id"], second["id"]);
    assert_eq!(list["deliveries"][0]["state"], "pending");
    assert_eq!(list["deliveries"][0]["event"], "quota.warning");
    let row: Value = list["deliveries"][1].clone();
    assert_eq!(
        row,
        json!({
            "id": first, "endpointId": id, "eventId": row["eventId"], "event": "extraction.completed",
            "state": "retrying", "attemptCount": 1, "createdAt": "2026-04-14T10:00:00Z",
            "nextAttemptAt": "2026-04-14T10:00:30Z", "lastStatus": 503
        })
    );
    let page = world.get(&format!("{WEBHOOKS}/{id}/deliveries?limit=1"), &tenant.key).await.json();
    let cursor = page["nextCursor"].as_str().unwrap();
    let path = format!("{WEBHOOKS}/{id}/deliveries?limit=1&cursor={cursor}");
    let rest = world.get(&path, &tenant.key).await.json();
    assert_eq!(rest["deliveries"][0]["id"], json!(first));
    assert!(rest["nextCursor"].is_null());
}

#[tokio::test]
async fn a_delivery_shows_the_exact_body_and_every_attempt() {
    let world = World::new();
    let tenant = world.pro().await;
    let (id, delivery) = delivered(&world, &tenant).await;
    fail_once(&world, &delivery).await;
    let path = format!("{WEBHOOKS}/{id}/deliveries/{delivery}");
    let detail = world.get(&path, &tenant.key).await;
    assert_eq!(detail.members()[9..], ["body", "attempts"]);
    let detail = detail.json();
    let body = detail["body"].as_str().unwrap();
    assert!(body.starts_with(
        r#"{"event":"extraction.completed","timestamp":"2026-04-14T10:00:00Z","data":{"id":"ext_"#
    ));
    let mut attempt = detail["attempts"][0].clone();
    let sent = attempt.as_object_mut().unwrap().remove("requestHeaders").unwrap();
    let hints = attempt.as_object_mut().unwrap().remove("hints").unwrap();
    assert_eq!(
        attempt,
        json!({
            "number": 1, "trigger": "schedule", "startedAt": "2026-04-14T10:00:00Z",
            "durationMs": 87, "connectMs": 31, "firstByteMs": 85,
            "url": "https://example.com/hook", "status": 503,
            "failure": "status", "error": "The receiver answered 503.",
            "responseBody": "try \u{fffd} later",
            "responseHeaders": [{"name": "date", "value": "Tue, 14 Apr 2026 09:00:00 GMT"}]
        })
    );
    let codes: Vec<_> = hints.as_array().unwrap().iter().map(|hint| &hint["code"]).collect();
    assert_eq!(codes, ["behind_proxy_down", "clock_skew"]);
    let value = |name: &str| {
        let found = sent.as_array().unwrap().iter().find(|header| header["name"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {sent}"))["value"].clone()
    };
    assert_eq!(value("x-parseflow-delivery"), json!(delivery));
    assert_eq!(value("x-parseflow-attempt"), "1");
    assert_eq!(value("webhook-timestamp"), "1776160800");
    assert_eq!(value("x-parseflow-signature").as_str().map(str::len), Some(64));
    let webhook = world.get(&format!("{WEBHOOKS}/{id}"), &tenant.key).await.json();
    assert_eq!(webhook["consecutiveFailures"], 1);
    assert_eq!(webhook["lastFailureAt"], "2026-04-14T10:00:00Z");
}

#[tokio::test]
async fn headers_of_ones_own_are_masked_and_signatures_of_replaced_secrets_are_not_guessed() {
    let world = World::new();
    let tenant = world.pro().await;
    let (id, delivery) = delivered(&world, &tenant).await;
    fail_once(&world, &delivery).await;
    let one = format!("{WEBHOOKS}/{id}");
    let change = json!({"headers": {"X-Token": "hunter2"}});
    assert_eq!(world.patch(&one, &tenant.key, change).await.status, 200);
    world.clock.advance(Duration::from_secs(5));
    let rotate = json!({"overlapSeconds": 0});
    assert_eq!(world.post(&format!("{one}/rotate-secret"), &tenant.key, rotate).await.status, 200);
    let shown = world.get(&format!("{one}/deliveries/{delivery}"), &tenant.key).await;
    assert!(!shown.text().contains("hunter2"));
    let sent = shown.json()["attempts"][0]["requestHeaders"].clone();
    let sent: Vec<_> = sent.as_array().unwrap().iter().map(|h| (&h["name"], &h["value"])).collect();
    let (nothing, masked) = (Value::Null, json!("••••••"));
    assert!(sent.contains(&(&json!("x-parseflow-signature"), &nothing)), "{sent:?}");
    assert!(sent.contains(&(&json!("webhook-signature"), &nothing)), "{sent:?}");
    assert!(sent.iter().any(|(name, value)| {
        name.as_str().is_some_and(|name| name.eq_ignore_ascii_case("x-token")) && **value == masked
    }));
}

#[tokio::test]
async fn a_delivery_is_sent_again_under_the_same_id() {
    let world = World::new();
    let tenant = world.pro().await;
    let (id, delivery) = delivered(&world, &tenant).await;
    fail_once(&world, &delivery).await;
    let path = format!("{WEBHOOKS}/{id}/deliveries/{delivery}/retry");
    let answer = world.post(&path, &tenant.key, json!({})).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.members(), ["id", "state"]);
    assert_eq!(answer.json()["id"], json!(delivery));
    let shown = world.get(&format!("{WEBHOOKS}/{id}/deliveries/{delivery}"), &tenant.key).await;
    assert_eq!(shown.json()["nextAttemptAt"], "2026-04-14T10:00:00Z", "now, not in 30 s");
}

#[tokio::test]
async fn a_disabled_endpoint_is_not_sent_to_by_hand_either() {
    let world = World::new();
    let tenant = world.pro().await;
    let (id, delivery) = delivered(&world, &tenant).await;
    world.patch(&format!("{WEBHOOKS}/{id}"), &tenant.key, json!({"isActive": false})).await;
    let path = format!("{WEBHOOKS}/{id}/deliveries/{delivery}/retry");
    world.post(&path, &tenant.key, json!({})).await.is_problem(409, "endpoint_disabled");
}

#[tokio::test]
async fn deliveries_are_found_only_under_their_own_endpoint_and_account() {
    let world = World::new();
    let (tenant, other) = (world.pro().await, world.pro().await);
    let (id, delivery) = delivered(&world, &tenant).await;
    let sibling = world.webhook(&tenant).await;
    let foreign = world.webhook(&other).await;
    let checks = [
        (&tenant.key, &sibling, delivery.as_str()),
        (&other.key, &id, &delivery),
        (&other.key, &foreign, &delivery),
        (&tenant.key, &id, "dlv_00000000000000000000"),
        (&tenant.key, &id, "dlv_x"),
    ];
    for (key, webhook, delivery) in checks {
        let path = format!("{WEBHOOKS}/{webhook}/deliveries/{delivery}");
        world.get(&path, key).await.is_problem(404, "not_found");
        world.post(&format!("{path}/retry"), key, json!({})).await.is_problem(404, "not_found");
    }
}
