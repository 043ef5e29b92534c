//! Batches in PostgreSQL: opened, advanced, ended exactly once. The row of a batch is locked before
//! its documents are, so that finishing and cancelling take turns.

use parseflow_model::{
    AccountId, Batch, BatchId, BatchStatus, BatchSummaryRow, DocumentFailure, DocumentId, Fact,
    Timestamp,
};

use super::Inner;
use super::documents;
use super::emit::emit;
use super::fail::Fail;
use super::rows::{self, get, text};
use super::tx::Tx;
use crate::paging::{cursor_time, paged, time_cursor};
use crate::port::{
    Accepted, BatchCancel, BatchRefusal, ClaimedWork, Notice, OpenArchive, Page, PageRequest,
    StoreError, Work,
};

/// The batch with this id, kept from being changed by others until the transaction ends.
async fn lock(tx: &Tx, id: &BatchId) -> Result<Option<Batch>, Fail> {
    let row = tx.find("SELECT * FROM batch WHERE id = $1 FOR UPDATE", &[&id.as_str()]).await?;
    Ok(row.as_ref().map(rows::batch).transpose()?)
}

/// The batch of a document, if it is in one, kept from being changed by others.
pub(super) async fn lock_of_document(tx: &Tx, id: &DocumentId) -> Result<Option<Batch>, Fail> {
    let row = tx.find("SELECT batch FROM document WHERE id = $1", &[&id.as_str()]).await?;
    let batch: Option<BatchId> = match &row {
        Some(row) => rows::parsed_opt(row, "batch")?,
        None => None,
    };
    match batch {
        Some(batch) => lock(tx, &batch).await,
        None => Ok(None),
    }
}

/// Stores a new batch.
pub(super) async fn insert(tx: &Tx, batch: &Batch) -> Result<(), Fail> {
    let archive = batch.archive.as_ref();
    tx.execute(
        "INSERT INTO batch (id, account, status, document_events, test, requested, language,
            wishes, archive_name, archive_bytes, archive_mime, total, succeeded, failed,
            created_ms, archive_open)
         VALUES ($1, $2, 'processing', $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12, $13)",
        &[
            &batch.id.as_str(),
            &batch.account.as_str(),
            &batch.document_events,
            &batch.test,
            &batch.requested.to_string(),
            &batch.language.as_deref().map(text),
            &rows::wishes_text(&batch.wishes),
            &archive.map(|file| text(&file.name)),
            &archive.map(|file| file.size as i64),
            &archive.map(|file| text(&file.mime_type)),
            &(batch.total as i64),
            &batch.created_at.millis(),
            &archive.is_none(),
        ],
    )
    .await
    .map(drop)
}

/// Without the fence around the inner query the planner may run it once for every row and claim
/// more than `$3` rows.
const CLAIM: &str = "WITH next AS MATERIALIZED (
        SELECT id FROM batch WHERE NOT archive_open AND lease_until_ms <= $1
        ORDER BY created_ms, id LIMIT $3 FOR UPDATE SKIP LOCKED)
     UPDATE batch SET lease_until_ms = $2, lease_token = nextval('token'), lease_epoch = $4,
        tries = tries + 1 FROM next WHERE batch.id = next.id RETURNING batch.*";

/// Claims archives that wait to be opened.
pub(super) async fn claim_archives(
    tx: &Tx,
    (now, lease_until): (Timestamp, Timestamp),
    max: usize,
    epoch: i64,
) -> Result<Vec<ClaimedWork>, Fail> {
    let found =
        tx.query(CLAIM, &[&now.millis(), &lease_until.millis(), &(max as i64), &epoch]).await?;
    let mut claimed = Vec::with_capacity(found.len());
    for row in &found {
        let tries = get::<i32>(row, "tries")?.unsigned_abs();
        let work = Work::Archive(Box::new(rows::batch(row)?));
        claimed.push(ClaimedWork { work, tries, token: get(row, "lease_token")? });
    }
    Ok(claimed)
}

/// Records what an archive held; see the port.
pub(super) async fn open(tx: &mut Tx, opened: &OpenArchive) -> Result<bool, Fail> {
    let row = tx
        .find(
            "UPDATE batch SET archive_open = true
             WHERE id = $1 AND NOT archive_open AND lease_token = $2 RETURNING *",
            &[&opened.batch.as_str(), &opened.token],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    let batch = rows::batch(&row)?;
    let documents = match &opened.found {
        Ok(documents) => documents,
        Err(failure) => {
            end(tx, batch, BatchStatus::Failed, Some(failure.clone()), opened.now).await?;
            return Ok(true);
        }
    };
    let total = documents.len() as u64;
    match documents::count(tx, &batch.account, total, opened.now).await? {
        Accepted::QuotaExceeded { .. } => {
            let failure = BatchRefusal::QuotaExceeded { documents: total }.into();
            end(tx, batch, BatchStatus::Failed, Some(failure), opened.now).await?;
        }
        Accepted::Admitted(_) | Accepted::Repeated => {
            tx.execute(
                "UPDATE batch SET total = $2 WHERE id = $1",
                &[&batch.id.as_str(), &(total as i64)],
            )
            .await?;
            documents::insert(tx, documents).await?;
            tx.notices.push(Notice::WorkQueued);
        }
    }
    Ok(true)
}

/// Counts a finished document; the last one completes the batch.
pub(super) async fn advance(
    tx: &mut Tx,
    batch: Batch,
    succeeded: bool,
    now: Timestamp,
) -> Result<(), Fail> {
    if batch.status != BatchStatus::Processing {
        return Ok(());
    }
    let column = if succeeded { "succeeded" } else { "failed" };
    let advance = format!("UPDATE batch SET {column} = {column} + 1 WHERE id = $1 RETURNING *");
    let batch = rows::batch(&tx.one(&advance, &[&batch.id.as_str()]).await?)?;
    if batch.succeeded + batch.failed == batch.total {
        end(tx, batch, BatchStatus::Completed, None, now).await?;
    }
    Ok(())
}

/// Ends a batch that is processing, with its one terminal event.
async fn end(
    tx: &mut Tx,
    batch: Batch,
    status: BatchStatus,
    failure: Option<DocumentFailure>,
    now: Timestamp,
) -> Result<Batch, Fail> {
    let ended = Batch { status, failure, completed_at: Some(now), ..batch };
    let failure = ended.failure.as_ref();
    tx.execute(
        "UPDATE batch SET status = $2, failure_code = $3, failure_message = $4, completed_ms = $5,
            archive_open = true WHERE id = $1 AND status = 'processing'",
        &[
            &ended.id.as_str(),
            &status.as_str(),
            &failure.map(|f| text(&f.code)),
            &failure.map(|f| text(&f.message)),
            &now.millis(),
        ],
    )
    .await?;
    let fact = match status {
        BatchStatus::Completed => {
            Fact::BatchCompleted(Box::new(ended.clone()), summary(tx, &ended.id).await?)
        }
        _ => Fact::BatchFailed(Box::new(ended.clone())),
    };
    emit(tx, &ended.account, &fact, now).await?;
    Ok(ended)
}

async fn summary(tx: &Tx, id: &BatchId) -> Result<Vec<BatchSummaryRow>, Fail> {
    let rows = tx
        .query(
            "SELECT id, file_name, status, document_type, confidence FROM document
             WHERE batch = $1 ORDER BY id",
            &[&id.as_str()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(BatchSummaryRow {
                id: rows::parsed(row, "id")?,
                file_name: get(row, "file_name")?,
                status: rows::document_status(row)?,
                document_type: rows::parsed_opt(row, "document_type")?,
                confidence: get(row, "confidence")?,
            })
        })
        .collect()
}

/// Cancels a batch; see the port.
pub(super) async fn cancel(
    tx: &mut Tx,
    account: &AccountId,
    id: &BatchId,
    now: Timestamp,
) -> Result<BatchCancel, Fail> {
    let batch = lock(tx, id).await?.filter(|batch| batch.account == *account);
    let Some(batch) = batch else { return Ok(BatchCancel::NotFound) };
    if batch.status != BatchStatus::Processing {
        return Ok(BatchCancel::AlreadyEnded(Box::new(batch)));
    }
    tx.execute(
        "UPDATE document SET status = 'cancelled', finished_ms = $2
         WHERE batch = $1 AND status = 'processing'",
        &[&id.as_str(), &now.millis()],
    )
    .await?;
    let failure = BatchRefusal::Cancelled.into();
    let ended = end(tx, batch, BatchStatus::Cancelled, Some(failure), now).await?;
    Ok(BatchCancel::Cancelled(Box::new(ended)))
}

/// The account's batches, newest first.
pub(super) async fn list(
    inner: &Inner,
    account: &AccountId,
    page: &PageRequest,
) -> Result<Page<Batch>, StoreError> {
    let (before_ms, before_id) = cursor_time(page.cursor.as_deref());
    let found = inner
        .rows(
            "SELECT * FROM batch WHERE account = $1 AND (created_ms, id) < ($2, $3)
             ORDER BY created_ms DESC, id DESC LIMIT $4",
            &[&account.as_str(), &before_ms, &before_id, &(page.limit as i64 + 1)],
        )
        .await?;
    let found = found.iter().map(rows::batch).collect::<Result<Vec<_>, _>>()?;
    Ok(paged(found, page.limit, |batch| time_cursor(batch.created_at, batch.id.as_str())))
}
