//! Name servers that change their answer, and servers that drip, drown, stammer or hang up.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parseflow_model::{AttemptOutcome, FailureKind};
use parseflow_webhooks::url_policy::TargetPolicy;
use parseflow_worker::{AttemptSender, AttemptTask, HttpSender, Resolver};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

use crate::sender::{Server, open_policy, sender, task};

/// A name server that gives its answers in turn, the last one for ever, for one query after another
/// for IPv4; there is no IPv6. Its answers are not to be kept.
pub(crate) async fn name_server(answers: Vec<Vec<Ipv4Addr>>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let asked = AtomicUsize::new(0);
        let mut query = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut query).await {
            let query = &query[..length];
            // The question ends after its name, its type and its class.
            let end = 12 + query[12..].iter().position(|byte| *byte == 0).unwrap() + 5;
            let wants_ipv4 = query[end - 4..end - 2] == [0, 1];
            let turn = if wants_ipv4 { asked.fetch_add(1, Ordering::Relaxed) } else { 0 };
            let found = if wants_ipv4 { &answers[turn.min(answers.len() - 1)][..] } else { &[] };
            let mut reply = Vec::from(&query[..2]);
            reply.extend_from_slice(&[0x81, 0x80, 0, 1, 0, found.len() as u8, 0, 0, 0, 0]);
            reply.extend_from_slice(&query[12..end]);
            for address in found {
                reply.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
                reply.extend_from_slice(&address.octets());
            }
            let _ = socket.send_to(&reply, from).await;
        }
    });
    address
}

fn port_of(server: &Server) -> &str {
    let after_host = server.url.rsplit(':').next().unwrap();
    after_host.split('/').next().unwrap()
}

#[tokio::test]
async fn a_name_that_is_bound_anew_after_its_check_is_not_connected_to() {
    let server = Server::saying("HTTP/1.1 204 No Content\r\n\r\n").await;
    let public = Ipv4Addr::new(93, 184, 216, 34);
    let names = name_server(vec![vec![public], vec![Ipv4Addr::LOCALHOST]]).await;
    let resolver = Resolver::asking(names);
    let policy = TargetPolicy { allow_http: true, ..TargetPolicy::default() };
    resolver.vet(&policy, "http://hooks.example.com/").await.unwrap();
    let sender = HttpSender::new(policy, resolver).unwrap();
    let outcome = sender.send(task("http://hooks.example.com/")).await;
    assert_eq!(outcome.failure, Some(FailureKind::Blocked), "{outcome:?}");
    assert!(!outcome.error.unwrap().contains("127.0.0.1"));
    assert_eq!(server.connections.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn one_forbidden_address_among_allowed_ones_condemns_the_name() {
    let server = Server::saying("HTTP/1.1 204 No Content\r\n\r\n").await;
    let mixed = vec![Ipv4Addr::LOCALHOST, Ipv4Addr::new(10, 0, 0, 1)];
    let resolver = Resolver::asking(name_server(vec![mixed]).await);
    let sender = HttpSender::new(open_policy(), resolver).unwrap();
    let url = format!("http://hooks.example.com:{}/", port_of(&server));
    let outcome = sender.send(task(&url)).await;
    assert_eq!(outcome.failure, Some(FailureKind::Blocked), "{outcome:?}");
    assert_eq!(server.connections.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn the_address_that_was_vetted_is_the_one_that_is_dialled() {
    let server = Server::saying("HTTP/1.1 204 No Content\r\n\r\n").await;
    // Whoever asked a second time, between the check and the connection, would get the other one.
    let answers = vec![vec![Ipv4Addr::LOCALHOST], vec![Ipv4Addr::new(127, 9, 9, 9)]];
    let resolver = Resolver::asking(name_server(answers).await);
    let sender = HttpSender::new(open_policy(), resolver).unwrap();
    let url = format!("http://hooks.example.com:{}/", port_of(&server));
    let outcome = sender.send(task(&url)).await;
    assert!(outcome.is_success(), "{outcome:?}");
    assert_eq!(server.connections.load(Ordering::Relaxed), 1);
}

/// Sends to a server that writes `pieces` one by one as fast as they are read, for ever if they are
/// to be repeated, and looks at what it is sent no further than its beginning.
async fn send_to_writer(first: &'static str, repeated: &'static str) -> AttemptOutcome {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 2_048];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(first.as_bytes()).await;
        let mut clock =
            tokio::time::interval_at(tokio::time::Instant::now(), Duration::from_millis(5));
        while stream.write_all(repeated.as_bytes()).await.is_ok() {
            clock.tick().await;
        }
    });
    let hasty = AttemptTask { timeout: Duration::from_millis(300), ..task(&url) };
    sender(open_policy()).send(hasty).await
}

#[tokio::test]
async fn a_head_that_drips_ends_with_the_deadline() {
    for (first, repeated) in [
        ("", "H"),
        ("HTTP/1.1 200 OK\r\nx: ", "y"),
        ("HTTP/1.1 200 OK\r\n", "x: y\r\n"),
        ("", "HTTP/1.1 100 Continue\r\n\r\n"),
    ] {
        let outcome = send_to_writer(first, repeated).await;
        let failure = outcome.failure.expect("no answer is complete");
        let kinds = [FailureKind::Timeout, FailureKind::Protocol];
        assert!(kinds.contains(&failure), "{first:?} {repeated:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_body_that_drips_ends_with_the_deadline() {
    for head in ["content-length: 1000000", "transfer-encoding: chunked", "connection: close"] {
        let head: &'static str = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").leak();
        let piece = if head.contains("chunked") { "1\r\nx\r\n" } else { "x" };
        let outcome = send_to_writer(head, piece).await;
        assert_eq!(outcome.failure, Some(FailureKind::Timeout), "{head}: {outcome:?}");
    }
}

#[tokio::test]
async fn chunks_that_make_no_sense_are_a_failure_and_never_a_success() {
    for body in [
        "zz\r\nx\r\n0\r\n\r\n",
        "-1\r\nx\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\nx\r\n",
        "1\r\nxx\r\n0\r\n\r\n",
        "\r\n\r\n",
    ] {
        let answer = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{body}");
        let outcome = sender(open_policy()).send(task(&Server::saying(&answer).await.url)).await;
        let failure = outcome.failure.expect("the chunks are nonsense");
        let kinds = [FailureKind::Connection, FailureKind::Protocol];
        assert!(kinds.contains(&failure), "{body:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn lengths_that_contradict_each_other_are_a_protocol_failure() {
    for head in
        ["content-length: 1\r\ncontent-length: 2", "content-length: -1", "content-length: x"]
    {
        let answer = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\nxx");
        let outcome = sender(open_policy()).send(task(&Server::saying(&answer).await.url)).await;
        assert_eq!(outcome.failure, Some(FailureKind::Protocol), "{head}: {outcome:?}");
    }
}

/// A server that resets its connection after it has read so much and written so much.
async fn resetting(read: usize, written: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; read];
            let _ = stream.read_exact(&mut request).await;
            let _ = stream.write_all(written).await;
            let _ = stream.set_zero_linger();
        }
    });
    url
}

#[tokio::test]
async fn a_connection_reset_at_any_byte_of_the_exchange_is_a_failure() {
    let sender = Arc::new(sender(open_policy()));
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone";
    let cases = (0..200).map(|read| (read, &answer[..0]));
    let cases = cases.chain((0..answer.len()).map(|written| (200, &answer[..written])));
    for (read, written) in cases {
        let outcome = sender.send(task(&resetting(read, written).await)).await;
        let failure = outcome.failure.expect("the answer is not complete");
        let kinds = [FailureKind::Connection, FailureKind::Protocol];
        assert!(kinds.contains(&failure), "{read} read, {} written: {outcome:?}", written.len());
    }
}
