//! `parseflow listen`: webhooks for a receiver that the service cannot reach. The receiver is the
//! page's own sample in Express.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use parseflow_model::Timestamp;
use serde_json::{Value, json};

use crate::harness::{Account, Receiver, Service, eventually, program};

/// A running `parseflow listen --json`; interrupted when dropped.
struct Listening {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Listening {
    fn start(account: &Account, to: &str) -> Self {
        let mut child = program()
            .args(["listen", "--json", "--forward-to", to, "--event", "extraction.*"])
            .env("PARSEFLOW_URL", &account.client.base)
            .env("PARSEFLOW_API_KEY", account.key())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let lines = BufReader::new(child.stdout.take().expect("stdout is a pipe")).lines();
        Self { child, lines }
    }

    /// The next line.
    fn said(&mut self) -> Value {
        let line = self.lines.next().expect("one more line").expect("text");
        serde_json::from_str(&line).expect("--json prints JSON")
    }

    /// A listener that is ready, and the id of its endpoint, whose secret the receiver knows.
    fn for_receiver(account: &Account, receiver: &Receiver) -> (Self, String) {
        let mut listening = Self::start(account, &receiver.url());
        let ready = listening.said()["listening"].clone();
        receiver.set_secret(ready["secret"].as_str().expect("a secret"));
        (listening, ready["endpointId"].as_str().expect("an id").to_owned())
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.kill();
    }
}

/// No inbound port, no address that the service may send to, and yet the delivery log reads as for
/// any other endpoint.
#[test]
fn a_receiver_behind_a_listener_gets_what_it_would_get_over_the_network() {
    // No private targets, no plain HTTP: the service itself could not reach the receiver.
    let service = Service::strict_with(&["--retry-schedule", "200ms,300ms,400ms,500ms,600ms"]);
    let account = service.account("pro");
    let receiver = Receiver::express();
    let (mut listening, endpoint) = Listening::for_receiver(&account, &receiver);
    receiver.answer_next(&[503]);

    account.extract_invoice();
    let requests = receiver.wait_for(2);
    assert_eq!((&requests[0]["status"], &requests[1]["status"]), (&json!(503), &json!(200)));
    assert_eq!(requests[0]["body"], requests[1]["body"], "the same bytes again");
    assert_eq!(requests[1]["standardWebhooks"], "verified");
    let header = |n: usize, name: &str| requests[n]["headers"][name].as_str().expect("a header");
    assert_eq!(header(0, "x-parseflow-event"), "extraction.completed");
    assert_eq!(header(0, "content-type"), "application/json");
    assert!(header(0, "user-agent").starts_with("ParseFlow-Webhooks/"));
    assert_eq!((header(0, "x-parseflow-attempt"), header(1, "x-parseflow-attempt")), ("1", "2"));
    let delivery = header(0, "x-parseflow-delivery");
    assert_eq!(header(1, "x-parseflow-delivery"), delivery);

    let told = [listening.said(), listening.said()];
    assert_eq!((&told[0]["status"], &told[1]["status"]), (&json!(503), &json!(200)));
    let path = format!("/api/webhooks/notifications/{endpoint}");
    let log = eventually("the log shows the success", || {
        let log = account.client.get(&format!("{path}/deliveries/{delivery}")).expect(200).json();
        (log["state"] == "succeeded").then_some(log)
    });
    assert_eq!(
        (&log["attempts"][0]["status"], &log["attempts"][1]["status"]),
        (&json!(503), &json!(200))
    );
    assert_eq!(log["attempts"][0]["responseBody"], "{\"answered\":\"as told\"}");
    let shown = log["attempts"][0]["url"].as_str().expect("an address");
    assert!(shown.starts_with(&format!("listen:{}", receiver.url())), "{shown}");

    listening.kill();
    eventually("the endpoint is deleted with the command", || {
        (account.client.get(&path).status == 404).then_some(())
    });
}

/// What the receiver says of the next attempt counts as if the service had asked it itself.
#[test]
fn a_receiver_behind_a_listener_postpones_the_next_attempt() {
    let service = Service::strict_with(&["--retry-schedule", "200ms,300ms,400ms,500ms,600ms"]);
    let account = service.account("pro");
    let receiver = Receiver::express();
    let (_listening, endpoint) = Listening::for_receiver(&account, &receiver);
    receiver.postpone_next(503, "3");

    account.extract_invoice();
    let requests = receiver.wait_for(2);
    let delivery = requests[0]["headers"]["x-parseflow-delivery"].as_str().expect("a delivery");
    let path = format!("/api/webhooks/notifications/{endpoint}/deliveries/{delivery}");
    let log = eventually("the log shows the success", || {
        let log = account.client.get(&path).expect(200).json();
        (log["state"] == "succeeded").then_some(log)
    });
    let answered = log["attempts"][0]["responseHeaders"].as_array().expect("headers");
    assert!(answered.contains(&json!({"name": "retry-after", "value": "3"})), "{answered:?}");
    let started = |n: usize| {
        let text = log["attempts"][n]["startedAt"].as_str().expect("a time");
        text.parse::<Timestamp>().expect("RFC 3339")
    };
    // The schedule alone would have made it after 200 ms.
    let gap = started(1).since(started(0));
    assert!(gap >= Duration::from_secs(3), "{gap:?}");
}

/// A receiver that is down is a failed attempt that says so; a service that was killed leaves an
/// endpoint whose attempts fail, until the account listens again.
#[test]
fn what_a_killed_service_left_is_deleted_by_the_next_listener() {
    let service = Service::start();
    let account = service.account("pro");
    let mut listening = Listening::start(&account, "http://127.0.0.1:1/nobody");
    let ready = listening.said()["listening"].clone();
    let stale = format!("/api/webhooks/notifications/{}", ready["endpointId"].as_str().unwrap());
    account.client.post(&format!("{stale}/test"), &json!({})).expect(202);
    let told = listening.said();
    assert!(told["error"].as_str().is_some_and(|text| text.contains("could not be asked")));

    let service = service.crash_and_restart(&[]);
    let account = account.at(&service);
    let ended = listening.child.wait().expect("it ends");
    assert_eq!(ended.code(), Some(1), "the service has ended the stream");
    let sent = account.client.post(&format!("{stale}/test"), &json!({})).expect(202).json();
    let path = format!("{stale}/deliveries/{}", sent["id"].as_str().unwrap());
    eventually("its attempts fail", || {
        let attempts = account.client.get(&path).expect(200).json()["attempts"].take();
        (attempts[0]["hints"][0]["code"] == "listener_away").then_some(())
    });
    let mut again = Listening::start(&account, "http://127.0.0.1:1/nobody");
    again.said();
    assert_eq!(account.client.get(&stale).status, 404);
}
