//! Commands that use a service.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::{Transcript, is_as_before};
use crate::client::Desk;
use crate::process::eventually;

const NOBODY: &str = "http://127.0.0.1:1";
const UNKNOWN: &str = "wh_a1b2c3d4e5f6g7h8";
const SECRET: &str = "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456";
/// Of `docs/verification.md`.
const BODY: &str = "{\"event\":\"extraction.completed\",\"timestamp\":\"2026-04-14T10:05:00Z\",\"data\":{\"id\":\"ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678\",\"status\":\"completed\",\"confidence\":0.94}}";
const SIGNATURE: &str = "bee88a8c55197b408cbee897ab3f16fbfa7b36d8ebba06c0aa45a684c5f83567";
const STANDARD: &str = "v1,Tvhe/XoWfuzqNs/sKZ4jm94K59G6HS92TYO5Oqj1cWk=";

/// A service, the commands that were run on it and what they printed.
struct Scene {
    desk: Desk,
    transcript: Transcript,
}

impl Scene {
    fn open() -> Self {
        let desk = Desk::open("pro");
        let mut transcript = Transcript::default();
        transcript.name(&desk.server.url, "http://SERVICE");
        Self { desk, transcript }
    }

    fn run(&mut self, arguments: &[&str]) {
        let key = self.desk.key.clone();
        self.run_with(arguments, "", Some(&key));
    }

    fn run_both(&mut self, arguments: &[&str]) {
        self.run(arguments);
        self.run(&[arguments, &["--json"]].concat());
    }

    fn run_with(&mut self, arguments: &[&str], stdin: &str, key: Option<&str>) {
        let output = self.desk.run_with(arguments, stdin, key);
        self.transcript.add(arguments, &output);
    }

    /// Shows a new secret's last characters as `xxxx`.
    fn run_hiding_the_hint(&mut self, arguments: &[&str]) {
        let output = self.desk.run_with(arguments, "", Some(&self.desk.key));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().find(|line| line.starts_with("secretHint ")).unwrap();
        let hint = line.rsplit(' ').next().unwrap();
        self.transcript.name(&format!(" {hint}"), " xxxx");
        self.transcript.add(arguments, &output);
    }

    /// Waits until the delivery has had its first attempt.
    fn tried(&self, endpoint: &str, delivery: &str) {
        eventually("the delivery is tried", || {
            let shown = self.desk.json(&["deliveries", "show", delivery, "--endpoint", endpoint]);
            shown["attemptCount"] == 1 && shown["state"] != "pending"
        });
    }
}

/// Answers one request: 204, nothing more.
fn receiver() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut read, mut part) = (Vec::new(), [0u8; 4096]);
        while !read.ends_with(b"}") {
            let size = stream.read(&mut part).unwrap();
            assert_ne!(size, 0, "a whole request");
            read.extend_from_slice(&part[..size]);
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").unwrap();
    });
    url
}

fn documents(scene: &mut Scene) {
    scene.transcript.heading("Documents");
    scene.run(&["extract", "samples/invoice-english.pdf", "samples/receipt.pdf"]);
    scene.run(&["extract", "samples/receipt.pdf", "--json"]);
    scene.run(&["extract", "samples/corrupt.pdf", "samples/receipt.pdf"]);
    scene.run(&["extract", "samples/encrypted.pdf", "--json"]);
    scene.run(&["extract", "nowhere.pdf"]);
    scene.run(&["extract", "samples/receipt.pdf", "--type", "novel"]);
    scene.run(&["extract", "samples/receipt.pdf", "--language", "elvish"]);
    scene.run(&["extract"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    scene.transcript.name(path, "FOLDER");
    scene.run(&["batch", path]);
    std::fs::copy(crate::process::root().join("samples/receipt.pdf"), folder.path().join("a.pdf"))
        .unwrap();
    scene.run_both(&["batch", path, "--no-document-events"]);
    scene.run(&["batch", path, "--no-wait"]);
    std::fs::write(folder.path().join("b.pdf"), "%PDF-1.7 and no more").unwrap();
    scene.run(&["batch", path]);
    scene.run(&["batch", "no-such-folder"]);
}

fn endpoints(scene: &mut Scene) -> String {
    scene.transcript.heading("Endpoints");
    scene.run(&["endpoints", "create", "ftp://example.com", "--event", "*"]);
    scene.run(&["endpoints", "create", "http://10.0.0.1/hook", "--event", "*"]);
    scene.run(&["endpoints", "create", "https://example.com", "--event", "no.such.event"]);
    scene.run(&["endpoints", "create", "https://example.com"]);
    let made = ["endpoints", "create", "http://127.0.0.1:9/hook", "--event", "batch.*"];
    scene.run(&made);
    let made = scene.desk.json(&["endpoints", "list"]);
    let id = made[0]["id"].as_str().unwrap().to_owned();
    // The last characters of its secret, in a column of their own.
    let hint = made[0]["secretHint"].as_str().unwrap();
    scene.transcript.name(&format!("secretHint           {hint}"), "secretHint           xxxx");
    scene.transcript.name(&format!("\"secretHint\":\"{hint}\""), "\"secretHint\":\"xxxx\"");
    scene.run_both(&["endpoints", "list"]);
    scene.run_both(&["endpoints", "show", &id]);
    scene.run(&["endpoints", "update", &id, "--description", "accounting", "--json"]);
    scene.run(&["endpoints", "update", &id]);
    scene.run(&["endpoints", "update", &id, "--enable", "--disable"]);
    scene.run(&["endpoints", "pause", &id]);
    scene.run(&["endpoints", "resume", &id, "--json"]);
    scene.run(&["endpoints", "activate-secret", &id]);
    id
}

fn deliveries(scene: &mut Scene, dead: &str) {
    scene.transcript.heading("Events and deliveries");
    scene.run(&["trigger", "extraction.completed"]);
    scene.run(&["trigger", "no.such.event"]);
    scene.run_both(&["deliveries", "list", "--endpoint", dead]);
    let sent = scene.desk.json(&["trigger", "batch.completed", "--endpoint", dead]);
    let delivery = sent["id"].as_str().unwrap().to_owned();
    scene.tried(dead, &delivery);
    scene.run(&["deliveries", "list", "--endpoint", dead]);
    scene.run(&["deliveries", "show", &delivery, "--endpoint", dead]);
    scene.run_both(&["deliveries", "tail", "--once", "--endpoint", dead]);

    let url = receiver();
    scene.transcript.name(&url, "http://RECEIVER/hook");
    let alive = scene.desk.json(&["endpoints", "create", &url, "--event", "quota.*"]);
    let alive = alive["id"].as_str().unwrap();
    scene.run(&["trigger", "quota.warning"]);
    let log = scene.desk.json(&["deliveries", "list", "--endpoint", alive]);
    let delivery = log["deliveries"][0]["id"].as_str().unwrap().to_owned();
    scene.tried(alive, &delivery);
    scene.run(&["deliveries", "show", &delivery, "--endpoint", alive]);
    scene.run(&["endpoints", "delete", alive]);

    scene.run(&["deliveries", "show", "dlv_unknown", "--endpoint", dead]);
    scene.run(&["deliveries", "retry", "dlv_unknown", "--endpoint", dead]);
    scene.run(&["deliveries", "list"]);
}

fn recovering(scene: &mut Scene, id: &str) {
    scene.transcript.heading("After an outage");
    scene.run_both(&["recover", "--since", "2h", "--dry-run"]);
    scene.run(&["recover", "--since", "2h"]);
    scene.run(&["recover", "--since", "yesterday"]);
    scene.run(&["recover", "--since", "2h", "--until", "3h"]);
    scene.run(&["recover", "--since", "2h", "--status", "lost"]);
    scene.run(&["recover", "--since", "2h", "--endpoint", UNKNOWN]);
    scene.desk.json(&["endpoints", "update", id, "--disable"]);
    scene.run(&["recover", "--since", "2h", "--endpoint", id]);
    scene.run(&["endpoints", "test", id]);
    scene.run(&["trigger", "batch.failed"]);
    scene.run(&["endpoints", "update", id, "--enable"]);
}

fn remaining(scene: &mut Scene, id: &str) {
    scene.transcript.heading("Endpoints, to their end");
    scene.run(&["endpoints", "rotate-secret", id, "--overlap-hours", "1000"]);
    scene.run_hiding_the_hint(&["endpoints", "rotate-secret", id, "--overlap-hours", "1"]);
    scene.run_hiding_the_hint(&["endpoints", "activate-secret", id]);
    scene.run(&["endpoints", "test", id, "--event", "no.such.event"]);
    scene.run(&["endpoints", "test", id]);
    let log = scene.desk.json(&["deliveries", "list", "--endpoint", id]);
    let delivery = log["deliveries"][0]["id"].as_str().unwrap().to_owned();
    scene.tried(id, &delivery);
    scene.run(&["deliveries", "retry", &delivery, "--endpoint", id]);
    scene.run(&["endpoints", "delete", id]);
    for command in ["show", "update", "test", "pause", "resume", "rotate-secret", "delete"] {
        scene.run(&["endpoints", command, id]);
    }
    scene.run(&["deliveries", "tail", "--once", "--endpoint", id]);
}

fn verifying(scene: &mut Scene) {
    scene.transcript.heading("Signatures");
    let verify = |scene: &mut Scene, arguments: &[&str], body: &str| {
        scene.run_with(&[&["verify"], arguments].concat(), body, None);
    };
    let own = ["--secret", SECRET, "--signature", SIGNATURE];
    verify(scene, &own, BODY);
    verify(scene, &[&own[..], &["--json"]].concat(), BODY);
    verify(scene, &own, &format!("{BODY}\n"));
    verify(scene, &own, &BODY.replace(':', ": "));
    verify(scene, &own, &BODY.replace("0.94", "0.95"));
    verify(scene, &["--secret", SECRET, "--signature", &SIGNATURE.to_uppercase()], BODY);
    verify(scene, &["--secret", SECRET, "--signature", "sha256=00"], BODY);
    let other = "whsec_00000000000000000000000000000000";
    verify(scene, &["--secret", other, "--signature", SIGNATURE, "--json"], BODY);
    let standard = ["--secret", SECRET, "--webhook-signature", STANDARD];
    let with_id = [&standard[..], &["--webhook-id", "dlv_2KWPBgLlAfxdpx2AI54pPJ85f4W"]].concat();
    verify(scene, &[&with_id[..], &["--webhook-timestamp", "1776161100"]].concat(), BODY);
    verify(scene, &with_id, BODY);
    verify(scene, &["--secret", SECRET], BODY);
    verify(scene, &[&own[..], &["--body", "no-such-file"]].concat(), "");
}

fn profiles(scene: &mut Scene) {
    scene.transcript.heading("Profiles and keys");
    let key = format!("{}\n", scene.desk.key);
    scene.run_with(&["login"], "dm_live_wrong\n", None);
    scene.run_with(&["login"], "", None);
    scene.run_with(&["login", "--url", "nowhere"], &key, None);
    scene.run_with(&["login", "--url", NOBODY], &key, None);
    scene.run_with(&["login", "--profile", "work"], &key, None);
    scene.run_with(&["usage", "--profile", "work"], "", None);
    scene.run_with(&["usage", "--profile", "nobody"], "", None);
    scene.run_with(&["logout", "--profile", "work"], "", None);
    scene.run_with(&["logout", "--profile", "work"], "", None);
    scene.run_with(&["usage"], "", None);
}

/// Every command, where the service is not there and where it refuses the key.
fn refused(scene: &mut Scene) {
    let commands: [&[&str]; 19] = [
        &["extract", "samples/receipt.pdf"],
        &["batch", "samples"],
        &["endpoints", "list"],
        &["endpoints", "create", "https://example.com", "--event", "*"],
        &["endpoints", "show", UNKNOWN],
        &["endpoints", "update", UNKNOWN, "--description", "new"],
        &["endpoints", "delete", UNKNOWN],
        &["endpoints", "test", UNKNOWN],
        &["endpoints", "pause", UNKNOWN],
        &["endpoints", "resume", UNKNOWN],
        &["endpoints", "rotate-secret", UNKNOWN],
        &["endpoints", "activate-secret", UNKNOWN],
        &["deliveries", "list", "--endpoint", UNKNOWN],
        &["deliveries", "show", "dlv_unknown", "--endpoint", UNKNOWN],
        &["deliveries", "retry", "dlv_unknown", "--endpoint", UNKNOWN],
        &["deliveries", "tail", "--endpoint", UNKNOWN],
        &["listen", "--forward-to", "http://localhost:3000"],
        &["recover", "--since", "2h"],
        &["usage"],
    ];
    scene.transcript.heading("A key that is refused");
    for command in commands {
        scene.run(&[command, &["--api-key", "dm_live_wrong"]].concat());
    }
    scene.run(&["trigger", "batch.completed", "--api-key", "dm_live_wrong"]);
    scene.transcript.heading("A service that is not there");
    for command in commands {
        scene.run(&[command, &["--url", NOBODY]].concat());
    }
    scene.run(&["trigger", "batch.completed", "--url", NOBODY]);
    scene.transcript.heading("Command lines that cannot be used");
    scene.run(&["listen", "--forward-to", "localhost:3000"]);
    scene.run(&["listen"]);
    scene.run(&["usage", "--url", "nowhere"]);
    scene.run(&["usage", "--yaml"]);
    scene.run(&["no-such-command"]);
}

#[test]
fn what_commands_on_a_service_print_and_how_they_end_is_as_before() {
    let mut scene = Scene::open();
    scene.transcript.heading("Usage");
    scene.run_both(&["usage"]);
    documents(&mut scene);
    let id = endpoints(&mut scene);
    deliveries(&mut scene, &id);
    recovering(&mut scene, &id);
    remaining(&mut scene, &id);
    verifying(&mut scene);
    profiles(&mut scene);
    refused(&mut scene);
    scene.transcript.heading("An account whose plan has no webhooks");
    let free = Desk::open("free");
    for command in [
        &["endpoints", "create", "https://example.com", "--event", "*"][..],
        &["listen", "--forward-to", "http://localhost:3000"],
    ] {
        let output = free.run_with(command, "", Some(&free.key));
        scene.transcript.add(command, &output);
    }
    is_as_before("remote.txt", &scene.transcript.text);
}
