//! `cargo xtask crash`: the real binary is killed under load, or loses its power.

use std::process::Command;

use crate::bench::target_folder;
use crate::shell::{self, Failure, cargo, say};

/// Builds the service and the program that kills it in release, and hands `arguments` to the latter.
pub(crate) fn run(arguments: &[&str]) -> Result<(), Failure> {
    say("building the release binaries");
    let packages = ["-p", "parseflow", "-p", "parseflow-sim"];
    shell::run(cargo().args(["build", "--release", "--quiet"]).args(packages))?;
    let target = target_folder()?.join("release");
    let mut crash = Command::new(target.join("parseflow-crash"));
    shell::run(crash.arg(target.join("parseflow")).args(arguments))
}
