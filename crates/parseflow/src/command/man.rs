//! `parseflow man`.

use std::path::Path;

use clap::CommandFactory;

use super::CommandError;
use crate::cli::{Cli, ManArgs};
use crate::screen::Screen;

/// Prints the manual page of the program or of one command, or writes all of them into a folder.
pub(crate) fn run(args: &ManArgs, screen: Screen) -> Result<(), CommandError> {
    match &args.to {
        Some(folder) => write_all(folder, screen),
        None => print(&args.command, screen),
    }
}

fn print(words: &[String], screen: Screen) -> Result<(), CommandError> {
    let mut command = Cli::command().disable_help_subcommand(true);
    // The names of commands within commands, as the pages refer to each other.
    command.build();
    for word in words {
        let found = command.find_subcommand(word).cloned();
        command = found.ok_or_else(|| CommandError::NoCommand(words.join(" ")))?;
    }
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(command).render(&mut page);
    rendered.expect("writing to memory does not fail");
    screen.line(String::from_utf8_lossy(&page).trim_end());
    Ok(())
}

fn write_all(folder: &Path, screen: Screen) -> Result<(), CommandError> {
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), folder));
    written.map_err(|source| CommandError::ManPages { path: folder.to_owned(), source })?;
    screen.line(format!("the manual pages are in {}", folder.display()));
    Ok(())
}
