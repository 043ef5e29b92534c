//! Every body is a fixed point of `JSON.stringify(JSON.parse(body))` in a real Node process, and
//! Node's own HMAC agrees with our signatures: the documentation's receiver verifies exactly so.
//!
//! The payloads come from a seed. A failure names it; `PARSEFLOW_SEED=…` repeats the run.

mod generator;

use std::hash::{BuildHasher, Hasher};
use std::io::{BufWriter, Read, Write};
use std::process::{Child, Command, Stdio};

use generator::{Seeded, flawed_payload, legal_payload};
use parseflow_webhooks::canonical::to_canonical;
use parseflow_webhooks::signature::{body_signature, standard_signature};
use serde_json::{Value, json};

const PAYLOADS: usize = 100_000;

fn seed() -> u64 {
    match std::env::var("PARSEFLOW_SEED") {
        Ok(text) => text.parse().expect("PARSEFLOW_SEED is a whole number"),
        // The standard library's hasher is keyed by chance: a new seed for every run.
        Err(_) => std::collections::hash_map::RandomState::new().build_hasher().finish(),
    }
}

/// A Node process that reads lines and gives its verdict at the end.
struct Judge {
    child: Child,
    lines: BufWriter<std::process::ChildStdin>,
}

impl Judge {
    fn start(question: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node_fixed_point/judge.js");
        let mut child = Command::new("node")
            .args([script, question])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts: `cargo xtask test` installs it");
        let lines = BufWriter::new(child.stdin.take().expect("stdin is a pipe"));
        Self { child, lines }
    }

    fn show(&mut self, line: &[u8]) {
        assert!(!line.contains(&b'\n'), "a body has no raw line break: {line:?}");
        self.lines.write_all(line).expect("node reads");
        self.lines.write_all(b"\n").expect("node reads");
    }

    /// How many lines it judged and what it objected to.
    fn verdict(mut self) -> (u64, u64, Value) {
        self.lines.flush().expect("node reads to the end");
        drop(self.lines);
        let mut answer = String::new();
        let mut stdout = self.child.stdout.take().expect("stdout is a pipe");
        stdout.read_to_string(&mut answer).expect("node answers in UTF-8");
        assert!(self.child.wait().expect("node ends").success(), "node failed");
        let answer: Value = serde_json::from_str(&answer).expect("node answers in JSON");
        let count = |name: &str| answer[name].as_u64().expect("a count");
        (count("judged"), count("wrong"), answer["examples"].clone())
    }
}

#[test]
fn every_canonical_body_survives_parsing_and_printing_in_node() {
    let seed = seed();
    let mut dice = Seeded::new(seed);
    let mut judge = Judge::start("fixed-point");
    for index in 0..PAYLOADS {
        let payload = legal_payload(&mut dice);
        match to_canonical(&payload) {
            Ok(body) => judge.show(&body),
            Err(error) => {
                panic!("PARSEFLOW_SEED={seed}: payload {index} refused: {error}: {payload}")
            }
        }
    }
    let (judged, wrong, examples) = judge.verdict();
    assert_eq!(judged, PAYLOADS as u64, "PARSEFLOW_SEED={seed}");
    assert_eq!(wrong, 0, "PARSEFLOW_SEED={seed}: {examples:#}");
}

#[test]
fn what_would_not_survive_is_refused() {
    let seed = seed();
    let mut dice = Seeded::new(seed);
    for index in 0..20_000 {
        let (flaw, payload) = flawed_payload(&mut dice);
        assert!(
            to_canonical(&payload).is_err(),
            "PARSEFLOW_SEED={seed}: payload {index} ({flaw:?}) was let through: {payload}"
        );
    }
}

#[test]
fn a_body_read_back_and_written_again_is_the_same_body() {
    let seed = seed();
    let mut dice = Seeded::new(seed);
    for _ in 0..5_000 {
        let body = to_canonical(&legal_payload(&mut dice)).expect("legal payloads are written");
        let again: Value = serde_json::from_slice(&body).expect("a body is JSON");
        // Floats above 2^53 print as integers, which the writer refuses when they come as integers.
        if let Ok(rewritten) = to_canonical(&again) {
            assert_eq!(
                String::from_utf8_lossy(&rewritten),
                String::from_utf8_lossy(&body),
                "PARSEFLOW_SEED={seed}"
            );
        }
    }
}

#[test]
fn node_computes_the_same_signatures_over_what_it_parsed_and_printed() {
    const SECRET_ALPHABET: &[u8] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let seed = seed();
    let mut dice = Seeded::new(seed);
    let mut judge = Judge::start("signatures");
    for index in 0..5_000_i64 {
        let body = to_canonical(&legal_payload(&mut dice)).expect("legal payloads are written");
        let random: String = (0..32).map(|_| char::from(*dice.of(SECRET_ALPHABET))).collect();
        let secret = format!("whsec_{random}");
        let (id, timestamp) = (format!("dlv_{index}"), 1_776_161_100 + index);
        let case = json!({
            "secret": secret, "id": id, "timestamp": timestamp,
            "body": String::from_utf8(body.clone()).expect("a body is UTF-8"),
            "hex": body_signature(&secret, &body),
            "standard": standard_signature(&secret, &id, timestamp, &body),
        });
        judge.show(case.to_string().as_bytes());
    }
    let (judged, wrong, examples) = judge.verdict();
    assert_eq!((judged, wrong), (5_000, 0), "PARSEFLOW_SEED={seed}: {examples:#}");
}

/// The contract's check values, by us and by Node.
#[test]
fn the_documented_check_values_hold() {
    const SECRET: &str = "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456";
    const BODY: &str = r#"{"event":"extraction.completed","timestamp":"2026-04-14T10:05:00Z","data":{"id":"ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678","status":"completed","confidence":0.94}}"#;
    const ID: &str = "dlv_2KWPBgLlAfxdpx2AI54pPJ85f4W";
    let hex = body_signature(SECRET, BODY.as_bytes());
    assert_eq!(hex, "bee88a8c55197b408cbee897ab3f16fbfa7b36d8ebba06c0aa45a684c5f83567");
    let standard = standard_signature(SECRET, ID, 1_776_161_100, BODY.as_bytes());
    assert_eq!(standard, "v1,Tvhe/XoWfuzqNs/sKZ4jm94K59G6HS92TYO5Oqj1cWk=");
    let parsed: Value = serde_json::from_str(BODY).expect("the check body is JSON");
    assert_eq!(to_canonical(&parsed).expect("the check body is legal"), BODY.as_bytes());
    let mut judge = Judge::start("signatures");
    let case = json!({"secret": SECRET, "id": ID, "timestamp": 1_776_161_100, "body": BODY,
                      "hex": hex, "standard": standard});
    judge.show(case.to_string().as_bytes());
    assert_eq!(judge.verdict().1, 0, "Node computes other values");
}

/// A judge that never objects would make the tests above pass for nothing.
#[test]
fn the_judge_objects_to_bodies_that_are_not_fixed_points() {
    let wrong =
        [r#"{"a":1.0}"#, r#"{"a": 1}"#, r#"{"b":1,"1":2}"#, r#"{"a":"\u0041"}"#, r#"{"a":-0}"#];
    let mut judge = Judge::start("fixed-point");
    for line in wrong {
        judge.show(line.as_bytes());
    }
    let (judged, objections, _) = judge.verdict();
    assert_eq!((judged, objections), (5, 5));
}
