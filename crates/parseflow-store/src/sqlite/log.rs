//! The delivery log in SQLite, and sending again by hand.

use async_trait::async_trait;
use parseflow_model::{
    AccountId, Attempt, AttemptOutcome, DeliveryId, DeliveryState, Endpoint, EndpointNo, EventId,
    FailureKind, Timestamp, Trigger, WebhookId,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::SqliteStore;
use super::deliveries::{check_lease, claim, put_again, release, spill, start, wakeups};
use super::endpoints::by_id;
use super::engine::{Haste, WriteTx};
use super::events::event_by_id;
use super::rows::{self, InOrder, failed};
use super::settle::settle;
use crate::attempt_detail::timing_from;
use crate::port::{
    Claim, ClaimedDue, DeliveryDetail, DeliveryRow, DeliveryStore, DispatcherLease, Notice, Page,
    PageRequest, Settled, Settlement, StoreError,
};

/// Most events looked through for first attempts that are in memory only.
const FRESH_SCAN_MAX: usize = 10_000;

/// Columns of `attempt`, in the order in which [`attempt`] reads them.
const ATTEMPT: &str = "event_id, endpoint_no, number, manual, started_ms, duration_ms, url, failure, \
     status, error, response_body, response_headers, connect_ms, first_byte_ms";

fn attempt(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    let mut columns = InOrder::new(row);
    Ok(Attempt {
        delivery: DeliveryId {
            event: EventId::from_raw(columns.get()?),
            endpoint: EndpointNo(columns.get()?),
        },
        number: columns.get()?,
        trigger: if columns.get()? { Trigger::Manual } else { Trigger::Schedule },
        started_at: rows::time(row, columns.next())?,
        duration_ms: columns.get()?,
        url: columns.get()?,
        outcome: AttemptOutcome {
            failure: failure(row, columns.next())?,
            status: columns.get()?,
            error: columns.get()?,
            response_body: columns.get()?,
            response_headers: rows::headers(row, columns.next())?,
            timing: timing_from(columns.get()?, columns.get()?),
            retry_after_secs: None,
        },
    })
}

fn failure(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<FailureKind>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    let kind = |text| FailureKind::ALL.into_iter().find(|kind| kind.as_str() == text);
    Ok(text.map(|text| kind(text).unwrap_or(FailureKind::Protocol)))
}

fn attempts_of(sql: &Connection, id: DeliveryId) -> Result<Vec<Attempt>, StoreError> {
    sql.prepare_cached(&format!(
        "SELECT {ATTEMPT} FROM attempt WHERE endpoint_no = ?1 AND event_id = ?2 ORDER BY number"
    ))
    .and_then(|mut s| s.query_map(params![id.endpoint.0, id.event.raw()], attempt)?.collect())
    .map_err(failed)
}

fn due_at(sql: &Connection, id: DeliveryId) -> Result<Option<Timestamp>, StoreError> {
    sql.prepare_cached("SELECT due_ms FROM due WHERE endpoint_no = ?1 AND event_id = ?2")
        .and_then(|mut s| {
            s.query_row(params![id.endpoint.0, id.event.raw()], |row| rows::time(row, "due_ms"))
                .optional()
        })
        .map_err(failed)
}

fn parked_as(sql: &Connection, id: DeliveryId) -> Result<Option<DeliveryState>, StoreError> {
    let reason: Option<String> = sql
        .prepare_cached("SELECT reason FROM parked WHERE endpoint_no = ?1 AND event_id = ?2")
        .and_then(|mut s| {
            s.query_row(params![id.endpoint.0, id.event.raw()], |row| row.get(0)).optional()
        })
        .map_err(failed)?;
    Ok(reason.and_then(|text| DeliveryState::ALL.into_iter().find(|s| s.as_str() == text)))
}

/// What a delivery has come to, from what is stored about it.
fn state(
    due_at: Option<Timestamp>,
    parked: Option<DeliveryState>,
    latest: Option<&Attempt>,
) -> DeliveryState {
    match (due_at, parked, latest) {
        (Some(_), _, None) => DeliveryState::Pending,
        (Some(_), _, Some(_)) => DeliveryState::Retrying,
        (None, Some(parked), _) => parked,
        (None, None, None) => DeliveryState::Pending,
        (None, None, Some(attempt)) if attempt.outcome.is_success() => DeliveryState::Succeeded,
        (None, None, Some(_)) => DeliveryState::Exhausted,
    }
}

fn detail(sql: &Connection, id: DeliveryId) -> Result<Option<DeliveryDetail>, StoreError> {
    let Some(event) = event_by_id(sql, id.event)? else { return Ok(None) };
    let attempts = attempts_of(sql, id)?;
    let next_attempt_at = due_at(sql, id)?;
    let latest = attempts.last();
    let row = DeliveryRow {
        id,
        event_type: event.event_type,
        occurred_at: event.occurred_at,
        state: state(next_attempt_at, parked_as(sql, id)?, latest),
        attempts: attempts.len() as u32,
        next_attempt_at,
        last_status: latest.and_then(|attempt| attempt.outcome.status),
    };
    Ok(Some(DeliveryDetail { row, event, attempts }))
}

/// Whether the event was addressed to the endpoint.
fn is_addressed(sql: &Connection, id: DeliveryId) -> Result<bool, StoreError> {
    let targets: Option<Vec<u8>> = sql
        .prepare_cached("SELECT targets FROM event WHERE id = ?1")
        .and_then(|mut s| s.query_row([id.event.raw()], |row| row.get(0)).optional())
        .map_err(failed)?;
    Ok(targets.is_some_and(|blob| rows::targets(&blob).any(|no| no == id.endpoint)))
}

/// Ids of the endpoint's deliveries below `before`, newest first.
fn newest(
    sql: &Connection,
    no: EndpointNo,
    before: i64,
    limit: usize,
) -> Result<Vec<EventId>, StoreError> {
    let mut found: Vec<i64> = sql
        .prepare_cached(
            "SELECT event_id FROM (
                SELECT * FROM (SELECT DISTINCT event_id FROM attempt
                    WHERE endpoint_no = ?1 AND event_id < ?2 ORDER BY event_id DESC LIMIT ?3)
                UNION SELECT * FROM (SELECT event_id FROM due
                    WHERE endpoint_no = ?1 AND event_id < ?2 ORDER BY event_id DESC LIMIT ?3)
                UNION SELECT * FROM (SELECT event_id FROM parked
                    WHERE endpoint_no = ?1 AND event_id < ?2 ORDER BY event_id DESC LIMIT ?3))
             ORDER BY event_id DESC LIMIT ?3",
        )
        .and_then(|mut s| s.query_map(params![no.0, before, limit], |row| row.get(0))?.collect())
        .map_err(failed)?;
    found.extend(in_memory_only(sql, no, before, limit)?);
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.dedup();
    found.truncate(limit);
    Ok(found.into_iter().map(EventId::from_raw).collect())
}

/// Events at or above the low-water mark addressed to the endpoint: their first attempt may exist
/// in memory only.
fn in_memory_only(
    sql: &Connection,
    no: EndpointNo,
    before: i64,
    limit: usize,
) -> Result<Vec<i64>, StoreError> {
    let mut statement = sql
        .prepare_cached(
            "SELECT id, targets FROM event
             WHERE id >= (SELECT value FROM mark WHERE name = 'low') AND id < ?1
             ORDER BY id DESC LIMIT ?2",
        )
        .map_err(failed)?;
    let mut found = Vec::new();
    let mut events = statement.query(params![before, FRESH_SCAN_MAX]).map_err(failed)?;
    while let Some(row) = events.next().map_err(failed)? {
        let targets: Vec<u8> = row.get(1).map_err(failed)?;
        if rows::targets(&targets).any(|target| target == no) {
            found.push(row.get(0).map_err(failed)?);
            if found.len() == limit {
                break;
            }
        }
    }
    Ok(found)
}

fn redeliver(
    tx: &mut WriteTx<'_>,
    endpoint: &Endpoint,
    id: DeliveryId,
    now: Timestamp,
) -> Result<Option<DeliveryState>, StoreError> {
    let Some(detail) = detail(tx.sql, id)? else { return Ok(None) };
    let waits_in_memory =
        detail.row.state == DeliveryState::Pending && detail.row.next_attempt_at.is_none();
    if waits_in_memory {
        return Ok(Some(DeliveryState::Pending));
    }
    let is_in_flight: bool = tx
        .sql
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM due
             WHERE endpoint_no = ?1 AND event_id = ?2 AND token <> 0 AND ready_ms > ?3)",
        )
        .and_then(|mut s| {
            s.query_row(params![id.endpoint.0, id.event.raw(), now.millis()], |row| row.get(0))
        })
        .map_err(failed)?;
    if !is_in_flight {
        put_again(tx, endpoint.no, id.event, now, detail.row.attempts)?;
        tx.notices.push(Notice::Due { endpoint: endpoint.no, at: now });
    }
    Ok(Some(if detail.row.attempts == 0 {
        DeliveryState::Pending
    } else {
        DeliveryState::Retrying
    }))
}

#[async_trait]
impl DeliveryStore for SqliteStore {
    async fn start_dispatcher(&self, now: Timestamp) -> Result<DispatcherLease, StoreError> {
        self.write(move |tx| start(tx, now)).await
    }

    async fn wakeups(&self) -> Result<Vec<(EndpointNo, Timestamp)>, StoreError> {
        self.read(wakeups).await
    }

    async fn claim_due(
        &self,
        lease: &DispatcherLease,
        endpoint: EndpointNo,
        now: Timestamp,
        lease_until: Timestamp,
        max: usize,
    ) -> Result<ClaimedDue, StoreError> {
        let lease = *lease;
        self.write(move |tx| {
            check_lease(tx, &lease)?;
            claim(tx, endpoint, now, lease_until, max)
        })
        .await
    }

    async fn spill(
        &self,
        lease: &DispatcherLease,
        deliveries: Vec<DeliveryId>,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let lease = *lease;
        self.write(move |tx| {
            check_lease(tx, &lease)?;
            spill(tx, deliveries, due_at)
        })
        .await
    }

    async fn release(
        &self,
        lease: &DispatcherLease,
        deliveries: Vec<(DeliveryId, Claim)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let lease = *lease;
        self.write(move |tx| {
            check_lease(tx, &lease)?;
            release(tx, deliveries, now)
        })
        .await
    }

    async fn settle(
        &self,
        lease: &DispatcherLease,
        settlement: Settlement,
    ) -> Result<Settled, StoreError> {
        let lease = *lease;
        let haste = if settlement.can_wait() { Haste::Patient } else { Haste::Urgent };
        self.engine.write_deciding_first(haste, move |tx| settle(tx, &lease, settlement)).await
    }

    async fn deliveries(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        page: &PageRequest,
    ) -> Result<Option<Page<DeliveryRow>>, StoreError> {
        let (account, endpoint, page) = (account.clone(), endpoint.clone(), page.clone());
        self.read(move |sql| {
            let Some(endpoint) = by_id(sql, &account, &endpoint)? else { return Ok(None) };
            let before = super::cursor_number(page.cursor.as_deref());
            let mut found = Vec::new();
            for event in newest(sql, endpoint.no, before, page.limit + 1)? {
                let id = DeliveryId { event, endpoint: endpoint.no };
                found.extend(detail(sql, id)?.map(|detail| detail.row));
            }
            Ok(Some(super::paged(found, page.limit, |row| row.id.event.raw().to_string())))
        })
        .await
    }

    async fn delivery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: DeliveryId,
    ) -> Result<Option<DeliveryDetail>, StoreError> {
        let (account, endpoint) = (account.clone(), endpoint.clone());
        self.read(move |sql| match by_id(sql, &account, &endpoint)? {
            Some(endpoint) if endpoint.no == id.endpoint && is_addressed(sql, id)? => {
                detail(sql, id)
            }
            _ => Ok(None),
        })
        .await
    }

    async fn redeliver(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: DeliveryId,
        now: Timestamp,
    ) -> Result<Option<DeliveryState>, StoreError> {
        let (account, endpoint) = (account.clone(), endpoint.clone());
        self.write(move |tx| match by_id(tx.sql, &account, &endpoint)? {
            Some(endpoint) if endpoint.no == id.endpoint && is_addressed(tx.sql, id)? => {
                redeliver(tx, &endpoint, id, now)
            }
            _ => Ok(None),
        })
        .await
    }
}
