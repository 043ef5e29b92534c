//! `parseflow migrate`.

use std::path::Path;
use std::sync::Arc;

use parseflow_accounts::plan::PlanTable;
use parseflow_model::{Timestamp, WallClock};
use parseflow_store::moving::{MovedTable, to_postgres};
use parseflow_store::{DeliveryStore, DocumentFiles, LocalFiles, SqliteStore};
use parseflow_worker::ProductRules;
use serde_json::{Value, json};

use super::{CommandError, on_all_cores};
use crate::cli::{MigrateArgs, Printed};
use crate::clock::SystemClock;
use crate::folder::{self, ServeLock};
use crate::object_store;
use crate::screen::Screen;
use crate::service::StartError;
use crate::settings::FilesPlace;

pub(crate) fn run(args: &Printed<MigrateArgs>, screen: Screen) -> Result<(), CommandError> {
    let MigrateArgs { from, to, files } = &args.args;
    if !folder::database_file(from).is_file() {
        return Err(CommandError::NoInstallation(from.clone()));
    }
    let files = files.as_deref().map(FilesPlace::read).transpose();
    let files = files.map_err(|expected| CommandError::FilesPlace(expected.to_owned()))?;
    on_all_cores(async {
        // Held to the end: nobody can serve from the folder meanwhile.
        let _lock = ServeLock::take(from).map_err(StartError::from)?;
        give_back(from).await?;
        let copied = match &files {
            Some(place) => copy_files(from, place).await?,
            None => 0,
        };
        let told = |table: &MovedTable| {
            if !args.json {
                screen.line(format!("{:<12} {:>12} rows", table.name, table.tally.rows));
            }
        };
        let moved = to_postgres(&folder::database_file(from), to, told).await;
        let moved = moved.map_err(CommandError::Move)?;
        folder::mark_moved(from)
            .map_err(|source| CommandError::NotMarked { path: folder::moved_file(from), source })?;
        if args.json {
            screen.line(super::json(&as_json(&moved, copied)));
        } else {
            tell_what_follows(screen, from, files.as_ref(), copied);
        }
        Ok(())
    })
}

/// First attempts that a process was handed and did not make become due, as at every start.
async fn give_back(from: &Path) -> Result<(), CommandError> {
    let rules = ProductRules::new(PlanTable::default(), String::new(), Default::default());
    let database = folder::database_file(from);
    let store = SqliteStore::open(&database, Arc::new(rules), Arc::new(|_| {}))
        .map_err(|source| StartError::Database { path: database, source })?;
    store.start_dispatcher(SystemClock.now()).await?;
    Ok(())
}

/// Copies the documents that wait to be read; how many there were.
async fn copy_files(from: &Path, place: &FilesPlace) -> Result<usize, CommandError> {
    let folder = from.join("documents");
    let own = LocalFiles::open(&folder)
        .map_err(|source| StartError::Documents { path: folder.clone(), source })?;
    let target = object_store::open(place)?;
    let end_of_time = Timestamp::from_millis(i64::MAX / 2);
    let names = own.written_before(end_of_time, usize::MAX).await.map_err(CommandError::Files)?;
    let mut copied = 0;
    for name in names.iter().filter(|name| !name.ends_with(".part")) {
        if let Some(bytes) = own.get(name).await.map_err(CommandError::Files)? {
            target.put(name, bytes).await.map_err(CommandError::Files)?;
            copied += 1;
        }
    }
    Ok(copied)
}

fn as_json(moved: &[MovedTable], files: usize) -> Value {
    let tables: serde_json::Map<String, Value> = moved
        .iter()
        .map(|table| {
            let sum = format!("{:032x}", table.tally.sum);
            (table.name.clone(), json!({"rows": table.tally.rows, "sum": sum}))
        })
        .collect();
    json!({"tables": tables, "files": files})
}

fn tell_what_follows(screen: Screen, from: &Path, files: Option<&FilesPlace>, copied: usize) {
    screen.line("Everything was written, read back and found equal.");
    match files {
        Some(place) => screen.line(format!("{copied} documents were copied to {place}.")),
        None => screen.line(format!(
            "Documents that wait to be read stay in {}: name it with --object-store.",
            from.join("documents").display()
        )),
    }
    screen.line(format!(
        "Start with --database-url, and with the master key this installation had ({} unless you \
         had named another) as --master-key-file.",
        from.join("master.key").display()
    ));
}
