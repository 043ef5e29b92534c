//! Endpoints in PostgreSQL.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use parseflow_model::{
    AccountId, DisabledReason, Endpoint, EndpointNo, EndpointStatus, Health, NextSecret, Timestamp,
    WebhookId,
};

use super::fail::Fail;
use super::ledger::Step;
use super::rows::{self, ENDPOINT_SELECT, get, text};
use super::seat::tell_of_due;
use super::successes::Read;
use super::tx::{Tx, in_tx};
use super::{PostgresStore, alerts, deliveries, locks, secrets};
use crate::paging::{cursor_number, paged};
use crate::port::{
    Activation, CLAIM_LASTS, Claim, EndpointChange, EndpointStore, NewEndpoint, Notice, Page,
    PageRequest, StoreError,
};

/// The endpoints of these accounts, oldest first: the fan-out of their events.
pub(super) async fn of(
    tx: &Tx,
    accounts: &HashSet<&AccountId>,
) -> Result<HashMap<AccountId, Vec<Endpoint>>, Fail> {
    let ids: Vec<&str> = accounts.iter().map(|account| account.as_str()).collect();
    let select = format!("{ENDPOINT_SELECT} AND e.account = ANY ($1) ORDER BY e.no");
    let mut found: HashMap<AccountId, Vec<Endpoint>> = HashMap::new();
    for row in &tx.query(&select, &[&ids]).await? {
        let endpoint = rows::endpoint(row)?;
        found.entry(endpoint.account.clone()).or_default().push(endpoint);
    }
    Ok(found)
}

/// The account's endpoints, oldest first.
pub(super) async fn of_account(tx: &Tx, account: &AccountId) -> Result<Vec<Endpoint>, Fail> {
    Ok(of(tx, &HashSet::from([account])).await?.remove(account).unwrap_or_default())
}

/// The account's endpoint with this public id, unless deleted.
pub(super) async fn by_id(
    tx: &Tx,
    account: &AccountId,
    id: &WebhookId,
) -> Result<Option<Endpoint>, Fail> {
    let select = format!("{ENDPOINT_SELECT} AND e.account = $1 AND e.id = $2");
    let row = tx.find(&select, &[&account.as_str(), &id.as_str()]).await?;
    Ok(row.as_ref().map(rows::endpoint).transpose()?)
}

/// The endpoints with these numbers, unless deleted.
pub(super) async fn by_no(tx: &Tx, numbers: &[i32]) -> Result<HashMap<EndpointNo, Endpoint>, Fail> {
    let read = read(tx, numbers).await?.into_iter();
    Ok(read.map(|read| (read.endpoint.no, read.endpoint)).collect())
}

/// The same, each with the transaction that wrote its row.
pub(super) async fn read(tx: &Tx, numbers: &[i32]) -> Result<Vec<Read>, Fail> {
    let rows = tx.query(&format!("{ENDPOINT_SELECT} AND e.no = ANY ($1)"), &[&numbers]).await?;
    let read =
        |row| Ok(Read { endpoint: rows::endpoint(row)?, written_by: get(row, "written_by")? });
    rows.iter().map(read).collect()
}

/// The same, kept from being changed by others until the transaction ends.
pub(super) async fn by_no_alone(
    tx: &Tx,
    numbers: &[i32],
) -> Result<HashMap<EndpointNo, Endpoint>, Fail> {
    let select =
        format!("{ENDPOINT_SELECT} AND e.no = ANY ($1) ORDER BY e.no FOR NO KEY UPDATE OF e");
    found(&tx.query(&select, &[&numbers]).await?)
}

fn found(rows: &[tokio_postgres::Row]) -> Result<HashMap<EndpointNo, Endpoint>, Fail> {
    let mut found = HashMap::with_capacity(rows.len());
    for row in rows {
        let endpoint = rows::endpoint(row)?;
        found.insert(endpoint.no, endpoint);
    }
    Ok(found)
}

/// Stores an endpoint's health.
pub(super) async fn put_health(tx: &Tx, no: EndpointNo, health: &Health) -> Result<(), Fail> {
    let millis = |time: Option<Timestamp>| time.map(Timestamp::millis);
    tx.execute(
        "UPDATE endpoint SET status = $2, failing_since_ms = $3, run_started_ms = $4, run_day = $5,
            last_success_ms = $6, last_failure_ms = $7, consecutive_failures = $8,
            disabled_ms = $9, disabled_reason = $10 WHERE no = $1",
        &[
            &(no.0 as i32),
            &health.status.as_str(),
            &millis(health.failing_since),
            &millis(health.run_started_at),
            &i64::from(health.run_day),
            &millis(health.last_success_at),
            &millis(health.last_failure_at),
            &i64::from(health.consecutive_failures),
            &millis(health.disabled_at),
            &health.disabled_reason.map(DisabledReason::as_str),
        ],
    )
    .await
    .map(drop)
}

/// Cancels everything that waits for the endpoint, due or in any process's memory; it can be sent
/// again. The caller holds the locks of the account and the endpoint alone.
pub(super) async fn cancel_pending(
    tx: &mut Tx,
    no: EndpointNo,
    now: Timestamp,
) -> Result<(), Fail> {
    let (endpoint, at) = (no.0 as i32, now.millis());
    tx.execute(
        "WITH waiting AS (DELETE FROM due WHERE endpoint_no = $1
            RETURNING event_id, lease_ms, token, epoch)
         INSERT INTO parked
            (endpoint_no, event_id, reason, parked_ms, held_ms, held_token, held_epoch)
         SELECT $1, event_id, 'cancelled', $2, lease_ms, token, epoch FROM waiting
         ON CONFLICT (endpoint_no, event_id)
            DO UPDATE SET reason = excluded.reason, parked_ms = excluded.parked_ms,
                held_ms = excluded.held_ms, held_token = excluded.held_token,
                held_epoch = excluded.held_epoch",
        &[&endpoint, &at],
    )
    .await?;
    tx.execute(
        "INSERT INTO parked
            (endpoint_no, event_id, reason, parked_ms, held_ms, held_token, held_epoch)
         SELECT $1, e.id, 'cancelled', $2, $3, $4,
            COALESCE((SELECT n.epoch FROM node n WHERE n.id = (e.id >> 14) & 255), 0)
         FROM event e
         WHERE e.id >= (SELECT MIN(low) FROM node WHERE dispatching) AND $1 = ANY (e.targets)
           AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.endpoint_no = $1 AND a.event_id = e.id)
         ON CONFLICT (endpoint_no, event_id) DO NOTHING",
        &[&endpoint, &at, &(now + CLAIM_LASTS).millis(), &Claim::First.token()],
    )
    .await?;
    tx.steps.push(Step::Cancelled(no));
    Ok(())
}

/// Takes the locks that [`cancel_pending`] needs.
pub(super) async fn lock_alone(
    tx: &Tx,
    account: &AccountId,
    no: Option<EndpointNo>,
) -> Result<(), Fail> {
    tx.lock_account(account).await?;
    match no {
        Some(no) => tx.lock(&[locks::endpoint(no)]).await,
        None => Ok(()),
    }
}

async fn insert(tx: &Tx, new: &NewEndpoint) -> Result<(), Fail> {
    let settings = &new.settings;
    tx.execute(
        "INSERT INTO endpoint (id, account, url, events, event_mask, sealed_secret, secret_hint,
            description, timeout_ms, body_bytes_max, disable_on_gone, sealed_headers,
            rate_limit_per_second, ordered, payload_version, status, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'healthy', $16)",
        &[
            &new.id.as_str(),
            &new.account.as_str(),
            &new.url,
            &new.events.join(" "),
            &i16::from(new.event_mask),
            &new.sealed_secret,
            &new.secret_hint,
            &settings.description.as_deref().map(text),
            &settings.timeout_ms.map(i64::from),
            &settings.body_bytes_max.map(i64::from),
            &settings.disable_on_gone,
            &settings.sealed_headers,
            &settings.rate_limit_per_second.map(i64::from),
            &settings.ordered,
            &settings.payload_version.as_str(),
            &new.now.millis(),
        ],
    )
    .await
    .map(drop)
}

async fn update(
    tx: &mut Tx,
    current: Endpoint,
    change: EndpointChange,
    now: Timestamp,
) -> Result<(), Fail> {
    let (events, mask) = change.events.unwrap_or((current.events, current.event_mask));
    let ordered_before = current.settings.ordered;
    let settings = change.settings.apply(current.settings);
    tx.execute(
        "UPDATE endpoint SET url = $2, events = $3, event_mask = $4, description = $5,
            timeout_ms = $6, body_bytes_max = $7, disable_on_gone = $8, sealed_headers = $9,
            rate_limit_per_second = $10, ordered = $11 WHERE no = $1",
        &[
            &(current.no.0 as i32),
            &change.url.unwrap_or(current.url),
            &events.join(" "),
            &i16::from(mask),
            &settings.description.as_deref().map(text),
            &settings.timeout_ms.map(i64::from),
            &settings.body_bytes_max.map(i64::from),
            &settings.disable_on_gone,
            &settings.sealed_headers,
            &settings.rate_limit_per_second.map(i64::from),
            &settings.ordered,
        ],
    )
    .await?;
    if settings.ordered != ordered_before {
        tell_of_waiting(tx, current.no, settings.ordered).await?;
    }
    match change.active {
        Some(true) => put_health(tx, current.no, &Health::fresh()).await?,
        Some(false) if current.health.status != EndpointStatus::Disabled => {
            let disabled = Health {
                status: EndpointStatus::Disabled,
                disabled_at: Some(now),
                disabled_reason: Some(DisabledReason::ByOwner),
                ..current.health
            };
            put_health(tx, current.no, &disabled).await?;
            cancel_pending(tx, current.no, now).await?;
        }
        _ => {}
    }
    if let Some(paused) = change.paused {
        pause(tx, current.no, current.paused_at, paused, now).await?;
    }
    tell_of_change(tx, current.no).await
}

/// Tells when the endpoint's next delivery can be claimed: the oldest one, if it is ordered now.
async fn tell_of_waiting(tx: &mut Tx, no: EndpointNo, ordered: bool) -> Result<(), Fail> {
    let number = no.0 as i32;
    if ordered {
        return deliveries::tell_of_oldest(tx, &[number]).await;
    }
    let earliest = tx
        .query(
            "SELECT endpoint_no, due_ms FROM due WHERE endpoint_no = $1 ORDER BY due_ms LIMIT 1",
            &[&number],
        )
        .await?;
    tell_of_due(tx, &earliest)
}

/// Lets deliveries wait, or sends what has waited.
async fn pause(
    tx: &mut Tx,
    no: EndpointNo,
    before: Option<Timestamp>,
    paused: bool,
    now: Timestamp,
) -> Result<(), Fail> {
    let since = paused.then(|| before.unwrap_or(now).millis());
    tx.execute("UPDATE endpoint SET paused_ms = $2 WHERE no = $1", &[&(no.0 as i32), &since])
        .await?;
    if !paused && before.is_some() {
        tx.notices.push(Notice::Due { endpoint: no, at: now });
    }
    Ok(())
}

/// This process and the others forget what they know of the endpoint.
pub(super) async fn tell_of_change(tx: &mut Tx, no: EndpointNo) -> Result<(), Fail> {
    tx.notices.push(Notice::EndpointChanged(no));
    tx.tell_of_change().await
}

/// The endpoint, with its locks held alone and as it is under them.
async fn alone(tx: &Tx, account: &AccountId, id: &WebhookId) -> Result<Option<Endpoint>, Fail> {
    tx.lock_account(account).await?;
    let Some(found) = by_id(tx, account, id).await? else { return Ok(None) };
    tx.lock(&[locks::endpoint(found.no)]).await?;
    // Settled attempts may have changed its health while the lock was waited for.
    by_id(tx, account, id).await
}

#[async_trait]
impl EndpointStore for PostgresStore {
    async fn create_endpoint(
        &self,
        new: NewEndpoint,
        max: usize,
    ) -> Result<Option<Endpoint>, StoreError> {
        in_tx!(self.inner, tx => {
            lock_alone(tx, &new.account, None).await?;
            if of_account(tx, &new.account).await?.len() >= max {
                return Ok(None);
            }
            insert(tx, &new).await?;
            tx.tell_of_change().await?;
            by_id(tx, &new.account, &new.id).await
        })
    }

    async fn endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
    ) -> Result<Option<Endpoint>, StoreError> {
        let select = format!("{ENDPOINT_SELECT} AND e.account = $1 AND e.id = $2");
        let row = self.inner.row(&select, &[&account.as_str(), &id.as_str()]).await?;
        row.as_ref().map(rows::endpoint).transpose()
    }

    async fn endpoint_by_no(&self, no: EndpointNo) -> Result<Option<Endpoint>, StoreError> {
        let select = format!("{ENDPOINT_SELECT} AND e.no = $1");
        let row = self.inner.row(&select, &[&(no.0 as i32)]).await?;
        row.as_ref().map(rows::endpoint).transpose()
    }

    async fn endpoints(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<Endpoint>, StoreError> {
        let before = cursor_number(page.cursor.as_deref());
        let before = i32::try_from(before).unwrap_or(i32::MAX);
        let select = format!(
            "{ENDPOINT_SELECT} AND e.account = $1 AND e.no < $2 ORDER BY e.no DESC LIMIT $3"
        );
        let limit = page.limit as i64 + 1;
        let found = self.inner.rows(&select, &[&account.as_str(), &before, &limit]).await?;
        let found = found.iter().map(rows::endpoint).collect::<Result<Vec<_>, _>>()?;
        Ok(paged(found, page.limit, |endpoint| endpoint.no.0.to_string()))
    }

    async fn update_endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
        change: EndpointChange,
        now: Timestamp,
    ) -> Result<Option<Endpoint>, StoreError> {
        in_tx!(self.inner, tx => {
            let Some(current) = alone(tx, account, id).await? else { return Ok(None) };
            update(tx, current, change.clone(), now).await?;
            by_id(tx, account, id).await
        })
    }

    async fn rotate_secret(
        &self,
        account: &AccountId,
        id: &WebhookId,
        next: NextSecret,
        now: Timestamp,
    ) -> Result<Option<Endpoint>, StoreError> {
        in_tx!(self.inner, tx => {
            let Some(endpoint) = alone(tx, account, id).await? else { return Ok(None) };
            secrets::rotate(tx, &endpoint, &next, now).await?;
            by_id(tx, account, id).await
        })
    }

    async fn activate_secret(
        &self,
        account: &AccountId,
        id: &WebhookId,
        now: Timestamp,
    ) -> Result<Activation, StoreError> {
        in_tx!(self.inner, tx => {
            let Some(endpoint) = alone(tx, account, id).await? else {
                return Ok(Activation::NoEndpoint);
            };
            if !secrets::activate(tx, &endpoint, now).await? {
                return Ok(Activation::NothingPending);
            }
            Ok(by_id(tx, account, id).await?.map_or(Activation::NoEndpoint, |endpoint| {
                Activation::Activated(Box::new(endpoint))
            }))
        })
    }

    async fn delete_endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        in_tx!(self.inner, tx => {
            let Some(endpoint) = alone(tx, account, id).await? else { return Ok(false) };
            cancel_pending(tx, endpoint.no, now).await?;
            alerts::forget(tx, endpoint.no).await?;
            tx.execute(
                "UPDATE endpoint SET deleted_ms = $2, sealed_secret = '', secret_hint = '',
                    next_sealed_secret = NULL, next_secret_hint = NULL, next_secret_ms = NULL,
                    sealed_headers = NULL
                 WHERE no = $1",
                &[&(endpoint.no.0 as i32), &now.millis()],
            )
            .await?;
            tell_of_change(tx, endpoint.no).await?;
            Ok(true)
        })
    }
}
