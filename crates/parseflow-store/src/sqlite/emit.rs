//! Events written with their cause: the outbox.

use std::sync::Arc;

use parseflow_model::{
    AccountId, Endpoint, EndpointNo, EndpointStatus, Event, EventId, EventType, Fact, Timestamp,
};
use rusqlite::params;

use super::deliveries::{announce_head, put_due};
use super::engine::{Step, WriteTx};
use super::rows::failed;
use crate::port::{Notice, StoreError};

/// What was written.
pub(super) struct Emitted {
    /// The event's id.
    pub(super) id: EventId,
    /// Endpoints it will be delivered to; skipped ones are not counted.
    pub(super) deliveries: u32,
}

/// Writes the event that announces `fact`, with the endpoints it goes to, in this transaction.
///
/// An endpoint that is disabled has the event recorded as skipped; one that is paused has it due
/// at once, to be claimed when it goes on; every other is handed to the dispatcher of
/// this process after the commit, or made due when there is none or the endpoint is ordered.
pub(super) fn emit(
    tx: &mut WriteTx<'_>,
    account: &AccountId,
    fact: &Fact,
    only: Option<EndpointNo>,
    now: Timestamp,
) -> Result<Emitted, StoreError> {
    let bodies = tx.rules.bodies(fact, now).map_err(StoreError::Unwritable)?;
    let event_type = fact.event_type();
    let known = tx.endpoints_of(account)?;
    let targets: Vec<_> = known
        .iter()
        .filter(|endpoint| match only {
            Some(no) => endpoint.no == no,
            None => endpoint.wants(event_type),
        })
        .collect();
    let id = EventId::from_raw(tx.ledger.last_event).next(now);
    let packed: Vec<u8> = targets.iter().flat_map(|e| e.no.0.to_le_bytes()).collect();
    let position = EventType::ALL.iter().position(|other| *other == event_type);
    tx.sql
        .prepare_cached(
            "INSERT INTO event (id, account, event_type, occurred_ms, body, thin_body, targets)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .and_then(|mut s| {
            s.execute(params![
                id.raw(),
                account.as_str(),
                position,
                now.millis(),
                bodies.body,
                bodies.thin,
                packed
            ])
        })
        .map_err(failed)?;
    tx.ledger.last_event = id.raw();
    let event = Arc::new(Event {
        id,
        account: account.clone(),
        event_type,
        occurred_at: now,
        body: Arc::from(bodies.body),
        thin_body: bodies.thin.map(Arc::from),
    });
    let mut deliveries = 0;
    for endpoint in targets {
        deliveries += u32::from(address(tx, &event, endpoint, now)?);
    }
    Ok(Emitted { id, deliveries })
}

/// Sends `event` on its way to one endpoint; whether it will be delivered.
fn address(
    tx: &mut WriteTx<'_>,
    event: &Arc<Event>,
    endpoint: &Endpoint,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let no = endpoint.no;
    if endpoint.health.status == EndpointStatus::Disabled {
        park(tx, no, event.id, "skipped", now)?;
        return Ok(false);
    }
    if endpoint.settings.ordered {
        put_due(tx, no, event.id, now, 0, false)?;
        announce_head(tx, no)?;
    } else if tx.ledger.dispatching && !endpoint.is_paused() {
        tx.steps.push(Step::HandedOver(event.id, no));
        tx.notices.push(Notice::First {
            event: Arc::clone(event),
            endpoint: no,
            rate_limit_per_second: endpoint.settings.rate_limit_per_second,
        });
    } else {
        put_due(tx, no, event.id, now, 0, false)?;
        tx.notices.push(Notice::Due { endpoint: no, at: now });
    }
    Ok(true)
}

/// Records that a delivery ended without success; a later reason replaces an earlier one.
pub(super) fn park(
    tx: &WriteTx<'_>,
    endpoint: EndpointNo,
    event: EventId,
    reason: &'static str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached(
            "INSERT OR REPLACE INTO parked (endpoint_no, event_id, reason, parked_ms)
             VALUES (?1, ?2, ?3, ?4)",
        )
        .and_then(|mut s| s.execute(params![endpoint.0, event.raw(), reason, now.millis()]))
        .map(|_| ())
        .map_err(failed)
}
