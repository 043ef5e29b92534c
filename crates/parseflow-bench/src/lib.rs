//! Load on a real server over loopback, and what it achieves.
//!
//! The server is the release binary as an operator would run it, on a fresh data folder. The load
//! generator and the receiver are this process, on the same machine and its cores; so every figure
//! stands beside the *bare loop*: the same client sending the same bodies straight to the receiver,
//! in the same run. [`run`] plays all scenarios several times, [`Report`] prints the medians.
//!
//! Nothing here leaves the machine.

mod database;
mod error;
mod fill;
mod load;
mod probe;
mod receiver;
mod report;
mod scale;
mod scenarios;
mod server;
mod wire;

use std::path::PathBuf;
use std::time::Duration;

pub use database::Database;
pub use error::BenchError;
pub use report::{Figure, Report};

/// How long and how hard.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The `parseflow` binary.
    pub server: PathBuf,
    /// Folder of sample documents (PDF).
    pub samples: PathBuf,
    /// Runs of each scenario; the median is reported.
    pub runs: usize,
    /// Connections of the closed loops.
    pub connections: usize,
    /// Events of a closed loop.
    pub events: usize,
    /// Events per second of the latency scenario.
    pub rate_per_sec: u32,
    /// Length of the latency scenario.
    pub rate_for: Duration,
    /// Length of the extraction scenarios.
    pub extract_for: Duration,
    /// Events per second of the second latency scenario at scale.
    pub high_rate_per_sec: u32,
    /// Deliveries that wait for a retry.
    pub retries: u64,
    /// Rows of history, half of them events and half attempts.
    pub history_rows: u64,
    /// The only scenario at scale to play; `None` for all.
    pub only: Option<String>,
}

impl Plan {
    /// The full measurement: under three minutes on two cores.
    pub fn full(server: PathBuf, samples: PathBuf) -> Self {
        Self {
            server,
            samples,
            runs: 3,
            connections: 64,
            events: 60_000,
            rate_per_sec: 300,
            rate_for: Duration::from_secs(10),
            extract_for: Duration::from_secs(4),
            high_rate_per_sec: 2_000,
            retries: 1_000_000,
            history_rows: 5_000_000,
            only: None,
        }
    }

    /// A look whether everything still works: seconds, and no figure worth keeping.
    pub fn quick(server: PathBuf, samples: PathBuf) -> Self {
        Self {
            runs: 1,
            connections: 8,
            events: 400,
            rate_per_sec: 200,
            rate_for: Duration::from_millis(500),
            extract_for: Duration::from_millis(300),
            high_rate_per_sec: 200,
            retries: 2_000,
            history_rows: 2_000,
            ..Self::full(server, samples)
        }
    }
}

/// The names of the scenarios at scale, for [`Plan::only`].
pub fn situations() -> &'static [&'static str] {
    &scale::SITUATIONS
}

/// Plays the scenarios at scale on one database; those that fill it first only once.
///
/// # Errors
/// As [`run`]; or the database cannot be prepared.
pub fn run_at_scale(plan: &Plan, database: &Database) -> Result<Report, BenchError> {
    let mut report = Report::default();
    on_all_cores(scale::play(plan, database, &mut report))?;
    Ok(report)
}

/// Plays every scenario and reports the medians.
///
/// # Errors
/// The server does not start, an answer is not a success, or an event is not delivered.
pub fn run(plan: &Plan) -> Result<Report, BenchError> {
    on_all_cores(scenarios::play(plan))
}

fn on_all_cores<T>(work: impl Future<Output = Result<T, BenchError>>) -> Result<T, BenchError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| BenchError::Io { what: "the runtime", source })?;
    runtime.block_on(work)
}
