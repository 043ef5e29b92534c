use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::Method;
use serde_json::json;
use tracing::Level;

use crate::form;
use crate::log::Log;
use crate::world::{WEBHOOKS, World, json_request, request, with_header};

#[tokio::test]
async fn every_answer_carries_a_request_id_the_callers_own_if_it_is_sane() {
    let world = World::new();
    let get = || request(Method::GET, "/healthz", "", Body::empty());
    let made = world.send(get()).await.header("x-request-id").unwrap().to_owned();
    assert!(made.starts_with("req_") && made.len() == 20, "{made}");
    assert_ne!(world.send(get()).await.header("x-request-id").unwrap(), made);
    let given = world.send(with_header(get(), "x-request-id", "Trace_7-a")).await;
    assert_eq!(given.header("x-request-id"), Some("Trace_7-a"));
    for hostile in ["a b", "<script>", &"x".repeat(65)] {
        let answer = world.send(with_header(get(), "x-request-id", hostile)).await;
        assert!(answer.header("x-request-id").unwrap().starts_with("req_"));
    }
}

#[tokio::test]
async fn no_answer_is_kept_by_caches_or_taken_for_something_else() {
    let world = World::new();
    for path in ["/", "/healthz", "/openapi.json", "/nowhere", WEBHOOKS] {
        let answer = world.get(path, "").await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}

#[tokio::test]
async fn unknown_addresses_and_wrong_methods_are_problems_too() {
    let world = World::new();
    world.get("/api/v2/anything", "").await.is_problem(404, "unknown_route");
    let put = world.send(request(Method::PUT, WEBHOOKS, "", Body::empty())).await;
    put.is_problem(405, "method_not_allowed");
    let mut allowed: Vec<_> = put.header("allow").unwrap().split(',').map(str::trim).collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["DELETE", "GET", "HEAD", "POST"]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_given_up() {
    let world = World::new();
    let tenant = world.publisher().await;
    let endless = || {
        let start = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{\"event\":"))]);
        Body::from_stream(start.chain(stream::pending()))
    };
    let mut json = request(Method::POST, "/api/v1/events", &tenant.key, endless());
    json.headers_mut().insert("content-type", "application/json".parse().unwrap());
    let started = tokio::time::Instant::now();
    world.send(json).await.is_problem(408, "body_timeout");
    assert_eq!(started.elapsed(), Duration::from_secs(30));

    let mut upload = request(Method::POST, "/api/v1/extract", &tenant.key, endless());
    upload.headers_mut().insert("content-type", form::content_type().parse().unwrap());
    world.send(upload).await.is_problem(408, "body_timeout");
    assert!(started.elapsed() <= Duration::from_secs(70));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_told_apart_from_a_malformed_one() {
    let world = World::new();
    let tenant = world.publisher().await;
    let broken = || {
        let error = std::io::Error::other("reset");
        let parts = [Ok(Bytes::from_static(b"{\"event\":")), Err(error)];
        Body::from_stream(stream::iter(parts))
    };
    for (path, content_type) in [
        ("/api/v1/events", "application/json".to_owned()),
        ("/api/v1/extract", form::content_type()),
    ] {
        let mut request = request(Method::POST, path, &tenant.key, broken());
        request.headers_mut().insert("content-type", content_type.parse().unwrap());
        world.send(request).await.is_problem(400, "body_interrupted");
    }
}

#[tokio::test]
async fn the_log_has_one_line_a_request_without_keys_secrets_or_bodies() {
    let (log, _guard) = Log::listen();
    let world = World::new();
    let tenant = world.pro().await;
    let body = json!({"url": "https://example.com/very-private-path", "events": ["*"]});
    let request = json_request(Method::POST, WEBHOOKS, &tenant.key, &body);
    let answer = world.send(with_header(request, "x-request-id", "trace-1")).await;
    let secret = answer.json()["secret"].as_str().unwrap().to_owned();
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    world.get(&format!("{WEBHOOKS}/{id}"), &tenant.key).await;
    world.get("/healthz", "").await;

    let lines = log.take();
    let info: Vec<_> = lines.iter().filter(|(level, _)| *level == Level::INFO).collect();
    assert_eq!(info.len(), 2, "{lines:?}");
    let line = &info[0].1;
    let account = format!("account=\"{}\"", tenant.account);
    for part in [
        "request_id=\"trace-1\"",
        "method=\"POST\"",
        "route=\"/api/webhooks/notifications\"",
        "status=201",
        "latency_ms=0",
        &account,
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(info[1].1.contains("/api/webhooks/notifications/{id}"));
    for (_, line) in &lines {
        for hidden in [tenant.key.as_str(), &secret, "very-private-path"] {
            assert!(!line.contains(hidden), "{line}");
        }
    }
}

#[tokio::test]
async fn our_own_mistakes_are_logged_as_errors_with_the_request_id() {
    let (log, _guard) = Log::listen();
    let world = World::new();
    let tenant = world.pro().await;
    let url = format!("https://{}/hook", crate::world::BROKEN_HOST);
    let body = json!({"url": url, "events": ["*"]});
    let answer = world.post(WEBHOOKS, &tenant.key, body).await;
    answer.is_problem(500, "internal_error");
    let id = answer.header("x-request-id").unwrap();
    let lines = log.take();
    let errors: Vec<_> = lines.iter().filter(|(level, _)| *level == Level::ERROR).collect();
    assert_eq!(errors.len(), 1, "{lines:?}");
    assert!(errors[0].1.contains(id) && errors[0].1.contains("a handler panicked"));
}

/// Pieces of a body, counted as they are read.
fn counted(pieces: usize, read: &Arc<AtomicUsize>) -> Body {
    let read = Arc::clone(read);
    Body::from_stream(stream::iter(0..pieces).map(move |_| {
        read.fetch_add(1, Ordering::Relaxed);
        Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 1024]))
    }))
}

#[tokio::test]
async fn a_refused_body_is_read_to_its_end_so_that_its_sender_reads_the_answer() {
    let world = World::with(|settings| settings.json_bytes_max = 10_000);
    let tenant = world.pro().await;
    let checks = [
        ("/api/v1/keys", "dm_live_wrong", 401),
        ("/api/v1/keys", &tenant.key, 413),
        ("/api/v1/extract", &tenant.key, 415),
        ("/api/v1/nowhere", "", 404),
        ("/api/v1/usage", &tenant.key, 405),
    ];
    for (path, key, status) in checks {
        let read = Arc::new(AtomicUsize::new(0));
        let request = request(Method::POST, path, key, counted(500, &read));
        let request = with_header(request, "content-type", "application/json");
        assert_eq!(world.send(request).await.status, status, "{path}");
        assert_eq!(read.load(Ordering::Relaxed), 500, "{path}");
    }
}

#[tokio::test]
async fn who_waits_to_be_asked_for_a_refused_body_is_not_asked() {
    let world = World::new();
    let read = Arc::new(AtomicUsize::new(0));
    let request = request(Method::POST, "/api/v1/extract", "dm_live_wrong", counted(500, &read));
    let request = with_header(request, "expect", "100-continue");
    assert_eq!(world.send(request).await.status, 401);
    assert_eq!(read.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn not_more_than_a_limit_is_thrown_away() {
    let world = World::new();
    let read = Arc::new(AtomicUsize::new(0));
    let request = request(Method::POST, "/api/v1/extract", "", counted(1_000_000, &read));
    assert_eq!(world.send(request).await.status, 401);
    assert_eq!(read.load(Ordering::Relaxed), 64 * 1024 + 1);
}
