//! PostgreSQL behind the port, shared by several processes.
//!
//! What happens most often, publishing and settling, is done in groups: everything that waits is
//! written by a handful of statements with arrays and committed once, and nobody is answered before.
//! Everything else is a transaction of its own.
//!
//! **Seats.** A process takes a *seat* when it starts: a row of `node` with a small number, which is
//! part of the ids of its events, and an epoch that was never used before. First attempts of the
//! events it writes are handed to it in memory. It beats its row every second; a process whose row
//! has not changed for a while is adopted by another one: the row is deleted, and what it was handed
//! or had claimed becomes due. Whatever a process hands over, claims or settles, it does under a
//! shared lock on its seat and after a look at its row, so that an adopted process can change
//! nothing any more, and an adoption misses nothing. See [`locks`] for the order of locks.
//!
//! **Time** is an argument, and clocks of different processes are never compared: a process is dead
//! when others have not seen it change for a while by their own clocks.

mod accounts;
mod activity;
mod alerts;
mod batches;
mod committer;
mod connect;
mod deliveries;
mod documents;
mod emit;
mod endpoints;
mod events;
mod fail;
mod fanout;
mod ledger;
mod locks;
mod log;
mod operate;
#[cfg(test)]
mod plans;
mod publish;
mod recoveries;
mod retention;
mod rows;
mod schema;
mod sealed;
mod seat;
mod secrets;
mod settle;
mod settle_rows;
mod successes;
mod tx;

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use tokio_postgres::{Row, Statement};

use crate::port::{NoticeSink, Rules, StoreError};
use committer::Committer;
use fail::Fail;
use fanout::Fanout;
use ledger::Ledger;
use locks::Locks;
pub(crate) use schema::{day_of, first_of};
use seat::Watch;
use successes::Known;
use tx::Values;

/// How to reach the database, and who asks.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// `postgres://user:password@host/database`, with `sslmode` and `sslrootcert` as elsewhere.
    pub url: String,
    /// Names this process: the same after a restart, different for every process that runs at the
    /// same time. A process that starts takes over from a predecessor of its name at once.
    pub node: String,
    /// Connections at most.
    pub connections: usize,
    /// A process that others have not seen beat for this long is dead.
    pub dead_after: Duration,
}

impl PostgresOptions {
    /// The usual: 16 connections, dead after 10 seconds.
    pub fn new(url: impl Into<String>, node: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            node: node.into(),
            connections: 16,
            dead_after: Duration::from_secs(10),
        }
    }
}

/// PostgreSQL behind the port. Cheap to clone.
#[derive(Clone)]
pub struct PostgresStore {
    inner: Arc<Inner>,
    publishing: Committer<publish::Request>,
    settling: Committer<settle::Request>,
}

impl PostgresStore {
    /// Connects and brings the schema up to date. Needs a Tokio runtime.
    ///
    /// # Errors
    /// The URL is wrong, the server cannot be reached or is older than PostgreSQL 14, or the schema
    /// is newer than this version knows.
    pub async fn open(
        options: PostgresOptions,
        rules: Arc<dyn Rules>,
        notices: NoticeSink,
    ) -> Result<Self, StoreError> {
        let pool = connect::pool(&options.url, options.connections)?;
        let sql = pool.get().await.map_err(connect::no_connection)?;
        let locks = prepare(&sql).await.map_err(Fail::into_store)?;
        drop(sql);
        let inner = Arc::new(Inner {
            pool,
            locks,
            rules,
            notices,
            node: options.node,
            dead_after: options.dead_after,
            ledger: Mutex::default(),
            days: Mutex::default(),
            watch: Mutex::default(),
            fanout: Mutex::default(),
            known: Mutex::default(),
            joining: tokio::sync::Mutex::default(),
            #[cfg(test)]
            statements: Arc::default(),
        });
        Ok(Self {
            publishing: Committer::start(&inner, publish::commit),
            settling: Committer::start(&inner, settle::commit),
            inner,
        })
    }
}

async fn prepare(sql: &Object) -> Result<Locks, Fail> {
    const OLDEST: i32 = 140_000;
    let version: String = sql.query_one("SHOW server_version_num", &[]).await?.get(0);
    if version.parse::<i32>().is_ok_and(|version| version < OLDEST) {
        let text = "the server is older than PostgreSQL 14";
        return Err(Fail::Store(StoreError::Unavailable(text.into())));
    }
    schema::migrate(sql).await?;
    let number = sql.query_one("SELECT 'node'::regclass::oid::bigint", &[]).await?;
    Ok(Locks { class: number.get::<_, i64>(0) as u32 as i32 })
}

/// A database whose schema is up to date, and a connection of its own to it.
pub(crate) struct Prepared {
    /// The connection.
    pub(crate) sql: Object,
    locks: Locks,
}

/// Connects to the database at `url` and brings its schema up to date, without taking part in it. The
/// connection is closed with the value, and undoes what it has not committed.
pub(crate) async fn prepare_database(url: &str) -> Result<Prepared, StoreError> {
    let pool = connect::pool(url, 1)?;
    let sql = pool.get().await.map_err(connect::no_connection)?;
    let locks = prepare(&sql).await.map_err(Fail::into_store)?;
    Ok(Prepared { sql, locks })
}

impl Prepared {
    /// Makes the partitions of a day of history unless they are there.
    pub(crate) async fn create_day(&self, day: i64) -> Result<(), StoreError> {
        schema::create_day(&self.sql, self.locks, day).await.map_err(Fail::into_store)
    }

    /// A statement that keeps processes from joining until the transaction ends.
    pub(crate) fn lock_out_processes(&self) -> String {
        self.locks.take_text(locks::REGISTRY)
    }
}

/// What all operations share.
struct Inner {
    pool: Pool,
    locks: Locks,
    rules: Arc<dyn Rules>,
    notices: NoticeSink,
    node: String,
    dead_after: Duration,
    ledger: Mutex<Ledger>,
    /// Days whose partitions are known to exist.
    days: Mutex<BTreeSet<i64>>,
    /// The other processes as last seen.
    watch: Mutex<Watch>,
    /// Where events go, as last read.
    fanout: Mutex<Fanout>,
    /// Endpoints whose attempts were settled, as last read.
    known: Mutex<Known>,
    /// One seat is taken at a time.
    joining: tokio::sync::Mutex<()>,
    /// Every statement that was prepared, for the test that looks at their plans.
    #[cfg(test)]
    statements: Arc<Mutex<BTreeSet<String>>>,
}

impl Inner {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn days(&self) -> MutexGuard<'_, BTreeSet<i64>> {
        self.days.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fanout(&self) -> MutexGuard<'_, Fanout> {
        self.fanout.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_day(&self, day: i64) -> bool {
        self.days().contains(&day)
    }

    async fn connection(&self) -> Result<Object, StoreError> {
        self.pool.get().await.map_err(connect::no_connection)
    }

    /// A statement, prepared once for each connection.
    async fn prepare(&self, sql: &Object, text: &str) -> Result<Statement, tokio_postgres::Error> {
        #[cfg(test)]
        {
            let mut statements = self.statements.lock().unwrap_or_else(PoisonError::into_inner);
            statements.insert(text.to_owned());
        }
        sql.prepare_cached(text).await
    }

    /// Makes the partitions of a day unless they are known to be there.
    async fn prepare_day(&self, day: i64) -> Result<(), StoreError> {
        if self.has_day(day) {
            return Ok(());
        }
        let sql = self.connection().await?;
        schema::create_day(&sql, self.locks, day).await.map_err(Fail::into_store)?;
        self.days().insert(day);
        Ok(())
    }

    /// Does what a transaction needs before it can be tried again.
    fn mend<'a>(
        self: &'a Arc<Self>,
        fail: &'a Fail,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>> {
        Box::pin(async move {
            match fail {
                Fail::SeatLost => self.ensure_seat().await.map(drop),
                Fail::NoPartition(day) => self.prepare_day(*day).await,
                Fail::Db(_) | Fail::Store(_) | Fail::Met => Ok(()),
            }
        })
    }

    /// Reads rows outside any transaction; once more when the connection turns out to be broken.
    async fn rows(&self, text: &str, values: Values<'_>) -> Result<Vec<Row>, StoreError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let sql = self.connection().await?;
            let outcome = async {
                let statement = self.prepare(&sql, text).await?;
                sql.query(&statement, values).await
            };
            match outcome.await.map_err(Fail::Db) {
                Ok(rows) => return Ok(rows),
                Err(fail) if tries < 3 && fail.passes() => drop(Object::take(sql)),
                Err(fail) => return Err(fail.into_store()),
            }
        }
    }

    /// Reads at most one row outside any transaction.
    async fn row(&self, text: &str, values: Values<'_>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(text, values).await?.into_iter().next())
    }
}
