//! A database, an account with an endpoint, and nodes that share them.

use std::io::Write;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio_postgres::NoTls;

use crate::process::{Server, eventually, parseflow, root};
use crate::receiver::Receiver;

/// Long enough for a busy machine, short enough to wait for.
const NODE_TIMEOUT: &str = "4s";

/// A database, an account with an endpoint, and nodes that share them.
pub(crate) struct World {
    /// A key that may publish.
    pub(crate) key: String,
    /// Where the account's one endpoint leads.
    pub(crate) receiver: Receiver,
    server: String,
    schema: String,
    folder: TempDir,
    /// The folder of a server of its own.
    own: Option<PathBuf>,
}

fn cluster(command: &str, folder: &Path) -> String {
    let script = root().join("e2e/postgres/cluster.sh");
    let output = Command::new("sh").arg(script).arg(command).arg(folder).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {stderr}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn server() -> String {
    std::env::var("PARSEFLOW_TEST_POSTGRES_URL").expect(
        "PARSEFLOW_TEST_POSTGRES_URL names a PostgreSQL server; `cargo xtask test` starts one",
    )
}

impl World {
    /// On the server that the test runner has started.
    pub(crate) fn new() -> Self {
        Self::on(server(), None)
    }

    /// On a server of its own, which can be crashed.
    pub(crate) fn with_own_server() -> Self {
        let folder = std::env::temp_dir().join(format!("parseflow-own-{}", std::process::id()));
        let server = cluster("start", &folder);
        Self::on(server, Some(folder))
    }

    /// On the server that the test runner has started, with nothing in the database.
    pub(crate) fn empty(port: u16) -> Self {
        Self::bare(server(), None, Receiver::on(port))
    }

    fn bare(server: String, own: Option<PathBuf>, receiver: Receiver) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("master.key"), "5a".repeat(32)).unwrap();
        let schema = format!("nodes_{}", std::process::id());
        let world = Self { key: String::new(), receiver, server, schema, folder, own };
        world.sql(&world.server, &format!("CREATE SCHEMA {}", world.schema));
        world
    }

    fn on(server: String, own: Option<PathBuf>) -> Self {
        let mut world = Self::bare(server, own, Receiver::on(0));
        let created = parseflow()
            .args([
                "account",
                "create",
                "--json",
                "--email",
                "a@example.com",
                "--plan",
                "enterprise",
            ])
            .args(["--requests-per-minute", "unlimited", "--scope", "events:write"])
            .args(["--database-url", &world.url()])
            .output()
            .unwrap();
        assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));
        let created: Value = serde_json::from_slice(&created.stdout).unwrap();
        world.key = created["apiKey"].as_str().unwrap().to_owned();
        let node = world.node("first", &[]);
        let endpoint = serde_json::json!({"url": world.receiver.url(), "events": ["*"]});
        let path = "/api/webhooks/notifications";
        let (status, body) = post(node.address(), path, &world.key, &endpoint.to_string()).unwrap();
        assert_eq!(status, 201, "{body}");
        node.signal(crate::process::Signal::TERM);
        assert!(node.wait().success());
        world
    }

    /// The URL of the database.
    pub(crate) fn url(&self) -> String {
        format!("{}?options=-c%20search_path%3D{}", self.server, self.schema)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A node on a free port.
    pub(crate) fn node(&self, name: &str, arguments: &[&str]) -> Server {
        let url = self.url();
        let key = self.folder().join("master.key");
        let mut all = vec![
            "--database-url",
            &url,
            "--node-timeout",
            NODE_TIMEOUT,
            "--allow-http-targets",
            "--allow-target",
            "127.0.0.0/8",
            "--master-key-file",
            key.to_str().unwrap(),
        ];
        all.extend(arguments);
        Server::start(&self.folder().join(name), &all)
    }

    /// A node on a port that it had before.
    pub(crate) fn node_at(&self, name: &str, address: &str, arguments: &[&str]) -> Server {
        let all: Vec<&str> =
            ["--listen", address].into_iter().chain(arguments.iter().copied()).collect();
        self.node(name, &all)
    }

    /// The server stops in the middle of everything, and starts again.
    pub(crate) fn crash_server(&self) {
        cluster("crash", self.own.as_ref().expect("it has a server of its own"));
    }

    /// The number that a query gives; 0 while the server cannot be asked.
    pub(crate) fn count(&self, query: &str) -> i64 {
        self.runtime().block_on(async {
            let (client, connection) = tokio_postgres::connect(&self.url(), NoTls).await.unwrap();
            tokio::spawn(connection);
            client.query_one(query, &[]).await.unwrap().get(0)
        })
    }

    /// Changes what is in the database.
    pub(crate) fn change(&self, text: &str) {
        self.sql(&self.url(), text);
    }

    fn runtime(&self) -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
    }

    fn sql(&self, url: &str, text: &str) {
        self.runtime().block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(text).await.unwrap();
        });
    }
}

impl Drop for World {
    fn drop(&mut self) {
        match &self.own {
            Some(folder) => drop(cluster("stop", folder)),
            None => {
                let drop = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.schema);
                if !std::thread::panicking() {
                    self.sql(&self.server, &drop);
                }
            }
        }
    }
}

/// Status and body of a POST; `None` when the connection does not live to see them.
pub(crate) fn post(address: &str, path: &str, key: &str, body: &str) -> Option<(u16, String)> {
    send(address, path, key, "application/json", body.as_bytes())
}

/// The same with an `Idempotency-Key`.
pub(crate) fn post_once(
    address: &str,
    path: &str,
    key: &str,
    once: &str,
    body: &str,
) -> Option<(u16, String)> {
    let kind = format!("application/json\r\nIdempotency-Key: {once}");
    send(address, path, key, &kind, body.as_bytes())
}

fn send(address: &str, path: &str, key: &str, kind: &str, body: &[u8]) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    // A node that is stopped does not answer.
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nX-API-Key: {key}\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).ok()?;
    let mut answer = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut answer).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

/// Publishes an event with a number; whether it was acknowledged.
pub(crate) fn publish(address: &str, key: &str, number: u64) -> bool {
    let event = serde_json::json!({"event": "extraction.completed", "data": {"n": number}});
    let answer = post(address, "/api/v1/events", key, &event.to_string());
    answer.is_some_and(|(status, _)| status == 202)
}

/// Sends a text document to be read at once.
pub(crate) fn extract(address: &str, key: &str, text: &[u8]) -> (u16, String) {
    let mut form = b"--edge\r\nContent-Disposition: form-data; name=\"file\"; \
        filename=\"invoice.txt\"\r\nContent-Type: text/plain\r\n\r\n"
        .to_vec();
    form.extend(text);
    form.extend(b"\r\n--edge--\r\n");
    let kind = "multipart/form-data; boundary=edge";
    let mut answer = None;
    eventually("the API answers", || {
        answer = send(address, "/api/v1/extract", key, kind, &form);
        answer.is_some()
    });
    answer.unwrap()
}
