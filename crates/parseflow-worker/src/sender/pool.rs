//! Connections to receivers, kept for the next attempt.
//!
//! A connection is driven by the attempt that uses it and by nobody while it is kept: there is no
//! task between an attempt and its socket. Whether a kept one is still open is found out when it is
//! taken.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::wire;

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);
/// How long a connection may take to end.
const FAREWELL: Duration = Duration::from_secs(5);
/// Most unused connections to one place: several endpoints may share it, each with its attempts.
const IDLE_MAX: usize = 256;

/// A connection to a receiver, with TLS where its URL wants it.
pub(super) type Connection = wire::Connection<TokioIo<MaybeHttpsStream<TokioIo<TcpStream>>>>;

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
    pub(super) fn take(&self, place: &str) -> Option<Connection> {
        loop {
            let mut kept = self.shelf().places.get_mut(place)?.pop()?;
            if kept.since.elapsed() < IDLE && kept.connection.is_free() {
                return Some(kept.connection);
            }
        }
    }

    /// Keeps a connection whose answer was read, if it can be used again.
    pub(super) fn keep(self: &Arc<Self>, place: &str, mut connection: Connection) {
        if !connection.is_free() {
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
            tokio::spawn(tokio::time::timeout(FAREWELL, connection.close()));
        }
        if !goes_on {
            return;
        }
    }
}
