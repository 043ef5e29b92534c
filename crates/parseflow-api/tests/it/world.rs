//! One installation: store, files, clock, dice and the router on top.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use http::{Method, Request};
use parseflow_accounts::plan::PlanTable;
use parseflow_accounts::{api_key, quota};
use parseflow_api::{ApiParts, ApiSettings, Front, Listeners, TargetVetting, Waiters, front};
use parseflow_model::{
    Account, AccountId, ApiKey, Dice, Fact, Health, KeyId, KeyMode, Limit, Limits, Plan, Scope,
    Timestamp, WallClock,
};
use parseflow_reader::ThreadReader;
use parseflow_store::{
    Admission, DocumentFiles, EventBodies, HealthFacts, NewAccount, Notice, PlanChange, Rules,
    SqliteStore, Store, StoreError,
};
use parseflow_webhooks::endpoint_health::{self, AttemptFacts, HealthRules};
use parseflow_webhooks::payload;
use parseflow_webhooks::url_policy::{TargetPolicy, UrlError};
use parseflow_webhooks::vault::MasterKey;
use prometheus_client::registry::Registry;
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use crate::answer::Answer;
use crate::reader;

pub(crate) const PUBLIC_URL: &str = "https://parseflow.example.com";
pub(crate) const WEBHOOKS: &str = "/api/webhooks/notifications";

/// 2026-04-14T10:00:00Z
const START_SECS: i64 = 1_776_160_800;

/// A clock whose hands the test holds.
pub(crate) struct HeldClock(AtomicI64);

impl HeldClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

impl WallClock for HeldClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

struct SeededDice(AtomicU64);

impl Dice for SeededDice {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let mut x = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (x >> 48) as u8;
        }
    }
}

/// Files in memory.
#[derive(Default)]
pub(crate) struct MemoryFiles(Mutex<BTreeMap<String, Vec<u8>>>);

impl MemoryFiles {
    pub(crate) fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().keys().cloned().collect()
    }
}

#[async_trait]
impl DocumentFiles for MemoryFiles {
    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.0.lock().unwrap().insert(name.to_owned(), bytes);
        Ok(())
    }

    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    async fn delete(&self, name: &str) -> Result<(), StoreError> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }

    async fn written_before(&self, _: Timestamp, max: usize) -> Result<Vec<String>, StoreError> {
        Ok(self.names().into_iter().take(max).collect())
    }
}

/// The product's rules.
struct TestRules(PlanTable);

impl Rules for TestRules {
    fn limits(&self, account: &Account) -> Limits {
        self.0.limits_of(account)
    }

    fn admit(&self, used: u64, documents: u64, limit: Limit) -> Admission {
        match quota::admit(used, documents, limit) {
            quota::Admission::Admitted { used, warns } => Admission::Admitted { used, warns },
            quota::Admission::Exceeded => Admission::Exceeded,
        }
    }

    fn bodies(&self, fact: &Fact, occurred_at: Timestamp) -> Result<EventBodies, String> {
        let bodies = payload::bodies(fact, occurred_at, PUBLIC_URL);
        let bodies = bodies.map_err(|error| error.to_string())?;
        Ok(EventBodies { body: bodies.body, thin: bodies.thin })
    }

    fn after_attempt(&self, health: &Health, facts: &HealthFacts) -> Health {
        let facts = AttemptFacts {
            ended_at: facts.ended_at,
            success: facts.success,
            failed_attempts: facts.failed_attempts,
            gone: facts.gone,
        };
        endpoint_health::after_attempt(health, &facts, &HealthRules::default())
    }
}

/// The product's policy, without a resolver: of names only the text is looked at.
struct PolicyOnly(TargetPolicy);

/// A host for which vetting itself breaks.
pub(crate) const BROKEN_HOST: &str = "vetting-panics.example.com";

#[async_trait]
impl TargetVetting for PolicyOnly {
    async fn vet(&self, url: &str) -> Result<(), UrlError> {
        assert!(!url.contains(BROKEN_HOST), "the test asked for it");
        self.0.check_url(url).map(|_| ())
    }
}

/// An account with a key.
#[derive(Clone)]
pub(crate) struct Tenant {
    pub(crate) account: AccountId,
    pub(crate) key: String,
}

pub(crate) struct World {
    front: Option<Front>,
    settings: ApiSettings,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) files: Arc<MemoryFiles>,
    pub(crate) clock: Arc<HeldClock>,
    pub(crate) dice: Arc<dyn Dice>,
    pub(crate) plans: PlanTable,
    waiters: Arc<Waiters>,
    pub(crate) listeners: Arc<Listeners>,
    stop: watch::Sender<bool>,
    work: Option<mpsc::UnboundedReceiver<()>>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(adjust: impl FnOnce(&mut ApiSettings)) -> Self {
        let mut settings =
            ApiSettings { public_url: PUBLIC_URL.to_owned(), ..ApiSettings::default() };
        adjust(&mut settings);
        let plans = PlanTable::default();
        let clock = Arc::new(HeldClock(AtomicI64::new(START_SECS * 1_000)));
        let dice: Arc<dyn Dice> = Arc::new(SeededDice(AtomicU64::new(7)));
        let files = Arc::new(MemoryFiles::default());
        let waiters = Arc::new(Waiters::new());
        let (queued, work) = mpsc::unbounded_channel();
        let woken = Arc::clone(&waiters);
        let notices = Arc::new(move |notice| match notice {
            Notice::DocumentFinished(id) => woken.finished(&id),
            Notice::WorkQueued => drop(queued.send(())),
            _ => {}
        });
        let store = SqliteStore::in_memory(Arc::new(TestRules(plans)), notices).unwrap();
        let store = Arc::new(store);
        let mut world = Self {
            front: None,
            settings,
            store,
            files,
            clock,
            dice,
            plans,
            waiters,
            listeners: Arc::default(),
            stop: watch::channel(false).0,
            work: Some(work),
        };
        world.restart(0);
        world
    }

    /// Begins another run of the process on the same store and files.
    pub(crate) fn restart(&mut self, boot: i64) {
        self.front = Some(front(ApiParts {
            store: Arc::clone(&self.store) as Arc<dyn Store>,
            files: Arc::clone(&self.files) as Arc<dyn DocumentFiles>,
            reader: Arc::new(ThreadReader { timeout: Duration::from_secs(60) }),
            clock: Arc::clone(&self.clock) as Arc<dyn WallClock>,
            dice: Arc::clone(&self.dice),
            vault: Arc::new(MasterKey::from_bytes([7; 32]).into()),
            plans: self.plans,
            targets: Arc::new(PolicyOnly(TargetPolicy::default())),
            health_rules: HealthRules::default(),
            settings: ApiSettings { boot, ..self.settings.clone() },
            waiters: Arc::clone(&self.waiters),
            listeners: Arc::clone(&self.listeners),
            stopping: self.stop.subscribe(),
            registry: Arc::new(Mutex::new(Registry::default())),
        }));
    }

    /// Waits until as many files are left.
    pub(crate) async fn files_settle_at(&self, count: usize) {
        for _ in 0..1_000 {
            if self.files.names().len() == count {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("not {count}: {:?}", self.files.names());
    }

    /// Starts reading documents, as the worker would.
    pub(crate) fn reading(mut self) -> Self {
        let work = self.work.take().unwrap();
        let (store, files) = (Arc::clone(&self.store), Arc::clone(&self.files));
        tokio::spawn(reader::run(store, files, Arc::clone(&self.clock), work));
        self
    }

    /// Tells the edge that the service stops.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub(crate) fn waiters(&self) -> &Waiters {
        &self.waiters
    }

    pub(crate) async fn account(&self, plan: Plan) -> Tenant {
        self.account_with(plan, KeyMode::Live, &[]).await
    }

    pub(crate) async fn pro(&self) -> Tenant {
        self.account(Plan::Pro).await
    }

    /// An account whose key may publish events.
    pub(crate) async fn publisher(&self) -> Tenant {
        self.account_with(Plan::Enterprise, KeyMode::Live, &[Scope::EventsWrite]).await
    }

    pub(crate) async fn account_with(&self, plan: Plan, mode: KeyMode, scopes: &[Scope]) -> Tenant {
        let dice = self.dice.as_ref();
        let id = AccountId::random(dice);
        let account = Account {
            id: id.clone(),
            email: format!("{id}@example.com"),
            name: None,
            plan,
            documents_per_month: None,
            requests_per_minute: None,
            created_at: self.clock.now(),
        };
        let (key, text) = self.new_key(&id, mode, scopes);
        assert!(self.store_ref().create_account(NewAccount { account, key }).await.unwrap());
        Tenant { account: id, key: text }
    }

    /// One more key of an account.
    pub(crate) async fn key_for(&self, tenant: &Tenant, mode: KeyMode, scopes: &[Scope]) -> String {
        let (key, text) = self.new_key(&tenant.account, mode, scopes);
        assert!(self.store_ref().create_key(key, 100).await.unwrap());
        text
    }

    fn new_key(&self, id: &AccountId, mode: KeyMode, scopes: &[Scope]) -> (ApiKey, String) {
        let text = api_key::generate(self.dice.as_ref(), mode);
        let key = ApiKey {
            id: KeyId::random(self.dice.as_ref()),
            account: id.clone(),
            name: "test".to_owned(),
            hash: api_key::hash(&text),
            hint: api_key::hint(&text),
            mode,
            scopes: scopes.iter().copied().collect::<BTreeSet<_>>(),
            created_at: self.clock.now(),
            revoked_at: None,
        };
        (key, text)
    }

    pub(crate) async fn set_limits(
        &self,
        tenant: &Tenant,
        plan: Plan,
        documents_per_month: Option<Limit>,
        requests_per_minute: Option<Limit>,
    ) {
        let change = PlanChange { plan, documents_per_month, requests_per_minute };
        let now = self.clock.now();
        self.store_ref().set_plan(&tenant.account, change, now).await.unwrap().unwrap();
    }

    pub(crate) fn store_ref(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// What answers requests to the running process.
    pub(crate) fn front(&self) -> Front {
        self.front.clone().unwrap()
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.front().answer(request).await;
        Answer::read(response).await
    }

    pub(crate) async fn get(&self, path: &str, key: &str) -> Answer {
        self.send(request(Method::GET, path, key, Body::empty())).await
    }

    pub(crate) async fn delete(&self, path: &str, key: &str) -> Answer {
        self.send(request(Method::DELETE, path, key, Body::empty())).await
    }

    pub(crate) async fn post(&self, path: &str, key: &str, body: Value) -> Answer {
        self.send(json_request(Method::POST, path, key, &body)).await
    }

    pub(crate) async fn patch(&self, path: &str, key: &str, body: Value) -> Answer {
        self.send(json_request(Method::PATCH, path, key, &body)).await
    }

    /// Registers an endpoint for all events; its id.
    pub(crate) async fn webhook(&self, tenant: &Tenant) -> String {
        let body = serde_json::json!({"url": "https://example.com/hook", "events": ["*"]});
        let answer = self.post(WEBHOOKS, &tenant.key, body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    }
}

/// A request with a key, unless that is empty.
pub(crate) fn request(method: Method, path: &str, key: &str, body: Body) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !key.is_empty() {
        request = request.header("x-api-key", key);
    }
    request.body(body).unwrap()
}

pub(crate) fn json_request(method: Method, path: &str, key: &str, body: &Value) -> Request<Body> {
    let mut request = request(method, path, key, Body::from(body.to_string()));
    request.headers_mut().insert("content-type", "application/json".parse().unwrap());
    request
}

/// The same request with one more header.
pub(crate) fn with_header(
    mut request: Request<Body>,
    name: &'static str,
    value: &str,
) -> Request<Body> {
    request.headers_mut().append(name, value.parse().unwrap());
    request
}
