//! "Overview", and the sentences above it.

use std::time::Duration;

use serde_json::json;

use crate::harness::{
    Receiver, Service, Sink, assert_problem, eventually, invoice_pdf, text_invoice, within,
};

/// "Receive real-time HTTP notifications when events happen in your ParseFlow account."
#[test]
fn receive_real_time_http_notifications_when_events_happen_in_your_parseflow_account() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["extraction.completed"]);
    let result = account.extract_invoice();
    // The caller has its answer; the notification follows at once.
    let received = within(Duration::from_secs(2), "the notification follows", || {
        sink.received().into_iter().next()
    });
    assert_eq!(received.json()["data"]["id"], result["id"]);
}

/// "Webhooks eliminate the need for polling and enable event-driven workflows."
#[test]
fn webhooks_eliminate_the_need_for_polling_and_enable_event_driven_workflows() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["extraction.completed"]);
    let asynchronous = [("Prefer", "respond-async")];
    let accepted = account.extract_with(&asynchronous, "invoice.pdf", &invoice_pdf()).expect(202);
    assert_eq!(accepted.json()["status"], "processing");
    // Nobody asks: the whole result comes by itself.
    let event = sink.wait_for_event("extraction.completed").json();
    let id = accepted.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(event["data"]["id"], *id);
    let polled = account.client.get(&format!("/api/v1/documents/{id}")).expect(200).json();
    for member in ["status", "documentType", "confidence", "data", "processingTimeMs"] {
        assert_eq!(event["data"][member], polled[member], "{member}");
    }
}

/// "Webhooks send HTTP POST requests to your specified URL when events occur."
#[test]
fn webhooks_send_http_post_requests_to_your_specified_url_when_events_occur() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/hooks/parseflow?source=a%20b&x=1"), &["extraction.completed"]);
    assert_eq!(sink.received().len(), 0, "nothing has occurred yet");
    account.extract_invoice();
    let received = sink.wait_for(1);
    assert_eq!(received[0].request_line, "POST /hooks/parseflow?source=a%20b&x=1 HTTP/1.1");
}

/// "This is ideal for: Triggering downstream workflows when documents are processed"
#[test]
fn this_is_ideal_for_triggering_downstream_workflows_when_documents_are_processed() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["extraction.completed", "extraction.failed"]);
    account.extract("invoice.pdf", &invoice_pdf()).expect(200);
    account.extract("note.txt", b"   ").expect(422);
    // Whatever became of a document, its event names what the next step works on.
    for event in ["extraction.completed", "extraction.failed"] {
        let data = sink.wait_for_event(event).json()["data"].clone();
        let path = format!("/api/v1/documents/{}", data["id"].as_str().expect("an id"));
        let document = account.client.get(&path).expect(200).json();
        assert_eq!(document["status"], data["status"]);
        assert_eq!(document["metadata"]["fileName"], data["metadata"]["fileName"]);
    }
}

/// "Receiving batch completion notifications"
#[test]
fn this_is_ideal_for_receiving_batch_completion_notifications() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["batch.completed"]);
    let text = text_invoice().as_bytes();
    let batch = account.batch(&[("a.txt", text), ("b.txt", text), ("c.txt", text)]).expect(202);
    let event = sink.wait_for_event("batch.completed").json();
    assert_eq!(event["data"]["id"], batch.json()["id"]);
    assert_eq!(event["data"]["total"], 3);
}

/// "Monitoring quota usage in real-time"
#[test]
fn this_is_ideal_for_monitoring_quota_usage_in_real_time() {
    let service = Service::start();
    let account = service.account_with("pro", &["--quota", "5"]);
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["quota.warning", "quota.exceeded"]);
    for _ in 0..4 {
        account.extract("note.txt", text_invoice().as_bytes()).expect(200);
    }
    let warning = within(Duration::from_secs(2), "the warning follows at once", || {
        sink.received().into_iter().find(|received| received.event() == "quota.warning")
    });
    let usage = account.client.get("/api/v1/usage").expect(200).json();
    assert_eq!(warning.json()["data"]["used"], usage["used"]);
    assert_eq!(warning.json()["data"]["remaining"], 1);
}

/// "Building event-driven integrations with tools like Zapier or n8n": such tools subscribe with a
/// key and a URL of their own when a workflow is switched on, and unsubscribe by the id they got.
#[test]
fn this_is_ideal_for_building_event_driven_integrations_with_tools_like_zapier_or_n8n() {
    let service = Service::start();
    let account = service.account("pro");
    let (tool, other) = (Sink::answering(200), Sink::answering(200));
    let subscribed = account.register(&tool.url("/hooks/catch/1/abc"), &["extraction.completed"]);
    account.register(&other.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    tool.wait_for(1);
    let unsubscribe = format!("/api/webhooks/notifications?id={}", subscribed.id);
    account.client.delete(&unsubscribe).expect(200);
    account.extract_invoice();
    other.wait_for(2);
    assert_eq!(tool.received().len(), 1, "nothing after it unsubscribed");
}

/// "Plan requirement: Webhooks are available on Pro and Enterprise plans."
#[test]
fn plan_requirement_webhooks_are_available_on_pro_and_enterprise_plans() {
    let service = Service::start();
    let sink = Sink::answering(200);
    for plan in ["pro", "enterprise"] {
        let account = service.account(plan);
        account.register(&sink.url("/"), &["extraction.completed"]);
    }
    let free = service.account("free");
    let wish = json!({"url": sink.url("/"), "events": ["extraction.completed"]});
    let refused = free.client.post("/api/webhooks/notifications", &wish);
    assert_problem(&refused, 403, "plan_upgrade_required");
    // Everything but webhooks is there for everybody.
    free.extract_invoice();
}

/// "Upgrade your plan to get started."
#[test]
fn upgrade_your_plan_to_get_started() {
    let service = Service::start();
    let account = service.account("free");
    let receiver = Receiver::express();
    let wish = json!({"url": receiver.url(), "events": ["extraction.completed"]});
    let refused = account.client.post("/api/webhooks/notifications", &wish);
    let problem = assert_problem(&refused, 403, "plan_upgrade_required");
    let advice = problem["detail"].as_str().expect("a sentence").to_lowercase();
    assert!(advice.contains("pro") && advice.contains("enterprise"), "{advice}");
    service.set_plan(&account, "pro");
    let registered = eventually("the upgrade is in force", || {
        let answer = account.client.post("/api/webhooks/notifications", &wish);
        (answer.status == 201).then(|| answer.json())
    });
    receiver.set_secret(registered["secret"].as_str().expect("the secret"));
    account.extract_invoice();
    assert_eq!(receiver.wait_for(1)[0]["status"], 200);
}
