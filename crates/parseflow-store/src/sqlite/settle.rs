//! The end of an attempt in SQLite: attempt, what follows and the endpoint's health in one commit.

use parseflow_model::{Attempt, DeliveryId, EndpointStatus, Health, Trigger};
use rusqlite::{OptionalExtension, params};

use super::deliveries::{announce_head, check_lease, delete_due, holds_first, put_due};
use super::emit::park;
use super::endpoints::{cancel_pending, put_health};
use super::engine::{Step, WriteTx};
use super::rows::failed;
use crate::attempt_detail::{headers_text, timing_columns};
use crate::port::{
    Claim, DispatcherLease, HealthFacts, Next, Notice, Settled, Settlement, StoreError,
};

/// Records an attempt; see the port.
pub(super) fn settle(
    tx: &mut WriteTx<'_>,
    lease: &DispatcherLease,
    settlement: Settlement,
) -> Result<Settled, StoreError> {
    check_lease(tx, lease)?;
    let delivery = settlement.attempt.delivery;
    let endpoint = tx.endpoint(delivery.endpoint)?;
    let standing = standing(tx, &settlement)?;
    if standing == Standing::Lost {
        return Ok(Settled::Stale);
    }
    insert_attempt(tx, &settlement.attempt)?;
    match standing {
        Standing::Handed => tx.steps.push(Step::Settled(delivery.event, delivery.endpoint)),
        Standing::Held | Standing::Wanted => delete_due(tx, delivery.endpoint, delivery.event)?,
        Standing::Cancelled | Standing::Lost => unpark(tx, delivery)?,
    }
    let active = endpoint.as_ref().is_some_and(|endpoint| endpoint.is_active());
    if standing == Standing::Wanted && active && settlement.next != Next::Delivered {
        let (number, now) = (settlement.attempt.number, settlement.ended_at);
        put_due(tx, delivery.endpoint, delivery.event, now, number, true)?;
        tx.notices.push(Notice::Due { endpoint: delivery.endpoint, at: now });
    } else {
        follow(tx, &settlement, standing != Standing::Cancelled && active)?;
    }
    let Some(endpoint) = endpoint else { return Ok(Settled::Recorded(None)) };
    let before = endpoint.health;
    let facts = HealthFacts::of(&settlement, &endpoint.settings);
    let after = tx.rules.after_attempt(&before, &facts);
    apply_health(tx, &settlement, before, after)?;
    if endpoint.settings.ordered {
        // What waited behind this delivery can go now.
        announce_head(tx, delivery.endpoint)?;
    }
    Ok(Settled::Recorded(Some((before, after))))
}

/// How a settlement stands to its claim.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// A first attempt that was handed over.
    Handed,
    /// The claim is held.
    Held,
    /// The same, and the delivery was cancelled and asked for by hand while the attempt ran: if that
    /// failed, it is sent again at once.
    Wanted,
    /// The delivery was cancelled while the attempt ran: it is logged, nothing follows.
    Cancelled,
    /// Another dispatcher has claimed it, or it was settled before.
    Lost,
}

fn standing(tx: &WriteTx<'_>, settlement: &Settlement) -> Result<Standing, StoreError> {
    let delivery = settlement.attempt.delivery;
    if settlement.claim == Claim::First && holds_first(tx, delivery) {
        return Ok(Standing::Handed);
    }
    let holder: Option<(i64, bool)> = tx
        .sql
        .prepare_cached("SELECT token, manual FROM due WHERE endpoint_no = ?1 AND event_id = ?2")
        .and_then(|mut s| {
            let key = params![delivery.endpoint.0, delivery.event.raw()];
            s.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })
        .map_err(failed)?;
    if was_logged(tx, &settlement.attempt)? {
        // The claim is for the next attempt.
        return Ok(Standing::Lost);
    }
    Ok(match holder {
        Some((token, _)) if token != settlement.claim.token() => Standing::Lost,
        Some((_, manual)) if manual && settlement.attempt.trigger != Trigger::Manual => {
            Standing::Wanted
        }
        Some(_) => Standing::Held,
        None if is_cancelled(tx, delivery)? => Standing::Cancelled,
        None => Standing::Lost,
    })
}

fn is_cancelled(tx: &WriteTx<'_>, delivery: DeliveryId) -> Result<bool, StoreError> {
    let found: Option<()> = tx
        .sql
        .prepare_cached(
            "SELECT 1 FROM parked WHERE endpoint_no = ?1 AND event_id = ?2 AND reason = 'cancelled'",
        )
        .and_then(|mut s| {
            s.query_row(params![delivery.endpoint.0, delivery.event.raw()], |_| Ok(())).optional()
        })
        .map_err(failed)?;
    Ok(found.is_some())
}

fn was_logged(tx: &WriteTx<'_>, attempt: &Attempt) -> Result<bool, StoreError> {
    let delivery = attempt.delivery;
    let found: Option<()> = tx
        .sql
        .prepare_cached(
            "SELECT 1 FROM attempt WHERE endpoint_no = ?1 AND event_id = ?2 AND number = ?3",
        )
        .and_then(|mut s| {
            let key = params![delivery.endpoint.0, delivery.event.raw(), attempt.number];
            s.query_row(key, |_| Ok(())).optional()
        })
        .map_err(failed)?;
    Ok(found.is_some())
}

fn insert_attempt(tx: &WriteTx<'_>, attempt: &Attempt) -> Result<(), StoreError> {
    let (connect_ms, first_byte_ms) = timing_columns(attempt.outcome.timing);
    tx.sql
        .prepare_cached(
            "INSERT INTO attempt (endpoint_no, event_id, number, manual, started_ms, duration_ms,
                url, failure, status, error, response_body, response_headers, connect_ms,
                first_byte_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )
        .and_then(|mut s| {
            s.execute(params![
                attempt.delivery.endpoint.0,
                attempt.delivery.event.raw(),
                attempt.number,
                attempt.trigger == Trigger::Manual,
                attempt.started_at.millis(),
                attempt.duration_ms,
                attempt.url,
                attempt.outcome.failure.map(parseflow_model::FailureKind::as_str),
                attempt.outcome.status,
                attempt.outcome.error,
                attempt.outcome.response_body,
                headers_text(&attempt.outcome.response_headers),
                connect_ms,
                first_byte_ms,
            ])
        })
        .map(|_| ())
        .map_err(failed)
}

/// What was cancelled while its attempt ran is judged by what came of the attempt.
fn unpark(tx: &WriteTx<'_>, delivery: DeliveryId) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached("DELETE FROM parked WHERE endpoint_no = ?1 AND event_id = ?2")
        .and_then(|mut s| s.execute(params![delivery.endpoint.0, delivery.event.raw()]))
        .map(|_| ())
        .map_err(failed)
}

/// Writes down what follows: nothing, another try, or the end.
fn follow(tx: &mut WriteTx<'_>, settlement: &Settlement, goes_on: bool) -> Result<(), StoreError> {
    let DeliveryId { event, endpoint } = settlement.attempt.delivery;
    match settlement.next {
        Next::Delivered => Ok(()),
        Next::Retry(at) if goes_on => {
            put_due(tx, endpoint, event, at, settlement.attempt.number, false)?;
            tx.notices.push(Notice::Due { endpoint, at });
            Ok(())
        }
        Next::Retry(_) => park(tx, endpoint, event, "cancelled", settlement.ended_at),
        Next::Exhausted => park(tx, endpoint, event, "exhausted", settlement.ended_at),
    }
}

/// One success after another within a second changes nothing worth a write: the time of the latest
/// success is kept to the second.
fn is_only_a_later_success(before: &Health, after: &Health) -> bool {
    let (Some(earlier), Some(later)) = (before.last_success_at, after.last_success_at) else {
        return false;
    };
    later.since(earlier).as_millis() < 1_000
        && *before == Health { last_success_at: before.last_success_at, ..*after }
}

fn apply_health(
    tx: &mut WriteTx<'_>,
    settlement: &Settlement,
    before: Health,
    after: Health,
) -> Result<(), StoreError> {
    let no = settlement.attempt.delivery.endpoint;
    if before == after || is_only_a_later_success(&before, &after) {
        return Ok(());
    }
    put_health(tx.sql, no, &after)?;
    let disabled_now =
        before.status != EndpointStatus::Disabled && after.status == EndpointStatus::Disabled;
    if disabled_now {
        // The delivery just settled is among them if it was to be tried again.
        cancel_pending(tx, no, settlement.ended_at)?;
    }
    if before.status != after.status {
        tx.notices.push(Notice::EndpointChanged(no));
    }
    Ok(())
}
