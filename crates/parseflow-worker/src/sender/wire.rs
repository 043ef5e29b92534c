//! HTTP/1.1 as an attempt speaks it: one request, its answer, and only then the next request.
//!
//! A connection is a socket and what has come over it; whoever makes an attempt drives it. That is all an
//! attempt needs of HTTP.

use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker, ready};

use bytes::{Buf, Bytes, BytesMut};
use httparse::{Status, parse_chunk_size};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::head::{Framing, Head};

/// Most bytes of an answer's head.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Most answers before the answer proper (`100 Continue`).
const INTERIM_MAX: usize = 16;
/// Most bytes of a line before or after a chunk, and most lines after the last one.
const LINE_BYTES_MAX: usize = 8 * 1024;
const TRAILERS_MAX: usize = 100;
/// Room that there is at least for what comes next.
const READ_BYTES: usize = 2 * 1024;

/// A request as it is written.
#[derive(Debug)]
pub(super) struct Request {
    /// The head, and the body if it is short.
    pub(super) first: Vec<u8>,
    /// The body otherwise.
    pub(super) rest: Bytes,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    /// It ended before anything of the request was written.
    #[error("nothing was sent")]
    Unsent(#[source] io::Error),
    /// It ended before there was an answer.
    #[error("the connection broke before the answer")]
    Broken(#[source] io::Error),
    /// It ended within the answer.
    #[error("the connection broke during the answer")]
    Cut(#[source] io::Error),
    /// What came is not an answer.
    #[error("the answer is not HTTP")]
    NotHttp,
}

/// How much of an answer's body is read, and how much of that is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) read: usize,
    pub(super) kept: usize,
}

/// The body of an answer as far as it is read.
struct Body {
    limits: Limits,
    read: usize,
    kept: Vec<u8>,
}

impl Body {
    fn is_enough(&self) -> bool {
        self.read >= self.limits.read
    }

    fn take(&mut self, bytes: &[u8]) {
        self.read += bytes.len();
        let room = self.limits.kept - self.kept.len();
        self.kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

/// How far an exchange has come.
#[derive(Default)]
struct Progress {
    /// Bytes of the request.
    written: usize,
    is_flushed: bool,
    /// Answers before the answer proper.
    interim: usize,
}

/// One connection, driven by whoever holds it.
pub(super) struct Connection<S> {
    stream: S,
    /// What has come and was not taken.
    came: BytesMut,
    /// Nothing is under way: another request can be sent.
    is_free: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// HTTP/1.1 over a new stream.
    pub(super) fn over(stream: S) -> Self {
        Self { stream, came: BytesMut::new(), is_free: true }
    }

    /// Whether another request can be sent: the last answer ended, and the receiver has neither closed
    /// the connection nor sent anything since.
    pub(super) fn is_free(&mut self) -> bool {
        self.is_free
            && self.came.is_empty()
            && self.poll_more(&mut Context::from_waker(Waker::noop())).is_pending()
    }

    /// Sends a request and reads its answer, the body as far as `limits` go. `answered` is called when the
    /// head is there.
    ///
    /// # Errors
    /// When there is no answer or it is not complete.
    pub(super) async fn exchange(
        &mut self,
        request: &Request,
        limits: Limits,
        answered: impl FnOnce(),
    ) -> Result<(Head, Vec<u8>), WireError> {
        self.is_free = false;
        let mut progress = Progress::default();
        let head =
            std::future::poll_fn(|context| self.poll_head(context, request, &mut progress)).await?;
        answered();
        let mut body = Body { limits, read: 0, kept: Vec::new() };
        let is_whole = self.read_body(head.framing, &mut body).await?;
        self.is_free = is_whole && head.keeps_alive && progress.is_flushed;
        Ok((head, body.kept))
    }

    /// Ends in order: TLS says goodbye, so that the receiver does not take it for a cut.
    pub(super) async fn close(mut self) {
        // Whoever does not listen to that is none of our concern.
        let _ = self.stream.shutdown().await;
    }

    /// Writes what is left of the request and reads the head of the answer. A receiver may answer before it
    /// has read everything and close the connection: its answer counts.
    fn poll_head(
        &mut self,
        context: &mut Context<'_>,
        request: &Request,
        progress: &mut Progress,
    ) -> Poll<Result<Head, WireError>> {
        let write_error = match self.poll_write(context, request, progress) {
            Poll::Ready(Err(error)) => Some(error),
            _ => None,
        };
        let answer = self.poll_answer(context, &mut progress.interim);
        match (write_error, answer) {
            (Some(error), Poll::Pending | Poll::Ready(Err(WireError::Broken(_)))) => {
                let kind =
                    if progress.written == 0 { WireError::Unsent } else { WireError::Broken };
                Poll::Ready(Err(kind(error)))
            }
            (_, answer) => answer,
        }
    }

    fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        request: &Request,
        progress: &mut Progress,
    ) -> Poll<io::Result<()>> {
        let Request { first, rest } = request;
        while progress.written < first.len() + rest.len() {
            let left = match progress.written.checked_sub(first.len()) {
                Some(written) => &rest[written..],
                None => &first[progress.written..],
            };
            let count = ready!(Pin::new(&mut self.stream).poll_write(context, left))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            progress.written += count;
        }
        if !progress.is_flushed {
            ready!(Pin::new(&mut self.stream).poll_flush(context))?;
            progress.is_flushed = true;
        }
        Poll::Ready(Ok(()))
    }

    fn poll_answer(
        &mut self,
        context: &mut Context<'_>,
        interim: &mut usize,
    ) -> Poll<Result<Head, WireError>> {
        loop {
            if !self.came.is_empty()
                && let Some((head, length)) = Head::parse(&self.came)?
            {
                self.came.advance(length);
                if !head.is_interim() {
                    return Poll::Ready(Ok(head));
                }
                *interim += 1;
                if *interim == INTERIM_MAX {
                    return Poll::Ready(Err(WireError::NotHttp));
                }
                continue;
            }
            if self.came.len() >= HEAD_BYTES_MAX {
                return Poll::Ready(Err(WireError::NotHttp));
            }
            ready!(self.poll_more(context)).map_err(WireError::Broken)?;
        }
    }

    /// Reads more; its end is an error.
    fn poll_more(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.came.reserve(READ_BYTES);
        match ready!(pin!(self.stream.read_buf(&mut self.came)).poll(context))? {
            0 => Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
            _ => Poll::Ready(Ok(())),
        }
    }

    async fn more(&mut self) -> Result<(), WireError> {
        std::future::poll_fn(|context| self.poll_more(context)).await.map_err(WireError::Cut)
    }

    /// Reads a body; whether that was all of it.
    async fn read_body(&mut self, framing: Framing, body: &mut Body) -> Result<bool, WireError> {
        match framing {
            Framing::Length(length) => self.read_bytes(length, body).await,
            Framing::Chunked => self.read_chunks(body).await,
            Framing::UntilEnd => self.read_until_end(body).await,
        }
    }

    async fn read_bytes(&mut self, mut left: u64, body: &mut Body) -> Result<bool, WireError> {
        while left > 0 {
            if body.is_enough() {
                return Ok(false);
            }
            if self.came.is_empty() {
                self.more().await?;
            }
            let count =
                usize::try_from(left).map_or(self.came.len(), |left| left.min(self.came.len()));
            body.take(&self.came[..count]);
            self.came.advance(count);
            left -= count as u64;
        }
        Ok(true)
    }

    async fn read_chunks(&mut self, body: &mut Body) -> Result<bool, WireError> {
        loop {
            let size = self.next(chunk_size).await?;
            if size == 0 {
                break;
            }
            if !self.read_bytes(size, body).await? {
                return Ok(false);
            }
            if self.next(line).await? != 0 {
                return Err(WireError::NotHttp);
            }
        }
        // Trailers say nothing that an attempt wants to know.
        for _ in 0..TRAILERS_MAX {
            if self.next(line).await? == 0 {
                return Ok(true);
            }
        }
        Err(WireError::NotHttp)
    }

    /// Takes what `parse` finds at the beginning of what has come, waiting for more while there is too little.
    async fn next<T>(
        &mut self,
        parse: impl Fn(&[u8]) -> Result<Option<(usize, T)>, WireError>,
    ) -> Result<T, WireError> {
        loop {
            match parse(&self.came)? {
                Some((length, found)) if length <= LINE_BYTES_MAX => {
                    self.came.advance(length);
                    return Ok(found);
                }
                None if self.came.len() < LINE_BYTES_MAX => self.more().await?,
                _ => return Err(WireError::NotHttp),
            }
        }
    }

    async fn read_until_end(&mut self, body: &mut Body) -> Result<bool, WireError> {
        loop {
            body.take(&self.came);
            self.came.clear();
            if body.is_enough() {
                return Ok(false);
            }
            match self.more().await {
                // TLS tells a cut from an end and calls it the same; only that has a cause.
                Err(WireError::Cut(error)) if is_end(&error) => return Ok(true),
                other => other?,
            }
        }
    }
}

/// The line that begins a chunk: its length and that of the chunk.
fn chunk_size(bytes: &[u8]) -> Result<Option<(usize, u64)>, WireError> {
    // A size without digits would be taken for the last one.
    if bytes.first().is_some_and(|first| !first.is_ascii_hexdigit()) {
        return Err(WireError::NotHttp);
    }
    match parse_chunk_size(bytes) {
        Ok(Status::Complete(chunk)) => Ok(Some(chunk)),
        Ok(Status::Partial) => Ok(None),
        Err(_) => Err(WireError::NotHttp),
    }
}

/// The line at the beginning of `bytes`: its length with its end, and without.
fn line(bytes: &[u8]) -> Result<Option<(usize, usize)>, WireError> {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return Ok(None) };
    match bytes[..end].split_last() {
        Some((b'\r', line)) => Ok(Some((end + 1, line.len()))),
        _ => Err(WireError::NotHttp),
    }
}

/// Whether the stream ended in order. An end that TLS did not announce is an error with a cause.
fn is_end(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof && error.get_ref().is_none()
}

#[cfg(test)]
mod tests;
