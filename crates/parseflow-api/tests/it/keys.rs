use std::time::Duration;

use parseflow_model::WallClock as _;
use serde_json::json;

use crate::world::World;

const KEYS: &str = "/api/v1/keys";

#[tokio::test]
async fn a_new_key_is_shown_once_and_works_at_once() {
    let world = World::new();
    let tenant = world.pro().await;
    let body = json!({"name": "pipeline", "scopes": ["events:write", "events:write"]});
    let answer = world.post(KEYS, &tenant.key, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.members(), ["id", "key", "name", "scopes", "mode", "createdAt"]);
    let made = answer.json();
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with("dm_live_") && key.len() == 56);
    assert_eq!(made["scopes"], json!(["events:write"]));
    assert_eq!(made["mode"], "live");
    assert_eq!(world.get(KEYS, key).await.status, 200);
    let list = world.get(KEYS, &tenant.key).await;
    assert!(!list.text().contains(key));
    let hints: Vec<_> = list.json()["keys"].as_array().unwrap().clone();
    assert!(hints.iter().any(|row| row["hint"] == key[52..]));
}

#[tokio::test]
async fn a_test_key_says_so() {
    let world = World::new();
    let tenant = world.pro().await;
    let made = world.post(KEYS, &tenant.key, json!({"name": "ci", "mode": "test"})).await.json();
    assert!(made["key"].as_str().unwrap().starts_with("dm_test_"));
    assert_eq!((&made["mode"], &made["scopes"]), (&json!("test"), &json!([])));
}

#[tokio::test]
async fn a_revoked_key_ends_at_once_and_leaves_the_list() {
    let world = World::new();
    let tenant = world.pro().await;
    let made = world.post(KEYS, &tenant.key, json!({"name": "old"})).await.json();
    let path = format!("{KEYS}/{}", made["id"].as_str().unwrap());
    let key = made["key"].as_str().unwrap();
    let stranger = world.pro().await;
    world.delete(&path, &stranger.key).await.is_problem(404, "not_found");
    let revoked = world.delete(&path, &tenant.key).await;
    assert_eq!(revoked.json(), json!({"success": true, "id": made["id"]}));
    world.get(KEYS, key).await.is_problem(401, "invalid_api_key");
    world.delete(&path, &tenant.key).await.is_problem(404, "not_found");
    let list = world.get(KEYS, &tenant.key).await.json();
    assert_eq!(list["keys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_revoked_by_another_process_ends_within_a_second() {
    let world = World::new();
    let tenant = world.pro().await;
    let made = world.post(KEYS, &tenant.key, json!({"name": "old"})).await.json();
    let key = made["key"].as_str().unwrap();
    assert_eq!(world.get(KEYS, key).await.status, 200);
    let id = made["id"].as_str().unwrap().parse().unwrap();
    let now = world.clock.now();
    assert!(world.store_ref().revoke_key(&tenant.account, &id, now).await.unwrap());
    world.clock.advance(Duration::from_millis(999));
    assert_eq!(world.get(KEYS, key).await.status, 200);
    world.clock.advance(Duration::from_millis(1));
    world.get(KEYS, key).await.is_problem(401, "invalid_api_key");
}

#[tokio::test]
async fn keys_are_listed_newest_first_by_page_and_at_most_twenty() {
    let world = World::new();
    let tenant = world.pro().await;
    for number in 1..20 {
        world.clock.advance(Duration::from_secs(1));
        let made = world.post(KEYS, &tenant.key, json!({"name": format!("key {number}")})).await;
        assert_eq!(made.status, 201);
    }
    let refused = world.post(KEYS, &tenant.key, json!({"name": "one too many"})).await;
    refused.is_problem(409, "key_limit_reached");
    let page = world.get(&format!("{KEYS}?limit=19"), &tenant.key).await.json();
    assert_eq!(page["keys"][0]["name"], "key 19");
    assert_eq!(page["keys"][18]["name"], "key 1");
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = world.get(&format!("{KEYS}?cursor={cursor}"), &tenant.key).await.json();
    assert_eq!(rest["keys"].as_array().unwrap().len(), 1);
    // Another account's list has cursors of its own.
    let stranger = world.pro().await;
    let foreign = world.get(&format!("{KEYS}?cursor={cursor}"), &stranger.key).await;
    foreign.is_problem(400, "invalid_cursor");
}
