//! Rotating an endpoint's secret in PostgreSQL.

use parseflow_model::{Endpoint, EndpointNo, NextSecret, Timestamp};

use super::endpoints::tell_of_change;
use super::fail::Fail;
use super::tx::Tx;

/// Makes `next` the pending secret, or the present one if its time has come; see the port.
pub(super) async fn rotate(
    tx: &mut Tx,
    endpoint: &Endpoint,
    next: &NextSecret,
    now: Timestamp,
) -> Result<(), Fail> {
    if let Some(due) = endpoint.next_secret.as_ref().filter(|due| due.takes_over_at <= now) {
        put_in_force(tx, endpoint.no, due, due.takes_over_at).await?;
    }
    if next.takes_over_at <= now {
        return put_in_force(tx, endpoint.no, next, now).await;
    }
    tx.execute(
        "UPDATE endpoint SET next_sealed_secret = $2, next_secret_hint = $3, next_secret_ms = $4
         WHERE no = $1",
        &[&(endpoint.no.0 as i32), &next.sealed, &next.hint, &next.takes_over_at.millis()],
    )
    .await?;
    tell_of_change(tx, endpoint.no).await
}

/// Puts the pending secret in force; `false` when none is pending.
pub(super) async fn activate(
    tx: &mut Tx,
    endpoint: &Endpoint,
    now: Timestamp,
) -> Result<bool, Fail> {
    let Some(next) = endpoint.next_secret.as_ref().filter(|next| next.takes_over_at > now) else {
        return Ok(false);
    };
    put_in_force(tx, endpoint.no, next, now).await?;
    Ok(true)
}

async fn put_in_force(
    tx: &mut Tx,
    no: EndpointNo,
    secret: &NextSecret,
    since: Timestamp,
) -> Result<(), Fail> {
    tx.execute(
        "UPDATE endpoint SET sealed_secret = $2, secret_hint = $3, secret_changed_ms = $4,
            next_sealed_secret = NULL, next_secret_hint = NULL, next_secret_ms = NULL
         WHERE no = $1",
        &[&(no.0 as i32), &secret.sealed, &secret.hint, &since.millis()],
    )
    .await?;
    tell_of_change(tx, no).await
}
