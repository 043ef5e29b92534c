//! Recovering after an outage in PostgreSQL.

use async_trait::async_trait;
use parseflow_model::{
    AccountId, DeliveryId, Endpoint, EndpointNo, EventId, Recovery, RecoveryId, RecoveryScope,
    RecoveryStatus, Timestamp, WebhookId,
};
use tokio_postgres::Row;

use super::deliveries::{put_again, tell_of_oldest};
use super::fail::Fail;
use super::rows::{self, get};
use super::tx::{Tx, in_tx};
use super::{PostgresStore, endpoints, locks};
use crate::paging::{cursor_time, paged, time_cursor};
use crate::port::{
    EndpointStore, NewRecovery, Notice, Page, PageRequest, RECOVERY_LOOKED_AT_MAX, RecoveryBegun,
    RecoveryCancel, RecoveryStep, RecoveryStore, StoreError,
};

/// A recovery with the public id of its endpoint.
const SELECT: &str = "SELECT r.*, e.id AS endpoint_id FROM recovery r
     JOIN endpoint e ON e.no = r.endpoint_no";

/// One recovery of an endpoint.
const FIND: &str = "SELECT r.*, e.id AS endpoint_id FROM recovery r
     JOIN endpoint e ON e.no = r.endpoint_no WHERE r.id = $1 AND r.endpoint_no = $2";

/// Whether a row of `parked` p and `event` e is in a scope with the masks $4 and $5.
const COVERED: &str = "($4::integer & CASE p.reason WHEN 'exhausted' THEN 1 WHEN 'cancelled' THEN 2
     ELSE 4 END) <> 0 AND ($5::integer & (1 << e.event_type)) <> 0";

fn recovery(row: &Row) -> Result<Recovery, StoreError> {
    Ok(Recovery {
        id: rows::parsed(row, "id")?,
        endpoint: rows::parsed(row, "endpoint_id")?,
        scope: RecoveryScope {
            since: rows::time(row, "since_ms")?,
            until: rows::time(row, "until_ms")?,
            states: mask(row, "states")?,
            event_types: mask(row, "event_mask")?,
        },
        status: rows::named(row, "status", &RecoveryStatus::ALL, RecoveryStatus::as_str)?,
        total: rows::number(row, "total")?,
        done: rows::number(row, "done")?,
        created_at: rows::time(row, "created_ms")?,
        ended_at: rows::time_opt(row, "ended_ms")?,
    })
}

fn mask(row: &Row, column: &str) -> Result<u8, StoreError> {
    let value: i32 = get(row, column)?;
    u8::try_from(value).map_err(|error| StoreError::Damaged(format!("{column}: {error}")))
}

async fn find(tx: &Tx, no: EndpointNo, id: &RecoveryId) -> Result<Option<Recovery>, Fail> {
    let row = tx.find(FIND, &[&id.as_str(), &(no.0 as i32)]).await?;
    Ok(row.as_ref().map(recovery).transpose()?)
}

async fn begin(tx: &mut Tx, endpoint: &Endpoint, new: &NewRecovery) -> Result<RecoveryBegun, Fail> {
    if !endpoint.is_active() {
        return Ok(RecoveryBegun::EndpointDisabled);
    }
    let scope = &new.scope;
    let number = endpoint.no.0 as i32;
    let inserted = tx
        .execute(
            "INSERT INTO recovery (id, endpoint_no, status, since_ms, until_ms, states, event_mask,
                next_event, total, created_ms)
             VALUES ($1, $2, 'running', $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (endpoint_no) WHERE status = 'running' DO NOTHING",
            &[
                &new.id.as_str(),
                &number,
                &scope.since.millis(),
                &scope.until.millis(),
                &i32::from(scope.states),
                &i32::from(scope.event_types),
                &scope.events().0.raw(),
                &(new.total as i64),
                &new.now.millis(),
            ],
        )
        .await?;
    if inserted == 0 {
        let running = "SELECT id FROM recovery WHERE endpoint_no = $1 AND status = 'running'";
        // It ended between the two statements: again.
        let running = tx.find(running, &[&number]).await?.ok_or(Fail::Met)?;
        return Ok(RecoveryBegun::AlreadyRunning(rows::parsed(&running, "id")?));
    }
    tx.notices.push(Notice::RecoveryBegun);
    let begun = find(tx, endpoint.no, &new.id).await?.ok_or(Fail::Met)?;
    Ok(RecoveryBegun::Begun(Box::new(begun)))
}

async fn end(
    tx: &Tx,
    id: &RecoveryId,
    status: RecoveryStatus,
    now: Timestamp,
) -> Result<bool, Fail> {
    let changed = tx
        .execute(
            "UPDATE recovery SET status = $2, ended_ms = $3 WHERE id = $1 AND status = 'running'",
            &[&id.as_str(), &status.as_str(), &now.millis()],
        )
        .await?;
    Ok(changed == 1)
}

/// Makes parked deliveries due, as asked for by hand.
async fn unpark(tx: &Tx, no: EndpointNo, events: &[i64], now: Timestamp) -> Result<(), Fail> {
    let made = tx
        .query(
            "SELECT e.id, COALESCE((SELECT a.number FROM attempt a
                WHERE a.endpoint_no = $1 AND a.event_id = e.id
                ORDER BY a.number DESC LIMIT 1), 0) AS made
             FROM unnest($2::bigint[]) AS e (id)",
            &[&(no.0 as i32), &events],
        )
        .await?;
    let made = made.iter().map(|row| Ok((get(row, "id")?, get(row, "made")?)));
    let made = made.collect::<Result<Vec<_>, StoreError>>()?;
    put_again(tx, no, &made, now).await.map(drop)
}

async fn advance(
    tx: &mut Tx,
    id: &RecoveryId,
    now: Timestamp,
    waiting_max: usize,
) -> Result<RecoveryStep, Fail> {
    let job = "SELECT * FROM recovery WHERE id = $1 AND status = 'running'";
    let Some(found) = tx.find(job, &[&id.as_str()]).await? else { return Ok(RecoveryStep::Ended) };
    let no = rows::endpoint_no(&found, "endpoint_no")?;
    // Nothing of the endpoint is settled or cancelled meanwhile, and no other process does a step.
    tx.lock(&[locks::endpoint(no)]).await?;
    let Some(job) = tx.find(job, &[&id.as_str()]).await? else { return Ok(RecoveryStep::Ended) };
    let number = no.0 as i32;
    let endpoint = match endpoints::by_no(tx, &[number]).await?.remove(&no) {
        Some(endpoint) if endpoint.is_active() => endpoint,
        _ => {
            end(tx, id, RecoveryStatus::Cancelled, now).await?;
            return Ok(RecoveryStep::Ended);
        }
    };
    let waiting = tx
        .one(
            "SELECT COUNT(*) AS waiting FROM (SELECT 1 FROM due
                WHERE endpoint_no = $1 AND due_ms <= $2 AND lease_ms <= $2 LIMIT $3) AS counted",
            &[&number, &now.millis(), &(waiting_max as i64)],
        )
        .await?;
    let room = waiting_max - rows::number::<usize>(&waiting, "waiting")?.min(waiting_max);
    if endpoint.is_paused() || room == 0 {
        return Ok(RecoveryStep::Waiting);
    }
    let step = look(tx, &job, no).await?;
    let (mut moved, mut next_event) = (Vec::new(), get::<i64>(&job, "next_event")?);
    let mut is_last = step.len() < RECOVERY_LOOKED_AT_MAX;
    for (event, covered) in step {
        if covered && moved.len() == room {
            is_last = false;
            break;
        }
        next_event = event + 1;
        if covered {
            moved.push(event);
        }
    }
    unpark(tx, no, &moved, now).await?;
    tx.execute(
        "UPDATE recovery SET next_event = $2, done = done + $3 WHERE id = $1",
        &[&id.as_str(), &next_event, &(moved.len() as i64)],
    )
    .await?;
    if endpoint.settings.ordered {
        tell_of_oldest(tx, &[number]).await?;
    } else if !moved.is_empty() {
        tx.notices.push(Notice::Due { endpoint: no, at: now });
    }
    let moved = moved.into_iter().map(EventId::from_raw);
    let moved = moved.map(|event| DeliveryId { event, endpoint: no }).collect();
    if !is_last {
        return Ok(RecoveryStep::Moved(moved));
    }
    end(tx, id, RecoveryStatus::Completed, now).await?;
    Ok(RecoveryStep::Completed(moved))
}

/// The next parked rows at the cursor: event, and whether it is in the scope.
async fn look(tx: &Tx, job: &Row, no: EndpointNo) -> Result<Vec<(i64, bool)>, Fail> {
    let first: i64 = get(job, "next_event")?;
    let end = EventId::first_at(rows::time(job, "until_ms")?).raw();
    let (states, types): (i32, i32) = (get(job, "states")?, get(job, "event_mask")?);
    let most = RECOVERY_LOOKED_AT_MAX as i64;
    let select = format!(
        "SELECT p.event_id, COALESCE({COVERED}, false) AS covered FROM parked p
         LEFT JOIN event e ON e.id = p.event_id
         WHERE p.endpoint_no = $1 AND p.event_id >= $2 AND p.event_id < $3
         ORDER BY p.event_id LIMIT $6"
    );
    let found = tx.query(&select, &[&(no.0 as i32), &first, &end, &states, &types, &most]).await?;
    found.iter().map(|row| Ok((get(row, "event_id")?, get(row, "covered")?))).collect()
}

async fn cancel(
    tx: &Tx,
    no: EndpointNo,
    id: &RecoveryId,
    now: Timestamp,
) -> Result<RecoveryCancel, Fail> {
    if find(tx, no, id).await?.is_none() {
        return Ok(RecoveryCancel::NotFound);
    }
    let ended_now = end(tx, id, RecoveryStatus::Cancelled, now).await?;
    let after = Box::new(find(tx, no, id).await?.ok_or(Fail::Met)?);
    Ok(if ended_now {
        RecoveryCancel::Cancelled(after)
    } else {
        RecoveryCancel::AlreadyEnded(after)
    })
}

#[async_trait]
impl RecoveryStore for PostgresStore {
    async fn recoverable(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        scope: RecoveryScope,
    ) -> Result<Option<u64>, StoreError> {
        let Some(endpoint) = self.endpoint(account, endpoint).await? else { return Ok(None) };
        let (first, end) = scope.events();
        let select = format!(
            "SELECT COUNT(*) AS total FROM parked p JOIN event e ON e.id = p.event_id
             WHERE p.endpoint_no = $1 AND p.event_id >= $2 AND p.event_id < $3 AND {COVERED}"
        );
        let (number, states) = (endpoint.no.0 as i32, i32::from(scope.states));
        let types = i32::from(scope.event_types);
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&number, &first.raw(), &end.raw(), &states, &types];
        let row = self.inner.row(&select, &values).await?;
        row.map(|row| rows::number(&row, "total")).transpose()
    }

    async fn begin_recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        new: NewRecovery,
    ) -> Result<RecoveryBegun, StoreError> {
        in_tx!(self.inner, tx => {
            match endpoints::by_id(tx, account, endpoint).await? {
                Some(endpoint) => begin(tx, &endpoint, &new).await,
                None => Ok(RecoveryBegun::NoEndpoint),
            }
        })
    }

    async fn recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: &RecoveryId,
    ) -> Result<Option<Recovery>, StoreError> {
        let Some(endpoint) = self.endpoint(account, endpoint).await? else { return Ok(None) };
        let row = self.inner.row(FIND, &[&id.as_str(), &(endpoint.no.0 as i32)]).await?;
        row.as_ref().map(recovery).transpose()
    }

    async fn recoveries(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        page: &PageRequest,
    ) -> Result<Option<Page<Recovery>>, StoreError> {
        let Some(endpoint) = self.endpoint(account, endpoint).await? else { return Ok(None) };
        let (before, before_id) = cursor_time(page.cursor.as_deref());
        let select = format!(
            "{SELECT} WHERE r.endpoint_no = $1 AND (r.created_ms, r.id) < ($2, $3)
             ORDER BY r.created_ms DESC, r.id DESC LIMIT $4"
        );
        let limit = page.limit as i64 + 1;
        let number = endpoint.no.0 as i32;
        let found = self.inner.rows(&select, &[&number, &before, &before_id, &limit]).await?;
        let found = found.iter().map(recovery).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(paged(found, page.limit, |row| time_cursor(row.created_at, row.id.as_str()))))
    }

    async fn cancel_recovery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: &RecoveryId,
        now: Timestamp,
    ) -> Result<RecoveryCancel, StoreError> {
        in_tx!(self.inner, tx => {
            match endpoints::by_id(tx, account, endpoint).await? {
                Some(endpoint) => cancel(tx, endpoint.no, id, now).await,
                None => Ok(RecoveryCancel::NotFound),
            }
        })
    }

    async fn running_recoveries(&self, max: usize) -> Result<Vec<RecoveryId>, StoreError> {
        let select =
            "SELECT id FROM recovery WHERE status = 'running' ORDER BY endpoint_no LIMIT $1";
        let found = self.inner.rows(select, &[&(max as i64)]).await?;
        found.iter().map(|row| rows::parsed(row, "id")).collect()
    }

    async fn advance_recovery(
        &self,
        id: &RecoveryId,
        now: Timestamp,
        waiting_max: usize,
    ) -> Result<RecoveryStep, StoreError> {
        in_tx!(self.inner, tx => { advance(tx, id, now, waiting_max).await })
    }
}
