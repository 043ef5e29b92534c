//! `parseflow completions`.

use clap::CommandFactory;

use super::CommandError;
use crate::cli::Cli;

pub(crate) fn run(shell: clap_complete::Shell) -> Result<(), CommandError> {
    clap_complete::generate(shell, &mut Cli::command(), "parseflow", &mut std::io::stdout());
    Ok(())
}
