//! `parseflow doctor`.

use std::path::Path;

use parseflow_model::{Timestamp, WallClock};
use parseflow_store::{OperateStore, SqliteStore, StoreFigures};
use parseflow_worker::ProductRules;
use serde_json::{Value, json};

use super::{CommandError, on_one_thread};
use crate::cli::{OnStore, Printed};
use crate::clock::SystemClock;
use crate::report::chain;
use crate::screen::Screen;
use crate::service;
use crate::settings::{FilesPlace, Settings};
use crate::{containment, folder, object_store, secrets};

/// Below this much free space the service may stop working soon.
const FREE_BYTES_MIN: u64 = 512 * 1024 * 1024;
/// No installation is older than the program.
const EARLIEST: Timestamp = Timestamp::from_secs(1_767_225_600);

/// What one check found.
struct Finding {
    name: &'static str,
    ok: bool,
    text: String,
}

pub(crate) fn run(args: &Printed<OnStore>, screen: Screen) -> Result<(), CommandError> {
    let settings = Settings::resolve(&args.args)?;
    let findings = on_one_thread(async { Ok(examine(&settings).await) })?;
    if args.json {
        let checks: Vec<Value> = findings.iter().map(finding_json).collect();
        let ok = findings.iter().all(|finding| finding.ok);
        screen.line(super::json(&json!({"ok": ok, "checks": checks})));
    } else {
        for finding in &findings {
            let mark = if finding.ok { screen.green("ok    ") } else { screen.red("FAILED") };
            screen.line(format!("{mark}  {:<12} {}", finding.name, finding.text));
        }
    }
    let failed = findings.iter().filter(|finding| !finding.ok).count();
    if failed == 0 {
        return Ok(());
    }
    Err(CommandError::Unhealthy { failed, all: findings.len() })
}

fn finding_json(finding: &Finding) -> Value {
    json!({"name": finding.name, "ok": finding.ok, "text": finding.text})
}

async fn examine(settings: &Settings) -> Vec<Finding> {
    let found = |name, result: Result<String, String>| match result {
        Ok(text) => Finding { name, ok: true, text },
        Err(text) => Finding { name, ok: false, text },
    };
    vec![
        found("data folder", data_folder(&settings.data_dir)),
        found("database", database(settings).await),
        found("documents", documents(&settings.documents).await),
        found("master key", master_key(settings).await),
        found("resolver", resolver()),
        found("clock", clock(SystemClock.now())),
        found("disk", disk(&settings.data_dir)),
        found("containment", containment::proven(settings).await),
    ]
}

fn data_folder(path: &Path) -> Result<String, String> {
    if !path.is_dir() {
        return Err(format!("{} does not exist; `parseflow serve` creates it", path.display()));
    }
    folder::prepare(path).map_err(|error| error.to_string())?;
    match folder::ServeLock::take(path) {
        Ok(_) => Ok(format!("{} is writable, no server runs on it", path.display())),
        Err(folder::FolderError::InUse { .. }) => {
            Ok(format!("{} is writable, a server runs on it", path.display()))
        }
        Err(error) => Err(error.to_string()),
    }
}

async fn database(settings: &Settings) -> Result<String, String> {
    if settings.database_url.is_some() {
        let store = service::open_for_command(settings).await.map_err(|error| error.to_string())?;
        let figures = store.figures().await.map_err(|error| chain(&error))?;
        return Ok(format!("PostgreSQL answers; {}", told(&figures)));
    }
    let path = folder::database_file(&settings.data_dir);
    if !path.exists() {
        return Err(format!("{} does not exist; `parseflow serve` creates it", path.display()));
    }
    let rules = ProductRules::new(settings.plan_table(), String::new(), Default::default());
    let store = SqliteStore::open(&path, std::sync::Arc::new(rules), std::sync::Arc::new(|_| {}))
        .map_err(|error| chain(&error))?;
    let faults = store.faults().await.map_err(|error| chain(&error))?;
    if let Some(first) = faults.first() {
        return Err(format!("{} is damaged ({first}); restore a backup", path.display()));
    }
    let figures = store.figures().await.map_err(|error| chain(&error))?;
    Ok(format!("{} is sound; {}", path.display(), told(&figures)))
}

fn told(figures: &StoreFigures) -> String {
    format!(
        "{} deliveries due, {} documents waiting, {} endpoints failing, {} disabled",
        figures.deliveries_due,
        figures.work_queued,
        figures.endpoints_failing,
        figures.endpoints_disabled
    )
}

async fn documents(place: &FilesPlace) -> Result<String, String> {
    let FilesPlace::Folder(path) = place else {
        let files = object_store::open(place).map_err(|error| error.to_string())?;
        let asked = files.written_before(SystemClock.now(), 1).await;
        return asked.map(|_| format!("{place} answers")).map_err(|error| chain(&error));
    };
    if !path.exists() {
        return Ok(format!("{} is created by the first start", path.display()));
    }
    let waiting = std::fs::read_dir(path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    Ok(format!("{} holds {} files", path.display(), waiting.count()))
}

async fn master_key(settings: &Settings) -> Result<String, String> {
    let paths = &settings.master_key_files;
    let ring = folder::read_ring(paths).map_err(|error| error.to_string())?;
    if let Some(path) = paths.iter().find(|path| folder::others_may_read(path)) {
        return Err(format!("{} can be read by other users; chmod 600", path.display()));
    }
    let whole = match paths.as_slice() {
        [one] => format!("{} is whole and for its owner only", one.display()),
        several => format!("{} keys are whole and for their owner only", several.len()),
    };
    // What is wrong with the database is told elsewhere.
    let exists =
        settings.database_url.is_some() || folder::database_file(&settings.data_dir).exists();
    if !exists {
        return Ok(whole);
    }
    let Ok(store) = service::open_for_command(settings).await else { return Ok(whole) };
    match secrets::count_older(store.as_ref(), &ring).await.map_err(|error| chain(&error))? {
        0 => Ok(whole),
        older => Ok(format!(
            "{whole}; {older} values are encrypted with an older one: `parseflow rotate-master-key`"
        )),
    }
}

fn resolver() -> Result<String, String> {
    const PATH: &str = "/etc/resolv.conf";
    let text = std::fs::read_to_string(PATH).map_err(|error| format!("{PATH}: {error}"))?;
    match name_servers(&text).as_slice() {
        [] => Err(format!("{PATH} names no server; endpoints can be reached by address only")),
        servers => Ok(format!("asks {}", servers.join(", "))),
    }
}

fn name_servers(resolv_conf: &str) -> Vec<&str> {
    let servers = resolv_conf.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    servers.map(str::trim).filter(|server| !server.is_empty()).collect()
}

fn clock(now: Timestamp) -> Result<String, String> {
    if now < EARLIEST {
        return Err(format!("{now} is in the past; signatures would be refused"));
    }
    Ok(now.to_string())
}

fn disk(path: &Path) -> Result<String, String> {
    let space = rustix::fs::statvfs(path).map_err(|error| error.to_string())?;
    let free_bytes = space.f_bavail.saturating_mul(space.f_frsize);
    let text = format!("{} MiB free under {}", free_bytes / (1024 * 1024), path.display());
    if free_bytes < FREE_BYTES_MIN { Err(text) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_before_the_program_was_written_is_wrong() {
        assert!(clock(Timestamp::from_secs(0)).is_err());
        assert!(clock(EARLIEST).is_ok());
    }

    #[test]
    fn name_servers_are_found_among_other_lines() {
        let text = "# made by hand\nsearch example.com\nnameserver 192.0.2.1\nnameserver\n";
        assert_eq!(name_servers(text), ["192.0.2.1"]);
        assert!(name_servers("").is_empty());
    }

    #[test]
    fn a_folder_that_does_not_exist_is_told_not_created() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing");
        assert!(data_folder(&missing).unwrap_err().contains("does not exist"));
        assert!(!missing.exists());
    }
}
