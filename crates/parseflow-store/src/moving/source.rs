//! The embedded database: what it has, and its rows in slices.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::mpsc::Receiver;

use parseflow_model::EventId;
use rusqlite::{Connection, TransactionBehavior};

use super::rows::{self, Column, Table, Tally};
use super::{MoveError, Telling, Told};
use crate::port::StoreError;
use crate::postgres::{day_of, first_of};
use crate::sqlite::failed;

/// Bytes of a slice, more or less: what is in memory of a table of any size.
const SLICE_BYTES: usize = 256 * 1024;

/// Tables that say how one database works and hold nothing of the installation.
const OF_THE_SOURCE: [&str; 1] = ["mark"];
/// Columns that say who holds what: a claim ends with the process that made it, and scheduled times
/// are in `due_ms`.
const CLAIMS: [&str; 10] = [
    "lease_until_ms",
    "lease_token",
    "lease_epoch",
    "lease_ms",
    "ready_ms",
    "token",
    "epoch",
    "held_ms",
    "held_token",
    "held_epoch",
];

/// What the target has: its tables with their columns.
pub(super) type Shape = BTreeMap<String, Vec<Column>>;

/// What will be moved.
#[derive(Debug)]
pub(super) struct Plan {
    /// In the order in which they can be written.
    pub(super) tables: Vec<Table>,
    /// Days that events or attempts belong to.
    pub(super) days: BTreeSet<i64>,
    /// The largest number that an endpoint ever had.
    pub(super) last_endpoint: i64,
}

/// Reads everything under a lock that keeps writers out, and keeps it until `held` ends.
pub(super) fn tell(path: &Path, shape: Shape, telling: &Telling, held: &Receiver<()>) {
    let outcome = tell_all(path, shape, telling, held);
    if let Err(error) = outcome {
        // Nobody may be listening any more: the target failed first.
        let _ = telling.blocking_send(Err(error));
    }
}

fn tell_all(
    path: &Path,
    shape: Shape,
    telling: &Telling,
    held: &Receiver<()>,
) -> Result<(), MoveError> {
    let mut connection = Connection::open(path).map_err(failed)?;
    let setup = "PRAGMA busy_timeout = 10000; PRAGMA cache_size = -65536;";
    connection.execute_batch(setup).map_err(failed)?;
    let sql =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let plan = plan(&sql, shape)?;
    let tables = plan.tables.clone();
    if telling.blocking_send(Ok(Told::Plan(plan))).is_err() {
        return Ok(());
    }
    for table in &tables {
        let unreadable = |source| MoveError::Unreadable { table: table.name.clone(), source };
        if !tell_table(&sql, table, telling).map_err(unreadable)? {
            return Ok(());
        }
    }
    // Ends with its sender.
    let _ = held.recv();
    Ok(())
}

fn plan(sql: &Connection, mut shape: Shape) -> Result<Plan, MoveError> {
    let mut tables = Vec::new();
    for name in names(sql, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")? {
        if name.starts_with("sqlite_") || OF_THE_SOURCE.contains(&name.as_str()) {
            continue;
        }
        let Some(columns) = shape.remove(&name) else {
            return Err(MoveError::Unlike(format!("the target has no table {name}")));
        };
        let own = names(sql, &format!("SELECT name FROM pragma_table_info('{name}')"))?;
        tables.push(Table { columns: shared(&name, columns, own)?, name });
    }
    if let Some(name) = shape.into_keys().next() {
        return Err(MoveError::Unlike(format!("the source has no table {name}")));
    }
    // Keys refer to accounts.
    tables.sort_by_key(|table| table.name != "account");
    let number = |text: &str| sql.query_row(text, [], |row| row.get::<_, i64>(0)).map_err(failed);
    Ok(Plan {
        tables,
        days: days(sql)?,
        last_endpoint: number(
            "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'endpoint'), 0)",
        )?,
    })
}

fn names(sql: &Connection, text: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = sql.prepare(text).map_err(failed)?;
    let rows = statement.query_map([], |row| row.get(0)).map_err(failed)?;
    rows.collect::<Result<_, _>>().map_err(failed)
}

/// The columns of a table that both have; claims aside they must be the same.
fn shared(table: &str, target: Vec<Column>, source: Vec<String>) -> Result<Vec<Column>, MoveError> {
    let is_claim = |name: &str| CLAIMS.contains(&name);
    let missing = source
        .iter()
        .find(|name| !is_claim(name) && target.iter().all(|column| column.name != **name));
    if let Some(name) = missing {
        return Err(MoveError::Unlike(format!("the target has no column {table}.{name}")));
    }
    let columns: Vec<Column> =
        target.into_iter().filter(|column| !is_claim(&column.name)).collect();
    match columns.iter().find(|column| !source.contains(&column.name)) {
        Some(Column { name, .. }) => {
            Err(MoveError::Unlike(format!("the source has no column {table}.{name}")))
        }
        None => Ok(columns),
    }
}

/// The days of events and attempts, looked up from day to day where there is an index for it.
fn days(sql: &Connection) -> Result<BTreeSet<i64>, StoreError> {
    let mut days = BTreeSet::new();
    let mut events = sql.prepare("SELECT MIN(id) FROM event WHERE id >= ?1").map_err(failed)?;
    let mut from = 0;
    while let Some(id) =
        events.query_row([from], |row| row.get::<_, Option<i64>>(0)).map_err(failed)?
    {
        let day = day_of(EventId::from_raw(id));
        days.insert(day);
        from = first_of(day + 1);
    }
    let mut attempts = sql.prepare("SELECT event_id FROM attempt").map_err(failed)?;
    let mut rows = attempts.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        days.insert(day_of(EventId::from_raw(row.get(0).map_err(failed)?)));
    }
    Ok(days)
}

/// Hands a table's rows over; `false` when nobody listens any more.
fn tell_table(sql: &Connection, table: &Table, telling: &Telling) -> Result<bool, StoreError> {
    let text = format!("SELECT {} FROM \"{}\"", table.columns(), table.name);
    let mut statement = sql.prepare(&text).map_err(failed)?;
    let mut found = statement.query([]).map_err(failed)?;
    let mut tally = Tally::default();
    let mut slice = Vec::with_capacity(SLICE_BYTES + 4_096);
    while let Some(row) = found.next().map_err(failed)? {
        let from = slice.len();
        rows::write(&mut slice, table, row)?;
        tally.add(&slice[from..]);
        if slice.len() >= SLICE_BYTES {
            let full = std::mem::replace(&mut slice, Vec::with_capacity(SLICE_BYTES + 4_096));
            if telling.blocking_send(Ok(Told::Rows(full))).is_err() {
                return Ok(false);
            }
        }
    }
    let rest = slice.is_empty() || telling.blocking_send(Ok(Told::Rows(slice))).is_ok();
    Ok(rest && telling.blocking_send(Ok(Told::End(tally))).is_ok())
}

#[cfg(test)]
mod tests {
    use super::super::rows::Kind;
    use super::*;

    fn column(name: &str) -> Column {
        Column { name: name.to_owned(), kind: Kind::Text }
    }

    #[test]
    fn a_column_that_only_one_side_has_stops_the_move_unless_it_is_a_claim() {
        let source = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let both = shared("due", vec![column("a"), column("token")], source(&["a", "ready_ms"]));
        assert_eq!(both.unwrap(), [column("a")]);
        let more = shared("due", vec![column("a")], source(&["a", "b"])).unwrap_err();
        assert_eq!(more.to_string(), "the databases do not match: the target has no column due.b");
        let less = shared("due", vec![column("a"), column("c")], source(&["a"])).unwrap_err();
        assert_eq!(less.to_string(), "the databases do not match: the source has no column due.c");
    }
}
