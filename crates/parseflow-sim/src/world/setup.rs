//! The beginning of a world: its settings, accounts and first endpoints, all drawn from its seed.

use std::sync::Arc;
use std::time::Duration;

use parseflow_accounts::plan::PlanTable;
use parseflow_model::{
    Account, AccountId, ApiKey, EndpointSettings, EventId, EventType, KeyId, KeyMode, Limit,
    Plan as AccountPlan, WebhookId,
};
use parseflow_store::{
    AccountStore, EndpointStore, MemoryDatabase, NewAccount, NewEndpoint, Rules,
};
use parseflow_webhooks::endpoint_health::HealthRules;
use parseflow_webhooks::retry::RetrySchedule;
use parseflow_webhooks::signature;
use parseflow_webhooks::vault::{KeyRing, MasterKey};
use parseflow_worker::ProductRules;

use super::World;
use crate::model::{AccountRecord, EndpointRecord, HealthRecord, Model, ModelRules};
use crate::network::Mood;
use crate::plant::Plant;
use crate::process::Plan;
use crate::rng::Rng;
use crate::rules::PlantedRules;
use crate::shared::Shared;

thread_local! {
    /// The worlds of a thread use it one after the other.
    static DATABASE: MemoryDatabase =
        MemoryDatabase::new().expect("a database in memory opens");
}

/// Endpoints that a world has at most at the same time for each account.
pub(super) const ENDPOINTS_MAX: usize = 4;

/// Subscriptions that endpoints choose from.
pub(super) const SUBSCRIPTIONS: [&[EventType]; 4] = [
    &EventType::ALL,
    &[EventType::ExtractionCompleted, EventType::ExtractionFailed],
    &[EventType::BatchCompleted, EventType::BatchFailed],
    &[EventType::QuotaWarning, EventType::QuotaExceeded, EventType::BatchCompleted],
];

impl World {
    /// The world of `seed` before anything has happened.
    pub(super) async fn new(seed: u64, plant: Option<Plant>, tracing: bool) -> Self {
        let rng = Rng::new(seed);
        let delays: &[u64] = match rng.below(4) {
            0 | 1 => &[30, 120, 900, 3_600, 14_400],
            2 => &[1, 5, 20],
            _ => &[2, 2, 2, 2, 2, 600],
        };
        let disable_after = Duration::from_secs(*rng.pick(&[1_800, 3 * 3_600, 3 * 86_400]));
        let schedule: Vec<_> = delays.iter().map(|secs| format!("{secs}s")).collect();
        let schedule: RetrySchedule =
            schedule.join(",").parse().expect("these delays are within the limits");
        let model = Model::new(ModelRules {
            delays_ms: delays.iter().map(|secs| *secs as i64 * 1_000).collect(),
            disable_after_ms: disable_after.as_millis() as i64,
        });
        let health = HealthRules { disable_after, ..HealthRules::default() };
        let real = ProductRules::new(PlanTable::default(), "http://sim".into(), health);
        let rules: Arc<dyn Rules> = Arc::new(PlantedRules { real, plant });
        let database = DATABASE.with(MemoryDatabase::clone);
        database.clear().expect("the world before has ended");
        let inspector = database
            .store(Arc::clone(&rules), Arc::new(|_| {}))
            .expect("a database in memory opens");
        let shared = Shared::new(rng, model, plant, tracing);
        let plan = Plan {
            database,
            rules,
            schedule,
            network: Arc::default(),
            shared: Arc::clone(&shared),
        };
        let mut world = Self {
            shared,
            plan,
            inspector,
            current: None,
            former: None,
            accounts: Vec::new(),
            processes: 0,
            urls: 0,
        };
        for _ in 0..1 + world.shared.rng.below(2) {
            world.create_account().await;
        }
        world
    }

    async fn create_account(&mut self) {
        let rng = &self.shared.rng;
        let id = AccountId::random(rng);
        let quota = 3 + rng.below(20);
        let created_at = self.shared.now();
        let account = Account {
            id: id.clone(),
            email: format!("{id}@example.com"),
            name: None,
            plan: AccountPlan::Pro,
            documents_per_month: Some(Limit::AtMost(quota)),
            requests_per_minute: None,
            created_at,
        };
        let mut hash = [0; 32];
        parseflow_model::Dice::fill(rng, &mut hash);
        let key = ApiKey {
            id: KeyId::random(rng),
            account: id.clone(),
            name: "first".into(),
            hash,
            hint: "abcd".into(),
            mode: KeyMode::Live,
            scopes: Default::default(),
            created_at,
            revoked_at: None,
        };
        let created = self.inspector.create_account(NewAccount { account, key }).await;
        self.shared.check(created.map(|_| ()).map_err(|error| error.to_string()));
        let record = AccountRecord::new(AccountPlan::Pro, Some(quota));
        self.shared.model().accounts.insert(id.clone(), record);
        let first = self.accounts.len();
        self.accounts.push(id);
        for _ in 0..1 + self.shared.rng.below(2) {
            self.create_endpoint(first).await;
        }
    }

    /// A URL whose receiver has a mood of its own.
    pub(super) fn new_url(&mut self) -> String {
        self.urls += 1;
        let url = format!("https://receiver-{}.example/hook", self.urls);
        let mood = Mood::any(&self.shared);
        self.shared.note(|| format!("{url} {mood:?}"));
        self.plan.network.set(&url, mood);
        url
    }

    /// Registers one more endpoint for the account, if it may have one.
    pub(super) async fn create_endpoint(&mut self, account: usize) {
        let url = self.new_url();
        let account = self.accounts[account].clone();
        let rng = &self.shared.rng;
        let id = WebhookId::random(rng);
        let secret = signature::generate_secret(rng);
        let vault = KeyRing::from(MasterKey::from_bytes([1; 32]));
        let subscription = *rng.pick(&SUBSCRIPTIONS);
        let mask = subscription.iter().fold(0, |mask, kind| mask | kind.bit());
        let settings = self.settings();
        let new = NewEndpoint {
            id: id.clone(),
            account: account.clone(),
            url: url.clone(),
            events: subscription.iter().map(|kind| kind.to_string()).collect(),
            event_mask: mask,
            sealed_secret: vault.seal(rng, id.as_str(), secret.as_bytes()),
            secret_hint: signature::secret_hint(&secret),
            settings: settings.clone(),
            now: self.shared.now(),
        };
        let created = self.inspector.create_endpoint(new, ENDPOINTS_MAX).await;
        let Ok(Some(endpoint)) = created else { return };
        self.shared.note(|| format!("{id} is endpoint {} at {url}", endpoint.no.0));
        let record = EndpointRecord {
            id,
            account,
            mask,
            secret,
            urls: vec![url],
            disable_on_gone: settings.disable_on_gone,
            deleted: false,
            health: HealthRecord::default(),
            closed_ms: 0,
            seen: EventId::from_raw(0),
        };
        self.shared.model().endpoints.insert(endpoint.no, record);
    }

    /// Any settings of an endpoint.
    pub(super) fn settings(&self) -> EndpointSettings {
        let rng = &self.shared.rng;
        EndpointSettings {
            timeout_ms: *rng.pick(&[None, Some(1_000), Some(30_000)]),
            disable_on_gone: rng.chance(300),
            ..EndpointSettings::default()
        }
    }
}
