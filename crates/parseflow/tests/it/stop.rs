//! How a server ends.

use std::io::Write;
use std::net::TcpStream;

use crate::process::{Server, Signal, account, eventually, read_answer};

const BODY: &str = r#"{"event":"extraction.completed","data":{"n":1}}"#;

/// A server with a request in flight: its head and half of its body have been sent, the server has
/// begun to read it.
fn half_sent() -> (tempfile::TempDir, Server, TcpStream) {
    let folder = tempfile::tempdir().unwrap();
    let scope = ["--plan", "pro", "--scope", "events:write"];
    let key = account(folder.path(), "owner@example.com", &scope);
    let server = Server::start(folder.path(), &[]);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let head = format!(
        "POST /api/v1/events HTTP/1.1\r\nHost: x\r\nX-API-Key: {key}\r\nExpect: 100-continue\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        BODY.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The server asks for the body once a handler reads it: the request is in flight.
    let mut asked = [0u8; 25];
    std::io::Read::read_exact(&mut stream, &mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&BODY.as_bytes()[..10]).unwrap();
    (folder, server, stream)
}

fn stops_accepting(server: &Server) {
    eventually("new connections are refused", || TcpStream::connect(server.address()).is_err());
}

#[test]
fn a_request_in_flight_is_finished_before_the_server_ends() {
    let (_folder, server, mut stream) = half_sent();
    server.signal(Signal::TERM);
    stops_accepting(&server);
    stream.write_all(&BODY.as_bytes()[10..]).unwrap();
    let (status, body) = read_answer(&mut stream);
    assert_eq!(status, 202, "{body}");
    assert_eq!(server.wait().code(), Some(0));
}

#[test]
fn a_second_signal_ends_the_server_at_once() {
    let (_folder, server, _stream) = half_sent();
    server.signal(Signal::INT);
    stops_accepting(&server);
    server.signal(Signal::INT);
    assert_eq!(server.wait().code(), Some(1));
}

#[test]
fn a_head_without_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let head = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {}", "x".repeat(64 * 1024));
    // The server may close before everything is written.
    let _ = stream.write_all(head.as_bytes());
    let (status, _) = read_answer(&mut stream);
    assert_eq!(status, 431);
}
