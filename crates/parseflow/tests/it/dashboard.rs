//! The dashboard in a real browser, on the real binary: the scripts of `e2e/dashboard`, one test for each.
//!
//! Pictures of every screen stay in `target/dashboard`.

use std::process::Command;

use crate::process::root;

/// Runs the script's tests; what they print is shown when one fails.
fn browse(script: &str) {
    let output = Command::new("node")
        .args(["--test", "--test-reporter", "spec"])
        .arg(root().join("e2e/dashboard").join(script))
        .env("PARSEFLOW_BINARY", env!("CARGO_BIN_EXE_parseflow"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn people_sign_in_and_find_their_way_by_keyboard() {
    browse("session.test.mjs");
}

#[test]
fn every_screen_is_accessible_in_both_themes_and_on_a_phone() {
    browse("screens.test.mjs");
}

#[test]
fn documents_are_dropped_read_corrected_and_taken_along() {
    browse("documents.test.mjs");
}

#[test]
fn endpoints_and_deliveries_are_registered_followed_and_sent_again() {
    browse("webhooks.test.mjs");
}

#[test]
fn quota_health_and_the_service_are_watched() {
    browse("operating.test.mjs");
}

#[test]
fn the_description_of_the_api_is_tried_where_it_stands() {
    browse("docs.test.mjs");
}
