//! PostgreSQL: made sure to be empty, written in one transaction, read back.

use std::pin::pin;

use bytes::Bytes;
use deadpool_postgres::Object;
use futures_util::{SinkExt, StreamExt};

use super::rows::{Column, HEAD, Kind, TAIL, Table, Tally, Unpacker};
use super::source::{Plan, Shape};
use super::{Listening, MoveError, Told, next, out_of_order};
use crate::port::StoreError;
use crate::postgres::{Prepared, prepare_database};

/// Tables that say how one database works and hold nothing of the installation.
const OF_THE_TARGET: [&str; 3] = ["mark", "node", "parseflow_schema"];

fn failed(error: tokio_postgres::Error) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

/// The target, its schema up to date.
pub(super) struct Target {
    database: Prepared,
}

impl Target {
    pub(super) async fn open(url: &str) -> Result<Self, StoreError> {
        let database = prepare_database(url).await?;
        // One statement may write a table of any size.
        let patience = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";
        database.sql.batch_execute(patience).await.map_err(failed)?;
        Ok(Self { database })
    }

    fn sql(&self) -> &Object {
        &self.database.sql
    }

    /// Its tables with their columns, partitions aside.
    pub(super) async fn shape(&self) -> Result<Shape, MoveError> {
        let rows = self
            .sql()
            .query(
                "SELECT c.relname, a.attname, t.typname
                 FROM pg_class c
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                 JOIN pg_type t ON t.oid = a.atttypid
                 WHERE c.relnamespace = current_schema()::regnamespace
                   AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                 ORDER BY c.relname, a.attnum",
                &[],
            )
            .await
            .map_err(failed)?;
        let mut shape = Shape::new();
        for row in rows {
            let (table, name, kind): (String, String, String) =
                (row.get(0), row.get(1), row.get(2));
            if OF_THE_TARGET.contains(&table.as_str()) {
                continue;
            }
            let Some(kind) = Kind::named(&kind) else {
                return Err(MoveError::Unlike(format!("{table}.{name} is of the type {kind}")));
            };
            shape.entry(table).or_default().push(Column { name, kind });
        }
        Ok(shape)
    }

    /// Begins: nobody else writes, and nothing is there.
    pub(super) async fn begin(self, plan: &Plan) -> Result<Transaction, MoveError> {
        for day in &plan.days {
            self.database.create_day(*day).await?;
        }
        let names: Vec<String> =
            plan.tables.iter().map(|table| format!("\"{}\"", table.name)).collect();
        let begin = format!(
            "BEGIN; {}; LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE",
            self.database.lock_out_processes(),
            names.join(", ")
        );
        self.sql().batch_execute(&begin).await.map_err(failed)?;
        if self.exists("node").await? {
            return Err(MoveError::TargetInUse);
        }
        for table in &plan.tables {
            if self.exists(&table.name).await? {
                return Err(MoveError::TargetNotEmpty { table: table.name.clone() });
            }
        }
        Ok(Transaction { target: self })
    }

    async fn exists(&self, table: &str) -> Result<bool, StoreError> {
        let text = format!("SELECT EXISTS (SELECT 1 FROM \"{table}\")");
        Ok(self.sql().query_one(&text, &[]).await.map_err(failed)?.get(0))
    }
}

/// Everything that is moved. Undone unless it is committed, because its connection is closed.
pub(super) struct Transaction {
    target: Target,
}

impl Transaction {
    /// Writes a table's rows as they are told.
    pub(super) async fn copy(
        &self,
        table: &Table,
        listening: &mut Listening,
    ) -> Result<Tally, MoveError> {
        let text =
            format!("COPY \"{}\" ({}) FROM STDIN (FORMAT binary)", table.name, table.columns());
        let sink = self.target.sql().copy_in::<str, Bytes>(&text).await.map_err(failed)?;
        let mut sink = pin!(sink);
        sink.send(Bytes::from_static(HEAD)).await.map_err(failed)?;
        let tally = loop {
            match next(listening).await? {
                Told::Rows(rows) => sink.send(Bytes::from(rows)).await.map_err(failed)?,
                Told::End(tally) => break tally,
                Told::Plan(_) => return Err(out_of_order()),
            }
        };
        sink.send(Bytes::from_static(&TAIL)).await.map_err(failed)?;
        sink.finish().await.map_err(failed)?;
        Ok(tally)
    }

    /// What a table holds, read back.
    pub(super) async fn tally(&self, table: &Table) -> Result<Tally, MoveError> {
        // A partitioned table can only be read by a query.
        let text = format!(
            "COPY (SELECT {} FROM \"{}\") TO STDOUT (FORMAT binary)",
            table.columns(),
            table.name
        );
        let rows = self.target.sql().copy_out(&text).await.map_err(failed)?;
        let (mut rows, mut tally) = (pin!(rows), Tally::default());
        let mut unpacker = Unpacker::default();
        while let Some(bytes) = rows.next().await {
            unpacker.take(&bytes.map_err(failed)?, &mut tally)?;
        }
        if unpacker.is_over() { Ok(tally) } else { Err(out_of_order()) }
    }

    /// Goes on numbering endpoints where the source was, commits, and gathers statistics.
    pub(super) async fn commit(self, last_endpoint: i64) -> Result<(), MoveError> {
        let sql = self.target.sql();
        let numbers = "SELECT setval(pg_get_serial_sequence('endpoint', 'no'), $1)";
        if last_endpoint > 0 {
            sql.query_one(numbers, &[&last_endpoint]).await.map_err(failed)?;
        }
        sql.batch_execute("COMMIT").await.map_err(failed)?;
        if let Err(error) = sql.batch_execute("ANALYZE").await {
            tracing::warn!(%error, "no statistics were gathered; the server will do it");
        }
        Ok(())
    }
}
