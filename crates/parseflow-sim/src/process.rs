//! One simulated process: its own opening of the database, the real loops, and a reader of
//! documents that takes any time and may find anything.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use parseflow_model::Timestamp;
use parseflow_reader::ThreadReader;
use parseflow_store::{DocumentFiles, MemoryDatabase, Notice, Rules, Store, StoreError};
use parseflow_webhooks::retry::RetrySchedule;
use parseflow_webhooks::vault::MasterKey;
use parseflow_worker::{Roles, WorkerMetrics, WorkerParts, WorkerSettings, Workers};
use prometheus_client::registry::Registry;
use tokio::sync::{Notify, mpsc};

use crate::link::{Life, Link};
use crate::network::{Network, SimSender};
use crate::reader::Reader;
use crate::shared::Shared;
use crate::store::WatchedStore;

/// What every process of a world is made of.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) database: MemoryDatabase,
    pub(crate) rules: Arc<dyn Rules>,
    pub(crate) schedule: RetrySchedule,
    pub(crate) network: Arc<Network>,
    pub(crate) shared: Arc<Shared>,
}

/// One process; see the module.
pub(crate) struct Process {
    pub(crate) link: Arc<Link>,
    /// The store as this process sees it.
    pub(crate) store: Arc<dyn Store>,
    /// Empty until the loops have started, and again once they were asked to stop.
    workers: Arc<Mutex<Option<Workers>>>,
}

impl Process {
    /// Opens the database and starts the loops, which may crash on the way.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub(crate) fn start(number: u32, plan: &Plan) -> Result<Self, StoreError> {
        let link = Arc::new(Link::new(number));
        let (to_loops, notices) = mpsc::unbounded_channel();
        let work = Arc::new(Notify::new());
        let queued = Arc::clone(&work);
        let sink = Arc::new(move |notice| {
            if matches!(notice, Notice::WorkQueued) {
                queued.notify_one();
            }
            let _ = to_loops.send(notice);
        });
        let real = plan.database.store(Arc::clone(&plan.rules), sink)?;
        let shared = Arc::clone(&plan.shared);
        let watched = |is_front| -> Arc<dyn Store> {
            let (real, link, shared) = (real.clone(), Arc::clone(&link), Arc::clone(&shared));
            Arc::new(WatchedStore { real, link, shared, is_front })
        };
        let store = watched(true);
        let sender = SimSender {
            network: Arc::clone(&plan.network),
            link: Arc::clone(&link),
            shared: Arc::clone(&shared),
        };
        let parts = WorkerParts {
            store: watched(false),
            files: Arc::new(NoFiles),
            // No document is read by the loops here.
            reader: Arc::new(ThreadReader { timeout: Duration::ZERO }),
            clock: Arc::new(shared.clock.clone()),
            vault: Arc::new(MasterKey::from_bytes([1; 32]).into()),
            sender: Arc::new(sender),
            schedule: plan.schedule.clone(),
            settings: WorkerSettings::default(),
            alerts: None,
            roles: Roles { extract: false, deliver: true },
            notices,
            metrics: WorkerMetrics::new(&mut Registry::default()),
        };
        let workers = Arc::new(Mutex::new(None));
        let reader = Reader {
            store: Arc::clone(&store),
            link: Arc::clone(&link),
            shared: Arc::clone(&shared),
            work,
        };
        tokio::spawn(begin(parts, reader, Arc::clone(&workers), Arc::clone(&link), shared));
        Ok(Self { link, store, workers })
    }

    /// Whether its loops run.
    pub(crate) fn has_started(&self) -> bool {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Asks it to end in order; it is dead when it has, or when that took too long.
    pub(crate) fn stop(&self, shared: &Arc<Shared>) {
        let workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(workers) = workers else { return };
        let (link, shared) = (Arc::clone(&self.link), Arc::clone(shared));
        tokio::spawn(async move {
            let in_order = workers.stop(Duration::from_secs(20)).await;
            shared.note(|| format!("p{} stopped, in order: {in_order}", link.process));
            link.set(Life::Dead);
            shared.died.notify_one();
        });
    }
}

async fn begin(
    parts: WorkerParts,
    reader: Reader,
    workers: Arc<Mutex<Option<Workers>>>,
    link: Arc<Link>,
    shared: Arc<Shared>,
) {
    match Workers::start(parts).await {
        Ok(started) => {
            *workers.lock().unwrap_or_else(PoisonError::into_inner) = Some(started);
            shared.note(|| format!("p{} started", link.process));
            tokio::spawn(reader.run());
        }
        Err(error) => {
            shared.note(|| format!("p{} cannot start: {error}", link.process));
            link.set(Life::Dead);
            shared.died.notify_one();
        }
    }
}

/// Documents of this world have no bytes.
pub(crate) struct NoFiles;

#[async_trait]
impl DocumentFiles for NoFiles {
    async fn put(&self, _name: &str, _bytes: Vec<u8>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn get(&self, _name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    async fn delete(&self, _name: &str) -> Result<(), StoreError> {
        Ok(())
    }

    async fn written_before(&self, _at: Timestamp, _max: usize) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }
}
