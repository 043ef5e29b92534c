//! The rows that the ends of attempts write, many at a time.

use parseflow_model::{Attempt, DeliveryId, FailureKind, Timestamp, Trigger};

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
    let each = |value: fn(&Attempt) -> i64| attempts.iter().map(|a| value(a)).collect::<Vec<_>>();
    let endpoints: Vec<i32> = attempts.iter().map(|a| a.delivery.endpoint.0 as i32).collect();
    let events = each(|a| a.delivery.event.raw());
    let numbers: Vec<i32> = attempts.iter().map(|a| a.number as i32).collect();
    let manual: Vec<bool> = attempts.iter().map(|a| a.trigger == Trigger::Manual).collect();
    let started = each(|a| a.started_at.millis());
    let durations = each(|a| i64::from(a.duration_ms));
    let urls: Vec<&str> = attempts.iter().map(|a| a.url.as_str()).collect();
    let failures: Vec<Option<&str>> =
        attempts.iter().map(|a| a.outcome.failure.map(FailureKind::as_str)).collect();
    let statuses: Vec<Option<i32>> =
        attempts.iter().map(|a| a.outcome.status.map(i32::from)).collect();
    let errors: Vec<Option<String>> =
        attempts.iter().map(|a| a.outcome.error.as_deref().map(text)).collect();
    let headers: Vec<Option<String>> = attempts
        .iter()
        .map(|a| headers_text(&a.outcome.response_headers).map(|t| text(&t)))
        .collect();
    let (connects, first_bytes): (Vec<_>, Vec<_>) =
        attempts.iter().map(|a| timing_columns(a.outcome.timing)).unzip();
    let answers: Vec<&[u8]> = attempts.iter().map(|a| &a.outcome.response_body[..]).collect();
    tx.execute(
        "INSERT INTO attempt (endpoint_no, event_id, number, manual, started_ms, duration_ms, url,
            failure, status, error, response_body, response_headers, connect_ms, first_byte_ms)
         SELECT * FROM unnest($1::integer[], $2::bigint[], $3::integer[], $4::boolean[],
            $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::integer[], $10::text[],
            $11::bytea[], $12::text[], $13::bigint[], $14::bigint[])",
        &[
            &endpoints,
            &events,
            &numbers,
            &manual,
            &started,
            &durations,
            &urls,
            &failures,
            &statuses,
            &errors,
            &answers,
            &headers,
            &connects,
            &first_bytes,
        ],
    )
    .await
    .map(drop)
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
                held_token = 0",
        &[&endpoints, &events, &times, &reasons],
    )
    .await
    .map(drop)
}
