//! `parseflow serve`.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{CommandError, on_all_cores};
use crate::logging;
use crate::screen::Screen;
use crate::service::Service;
use crate::settings::{SettingArgs, Settings};

pub(crate) fn run(args: &SettingArgs<true>, screen: Screen) -> Result<(), CommandError> {
    let settings = Settings::resolve(args)?;
    logging::start(settings.log_format, &settings.log_level);
    raise_file_limit();
    if !settings.core_dumps {
        refuse_core_dumps();
    }
    on_all_cores(serve(settings, screen))
}

/// As many open files as the system allows us: every connection is one.
fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let highest = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = setrlimit(Resource::Nofile, highest) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// Memory holds secrets, keys and documents: the system writes none of it to disk when the process
/// crashes. The limit goes for files, the other for programs that take dumps instead.
fn refuse_core_dumps() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let refused = setrlimit(Resource::Core, none)
        .and_then(|()| set_dumpable_behavior(DumpableBehavior::NotDumpable));
    if let Err(error) = refused {
        tracing::warn!(%error, "core dumps cannot be refused");
    }
}

async fn serve(settings: Settings, screen: Screen) -> Result<(), CommandError> {
    let mut signals = Signals::listen().map_err(CommandError::Signals)?;
    let service = Service::start(&settings).await?;
    tracing::info!(
        url = %service.url,
        data_dir = %settings.data_dir.display(),
        version = env!("CARGO_PKG_VERSION"),
        "serving"
    );
    screen.line(format!("listening on {}", service.url));
    signals.next().await;
    tracing::info!("stopping; a second signal stops at once");
    tokio::select! {
        () = service.stop() => tracing::info!("stopped"),
        () = signals.next() => {
            tracing::warn!("stopped at once; what was in flight is taken up at the next start");
            std::process::exit(1);
        }
    }
    Ok(())
}

/// The signals that ask a process to end.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => (),
            _ = self.interrupt.recv() => (),
        }
    }
}
