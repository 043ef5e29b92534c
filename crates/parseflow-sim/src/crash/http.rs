//! As much HTTP as publishing and receiving over loopback need.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Longer than any answer of a service that lives.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection that is kept.
pub(super) struct Client {
    stream: BufReader<TcpStream>,
}

/// One answer or request: its first line, its headers in lower case, its body.
pub(super) struct Message {
    pub(super) first: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Vec<u8>,
}

impl Client {
    /// Connects to `127.0.0.1:PORT`.
    pub(super) fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// Sends a request with a JSON body; the status and the body of the answer.
    pub(super) fn send(
        &mut self,
        method: &str,
        path: &str,
        key: &str,
        body: &str,
    ) -> io::Result<(u16, Vec<u8>)> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let answer = read_message(&mut self.stream)?;
        let status = answer.first.split(' ').nth(1).and_then(|text| text.parse().ok());
        Ok((status.ok_or(io::ErrorKind::InvalidData)?, answer.body))
    }
}

fn read_message(stream: &mut BufReader<TcpStream>) -> io::Result<Message> {
    let mut first = String::new();
    if stream.read_line(&mut first)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end();
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(Message { first, headers, body })
}

/// What arrived: for each number the delivery ids under which it came.
pub(super) type Arrivals = BTreeMap<u64, BTreeSet<String>>;

/// A receiver that refuses three events of four until it is told otherwise: what it has accepted
/// could be lost by the service without being missed.
pub(super) struct Receiver {
    /// Where it listens.
    pub(super) url: String,
    arrivals: Arc<Mutex<Arrivals>>,
    accepting: Arc<AtomicBool>,
}

impl Receiver {
    /// Listens on a port of its own until the process ends.
    pub(super) fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/hook", listener.local_addr()?);
        let arrivals = Arc::new(Mutex::new(Arrivals::new()));
        let accepting = Arc::new(AtomicBool::new(false));
        let (shared, accepts) = (Arc::clone(&arrivals), Arc::clone(&accepting));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (arrivals, accepts) = (Arc::clone(&shared), Arc::clone(&accepts));
                std::thread::spawn(move || receive(BufReader::new(stream), &arrivals, &accepts));
            }
        });
        Ok(Self { url, arrivals, accepting })
    }

    /// From now on it accepts everything.
    pub(super) fn accept_all(&self) {
        self.accepting.store(true, Ordering::Relaxed);
    }

    /// What has been accepted so far.
    pub(super) fn arrivals(&self) -> Arrivals {
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn receive(mut stream: BufReader<TcpStream>, arrivals: &Mutex<Arrivals>, accepting: &AtomicBool) {
    while let Ok(request) = read_message(&mut stream) {
        let event: Option<serde_json::Value> = serde_json::from_slice(&request.body).ok();
        let number = event.and_then(|event| event["data"]["n"].as_u64());
        let id = request.headers.get("x-parseflow-delivery").cloned();
        let accepts = accepting.load(Ordering::Relaxed) || number.is_some_and(|n| n % 4 == 0);
        if let (true, Some(number), Some(id)) = (accepts, number, id) {
            let mut arrivals = arrivals.lock().unwrap_or_else(PoisonError::into_inner);
            arrivals.entry(number).or_default().insert(id);
        }
        let answer = if accepts {
            "HTTP/1.1 204 No Content\r\n\r\n"
        } else {
            "HTTP/1.1 503 Not Now\r\ncontent-length: 0\r\n\r\n"
        };
        if stream.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
