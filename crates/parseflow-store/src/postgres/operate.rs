//! Operating PostgreSQL: repeated requests, figures.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use parseflow_model::{AccountId, Timestamp};
use tokio_postgres::Row;

use super::fail::Fail;
use super::rows::{self, get};
use super::tx::{Tx, in_tx};
use super::{PostgresStore, retention};
use crate::port::{IdempotencyBegin, OperateStore, StoreError, StoreFigures, StoredAnswer, Swept};

/// How long an `Idempotency-Key` is remembered.
pub(super) const IDEMPOTENCY_LIFE: Duration = Duration::from_secs(24 * 3_600);

/// One request with an `Idempotency-Key`.
struct Begin<'a> {
    account: &'a AccountId,
    key: &'a str,
    fingerprint: &'a [u8; 32],
    boot: i64,
    now: Timestamp,
}

async fn begin(tx: &mut Tx, request: &Begin<'_>) -> Result<IdempotencyBegin, Fail> {
    let epoch = tx.hold_seat().await?.epoch;
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 6] = [
        &request.account.as_str(),
        &request.key,
        &&request.fingerprint[..],
        &request.boot,
        &epoch,
        &request.now.millis(),
    ];
    let inserted = tx
        .execute(
            "INSERT INTO idempotency (account, key, fingerprint, boot, epoch, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            &values,
        )
        .await?;
    if inserted == 1 {
        return Ok(IdempotencyBegin::New);
    }
    let kept = tx
        .find(
            "SELECT i.*, EXISTS (SELECT 1 FROM node n WHERE n.epoch = i.epoch) AS lives
             FROM idempotency i WHERE account = $1 AND key = $2 FOR UPDATE OF i",
            &[&request.account.as_str(), &request.key],
        )
        .await?;
    // Forgotten between the two statements.
    let Some(kept) = kept else { return Err(Fail::Met) };
    if let Some(answer) = judge(&kept, request, epoch)? {
        return Ok(answer);
    }
    tx.execute(
        "UPDATE idempotency SET fingerprint = $3, boot = $4, epoch = $5, created_ms = $6,
            event_id = NULL, deliveries = NULL, status = NULL, content_type = NULL,
            sealed_body = NULL WHERE account = $1 AND key = $2",
        &values,
    )
    .await?;
    Ok(IdempotencyBegin::New)
}

/// What a kept request means for its repetition; `None` when it counts as never begun.
fn judge(
    kept: &Row,
    request: &Begin<'_>,
    epoch: i64,
) -> Result<Option<IdempotencyBegin>, StoreError> {
    if rows::time(kept, "created_ms")? <= request.now - IDEMPOTENCY_LIFE {
        return Ok(None);
    }
    let fingerprint: &[u8] = get(kept, "fingerprint")?;
    let event: Option<i64> = get(kept, "event_id")?;
    if fingerprint != request.fingerprint || event.is_some() {
        return Ok(Some(IdempotencyBegin::KeyReused));
    }
    let status: Option<i32> = get(kept, "status")?;
    if let Some(status) = status {
        return Ok(Some(IdempotencyBegin::Answered(StoredAnswer {
            status: u16::try_from(status)
                .map_err(|error| StoreError::Damaged(format!("status: {error}")))?,
            content_type: get(kept, "content_type")?,
            sealed_body: get(kept, "sealed_body")?,
        })));
    }
    let (boot, by): (i64, i64) = (get(kept, "boot")?, get(kept, "epoch")?);
    // Another process is in the middle of it as long as it has its seat; this one, as long as it
    // has not been started again.
    let other_lives = by != epoch && get(kept, "lives")?;
    Ok((boot == request.boot || other_lives).then_some(IdempotencyBegin::InFlight))
}

#[async_trait]
impl OperateStore for PostgresStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.row("SELECT 1", &[]).await.map(drop)
    }

    async fn begin_idempotent(
        &self,
        account: &AccountId,
        key: &str,
        fingerprint: &[u8; 32],
        boot: i64,
        now: Timestamp,
    ) -> Result<IdempotencyBegin, StoreError> {
        let request = Begin { account, key, fingerprint, boot, now };
        in_tx!(self.inner, tx => { begin(tx, &request).await })
    }

    async fn end_idempotent(
        &self,
        account: &AccountId,
        key: &str,
        answer: StoredAnswer,
    ) -> Result<(), StoreError> {
        in_tx!(self.inner, tx => {
            tx.execute(
                "UPDATE idempotency SET status = $3, content_type = $4, sealed_body = $5
                 WHERE account = $1 AND key = $2",
                &[
                    &account.as_str(),
                    &key,
                    &i32::from(answer.status),
                    &answer.content_type,
                    &answer.sealed_body,
                ],
            )
            .await
            .map(drop)
        })
    }

    async fn abandon_idempotent(&self, account: &AccountId, key: &str) -> Result<(), StoreError> {
        in_tx!(self.inner, tx => {
            tx.execute(
                "DELETE FROM idempotency
                 WHERE account = $1 AND key = $2 AND status IS NULL AND event_id IS NULL",
                &[&account.as_str(), &key],
            )
            .await
            .map(drop)
        })
    }

    async fn sweep(
        &self,
        before: Timestamp,
        now: Timestamp,
        rows_max: usize,
    ) -> Result<Swept, StoreError> {
        retention::sweep(&self.inner, before, now, rows_max).await
    }

    async fn figures(&self) -> Result<StoreFigures, StoreError> {
        let row = self
            .inner
            .row(
                "SELECT (SELECT COUNT(*) FROM due) AS due,
                    (SELECT COUNT(*) FROM document WHERE status = 'processing')
                        + (SELECT COUNT(*) FROM batch WHERE NOT archive_open) AS work,
                    (SELECT COUNT(*) FROM endpoint
                        WHERE status = 'failing' AND deleted_ms IS NULL) AS failing,
                    (SELECT COUNT(*) FROM endpoint
                        WHERE status = 'disabled' AND deleted_ms IS NULL) AS disabled",
                &[],
            )
            .await?
            .ok_or(StoreError::Closed)?;
        Ok(StoreFigures {
            deliveries_due: rows::number(&row, "due")?,
            work_queued: rows::number(&row, "work")?,
            endpoints_failing: rows::number(&row, "failing")?,
            endpoints_disabled: rows::number(&row, "disabled")?,
        })
    }

    async fn backup(&self, _: &Path) -> Result<(), StoreError> {
        let text = "PostgreSQL is backed up with its own tools: pg_dump, or pg_basebackup with WAL";
        Err(StoreError::Unavailable(text.into()))
    }
}
