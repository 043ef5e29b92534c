//! `parseflow-bench SERVER SAMPLES [--quick]`: run by `cargo xtask bench`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use parseflow_bench::{Plan, run};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let plan = match words.as_slice() {
        [server, samples] => Plan::full(PathBuf::from(server), PathBuf::from(samples)),
        [server, samples, "--quick"] => Plan::quick(PathBuf::from(server), PathBuf::from(samples)),
        _ => return complain("usage: parseflow-bench SERVER SAMPLES [--quick]"),
    };
    match run(&plan) {
        Ok(report) => {
            // A reader that has gone away is no failure of ours.
            let _ = write!(std::io::stdout().lock(), "{report}");
            ExitCode::SUCCESS
        }
        Err(error) => complain(&error.to_string()),
    }
}

fn complain(text: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr().lock(), "parseflow-bench: {text}");
    ExitCode::FAILURE
}
