//! Owners of failing endpoints are told by e-mail, through a real mail server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::process::{Server, account, eventually, get, root, run, send_json};

const HOOKS: &str = "/api/webhooks/notifications";

/// aiosmtpd with one user, and what it has taken.
struct MailServer {
    port: u16,
    mails: Receiver<String>,
    child: Child,
}

impl MailServer {
    fn start(user: &str, password: &str) -> Self {
        let folder = root().join("e2e/mail");
        let mut child = Command::new(folder.join(".venv/bin/python"))
            .arg(folder.join("server.py"))
            .args([user, password])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("`cargo xtask test` installs what this test needs");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines.next().and_then(|line| line.parse().ok()).expect("it prints its port");
        let (taken, mails) = channel();
        std::thread::spawn(move || lines.for_each(|line| drop(taken.send(line))));
        Self { port, mails, child }
    }

    fn next(&self) -> Value {
        let line = self.mails.recv_timeout(Duration::from_secs(60)).expect("an e-mail comes");
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A receiver that is gone for good; its address.
fn receiver_that_is_gone() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 65_536]);
            let _ = stream.write_all(b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n");
        }
    });
    address
}

#[test]
fn the_owner_of_a_disabled_endpoint_gets_one_email_that_names_it_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let key =
        account(folder.path(), "owner@example.com", &["--plan", "pro", "--scope", "events:write"]);
    let flags = ["--allow-http-targets", "--allow-target", "127.0.0.0/8"];
    let server = Server::start(folder.path(), &flags);
    let address = server.address().to_owned();
    let url = format!("http://{}/hook?token=s3cret", receiver_that_is_gone());
    let hook = json!({"url": url, "events": ["*"], "disableOnGone": true});
    let (_, hook) = send_json("POST", &address, HOOKS, &key, &hook);
    let hook: Value = serde_json::from_str(&hook).unwrap();
    let id = hook["id"].as_str().unwrap();
    let event = json!({"event": "batch.failed", "data": {}});
    send_json("POST", &address, "/api/v1/events", &key, &event);
    let one = format!("{HOOKS}/{id}");
    eventually("it is disabled", || get(&address, &one, &key).1.contains("\"isActive\":false"));
    drop(server);

    let mail_server = MailServer::start("parseflow", "pass word");
    let smtp = format!("smtp://parseflow:pass%20word@127.0.0.1:{}", mail_server.port);
    let log = folder.path().join("log");
    let mut flags = flags.to_vec();
    let from = "ParseFlow <alerts@parseflow.example>";
    flags.extend(["--smtp-url", &smtp, "--smtp-from", from]);
    flags.extend(["--public-url", "https://parseflow.example/", "--log-level", "debug"]);
    let logged = std::fs::File::create(&log).unwrap();
    let server = Server::start_logging(folder.path(), &flags, logged.into());
    let mail = mail_server.next();
    assert_eq!(mail["from"], "alerts@parseflow.example");
    assert_eq!(mail["to"], json!(["owner@example.com"]));
    // Long lines are folded on the way.
    let text = mail["text"].as_str().unwrap().replace("=\r\n", "");
    for part in [
        "Subject: Webhook endpoint 127.0.0.1 was disabled\r\n",
        "From: ParseFlow <alerts@parseflow.example>\r\n",
        &format!("Message-ID: <{id}.disabled."),
        &format!("https://parseflow.example/endpoints/{id}"),
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("s3cret"), "{text}");
    eventually("it is noted", || {
        std::fs::read_to_string(&log).unwrap().contains("its owner was told by e-mail")
    });
    drop(server);
    assert!(!std::fs::read_to_string(&log).unwrap().contains("pass%20word"));

    // The next process knows that the owner was told; the log shows that it is up and looking.
    let again = Server::start(folder.path(), &flags);
    assert_eq!(get(again.address(), &one, &key).0, 200);
    drop(again);
    assert!(mail_server.mails.try_recv().is_err(), "told once");
}

#[test]
fn a_mail_server_without_a_sender_is_refused_and_no_password_is_repeated() {
    let refused = |arguments: &[&str]| {
        let output = run(&[&["settings"], arguments].concat());
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let alone = refused(&["--smtp-url", "smtp://u:s3cret@localhost"]);
    assert!(alone.contains("--smtp-url: needs --smtp-from"), "{alone}");
    let alone = refused(&["--smtp-from", "a@example.com"]);
    assert!(alone.contains("--smtp-from: needs --smtp-url"), "{alone}");
    let wrong = refused(&["--smtp-url", "http://u:s3cret@localhost", "--smtp-from", "a@b.example"]);
    assert!(wrong.contains("--smtp-url: must be a URL such as smtps://"), "{wrong}");
    assert!(!(wrong + &alone).contains("s3cret"));
}
