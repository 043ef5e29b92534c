use parseflow_model::{AttemptOutcome, AttemptTiming, FailureKind, Timestamp};

use super::*;

/// 2026-04-14T10:05:00Z, a Tuesday.
const NOW: Timestamp = Timestamp::from_secs(1_776_161_100);

fn answer(status: u16, body: &str, headers: &[(&str, &str)]) -> AttemptOutcome {
    AttemptOutcome {
        failure: Some(FailureKind::Status),
        status: Some(status),
        response_body: body.as_bytes().to_vec(),
        response_headers: headers.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect(),
        ..AttemptOutcome::default()
    }
}

fn codes(outcome: &AttemptOutcome) -> Vec<&'static str> {
    hints(outcome, 150_000, NOW).iter().map(Hint::name).collect()
}

#[test]
fn answers_give_away_the_mistakes_that_receivers_make() {
    let node = "TypeError [ERR_INVALID_ARG_TYPE]: The \"data\" argument must be of type string or \
                an instance of Buffer, TypedArray, or DataView. Received undefined";
    let table: [(u16, &str, &[&str]); 20] = [
        (401, "{\"error\":\"Invalid signature\"}", &["signature_refused"]),
        (400, "No signatures found matching the expected SIGNATURE", &["signature_refused"]),
        (500, node, &["body_not_read"]),
        (500, "Cannot read properties of undefined (reading 'event')", &["body_not_read"]),
        (413, "", &["body_too_large"]),
        (500, "PayloadTooLargeError: request entity too large", &["body_too_large"]),
        (404, "Cannot POST /hook", &["wrong_path"]),
        (405, "", &["wrong_path"]),
        (404, "<!DOCTYPE html><title>Not found</title>", &["wrong_path", "html_answer"]),
        (301, "", &["redirect_not_followed"]),
        (401, "Unauthorized", &["authentication_asked"]),
        (403, "<html>CSRF verification failed. Request aborted.</html>", &["csrf_protection"]),
        (419, "Page Expired", &["csrf_protection"]),
        (415, "", &["json_not_taken"]),
        (429, "", &["too_fast"]),
        (502, "Bad Gateway", &["behind_proxy_down"]),
        (504, "", &["behind_proxy_down"]),
        (500, "Internal Server Error", &["receiver_failed"]),
        (410, "", &["gone"]),
        (418, "I'm a teapot", &[]),
    ];
    for (status, body, expected) in table {
        assert_eq!(codes(&answer(status, body, &[])), expected, "{status} {body}");
    }
}

#[test]
fn failures_before_an_answer_have_hints_too() {
    let failed = |failure, error: &str| {
        let failure = Some(failure);
        AttemptOutcome { failure, error: Some(error.into()), ..AttemptOutcome::default() }
    };
    let tls = "the TLS handshake failed: invalid peer certificate: ";
    for (failure, error, expected) in [
        (FailureKind::Dns, "", "name_unknown"),
        (FailureKind::Connection, "", "nothing_listens"),
        (FailureKind::Connection, NO_LISTENER, "listener_away"),
        (FailureKind::Protocol, "", "not_http"),
        (FailureKind::Blocked, "", "target_blocked"),
        (FailureKind::Tls, &format!("{tls}Expired"), "certificate_expired"),
        (FailureKind::Tls, &format!("{tls}UnknownIssuer"), "certificate_untrusted"),
        (FailureKind::Tls, &format!("{tls}NotValidForName"), "certificate_name"),
        (FailureKind::Tls, "the TLS handshake failed: received corrupt message", "tls_failed"),
    ] {
        assert_eq!(codes(&failed(failure, error)), [expected], "{error}");
    }
    let timed = |connect_ms, is_measured| AttemptOutcome {
        timing: AttemptTiming { connect_ms, first_byte_ms: None, is_measured },
        ..failed(FailureKind::Timeout, "")
    };
    assert_eq!(codes(&timed(Some(12), true)), ["answer_first"]);
    assert_eq!(codes(&timed(None, true)), ["unreachable"]);
    assert_eq!(codes(&timed(None, false)), ["answer_first", "unreachable"]);
}

#[test]
fn a_clock_that_is_off_by_more_than_libraries_accept_is_told() {
    let at = |date: &str| codes(&answer(418, "", &[("date", date)]));
    assert_eq!(at("Tue, 14 Apr 2026 10:00:01 GMT"), [""; 0]);
    assert_eq!(at("Tue, 14 Apr 2026 09:59:59 GMT"), ["clock_skew"]);
    assert_eq!(at("Tue, 14 Apr 2026 10:10:01 GMT"), ["clock_skew"]);
    assert_eq!(at("yesterday"), [""; 0]);
    let late = answer(418, "", &[("date", "Tue, 14 Apr 2026 09:05:00 GMT")]);
    let message = hints(&late, 1, NOW)[0].to_string();
    assert!(message.contains("3600 s slow"), "{message}");
}

#[test]
fn a_redirect_names_where_it_leads_and_a_large_body_its_size() {
    let moved = answer(308, "", &[("location", "https://example.com/new")]);
    assert!(hints(&moved, 1, NOW)[0].to_string().ends_with("leads to, https://example.com/new"));
    let large = hints(&answer(413, "", &[]), 150_000, NOW)[0].to_string();
    assert!(large.contains("150000 bytes"), "{large}");
}

#[test]
fn a_success_needs_no_hint() {
    assert_eq!(hints(&AttemptOutcome { status: Some(200), ..Default::default() }, 1, NOW), []);
}
