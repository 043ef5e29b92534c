//! The running service: every part made and put together, in one process.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use parseflow_api::{ApiParts, ApiSettings, Listeners, TargetVetting, Waiters};
use parseflow_model::Dice;
use parseflow_reader::{DocumentReader, PoolError, ProcessPool};
use parseflow_store::postgres::PostgresOptions;
use parseflow_store::{Notice, NoticeSink, PostgresStore, SqliteStore, Store, StoreError};
use parseflow_webhooks::endpoint_health::HealthRules;
use parseflow_webhooks::url_policy::{TargetPolicy, UrlError};
use parseflow_webhooks::vault::KeyRing;
use parseflow_worker::{
    AlertParts, ChatModel, Clock, HttpSender, MailerError, ModelAddress, OpinionLimits,
    PresenceLimits, ProductRules, ReadLimits, Resolver, Roles, SecondOpinion, SenderError,
    SmtpMailer, WorkerMetrics, WorkerParts, WorkerSettings, Workers,
};
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::clock::{SystemClock, SystemDice};
use crate::containment;
use crate::edge;
use crate::folder::{self, FolderError, ServeLock};
use crate::object_store;
use crate::secrets::{self, SecretsError};
use crate::senders::AnySender;
use crate::settings::Settings;

/// Requests in flight may take this long to finish once the service stops.
const REQUESTS_GRACE: Duration = Duration::from_secs(10);
/// Attempts in flight may take this long to finish once the service stops; what is not finished is
/// taken up at the next start.
const WORKERS_GRACE: Duration = Duration::from_secs(10);

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error("the address {address} is already in use; choose another with --listen")]
    AddressInUse { address: SocketAddr },
    #[error("cannot listen on {address}: {source}; choose another with --listen")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("the database {} cannot be opened: {}", path.display(), crate::report::chain(.source))]
    Database { path: std::path::PathBuf, source: StoreError },
    #[error(
        "the installation in {} was moved to PostgreSQL; start it with --database-url",
        .0.display()
    )]
    Moved(std::path::PathBuf),
    #[error("the database of --database-url cannot be used: {}", crate::report::chain(.0))]
    DatabaseServer(StoreError),
    #[error(
        "--database-url needs --master-key-file: the same key for every process, 64 hex digits, such as `openssl rand -hex 32` prints"
    )]
    MasterKeyNotGiven,
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    #[error("the folder of documents {} cannot be used: {source}", path.display())]
    Documents { path: std::path::PathBuf, source: io::Error },
    #[error("documents in s3:// need the variable {name}")]
    NoCredentials { name: &'static str },
    #[error("the object store cannot be used: {}", crate::report::chain(.0))]
    ObjectStore(StoreError),
    #[error(transparent)]
    Sender(#[from] SenderError),
    #[error("e-mail cannot be set up: {0}")]
    Mailer(#[from] MailerError),
    #[error(transparent)]
    Reader(#[from] PoolError),
    #[error("this program cannot be found again: {0}")]
    Program(io::Error),
    #[error("the database cannot be taken over: {}", crate::report::chain(.0))]
    Workers(StoreError),
}

/// Opens the data folder's store for a command, creating what is missing; works beside a running
/// server. Nobody listens to its notices: the server finds what was written by reading it.
///
/// A new folder gets its master key first, because a database without one is refused by the server.
/// With an old one the key is of no concern: it may be kept where this command cannot see it.
pub(crate) async fn open_for_command(settings: &Settings) -> Result<Arc<dyn Store>, StartError> {
    if let Some(url) = &settings.database_url {
        // Commands write no events and therefore take no seat: the name is never used.
        let options = PostgresOptions { connections: 2, ..PostgresOptions::new(&url.0, "command") };
        let store = PostgresStore::open(options, rules(settings), Arc::new(|_| {})).await;
        return Ok(Arc::new(store.map_err(StartError::DatabaseServer)?));
    }
    folder::prepare(&settings.data_dir)?;
    let database = folder::database_file(&settings.data_dir);
    if !database.exists() {
        folder::key_ring(&settings.master_key_files, &database, &SystemDice::new())?;
    }
    Ok(Arc::new(open_embedded(settings, Arc::new(|_| {}))?))
}

fn rules(settings: &Settings) -> Arc<ProductRules> {
    Arc::new(ProductRules::new(
        settings.plan_table(),
        public_url(settings, settings.listen),
        health_rules(settings),
    ))
}

/// The embedded database of the data folder.
pub(crate) fn open_embedded(
    settings: &Settings,
    notices: NoticeSink,
) -> Result<SqliteStore, StartError> {
    if folder::moved_file(&settings.data_dir).exists() {
        return Err(StartError::Moved(settings.data_dir.clone()));
    }
    let database = folder::database_file(&settings.data_dir);
    SqliteStore::open(&database, rules(settings), notices)
        .map_err(|source| StartError::Database { path: database, source })
}

/// The store of a service, and the keys of its secrets.
async fn open_store(
    settings: &Settings,
    notices: NoticeSink,
    dice: &dyn Dice,
) -> Result<(Arc<dyn Store>, KeyRing), StartError> {
    let Some(url) = &settings.database_url else {
        let database = folder::database_file(&settings.data_dir);
        let keys = folder::key_ring(&settings.master_key_files, &database, dice)?;
        return Ok((Arc::new(open_embedded(settings, notices)?), keys));
    };
    if !settings.master_key_given {
        return Err(StartError::MasterKeyNotGiven);
    }
    // Never created: every process needs the same one.
    let keys = folder::read_ring(&settings.master_key_files)?;
    let options = PostgresOptions {
        dead_after: settings.node_timeout,
        ..PostgresOptions::new(&url.0, folder::node_name(&settings.data_dir, dice)?)
    };
    let store = PostgresStore::open(options, rules(settings), notices).await;
    Ok((Arc::new(store.map_err(StartError::DatabaseServer)?), keys))
}

fn health_rules(settings: &Settings) -> HealthRules {
    let default = HealthRules::default();
    let attempts_max = u32::try_from(settings.retry_schedule.attempts_max()).unwrap_or(u32::MAX);
    HealthRules {
        disable_after: settings.disable_after,
        // A shorter schedule than the documented one marks an endpoint when it is spent.
        failing_after_attempts: default.failing_after_attempts.min(attempts_max),
    }
}

/// The base of links, without a slash at its end. Who listens everywhere is reached at home.
fn public_url(settings: &Settings, address: SocketAddr) -> String {
    settings.public_url.clone().unwrap_or_else(|| reachable(address))
}

fn reachable(address: SocketAddr) -> String {
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    format!("http://{address}")
}

/// Takes the address to listen on.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => StartError::AddressInUse { address },
        _ => StartError::Listen { address, source },
    })
}

/// A service that accepts requests.
pub(crate) struct Service {
    /// Where it is reached.
    pub(crate) url: String,
    /// Its store, for what has no route.
    pub(crate) store: Arc<dyn Store>,
    stop: watch::Sender<bool>,
    edge: JoinHandle<()>,
    workers: Workers,
    _lock: ServeLock,
}

impl Service {
    /// Starts everything. The port is bound before the database is touched: a mistaken second
    /// start changes nothing.
    pub(crate) async fn start(settings: &Settings) -> Result<Self, StartError> {
        folder::prepare(&settings.data_dir)?;
        let lock = ServeLock::take(&settings.data_dir)?;
        let listener = listen(settings.listen).await?;
        Self::start_on(settings, lock, listener).await
    }

    async fn start_on(
        settings: &Settings,
        lock: ServeLock,
        listener: TcpListener,
    ) -> Result<Self, StartError> {
        let address = listener
            .local_addr()
            .map_err(|source| StartError::Listen { address: settings.listen, source })?;
        let settings = &Settings { listen: address, ..settings.clone() };
        let waiters = Arc::new(Waiters::new());
        let (notices, received) = mpsc::unbounded_channel();
        let dice: Arc<dyn Dice> = Arc::new(SystemDice::new());
        let sink = notice_sink(Arc::clone(&waiters), notices);
        let (store, vault) = open_store(settings, sink, dice.as_ref()).await?;
        secrets::must_open(store.as_ref(), &vault).await?;
        let vault = Arc::new(vault);
        warn_about_keys(settings);
        let files = object_store::open(&settings.documents)?;
        let reader = document_reader(settings).await?;
        let resolver = Resolver::system();
        let sender = HttpSender::new(settings.targets.clone(), resolver.clone())?;
        let sender = sender.timed_by(Arc::new(SystemClock));
        let mut registry = Registry::default();
        let metrics = WorkerMetrics::new(&mut registry);
        let listeners = Arc::new(Listeners::new());
        // Documents of an account only: without a key nobody spends the operator's model.
        let advised = with_second_opinion(settings, Arc::clone(&reader), &metrics)?;
        let workers = Workers::start(WorkerParts {
            store: Arc::clone(&store),
            files: files.clone(),
            reader: advised,
            clock: Arc::new(SystemClock),
            vault: Arc::clone(&vault),
            sender: Arc::new(AnySender { http: sender, listeners: Arc::clone(&listeners) }),
            schedule: settings.retry_schedule.clone(),
            settings: worker_settings(settings),
            alerts: alerts(settings)?,
            roles: Roles { extract: settings.roles.extract, deliver: settings.roles.deliver },
            notices: received,
            metrics,
        });
        let workers = workers.await.map_err(StartError::Workers)?;
        let (stop, stopping) = watch::channel(false);
        let parts = ApiParts {
            store: Arc::clone(&store),
            files,
            reader,
            clock: Arc::new(SystemClock),
            plans: settings.plan_table(),
            targets: Arc::new(Vetting { resolver, policy: settings.targets.clone() }),
            health_rules: health_rules(settings),
            settings: api_settings(settings, dice.as_ref()),
            dice,
            vault,
            waiters,
            listeners,
            stopping: stopping.clone(),
            registry: Arc::new(Mutex::new(registry)),
        };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let front = match settings.roles.api {
            true => parseflow_api::front(parts),
            false => parseflow_api::operating_front(parts),
        };
        let edge = tokio::spawn(edge::serve(listener, front, clock, stopping, REQUESTS_GRACE));
        Ok(Self { url: reachable(address), store, stop, edge, workers, _lock: lock })
    }

    /// Stops accepting, lets requests and then attempts in flight finish, each within a limit.
    pub(crate) async fn stop(self) {
        // The edge also ends when it can no longer be told to.
        let _ = self.stop.send(true);
        if let Err(error) = self.edge.await {
            tracing::error!(%error, "the edge did not end well");
        }
        if !self.workers.stop(WORKERS_GRACE).await {
            tracing::warn!(
                "work in flight did not finish in time; it is repeated at the next start"
            );
        }
    }
}

async fn document_reader(settings: &Settings) -> Result<Arc<dyn DocumentReader>, StartError> {
    let pool = containment::pool_settings(settings).map_err(StartError::Program)?;
    let pool = ProcessPool::start(pool).await?;
    containment::warn_about_kernel(pool.containment());
    Ok(Arc::new(pool))
}

/// The reader with a language model beside it, where one is set.
fn with_second_opinion(
    settings: &Settings,
    reader: Arc<dyn DocumentReader>,
    metrics: &WorkerMetrics,
) -> Result<Arc<dyn DocumentReader>, StartError> {
    let Some(model) = &settings.model else { return Ok(reader) };
    let chat = ChatModel::new(&ModelAddress {
        url: model.url.clone(),
        name: model.name.clone(),
        key: model.key.clone(),
    })?;
    let limits = OpinionLimits {
        timeout: model.timeout,
        concurrency: model.concurrency,
        text_bytes_max: model.text_bytes_max,
    };
    let clock = Arc::new(SystemClock);
    let advised = SecondOpinion::new(reader, Arc::new(chat), clock, limits, metrics.clone());
    Ok(Arc::new(advised))
}

fn notice_sink(waiters: Arc<Waiters>, notices: mpsc::UnboundedSender<Notice>) -> NoticeSink {
    Arc::new(move |notice| {
        if let Notice::DocumentFinished(id) = &notice {
            waiters.finished(id);
        }
        // Once the workers have stopped nobody listens; the store keeps what they would do.
        let _ = notices.send(notice);
    })
}

fn warn_about_keys(settings: &Settings) {
    for path in settings.master_key_files.iter().filter(|path| folder::others_may_read(path)) {
        tracing::warn!(
            path = %path.display(),
            "the master key can be read by other users; give it mode 0600"
        );
    }
}

fn worker_settings(settings: &Settings) -> WorkerSettings {
    WorkerSettings {
        delivery_timeout: settings.delivery_timeout,
        retention: settings.retention,
        read: ReadLimits {
            concurrency: containment::workers(settings),
            // Two tries of ten times the limit for a page, and some; then the model, if there is one.
            lease: settings.extract_timeout.saturating_mul(21)
                + settings.model.as_ref().map_or(Duration::ZERO, |model| model.timeout),
            keep_files: settings.keep_files,
            ..ReadLimits::default()
        },
        plans: settings.plan_table(),
        presence: PresenceLimits::within(settings.node_timeout),
        health: health_rules(settings),
    }
}

fn api_settings(settings: &Settings, dice: &dyn Dice) -> ApiSettings {
    let mut boot = [0u8; 8];
    dice.fill(&mut boot);
    ApiSettings {
        public_url: public_url(settings, settings.listen),
        sync_limit: settings.sync_limit,
        open_registration: settings.open_registration,
        boot: i64::from_le_bytes(boot),
        ..ApiSettings::default()
    }
}

/// How owners of failing endpoints are told, if they are.
fn alerts(settings: &Settings) -> Result<Option<AlertParts>, MailerError> {
    let Some(smtp) = &settings.smtp else { return Ok(None) };
    let mailer = Arc::new(SmtpMailer::new(&smtp.url, &smtp.from)?);
    Ok(Some(AlertParts { mailer, public_url: public_url(settings, settings.listen) }))
}

struct Vetting {
    resolver: Resolver,
    policy: TargetPolicy,
}

#[async_trait]
impl TargetVetting for Vetting {
    async fn vet(&self, url: &str) -> Result<(), UrlError> {
        self.resolver.vet(&self.policy, url).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_reached_at_home() {
        assert_eq!(reachable("0.0.0.0:80".parse().unwrap()), "http://127.0.0.1:80");
        assert_eq!(reachable("[::1]:80".parse().unwrap()), "http://[::1]:80");
    }
}
