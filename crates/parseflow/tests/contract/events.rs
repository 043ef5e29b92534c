//! "Events": each type, from the real work that fires it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{
    Account, Service, Sink, assert_problem, assert_shape, corrupt_pdf, eventually, invoice_pdf,
    is_uuid, keys, text_invoice,
};

const ALL: [&str; 6] = [
    "extraction.completed",
    "extraction.failed",
    "batch.completed",
    "batch.failed",
    "quota.warning",
    "quota.exceeded",
];

/// "Subscribe to one or more of these event types:"
#[test]
fn subscribe_to_one_or_more_of_these_event_types() {
    let service = Service::start();
    let account = service.account("pro");
    for event in ALL {
        let hook = account.register("http://127.0.0.1:9/one", &[event]);
        assert_eq!(hook.registered["events"], json!([event]));
    }
    let hook = account.register("http://127.0.0.1:9/all", &ALL);
    assert_eq!(hook.registered["events"], json!(ALL));
    let doubled = account.register("http://127.0.0.1:9/twice", &[ALL[1], ALL[0], ALL[1]]);
    assert_eq!(doubled.registered["events"], json!([ALL[1], ALL[0]]), "duplicates collapse");
    for pattern in ["*", "extraction.*", "quota.*"] {
        let hook = account.register("http://127.0.0.1:9/pattern", &[pattern]);
        assert_eq!(hook.registered["events"], json!([pattern]), "kept as given");
    }
}

/// "… one or more of these": none is too few, and no other names are known.
#[test]
fn subscribing_to_no_event_or_to_an_unknown_one_is_refused() {
    let service = Service::start();
    let account = service.account("pro");
    let wish = |events: Value| json!({"url": "http://127.0.0.1:9/", "events": events});
    for events in
        [json!([]), json!(["extraction.done"]), json!("extraction.completed"), json!(null)]
    {
        let refused = account.client.post("/api/webhooks/notifications", &wish(events.clone()));
        assert_eq!(refused.status, 400, "{events}: {}", refused.text());
    }
    let refused =
        account.client.post("/api/webhooks/notifications", &wish(json!(["invoice.paid"])));
    for event in ALL {
        assert!(refused.text().contains(event), "the known names are listed: {}", refused.text());
    }
    let list = account.client.get("/api/webhooks/notifications").expect(200).json();
    assert_eq!(list["webhooks"], json!([]), "nothing was stored");
}

/// "Subscribe to one or more": nothing else arrives.
#[test]
fn an_endpoint_receives_the_events_that_it_subscribed_to_and_no_others() {
    let service = Service::start();
    let account = service.account_with("pro", &["--quota", "5"]);
    let (every, family, failures) =
        (Sink::answering(200), Sink::answering(200), Sink::answering(200));
    account.register(&every.url("/"), &["*"]);
    account.register(&family.url("/"), &["quota.*"]);
    account.register(&failures.url("/"), &["extraction.failed", "batch.failed"]);
    account.make_every_event_happen();
    let types = |sink: &Sink| -> BTreeSet<String> {
        sink.received().iter().map(|received| received.event()).collect()
    };
    eventually("all six have arrived", || (types(&every).len() == 6).then_some(()));
    eventually("both quota events", || (types(&family).len() == 2).then_some(()));
    eventually("both failures", || (types(&failures).len() == 2).then_some(()));
    assert_eq!(types(&family), BTreeSet::from(["quota.exceeded".into(), "quota.warning".into()]));
    assert_eq!(
        types(&failures),
        BTreeSet::from(["batch.failed".into(), "extraction.failed".into()])
    );
}

fn account_and_sink(service: &Service, events: &[&str]) -> (Account, Sink) {
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), events);
    (account, sink)
}

/// "extraction.completed — Fired when a single document extraction finishes successfully."
#[test]
fn extraction_completed_is_fired_when_a_single_document_extraction_finishes_successfully() {
    let service = Service::start();
    let (account, sink) = account_and_sink(&service, &["extraction.*"]);
    let result = account.extract_invoice();
    let data = sink.wait_for_event("extraction.completed").json()["data"].clone();
    assert_eq!(data["id"], result["id"]);
    assert_eq!(data["status"], "completed");
    let again = account.extract_invoice();
    let second = sink.wait_for(2)[1].json();
    assert_eq!(second["event"], "extraction.completed");
    assert_eq!(second["data"]["id"], again["id"], "one event for each document");
}

/// "extraction.failed — Fired when a document extraction fails (corrupt file, unsupported format)."
#[test]
fn extraction_failed_is_fired_when_a_document_extraction_fails_corrupt_file_unsupported_format() {
    let service = Service::start();
    let (account, sink) = account_and_sink(&service, &["extraction.*"]);
    let cases: [(&str, &[u8], &str); 3] = [
        ("broken.pdf", corrupt_pdf(), "corrupt_file"),
        (
            "program.exe",
            b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff",
            "unsupported_format",
        ),
        ("empty.txt", b"  \n \n", "empty_document"),
    ];
    for (number, (file_name, bytes, code)) in cases.into_iter().enumerate() {
        let answer = account.extract(file_name, bytes);
        assert!((400..500).contains(&answer.status), "{file_name}: {}", answer.text());
        assert_eq!(answer.json()["code"], code, "{}", answer.text());
        let event = sink.wait_for(number + 1)[number].json();
        assert_eq!(event["event"], "extraction.failed");
        let data = &event["data"];
        assert_eq!(keys(data)[..4], ["id", "status", "error", "metadata"], "{data}");
        assert_shape(is_uuid(&data["id"], "ext_"), "an id", &data["id"]);
        assert_eq!(data["status"], "failed");
        assert_eq!(data["error"]["code"], code);
        assert!(data["error"]["message"].as_str().is_some_and(|text| !text.is_empty()));
        assert_eq!(data["metadata"]["fileName"], file_name);
        assert_eq!(data["metadata"]["fileSize"], bytes.len());
        assert!(data["processingTimeMs"].is_u64(), "{data}");
    }
}

/// "batch.completed — Fired when all documents in a batch have been processed.": a document that
/// failed has been processed too.
#[test]
fn batch_completed_is_fired_when_all_documents_in_a_batch_have_been_processed() {
    let service = Service::start();
    let (account, sink) = account_and_sink(&service, &["*"]);
    let files: [(&str, &[u8]); 3] = [
        ("good.txt", text_invoice().as_bytes()),
        ("broken.pdf", corrupt_pdf()),
        ("invoice.pdf", &invoice_pdf()),
    ];
    let batch = account.batch(&files).expect(202).json();
    assert_shape(is_uuid(&batch["id"], "batch_"), "an id", &batch["id"]);
    let received = sink.wait_for(4);
    let last: Vec<String> = received.iter().map(|received| received.event()).collect();
    let count = |event: &str| last.iter().filter(|seen| *seen == event).count();
    assert_eq!(count("extraction.completed"), 2, "{last:?}");
    assert_eq!(count("extraction.failed"), 1, "{last:?}");
    assert_eq!(count("batch.completed"), 1, "{last:?}");
    let data = sink.wait_for_event("batch.completed").json()["data"].clone();
    assert_eq!(
        keys(&data)[..6],
        ["id", "status", "total", "succeeded", "failed", "documents"],
        "{data}"
    );
    assert_eq!(data["id"], batch["id"]);
    assert_eq!(data["status"], "completed");
    assert_eq!(
        (&data["total"], &data["succeeded"], &data["failed"]),
        (&json!(3), &json!(2), &json!(1))
    );
    // Each document once; in which order is not promised.
    let documents = data["documents"].as_array().expect("a list");
    let mut shown: Vec<(&str, &str)> = documents
        .iter()
        .map(|d| (d["fileName"].as_str().expect("a name"), d["status"].as_str().expect("a status")))
        .collect();
    shown.sort_unstable();
    let expected =
        [("broken.pdf", "failed"), ("good.txt", "completed"), ("invoice.pdf", "completed")];
    assert_eq!(shown, expected);
    let inside = sink.wait_for_event("extraction.completed").json();
    assert_eq!(inside["data"]["batchId"], batch["id"]);
}

/// "batch.failed — Fired when a batch processing job fails."
#[test]
fn batch_failed_is_fired_when_a_batch_processing_job_fails() {
    let service = Service::start();
    let (account, sink) = account_and_sink(&service, &["*"]);
    account.batch(&[("archive.zip", b"PK\x03\x04 but no archive follows")]);
    let event = sink.wait_for(1)[0].json();
    assert_eq!(event["event"], "batch.failed");
    let data = &event["data"];
    assert_eq!(keys(data)[..3], ["id", "status", "error"], "{data}");
    assert_shape(is_uuid(&data["id"], "batch_"), "an id", &data["id"]);
    assert_eq!(data["status"], "failed");
    assert_eq!(data["error"]["code"], "unreadable_archive");
    let path = format!("/api/v1/batch/{}", data["id"].as_str().expect("an id"));
    assert_eq!(account.client.get(&path).expect(200).json()["status"], "failed");
}

/// "quota.warning — Fired when usage reaches 80% of monthly quota.": with the fourth of five, once.
#[test]
fn quota_warning_is_fired_when_usage_reaches_80_percent_of_monthly_quota() {
    let service = Service::start();
    let account = service.account_with("pro", &["--quota", "5"]);
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["*"]);
    for number in 1..=5 {
        account.extract("note.txt", text_invoice().as_bytes()).expect(200);
        let expected = number + usize::from(number >= 4);
        let received = sink.wait_for(expected);
        let warnings = received.iter().filter(|r| r.event() == "quota.warning").count();
        assert_eq!(warnings, usize::from(number >= 4), "after {number} of 5");
    }
    let data = sink.wait_for_event("quota.warning").json()["data"].clone();
    assert_eq!(
        keys(&data),
        ["plan", "used", "limit", "remaining", "percentUsed", "period", "periodStart", "periodEnd"]
    );
    assert_eq!(data["plan"], "pro");
    assert_eq!(data["used"], 4);
    assert_eq!(data["limit"], 5);
    assert_eq!(data["remaining"], 1);
    assert_eq!(data["percentUsed"], 80);
    let usage = account.client.get("/api/v1/usage").expect(200).json();
    assert_eq!(data["period"], usage["period"]);
}

/// "quota.exceeded — Fired when monthly quota is exceeded.": at 100 % nothing is exceeded; the first
/// request above it is refused and fires the event; the next is refused and fires none.
#[test]
fn quota_exceeded_is_fired_when_monthly_quota_is_exceeded() {
    let service = Service::start();
    let account = service.account_with("pro", &["--quota", "5"]);
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["quota.exceeded", "extraction.completed"]);
    for _ in 0..5 {
        account.extract("note.txt", text_invoice().as_bytes()).expect(200);
    }
    let received = sink.wait_for(5);
    assert!(received.iter().all(|r| r.event() == "extraction.completed"), "not at 100 %");
    let refused = account.extract("note.txt", text_invoice().as_bytes());
    assert_problem(&refused, 429, "quota_exceeded");
    assert!(refused.header("retry-after").is_some());
    let data = sink.wait_for_event("quota.exceeded").json()["data"].clone();
    assert_eq!((&data["used"], &data["limit"]), (&json!(5), &json!(5)));
    assert_eq!(data["remaining"], 0);
    account.extract("note.txt", text_invoice().as_bytes()).expect(429);
    // A sentinel behind it: were there a second event, it would have come before.
    account.publish("extraction.completed", &json!({"sentinel": true}));
    let received = sink.wait_for(7);
    assert_eq!(received.iter().filter(|r| r.event() == "quota.exceeded").count(), 1);
}
