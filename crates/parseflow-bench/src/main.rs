//! `parseflow-bench SERVER SAMPLES`: run by `cargo xtask bench`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use parseflow_bench::{BenchError, Database, Plan, run, run_at_scale, situations};

const USAGE: &str = "usage: parseflow-bench SERVER SAMPLES [--quick] [--scale] [--only SITUATION] \
                     [--history ROWS] [--retries N] [--database-url URL]";

/// What is to be measured.
struct Wanted {
    plan: Plan,
    /// The scenarios at scale, instead of the short table.
    scale: bool,
    database_url: Option<String>,
}

fn wanted() -> Option<Wanted> {
    let mut arguments = std::env::args().skip(1);
    let (server, samples) = (arguments.next()?, arguments.next()?);
    let full = Plan::full(PathBuf::from(&server), PathBuf::from(&samples));
    let mut wanted = Wanted { plan: full, scale: false, database_url: None };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => wanted.plan = Plan::quick(server.clone().into(), samples.clone().into()),
            "--scale" => wanted.scale = true,
            "--only" => {
                wanted.plan.only = Some(arguments.next()?);
                let known = |only: &&String| situations().contains(&only.as_str());
                wanted.plan.only.as_ref().filter(known)?;
            }
            "--history" => wanted.plan.history_rows = arguments.next()?.parse().ok()?,
            "--retries" => wanted.plan.retries = arguments.next()?.parse().ok()?,
            "--database-url" => wanted.database_url = Some(arguments.next()?),
            _ => return None,
        }
    }
    Some(wanted)
}

fn main() -> ExitCode {
    let Some(wanted) = wanted() else { return complain(USAGE) };
    match measure(&wanted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string()),
    }
}

fn measure(Wanted { plan, scale, database_url }: &Wanted) -> Result<(), BenchError> {
    if !scale {
        say(&run(plan)?.to_string());
        return Ok(());
    }
    say("the embedded database\n");
    say(&run_at_scale(plan, &Database::Embedded)?.to_string());
    if let Some(url) = database_url {
        say("\nPostgreSQL\n");
        say(&run_at_scale(plan, &Database::Postgres(url.clone()))?.to_string());
    }
    Ok(())
}

/// A reader that has gone away is no failure of ours.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end());
}

fn complain(text: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr().lock(), "parseflow-bench: {text}");
    ExitCode::FAILURE
}
