use std::time::Duration;

use serde_json::json;

use crate::world::{WEBHOOKS, World};

#[tokio::test]
async fn a_change_leaves_the_rest_as_it_was() {
    let world = World::new();
    let tenant = world.pro().await;
    let id = world.webhook(&tenant).await;
    let one = format!("{WEBHOOKS}/{id}");
    let before = world.get(&one, &tenant.key).await.json();
    let change = json!({"description": "billing", "timeoutMs": 5000, "disableOnGone": true});
    let changed = world.patch(&one, &tenant.key, change).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let mut expected = before.clone();
    expected["description"] = json!("billing");
    expected["timeoutMs"] = json!(5000);
    expected["disableOnGone"] = json!(true);
    assert_eq!(changed.json(), expected);
    assert_eq!(world.get(&one, &tenant.key).await.json(), expected);

    let change = json!({"description": null, "timeoutMs": null});
    let cleared = world.patch(&one, &tenant.key, change).await.json();
    assert_eq!(cleared["description"], json!(null));
    assert_eq!(cleared["timeoutMs"], json!(null));
    assert_eq!(cleared["disableOnGone"], json!(true));
    let nothing = world.patch(&one, &tenant.key, json!({})).await;
    assert_eq!(nothing.json(), cleared);
}

#[tokio::test]
async fn url_and_events_are_checked_on_every_change() {
    let world = World::new();
    let tenant = world.pro().await;
    let one = format!("{WEBHOOKS}/{}", world.webhook(&tenant).await);
    let key = &tenant.key;
    let change = json!({"url": "https://example.org/new", "events": ["batch.*"]});
    let changed = world.patch(&one, key, change).await.json();
    assert_eq!(changed["url"], "https://example.org/new");
    assert_eq!(changed["events"], json!(["batch.*"]));
    let metadata = json!({"url": "https://169.254.169.254/latest/meta-data"});
    world.patch(&one, key, metadata).await.is_problem(400, "url_target_not_allowed");
    let unknown = world.patch(&one, key, json!({"events": ["batch.done"]})).await;
    unknown.is_problem(400, "event_unknown");
    assert_eq!(unknown.pointers(), ["/events/0"]);
    assert!(unknown.text().contains("quota.exceeded"), "the known ones are named");
    for name in ["url", "events", "isActive", "disableOnGone", "ordered"] {
        let null = world.patch(&one, key, json!({ name: null })).await;
        null.is_problem(400, "invalid_input");
        assert_eq!(null.pointers(), [format!("/{name}")]);
    }
    assert_eq!(world.get(&one, key).await.json(), changed);
}

#[tokio::test]
async fn an_owner_disables_and_enables_again() {
    let world = World::new();
    let tenant = world.pro().await;
    let one = format!("{WEBHOOKS}/{}", world.webhook(&tenant).await);
    world.clock.advance(Duration::from_secs(60));
    let off = world.patch(&one, &tenant.key, json!({"isActive": false})).await.json();
    assert_eq!(off["isActive"], false);
    assert_eq!(off["status"], "disabled");
    assert_eq!(off["disabledReason"], "disabled_by_owner");
    assert_eq!(off["disabledAt"], "2026-04-14T10:01:00Z");
    let on = world.patch(&one, &tenant.key, json!({"isActive": true})).await.json();
    assert_eq!(on["isActive"], true);
    assert_eq!(on["status"], "healthy");
    assert_eq!(on["disabledReason"], json!(null));
    assert_eq!(on["disabledAt"], json!(null));
}

#[tokio::test]
async fn a_broken_vetting_is_a_problem_and_not_a_broken_connection() {
    let world = World::new();
    let tenant = world.pro().await;
    let url = format!("https://{}/hook", crate::world::BROKEN_HOST);
    let body = json!({"url": url, "events": ["*"]});
    let answer = world.post(WEBHOOKS, &tenant.key, body).await;
    answer.is_problem(500, "internal_error");
    assert_eq!(world.get("/healthz", "").await.status, 200);
}
