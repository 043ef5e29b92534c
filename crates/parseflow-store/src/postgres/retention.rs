//! Retention: days that are over are dropped whole, the day that is ending is emptied in slices.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Object;
use parseflow_model::{EventId, Timestamp};

use super::fail::Fail;
use super::operate::IDEMPOTENCY_LIFE;
use super::tx::{Values, in_tx};
use super::{Inner, locks, rows, schema};
use crate::port::{StoreError, Swept};

/// Days made ahead: a process that cannot create tables for a while goes on.
const DAYS_AHEAD: i64 = 3;
/// A day is dropped this long after it is over, so that no attempt on its events is under way.
const GRACE: Duration = Duration::from_secs(3_600);

/// Removes what is older than `before`; see the port. One process at a time: the others find nothing
/// to do.
pub(super) async fn sweep(
    inner: &Arc<Inner>,
    before: Timestamp,
    now: Timestamp,
    rows_max: usize,
) -> Result<Swept, StoreError> {
    for day in 0..=DAYS_AHEAD {
        inner.prepare_day(schema::day_at(now) + day).await?;
    }
    let sql = inner.connection().await?;
    let alone = sql
        .query_one("SELECT pg_try_advisory_lock($1, $2)", &[&inner.locks.class, &locks::SWEEP])
        .await;
    let alone = alone.map_err(|error| Fail::Db(error).into_store())?;
    if !alone.get::<_, bool>(0) {
        return Ok(Swept::default());
    }
    let removed = sweep_alone(inner, &sql, before, now, rows_max).await;
    let unlock = "SELECT pg_advisory_unlock($1, $2)";
    if sql.execute(unlock, &[&inner.locks.class, &locks::SWEEP]).await.is_err() {
        // The lock ends with its connection.
        drop(Object::take(sql));
    }
    removed
}

async fn sweep_alone(
    inner: &Arc<Inner>,
    sql: &Object,
    before: Timestamp,
    now: Timestamp,
    rows_max: usize,
) -> Result<Swept, StoreError> {
    let dropped = drop_days(inner, sql, before, rows_max).await.map_err(Fail::into_store)?;
    in_tx!(inner, tx => {
        let expired = (now - IDEMPOTENCY_LIFE).millis();
        tx.execute("DELETE FROM idempotency WHERE created_ms <= $1", &[&expired]).await?;
        tx.execute("DELETE FROM recovery WHERE ended_ms < $1", &[&before.millis()]).await?;
        // What is still in some process's memory is never older than retention in earnest.
        let (epoch, low) = {
            let ledger = inner.ledger();
            (ledger.seat.map_or(0, |seat| seat.epoch), ledger.low_of_seat())
        };
        let before = EventId::first_at(before).raw().min(low);
        let swept = tx
            .one(
                "WITH old AS MATERIALIZED (
                    SELECT id, targets FROM event
                    WHERE id < LEAST($1, (SELECT MIN(low) FROM node
                        WHERE dispatching AND epoch <> $3))
                    ORDER BY id LIMIT $2),
                 weighed AS MATERIALIZED (SELECT id, targets, 1 + (SELECT COUNT(*) FROM attempt a
                    WHERE a.event_id = old.id AND a.endpoint_no = ANY (old.targets)) AS weight
                    FROM old),
                 chosen AS MATERIALIZED (SELECT id, targets FROM (SELECT id, targets,
                        SUM(weight) OVER (ORDER BY id) - weight AS before FROM weighed) AS summed
                    WHERE before < $2),
                 pair AS MATERIALIZED (SELECT id, t.no
                    FROM chosen CROSS JOIN unnest(targets) AS t (no)),
                 gone_attempts AS (DELETE FROM attempt USING pair
                    WHERE endpoint_no = pair.no AND event_id = pair.id),
                 gone_due AS (DELETE FROM due USING pair
                    WHERE endpoint_no = pair.no AND event_id = pair.id),
                 gone_parked AS (DELETE FROM parked USING pair
                    WHERE endpoint_no = pair.no AND event_id = pair.id),
                 gone AS (DELETE FROM event USING chosen WHERE event.id = chosen.id RETURNING 1)
                 SELECT (SELECT COUNT(*) FROM gone) AS removed, (SELECT COUNT(*) FROM old) AS found",
                &[&before, &(rows_max as i64), &epoch],
            )
            .await?;
        let (removed, found): (usize, usize) =
            (rows::number(&swept, "removed")?, rows::number(&swept, "found")?);
        Ok(Swept { events: dropped + removed, is_cut: removed < found || found == rows_max })
    })
}

/// Drops the partitions of days that are wholly older than `before`; how many events they held.
async fn drop_days(
    inner: &Inner,
    sql: &Object,
    before: Timestamp,
    rows_max: usize,
) -> Result<usize, Fail> {
    let over = schema::day_at(before - GRACE);
    let rows = sql
        .query(
            "SELECT substring(c.relname FROM 8)::bigint AS day, i.inhdetachpending AS pending
             FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = 'event'::regclass AND c.relname LIKE 'event\\_d%'",
            &[],
        )
        .await?;
    let mut removed = 0;
    for row in rows {
        let (day, pending): (i64, bool) = (row.get("day"), row.get("pending"));
        if day < over {
            removed += drop_day(sql, day, pending, rows_max).await?;
            inner.days().remove(&day);
        }
    }
    Ok(removed)
}

async fn drop_day(sql: &Object, day: i64, pending: bool, rows_max: usize) -> Result<usize, Fail> {
    let [event, attempt] = schema::partitions(day);
    let events = if pending { 0 } else { events_of(sql, &event).await? };
    let end = schema::first_of(day + 1);
    empty_due(sql, end, rows_max).await?;
    empty_parked(sql, end, rows_max).await?;
    // Detached without a lock that anybody would wait for, then dropped. The events go last: while
    // they are there an interrupted removal is begun again.
    for (parent, partition) in [("attempt", &attempt), ("event", &event)] {
        detach(sql, parent, partition).await?;
        sql.batch_execute(&format!("DROP TABLE IF EXISTS {partition}")).await?;
    }
    tracing::info!(day, events, "a day of history was removed");
    Ok(usize::try_from(events).unwrap_or(0))
}

/// How many events a day holds; of a large one what the last `ANALYZE` found, as counting reads it all.
async fn events_of(sql: &Object, partition: &str) -> Result<i64, Fail> {
    const LARGE_BYTES: i64 = 16 * 1024 * 1024;
    let known = sql
        .query_one(
            "SELECT reltuples::bigint, pg_relation_size(oid) FROM pg_class
             WHERE oid = to_regclass($1)",
            &[&partition],
        )
        .await?;
    let (events, bytes): (i64, i64) = (known.get(0), known.get(1));
    if events >= 0 && bytes > LARGE_BYTES {
        return Ok(events);
    }
    Ok(sql.query_one(&format!("SELECT COUNT(*) FROM {partition}"), &[]).await?.get(0))
}

/// Removes what is due of events before `end`, in slices, each a commit. There is no index by event:
/// the slices follow one another along the primary key.
async fn empty_due(sql: &Object, end: i64, rows_max: usize) -> Result<(), Fail> {
    let mut last = (i32::MIN, i64::MIN);
    loop {
        let slice = "WITH old AS MATERIALIZED (SELECT endpoint_no, event_id FROM due
                WHERE (endpoint_no, event_id) > ($2, $3) AND event_id < $1
                ORDER BY endpoint_no, event_id LIMIT $4),
             gone AS (DELETE FROM due USING old
                WHERE due.endpoint_no = old.endpoint_no AND due.event_id = old.event_id)
             SELECT endpoint_no, event_id FROM old ORDER BY endpoint_no DESC, event_id DESC LIMIT 1";
        let values: Values<'_> = &[&end, &last.0, &last.1, &(rows_max as i64)];
        let Some(row) = sql.query_opt(slice, values).await? else { return Ok(()) };
        last = (row.get(0), row.get(1));
    }
}

/// Removes what is parked of events before `end`, in slices, each a commit.
async fn empty_parked(sql: &Object, end: i64, rows_max: usize) -> Result<(), Fail> {
    let slice = "WITH old AS MATERIALIZED (SELECT endpoint_no, event_id FROM parked
            WHERE event_id < $1 ORDER BY event_id LIMIT $2)
         DELETE FROM parked USING old
            WHERE parked.endpoint_no = old.endpoint_no AND parked.event_id = old.event_id";
    while sql.execute(slice, &[&end, &(rows_max as i64)]).await? > 0 {}
    Ok(())
}

async fn detach(sql: &Object, parent: &str, partition: &str) -> Result<(), Fail> {
    let found = sql
        .query_opt(
            "SELECT inhdetachpending FROM pg_inherits
             WHERE inhparent = to_regclass($1) AND inhrelid = to_regclass($2)",
            &[&parent, &partition],
        )
        .await?;
    let how = match found.map(|row| row.get::<_, bool>(0)) {
        None => return Ok(()),
        Some(true) => "FINALIZE",
        Some(false) => "CONCURRENTLY",
    };
    sql.batch_execute(&format!("ALTER TABLE {parent} DETACH PARTITION {partition} {how}")).await?;
    Ok(())
}
