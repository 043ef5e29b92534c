//! Batches in SQLite: opened, advanced, ended exactly once.

use parseflow_model::{
    AccountId, Batch, BatchId, BatchStatus, BatchSummaryRow, DocumentFailure, Fact, Timestamp,
};
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::documents;
use super::emit::emit;
use super::engine::WriteTx;
use super::rows::{self, Kept as _, failed};
use crate::port::{
    Accepted, BatchCancel, BatchRefusal, ClaimedWork, Notice, OpenArchive, Page, PageRequest,
    StoreError, Work,
};

/// The batch with this id.
pub(super) fn batch_by_id(sql: &Connection, id: &BatchId) -> Result<Option<Batch>, StoreError> {
    sql.prepare_cached("SELECT * FROM batch WHERE id = ?1")
        .and_then(|mut s| s.query_row([id.as_str()], rows::batch).optional())
        .map_err(failed)
}

/// Stores a new batch.
pub(super) fn insert(tx: &WriteTx<'_>, batch: &Batch) -> Result<(), StoreError> {
    let archive = batch.archive.as_ref();
    tx.sql
        .execute_kept(
            "INSERT INTO batch (id, account, status, document_events, test, requested, language, wishes,
                archive_name, archive_bytes, archive_mime, total, succeeded, failed, created_ms,
                archive_open)
             VALUES (:id, :account, 'processing', :events, :test, :requested, :language, :wishes,
                :archive_name, :archive_bytes, :archive_mime, :total, 0, 0, :created, :open)",
            named_params! {
                ":id": batch.id.as_str(),
                ":account": batch.account.as_str(),
                ":events": batch.document_events,
                ":test": batch.test,
                ":requested": batch.requested.to_string(),
                ":language": batch.language,
                ":wishes": crate::wishes::to_text(&batch.wishes),
                ":archive_name": archive.map(|file| file.name.as_str()),
                ":archive_bytes": archive.map(|file| file.size),
                ":archive_mime": archive.map(|file| file.mime_type.as_str()),
                ":total": batch.total,
                ":created": batch.created_at.millis(),
                ":open": archive.is_none(),
            },
        )
        .map(|_| ())
        .map_err(failed)
}

/// Claims archives that wait to be opened.
pub(super) fn claim_archives(
    tx: &mut WriteTx<'_>,
    now: Timestamp,
    lease_until: Timestamp,
    max: usize,
) -> Result<Vec<ClaimedWork>, StoreError> {
    let waiting: Vec<(Batch, u32)> = tx
        .sql
        .prepare_cached(
            "SELECT * FROM batch WHERE archive_open = 0 AND lease_until_ms <= ?1
             ORDER BY lease_until_ms, id LIMIT ?2",
        )
        .and_then(|mut s| {
            s.query_map(params![now.millis(), max], |row| {
                Ok((rows::batch(row)?, row.get("tries")?))
            })?
            .collect()
        })
        .map_err(failed)?;
    let mut claimed = Vec::with_capacity(waiting.len());
    for (batch, tries) in waiting {
        let token = tx.next_token()?;
        tx.sql
            .execute_kept(
                "UPDATE batch SET lease_until_ms = ?2, lease_token = ?3, tries = tries + 1
                 WHERE id = ?1",
                params![batch.id.as_str(), lease_until.millis(), token],
            )
            .map_err(failed)?;
        claimed.push(ClaimedWork { work: Work::Archive(Box::new(batch)), tries: tries + 1, token });
    }
    Ok(claimed)
}

/// Records what an archive held; see the port.
pub(super) fn open(tx: &mut WriteTx<'_>, opened: OpenArchive) -> Result<bool, StoreError> {
    let held: bool = tx
        .sql
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM batch
             WHERE id = ?1 AND archive_open = 0 AND lease_token = ?2)",
            params![opened.batch.as_str(), opened.token],
            |row| row.get(0),
        )
        .map_err(failed)?;
    let batch = batch_by_id(tx.sql, &opened.batch)?;
    let (true, Some(batch)) = (held, batch) else { return Ok(false) };
    tx.sql
        .execute_kept("UPDATE batch SET archive_open = 1 WHERE id = ?1", [batch.id.as_str()])
        .map_err(failed)?;
    let documents = match opened.found {
        Ok(documents) => documents,
        Err(failure) => {
            end(tx, batch, BatchStatus::Failed, Some(failure), opened.now)?;
            return Ok(true);
        }
    };
    let total = documents.len() as u64;
    match documents::count(tx, &batch.account, total, opened.now)? {
        Accepted::QuotaExceeded { .. } => {
            let failure = BatchRefusal::QuotaExceeded { documents: total }.into();
            end(tx, batch, BatchStatus::Failed, Some(failure), opened.now)?;
        }
        Accepted::Admitted(_) | Accepted::Repeated => {
            tx.sql
                .execute_kept(
                    "UPDATE batch SET total = ?2 WHERE id = ?1",
                    params![batch.id.as_str(), total],
                )
                .map_err(failed)?;
            documents::insert(tx, &documents)?;
            tx.notices.push(Notice::WorkQueued);
        }
    }
    Ok(true)
}

/// Counts a finished document; the last one completes the batch.
pub(super) fn advance(
    tx: &mut WriteTx<'_>,
    batch: Batch,
    succeeded: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    if batch.status != BatchStatus::Processing {
        return Ok(());
    }
    let column = if succeeded { "succeeded" } else { "failed" };
    tx.sql
        .prepare_cached(&format!("UPDATE batch SET {column} = {column} + 1 WHERE id = ?1"))
        .and_then(|mut s| s.execute([batch.id.as_str()]))
        .map_err(failed)?;
    let batch = batch_by_id(tx.sql, &batch.id)?.unwrap_or(batch);
    if batch.succeeded + batch.failed == batch.total {
        end(tx, batch, BatchStatus::Completed, None, now)?;
    }
    Ok(())
}

/// Ends a batch that is processing, with its one terminal event.
fn end(
    tx: &mut WriteTx<'_>,
    batch: Batch,
    status: BatchStatus,
    failure: Option<DocumentFailure>,
    now: Timestamp,
) -> Result<Batch, StoreError> {
    let ended = Batch { status, failure, completed_at: Some(now), ..batch };
    let failure = ended.failure.as_ref();
    tx.sql
        .execute_kept(
            "UPDATE batch SET status = ?2, failure_code = ?3, failure_message = ?4,
                completed_ms = ?5, archive_open = 1 WHERE id = ?1 AND status = 'processing'",
            params![
                ended.id.as_str(),
                status.as_str(),
                failure.map(|f| f.code.as_str()),
                failure.map(|f| f.message.as_str()),
                now.millis()
            ],
        )
        .map_err(failed)?;
    let fact = match status {
        BatchStatus::Completed => {
            Fact::BatchCompleted(Box::new(ended.clone()), summary(tx.sql, &ended.id)?)
        }
        _ => Fact::BatchFailed(Box::new(ended.clone())),
    };
    emit(tx, &ended.account, &fact, None, now)?;
    Ok(ended)
}

fn summary(sql: &Connection, id: &BatchId) -> Result<Vec<BatchSummaryRow>, StoreError> {
    sql.prepare_cached(
        "SELECT id, file_name, status, document_type, confidence FROM document
         WHERE batch = ?1 ORDER BY id",
    )
    .and_then(|mut s| {
        s.query_map([id.as_str()], |row| {
            Ok(BatchSummaryRow {
                id: rows::parsed(row, "id")?,
                file_name: row.get("file_name")?,
                status: rows::document_status(row)?,
                document_type: rows::parsed_opt(row, "document_type")?,
                confidence: row.get("confidence")?,
            })
        })?
        .collect()
    })
    .map_err(failed)
}

/// Cancels a batch; see the port.
pub(super) fn cancel(
    tx: &mut WriteTx<'_>,
    account: &AccountId,
    id: &BatchId,
    now: Timestamp,
) -> Result<BatchCancel, StoreError> {
    let batch = batch_by_id(tx.sql, id)?.filter(|batch| batch.account == *account);
    let Some(batch) = batch else { return Ok(BatchCancel::NotFound) };
    if batch.status != BatchStatus::Processing {
        return Ok(BatchCancel::AlreadyEnded(Box::new(batch)));
    }
    tx.sql
        .execute_kept(
            "UPDATE document SET status = 'cancelled', finished_ms = ?2
             WHERE batch = ?1 AND status = 'processing'",
            params![id.as_str(), now.millis()],
        )
        .map_err(failed)?;
    let failure = BatchRefusal::Cancelled.into();
    let ended = end(tx, batch, BatchStatus::Cancelled, Some(failure), now)?;
    Ok(BatchCancel::Cancelled(Box::new(ended)))
}

/// The account's batches, newest first.
pub(super) fn list(
    sql: &Connection,
    account: &AccountId,
    page: &PageRequest,
) -> Result<Page<Batch>, StoreError> {
    let (before_ms, before_id) = super::cursor_time(page.cursor.as_deref());
    let found = sql
        .prepare_cached(
            "SELECT * FROM batch WHERE account = ?1 AND (created_ms, id) < (?2, ?3)
             ORDER BY created_ms DESC, id DESC LIMIT ?4",
        )
        .and_then(|mut s| {
            let key = params![account.as_str(), before_ms, before_id, page.limit + 1];
            s.query_map(key, rows::batch)?.collect::<Result<Vec<_>, _>>()
        })
        .map_err(failed)?;
    Ok(super::paged(found, page.limit, |batch| {
        super::time_cursor(batch.created_at, batch.id.as_str())
    }))
}
