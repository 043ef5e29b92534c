//! `parseflow backup`.

use super::{CommandError, existing_store, on_one_thread};
use crate::cli::BackupArgs;
use crate::screen::Screen;

pub(crate) fn run(args: &BackupArgs, screen: Screen) -> Result<(), CommandError> {
    if args.to.exists() {
        return Err(CommandError::BackupExists(args.to.clone()));
    }
    on_one_thread(async {
        let store = existing_store(&args.settings).await?;
        store.backup(&args.to).await.map_err(CommandError::Backup)?;
        screen.line(format!("wrote {}", args.to.display()));
        screen.line("Keep it with the master key: endpoint secrets cannot be read without it.");
        Ok(())
    })
}
