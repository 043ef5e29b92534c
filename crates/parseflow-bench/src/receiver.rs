//! The receiver: answers 200 at once, counts, and reads the time that each event carries.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::error::BenchError;
use crate::load::now;
use crate::wire::Wire;

/// What precedes the time in an event's body.
pub(crate) const SENT_AT_US: &str = "\"sentAtUs\":";

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 17\r\n\r\n{\"received\":true}";

struct Counted {
    /// Times in bodies are microseconds after this.
    start: Instant,
    arrived: AtomicUsize,
    wanted: AtomicUsize,
    enough: Notify,
    latencies: Mutex<Vec<Duration>>,
}

/// A running receiver.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    counted: Arc<Counted>,
}

impl Receiver {
    pub(crate) async fn start() -> Result<Self, BenchError> {
        let io = |source| BenchError::Io { what: "the receiver", source };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(io)?;
        let address = listener.local_addr().map_err(io)?;
        let counted = Arc::new(Counted {
            start: now(),
            arrived: AtomicUsize::new(0),
            wanted: AtomicUsize::new(usize::MAX),
            enough: Notify::new(),
            latencies: Mutex::default(),
        });
        let shared = Arc::clone(&counted);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Ok(Self { address, counted })
    }

    /// Microseconds since the receiver started: what an event carries as the time it was sent.
    pub(crate) fn clock_us(&self) -> impl Fn() -> u128 + Send + Sync + use<> {
        let start = self.counted.start;
        move || start.elapsed().as_micros()
    }

    /// Forgets what arrived so far.
    pub(crate) fn reset(&self) {
        self.counted.arrived.store(0, Ordering::SeqCst);
        self.latencies().clear();
    }

    /// Waits until `count` requests have arrived; how many had when that took too long.
    pub(crate) async fn wait_for(&self, count: usize, within: Duration) -> Result<(), BenchError> {
        self.counted.wanted.store(count, Ordering::SeqCst);
        let enough = async {
            loop {
                let told = self.counted.enough.notified();
                if self.counted.arrived.load(Ordering::SeqCst) >= count {
                    return;
                }
                told.await;
            }
        };
        tokio::time::timeout(within, enough).await.map_err(|_| BenchError::Lost {
            sent: count,
            arrived: self.counted.arrived.load(Ordering::SeqCst),
        })
    }

    /// From the time each event carries to its arrival.
    pub(crate) fn take_latencies(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.latencies())
    }

    fn latencies(&self) -> std::sync::MutexGuard<'_, Vec<Duration>> {
        self.counted.latencies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Receives until the sender goes. A request that breaks off is not counted; the sender repeats it.
async fn serve(stream: TcpStream, counted: Arc<Counted>) {
    let Ok(mut wire) = Wire::new(stream) else { return };
    while let Ok(Some(body)) = wire.request().await {
        counted.receive(body);
        if wire.write(ANSWER).await.is_err() {
            return;
        }
    }
}

impl Counted {
    fn receive(&self, body: &[u8]) {
        let now_us = self.start.elapsed().as_micros();
        if let Some(sent_us) = sent_at_us(body) {
            let latency_us = u64::try_from(now_us.saturating_sub(sent_us)).unwrap_or(u64::MAX);
            let mut latencies = self.latencies.lock().unwrap_or_else(PoisonError::into_inner);
            latencies.push(Duration::from_micros(latency_us));
        }
        let arrived = self.arrived.fetch_add(1, Ordering::SeqCst) + 1;
        if arrived >= self.wanted.load(Ordering::SeqCst) {
            self.enough.notify_waiters();
        }
    }
}

fn sent_at_us(body: &[u8]) -> Option<u128> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once(SENT_AT_US)?;
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    rest[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_read_out_of_the_body() {
        assert_eq!(sent_at_us(br#"{"data":{"sentAtUs":1234,"x":5}}"#), Some(1234));
        assert_eq!(sent_at_us(br#"{"data":{}}"#), None);
        assert_eq!(sent_at_us(br#"{"sentAtUs":"x"}"#), None);
    }
}
