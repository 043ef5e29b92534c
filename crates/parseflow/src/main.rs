//! The service and its command line.
//!
//! This is the shell around the core: the only reader of clock, dice and environment. [`settings`]
//! says what is wanted, [`service`] puts the parts together, [`edge`] lets requests in, [`command`]
//! holds one module for each command that operates an installation, [`client`] those that use one,
//! [`demo`] tells the whole story.

mod cli;
mod client;
mod clock;
mod command;
mod containment;
mod demo;
mod edge;
mod folder;
mod logging;
mod object_store;
mod report;
mod screen;
mod secrets;
mod senders;
mod service;
mod settings;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use command::CommandError;
use screen::Screen;

/// Also of SQLite and of everything else that is written in C. A fifth of the processor time of a
/// delivery was the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(Cli::parse(), Screen::of_process()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            screen::complain(&report::chain(&error));
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(cli: Cli, screen: Screen) -> Result<(), CommandError> {
    match cli.command {
        Command::Serve(args) => command::serve::run(&args, screen),
        Command::Demo(args) => demo::run(args, screen),
        Command::Account(account) => command::account::run(account, screen),
        Command::Key(key) => command::key::run(key, screen),
        Command::Doctor(args) => command::doctor::run(&args, screen),
        Command::Backup(args) => command::backup::run(&args, screen),
        Command::Migrate(args) => command::migrate::run(&args, screen),
        Command::RotateMasterKey(args) => command::rotate_master_key::run(&args, screen),
        Command::Settings(args) => command::settings::run(&args, screen),
        Command::Worker(args) => command::worker::run(&args),
        Command::Openapi => command::openapi::run(screen),
        Command::Completions { shell } => command::completions::run(shell),
        Command::Man(args) => command::man::run(&args, screen),
        Command::Client(client) => client::run(client, screen),
    }
}
