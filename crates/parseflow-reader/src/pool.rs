//! Workers that are started before they are needed, and renewed before they grow old.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use parseflow_extract::ExtractOptions;
use parseflow_model::{DocumentFailure, Extraction};

use crate::frame::{Answer, Hello};
use crate::worker_process::{Broken, TimeLimits, WorkerProcess};
use crate::{DocumentReader, crashed, timed_out};

/// How workers are started and what they may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolSettings {
    /// The program that calls [`work`](fn@crate::work).
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Workers that are kept started. More run when more is asked for at the same time: whoever calls
    /// [`DocumentReader::read`] limits that.
    pub idle_max: usize,
    /// Longest processor time without a page being done; by the clock for a worker that does not compute, and where the
    /// system does not tell.
    pub step_timeout: Duration,
    /// Longest time for one document, by the clock.
    pub total_timeout: Duration,
    /// A worker is renewed after this many documents.
    pub documents_max: u32,
    /// A worker that holds more memory than this after a document is renewed, in bytes.
    pub resident_bytes_max: u64,
}

impl PoolSettings {
    /// Workers of `program`, with `args`, and limits for documents of people.
    pub fn new(program: PathBuf, args: Vec<OsString>) -> Self {
        Self {
            program,
            args,
            idle_max: 2,
            step_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(600),
            documents_max: 200,
            resident_bytes_max: 700 * 1024 * 1024,
        }
    }

    fn time_limits(&self) -> TimeLimits {
        TimeLimits { step: self.step_timeout, total: self.total_timeout }
    }
}

/// Why there are no workers.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// The program cannot be started as a worker.
    #[error("no process for reading documents can be started: {0}")]
    Start(#[source] io::Error),
}

/// The pool; see the module. Cloning it gives the same pool.
#[derive(Debug, Clone)]
pub struct ProcessPool {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: PoolSettings,
    containment: Hello,
    idle: Mutex<Vec<WorkerProcess>>,
}

impl ProcessPool {
    /// Starts the workers.
    ///
    /// # Errors
    /// When the first one cannot be started.
    pub async fn start(settings: PoolSettings) -> Result<Self, PoolError> {
        let started = WorkerProcess::start(&settings.program, &settings.args).await;
        let first = started.map_err(PoolError::Start)?;
        let containment = first.hello;
        let missing = settings.idle_max.saturating_sub(1);
        let pool = Self {
            shared: Arc::new(Shared { settings, containment, idle: Mutex::new(vec![first]) }),
        };
        for _ in 0..missing {
            pool.start_another();
        }
        Ok(pool)
    }

    /// How the kernel confines the workers.
    pub fn containment(&self) -> Hello {
        self.shared.containment
    }

    /// The numbers of the processes that wait for documents.
    pub fn idle_processes(&self) -> Vec<u32> {
        self.idle().iter().filter_map(WorkerProcess::process_id).collect()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<WorkerProcess>> {
        // A list of processes is whole after any panic.
        self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a worker aside, so that it is there when the next document comes.
    fn start_another(&self) {
        let pool = self.clone();
        tokio::spawn(async move {
            match pool.fresh().await {
                Ok(worker) => pool.put_back(worker),
                Err(error) => tracing::error!(%error, "no process for documents can be started"),
            }
        });
    }

    async fn fresh(&self) -> io::Result<WorkerProcess> {
        let settings = &self.shared.settings;
        WorkerProcess::start(&settings.program, &settings.args).await
    }

    fn put_back(&self, worker: WorkerProcess) {
        let mut idle = self.idle();
        if idle.len() < self.shared.settings.idle_max {
            idle.push(worker);
        }
    }

    /// Back among those that wait, or replaced when it is old or large.
    fn release(&self, worker: WorkerProcess) {
        let settings = &self.shared.settings;
        let resident = worker.resident_bytes().unwrap_or_default();
        if worker.documents < settings.documents_max && resident <= settings.resident_bytes_max {
            return self.put_back(worker);
        }
        tracing::debug!(documents = worker.documents, resident, "a reading process is renewed");
        drop(worker);
        self.start_another();
    }

    async fn attempt(
        &self,
        worker: io::Result<WorkerProcess>,
        bytes: &[u8],
        options: &ExtractOptions,
    ) -> Result<Answer, Broken> {
        let mut worker = worker.map_err(Broken::Crashed)?;
        let outcome = worker.read(bytes, options, self.shared.settings.time_limits()).await;
        match &outcome {
            Ok(_) => self.release(worker),
            Err(_) => drop(worker),
        }
        outcome
    }
}

#[async_trait]
impl DocumentReader for ProcessPool {
    async fn read(
        &self,
        bytes: Vec<u8>,
        options: ExtractOptions,
    ) -> Result<Extraction, DocumentFailure> {
        let waiting = self.idle().pop();
        let first = match waiting {
            Some(worker) => Ok(worker),
            None => self.fresh().await,
        };
        let mut outcome = self.attempt(first, &bytes, &options).await;
        if let Err(broken) = &outcome {
            tracing::warn!(reason = ?broken, "a reading process ended; the document is tried once more");
            outcome = self.attempt(self.fresh().await, &bytes, &options).await;
            if outcome.is_err() {
                self.start_another();
            }
        }
        match outcome {
            Ok(Answer::Read(extraction)) => Ok(*extraction),
            Ok(Answer::Failed(failure)) => Err(failure),
            Err(Broken::TimedOut(limit)) => Err(timed_out(limit)),
            Err(Broken::Crashed(error)) => {
                tracing::error!(%error, "a document ended two reading processes");
                Err(crashed())
            }
        }
    }
}
