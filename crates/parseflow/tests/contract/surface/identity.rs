//! Keys: their shape, both headers, several at once, revoked ones, test keys.

use serde_json::{Value, json};

use crate::harness::{Client, Service, Sink, assert_problem, assert_shape, is_lower_alnum, keys};

#[test]
fn a_key_is_dm_live_and_48_lowercase_hex_digits() {
    let service = Service::start();
    let account = service.account("free");
    let hex = account.key().strip_prefix("dm_live_").expect("a live key");
    assert_eq!(hex.len(), 48);
    assert!(hex.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)), "{hex}");
    assert!(account.id.starts_with("acc_") && !account.id.contains('.'), "{}", account.id);
}

#[test]
fn both_headers_carry_a_key() {
    let service = Service::start();
    let account = service.account("free");
    let anonymous = service.anonymous();
    let ask =
        |name: &str, value: &str| anonymous.send("GET", "/api/v1/usage", &[(name, value)], b"");
    ask("X-API-Key", account.key()).expect(200);
    ask("x-api-key", account.key()).expect(200);
    ask("Authorization", &format!("Bearer {}", account.key())).expect(200);
    ask("Authorization", &format!("bearer {}", account.key())).expect(200);
    assert_eq!(ask("Authorization", &format!("Basic {}", account.key())).status, 401);
}

#[test]
fn whatever_stands_in_the_headers_is_answered_401_and_never_breaks_anything() {
    let service = Service::start();
    let anonymous = service.anonymous();
    for (name, value) in [
        ("Authorization", "Bearer"),
        ("Authorization", "Bearer "),
        ("Authorization", "Digest"),
        ("Authorization", "Bearerdm_live_1"),
        ("Authorization", "x"),
        ("Authorization", ""),
        ("X-API-Key", ""),
        ("X-API-Key", "dm_live_"),
        ("X-API-Key", "\u{e9}"),
    ] {
        let answer = anonymous.send("GET", "/api/v1/usage", &[(name, value)], b"");
        assert_eq!(answer.status, 401, "{name}: {value:?}: {}", answer.text());
    }
    assert!(!service.log().contains("panicked"), "{}", service.log());
}

#[test]
fn every_operation_of_an_account_needs_a_key() {
    let service = Service::start();
    let anonymous = service.anonymous();
    let operations = [
        ("POST", "/api/webhooks/notifications"),
        ("GET", "/api/webhooks/notifications"),
        ("DELETE", "/api/webhooks/notifications?id=wh_a1b2c3d4e5f6g7h8"),
        ("GET", "/api/webhooks/notifications/wh_a1b2c3d4e5f6g7h8"),
        ("PATCH", "/api/webhooks/notifications/wh_a1b2c3d4e5f6g7h8"),
        ("DELETE", "/api/webhooks/notifications/wh_a1b2c3d4e5f6g7h8"),
        ("POST", "/api/webhooks/notifications/wh_a1b2c3d4e5f6g7h8/test"),
        ("GET", "/api/webhooks/notifications/wh_a1b2c3d4e5f6g7h8/deliveries"),
        ("POST", "/api/v1/extract"),
        ("GET", "/api/v1/documents"),
        ("GET", "/api/v1/documents/ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678"),
        ("POST", "/api/v1/batch"),
        ("GET", "/api/v1/batch"),
        ("GET", "/api/v1/batch/batch_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678"),
        ("POST", "/api/v1/batch/batch_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678/cancel"),
        ("GET", "/api/v1/usage"),
        ("POST", "/api/v1/events"),
        ("POST", "/api/v1/keys"),
        ("GET", "/api/v1/keys"),
        ("DELETE", "/api/v1/keys/key_a1b2c3d4e5f6g7h8"),
    ];
    let wrong = Client::with_key(&service.base, &format!("dm_live_{}", "0".repeat(48)));
    for (method, path) in operations {
        let without = anonymous.send(method, path, &[], b"");
        assert_eq!(without.status, 401, "{method} {path}: {}", without.text());
        assert_problem(&without, 401, "missing_api_key");
        assert_problem(&wrong.send(method, path, &[], b""), 401, "invalid_api_key");
    }
}

#[test]
fn several_keys_are_active_at_once_and_a_revoked_one_is_not() {
    let service = Service::start();
    let account = service.account("pro");
    let wish = json!({"name": "second"});
    let made = account.client.post("/api/v1/keys", &wish).expect(201).json();
    assert_eq!(keys(&made)[..2], ["id", "key"]);
    assert_shape(is_lower_alnum(&made["id"], "key_", 16), "an id", &made["id"]);
    let second = Client::with_key(&service.base, made["key"].as_str().expect("a key"));
    second.get("/api/v1/usage").expect(200);
    account.client.get("/api/v1/usage").expect(200);
    let path = format!("/api/v1/keys/{}", made["id"].as_str().expect("an id"));
    let revoked = account.client.delete(&path);
    assert!((200..300).contains(&revoked.status), "{}", revoked.text());
    assert_problem(&second.get("/api/v1/usage"), 401, "invalid_api_key");
    account.client.get("/api/v1/usage").expect(200);
}

#[test]
fn a_key_is_shown_once() {
    let service = Service::start();
    let account = service.account("pro");
    let made = account.client.post("/api/v1/keys", &json!({"name": "second"})).expect(201).json();
    let key = made["key"].as_str().expect("a key");
    let list = account.client.get("/api/v1/keys").expect(200);
    assert!(!list.text().contains(key), "{}", list.text());
    assert!(!list.text().contains(account.key()), "{}", list.text());
    assert_eq!(list.json()["keys"].as_array().map(Vec::len), Some(2), "{}", list.text());
    assert!(!service.log().contains(key));
}

#[test]
fn another_accounts_key_cannot_be_revoked() {
    let service = Service::start();
    let (account, other) = (service.account("pro"), service.account("pro"));
    let made = account.client.post("/api/v1/keys", &json!({"name": "mine"})).expect(201).json();
    let path = format!("/api/v1/keys/{}", made["id"].as_str().expect("an id"));
    assert_problem(&other.client.delete(&path), 404, "not_found");
    let key = made["key"].as_str().expect("a key");
    Client::with_key(&service.base, key).get("/api/v1/usage").expect(200);
}

#[test]
fn the_events_of_a_test_key_say_that_they_are_a_test() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["extraction.completed"]);
    let arguments = ["key", "create", "--email", &account.email, "--test", "--json"];
    let output = service.command(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let made: Value = serde_json::from_slice(&output.stdout).expect("--json prints JSON");
    let key = made["apiKey"].as_str().or(made["key"].as_str()).expect("a key");
    assert!(key.starts_with("dm_test_"), "{key}");
    let mut tester = service.account("pro");
    tester.client = Client::with_key(&service.base, key);
    tester.extract_invoice();
    let event = sink.wait_for(1)[0].json();
    assert_eq!(event["test"], true, "{event}");
    account.extract_invoice();
    assert_eq!(sink.wait_for(2)[1].json()["test"], Value::Null);
}

#[test]
fn registration_is_closed_unless_the_operator_opens_it() {
    let wish = json!({"email": "new@example.com", "password": "correct horse battery staple"});
    let closed = Service::start();
    let refused = closed.anonymous().post("/api/auth/register", &wish);
    assert_problem(&refused, 403, "registration_closed");
    let open = Service::with(&["--open-registration"]);
    let made = open.anonymous().post("/api/auth/register", &wish).expect(201).json();
    let key = made["apiKey"]["key"].as_str().expect("the first key, shown once");
    Client::with_key(&open.base, key).get("/api/v1/usage").expect(200);
    let again = open.anonymous().post("/api/auth/register", &wish);
    assert_problem(&again, 409, "email_taken");
}
