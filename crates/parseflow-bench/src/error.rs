//! Why a measurement was abandoned.

use std::io;

/// Why a measurement was abandoned. A figure is never reported for work that failed.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The system failed.
    #[error("{what}: {source}")]
    Io {
        /// What was attempted.
        what: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// The server did not start or did not do what it was told.
    #[error("the server: {0}")]
    Server(String),
    /// A database could not be prepared or asked.
    #[error("the database: {0}")]
    Database(String),
    /// A request failed.
    #[error("a request failed: {0}")]
    Request(String),
    /// An answer was not a success.
    #[error("answered {status}: {body}")]
    Answer {
        /// The status.
        status: u16,
        /// The first part of the body.
        body: String,
    },
    /// Events were acknowledged but did not arrive in time.
    #[error("{arrived} of {sent} events arrived in time")]
    Lost {
        /// Events acknowledged.
        sent: usize,
        /// Events that arrived.
        arrived: usize,
    },
    /// There are no samples to read.
    #[error("no readable sample in {0}")]
    NoSamples(String),
}
