//! A world with a clock of its own, receivers that answer as told, and everything else real.
//!
//! Time is tokio's paused clock: it jumps to the next timer as soon as nothing else is to be done.
//! The store runs on the caller's thread, so that a world is the same in every run.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use parseflow_accounts::plan::PlanTable;
use parseflow_model::{
    Account, AccountId, ApiKey, AttemptOutcome, Batch, BatchId, BatchStatus, CanonicalData,
    DeliveryId, DeliveryState, Dice, Document, DocumentId, DocumentStatus, Endpoint,
    EndpointSettings, EventType, Fact, FailureKind, FileMeta, Health, KeyId, KeyMode, Plan,
    ReadingWishes, RequestedType, Timestamp, WallClock as _, WebhookId,
};
use parseflow_reader::ThreadReader;
use parseflow_store::{
    DeliveryDetail, EndpointChange, Intake, LocalFiles, NewAccount, NewEndpoint, PageRequest,
    PlanChange, Publish, Published, SqliteStore, Store,
};
use parseflow_webhooks::endpoint_health::HealthRules;
use parseflow_webhooks::retry::RetrySchedule;
use parseflow_webhooks::signature;
use parseflow_webhooks::vault::{KeyRing, MasterKey};
use parseflow_worker::{
    AlertParts, AttemptSender, AttemptTask, Clock, Mailer, ProductRules, Roles, WorkerMetrics,
    WorkerParts, WorkerSettings, Workers,
};
use prometheus_client::registry::Registry;

use crate::clock::{BEGINNING, VirtualClock};
use crate::post::Post;

/// Dice with a seed: every throw differs, every run is the same.
struct Seeded(AtomicU64);

impl Dice for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let n = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            *byte = (n >> 56) as u8;
        }
    }
}

/// How a receiver answers: after how long, with which status, and `Retry-After` in seconds.
#[derive(Clone, Copy)]
pub(crate) struct Answer {
    pub(crate) after: Duration,
    pub(crate) status: u16,
    pub(crate) retry_after_secs: Option<u64>,
}

impl Answer {
    /// An answer that comes at once.
    pub(crate) fn status(status: u16) -> Self {
        Self { after: Duration::ZERO, status, retry_after_secs: None }
    }
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    /// Milliseconds since the world began.
    pub(crate) at_ms: i64,
    pub(crate) url: String,
    pub(crate) headers: HashMap<&'static str, String>,
    pub(crate) body: Vec<u8>,
}

type Script = Box<dyn Fn(&Arrival, usize) -> Answer + Send>;

/// The network: every request goes to the script of its URL.
#[derive(Default)]
struct Network {
    scripts: Mutex<HashMap<String, Script>>,
    arrivals: Mutex<Vec<Arrival>>,
}

#[async_trait]
impl AttemptSender for Network {
    #[expect(clippy::disallowed_methods, reason = "the clock is paused: nobody waits")]
    async fn send(&self, task: AttemptTask) -> AttemptOutcome {
        let arrival = Arrival {
            at_ms: task.started_at.since(BEGINNING).as_millis() as i64,
            url: task.url.clone(),
            headers: task
                .headers
                .into_iter()
                .map(|(name, value)| (name, value.into_owned()))
                .collect(),
            body: task.body.to_vec(),
        };
        let answer = {
            let mut arrivals = self.arrivals.lock().unwrap();
            let before = arrivals.iter().filter(|a| a.url == arrival.url).count();
            let scripts = self.scripts.lock().unwrap();
            let answer = scripts.get(&task.url).map(|script| script(&arrival, before));
            arrivals.push(arrival);
            answer.unwrap_or(Answer::status(200))
        };
        tokio::time::sleep(answer.after.min(task.timeout)).await;
        let timed_out = answer.after >= task.timeout;
        let success = !timed_out && (200..300).contains(&answer.status);
        let failure = if timed_out { FailureKind::Timeout } else { FailureKind::Status };
        AttemptOutcome {
            failure: (!success).then_some(failure),
            status: (!timed_out).then_some(answer.status),
            retry_after_secs: answer.retry_after_secs,
            ..AttemptOutcome::default()
        }
    }
}

/// The world; see the module.
pub(crate) struct World {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<VirtualClock>,
    dice: Seeded,
    network: Arc<Network>,
    pub(crate) post: Arc<Post>,
    workers: Option<Workers>,
    registry: Registry,
    notices: Arc<Mutex<Option<tokio::sync::mpsc::UnboundedSender<parseflow_store::Notice>>>>,
    folder: tempfile::TempDir,
    pub(crate) account: AccountId,
    secrets: HashMap<WebhookId, String>,
    roles: Roles,
}

impl World {
    /// A world with one Pro account, in which deliveries are made.
    pub(crate) async fn new() -> Self {
        Self::with_roles(Roles { extract: false, deliver: true }).await
    }

    /// A world in which documents are read too. Reading takes real threads and real time.
    pub(crate) async fn reading() -> Self {
        Self::with_roles(Roles { extract: true, deliver: true }).await
    }

    async fn with_roles(roles: Roles) -> Self {
        let notices = Arc::new(Mutex::new(
            None::<tokio::sync::mpsc::UnboundedSender<parseflow_store::Notice>>,
        ));
        let heard = Arc::clone(&notices);
        let sink = Arc::new(move |notice| {
            if let Some(listener) = &*heard.lock().unwrap() {
                let _ = listener.send(notice);
            }
        });
        let rules =
            ProductRules::new(PlanTable::default(), "http://test".into(), HealthRules::default());
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::in_memory(Arc::new(rules), sink).unwrap());
        let dice = Seeded(AtomicU64::new(1));
        let account = AccountId::random(&dice);
        let mut world = Self {
            store,
            clock: Arc::new(VirtualClock::new()),
            dice,
            network: Arc::default(),
            post: Arc::default(),
            workers: None,
            registry: Registry::default(),
            notices,
            folder: tempfile::tempdir().unwrap(),
            account,
            secrets: HashMap::new(),
            roles,
        };
        world.create_account().await;
        world.start().await;
        world
    }

    async fn create_account(&self) {
        let account = Account {
            id: self.account.clone(),
            email: "owner@example.com".into(),
            name: None,
            plan: Plan::Pro,
            documents_per_month: None,
            requests_per_minute: None,
            created_at: self.clock.now(),
        };
        let key = ApiKey {
            id: KeyId::random(&self.dice),
            account: self.account.clone(),
            name: "first".into(),
            hash: [7; 32],
            hint: "abcd".into(),
            mode: KeyMode::Live,
            scopes: Default::default(),
            created_at: self.clock.now(),
            revoked_at: None,
        };
        assert!(self.store.create_account(NewAccount { account, key }).await.unwrap());
    }

    /// Starts the loops, as after a restart: whatever ran before has lost its lease.
    pub(crate) async fn start(&mut self) {
        let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
        *self.notices.lock().unwrap() = Some(sender);
        self.registry = Registry::default();
        let parts = WorkerParts {
            store: Arc::clone(&self.store),
            files: Arc::new(LocalFiles::open(self.folder.path()).unwrap()),
            reader: Arc::new(ThreadReader { timeout: Duration::from_secs(60) }),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            vault: Arc::new(MasterKey::from_bytes([1; 32]).into()),
            sender: Arc::clone(&self.network) as Arc<dyn AttemptSender>,
            schedule: RetrySchedule::documented(),
            settings: WorkerSettings::default(),
            alerts: Some(AlertParts {
                mailer: Arc::clone(&self.post) as Arc<dyn Mailer>,
                public_url: "http://test".into(),
            }),
            roles: self.roles,
            notices: receiver,
            metrics: WorkerMetrics::new(&mut self.registry),
        };
        self.workers = Some(Workers::start(parts).await.unwrap());
    }

    /// Puts a file among the uploaded ones, written when the world began.
    pub(crate) fn upload(&self, name: &str) {
        let file = std::fs::File::create(self.folder.path().join(name)).unwrap();
        let written = std::time::UNIX_EPOCH + BEGINNING.since(Timestamp::default());
        file.set_modified(written).unwrap();
    }

    /// The uploaded files.
    pub(crate) fn uploaded(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// A document that waits to be read.
    pub(crate) fn document(&self) -> Document {
        Document {
            id: DocumentId::new(self.clock.now(), &self.dice),
            account: self.account.clone(),
            batch: None,
            file: FileMeta { name: "a.txt".into(), size: 1, mime_type: "text/plain".into() },
            requested: RequestedType::Auto,
            language: None,
            wishes: ReadingWishes::default(),
            test: false,
            status: DocumentStatus::Processing,
            extraction: None,
            failure: None,
            created_at: self.clock.now(),
            finished_at: None,
            processing_ms: None,
        }
    }

    /// Takes documents or an archive in; its file is there if `bytes` are given.
    pub(crate) async fn accept(
        &self,
        documents: Vec<Document>,
        batch: Option<Batch>,
        bytes: Option<&[u8]>,
    ) {
        let name = match &batch {
            Some(batch) => batch.id.to_string(),
            None => documents[0].id.to_string(),
        };
        if let Some(bytes) = bytes {
            std::fs::write(self.folder.path().join(name), bytes).unwrap();
        }
        let (account, now) = (self.account.clone(), self.clock.now());
        self.store.accept(Intake { account, documents, batch, now }).await.unwrap();
    }

    /// A batch whose archive waits to be opened.
    pub(crate) fn archive(&self) -> Batch {
        let file = FileMeta { name: "a.zip".into(), size: 1, mime_type: "application/zip".into() };
        Batch {
            id: BatchId::new(self.clock.now(), &self.dice),
            account: self.account.clone(),
            status: BatchStatus::Processing,
            document_events: true,
            test: false,
            requested: RequestedType::Auto,
            language: None,
            wishes: ReadingWishes::default(),
            archive: Some(file),
            total: 0,
            succeeded: 0,
            failed: 0,
            failure: None,
            created_at: self.clock.now(),
            completed_at: None,
        }
    }

    /// The document once it has ended.
    pub(crate) async fn ended_document(&self, id: &DocumentId) -> Document {
        loop {
            let document = self.store.document(&self.account, id).await.unwrap().unwrap();
            if document.status != DocumentStatus::Processing {
                return document;
            }
            self.run_for(Duration::from_millis(2)).await;
        }
    }

    /// The batch once it has ended.
    pub(crate) async fn ended_batch(&self, id: &BatchId) -> Batch {
        loop {
            let batch = self.store.batch(&self.account, id).await.unwrap().unwrap();
            if batch.status != BatchStatus::Processing {
                return batch;
            }
            self.run_for(Duration::from_millis(2)).await;
        }
    }

    /// A counter or gauge as `/metrics` shows it.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().unwrap()
    }

    /// Stops the loops gracefully.
    pub(crate) async fn stop(&mut self) {
        let workers = self.workers.take().unwrap();
        assert!(workers.stop(Duration::from_secs(60)).await);
    }

    /// Registers an endpoint at `url` for every event; its receiver answers by `script`, which sees
    /// the request and how many came before it.
    pub(crate) async fn endpoint(
        &mut self,
        url: &str,
        script: impl Fn(&Arrival, usize) -> Answer + Send + 'static,
    ) -> WebhookId {
        self.answer(url, script);
        let id = WebhookId::random(&self.dice);
        let secret = signature::generate_secret(&self.dice);
        let vault = KeyRing::from(MasterKey::from_bytes([1; 32]));
        let new = NewEndpoint {
            id: id.clone(),
            account: self.account.clone(),
            url: url.into(),
            events: vec!["*".into()],
            event_mask: EventType::ALL.iter().fold(0, |mask, kind| mask | kind.bit()),
            sealed_secret: vault.seal(&self.dice, id.as_str(), secret.as_bytes()),
            secret_hint: signature::secret_hint(&secret),
            settings: EndpointSettings::default(),
            now: self.clock.now(),
        };
        self.store.create_endpoint(new, 20).await.unwrap().unwrap();
        self.secrets.insert(id.clone(), secret);
        id
    }

    /// From now on the receiver at `url` answers by `script`.
    pub(crate) fn answer(
        &self,
        url: &str,
        script: impl Fn(&Arrival, usize) -> Answer + Send + 'static,
    ) {
        self.network.scripts.lock().unwrap().insert(url.into(), Box::new(script));
    }

    /// The secret of an endpoint.
    pub(crate) fn secret(&self, id: &WebhookId) -> &str {
        &self.secrets[id]
    }

    /// Publishes one event; how many endpoints it goes to.
    pub(crate) async fn publish(&self) -> u32 {
        let data = CanonicalData::from_canonical(b"{\"answer\":42}".to_vec());
        let fact = Fact::Published { event_type: EventType::BatchCompleted, data, test: false };
        let publish = Publish {
            account: self.account.clone(),
            fact,
            only: None,
            key: None,
            now: self.clock.now(),
        };
        match self.store.publish(publish).await.unwrap() {
            Published::Stored { deliveries, .. } => deliveries,
            Published::KeyReused => panic!("no key was given"),
        }
    }

    /// Lets time pass.
    #[expect(clippy::disallowed_methods, reason = "paused, or another thread is waited for")]
    pub(crate) async fn run_for(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    /// Lets hours pass.
    pub(crate) async fn run_for_hours(&self, hours: u64) {
        self.run_for(Duration::from_secs(hours * 3_600)).await;
    }

    /// What arrived at `url` so far.
    pub(crate) fn arrivals(&self, url: &str) -> Vec<Arrival> {
        let arrivals = self.network.arrivals.lock().unwrap();
        arrivals.iter().filter(|arrival| arrival.url == url).cloned().collect()
    }

    /// When requests arrived at `url`, in whole seconds since the world began.
    pub(crate) fn arrival_secs(&self, url: &str) -> Vec<i64> {
        self.arrivals(url).iter().map(|arrival| arrival.at_ms / 1_000).collect()
    }

    /// Hours since the world began.
    pub(crate) fn hour(&self, at: Timestamp) -> f64 {
        at.since(BEGINNING).as_secs_f64() / 3_600.0
    }

    /// The endpoint as stored.
    pub(crate) async fn stored(&self, id: &WebhookId) -> Endpoint {
        self.store.endpoint(&self.account, id).await.unwrap().unwrap()
    }

    /// How the endpoint is doing.
    pub(crate) async fn health(&self, id: &WebhookId) -> Health {
        self.stored(id).await.health
    }

    /// The states of the endpoint's deliveries, newest first.
    pub(crate) async fn states(&self, id: &WebhookId) -> Vec<DeliveryState> {
        self.details(id).await.into_iter().map(|detail| detail.row.state).collect()
    }

    /// The endpoint's deliveries with their attempts, newest first, at most 100.
    pub(crate) async fn details(&self, id: &WebhookId) -> Vec<DeliveryDetail> {
        let page = PageRequest { limit: 100, cursor: None };
        let log = self.store.deliveries(&self.account, id, &page).await.unwrap().unwrap();
        let mut details = Vec::new();
        for row in log.rows {
            details.extend(self.store.delivery(&self.account, id, row.id).await.unwrap());
        }
        details
    }

    /// Sends a delivery again by hand.
    pub(crate) async fn redeliver(&self, id: &WebhookId, delivery: DeliveryId) {
        let now = self.clock.now();
        self.store.redeliver(&self.account, id, delivery, now).await.unwrap().unwrap();
    }

    /// Changes an endpoint.
    pub(crate) async fn change(&self, id: &WebhookId, change: EndpointChange) {
        let now = self.clock.now();
        self.store.update_endpoint(&self.account, id, change, now).await.unwrap().unwrap();
    }

    /// Changes what the owner of an endpoint may set.
    pub(crate) async fn set(&self, id: &WebhookId, set: impl FnOnce(&mut EndpointSettings)) {
        let mut settings = self.stored(id).await.settings;
        set(&mut settings);
        self.change(id, EndpointChange { settings: settings.into(), ..Default::default() }).await;
    }

    /// Deletes an endpoint.
    pub(crate) async fn delete(&self, id: &WebhookId) {
        assert!(self.store.delete_endpoint(&self.account, id, self.clock.now()).await.unwrap());
    }

    /// Changes the account's plan.
    pub(crate) async fn set_plan(&self, plan: Plan) {
        let change = PlanChange { plan, documents_per_month: None, requests_per_minute: None };
        let now = self.clock.now();
        self.store.set_plan(&self.account, change, now).await.unwrap().unwrap();
    }
}
