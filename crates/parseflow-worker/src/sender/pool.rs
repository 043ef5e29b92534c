//! Connections to receivers, kept for the next attempt.
//!
//! A connection is driven by the attempt that uses it and by nobody while it is kept: there is no
//! task between an attempt and its socket. Whether a kept one is still open is found out when it is
//! taken.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::Instant;

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);
/// How long a connection may take to end.
const FAREWELL: Duration = Duration::from_secs(5);
/// Most unused connections to one place: several endpoints may share it, each with its attempts.
const IDLE_MAX: usize = 256;

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;
type Wire = http1::Connection<Stream, Full<Bytes>>;

/// One connection, driven by whoever holds it.
pub(super) struct Connection {
    requests: SendRequest<Full<Bytes>>,
    /// `None` once it has ended.
    wire: Option<Pin<Box<Wire>>>,
}

impl Connection {
    /// HTTP/1.1 over a new stream.
    pub(super) async fn over(stream: Stream) -> hyper::Result<Self> {
        let (requests, wire) = http1::handshake(stream).await?;
        Ok(Self { requests, wire: Some(Box::pin(wire)) })
    }

    /// Sends a request and waits for the head of its answer. The error holds the request when
    /// nothing of it was written.
    pub(super) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Full<Bytes>>>> {
        let answer = self.requests.try_send_request(request);
        drive(&mut self.wire, answer).await
    }

    /// Waits for something that this connection brings, such as the next part of a body.
    pub(super) async fn bring<T>(&mut self, awaited: impl Future<Output = T>) -> T {
        drive(&mut self.wire, awaited).await
    }

    /// Ends in order: TLS says goodbye, so that the receiver does not take it for a cut.
    async fn close(self) {
        drop(self.requests);
        if let Some(wire) = self.wire {
            // Whoever does not listen to that is none of our concern.
            let _ = tokio::time::timeout(FAREWELL, wire).await;
        }
    }

    /// Whether another request can be sent.
    async fn is_free(&mut self) -> bool {
        drive(&mut self.wire, async {}).await;
        self.wire.is_some() && self.requests.is_ready()
    }
}

fn poll_wire(wire: &mut Option<Pin<Box<Wire>>>, context: &mut Context<'_>) {
    // What went wrong is told to whoever waits for an answer.
    if wire.as_mut().is_some_and(|wire| wire.as_mut().poll(context).is_ready()) {
        *wire = None;
    }
}

/// Polls `awaited` and, before it, the wire that brings it.
async fn drive<T>(wire: &mut Option<Pin<Box<Wire>>>, awaited: impl Future<Output = T>) -> T {
    let mut awaited = pin!(awaited);
    poll_fn(|context| {
        // Twice: asking for more of a body is what makes the wire read it.
        for _ in 0..2 {
            poll_wire(wire, context);
            if let Poll::Ready(brought) = awaited.as_mut().poll(context) {
                return Poll::Ready(brought);
            }
        }
        Poll::Pending
    })
    .await
}

struct Kept {
    connection: Connection,
    since: Instant,
}

#[derive(Default)]
struct Shelf {
    /// By scheme, host and port; the latest last.
    places: HashMap<String, Vec<Kept>>,
    /// Whether a task waits to clear what is kept too long.
    is_watched: bool,
}

/// Unused connections.
#[derive(Default)]
pub(super) struct Pool {
    shelf: Mutex<Shelf>,
}

impl Pool {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An open connection to a place, if one is kept.
    pub(super) async fn take(&self, place: &str) -> Option<Connection> {
        loop {
            let mut kept = self.shelf().places.get_mut(place)?.pop()?;
            if kept.since.elapsed() < IDLE && kept.connection.is_free().await {
                return Some(kept.connection);
            }
        }
    }

    /// Keeps a connection whose answer was read, if it can be used again.
    pub(super) async fn keep(self: &Arc<Self>, place: &str, mut connection: Connection) {
        if !connection.is_free().await {
            return;
        }
        let mut shelf = self.shelf();
        let kept = match shelf.places.get_mut(place) {
            Some(kept) => kept,
            None => shelf.places.entry(place.to_owned()).or_default(),
        };
        if kept.len() < IDLE_MAX {
            kept.push(Kept { connection, since: Instant::now() });
        }
        if !std::mem::replace(&mut shelf.is_watched, true) {
            tokio::spawn(watch(Arc::downgrade(self)));
        }
    }

    /// Takes out what is kept too long; whether anything is left.
    fn clear(&self) -> (Vec<Connection>, bool) {
        let mut shelf = self.shelf();
        let mut old = Vec::new();
        shelf.places.retain(|_, kept| {
            // The latest is last.
            let count = kept.partition_point(|kept| kept.since.elapsed() >= IDLE);
            old.extend(kept.drain(..count).map(|kept| kept.connection));
            !kept.is_empty()
        });
        shelf.is_watched = !shelf.places.is_empty();
        (old, shelf.is_watched)
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a connection is kept decides nothing")]
async fn watch(pool: Weak<Pool>) {
    loop {
        tokio::time::sleep(IDLE).await;
        let Some(pool) = pool.upgrade() else { return };
        let (old, goes_on) = pool.clear();
        for connection in old {
            tokio::spawn(connection.close());
        }
        if !goes_on {
            return;
        }
    }
}
