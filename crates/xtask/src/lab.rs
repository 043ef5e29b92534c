//! `cargo xtask eval` and `train`: how well the extraction engine reads, and its models; `robustness`: what
//! becomes of files that are odd, broken or hostile.

use crate::shell::{self, Failure, cargo};

/// Builds the engine's laboratory in release and hands it the command with its arguments.
pub(crate) fn run(command: &str, arguments: &[&str]) -> Result<(), Failure> {
    let build = [
        "run",
        "--release",
        "--quiet",
        "-p",
        "parseflow-extract",
        "--features",
        "lab",
        "--example",
        "lab",
        "--",
    ];
    shell::run(cargo().args(build).arg(command).args(arguments))
}

/// Builds the reader's campaign in release and hands it its arguments.
pub(crate) fn robustness(arguments: &[&str]) -> Result<(), Failure> {
    let build =
        ["run", "--release", "--quiet", "-p", "parseflow-reader", "--example", "robustness", "--"];
    shell::run(cargo().args(build).args(arguments))
}
