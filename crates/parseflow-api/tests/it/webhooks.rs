use std::time::Duration;

use parseflow_model::{KeyMode, Plan};
use parseflow_webhooks::vault::{KeyRing, MasterKey};
use serde_json::json;

use crate::world::{Tenant, WEBHOOKS, World};

fn page_request() -> serde_json::Value {
    json!({
        "url": "https://your-app.com/webhooks/parseflow",
        "events": ["extraction.completed", "extraction.failed"]
    })
}

#[tokio::test]
async fn registering_answers_the_six_fields_of_the_page_first_and_in_order() {
    let world = World::new();
    let tenant = world.pro().await;
    let answer = world.post(WEBHOOKS, &tenant.key, page_request()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let six = ["id", "url", "events", "secret", "isActive", "createdAt"];
    assert_eq!(answer.members()[..6], six);
    let body = answer.json();
    let id = body["id"].as_str().unwrap();
    assert!(id.starts_with("wh_") && id.len() == 19, "{id}");
    assert_eq!(body["url"], "https://your-app.com/webhooks/parseflow");
    assert_eq!(body["events"], json!(["extraction.completed", "extraction.failed"]));
    let secret = body["secret"].as_str().unwrap();
    let random = secret.strip_prefix("whsec_").unwrap();
    assert!(random.len() == 32 && random.bytes().all(|b| b.is_ascii_alphanumeric()));
    assert_eq!(body["isActive"], true);
    assert_eq!(body["createdAt"], "2026-04-14T10:00:00Z");
    assert_eq!(body["status"], "healthy");
}

#[tokio::test]
async fn the_secret_is_shown_once_and_stored_encrypted() {
    let world = World::new();
    let tenant = world.pro().await;
    let registered = world.post(WEBHOOKS, &tenant.key, page_request()).await.json();
    let secret = registered["secret"].as_str().unwrap();
    let id = registered["id"].as_str().unwrap();
    let list = world.get(WEBHOOKS, &tenant.key).await;
    let shown = world.get(&format!("{WEBHOOKS}/{id}"), &tenant.key).await;
    for answer in [&list, &shown] {
        assert_eq!(answer.status, 200);
        assert!(!answer.text().contains(secret));
        assert!(!answer.text().contains("\"secret\""));
    }
    assert_eq!(shown.json()["secretHint"], secret[secret.len() - 4..]);
    let stored = world.store_ref().endpoint(&tenant.account, &id.parse().unwrap()).await;
    let sealed = stored.unwrap().unwrap().sealed_secret;
    let vault = KeyRing::from(MasterKey::from_bytes([7; 32]));
    assert_eq!(vault.open(id, &sealed).unwrap(), secret.as_bytes());
    assert!(!sealed.windows(6).any(|window| window == b"whsec_"));
}

#[tokio::test]
async fn further_settings_are_accepted_and_shown() {
    let world = World::new();
    let tenant = world.pro().await;
    let body = json!({
        "url": "https://example.com/hook", "events": ["quota.*", "quota.*", "*"],
        "description": "billing", "timeoutMs": 1000, "maxBodyBytes": 1048576, "disableOnGone": true,
        "rateLimitPerSecond": 50, "ordered": true,
        "payloadVersion": "v1"
    });
    let answer = world.post(WEBHOOKS, &tenant.key, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let shown = world.get(&format!("{WEBHOOKS}/{id}"), &tenant.key).await.json();
    assert_eq!(shown["events"], json!(["quota.*", "*"]));
    assert_eq!(shown["description"], "billing");
    assert_eq!(shown["timeoutMs"], 1000);
    assert_eq!(shown["maxBodyBytes"], 1_048_576);
    assert_eq!(shown["disableOnGone"], true);
    assert_eq!(shown["rateLimitPerSecond"], 50);
    assert_eq!(shown["payloadVersion"], "v1");
    assert_eq!(shown["ordered"], true);
}

#[tokio::test]
async fn the_list_is_newest_first_by_page_and_shows_health_but_no_secret() {
    let world = World::new();
    let tenant = world.pro().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(world.webhook(&tenant).await);
        world.clock.advance(Duration::from_secs(1));
    }
    ids.reverse();
    let mut listed = Vec::new();
    let mut path = format!("{WEBHOOKS}?limit=2");
    for _ in 0..3 {
        let page = world.get(&path, &tenant.key).await;
        assert_eq!(page.members(), ["webhooks", "nextCursor"]);
        let page = page.json();
        let rows = page["webhooks"].as_array().unwrap();
        listed.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = format!("{WEBHOOKS}?limit=2&cursor={cursor}");
    }
    assert_eq!(listed, ids);
    let all = world.get(WEBHOOKS, &tenant.key).await.json();
    assert!(all["nextCursor"].is_null());
    let members: Vec<_> = all["webhooks"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        members,
        [
            "id",
            "url",
            "events",
            "isActive",
            "createdAt",
            "secretHint",
            "status",
            "description",
            "timeoutMs",
            "maxBodyBytes",
            "disableOnGone",
            "headers",
            "paused",
            "nextSecret",
            "rateLimitPerSecond",
            "ordered",
            "payloadVersion",
            "disabledReason",
            "disabledAt",
            "failingSince",
            "lastSuccessAt",
            "lastFailureAt",
            "consecutiveFailures",
            "disablesAt",
            "warnings"
        ]
    );
}

#[tokio::test]
async fn deleting_by_query_or_path_happens_once() {
    let world = World::new();
    let tenant = world.pro().await;
    for by_path in [false, true] {
        let id = world.webhook(&tenant).await;
        let path = if by_path { format!("{WEBHOOKS}/{id}") } else { format!("{WEBHOOKS}?id={id}") };
        let answer = world.delete(&path, &tenant.key).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.text(), format!(r#"{{"success":true,"id":"{id}"}}"#));
        world.delete(&path, &tenant.key).await.is_problem(404, "not_found");
        let shown = world.get(&format!("{WEBHOOKS}/{id}"), &tenant.key).await;
        shown.is_problem(404, "not_found");
    }
    let list = world.get(WEBHOOKS, &tenant.key).await;
    assert_eq!(list.text(), r#"{"webhooks":[],"nextCursor":null}"#);
}

#[tokio::test]
async fn deleting_without_an_id_is_told_apart_from_an_unknown_one() {
    let world = World::new();
    let tenant = world.pro().await;
    world.delete(WEBHOOKS, &tenant.key).await.is_problem(400, "missing_parameter");
    let empty = world.delete(&format!("{WEBHOOKS}?id="), &tenant.key).await;
    empty.is_problem(400, "missing_parameter");
    let unknown = world.delete(&format!("{WEBHOOKS}?id=wh_a1b2c3d4e5f6g7h8"), &tenant.key).await;
    unknown.is_problem(404, "not_found");
}

#[tokio::test]
async fn the_free_plan_may_look_and_delete_but_not_register_or_change() {
    let world = World::new();
    let tenant = world.pro().await;
    let id = world.webhook(&tenant).await;
    world.set_limits(&tenant, Plan::Free, None, None).await;
    // A change by command holds within a second.
    world.clock.advance(Duration::from_secs(1));
    let key = &tenant.key;
    let one = format!("{WEBHOOKS}/{id}");
    let delivery = format!("{one}/deliveries/dlv_00000000000000000000/retry");
    world.post(WEBHOOKS, key, page_request()).await.is_problem(403, "plan_upgrade_required");
    world
        .patch(&one, key, json!({"isActive": true}))
        .await
        .is_problem(403, "plan_upgrade_required");
    let test = world.post(&format!("{one}/test"), key, json!({})).await;
    test.is_problem(403, "plan_upgrade_required");
    world.post(&delivery, key, json!({})).await.is_problem(403, "plan_upgrade_required");

    let shown = world.get(&one, key).await.json();
    assert_eq!(shown["status"], "paused");
    assert_eq!(shown["isActive"], true);
    assert_eq!(world.get(WEBHOOKS, key).await.status, 200);
    assert_eq!(world.get(&format!("{one}/deliveries"), key).await.status, 200);
    assert_eq!(world.delete(&one, key).await.status, 200);
}

#[tokio::test]
async fn an_account_has_at_most_twenty_endpoints() {
    let world = World::new();
    let tenant = world.pro().await;
    let mut last = String::new();
    for _ in 0..20 {
        last = world.webhook(&tenant).await;
    }
    let more = world.post(WEBHOOKS, &tenant.key, page_request()).await;
    more.is_problem(409, "endpoint_limit_reached");
    assert_eq!(world.delete(&format!("{WEBHOOKS}/{last}"), &tenant.key).await.status, 200);
    assert_eq!(world.post(WEBHOOKS, &tenant.key, page_request()).await.status, 201);
}

#[tokio::test]
async fn another_accounts_endpoint_is_not_found() {
    let world = World::new();
    let (owner, other) = (world.pro().await, world.pro().await);
    let id = world.webhook(&owner).await;
    let one = format!("{WEBHOOKS}/{id}");
    let key = &other.key;
    world.get(&one, key).await.is_problem(404, "not_found");
    world.delete(&one, key).await.is_problem(404, "not_found");
    world.delete(&format!("{WEBHOOKS}?id={id}"), key).await.is_problem(404, "not_found");
    world.patch(&one, key, json!({"isActive": false})).await.is_problem(404, "not_found");
    world.post(&format!("{one}/test"), key, json!({})).await.is_problem(404, "not_found");
    world.get(&format!("{one}/deliveries"), key).await.is_problem(404, "not_found");
    assert_eq!(world.get(&one, &owner.key).await.json()["isActive"], true);
}

#[tokio::test]
async fn a_test_event_goes_to_this_endpoint_only_and_says_that_it_is_a_test() {
    let world = World::new();
    let tenant = world.pro().await;
    let other = world.webhook(&tenant).await;
    let id = world.webhook(&tenant).await;
    for event in parseflow_model::EventType::ALL {
        let path = format!("{WEBHOOKS}/{id}/test");
        let answer = world.post(&path, &tenant.key, json!({"event": event.as_str()})).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        assert_eq!(answer.members(), ["id", "event", "eventId"]);
        let sent = answer.json();
        assert_eq!(sent["event"], event.as_str());
        let delivery = sent["id"].as_str().unwrap();
        let path = format!("{WEBHOOKS}/{id}/deliveries/{delivery}");
        let detail = world.get(&path, &tenant.key).await.json();
        assert_eq!(detail["eventId"], sent["eventId"]);
        let body: serde_json::Value =
            serde_json::from_str(detail["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["test"], true);
        assert_eq!(body["event"], event.as_str());
        assert!(body["data"].is_object());
    }
    assert_eq!(deliveries(&world, &tenant, &id).await, 6);
    assert_eq!(deliveries(&world, &tenant, &other).await, 0);
}

async fn deliveries(world: &World, tenant: &Tenant, id: &str) -> usize {
    let page = world.get(&format!("{WEBHOOKS}/{id}/deliveries"), &tenant.key).await.json();
    page["deliveries"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_test_event_needs_no_body_and_an_active_endpoint() {
    let world = World::new();
    let tenant = world.pro().await;
    let id = world.webhook(&tenant).await;
    let path = format!("{WEBHOOKS}/{id}/test");
    let request =
        crate::world::request(http::Method::POST, &path, &tenant.key, axum::body::Body::empty());
    let answer = world.send(request).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.json()["event"], "extraction.completed");
    world.patch(&format!("{WEBHOOKS}/{id}"), &tenant.key, json!({"isActive": false})).await;
    world.post(&path, &tenant.key, json!({})).await.is_problem(409, "endpoint_disabled");
}

#[tokio::test]
async fn a_test_key_manages_the_same_data() {
    let world = World::new();
    let tenant = world.pro().await;
    let id = world.webhook(&tenant).await;
    let test_key = world.key_for(&tenant, KeyMode::Test, &[]).await;
    assert!(test_key.starts_with("dm_test_"));
    assert_eq!(world.get(&format!("{WEBHOOKS}/{id}"), &test_key).await.status, 200);
}
