//! The real service with a language model beside it: what it says is in the result where the page prints it, its key is nowhere,
//! and without it documents are read all the same.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

use crate::process::{Server, account, read_answer_within, run_well};

const KEY: &str = "sk-model-key-4711";
const DOCUMENT: &str = "INVOICE\nNorthwind Tools Ltd\nHanded over by the depot\n\
    Invoice number: NT-2041\nTotal: 51.60 GBP\n";

/// A model that answers every question with the same content; its address.
fn model(content: &Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let message = json!({"role": "assistant", "content": content.to_string()});
    let body = json!({"choices": [{"index": 0, "message": message}]}).to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = Vec::new();
            // The document stands at the end of the question; after it comes the schema.
            while !String::from_utf8_lossy(&request).contains("additionalProperties") {
                let mut piece = [0; 65_536];
                match stream.read(&mut piece) {
                    Ok(0) | Err(_) => break,
                    Ok(count) => request.extend_from_slice(&piece[..count]),
                }
            }
            let has_key = String::from_utf8_lossy(&request).contains(&format!("Bearer {KEY}"));
            let status = if has_key { "200 OK" } else { "401 No" };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(body.as_bytes());
        }
    });
    url
}

fn extract(server: &Server, key: &str) -> Value {
    let schema = r#"{"type":"object","properties":{"courier":{"type":"string"},"total":{"type":"number"},"driver":{"type":"string"}}}"#;
    extract_by(server, key, DOCUMENT, schema)
}

/// The finished result of a text document, read by a schema.
pub(crate) fn extract_by(server: &Server, key: &str, document: &str, schema: &str) -> Value {
    let part = |name: &str, text: &str| {
        format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let file = format!(
        "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
         Content-Type: text/plain\r\n\r\n{document}\r\n--part--\r\n"
    );
    let body = part("schema", schema) + &file;
    let address = server.address();
    let request = format!(
        "POST /api/v1/extract HTTP/1.1\r\nHost: {address}\r\nX-API-Key: {key}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary=part\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let (status, answer) = read_answer_within(&mut stream, Duration::from_secs(300));
    assert_eq!(status, 200, "{answer}");
    serde_json::from_str(&answer).unwrap()
}

/// The codes of its warnings.
pub(crate) fn codes(result: &Value) -> Vec<&str> {
    let warnings = result["warnings"].as_array().unwrap();
    warnings.iter().map(|warning| warning["code"].as_str().unwrap()).collect()
}

#[test]
fn what_a_model_finds_on_the_page_is_in_the_result_and_its_key_is_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let key = account(folder.path(), "owner@example.com", &["--plan", "pro"]);
    let url = model(&json!({"courier": "the depot", "total": 51.6, "driver": "Mallory"}));
    let log = folder.path().join("log");
    let file = folder.path().join("parseflow.toml");
    let settings = format!("model-url = {url:?}\nmodel-name = \"tiny\"\nmodel-key = {KEY:?}\n");
    fs::write(&file, settings).unwrap();
    let config = ["--config", file.to_str().unwrap()];
    let flags = [&config[..], &["--log-level", "debug"]].concat();
    let server = Server::start_logging(folder.path(), &flags, File::create(&log).unwrap().into());
    let result = extract(&server, &key);
    assert_eq!(result["data"]["courier"], "the depot");
    assert_eq!(result["data"]["driver"], Value::Null);
    let fields = result["fields"].as_array().unwrap();
    let field = fields.iter().find(|field| field["name"] == "courier").unwrap();
    assert_eq!((&field["source"], &field["page"]), (&json!("model"), &json!(1)));
    assert!(codes(&result).contains(&"model_not_on_page"), "{result}");
    drop(server);
    let log = fs::read_to_string(&log).unwrap();
    assert!(!log.contains(KEY) && !log.contains("Mallory"), "{log}");
    let shown = run_well(&[&["settings"], &config[..]].concat());
    assert!(shown.contains("***") && !shown.contains(KEY), "{shown}");
}

#[test]
fn a_document_is_read_without_its_model() {
    let folder = tempfile::tempdir().unwrap();
    let key = account(folder.path(), "owner@example.com", &["--plan", "pro"]);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{closed}/v1");
    let flags = ["--model-url", url.as_str(), "--model-name", "tiny"];
    let server = Server::start(folder.path(), &flags);
    let result = extract(&server, &key);
    assert_eq!((&result["status"], &result["data"]["total"]), (&json!("completed"), &json!(51.6)));
    assert!(codes(&result).contains(&"model_unavailable"), "{result}");
}
