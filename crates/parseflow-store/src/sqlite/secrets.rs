//! Rotating an endpoint's secret in SQLite.

use parseflow_model::{Endpoint, EndpointNo, NextSecret, Timestamp};
use rusqlite::{named_params, params};

use super::engine::WriteTx;
use super::rows::failed;
use crate::port::{Notice, StoreError};

/// Makes `next` the pending secret, or the present one if its time has come; see the port.
pub(super) fn rotate(
    tx: &mut WriteTx<'_>,
    endpoint: &Endpoint,
    next: &NextSecret,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(due) = endpoint.next_secret.as_ref().filter(|due| due.takes_over_at <= now) {
        put_in_force(tx, endpoint.no, due, due.takes_over_at)?;
    }
    if next.takes_over_at <= now {
        return put_in_force(tx, endpoint.no, next, now);
    }
    tx.sql
        .execute(
            "UPDATE endpoint SET next_sealed_secret = ?2, next_secret_hint = ?3,
                next_secret_ms = ?4 WHERE no = ?1",
            params![endpoint.no.0, next.sealed, next.hint, next.takes_over_at.millis()],
        )
        .map_err(failed)?;
    tx.notices.push(Notice::EndpointChanged(endpoint.no));
    Ok(())
}

/// Puts the pending secret in force; `false` when none is pending.
pub(super) fn activate(
    tx: &mut WriteTx<'_>,
    endpoint: &Endpoint,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(next) = endpoint.next_secret.as_ref().filter(|next| next.takes_over_at > now) else {
        return Ok(false);
    };
    put_in_force(tx, endpoint.no, next, now)?;
    Ok(true)
}

fn put_in_force(
    tx: &mut WriteTx<'_>,
    no: EndpointNo,
    secret: &NextSecret,
    since: Timestamp,
) -> Result<(), StoreError> {
    tx.sql
        .execute(
            "UPDATE endpoint SET sealed_secret = :sealed, secret_hint = :hint,
                secret_changed_ms = :since, next_sealed_secret = NULL, next_secret_hint = NULL,
                next_secret_ms = NULL WHERE no = :no",
            named_params! {
                ":no": no.0,
                ":sealed": secret.sealed,
                ":hint": secret.hint,
                ":since": since.millis(),
            },
        )
        .map_err(failed)?;
    tx.notices.push(Notice::EndpointChanged(no));
    Ok(())
}
