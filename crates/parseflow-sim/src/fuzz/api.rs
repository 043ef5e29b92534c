//! Any bytes as the body of a request.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use http::Request;
use parseflow_accounts::api_key;
use parseflow_accounts::plan::PlanTable;
use parseflow_api::{ApiParts, ApiSettings, Front, TargetVetting, Waiters, front};
use parseflow_model::{
    Account, AccountId, ApiKey, KeyId, KeyMode, Limit, Plan, Scope, Timestamp, WallClock,
};
use parseflow_reader::ThreadReader;
use parseflow_store::{AccountStore, NewAccount, SqliteStore};
use parseflow_webhooks::endpoint_health::HealthRules;
use parseflow_webhooks::url_policy::{TargetPolicy, UrlError};
use parseflow_webhooks::vault::MasterKey;
use parseflow_worker::ProductRules;
use prometheus_client::registry::Registry;
use tokio::runtime::Runtime;

use crate::process::NoFiles;
use crate::rng::Rng;

/// Where bodies are sent, chosen by the first byte.
const ROUTES: [&str; 3] = ["/api/v1/events", "/api/webhooks/notifications", "/api/v1/keys"];
/// An installation is made anew after so many requests.
const REQUESTS: u32 = 500;

struct StoppedClock;

impl WallClock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(1_776_160_800)
    }
}

struct ByTextOnly;

#[async_trait]
impl TargetVetting for ByTextOnly {
    async fn vet(&self, url: &str) -> Result<(), UrlError> {
        TargetPolicy::default().check_url(url).map(|_| ())
    }
}

struct Installation {
    runtime: Runtime,
    front: Front,
    key: String,
    requests: u32,
}

thread_local! {
    static INSTALLATION: RefCell<Option<Installation>> = const { RefCell::new(None) };
}

/// Whatever is sent, the answer is a success or a coded problem, never an error of ours.
pub fn api_json(bytes: &[u8]) {
    let Some((first, body)) = bytes.split_first() else { return };
    let path = ROUTES[usize::from(*first) % ROUTES.len()];
    INSTALLATION.with_borrow_mut(|slot| {
        let installation = slot
            .take_if(|installation| installation.requests < REQUESTS)
            .unwrap_or_else(Installation::new);
        let installation = slot.insert(installation);
        installation.requests += 1;
        installation.send(path, body.to_vec());
    });
}

impl Installation {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime without I/O needs nothing of the system");
        let plans = PlanTable::default();
        let rules = ProductRules::new(plans, "http://fuzz".into(), HealthRules::default());
        let store = SqliteStore::in_memory(Arc::new(rules), Arc::new(|_| {}));
        let store = Arc::new(store.expect("a database in memory opens"));
        let dice = Arc::new(Rng::new(1));
        let account = AccountId::random(dice.as_ref());
        let key = api_key::generate(dice.as_ref(), KeyMode::Live);
        let new = NewAccount {
            account: account_record(&account),
            key: key_record(&account, &key, &dice),
        };
        let created = runtime.block_on(store.create_account(new));
        assert!(created.expect("the account can be created"));
        let front = front(ApiParts {
            store,
            files: Arc::new(NoFiles),
            // Nothing is extracted here.
            reader: Arc::new(ThreadReader { timeout: Duration::ZERO }),
            clock: Arc::new(StoppedClock),
            dice,
            vault: Arc::new(MasterKey::from_bytes([7; 32]).into()),
            plans,
            targets: Arc::new(ByTextOnly),
            health_rules: HealthRules::default(),
            settings: ApiSettings { public_url: "http://fuzz".into(), ..ApiSettings::default() },
            waiters: Arc::new(Waiters::new()),
            listeners: Arc::default(),
            stopping: tokio::sync::watch::channel(false).1,
            registry: Arc::new(Mutex::new(Registry::default())),
        });
        Self { runtime, front, key, requests: 0 }
    }

    fn send(&self, path: &str, body: Vec<u8>) {
        let request = Request::post(path)
            .header("x-api-key", &self.key)
            .header("content-type", "application/json")
            .body(Body::from(body))
            .expect("the request is well formed");
        self.runtime.block_on(async {
            let response = self.front.clone().answer(request).await;
            let status = response.status();
            let media_type = response.headers().get("content-type").cloned();
            let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("the body ends");
            let answer: serde_json::Value =
                serde_json::from_slice(&bytes).expect("every answer is JSON");
            assert!(status.as_u16() < 500, "{path}: {status} {answer}");
            if status.is_client_error() {
                assert_eq!(media_type.expect("a media type"), "application/problem+json");
                assert!(answer["code"].is_string(), "{path}: {answer}");
            }
        });
    }
}

fn account_record(id: &AccountId) -> Account {
    Account {
        id: id.clone(),
        email: "fuzz@example.com".into(),
        name: None,
        plan: Plan::Enterprise,
        documents_per_month: Some(Limit::Unlimited),
        requests_per_minute: Some(Limit::Unlimited),
        created_at: StoppedClock.now(),
    }
}

fn key_record(account: &AccountId, key: &str, dice: &Rng) -> ApiKey {
    ApiKey {
        id: KeyId::random(dice),
        account: account.clone(),
        name: "fuzz".into(),
        hash: api_key::hash(key),
        hint: api_key::hint(key),
        mode: KeyMode::Live,
        scopes: [Scope::EventsWrite].into(),
        created_at: StoppedClock.now(),
        revoked_at: None,
    }
}
