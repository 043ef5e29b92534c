//! "Retry Policy": the schedule, the failing mark and automatic disabling.
//!
//! The real delays are run in virtual time by the engine's own tests. Here the real binary shows
//! that they are its defaults, and keeps a shortened schedule against the wall clock.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{
    Account, Hook, Received, Receiver, Reply, Service, Sink, eventually, program, seconds_between,
};

/// The documented delays, in seconds and as the setting writes them.
const DOCUMENTED: [(u64, &str); 5] =
    [(30, "30s"), (120, "2m"), (900, "15m"), (3_600, "1h"), (14_400, "4h")];

/// "If your endpoint returns a non-2xx status code, ParseFlow retries with exponential backoff:"
#[test]
fn if_your_endpoint_returns_a_non_2xx_status_code_parseflow_retries() {
    let service = Service::start();
    let account = service.account("pro");
    for status in [300, 302, 304, 400, 401, 404, 410, 413, 429, 500, 502, 503, 599] {
        let sink = Sink::replying(&[Reply::Status(status)], Reply::Status(200));
        let hook = account.register(&sink.url("/"), &["extraction.completed"]);
        account.client.post(&hook.path("/test"), &json!({})).expect(202);
        let received = sink.wait_for(2);
        assert_eq!(received[0].body, received[1].body, "{status}: the same bytes again");
        let delivery = account.delivery_in_state(&hook, "succeeded");
        assert_eq!(delivery["attemptCount"], 2, "{status}: {delivery}");
    }
}

/// The other side of "non-2xx": any 2xx ends the delivery with its first attempt.
#[test]
fn every_2xx_status_code_is_accepted_and_nothing_is_retried() {
    let service = Service::start();
    let account = service.account("pro");
    for status in [200, 201, 202, 204, 206, 299] {
        let sink = Sink::answering(status);
        let hook = account.register(&sink.url("/"), &["extraction.completed"]);
        account.client.post(&hook.path("/test"), &json!({})).expect(202);
        let delivery = account.delivery_in_state(&hook, "succeeded");
        assert_eq!(delivery["attemptCount"], 1, "{status}: {delivery}");
        assert_eq!(delivery["lastStatus"], status);
        assert_eq!(delivery["nextAttemptAt"], Value::Null, "{status}: nothing more is due");
    }
}

/// What is no status code at all is no 2xx either.
#[test]
fn an_endpoint_that_does_not_answer_is_retried_too() {
    let service = Service::with(&["--retry-schedule", "100ms,100ms", "--delivery-timeout", "1s"]);
    let account = service.account("pro");
    for (reply, failure) in [(Reply::Close, "connection"), (Reply::Silence, "timeout")] {
        let sink = Sink::replying(&[reply], Reply::Status(200));
        let hook = account.register(&sink.url("/"), &["extraction.completed"]);
        let sent = account.client.post(&hook.path("/test"), &json!({})).expect(202).json();
        account.delivery_in_state(&hook, "succeeded");
        let detail = account.delivery(&hook, sent["id"].as_str().expect("an id"));
        assert_eq!(detail["attempts"][0]["failure"], failure, "{detail}");
        assert_eq!(detail["attempts"][0]["status"], Value::Null);
        assert_eq!(detail["attempts"][1]["status"], 200);
    }
}

/// "Attempt | Delay": by default the five rows of the table.
#[test]
fn the_five_documented_delays_are_the_default() {
    let help = program().args(["serve", "--help"]).output().expect("the binary starts");
    let help = String::from_utf8(help.stdout).expect("help is text");
    let (_, after) = help.split_once("--retry-schedule").expect("the flag is described");
    let documented = DOCUMENTED.map(|(_, text)| text).join(",");
    assert!(after.contains(&format!("[default: {documented}]")), "{after}");
}

/// One row of the table: after `failed` failures the next attempt is due `delay_secs` later. The
/// rows before are shortened, so that the test need not wait for them.
#[track_caller]
fn check_row(failed: usize) {
    let (delay_secs, _) = DOCUMENTED[failed - 1];
    let schedule: Vec<&str> = DOCUMENTED
        .iter()
        .enumerate()
        .map(|(row, (_, text))| if row + 1 < failed { "20ms" } else { *text })
        .collect();
    // The first row needs nothing shortened: it is shown with the defaults themselves.
    let joined = schedule.join(",");
    let flags = ["--retry-schedule", joined.as_str()];
    let service = Service::with(if failed == 1 { &[] } else { &flags });
    let account = service.account("pro");
    let sink = Sink::answering(503);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    let delivery = eventually("the attempts before have failed", || {
        let delivery = account.deliveries(&hook).into_iter().next()?;
        (delivery["attemptCount"] == failed).then_some(delivery)
    });
    assert_eq!(delivery["state"], "retrying", "{delivery}");
    let detail = account.delivery(&hook, delivery["id"].as_str().expect("an id"));
    let last = &detail["attempts"][failed - 1];
    let wait_secs = seconds_between(&last["startedAt"], &delivery["nextAttemptAt"]);
    // Never earlier; the attempt itself, whole seconds and additive jitter may add a little.
    let latest = delay_secs + delay_secs / 10 + 2;
    assert!((delay_secs..=latest).contains(&wait_secs), "{wait_secs} s after attempt {failed}");
}

/// "1st retry | 30 seconds"
#[test]
fn first_retry_after_30_seconds() {
    check_row(1);
}

/// "2nd retry | 2 minutes"
#[test]
fn second_retry_after_2_minutes() {
    check_row(2);
}

/// "3rd retry | 15 minutes"
#[test]
fn third_retry_after_15_minutes() {
    check_row(3);
}

/// "4th retry | 1 hour"
#[test]
fn fourth_retry_after_1_hour() {
    check_row(4);
}

/// "5th retry (final) | 4 hours"
#[test]
fn fifth_retry_final_after_4_hours() {
    check_row(5);
}

/// "… with exponential backoff": each wait is kept and longer than the one before; "(final)": six
/// requests in all, then the delivery is given up and can be looked at.
#[test]
fn retries_keep_their_delays_and_end_with_the_fifth() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(500);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    let delivery = account.delivery_in_state(&hook, "exhausted");
    assert_eq!(delivery["attemptCount"], 6);
    assert_eq!(delivery["nextAttemptAt"], Value::Null);
    let received = sink.received();
    assert_eq!(received.len(), 6);
    let gaps: Vec<Duration> = received.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    for (gap, documented_ms) in gaps.iter().zip([200, 300, 400, 500, 600]) {
        assert!(*gap >= Duration::from_millis(documented_ms), "never earlier: {gaps:?}");
    }
    let bodies = |r: &Received| r.body.clone();
    assert!(received.iter().all(|r| bodies(r) == bodies(&received[0])), "the same bytes");
}

/// `Retry-After` can postpone a retry and never bring it forward.
#[test]
fn retry_after_only_postpones() {
    let service = Service::with(&["--retry-schedule", "1s,200ms,200ms,200ms,200ms"]);
    let account = service.account("pro");
    let full = |secs: &str| Reply::Full(503, "Retry-After", secs.to_owned(), String::new());
    let sink = Sink::replying(&[full("0"), full("2")], Reply::Status(200));
    account.register(&sink.url("/"), &["extraction.completed"]);
    account.extract_invoice();
    let received = sink.wait_for(3);
    let gap = |index: usize| received[index + 1].at - received[index].at;
    assert!(gap(0) >= Duration::from_secs(1), "not brought forward: {:?}", gap(0));
    assert!(gap(1) >= Duration::from_secs(2), "postponed: {:?}", gap(1));
}

fn failing_endpoint(service: &Service) -> (Account, Sink, Hook) {
    let account = service.account("pro");
    let sink = Sink::answering(500);
    let hook = account.register(&sink.url("/"), &["extraction.completed"]);
    (account, sink, hook)
}

/// "After 5 failed attempts, the webhook is marked as failing.": with the fifth, not before; it
/// stays active, the sixth request still goes out, and any 2xx makes it healthy.
#[test]
fn after_5_failed_attempts_the_webhook_is_marked_as_failing() {
    // The last delay is long: what is seen after the fifth failure stays to be seen.
    let service = Service::with(&["--retry-schedule", "50ms,50ms,50ms,50ms,3s"]);
    let (account, sink, hook) = failing_endpoint(&service);
    assert_eq!(account.listed(&hook)["status"], "healthy");
    account.extract_invoice();
    let listed = eventually("it is marked as failing", || {
        let listed = account.listed(&hook);
        let failures = listed["consecutiveFailures"].as_u64().expect("a count");
        assert_eq!(listed["status"] == "failing", failures >= 5, "{listed}");
        (listed["status"] == "failing").then_some(listed)
    });
    assert_eq!(listed["isActive"], true, "still served: {listed}");
    assert!(listed["failingSince"].is_string(), "{listed}");
    sink.answer_from_now_on(200);
    assert_eq!(sink.wait_for(6).len(), 6, "the final retry still runs");
    let healthy = eventually("a 2xx makes it healthy", || {
        let listed = account.listed(&hook);
        (listed["status"] == "healthy").then_some(listed)
    });
    assert_eq!(healthy["consecutiveFailures"], 0);
    assert_eq!(healthy["failingSince"], Value::Null);
}

/// "It will be automatically disabled after 3 consecutive days of failures.": the days shortened to
/// a second each. By default they are three days.
#[test]
fn it_will_be_automatically_disabled_after_3_consecutive_days_of_failures() {
    let help = program().args(["serve", "--help"]).output().expect("the binary starts");
    let help = String::from_utf8(help.stdout).expect("help is text");
    let (_, after) = help.split_once("--disable-after").expect("the flag is described");
    assert!(after.split("\n  -").next().is_some_and(|about| about.contains("[default: 3d]")));
    let delays = ["100ms"; 5].join(",");
    let service = Service::with(&["--disable-after", "3s", "--retry-schedule", &delays]);
    let (account, sink, hook) = failing_endpoint(&service);
    let publisher = account.publisher();
    let event = json!({"event": "extraction.completed", "data": {"n": 1}});
    publisher.post("/api/v1/events", &event).expect(202);
    let first_failure = sink.wait_for(1)[0].at;
    let disabled = eventually("it is disabled", || {
        // Failures go on: silence would not be failure.
        publisher.post("/api/v1/events", &event).expect(202);
        let listed = account.listed(&hook);
        (listed["isActive"] == false).then_some(listed)
    });
    let last = sink.received().last().expect("requests came").at;
    assert!(last - first_failure >= Duration::from_millis(2_900), "not before the three are over");
    assert_eq!(disabled["status"], "disabled");
    assert_eq!(disabled["disabledReason"], "consecutive_failures");
    assert!(disabled["disabledAt"].is_string(), "{disabled}");
    // What happens from now on is recorded, and sent to nobody.
    publisher.post("/api/v1/events", &event).expect(202);
    account.delivery_in_state(&hook, "skipped");
}

/// The page's receivers, failing for a while: Express and Flask accept the retry.
#[test]
fn a_receiver_that_recovers_verifies_the_retry() {
    let service = Service::start();
    let account = service.account("pro");
    for receiver in [Receiver::express(), Receiver::flask()] {
        let hook = account.register(&receiver.url(), &["extraction.completed"]);
        receiver.set_secret(&hook.secret);
        receiver.answer_next(&[503, 500]);
        account.client.post(&hook.path("/test"), &json!({})).expect(202);
        let requests = receiver.wait_for(3);
        let statuses: Vec<u64> =
            requests.iter().map(|request| request["status"].as_u64().expect("a status")).collect();
        assert_eq!(statuses, [503, 500, 200]);
        for request in requests {
            assert_eq!(request["standardWebhooks"], "verified", "{request}");
        }
    }
}
