//! The rows that the ends of attempts write, many at a time.

use parseflow_model::{Attempt, DeliveryId, FailureKind, Timestamp, Trigger};
use tokio_postgres::types::ToSql;

use super::emit::columns;
use super::fail::Fail;
use super::rows::text;
use super::tx::Tx;
use crate::attempt_detail::{headers_text, timing_columns};

/// Deliveries given as two arrays.
pub(super) const DELIVERIES: &str =
    "unnest($1::integer[], $2::bigint[]) AS k (endpoint_no, event_id)";

/// Logs attempts.
pub(super) async fn insert_attempts(tx: &Tx, attempts: &[&Attempt]) -> Result<(), Fail> {
    if attempts.is_empty() {
        return Ok(());
    }
    let columns = AttemptColumns::of(attempts);
    tx.execute(
        "INSERT INTO attempt (endpoint_no, event_id, number, manual, started_ms, duration_ms, url,
            failure, status, error, response_body, response_headers, connect_ms, first_byte_ms)
         SELECT * FROM unnest($1::integer[], $2::bigint[], $3::integer[], $4::boolean[],
            $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::integer[], $10::text[],
            $11::bytea[], $12::text[], $13::bigint[], $14::bigint[])",
        &columns.values(),
    )
    .await
    .map(drop)
}

/// Attempts as columns of arrays.
pub(super) struct AttemptColumns<'a> {
    endpoints: Vec<i32>,
    events: Vec<i64>,
    numbers: Vec<i32>,
    manual: Vec<bool>,
    started: Vec<i64>,
    durations: Vec<i64>,
    urls: Vec<&'a str>,
    failures: Vec<Option<&'static str>>,
    statuses: Vec<Option<i32>>,
    errors: Vec<Option<String>>,
    answers: Vec<&'a [u8]>,
    headers: Vec<Option<String>>,
    connects: Vec<Option<i64>>,
    first_bytes: Vec<Option<i64>>,
}

impl<'a> AttemptColumns<'a> {
    pub(super) fn of(attempts: &[&'a Attempt]) -> Self {
        let each =
            |value: fn(&Attempt) -> i64| attempts.iter().map(|a| value(a)).collect::<Vec<_>>();
        let headers =
            |a: &&Attempt| headers_text(&a.outcome.response_headers).map(|headers| text(&headers));
        let (connects, first_bytes) =
            attempts.iter().map(|a| timing_columns(a.outcome.timing)).unzip();
        Self {
            endpoints: attempts.iter().map(|a| a.delivery.endpoint.0 as i32).collect(),
            events: each(|a| a.delivery.event.raw()),
            numbers: attempts.iter().map(|a| a.number as i32).collect(),
            manual: attempts.iter().map(|a| a.trigger == Trigger::Manual).collect(),
            started: each(|a| a.started_at.millis()),
            durations: each(|a| i64::from(a.duration_ms)),
            urls: attempts.iter().map(|a| a.url.as_str()).collect(),
            failures: attempts.iter().map(|a| a.outcome.failure.map(FailureKind::as_str)).collect(),
            statuses: attempts.iter().map(|a| a.outcome.status.map(i32::from)).collect(),
            errors: attempts.iter().map(|a| a.outcome.error.as_deref().map(text)).collect(),
            answers: attempts.iter().map(|a| &a.outcome.response_body[..]).collect(),
            headers: attempts.iter().map(headers).collect(),
            connects,
            first_bytes,
        }
    }

    /// In the order of the table's columns.
    pub(super) fn values(&self) -> [&(dyn ToSql + Sync); 14] {
        [
            &self.endpoints,
            &self.events,
            &self.numbers,
            &self.manual,
            &self.started,
            &self.durations,
            &self.urls,
            &self.failures,
            &self.statuses,
            &self.errors,
            &self.answers,
            &self.headers,
            &self.connects,
            &self.first_bytes,
        ]
    }
}

/// Removes rows of `due` or `parked`.
pub(super) async fn delete(tx: &Tx, table: &str, ids: &[DeliveryId]) -> Result<(), Fail> {
    if ids.is_empty() {
        return Ok(());
    }
    let (endpoints, events): (Vec<i32>, Vec<i64>) =
        ids.iter().map(|id| (id.endpoint.0 as i32, id.event.raw())).unzip();
    let delete = format!(
        "DELETE FROM {table} d USING {DELIVERIES}
         WHERE d.endpoint_no = k.endpoint_no AND d.event_id = k.event_id"
    );
    tx.execute(&delete, &[&endpoints, &events]).await.map(drop)
}

/// A delivery that is to be tried again.
pub(super) struct Again {
    pub(super) id: DeliveryId,
    pub(super) at: Timestamp,
    pub(super) attempts_made: u32,
    /// Asked for by hand.
    pub(super) manual: bool,
}

/// Writes down that deliveries are to be tried again, unclaimed.
pub(super) async fn put_due(tx: &Tx, due: &[Again]) -> Result<(), Fail> {
    if due.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = due.iter().map(|one| (one.id.endpoint, one.id.event, one.at)).collect();
    let (endpoints, events, times) = columns(&rows);
    let made: Vec<i32> = due.iter().map(|one| one.attempts_made as i32).collect();
    let manual: Vec<bool> = due.iter().map(|one| one.manual).collect();
    tx.execute(
        "INSERT INTO due (endpoint_no, event_id, due_ms, attempts_made, manual)
         SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::integer[],
            $5::boolean[])
         ON CONFLICT (endpoint_no, event_id) DO UPDATE SET due_ms = excluded.due_ms,
            attempts_made = excluded.attempts_made, manual = excluded.manual, lease_ms = 0,
            token = 0, epoch = 0",
        &[&endpoints, &events, &times, &made, &manual],
    )
    .await
    .map(drop)
}

/// Records that deliveries ended without success.
pub(super) async fn park(
    tx: &Tx,
    parked: &[(DeliveryId, Timestamp, &'static str)],
) -> Result<(), Fail> {
    if parked.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = parked.iter().map(|(id, at, _)| (id.endpoint, id.event, *at)).collect();
    let (endpoints, events, times) = columns(&rows);
    let reasons: Vec<&str> = parked.iter().map(|(.., reason)| *reason).collect();
    tx.execute(
        "INSERT INTO parked (endpoint_no, event_id, parked_ms, reason)
         SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::text[])
         ON CONFLICT (endpoint_no, event_id)
            DO UPDATE SET reason = excluded.reason, parked_ms = excluded.parked_ms, held_ms = 0,
                held_token = 0, held_epoch = 0",
        &[&endpoints, &events, &times, &reasons],
    )
    .await
    .map(drop)
}
