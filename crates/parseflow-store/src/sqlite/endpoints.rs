//! Endpoints in SQLite.

use async_trait::async_trait;
use parseflow_model::{
    AccountId, DisabledReason, Endpoint, EndpointNo, EndpointStatus, Health, NextSecret, Timestamp,
    WebhookId,
};
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::deliveries::next_ready;
use super::engine::{Step, WriteTx};
use super::rows::{self, ENDPOINT_SELECT, Kept as _, failed};
use super::{SqliteStore, alerts, secrets};
use crate::port::{
    Activation, EndpointChange, EndpointStore, NewEndpoint, Notice, Page, PageRequest, StoreError,
};

/// The account's endpoints, oldest first: the fan-out of its events.
pub(super) fn of_account(
    sql: &Connection,
    account: &AccountId,
) -> Result<Vec<Endpoint>, StoreError> {
    sql.prepare_cached(&format!("{ENDPOINT_SELECT} AND e.account = ?1 ORDER BY e.no"))
        .and_then(|mut s| s.query_map([account.as_str()], rows::endpoint)?.collect())
        .map_err(failed)
}

/// The account's endpoint with this public id, unless deleted.
pub(super) fn by_id(
    sql: &Connection,
    account: &AccountId,
    id: &WebhookId,
) -> Result<Option<Endpoint>, StoreError> {
    sql.prepare_cached(&format!("{ENDPOINT_SELECT} AND e.account = ?1 AND e.id = ?2"))
        .and_then(|mut s| s.query_row([account.as_str(), id.as_str()], rows::endpoint).optional())
        .map_err(failed)
}

/// The endpoint with this number, unless deleted.
pub(super) fn by_no(sql: &Connection, no: EndpointNo) -> Result<Option<Endpoint>, StoreError> {
    sql.prepare_cached(&format!("{ENDPOINT_SELECT} AND e.no = ?1"))
        .and_then(|mut s| s.query_row([no.0], rows::endpoint).optional())
        .map_err(failed)
}

/// Stores an endpoint's health.
pub(super) fn put_health(
    sql: &Connection,
    no: EndpointNo,
    health: &Health,
) -> Result<(), StoreError> {
    let millis = |time: Option<Timestamp>| time.map(Timestamp::millis);
    sql.prepare_cached(
        "UPDATE endpoint SET status = :status, failing_since_ms = :failing_since,
            run_started_ms = :run_started, run_day = :run_day, last_success_ms = :last_success,
            last_failure_ms = :last_failure, consecutive_failures = :failures,
            disabled_ms = :disabled, disabled_reason = :reason WHERE no = :no",
    )
    .and_then(|mut s| {
        s.execute(named_params! {
            ":no": no.0,
            ":status": health.status.as_str(),
            ":failing_since": millis(health.failing_since),
            ":run_started": millis(health.run_started_at),
            ":run_day": health.run_day,
            ":last_success": millis(health.last_success_at),
            ":last_failure": millis(health.last_failure_at),
            ":failures": health.consecutive_failures,
            ":disabled": millis(health.disabled_at),
            ":reason": health.disabled_reason.map(DisabledReason::as_str),
        })
    })
    .map(|_| ())
    .map_err(failed)
}

/// Cancels everything that waits for the endpoint, due or in memory; it can be sent again.
pub(super) fn cancel_pending(
    tx: &mut WriteTx<'_>,
    no: EndpointNo,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.sql
        .execute_kept(
            "INSERT OR REPLACE INTO parked
                (endpoint_no, event_id, reason, parked_ms, held_ms, held_token)
             SELECT endpoint_no, event_id, 'cancelled', ?2, IIF(token <> 0, ready_ms, 0), token
             FROM due WHERE endpoint_no = ?1",
            params![no.0, now.millis()],
        )
        .map_err(failed)?;
    tx.sql.execute_kept("DELETE FROM due WHERE endpoint_no = ?1", [no.0]).map_err(failed)?;
    let handed_over: Vec<_> = tx
        .ledger
        .unsettled
        .iter()
        .filter(|(_, endpoints)| endpoints.contains(&no))
        .map(|(event, _)| *event)
        // Not the one whose end in this commit has disabled the endpoint.
        .filter(|event| !tx.steps.iter().any(|step| step.settles(*event, no)))
        .collect();
    for event in handed_over {
        super::emit::park(tx, no, event, "cancelled", now)?;
        super::deliveries::hold_first(tx, no, event, now)?;
        tx.steps.push(Step::Settled(event, no));
    }
    Ok(())
}

fn insert(sql: &Connection, new: &NewEndpoint) -> Result<(), StoreError> {
    sql.execute_kept(
        "INSERT INTO endpoint (id, account, url, events, event_mask, sealed_secret, secret_hint,
            description, timeout_ms, body_bytes_max, disable_on_gone, sealed_headers,
            rate_limit_per_second, ordered, payload_version, status, created_ms)
         VALUES (:id, :account, :url, :events, :mask, :secret, :hint, :description, :timeout,
            :body_max, :gone, :headers, :rate_limit, :ordered, :version, 'healthy', :created)",
        named_params! {
            ":id": new.id.as_str(),
            ":account": new.account.as_str(),
            ":url": new.url,
            ":events": new.events.join(" "),
            ":mask": new.event_mask,
            ":secret": new.sealed_secret,
            ":hint": new.secret_hint,
            ":description": new.settings.description,
            ":timeout": new.settings.timeout_ms,
            ":body_max": new.settings.body_bytes_max,
            ":gone": new.settings.disable_on_gone,
            ":headers": new.settings.sealed_headers,
            ":rate_limit": new.settings.rate_limit_per_second,
            ":ordered": new.settings.ordered,
            ":version": new.settings.payload_version.as_str(),
            ":created": new.now.millis(),
        },
    )
    .map(|_| ())
    .map_err(failed)
}

fn update(
    tx: &mut WriteTx<'_>,
    current: Endpoint,
    change: EndpointChange,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (events, mask) = change.events.unwrap_or((current.events, current.event_mask));
    let ordered_before = current.settings.ordered;
    let settings = change.settings.apply(current.settings);
    tx.sql
        .execute_kept(
            "UPDATE endpoint SET url = :url, events = :events, event_mask = :mask,
                description = :description, timeout_ms = :timeout, body_bytes_max = :body_max,
                disable_on_gone = :gone, sealed_headers = :headers,
                rate_limit_per_second = :rate_limit, ordered = :ordered
             WHERE no = :no",
            named_params! {
                ":no": current.no.0,
                ":url": change.url.unwrap_or(current.url),
                ":events": events.join(" "),
                ":mask": mask,
                ":description": settings.description,
                ":timeout": settings.timeout_ms,
                ":body_max": settings.body_bytes_max,
                ":gone": settings.disable_on_gone,
                ":headers": settings.sealed_headers,
                ":rate_limit": settings.rate_limit_per_second,
                ":ordered": settings.ordered,
            },
        )
        .map_err(failed)?;
    if settings.ordered != ordered_before
        && let Some(at) = next_ready(tx.sql, current.no, settings.ordered)?
    {
        tx.notices.push(Notice::Due { endpoint: current.no, at });
    }
    match change.active {
        Some(true) => put_health(tx.sql, current.no, &Health::fresh())?,
        Some(false) if current.health.status != EndpointStatus::Disabled => {
            let disabled = Health {
                status: EndpointStatus::Disabled,
                disabled_at: Some(now),
                disabled_reason: Some(DisabledReason::ByOwner),
                ..current.health
            };
            put_health(tx.sql, current.no, &disabled)?;
            cancel_pending(tx, current.no, now)?;
        }
        _ => {}
    }
    if let Some(paused) = change.paused {
        pause(tx, current.no, current.paused_at, paused, now)?;
    }
    tx.notices.push(Notice::EndpointChanged(current.no));
    Ok(())
}

/// Lets deliveries wait, or sends what has waited.
fn pause(
    tx: &mut WriteTx<'_>,
    no: EndpointNo,
    before: Option<Timestamp>,
    paused: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let since = paused.then(|| before.unwrap_or(now).millis());
    tx.sql
        .execute_kept("UPDATE endpoint SET paused_ms = ?2 WHERE no = ?1", params![no.0, since])
        .map_err(failed)?;
    if !paused && before.is_some() {
        tx.notices.push(Notice::Due { endpoint: no, at: now });
    }
    Ok(())
}

#[async_trait]
impl EndpointStore for SqliteStore {
    async fn create_endpoint(
        &self,
        new: NewEndpoint,
        max: usize,
    ) -> Result<Option<Endpoint>, StoreError> {
        self.write(move |tx| {
            if of_account(tx.sql, &new.account)?.len() >= max {
                return Ok(None);
            }
            insert(tx.sql, &new)?;
            by_id(tx.sql, &new.account, &new.id)
        })
        .await
    }

    async fn endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
    ) -> Result<Option<Endpoint>, StoreError> {
        let (account, id) = (account.clone(), id.clone());
        self.read(move |sql| by_id(sql, &account, &id)).await
    }

    async fn endpoint_by_no(&self, no: EndpointNo) -> Result<Option<Endpoint>, StoreError> {
        self.read(move |sql| by_no(sql, no)).await
    }

    async fn endpoints(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<Endpoint>, StoreError> {
        let (account, page) = (account.clone(), page.clone());
        self.read(move |sql| {
            let before = super::cursor_number(page.cursor.as_deref());
            let found = sql
                .prepare_cached(&format!(
                    "{ENDPOINT_SELECT} AND e.account = ?1 AND e.no < ?2
                     ORDER BY e.no DESC LIMIT ?3"
                ))
                .and_then(|mut s| {
                    s.query_map(params![account.as_str(), before, page.limit + 1], rows::endpoint)?
                        .collect::<Result<Vec<_>, _>>()
                })
                .map_err(failed)?;
            Ok(super::paged(found, page.limit, |endpoint| endpoint.no.0.to_string()))
        })
        .await
    }

    async fn update_endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
        change: EndpointChange,
        now: Timestamp,
    ) -> Result<Option<Endpoint>, StoreError> {
        let (account, id) = (account.clone(), id.clone());
        self.write(move |tx| {
            let Some(current) = by_id(tx.sql, &account, &id)? else { return Ok(None) };
            update(tx, current, change, now)?;
            by_id(tx.sql, &account, &id)
        })
        .await
    }

    async fn rotate_secret(
        &self,
        account: &AccountId,
        id: &WebhookId,
        next: NextSecret,
        now: Timestamp,
    ) -> Result<Option<Endpoint>, StoreError> {
        let (account, id) = (account.clone(), id.clone());
        self.write(move |tx| {
            let Some(endpoint) = by_id(tx.sql, &account, &id)? else { return Ok(None) };
            secrets::rotate(tx, &endpoint, &next, now)?;
            by_id(tx.sql, &account, &id)
        })
        .await
    }

    async fn activate_secret(
        &self,
        account: &AccountId,
        id: &WebhookId,
        now: Timestamp,
    ) -> Result<Activation, StoreError> {
        let (account, id) = (account.clone(), id.clone());
        self.write(move |tx| {
            let Some(endpoint) = by_id(tx.sql, &account, &id)? else {
                return Ok(Activation::NoEndpoint);
            };
            if !secrets::activate(tx, &endpoint, now)? {
                return Ok(Activation::NothingPending);
            }
            let after = by_id(tx.sql, &account, &id)?;
            Ok(after.map_or(Activation::NoEndpoint, |endpoint| {
                Activation::Activated(Box::new(endpoint))
            }))
        })
        .await
    }

    async fn delete_endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (account, id) = (account.clone(), id.clone());
        self.write(move |tx| {
            let Some(endpoint) = by_id(tx.sql, &account, &id)? else { return Ok(false) };
            cancel_pending(tx, endpoint.no, now)?;
            alerts::forget(tx.sql, endpoint.no)?;
            tx.sql
                .execute_kept(
                    "UPDATE endpoint SET deleted_ms = ?2, sealed_secret = x'', secret_hint = '',
                        next_sealed_secret = NULL, next_secret_hint = NULL, next_secret_ms = NULL,
                        sealed_headers = NULL
                     WHERE no = ?1",
                    params![endpoint.no.0, now.millis()],
                )
                .map_err(failed)?;
            tx.notices.push(Notice::EndpointChanged(endpoint.no));
            Ok(true)
        })
        .await
    }
}
