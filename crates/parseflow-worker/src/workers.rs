//! Starting and stopping the loops.

use std::sync::Arc;
use std::time::Duration;

use parseflow_accounts::plan::PlanTable;
use parseflow_reader::DocumentReader;
use parseflow_store::{DispatcherLease, DocumentFiles, Notice, Store, StoreError};
use parseflow_webhooks::endpoint_health::HealthRules;
use parseflow_webhooks::retry::RetrySchedule;
use parseflow_webhooks::vault::KeyRing;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;

use crate::alert::{AlertParts, Alerts};
use crate::deliver::Deliverer;
use crate::dispatch::Dispatcher;
use crate::metrics::WorkerMetrics;
use crate::ports::{AttemptSender, Clock};
use crate::presence::{self, Presence, PresenceLimits};
use crate::queue::QueueLimits;
use crate::read::{ReadLimits, Reader};
use crate::recover;
use crate::sweep;
use crate::targets::Targets;

/// Telling others of the end may take this long.
const LEAVE: Duration = Duration::from_secs(3);
/// Between two tries to begin dispatching again.
const START_AGAIN: Duration = Duration::from_secs(1);

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
    /// Heartbeats, where several processes share the database.
    pub presence: PresenceLimits,
    /// When endpoints are given up: what is told of it in the log beforehand.
    pub health: HealthRules,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            delivery_timeout: Duration::from_secs(15),
            retention: Duration::from_secs(30 * 86_400),
            read: ReadLimits::default(),
            plans: PlanTable::default(),
            presence: PresenceLimits::default(),
            health: HealthRules::default(),
        }
    }
}

/// What the loops are made of.
pub struct WorkerParts {
    /// The truth.
    pub store: Arc<dyn Store>,
    /// Uploaded files.
    pub files: Arc<dyn DocumentFiles>,
    /// Reads documents.
    pub reader: Arc<dyn DocumentReader>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Opens endpoints' secrets.
    pub vault: Arc<KeyRing>,
    /// The network.
    pub sender: Arc<dyn AttemptSender>,
    /// Delays after failed attempts.
    pub schedule: RetrySchedule,
    /// Settings.
    pub settings: WorkerSettings,
    /// How owners are told of endpoints that keep failing; `None`: not by e-mail.
    pub alerts: Option<AlertParts>,
    /// Which loops run here.
    pub roles: Roles,
    /// What the store tells after each commit.
    pub notices: mpsc::UnboundedReceiver<Notice>,
    /// Counters.
    pub metrics: WorkerMetrics,
}

/// The running loops.
pub struct Workers {
    store: Arc<dyn Store>,
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
        let (work, recoveries) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let mut loops = Vec::new();
        if parts.roles.deliver {
            let dispatching = Dispatching::of(&parts);
            let dispatcher = dispatching.start(dispatcher_notices).await?;
            loops.push(tokio::spawn(dispatching.run(dispatcher, stopped.clone())));
            loops.push(tokio::spawn(recover::run(
                Arc::clone(&parts.store),
                Arc::clone(&parts.clock),
                Arc::clone(&recoveries),
                stopped.clone(),
            )));
            if let Some(alerts) = parts.alerts {
                let alerts = Alerts {
                    store: Arc::clone(&parts.store),
                    clock: Arc::clone(&parts.clock),
                    health: parts.settings.health,
                    parts: alerts,
                };
                loops.push(tokio::spawn(alerts.run(stopped.clone())));
            }
        } else if parts.store.is_shared() {
            let (store, clock) = (Arc::clone(&parts.store), Arc::clone(&parts.clock));
            let presence = Presence::new(store, clock, parts.settings.presence);
            loops.push(tokio::spawn(presence::run(presence, stopped.clone())));
        }
        if parts.roles.extract {
            parts.store.release_work().await?;
            let reader = Reader {
                store: Arc::clone(&parts.store),
                files: Arc::clone(&parts.files),
                reader: Arc::clone(&parts.reader),
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
            parts.settings.read.keep_files,
            stopped.clone(),
        )));
        tokio::spawn(route(parts.notices, to_dispatcher, work, recoveries));
        Ok(Self { store: parts.store, stop, loops })
    }

    /// Stops the loops: nothing new is begun, what is in flight is ended and recorded, claims are
    /// given back. `false` when that took longer than `within`; what is left is found again at the
    /// next start.
    pub async fn stop(self, within: Duration) -> bool {
        let _ = self.stop.send(true);
        let ended = futures_util::future::join_all(self.loops);
        let in_time = tokio::time::timeout(within, ended).await.is_ok();
        // Others need not wait until this process is dead to them.
        match tokio::time::timeout(LEAVE, self.store.leave()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(error = %error, "other processes were not told of the end")
            }
            Err(_) => tracing::warn!("other processes were not told of the end in time"),
        }
        in_time
    }
}

/// What dispatchers are made of, one after another: each has a lease of its own.
struct Dispatching {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    sender: Arc<dyn AttemptSender>,
    vault: Arc<KeyRing>,
    schedule: RetrySchedule,
    settings: WorkerSettings,
    metrics: WorkerMetrics,
}

impl Dispatching {
    fn of(parts: &WorkerParts) -> Self {
        Self {
            store: Arc::clone(&parts.store),
            clock: Arc::clone(&parts.clock),
            sender: Arc::clone(&parts.sender),
            vault: Arc::clone(&parts.vault),
            schedule: parts.schedule.clone(),
            settings: parts.settings.clone(),
            metrics: parts.metrics.clone(),
        }
    }

    /// Takes over from any predecessor.
    async fn start(
        &self,
        notices: mpsc::UnboundedReceiver<Notice>,
    ) -> Result<Dispatcher, StoreError> {
        let lease = self.store.start_dispatcher(self.clock.now()).await?;
        Ok(self.dispatcher(lease, notices))
    }

    fn dispatcher(
        &self,
        lease: DispatcherLease,
        notices: mpsc::UnboundedReceiver<Notice>,
    ) -> Dispatcher {
        let presence =
            Presence::new(Arc::clone(&self.store), Arc::clone(&self.clock), self.settings.presence);
        let deliverer = Deliverer {
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            sender: Arc::clone(&self.sender),
            targets: Targets::new(Arc::clone(&self.store), Arc::clone(&self.vault)),
            schedule: self.schedule.clone(),
            timeout: self.settings.delivery_timeout,
            health: self.settings.health,
            lease,
            presence,
            metrics: self.metrics.clone(),
        };
        Dispatcher::new(deliverer, QueueLimits::default(), notices)
    }

    /// Dispatches until `stop` says so. A process that was taken for dead by the others that share
    /// the database starts again; one that another process has replaced is done.
    async fn run(self, dispatcher: Dispatcher, mut stop: watch::Receiver<bool>) {
        let mut next = dispatcher;
        while let Some(notices) = next.run(&mut stop).await {
            if !self.store.is_shared() {
                return;
            }
            let Some(lease) = self.lease_again(&mut stop).await else { return };
            tracing::info!("dispatching again");
            next = self.dispatcher(lease, notices);
        }
    }

    /// A new lease, as soon as the database gives one; `None` when `stop` says so before.
    async fn lease_again(&self, stop: &mut watch::Receiver<bool>) -> Option<DispatcherLease> {
        while !*stop.borrow() {
            match self.store.start_dispatcher(self.clock.now()).await {
                Ok(lease) => return Some(lease),
                Err(error) => tracing::warn!(error = %error, "dispatching cannot begin again yet"),
            }
            tokio::select! {
                _ = stop.changed() => return None,
                () = self.clock.sleep_until(self.clock.now() + START_AGAIN) => {}
            }
        }
        None
    }
}

/// Sends each notice to the loop that wants it.
async fn route(
    mut notices: mpsc::UnboundedReceiver<Notice>,
    dispatcher: mpsc::UnboundedSender<Notice>,
    work: Arc<Notify>,
    recoveries: Arc<Notify>,
) {
    while let Some(notice) = notices.recv().await {
        match notice {
            Notice::WorkQueued => work.notify_one(),
            Notice::RecoveryBegun => recoveries.notify_one(),
            Notice::DocumentFinished(_) => {}
            // Nobody listens when this process does not deliver.
            notice => drop(dispatcher.send(notice)),
        }
    }
}
