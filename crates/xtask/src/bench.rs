//! `cargo xtask bench`: what a release build achieves on this machine.

use crate::shell::{self, Failure, cargo, root, say};

/// Builds the service and the load generator in release, then measures. `quick` only shows that the
/// measurement works.
pub(crate) fn run(quick: bool) -> Result<(), Failure> {
    say("building the release binaries");
    let packages = ["-p", "parseflow", "-p", "parseflow-bench"];
    shell::run(cargo().args(["build", "--release", "--quiet"]).args(packages))?;
    let target = target_folder()?.join("release");
    let mut bench = std::process::Command::new(target.join("parseflow-bench"));
    bench.arg(target.join("parseflow")).arg(root().join("samples"));
    if quick {
        bench.arg("--quick");
    }
    say("measuring; nothing else should run now");
    shell::run(&mut bench)
}

/// Where cargo puts what it builds.
pub(crate) fn target_folder() -> Result<std::path::PathBuf, Failure> {
    let text = shell::output(cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| Failure(format!("cargo metadata printed no JSON: {error}")))?;
    let folder = metadata["target_directory"].as_str();
    folder.map(Into::into).ok_or_else(|| Failure("cargo metadata names no target folder".into()))
}
