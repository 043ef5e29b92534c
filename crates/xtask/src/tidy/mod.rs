//! `cargo xtask tidy`: the project's own rules, those that no compiler knows.
//!
//! Each rule is a function from sources to findings; this module reads the files and prints.

mod architecture;
mod decisions;
mod error_codes;
mod links;
mod rust_files;
mod words;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::shell::{self, Failure, output, root, say};

/// One file of the checkout: its path from the root, with `/`, and its text.
pub(crate) struct Source {
    path: String,
    text: String,
}

/// A rule that does not hold somewhere.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    /// Counted from 1; 0 for the file as a whole.
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

/// Fails when any rule is broken, after naming every place.
pub(crate) fn run() -> Result<(), Failure> {
    let paths = paths()?;
    let sources = sources(&root(), &paths)?;
    let anchors = links::anchors(&sources);
    let mut findings = Vec::new();
    for source in &sources {
        findings.extend(words::check(source));
        if source.path.ends_with(".rs") {
            findings.extend(rust_files::check(source));
        }
        if is_test_script(&source.path) {
            findings.extend(rust_files::check_waiting(source));
        }
        if source.path.ends_with(".md") {
            findings.extend(links::check(source, &paths, &anchors));
        }
        if source.path.starts_with("docs/adr/") {
            findings.extend(decisions::check(source));
        }
        if source.path.starts_with("crates/") && source.path.ends_with("/Cargo.toml") {
            findings.extend(architecture::check(source));
        }
    }
    findings.extend(error_codes::check(&sources));
    if !paths.contains("Cargo.lock") {
        findings.push(Finding::new("Cargo.lock", 0, "is not committed"));
    }
    report(&findings, sources.len())
}

fn report(findings: &[Finding], files: usize) -> Result<(), Failure> {
    if findings.is_empty() {
        say(&format!("{files} files are tidy"));
        return Ok(());
    }
    for Finding { path, line, what } in findings {
        if *line == 0 {
            shell::complain(&format!("{path}: {what}"));
        } else {
            shell::complain(&format!("{path}:{line}: {what}"));
        }
    }
    Err(Failure(format!("{} places are not tidy", findings.len())))
}

/// Receivers and scripts of the tests, which must not wait by the clock either.
fn is_test_script(path: &str) -> bool {
    let script = [".js", ".mjs", ".ts", ".py"].iter().any(|suffix| path.ends_with(suffix));
    script && (path.starts_with("e2e/") || path.contains("/tests/"))
}

/// What git knows, and what it would add: all but ignored files.
fn paths() -> Result<BTreeSet<String>, Failure> {
    let listing = output(
        Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root()),
    )?;
    Ok(listing.split('\0').filter(|path| !path.is_empty()).map(ToOwned::to_owned).collect())
}

/// The text files among them; a file that is not UTF-8 has no text to judge.
fn sources(root: &Path, paths: &BTreeSet<String>) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    for path in paths {
        let full = root.join(path);
        // Deleted but not yet committed, or a folder of another repository. What was built is judged
        // by its sources.
        if !full.is_file() || path.starts_with("dashboard/dist/") {
            continue;
        }
        let bytes = std::fs::read(&full)
            .map_err(|error| Failure(format!("{}: {error}", full.display())))?;
        if let Ok(text) = String::from_utf8(bytes) {
            sources.push(Source { path: path.clone(), text });
        }
    }
    Ok(sources)
}

/// A source for the rules' own tests.
#[cfg(test)]
fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

/// What a rule finds, as `line: what`, for the rules' own tests.
#[cfg(test)]
fn shown(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{}: {}", finding.line, finding.what)).collect()
}
