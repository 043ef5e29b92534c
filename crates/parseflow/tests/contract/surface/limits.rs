//! Rates and quotas: what is told with every answer, and what happens above them.

use serde_json::json;

use crate::harness::{Client, Service, assert_problem, keys, text_invoice};

fn number(answer: &crate::harness::Answer, name: &str) -> u64 {
    let value = answer.header(name).unwrap_or_else(|| panic!("{name}: {:?}", answer.headers));
    value.parse().unwrap_or_else(|_| panic!("{name}: {value}"))
}

#[test]
fn above_the_rate_of_its_plan_a_key_is_told_when_to_come_back() {
    let service = Service::start();
    let account = service.account_with("pro", &["--requests-per-minute", "5"]);
    for left in (0..5).rev() {
        let answer = account.client.get("/api/v1/usage").expect(200);
        assert_eq!(number(&answer, "ratelimit-limit"), 5);
        assert_eq!(number(&answer, "ratelimit-remaining"), left);
    }
    let refused = account.client.get("/api/v1/usage");
    assert_problem(&refused, 429, "rate_limited");
    let wait_secs = number(&refused, "retry-after");
    assert!((1..=60).contains(&wait_secs), "{wait_secs}");
    assert_eq!(number(&refused, "ratelimit-limit"), 5);
    assert_eq!(number(&refused, "ratelimit-remaining"), 0);
    assert!(number(&refused, "ratelimit-reset") <= 60);
}

#[test]
fn each_key_has_a_rate_of_its_own() {
    let service = Service::start();
    let account = service.account_with("pro", &["--requests-per-minute", "3"]);
    let made = account.client.post("/api/v1/keys", &json!({"name": "b"})).expect(201).json();
    let second = Client::with_key(&service.base, made["key"].as_str().expect("a key"));
    account.client.get("/api/v1/usage").expect(200);
    account.client.get("/api/v1/usage").expect(200);
    account.client.get("/api/v1/usage").expect(429);
    second.get("/api/v1/usage").expect(200);
}

#[test]
fn usage_tells_plan_period_used_quota_and_remaining() {
    let service = Service::start();
    let account = service.account_with("pro", &["--quota", "5"]);
    let fresh = account.client.get("/api/v1/usage").expect(200).json();
    for member in ["plan", "period", "used", "quota", "remaining"] {
        assert!(keys(&fresh).contains(&member), "{member}: {fresh}");
    }
    assert_eq!((&fresh["plan"], &fresh["used"]), (&json!("pro"), &json!(0)));
    assert_eq!((&fresh["quota"], &fresh["remaining"]), (&json!(5), &json!(5)));
    let period = fresh["period"].as_str().expect("a month");
    assert!(period.len() == 7 && period.as_bytes()[4] == b'-', "{period}");
    account.extract("note.txt", text_invoice().as_bytes()).expect(200);
    let after = account.client.get("/api/v1/usage").expect(200).json();
    assert_eq!((&after["used"], &after["remaining"]), (&json!(1), &json!(4)));
}

#[test]
fn a_quota_may_be_unlimited() {
    let service = Service::start();
    let account = service.account_with("enterprise", &["--quota", "unlimited"]);
    account.extract("note.txt", text_invoice().as_bytes()).expect(200);
    let usage = account.client.get("/api/v1/usage").expect(200).json();
    assert_eq!(usage["used"], 1);
    assert!(usage["quota"].is_null() && usage["remaining"].is_null(), "{usage}");
}

#[test]
fn at_most_20_endpoints_an_account() {
    let service = Service::start();
    let account = service.account_with("pro", &["--requests-per-minute", "unlimited"]);
    for _ in 0..20 {
        account.register("http://127.0.0.1:9/same", &["*"]);
    }
    let wish = json!({"url": "http://127.0.0.1:9/same", "events": ["*"]});
    let refused = account.client.post("/api/webhooks/notifications", &wish);
    assert_problem(&refused, 409, "endpoint_limit_reached");
}

#[test]
fn a_file_above_the_plans_limit_is_too_large() {
    let service = Service::start();
    let account = service.account("free");
    let refused = account.extract("big.txt", &vec![b'a'; 110 * 1024 * 1024]);
    assert_eq!(refused.status, 413, "{}", refused.text());
    account.extract("note.txt", text_invoice().as_bytes()).expect(200);
}
