//! The schema and how a connection is set up.

use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;

use super::rows::failed;
use crate::port::StoreError;

/// Applied in order; `PRAGMA user_version` counts those that were. Only ever appended to.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_init.sql"),
    include_str!("../../migrations/sqlite/0002_wishes.sql"),
    include_str!("../../migrations/sqlite/0003_rotation_pause_headers.sql"),
    include_str!("../../migrations/sqlite/0004_endpoint_pace.sql"),
    include_str!("../../migrations/sqlite/0005_recovery.sql"),
    include_str!("../../migrations/sqlite/0006_attempt_detail.sql"),
    include_str!("../../migrations/sqlite/0007_alert.sql"),
    include_str!("../../migrations/sqlite/0008_payload_version.sql"),
    include_str!("../../migrations/sqlite/0009_held.sql"),
];

/// Sets up the writing connection and brings the schema up to date.
pub(super) fn prepare_writer(connection: &mut Connection) -> Result<(), StoreError> {
    connection
        .execute_batch(
            "PRAGMA page_size = 4096;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA wal_autocheckpoint = 4000;
             PRAGMA journal_size_limit = 67108864;
             PRAGMA cache_size = -65536;
             PRAGMA busy_timeout = 10000;",
        )
        .map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(128);
    plan_once(connection)?;
    migrate(connection)
}

/// As [`prepare_writer`] for a new database, whose schema is copied from one in memory that went through
/// every migration when this process first needed it: thousands of databases in memory need them once.
pub(super) fn prepare_from_template(connection: &mut Connection) -> Result<(), StoreError> {
    static TEMPLATE: Mutex<Option<Connection>> = Mutex::new(None);
    let mut template = TEMPLATE.lock().unwrap_or_else(PoisonError::into_inner);
    if template.is_none() {
        let mut migrated = Connection::open_in_memory().map_err(failed)?;
        migrate(&mut migrated)?;
        *template = Some(migrated);
    }
    if let Some(template) = template.as_ref() {
        Backup::new(template, connection).and_then(|copy| copy.step(-1)).map_err(failed)?;
    }
    drop(template);
    prepare_writer(connection)
}

/// Removes every row that the migrations did not make, and the memory of numbers that were given.
pub(super) fn empty(connection: &Connection) -> Result<(), StoreError> {
    let tables = "SELECT name FROM sqlite_schema
                  WHERE type = 'table' AND (name = 'sqlite_sequence' OR name NOT LIKE 'sqlite_%')
                  -- What refers to an account goes before it.
                  ORDER BY rowid DESC";
    let mut statement = connection.prepare_cached(tables).map_err(failed)?;
    let tables: Vec<String> =
        statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(failed)?;
    let tx = connection.unchecked_transaction().map_err(failed)?;
    for table in tables {
        let change = match table.as_str() {
            "mark" => "UPDATE mark SET value = 0".to_owned(),
            table => format!("DELETE FROM {table}"),
        };
        tx.prepare_cached(&change).and_then(|mut change| change.execute([])).map_err(failed)?;
    }
    tx.commit().map_err(failed)
}

/// How many migrations a database went through.
fn schema_version(connection: &Connection) -> Result<usize, StoreError> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed)
}

/// Plans a statement when it is prepared and never again. Otherwise SQLite prepares one anew each time
/// a value is bound that might decide whether a partial index can be used, which costs many times
/// what the statement does.
fn plan_once(connection: &Connection) -> Result<(), StoreError> {
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map(|_| ())
        .map_err(failed)
}

/// Sets up a reading connection.
pub(super) fn prepare_reader(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(64);
    plan_once(connection)?;
    let setup = "PRAGMA query_only = ON; PRAGMA busy_timeout = 10000; PRAGMA cache_size = -8192;";
    connection.execute_batch(setup).map_err(failed)
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let tx = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(failed)?;
    let applied = schema_version(&tx)?;
    if applied > MIGRATIONS.len() {
        return Err(StoreError::Damaged(format!(
            "the database has schema {applied}, this version knows {}; use a newer version",
            MIGRATIONS.len()
        )));
    }
    for migration in &MIGRATIONS[applied..] {
        tx.execute_batch(migration).map_err(failed)?;
    }
    tx.execute_batch(&format!("PRAGMA user_version = {}", MIGRATIONS.len())).map_err(failed)?;
    tx.commit().map_err(failed)
}
