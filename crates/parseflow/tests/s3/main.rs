//! The real binary with its documents in an S3-compatible store.

#![expect(clippy::unwrap_used, reason = "what cannot be prepared fails the test")]
#![expect(dead_code, reason = "the process module is shared with other tests")]

#[path = "../it/process.rs"]
mod process;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use process::{account, parseflow, root};

fn store() -> String {
    std::env::var("PARSEFLOW_TEST_S3_URL")
        .expect("PARSEFLOW_TEST_S3_URL names a store; `cargo xtask test` starts one")
}

/// Status and body of a request to the store.
fn ask(method: &str, path: &str) -> String {
    let address = store().strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn with_keys(command: &mut Command) -> &mut Command {
    command
        .env("AWS_ENDPOINT_URL_S3", store())
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
}

#[test]
fn documents_are_read_from_the_store_and_removed_from_it() {
    let bucket = format!("parseflow-{}", std::process::id());
    assert!(ask("PUT", &format!("/{bucket}")).starts_with("HTTP/1.1 200"));
    let place = format!("s3://{bucket}/documents");
    let folder = tempfile::tempdir().unwrap();
    let key = account(folder.path(), "a@example.com", &["--plan", "enterprise"]);
    let mut doctor = parseflow();
    doctor.args(["doctor", "--data-dir"]).arg(folder.path()).args(["--object-store", &place]);
    let examined = with_keys(&mut doctor).output().unwrap();
    let examined = String::from_utf8(examined.stdout).unwrap();
    assert!(examined.contains(&format!("{place} answers")), "{examined}");

    let mut serve = parseflow();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--object-store", &place, "--data-dir"]);
    let serve = with_keys(&mut serve).arg(folder.path()).stdout(Stdio::piped());
    let server = process::Server::spawn(serve.stderr(Stdio::null()));
    let sample = root().join("samples/invoice-english.pdf");
    let read = parseflow()
        .args(["extract", "--json", "--url", &server.url, "--api-key", &key])
        .arg(&sample)
        .output()
        .unwrap();
    let read = String::from_utf8(read.stdout).unwrap();
    assert!(read.contains("\"completed\""), "{read}");
    let listed = ask("GET", &format!("/{bucket}?list-type=2"));
    assert!(!listed.contains("<Key>"), "what has been read is removed: {listed}");
    drop(server);
    assert!(!folder.path().join("documents").exists(), "nothing was kept in the folder");
}

#[test]
fn a_store_without_keys_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = parseflow();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--object-store", "s3://bucket", "--data-dir"]);
    let output = serve.arg(folder.path()).env_remove("AWS_ACCESS_KEY_ID").output().unwrap();
    assert!(!output.status.success());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("AWS_ACCESS_KEY_ID"), "{stderr}");
}
