//! `parseflow demo`: the whole story in one command.
//!
//! The service runs in this process, on the embedded database, exactly as `serve` runs it. The
//! [`client`](crate::client) talks to it over HTTP, the [`receiver`] is told by it over HTTP; [`story`] lets the
//! two play their parts and stops with an error when anything is not as documented.

mod receiver;
mod story;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parseflow_model::Dice;
use parseflow_webhooks::retry::RetrySchedule;

use crate::cli::DemoArgs;
use crate::client::ClientError;
use crate::clock::SystemDice;
use crate::command::serve::Signals;
use crate::command::{CommandError, on_all_cores};
use crate::screen::Screen;
use crate::service::{Service, StartError};
use crate::settings::{FilesPlace, LogFormat, RoleSet, SettingArgs, Settings};
use crate::{folder, logging};

/// Why the demonstration did not come to its good end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    #[error("the demonstration's folder cannot be used: {0}")]
    Folder(std::io::Error),
    #[error("the demonstration's receiver cannot start: {0}")]
    Receiver(std::io::Error),
    #[error(transparent)]
    Request(#[from] ClientError),
    #[error("the answer has no {0}")]
    Missing(&'static str),
    #[error("no webhook arrived within {0} seconds")]
    NothingArrived(u64),
    #[error("a check failed: {0}")]
    CheckFailed(String),
}

/// Delays short enough to watch; the documented ones take more than five hours.
const SHORT_SCHEDULE: &str = "1s,2s,4s,8s,15s";

pub(crate) fn run(args: DemoArgs, screen: Screen) -> Result<(), CommandError> {
    logging::start(LogFormat::Text, "warn");
    on_all_cores(async move {
        let folder = DataFolder::open(args.data_dir.as_deref()).map_err(DemoError::Folder)?;
        let mut signals = Signals::listen().map_err(CommandError::Signals)?;
        let settings = settings(&folder.path, args.listen)?;
        let (service, fell_back) = start(settings).await?;
        let told = tokio::select! {
            told = story::tell(&service, &folder.path, fell_back.then_some(args.listen), screen) => told,
            () = signals.next() => {
                service.stop().await;
                return Ok(());
            }
        };
        let result = match told {
            Ok(mut receiver) if !args.exit => {
                tokio::select! {
                    () = story::watch(&mut receiver, screen) => (),
                    () = signals.next() => (),
                }
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        service.stop().await;
        result
    })
}

/// The service on the wanted port, or on a free one when that is taken.
async fn start(settings: Settings) -> Result<(Service, bool), CommandError> {
    match Service::start(&settings).await {
        Err(StartError::AddressInUse { address }) => {
            let free = SocketAddr::new(address.ip(), 0);
            let service = Service::start(&Settings { listen: free, ..settings }).await?;
            Ok((service, true))
        }
        started => Ok((started?, false)),
    }
}

/// The defaults, with a receiver on this machine allowed and a schedule to watch.
fn settings(data_dir: &Path, listen: SocketAddr) -> Result<Settings, CommandError> {
    let mut settings = Settings::resolve(&SettingArgs::<true>::default())?;
    settings.listen = listen;
    settings.data_dir = data_dir.to_owned();
    settings.documents = FilesPlace::Folder(data_dir.join("documents"));
    settings.master_key_files = vec![data_dir.join("master.key")];
    // The demonstration is complete in itself.
    settings.database_url = None;
    settings.roles = RoleSet { api: true, extract: true, deliver: true };
    settings.targets.allow_http = true;
    settings.targets.allow = vec!["127.0.0.0/8".parse().expect("a range of addresses")];
    settings.retry_schedule = short_schedule();
    settings.delivery_timeout = Duration::from_secs(5);
    Ok(settings)
}

fn short_schedule() -> RetrySchedule {
    SHORT_SCHEDULE.parse().expect("a schedule")
}

/// Where the demonstration keeps its data: a folder of its own, removed at the end, or a given one.
struct DataFolder {
    path: PathBuf,
    temporary: bool,
}

impl DataFolder {
    fn open(given: Option<&Path>) -> std::io::Result<Self> {
        if let Some(path) = given {
            std::fs::create_dir_all(path)?;
            return Ok(Self { path: path.to_owned(), temporary: false });
        }
        let mut suffix = [0u8; 6];
        SystemDice::new().fill(&mut suffix);
        let path = std::env::temp_dir().join(format!("parseflow-demo-{}", folder::hex(&suffix)));
        std::fs::create_dir(&path)?;
        Ok(Self { path, temporary: true })
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        if self.temporary {
            // A folder that cannot be removed is the system's to clean.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_folder_is_removed_and_a_given_one_is_kept() {
        let temporary = DataFolder::open(None).unwrap();
        let path = temporary.path.clone();
        assert!(path.is_dir());
        drop(temporary);
        assert!(!path.exists());
        let given = tempfile::tempdir().unwrap();
        drop(DataFolder::open(Some(given.path())).unwrap());
        assert!(given.path().is_dir());
    }

    #[test]
    fn the_schedule_is_short_and_has_as_many_retries_as_the_documented_one() {
        let (short, documented) = (short_schedule(), RetrySchedule::documented());
        assert_eq!(short.delays().len(), documented.delays().len());
        assert!(short.delays().iter().sum::<Duration>() < Duration::from_secs(60));
    }
}
