//! The command line as a client: the public API of a service, here or elsewhere, and nothing else.
//!
//! [`profile`] says which service and which key, [`api`] talks to it, and every command is a module
//! of its own. Data go to standard output, progress and complaints to standard error.

mod api;
mod args;
mod batch;
mod deliveries;
mod endpoints;
mod error;
mod extract;
mod listen;
mod login;
mod profile;
mod progress;
mod recover;
mod table;
mod trigger;
mod upload;
mod usage;
mod verify;

pub(crate) use api::Api;
pub(crate) use args::ClientCommand;
pub(crate) use error::ClientError;
pub(crate) use upload::Form;

use crate::command::{CommandError, on_one_thread};
use crate::screen::Screen;

/// Runs a client command to its end.
pub(crate) fn run(command: ClientCommand, screen: Screen) -> Result<(), CommandError> {
    on_one_thread(async {
        let done = match command {
            ClientCommand::Login(args) => login::login(&args, screen).await,
            ClientCommand::Logout(args) => login::logout(&args, screen),
            ClientCommand::Extract(args) => extract::run(&args, screen).await,
            ClientCommand::Batch(args) => batch::run(&args, screen).await,
            ClientCommand::Endpoints(command) => endpoints::run(command, screen).await,
            ClientCommand::Deliveries(command) => deliveries::run(command, screen).await,
            ClientCommand::Listen(args) => listen::run(&args, screen).await,
            ClientCommand::Recover(args) => recover::run(&args, screen).await,
            ClientCommand::Trigger(args) => trigger::run(&args, screen).await,
            ClientCommand::Usage(args) => usage::run(&args, screen).await,
            ClientCommand::Verify(args) => verify::run(&args, screen),
        };
        done.map_err(CommandError::from)
    })
}
