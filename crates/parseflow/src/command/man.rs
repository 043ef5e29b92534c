//! `parseflow man`.

use clap::CommandFactory;

use super::CommandError;
use crate::cli::Cli;
use crate::screen::Screen;

/// Prints the manual page of the program, with its commands.
pub(crate) fn run(screen: Screen) -> Result<(), CommandError> {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
    rendered.expect("writing to memory does not fail");
    screen.line(String::from_utf8_lossy(&page).trim_end());
    Ok(())
}
