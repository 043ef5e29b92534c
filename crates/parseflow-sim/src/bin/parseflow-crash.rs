//! `parseflow-crash`: kills the real binary under load, again and again.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use parseflow_sim::crash::{Power, Trial, try_crashes};

/// Kills a running service under load and checks that nothing acknowledged is lost.
#[derive(Parser)]
struct Arguments {
    /// The `parseflow` program.
    binary: PathBuf,
    /// How often it is killed.
    #[arg(long, value_name = "N", default_value_t = 200)]
    kills: u32,
    /// Each kill also loses whatever was not flushed to disk.
    #[arg(long)]
    power_loss: bool,
    /// PostgreSQL instead of the embedded database.
    #[arg(long, value_name = "URL", conflicts_with = "power_loss")]
    database_url: Option<String>,
    /// Decides the moments.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

#[expect(clippy::print_stdout, reason = "a command talks to its terminal")]
fn main() -> ExitCode {
    let Arguments { binary, kills, power_loss, database_url, seed } = Arguments::parse();
    let outcome = tempfile::tempdir().map_err(|error| error.to_string()).and_then(|folder| {
        let folder = folder.path().to_owned();
        let power = if power_loss { Power::Lost } else { Power::Stays };
        try_crashes(&Trial { binary, folder, kills, power, database_url, seed })
    });
    match outcome {
        Ok(figures) => {
            println!("{figures}");
            ExitCode::SUCCESS
        }
        Err(text) => {
            println!("seed {seed}: {text}");
            ExitCode::FAILURE
        }
    }
}
