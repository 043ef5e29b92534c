//! `parseflow rotate-master-key`.

use serde_json::json;

use super::{CommandError, must_exist, on_one_thread};
use crate::cli::{OnStore, Printed};
use crate::clock::SystemDice;
use crate::screen::Screen;
use crate::service::{self, StartError};
use crate::settings::Settings;
use crate::{folder, secrets};

/// Values between two lines of progress.
const LINE_VALUES: usize = 1_000;

pub(crate) fn run(args: &Printed<OnStore>, screen: Screen) -> Result<(), CommandError> {
    let settings = Settings::resolve(&args.args)?;
    must_exist(&settings)?;
    let ring = folder::read_ring(&settings.master_key_files).map_err(StartError::from)?;
    let written = on_one_thread(async {
        let store = service::open_for_command(&settings).await?;
        let mut lines = 0;
        let told = |written: usize| {
            if !args.json && written / LINE_VALUES > lines {
                lines = written / LINE_VALUES;
                screen.line(format!("{written} values encrypted anew so far"));
            }
        };
        Ok(secrets::reseal_all(store.as_ref(), &ring, &SystemDice::new(), told).await?)
    })?;
    let key = ring.sealing_tag();
    let others: Vec<_> = ring.tags().skip(1).zip(&settings.master_key_files[1..]).collect();
    if args.json {
        let removable: Vec<String> = others.iter().map(|(tag, _)| tag.to_string()).collect();
        let key = key.to_string();
        let told = json!({"encryptedAnew": written, "key": key, "removableKeys": removable});
        screen.line(super::json(&told));
        return Ok(());
    }
    screen.line(format!("{written} values were encrypted anew with the master key {key}."));
    screen.line("Everything was gone through once more: nothing is encrypted with another key.");
    if others.is_empty() {
        return Ok(());
    }
    screen.line("Once every process has been started with it first, leave these out:");
    for (tag, path) in others {
        screen.line(format!("  {tag}  {}", path.display()));
    }
    screen.line(
        "Browsers that signed in before that start must do so again then, unless 12 hours passed.",
    );
    screen.line("Keep the files as long as backups from before today.");
    Ok(())
}
