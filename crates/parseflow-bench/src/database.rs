//! The databases that are compared, filled with SQL and with their use of the processors.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls};

use crate::error::BenchError;

static SCHEMAS: AtomicU32 = AtomicU32::new(0);

/// Where a server keeps everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// The embedded database in its data folder.
    Embedded,
    /// A PostgreSQL server; each service gets a schema of its own in this database.
    Postgres(String),
}

/// The database of one server.
pub(crate) enum Opened {
    Embedded,
    Postgres { url: String, server: String, schema: String },
}

fn failed(error: &dyn std::error::Error) -> BenchError {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    BenchError::Database(format!("{error}{cause}"))
}

async fn connect(url: &str) -> Result<Client, BenchError> {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.map_err(|error| failed(&error))?;
    tokio::spawn(connection);
    Ok(client)
}

impl Opened {
    pub(crate) async fn open(database: &Database) -> Result<Self, BenchError> {
        let Database::Postgres(server) = database else { return Ok(Self::Embedded) };
        let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
        let schema = format!("bench_{}_{number}", std::process::id());
        let create = format!("CREATE SCHEMA {schema}");
        let client = connect(server).await?;
        client.batch_execute(&create).await.map_err(|error| failed(&error))?;
        let join = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{join}options=-c%20search_path%3D{schema}");
        Ok(Self::Postgres { url, server: server.clone(), schema })
    }

    /// The flags that name it.
    pub(crate) fn arguments(&self, data: &Path) -> Vec<String> {
        let mut arguments = vec!["--data-dir".to_owned(), data.display().to_string()];
        if let Self::Postgres { url, .. } = self {
            arguments.extend(["--database-url".to_owned(), url.clone()]);
        }
        arguments
    }

    /// Runs statements, in one transaction, while no server runs.
    pub(crate) async fn fill(&self, data: &Path, sql: &str) -> Result<(), BenchError> {
        match self {
            Self::Embedded => {
                embedded(data, format!("PRAGMA busy_timeout = 10000; BEGIN; {sql}; COMMIT")).await
            }
            Self::Postgres { url, .. } => {
                let client = connect(url).await?;
                let sql = format!("BEGIN; {sql}; COMMIT; ANALYZE");
                client.batch_execute(&sql).await.map_err(|error| failed(&error))
            }
        }
    }

    /// Writes what was committed to its place and flushes it.
    pub(crate) async fn settle_down(&self, data: &Path) -> Result<(), BenchError> {
        match self {
            Self::Embedded => embedded(data, "PRAGMA wal_checkpoint(TRUNCATE)".to_owned()).await,
            Self::Postgres { url, .. } => {
                let done = connect(url).await?.batch_execute("CHECKPOINT").await;
                done.map_err(|error| failed(&error))
            }
        }
    }

    /// Removes what it held.
    pub(crate) async fn close(&self) -> Result<(), BenchError> {
        let Self::Postgres { server, schema, .. } = self else { return Ok(()) };
        let drop = format!("DROP SCHEMA {schema} CASCADE");
        connect(server).await?.batch_execute(&drop).await.map_err(|error| failed(&error))
    }

    /// Seconds that the database's own processes have used a processor; 0 for the embedded one,
    /// which has none.
    pub(crate) async fn cpu_secs(&self) -> Result<f64, BenchError> {
        let Self::Postgres { server, .. } = self else { return Ok(0.0) };
        let client = connect(server).await?;
        let row = client.query_one("SELECT pg_backend_pid()", &[]).await;
        let backend: i32 = row.map_err(|error| failed(&error))?.get(0);
        let backend = Ticks::of(backend.unsigned_abs())
            .ok_or_else(|| BenchError::Database("the server runs on another machine".into()))?;
        let (server, mut ticks) = (backend.parent, 0);
        let entries = std::fs::read_dir("/proc")
            .map_err(|source| BenchError::Io { what: "the processes", source })?;
        for entry in entries.flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            if let Some(found) = Ticks::of(pid) {
                ticks += if pid == server { found.own + found.ended } else { 0 };
                ticks += if found.parent == server { found.own } else { 0 };
            }
        }
        Ok(secs(ticks))
    }
}

/// Use of the processors, in ticks of a hundredth of a second.
pub(crate) struct Ticks {
    parent: u32,
    own: u64,
    /// Of children that have ended.
    ended: u64,
}

impl Ticks {
    /// Of a process of this machine; `None` when there is none with this number.
    fn of(pid: u32) -> Option<Self> {
        let text = std::fs::read_to_string(PathBuf::from(format!("/proc/{pid}/stat"))).ok()?;
        Self::read(&text)
    }

    /// The name, in brackets, may hold spaces; fields are counted from the end of it.
    fn read(stat: &str) -> Option<Self> {
        let (_, rest) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            own: ticks(11)? + ticks(12)?,
            ended: ticks(13)? + ticks(14)?,
        })
    }
}

/// Linux counts a hundred ticks a second for programs, whatever it counts for itself.
fn secs(ticks: u64) -> f64 {
    ticks as f64 / 100.0
}

/// Seconds that a process has used a processor.
pub(crate) fn cpu_secs_of(pid: u32) -> f64 {
    Ticks::of(pid).map_or(0.0, |ticks| secs(ticks.own))
}

/// Runs statements on the embedded database.
async fn embedded(data: &Path, sql: String) -> Result<(), BenchError> {
    let path = data.join("parseflow.db");
    let work = move || rusqlite::Connection::open(path)?.execute_batch(&sql);
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_read_behind_a_name_with_spaces_and_brackets() {
        let stat = "7 (a) b) S 3 7 7 0 -1 0 0 0 0 0 100 50 20 10 20 0 1 0 9";
        let ticks = Ticks::read(stat).unwrap();
        assert_eq!((ticks.parent, ticks.own, ticks.ended), (3, 150, 30));
        assert!(Ticks::of(std::process::id()).is_some());
    }
}
