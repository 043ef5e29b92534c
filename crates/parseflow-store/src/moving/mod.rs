//! Moving an installation from the embedded database into PostgreSQL.
//!
//! Everything goes in one transaction: while it runs the target stays empty for everybody else, and
//! when it fails nothing was moved. A thread reads the [`source`] under a lock that keeps every
//! writer out, and hands rows over in slices of bounded size; the [`target`] takes them through
//! `COPY`. Both sides are described by their own catalogues, so that a column that only one of them
//! has stops the move instead of being left behind.
//!
//! Before the commit every row is read back and compared: a [`Tally`] is the number of a table's
//! rows and the sum of their digests, whatever their order.
//!
//! Ids, scheduled times, attempts, sealed secrets and kept answers stay as they are. Claims of
//! processes that have ended are not moved: what was claimed is due again.

mod rows;
mod source;
mod target;

use std::path::Path;

use tokio::sync::mpsc;

pub use self::rows::Tally;
use crate::port::StoreError;

/// Why an installation was not moved. The target is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// Processes run on the target.
    #[error("a service runs on the target database; stop it, or choose another database")]
    TargetInUse,
    /// The target holds an installation already.
    #[error(
        "the target database is not empty: its table {table} has rows; choose an empty database"
    )]
    TargetNotEmpty {
        /// The first table that has rows.
        table: String,
    },
    /// The two databases do not have the same tables and columns.
    #[error("the databases do not match: {0}")]
    Unlike(String),
    /// A table does not read back as it was written.
    #[error("{table} did not arrive whole: {written:?} were written, {found:?} read back")]
    NotWhole {
        /// The table.
        table: String,
        /// What was read from the source.
        written: Tally,
        /// What was read from the target.
        found: Tally,
    },
    /// A row of the source cannot be written.
    #[error("the table {table} cannot be read: {source}")]
    Unreadable {
        /// The table.
        table: String,
        /// Why.
        source: StoreError,
    },
    /// A database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One table that has been moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedTable {
    /// Its name, the same on both sides.
    pub name: String,
    /// What it holds.
    pub tally: Tally,
}

/// What the source tells, in this order: the plan, then for every table its rows and their tally.
enum Told {
    Plan(source::Plan),
    /// Rows in the binary form of `COPY`.
    Rows(Vec<u8>),
    End(Tally),
}

type Telling = mpsc::Sender<Result<Told, MoveError>>;
type Listening = mpsc::Receiver<Result<Told, MoveError>>;

/// Slices on their way from the source to the target.
const SLICES: usize = 4;

/// Moves the embedded database at `database` into the empty PostgreSQL database at `url`. Nothing
/// may serve from either; first attempts that were handed to a process must have been given back
/// ([`start_dispatcher`](crate::DeliveryStore::start_dispatcher) does that). `told` hears of every
/// table that has been written.
///
/// The source keeps everything it had.
pub async fn to_postgres(
    database: &Path,
    url: &str,
    mut told: impl FnMut(&MovedTable),
) -> Result<Vec<MovedTable>, MoveError> {
    let target = target::Target::open(url).await?;
    let shape = target.shape().await?;
    let (telling, mut listening) = mpsc::channel(SLICES);
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let path = database.to_owned();
    let reading = tokio::task::spawn_blocking(move || source::tell(&path, shape, &telling, &held));
    let moved = receive(target, &mut listening, &mut told).await;
    // The source is released: it was held so that nobody wrote to what had been read.
    drop((hold, listening));
    reading.await.map_err(|_| StoreError::Closed)?;
    moved
}

async fn receive(
    target: target::Target,
    listening: &mut Listening,
    told: &mut impl FnMut(&MovedTable),
) -> Result<Vec<MovedTable>, MoveError> {
    let Told::Plan(plan) = next(listening).await? else { return Err(out_of_order()) };
    let transaction = target.begin(&plan).await?;
    let mut moved = Vec::with_capacity(plan.tables.len());
    for table in &plan.tables {
        let tally = transaction.copy(table, listening).await?;
        let table = MovedTable { name: table.name.clone(), tally };
        told(&table);
        moved.push(table);
    }
    for (table, written) in plan.tables.iter().zip(&moved) {
        let found = transaction.tally(table).await?;
        if found != written.tally {
            let (table, written) = (table.name.clone(), written.tally);
            return Err(MoveError::NotWhole { table, written, found });
        }
    }
    transaction.commit(plan.last_endpoint).await?;
    Ok(moved)
}

async fn next(listening: &mut Listening) -> Result<Told, MoveError> {
    listening.recv().await.unwrap_or(Err(MoveError::Store(StoreError::Closed)))
}

fn out_of_order() -> MoveError {
    MoveError::Store(StoreError::Damaged("the source was read out of order".into()))
}
