//! The documentation's own receivers: a real Express app and a real Flask app.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{Answer, Client, eventually};

/// A running receiver; ended when dropped, or with the test's process.
#[derive(Debug)]
pub(crate) struct Receiver {
    child: Child,
    pub(crate) client: Client,
    said: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    /// The page's Node sample in Express.
    pub(crate) fn express() -> Self {
        let mut command = Command::new("node");
        command.arg("server.js").current_dir(folder("express", "node_modules"));
        Self::start(command)
    }

    /// The page's complete Python example in Flask.
    pub(crate) fn flask() -> Self {
        let folder = folder("flask", ".venv");
        let mut command = Command::new(folder.join(".venv/bin/python"));
        command.args(["-u", "app.py"]).current_dir(folder);
        Self::start(command)
    }

    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the receiver starts: `cargo xtask test` installs what it needs");
        let mut lines = BufReader::new(child.stdout.take().expect("stdout is a pipe")).lines();
        let first = lines.next().and_then(Result::ok).unwrap_or_default();
        let base = first.strip_prefix("listening on ").expect("it says its address first");
        let client = Client::anonymous(base);
        let said = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                shared.lock().expect("no thread panicked").push(line);
            }
        });
        Self { child, client, said }
    }

    /// Where the page's samples listen.
    pub(crate) fn url(&self) -> String {
        format!("{}/webhooks/parseflow", self.client.base)
    }

    pub(crate) fn set_secret(&self, secret: &str) {
        self.client.post("/control/secret", &json!(secret)).expect(200);
    }

    /// The next requests are answered so, whatever they hold.
    pub(crate) fn answer_next(&self, statuses: &[u16]) {
        self.client.post("/control/answers", &json!(statuses)).expect(200);
    }

    /// The next request is answered so, with this value of `Retry-After`.
    pub(crate) fn postpone_next(&self, status: u16, retry_after: &str) {
        let answer = json!({"status": status, "headers": {"Retry-After": retry_after}});
        self.client.post("/control/answers", &json!([answer])).expect(200);
    }

    /// Everything received so far: headers, body, the status answered and the verdict of the
    /// `standardwebhooks` library.
    pub(crate) fn requests(&self) -> Vec<Value> {
        let list = self.client.get("/control/requests").expect(200).json();
        list.as_array().expect("a list").clone()
    }

    #[track_caller]
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Value> {
        eventually(&format!("{count} requests arrive"), || {
            let requests = self.requests();
            (requests.len() >= count).then_some(requests)
        })
    }

    /// Waits until each of these events has arrived at least once.
    #[track_caller]
    pub(crate) fn wait_for_events(&self, events: &[&str]) -> Vec<Value> {
        eventually(&format!("{events:?} arrive"), || {
            let requests = self.requests();
            let came = |event: &&str| {
                requests.iter().any(|request| request["headers"]["x-parseflow-event"] == **event)
            };
            events.iter().all(came).then_some(requests)
        })
    }

    /// Waits until the receiver has printed this line.
    #[track_caller]
    pub(crate) fn wait_until_it_says(&self, line: &str) {
        eventually(&format!("the receiver prints {line:?}"), || {
            let said = self.said.lock().expect("no thread panicked");
            said.iter().any(|said| said == line).then_some(())
        });
    }

    /// Posts to the receiver as anybody could.
    pub(crate) fn forge(&self, body: &str, signature: &str) -> Answer {
        let headers = [("Content-Type", "application/json"), ("X-ParseFlow-Signature", signature)];
        self.client.send("POST", "/webhooks/parseflow", &headers, body.as_bytes())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder(name: &str, installed: &str) -> PathBuf {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../e2e/receivers"));
    let folder = root.join(name);
    assert!(
        folder.join(installed).exists(),
        "{} is not prepared: run `cargo xtask test`, which installs what the tests need",
        folder.display()
    );
    folder
}
