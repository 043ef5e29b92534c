//! Rotating secrets, headers of one's own, pausing.

use std::time::Duration;

use serde_json::{Value, json};

use crate::world::{WEBHOOKS, World};

#[tokio::test]
async fn rotating_shows_the_new_secret_once_and_keeps_the_old_one_until_its_time() {
    let world = World::new();
    let tenant = world.pro().await;
    let key = &tenant.key;
    let one = format!("{WEBHOOKS}/{}", world.webhook(&tenant).await);
    let before = world.get(&one, key).await.json();
    assert_eq!(before["nextSecret"], Value::Null);
    let rotated = world.post(&format!("{one}/rotate-secret"), key, json!({})).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text());
    assert_eq!(rotated.members(), ["id", "secret", "takesOverAt", "secretHint"]);
    let rotated = rotated.json();
    let secret = rotated["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_") && secret.len() == 38);
    assert_eq!(rotated["takesOverAt"], "2026-04-15T10:00:00Z", "a day later by default");
    assert_eq!(rotated["secretHint"], before["secretHint"]);
    let shown = world.get(&one, key).await;
    assert!(!shown.text().contains(secret));
    let hint = &secret[secret.len() - 4..];
    let pending = json!({"hint": hint, "takesOverAt": "2026-04-15T10:00:00Z"});
    assert_eq!(shown.json()["nextSecret"], pending);
    assert_eq!(shown.json()["secretHint"], before["secretHint"]);
    world.clock.advance(Duration::from_secs(86_400));
    let after = world.get(&one, key).await.json();
    assert_eq!((&after["secretHint"], &after["nextSecret"]), (&json!(hint), &Value::Null));
    let late = world.post(&format!("{one}/rotate-secret/activate"), key, json!({})).await;
    late.is_problem(409, "no_rotation_pending");
}

#[tokio::test]
async fn a_rotation_is_ended_by_activating_or_at_once_without_overlap() {
    let world = World::new();
    let tenant = world.pro().await;
    let key = &tenant.key;
    let one = format!("{WEBHOOKS}/{}", world.webhook(&tenant).await);
    let (rotate, activate) =
        (format!("{one}/rotate-secret"), format!("{one}/rotate-secret/activate"));
    world.post(&activate, key, json!({})).await.is_problem(409, "no_rotation_pending");
    let week = world.post(&rotate, key, json!({"overlapSeconds": 604_800})).await.json();
    assert_eq!(week["takesOverAt"], "2026-04-21T10:00:00Z");
    let activated = world.post(&activate, key, json!({})).await;
    assert_eq!(activated.status, 200, "{}", activated.text());
    let hint = |secret: &Value| secret.as_str().unwrap()[34..].to_owned();
    assert_eq!(activated.json()["secretHint"], hint(&week["secret"]));
    assert_eq!(activated.json()["nextSecret"], Value::Null);
    let at_once = world.post(&rotate, key, json!({"overlapSeconds": 0})).await.json();
    assert_eq!(at_once["takesOverAt"], "2026-04-14T10:00:00Z");
    assert_eq!(at_once["secretHint"], hint(&at_once["secret"]));
    for wrong in [json!(604_801), json!(-1), json!("1h"), json!(1.5)] {
        let refused = world.post(&rotate, key, json!({"overlapSeconds": wrong})).await;
        refused.is_problem(400, "invalid_input");
        assert_eq!(refused.pointers(), ["/overlapSeconds"]);
    }
    let other = world.pro().await;
    world.post(&rotate, &other.key, json!({})).await.is_problem(404, "not_found");
    world.post(&activate, &other.key, json!({})).await.is_problem(404, "not_found");
}

#[tokio::test]
async fn own_headers_are_kept_encrypted_and_shown_masked() {
    let world = World::new();
    let tenant = world.pro().await;
    let key = &tenant.key;
    let wish = json!({"url": "https://example.com/hook", "events": ["*"],
        "headers": {"Authorization": "Bearer s3cret-value", "X-Env": "prod"}});
    let registered = world.post(WEBHOOKS, key, wish).await;
    assert_eq!(registered.status, 201, "{}", registered.text());
    let id = registered.json()["id"].as_str().unwrap().to_owned();
    let one = format!("{WEBHOOKS}/{id}");
    for answer in [&registered, &world.get(&one, key).await, &world.get(WEBHOOKS, key).await] {
        assert!(answer.text().contains(r#""headers":{"Authorization":"••••••","X-Env":"••••••"}"#));
        assert!(!answer.text().contains("s3cret-value"));
    }
    let stored = world.store_ref().endpoint(&tenant.account, &id.parse().unwrap()).await;
    let sealed = stored.unwrap().unwrap().settings.sealed_headers.unwrap();
    assert!(!sealed.windows(6).any(|window| window == b"s3cret"));
    let kept = world.patch(&one, key, json!({"description": "x"})).await.json();
    assert_eq!(kept["headers"].as_object().unwrap().len(), 2, "a change leaves them");
    let replaced = world.patch(&one, key, json!({"headers": {"X-One": "1"}})).await.json();
    assert_eq!(replaced["headers"], json!({"X-One": "••••••"}));
    let masked = world.patch(&one, key, json!({"headers": {"X-One": "••••••"}})).await;
    masked.is_problem(400, "invalid_input");
    for (headers, pointer) in [
        (json!({"Host": "evil"}), "/headers/Host"),
        (json!({"content-type": "text/plain"}), "/headers/content-type"),
        (json!({"X-ParseFlow-Signature": "00"}), "/headers/X-ParseFlow-Signature"),
        (json!({"X-A": "a\r\nX-B: b"}), "/headers/X-A"),
        (json!({"X-A": 1}), "/headers/X-A"),
        (json!(["X-A"]), "/headers"),
    ] {
        let refused = world.patch(&one, key, json!({ "headers": headers })).await;
        refused.is_problem(400, "invalid_input");
        assert_eq!(refused.pointers(), [pointer]);
    }
    let cleared = world.patch(&one, key, json!({"headers": null})).await.json();
    assert_eq!(cleared["headers"], json!({}));
}

#[tokio::test]
async fn its_owner_pauses_and_resumes_an_endpoint() {
    let world = World::new();
    let tenant = world.pro().await;
    let key = &tenant.key;
    let one = format!("{WEBHOOKS}/{}", world.webhook(&tenant).await);
    let paused = world.patch(&one, key, json!({"paused": true})).await.json();
    assert_eq!((&paused["paused"], &paused["status"]), (&json!(true), &json!("paused")));
    assert_eq!(paused["isActive"], true);
    world.post(&format!("{one}/test"), key, json!({})).await;
    let log = world.get(&format!("{one}/deliveries"), key).await.json();
    assert_eq!(log["deliveries"][0]["state"], "pending");
    let resumed = world.patch(&one, key, json!({"paused": false})).await.json();
    assert_eq!((&resumed["paused"], &resumed["status"]), (&json!(false), &json!("healthy")));
    world.patch(&one, key, json!({"paused": null})).await.is_problem(400, "invalid_input");
}
