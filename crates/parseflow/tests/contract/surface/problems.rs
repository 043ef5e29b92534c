//! Errors are RFC 9457 problems with a code, on every path, and every answer has a request id.

use serde_json::json;

use crate::harness::{Form, Service, assert_problem, text_invoice};

const NOTIFICATIONS: &str = "/api/webhooks/notifications";

#[test]
fn every_answer_carries_a_request_id_of_its_own() {
    let service = Service::start();
    let account = service.account("pro");
    let answers = [
        account.client.get("/api/v1/usage"),
        account.client.get("/api/health"),
        account.client.get("/nowhere"),
        service.anonymous().get("/api/v1/usage"),
        account.client.post(NOTIFICATIONS, &json!([])),
    ];
    let mut ids: Vec<&str> =
        answers.iter().map(|answer| answer.header("x-request-id").expect("an id")).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), answers.len(), "{ids:?}");
}

#[test]
fn bad_input_names_the_place_and_the_reason() {
    let service = Service::start();
    let account = service.account("pro");
    let wish = json!({"url": 7, "events": "extraction.completed"});
    let refused = account.client.post(NOTIFICATIONS, &wish);
    let problem = assert_problem(&refused, 400, "invalid_input");
    let errors = problem["errors"].as_array().expect("a list");
    let pointers: Vec<&str> =
        errors.iter().map(|error| error["pointer"].as_str().expect("a pointer")).collect();
    assert_eq!(pointers, ["/url", "/events"], "{problem}");
    assert!(errors.iter().all(|error| error["message"].is_string()), "{problem}");
}

#[test]
fn malformed_json_is_a_bad_request() {
    let service = Service::start();
    let account = service.account("pro");
    for body in ["", "{", "{\"url\":}", "nonsense", "{\"a\":1}{", "\u{feff}{}"] {
        let json = [("Content-Type", "application/json")];
        let refused = account.client.send("POST", NOTIFICATIONS, &json, body.as_bytes());
        assert_problem(&refused, 400, "malformed_json");
    }
}

#[test]
fn another_media_type_is_unsupported() {
    let service = Service::start();
    let account = service.account("pro");
    let body = json!({"url": "https://example.com/", "events": ["*"]}).to_string();
    let text = [("Content-Type", "text/plain")];
    let refused = account.client.send("POST", NOTIFICATIONS, &text, body.as_bytes());
    assert_problem(&refused, 415, "unsupported_media_type");
    let json = [("Content-Type", "application/json")];
    let refused = account.client.send("POST", "/api/v1/extract", &json, body.as_bytes());
    assert_problem(&refused, 415, "unsupported_media_type");
}

#[test]
fn an_unknown_path_and_a_wrong_method_are_problems_too() {
    let service = Service::start();
    let client = service.account("pro").client;
    assert_problem(&client.get("/api/v1/nothing"), 404, "unknown_route");
    let wrong = client.send("PUT", "/api/v1/usage", &[], b"");
    assert_problem(&wrong, 405, "method_not_allowed");
    assert!(wrong.header("allow").is_some(), "{:?}", wrong.headers);
}

#[test]
fn unknown_ids_and_other_accounts_ids_are_not_found() {
    let service = Service::start();
    let (account, other) = (service.account("pro"), service.account("pro"));
    let hook = account.register("http://127.0.0.1:9/", &["*"]);
    let document = account.extract_invoice();
    let document = format!("/api/v1/documents/{}", document["id"].as_str().expect("an id"));
    let batch = account.batch(&[("a.txt", text_invoice().as_bytes())]).expect(202).json();
    let batch = format!("/api/v1/batch/{}", batch["id"].as_str().expect("an id"));
    for path in [hook.path(""), hook.path("/deliveries"), document, batch] {
        account.client.get(&path).expect(200);
        assert_problem(&other.client.get(&path), 404, "not_found");
    }
    for path in [
        "/api/v1/documents/ext_00000000-0000-0000-0000-000000000000",
        "/api/v1/documents/nonsense",
        "/api/v1/batch/batch_00000000-0000-0000-0000-000000000000",
        "/api/webhooks/notifications/wh_0000000000000000",
        "/api/webhooks/notifications/nonsense/deliveries",
    ] {
        assert_problem(&account.client.get(path), 404, "not_found");
    }
}

#[test]
fn a_form_without_a_file_is_bad_input() {
    let service = Service::start();
    let account = service.account("pro");
    let (content_type, body) = Form::default().field("document_type", "invoice").finish();
    let headers = [("Content-Type", content_type.as_str())];
    let refused = account.client.send("POST", "/api/v1/extract", &headers, &body);
    assert_problem(&refused, 400, "invalid_input");
    let cut = &body[..body.len() - 10];
    let refused = account.client.send("POST", "/api/v1/extract", &headers, cut);
    assert_eq!(refused.status, 400, "{}", refused.text());
}

#[test]
fn an_unknown_document_type_is_bad_input() {
    let service = Service::start();
    let account = service.account("pro");
    let (content_type, body) = Form::default()
        .field("document_type", "poem")
        .file("file", "a.txt", text_invoice().as_bytes())
        .finish();
    let headers = [("Content-Type", content_type.as_str())];
    let refused = account.client.send("POST", "/api/v1/extract", &headers, &body);
    assert_problem(&refused, 400, "invalid_input");
    let used = account.client.get("/api/v1/usage").expect(200).json()["used"].clone();
    assert_eq!(used, 0, "nothing was counted");
}

#[test]
fn no_answer_shows_the_inside_of_the_program() {
    let service = Service::start();
    let account = service.account("pro");
    let answers = [
        account.client.get("/%00"),
        account.client.get("/api/v1/documents?limit=99999999999999999999"),
        account.client.get("/api/v1/documents?cursor=nonsense"),
        account.client.delete("/api/webhooks/notifications?id=%ff%fe"),
        account.extract("../../etc/passwd\u{0}.pdf", b"%PDF-1.4"),
    ];
    for answer in answers {
        assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.text());
        let text = answer.text().to_lowercase();
        for inside in ["panicked", "stack backtrace", ".rs:", "sqlite", "<html"] {
            assert!(!text.contains(inside), "{text}");
        }
    }
    account.client.get("/api/v1/usage").expect(200);
}
