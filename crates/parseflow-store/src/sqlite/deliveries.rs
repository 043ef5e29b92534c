//! Dispatching from SQLite: taking over, waking, claiming, giving back.

use parseflow_model::{DeliveryId, Endpoint, EndpointNo, EventId, Timestamp, Trigger};
use rusqlite::{Connection, OptionalExtension, params};

use super::engine::{Step, Unsettled, WriteTx};
use super::rows::{self, Kept as _, failed};
use crate::port::{
    CLAIM_LASTS, Claim, ClaimedDelivery, ClaimedDue, DispatcherLease, Notice, StoreError,
};

/// Deliveries of events from `low` on that were handed to memory and not settled: no attempt, not
/// due, not parked.
pub(super) fn unsettled_since(sql: &Connection, low: i64) -> Result<Unsettled, StoreError> {
    let mut unsettled = Unsettled::new();
    let mut events = sql
        .prepare_cached("SELECT id, targets FROM event WHERE id >= ?1 ORDER BY id")
        .map_err(failed)?;
    let mut open = sql
        .prepare_cached(
            "SELECT NOT EXISTS (SELECT 1 FROM attempt WHERE endpoint_no = ?1 AND event_id = ?2)
                AND NOT EXISTS (SELECT 1 FROM due WHERE endpoint_no = ?1 AND event_id = ?2)
                AND NOT EXISTS (SELECT 1 FROM parked WHERE endpoint_no = ?1 AND event_id = ?2)",
        )
        .map_err(failed)?;
    let mut found = events.query([low]).map_err(failed)?;
    while let Some(row) = found.next().map_err(failed)? {
        let event: i64 = row.get(0).map_err(failed)?;
        let targets: Vec<u8> = row.get(1).map_err(failed)?;
        for endpoint in rows::targets(&targets) {
            let is_open: bool =
                open.query_row(params![endpoint.0, event], |row| row.get(0)).map_err(failed)?;
            if is_open {
                unsettled.entry(EventId::from_raw(event)).or_default().push(endpoint);
            }
        }
    }
    Ok(unsettled)
}

/// Refuses whoever is not the present dispatcher.
pub(super) fn check_lease(tx: &mut WriteTx<'_>, lease: &DispatcherLease) -> Result<(), StoreError> {
    if tx.ledger.dispatching && tx.ledger.epoch == lease.epoch {
        let epoch = match tx.ledger.epoch_read {
            Some(epoch) => epoch,
            None => tx
                .sql
                .prepare_cached("SELECT value FROM mark WHERE name = 'epoch'")
                .and_then(|mut s| s.query_row([], |row| row.get(0)))
                .map_err(failed)?,
        };
        tx.ledger.epoch_read = Some(epoch);
        if epoch == lease.epoch {
            return Ok(());
        }
    }
    Err(StoreError::LeaseLost)
}

/// Takes over dispatching; see the port.
pub(super) fn start(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<DispatcherLease, StoreError> {
    let epoch = tx
        .sql
        .query_row(
            "UPDATE mark SET value = value + 1 WHERE name = 'epoch' RETURNING value",
            [],
            |row| row.get(0),
        )
        .map_err(failed)?;
    let low: i64 = tx
        .sql
        .query_row("SELECT value FROM mark WHERE name = 'low'", [], |row| row.get(0))
        .map_err(failed)?;
    for (event, endpoints) in unsettled_since(tx.sql, low)? {
        for endpoint in endpoints {
            put_due(tx, endpoint, event, now, 0, false)?;
        }
    }
    // Claims of a predecessor: whoever held them can no longer settle.
    tx.sql
        .execute_kept("UPDATE due SET ready_ms = due_ms, token = 0 WHERE token <> 0", [])
        .map_err(failed)?;
    tx.sql
        .execute_kept("UPDATE parked SET held_ms = 0, held_token = 0 WHERE held_ms > 0", [])
        .map_err(failed)?;
    tx.ledger.unsettled.clear();
    tx.ledger.dispatching = true;
    tx.ledger.epoch = epoch;
    tx.ledger.epoch_read = None;
    Ok(DispatcherLease { epoch })
}

/// The earliest claimable time of every endpoint with due deliveries, by skipping from endpoint to
/// endpoint in the index `due_ready`: the cost is per endpoint, not per delivery.
pub(super) fn wakeups(sql: &Connection) -> Result<Vec<(EndpointNo, Timestamp)>, StoreError> {
    sql.prepare_cached(
        "WITH RECURSIVE waiting (no) AS (
            SELECT MIN(endpoint_no) FROM due
            UNION ALL
            SELECT (SELECT MIN(endpoint_no) FROM due WHERE endpoint_no > waiting.no)
            FROM waiting WHERE waiting.no IS NOT NULL)
         SELECT waiting.no, CASE WHEN endpoint.ordered
            THEN (SELECT ready_ms FROM due WHERE endpoint_no = waiting.no ORDER BY event_id LIMIT 1)
            ELSE (SELECT MIN(ready_ms) FROM due WHERE endpoint_no = waiting.no) END
         FROM waiting LEFT JOIN endpoint ON endpoint.no = waiting.no
         WHERE waiting.no IS NOT NULL",
    )
    .and_then(|mut s| {
        s.query_map([], |row| Ok((EndpointNo(row.get(0)?), Timestamp::from_millis(row.get(1)?))))?
            .collect()
    })
    .map_err(failed)
}

/// A row of `due` that can be claimed.
struct DueRow {
    event: EventId,
    due_at: Timestamp,
    attempts_made: u32,
    manual: bool,
}

fn claimable(
    tx: &WriteTx<'_>,
    endpoint: &Endpoint,
    now: Timestamp,
    max: usize,
) -> Result<Vec<DueRow>, StoreError> {
    let (query, max) = if !endpoint.settings.ordered {
        let query = "SELECT event_id, attempts_made, manual, due_ms FROM due
             WHERE endpoint_no = ?1 AND ready_ms <= ?2 ORDER BY ready_ms, event_id LIMIT ?3";
        (query, max)
    } else if tx.ledger.unsettled.values().any(|endpoints| endpoints.contains(&endpoint.no)) {
        // Handed over before it became ordered.
        return Ok(Vec::new());
    } else {
        let query = "SELECT event_id, attempts_made, manual, due_ms FROM
                (SELECT * FROM due WHERE endpoint_no = ?1 ORDER BY event_id LIMIT ?3)
             WHERE ready_ms <= ?2";
        (query, max.min(1))
    };
    tx.sql
        .prepare_cached(query)
        .and_then(|mut s| {
            s.query_map(params![endpoint.no.0, now.millis(), max], |row| {
                Ok(DueRow {
                    event: EventId::from_raw(row.get(0)?),
                    attempts_made: row.get(1)?,
                    manual: row.get(2)?,
                    due_at: Timestamp::from_millis(row.get(3)?),
                })
            })?
            .collect()
        })
        .map_err(failed)
}

/// Claims due deliveries of an endpoint; see the port.
pub(super) fn claim(
    tx: &mut WriteTx<'_>,
    endpoint: EndpointNo,
    now: Timestamp,
    lease_until: Timestamp,
    max: usize,
) -> Result<ClaimedDue, StoreError> {
    let found = match tx.endpoint(endpoint)? {
        Some(found) if found.is_active() && !found.is_paused() => found,
        _ => {
            let next_ready = next_ready(tx.sql, endpoint, false)?;
            return Ok(ClaimedDue { next_ready, ..ClaimedDue::default() });
        }
    };
    let mut claimed = Vec::new();
    for row in claimable(tx, &found, now, max)? {
        let Some(event) = super::events::event_by_id(tx.sql, row.event)? else {
            delete_due(tx, endpoint, row.event)?;
            continue;
        };
        let token = tx.next_token()?;
        hold(tx, endpoint, row.event, lease_until, token)?;
        claimed.push(ClaimedDelivery {
            event: event.into(),
            attempts_made: row.attempts_made,
            trigger: if row.manual { Trigger::Manual } else { Trigger::Schedule },
            due_at: row.due_at,
            claim: Claim::Due { token },
        });
    }
    Ok(ClaimedDue {
        deliveries: claimed,
        next_ready: next_ready(tx.sql, endpoint, found.settings.ordered)?,
        rate_limit_per_second: found.settings.rate_limit_per_second,
    })
}

/// When the endpoint's next due delivery can be claimed: the oldest one, if it is ordered.
pub(super) fn next_ready(
    sql: &Connection,
    endpoint: EndpointNo,
    ordered: bool,
) -> Result<Option<Timestamp>, StoreError> {
    let query = if ordered {
        "SELECT ready_ms FROM due WHERE endpoint_no = ?1 ORDER BY event_id LIMIT 1"
    } else {
        "SELECT ready_ms FROM due WHERE endpoint_no = ?1 ORDER BY ready_ms LIMIT 1"
    };
    let millis: Option<i64> = sql
        .prepare_cached(query)
        .and_then(|mut s| s.query_row([endpoint.0], |row| row.get(0)).optional())
        .map_err(failed)?;
    Ok(millis.map(Timestamp::from_millis))
}

/// Tells when the oldest delivery of an ordered endpoint can be claimed.
pub(super) fn announce_head(tx: &mut WriteTx<'_>, endpoint: EndpointNo) -> Result<(), StoreError> {
    if let Some(at) = next_ready(tx.sql, endpoint, true)? {
        tx.notices.push(Notice::Due { endpoint, at });
    }
    Ok(())
}

/// Writes down that a delivery is to be tried at `at`, unclaimed.
pub(super) fn put_due(
    tx: &WriteTx<'_>,
    endpoint: EndpointNo,
    event: EventId,
    at: Timestamp,
    attempts_made: u32,
    manual: bool,
) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached(
            "INSERT OR REPLACE INTO due
                (endpoint_no, event_id, due_ms, ready_ms, attempts_made, manual, token)
             VALUES (?1, ?2, ?3, ?3, ?4, ?5, 0)",
        )
        .and_then(|mut s| {
            s.execute(params![endpoint.0, event.raw(), at.millis(), attempts_made, manual])
        })
        .map(|_| ())
        .map_err(failed)
}

/// Keeps a due delivery for whoever has this token.
fn hold(
    tx: &WriteTx<'_>,
    endpoint: EndpointNo,
    event: EventId,
    until: Timestamp,
    token: i64,
) -> Result<(), StoreError> {
    tx.sql
        .execute_kept(
            "UPDATE due SET ready_ms = ?3, token = ?4 WHERE endpoint_no = ?1 AND event_id = ?2",
            params![endpoint.0, event.raw(), until.millis(), token],
        )
        .map(|_| ())
        .map_err(failed)
}

/// Notes that a first attempt that is cancelled `now` may be on its way.
pub(super) fn hold_first(
    tx: &WriteTx<'_>,
    endpoint: EndpointNo,
    event: EventId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let held_until = now + CLAIM_LASTS;
    tx.sql
        .prepare_cached(
            "UPDATE parked SET held_ms = ?3, held_token = ?4
             WHERE endpoint_no = ?1 AND event_id = ?2",
        )
        .and_then(|mut s| {
            let token = Claim::First.token();
            s.execute(params![endpoint.0, event.raw(), held_until.millis(), token])
        })
        .map(|_| ())
        .map_err(failed)
}

/// Makes a delivery due `now`, as asked for by hand. If it was cancelled while an attempt was on its
/// way, this attempt's claim is in force again: whoever holds it settles the delivery, and nobody else
/// sends it before it ends.
pub(super) fn put_again(
    tx: &WriteTx<'_>,
    endpoint: EndpointNo,
    event: EventId,
    now: Timestamp,
    attempts_made: u32,
) -> Result<(), StoreError> {
    let held: Option<(i64, i64)> = tx
        .sql
        .prepare_cached(
            "DELETE FROM parked WHERE endpoint_no = ?1 AND event_id = ?2
             RETURNING held_ms, held_token",
        )
        .and_then(|mut s| {
            s.query_row(params![endpoint.0, event.raw()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        })
        .map_err(failed)?;
    put_due(tx, endpoint, event, now, attempts_made, true)?;
    if let Some((held_ms, token)) = held.filter(|(held_ms, _)| *held_ms > now.millis()) {
        hold(tx, endpoint, event, Timestamp::from_millis(held_ms), token)?;
    }
    Ok(())
}

/// Removes a due row.
pub(super) fn delete_due(
    tx: &WriteTx<'_>,
    endpoint: EndpointNo,
    event: EventId,
) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached("DELETE FROM due WHERE endpoint_no = ?1 AND event_id = ?2")
        .and_then(|mut s| s.execute(params![endpoint.0, event.raw()]))
        .map(|_| ())
        .map_err(failed)
}

/// Whether this first attempt is still this process's to make.
pub(super) fn holds_first(tx: &WriteTx<'_>, delivery: DeliveryId) -> bool {
    let waiting = tx.ledger.unsettled.get(&delivery.event);
    waiting.is_some_and(|endpoints| endpoints.contains(&delivery.endpoint))
}

/// Gives first attempts back to the store; those cancelled meanwhile stay as they are.
pub(super) fn spill(
    tx: &mut WriteTx<'_>,
    deliveries: Vec<DeliveryId>,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    for delivery in deliveries {
        if holds_first(tx, delivery) {
            put_due(tx, delivery.endpoint, delivery.event, due_at, 0, false)?;
            tx.steps.push(Step::Settled(delivery.event, delivery.endpoint));
        } else {
            free(tx, delivery, Claim::First)?;
        }
        tx.notices.push(Notice::Due { endpoint: delivery.endpoint, at: due_at });
    }
    Ok(())
}

/// Gives unused claims back.
pub(super) fn release(
    tx: &mut WriteTx<'_>,
    deliveries: Vec<(DeliveryId, Claim)>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut first = Vec::new();
    for (delivery, claim) in deliveries {
        if claim == Claim::First {
            first.push(delivery);
            continue;
        }
        free(tx, delivery, claim)?;
        tx.notices.push(Notice::Due { endpoint: delivery.endpoint, at: now });
    }
    spill(tx, first, now)
}

/// Ends a claim in the row where it stands.
fn free(tx: &WriteTx<'_>, delivery: DeliveryId, claim: Claim) -> Result<(), StoreError> {
    let due = "UPDATE due SET ready_ms = due_ms, token = 0
         WHERE endpoint_no = ?1 AND event_id = ?2 AND token = ?3";
    let cancelled = "UPDATE parked SET held_ms = 0, held_token = 0
         WHERE endpoint_no = ?1 AND event_id = ?2 AND held_token = ?3";
    for row in [due, cancelled] {
        tx.sql
            .prepare_cached(row)
            .and_then(|mut s| {
                s.execute(params![delivery.endpoint.0, delivery.event.raw(), claim.token()])
            })
            .map_err(failed)?;
    }
    Ok(())
}
