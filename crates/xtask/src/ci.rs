//! `cargo xtask ci`: everything that must hold before a change is merged, cheapest first.

#![expect(clippy::disallowed_methods, reason = "shows how long each step took; decides nothing")]

use std::time::Instant;

use crate::shell::{self, Failure, cargo, say};
use crate::{dashboard, openapi, schemathesis, test, tidy};

struct Step {
    name: &'static str,
    run: fn() -> Result<(), Failure>,
}

const STEPS: [Step; 10] = [
    Step { name: "format", run: format },
    Step { name: "tidy", run: tidy::run },
    Step { name: "lints", run: lints },
    Step { name: "tests", run: || test::run(&[]) },
    Step { name: "dashboard", run: dashboard::check },
    Step { name: "schemathesis", run: || schemathesis::run("20") },
    Step { name: "simulation", run: simulation },
    Step { name: "documentation", run: documentation },
    Step { name: "openapi", run: openapi::check },
    Step { name: "dependencies", run: dependencies },
];

/// Runs every step and stops at the first that fails.
pub(crate) fn run() -> Result<(), Failure> {
    for step in STEPS {
        let started = Instant::now();
        say(&format!("==> {}", step.name));
        (step.run)().map_err(|Failure(text)| Failure(format!("{}: {text}", step.name)))?;
        say(&format!("==> {} passed in {} s", step.name, started.elapsed().as_secs()));
    }
    say("everything holds");
    Ok(())
}

fn format() -> Result<(), Failure> {
    shell::run(cargo().args(["fmt", "--all", "--check"]))
}

fn lints() -> Result<(), Failure> {
    shell::run(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))
}

/// Ten thousand seeded worlds with every fault. Optimised, because the worlds take longer than the
/// build.
fn simulation() -> Result<(), Failure> {
    let run = ["run", "--release", "--quiet", "-p", "parseflow-sim", "--"];
    shell::run(cargo().args(run).args(["--seeds", "0..10000"]))
}

/// Broken links fail. A crate's introduction may link to its private modules: our crates are not
/// published, their documentation is read beside the source.
fn documentation() -> Result<(), Failure> {
    shell::run(
        cargo()
            .args(["doc", "--workspace", "--no-deps", "--quiet"])
            .env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links"),
    )
}

fn dependencies() -> Result<(), Failure> {
    if !shell::succeeds(cargo().args(["deny", "--version"])) {
        say("cargo-deny is not installed: licences, bans and sources were left out");
        return Ok(());
    }
    shell::run(cargo().args(["deny", "--workspace", "check", "licenses", "bans", "sources"]))
}
