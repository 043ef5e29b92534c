//! What goes over all of an account: its deliveries, its overview, its stream, its files.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::deliveries::{delivered, fail_once};
use crate::form::{Form, sample};
use crate::world::{Tenant, World, request, with_header};

const DELIVERIES: &str = "/api/v1/deliveries";
const STREAM: &str = "/api/v1/activity/stream";

fn ids(list: &Value) -> Vec<&str> {
    let rows = list["deliveries"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_accounts_deliveries_are_listed_over_all_webhooks_and_filtered() {
    let world = World::new();
    let tenant = world.pro().await;
    let (first, one) = delivered(&world, &tenant).await;
    world.clock.advance(Duration::from_secs(60));
    let (second, two) = delivered(&world, &tenant).await;
    fail_once(&world, &two).await;
    let get = async |query: &str| {
        let answer = world.get(&format!("{DELIVERIES}{query}"), &tenant.key).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    let all = get("").await;
    assert_eq!(ids(&all), [two.as_str(), &one]);
    assert_eq!(all["deliveries"][0]["endpointId"], second.as_str());
    assert_eq!(all["deliveries"][0]["state"], "retrying");
    assert_eq!(all["nextCursor"], Value::Null);
    let path = format!("/api/webhooks/notifications/{second}/deliveries");
    let own = world.get(&path, &tenant.key).await.json();
    assert_eq!(own["deliveries"][0], all["deliveries"][0], "the webhook's own log says the same");

    for (query, expected) in [
        ("?status=retrying", vec![two.as_str()]),
        ("?status=pending", vec![&one]),
        ("?status=pending,retrying", vec![&two, &one]),
        ("?status=succeeded", vec![]),
        ("?eventType=extraction.completed", vec![&two, &one]),
        ("?eventType=quota.warning", vec![]),
        (&format!("?endpointId={first}"), vec![&one]),
        ("?endpointId=wh_a1b2c3d4e5f6g7h8", vec![]),
        ("?since=2026-04-14T10:00:30Z", vec![&two]),
        ("?until=2026-04-14T10:00:30Z", vec![&one]),
        ("?since=2026-04-14T12:00:30%2B02:00&status=retrying", vec![&two]),
    ] {
        assert_eq!(ids(&get(query).await), expected, "{query}");
    }
    let page = get("?limit=1").await;
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = get(&format!("?limit=1&cursor={cursor}")).await;
    assert_eq!((ids(&page), ids(&rest)), (vec![two.as_str()], vec![one.as_str()]));
    let other = world.pro().await;
    assert_eq!(world.get(DELIVERIES, &other.key).await.json()["deliveries"], json!([]));
}

#[tokio::test]
async fn the_overview_counts_what_happened_and_is_kept_for_ten_seconds() {
    let world = World::new().reading();
    let tenant = world.pro().await;
    let get = async || world.get("/api/v1/overview", &tenant.key).await.json();
    let empty = get().await;
    assert_eq!(empty["window"], "24h");
    assert_eq!(empty["extractions"], json!({"completed": 0, "failed": 0}));
    assert_eq!(empty["deliveryTimeMs"], json!({"p50": null, "p95": null}));
    assert_eq!(empty["series"].as_array().unwrap().len(), 25);

    let form = Form::default().file("file", "invoice.txt", &sample("invoice.txt"));
    let read = world.send(form.post("/api/v1/extract", &tenant.key)).await;
    assert_eq!(read.status, 200, "{}", read.text());
    let (_, delivery) = delivered(&world, &tenant).await;
    fail_once(&world, &delivery).await;
    assert_eq!(get().await, empty, "it is kept");
    world.clock.advance(Duration::from_secs(10));
    let after = get().await;
    assert_eq!(after["extractions"], json!({"completed": 1, "failed": 0}));
    assert_eq!(after["deliveries"], json!({"succeeded": 0, "failed": 0, "waiting": 1}));
    assert_eq!(after["series"][24]["extractionsCompleted"], 1);
    assert_eq!((&after["to"], &after["complete"]), (&json!("2026-04-14T10:00:10Z"), &json!(true)));
    let other = world.pro().await;
    let foreign = world.get("/api/v1/overview?window=7d", &other.key).await.json();
    assert_eq!(foreign["extractions"]["completed"], 0);
}

#[tokio::test]
async fn the_uploaded_file_is_there_for_download_until_it_is_removed() {
    let world = World::new();
    let tenant = world.pro().await;
    let bytes = sample("invoice.txt");
    let form = Form::default().file("file", "Märzrechnung.txt", &bytes);
    let request = with_header(form.post("/api/v1/extract", &tenant.key), "prefer", "respond-async");
    let id = world.send(request).await.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/documents/{id}/file");
    let answer = world.get(&path, &tenant.key).await;
    assert_eq!((answer.status, &answer.body[..]), (200, &bytes[..]));
    assert_eq!(answer.header("content-type"), Some("text/plain"));
    let disposition = answer.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; "), "{disposition}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    let other = world.pro().await;
    world.get(&path, &other.key).await.is_problem(404, "not_found");
    parseflow_store::DocumentFiles::delete(world.files.as_ref(), &id).await.unwrap();
    world.get(&path, &tenant.key).await.is_problem(404, "file_not_kept");
}

fn watch(tenant: &Tenant) -> Request<Body> {
    request(Method::GET, STREAM, &tenant.key, Body::empty())
}

/// A stream that is read event by event.
struct Watched(BodyDataStream);

impl Watched {
    async fn open(world: &World, request: Request<Body>) -> Self {
        let response = world.front().answer(request).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut watched = Self(response.into_body().into_data_stream());
        assert_eq!(watched.next().await.unwrap().0, "ping", "it begins at once");
        watched
    }

    /// The name, id and data of the next event; `None` when the stream has ended.
    async fn next(&mut self) -> Option<(String, String, Value)> {
        let bytes = self.0.next().await?.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let member = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap().trim_start().to_owned()
        };
        assert!(text.ends_with("\n\n"), "{text:?}");
        let data = serde_json::from_str(&member("data:")).unwrap();
        Some((member("event:"), member("id:"), data))
    }
}

#[tokio::test(start_paused = true)]
async fn the_stream_tells_what_happens_and_nothing_from_before() {
    let world = World::new();
    let tenant = world.pro().await;
    delivered(&world, &tenant).await;
    world.clock.advance(Duration::from_secs(60));
    let mut watched = Watched::open(&world, watch(&tenant)).await;
    let (webhook, delivery) = delivered(&world, &tenant).await;
    let (name, _, data) = watched.next().await.unwrap();
    assert_eq!((name.as_str(), &data["id"]), ("delivery", &json!(delivery)));
    assert_eq!((&data["state"], &data["endpointId"]), (&json!("pending"), &json!(webhook)));
    fail_once(&world, &delivery).await;
    let (name, _, data) = watched.next().await.unwrap();
    assert_eq!((name.as_str(), &data["id"]), ("delivery", &json!(delivery)));
    assert_eq!((&data["state"], &data["lastStatus"]), (&json!("retrying"), &json!(503)));
    let form = Form::default().file("file", "invoice.txt", &sample("invoice.txt"));
    let upload = with_header(form.post("/api/v1/extract", &tenant.key), "prefer", "respond-async");
    let id = world.send(upload).await.json()["id"].clone();
    let (name, _, data) = watched.next().await.unwrap();
    assert_eq!(
        (name.as_str(), &data["id"], &data["status"]),
        ("document", &id, &json!("processing"))
    );
    let (name, _, data) = watched.next().await.unwrap();
    assert_eq!((name.as_str(), data), ("ping", json!({})), "and when nothing happens, it lives");
}

#[tokio::test(start_paused = true)]
async fn a_stream_goes_on_where_another_one_ended() {
    let world = World::new();
    let tenant = world.pro().await;
    delivered(&world, &tenant).await;
    world.clock.advance(Duration::from_secs(60));
    let mut watched = Watched::open(&world, watch(&tenant)).await;
    let (_, told) = delivered(&world, &tenant).await;
    let (_, last, _) = watched.next().await.unwrap();
    drop(watched);
    world.clock.advance(Duration::from_secs(60));
    let (_, missed) = delivered(&world, &tenant).await;
    let again = with_header(watch(&tenant), "last-event-id", &last);
    let mut watched = Watched::open(&world, again).await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        seen.push(watched.next().await.unwrap().2["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen, [told, missed], "at least what was missed, and nothing older");
}

#[tokio::test(start_paused = true)]
async fn streams_end_with_the_service_and_with_their_key() {
    let world = World::new();
    let (tenant, other) = (world.pro().await, world.pro().await);
    let mut of_revoked = Watched::open(&world, watch(&tenant)).await;
    let mut of_stopped = Watched::open(&world, watch(&other)).await;
    let keys = world.get("/api/v1/keys", &tenant.key).await.json();
    let path = format!("/api/v1/keys/{}", keys["keys"][0]["id"].as_str().unwrap());
    assert_eq!(world.delete(&path, &tenant.key).await.status, 200);
    assert_eq!(of_revoked.next().await, None);
    world.stop();
    while let Some((name, _, _)) = of_stopped.next().await {
        assert_eq!(name, "ping");
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_has_eight_streams_and_one_that_is_not_read_ends() {
    let world = World::new();
    let tenant = world.pro().await;
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(world.front().answer(watch(&tenant)).await);
    }
    let refused = world.send(watch(&tenant)).await;
    refused.is_problem(429, "too_many_streams");
    assert_eq!(refused.header("retry-after"), Some("1"));
    open.pop();
    let mut freed = false;
    for _ in 0..10 {
        tokio::task::yield_now().await;
        freed |= world.front().answer(watch(&tenant)).await.status() == 200;
    }
    assert!(freed, "closing one makes room");
    // Nobody reads the rest: when as many events wait as may wait, each feed gives up.
    let (mut waited, mut ended) = (0, false);
    while !ended && waited < 4_000 {
        waited += 1;
        let _ = tokio::time::timeout(Duration::from_secs(1), std::future::pending::<()>()).await;
        ended = world.front().answer(watch(&tenant)).await.status() == 200;
    }
    assert!(ended, "slots of feeds that are not read come back");
}
