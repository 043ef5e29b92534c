//! The HTTP sender against real servers that behave badly.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use parseflow_model::{AttemptOutcome, FailureKind, Timestamp};
use parseflow_webhooks::url_policy::TargetPolicy;
use parseflow_worker::{AttemptSender, AttemptTask, HttpSender, Resolver};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

/// A server that does something with every connection and counts them.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// Reads one request: its head and as much body as it announces. `None` at the end.
pub(crate) async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    loop {
        let mut buffer = [0; 4_096];
        let read = stream.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        text.extend_from_slice(&buffer[..read]);
        let request = String::from_utf8_lossy(&text).into_owned();
        let Some((head, body)) = request.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.and_then(|n| n.parse().ok()).unwrap_or(0) {
            return Some(request);
        }
    }
}

impl Server {
    /// Answers each request by writing what `answer` gives, piece by piece, then goes on reading.
    pub(crate) async fn writing(answer: impl Fn() -> Vec<Vec<u8>> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            url: format!("http://{}/hook", listener.local_addr().unwrap()),
            connections: Arc::default(),
            requests: Arc::default(),
        };
        let (connections, requests) =
            (Arc::clone(&server.connections), Arc::clone(&server.requests));
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::Relaxed);
                let (requests, answer) = (Arc::clone(&requests), Arc::clone(&answer));
                tokio::spawn(async move {
                    while let Some(request) = read_request(&mut stream).await {
                        requests.lock().await.push(request);
                        for piece in answer() {
                            if piece.is_empty() {
                                return;
                            }
                            if stream.write_all(&piece).await.is_err() {
                                return;
                            }
                        }
                    }
                });
            }
        });
        server
    }

    /// Answers every request with the same bytes.
    pub(crate) async fn saying(answer: &str) -> Self {
        let answer = answer.as_bytes().to_vec();
        Self::writing(move || vec![answer.clone()]).await
    }
}

pub(crate) fn open_policy() -> TargetPolicy {
    let allow = vec!["127.0.0.0/8".parse().unwrap()];
    TargetPolicy { allow_http: true, allow, ..TargetPolicy::default() }
}

pub(crate) fn sender(policy: TargetPolicy) -> HttpSender {
    HttpSender::new(policy, Resolver::system()).unwrap()
}

pub(crate) fn task(url: &str) -> AttemptTask {
    AttemptTask {
        url: url.to_owned(),
        custom_headers: std::sync::Arc::default(),
        headers: vec![
            ("content-type", "application/json".into()),
            ("x-parseflow-signature", "5f".repeat(32).into()),
        ],
        body: Bytes::from_static(b"{\"event\":\"batch.completed\"}"),
        timeout: Duration::from_secs(10),
        started_at: Timestamp::from_secs(1_776_160_800),
    }
}

async fn send(server: &Server) -> AttemptOutcome {
    sender(open_policy()).send(task(&server.url)).await
}

#[tokio::test]
async fn the_request_is_what_was_given_with_its_length_and_nothing_encoded() {
    let server = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let outcome = send(&server).await;
    assert!(outcome.is_success());
    assert_eq!((outcome.status, outcome.response_body.as_slice()), (Some(200), &b"ok"[..]));
    let request = server.requests.lock().await[0].clone();
    assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\ncontent-length: 27\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n{\"event\":\"batch.completed\"}"), "{request}");
    for unwanted in ["transfer-encoding", "content-encoding", "accept-encoding", "expect"] {
        assert!(!request.to_lowercase().contains(unwanted), "{request}");
    }
}

#[tokio::test]
async fn connections_are_kept_for_the_next_attempt() {
    let server = Server::saying("HTTP/1.1 204 No Content\r\n\r\n").await;
    let sender = sender(open_policy());
    for _ in 0..3 {
        assert!(sender.send(task(&server.url)).await.is_success());
    }
    assert_eq!(server.connections.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_connection_that_the_receiver_closed_meanwhile_is_replaced_before_anything_is_sent() {
    let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
    let closing = Server::writing(|| vec![answer.to_vec(), Vec::new()]).await;
    let other = Server::saying("HTTP/1.1 204 No Content\r\n\r\n").await;
    let sender = sender(open_policy());
    for _ in 0..3 {
        assert!(sender.send(task(&closing.url)).await.is_success());
        assert!(sender.send(task(&other.url)).await.is_success());
    }
    assert_eq!(closing.connections.load(Ordering::Relaxed), 3);
    assert_eq!(closing.requests.lock().await.len(), 3, "nothing was sent twice");
    assert_eq!(other.connections.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_answer_that_ends_with_the_connection_is_whole_and_the_connection_not_kept() {
    let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nuntil the end";
    let server = Server::writing(|| vec![answer.to_vec(), Vec::new()]).await;
    let sender = sender(open_policy());
    for _ in 0..2 {
        let outcome = sender.send(task(&server.url)).await;
        assert_eq!(outcome.response_body, b"until the end");
        assert!(outcome.is_success());
    }
    assert_eq!(server.connections.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn attempts_at_the_same_time_have_connections_of_their_own() {
    let server = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let sender = sender(open_policy());
    for _ in 0..2 {
        let sent = (0..8).map(|_| sender.send(task(&server.url)));
        let outcomes = futures_util::future::join_all(sent).await;
        assert!(outcomes.iter().all(AttemptOutcome::is_success), "{outcomes:?}");
    }
    assert_eq!(server.connections.load(Ordering::Relaxed), 8);
}

#[tokio::test]
async fn an_unused_connection_is_closed_after_half_a_minute() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let receiver = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await.unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        read_request(&mut stream).await
    });
    let sender = sender(open_policy());
    assert!(sender.send(task(&url)).await.is_success());
    tokio::time::pause();
    assert_eq!(receiver.await.unwrap(), None, "the connection ends, nothing else comes");
}

#[tokio::test]
async fn only_2xx_is_success_and_redirects_are_not_followed() {
    let other = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    for status in [301, 302, 307, 308, 400, 404, 410, 500, 503] {
        let answer =
            format!("HTTP/1.1 {status} No\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", other.url);
        let outcome = send(&Server::saying(&answer).await).await;
        assert_eq!((outcome.failure, outcome.status), (Some(FailureKind::Status), Some(status)));
    }
    assert_eq!(other.connections.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn the_answer_is_read_to_64_kib_and_its_first_kib_is_kept() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n".to_vec();
    let piece = vec![b'x'; 16 * 1_024];
    let server =
        Server::writing(move || [vec![head.clone()], vec![piece.clone(); 8]].concat()).await;
    let outcome = send(&server).await;
    assert!(outcome.is_success(), "enough was read: {outcome:?}");
    assert_eq!(outcome.response_body.len(), 1_024);
}

#[tokio::test]
async fn the_deadline_holds_for_silence_and_for_a_body_that_never_ends() {
    let silent = Server::writing(Vec::new).await;
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";
    let half_head = "HTTP/1.1 200 OK\r\ncontent-";
    for server in [silent, Server::saying(half).await, Server::saying(half_head).await] {
        let hasty = AttemptTask { timeout: Duration::from_millis(200), ..task(&server.url) };
        let outcome = sender(open_policy()).send(hasty).await;
        assert_eq!(outcome.failure, Some(FailureKind::Timeout), "{outcome:?}");
        assert_eq!(outcome.status, None);
    }
}

#[tokio::test]
async fn a_connection_that_ends_early_is_a_failure_at_every_point() {
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone";
    for cut in 0..whole.len() {
        let piece = whole.as_bytes()[..cut].to_vec();
        let server = Server::writing(move || {
            let pieces = [piece.clone(), Vec::new()];
            pieces.into_iter().skip(usize::from(cut == 0)).collect()
        })
        .await;
        let outcome = send(&server).await;
        let failure = outcome.failure.expect("the answer is not complete");
        let kinds = [FailureKind::Connection, FailureKind::Protocol];
        assert!(kinds.contains(&failure), "cut at {cut}: {outcome:?}");
    }
}

#[tokio::test]
async fn what_is_not_http_or_too_much_of_it_is_a_protocol_failure() {
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(10_000));
    let long = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(2_000_000));
    for answer in ["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/9.9 200 OK\r\n\r\n", &many, &long] {
        let outcome = send(&Server::saying(answer).await).await;
        let start: String = answer.chars().take(30).collect();
        assert_eq!(outcome.failure, Some(FailureKind::Protocol), "{start}: {outcome:?}");
    }
}

#[tokio::test]
async fn retry_after_is_understood_in_both_forms() {
    let answer = |value: &str| {
        format!("HTTP/1.1 429 No\r\nretry-after: {value}\r\ncontent-length: 0\r\n\r\n")
    };
    for (value, expected) in [
        ("120", Some(120)),
        ("Tue, 14 Apr 2026 10:01:00 GMT", Some(60)),
        ("soon", None),
        ("-5", None),
    ] {
        let outcome = send(&Server::saying(&answer(value)).await).await;
        assert_eq!(outcome.retry_after_secs, expected, "{value}");
    }
}

#[tokio::test]
async fn a_blocked_target_is_never_connected_to() {
    let server = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let policy = TargetPolicy { allow_http: true, ..TargetPolicy::default() };
    let hosts = ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433"];
    for host in hosts {
        let outcome = sender(policy.clone()).send(task(&format!("http://{host}:{port}"))).await;
        assert_eq!(outcome.failure, Some(FailureKind::Blocked), "{host}: {outcome:?}");
        let said = outcome.error.unwrap_or_default();
        assert!(!said.contains("200") && !said.contains("127.0.0.1"), "{said}");
    }
    assert_eq!(server.connections.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_closed_port_and_a_failed_handshake_are_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let outcome = sender(open_policy()).send(task(&closed)).await;
    assert_eq!(outcome.failure, Some(FailureKind::Connection), "{outcome:?}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let https = format!("https://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let outcome = sender(open_policy()).send(task(&https)).await;
    assert_eq!(outcome.failure, Some(FailureKind::Tls), "{outcome:?}");
}

/// Hands that move on by ten milliseconds with every look.
struct Ticking(std::sync::atomic::AtomicI64);

impl parseflow_model::WallClock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.fetch_add(10, Ordering::Relaxed))
    }
}

#[tokio::test]
async fn a_failed_attempt_tells_its_headers_and_how_far_it_came() {
    let cookie =
        "HTTP/1.1 500 No\r\nServer: x\r\nSet-Cookie: session=s3cret\r\ncontent-length: 0\r\n\r\n";
    let server = Server::saying(cookie).await;
    let timed = sender(open_policy()).timed_by(std::sync::Arc::new(Ticking(0.into())));
    let outcome = timed.send(task(&server.url)).await;
    let header = |name: &str| {
        let found = outcome.response_headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!((header("server"), header("set-cookie")), (Some("x"), Some("••••••")));
    let timing = outcome.timing;
    assert!(timing.is_measured);
    assert_eq!((timing.connect_ms, timing.first_byte_ms), (Some(10), Some(20)));
    let many: String = (0..60).map(|n| format!("x-{n}: {}\r\n", "v".repeat(200))).collect();
    let answer = format!("HTTP/1.1 500 No\r\n{many}content-length: 0\r\n\r\n");
    let outcome = timed.send(task(&Server::saying(&answer).await.url)).await;
    let bytes: usize = outcome.response_headers.iter().map(|(n, v)| n.len() + v.len()).sum();
    assert!((1..=32).contains(&outcome.response_headers.len()) && bytes <= 4_096, "{bytes}");
    let fine = Server::saying("HTTP/1.1 200 OK\r\nserver: x\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(timed.send(task(&fine.url)).await.response_headers, []);
}

#[tokio::test]
async fn an_attempt_without_a_connection_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let timed = sender(open_policy()).timed_by(std::sync::Arc::new(Ticking(0.into())));
    let timing = timed.send(task(&closed)).await.timing;
    assert_eq!((timing.connect_ms, timing.first_byte_ms, timing.is_measured), (None, None, true));
}
