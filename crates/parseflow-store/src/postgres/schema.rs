//! The schema, and the daily partitions of the history.

use deadpool_postgres::Object;
use parseflow_model::{EventId, Timestamp};

use super::fail::Fail;
use super::locks::{self, Locks};
use crate::port::StoreError;

/// Applied in order; the table `parseflow_schema` counts those that were. Only ever appended to.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/postgres/0001_init.sql"),
    include_str!("../../migrations/postgres/0002_rotation_pause_headers.sql"),
    include_str!("../../migrations/postgres/0003_endpoint_pace.sql"),
    include_str!("../../migrations/postgres/0004_recovery.sql"),
    include_str!("../../migrations/postgres/0005_attempt_detail.sql"),
    include_str!("../../migrations/postgres/0006_alert.sql"),
    include_str!("../../migrations/postgres/0007_vacuum.sql"),
    include_str!("../../migrations/postgres/0008_payload_version.sql"),
    include_str!("../../migrations/postgres/0009_held.sql"),
    include_str!("../../migrations/postgres/0010_one_round_trip.sql"),
    include_str!("../../migrations/postgres/0011_held_by.sql"),
];

/// Any number: every process that migrates any database of the server uses this one.
const MIGRATION_LOCK: i64 = 0x7061_7273_6566;

/// Rows of history are written once and dropped with their day: nothing is gained by vacuuming what
/// was only inserted.
const HISTORY: &str = "WITH (autovacuum_vacuum_insert_threshold = -1)";

const DAY_MS: i64 = 86_400_000;

/// Brings the schema up to date, one process at a time.
pub(super) async fn migrate(sql: &Object) -> Result<(), Fail> {
    sql.batch_execute(&format!("BEGIN; SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    let outcome = apply(sql).await;
    sql.batch_execute(if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    outcome
}

async fn apply(sql: &Object) -> Result<(), Fail> {
    sql.batch_execute(
        "CREATE TABLE IF NOT EXISTS parseflow_schema (version integer NOT NULL);
         INSERT INTO parseflow_schema (version)
            SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM parseflow_schema)",
    )
    .await?;
    let row = sql.query_one("SELECT version FROM parseflow_schema", &[]).await?;
    let applied = usize::try_from(row.get::<_, i32>(0)).unwrap_or(usize::MAX);
    if applied > MIGRATIONS.len() {
        return Err(Fail::Store(StoreError::Damaged(format!(
            "the database has schema {applied}, this version knows {}; use a newer version",
            MIGRATIONS.len()
        ))));
    }
    for migration in &MIGRATIONS[applied..] {
        sql.batch_execute(migration).await?;
    }
    sql.execute("UPDATE parseflow_schema SET version = $1", &[&(MIGRATIONS.len() as i32)]).await?;
    Ok(())
}

/// The day whose partition holds the event, counted from 1970-01-01.
pub(crate) fn day_of(id: EventId) -> i64 {
    (id.raw() >> 22).div_euclid(DAY_MS)
}

/// The day at `at`, counted from 1970-01-01.
pub(super) fn day_at(at: Timestamp) -> i64 {
    at.millis().div_euclid(DAY_MS)
}

/// The smallest id of a day.
pub(crate) fn first_of(day: i64) -> i64 {
    EventId::first_at(Timestamp::from_millis(day * DAY_MS)).raw()
}

/// The partitions of a day.
pub(super) fn partitions(day: i64) -> [String; 2] {
    [format!("event_d{day}"), format!("attempt_d{day}")]
}

/// Creates the partitions of a day unless they are there.
pub(super) async fn create_day(sql: &Object, locks: Locks, day: i64) -> Result<(), Fail> {
    let [event, attempt] = partitions(day);
    let (from, to) = (first_of(day), first_of(day + 1));
    let lock = locks.take_text(locks::PARTITIONS);
    let create = format!(
        "BEGIN; {lock};
         CREATE TABLE IF NOT EXISTS {event} PARTITION OF event
            FOR VALUES FROM ({from}) TO ({to}) {HISTORY};
         CREATE TABLE IF NOT EXISTS {attempt} PARTITION OF attempt
            FOR VALUES FROM ({from}) TO ({to}) {HISTORY};
         COMMIT"
    );
    if let Err(error) = sql.batch_execute(&create).await {
        sql.batch_execute("ROLLBACK").await?;
        return Err(error.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_hang_together_and_every_id_has_one() {
        let at = Timestamp::from_secs(1_776_160_800);
        let day = day_at(at);
        assert_eq!(day_of(EventId::first_at(at)), day);
        assert_eq!(day_of(EventId::from_raw(first_of(day))), day);
        assert_eq!(day_of(EventId::from_raw(first_of(day + 1) - 1)), day);
    }
}
