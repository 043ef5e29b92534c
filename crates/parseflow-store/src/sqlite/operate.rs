//! Operating SQLite: repeated requests, retention, figures, backup.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use parseflow_model::{AccountId, EventId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteStore;
use super::engine::WriteTx;
use super::rows::failed;
use crate::port::{IdempotencyBegin, OperateStore, StoreError, StoreFigures, StoredAnswer, Swept};

/// How long an `Idempotency-Key` is remembered.
pub(super) const IDEMPOTENCY_LIFE: Duration = Duration::from_secs(24 * 3_600);

struct Kept {
    fingerprint: [u8; 32],
    boot: i64,
    event: Option<i64>,
    answer: Option<StoredAnswer>,
}

fn kept(sql: &Connection, account: &AccountId, key: &str) -> Result<Option<Kept>, StoreError> {
    sql.prepare_cached("SELECT * FROM idempotency WHERE account = ?1 AND key = ?2")
        .and_then(|mut s| {
            s.query_row(params![account.as_str(), key], |row| {
                let status: Option<u16> = row.get("status")?;
                let answer = match status {
                    Some(status) => Some(StoredAnswer {
                        status,
                        content_type: row.get("content_type")?,
                        sealed_body: row.get("sealed_body")?,
                    }),
                    None => None,
                };
                Ok(Kept {
                    fingerprint: row.get("fingerprint")?,
                    boot: row.get("boot")?,
                    event: row.get("event_id")?,
                    answer,
                })
            })
            .optional()
        })
        .map_err(failed)
}

fn forget_expired(sql: &Connection, now: Timestamp) -> Result<(), StoreError> {
    sql.prepare_cached("DELETE FROM idempotency WHERE created_ms <= ?1")
        .and_then(|mut s| s.execute([(now - IDEMPOTENCY_LIFE).millis()]))
        .map(|_| ())
        .map_err(failed)
}

fn begin(
    tx: &WriteTx<'_>,
    account: &AccountId,
    key: &str,
    fingerprint: &[u8; 32],
    boot: i64,
    now: Timestamp,
) -> Result<IdempotencyBegin, StoreError> {
    forget_expired(tx.sql, now)?;
    if let Some(kept) = kept(tx.sql, account, key)? {
        if kept.fingerprint != *fingerprint || kept.event.is_some() {
            return Ok(IdempotencyBegin::KeyReused);
        }
        match kept.answer {
            Some(answer) => return Ok(IdempotencyBegin::Answered(answer)),
            None if kept.boot == boot => return Ok(IdempotencyBegin::InFlight),
            None => {}
        }
    }
    tx.sql
        .prepare_cached(
            "INSERT OR REPLACE INTO idempotency (account, key, fingerprint, boot, created_ms)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .and_then(|mut s| {
            s.execute(params![account.as_str(), key, fingerprint, boot, now.millis()])
        })
        .map_err(failed)?;
    Ok(IdempotencyBegin::New)
}

/// Deletes events before `before` with everything that hangs on them, until `rows_max` rows are gone.
fn sweep_events(sql: &Connection, before: EventId, rows_max: usize) -> Result<Swept, StoreError> {
    let old: Vec<(i64, Vec<u8>)> = sql
        .prepare_cached("SELECT id, targets FROM event WHERE id < ?1 ORDER BY id LIMIT ?2")
        .and_then(|mut s| {
            s.query_map(params![before.raw(), rows_max], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
        .map_err(failed)?;
    let (mut events, mut rows) = (0, 0);
    for (event, targets) in &old {
        if rows >= rows_max {
            return Ok(Swept { events, is_cut: true });
        }
        for endpoint in super::rows::targets(targets) {
            for table in ["attempt", "due", "parked"] {
                rows += sql
                    .prepare_cached(&format!(
                        "DELETE FROM {table} WHERE endpoint_no = ?1 AND event_id = ?2"
                    ))
                    .and_then(|mut s| s.execute(params![endpoint.0, event]))
                    .map_err(failed)?;
            }
        }
        rows += sql
            .prepare_cached("DELETE FROM event WHERE id = ?1")
            .and_then(|mut s| s.execute([event]))
            .map_err(failed)?;
        events += 1;
    }
    Ok(Swept { events, is_cut: old.len() == rows_max })
}

#[async_trait]
impl OperateStore for SqliteStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.read(|sql| sql.query_row("SELECT 1", [], |_| Ok(())).map_err(failed)).await
    }

    async fn begin_idempotent(
        &self,
        account: &AccountId,
        key: &str,
        fingerprint: &[u8; 32],
        boot: i64,
        now: Timestamp,
    ) -> Result<IdempotencyBegin, StoreError> {
        let (account, key, fingerprint) = (account.clone(), key.to_owned(), *fingerprint);
        self.write(move |tx| begin(tx, &account, &key, &fingerprint, boot, now)).await
    }

    async fn end_idempotent(
        &self,
        account: &AccountId,
        key: &str,
        answer: StoredAnswer,
    ) -> Result<(), StoreError> {
        let (account, key) = (account.clone(), key.to_owned());
        self.write(move |tx| {
            tx.sql
                .execute(
                    "UPDATE idempotency SET status = ?3, content_type = ?4, sealed_body = ?5
                     WHERE account = ?1 AND key = ?2",
                    params![
                        account.as_str(),
                        key,
                        answer.status,
                        answer.content_type,
                        answer.sealed_body
                    ],
                )
                .map(|_| ())
                .map_err(failed)
        })
        .await
    }

    async fn abandon_idempotent(&self, account: &AccountId, key: &str) -> Result<(), StoreError> {
        let (account, key) = (account.clone(), key.to_owned());
        self.write(move |tx| {
            tx.sql
                .execute(
                    "DELETE FROM idempotency
                     WHERE account = ?1 AND key = ?2 AND status IS NULL AND event_id IS NULL",
                    params![account.as_str(), key],
                )
                .map(|_| ())
                .map_err(failed)
        })
        .await
    }

    async fn sweep(
        &self,
        before: Timestamp,
        now: Timestamp,
        rows_max: usize,
    ) -> Result<Swept, StoreError> {
        self.write(move |tx| {
            forget_expired(tx.sql, now)?;
            super::recoveries::forget_ended(tx.sql, before)?;
            // What is still handed over to memory is never older than retention in earnest.
            let oldest_open = tx.ledger.unsettled.keys().next().copied();
            let before = EventId::first_at(before);
            let before = oldest_open.map_or(before, |open| open.min(before));
            sweep_events(tx.sql, before, rows_max)
        })
        .await
    }

    async fn figures(&self) -> Result<StoreFigures, StoreError> {
        self.read(|sql| {
            let count = |query: &str| sql.query_row(query, [], |row| row.get(0)).map_err(failed);
            Ok(StoreFigures {
                deliveries_due: count("SELECT COUNT(*) FROM due")?,
                work_queued: count(
                    "SELECT (SELECT COUNT(*) FROM document WHERE status = 'processing')
                          + (SELECT COUNT(*) FROM batch WHERE archive_open = 0)",
                )?,
                endpoints_failing: count(
                    "SELECT COUNT(*) FROM endpoint WHERE status = 'failing' AND deleted_ms IS NULL",
                )?,
                endpoints_disabled: count(
                    "SELECT COUNT(*) FROM endpoint WHERE status = 'disabled' AND deleted_ms IS NULL",
                )?,
            })
        })
        .await
    }

    async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        let path = path.to_string_lossy().into_owned();
        self.engine
            .on_own_connection(move |sql| {
                sql.execute("VACUUM INTO ?1", [path]).map(|_| ()).map_err(failed)
            })
            .await
    }
}
