//! The load generator: connections that send one request after another.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::error::BenchError;

/// One request to send, again and again.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    pub(crate) key: String,
}

/// One connection.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    target: Target,
}

impl Connection {
    pub(crate) async fn open(target: &Target) -> Result<Self, BenchError> {
        let io = |source| BenchError::Io { what: "a connection", source };
        let stream = TcpStream::connect(target.address).await.map_err(io)?;
        stream.set_nodelay(true).map_err(io)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(failed)?;
        tokio::spawn(connection);
        Ok(Self { sender, target: target.clone() })
    }

    /// Sends a body and waits for the whole answer, which must be a success.
    pub(crate) async fn post(
        &mut self,
        content_type: &str,
        body: Bytes,
    ) -> Result<Bytes, BenchError> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(&self.target.path)
            .header("host", self.target.address.to_string())
            .header("x-api-key", &self.target.key)
            .header("content-type", content_type)
            .body(Full::new(body))
            .map_err(|error| BenchError::Request(error.to_string()))?;
        self.sender.ready().await.map_err(failed)?;
        let answer = self.sender.send_request(request).await.map_err(failed)?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(failed)?.to_bytes();
        if status.is_success() {
            return Ok(body);
        }
        let body = String::from_utf8_lossy(&body).chars().take(400).collect();
        Err(BenchError::Answer { status: status.as_u16(), body })
    }
}

fn failed(error: hyper::Error) -> BenchError {
    BenchError::Request(error.to_string())
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
