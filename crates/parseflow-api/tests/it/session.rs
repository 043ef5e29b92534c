use std::time::Duration;

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::world::{Tenant, WEBHOOKS, World, json_request, request, with_header};

const SESSION: &str = "/api/session";
const USAGE: &str = "/api/v1/usage";

/// What a browser holds after a sign-in.
struct Browser {
    cookie: String,
    token: String,
}

impl Browser {
    fn get(&self, path: &str) -> Request<Body> {
        with_header(request(Method::GET, path, "", Body::empty()), "cookie", &self.cookie)
    }

    /// A request that changes something, without the token.
    fn change(&self, method: Method, path: &str, body: &Value) -> Request<Body> {
        with_header(json_request(method, path, "", body), "cookie", &self.cookie)
    }

    fn with_token(&self, request: Request<Body>) -> Request<Body> {
        with_header(request, "x-csrf-token", &self.token)
    }
}

async fn sign_in(world: &World, key: &str) -> Answer {
    world.post(SESSION, "", json!({ "apiKey": key })).await
}

async fn signed_in(world: &World, tenant: &Tenant) -> Browser {
    let answer = sign_in(world, &tenant.key).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    Browser { cookie, token: answer.json()["csrfToken"].as_str().unwrap().to_owned() }
}

#[tokio::test]
async fn signing_in_tells_the_account_and_sets_a_cookie_that_scripts_cannot_read() {
    let world = World::new();
    let tenant = world.pro().await;
    let answer = sign_in(&world, &format!(" {} ", tenant.key)).await;
    assert_eq!(answer.members(), ["account", "csrfToken", "expiresAt"]);
    let body = answer.json();
    assert_eq!(body["account"]["id"], tenant.account.as_str());
    assert_eq!(body["account"]["plan"], "pro");
    assert_eq!(body["expiresAt"], "2026-04-14T22:00:00Z");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("parseflow_session="), "{cookie}");
    let attributes = "; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure";
    assert!(cookie.ends_with(attributes), "{cookie}");
    assert!(!cookie.contains(&tenant.key) && !answer.text().contains(&tenant.key));

    let browser = signed_in(&world, &tenant).await;
    let shown = world.send(browser.get(SESSION)).await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.json()["csrfToken"], browser.token);
    assert!(shown.header("set-cookie").is_none());
    world.get(SESSION, "").await.is_problem(401, "no_session");
    world.get(SESSION, &tenant.key).await.is_problem(401, "no_session");
}

#[tokio::test]
async fn without_https_the_cookie_is_sent_over_http_too() {
    let world = World::with(|settings| settings.public_url = "http://127.0.0.1:8080".to_owned());
    let tenant = world.pro().await;
    let answer = sign_in(&world, &tenant.key).await;
    assert!(answer.header("set-cookie").unwrap().ends_with("; SameSite=Strict"));
}

#[tokio::test]
async fn the_cookie_reads_like_the_key_and_at_the_keys_pace() {
    let world = World::new();
    let tenant = world.pro().await;
    let browser = signed_in(&world, &tenant).await;
    for path in [USAGE, WEBHOOKS, "/api/v1/documents", "/api/v1/batch", "/api/v1/keys"] {
        let answer = world.send(browser.get(path)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
    let answer = world.get(USAGE, &tenant.key).await;
    assert_eq!(answer.header("ratelimit-remaining"), Some("294"));
}

#[tokio::test]
async fn changing_something_needs_the_sessions_token() {
    let world = World::new();
    let (tenant, stranger) = (world.pro().await, world.pro().await);
    let browser = signed_in(&world, &tenant).await;
    let other = signed_in(&world, &stranger).await;
    let hook = json!({"url": "https://example.com/hook", "events": ["*"]});
    let post = || browser.change(Method::POST, WEBHOOKS, &hook);
    world.send(post()).await.is_problem(403, "csrf_token_invalid");
    for wrong in ["", "x", &other.token, &browser.token[1..]] {
        let request = with_header(post(), "x-csrf-token", wrong);
        world.send(request).await.is_problem(403, "csrf_token_invalid");
    }
    assert_eq!(world.get(WEBHOOKS, &tenant.key).await.json()["webhooks"], json!([]));
    let created = world.send(browser.with_token(post())).await;
    assert_eq!(created.status, 201, "{}", created.text());

    let path = format!("{WEBHOOKS}/{}", created.json()["id"].as_str().unwrap());
    let change = || browser.change(Method::PATCH, &path, &json!({"paused": true}));
    world.send(change()).await.is_problem(403, "csrf_token_invalid");
    assert_eq!(world.send(browser.with_token(change())).await.status, 200);
    let delete = || browser.change(Method::DELETE, &path, &Value::Null);
    world.send(delete()).await.is_problem(403, "csrf_token_invalid");
    assert_eq!(world.send(browser.with_token(delete())).await.status, 200);
}

#[tokio::test]
async fn every_operation_that_changes_something_refuses_a_cookie_without_its_token() {
    let world = World::new();
    let tenant = world.pro().await;
    let browser = signed_in(&world, &tenant).await;
    let api = serde_json::to_value(parseflow_api::openapi()).unwrap();
    let mut checked = 0;
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if method == "get" || operation.get("security").is_none() {
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path.replace("{id}", "x").replace("{delivery}", "y");
            let answer = world.send(browser.change(method, &path, &json!({}))).await;
            answer.is_problem(403, "csrf_token_invalid");
            assert!(operation["responses"]["403"]["description"].to_string().contains("csrf"));
            checked += 1;
        }
    }
    assert!(checked >= 12, "only {checked} operations change something");
}

#[tokio::test]
async fn a_key_beside_the_cookie_counts_and_needs_no_token() {
    let world = World::new();
    let (tenant, other) = (world.pro().await, world.pro().await);
    let browser = signed_in(&world, &other).await;
    let body = json!({"url": "https://example.com/hook", "events": ["*"]});
    let request = json_request(Method::POST, WEBHOOKS, &tenant.key, &body);
    let created = world.send(with_header(request, "cookie", &browser.cookie)).await;
    assert_eq!(created.status, 201);
    let hooks = world.send(browser.get(WEBHOOKS)).await.json();
    assert_eq!(hooks["webhooks"], json!([]), "it belongs to the key's account");
    let wrong = with_header(browser.get(USAGE), "x-api-key", "dm_live_wrong");
    world.send(wrong).await.is_problem(401, "invalid_api_key");
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_and_with_its_key() {
    let world = World::new();
    let tenant = world.pro().await;
    let browser = signed_in(&world, &tenant).await;
    world.clock.advance(Duration::from_secs(12 * 3_600 - 1));
    assert_eq!(world.send(browser.get(USAGE)).await.status, 200);
    world.clock.advance(Duration::from_secs(1));
    world.send(browser.get(USAGE)).await.is_problem(401, "no_session");
    world.send(browser.get(SESSION)).await.is_problem(401, "no_session");

    let again = signed_in(&world, &tenant).await;
    let keys = world.get("/api/v1/keys", &tenant.key).await.json();
    let path = format!("/api/v1/keys/{}", keys["keys"][0]["id"].as_str().unwrap());
    assert_eq!(world.delete(&path, &tenant.key).await.status, 200);
    world.send(again.get(USAGE)).await.is_problem(401, "no_session");
    world.send(again.get(SESSION)).await.is_problem(401, "no_session");
    sign_in(&world, &tenant.key).await.is_problem(401, "invalid_api_key");
}

#[tokio::test]
async fn sessions_outlive_the_process() {
    let mut world = World::new();
    let tenant = world.pro().await;
    let browser = signed_in(&world, &tenant).await;
    world.restart(1);
    assert_eq!(world.send(browser.get(USAGE)).await.status, 200);
}

#[tokio::test]
async fn signing_out_takes_the_cookie_away() {
    let world = World::new();
    let tenant = world.pro().await;
    let browser = signed_in(&world, &tenant).await;
    let out = || browser.change(Method::DELETE, SESSION, &Value::Null);
    world.send(out()).await.is_problem(403, "csrf_token_invalid");
    let done = world.send(browser.with_token(out())).await;
    assert_eq!((done.status, done.body.len()), (204, 0));
    let cookie = done.header("set-cookie").unwrap();
    assert!(cookie.starts_with("parseflow_session=; Path=/; Max-Age=0;"), "{cookie}");
    assert_eq!(world.delete(SESSION, "").await.status, 204, "nobody was signed in");
}

#[tokio::test]
async fn an_address_may_try_a_few_wrong_keys_a_minute_and_as_many_right_ones_as_it_likes() {
    let world = World::with(|settings| settings.wrong_keys_per_minute = 3);
    let tenant = world.pro().await;
    for _ in 0..20 {
        assert_eq!(sign_in(&world, &tenant.key).await.status, 200);
    }
    let unknown = format!("dm_live_{}", "0".repeat(48));
    for wrong in [unknown.as_str(), "x", &tenant.key[..55]] {
        let answer = sign_in(&world, wrong).await;
        answer.is_problem(401, "invalid_api_key");
        assert!(answer.header("set-cookie").is_none());
    }
    let refused = sign_in(&world, &tenant.key).await;
    refused.is_problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), Some("20"));
    world.clock.advance(Duration::from_secs(20));
    assert_eq!(sign_in(&world, &tenant.key).await.status, 200);
}
