//! Progress on standard error: bars on a terminal, nothing elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::screen::terminal_is_dumb;

const BYTES: &str = "{prefix:>28.28} [{bar:30}] {bytes:>10} of {total_bytes:<10} {msg}";
const COUNT: &str = "{prefix:>28.28} [{bar:30}] {pos:>5} of {len:<5} {msg}";

/// A bar over the bytes of one upload.
pub(super) fn of_bytes(name: &str, bytes: u64) -> ProgressBar {
    bar(name, bytes, BYTES)
}

/// A bar over the documents of one batch.
pub(super) fn of_documents(name: &str, documents: u64) -> ProgressBar {
    bar(name, documents, COUNT)
}

/// A bar over the deliveries of one recovery.
pub(super) fn of_deliveries(name: &str, deliveries: u64) -> ProgressBar {
    bar(name, deliveries, COUNT)
}

fn bar(name: &str, length: u64, template: &str) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() && !terminal_is_dumb() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template(template).expect("the template is constant");
    ProgressBar::with_draw_target(Some(length), target)
        .with_style(style.progress_chars("=> "))
        .with_prefix(name.to_owned())
}
