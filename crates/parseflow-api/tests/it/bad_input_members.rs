//! Bad members of JSON bodies.

use serde_json::{Value, json};

use crate::bad_input_cases::{
    BATCH, Case, EVENTS, HOOK, KEYS, REGISTER, SESSION, Target, case, post, raw,
};
use crate::world::WEBHOOKS;

const LISTEN: &str = "/api/v1/webhooks/listen";

pub(crate) fn webhooks(own: &Target) -> Vec<Case> {
    let key = own.key.as_str();
    let hook = |body: Value| {
        let mut whole = json!({"url": HOOK, "events": ["*"]});
        let members = body.as_object().unwrap().clone();
        whole.as_object_mut().unwrap().extend(members);
        post(WEBHOOKS, key, whole)
    };
    let many = vec!["quota.warning"; 33];
    let invalid = "invalid_input";
    vec![
        case(
            "a webhook without a URL",
            post(WEBHOOKS, key, json!({"events": ["*"]})),
            400,
            invalid,
        ),
        case("a webhook without events", post(WEBHOOKS, key, json!({"url": HOOK})), 400, invalid),
        case("a URL that is a number", hook(json!({"url": 7})), 400, invalid),
        case("events that are a string", hook(json!({"events": "*"})), 400, invalid),
        case("events that are objects", hook(json!({"events": [{}]})), 400, invalid),
        case("no events", hook(json!({"events": []})), 400, "events_empty"),
        case("too many events", hook(json!({ "events": many })), 400, "events_too_many"),
        case(
            "an unknown event",
            hook(json!({"events": ["extraction.done"]})),
            400,
            "event_unknown",
        ),
        case("a half pattern", hook(json!({"events": ["*.completed"]})), 400, "event_unknown"),
        case("a misspelt member", hook(json!({"event": ["*"]})), 400, invalid),
        case("a member of the answer", hook(json!({"secret": "whsec_mine"})), 400, invalid),
        case("a prototype", raw(WEBHOOKS, key, r#"{"__proto__":{"url":"x"}}"#), 400, invalid),
        case("a timeout of a string", hook(json!({"timeoutMs": "5000"})), 400, invalid),
        case("a timeout too short", hook(json!({"timeoutMs": 999})), 400, invalid),
        case("a timeout too long", hook(json!({"timeoutMs": 30_001})), 400, invalid),
        case("a timeout below nothing", hook(json!({"timeoutMs": -1})), 400, invalid),
        case("a timeout of a fraction", hook(json!({"timeoutMs": 1000.5})), 400, invalid),
        case(
            "a huge timeout",
            raw(WEBHOOKS, key, r#"{"timeoutMs":99999999999999999999}"#),
            400,
            invalid,
        ),
        case("a body limit too high", hook(json!({"maxBodyBytes": 1_048_577})), 400, invalid),
        case("an unknown version", hook(json!({"payloadVersion": "v0"})), 400, invalid),
        case("a version of a number", hook(json!({"payloadVersion": 1})), 400, invalid),
        case("a flag of a string", hook(json!({"disableOnGone": "true"})), 400, invalid),
        case("a long description", hook(json!({"description": "x".repeat(501)})), 400, invalid),
    ]
}

/// Members of listening and of its reports.
pub(crate) fn listening(own: &Target) -> Vec<Case> {
    let key = own.key.as_str();
    let report = format!("{LISTEN}/{}/reports", own.webhook);
    let invalid = "invalid_input";
    vec![
        case("listening without an address", post(LISTEN, key, json!({})), 400, invalid),
        case(
            "listening for an address that is no URL",
            post(LISTEN, key, json!({"forwardTo": "file:///etc/passwd"})),
            400,
            invalid,
        ),
        case(
            "listening for an unknown event",
            post(LISTEN, key, json!({"forwardTo": "http://localhost", "events": ["x"]})),
            400,
            "event_unknown",
        ),
        case("a report of nothing", post(&report, key, json!({})), 400, invalid),
        case("a report without an answer", post(&report, key, json!({"number": 1})), 400, invalid),
        case(
            "a report of both",
            post(&report, key, json!({"number": 1, "status": 200, "error": "x"})),
            400,
            invalid,
        ),
        case(
            "a report of no status",
            post(&report, key, json!({"number": 1, "status": 99})),
            400,
            invalid,
        ),
        case(
            "a report that is no base64",
            post(&report, key, json!({"number": 1, "status": 200, "body": "%"})),
            400,
            invalid,
        ),
        case(
            "a report whose Retry-After is no text",
            post(&report, key, json!({"number": 1, "status": 429, "retryAfter": 90})),
            400,
            invalid,
        ),
        case(
            "a report that nobody awaits",
            post(&report, key, json!({"number": 1, "status": 200})),
            404,
            "not_found",
        ),
    ]
}

/// Members of other bodies.
pub(crate) fn others(own: &Target) -> Vec<Case> {
    let key = own.key.as_str();
    let test = format!("{WEBHOOKS}/{}/test", own.webhook);
    let cancel = format!("{BATCH}/{}/cancel", own.batch);
    let rotate = format!("{WEBHOOKS}/{}/rotate-secret", own.webhook);
    let activate = format!("{rotate}/activate");
    let eight_days = json!({"overlapSeconds": 691_200});
    let register = |email: Value, password: Value| {
        post(REGISTER, "", json!({"email": email, "password": password}))
    };
    let invalid = "invalid_input";
    vec![
        case("a test of an unknown event", post(&test, key, json!({"event": "x"})), 400, invalid),
        case("a test with other members", post(&test, key, json!({"data": {}})), 400, invalid),
        case("a rotation over eight days", post(&rotate, key, eight_days), 400, invalid),
        case("an activation with members", post(&activate, key, json!({"x": 1})), 400, invalid),
        case("a cancel with members", post(&cancel, key, json!({"reason": "x"})), 400, invalid),
        case("a key without a name", post(KEYS, key, json!({})), 400, invalid),
        case("a key with a blank name", post(KEYS, key, json!({"name": "  "})), 400, invalid),
        case(
            "a key with a long name",
            post(KEYS, key, json!({"name": "x".repeat(101)})),
            400,
            invalid,
        ),
        case(
            "an unknown scope",
            post(KEYS, key, json!({"name": "a", "scopes": ["admin"]})),
            400,
            invalid,
        ),
        case(
            "an unknown mode",
            post(KEYS, key, json!({"name": "a", "mode": "root"})),
            400,
            invalid,
        ),
        case("a sign-in without a key", post(SESSION, "", json!({})), 400, invalid),
        case("a sign-in with a number", post(SESSION, "", json!({"apiKey": 7})), 400, invalid),
        case(
            "a sign-in with a password",
            post(SESSION, "", json!({"apiKey": key, "password": "x"})),
            400,
            invalid,
        ),
        case(
            "a sign-in with a very long key",
            post(SESSION, "", json!({"apiKey": "d".repeat(5_000)})),
            400,
            invalid,
        ),
        case("an address without @", register(json!("nobody"), json!("0123456789")), 400, invalid),
        case(
            "a short password",
            register(json!("a@example.com"), json!("012345678")),
            400,
            invalid,
        ),
        case(
            "a password of a number",
            register(json!("a@example.com"), json!(1234567890)),
            400,
            invalid,
        ),
        case(
            "a long address",
            register(json!(format!("{}@b.c", "a".repeat(300))), json!("0123456789")),
            400,
            invalid,
        ),
    ]
}

pub(crate) fn recoveries(own: &Target) -> Vec<Case> {
    let path = format!("{WEBHOOKS}/{}/recover", own.webhook);
    let wish = |body: Value| post(&path, &own.key, body);
    let since = "2026-04-14T09:00:00Z";
    let table = [
        ("a recovery since nowhen", json!({})),
        ("a recovery since a number", json!({"since": 1_776_160_800})),
        ("a recovery since a date", json!({"since": "2026-04-14"})),
        ("a recovery since tomorrow", json!({"since": "2026-04-15T10:00:00Z"})),
        ("a recovery backwards", json!({"since": since, "until": "2026-04-14T08:00:00Z"})),
        ("a recovery of no states", json!({"since": since, "statuses": []})),
        ("a recovery of what succeeded", json!({"since": since, "statuses": ["succeeded"]})),
        ("a recovery of unknown events", json!({"since": since, "eventTypes": ["*"]})),
        ("a recovery of text", json!({"since": since, "eventTypes": "batch.failed"})),
        ("a dry run of a string", json!({"since": since, "dryRun": "yes"})),
        ("a misspelt recovery", json!({"since": since, "states": ["skipped"]})),
    ];
    let invalid = "invalid_input";
    table.into_iter().map(|(name, body)| case(name, wish(body), 400, invalid)).collect()
}

pub(crate) fn event_data(own: &Target) -> Vec<Case> {
    let key = own.key.as_str();
    let event =
        |data: &str| raw(EVENTS, key, format!(r#"{{"event":"batch.failed","data":{data}}}"#));
    let nested = format!("{}1{}", r#"{"a":"#.repeat(60), "}".repeat(60));
    vec![
        case("no data", raw(EVENTS, key, r#"{"event":"batch.failed"}"#), 400, "invalid_input"),
        case("data that is a list", event("[]"), 400, "invalid_input"),
        case("data that is null", event("null"), 400, "invalid_input"),
        case("no event", raw(EVENTS, key, r#"{"data":{}}"#), 400, "invalid_input"),
        case(
            "a pattern as event",
            raw(EVENTS, key, r#"{"event":"*","data":{}}"#),
            400,
            "invalid_input",
        ),
        case(
            "an event in capitals",
            raw(EVENTS, key, r#"{"event":"BATCH.FAILED","data":{}}"#),
            400,
            "invalid_input",
        ),
        case("a key that JavaScript reorders", event(r#"{"10":1}"#), 400, "key_not_allowed"),
        case("a key with a dash", event(r#"{"a":[{"b-c":1}]}"#), 400, "key_not_allowed"),
        case("an empty key", event(r#"{"":1}"#), 400, "key_not_allowed"),
        case("a key with a line break", event(r#"{"a\nb":1}"#), 400, "key_not_allowed"),
        case("__proto__", event(r#"{"a":{"__proto__":{}}}"#), 400, "key_reserved"),
        case("constructor", event(r#"{"constructor":1}"#), 400, "key_reserved"),
        case("an integer beyond 2^53", event(r#"{"a":9007199254740993}"#), 400, "number_too_large"),
        case(
            "an integer beyond 64 bits",
            event(r#"{"a":-9223372036854775808}"#),
            400,
            "number_too_large",
        ),
        case("sixty levels", event(&nested), 400, "nesting_too_deep"),
        case(
            "too much data",
            event(&format!(r#"{{"a":"{}"}}"#, "x".repeat(98_304))),
            413,
            "data_too_large",
        ),
    ]
}
