use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{Method, Request};
use parseflow_api::LISTEN_SCHEME;
use parseflow_model::{FailureKind, Plan};
use serde_json::{Value, json};

use crate::world::{Tenant, WEBHOOKS, World, json_request};

const LISTEN: &str = "/api/v1/webhooks/listen";
const DEADLINE: Duration = Duration::from_secs(15);

fn listen(tenant: &Tenant) -> Request<Body> {
    let body = json!({"forwardTo": "http://localhost:3000/hook"});
    json_request(Method::POST, LISTEN, &tenant.key, &body)
}

/// A listener that is read event by event.
struct Listener {
    stream: BodyDataStream,
    endpoint: String,
    secret: String,
}

impl Listener {
    async fn open(world: &World, tenant: &Tenant) -> Self {
        let response = world.front().answer(listen(tenant)).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut stream = response.into_body().into_data_stream();
        let (name, ready) = event(&mut stream).await.unwrap();
        assert_eq!(name, "ready");
        let text = |name: &str| ready[name].as_str().unwrap().to_owned();
        Self { stream, endpoint: text("endpointId"), secret: text("secret") }
    }

    async fn url(&self, world: &World, tenant: &Tenant) -> String {
        let shown = world.get(&format!("{WEBHOOKS}/{}", self.endpoint), &tenant.key).await;
        shown.json()["url"].as_str().unwrap().to_owned()
    }
}

async fn event(stream: &mut BodyDataStream) -> Option<(String, Value)> {
    let bytes = stream.next().await?.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let (name, data) = text.strip_suffix("\n\n").unwrap().split_once('\n').unwrap();
    let data = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
    Some((name.strip_prefix("event: ").unwrap().to_owned(), data))
}

#[tokio::test]
async fn an_attempt_goes_down_the_stream_and_its_report_comes_back() {
    let world = World::new();
    let tenant = world.pro().await;
    let mut listener = Listener::open(&world, &tenant).await;
    assert!(listener.secret.starts_with("whsec_"));
    let url = listener.url(&world, &tenant).await;
    assert!(url.starts_with("listen:http://localhost:3000/hook#"), "{url}");
    let headers = vec![("x-parseflow-event".to_owned(), "batch.failed".to_owned())];
    let body = Bytes::from_static(b"{\"event\":1}");
    let attempt = world.listeners.attempt(&url, headers, body, DEADLINE);
    let listening = async {
        let (name, request) = event(&mut listener.stream).await.unwrap();
        assert_eq!(name, "request");
        assert_eq!(request["headers"]["x-parseflow-event"], "batch.failed");
        assert_eq!(request["body"], "eyJldmVudCI6MX0=");
        let reports = format!("{LISTEN}/{}/reports", listener.endpoint);
        let report = json!({
            "number": request["number"], "status": 503, "body": "bm8=", "retryAfter": "90"
        });
        assert_eq!(world.post(&reports, &tenant.key, report.clone()).await.status, 204);
        world.post(&reports, &tenant.key, report).await.is_problem(404, "not_found");
    };
    let (outcome, ()) = tokio::join!(attempt, listening);
    assert_eq!((outcome.status, outcome.failure), (Some(503), Some(FailureKind::Status)));
    assert_eq!(outcome.response_body, b"no");
    assert_eq!(outcome.retry_after_secs, Some(90));
    assert_eq!(outcome.response_headers, [("retry-after".to_owned(), "90".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn the_webhook_exists_as_long_as_the_stream() {
    let world = World::new();
    let tenant = world.pro().await;
    let mut listener = Listener::open(&world, &tenant).await;
    assert_eq!(event(&mut listener.stream).await.unwrap().0, "ping", "it says that it lives");
    let url = listener.url(&world, &tenant).await;
    let path = format!("{WEBHOOKS}/{}", listener.endpoint);
    assert_eq!(world.get(&path, &tenant.key).await.status, 200);
    drop(listener);
    let mut gone = false;
    for _ in 0..100 {
        tokio::task::yield_now().await;
        gone |= world.get(&path, &tenant.key).await.status == 404;
    }
    assert!(gone);
    let outcome = world.listeners.attempt(&url, Vec::new(), Bytes::new(), DEADLINE).await;
    assert_eq!(outcome.failure, Some(FailureKind::Connection));

    let mut listener = Listener::open(&world, &tenant).await;
    world.stop();
    assert!(event(&mut listener.stream).await.is_none(), "it ends with the service");
}

#[tokio::test]
async fn what_a_killed_process_left_is_forgotten() {
    let mut world = World::new();
    let tenant = world.pro().await;
    let listener = Listener::open(&world, &tenant).await;
    let path = format!("{WEBHOOKS}/{}", listener.endpoint);
    // The stream never ends as far as anybody knows; another process begins.
    std::mem::forget(listener);
    world.listeners = std::sync::Arc::default();
    world.restart(1);
    assert_eq!(world.get(&path, &tenant.key).await.status, 200);
    let _again = Listener::open(&world, &tenant).await;
    assert_eq!(world.get(&path, &tenant.key).await.status, 404);
}

#[tokio::test]
async fn an_account_has_four_listeners_and_a_plan_with_webhooks() {
    let world = World::new();
    let (tenant, free) = (world.pro().await, world.account(Plan::Free).await);
    world.send(listen(&free)).await.is_problem(403, "plan_upgrade_required");
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(Listener::open(&world, &tenant).await);
    }
    world.send(listen(&tenant)).await.is_problem(429, "too_many_streams");
    let hook = json!({"url": format!("{LISTEN_SCHEME}http://localhost/"), "events": ["*"]});
    let own = world.post(WEBHOOKS, &tenant.key, hook).await;
    own.is_problem(400, "url_scheme_not_allowed");
}
