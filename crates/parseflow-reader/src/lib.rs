//! Untrusted documents are read in processes that can do nothing else.
//!
//! The parent is a [`ProcessPool`]: it keeps workers started, hands each one document at a time over
//! a pipe, and kills it when it takes too long. The worker is this same program run again
//! ([`work`](fn@work)): before it looks at the first byte it gives up everything but computing and
//! its two pipes ([`confine`]). What passes between them are frames ([`frame`]).
//!
//! A document that crashes or hangs its worker gets one more try in a fresh one and is then a failure
//! with a code; the service goes on. [`ThreadReader`] reads on a thread of this process instead, for
//! programs that trust their documents, and for tests.

mod canary;
pub mod confine;
pub mod frame;
mod pool;
mod thread;
mod work;
mod worker_process;

use async_trait::async_trait;
use parseflow_extract::ExtractOptions;
use parseflow_model::{DocumentFailure, Extraction};

pub use canary::{Canary, CanaryFate};
pub use pool::{PoolError, PoolSettings, ProcessPool};
pub use thread::ThreadReader;
pub use work::{WorkError, WorkerLimits, work};

/// Reads documents, each to its result or a failure with a code.
#[async_trait]
pub trait DocumentReader: Send + Sync {
    /// Reads one document. Dropping the future gives the document up and ends the work on it.
    ///
    /// # Errors
    /// The codes of [`parseflow_extract::ExtractError`], `timeout`, and `engine_crashed`.
    async fn read(
        &self,
        bytes: Vec<u8>,
        options: ExtractOptions,
    ) -> Result<Extraction, DocumentFailure>;
}

/// The worker failed without an answer.
pub(crate) fn crashed() -> DocumentFailure {
    DocumentFailure {
        code: "engine_crashed".to_owned(),
        message: "reading the file made the extraction engine fail; the failure is contained"
            .to_owned(),
    }
}

/// The limit of time was reached.
pub(crate) fn timed_out(limit: std::time::Duration) -> DocumentFailure {
    DocumentFailure {
        code: "timeout".to_owned(),
        message: format!("reading took longer than {} s", limit.as_secs_f64()),
    }
}
