//! Bad addresses, parameters and headers.

use axum::body::Body;
use http::Method;
use serde_json::json;

use crate::bad_input_cases::{BATCH, Case, EVENTS, EXTRACT, HOOK, KEYS, Target, case, post};
use crate::form::Form;
use crate::world::{WEBHOOKS, json_request, request, with_header};

const DELIVERIES: &str = "/api/v1/deliveries";

pub(crate) fn lists_and_ids(own: &Target) -> Vec<Case> {
    let key = own.key.as_str();
    let deliveries = format!("{WEBHOOKS}/{}/deliveries", own.webhook);
    let recoveries = format!("{WEBHOOKS}/{}/recoveries", own.webhook);
    let batch = format!("{BATCH}/{}", own.batch);
    let get = |path: String| request(Method::GET, &path, key, Body::empty());
    let mut cases = Vec::new();
    for list in
        [WEBHOOKS, "/api/v1/documents", BATCH, KEYS, DELIVERIES, &deliveries, &recoveries, &batch]
    {
        for limit in ["0", "101", "-1", "x", "", "1&limit=2", "99999999999999999999"] {
            let path = format!("{list}?limit={limit}");
            cases.push(case(path.clone(), get(path), 400, "invalid_input"));
        }
        for cursor in ["", "x", "AAAAAAAAAAAA", "%00", "..%2f..%2fetc"] {
            let path = format!("{list}?cursor={cursor}");
            cases.push(case(path.clone(), get(path), 400, "invalid_cursor"));
        }
    }
    let delete = |path: String| request(Method::DELETE, &path, key, Body::empty());
    for id in
        ["wh_short", "WH_A1B2C3D4E5F6G7H8", "wh_a1b2c3d4e5f6g7h8", "%27%20OR%201=1--", "..%2f"]
    {
        cases.push(case(
            format!("webhook {id}"),
            get(format!("{WEBHOOKS}/{id}")),
            404,
            "not_found",
        ));
        let path = format!("{WEBHOOKS}?id={id}");
        cases.push(case(format!("delete {path}"), delete(path), 404, "not_found"));
        cases.push(case(format!("key {id}"), delete(format!("{KEYS}/{id}")), 404, "not_found"));
        let path = format!("/api/v1/documents/{id}");
        cases.push(case(format!("document {id}"), get(path), 404, "not_found"));
        cases.push(case(format!("batch {id}"), get(format!("{BATCH}/{id}")), 404, "not_found"));
        let path = format!("{deliveries}/{id}");
        cases.push(case(format!("delivery {id}"), get(path.clone()), 404, "not_found"));
        let retry = post(&format!("{path}/retry"), key, json!({}));
        cases.push(case(format!("retry {id}"), retry, 404, "not_found"));
        let path = format!("{recoveries}/{id}");
        cases.push(case(format!("recovery {id}"), get(path.clone()), 404, "not_found"));
        cases.push(case(format!("cancel {id}"), delete(path), 404, "not_found"));
        let gone = delete(format!("{WEBHOOKS}/{id}"));
        cases.push(case(format!("delete {id}"), gone, 404, "not_found"));
    }
    cases.push(case("delete nothing", delete(WEBHOOKS.to_owned()), 400, "missing_parameter"));
    let twice = format!("{WEBHOOKS}?id={0}&id={0}", own.webhook);
    cases.push(case("delete twice at once", delete(twice), 400, "invalid_input"));
    cases.push(case("an unknown address", get("/api/v1/nothing".to_owned()), 404, "unknown_route"));
    let unnamed = "/schemas/v1/extraction.completed".to_owned();
    cases.push(case("a schema without its suffix", get(unnamed), 404, "not_found"));
    let no_code = "/docs/errors/none_such".to_owned();
    cases.push(case("a page of no code", get(no_code), 404, "not_found"));
    cases.push(case("a slash too many", get(format!("{WEBHOOKS}/")), 404, "unknown_route"));
    cases.push(case("an id that is not UTF-8", get(format!("{BATCH}/%FF")), 404, "unknown_route"));
    for (method, path) in [
        (Method::PUT, WEBHOOKS),
        (Method::DELETE, EXTRACT),
        (Method::GET, EXTRACT),
        (Method::POST, "/api/v1/usage"),
        (Method::TRACE, "/healthz"),
        (Method::from_bytes(b"BREW").unwrap(), BATCH),
    ] {
        let request = request(method.clone(), path, key, Body::empty());
        cases.push(case(format!("{method} {path}"), request, 405, "method_not_allowed"));
    }
    cases
}

/// What goes over all of an account.
pub(crate) fn over_all(own: &Target) -> Vec<Case> {
    let get = |path: String| request(Method::GET, &path, &own.key, Body::empty());
    let mut cases = Vec::new();
    for query in [
        "status=",
        "status=lost",
        "status=retrying,",
        "status=a&status=b",
        "eventType=x",
        "eventType=*",
        "endpointId=x",
        "endpointId=wh_short",
        "since=yesterday",
        "since=",
        "since=2026-04-14",
        "until=2026-13-01T00:00:00Z",
        "until=1776160800",
    ] {
        let path = format!("{DELIVERIES}?{query}");
        cases.push(case(path.clone(), get(path), 400, "invalid_input"));
    }
    for window in ["", "1", "2h", "24H", "1h&window=1h"] {
        let path = format!("/api/v1/overview?window={window}");
        cases.push(case(path.clone(), get(path), 400, "invalid_input"));
    }
    for id in ["", "x", "-1", "1.5", "99999999999999999999"] {
        let stream = with_header(get("/api/v1/activity/stream".to_owned()), "last-event-id", id);
        cases.push(case(format!("a stream behind {id:?}"), stream, 400, "invalid_input"));
    }
    let file = |id: &str| get(format!("/api/v1/documents/{id}/file"));
    cases.push(case("the file of nothing", file("ext_x"), 404, "not_found"));
    cases.push(case("the file of a folder", file("..%2f..%2fetc"), 404, "not_found"));
    cases
}

/// What belongs to somebody else does not exist.
pub(crate) fn foreign(own: &Target, foreign: &Target) -> Vec<Case> {
    let key = own.key.as_str();
    let webhook = format!("{WEBHOOKS}/{}", foreign.webhook);
    let mixed = format!("{WEBHOOKS}/{}/deliveries/{}", own.webhook, foreign.delivery);
    let get = |path: &str| request(Method::GET, path, key, Body::empty());
    let delete = |path: &str| request(Method::DELETE, path, key, Body::empty());
    let change = json_request(Method::PATCH, &webhook, key, &json!({"isActive": false}));
    let retry = format!("{webhook}/deliveries/{}/retry", foreign.delivery);
    let recovery = format!("{webhook}/recoveries/{}", foreign.recovery);
    let since = json!({"since": "2026-04-14T10:00:00Z"});
    let batch = format!("{BATCH}/{}", foreign.batch);
    let document = format!("/api/v1/documents/{}", foreign.document);
    let foreign_key = format!("{KEYS}/{}", foreign.key_id);
    let missing = "not_found";
    let report = format!("/api/v1/webhooks/listen/{}/reports", foreign.webhook);
    let answer = json!({"number": 1, "status": 200});
    vec![
        case("another's webhook", get(&webhook), 404, missing),
        case("change another's webhook", change, 404, missing),
        case("delete another's webhook", delete(&webhook), 404, missing),
        case(
            "delete it by query",
            delete(&format!("{WEBHOOKS}?id={}", foreign.webhook)),
            404,
            missing,
        ),
        case(
            "test another's webhook",
            post(&format!("{webhook}/test"), key, json!({})),
            404,
            missing,
        ),
        case(
            "rotate another's secret",
            post(&format!("{webhook}/rotate-secret"), key, json!({})),
            404,
            missing,
        ),
        case(
            "activate another's secret",
            post(&format!("{webhook}/rotate-secret/activate"), key, json!({})),
            404,
            missing,
        ),
        case("report to another's listener", post(&report, key, answer), 404, missing),
        case("another's log", get(&format!("{webhook}/deliveries")), 404, missing),
        case(
            "another's delivery",
            get(&format!("{webhook}/deliveries/{}", foreign.delivery)),
            404,
            missing,
        ),
        case("another's delivery under one's own", get(&mixed), 404, missing),
        case("send another's delivery again", post(&retry, key, json!({})), 404, missing),
        case("recover another's", post(&format!("{webhook}/recover"), key, since), 404, missing),
        case("another's recoveries", get(&format!("{webhook}/recoveries")), 404, missing),
        case("another's recovery", get(&recovery), 404, missing),
        case("cancel another's recovery", delete(&recovery), 404, missing),
        case("revoke another's key", delete(&foreign_key), 404, missing),
        case("another's document", get(&document), 404, missing),
        case("another's file", get(&format!("{document}/file")), 404, missing),
        case("another's batch", get(&batch), 404, missing),
        case(
            "cancel another's batch",
            post(&format!("{batch}/cancel"), key, json!({})),
            404,
            missing,
        ),
    ]
}

pub(crate) fn headers(own: &Target) -> Vec<Case> {
    let key = own.key.as_str();
    let mut cases = Vec::new();
    let long = "k".repeat(256);
    for value in ["", "two words", "tab\there", &long] {
        let cancel = format!("{BATCH}/{}/cancel", own.batch);
        let upload = Form::default().file("file", "a.txt", b"text").post(EXTRACT, key);
        let requests = [
            post(WEBHOOKS, key, json!({"url": HOOK, "events": ["*"]})),
            post(KEYS, key, json!({"name": "a"})),
            post(EVENTS, key, json!({"event": "batch.failed", "data": {}})),
            post(&cancel, key, json!({})),
            upload,
        ];
        for request in requests {
            let short: String = value.chars().take(12).collect();
            let name = format!("Idempotency-Key {short:?} to {}", request.uri());
            let request = with_header(request, "idempotency-key", value);
            cases.push(case(name, request, 400, "invalid_idempotency_key"));
        }
    }
    let twice = with_header(post(KEYS, key, json!({"name": "a"})), "idempotency-key", "a");
    let twice = with_header(twice, "idempotency-key", "b");
    cases.push(case("two Idempotency-Keys", twice, 400, "invalid_idempotency_key"));
    cases
}
