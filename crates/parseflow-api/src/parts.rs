//! What the edge is made of, and its limits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use parseflow_accounts::plan::PlanTable;
use parseflow_accounts::rate_limit::RateLimiter;
use parseflow_model::{Dice, Timestamp, WallClock};
use parseflow_reader::DocumentReader;
use parseflow_store::{DocumentFiles, Store};
use parseflow_webhooks::endpoint_health::HealthRules;
use parseflow_webhooks::url_policy::UrlError;
use parseflow_webhooks::vault::KeyRing;
use prometheus_client::registry::Registry;
use tokio::sync::{Semaphore, watch};

use crate::activity::Feeds;
use crate::known_keys::KnownKeys;
use crate::listeners::Listeners;
use crate::observe::RequestMetrics;
use crate::overviews::Overviews;
use crate::upload_memory::UploadMemory;
use crate::waiters::Waiters;

/// Decides whether an endpoint may use a URL, at registration and on every change.
///
/// The binary applies the address rules and resolves the name: a name that resolves to an address
/// that is not allowed is refused, a name that does not resolve yet is accepted, because every
/// attempt vets the address again.
#[async_trait]
pub trait TargetVetting: Send + Sync {
    /// `Ok` when the URL may be used.
    async fn vet(&self, url: &str) -> Result<(), UrlError>;
}

/// Limits on a ZIP archive sent as a batch, judged by its directory before anything is unpacked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ArchiveLimits {
    /// Size of the archive itself in bytes.
    pub bytes_max: u64,
    /// Sum of the sizes its entries claim, in bytes.
    pub unpacked_bytes_max: u64,
    /// Claimed size divided by packed size, for any entry above 1 MiB.
    pub ratio_max: u64,
}

/// Limits and switches of the edge; all are configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiSettings {
    /// Base of links, without a trailing slash: `https://parseflow.example.com`.
    pub public_url: String,
    /// How long `POST /api/v1/extract` waits for the result before it answers 202.
    pub sync_limit: Duration,
    /// A JSON body must be complete, and an upload must make progress, within this time.
    pub body_deadline: Duration,
    /// An upload must be complete within this time.
    pub upload_deadline: Duration,
    /// Largest JSON body in bytes.
    pub json_bytes_max: u64,
    /// Bytes of uploaded files held in memory at the same time, over all requests.
    pub upload_memory_bytes_max: u64,
    /// Files in one batch.
    pub batch_files_max: u64,
    /// Bytes in one batch request.
    pub batch_bytes_max: u64,
    /// Limits on ZIP archives.
    pub archive: ArchiveLimits,
    /// Endpoints of one account.
    pub endpoints_max: usize,
    /// Active API keys of one account.
    pub keys_max: usize,
    /// Largest file of `POST /api/v1/demo` in bytes.
    pub demo_bytes_max: u64,
    /// Requests a minute from one address to `POST /api/v1/demo`.
    pub demo_per_minute: u64,
    /// Demo documents read at the same time.
    pub demo_at_once_max: usize,
    /// Time for reading one demo document.
    pub demo_deadline: Duration,
    /// Whether `POST /api/auth/register` creates accounts.
    pub open_registration: bool,
    /// Requests a minute from one address to `POST /api/auth/register`.
    pub register_per_minute: u64,
    /// Wrong keys a minute that one address may try to sign in with.
    pub wrong_keys_per_minute: u64,
    /// Names this run of the process: idempotent requests begun by another run that died count as
    /// never begun.
    pub boot: i64,
}

const MIB: u64 = 1024 * 1024;

impl Default for ApiSettings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            sync_limit: Duration::from_secs(30),
            body_deadline: Duration::from_secs(30),
            upload_deadline: Duration::from_secs(600),
            json_bytes_max: 2 * MIB,
            upload_memory_bytes_max: 768 * MIB,
            batch_files_max: 500,
            batch_bytes_max: 1024 * MIB,
            archive: ArchiveLimits {
                bytes_max: 256 * MIB,
                unpacked_bytes_max: 1024 * MIB,
                ratio_max: 200,
            },
            endpoints_max: 20,
            keys_max: 20,
            demo_bytes_max: 2 * MIB,
            demo_per_minute: 10,
            demo_at_once_max: 2,
            demo_deadline: Duration::from_secs(20),
            open_registration: false,
            register_per_minute: 10,
            wrong_keys_per_minute: 10,
            boot: 0,
        }
    }
}

/// Everything the routes need from the binary.
pub struct ApiParts {
    /// Durable state.
    pub store: Arc<dyn Store>,
    /// Uploaded files.
    pub files: Arc<dyn DocumentFiles>,
    /// Reads the documents of the demo.
    pub reader: Arc<dyn DocumentReader>,
    /// The time.
    pub clock: Arc<dyn WallClock>,
    /// Chance, for ids, keys and secrets.
    pub dice: Arc<dyn Dice>,
    /// Encrypts endpoint secrets and stored answers.
    pub vault: Arc<KeyRing>,
    /// What each plan allows.
    pub plans: PlanTable,
    /// Judges the URLs of endpoints.
    pub targets: Arc<dyn TargetVetting>,
    /// When endpoints are disabled, to warn of it.
    pub health_rules: HealthRules,
    /// Limits and switches.
    pub settings: ApiSettings,
    /// Requests that wait for their document; the binary tells it of finished ones.
    pub waiters: Arc<Waiters>,
    /// Endpoints that fetch instead of being sent to; the sender of attempts hands to them.
    pub listeners: Arc<Listeners>,
    /// Becomes true when the service stops: streams end then.
    pub stopping: watch::Receiver<bool>,
    /// Where metrics are registered; `/metrics` prints it.
    pub registry: Arc<Mutex<Registry>>,
}

/// The parts with what the edge keeps in memory.
pub(crate) struct Edge {
    pub(crate) parts: ApiParts,
    pub(crate) metrics: RequestMetrics,
    pub(crate) key_rates: RateLimiter,
    pub(crate) demo_rates: RateLimiter,
    pub(crate) register_rates: RateLimiter,
    pub(crate) sign_in_rates: RateLimiter,
    pub(crate) overviews: Overviews,
    pub(crate) feeds: Arc<Feeds>,
    pub(crate) demo_slots: Arc<Semaphore>,
    pub(crate) upload_memory: UploadMemory,
    pub(crate) known_keys: KnownKeys,
}

/// State of every handler.
pub(crate) type Api = Arc<Edge>;

impl Edge {
    pub(crate) fn new(parts: ApiParts) -> Api {
        let metrics = RequestMetrics::register(&parts.registry);
        let demo_slots = Arc::new(Semaphore::new(parts.settings.demo_at_once_max));
        Arc::new(Self {
            metrics,
            key_rates: RateLimiter::new(Arc::clone(&parts.clock)),
            demo_rates: RateLimiter::new(Arc::clone(&parts.clock)),
            register_rates: RateLimiter::new(Arc::clone(&parts.clock)),
            sign_in_rates: RateLimiter::new(Arc::clone(&parts.clock)),
            overviews: Overviews::default(),
            feeds: Arc::default(),
            demo_slots,
            upload_memory: UploadMemory::new(parts.settings.upload_memory_bytes_max),
            known_keys: KnownKeys::default(),
            parts,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    pub(crate) fn dice(&self) -> &dyn Dice {
        self.parts.dice.as_ref()
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.parts.store.as_ref()
    }

    pub(crate) fn settings(&self) -> &ApiSettings {
        &self.parts.settings
    }

    /// Whether browsers reach the service over https, as its public URL says.
    pub(crate) fn is_served_over_https(&self) -> bool {
        self.settings().public_url.starts_with("https://")
    }
}
