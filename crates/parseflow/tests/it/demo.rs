//! The demonstration.

use std::net::TcpListener;

use crate::process::run;

#[test]
fn the_whole_story_ends_well_and_shows_its_verdicts() {
    let output = run(&["demo", "--exit", "--listen", "127.0.0.1:0"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{stderr}");
    for expected in [
        "holds   X-ParseFlow-Signature = HMAC-SHA256(secret, raw body)",
        "holds   X-ParseFlow-Signature = HMAC-SHA256(secret, body parsed and written again)",
        "holds   webhook-signature = Standard Webhooks 1.0 over id.timestamp.body",
        "holds   an altered body is refused",
        "holds   the webhook announces the document that was sent",
        "holds   a scan says the same as the digital invoice",
        "holds   an electronic invoice says the same as the digital invoice",
        "answered 503",
        "holds   every attempt had the same delivery id",
        "holds   every attempt had the same bytes and signature",
        "holds   the attempts were numbered 1, 2, 3",
        "holds   the delivery log says that it succeeded",
        "Everything was as documented.",
        "\"type\": \"invoice\"",
        "x-parseflow-signature: ",
        "/api/v1/extract",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    assert!(!text.contains("FAILED"), "{text}");
    assert!(!text.contains('\u{1b}'), "no colours outside a terminal");
    assert!(stderr.is_empty(), "{stderr}");
}

#[test]
fn a_taken_port_is_replaced_by_a_free_one() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(&["demo", "--exit", "--listen", &address]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(text.contains(&format!("{address} is in use, so another port was taken")), "{text}");
}
