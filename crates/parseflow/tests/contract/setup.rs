//! "Setup": registering an endpoint.

use serde_json::{Value, json};

use crate::harness::{
    Receiver, Service, Sink, assert_shape, curl, is_lower_alnum, is_mixed_alnum,
    is_utc_whole_seconds, keys,
};

/// The page's command, letter by letter.
const REGISTER: &str = r#"curl -X POST https://parseflow.dev/api/webhooks/notifications \
  -H "X-API-Key: dm_live_your_api_key" \
  -H "Content-Type: application/json" \
  -d '{
    "url": "https://your-app.com/webhooks/parseflow",
    "events": ["extraction.completed", "extraction.failed"]
  }'"#;

/// "Response": the page's example of it.
const RESPONSE: &str = r#"{
  "id": "wh_a1b2c3d4e5f6g7h8",
  "url": "https://your-app.com/webhooks/parseflow",
  "events": ["extraction.completed", "extraction.failed"],
  "secret": "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456",
  "isActive": true,
  "createdAt": "2026-04-14T10:00:00Z"
}"#;

/// "Register a webhook endpoint using the API:" and the command below it.
#[test]
fn register_a_webhook_endpoint_using_the_api() {
    let service = Service::start();
    let account = service.account("pro");
    let registered = curl(REGISTER, &account, "").expect(201).json();
    assert_eq!(registered["url"], "https://your-app.com/webhooks/parseflow");
    let list = account.client.get("/api/webhooks/notifications").expect(200).json();
    assert_eq!(list["webhooks"][0]["id"], registered["id"]);
}

/// "Response": the six members of the page first, in its order and of its shapes.
#[test]
fn response() {
    let service = Service::start();
    let account = service.account("pro");
    let answer = curl(REGISTER, &account, "").expect(201);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let registered = answer.json();
    let example: Value = serde_json::from_str(RESPONSE).expect("the example is JSON");
    assert_eq!(keys(&registered)[..6], keys(&example));
    // What the example shows of our own choosing has the shapes that are checked of ours.
    assert!(is_lower_alnum(&example["id"], "wh_", 16));
    assert!(is_mixed_alnum(&example["secret"], "whsec_", 32));
    assert!(is_utc_whole_seconds(&example["createdAt"]));
    assert_shape(is_lower_alnum(&registered["id"], "wh_", 16), "an id", &registered["id"]);
    for member in ["url", "events", "isActive"] {
        assert_eq!(registered[member], example[member], "{member}");
    }
    let secret = &registered["secret"];
    assert_shape(is_mixed_alnum(secret, "whsec_", 32), "a secret", secret);
    let created = &registered["createdAt"];
    assert_shape(is_utc_whole_seconds(created), "a time", created);
}

/// "Save the secret securely — it is only shown once and is used to verify webhook signatures.", the
/// first half: no later answer has it, no log, no file.
#[test]
fn save_the_secret_securely_it_is_only_shown_once() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(500);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    let sent = account.client.post(&hook.path("/test"), &json!({})).expect(202).json();
    sink.wait_for(1);
    let delivery = hook.path(&format!("/deliveries/{}", sent["id"].as_str().expect("an id")));
    let list = "/api/webhooks/notifications";
    let answers = [
        account.client.get(list).expect(200),
        account.client.get(&hook.path("")).expect(200),
        account.client.patch(&hook.path(""), &json!({"description": "x"})).expect(200),
        account.client.get(&hook.path("/deliveries")).expect(200),
        account.client.get(&delivery).expect(200),
        account.client.delete(&format!("{list}?id={}", hook.id)).expect(200),
    ];
    for answer in answers {
        assert!(!answer.text().contains(&hook.secret), "{}", answer.text());
    }
    assert!(!service.log().contains(&hook.secret), "the log holds the secret");
    let files = files_below(&service.data());
    assert!(!files.is_empty(), "the data is elsewhere");
    for file in files {
        let bytes = std::fs::read(&file).unwrap_or_default();
        let found = bytes.windows(hook.secret.len()).any(|window| window == hook.secret.as_bytes());
        assert!(!found, "{} holds the secret in clear", file.display());
    }
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

/// "… and is used to verify webhook signatures.", the second half.
#[test]
fn the_secret_is_used_to_verify_webhook_signatures() {
    let service = Service::start();
    let account = service.account("pro");
    let (first, second) = (Receiver::flask(), Receiver::flask());
    let events = ["extraction.completed"];
    let hook = account.register(&first.url(), &events);
    let other = account.register(&second.url(), &events);
    assert_ne!(hook.secret, other.secret, "every endpoint has a secret of its own");
    first.set_secret(&hook.secret);
    second.set_secret(&hook.secret);
    account.extract_invoice();
    assert_eq!(first.wait_for(1)[0]["status"], 200);
    assert_eq!(second.wait_for(1)[0]["status"], 401, "another endpoint's secret verifies nothing");
}
