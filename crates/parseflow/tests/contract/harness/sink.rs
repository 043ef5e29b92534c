//! A receiver that shows exactly what came over the wire, and answers as it is told.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::Value;

use super::{eventually, now};

/// One request as received.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// `POST /path?query HTTP/1.1`
    pub(crate) request_line: String,
    /// Names as sent, in their order.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) at: Instant,
}

impl Received {
    /// Every value of this header.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let same = |(n, _): &&(String, String)| n.eq_ignore_ascii_case(name);
        self.headers.iter().filter(same).map(|(_, value)| value.as_str()).collect()
    }

    /// The header's one value.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let values = self.headers(name);
        assert_eq!(values.len(), 1, "{name}: {values:?}");
        values[0]
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// The event's type, by the body.
    #[track_caller]
    pub(crate) fn event(&self) -> String {
        self.json()["event"].as_str().expect("an event has a type").to_owned()
    }
}

/// What to answer.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Status(u16),
    /// A status with one header and a body.
    Full(u16, &'static str, String, String),
    /// Nothing: the connection stays open and silent.
    Silence,
    /// Nothing: the connection ends.
    Close,
}

#[derive(Debug)]
struct State {
    received: Vec<Received>,
    replies: VecDeque<Reply>,
    then: Reply,
}

/// A listening receiver. Its threads end with the test's process.
#[derive(Debug, Clone)]
pub(crate) struct Sink {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Sink {
    /// Answers every request with this status.
    pub(crate) fn answering(status: u16) -> Self {
        Self::replying(&[], Reply::Status(status))
    }

    /// Answers with `replies` first, with `then` ever after.
    pub(crate) fn replying(replies: &[Reply], then: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let replies = replies.iter().cloned().collect();
        let state = Arc::new(Mutex::new(State { received: Vec::new(), replies, then }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || serve(&stream, &state));
            }
        });
        Self { port, state }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// From now on answers with this status.
    pub(crate) fn answer_from_now_on(&self, status: u16) {
        let mut state = self.state.lock().expect("no thread panicked");
        state.replies.clear();
        state.then = Reply::Status(status);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.lock().expect("no thread panicked").received.clone()
    }

    /// All requests, once there are at least `count`.
    #[track_caller]
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Received> {
        eventually(&format!("{count} requests arrive"), || {
            let received = self.received();
            (received.len() >= count).then_some(received)
        })
    }

    /// The first request with this event.
    #[track_caller]
    pub(crate) fn wait_for_event(&self, event: &str) -> Received {
        eventually(&format!("{event} arrives"), || {
            self.received().into_iter().find(|received| received.event() == event)
        })
    }
}

fn serve(stream: &TcpStream, state: &Mutex<State>) {
    let Ok(mut writer) = stream.try_clone() else { return };
    let mut reader = BufReader::new(stream);
    while let Some(received) = read_request(&mut reader) {
        let reply = {
            let mut state = state.lock().expect("no thread panicked");
            state.received.push(received);
            let next = state.replies.pop_front();
            next.unwrap_or_else(|| state.then.clone())
        };
        let (status, header, body) = match reply {
            Reply::Status(status) => (status, String::new(), String::new()),
            Reply::Full(status, name, value, body) => {
                (status, format!("{name}: {value}\r\n"), body)
            }
            Reply::Silence => continue,
            Reply::Close => return,
        };
        let length = body.len();
        let bodiless = status == 204 || status == 304;
        let length = if bodiless { String::new() } else { format!("Content-Length: {length}\r\n") };
        let answer = format!("HTTP/1.1 {status} Told\r\n{length}{header}\r\n{body}");
        if writer.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut BufReader<&TcpStream>) -> Option<Received> {
    let request_line = read_line(reader)?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received { request_line, headers, body, at: now() })
}

fn read_line(reader: &mut BufReader<&TcpStream>) -> Option<String> {
    let mut line = String::new();
    match reader.read_line(&mut line) {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
    }
}
