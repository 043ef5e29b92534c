//! The delivery log in PostgreSQL, and sending again by hand.

use std::collections::BTreeSet;

use async_trait::async_trait;
use parseflow_model::{
    AccountId, Attempt, DeliveryId, DeliveryState, Endpoint, EndpointNo, EventId, Timestamp,
    WebhookId,
};
use tokio::sync::oneshot;

use super::deliveries::{check_lease, claim, put_again, release, spill, wakeups};
use super::fail::Fail;
use super::rows::{self, get};
use super::tx::{Tx, in_tx};
use super::{Inner, PostgresStore, endpoints, seat, settle};
use crate::paging::{cursor_number, paged};
use crate::port::{
    Claim, ClaimedDue, DeliveryDetail, DeliveryRow, DeliveryStore, DispatcherLease, EndpointStore,
    Heartbeat, Notice, Page, PageRequest, Settled, Settlement, StoreError,
};

/// Most events looked through for first attempts that are in memory only.
const FRESH_SCAN_MAX: i64 = 10_000;

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

/// The event, when it is due, and why it was parked, in one row.
const DETAIL: &str = "SELECT e.*, d.due_ms, p.reason FROM event e
     LEFT JOIN due d ON d.endpoint_no = $1 AND d.event_id = e.id
     LEFT JOIN parked p ON p.endpoint_no = $1 AND p.event_id = e.id
     WHERE e.id = $2 AND $1 = ANY (e.targets)";

/// A delivery; `None` unless the event was addressed to the endpoint.
async fn detail(inner: &Inner, id: DeliveryId) -> Result<Option<DeliveryDetail>, StoreError> {
    let (endpoint, event) = (id.endpoint.0 as i32, id.event.raw());
    let Some(row) = inner.row(DETAIL, &[&endpoint, &event]).await? else { return Ok(None) };
    let attempts = inner
        .rows(
            "SELECT * FROM attempt WHERE endpoint_no = $1 AND event_id = $2 ORDER BY number",
            &[&endpoint, &event],
        )
        .await?;
    let attempts = attempts.iter().map(rows::attempt).collect::<Result<Vec<_>, _>>()?;
    let event = rows::event(&row)?;
    let next_attempt_at = rows::time_opt(&row, "due_ms")?;
    let reason: Option<&str> = get(&row, "reason")?;
    let parked =
        reason.and_then(|text| DeliveryState::ALL.into_iter().find(|s| s.as_str() == text));
    let latest = attempts.last();
    let row = DeliveryRow {
        id,
        event_type: event.event_type,
        occurred_at: event.occurred_at,
        state: state(next_attempt_at, parked, latest),
        attempts: attempts.len() as u32,
        next_attempt_at,
        last_status: latest.and_then(|attempt| attempt.outcome.status),
    };
    Ok(Some(DeliveryDetail { row, event, attempts }))
}

/// Ids of the endpoint's deliveries below `before`, newest first.
async fn newest(
    inner: &Inner,
    no: EndpointNo,
    before: i64,
    limit: usize,
) -> Result<Vec<EventId>, StoreError> {
    let (endpoint, most) = (no.0 as i32, limit as i64);
    let stored = inner
        .rows(
            "(SELECT DISTINCT event_id FROM attempt
                WHERE endpoint_no = $1 AND event_id < $2 ORDER BY event_id DESC LIMIT $3)
             UNION (SELECT event_id FROM due
                WHERE endpoint_no = $1 AND event_id < $2 ORDER BY event_id DESC LIMIT $3)
             UNION (SELECT event_id FROM parked
                WHERE endpoint_no = $1 AND event_id < $2 ORDER BY event_id DESC LIMIT $3)
             ORDER BY event_id DESC LIMIT $3",
            &[&endpoint, &before, &most],
        )
        .await?;
    // Their first attempts may be in some process's memory only.
    let low = seat::low_of_all(inner).await?;
    let fresh = inner
        .rows(
            "SELECT id AS event_id FROM (SELECT id, targets FROM event
                WHERE id >= $2 AND id < $3 ORDER BY id DESC LIMIT $5) AS fresh
             WHERE $1 = ANY (targets) ORDER BY id DESC LIMIT $4",
            &[&endpoint, &low, &before, &most, &FRESH_SCAN_MAX],
        )
        .await?;
    let found: BTreeSet<i64> = stored
        .iter()
        .chain(&fresh)
        .map(|row| get(row, "event_id"))
        .collect::<Result<_, StoreError>>()?;
    Ok(found.into_iter().rev().take(limit).map(EventId::from_raw).collect())
}

async fn redeliver(
    tx: &mut Tx,
    endpoint: &Endpoint,
    id: DeliveryId,
    now: Timestamp,
) -> Result<Option<DeliveryState>, Fail> {
    // No attempt of the endpoint is settled meanwhile: what is read here stays so.
    tx.lock(&[super::locks::endpoint(id.endpoint)]).await?;
    let Some(detail) = detail_in(tx, id).await? else { return Ok(None) };
    if detail.state == DeliveryState::Pending && !detail.is_due {
        return Ok(Some(DeliveryState::Pending));
    }
    // Unless it is in flight.
    if put_again(tx, endpoint.no, &[(id.event.raw(), detail.attempts)], now).await? == 1 {
        tx.notices.push(Notice::Due { endpoint: endpoint.no, at: now });
    }
    let first = detail.attempts == 0;
    Ok(Some(if first { DeliveryState::Pending } else { DeliveryState::Retrying }))
}

/// As much of a delivery as sending it again needs.
struct Brief {
    state: DeliveryState,
    is_due: bool,
    attempts: i32,
}

async fn detail_in(tx: &Tx, id: DeliveryId) -> Result<Option<Brief>, Fail> {
    let (endpoint, event) = (id.endpoint.0 as i32, id.event.raw());
    let Some(row) = tx.find(DETAIL, &[&endpoint, &event]).await? else { return Ok(None) };
    let attempts = tx
        .query(
            "SELECT * FROM attempt WHERE endpoint_no = $1 AND event_id = $2
             ORDER BY number DESC LIMIT 1",
            &[&endpoint, &event],
        )
        .await?;
    let latest = attempts.first().map(rows::attempt).transpose()?;
    let due_at = rows::time_opt(&row, "due_ms")?;
    let reason: Option<&str> = get(&row, "reason")?;
    let parked =
        reason.and_then(|text| DeliveryState::ALL.into_iter().find(|s| s.as_str() == text));
    Ok(Some(Brief {
        state: state(due_at, parked, latest.as_ref()),
        is_due: due_at.is_some(),
        attempts: latest.map_or(0, |attempt| attempt.number as i32),
    }))
}

#[async_trait]
impl DeliveryStore for PostgresStore {
    fn is_shared(&self) -> bool {
        true
    }

    async fn start_dispatcher(&self, _: Timestamp) -> Result<DispatcherLease, StoreError> {
        self.inner.start_dispatching().await
    }

    async fn heartbeat(
        &self,
        lease: Option<&DispatcherLease>,
        now: Timestamp,
    ) -> Result<Heartbeat, StoreError> {
        self.inner.beat(lease, now).await
    }

    async fn leave(&self) -> Result<(), StoreError> {
        self.inner.leave().await
    }

    async fn wakeups(&self) -> Result<Vec<(EndpointNo, Timestamp)>, StoreError> {
        wakeups(&self.inner).await
    }

    async fn claim_due(
        &self,
        lease: &DispatcherLease,
        endpoint: EndpointNo,
        now: Timestamp,
        lease_until: Timestamp,
        max: usize,
    ) -> Result<ClaimedDue, StoreError> {
        in_tx!(self.inner, tx => { claim(tx, lease, endpoint, (now, lease_until), max).await })
    }

    async fn spill(
        &self,
        lease: &DispatcherLease,
        deliveries: Vec<DeliveryId>,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        in_tx!(self.inner, tx => {
            check_lease(tx, lease).await?;
            spill(tx, &deliveries, due_at).await
        })
    }

    async fn release(
        &self,
        lease: &DispatcherLease,
        deliveries: Vec<(DeliveryId, Claim)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        in_tx!(self.inner, tx => {
            check_lease(tx, lease).await?;
            release(tx, &deliveries, now).await
        })
    }

    async fn settle(
        &self,
        lease: &DispatcherLease,
        settlement: Settlement,
    ) -> Result<Settled, StoreError> {
        let (reply, answer) = oneshot::channel();
        let request = settle::Request { lease: *lease, settlement, reply };
        self.settling.send(request).await?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    async fn deliveries(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        page: &PageRequest,
    ) -> Result<Option<Page<DeliveryRow>>, StoreError> {
        let Some(endpoint) = self.endpoint(account, endpoint).await? else { return Ok(None) };
        let before = cursor_number(page.cursor.as_deref());
        let mut found = Vec::new();
        for event in newest(&self.inner, endpoint.no, before, page.limit + 1).await? {
            let id = DeliveryId { event, endpoint: endpoint.no };
            found.extend(detail(&self.inner, id).await?.map(|detail| detail.row));
        }
        Ok(Some(paged(found, page.limit, |row| row.id.event.raw().to_string())))
    }

    async fn delivery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: DeliveryId,
    ) -> Result<Option<DeliveryDetail>, StoreError> {
        match self.endpoint(account, endpoint).await? {
            Some(endpoint) if endpoint.no == id.endpoint => detail(&self.inner, id).await,
            _ => Ok(None),
        }
    }

    async fn redeliver(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: DeliveryId,
        now: Timestamp,
    ) -> Result<Option<DeliveryState>, StoreError> {
        in_tx!(self.inner, tx => {
            match endpoints::by_id(tx, account, endpoint).await? {
                Some(endpoint) if endpoint.no == id.endpoint => {
                    redeliver(tx, &endpoint, id, now).await
                }
                _ => Ok(None),
            }
        })
    }
}
