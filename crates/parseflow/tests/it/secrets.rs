//! Nothing secret leaves the process by its log, its errors, its figures or a core dump.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::process::{Server, account, eventually, get, send_json};

const HOOKS: &str = "/api/webhooks/notifications";
const TOKEN: &str = "Bearer-gateway-token-4711";
const CONTENT: &str = "Zirkonium-Invoice-Content";

/// A receiver that refuses everything; its address.
fn refusing_receiver() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.read(&mut [0; 65_536]);
            let _ = stream.write_all(b"HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n");
        }
    });
    address
}

#[test]
fn a_whole_run_at_the_most_talkative_level_tells_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let scope = ["--plan", "pro", "--scope", "events:write"];
    let key = account(folder.path(), "owner@example.com", &scope);
    let log = folder.path().join("log");
    let flags = [
        "--log-level",
        "debug",
        "--allow-http-targets",
        "--allow-target",
        "127.0.0.0/8",
        "--retry-schedule",
        "1s",
    ];
    let server = Server::start_logging(folder.path(), &flags, File::create(&log).unwrap().into());
    let address = server.address().to_owned();
    let send = |method: &str, path: &str, key: &str, body: Value| {
        send_json(method, &address, path, key, &body)
    };
    let parsed = |answer: &(u16, String)| serde_json::from_str::<Value>(&answer.1).unwrap();
    let mut secrets = vec![key.clone(), TOKEN.to_owned(), CONTENT.to_owned()];
    secrets.push(fs::read_to_string(folder.path().join("master.key")).unwrap().trim().to_owned());
    let url = format!("http://{}/hook", refusing_receiver());
    let hook = json!({"url": url, "events": ["*"], "headers": {"X-Gateway": TOKEN}});
    let hook = parsed(&send("POST", HOOKS, &key, hook));
    let one = format!("{HOOKS}/{}", hook["id"].as_str().unwrap());
    secrets.push(hook["secret"].as_str().unwrap().to_owned());
    let rotated = parsed(&send("POST", &format!("{one}/rotate-secret"), &key, json!({})));
    secrets.push(rotated["secret"].as_str().unwrap().to_owned());
    let other = parsed(&send("POST", "/api/v1/keys", &key, json!({"name": "second"})));
    secrets.push(other["key"].as_str().unwrap().to_owned());
    let event = json!({"event": "batch.failed", "data": {"text": CONTENT}});
    let published = send("POST", "/api/v1/events", &key, event);
    assert_eq!(published.0, 202, "{}", published.1);
    let deliveries = format!("{one}/deliveries");
    eventually("the delivery is exhausted", || {
        get(&address, &deliveries, &key).1.contains("exhausted")
    });
    let mut answers = vec![get(&address, "/metrics", "").1];
    let wrong: String = key.chars().map(|c| if c == '0' { '1' } else { c }).collect();
    let wrong = wrong.replace("dm_live_", "dm_test_");
    for (method, path, key, body) in [
        ("POST", HOOKS, key.as_str(), json!({"url": url, "events": [CONTENT]})),
        (
            "POST",
            HOOKS,
            key.as_str(),
            json!({"url": "ftp://a", "events": ["*"], "headers": {"Host": TOKEN}}),
        ),
        ("PATCH", one.as_str(), key.as_str(), json!({"headers": {"content-length": TOKEN}})),
        ("GET", HOOKS, wrong.as_str(), json!({})),
        (
            "POST",
            "/api/v1/events",
            key.as_str(),
            json!({"event": "x", "data": {"__proto__": CONTENT}}),
        ),
    ] {
        let (status, body) = send(method, path, key, body);
        assert!((400..500).contains(&status), "{path}: {body}");
        answers.push(body);
    }
    drop(server);
    let log = fs::read_to_string(&log).unwrap();
    assert!(log.contains("attempt made"), "the log is talkative:\n{log}");
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "the log tells {secret}");
        for answer in &answers {
            assert!(!answer.contains(secret.as_str()), "an answer tells {secret}: {answer}");
        }
    }
}

#[test]
fn a_crash_leaves_no_memory_on_disk_unless_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let limit = server.proc_line("limits", "Max core file size");
    let limits: Vec<&str> = limit.split_whitespace().skip(4).take(2).collect();
    assert_eq!(limits, ["0", "0"]);
    drop(server);
    let server = Server::start(folder.path(), &["--core-dumps"]);
    let wanted = server.proc_line("limits", "Max core file size");
    let own = fs::read_to_string("/proc/self/limits").unwrap();
    assert!(own.contains(&wanted), "as the system has it: {wanted}");
}
