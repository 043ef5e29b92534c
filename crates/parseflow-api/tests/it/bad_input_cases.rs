//! The table of bad input.

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::world::{Tenant, WEBHOOKS, json_request, request, with_header};
use crate::{bad_input_addresses, bad_input_forms, bad_input_members};

/// What there is to attack.
pub(crate) struct Target {
    pub(crate) tenant: Tenant,
    pub(crate) key: String,
    pub(crate) key_id: String,
    pub(crate) webhook: String,
    pub(crate) delivery: String,
    pub(crate) recovery: String,
    pub(crate) document: String,
    pub(crate) batch: String,
}

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) request: Request<Body>,
    pub(crate) status: u16,
    pub(crate) code: &'static str,
}

pub(crate) fn case(
    name: impl Into<String>,
    request: Request<Body>,
    status: u16,
    code: &'static str,
) -> Case {
    Case { name: name.into(), request, status, code }
}

pub(crate) const KEYS: &str = "/api/v1/keys";
pub(crate) const EVENTS: &str = "/api/v1/events";
pub(crate) const EXTRACT: &str = "/api/v1/extract";
pub(crate) const BATCH: &str = "/api/v1/batch";
pub(crate) const DEMO: &str = "/api/v1/demo";
pub(crate) const SESSION: &str = "/api/session";
pub(crate) const REGISTER: &str = "/api/auth/register";
pub(crate) const HOOK: &str = "https://example.com/hook";

pub(crate) fn cases(
    own: &Target,
    foreign: &Target,
    revoked: &str,
    scopeless: &str,
    free: &str,
) -> Vec<Case> {
    let mut cases = credentials(own, revoked, scopeless, free);
    cases.extend(bodies(own));
    cases.extend(urls(own));
    cases.extend(bad_input_members::webhooks(own));
    cases.extend(bad_input_members::listening(own));
    cases.extend(bad_input_members::others(own));
    cases.extend(bad_input_members::event_data(own));
    cases.extend(bad_input_members::recoveries(own));
    cases.extend(bad_input_forms::uploads(own));
    cases.extend(bad_input_forms::batches(own));
    cases.extend(bad_input_addresses::lists_and_ids(own));
    cases.extend(bad_input_addresses::over_all(own));
    cases.extend(bad_input_addresses::foreign(own, foreign));
    cases.extend(bad_input_addresses::headers(own));
    cases
}

pub(crate) fn post(path: &str, key: &str, body: Value) -> Request<Body> {
    json_request(Method::POST, path, key, &body)
}

/// A POST of these bytes as JSON.
pub(crate) fn raw(path: &str, key: &str, bytes: impl Into<Vec<u8>>) -> Request<Body> {
    let request = request(Method::POST, path, key, Body::from(bytes.into()));
    with_header(request, "content-type", "application/json")
}

fn credentials(own: &Target, revoked: &str, scopeless: &str, free: &str) -> Vec<Case> {
    let get = |key: &str| request(Method::GET, WEBHOOKS, key, Body::empty());
    let authorised = |value: &str| with_header(get(""), "authorization", value);
    let hook = json!({"url": HOOK, "events": ["*"]});
    let cookie = |value: &str| with_header(get(""), "cookie", value);
    let sign_in = |key: &str| post(SESSION, "", json!({ "apiKey": key }));
    let event = json!({"event": "batch.failed", "data": {}});
    vec![
        case("no key", get(""), 401, "missing_api_key"),
        case("the page's placeholder", get("dm_live_your_api_key"), 401, "invalid_api_key"),
        case("a key in capitals", get(&own.key.to_uppercase()), 401, "invalid_api_key"),
        case("half a key", get(&own.key[..30]), 401, "invalid_api_key"),
        case("a very long key", get(&"d".repeat(5_000)), 401, "invalid_api_key"),
        case("a revoked key", get(revoked), 401, "invalid_api_key"),
        case("basic authentication", authorised("Basic YTpi"), 401, "invalid_api_key"),
        case("a bearer without a key", authorised("Bearer "), 401, "missing_api_key"),
        case(
            "two different keys",
            with_header(get(&own.key), "authorization", &format!("Bearer {scopeless}")),
            401,
            "conflicting_credentials",
        ),
        case("a cookie of nobody", cookie("parseflow_session=x"), 401, "no_session"),
        case("an empty cookie", cookie("parseflow_session="), 401, "no_session"),
        case("a cookie of another site", cookie("session=x"), 401, "missing_api_key"),
        case("a sign-in with half a key", sign_in(&own.key[..30]), 401, "invalid_api_key"),
        case("a sign-in with a revoked key", sign_in(revoked), 401, "invalid_api_key"),
        case("a webhook on Free", post(WEBHOOKS, free, hook), 403, "plan_upgrade_required"),
        case("an event without the scope", post(EVENTS, scopeless, event), 403, "scope_required"),
    ]
}

fn bodies(own: &Target) -> Vec<Case> {
    let key = own.key.as_str();
    let webhook = format!("{WEBHOOKS}/{}", own.webhook);
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let typed = |content_type: &str| {
        let request = request(Method::POST, WEBHOOKS, key, Body::from("{}"));
        with_header(request, "content-type", content_type)
    };
    let untyped = request(Method::POST, WEBHOOKS, key, Body::from("{}"));
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(200_000));
    let announced = with_header(raw(KEYS, key, "{}"), "content-length", "99999999999");
    let mut cases = vec![
        case("an unfinished object", raw(WEBHOOKS, key, "{\"url\":"), 400, "malformed_json"),
        case("an empty body", raw(WEBHOOKS, key, ""), 400, "malformed_json"),
        case("two values", raw(WEBHOOKS, key, "{} {}"), 400, "malformed_json"),
        case("JavaScript", raw(WEBHOOKS, key, "{url: 'x'}"), 400, "malformed_json"),
        case("a trailing comma", raw(KEYS, key, "{\"name\":\"a\",}"), 400, "malformed_json"),
        case("NaN", raw(EVENTS, key, "{\"data\":NaN}"), 400, "malformed_json"),
        case(
            "a number beyond doubles",
            raw(EVENTS, key, "{\"data\":1e999}"),
            400,
            "malformed_json",
        ),
        case(
            "invalid UTF-8",
            raw(KEYS, key, b"{\"name\":\"\xff\"}".to_vec()),
            400,
            "malformed_json",
        ),
        case("a lone surrogate", raw(KEYS, key, r#"{"name":"\ud800"}"#), 400, "malformed_json"),
        case("a byte order mark", raw(KEYS, key, "\u{feff}{}"), 400, "malformed_json"),
        case("ten thousand levels", raw(EVENTS, key, deep), 400, "malformed_json"),
        case("half a sign-in", raw(SESSION, "", "{\"apiKey\":"), 400, "malformed_json"),
        case("HTML", raw(REGISTER, "", "<html></html>"), 400, "malformed_json"),
        case("a body above the limit", raw(KEYS, key, large), 413, "body_too_large"),
        case("a body announced as huge", announced, 413, "body_too_large"),
        case(
            "a form's content type",
            typed("application/x-www-form-urlencoded"),
            415,
            "unsupported_media_type",
        ),
        case("plain text", typed("text/plain"), 415, "unsupported_media_type"),
        case("UTF-16", typed("application/json; charset=utf-16"), 415, "unsupported_media_type"),
        case("no content type", untyped, 415, "unsupported_media_type"),
        case(
            "a compressed body",
            with_header(typed("application/json"), "content-encoding", "gzip"),
            415,
            "unsupported_media_type",
        ),
        case(
            "a change that is no JSON",
            json_request(Method::PATCH, &webhook, key, &json!([1])),
            400,
            "invalid_input",
        ),
    ];
    for value in [json!(null), json!([]), json!("text"), json!(7), json!(true)] {
        for path in [WEBHOOKS, KEYS, EVENTS, REGISTER, SESSION] {
            let name = format!("{value} instead of an object to {path}");
            cases.push(case(name, post(path, key, value.clone()), 400, "invalid_input"));
        }
    }
    cases
}

fn urls(own: &Target) -> Vec<Case> {
    let long = format!("https://example.com/{}", "x".repeat(2_048));
    let table = [
        ("", "url_invalid"),
        ("hook", "url_invalid"),
        ("https://", "url_invalid"),
        ("//example.com/hook", "url_invalid"),
        ("https://example.com/\r\nx: y", "url_invalid"),
        ("https:\\\\example.com", "url_invalid"),
        ("http://example.com/hook", "url_scheme_not_allowed"),
        ("ftp://example.com/hook", "url_scheme_not_allowed"),
        ("file:///etc/passwd", "url_scheme_not_allowed"),
        ("javascript:alert(1)", "url_scheme_not_allowed"),
        ("gopher://example.com/", "url_scheme_not_allowed"),
        ("https://user:pass@example.com/", "url_credentials_not_allowed"),
        ("https://example.com:22/", "url_port_not_allowed"),
        ("https://localhost/", "url_target_not_allowed"),
        ("https://api.localhost/", "url_target_not_allowed"),
        ("https://127.0.0.1/", "url_target_not_allowed"),
        ("https://2130706433/", "url_target_not_allowed"),
        ("https://0x7f.1/", "url_target_not_allowed"),
        ("https://[::1]/", "url_target_not_allowed"),
        ("https://[::ffff:10.0.0.1]/", "url_target_not_allowed"),
        ("https://10.0.0.1/", "url_target_not_allowed"),
        ("https://192.168.1.1/", "url_target_not_allowed"),
        ("https://100.64.0.1/", "url_target_not_allowed"),
        ("https://169.254.169.254/latest/meta-data", "url_target_not_allowed"),
        ("https://[fd00:ec2::254]/", "url_target_not_allowed"),
        ("https://224.0.0.1/", "url_target_not_allowed"),
        ("https://0.0.0.0/", "url_target_not_allowed"),
        (long.as_str(), "url_too_long"),
    ];
    let webhook = format!("{WEBHOOKS}/{}", own.webhook);
    let mut cases = Vec::new();
    for (url, code) in table {
        let short: String = url.chars().take(50).collect();
        let body = json!({"url": url, "events": ["*"]});
        cases.push(case(format!("register {short:?}"), post(WEBHOOKS, &own.key, body), 400, code));
        let change = json_request(Method::PATCH, &webhook, &own.key, &json!({"url": url}));
        cases.push(case(format!("change to {short:?}"), change, 400, code));
    }
    cases
}
