//! HTTP/1.1 with as little of it as a measurement needs: what publisher and receiver cost is taken
//! from the service that shares the cores with them.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// More headers than anybody sends here.
const HEADERS_MAX: usize = 64;
/// What is read at once: most messages as a whole.
const READ_BYTES: usize = 16 * 1024;
/// A message of more bytes is a mistake.
const MESSAGE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// One end of a connection.
pub(crate) struct Wire {
    stream: TcpStream,
    input: Vec<u8>,
    /// Bytes of `input` that belong to the message last read.
    taken: usize,
}

/// What a parser of heads found in the bytes so far: the head's length and the body's, and what is
/// wanted of the head; `None` as long as the head is not whole.
type Head<T> = Result<Option<(usize, usize, T)>, io::Error>;

impl Wire {
    pub(crate) fn new(stream: TcpStream) -> io::Result<Self> {
        // Without it the second message waits for the first one's acknowledgement.
        stream.set_nodelay(true)?;
        Ok(Self { stream, input: Vec::with_capacity(READ_BYTES), taken: 0 })
    }

    pub(crate) async fn write(&mut self, message: &[u8]) -> io::Result<()> {
        self.stream.write_all(message).await
    }

    /// The next answer's status and body.
    pub(crate) async fn answer(&mut self) -> io::Result<(u16, &[u8])> {
        let (status, body) = self.message(answer_head).await?.ok_or_else(ended)?;
        Ok((status, &self.input[body]))
    }

    /// The next request's body; `None` once the sender has gone.
    pub(crate) async fn request(&mut self) -> io::Result<Option<&[u8]>> {
        let body = self.message(request_head).await?;
        Ok(body.map(|((), body)| &self.input[body]))
    }

    async fn message<T>(
        &mut self,
        parse: fn(&[u8]) -> Head<T>,
    ) -> io::Result<Option<(T, std::ops::Range<usize>)>> {
        self.input.drain(..self.taken);
        self.taken = 0;
        let (body, found) = loop {
            if let Some((head, body, found)) = parse(&self.input)? {
                break (head..head + body, found);
            }
            if self.read().await? == 0 {
                return if self.input.is_empty() { Ok(None) } else { Err(ended()) };
            }
        };
        while self.input.len() < body.end {
            if self.read().await? == 0 {
                return Err(ended());
            }
        }
        self.taken = body.end;
        Ok(Some((found, body)))
    }

    async fn read(&mut self) -> io::Result<usize> {
        if self.input.len() > MESSAGE_BYTES_MAX {
            return Err(malformed("a message without an end"));
        }
        self.input.reserve(READ_BYTES);
        self.stream.read_buf(&mut self.input).await
    }
}

fn answer_head(bytes: &[u8]) -> Head<u16> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut answer = httparse::Response::new(&mut headers);
    match answer.parse(bytes).map_err(malformed)? {
        httparse::Status::Partial => Ok(None),
        httparse::Status::Complete(head) => {
            let status = answer.code.unwrap_or_default();
            let body = body_length(answer.headers)?;
            Ok(Some((head, body.ok_or_else(|| malformed("an answer without its length"))?, status)))
        }
    }
}

fn request_head(bytes: &[u8]) -> Head<()> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes).map_err(malformed)? {
        httparse::Status::Partial => Ok(None),
        // Without a length a request has no body.
        httparse::Status::Complete(head) => {
            Ok(Some((head, body_length(request.headers)?.unwrap_or(0), ())))
        }
    }
}

fn body_length(headers: &[httparse::Header<'_>]) -> io::Result<Option<usize>> {
    let named = |name: &str| headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
    if named("transfer-encoding").is_some() {
        return Err(malformed("a body in chunks"));
    }
    let Some(header) = named("content-length") else { return Ok(None) };
    let length = std::str::from_utf8(header.value).ok().and_then(|text| text.trim().parse().ok());
    length.map(Some).ok_or_else(|| malformed("a length that is no number"))
}

fn malformed(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn ended() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the connection ended early")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let answer = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(answer_head(&answer[..43]).unwrap(), None);
        assert_eq!(answer_head(answer).unwrap(), Some((44, 2, 202)));
        assert!(answer_head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(answer_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
        let request = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabcPOST";
        assert_eq!(request_head(request).unwrap(), Some((47, 3, ())));
        assert_eq!(request_head(b"GET / HTTP/1.1\r\n\r\n").unwrap(), Some((18, 0, ())));
        assert!(request_head(b"GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n").is_err());
    }

    #[tokio::test]
    async fn messages_that_come_together_or_in_pieces_are_told_apart() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut client, server) = (Wire::new(client).unwrap(), listener.accept().await.unwrap().0);
        let mut server = Wire::new(server).unwrap();
        let both = "POST / HTTP/1.1\r\ncontent-length: 1\r\n\r\naPOST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n";
        client.write(both.as_bytes()).await.unwrap();
        assert_eq!(server.request().await.unwrap(), Some(&b"a"[..]));
        client.write(b"bc").await.unwrap();
        assert_eq!(server.request().await.unwrap(), Some(&b"bc"[..]));
        server.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await.unwrap();
        assert_eq!(client.answer().await.unwrap(), (200, &b"ok"[..]));
        client.write(b"POST / HT").await.unwrap();
        drop(client);
        assert!(server.request().await.is_err());
    }
}
