use http::Method;
use serde_json::json;

use crate::world::{WEBHOOKS, World};

#[tokio::test]
async fn the_service_says_that_it_lives_and_is_ready() {
    let world = World::new();
    for path in ["/api/health", "/healthz", "/readyz"] {
        let answer = world.get(path, "").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.text(), r#"{"status":"ok"}"#, "{path}");
    }
}

#[tokio::test]
async fn metrics_count_requests_by_route_and_never_by_id() {
    let world = World::new();
    let tenant = world.pro().await;
    let id = world.webhook(&tenant).await;
    world.get(&format!("{WEBHOOKS}/{id}"), &tenant.key).await;
    world.get("/nowhere/at/all", "").await;
    let metrics = world.get("/metrics", "").await;
    assert_eq!(
        metrics.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    let text = metrics.text();
    let line = r#"parseflow_http_requests_total{route="/api/webhooks/notifications/{id}",method="GET",status="2xx"} 1"#;
    assert!(text.contains(line), "{text}");
    assert!(text.contains(r#"{route="unknown",method="GET",status="4xx"} 1"#), "{text}");
    for name in ["deliveries_due", "work_queued", "endpoints_failing", "endpoints_disabled"] {
        assert!(text.contains(&format!("parseflow_{name} 0")), "{name}");
    }
    assert!(!text.contains(&id) && !text.contains("nowhere"));
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn the_root_shows_the_way() {
    let world = World::new();
    let index = world.get("/", "").await.json();
    assert_eq!(index["name"], "ParseFlow");
    for link in index["links"].as_object().unwrap().values() {
        assert_eq!(world.get(link.as_str().unwrap(), "").await.status, 200, "{link}");
    }
}

#[tokio::test]
async fn the_page_of_errors_explains_the_code_of_every_problem() {
    let world = World::new();
    let page = world.get("/docs/errors", "").await;
    assert_eq!(page.header("content-type"), Some("text/markdown; charset=utf-8"));
    let problem = world.post(WEBHOOKS, "", json!({})).await.json();
    let code = problem["code"].as_str().unwrap();
    assert!(page.text().contains(&format!("({code}.md)")), "{code}");
    let path = problem["type"].as_str().unwrap().split_once("example.com").unwrap().1;
    let own = world.get(path, "").await;
    assert!(own.text().starts_with(&format!("# `{code}`\n")), "{}", own.text());
    world.get("/docs/errors/none_such", "").await.is_problem(404, "not_found");
}

#[tokio::test]
async fn head_is_answered_like_get() {
    let world = World::new();
    let request = crate::world::request(Method::HEAD, "/healthz", "", axum::body::Body::empty());
    let answer = world.send(request).await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
}
