//! Endpoints as the writer needs them for every event and attempt, kept until their rows change.
//!
//! What is kept is what a query in the same transaction would give. It is dropped when a row of
//! `endpoint` is written here (SQLite's update hook tells), when an operation or a commit is undone,
//! when an account's plan changes, and when another process has written to the database.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parseflow_model::{AccountId, Endpoint, EndpointNo};
use rusqlite::Connection;

use super::endpoints;
use super::rows::failed;
use crate::port::StoreError;

/// Most entries kept of each kind; all are dropped when there are more.
const KEPT_MAX: usize = 10_000;

/// See the module.
#[derive(Default)]
pub(super) struct KnownEndpoints {
    of_account: HashMap<AccountId, Arc<[Arc<Endpoint>]>>,
    by_no: HashMap<EndpointNo, Option<Arc<Endpoint>>>,
    changed: Arc<AtomicBool>,
    /// SQLite's count of commits by others.
    data_version: i64,
}

impl KnownEndpoints {
    /// Hears of every row that `connection` writes.
    pub(super) fn watch(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let changed = Arc::clone(&self.changed);
        let hook = move |_, _: &str, table: &str, _| {
            if table == "endpoint" {
                changed.store(true, Ordering::Relaxed);
            }
        };
        connection.update_hook(Some(hook)).map_err(failed)
    }

    /// Something was undone, or changed where the hook does not look.
    pub(super) fn forget(&self) {
        self.changed.store(true, Ordering::Relaxed);
    }

    /// At the beginning of a transaction: what others have written holds now.
    pub(super) fn begin(&mut self, sql: &Connection) -> Result<(), StoreError> {
        let version = sql
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut s| s.query_row([], |row| row.get(0)))
            .map_err(failed)?;
        if version != self.data_version {
            self.data_version = version;
            self.forget();
        }
        Ok(())
    }

    fn drop_old(&mut self) {
        let full = self.by_no.len().max(self.of_account.len()) >= KEPT_MAX;
        if self.changed.swap(false, Ordering::Relaxed) || full {
            self.of_account.clear();
            self.by_no.clear();
        }
    }

    /// The account's endpoints, oldest first: the fan-out of its events.
    pub(super) fn of_account(
        &mut self,
        sql: &Connection,
        account: &AccountId,
    ) -> Result<Arc<[Arc<Endpoint>]>, StoreError> {
        self.drop_old();
        if let Some(known) = self.of_account.get(account) {
            return Ok(Arc::clone(known));
        }
        let found = endpoints::of_account(sql, account)?;
        let found: Arc<[Arc<Endpoint>]> = found.into_iter().map(Arc::new).collect();
        self.of_account.insert(account.clone(), Arc::clone(&found));
        Ok(found)
    }

    /// The endpoint with this number, unless deleted.
    pub(super) fn by_no(
        &mut self,
        sql: &Connection,
        no: EndpointNo,
    ) -> Result<Option<Arc<Endpoint>>, StoreError> {
        self.drop_old();
        if let Some(known) = self.by_no.get(&no) {
            return Ok(known.clone());
        }
        let found = endpoints::by_no(sql, no)?.map(Arc::new);
        self.by_no.insert(no, found.clone());
        Ok(found)
    }
}
