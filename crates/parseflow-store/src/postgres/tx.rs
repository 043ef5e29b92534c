//! One transaction: what is written together, and what follows from its commit.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use deadpool_postgres::Object;
use futures_util::future::{join, join5};
use parseflow_model::{AccountId, EventId, Timestamp};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};

use super::Inner;
use super::fail::Fail;
use super::ledger::{Seat, Step};
use super::{locks, schema};
use crate::port::{Notice, Rules, StoreError};

/// Tries of a transaction that meets others.
const TRIES_MAX: u32 = 8;

const SHARE: &str = "SELECT pg_advisory_xact_lock_shared($1, lock) FROM unnest($2::integer[]) lock";

/// Values of a statement.
pub(super) type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// How far a transaction has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    Committing,
    Committed,
    Ended,
}

/// One transaction on a connection of its own. Dropping it undoes it.
pub(super) struct Tx {
    sql: Option<Object>,
    inner: Arc<Inner>,
    stage: Stage,
    /// Whether `BEGIN` was sent: it goes with the first statements.
    begun: AtomicBool,
    /// The seat, once [`Tx::hold_seat`] has made sure of it.
    seat: OnceLock<Seat>,
    reserved: Vec<EventId>,
    /// Sent after the commit.
    pub(super) notices: Vec<Notice>,
    /// Applied to the ledger after the commit.
    pub(super) steps: Vec<Step>,
}

/// What became of a transaction.
pub(super) enum Ended<T> {
    /// It is over.
    Done(Result<T, StoreError>),
    /// Nothing was changed, and the same may succeed now.
    Again,
}

/// Runs `$body` in a transaction `$tx` and commits it; again when it meets other transactions.
macro_rules! in_tx {
    ($store:expr, $tx:ident => $body:block) => {{
        let mut tries = 0;
        loop {
            tries += 1;
            let mut owned = $crate::postgres::tx::Tx::begin(&$store).await?;
            let outcome: Result<_, $crate::postgres::fail::Fail> = async {
                let $tx = &mut owned;
                $body
            }
            .await;
            match owned.end(outcome, tries).await {
                $crate::postgres::tx::Ended::Done(result) => break result,
                $crate::postgres::tx::Ended::Again => {}
            }
        }
    }};
}
pub(super) use in_tx;

impl Tx {
    /// Begins, with the first statement.
    pub(super) async fn begin(inner: &Arc<Inner>) -> Result<Self, StoreError> {
        Ok(Self {
            sql: Some(inner.connection().await?),
            inner: Arc::clone(inner),
            stage: Stage::Open,
            begun: AtomicBool::new(false),
            seat: OnceLock::new(),
            reserved: Vec::new(),
            notices: Vec::new(),
            steps: Vec::new(),
        })
    }

    /// Sends `BEGIN` unless it was sent. Statements that are sent before its answer run after it.
    async fn begun(&self) -> Result<(), tokio_postgres::Error> {
        if self.begun.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        self.sql().batch_execute("BEGIN").await
    }

    fn sql(&self) -> &Object {
        self.sql.as_ref().expect("the connection is given back when the transaction has ended")
    }

    /// The decisions.
    pub(super) fn rules(&self) -> &dyn Rules {
        self.inner.rules.as_ref()
    }

    /// What is shared by all transactions of this process.
    pub(super) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// A statement that can run inside the transaction.
    async fn ready(&self, text: &str) -> Result<Statement, Fail> {
        self.begun().await?;
        Ok(self.inner.prepare(self.sql(), text).await?)
    }

    /// Rows.
    pub(super) async fn query(&self, text: &str, values: Values<'_>) -> Result<Vec<Row>, Fail> {
        let statement = self.ready(text).await?;
        Ok(self.sql().query(&statement, values).await?)
    }

    /// At most one row.
    pub(super) async fn find(&self, text: &str, values: Values<'_>) -> Result<Option<Row>, Fail> {
        let statement = self.ready(text).await?;
        Ok(self.sql().query_opt(&statement, values).await?)
    }

    /// Exactly one row.
    pub(super) async fn one(&self, text: &str, values: Values<'_>) -> Result<Row, Fail> {
        let statement = self.ready(text).await?;
        Ok(self.sql().query_one(&statement, values).await?)
    }

    /// The number of rows changed.
    pub(super) async fn execute(&self, text: &str, values: Values<'_>) -> Result<u64, Fail> {
        let statement = self.ready(text).await?;
        Ok(self.sql().execute(&statement, values).await?)
    }

    /// The last statement of the transaction and its commit, in one round trip.
    pub(super) async fn execute_last(
        &mut self,
        text: &str,
        values: Values<'_>,
    ) -> Result<u64, Fail> {
        // Before the commit is sent, or it would come first.
        let statement = self.ready(text).await?;
        self.stage = Stage::Committing;
        let changed = self.sql().execute(&statement, values);
        let (changed, committed) = join(changed, self.sql().batch_execute("COMMIT")).await;
        self.committed(changed, committed)
    }

    /// The only statement of the transaction, which commits by itself: in one round trip. It calls a function
    /// with the locks that are taken together with others (`seat`'s and `locks`), the seat, which it makes
    /// sure of, and `values`, from `$5` on; that returns how many rows it has written. Whether there were any:
    /// nothing follows from a transaction that has written none.
    pub(super) async fn only(
        &mut self,
        seat: Seat,
        locks: impl Iterator<Item = i32>,
        text: &str,
        values: Values<'_>,
    ) -> Result<bool, Fail> {
        let statement = self.inner.prepare(self.sql(), text).await?;
        let (class, locks) =
            (self.inner.locks.class, locks::in_order(locks.chain([locks::seat(seat.id)])));
        let mut given: Vec<&(dyn ToSql + Sync)> = vec![&class, &locks, &seat.id, &seat.epoch];
        given.extend(values);
        self.seat.get_or_init(|| seat);
        self.stage = Stage::Committing;
        let answered = self.sql().query_one(&statement, &given).await;
        let written: i64 = self.committed(answered.and_then(|row| row.try_get(0)), Ok(()))?;
        if written == 0 {
            self.steps.clear();
            self.notices.clear();
        }
        Ok(written > 0)
    }

    /// What became of a statement and the commit that was sent with it.
    fn committed<T>(
        &mut self,
        changed: Result<T, tokio_postgres::Error>,
        committed: Result<(), tokio_postgres::Error>,
    ) -> Result<T, Fail> {
        match (changed, committed) {
            (Ok(changed), Ok(())) => {
                self.stage = Stage::Committed;
                Ok(changed)
            }
            // What failed inside a transaction has the server answer `COMMIT` by undoing it.
            (Err(error), _) if error.code().is_some() => {
                self.stage = Stage::Open;
                Err(error.into())
            }
            (Err(error), _) | (_, Err(error)) => Err(error.into()),
        }
    }

    /// The commit need not survive a crash of the server: what it changes is found out again.
    pub(super) async fn commit_lightly(&self) -> Result<(), Fail> {
        self.execute("SET LOCAL synchronous_commit = off", &[]).await.map(drop)
    }

    /// Takes locks alone, until the transaction ends.
    pub(super) async fn lock(&self, locks: &[i32]) -> Result<(), Fail> {
        let text = "SELECT pg_advisory_xact_lock($1, lock) FROM unnest($2::integer[]) lock";
        self.query(text, &[&self.inner.locks.class, &locks]).await.map(drop)
    }

    /// Takes locks together with others, until the transaction ends.
    pub(super) async fn share(&self, locks: &[i32]) -> Result<(), Fail> {
        self.query(SHARE, &[&self.inner.locks.class, &locks]).await.map(drop)
    }

    /// Makes sure that nobody has taken this process for dead, and that nobody does so before this
    /// transaction has ended.
    pub(super) async fn hold_seat(&self) -> Result<Seat, Fail> {
        Ok(self.hold_seat_and_share(&[], std::future::ready(())).await?.0)
    }

    /// The same, then takes `locks` together with others, then does `reads`, all in one round trip.
    pub(super) async fn hold_seat_and_share<T>(
        &self,
        locks: &[i32],
        reads: impl Future<Output = T>,
    ) -> Result<(Seat, T), Fail> {
        if let Some(seat) = self.seat.get() {
            self.share(locks).await?;
            return Ok((*seat, reads.await));
        }
        let Some(seat) = self.inner.ledger().seat else { return Err(Fail::SeatLost) };
        // Statements on their way at once, in this order: they are prepared before, so that none waits
        // while a later one is sent. Each one's snapshot is taken under the locks before it.
        let share = self.inner.prepare(self.sql(), SHARE).await?;
        let own = "SELECT 1 FROM node WHERE id = $1 AND epoch = $2";
        let own = self.inner.prepare(self.sql(), own).await?;
        let (class, lock) = (self.inner.locks.class, vec![locks::seat(seat.id)]);
        let values: [&(dyn ToSql + Sync); 2] = [&class, &lock];
        let look: [&(dyn ToSql + Sync); 2] = [&seat.id, &seat.epoch];
        let others: [&(dyn ToSql + Sync); 2] = [&class, &locks];
        let shared = async {
            match locks {
                [] => Ok(()),
                _ => self.sql().query(&share, &others).await.map(drop),
            }
        };
        let (begun, locked, own, shared, found) = join5(
            self.begun(),
            self.sql().query(&share, &values),
            self.sql().query_opt(&own, &look),
            shared,
            reads,
        )
        .await;
        begun?;
        locked?;
        shared?;
        if own?.is_none() {
            self.inner.ledger().stand_up(seat.epoch);
            return Err(Fail::SeatLost);
        }
        Ok((*self.seat.get_or_init(|| seat), found))
    }

    /// Keeps the account's endpoints and plan as they are until the transaction ends.
    pub(super) async fn share_account(&self, account: &AccountId) -> Result<(), Fail> {
        self.share(&[locks::account(account)]).await
    }

    /// Keeps events of the account from being written until the transaction ends.
    pub(super) async fn lock_account(&self, account: &AccountId) -> Result<(), Fail> {
        self.lock(&[locks::account(account)]).await
    }

    /// An id for an event that this transaction writes.
    pub(super) fn reserve(&mut self, seat: Seat, now: Timestamp) -> Result<EventId, Fail> {
        let id = self.inner.ledger().reserve(seat, now);
        self.reserved.push(id);
        let day = schema::day_of(id);
        if self.inner.has_day(day) { Ok(id) } else { Err(Fail::NoPartition(day)) }
    }

    /// Other processes forget what they know of endpoints and plans.
    pub(super) async fn tell_of_change(&self) -> Result<(), Fail> {
        let text = "UPDATE mark SET value = value + 1 WHERE name = 'changes'";
        self.execute(text, &[]).await.map(drop)
    }

    /// Commits what succeeded, undoes what failed.
    pub(super) async fn end<T>(mut self, outcome: Result<T, Fail>, tries: u32) -> Ended<T> {
        let value = match outcome {
            Ok(value) => value,
            // Dropped as it is: nobody knows whether it was committed.
            Err(fail) if self.stage == Stage::Committing => {
                return Ended::Done(Err(fail.into_store()));
            }
            Err(fail) => {
                self.roll_back().await;
                // Given back before anything else needs one.
                drop(self.sql.take());
                if tries < TRIES_MAX && fail.passes() {
                    return match self.inner.mend(&fail).await {
                        Ok(()) => Ended::Again,
                        Err(error) => Ended::Done(Err(error)),
                    };
                }
                return Ended::Done(Err(fail.into_store()));
            }
        };
        if self.stage == Stage::Open && *self.begun.get_mut() {
            self.stage = Stage::Committing;
            if let Err(error) = self.sql().batch_execute("COMMIT").await {
                return Ended::Done(Err(Fail::Db(error).into_store()));
            }
        }
        self.stage = Stage::Ended;
        drop(self.sql.take());
        self.follow();
        Ended::Done(Ok(value))
    }

    /// What follows from the commit. Under a seat that was given up meanwhile nothing is handed over:
    /// whoever adopted it has made it due.
    fn follow(&mut self) {
        let steps = std::mem::take(&mut self.steps);
        let epoch = self.seat.get().map(|seat| seat.epoch);
        let current = self.inner.ledger().committed(&self.reserved, epoch, steps);
        for notice in self.notices.drain(..) {
            if current || !matches!(notice, Notice::First { .. }) {
                (self.inner.notices)(notice);
            }
        }
    }

    async fn roll_back(&mut self) {
        let undone = match *self.begun.get_mut() {
            true => self.sql().batch_execute("ROLLBACK").await,
            false => Ok(()),
        };
        self.inner.ledger().rolled_back(&self.reserved);
        self.stage = Stage::Ended;
        if undone.is_err()
            && let Some(sql) = self.sql.take()
        {
            drop(Object::take(sql));
        }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        match self.stage {
            Stage::Committed | Stage::Ended => return,
            Stage::Open => self.inner.ledger().rolled_back(&self.reserved),
            Stage::Committing => self.inner.ledger().in_doubt(&self.reserved),
        }
        // Closing the connection undoes what was not committed.
        if let Some(sql) = self.sql.take() {
            drop(Object::take(sql));
        }
    }
}
