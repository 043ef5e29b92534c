//! Where requests may go: URLs are judged at registration, at every change and at every attempt.

use serde_json::json;

use crate::harness::{Service, Sink, assert_problem, eventually};

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

/// Registered while loopback was allowed, then tried where only its address is not: scheme and port
/// still are.
#[track_caller]
fn check_not_reached(host: &str) {
    let service = Service::with(&["--allow-target", "::1/128"]);
    let account = service.account("pro");
    let sink = Sink::answering(200);
    let url = sink.url("/secret-path").replace("127.0.0.1", host);
    let hook = account.register(&url, &["extraction.completed"]);
    let port = sink.port().to_string();
    let flags = ["--allow-http-targets", "--allow-port", &port];
    let schedule = ["--retry-schedule", "50ms,1h,1h,1h,1h"];
    let service = service.crash_and_restart_strict(&[&flags[..], &schedule].concat());
    let account = account.at(&service);
    account.extract_invoice();
    let delivery = eventually("two attempts are refused", || {
        account.deliveries(&hook).into_iter().find(|delivery| delivery["attemptCount"] == 2)
    });
    let detail = account.delivery(&hook, delivery["id"].as_str().expect("an id"));
    for attempt in detail["attempts"].as_array().expect("a list") {
        assert_eq!(attempt["failure"], "blocked_target", "{detail}");
        assert!(attempt["status"].is_null(), "{detail}");
        assert_eq!(attempt["responseBody"].as_str().unwrap_or_default(), "", "{detail}");
    }
    assert!(sink.received().is_empty());
}

#[test]
fn an_address_that_is_no_longer_allowed_is_not_reached() {
    check_not_reached("127.0.0.1");
}

#[test]
fn a_name_is_judged_by_its_addresses_at_every_attempt() {
    check_not_reached("localhost");
}
