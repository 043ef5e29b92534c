//! `cargo xtask test`: installs what the tests need, then runs every test.

use std::path::Path;

use crate::prepare;
use crate::shell::{self, Failure, cargo, root, say};

/// Of the table of the dashboard's interactions: its head and the slowest ten.
const INTERACTION_LINES_MAX: usize = 17;

/// Runs every test of the workspace, or those that `arguments` select for the test runner.
pub(crate) fn run(arguments: &[&str]) -> Result<(), Failure> {
    prepare::run()?;
    // Documentation examples first, so that the output ends on the count of the real tests.
    if arguments.is_empty() && has_doc_examples(&root().join("crates"))? {
        shell::run(cargo().args(["test", "--workspace", "--doc", "--quiet"]))?;
    }
    let interactions = root().join("target/dashboard/interactions.md");
    let _ = std::fs::remove_file(&interactions);
    run_selected(arguments)?;
    // Written where the tests of the dashboard ran.
    if let Ok(table) = std::fs::read_to_string(&interactions) {
        let lines = table.lines().take(INTERACTION_LINES_MAX).collect::<Vec<_>>();
        say(&format!("{}\nAll of it: {}", lines.join("\n"), interactions.display()));
    }
    Ok(())
}

fn run_selected(arguments: &[&str]) -> Result<(), Failure> {
    let selection: &[&str] = if arguments.is_empty() { &["--workspace"] } else { arguments };
    if shell::succeeds(cargo().args(["nextest", "--version"])) {
        let profile: &[&str] =
            if std::env::var_os("CI").is_some() { &["--profile", "ci"] } else { &[] };
        run_tests(cargo().args(["nextest", "run"]).args(profile).args(selection))
    } else {
        say("cargo-nextest is not installed: using `cargo test`, which is slower");
        let mut tests = cargo();
        tests.args(["test", "--lib", "--bins", "--tests"]).args(selection);
        for (name, value) in servers_for_tests()? {
            tests.env(name, value);
        }
        run_tests(&mut tests)
    }
}

/// Starts the servers that the test runner would start, until this process ends; the variables that
/// tell tests of them.
fn servers_for_tests() -> Result<Vec<(String, String)>, Failure> {
    let file = std::env::temp_dir().join(format!("parseflow-tests-{}", std::process::id()));
    shell::write(&file, "")?;
    let start = |script: &str| {
        let mut start = std::process::Command::new("sh");
        start.arg(root().join(script)).env("NEXTEST_ENV", &file);
        shell::run(start.env("WATCHED_PID", std::process::id().to_string()))
    };
    let started = start("e2e/postgres/for-tests.sh")
        .and_then(|()| start("e2e/s3/for-tests.sh"))
        .and_then(|()| shell::read(&file));
    let _ = std::fs::remove_file(&file);
    let lines = started?;
    let variables = lines.lines().filter_map(|line| line.split_once('='));
    Ok(variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

fn run_tests(command: &mut std::process::Command) -> Result<(), Failure> {
    shell::run(command).map_err(|Failure(text)| Failure(format!("tests failed: {text}")))
}

/// Whether any documentation comment shows code that cargo would run.
fn has_doc_examples(folder: &Path) -> Result<bool, Failure> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| Failure(format!("{}: {error}", folder.display())))?;
    for entry in entries.flatten() {
        let path = entry.path();
        let found = if path.is_dir() {
            has_doc_examples(&path)?
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            opens_doc_example(&shell::read(&path)?)
        } else {
            false
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

fn opens_doc_example(source: &str) -> bool {
    let mut inside = false;
    for line in source.lines() {
        let line = line.trim_start();
        let Some(text) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            inside = false;
            continue;
        };
        let Some(language) = text.trim_start().strip_prefix("```") else { continue };
        if !inside && matches!(language, "" | "rust" | "no_run" | "should_panic" | "compile_fail") {
            return true;
        }
        inside = !inside;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fences_that_cargo_would_run_count_as_examples() {
        let check = |source: &str, expected| assert_eq!(opens_doc_example(source), expected);
        check("/// ```\n/// let a = 1;\n/// ```\n", true);
        check("//! ```rust\n//! let a = 1;\n//! ```\n", true);
        check("/// ```text\n/// drawing\n/// ```\nfn f() {}", false);
        check("// ```\nfn f() {}", false);
        check("fn f() {}", false);
    }
}
