//! `cargo xtask dashboard`: what the binary embeds is what the dashboard's sources build.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::prepare;
use crate::shell::{self, Failure, root, say};

/// Builds `dashboard/dist` anew.
pub(crate) fn build() -> Result<(), Failure> {
    let folder = folder()?;
    build_into(&folder, &folder.join("dist"))
}

/// Checks the types of the sources, and that `dashboard/dist` is what they build, byte for byte.
pub(crate) fn check() -> Result<(), Failure> {
    let folder = folder()?;
    shell::run(npm(&folder).args(["run", "--silent", "check"]))?;
    let fresh = std::env::temp_dir().join(format!("parseflow-dist-{}", std::process::id()));
    let compared = build_into(&folder, &fresh).and_then(|()| compare(&folder.join("dist"), &fresh));
    let _ = std::fs::remove_dir_all(&fresh);
    compared
}

fn folder() -> Result<PathBuf, Failure> {
    let folder = root().join("dashboard");
    prepare::node_packages(&folder, "the dashboard's")?;
    Ok(folder)
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder);
    command
}

fn build_into(folder: &Path, dist: &Path) -> Result<(), Failure> {
    let mut command = npm(folder);
    command.args(["run", "--silent", "build", "--", "--logLevel", "warn", "--emptyOutDir"]);
    shell::run(command.arg("--outDir").arg(dist))
}

fn compare(committed: &Path, fresh: &Path) -> Result<(), Failure> {
    let mut differences = Vec::new();
    let (ours, built) = (files_below(committed)?, files_below(fresh)?);
    for name in ours.iter().filter(|name| !built.contains(name)) {
        differences.push(format!("{} is not built any more", name.display()));
    }
    for name in &built {
        let read = |folder: &Path| std::fs::read(folder.join(name)).ok();
        if read(committed) != read(fresh) {
            differences.push(format!("{} is built differently", name.display()));
        }
    }
    if differences.is_empty() {
        say(&format!("dashboard/dist is what its sources build: {} files", built.len()));
        return Ok(());
    }
    let list = differences.join("\n");
    Err(Failure(format!("{list}\ndashboard/dist is old: run `cargo xtask dashboard`")))
}

/// Every file below, relative to `folder`, in order.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: std::io::Error| Failure(format!("{}: {error}", folder.display()));
    let mut open = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                found.push(name.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_a_new_and_a_left_over_file_are_named() {
        let folder = std::env::temp_dir().join(format!("parseflow-compare-{}", std::process::id()));
        let (old, new) = (folder.join("old"), folder.join("new"));
        for (at, name, text) in [
            (&old, "same.js", "1"),
            (&new, "same.js", "1"),
            (&old, "assets/changed.js", "1"),
            (&new, "assets/changed.js", "2"),
            (&old, "left-over.js", "1"),
            (&new, "new.js", "1"),
        ] {
            shell::write(&at.join(name), text).unwrap();
        }
        let Failure(text) = compare(&old, &new).unwrap_err();
        std::fs::remove_dir_all(&folder).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "left-over.js is not built any more",
                "assets/changed.js is built differently",
                "new.js is built differently",
                "dashboard/dist is old: run `cargo xtask dashboard`",
            ]
        );
    }
}
