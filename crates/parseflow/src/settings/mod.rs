//! Settings: flags before environment variables before the settings file before defaults.
//!
//! [`table`] names every setting once; [`args`] reads flags and environment, [`mod@file`] the settings
//! file. All of them end as text with its [`Source`], and [`Settings::resolve`] gives each text its
//! type, so that a mistake is told the same way wherever it was made.

mod args;
mod file;
mod place;
mod read;
pub(crate) mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parseflow_accounts::plan::PlanTable;
use parseflow_model::{Limit, Limits, Plan};
use parseflow_webhooks::retry::RetrySchedule;
use parseflow_webhooks::url_policy::TargetPolicy;

pub(crate) use args::{Given, SettingArgs, Source};
use file::SettingsFile;
pub(crate) use place::FilesPlace;
use read::Reader;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("{place}: {text:?} is not {expected}")]
    Wrong { place: String, text: String, expected: &'static str },
    #[error("{place}: {what}")]
    Unsupported { place: String, what: &'static str },
    #[error("the settings file {} cannot be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("the settings file {} is not TOML: {}", path.display(), one_line(.source.message()))]
    NotToml { path: PathBuf, source: Box<toml::de::Error> },
    #[error("the settings file {} has {key:?}, which is no setting; see `parseflow serve --help`", path.display())]
    UnknownKey { path: PathBuf, key: String },
    #[error("the settings file {}: {key} must be {expected}", path.display())]
    WrongKind { path: PathBuf, key: String, expected: &'static str },
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What this process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RoleSet {
    /// Serves the API.
    pub(crate) api: bool,
    /// Reads documents.
    pub(crate) extract: bool,
    /// Sends events.
    pub(crate) deliver: bool,
}

/// The URL of a PostgreSQL database. It may hold a password and is never printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DatabaseUrl(pub(crate) String);

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("postgres://…")
    }
}

/// Where e-mails go. The URL may hold a password and is never printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Smtp {
    pub(crate) url: String,
    pub(crate) from: String,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "smtp://… from {}", self.from)
    }
}

/// A language model that is asked about documents.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ModelSettings {
    /// Without a slash at its end.
    pub(crate) url: String,
    pub(crate) name: String,
    /// Never printed.
    pub(crate) key: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) concurrency: usize,
    pub(crate) text_bytes_max: usize,
}

impl std::fmt::Debug for ModelSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelSettings").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// A plan's limits as the settings file overrides them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PlanOverride {
    pub(crate) documents_per_month: Option<Limit>,
    pub(crate) requests_per_minute: Option<Limit>,
    pub(crate) file_bytes_max: Option<u64>,
}

/// Every setting with its type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    pub(crate) data_dir: PathBuf,
    /// Where uploaded documents wait to be read.
    pub(crate) documents: FilesPlace,
    /// PostgreSQL instead of the embedded database.
    pub(crate) database_url: Option<DatabaseUrl>,
    /// When a process on a shared database is dead to the others.
    pub(crate) node_timeout: Duration,
    /// The master key's place was named, not left to the data folder.
    pub(crate) master_key_given: bool,
    /// The key that seals, then those that only open; at least one.
    pub(crate) master_key_files: Vec<PathBuf>,
    /// Without a slash at its end; `None` until the address is known.
    pub(crate) public_url: Option<String>,
    pub(crate) roles: RoleSet,
    pub(crate) targets: TargetPolicy,
    pub(crate) retry_schedule: RetrySchedule,
    pub(crate) delivery_timeout: Duration,
    pub(crate) disable_after: Duration,
    /// Owners of failing endpoints are told by e-mail.
    pub(crate) smtp: Option<Smtp>,
    pub(crate) retention: Duration,
    /// Nothing: until the document is read.
    pub(crate) keep_files: Duration,
    pub(crate) sync_limit: Duration,
    /// As many as there are processors if `None`.
    pub(crate) extract_workers: Option<usize>,
    /// Without a page being done.
    pub(crate) extract_timeout: Duration,
    pub(crate) extract_memory_mib: u64,
    /// The library of ONNX Runtime; the models of pictures are run by our own if `None`.
    pub(crate) onnx_runtime: Option<PathBuf>,
    /// Nobody is asked if `None`.
    pub(crate) model: Option<ModelSettings>,
    pub(crate) open_registration: bool,
    /// Whether the system may write the memory of a crashed process to disk.
    pub(crate) core_dumps: bool,
    pub(crate) log_format: LogFormat,
    pub(crate) log_level: String,
    pub(crate) plans: BTreeMap<&'static str, PlanOverride>,
}

/// One line of `parseflow settings`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InEffect {
    pub(crate) name: &'static str,
    pub(crate) values: Vec<String>,
    pub(crate) source: Source,
}

impl Settings {
    /// Settings in effect, from what was given on the command line and in the environment and from
    /// the settings file that these name.
    pub(crate) fn resolve<const SERVE: bool>(
        args: &SettingArgs<SERVE>,
    ) -> Result<Settings, SettingsError> {
        Ok(Self::resolve_with_sources(args)?.0)
    }

    /// The same, with the text and the source of every setting.
    pub(crate) fn resolve_with_sources<const SERVE: bool>(
        args: &SettingArgs<SERVE>,
    ) -> Result<(Settings, Vec<InEffect>), SettingsError> {
        let file = match args.given.get("config").and_then(|given| given.values.first()) {
            Some(path) => SettingsFile::read(Path::new(path))?,
            None => SettingsFile::default(),
        };
        let reader = Reader::new(&args.given, &file);
        let settings = Self::from_texts(&reader, &file)?;
        Ok((settings, reader.in_effect()))
    }

    fn from_texts(read: &Reader<'_>, file: &SettingsFile) -> Result<Settings, SettingsError> {
        let database_url = read.database_url()?;
        let data_dir = PathBuf::from(read.required("data-dir"));
        Ok(Settings {
            listen: read.one("listen", "an address with a port such as 127.0.0.1:8080")?,
            documents: read.documents(&data_dir)?,
            node_timeout: read.duration_within(
                "node-timeout",
                "a duration from 1s to 5m",
                Duration::from_secs(1)..=Duration::from_secs(300),
            )?,
            master_key_given: read.text("master-key-file").is_some(),
            master_key_files: read.master_key_files(&data_dir),
            data_dir,
            public_url: read.public_url()?,
            roles: read.roles(database_url.is_some())?,
            database_url,
            targets: read.targets()?,
            retry_schedule: read.retry_schedule()?,
            delivery_timeout: read.duration_within(
                "delivery-timeout",
                "a duration from 1s to 30s",
                Duration::from_secs(1)..=Duration::from_secs(30),
            )?,
            disable_after: read.duration_within(
                "disable-after",
                "a duration from 1s to 365d such as 3d",
                Duration::from_secs(1)..=Duration::from_secs(365 * 86_400),
            )?,
            smtp: read.smtp()?,
            retention: read.duration_within(
                "retention",
                "a duration from 1h to 3650d such as 30d",
                Duration::from_secs(3_600)..=Duration::from_secs(3_650 * 86_400),
            )?,
            keep_files: read.duration_within(
                "keep-files",
                "a duration from 0s to 365d such as 24h",
                Duration::ZERO..=Duration::from_secs(365 * 86_400),
            )?,
            sync_limit: read.duration_within(
                "sync-limit",
                "a duration from 0s to 10m",
                Duration::ZERO..=Duration::from_secs(600),
            )?,
            extract_workers: read.extract_workers()?,
            extract_timeout: read.duration_within(
                "extract-timeout",
                "a duration from 1s to 10m",
                Duration::from_secs(1)..=Duration::from_secs(600),
            )?,
            extract_memory_mib: read.extract_memory_mib()?,
            onnx_runtime: read.text("onnx-runtime").map(PathBuf::from),
            model: read.model()?,
            open_registration: read.switch("open-registration")?,
            core_dumps: read.switch("core-dumps")?,
            log_format: read.log_format()?,
            log_level: read.log_level()?,
            plans: file.plans.clone(),
        })
    }

    /// What every plan allows, with the settings file's overrides.
    pub(crate) fn plan_table(&self) -> PlanTable {
        let defaults = PlanTable::default();
        let limits = |plan: Plan| {
            let default = defaults.of(plan);
            let given = self.plans.get(plan.as_str()).copied().unwrap_or_default();
            Limits {
                documents_per_month: given
                    .documents_per_month
                    .unwrap_or(default.documents_per_month),
                requests_per_minute: given
                    .requests_per_minute
                    .unwrap_or(default.requests_per_minute),
                file_bytes_max: given.file_bytes_max.unwrap_or(default.file_bytes_max),
            }
        };
        PlanTable {
            free: limits(Plan::Free),
            pro: limits(Plan::Pro),
            enterprise: limits(Plan::Enterprise),
        }
    }
}
