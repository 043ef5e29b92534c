use std::time::Duration;

use parseflow_model::{Limit, Plan};
use serde_json::json;

use crate::form::{Form, sample};
use crate::world::{WEBHOOKS, World, with_header};

const EXTRACT: &str = "/api/v1/extract";

fn invoice() -> Form {
    Form::default().file("file", "invoice.txt", &sample("invoice.txt"))
}

#[tokio::test]
async fn a_document_is_answered_with_its_full_result() {
    let world = World::new().reading();
    let tenant = world.account(Plan::Free).await;
    let answer =
        world.send(invoice().text("document_type", "auto").post(EXTRACT, &tenant.key)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let first: Vec<_> = answer.members().into_iter().take(7).collect();
    assert_eq!(
        first,
        ["id", "status", "documentType", "confidence", "data", "metadata", "processingTimeMs"]
    );
    let body = answer.json();
    assert!(body["id"].as_str().unwrap().starts_with("ext_"));
    assert_eq!(body["status"], "completed");
    assert_eq!(body["documentType"], "invoice");
    assert_eq!(body["data"]["type"], "invoice");
    let size = sample("invoice.txt").len();
    let metadata = json!({"fileName": "invoice.txt", "fileSize": size, "mimeType": "text/plain"});
    assert_eq!(body["metadata"], metadata);
    assert_eq!(body["processingTimeMs"], 12);
    assert_eq!(body["createdAt"], "2026-04-14T10:00:00Z");
    assert!(body["fields"].as_array().is_some_and(|fields| !fields.is_empty()));
    assert!(body["warnings"].is_array() && body["needsReview"].is_boolean());
    assert!(body["error"].is_null());
    assert!(world.files.names().is_empty(), "the file is read and gone");
}

#[tokio::test]
async fn a_schema_a_threshold_and_more_output_may_be_asked_for() {
    let world = World::new().reading();
    let tenant = world.account(Plan::Free).await;
    let schema = json!({
        "properties": {"supplier": {"type": "string"}, "total_amount": {"type": "number"}}
    });
    let form = invoice()
        .text("schema", schema.to_string())
        .text("review_threshold", "1")
        .text("output", "fields, text,tables");
    let body = world.send(form.post(EXTRACT, &tenant.key)).await.json();
    let members: Vec<&String> = body["data"].as_object().unwrap().keys().collect();
    assert_eq!(members, ["type", "supplier", "total_amount"]);
    assert!(body["data"]["total_amount"].is_number(), "{body}");
    assert_eq!(body["needsReview"], true, "less than certain");
    assert!(body["text"].as_str().is_some_and(|text| !text.is_empty()));
    assert!(body["tables"][0]["rows"][0].is_array(), "{body}");
    let plain = world.send(invoice().post(EXTRACT, &tenant.key)).await.json();
    assert!(plain.get("text").is_none() && plain.get("tables").is_none());
}

#[tokio::test]
async fn the_caller_may_prefer_not_to_wait() {
    let world = World::new();
    let tenant = world.pro().await;
    let request = with_header(invoice().post(EXTRACT, &tenant.key), "prefer", "respond-async");
    let answer = world.send(request).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.header("preference-applied"), Some("respond-async"));
    let body = answer.json();
    assert_eq!(body["status"], "processing");
    assert!(body["data"].is_null());
    let location = answer.header("location").unwrap().to_owned();
    assert_eq!(location, format!("/api/v1/documents/{}", body["id"].as_str().unwrap()));
    let world = world.reading();
    // The queue was told of the work before anybody listened: the reader takes it up now.
    let id: parseflow_model::DocumentId = body["id"].as_str().unwrap().parse().unwrap();
    let mut finished = world.waiters().register(&id);
    let found = tokio::time::timeout(Duration::from_secs(20), &mut finished).await;
    found.unwrap().unwrap();
    let shown = world.get(&location, &tenant.key).await.json();
    assert_eq!(shown["status"], "completed");
    assert_eq!(shown["documentType"], "invoice");
}

#[tokio::test(start_paused = true)]
async fn work_that_outlasts_the_limit_is_answered_with_202() {
    let world = World::with(|settings| settings.sync_limit = Duration::from_secs(3));
    let tenant = world.pro().await;
    let started = tokio::time::Instant::now();
    let answer = world.send(invoice().post(EXTRACT, &tenant.key)).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(started.elapsed().as_secs(), 3);
    assert_eq!(answer.json()["status"], "processing");
    assert!(answer.header("location").is_some());
    assert_eq!(answer.header("preference-applied"), None, "nobody asked for it");
}

#[tokio::test]
async fn documents_that_cannot_be_read_are_coded_problems_that_name_the_document() {
    let world = World::new().reading();
    let tenant = world.pro().await;
    let gif = b"GIF89a\x01\0 and so on".to_vec();
    let checks = [
        ("corrupt.pdf", sample("corrupt.pdf"), 422, "corrupt_file"),
        ("encrypted.pdf", sample("encrypted.pdf"), 422, "encrypted"),
        ("blank.txt", b" \n\n ".to_vec(), 422, "empty_document"),
        ("film.gif", gif, 415, "unsupported_format"),
        ("scan.png", b"\x89PNG\r\n\x1a\n and so on".to_vec(), 422, "corrupt_file"),
    ];
    for (name, bytes, status, code) in checks {
        let form = Form::default().file("file", name, &bytes);
        let answer = world.send(form.post(EXTRACT, &tenant.key)).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
        let body = answer.json();
        assert_eq!(body["code"], code, "{name}");
        assert_eq!(body["documentStatus"], "failed");
        let path = format!("/api/v1/documents/{}", body["id"].as_str().unwrap());
        let shown = world.get(&path, &tenant.key).await.json();
        assert_eq!(shown["status"], "failed", "{name}");
        assert_eq!(shown["error"]["code"], code, "{name}");
    }
}

#[tokio::test]
async fn a_file_above_the_plan_is_refused_and_nothing_is_stored() {
    let world = World::new();
    let tenant = world.account(Plan::Free).await;
    let max = usize::try_from(world.plans.free.file_bytes_max).unwrap();
    let form = Form::default().file("file", "large.txt", &vec![b'x'; max + 1]);
    let answer = world.send(form.post(EXTRACT, &tenant.key)).await;
    answer.is_problem(413, "too_large");
    assert!(answer.text().contains("5000000"), "the limit is named");
    // The largest that is allowed passes.
    let form = Form::default().file("file", "large.txt", &vec![b'x'; max]);
    let request = with_header(form.post(EXTRACT, &tenant.key), "prefer", "respond-async");
    assert_eq!(world.send(request).await.status, 202);
    assert_eq!(world.get("/api/v1/usage", &tenant.key).await.json()["used"], 1);
}

#[tokio::test]
async fn over_the_quota_nothing_is_stored_and_the_end_of_the_month_is_told() {
    let world = World::new();
    let tenant = world.pro().await;
    world.set_limits(&tenant, Plan::Pro, Some(Limit::AtMost(1)), None).await;
    let prefer =
        |form: Form| with_header(form.post(EXTRACT, &tenant.key), "prefer", "respond-async");
    assert_eq!(world.send(prefer(invoice())).await.status, 202);
    let files = world.files.names();
    let refused = world.send(prefer(invoice())).await;
    refused.is_problem(429, "quota_exceeded");
    // From 2026-04-14T10:00:00Z to 2026-05-01T00:00:00Z.
    assert_eq!(refused.header("retry-after"), Some("1432800"));
    assert_eq!(world.files.names(), files);
    let usage = world.get("/api/v1/usage", &tenant.key).await.json();
    assert_eq!((&usage["used"], &usage["remaining"]), (&json!(1), &json!(0)));
    let documents = world.get("/api/v1/documents", &tenant.key).await.json();
    assert_eq!(documents["documents"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn crossing_the_marks_of_the_quota_fires_its_events_once() {
    let world = World::new();
    let tenant = world.pro().await;
    world.set_limits(&tenant, Plan::Pro, Some(Limit::AtMost(5)), None).await;
    let webhook = world.webhook(&tenant).await;
    for _ in 0..8 {
        let request = invoice().post(EXTRACT, &tenant.key);
        world.send(with_header(request, "prefer", "respond-async")).await;
    }
    let log = world.get(&format!("{WEBHOOKS}/{webhook}/deliveries"), &tenant.key).await.json();
    let events: Vec<_> = log["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|delivery| delivery["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["quota.exceeded", "quota.warning"]);
}

#[tokio::test]
async fn a_file_name_is_kept_without_folders_and_control_characters() {
    let world = World::new();
    let tenant = world.pro().await;
    let bytes = sample("invoice.txt");
    for (given, kept) in
        [("../../a/b.txt", "b.txt"), ("C:\\\\x\\\\y.txt", "y.txt"), ("", "document")]
    {
        let form = Form::default().file("file", given, &bytes);
        let request = with_header(form.post(EXTRACT, &tenant.key), "prefer", "respond-async");
        let answer = world.send(request).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        assert_eq!(answer.json()["metadata"]["fileName"], kept, "{given:?}");
    }
}

#[tokio::test]
async fn a_finished_document_fires_its_event_with_the_page_s_fields() {
    let world = World::new().reading();
    let tenant = world.pro().await;
    let webhook = world.webhook(&tenant).await;
    let answer = world.send(invoice().post(EXTRACT, &tenant.key)).await.json();
    let path = format!("{WEBHOOKS}/{webhook}/deliveries");
    let log = world.get(&path, &tenant.key).await.json();
    let delivery = log["deliveries"][0]["id"].as_str().unwrap();
    let detail = world.get(&format!("{path}/{delivery}"), &tenant.key).await.json();
    let event: serde_json::Value = serde_json::from_str(detail["body"].as_str().unwrap()).unwrap();
    assert_eq!(event["event"], "extraction.completed");
    for name in ["id", "status", "documentType", "confidence", "metadata", "processingTimeMs"] {
        assert_eq!(event["data"][name], answer[name], "{name}");
    }
    assert_eq!(event["data"]["data"]["type"], "invoice");
    assert!(event.get("test").is_none(), "a live key's event is not a test");
}

#[tokio::test]
async fn uploads_that_memory_has_no_room_for_are_told_to_come_back() {
    let world = World::with(|settings| settings.upload_memory_bytes_max = 16 * 1024);
    let tenant = world.pro().await;
    for path in [EXTRACT, "/api/v1/batch"] {
        let part = if path == EXTRACT { "file" } else { "files" };
        let form = Form::default().file(part, "a.txt", &[b'x'; 20_000]);
        let answer = world.send(form.post(path, &tenant.key)).await;
        answer.is_problem(503, "upload_busy");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    // What was refused holds nothing any more.
    for _ in 0..5 {
        let form = Form::default().file("file", "a.txt", &[b'x'; 10_000]);
        let request = with_header(form.post(EXTRACT, &tenant.key), "prefer", "respond-async");
        assert_eq!(world.send(request).await.status, 202);
    }
}
