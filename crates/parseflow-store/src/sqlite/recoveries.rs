//! Recovering after an outage in SQLite.

use async_trait::async_trait;
use parseflow_model::{
    AccountId, DeliveryId, Endpoint, EndpointNo, EventId, Recovery, RecoveryId, RecoveryScope,
    RecoveryStatus, Timestamp, WebhookId,
};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::deliveries::{announce_head, put_again};
use super::endpoints::{by_id, by_no};
use super::engine::WriteTx;
use super::rows::{self, Kept as _, failed};
use super::{SqliteStore, cursor_time, paged, time_cursor};
use crate::port::{
    NewRecovery, Notice, Page, PageRequest, RECOVERY_LOOKED_AT_MAX, RecoveryBegun, RecoveryCancel,
    RecoveryStep, RecoveryStore, StoreError,
};

/// A recovery with the public id of its endpoint.
const SELECT: &str = "SELECT r.*, e.id AS endpoint_id FROM recovery r
     JOIN endpoint e ON e.no = r.endpoint_no";

/// Whether a row of `parked` p and `event` e is in a scope with these two masks.
const COVERED: &str = "(:states & CASE p.reason WHEN 'exhausted' THEN 1 WHEN 'cancelled' THEN 2
     ELSE 4 END) <> 0 AND (:types & (1 << e.event_type)) <> 0";

fn recovery(row: &Row<'_>) -> rusqlite::Result<Recovery> {
    Ok(Recovery {
        id: rows::parsed(row, "id")?,
        endpoint: rows::parsed(row, "endpoint_id")?,
        scope: RecoveryScope {
            since: rows::time(row, "since_ms")?,
            until: rows::time(row, "until_ms")?,
            states: row.get("states")?,
            event_types: row.get("event_mask")?,
        },
        status: rows::named(row, "status", &RecoveryStatus::ALL, RecoveryStatus::as_str)?,
        total: row.get("total")?,
        done: row.get("done")?,
        created_at: rows::time(row, "created_ms")?,
        ended_at: rows::time_opt(row, "ended_ms")?,
    })
}

fn find(sql: &Connection, no: EndpointNo, id: &RecoveryId) -> Result<Option<Recovery>, StoreError> {
    sql.prepare_cached(&format!("{SELECT} WHERE r.id = ?1 AND r.endpoint_no = ?2"))
        .and_then(|mut s| s.query_row(params![id.as_str(), no.0], recovery).optional())
        .map_err(failed)
}

fn count(sql: &Connection, no: EndpointNo, scope: &RecoveryScope) -> Result<u64, StoreError> {
    let (first, end) = scope.events();
    sql.prepare_cached(&format!(
        "SELECT COUNT(*) FROM parked p JOIN event e ON e.id = p.event_id
         WHERE p.endpoint_no = :no AND p.event_id >= :first AND p.event_id < :end AND {COVERED}"
    ))
    .and_then(|mut s| {
        let values = named_params! {
            ":no": no.0, ":first": first.raw(), ":end": end.raw(), ":states": scope.states,
            ":types": scope.event_types,
        };
        s.query_row(values, |row| row.get(0))
    })
    .map_err(failed)
}

fn begin(
    tx: &mut WriteTx<'_>,
    endpoint: &Endpoint,
    new: &NewRecovery,
) -> Result<RecoveryBegun, StoreError> {
    if !endpoint.is_active() {
        return Ok(RecoveryBegun::EndpointDisabled);
    }
    let running = "SELECT id FROM recovery WHERE endpoint_no = ?1 AND status = 'running'";
    let running = tx
        .sql
        .prepare_cached(running)
        .and_then(|mut s| s.query_row([endpoint.no.0], |row| rows::parsed(row, "id")).optional())
        .map_err(failed)?;
    if let Some(running) = running {
        return Ok(RecoveryBegun::AlreadyRunning(running));
    }
    let scope = &new.scope;
    tx.sql
        .execute_kept(
            "INSERT INTO recovery (id, endpoint_no, status, since_ms, until_ms, states, event_mask,
                next_event, total, created_ms)
             VALUES (?1, ?2, 'running', ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                new.id.as_str(),
                endpoint.no.0,
                scope.since.millis(),
                scope.until.millis(),
                scope.states,
                scope.event_types,
                scope.events().0.raw(),
                new.total,
                new.now.millis(),
            ],
        )
        .map_err(failed)?;
    tx.notices.push(Notice::RecoveryBegun);
    let begun = find(tx.sql, endpoint.no, &new.id)?.ok_or(StoreError::Closed)?;
    Ok(RecoveryBegun::Begun(Box::new(begun)))
}

fn end(
    tx: &WriteTx<'_>,
    id: &RecoveryId,
    status: RecoveryStatus,
    now: Timestamp,
) -> Result<bool, StoreError> {
    tx.sql
        .prepare_cached(
            "UPDATE recovery SET status = ?2, ended_ms = ?3 WHERE id = ?1 AND status = 'running'",
        )
        .and_then(|mut s| s.execute(params![id.as_str(), status.as_str(), now.millis()]))
        .map(|changed| changed == 1)
        .map_err(failed)
}

/// A recovery that runs, as a step needs it.
struct Running {
    no: EndpointNo,
    next_event: i64,
    end: i64,
    states: u8,
    event_types: u8,
}

fn running(sql: &Connection, id: &RecoveryId) -> Result<Option<Running>, StoreError> {
    sql.prepare_cached("SELECT * FROM recovery WHERE id = ?1 AND status = 'running'")
        .and_then(|mut s| {
            s.query_row([id.as_str()], |row| {
                Ok(Running {
                    no: EndpointNo(row.get("endpoint_no")?),
                    next_event: row.get("next_event")?,
                    end: EventId::first_at(rows::time(row, "until_ms")?).raw(),
                    states: row.get("states")?,
                    event_types: row.get("event_mask")?,
                })
            })
            .optional()
        })
        .map_err(failed)
}

/// How many deliveries of the endpoint wait although their time has come, counted up to `max`.
fn waiting(
    sql: &Connection,
    no: EndpointNo,
    now: Timestamp,
    max: usize,
) -> Result<usize, StoreError> {
    sql.prepare_cached(
        "SELECT COUNT(*) FROM (SELECT 1 FROM due WHERE endpoint_no = ?1 AND ready_ms <= ?2 LIMIT ?3)",
    )
    .and_then(|mut s| s.query_row(params![no.0, now.millis(), max], |row| row.get(0)))
    .map_err(failed)
}

/// The next parked rows at the cursor: event, and whether it is in the scope.
fn looked_at(sql: &Connection, job: &Running) -> Result<Vec<(i64, bool)>, StoreError> {
    sql.prepare_cached(&format!(
        "SELECT p.event_id, e.id IS NOT NULL AND {COVERED} FROM parked p
         LEFT JOIN event e ON e.id = p.event_id
         WHERE p.endpoint_no = :no AND p.event_id >= :first AND p.event_id < :end
         ORDER BY p.event_id LIMIT :most"
    ))
    .and_then(|mut s| {
        let values = named_params! {
            ":no": job.no.0, ":first": job.next_event, ":end": job.end, ":states": job.states,
            ":types": job.event_types, ":most": RECOVERY_LOOKED_AT_MAX,
        };
        s.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    })
    .map_err(failed)
}

/// Makes a parked delivery due, as asked for by hand.
fn unpark(
    tx: &WriteTx<'_>,
    no: EndpointNo,
    event: EventId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let made = tx
        .sql
        .prepare_cached(
            "SELECT COALESCE(MAX(number), 0) FROM attempt WHERE endpoint_no = ?1 AND event_id = ?2",
        )
        .and_then(|mut s| s.query_row(params![no.0, event.raw()], |row| row.get(0)))
        .map_err(failed)?;
    put_again(tx, no, event, now, made)
}

fn advance(
    tx: &mut WriteTx<'_>,
    id: &RecoveryId,
    now: Timestamp,
    waiting_max: usize,
) -> Result<RecoveryStep, StoreError> {
    let Some(job) = running(tx.sql, id)? else { return Ok(RecoveryStep::Ended) };
    let endpoint = match by_no(tx.sql, job.no)? {
        Some(endpoint) if endpoint.is_active() => endpoint,
        _ => {
            end(tx, id, RecoveryStatus::Cancelled, now)?;
            return Ok(RecoveryStep::Ended);
        }
    };
    let room = waiting_max - waiting(tx.sql, job.no, now, waiting_max)?;
    if endpoint.is_paused() || room == 0 {
        return Ok(RecoveryStep::Waiting);
    }
    let rows = looked_at(tx.sql, &job)?;
    let (mut moved, mut next_event) = (Vec::new(), job.next_event);
    let mut is_last = rows.len() < RECOVERY_LOOKED_AT_MAX;
    for (event, covered) in rows {
        if covered && moved.len() == room {
            is_last = false;
            break;
        }
        next_event = event + 1;
        if covered {
            let event = EventId::from_raw(event);
            unpark(tx, job.no, event, now)?;
            moved.push(DeliveryId { event, endpoint: job.no });
        }
    }
    tx.sql
        .prepare_cached("UPDATE recovery SET next_event = ?2, done = done + ?3 WHERE id = ?1")
        .and_then(|mut s| s.execute(params![id.as_str(), next_event, moved.len()]))
        .map_err(failed)?;
    if endpoint.settings.ordered {
        announce_head(tx, job.no)?;
    } else if !moved.is_empty() {
        tx.notices.push(Notice::Due { endpoint: job.no, at: now });
    }
    if !is_last {
        return Ok(RecoveryStep::Moved(moved));
    }
    end(tx, id, RecoveryStatus::Completed, now)?;
    Ok(RecoveryStep::Completed(moved))
}

fn cancel(
    tx: &WriteTx<'_>,
    no: EndpointNo,
    id: &RecoveryId,
    now: Timestamp,
) -> Result<RecoveryCancel, StoreError> {
    let ended_now = match find(tx.sql, no, id)? {
        Some(_) => end(tx, id, RecoveryStatus::Cancelled, now)?,
        None => return Ok(RecoveryCancel::NotFound),
    };
    let after = Box::new(find(tx.sql, no, id)?.ok_or(StoreError::Closed)?);
    Ok(if ended_now {
        RecoveryCancel::Cancelled(after)
    } else {
        RecoveryCancel::AlreadyEnded(after)
    })
}

/// Forgets recoveries that ended before `before`; called by retention.
pub(super) fn forget_ended(sql: &Connection, before: Timestamp) -> Result<(), StoreError> {
    sql.prepare_cached("DELETE FROM recovery WHERE ended_ms < ?1")
        .and_then(|mut s| s.execute([before.millis()]))
        .map(|_| ())
        .map_err(failed)
}

#[async_trait]
impl RecoveryStore for SqliteStore {
    async fn recoverable(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        scope: RecoveryScope,
    ) -> Result<Option<u64>, StoreError> {
        let (account, endpoint) = (account.clone(), endpoint.clone());
        self.read(move |sql| match by_id(sql, &account, &endpoint)? {
            Some(endpoint) => count(sql, endpoint.no, &scope).map(Some),
            None => Ok(None),
        })
        .await
    }

    async fn begin_recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        new: NewRecovery,
    ) -> Result<RecoveryBegun, StoreError> {
        let (account, endpoint) = (account.clone(), endpoint.clone());
        self.write(move |tx| match by_id(tx.sql, &account, &endpoint)? {
            Some(endpoint) => begin(tx, &endpoint, &new),
            None => Ok(RecoveryBegun::NoEndpoint),
        })
        .await
    }

    async fn recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: &RecoveryId,
    ) -> Result<Option<Recovery>, StoreError> {
        let (account, endpoint, id) = (account.clone(), endpoint.clone(), id.clone());
        self.read(move |sql| match by_id(sql, &account, &endpoint)? {
            Some(endpoint) => find(sql, endpoint.no, &id),
            None => Ok(None),
        })
        .await
    }

    async fn recoveries(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        page: &PageRequest,
    ) -> Result<Option<Page<Recovery>>, StoreError> {
        let (account, endpoint, page) = (account.clone(), endpoint.clone(), page.clone());
        self.read(move |sql| {
            let Some(endpoint) = by_id(sql, &account, &endpoint)? else { return Ok(None) };
            let (before, before_id) = cursor_time(page.cursor.as_deref());
            let found = sql
                .prepare_cached(&format!(
                    "{SELECT} WHERE r.endpoint_no = ?1 AND (r.created_ms, r.id) < (?2, ?3)
                     ORDER BY r.created_ms DESC, r.id DESC LIMIT ?4"
                ))
                .and_then(|mut s| {
                    let values = params![endpoint.no.0, before, before_id, page.limit + 1];
                    s.query_map(values, recovery)?.collect::<Result<Vec<_>, _>>()
                })
                .map_err(failed)?;
            Ok(Some(paged(found, page.limit, |row| time_cursor(row.created_at, row.id.as_str()))))
        })
        .await
    }

    async fn cancel_recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: &RecoveryId,
        now: Timestamp,
    ) -> Result<RecoveryCancel, StoreError> {
        let (account, endpoint, id) = (account.clone(), endpoint.clone(), id.clone());
        self.write(move |tx| match by_id(tx.sql, &account, &endpoint)? {
            Some(endpoint) => cancel(tx, endpoint.no, &id, now),
            None => Ok(RecoveryCancel::NotFound),
        })
        .await
    }

    async fn running_recoveries(&self, max: usize) -> Result<Vec<RecoveryId>, StoreError> {
        self.read(move |sql| {
            sql.prepare_cached(
                "SELECT id FROM recovery WHERE status = 'running' AND endpoint_no > 0
                 ORDER BY endpoint_no LIMIT ?1",
            )
            .and_then(|mut s| s.query_map([max], |row| rows::parsed(row, "id"))?.collect())
            .map_err(failed)
        })
        .await
    }

    async fn advance_recovery(
        &self,
        id: &RecoveryId,
        now: Timestamp,
        waiting_max: usize,
    ) -> Result<RecoveryStep, StoreError> {
        let id = id.clone();
        self.write(move |tx| advance(tx, &id, now, waiting_max)).await
    }
}
