//! The writer with its group commit.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use parseflow_model::{AccountId, Endpoint, EndpointNo, EventId};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::deliveries::unsettled_since;
use super::known::KnownEndpoints;
use super::line::{Line, line};
use super::memory::MemoryDatabase;
use super::readers::Readers;
use super::rows::failed;
use super::{checkpoints, schema};
use crate::port::{Notice, NoticeSink, Rules, StoreError};

/// Most operations in one commit: bounds the time an operation waits for its group.
const GROUP_MAX: usize = 1_024;
/// What nobody waits for is committed with what somebody does, at the latest after this long.
const PATIENCE: Duration = Duration::from_millis(5);

/// First attempts that were handed to this process and are not settled: what a crash would lose
/// from memory, and therefore what bounds the low-water mark.
pub(super) type Unsettled = BTreeMap<EventId, Vec<EndpointNo>>;

/// Answers the caller once the group's fate is known.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Runs inside the group's transaction.
type Operation = Box<dyn FnOnce(&mut WriteTx<'_>) -> Answer + Send>;

/// What the writer knows between commits.
#[derive(Default)]
pub(super) struct Ledger {
    /// The latest event's id.
    pub(super) last_event: EventIdMark,
    /// Handed over and not settled.
    pub(super) unsettled: Unsettled,
    /// The low-water mark as stored.
    stored_low: i64,
    /// The dispatcher of this process, once started: first attempts are handed to it.
    pub(super) dispatching: bool,
    /// The epoch it runs under.
    pub(super) epoch: i64,
    /// The epoch in the database, once this transaction has read it.
    pub(super) epoch_read: Option<i64>,
    /// Endpoints that were read before.
    pub(super) known: KnownEndpoints,
}

/// The raw id of the latest event; 0 before the first.
pub(super) type EventIdMark = i64;

/// A change of the ledger, applied when its operation succeeds.
pub(super) enum Step {
    /// Handed over.
    HandedOver(EventId, EndpointNo),
    /// Settled, spilled or cancelled.
    Settled(EventId, EndpointNo),
}

impl Step {
    /// Whether this delivery is handed over no longer.
    pub(super) fn settles(&self, event: EventId, endpoint: EndpointNo) -> bool {
        matches!(self, Step::Settled(e, no) if (*e, *no) == (event, endpoint))
    }
}

/// What an operation works on.
pub(super) struct WriteTx<'a> {
    /// The group's transaction, perhaps inside the operation's savepoint.
    pub(super) sql: &'a Connection,
    /// The decisions.
    pub(super) rules: &'a dyn Rules,
    /// Between commits.
    pub(super) ledger: &'a mut Ledger,
    /// Sent after the commit, if the operation succeeds.
    pub(super) notices: Vec<Notice>,
    /// Applied if the operation succeeds.
    pub(super) steps: Vec<Step>,
    /// An operation without a savepoint failed after it had written: the group must be undone.
    spoiled: bool,
}

pub(super) struct Writer {
    connection: Connection,
    rules: Arc<dyn Rules>,
    notices: NoticeSink,
    ledger: Ledger,
}

impl Writer {
    fn new(
        connection: Connection,
        rules: Arc<dyn Rules>,
        notices: NoticeSink,
    ) -> Result<Self, StoreError> {
        let mut writer = Self { connection, rules, notices, ledger: Ledger::default() };
        writer.ledger.known.watch(&mut writer.connection)?;
        writer.reload()?;
        Ok(writer)
    }

    fn reload(&mut self) -> Result<(), StoreError> {
        let newest = "SELECT COALESCE(MAX(id), 0) FROM event";
        self.ledger.last_event =
            self.connection.query_row(newest, [], |row| row.get(0)).map_err(failed)?;
        self.ledger.stored_low = self
            .connection
            .query_row("SELECT value FROM mark WHERE name = 'low'", [], |row| row.get(0))
            .map_err(failed)?;
        Ok(())
    }

    /// Runs a group: every operation in its own savepoint, one commit, then the answers.
    fn run(&mut self, group: &mut Vec<Operation>) {
        let mut answers = Vec::with_capacity(group.len());
        let mut notices = Vec::new();
        let outcome = self.run_transaction(group, &mut answers, &mut notices);
        if let Err(error) = &outcome {
            tracing::error!(error = %chain(error), "a group of changes could not be committed");
            self.ledger.known.forget();
            self.recount();
        } else {
            notices.into_iter().for_each(|notice| (self.notices)(notice));
        }
        for answer in answers {
            answer(match &outcome {
                Ok(()) => Ok(()),
                Err(error) => Err(StoreError::Unavailable(chain(error).into())),
            });
        }
        // Operations that never ran: whoever waits for them sees that nobody will answer.
        group.clear();
    }

    fn run_transaction(
        &mut self,
        group: &mut Vec<Operation>,
        answers: &mut Vec<Answer>,
        notices: &mut Vec<Notice>,
    ) -> Result<(), StoreError> {
        let tx = Group::begin(&self.connection)?;
        self.ledger.epoch_read = None;
        self.ledger.known.begin(tx.sql)?;
        for operation in group.drain(..) {
            let mut write = WriteTx {
                sql: tx.sql,
                rules: self.rules.as_ref(),
                ledger: &mut self.ledger,
                notices: Vec::new(),
                steps: Vec::new(),
                spoiled: false,
            };
            answers.push(operation(&mut write));
            notices.append(&mut write.notices);
            if write.spoiled {
                return Err(StoreError::Unavailable("a change could not be completed".into()));
            }
            if tx.sql.is_autocommit() {
                // A full disk or an I/O error has undone the whole transaction. Whatever ran now
                // would be committed on its own and answered as failed.
                return Err(StoreError::Unavailable("the transaction was rolled back".into()));
            }
        }
        store_low(tx.sql, &mut self.ledger)?;
        tx.commit()
    }

    /// After a failed commit: what is handed over is again what the database says, as after a
    /// restart. The dispatcher may send some of it twice, under the same ids.
    fn recount(&mut self) {
        let recounted = self.reload().and_then(|()| {
            self.ledger.unsettled = unsettled_since(&self.connection, self.ledger.stored_low)?;
            Ok(())
        });
        if let Err(error) = recounted {
            tracing::error!(error = %chain(&error), "the database cannot be read");
        }
    }
}

/// The transaction of a group, by statements that are prepared once; undone when it is dropped.
struct Group<'a> {
    sql: &'a Connection,
}

impl<'a> Group<'a> {
    fn begin(sql: &'a Connection) -> Result<Self, StoreError> {
        run(sql, "BEGIN IMMEDIATE")?;
        Ok(Self { sql })
    }

    fn commit(self) -> Result<(), StoreError> {
        run(self.sql, "COMMIT")
    }
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        if !self.sql.is_autocommit()
            && let Err(error) = run(self.sql, "ROLLBACK")
        {
            tracing::error!(error = %chain(&error), "a group of changes could not be undone");
        }
    }
}

/// Runs a statement without parameters that is prepared once.
pub(super) fn run(sql: &Connection, text: &str) -> Result<(), StoreError> {
    sql.prepare_cached(text).and_then(|mut s| s.execute([])).map(|_| ()).map_err(failed)
}

/// Advances the low-water mark to the oldest event that has an unsettled first attempt.
fn store_low(tx: &Connection, ledger: &mut Ledger) -> Result<(), StoreError> {
    if !ledger.dispatching {
        return Ok(());
    }
    let low = ledger.unsettled.keys().next().map_or(ledger.last_event + 1, |id| id.raw());
    if low != ledger.stored_low {
        tx.prepare_cached("UPDATE mark SET value = ?1 WHERE name = 'low'")
            .and_then(|mut statement| statement.execute([low]))
            .map_err(failed)?;
        ledger.stored_low = low;
    }
    Ok(())
}

/// The error and its causes in one line.
fn chain(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Runs `operation` in a savepoint, so that a failure undoes it and nothing else.
fn in_savepoint<T>(
    write: &mut WriteTx<'_>,
    operation: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    run(write.sql, "SAVEPOINT operation")?;
    let outcome = operation(write);
    write.end(outcome.is_ok());
    if outcome.is_err() {
        run(write.sql, "ROLLBACK TO operation")?;
    }
    run(write.sql, "RELEASE operation")?;
    outcome
}

/// Runs `operation` without a savepoint, which would copy every page it touches. It decides before it
/// writes; where it fails afterwards the database does, and the whole group is undone.
fn with_its_group<T>(
    write: &mut WriteTx<'_>,
    operation: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let changes = write.sql.total_changes();
    let outcome = operation(write);
    write.end(outcome.is_ok());
    write.spoiled = outcome.is_err() && write.sql.total_changes() != changes;
    outcome
}

impl WriteTx<'_> {
    /// The end of an operation: what it has changed outside the database holds, or is forgotten.
    fn end(&mut self, succeeded: bool) {
        if succeeded {
            self.apply_steps();
            return;
        }
        self.notices.clear();
        self.steps.clear();
        self.ledger.known.forget();
        self.ledger.epoch_read = None;
    }

    fn apply_steps(&mut self) {
        for step in self.steps.drain(..) {
            match step {
                Step::HandedOver(event, endpoint) => {
                    self.ledger.unsettled.entry(event).or_default().push(endpoint);
                }
                Step::Settled(event, endpoint) => {
                    if let Some(waiting) = self.ledger.unsettled.get_mut(&event) {
                        waiting.retain(|other| *other != endpoint);
                        if waiting.is_empty() {
                            self.ledger.unsettled.remove(&event);
                        }
                    }
                }
            }
        }
    }

    /// The account's endpoints, oldest first.
    pub(super) fn endpoints_of(
        &mut self,
        account: &AccountId,
    ) -> Result<Arc<[Arc<Endpoint>]>, StoreError> {
        self.ledger.known.of_account(self.sql, account)
    }

    /// The endpoint with this number, unless deleted.
    pub(super) fn endpoint(&mut self, no: EndpointNo) -> Result<Option<Arc<Endpoint>>, StoreError> {
        self.ledger.known.by_no(self.sql, no)
    }

    /// A fencing token that was never used.
    pub(super) fn next_token(&mut self) -> Result<i64, StoreError> {
        self.sql
            .prepare_cached(
                "UPDATE mark SET value = value + 1 WHERE name = 'token' RETURNING value",
            )
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .map_err(failed)
    }
}

/// Whether somebody waits for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Haste {
    /// It is in the next group.
    Urgent,
    /// It goes with the next urgent one, or alone after [`PATIENCE`].
    Patient,
}

/// How operations reach the connections.
pub(super) enum Engine {
    /// A thread that writes, connections that read.
    Threaded {
        /// `None` once closed.
        queue: Option<Line<Operation>>,
        thread: Option<JoinHandle<()>>,
        readers: Arc<Readers>,
    },
    /// Everything on the caller's thread.
    Inline {
        /// `None` once closed.
        writer: Option<Box<Mutex<Writer>>>,
        /// Where its connection came from, if it is to go back.
        lender: Option<MemoryDatabase>,
    },
}

impl Engine {
    pub(super) fn threaded(
        path: &Path,
        rules: Arc<dyn Rules>,
        notices: NoticeSink,
    ) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path).map_err(failed)?;
        schema::prepare_writer(&mut connection)?;
        let mut writer = Writer::new(connection, rules, notices)?;
        let copier = checkpoints::share(&mut writer.connection, path)?;
        let (queue, waiting) = line::<Operation>(PATIENCE);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                let mut group = Vec::with_capacity(GROUP_MAX);
                while waiting.fill(&mut group, GROUP_MAX) {
                    writer.run(&mut group);
                }
                drop(writer);
                // It has nothing to say that was not logged.
                let _ = copier.join();
            })
            .map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        let readers = Arc::new(Readers::new(path));
        Ok(Self::Threaded { queue: Some(queue), thread: Some(thread), readers })
    }

    /// On a connection that is ready, see [`schema::prepare_writer`]; it goes back to `lender`.
    pub(super) fn inline(
        connection: Connection,
        lender: Option<MemoryDatabase>,
        rules: Arc<dyn Rules>,
        notices: NoticeSink,
    ) -> Result<Self, StoreError> {
        let writer = Writer::new(connection, rules, notices)?;
        Ok(Self::Inline { writer: Some(Box::new(Mutex::new(writer))), lender })
    }

    pub(super) async fn write<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.submit(Haste::Urgent, move |write| in_savepoint(write, operation)).await
    }

    /// The same for an operation that fails only before its first write, unless the database does.
    pub(super) async fn write_deciding_first<T: Send + 'static>(
        &self,
        haste: Haste,
        operation: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.submit(haste, move |write| with_its_group(write, operation)).await
    }

    async fn submit<T: Send + 'static>(
        &self,
        haste: Haste,
        run: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let operation: Operation = Box::new(move |write| {
            let outcome = run(write);
            Box::new(move |committed| {
                // Nobody may be waiting any more: the caller was cancelled, the change stands.
                let _ = reply.send(committed.and(outcome));
            })
        });
        match self {
            Self::Threaded { queue, .. } => {
                let queue = queue.as_ref().ok_or(StoreError::Closed)?;
                let added = match haste {
                    Haste::Urgent => queue.add(operation),
                    Haste::Patient => queue.add_patient(operation),
                };
                added.map_err(|_| StoreError::Closed)?;
            }
            Self::Inline { writer, .. } => {
                let writer = writer.as_ref().ok_or(StoreError::Closed)?;
                writer.lock().unwrap_or_else(PoisonError::into_inner).run(&mut vec![operation]);
            }
        }
        answer.await.map_err(|_| StoreError::Unavailable("the change was not committed".into()))?
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self {
            Self::Threaded { readers, .. } => {
                let readers = Arc::clone(readers);
                let run = move || readers.with(query);
                tokio::task::spawn_blocking(run).await.map_err(|_| StoreError::Closed)?
            }
            Self::Inline { writer, .. } => {
                let writer = writer.as_ref().ok_or(StoreError::Closed)?;
                query(&writer.lock().unwrap_or_else(PoisonError::into_inner).connection)
            }
        }
    }
}

impl Engine {
    /// Runs `work` outside any transaction, on a connection of its own where there are several.
    pub(super) async fn on_own_connection<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self {
            Self::Threaded { readers, .. } => {
                let path = readers.path().to_owned();
                let run = move || work(&Connection::open(path).map_err(failed)?);
                tokio::task::spawn_blocking(run).await.map_err(|_| StoreError::Closed)?
            }
            Self::Inline { .. } => self.read(work).await,
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        match self {
            Self::Threaded { queue, thread, .. } => {
                // The writer commits what is queued, then sees that nobody can send any more.
                drop(queue.take());
                if let Some(thread) = thread.take() {
                    let _ = thread.join();
                }
            }
            Self::Inline { writer, lender } => {
                let (Some(writer), Some(lender)) = (writer.take(), lender.take()) else { return };
                let writer = writer.into_inner().unwrap_or_else(PoisonError::into_inner);
                lender.take_back(writer.connection);
            }
        }
    }
}

#[cfg(test)]
mod plans;
#[cfg(test)]
mod tests;
