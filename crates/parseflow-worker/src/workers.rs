//! Starting and stopping the loops.

use std::sync::Arc;
use std::time::Duration;

use parseflow_accounts::plan::PlanTable;
use parseflow_store::{DocumentFiles, Notice, Store, StoreError};
use parseflow_webhooks::retry::RetrySchedule;
use parseflow_webhooks::vault::MasterKey;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;

use crate::deliver::Deliverer;
use crate::dispatch::Dispatcher;
use crate::metrics::WorkerMetrics;
use crate::ports::{AttemptSender, Clock};
use crate::queue::QueueLimits;
use crate::read::{ReadLimits, Reader};
use crate::sweep;
use crate::targets::Targets;

/// Which loops run in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// Read documents.
    pub extract: bool,
    /// Deliver events.
    pub deliver: bool,
}

/// Settings of the loops.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// Deadline of an attempt, unless its endpoint has its own.
    pub delivery_timeout: Duration,
    /// How long events, deliveries and attempts are kept.
    pub retention: Duration,
    /// How much one document may cost.
    pub read: ReadLimits,
    /// What plans allow: a file in an archive may be as large as a file sent alone.
    pub plans: PlanTable,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            delivery_timeout: Duration::from_secs(15),
            retention: Duration::from_secs(30 * 86_400),
            read: ReadLimits::default(),
            plans: PlanTable::default(),
        }
    }
}

/// What the loops are made of.
pub struct WorkerParts {
    /// The truth.
    pub store: Arc<dyn Store>,
    /// Uploaded files.
    pub files: Arc<dyn DocumentFiles>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Opens endpoints' secrets.
    pub vault: Arc<MasterKey>,
    /// The network.
    pub sender: Arc<dyn AttemptSender>,
    /// Delays after failed attempts.
    pub schedule: RetrySchedule,
    /// Settings.
    pub settings: WorkerSettings,
    /// Which loops run here.
    pub roles: Roles,
    /// What the store tells after each commit.
    pub notices: mpsc::UnboundedReceiver<Notice>,
    /// Counters.
    pub metrics: WorkerMetrics,
}

/// The running loops.
pub struct Workers {
    stop: watch::Sender<bool>,
    loops: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Takes over from any predecessor and starts the loops.
    ///
    /// # Errors
    /// When the store cannot be taken over.
    pub async fn start(parts: WorkerParts) -> Result<Self, StoreError> {
        let (stop, stopped) = watch::channel(false);
        let (to_dispatcher, dispatcher_notices) = mpsc::unbounded_channel();
        let work = Arc::new(Notify::new());
        let mut loops = Vec::new();
        if parts.roles.deliver {
            let dispatcher = dispatcher(&parts, dispatcher_notices).await?;
            loops.push(tokio::spawn(dispatcher.run(stopped.clone())));
        }
        if parts.roles.extract {
            parts.store.release_work().await?;
            let reader = Reader {
                store: Arc::clone(&parts.store),
                files: Arc::clone(&parts.files),
                clock: Arc::clone(&parts.clock),
                limits: parts.settings.read,
                plans: parts.settings.plans,
                metrics: parts.metrics.clone(),
            };
            loops.push(tokio::spawn(reader.run(Arc::clone(&work), stopped.clone())));
        }
        loops.push(tokio::spawn(sweep::run(
            Arc::clone(&parts.store),
            Arc::clone(&parts.files),
            Arc::clone(&parts.clock),
            parts.settings.retention,
            stopped.clone(),
        )));
        tokio::spawn(route(parts.notices, to_dispatcher, work));
        Ok(Self { stop, loops })
    }

    /// Stops the loops: nothing new is begun, what is in flight is ended and recorded, claims are
    /// given back. `false` when that took longer than `within`; what is left is found again at the
    /// next start.
    pub async fn stop(self, within: Duration) -> bool {
        let _ = self.stop.send(true);
        let ended = futures_util::future::join_all(self.loops);
        tokio::time::timeout(within, ended).await.is_ok()
    }
}

async fn dispatcher(
    parts: &WorkerParts,
    notices: mpsc::UnboundedReceiver<Notice>,
) -> Result<Dispatcher, StoreError> {
    let lease = parts.store.start_dispatcher(parts.clock.now()).await?;
    let deliverer = Deliverer {
        store: Arc::clone(&parts.store),
        clock: Arc::clone(&parts.clock),
        sender: Arc::clone(&parts.sender),
        targets: Targets::new(Arc::clone(&parts.store), Arc::clone(&parts.vault)),
        schedule: parts.schedule.clone(),
        timeout: parts.settings.delivery_timeout,
        lease,
        metrics: parts.metrics.clone(),
    };
    Ok(Dispatcher::new(deliverer, QueueLimits::default(), notices))
}

/// Sends each notice to the loop that wants it.
async fn route(
    mut notices: mpsc::UnboundedReceiver<Notice>,
    dispatcher: mpsc::UnboundedSender<Notice>,
    work: Arc<Notify>,
) {
    while let Some(notice) = notices.recv().await {
        match notice {
            Notice::WorkQueued => work.notify_one(),
            Notice::DocumentFinished(_) => {}
            // Nobody listens when this process does not deliver.
            notice => drop(dispatcher.send(notice)),
        }
    }
}
