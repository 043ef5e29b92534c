//! One world from its beginning to its end: things are done to it, processes die and come back, then
//! everything is mended and what was promised must have come about.

mod actions;
mod setup;

use std::sync::Arc;
use std::time::Duration;

use parseflow_model::AccountId;
use parseflow_store::SqliteStore;

use crate::clock::pause;
use crate::link::Life;
use crate::model::{Broken, State};
use crate::plant::Plant;
use crate::process::{Plan, Process};
use crate::shared::Shared;
use crate::store::{check_delivery, check_health};

/// How long everything may take to come to its end once nothing is broken any more: the longest
/// delay of the schedule and what `Retry-After` can add, twice.
const MENDING: Duration = Duration::from_secs(10 * 3_600);
/// What is looked at while things come to their end.
const LOOK: Duration = Duration::from_secs(600);

/// What came of a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The seed it came from.
    pub seed: u64,
    /// What was not as it must be.
    pub violation: Option<String>,
    /// The same for every run of the same seed.
    pub digest: u64,
    /// What happened, line by line, if it was asked for.
    pub trace: Vec<String>,
    /// Deliveries that happened.
    pub deliveries: usize,
    /// Attempts recorded.
    pub attempts: u64,
    /// Processes that were started.
    pub processes: u32,
}

/// Runs the world of `seed`, with a bug planted if one is given; `tracing` keeps what happens.
pub fn run(seed: u64, plant: Option<Plant>, tracing: bool) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without I/O needs nothing of the system");
    runtime.block_on(async {
        let mut world = World::new(seed, plant, tracing).await;
        world.live().await;
        world.report(seed)
    })
}

/// See the module.
struct World {
    shared: Arc<Shared>,
    plan: Plan,
    /// The database as it is, for looking and to keep it while no process has it open.
    inspector: SqliteStore,
    current: Option<Process>,
    /// A process that was taken over and may come back to life.
    former: Option<Process>,
    accounts: Vec<AccountId>,
    processes: u32,
    urls: u32,
}

impl World {
    async fn live(&mut self) {
        let profile = self.shared.profile();
        self.start();
        for _ in 0..profile.actions {
            self.act().await;
            let pause_max = match self.shared.rng.below(10) {
                0..=3 => Duration::from_millis(1),
                4..=6 => Duration::from_secs(2),
                _ => profile.pause_max,
            };
            self.pass(self.shared.rng.up_to(pause_max)).await;
            if self.shared.has_failed() {
                return;
            }
        }
        self.mend().await;
        if !self.shared.has_failed() {
            let outcome = self.judge().await;
            self.shared.check(outcome);
        }
    }

    /// Starts the next process on the same database.
    fn start(&mut self) {
        self.processes += 1;
        match Process::start(self.processes, &self.plan) {
            Ok(process) => self.current = Some(process),
            Err(error) => self.shared.check(Err(format!("the database does not open: {error}"))),
        }
    }

    /// Lets time pass; whoever dies meanwhile is started again after a while.
    async fn pass(&mut self, duration: Duration) {
        let end = self.shared.clock.elapsed_ms() + duration.as_millis() as u64;
        loop {
            let left = end.saturating_sub(self.shared.clock.elapsed_ms());
            let shared = Arc::clone(&self.shared);
            tokio::select! {
                biased;
                () = shared.died.notified() => {}
                () = pause(Duration::from_millis(left)) => return,
            }
            if self.shared.has_failed() {
                return;
            }
            if self.current.as_ref().is_some_and(|process| process.link.life() == Life::Dead) {
                pause(self.shared.rng.up_to(Duration::from_secs(*self.shared.rng.pick(&[1, 100]))))
                    .await;
                self.start();
            }
        }
    }

    /// Mends everything and waits until nothing is left to be done.
    async fn mend(&mut self) {
        self.shared.note(|| "everything is mended".into());
        self.shared.heal();
        self.plan.network.heal();
        if let Some(former) = self.former.take() {
            former.link.set(Life::Running);
            self.pass(Duration::from_secs(30)).await;
            former.link.set(Life::Dead);
        }
        if self.current.as_ref().is_none_or(|process| process.link.life() != Life::Running) {
            self.start();
        }
        // What the clock was set back must pass before what was scheduled before that is due.
        let set_back = self.shared.model().set_back_ms.unsigned_abs();
        let rounds = (MENDING + Duration::from_millis(set_back)).as_secs() / LOOK.as_secs();
        for _ in 0..rounds {
            self.pass(LOOK).await;
            let model = self.shared.model();
            let done = model.unfinished().is_empty()
                && model.unread().is_empty()
                && model.unrecovered().is_none();
            drop(model);
            if done || self.shared.has_failed() {
                return;
            }
        }
    }

    /// Compares everything that is stored with everything that should be.
    async fn judge(&self) -> Result<(), Broken> {
        let (deliveries, endpoints) = {
            let model = self.shared.model();
            if let Some((id, delivery)) = model.unfinished().first() {
                return Err(format!("{id} is never delivered: {delivery:?}"));
            }
            if let Some(id) = model.unread().first() {
                return Err(format!("{id} never comes to an end"));
            }
            if let Some(id) = model.unrecovered() {
                return Err(format!("{id} never comes to an end"));
            }
            let done = model.deliveries.iter().filter(|(_, d)| d.state == State::Done);
            if let Some((id, _)) = done.into_iter().find(|(_, delivery)| !delivery.received) {
                return Err(format!("{id} counts as delivered and no receiver accepted it"));
            }
            let deliveries: Vec<_> = model.deliveries.keys().copied().collect();
            (deliveries, model.endpoints.keys().copied().collect::<Vec<_>>())
        };
        for id in deliveries {
            check_delivery(&self.shared, &self.inspector, id).await?;
        }
        for no in endpoints {
            check_health(&self.shared, &self.inspector, no).await?;
        }
        self.judge_usage().await
    }

    async fn judge_usage(&self) -> Result<(), Broken> {
        use parseflow_store::AccountStore;
        let now = self.shared.now();
        for account in &self.accounts {
            let stored = self.inspector.usage(account, now.month()).await;
            let stored = stored.map_err(|error| error.to_string())?.used;
            let expected = self.shared.model().usage(account, now);
            if stored != expected {
                return Err(format!("{account} has used {expected}, stored is {stored}"));
            }
        }
        Ok(())
    }

    fn report(&self, seed: u64) -> Report {
        let model = self.shared.model();
        Report {
            seed,
            violation: self.shared.violation(),
            digest: self.shared.digest(),
            trace: self.shared.take_trace(),
            deliveries: model.deliveries.len(),
            attempts: model.deliveries.values().map(|d| u64::from(d.attempts)).sum(),
            processes: self.processes,
        }
    }
}
