//! `cargo xtask bench`: what the service achieves on this machine, built as it is installed.

use std::process::Command;

use crate::shell::{self, Failure, cargo, root, say};

/// Builds the service and the load generator in the profile that operators install, for a quick look
/// in release, then measures; `arguments` go to the latter. What is measured at scale is also measured on PostgreSQL, on a server of its own unless
/// one is named.
pub(crate) fn run(arguments: &[&str]) -> Result<(), Failure> {
    let profile = if arguments.contains(&"--quick") { "release" } else { "dist" };
    say(&format!("building the service and the load generator, profile {profile}"));
    let packages = ["-p", "parseflow", "-p", "parseflow-bench"];
    shell::run(cargo().args(["build", "--profile", profile, "--quiet"]).args(packages))?;
    let target = target_folder()?.join(profile);
    let mut bench = Command::new(target.join("parseflow-bench"));
    bench.arg(target.join("parseflow")).arg(root().join("samples")).args(arguments);
    let needs_server = arguments.contains(&"--scale") && !arguments.contains(&"--database-url");
    let cluster = needs_server.then(Cluster::start).transpose()?;
    if let Some(cluster) = &cluster {
        bench.args(["--database-url", &cluster.url]);
    }
    say("measuring; nothing else should run now");
    shell::run(&mut bench)
}

/// A PostgreSQL server of its own; removed when dropped.
struct Cluster {
    folder: std::path::PathBuf,
    url: String,
}

fn cluster(command: &str, folder: &std::path::Path) -> Command {
    let mut script = Command::new("sh");
    script.arg(root().join("e2e/postgres/cluster.sh")).arg(command).arg(folder);
    script
}

impl Cluster {
    fn start() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("parseflow-bench-{}", std::process::id()));
        let url = shell::output(&mut cluster("start", &folder))?.trim().to_owned();
        Ok(Self { folder, url })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(Failure(text)) = shell::run(&mut cluster("stop", &self.folder)) {
            shell::complain(&text);
        }
    }
}

/// Where cargo puts what it builds.
pub(crate) fn target_folder() -> Result<std::path::PathBuf, Failure> {
    let text = shell::output(cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| Failure(format!("cargo metadata printed no JSON: {error}")))?;
    let folder = metadata["target_directory"].as_str();
    folder.map(Into::into).ok_or_else(|| Failure("cargo metadata names no target folder".into()))
}
