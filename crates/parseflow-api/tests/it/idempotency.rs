use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request};
use parseflow_model::{Limit, Plan};
use serde_json::{Value, json};

use crate::form::{Form, sample, with_other_boundary};
use crate::world::{WEBHOOKS, World, json_request, with_header};

const KEY: &str = "idempotency-key";

fn register(key: &str, idempotency_key: &str, url: &str) -> Request<Body> {
    let body: Value = json!({"url": url, "events": ["*"]});
    with_header(json_request(Method::POST, WEBHOOKS, key, &body), KEY, idempotency_key)
}

async fn webhooks(world: &World, key: &str) -> usize {
    world.get(WEBHOOKS, key).await.json()["webhooks"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_repeated_request_gets_the_same_answer_and_does_nothing() {
    let world = World::new();
    let tenant = world.pro().await;
    let url = "https://example.com/hook";
    let first = world.send(register(&tenant.key, "k1", url)).await;
    assert_eq!(first.status, 201);
    assert_eq!(first.header("idempotency-replayed"), None);
    let again = world.send(register(&tenant.key, "k1", url)).await;
    assert_eq!((again.status, &again.body), (201, &first.body), "the secret too");
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.header("content-type"), Some("application/json"));
    assert_eq!(webhooks(&world, &tenant.key).await, 1);
    // Another key, another account: another request.
    assert_eq!(world.send(register(&tenant.key, "k2", url)).await.status, 201);
    assert_eq!(webhooks(&world, &tenant.key).await, 2);
    let other = world.pro().await;
    let fresh = world.send(register(&other.key, "k1", url)).await;
    assert_ne!(fresh.body, first.body);
}

#[tokio::test]
async fn a_key_is_not_used_for_another_request() {
    let world = World::new();
    let tenant = world.pro().await;
    let url = "https://example.com/hook";
    assert_eq!(world.send(register(&tenant.key, "k1", url)).await.status, 201);
    let other = world.send(register(&tenant.key, "k1", "https://example.com/other")).await;
    other.is_problem(422, "idempotency_key_reused");
    let elsewhere = json_request(Method::POST, "/api/v1/keys", &tenant.key, &json!({"name": "x"}));
    let elsewhere = world.send(with_header(elsewhere, KEY, "k1")).await;
    elsewhere.is_problem(422, "idempotency_key_reused");
    assert_eq!(webhooks(&world, &tenant.key).await, 1);
}

#[tokio::test]
async fn a_definite_refusal_is_kept_with_its_first_request_id() {
    let world = World::new();
    let tenant = world.pro().await;
    let hostile = "https://127.0.0.1/hook";
    let first = world.send(register(&tenant.key, "k1", hostile)).await;
    first.is_problem(400, "url_target_not_allowed");
    let again = world.send(register(&tenant.key, "k1", hostile)).await;
    assert_eq!((again.status, &again.body), (400, &first.body));
    assert_eq!(again.header("content-type"), Some("application/problem+json"));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

#[tokio::test]
async fn what_failed_for_the_moment_can_be_repeated_in_earnest() {
    let world = World::new();
    let tenant = world.pro().await;
    world.set_limits(&tenant, Plan::Pro, Some(Limit::AtMost(0)), None).await;
    let send = || {
        let form = Form::default().file("file", "a.txt", b"text");
        let request = with_header(form.post("/api/v1/extract", &tenant.key), KEY, "k1");
        world.send(with_header(request, "prefer", "respond-async"))
    };
    send().await.is_problem(429, "quota_exceeded");
    world.set_limits(&tenant, Plan::Pro, Some(Limit::AtMost(5)), None).await;
    assert_eq!(send().await.status, 202);

    let broken = format!("https://{}/hook", crate::world::BROKEN_HOST);
    for _ in 0..2 {
        let answer = world.send(register(&tenant.key, "k2", &broken)).await;
        answer.is_problem(500, "internal_error");
        assert_eq!(answer.header("idempotency-replayed"), None);
    }
}

#[tokio::test]
async fn a_repeated_upload_is_recognised_by_its_parts_and_counted_once() {
    let world = World::new().reading();
    let tenant = world.pro().await;
    let form = || Form::default().file("file", "invoice.txt", &sample("invoice.txt"));
    let path = "/api/v1/extract";
    let first = world.send(with_header(form().post(path, &tenant.key), KEY, "k1")).await;
    assert_eq!(first.status, 200, "{}", first.text());
    let again = with_other_boundary(form(), path, &tenant.key);
    let again = world.send(with_header(again, KEY, "k1")).await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let renamed = Form::default().file("file", "other.txt", &sample("invoice.txt"));
    let renamed = world.send(with_header(renamed.post(path, &tenant.key), KEY, "k1")).await;
    renamed.is_problem(422, "idempotency_key_reused");
    assert_eq!(world.get("/api/v1/usage", &tenant.key).await.json()["used"], 1);
    assert!(world.files.names().is_empty());
}

const STEPS: u32 = 60;

/// Ends the process after every number of steps of the first try, and once after its end.
#[test]
fn work_done_again_after_a_crash_at_any_point_is_counted_once() {
    let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (path, part) in [("/api/v1/extract", "file"), ("/api/v1/batch", "files")] {
        let mut finished_before_the_crash = 0;
        for steps in 0..=STEPS {
            let mut world = World::new();
            let first = run();
            let tenant = first.block_on(world.pro());
            let request = || {
                let form = Form::default().file(part, "a.txt", b"text");
                let request = with_header(form.post(path, &tenant.key), KEY, "k1");
                with_header(request, "prefer", "respond-async")
            };
            let sending = first.spawn(world.front().answer(request()));
            first.block_on(async {
                // Some steps are taken on other threads: the last round waits for all of them.
                let mut taken = 0;
                while if steps == STEPS { !sending.is_finished() } else { taken < steps } {
                    tokio::task::yield_now().await;
                    taken += 1;
                }
            });
            finished_before_the_crash += u32::from(sending.is_finished());
            drop(first);

            world.restart(1);
            let second = run();
            let answer = second.block_on(world.send(request()));
            assert_eq!(answer.status, 202, "{steps}: {}", answer.text());
            let usage = second.block_on(world.get("/api/v1/usage", &tenant.key)).json();
            assert_eq!(usage["used"], 1, "{path} after {steps} steps");
            let id = answer.json()["id"].clone();
            let list = path.replace("extract", "documents");
            let list = second.block_on(world.get(&list, &tenant.key)).json();
            let rows = list.as_object().unwrap().values().next().unwrap();
            assert_eq!(rows.as_array().unwrap().len(), 1);
            assert_eq!(rows[0]["id"], id);
        }
        assert!(finished_before_the_crash > 0, "the last crash came too early");
        assert!(finished_before_the_crash <= STEPS, "the first crashes came too late");
    }
}

#[tokio::test]
async fn a_202_is_repeated_with_its_location() {
    let world = World::new();
    let tenant = world.pro().await;
    let send = || {
        let form = Form::default().file("files", "a.txt", b"text");
        world.send(with_header(form.post("/api/v1/batch", &tenant.key), KEY, "k1"))
    };
    let first = send().await;
    let again = send().await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.header("location"), first.header("location"));
    world.files_settle_at(1).await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_still_running_is_not_run_beside_itself() {
    let world = Arc::new(World::new());
    let tenant = world.pro().await;
    let send = {
        let (world, key) = (Arc::clone(&world), tenant.key.clone());
        move || {
            let form = Form::default().file("file", "a.txt", b"text");
            let request = with_header(form.post("/api/v1/extract", &key), KEY, "k1");
            let world = Arc::clone(&world);
            async move { world.send(request).await }
        }
    };
    // Nobody reads the document: the first request waits until its limit.
    let first = tokio::spawn(send());
    while world.files.names().is_empty() {
        tokio::task::yield_now().await;
    }
    let second = send().await;
    second.is_problem(409, "idempotency_in_flight");
    assert_eq!(second.header("retry-after"), Some("1"));
    assert_eq!(first.await.unwrap().status, 202);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_stop_the_work_halfway() {
    let world = Arc::new(World::new());
    let tenant = world.pro().await;
    let request = register(&tenant.key, "k1", "https://example.com/hook");
    let sending = {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.send(request).await })
    };
    // As soon as the request has begun, its caller is gone.
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
    sending.abort();
    let _ = sending.await;
    let again = register(&tenant.key, "k1", "https://example.com/hook");
    let mut answer = world.send(again).await;
    for _ in 0..100 {
        if answer.status != 409 {
            break;
        }
        tokio::task::yield_now().await;
        answer = world.send(register(&tenant.key, "k1", "https://example.com/hook")).await;
    }
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(webhooks(&world, &tenant.key).await, 1);
}
