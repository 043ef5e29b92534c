//! The real binary as a child process, and HTTP to talk to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

pub(crate) use rustix::process::Signal;
use rustix::process::{Pid, kill_process};
use serde_json::Value;

/// No test waits longer than this for anything.
const DEADLINE: Duration = Duration::from_secs(60);

/// The binary, with no settings inherited from whoever runs the tests.
pub(crate) fn parseflow() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parseflow"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PARSEFLOW_") {
            command.env_remove(name);
        }
    }
    command.env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

/// Runs to the end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    parseflow().args(arguments).output().unwrap()
}

/// Runs to the end, which must be a success, and gives standard output.
pub(crate) fn run_well(arguments: &[&str]) -> String {
    let output = run(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A running server; ended when dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    child: Child,
}

impl Server {
    /// Serves from `data` on a free port.
    pub(crate) fn start(data: &Path, arguments: &[&str]) -> Self {
        Self::start_logging(data, arguments, Stdio::null())
    }

    /// The same, with its log going there.
    pub(crate) fn start_logging(data: &Path, arguments: &[&str], log: Stdio) -> Self {
        let listen: &[&str] = match arguments.contains(&"--listen") {
            true => &[],
            false => &["--listen", "127.0.0.1:0"],
        };
        let mut command = parseflow();
        command.arg("serve").args(listen).arg("--data-dir").arg(data).args(arguments);
        Self::spawn(command.stdout(Stdio::piped()).stderr(log))
    }

    /// Runs a command that serves; its standard output must be a pipe.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").expect("one line").to_owned();
        Self { url, child }
    }

    /// `127.0.0.1:1234`.
    pub(crate) fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// A line of what the system says of the process in `/proc`.
    pub(crate) fn proc_line(&self, file: &str, beginning: &str) -> String {
        let text = std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap();
        let line = text.lines().find(|line| line.starts_with(beginning));
        line.unwrap_or_else(|| panic!("no {beginning} in\n{text}")).to_owned()
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for the end.
    pub(crate) fn wait(mut self) -> ExitStatus {
        let mut ended = None;
        eventually("the server ends", || {
            ended = self.child.try_wait().unwrap();
            ended.is_some()
        });
        ended.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks again and again until `holds`, at most a minute.
#[expect(clippy::disallowed_methods, reason = "another process is watched from outside")]
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < DEADLINE, "never: {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Creates an account and gives its key.
pub(crate) fn account(data: &Path, email: &str, arguments: &[&str]) -> String {
    let data = data.to_str().unwrap();
    let create = ["account", "create", "--json", "--data-dir", data, "--email", email];
    let created = run_well(&[&create[..], arguments].concat());
    let created: Value = serde_json::from_str(&created).unwrap();
    assert!(created["accountId"].as_str().unwrap().starts_with("acc_"));
    created["apiKey"].as_str().unwrap().to_owned()
}

/// Status and body of a GET with a key.
pub(crate) fn get(address: &str, path: &str, key: &str) -> (u16, String) {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nX-API-Key: {key}\r\nConnection: close\r\n\r\n"
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    read_answer(&mut stream)
}

/// Status and body of a request with a JSON body.
pub(crate) fn send_json(
    method: &str,
    address: &str,
    path: &str,
    key: &str,
    body: &Value,
) -> (u16, String) {
    let body = body.to_string();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nX-API-Key: {key}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    read_answer(&mut stream)
}

/// Reads an answer to the end of the connection: its status and body.
pub(crate) fn read_answer(stream: &mut TcpStream) -> (u16, String) {
    read_answer_within(stream, DEADLINE)
}

/// The same for answers that are worth more patience.
pub(crate) fn read_answer_within(stream: &mut TcpStream, limit: Duration) -> (u16, String) {
    stream.set_read_timeout(Some(limit)).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").expect("a whole answer");
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}
