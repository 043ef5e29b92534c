use std::time::Duration;

use axum::body::Body;
use http::Method;
use parseflow_model::{Limit, Plan};
use serde_json::Value;

use crate::world::{World, request, with_header};

const USAGE: &str = "/api/v1/usage";

#[tokio::test]
async fn a_key_is_taken_from_either_header() {
    let world = World::new();
    let tenant = world.pro().await;
    assert_eq!(world.get(USAGE, &tenant.key).await.status, 200);
    let bearer = format!("Bearer {}", tenant.key);
    let plain = request(Method::GET, USAGE, "", Body::empty());
    assert_eq!(world.send(with_header(plain, "authorization", &bearer)).await.status, 200);
    let both = request(Method::GET, USAGE, &tenant.key, Body::empty());
    assert_eq!(world.send(with_header(both, "authorization", &bearer)).await.status, 200);
}

#[tokio::test]
async fn two_different_keys_are_refused_even_if_both_are_valid() {
    let world = World::new();
    let (one, two) = (world.pro().await, world.pro().await);
    let both = request(Method::GET, USAGE, &one.key, Body::empty());
    let bearer = format!("Bearer {}", two.key);
    let answer = world.send(with_header(both, "authorization", &bearer)).await;
    answer.is_problem(401, "conflicting_credentials");
}

/// Whether an operation takes an API key; the session's own take only its cookie.
pub(crate) fn takes_key(operation: &Value) -> bool {
    let ways = operation["security"].as_array();
    ways.is_some_and(|ways| ways.iter().any(|way| way.get("ApiKeyAuth").is_some()))
}

#[tokio::test]
async fn without_a_valid_key_every_route_that_needs_one_answers_401() {
    let world = World::new();
    let api = serde_json::to_value(parseflow_api::openapi()).unwrap();
    let mut checked = 0;
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if !takes_key(operation) {
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path.replace("{id}", "x").replace("{delivery}", "y");
            let absent = world.send(request(method.clone(), &path, "", Body::empty())).await;
            absent.is_problem(401, "missing_api_key");
            assert_eq!(absent.header("www-authenticate"), Some("Bearer realm=\"ParseFlow\""));
            let unknown = format!("dm_live_{}", "0".repeat(48));
            for wrong in [unknown.as_str(), "dm_live_your_api_key", "x"] {
                let answer = world.send(request(method.clone(), &path, wrong, Body::empty())).await;
                answer.is_problem(401, "invalid_api_key");
            }
            checked += 1;
        }
    }
    assert!(checked >= 20, "only {checked} routes need a key");
}

#[tokio::test]
async fn each_key_has_the_plans_requests_a_minute() {
    let world = World::new();
    let tenant = world.pro().await;
    world.set_limits(&tenant, Plan::Pro, None, Some(Limit::AtMost(3))).await;
    for remaining in ["2", "1", "0"] {
        let answer = world.get(USAGE, &tenant.key).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-limit"), Some("3"));
        assert_eq!(answer.header("ratelimit-remaining"), Some(remaining));
        assert!(answer.header("ratelimit-reset").is_some());
    }
    let refused = world.get(USAGE, &tenant.key).await;
    refused.is_problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), Some("20"));
    assert_eq!(refused.header("ratelimit-remaining"), Some("0"));
    let other = world.key_for(&tenant, parseflow_model::KeyMode::Live, &[]).await;
    assert_eq!(world.get(USAGE, &other).await.status, 200, "another key has its own allowance");
    world.clock.advance(Duration::from_secs(20));
    assert_eq!(world.get(USAGE, &tenant.key).await.status, 200);
}

#[tokio::test]
async fn errors_tell_the_rate_too() {
    let world = World::new();
    let tenant = world.pro().await;
    let answer = world.get("/api/v1/documents/ext_x", &tenant.key).await;
    answer.is_problem(404, "not_found");
    assert_eq!(answer.header("ratelimit-limit"), Some("300"));
}
