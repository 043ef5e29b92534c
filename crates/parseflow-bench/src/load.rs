//! The load generator: connections that send one request after another.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::error::BenchError;
use crate::wire::Wire;

/// One request to send, again and again.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    pub(crate) key: String,
}

/// One connection.
pub(crate) struct Connection {
    wire: Wire,
    /// The head of every request, up to the content type.
    head: String,
    /// The request that is sent.
    request: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(target: &Target) -> Result<Self, BenchError> {
        let io = |source| BenchError::Io { what: "a connection", source };
        let stream = TcpStream::connect(target.address).await.map_err(io)?;
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: {}\r\nx-api-key: {}\r\ncontent-type: ",
            target.path, target.address, target.key
        );
        Ok(Self { wire: Wire::new(stream).map_err(io)?, head, request: Vec::new() })
    }

    /// Sends a body and waits for the whole answer, which must be a success.
    pub(crate) async fn post(
        &mut self,
        content_type: &str,
        body: Bytes,
    ) -> Result<&[u8], BenchError> {
        let failed = |error: io::Error| BenchError::Request(error.to_string());
        self.request.clear();
        self.request.extend_from_slice(self.head.as_bytes());
        write!(self.request, "{content_type}\r\ncontent-length: {}\r\n\r\n", body.len())
            .map_err(failed)?;
        self.request.extend_from_slice(&body);
        self.wire.write(&self.request).await.map_err(failed)?;
        let (status, body) = self.wire.answer().await.map_err(failed)?;
        if (200..300).contains(&status) {
            return Ok(body);
        }
        let body = String::from_utf8_lossy(body).chars().take(400).collect();
        Err(BenchError::Answer { status, body })
    }
}

/// Makes the body of the n-th request.
pub(crate) type MakeBody = Arc<dyn Fn(usize) -> Bytes + Send + Sync>;

/// Sends `count` JSON bodies over `connections`, each connection one after another. How long each
/// took and how long all took.
pub(crate) async fn closed_loop(
    target: &Target,
    connections: usize,
    count: usize,
    body: MakeBody,
) -> Result<(Vec<Duration>, Duration), BenchError> {
    let opened = open_all(target, connections).await?;
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    let started = now();
    for mut connection in opened {
        let (next, body) = (Arc::clone(&next), Arc::clone(&body));
        tasks.spawn(async move {
            let mut took = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return Ok(took);
                }
                let begun = now();
                connection.post("application/json", body(index)).await?;
                took.push(begun.elapsed());
            }
        });
    }
    let took = joined(tasks).await?;
    Ok((took, started.elapsed()))
}

/// When requests are due.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    /// So many each second, evenly spaced.
    pub(crate) per_sec: u32,
    /// The first one this long after the start.
    pub(crate) offset: Duration,
    /// For so long.
    pub(crate) duration: Duration,
}

/// Sends JSON bodies at this rate, whether or not earlier ones were answered. Each body is made when
/// it is due, so that it can carry that time.
pub(crate) async fn fixed_rate(
    target: &Target,
    connections: usize,
    rate: Rate,
    body: MakeBody,
) -> Result<(usize, Vec<Duration>), BenchError> {
    let Rate { per_sec, offset, duration } = rate;
    let count = (f64::from(per_sec) * duration.as_secs_f64()) as usize;
    let opened = open_all(target, connections).await?;
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    let started = now() + offset;
    for mut connection in opened {
        let (next, body) = (Arc::clone(&next), Arc::clone(&body));
        tasks.spawn(async move {
            let mut took = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return Ok(took);
                }
                let due = started + Duration::from_secs(1) * index as u32 / per_sec;
                wait_until(due).await;
                connection.post("application/json", body(index)).await?;
                took.push(due.elapsed());
            }
        });
    }
    Ok((count, joined(tasks).await?))
}

async fn joined(
    mut tasks: JoinSet<Result<Vec<Duration>, BenchError>>,
) -> Result<Vec<Duration>, BenchError> {
    let mut all = Vec::new();
    while let Some(done) = tasks.join_next().await {
        all.extend(done.map_err(|error| BenchError::Request(error.to_string()))??);
    }
    Ok(all)
}

#[expect(clippy::disallowed_methods, reason = "measures time; decides nothing")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "keeps a rate; decides nothing")]
async fn wait_until(due: Instant) {
    tokio::time::sleep_until(due.into()).await;
}

/// This many connections, all open before the first request is timed.
async fn open_all(target: &Target, connections: usize) -> Result<Vec<Connection>, BenchError> {
    let mut opened = Vec::with_capacity(connections);
    for _ in 0..connections {
        opened.push(Connection::open(target).await?);
    }
    Ok(opened)
}
