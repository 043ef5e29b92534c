//! Dispatching from PostgreSQL: waking, claiming, giving back.

use std::collections::HashMap;
use std::sync::Arc;

use parseflow_model::{DeliveryId, EndpointNo, Event, EventId, Timestamp, Trigger};

use super::emit::columns;
use super::fail::Fail;
use super::ledger::Step;
use super::rows::{self, get};
use super::seat::tell_of_due;
use super::tx::Tx;
use super::{Inner, endpoints};
use crate::port::{Claim, ClaimedDelivery, ClaimedDue, DispatcherLease, StoreError};

/// The earliest claimable time of every endpoint with due deliveries, by skipping from endpoint to
/// endpoint in the index `due_next`: the cost is per endpoint, not per delivery. Claims are taken in
/// order of due times, so that what is claimed lies before the first row that is not. Endpoints that
/// may not be sent to are left out: whatever makes them able to tells of it.
const WAKEUPS: &str = "WITH RECURSIVE waiting (no) AS (
        (SELECT endpoint_no FROM due ORDER BY endpoint_no LIMIT 1)
        UNION ALL
        SELECT (SELECT endpoint_no FROM due WHERE endpoint_no > waiting.no
                ORDER BY endpoint_no LIMIT 1)
        FROM waiting WHERE waiting.no IS NOT NULL)
     SELECT waiting.no, CASE WHEN e.ordered
        THEN (SELECT GREATEST(due_ms, lease_ms) FROM due WHERE endpoint_no = waiting.no
            ORDER BY event_id LIMIT 1)
        ELSE (SELECT MIN(GREATEST(due_ms, lease_ms)) FROM due
            WHERE endpoint_no = waiting.no AND due_ms <= COALESCE((SELECT due_ms FROM due
                WHERE endpoint_no = waiting.no AND lease_ms = 0 ORDER BY due_ms LIMIT 1),
                9223372036854775807)) END AS ready_ms
     FROM waiting JOIN endpoint e ON e.no = waiting.no JOIN account a ON a.id = e.account
     WHERE e.deleted_ms IS NULL AND e.status <> 'disabled' AND e.paused_ms IS NULL
       AND a.plan <> 'free' ORDER BY waiting.no";

/// See the port.
pub(super) async fn wakeups(inner: &Inner) -> Result<Vec<(EndpointNo, Timestamp)>, StoreError> {
    let rows = inner.rows(WAKEUPS, &[]).await?;
    rows.iter()
        .map(|row| Ok((rows::endpoint_no(row, "no")?, rows::time(row, "ready_ms")?)))
        .collect()
}

/// Refuses whoever has not this lease: its process was taken for dead, or has started again.
pub(super) async fn check_lease(tx: &mut Tx, lease: &DispatcherLease) -> Result<(), Fail> {
    match tx.hold_seat().await {
        Ok(seat) if seat.epoch == lease.epoch => Ok(()),
        Ok(_) | Err(Fail::SeatLost) => Err(Fail::Store(StoreError::LeaseLost)),
        Err(fail) => Err(fail),
    }
}

/// Without the fence around the inner query the planner may run it once for every row and claim
/// more than `$4` rows.
const CLAIM: &str = "WITH next AS MATERIALIZED (
        SELECT endpoint_no, event_id, nextval('token') AS token FROM due
        WHERE endpoint_no = $1 AND due_ms <= $2 AND lease_ms <= $2
        ORDER BY due_ms, event_id LIMIT $4 FOR UPDATE SKIP LOCKED)
     UPDATE due SET lease_ms = $3, token = next.token, epoch = $5 FROM next
     WHERE due.endpoint_no = next.endpoint_no AND due.event_id = next.event_id
     RETURNING due.event_id, due.due_ms, due.attempts_made, due.manual, due.token";

/// The oldest delivery of an ordered endpoint, if its time has come. Its row is waited for, not
/// skipped: the one behind it may not go first.
const CLAIM_OLDEST: &str = "WITH next AS MATERIALIZED (
        SELECT endpoint_no, event_id, due_ms, lease_ms, nextval('token') AS token FROM due
        WHERE endpoint_no = $1 ORDER BY event_id LIMIT 1 FOR UPDATE)
     UPDATE due SET lease_ms = $3, token = next.token, epoch = $5 FROM next
     WHERE due.endpoint_no = next.endpoint_no AND due.event_id = next.event_id
       AND next.due_ms <= $2 AND next.lease_ms <= $2 AND $4::bigint > 0
     RETURNING due.event_id, due.due_ms, due.attempts_made, due.manual, due.token";

/// When the oldest delivery of each of these endpoints can be claimed.
const OLDEST: &str = "SELECT DISTINCT ON (endpoint_no) endpoint_no,
        GREATEST(due_ms, lease_ms) AS due_ms FROM due
     WHERE endpoint_no = ANY ($1) ORDER BY endpoint_no, event_id";

/// Tells when the oldest deliveries of ordered endpoints can be claimed.
pub(super) async fn tell_of_oldest(tx: &mut Tx, endpoints: &[i32]) -> Result<(), Fail> {
    if endpoints.is_empty() {
        return Ok(());
    }
    let found = tx.query(OLDEST, &[&endpoints]).await?;
    tell_of_due(tx, &found)
}

/// When the endpoint's next due delivery can be claimed: its first row that nobody holds, unless
/// that lies ahead and a claim ends before.
const NEXT_READY: &str = "WITH free AS MATERIALIZED (
        SELECT due_ms FROM due WHERE endpoint_no = $1 AND lease_ms <= $2
        ORDER BY due_ms LIMIT 1)
     SELECT CASE WHEN (SELECT due_ms FROM free) <= $2 THEN (SELECT due_ms FROM free)
        ELSE LEAST((SELECT due_ms FROM free),
            (SELECT MIN(lease_ms) FROM due
             WHERE endpoint_no = $1 AND due_ms <= $2 AND lease_ms > $2)) END AS ready_ms";

/// Claims due deliveries of an endpoint; see the port.
pub(super) async fn claim(
    tx: &mut Tx,
    lease: &DispatcherLease,
    endpoint: EndpointNo,
    (now, lease_until): (Timestamp, Timestamp),
    max: usize,
) -> Result<ClaimedDue, Fail> {
    check_lease(tx, lease).await?;
    // A claim that a crash of the server forgets is taken again; nobody settles under it.
    tx.commit_lightly().await?;
    let number = endpoint.0 as i32;
    let found = endpoints::by_no(tx, &[number]).await?;
    let found = found.get(&endpoint);
    let settings = found.map(|found| &found.settings);
    let ordered = settings.is_some_and(|settings| settings.ordered);
    // What was handed over before the endpoint became ordered goes first.
    let held_up = ordered && tx.inner().ledger().holds_any_of(endpoint);
    let may_send = found.is_some_and(|found| found.is_active() && !found.is_paused());
    let mut deliveries = Vec::new();
    if may_send && !held_up {
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&number, &now.millis(), &lease_until.millis(), &(max as i64), &lease.epoch];
        let query = if ordered { CLAIM_OLDEST } else { CLAIM };
        let claimed = tx.query(query, &values).await?;
        let events = events(tx, &claimed).await?;
        for row in &claimed {
            let event = EventId::from_raw(get(row, "event_id")?);
            let Some(event) = events.get(&event) else {
                delete_due(tx, endpoint, event).await?;
                continue;
            };
            deliveries.push(ClaimedDelivery {
                event: Arc::clone(event),
                attempts_made: get::<i32>(row, "attempts_made")?.unsigned_abs(),
                trigger: if get(row, "manual")? { Trigger::Manual } else { Trigger::Schedule },
                due_at: rows::time(row, "due_ms")?,
                claim: Claim::Due { token: get(row, "token")? },
            });
        }
        deliveries.sort_by_key(|claimed| (claimed.due_at, claimed.event.id));
    }
    let next_ready = if ordered {
        let oldest = tx.query(OLDEST, &[&vec![number]]).await?;
        oldest.first().map(|row| rows::time(row, "due_ms")).transpose()?
    } else {
        let next = tx.one(NEXT_READY, &[&number, &now.millis()]).await?;
        rows::time_opt(&next, "ready_ms")?
    };
    let rate_limit_per_second = settings.and_then(|settings| settings.rate_limit_per_second);
    Ok(ClaimedDue { deliveries, next_ready, rate_limit_per_second })
}

async fn events(
    tx: &Tx,
    claimed: &[tokio_postgres::Row],
) -> Result<HashMap<EventId, Arc<Event>>, Fail> {
    let ids: Vec<i64> =
        claimed.iter().map(|row| get(row, "event_id")).collect::<Result<_, StoreError>>()?;
    let mut found = HashMap::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(found);
    }
    for row in &tx.query("SELECT * FROM event WHERE id = ANY ($1)", &[&ids]).await? {
        let event = rows::event(row)?;
        found.insert(event.id, Arc::new(event));
    }
    Ok(found)
}

async fn delete_due(tx: &Tx, endpoint: EndpointNo, event: EventId) -> Result<(), Fail> {
    tx.execute(
        "DELETE FROM due WHERE endpoint_no = $1 AND event_id = $2",
        &[&(endpoint.0 as i32), &event.raw()],
    )
    .await
    .map(drop)
}

/// Makes deliveries due `now`, as asked for by hand, unless one is in flight; `events` with the number of
/// attempts made. Those that were cancelled while an attempt was on its way have this attempt's claim in
/// force again: whoever holds it settles the delivery, and nobody else sends it before it ends. How many
/// were made due. The caller holds the endpoint's lock alone.
pub(super) async fn put_again(
    tx: &Tx,
    endpoint: EndpointNo,
    events: &[(i64, i32)],
    now: Timestamp,
) -> Result<u64, Fail> {
    let (events, made): (Vec<i64>, Vec<i32>) = events.iter().copied().unzip();
    let number = endpoint.0 as i32;
    let put = tx
        .execute(
            "INSERT INTO due AS d
                (endpoint_no, event_id, due_ms, attempts_made, manual, lease_ms, token, epoch)
             SELECT $1, e.id, $4, e.made, true,
                CASE WHEN p.held_ms > $4 THEN p.held_ms ELSE 0 END,
                CASE WHEN p.held_ms > $4 THEN p.held_token ELSE 0 END,
                CASE WHEN p.held_ms > $4 THEN p.held_epoch ELSE 0 END
             FROM unnest($2::bigint[], $3::integer[]) AS e (id, made)
             LEFT JOIN parked p ON p.endpoint_no = $1 AND p.event_id = e.id
             ON CONFLICT (endpoint_no, event_id) DO UPDATE SET due_ms = excluded.due_ms,
                attempts_made = excluded.attempts_made, manual = true, lease_ms = 0, token = 0,
                epoch = 0
             WHERE d.lease_ms <= $4",
            &[&number, &events, &made, &now.millis()],
        )
        .await?;
    tx.execute(
        "DELETE FROM parked WHERE endpoint_no = $1 AND event_id = ANY ($2)",
        &[&number, &events],
    )
    .await?;
    Ok(put)
}

/// Gives first attempts back to the store; those cancelled meanwhile stay as they are.
pub(super) async fn spill(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
    due_at: Timestamp,
) -> Result<(), Fail> {
    let first: Vec<_> = deliveries.iter().map(|id| (*id, Claim::First)).collect();
    release(tx, &first, due_at).await
}

/// Gives unused claims back.
pub(super) async fn release(
    tx: &mut Tx,
    deliveries: &[(DeliveryId, Claim)],
    now: Timestamp,
) -> Result<(), Fail> {
    // Nothing of these endpoints is cancelled or asked for by hand before this is committed.
    let locks = deliveries.iter().map(|(id, _)| super::locks::endpoint(id.endpoint));
    tx.share(&super::locks::in_order(locks)).await?;
    free(tx, deliveries).await?;
    let held: Vec<_> = {
        let ledger = tx.inner().ledger();
        let first = deliveries.iter().filter(|(_, claim)| *claim == Claim::First);
        let held = first.map(|(id, _)| *id).filter(|id| ledger.holds_first(*id));
        held.map(|id| (id.endpoint, id.event, now)).collect()
    };
    if held.is_empty() {
        return Ok(());
    }
    let (endpoints, events, times) = columns(&held);
    let put = tx
        .query(
            "INSERT INTO due (endpoint_no, event_id, due_ms, attempts_made, manual)
             SELECT endpoint_no, event_id, due_ms, 0, false
             FROM unnest($1::integer[], $2::bigint[], $3::bigint[])
             AS new (endpoint_no, event_id, due_ms)
             WHERE NOT EXISTS (SELECT 1 FROM parked p
                WHERE p.endpoint_no = new.endpoint_no AND p.event_id = new.event_id)
             ON CONFLICT DO NOTHING RETURNING endpoint_no, due_ms",
            &[&endpoints, &events, &times],
        )
        .await?;
    tell_of_due(tx, &put)?;
    let steps = held.iter().map(|(endpoint, event, _)| {
        Step::Settled(DeliveryId { event: *event, endpoint: *endpoint })
    });
    tx.steps.extend(steps);
    Ok(())
}

/// Ends claims in the rows where they stand.
async fn free(tx: &mut Tx, deliveries: &[(DeliveryId, Claim)]) -> Result<(), Fail> {
    const HELD: &str = "unnest($1::integer[], $2::bigint[], $3::bigint[])
         AS held (endpoint_no, event_id, token)";
    let endpoints: Vec<i32> = deliveries.iter().map(|(id, _)| id.endpoint.0 as i32).collect();
    let events: Vec<i64> = deliveries.iter().map(|(id, _)| id.event.raw()).collect();
    let tokens: Vec<i64> = deliveries.iter().map(|(_, claim)| claim.token()).collect();
    let due = format!(
        "UPDATE due SET lease_ms = 0, token = 0, epoch = 0 FROM {HELD}
         WHERE due.endpoint_no = held.endpoint_no AND due.event_id = held.event_id
           AND due.token = held.token RETURNING due.endpoint_no, due.due_ms"
    );
    let cancelled = format!(
        "UPDATE parked SET held_ms = 0, held_token = 0, held_epoch = 0 FROM {HELD}
         WHERE parked.endpoint_no = held.endpoint_no AND parked.event_id = held.event_id
           AND parked.held_token = held.token"
    );
    let freed = tx.query(&due, &[&endpoints, &events, &tokens]).await?;
    tell_of_due(tx, &freed)?;
    tx.execute(&cancelled, &[&endpoints, &events, &tokens]).await.map(drop)
}
