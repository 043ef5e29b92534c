//! What is done to a world: by the users of its accounts, and by fate.

use std::sync::Arc;
use std::time::Duration;

use parseflow_model::{
    Batch, BatchId, BatchStatus, CanonicalData, Document, DocumentId, EventType, Fact, FileMeta,
    Limit, Plan, ReadingWishes, RecoveryId, RecoveryScope, RequestedType,
};
use parseflow_store::{
    EndpointChange, Intake, NewRecovery, PlanChange, Publish, PublishKey, Store, StoreError,
};

use super::World;
use super::setup::SUBSCRIPTIONS;
use crate::link::Life;
use crate::network::Mood;
use crate::reader;

/// How often a user repeats a request that failed.
const REPEATS: usize = 3;

impl World {
    /// Does one thing.
    pub(super) async fn act(&mut self) {
        let account = self.shared.rng.below(self.accounts.len() as u64) as usize;
        match self.shared.rng.below(100) {
            0..=34 => self.publish(account),
            35..=46 => self.accept(account),
            47..=49 => self.cancel_batch(),
            50..=54 => self.create_endpoint(account).await,
            55..=61 => self.update_endpoint(),
            62..=63 => self.delete_endpoint(),
            64..=66 => self.set_plan(account),
            67..=69 => self.redeliver(),
            70..=71 => self.recover(),
            72..=83 => self.change_mood(),
            84..=86 => {
                let cut = self.shared.rng.chance(500);
                self.shared.note(|| format!("the network is cut: {cut}"));
                self.plan.network.set_cut(cut);
            }
            87..=90 => self.jump(),
            91..=93 => self.crash(),
            94..=96 => self.stop(),
            _ => self.take_over(),
        }
    }

    /// Sends a request to the current process; the user may wait for ever and does not mind.
    fn request<F>(&self, request: impl Fn(Arc<dyn Store>) -> F + Send + 'static)
    where
        F: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        // Requests are served once the loops have started.
        let Some(process) = self.current.as_ref().filter(|process| process.has_started()) else {
            return;
        };
        let store = Arc::clone(&process.store);
        tokio::spawn(async move {
            for _ in 0..REPEATS {
                if request(Arc::clone(&store)).await.is_ok() {
                    return;
                }
            }
        });
    }

    fn publish(&mut self, account: usize) {
        let rng = &self.shared.rng;
        let account = self.accounts[account].clone();
        let event_type = *rng.pick(&EventType::ALL);
        let data = format!("{{\"number\":{}}}", rng.below(1_000));
        let data = CanonicalData::from_canonical(data.into_bytes());
        let only = if rng.chance(100) {
            let own = self.shared.model().endpoints_of(&account);
            own.first().copied()
        } else {
            None
        };
        let key = rng.chance(400).then(|| {
            let key = format!("key-{}", rng.below(1 << 40));
            let fingerprint = [7; 32];
            PublishKey { key, fingerprint }
        });
        let fact = Fact::Published { event_type, data, test: false };
        let publish = Publish { account, fact, only, key, now: self.shared.now() };
        let shared = Arc::clone(&self.shared);
        self.request(move |store| {
            let publish = Publish { now: shared.now(), ..publish.clone() };
            async move { store.publish(publish).await.map(|_| ()) }
        });
    }

    fn batch(&self, account: usize, archive: bool, total: u64) -> Batch {
        let rng = &self.shared.rng;
        let now = self.shared.now();
        let file = FileMeta { name: "a.zip".into(), size: 1, mime_type: "application/zip".into() };
        Batch {
            id: BatchId::new(now, rng),
            account: self.accounts[account].clone(),
            status: BatchStatus::Processing,
            document_events: rng.chance(500),
            test: false,
            requested: RequestedType::Auto,
            language: None,
            wishes: ReadingWishes::default(),
            archive: archive.then_some(file),
            total,
            succeeded: 0,
            failed: 0,
            failure: None,
            created_at: now,
            completed_at: None,
        }
    }

    fn accept(&mut self, account: usize) {
        let rng = &self.shared.rng;
        let archive = rng.chance(200);
        let total = if archive { 0 } else { 1 + rng.below(3) };
        let together = archive || rng.chance(400);
        let batch = self.batch(account, archive, total);
        let documents: Vec<Document> = (0..total)
            .map(|_| {
                let id = DocumentId::new(batch.created_at, rng);
                let batch_id = together.then(|| batch.id.clone());
                Document { batch: batch_id, ..reader::waiting(id, &batch) }
            })
            .collect();
        let documents = if together { documents } else { documents.into_iter().take(1).collect() };
        let intake = Intake {
            account: batch.account.clone(),
            now: batch.created_at,
            batch: together.then_some(batch),
            documents,
        };
        let Some(process) = self.current.as_ref().filter(|process| process.has_started()) else {
            return;
        };
        let (store, repeats) =
            (Arc::clone(&process.store), if intake.documents.is_empty() { 1 } else { REPEATS });
        tokio::spawn(async move {
            for _ in 0..repeats {
                if store.accept(intake.clone()).await.is_ok() {
                    return;
                }
            }
        });
    }

    fn cancel_batch(&mut self) {
        let running = {
            let model = self.shared.model();
            let running = model.batches.iter().find(|(_, batch)| !batch.ended);
            running.map(|(id, batch)| (id.clone(), batch.account.clone()))
        };
        let Some((id, account)) = running else { return };
        let now = self.shared.now();
        self.request(move |store| {
            let (id, account) = (id.clone(), account.clone());
            async move { store.cancel_batch(&account, &id, now).await.map(|_| ()) }
        });
    }

    /// Any endpoint that is not deleted.
    fn any_endpoint(&self) -> Option<(parseflow_model::AccountId, parseflow_model::WebhookId)> {
        let model = self.shared.model();
        let open: Vec<_> = model.endpoints.values().filter(|e| !e.deleted).collect();
        if open.is_empty() {
            return None;
        }
        let endpoint = self.shared.rng.pick(&open);
        Some((endpoint.account.clone(), endpoint.id.clone()))
    }

    fn update_endpoint(&mut self) {
        let Some((account, id)) = self.any_endpoint() else { return };
        let mut change = EndpointChange::default();
        match self.shared.rng.below(6) {
            0 => change.url = Some(self.new_url()),
            1 => {
                let subscription = *self.shared.rng.pick(&SUBSCRIPTIONS);
                let mask = subscription.iter().fold(0, |mask, kind| mask | kind.bit());
                let names = subscription.iter().map(|kind| kind.to_string()).collect();
                change.events = Some((names, mask));
            }
            2 => change.settings = self.settings().into(),
            3 => change.active = Some(false),
            _ => change.active = Some(true),
        }
        let shared = Arc::clone(&self.shared);
        self.request(move |store| {
            let (account, id, change, now) =
                (account.clone(), id.clone(), change.clone(), shared.now());
            async move { store.update_endpoint(&account, &id, change, now).await.map(|_| ()) }
        });
    }

    fn delete_endpoint(&mut self) {
        let Some((account, id)) = self.any_endpoint() else { return };
        let now = self.shared.now();
        self.request(move |store| {
            let (account, id) = (account.clone(), id.clone());
            async move { store.delete_endpoint(&account, &id, now).await.map(|_| ()) }
        });
    }

    fn set_plan(&mut self, account: usize) {
        let rng = &self.shared.rng;
        let account = self.accounts[account].clone();
        let plan = *rng.pick(&[Plan::Free, Plan::Pro, Plan::Pro, Plan::Enterprise]);
        let limit = if rng.chance(200) { Limit::Unlimited } else { Limit::AtMost(rng.below(30)) };
        let change =
            PlanChange { plan, documents_per_month: Some(limit), requests_per_minute: None };
        let now = self.shared.now();
        self.request(move |store| {
            let account = account.clone();
            async move { store.set_plan(&account, change, now).await.map(|_| ()) }
        });
    }

    fn redeliver(&mut self) {
        let chosen = {
            let model = self.shared.model();
            let all: Vec<_> = model.deliveries.keys().collect();
            if all.is_empty() {
                return;
            }
            let id = **self.shared.rng.pick(&all);
            let endpoint = model.endpoints.get(&id.endpoint);
            endpoint.map(|endpoint| (endpoint.account.clone(), endpoint.id.clone(), id))
        };
        let Some((account, endpoint, id)) = chosen else { return };
        let shared = Arc::clone(&self.shared);
        self.request(move |store| {
            let (account, endpoint, now) = (account.clone(), endpoint.clone(), shared.now());
            async move { store.redeliver(&account, &endpoint, id, now).await.map(|_| ()) }
        });
    }

    /// Recovers what was parked lately, or cancels the recovery that runs.
    fn recover(&mut self) {
        let Some((account, endpoint)) = self.any_endpoint() else { return };
        let rng = &self.shared.rng;
        let now = self.shared.now();
        let running = self.shared.model().recoveries.keys().next().cloned();
        if let (Some(running), true) = (running, rng.chance(200)) {
            self.request(move |store| {
                let (account, endpoint, id) = (account.clone(), endpoint.clone(), running.clone());
                async move { store.cancel_recovery(&account, &endpoint, &id, now).await.map(|_| ()) }
            });
            return;
        }
        let all_types = (1 << EventType::ALL.len()) - 1;
        let scope = RecoveryScope {
            since: now - rng.up_to(Duration::from_secs(*rng.pick(&[60, 40_000, 400_000]))),
            until: now,
            states: 1 + rng.below(7) as u8,
            event_types: if rng.chance(300) { 1 + rng.below(63) as u8 } else { all_types },
        };
        let new = NewRecovery { id: RecoveryId::random(rng), scope, total: 0, now };
        self.request(move |store| {
            let (account, endpoint, new) = (account.clone(), endpoint.clone(), new.clone());
            async move {
                let total = store.recoverable(&account, &endpoint, new.scope).await?;
                let new = NewRecovery { total: total.unwrap_or(0), ..new };
                store.begin_recovery(&account, &endpoint, new).await.map(|_| ())
            }
        });
    }

    fn change_mood(&mut self) {
        let number = 1 + self.shared.rng.below(u64::from(self.urls));
        let url = format!("https://receiver-{number}.example/hook");
        let mood = Mood::any(&self.shared);
        self.shared.note(|| format!("{url} {mood:?}"));
        self.plan.network.set(&url, mood);
    }

    /// Somebody sets the clock.
    fn jump(&mut self) {
        if !self.shared.profile().clock_jumps {
            return;
        }
        let rng = &self.shared.rng;
        let by_ms = *rng.pick(&[-3_600_000, -2_000, 1_500, 600_000, 4_000_000]);
        self.shared.note(|| format!("the clock is set by {by_ms} ms"));
        let mut model = self.shared.model();
        model.set_back_ms += (-by_ms).max(0);
        model.was_set_forward |= by_ms > 0;
        drop(model);
        self.shared.clock.jump(by_ms);
    }

    fn crash(&mut self) {
        if let Some(process) = &self.current {
            self.shared.note(|| format!("p{} is killed", process.link.process));
            process.link.set(Life::Dead);
            self.shared.died.notify_one();
        }
    }

    fn stop(&mut self) {
        if let Some(process) = &self.current {
            self.shared.note(|| format!("p{} is asked to stop", process.link.process));
            process.stop(&self.shared);
        }
    }

    /// The current process stands still and another takes its place; later the first goes on.
    fn take_over(&mut self) {
        if let Some(former) = self.former.take() {
            self.shared.note(|| format!("p{} goes on", former.link.process));
            former.link.set(Life::Running);
            let link = Arc::clone(&former.link);
            let lasts = self.shared.rng.up_to(Duration::from_secs(200));
            tokio::spawn(async move {
                crate::clock::pause(lasts).await;
                link.set(Life::Dead);
                drop(former);
            });
            return;
        }
        let Some(process) = self.current.take_if(|process| process.has_started()) else { return };
        self.shared.note(|| format!("p{} stands still", process.link.process));
        process.link.supersede();
        self.former = Some(process);
        self.start();
    }
}
