//! Seats: taken, beaten, lost, given up; and the adoption of processes that died.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parseflow_model::{EndpointNo, EventId, Timestamp};
use tokio_postgres::Row;

use super::Inner;
use super::fail::Fail;
use super::fanout::{CHANGES, counted};
use super::ledger::Seat;
use super::rows::{endpoint_no, get};
use super::tx::{Tx, in_tx};
use super::{locks, rows};
use crate::port::{DispatcherLease, Heartbeat, Notice, StoreError};

/// Looks at a process that must find it unchanged before it is dead, however much time has passed
/// between them: a clock that is set does not kill.
const LOOKS_MIN: u32 = 4;

/// First attempts that were handed over and not settled: no attempt, not due, not parked. They have
/// been due since their events happened.
const PUT_LOST: &str = "INSERT INTO due (endpoint_no, event_id, due_ms, attempts_made, manual)
     SELECT t.no, e.id, e.occurred_ms, 0, false
     FROM event e CROSS JOIN LATERAL unnest(e.targets) AS t (no)
     WHERE {which}
       AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.endpoint_no = t.no AND a.event_id = e.id)
       AND NOT EXISTS (SELECT 1 FROM due d WHERE d.endpoint_no = t.no AND d.event_id = e.id)
       AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.endpoint_no = t.no AND p.event_id = e.id)
     ON CONFLICT DO NOTHING RETURNING endpoint_no, due_ms";

/// The other processes as this one last saw them.
#[derive(Debug, Default)]
pub(super) struct Watch {
    seen: HashMap<i64, Seen>,
    /// The latest count of changes of endpoints and plans.
    changes: Option<i64>,
}

#[derive(Debug)]
struct Seen {
    beat: i64,
    since: Timestamp,
    looks: u32,
}

/// Another process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Other {
    id: i16,
    epoch: i64,
    beat: i64,
}

impl Watch {
    /// Takes a look; those that are dead.
    fn look(&mut self, others: Vec<Other>, now: Timestamp, dead_after: Duration) -> Vec<Other> {
        self.seen.retain(|epoch, _| others.iter().any(|other| other.epoch == *epoch));
        let mut dead = Vec::new();
        for other in others {
            let fresh = Seen { beat: other.beat, since: now, looks: 0 };
            let seen = self.seen.entry(other.epoch).or_insert(fresh);
            if seen.beat != other.beat || now < seen.since {
                *seen = Seen { beat: other.beat, since: now, looks: 0 };
            }
            seen.looks += 1;
            if seen.looks >= LOOKS_MIN && now.since(seen.since) >= dead_after {
                dead.push(other);
            }
        }
        dead
    }

    fn changed(&mut self, changes: i64) -> bool {
        self.changes.replace(changes) != Some(changes)
    }
}

impl Inner {
    /// The seat; one without dispatching is taken when there is none.
    pub(super) async fn ensure_seat(self: &Arc<Self>) -> Result<Seat, StoreError> {
        let _joining = self.joining.lock().await;
        let seat = self.ledger().seat;
        if let Some(seat) = seat {
            return Ok(seat);
        }
        self.join(false).await
    }

    /// Takes a new seat to dispatch from, and over from any predecessor of this name.
    pub(super) async fn start_dispatching(self: &Arc<Self>) -> Result<DispatcherLease, StoreError> {
        let _joining = self.joining.lock().await;
        let seat = self.join(true).await?;
        Ok(DispatcherLease { epoch: seat.epoch })
    }

    async fn join(self: &Arc<Self>, dispatching: bool) -> Result<Seat, StoreError> {
        let (seat, last_event) = in_tx!(self, tx => { join(tx, dispatching).await })?;
        self.ledger().sit(seat, last_event);
        Ok(seat)
    }

    /// Shows that this process lives, and adopts those that do not; see the port.
    pub(super) async fn beat(
        self: &Arc<Self>,
        lease: Option<&DispatcherLease>,
        now: Timestamp,
    ) -> Result<Heartbeat, StoreError> {
        let seat = self.ensure_seat().await?;
        if lease.is_some_and(|lease| lease.epoch != seat.epoch) {
            return Err(StoreError::LeaseLost);
        }
        self.resolve_doubts().await?;
        let low = self.ledger().low();
        let own = self
            .rows(
                "UPDATE node SET beat = beat + 1, beat_ms = $3, low = $4
                 WHERE id = $1 AND epoch = $2 RETURNING 1",
                &[&seat.id, &seat.epoch, &now.millis(), &low],
            )
            .await?;
        if own.is_empty() {
            self.ledger().stand_up(seat.epoch);
            return Err(StoreError::LeaseLost);
        }
        let others =
            self.rows("SELECT id, epoch, beat FROM node WHERE epoch <> $1", &[&seat.epoch]).await?;
        let others = others.iter().map(other).collect::<Result<Vec<_>, _>>()?;
        let dead = self.watch().look(others, now, self.dead_after);
        let mut adopted = 0;
        for other in dead {
            adopted += usize::from(self.adopt_if_unchanged(other).await?);
        }
        let changes = counted(self.row(CHANGES, &[]).await?.as_ref())?;
        Ok(Heartbeat { adopted, endpoints_changed: self.watch().changed(changes) })
    }

    async fn adopt_if_unchanged(self: &Arc<Self>, other: Other) -> Result<bool, StoreError> {
        let adopted = in_tx!(self, tx => {
            tx.lock(&[locks::REGISTRY]).await?;
            let unchanged = tx
                .find(
                    "SELECT 1 FROM node WHERE id = $1 AND epoch = $2 AND beat = $3",
                    &[&other.id, &other.epoch, &other.beat],
                )
                .await?;
            match unchanged {
                Some(_) => adopt(tx, other.id, other.epoch).await,
                None => Ok(false),
            }
        })?;
        if adopted {
            tracing::warn!(seat = other.id, "a process has died; its work was taken over");
        }
        Ok(adopted)
    }

    /// Gives the seat up: what was handed to this process and what it had claimed becomes due.
    pub(super) async fn leave(self: &Arc<Self>) -> Result<(), StoreError> {
        let _joining = self.joining.lock().await;
        let Some(seat) = self.ledger().seat else { return Ok(()) };
        in_tx!(self, tx => {
            tx.lock(&[locks::REGISTRY]).await?;
            // The low-water mark as it is now: little is looked through.
            let low = tx.inner().ledger().low();
            tx.execute(
                "UPDATE node SET low = $3 WHERE id = $1 AND epoch = $2",
                &[&seat.id, &seat.epoch, &low],
            )
            .await?;
            adopt(tx, seat.id, seat.epoch).await
        })?;
        self.ledger().stand_up(seat.epoch);
        Ok(())
    }

    /// Looks up the events of transactions whose commit was not answered: those that are there were
    /// handed to nobody.
    async fn resolve_doubts(self: &Arc<Self>) -> Result<(), StoreError> {
        let doubts = self.ledger().doubts();
        let Some(seat) = self.ledger().seat else { return Ok(()) };
        if doubts.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = doubts.iter().map(|id| id.raw()).collect();
        in_tx!(self, tx => {
            // Waits for every transaction of this process, also for those that lost their connection.
            tx.lock(&[locks::seat(seat.id)]).await?;
            let found = tx.query(&PUT_LOST.replace("{which}", "e.id = ANY ($1)"), &[&ids]).await?;
            tell_of_due(tx, &found)
        })?;
        self.ledger().cleared(&doubts);
        Ok(())
    }
}

fn other(row: &Row) -> Result<Other, StoreError> {
    Ok(Other { id: get(row, "id")?, epoch: get(row, "epoch")?, beat: get(row, "beat")? })
}

async fn join(tx: &mut Tx, dispatching: bool) -> Result<(Seat, i64), Fail> {
    tx.lock(&[locks::REGISTRY]).await?;
    let name = tx.inner().node.clone();
    let before = tx.find("SELECT id, epoch FROM node WHERE name = $1", &[&name]).await?;
    if let Some(row) = before {
        adopt(tx, get(&row, "id")?, get(&row, "epoch")?).await?;
    }
    let free = tx
        .find(
            "SELECT id::smallint FROM generate_series(0, 255) AS s (id)
             WHERE NOT EXISTS (SELECT 1 FROM node WHERE node.id = s.id) ORDER BY id LIMIT 1",
            &[],
        )
        .await?;
    let Some(free) = free else {
        let text = "256 processes share the database already";
        return Err(Fail::Store(StoreError::Unavailable(text.into())));
    };
    let row = tx
        .one(
            "SELECT nextval('epoch') AS epoch, COALESCE((SELECT MAX(id) FROM event), 0) AS last",
            &[],
        )
        .await?;
    let seat = Seat { id: get(&free, "id")?, epoch: get(&row, "epoch")?, dispatching };
    let last: i64 = get(&row, "last")?;
    tx.execute(
        "INSERT INTO node (id, epoch, name, dispatching, beat, beat_ms, low)
         VALUES ($1, $2, $3, $4, 0, 0, $5)",
        &[&seat.id, &seat.epoch, &name, &dispatching, &(last + 1)],
    )
    .await?;
    Ok((seat, last))
}

/// Takes a seat from its process: what it was handed and what it had claimed becomes due. `false`
/// when somebody else was quicker.
async fn adopt(tx: &mut Tx, id: i16, epoch: i64) -> Result<bool, Fail> {
    // From here on nothing of the process is under way, and what it begins now finds no row.
    tx.lock(&[locks::seat(id)]).await?;
    let gone = tx
        .find("DELETE FROM node WHERE id = $1 AND epoch = $2 RETURNING low", &[&id, &epoch])
        .await?;
    let Some(gone) = gone else { return Ok(false) };
    let low: i64 = get(&gone, "low")?;
    let which = "e.id >= $1 AND ((e.id >> 14) & 255) = $2";
    let number = i64::from(id);
    let found = tx.query(&PUT_LOST.replace("{which}", which), &[&low, &number]).await?;
    tell_of_due(tx, &found)?;
    let released = tx
        .query(
            "UPDATE due SET lease_ms = 0, token = 0, epoch = 0 WHERE epoch = $1
             RETURNING endpoint_no, due_ms",
            &[&epoch],
        )
        .await?;
    tell_of_due(tx, &released)?;
    // What was cancelled while it held it is waited for no longer when somebody asks for it.
    let cancelled = "UPDATE parked SET held_ms = 0, held_token = 0, held_epoch = 0
         WHERE held_epoch = $1 AND held_epoch > 0";
    tx.execute(cancelled, &[&epoch]).await?;
    release_work(tx, epoch).await?;
    Ok(true)
}

/// Gives up the claims on documents and archives made under this epoch.
pub(super) async fn release_work(tx: &mut Tx, epoch: i64) -> Result<(), Fail> {
    let documents = "UPDATE document SET lease_until_ms = 0, lease_epoch = 0
         WHERE status = 'processing' AND lease_epoch = $1";
    let archives = "UPDATE batch SET lease_until_ms = 0, lease_epoch = 0
         WHERE NOT archive_open AND lease_epoch = $1";
    let released =
        tx.execute(documents, &[&epoch]).await? + tx.execute(archives, &[&epoch]).await?;
    if released > 0 {
        tx.notices.push(Notice::WorkQueued);
    }
    Ok(())
}

/// One notice for each endpoint, with its earliest time.
pub(super) fn tell_of_due(tx: &mut Tx, found: &[Row]) -> Result<(), Fail> {
    let mut earliest: HashMap<EndpointNo, Timestamp> = HashMap::new();
    for row in found {
        let at = rows::time(row, "due_ms")?;
        let known = earliest.entry(endpoint_no(row, "endpoint_no")?).or_insert(at);
        *known = at.min(*known);
    }
    tx.notices.extend(earliest.into_iter().map(|(endpoint, at)| Notice::Due { endpoint, at }));
    Ok(())
}

/// The smallest event whose first attempt may be in some process's memory.
pub(super) async fn low_of_all(inner: &Inner) -> Result<i64, StoreError> {
    let row = inner.row("SELECT MIN(low) AS low FROM node WHERE dispatching", &[]).await?;
    let low: Option<i64> = row.as_ref().map_or(Ok(None), |row| get(row, "low"))?;
    Ok(low.unwrap_or(EventId::from_raw(i64::MAX).raw()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEAD_AFTER: Duration = Duration::from_secs(10);

    fn look(watch: &mut Watch, beat: i64, secs: i64) -> bool {
        let other = Other { id: 1, epoch: 9, beat };
        !watch.look(vec![other], Timestamp::from_secs(secs), DEAD_AFTER).is_empty()
    }

    #[test]
    fn a_process_that_does_not_beat_for_a_while_is_dead() {
        let mut watch = Watch::default();
        for secs in 100..110 {
            assert!(!look(&mut watch, 5, secs), "{secs}");
        }
        assert!(look(&mut watch, 5, 110));
        assert!(!look(&mut watch, 6, 111), "it lives after all");
    }

    #[test]
    fn a_clock_that_is_set_kills_nobody() {
        let mut watch = Watch::default();
        assert!(!look(&mut watch, 5, 100));
        assert!(!look(&mut watch, 5, 9_999), "one look is too few");
        assert!(!look(&mut watch, 6, 10_000));
        assert!(!look(&mut watch, 6, 50), "set back");
    }
}
