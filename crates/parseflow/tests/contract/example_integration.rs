//! "Example Integration": the page's complete Python example, unchanged, in a real Flask app.

use serde_json::json;

use crate::harness::{Receiver, Service};

const ALL: [&str; 6] = [
    "extraction.completed",
    "extraction.failed",
    "batch.completed",
    "batch.failed",
    "quota.warning",
    "quota.exceeded",
];

/// "Complete Python example using Flask to receive and process webhook events:"
#[test]
fn complete_python_example_using_flask_to_receive_and_process_webhook_events() {
    let service = Service::start();
    let account = service.account_with("pro", &["--quota", "5"]);
    let receiver = Receiver::flask();
    let hook = account.register(&receiver.url(), &ALL);
    receiver.set_secret(&hook.secret);
    account.make_every_event_happen();
    for request in receiver.wait_for_events(&ALL) {
        assert_eq!(request["status"], 200, "{request}");
        assert_eq!(request["standardWebhooks"], "verified", "{request}");
    }
}

/// "# 1. Verify signature": and 401 when it does not verify.
#[test]
fn step_1_verify_signature() {
    let service = Service::start();
    let account = service.account("pro");
    let receiver = Receiver::flask();
    let hook = account.register(&receiver.url(), &["extraction.completed"]);
    receiver.set_secret("whsec_00000000000000000000000000000000");
    account.extract_invoice();
    let refused = receiver.wait_for(1).remove(0);
    assert_eq!(refused["status"], 401);
    receiver.set_secret(&hook.secret);
    let body = refused["body"].as_str().expect("a body");
    let signature = refused["headers"]["x-parseflow-signature"].as_str().expect("a signature");
    receiver.forge(body, signature).expect(200);
    let answer = receiver.forge(&format!("{body} "), signature).expect(401);
    assert_eq!(answer.json(), json!({"error": "Invalid signature"}));
}

/// "# 2. Process event": the id and the type are where the example reads them.
#[test]
fn step_2_process_event() {
    let service = Service::start();
    let account = service.account("pro");
    let receiver = Receiver::flask();
    let hook = account.register(&receiver.url(), &["extraction.completed"]);
    receiver.set_secret(&hook.secret);
    let result = account.extract_invoice();
    let id = result["id"].as_str().expect("an id");
    receiver.wait_until_it_says(&format!("Extraction complete: {id} (invoice)"));
}

/// "print("Quota warning: 80% usage reached")"
#[test]
fn quota_warning_80_percent_usage_reached() {
    let service = Service::start();
    let account = service.account_with("pro", &["--quota", "5"]);
    let receiver = Receiver::flask();
    let hook = account.register(&receiver.url(), &["quota.warning"]);
    receiver.set_secret(&hook.secret);
    for _ in 0..4 {
        account.extract_invoice();
    }
    receiver.wait_until_it_says("Quota warning: 80% usage reached");
    assert_eq!(receiver.requests().len(), 1, "once");
}
