//! "Verification": the page's Node receiver, in a real Express app.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Receiver, Service, within};

const ALL: [&str; 6] = [
    "extraction.completed",
    "extraction.failed",
    "batch.completed",
    "batch.failed",
    "quota.warning",
    "quota.exceeded",
];

/// "Always verify webhook signatures to ensure requests are from ParseFlow.": what somebody else
/// sends, or changes, is told from what we sent.
#[test]
fn always_verify_webhook_signatures_to_ensure_requests_are_from_parseflow() {
    let service = Service::start();
    let account = service.account("pro");
    let receiver = Receiver::express();
    let hook = account.register(&receiver.url(), &["extraction.completed"]);
    receiver.set_secret(&hook.secret);
    account.extract_invoice();
    let ours = receiver.wait_for(1).remove(0);
    assert_eq!(ours["status"], 200);
    let body = ours["body"].as_str().expect("a body");
    let signature = ours["headers"]["x-parseflow-signature"].as_str().expect("a signature");
    receiver.forge(body, signature).expect(200);
    let refused = receiver.forge(&body.replace("completed", "cancelled"), signature).expect(401);
    assert_eq!(refused.json(), json!({"error": "Invalid signature"}));
    receiver.forge(body, &"0".repeat(64)).expect(401);
}

/// "Compute an HMAC-SHA256 of the raw request body using your webhook secret:" by a third program.
#[test]
fn compute_an_hmac_sha256_of_the_raw_request_body_using_your_webhook_secret() {
    const COMPUTE: &str = "import hmac, hashlib, sys\n\
        secret = sys.argv[1].encode()\n\
        print(hmac.new(secret, sys.argv[2].encode(), hashlib.sha256).hexdigest(), end='')";
    let service = Service::start();
    let account = service.account("pro");
    let receiver = Receiver::express();
    let hook = account.register(&receiver.url(), &["extraction.completed"]);
    receiver.set_secret(&hook.secret);
    account.extract_invoice();
    let request = receiver.wait_for(1).remove(0);
    let output = std::process::Command::new("python3")
        .args(["-c", COMPUTE, &hook.secret, request["body"].as_str().expect("a body")])
        .output()
        .expect("python3 starts");
    let computed = String::from_utf8(output.stdout).expect("hex");
    assert_eq!(request["headers"]["x-parseflow-signature"], *computed);
}

/// "Node.js verification example": the sample's own text answers 200 to every event.
#[test]
fn node_js_verification_example() {
    let service = Service::start();
    let account = service.account_with("enterprise", &["--quota", "5"]);
    let receiver = Receiver::express();
    let hook = account.register(&receiver.url(), &ALL);
    receiver.set_secret(&hook.secret);
    account.make_every_event_happen();
    for request in receiver.wait_for_events(&ALL) {
        assert_eq!(request["status"], 200, "{request}");
        assert_eq!(request["standardWebhooks"], "verified", "{request}");
    }
    for event in ALL {
        receiver.wait_until_it_says(&format!("Received: {event}"));
    }
}

/// "if (!isValid) { return res.status(401)…": with another secret nothing is accepted, and a request
/// that was not accepted is sent again.
#[test]
fn an_invalid_signature_is_answered_401_and_the_request_comes_again() {
    let service = Service::start();
    let account = service.account("pro");
    let receiver = Receiver::express();
    let hook = account.register(&receiver.url(), &["extraction.completed"]);
    receiver.set_secret("whsec_00000000000000000000000000000000");
    account.extract_invoice();
    let first = receiver.wait_for(1).remove(0);
    assert_eq!(first["status"], 401);
    assert_ne!(first["standardWebhooks"], "verified");
    receiver.set_secret(&hook.secret);
    let last = within(Duration::from_secs(30), "a retry verifies", || {
        receiver.requests().into_iter().find(|request| request["status"] == 200)
    });
    assert_eq!(last["body"], first["body"]);
    assert_eq!(
        last["headers"]["x-parseflow-signature"], first["headers"]["x-parseflow-signature"],
        "the same bytes, the same signature"
    );
    assert_eq!(last["standardWebhooks"], "verified");
}

/// "JSON.stringify(req.body)": bodies that JavaScript would print differently if they were not
/// written for it.
#[test]
fn verify_webhook_over_json_stringify_holds_for_hostile_contents() {
    let service = Service::start();
    let account = service.account("pro");
    let receiver = Receiver::express();
    let hook = account.register(&receiver.url(), &["extraction.completed"]);
    receiver.set_secret(&hook.secret);
    let publisher = account.publisher();
    let cases: [&str; 6] = [
        r#"{"a":1.0,"b":1e16,"c":-0.0,"d":1e-7,"e":0.1,"f":123456789012345680000.0}"#,
        r#"{"text":"\u0041\u00e9\u2028\u2029\ud83d\ude00\u0000\u001f\u007f\/\"\\"}"#,
        r#"{ "spaced" : [ 1 , 2 , { "x" : null } ] }"#,
        r#"{"z":1,"a":2,"_1":3,"toString":"x","length":-1}"#,
        r#"{"e":5e-324,"max":1.7976931348623157e308,"safe":9007199254740991}"#,
        r#"{"html":"<script>alert(1)</script>&amp;","bom":"\ufeff"}"#,
    ];
    for data in cases {
        let body = format!(r#"{{"event":"extraction.completed","data":{data}}}"#);
        let json = [("Content-Type", "application/json")];
        publisher.send("POST", "/api/v1/events", &json, body.as_bytes()).expect(202);
    }
    let requests = receiver.wait_for(cases.len());
    for request in &requests {
        assert_eq!(request["status"], 200, "{request}");
    }
    let sent: Vec<Value> = cases.iter().map(|c| serde_json::from_str(c).expect("JSON")).collect();
    let came = |data: &Value| requests.iter().any(|r| equal_numbers(r, data));
    assert!(sent.iter().all(came), "every payload arrived as it was published");
}

/// Whether the request carries `data`, numbers compared by value.
fn equal_numbers(request: &Value, data: &Value) -> bool {
    fn same(left: &Value, right: &Value) -> bool {
        match (left, right) {
            (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
            }
            _ => left == right,
        }
    }
    let body: Value =
        serde_json::from_str(request["body"].as_str().expect("a body")).expect("JSON");
    same(&body["data"], data)
}
