//! The command line as a client of a running service.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Output, Stdio};

use parseflow_webhooks::signature::{body_signature, standard_signature};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::process::{Server, account, parseflow, root};

const SECRET: &str = "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456";
const BODY: &str = "{\"event\":\"extraction.completed\",\"data\":{\"total\":12.5}}";

/// A service with an account, and the command line beside it with a configuration of its own.
pub(crate) struct Desk {
    pub(crate) server: Server,
    pub(crate) key: String,
    config: tempfile::TempDir,
    _data: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn open(plan: &str) -> Self {
        let (data, config) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let key = account(data.path(), "owner@example.com", &["--plan", plan]);
        let arguments = ["--allow-http-targets", "--allow-target", "127.0.0.0/8"];
        let server = Server::start(data.path(), &arguments);
        Self { server, key, config, _data: data }
    }

    pub(crate) fn run_with(&self, arguments: &[&str], stdin: &str, key: Option<&str>) -> Output {
        let mut command = parseflow();
        command
            .args(arguments)
            .env("XDG_CONFIG_HOME", self.config.path())
            .env("PARSEFLOW_URL", &self.server.url)
            .current_dir(root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(key) = key {
            command.env("PARSEFLOW_API_KEY", key);
        }
        let mut child = command.spawn().unwrap();
        // A command that does not read its input may have ended already.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        child.wait_with_output().unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, "", Some(&self.key))
    }

    fn well(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {stderr}");
        assert!(!stderr.contains('\u{1b}'), "no bars where there is no terminal: {stderr:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let text = self.well(&[arguments, &["--json"]].concat());
        serde_json::from_str(&text).unwrap()
    }

    /// Exit code and standard error of a command that must fail.
    fn ill(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        let code = output.status.code().unwrap();
        assert_ne!(code, 0, "{arguments:?}");
        (code, String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

#[test]
fn documents_are_sent_and_a_bad_one_does_not_keep_the_others() {
    let desk = Desk::open("pro");
    let good = "samples/invoice-english.pdf";
    let shown = desk.well(&["extract", good, "samples/receipt.pdf"]);
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[0].starts_with("FILE"), "{shown}");
    assert!(lines[1].starts_with("invoice-english.pdf") && lines[1].contains("INV-2026-0142"));
    assert!(lines[2].contains("receipt"), "{shown}");
    let result = desk.json(&["extract", good, "--type", "invoice", "--language", "en"]);
    assert_eq!(result["data"]["invoiceNumber"], "INV-2026-0142");
    let output = desk.run(&["extract", "samples/corrupt.pdf", good]);
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(stderr.contains("corrupt.pdf") && stderr.contains("1 of 2"), "{stderr}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("INV-2026-0142"));
    let (code, why) = desk.ill(&["extract", "nowhere.pdf"]);
    assert!(code == 1 && why.contains("nowhere.pdf"), "{why}");
}

#[test]
fn a_folder_is_sent_as_one_batch_and_waited_for() {
    let desk = Desk::open("pro");
    let folder = tempfile::tempdir().unwrap();
    for name in ["invoice-english.pdf", "invoice-french.pdf"] {
        std::fs::copy(root().join("samples").join(name), folder.path().join(name)).unwrap();
    }
    std::fs::write(folder.path().join(".hidden"), "left out").unwrap();
    let path = folder.path().to_str().unwrap();
    let shown = desk.well(&["batch", path, "--no-document-events"]);
    assert_eq!(shown.matches("completed").count(), 3, "{shown}");
    assert!(shown.contains("2 succeeded, 0 failed"), "{shown}");
    let batch = desk.json(&["batch", path, "--no-wait"]);
    assert!(batch["id"].as_str().unwrap().starts_with("batch_"));
    std::fs::write(folder.path().join("broken.pdf"), "%PDF-1.7 and no more").unwrap();
    let (code, why) = desk.ill(&["batch", path]);
    assert!(code == 1 && why.contains("1 of 3"), "{why}");
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(desk.ill(&["batch", empty.path().to_str().unwrap()]).0, 2);
}

/// A receiver that answers one request with 204.
fn receiver() -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut read = Vec::new();
        let mut part = [0u8; 4096];
        while !String::from_utf8_lossy(&read).ends_with('}') {
            let size = stream.read(&mut part).unwrap();
            assert_ne!(size, 0, "a whole request");
            read.extend_from_slice(&part[..size]);
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").unwrap();
        String::from_utf8(read).unwrap()
    });
    (url, thread)
}

#[test]
fn an_endpoint_is_made_triggered_followed_changed_and_deleted() {
    let desk = Desk::open("pro");
    let (code, why) = desk.ill(&["trigger", "batch.completed"]);
    assert!(code == 1 && why.contains("no active endpoint"), "{why}");
    let (url, received) = receiver();
    let made = desk.json(&["endpoints", "create", &url, "--event", "extraction.*"]);
    let id = made["id"].as_str().unwrap();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    let listed = desk.well(&["endpoints", "list"]);
    assert!(listed.contains(id) && listed.contains("healthy") && listed.contains(&url));
    let sent = desk.json(&["trigger", "extraction.completed"]);
    let delivery = sent["id"].as_str().unwrap();
    let request = received.join().unwrap();
    assert!(request.contains(&format!("x-parseflow-delivery: {delivery}")), "{request}");
    // The receiver has answered; the log follows with the next commit.
    crate::process::eventually("the delivery succeeds", || {
        desk.json(&["deliveries", "show", delivery, "--endpoint", id])["state"] == "succeeded"
    });
    let log = desk.well(&["deliveries", "list", "--endpoint", id]);
    assert!(log.contains(delivery) && log.contains("204"), "{log}");
    let followed = desk.well(&["deliveries", "tail", "--once", "--endpoint", id]);
    assert!(followed.contains(delivery), "{followed}");
    let shown = desk.well(&["deliveries", "show", delivery, "--endpoint", id]);
    assert!(shown.contains("attempt 1") && shown.contains("succeeded"), "{shown}");
    desk.well(&["deliveries", "retry", delivery, "--endpoint", id]);
    let change = ["endpoints", "update", id, "--disable", "--description", "closed"];
    assert_eq!(desk.json(&change)["isActive"], false);
    assert_eq!(desk.json(&["endpoints", "show", id])["description"], "closed");
    assert_eq!(desk.json(&["endpoints", "update", id, "--enable"])["isActive"], true);
    assert_eq!(desk.json(&["endpoints", "test", id])["event"], "extraction.completed");
    assert_eq!(desk.json(&["endpoints", "pause", id])["status"], "paused");
    assert_eq!(desk.json(&["endpoints", "resume", id])["status"], "healthy");
    assert_eq!(desk.ill(&["endpoints", "activate-secret", id]).0, 1);
    let rotated = desk.json(&["endpoints", "rotate-secret", id, "--overlap-hours", "1"]);
    let (old, new) = (made["secret"].as_str().unwrap(), rotated["secret"].as_str().unwrap());
    assert!(new.starts_with("whsec_") && new != old);
    let activated = desk.json(&["endpoints", "activate-secret", id]);
    assert!(new.ends_with(activated["secretHint"].as_str().unwrap()));
    desk.well(&["endpoints", "delete", id]);
    assert_eq!(desk.ill(&["endpoints", "show", id]).0, 3);
}

/// Until somebody interrupts it, also when nothing happens.
#[test]
fn deliveries_are_followed_until_the_command_is_interrupted() {
    let desk = Desk::open("pro");
    let (url, received) = receiver();
    let made = desk.json(&["endpoints", "create", &url, "--event", "batch.*"]);
    let id = made["id"].as_str().unwrap();
    let mut tail = parseflow()
        .args(["deliveries", "tail", "--json", "--endpoint", id, "--url", &desk.server.url])
        .env("PARSEFLOW_API_KEY", &desk.key)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(tail.stdout.take().unwrap()).lines();
    let sent = desk.json(&["trigger", "batch.completed"]);
    received.join().unwrap();
    let told = lines.find_map(|line| {
        let row: Value = serde_json::from_str(&line.unwrap()).unwrap();
        assert_eq!(row["id"], sent["id"]);
        (row["state"] == "succeeded").then_some(row)
    });
    assert_eq!(told.unwrap()["lastStatus"], 204);
    kill_process(Pid::from_child(&tail), Signal::INT).unwrap();
    assert_eq!(tail.wait().unwrap().code(), Some(0), "an interrupted tail has done its work");
}

#[test]
fn what_ended_without_success_is_counted_and_sent_again() {
    let desk = Desk::open("pro");
    let (url, received) = receiver();
    let made = desk.json(&["endpoints", "create", &url, "--event", "batch.*"]);
    let id = made["id"].as_str().unwrap();
    desk.well(&["endpoints", "update", id, "--disable"]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(root().join("samples/receipt.pdf"), folder.path().join("receipt.pdf")).unwrap();
    desk.well(&["batch", folder.path().to_str().unwrap()]);

    let counted = desk.json(&["recover", "--since", "2h", "--dry-run"]);
    assert_eq!((&counted["count"], &counted["endpoints"][0]["count"]), (&1.into(), &1.into()));
    let shown = desk.well(&["recover", "--since", "2h", "--dry-run", "--endpoint", id]);
    assert!(shown.contains(id) && shown.contains("1 deliveries would be sent again"), "{shown}");
    for (option, value) in [("--status", "exhausted"), ("--event-type", "batch.failed")] {
        let none = desk.json(&["recover", "--since", "2h", "--dry-run", option, value]);
        assert_eq!(none["count"], 0, "{option}");
    }
    let (code, why) = desk.ill(&["recover", "--since", "2h"]);
    assert!(code == 1 && why.contains("endpoint_disabled") && why.contains("1 of 1"), "{why}");
    assert_eq!(desk.ill(&["recover", "--since", "yesterday"]).0, 2);
    assert_eq!(desk.ill(&["recover", "--since", "2h", "--endpoint", "wh_a1b2c3d4e5f6g7h8"]).0, 3);

    desk.well(&["endpoints", "update", id, "--enable"]);
    let done = desk.json(&["recover", "--since", "2h"]);
    let recovery = &done["recoveries"][0];
    assert_eq!((&recovery["status"], &recovery["done"]), (&"completed".into(), &1.into()));
    assert!(received.join().unwrap().contains("x-parseflow-event: batch.completed"));
}

#[test]
fn a_key_is_kept_by_login_and_forgotten_by_logout() {
    let desk = Desk::open("pro");
    let refused = desk.run_with(&["login"], "dm_live_wrong\n", None);
    assert_eq!(refused.status.code(), Some(4));
    let (nothing, none) = (desk.run_with(&["usage"], "", None), "there is no API key");
    assert_eq!(nothing.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains(none));
    let kept = desk.run_with(&["login", "--profile", "work"], &format!("{}\n", desk.key), None);
    assert!(kept.status.success(), "{kept:?}");
    let all = [kept.stdout.as_slice(), kept.stderr.as_slice()].concat();
    assert!(!String::from_utf8_lossy(&all).contains(&desk.key), "the key is not shown");
    let usage = desk.run_with(&["usage", "--profile", "work", "--json"], "", None);
    let usage: Value = serde_json::from_slice(&usage.stdout).unwrap();
    assert_eq!(usage["plan"], "pro");
    let unknown = desk.run_with(&["usage", "--profile", "home"], "", None);
    assert_eq!(unknown.status.code(), Some(3));
    assert!(desk.run_with(&["logout", "--profile", "work"], "", None).status.success());
    let gone = desk.run_with(&["logout", "--profile", "work"], "", None);
    assert_eq!(gone.status.code(), Some(3));
}

#[test]
fn exit_codes_tell_usage_key_and_absence_apart() {
    let desk = Desk::open("free");
    assert_eq!(desk.ill(&["usage", "--url", "nowhere"]).0, 2);
    assert_eq!(desk.ill(&["usage", "--url", "http://127.0.0.1:1"]).0, 1);
    assert_eq!(desk.ill(&["usage", "--api-key", "dm_live_wrong"]).0, 4);
    assert_eq!(desk.ill(&["trigger", "no.such.event"]).0, 2);
    assert_eq!(desk.ill(&["endpoints", "show", "wh_a1b2c3d4e5f6g7h8"]).0, 3);
    let create = ["endpoints", "create", "https://example.com/", "--event", "*"];
    let (code, why) = desk.ill(&create);
    assert!(code == 4 && why.contains("plan_upgrade_required"), "{why}");
    assert!(desk.well(&["usage"]).starts_with("plan       free"));
    assert!(desk.well(&["man"]).contains(".TH parseflow 1"));
}

fn verify(desk: &Desk, arguments: &[&str], body: &str) -> (i32, String) {
    let all = [&["verify", "--secret", SECRET][..], arguments].concat();
    let output = desk.run_with(&all, body, None);
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn verify_says_yes_or_what_went_wrong() {
    let desk = Desk::open("pro");
    let signature = body_signature(SECRET, BODY.as_bytes());
    let (code, said) = verify(&desk, &["--signature", &signature], BODY);
    assert!(code == 0 && said.starts_with("ok"), "{said}");
    let (code, said) = verify(&desk, &["--signature", &signature], &format!("{BODY}\n"));
    assert!(code == 1 && said.contains("newline"), "{said}");
    let spaced = BODY.replace(':', ": ").replace(',', ", ");
    let (code, said) = verify(&desk, &["--signature", &signature, "--json"], &spaced);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &said["genuine"]), (1, &Value::from(false)));
    assert!(said["checks"][0]["detail"].as_str().unwrap().contains("parsed and written again"));
    let old = standard_signature(SECRET, "dlv_1", 1_776_161_100, BODY.as_bytes());
    let standard = ["--webhook-signature", &old, "--webhook-id", "dlv_1"];
    let with_time = [&standard[..], &["--webhook-timestamp", "1776161100"]].concat();
    let (code, said) = verify(&desk, &with_time, BODY);
    assert!(code == 1 && said.contains("s ago"), "{said}");
    assert_eq!(verify(&desk, &standard, BODY).0, 2);
    assert_eq!(verify(&desk, &[], BODY).0, 2);
    let file = desk.config.path().join("body.json");
    std::fs::write(&file, BODY).unwrap();
    let path: &Path = &file;
    let from_file = ["--signature", &signature, "--body", path.to_str().unwrap()];
    assert_eq!(verify(&desk, &from_file, "").0, 0);
}
