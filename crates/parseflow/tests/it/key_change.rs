//! The master key is changed while the service works: a story told on each database.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use parseflow_webhooks::signature::verify_body;
use serde_json::{Value, json};

use crate::process::{Server, Signal, eventually, run, run_well};

const HOOKS: &str = "/api/webhooks/notifications";
const TOKEN: &str = "gateway-token-4711";

/// A request as it arrived.
struct Arrived {
    head: String,
    body: Vec<u8>,
}

impl Arrived {
    fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    fn number(&self) -> Option<u64> {
        serde_json::from_slice::<Value>(&self.body).unwrap()["data"]["n"].as_u64()
    }
}

type Inbox = Arc<Mutex<Vec<Arrived>>>;

/// A receiver that accepts everything; its URL.
fn receiver(inbox: &Inbox) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let inbox = Arc::clone(inbox);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let inbox = Arc::clone(&inbox);
            std::thread::spawn(move || while receive(&stream, &inbox).is_some() {});
        }
    });
    url
}

fn receive(stream: &TcpStream, inbox: &Inbox) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let mut arrived = Arrived { head, body: Vec::new() };
    let length = arrived.header("content-length")?.parse().ok()?;
    arrived.body = vec![0; length];
    reader.read_exact(&mut arrived.body).ok()?;
    inbox.lock().unwrap().push(arrived);
    let mut stream = stream;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").ok()
}

/// Status, head and body of a request with a JSON body; `None` when the connection ends before.
fn ask(
    address: &str,
    request: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Option<(u16, String, Value)> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut head = format!(
        "{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, head.to_owned(), serde_json::from_str(body).unwrap_or_default()))
}

fn publish(address: &str, key: &str, number: u64) -> bool {
    let event = json!({"event": "batch.completed", "data": {"n": number}});
    let answer = ask(address, "POST /api/v1/events", &[("X-API-Key", key)], &event);
    answer.is_some_and(|(status, ..)| status == 202)
}

/// What stays the same while the key changes.
struct Installation<'a> {
    data: &'a str,
    database: &'a [&'a str],
}

impl Installation<'_> {
    fn arguments<'b>(&'b self, keys: &'b str, more: &[&'b str]) -> Vec<&'b str> {
        let own = ["--data-dir", self.data, "--master-key-file", keys];
        [more, self.database, &own].concat()
    }

    fn serve(&self, keys: &str) -> Server {
        let flags = ["--allow-http-targets", "--allow-target", "127.0.0.0/8"];
        let own = ["--master-key-file", keys];
        Server::start(Path::new(self.data), &[self.database, &flags, &own].concat())
    }

    fn account(&self, keys: &str) -> String {
        let create = ["account", "create", "--json", "--email", "a@example.com", "--plan"];
        let may = ["enterprise", "--requests-per-minute", "unlimited", "--scope", "events:write"];
        let created = run_well(&self.arguments(keys, &[&create[..], &may].concat()));
        let created: Value = serde_json::from_str(&created).unwrap();
        created["apiKey"].as_str().unwrap().to_owned()
    }

    fn rotate(&self, keys: &str) -> Value {
        let told = run_well(&self.arguments(keys, &["rotate-master-key", "--json"]));
        serde_json::from_str(&told).unwrap()
    }

    /// What a command that must fail says.
    fn complaint(&self, keys: &str, command: &[&str]) -> String {
        let output = run(&self.arguments(keys, command));
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

/// Publishes while `work` runs; the numbers acknowledged.
fn under_load(address: &str, key: &str, work: impl FnOnce()) -> Vec<u64> {
    let over = Arc::new(AtomicBool::new(false));
    let publisher = {
        let (over, address, key) = (Arc::clone(&over), address.to_owned(), key.to_owned());
        std::thread::spawn(move || {
            let numbers = (1..).take_while(|_| !over.load(Ordering::Relaxed));
            numbers.filter(|number| publish(&address, &key, *number)).collect()
        })
    };
    work();
    over.store(true, Ordering::Relaxed);
    publisher.join().unwrap()
}

/// Served with the old key, then with both while everything is encrypted anew, then with the new key
/// alone: everything acknowledged arrives, and everything that arrives verifies.
pub(crate) fn loses_nothing(data: &Path, database: &[&str]) {
    let keys = tempfile::tempdir().unwrap();
    let file = |name: &str, byte: &str| {
        let path = keys.path().join(name);
        std::fs::write(&path, byte.repeat(32)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (old, new, other) = (file("old", "0a"), file("new", "0b"), file("other", "0c"));
    let both = format!("{new},{old}");
    let installation = Installation { data: data.to_str().unwrap(), database };
    let key = installation.account(&old);
    let api_key = ("X-API-Key", key.as_str());
    let inbox = Inbox::default();

    let server = installation.serve(&old);
    let address = server.address().to_owned();
    let headers = json!({"X-Gateway": TOKEN});
    let hook = json!({"url": receiver(&inbox), "events": ["*"], "headers": headers});
    let once = [api_key, ("Idempotency-Key", "the-hook")];
    let register = |address: &str| ask(address, &format!("POST {HOOKS}"), &once, &hook).unwrap();
    let (status, _, registered) = register(&address);
    assert_eq!(status, 201, "{registered}");
    let rotate = format!("POST {HOOKS}/{}/rotate-secret", registered["id"].as_str().unwrap());
    let (status, _, rotated) = ask(&address, &rotate, &[api_key], &json!({})).unwrap();
    assert_eq!(status, 200, "{rotated}");
    let sign_in = json!({"apiKey": key});
    let (status, head, _) = ask(&address, "POST /api/session", &[], &sign_in).unwrap();
    assert_eq!(status, 200, "{head}");
    let cookie = head.to_ascii_lowercase().find("set-cookie: ").unwrap() + "set-cookie: ".len();
    let cookie = head[cookie..].split(';').next().unwrap();
    server.signal(Signal::TERM);
    assert!(server.wait().success());

    let server = installation.serve(&both);
    let address = server.address().to_owned();
    let (status, ..) =
        ask(&address, "GET /api/session", &[("Cookie", cookie)], &Value::Null).unwrap();
    assert_eq!(status, 200, "who signed in stays signed in");
    let mut acknowledged = under_load(&address, &key, || {
        eventually("events arrive", || inbox.lock().unwrap().len() > 5);
        let told = installation.rotate(&both);
        // The secret, the pending one, the headers, the answer to the registration.
        assert_eq!(told["encryptedAnew"], 4, "{told}");
        assert_eq!(told["removableKeys"].as_array().unwrap().len(), 1, "{told}");
        assert_eq!(installation.rotate(&both)["encryptedAnew"], 0, "it is done");
        let seen = inbox.lock().unwrap().len();
        eventually("events arrive again", || inbox.lock().unwrap().len() > seen + 5);
    });
    server.signal(Signal::KILL);
    server.wait();

    let server = installation.serve(&new);
    let address = server.address().to_owned();
    assert!(publish(&address, &key, 1_000_000_000));
    acknowledged.push(1_000_000_000);
    eventually("everything acknowledged arrives", || {
        let numbers: Vec<_> = inbox.lock().unwrap().iter().filter_map(Arrived::number).collect();
        acknowledged.iter().all(|number| numbers.contains(number))
    });
    for arrived in inbox.lock().unwrap().iter() {
        let verifies = |secret: &Value, header: &str| {
            let signature = arrived.header(header).unwrap();
            verify_body(secret["secret"].as_str().unwrap(), &arrived.body, signature)
        };
        assert!(verifies(&registered, "X-ParseFlow-Signature"), "{}", arrived.head);
        assert!(verifies(&rotated, "X-ParseFlow-Signature-Next"), "{}", arrived.head);
        assert_eq!(arrived.header("X-Gateway"), Some(TOKEN));
    }
    let (status, _, repeated) = register(&address);
    assert_eq!((status, &repeated), (201, &registered), "the kept answer opens");
    server.signal(Signal::TERM);
    assert!(server.wait().success());
    a_wrong_key_is_told(&installation, &other);
}

fn a_wrong_key_is_told(installation: &Installation<'_>, other: &str) {
    let told = installation.complaint(other, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(told.contains("the secret of wh_"), "{told}");
    assert!(told.contains("is encrypted with the master key"), "{told}");
    assert!(told.contains("--master-key-file"), "{told}");
    let told = installation.complaint(other, &["rotate-master-key"]);
    assert!(told.contains("4 values were left as they are: the secret of wh_"), "{told}");
}
