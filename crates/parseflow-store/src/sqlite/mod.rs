//! The embedded database.
//!
//! One thread owns the only writing connection. It takes every operation that is waiting, runs each
//! inside its own savepoint, and commits them together: one flush of the disk pays for all of them
//! (group commit). What nobody waits for, the record of a delivery that succeeded, does not make it
//! write: it goes with the next operation that does. Callers are answered, and notices sent, only after the commit returned.
//! `synchronous=FULL` makes that commit survive a loss of power. Reads use connections of their own
//! and never wait for the writer.

mod accounts;
mod activity;
mod alerts;
mod batches;
mod checkpoints;
mod deliveries;
mod documents;
mod emit;
mod endpoints;
mod engine;
mod events;
mod known;
mod line;
mod log;
mod memory;
mod operate;
mod readers;
mod recoveries;
mod rows;
mod schema;
mod sealed;
mod secrets;
mod settle;
mod soundness;

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use crate::paging::{cursor_number, cursor_time, paged, time_cursor};
use crate::port::{NoticeSink, Rules, StoreError};
use engine::{Engine, WriteTx};
pub use memory::MemoryDatabase;
pub(crate) use rows::failed;

/// The embedded database behind the port. Cheap to clone; the last clone closes it.
#[derive(Clone)]
pub struct SqliteStore {
    engine: Arc<Engine>,
}

impl SqliteStore {
    /// Opens or creates the database file at `path` and brings its schema up to date.
    pub fn open(
        path: &Path,
        rules: Arc<dyn Rules>,
        notices: NoticeSink,
    ) -> Result<Self, StoreError> {
        Ok(Self { engine: Arc::new(Engine::threaded(path, rules, notices)?) })
    }

    /// A database in memory that runs every operation on the caller's thread, one group each:
    /// deterministic, for simulated worlds and tests.
    pub fn in_memory(rules: Arc<dyn Rules>, notices: NoticeSink) -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory().map_err(failed)?;
        schema::prepare_from_template(&mut connection)?;
        Ok(Self { engine: Arc::new(Engine::inline(connection, None, rules, notices)?) })
    }

    async fn write<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.engine.write(operation).await
    }

    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.engine.read(query).await
    }
}
