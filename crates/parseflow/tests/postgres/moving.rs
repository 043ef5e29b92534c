//! `parseflow migrate`: a real installation, moved while retries wait.

use std::net::TcpListener;
use std::path::Path;

use serde_json::{Value, json};

use crate::process::{Server, Signal, account, eventually, get, run, run_well};
use crate::world::{self, World};

const LOCAL: [&str; 5] =
    ["--allow-http-targets", "--allow-target", "127.0.0.0/8", "--retry-schedule", "1h,1h"];
const HOOKS: &str = "/api/webhooks/notifications";

/// A port that nobody listens on.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn read(address: &str, path: &str, key: &str) -> Value {
    let (status, body) = get(address, path, key);
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).unwrap()
}

fn event(number: u64) -> String {
    json!({"event": "extraction.completed", "data": {"n": number}}).to_string()
}

/// Everything the API says about the installation.
fn everything(address: &str, key: &str) -> Vec<(String, Value)> {
    let mut said = Vec::new();
    let mut ask = |path: String| {
        let answer = read(address, &path, key);
        said.push((path, answer.clone()));
        answer
    };
    for path in ["/api/v1/usage", "/api/v1/keys", "/api/v1/batch"] {
        ask(path.to_owned());
    }
    for document in ask("/api/v1/documents".into())["documents"].as_array().unwrap() {
        ask(format!("/api/v1/documents/{}", document["id"].as_str().unwrap()));
    }
    for hook in ask(HOOKS.into())["webhooks"].as_array().unwrap() {
        let hook = format!("{HOOKS}/{}", hook["id"].as_str().unwrap());
        ask(hook.clone());
        for delivery in ask(format!("{hook}/deliveries"))["deliveries"].as_array().unwrap() {
            ask(format!("{hook}/deliveries/{}", delivery["id"].as_str().unwrap()));
        }
    }
    said
}

#[test]
fn an_installation_moves_with_its_waiting_retries_and_nothing_is_early_or_lost() {
    let port = free_port();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let key = account(data, "a@example.com", &["--plan", "enterprise", "--scope", "events:write"]);
    let old = Server::start(data, &LOCAL);
    let hook = json!({"url": format!("http://127.0.0.1:{port}/hook"), "events": ["*"]}).to_string();
    assert_eq!(world::post(old.address(), HOOKS, &key, &hook).unwrap().0, 201);
    for number in 1..=4 {
        assert!(world::publish(old.address(), &key, number));
    }
    let keyed = || world::post_once(old.address(), "/api/v1/events", &key, "once", &event(5));
    let published = keyed().unwrap();
    assert_eq!(published.0, 202, "{published:?}");
    let invoice = b"Invoice number: 2026-17\nInvoice date: 2026-04-14\nTotal: 12.00 EUR\n";
    assert_eq!(world::extract(old.address(), &key, invoice).0, 200);
    // Five published events and the one of the document have failed once and wait for an hour.
    let mut before = Vec::new();
    eventually("every delivery has been tried", || {
        before = everything(old.address(), &key);
        let is_detail = |path: &str| path.contains("/deliveries/");
        let tried = before.iter().filter(|(path, said)| {
            is_detail(path) && said["attempts"].as_array().is_some_and(|made| made.len() == 1)
        });
        tried.count() == 6
    });

    let world = World::empty(port);
    let url = world.url();
    let migrate = ["migrate", "--json", "--from", text(data), "--to", &url];
    let refused = run(&migrate);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("in use"), "{refused:?}");
    old.signal(Signal::KILL);
    old.wait();
    let moved: Value = serde_json::from_str(&run_well(&migrate)).unwrap();
    assert_eq!(moved["tables"]["event"]["rows"], 6, "{moved}");
    assert_eq!(moved["tables"]["due"]["rows"], 6, "{moved}");
    let again = run(&migrate);
    assert!(String::from_utf8_lossy(&again.stderr).contains("not empty"), "{again:?}");
    let started = run(&["serve", "--listen", "127.0.0.1:0", "--data-dir", text(data)]);
    assert!(String::from_utf8_lossy(&started.stderr).contains("moved"), "{started:?}");

    std::fs::copy(data.join("master.key"), world.folder().join("master.key")).unwrap();
    let new = world.node("new", &LOCAL[3..]);
    assert_eq!(everything(new.address(), &key), before);
    let repeated = world::post_once(new.address(), "/api/v1/events", &key, "once", &event(5));
    assert_eq!(repeated.unwrap().1, published.1);
    assert!(world::publish(new.address(), &key, 6));
    eventually("a new event arrives", || world.receiver.numbers().contains(&6));
    assert_eq!(world.receiver.count(), 1, "what waits is not early");
    assert_eq!(world.count("SELECT COUNT(*) FROM due"), 6);
    // As if the hour had passed.
    world.change("UPDATE due SET due_ms = due_ms - 3600000");
    eventually("what waited arrives", || world.receiver.count() == 7);
    assert_eq!(world.receiver.numbers().len(), 6);
    let second = json!({"url": format!("http://127.0.0.1:{port}/second"), "events": ["*"]});
    let (status, body) = world::post(new.address(), HOOKS, &key, &second.to_string()).unwrap();
    assert_eq!(status, 201, "endpoints go on being numbered: {body}");
}

#[test]
fn nothing_moves_from_a_folder_without_an_installation_or_into_a_database_in_use() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let url = world.url();
    let migrate = ["migrate", "--from", text(folder.path()), "--to", &url];
    let nothing = run(&migrate);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("no installation"), "{nothing:?}");
    account(folder.path(), "b@example.com", &["--plan", "pro"]);
    let full = run(&migrate);
    assert!(String::from_utf8_lossy(&full.stderr).contains("not empty"), "{full:?}");
    let _node = world.node("one", &[]);
    let used = run(&migrate);
    assert!(String::from_utf8_lossy(&used.stderr).contains("a service runs"), "{used:?}");
    // What was refused has changed nothing: the old installation still serves.
    let old = Server::start(folder.path(), &[]);
    assert_eq!(get(old.address(), "/readyz", "").0, 200);
}
