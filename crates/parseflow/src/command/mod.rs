//! The commands, one module each.

pub(crate) mod account;
pub(crate) mod backup;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod key;
pub(crate) mod man;
pub(crate) mod migrate;
pub(crate) mod openapi;
pub(crate) mod rotate_master_key;
pub(crate) mod serve;
pub(crate) mod settings;
pub(crate) mod worker;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use parseflow_model::Account;
use parseflow_store::moving::MoveError;
use parseflow_store::{AccountStore, Store, StoreError};

use crate::cli::{OnStore, Whose};
use crate::client::ClientError;
use crate::demo::DemoError;
use crate::folder;
use crate::secrets::SecretsError;
use crate::service::{self, StartError};
use crate::settings::{Settings, SettingsError};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    #[error(transparent)]
    Demo(#[from] DemoError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("the asynchronous runtime cannot start: {0}")]
    Runtime(std::io::Error),
    #[error("signals cannot be received: {0}")]
    Signals(std::io::Error),
    #[error("{0:?} is not an e-mail address")]
    Email(String),
    #[error(
        "an account with the e-mail address {0} exists already; add a key with `parseflow key create --email {0}`"
    )]
    EmailTaken(String),
    #[error("there is no account {0}")]
    NoAccount(String),
    #[error("the account has {max} active keys already; revoke one with `parseflow key revoke`")]
    TooManyKeys { max: usize },
    #[error("the account has no active key {0}")]
    NoKey(String),
    #[error("{} exists already; name a new file with --to", .0.display())]
    BackupExists(PathBuf),
    #[error("the backup cannot be written: {0}")]
    Backup(#[source] StoreError),
    #[error("there is no installation in {}: it holds no parseflow.db", .0.display())]
    NoInstallation(PathBuf),
    #[error("nothing was moved: {0}")]
    Move(#[source] MoveError),
    #[error("the documents could not be copied, nothing was moved: {0}")]
    Files(#[source] StoreError),
    #[error("--files: {0}")]
    FilesPlace(String),
    #[error(
        "everything was moved, but {} cannot be written: {source}; see to it that nobody starts the old installation again",
        path.display()
    )]
    NotMarked { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Worker(#[from] parseflow_reader::WorkError),
    #[error("there is no command {0:?}; `parseflow help` lists them")]
    NoCommand(String),
    #[error("the manual pages cannot be written to {}: {source}", path.display())]
    ManPages { path: PathBuf, source: std::io::Error },
    #[error("{failed} of {all} checks failed")]
    Unhealthy { failed: usize, all: usize },
}

impl CommandError {
    /// 2 for a command line or settings that cannot be used, 3 for something that does not exist, 1
    /// for everything else; those of a service are in [`ClientError::exit_code`].
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            CommandError::Client(error) => error.exit_code(),
            CommandError::Settings(_)
            | CommandError::Email(_)
            | CommandError::BackupExists(_)
            | CommandError::NoInstallation(_)
            | CommandError::FilesPlace(_)
            | CommandError::NoCommand(_) => 2,
            CommandError::NoAccount(_) | CommandError::NoKey(_) => 3,
            CommandError::Start(_)
            | CommandError::Store(_)
            | CommandError::Secrets(_)
            | CommandError::Demo(_)
            | CommandError::Runtime(_)
            | CommandError::Signals(_)
            | CommandError::EmailTaken(_)
            | CommandError::TooManyKeys { .. }
            | CommandError::Backup(_)
            | CommandError::Move(_)
            | CommandError::Files(_)
            | CommandError::NotMarked { .. }
            | CommandError::Worker(_)
            | CommandError::ManPages { .. }
            | CommandError::Unhealthy { .. } => 1,
        }
    }
}

/// Runs a short command to its end, on this thread.
pub(crate) fn on_one_thread<T>(
    work: impl Future<Output = Result<T, CommandError>>,
) -> Result<T, CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandError::Runtime)?;
    runtime.block_on(work)
}

/// Runs a service to its end, on as many threads as the machine has cores.
pub(crate) fn on_all_cores(
    work: impl Future<Output = Result<(), CommandError>>,
) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CommandError::Runtime)?;
    runtime.block_on(work)
}

/// The store of an installation that must be there: a wrong folder is told, not filled.
async fn existing_store(args: &OnStore) -> Result<Arc<dyn Store>, CommandError> {
    let settings = Settings::resolve(args)?;
    must_exist(&settings)?;
    Ok(service::open_for_command(&settings).await?)
}

/// Whether there is an installation; a database server tells by itself.
fn must_exist(settings: &Settings) -> Result<(), CommandError> {
    let is_there =
        settings.database_url.is_some() || folder::database_file(&settings.data_dir).is_file();
    is_there.then_some(()).ok_or_else(|| CommandError::NoInstallation(settings.data_dir.clone()))
}

/// The store of the data folder, made if there is none, or of the database that is named.
async fn open_store(args: &OnStore) -> Result<Arc<dyn Store>, CommandError> {
    Ok(service::open_for_command(&Settings::resolve(args)?).await?)
}

async fn find_account(store: &dyn AccountStore, whose: &Whose) -> Result<Account, CommandError> {
    let (found, text) = match (&whose.account, &whose.email) {
        (Some(id), _) => (store.account(id).await?, id.to_string()),
        (None, email) => {
            let email = email.clone().unwrap_or_default().to_lowercase();
            (store.account_by_email(&email).await?, email)
        }
    };
    found.ok_or(CommandError::NoAccount(text))
}

/// `value` as JSON on one line.
fn json(value: &serde_json::Value) -> String {
    value.to_string()
}
