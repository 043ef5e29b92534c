//! Where requests may go: URLs are judged at registration, at every change and at every attempt.

use serde_json::json;

use crate::harness::{Service, Sink, assert_problem};

const NOTIFICATIONS: &str = "/api/webhooks/notifications";

#[test]
fn hostile_urls_are_refused_at_registration_and_at_a_change() {
    let service = Service::start();
    let account = service.account("pro");
    let hook = account.register("http://127.0.0.1:9/", &["*"]);
    let long = format!("https://example.com/{}", "a".repeat(2_048));
    for (url, code) in [
        ("", "url_invalid"),
        ("nonsense", "url_invalid"),
        ("https://", "url_invalid"),
        ("ftp://example.com/", "url_scheme_not_allowed"),
        ("file:///etc/passwd", "url_scheme_not_allowed"),
        ("javascript:alert(1)", "url_scheme_not_allowed"),
        ("https://user:pass@example.com/", "url_credentials_not_allowed"),
        (long.as_str(), "url_too_long"),
        ("https://10.0.0.1/", "url_target_not_allowed"),
        ("https://192.168.1.1/", "url_target_not_allowed"),
        ("https://169.254.169.254/latest/meta-data/", "url_target_not_allowed"),
        ("https://100.64.0.1/", "url_target_not_allowed"),
        ("https://0.0.0.0/", "url_target_not_allowed"),
        ("https://[::1]/", "url_target_not_allowed"),
        ("https://[fe80::1]/", "url_target_not_allowed"),
        ("https://[fc00::1]/", "url_target_not_allowed"),
        ("https://[::ffff:10.0.0.1]/", "url_target_not_allowed"),
        ("https://[64:ff9b::a00:1]/", "url_target_not_allowed"),
        ("https://[2002:a00:1::]/", "url_target_not_allowed"),
        ("https://0x0a000001/", "url_target_not_allowed"),
        ("https://167772161/", "url_target_not_allowed"),
        ("https://224.0.0.1/", "url_target_not_allowed"),
        ("https://255.255.255.255/", "url_target_not_allowed"),
    ] {
        let wish = json!({"url": url, "events": ["*"]});
        assert_problem(&account.client.post(NOTIFICATIONS, &wish), 400, code);
        let change = json!({"url": url});
        assert_problem(&account.client.patch(&hook.path(""), &change), 400, code);
    }
    let list = account.client.get(NOTIFICATIONS).expect(200).json();
    assert_eq!(list["webhooks"].as_array().map(Vec::len), Some(1), "nothing was stored");
}

#[test]
fn without_the_operators_leave_loopback_and_plain_http_are_refused() {
    let service = Service::strict();
    let account = service.account("pro");
    for (url, code) in [
        ("http://example.com/", "url_scheme_not_allowed"),
        ("https://example.com:22/", "url_port_not_allowed"),
        ("https://127.0.0.1/", "url_target_not_allowed"),
        ("https://localhost/", "url_target_not_allowed"),
    ] {
        let wish = json!({"url": url, "events": ["*"]});
        assert_problem(&account.client.post(NOTIFICATIONS, &wish), 400, code);
    }
}

#[test]
fn a_name_is_judged_by_its_addresses_at_every_attempt() {
    // `localhost` has an IPv6 address too on most machines, which is not among the allowed ones.
    let service = Service::with(&["--retry-schedule", "1h"]);
    let account = service.account("pro");
    let sink = Sink::answering(200);
    let url = sink.url("/").replace("127.0.0.1", "localhost");
    let wish = json!({"url": url, "events": ["*"]});
    let answer = account.client.post(NOTIFICATIONS, &wish);
    if answer.status == 201 {
        let id = answer.json()["id"].as_str().expect("an id").to_owned();
        account.client.post(&format!("{NOTIFICATIONS}/{id}/test"), &json!({})).expect(202);
        sink.wait_for(1);
    } else {
        assert_problem(&answer, 400, "url_target_not_allowed");
    }
}

#[test]
fn an_endpoint_whose_address_is_no_longer_allowed_is_not_reached() {
    let service = Service::with(&["--retry-schedule", "50ms,50ms,50ms,50ms,50ms"]);
    let account = service.account("pro");
    let sink = Sink::answering(200);
    let hook = account.register(&sink.url("/secret-path"), &["extraction.completed"]);
    let service = service.crash_and_restart_strict(&["--retry-schedule", "50ms,1h,1h,1h,1h"]);
    let account = account.at(&service);
    account.extract_invoice();
    let delivery = crate::harness::eventually("two attempts are refused", || {
        account.deliveries(&hook).into_iter().find(|delivery| delivery["attemptCount"] == 2)
    });
    let detail = account.delivery(&hook, delivery["id"].as_str().expect("an id"));
    assert_eq!(detail["attempts"][0]["failure"], "blocked_target", "{detail}");
    assert!(detail["attempts"][0]["status"].is_null());
    assert!(sink.received().is_empty());
}
