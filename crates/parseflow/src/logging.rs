//! The log: on standard error, as text or as one JSON object a line.

use std::io::IsTerminal;

use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::LogFormat;

/// Tells of a panic in the log. Of its message only fixed text is told: one that was formatted may
/// quote a document.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let text = panic.payload().downcast_ref::<&'static str>().unwrap_or(&"(not shown)");
        tracing::error!(place, text, "a part of the program panicked");
    }));
}

/// Starts the log of this process. `level` was checked with the settings.
pub(crate) fn start(format: LogFormat, level: &str) {
    let filter: Targets = level.parse().unwrap_or_default();
    let registry = tracing_subscriber::registry();
    let started = match format {
        LogFormat::Json => registry
            .with(
                fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_writer(std::io::stderr)
                    .with_filter(filter),
            )
            .try_init(),
        LogFormat::Text => registry
            .with(
                fmt::layer()
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_writer(std::io::stderr)
                    .with_filter(filter),
            )
            .try_init(),
    };
    log_panics();
    debug_assert!(started.is_ok(), "the log is started once");
}
