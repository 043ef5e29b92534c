//! The life of an endpoint over real HTTP: rotating its secret, headers of one's own, pausing,
//! recovering. Each test names its sentences of the contract, section 5.

use base64::Engine as _;
use ring::hmac;
use serde_json::{Value, json};

use crate::harness::{Received, Service, Sink, eventually};

/// `X-ParseFlow-Signature` as a receiver computes it.
fn body_signature(secret: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::sign(&key, body).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One entry of `webhook-signature` as a Standard Webhooks library computes it.
fn standard_signature(secret: &str, received: &Received) -> String {
    let base64 = base64::engine::general_purpose::STANDARD;
    let key = base64.decode(secret.strip_prefix("whsec_").expect("a prefix")).expect("base64");
    let (id, at) = (received.header("webhook-id"), received.header("webhook-timestamp"));
    let text = [format!("{id}.{at}.").as_bytes(), &received.body].concat();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &text);
    format!("v1,{}", base64.encode(tag))
}

/// "`rotate-secret` returns the new secret once and makes it pending; during the overlap
/// `X-ParseFlow-Signature` stays on the old one, `X-ParseFlow-Signature-Next` carries the new one,
/// `webhook-signature` carries both; `activate` … switches."
#[test]
fn a_secret_is_rotated_in_two_steps_without_a_moment_that_does_not_verify() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    let hook = account.register(&sink.url("/"), &["batch.completed"]);
    let rotated = account.client.post(&hook.path("/rotate-secret"), &json!({})).expect(200).json();
    let new = rotated["secret"].as_str().expect("shown once").to_owned();
    assert_ne!(new, hook.secret);
    account.publish("batch.completed", &json!({"n": 1}));
    let during = sink.wait_for(1).remove(0);
    assert_eq!(during.header("X-ParseFlow-Signature"), body_signature(&hook.secret, &during.body));
    assert_eq!(during.header("X-ParseFlow-Signature-Next"), body_signature(&new, &during.body));
    let old_and_new =
        [standard_signature(&hook.secret, &during), standard_signature(&new, &during)].join(" ");
    assert_eq!(during.header("webhook-signature"), old_and_new);
    let activate = hook.path("/rotate-secret/activate");
    account.client.post(&activate, &json!({})).expect(200);
    account.publish("batch.completed", &json!({"n": 2}));
    let after = sink.wait_for(2).remove(1);
    assert_eq!(after.header("X-ParseFlow-Signature"), body_signature(&new, &after.body));
    assert!(after.headers("X-ParseFlow-Signature-Next").is_empty());
    assert_eq!(after.header("webhook-signature"), standard_signature(&new, &after));
}

/// "the end of the overlap switches": nobody has to activate, and a restart changes nothing.
#[test]
fn the_end_of_the_overlap_switches_by_itself_and_survives_a_crash() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    let hook = account.register(&sink.url("/"), &["batch.completed"]);
    let wish = json!({"overlapSeconds": 2});
    let rotated = account.client.post(&hook.path("/rotate-secret"), &wish).expect(200).json();
    let new = rotated["secret"].as_str().expect("shown once").to_owned();
    let service = service.crash_and_restart(&[]);
    let account = account.at(&service);
    eventually("the new secret has taken over", || {
        (account.listed(&hook)["nextSecret"] == Value::Null).then_some(())
    });
    account.publish("batch.completed", &json!({"n": 1}));
    let after = sink.wait_for(1).remove(0);
    assert_eq!(after.header("X-ParseFlow-Signature"), body_signature(&new, &after.body));
    assert!(after.headers("X-ParseFlow-Signature-Next").is_empty());
}

#[test]
fn own_headers_arrive_with_every_attempt_and_beside_ours() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    let hook = account.register(&sink.url("/"), &["batch.completed"]);
    let wish = json!({"headers": {"Authorization": "Bearer gateway-token", "X-Tenant": "blue"}});
    account.client.patch(&hook.path(""), &wish).expect(200);
    account.publish("batch.completed", &json!({"n": 1}));
    let received = sink.wait_for(1).remove(0);
    assert_eq!(received.header("Authorization"), "Bearer gateway-token");
    assert_eq!(received.header("X-Tenant"), "blue");
    assert_eq!(
        received.header("X-ParseFlow-Signature"),
        body_signature(&hook.secret, &received.body)
    );
}

#[test]
fn a_paused_endpoint_is_sent_nothing_and_gets_everything_once_it_is_resumed() {
    let service = Service::start();
    let account = service.account("pro");
    let (sink, beside) = (Sink::answering(200), Sink::answering(200));
    let hook = account.register(&sink.url("/"), &["batch.completed"]);
    account.register(&beside.url("/"), &["batch.completed"]);
    let pause = json!({"paused": true});
    let paused = account.client.patch(&hook.path(""), &pause).expect(200).json();
    assert_eq!((&paused["status"], &paused["isActive"]), (&json!("paused"), &json!(true)));
    for n in 0..3 {
        account.publish("batch.completed", &json!({ "n": n }));
    }
    beside.wait_for(3);
    let service = service.crash_and_restart(&[]);
    let account = account.at(&service);
    account.publish("batch.completed", &json!({"n": 3}));
    beside.wait_for(4);
    assert!(sink.received().is_empty());
    let states: Vec<_> =
        account.deliveries(&hook).iter().map(|delivery| delivery["state"].clone()).collect();
    assert_eq!(states, ["pending"; 4]);
    account.client.patch(&hook.path(""), &json!({"paused": false})).expect(200);
    sink.wait_for(4);
    eventually("all are accepted", || {
        account.deliveries(&hook).iter().all(|d| d["state"] == "succeeded").then_some(())
    });
}
