//! One database in memory for simulated worlds, one after the other.
//!
//! A world opens the database several times: its processes end and others find what they left. To
//! open a connection and prepare its statements costs more than all that a small world does with
//! them, so connections are kept, from process to process and from world to world.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use super::engine::Engine;
use super::rows::failed;
use super::{SqliteStore, schema};
use crate::port::{NoticeSink, Rules, StoreError};

/// Tells the databases of this process apart.
static DATABASES: AtomicU64 = AtomicU64::new(0);

/// A database in memory that several stores share; see the module. Cheap to clone; it is gone with the
/// last clone and the last store.
#[derive(Clone)]
pub struct MemoryDatabase {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    /// Connections that no store uses. The database lives as long as one of them does.
    idle: Mutex<Vec<Connection>>,
}

impl MemoryDatabase {
    /// An empty one.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn new() -> Result<Self, StoreError> {
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(format!("file:/parseflow-{number}?vfs=memdb"));
        let database = Self { inner: Arc::new(Inner { path, idle: Mutex::default() }) };
        let mut first = Connection::open(&database.inner.path).map_err(failed)?;
        schema::prepare_from_template(&mut first)?;
        database.take_back(first);
        Ok(database)
    }

    /// A store that runs every operation on the caller's thread, one group each. It sees what others
    /// of this database have committed, as another process would.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn store(
        &self,
        rules: Arc<dyn Rules>,
        notices: NoticeSink,
    ) -> Result<SqliteStore, StoreError> {
        let engine = Engine::inline(self.connection()?, Some(self.clone()), rules, notices)?;
        Ok(SqliteStore { engine: Arc::new(engine) })
    }

    /// Empties it: what is opened from now on finds a new database.
    ///
    /// # Errors
    /// When a store of it is in the middle of a change.
    pub fn clear(&self) -> Result<(), StoreError> {
        let connection = self.connection()?;
        let emptied = schema::empty(&connection);
        self.take_back(connection);
        emptied
    }

    fn connection(&self) -> Result<Connection, StoreError> {
        let idle = self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        let mut connection = Connection::open(&self.inner.path).map_err(failed)?;
        schema::prepare_writer(&mut connection)?;
        Ok(connection)
    }

    /// A store has closed. A connection that is in the middle of a change is closed too, which undoes it.
    pub(super) fn take_back(&self, connection: Connection) {
        if connection.is_autocommit() {
            self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::MemoryDatabase;
    use crate::conformance::{Opened, PlainRules, Subject};
    use crate::port::{AccountStore, NoticeSink};

    async fn world(database: &MemoryDatabase) -> Subject {
        Subject::open(async |rules, notices: NoticeSink| {
            let opened: Opened = (Arc::new(database.store(rules, notices).unwrap()), Box::new(()));
            opened
        })
        .await
    }

    #[tokio::test]
    async fn a_world_finds_nothing_of_the_one_before() {
        let database = MemoryDatabase::new().unwrap();
        let first = world(&database).await;
        let account = first.account().await;
        let endpoint = first.endpoint(&account).await;
        let other = database.store(Arc::new(PlainRules), Arc::new(|_| {})).unwrap();
        assert!(other.account(&account).await.unwrap().is_some(), "another process sees it");
        drop((first, other));
        assert_eq!(database.inner.idle.lock().unwrap().len(), 2, "connections are kept");

        database.clear().unwrap();
        let second = world(&database).await;
        assert!(second.store.account(&account).await.unwrap().is_none());
        assert!(second.store.endpoint_by_no(endpoint.no).await.unwrap().is_none());
        let account = second.account().await;
        assert_eq!(second.endpoint(&account).await.no, endpoint.no, "numbers begin anew");
    }

    #[test]
    fn a_connection_in_the_middle_of_a_change_is_not_used_again() {
        let database = MemoryDatabase::new().unwrap();
        let connection = database.connection().unwrap();
        connection.execute_batch("BEGIN IMMEDIATE; DELETE FROM mark").unwrap();
        database.take_back(connection);
        assert!(database.inner.idle.lock().unwrap().is_empty());
    }
}
