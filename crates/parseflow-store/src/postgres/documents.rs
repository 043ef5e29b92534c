//! Documents in PostgreSQL: taken in and counted, claimed, finished with their event.

use async_trait::async_trait;
use parseflow_model::{
    Account, AccountId, Batch, BatchId, Document, DocumentId, DocumentStatus, Fact, QuotaFact,
    Timestamp, Usage,
};

use super::accounts::account_by_id;
use super::emit::emit;
use super::fail::Fail;
use super::rows::{self, get, text};
use super::tx::{Tx, in_tx};
use super::{Inner, PostgresStore, batches, seat};
use crate::paging::{cursor_time, paged, time_cursor};
use crate::port::{
    Accepted, Admission, BatchCancel, ClaimedWork, DocumentStore, Finish, Finished, Intake, Notice,
    OpenArchive, Page, PageRequest, StoreError, Work,
};

/// Counts `documents` more, or refuses, with the quota events that follow: each is written by the
/// row of `quota_mark` that says it has not been before. The row of `usage` is locked, so that
/// requests count one after another.
pub(super) async fn count(
    tx: &mut Tx,
    account: &AccountId,
    documents: u64,
    now: Timestamp,
) -> Result<Accepted, Fail> {
    let account = account_by_id(tx, account)
        .await?
        .ok_or_else(|| StoreError::Damaged(format!("no account {account}")))?;
    let limit = tx.rules().limits(&account).documents_per_month;
    let period = now.month();
    let key = period.to_string();
    tx.execute(
        "INSERT INTO usage (account, period, used) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
        &[&account.id.as_str(), &key],
    )
    .await?;
    let row = tx
        .one(
            "SELECT used FROM usage WHERE account = $1 AND period = $2 FOR UPDATE",
            &[&account.id.as_str(), &key],
        )
        .await?;
    let before: u64 = rows::number(&row, "used")?;
    let fact = |used| QuotaFact { plan: account.plan, used, limit, period };
    match tx.rules().admit(before, documents, limit) {
        Admission::Admitted { used, warns } => {
            tx.execute(
                "UPDATE usage SET used = $3 WHERE account = $1 AND period = $2",
                &[&account.id.as_str(), &key, &(used as i64)],
            )
            .await?;
            if warns {
                warn_once(tx, &account, fact(used), now).await?;
            }
            Ok(Accepted::Admitted(Usage { period, used }))
        }
        Admission::Exceeded => {
            // A jump over both marks tells of both.
            warn_once(tx, &account, fact(before), now).await?;
            if first_time(tx, &account, &fact(before), "exceeded", 0).await? {
                emit(tx, &account.id, &Fact::QuotaExceeded(fact(before)), now).await?;
            }
            Ok(Accepted::QuotaExceeded { usage: Usage { period, used: before }, limit })
        }
    }
}

async fn warn_once(
    tx: &mut Tx,
    account: &Account,
    fact: QuotaFact,
    now: Timestamp,
) -> Result<(), Fail> {
    let quota = fact.limit.count().unwrap_or(u64::MAX) as i64;
    if first_time(tx, account, &fact, "warning", quota).await? {
        emit(tx, &account.id, &Fact::QuotaWarning(fact), now).await?;
    }
    Ok(())
}

async fn first_time(
    tx: &Tx,
    account: &Account,
    fact: &QuotaFact,
    kind: &'static str,
    quota: i64,
) -> Result<bool, Fail> {
    let inserted = tx
        .execute(
            "INSERT INTO quota_mark (account, period, kind, quota) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
            &[&account.id.as_str(), &fact.period.to_string(), &kind, &quota],
        )
        .await?;
    Ok(inserted == 1)
}

/// Stores documents that wait to be read.
pub(super) async fn insert(tx: &Tx, documents: &[Document]) -> Result<(), Fail> {
    for document in documents {
        tx.execute(
            "INSERT INTO document (id, account, batch, file_name, file_bytes, mime, requested,
                language, wishes, test, status, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'processing', $11)",
            &[
                &document.id.as_str(),
                &document.account.as_str(),
                &document.batch.as_ref().map(BatchId::as_str),
                &text(&document.file.name),
                &(document.file.size as i64),
                &text(&document.file.mime_type),
                &document.requested.to_string(),
                &document.language.as_deref().map(text),
                &rows::wishes_text(&document.wishes),
                &document.test,
                &document.created_at.millis(),
            ],
        )
        .await?;
    }
    Ok(())
}

async fn accept(tx: &mut Tx, intake: &Intake) -> Result<Accepted, Fail> {
    if let Some(first) = intake.documents.first() {
        let known = "SELECT 1 FROM document WHERE id = $1";
        if tx.find(known, &[&first.id.as_str()]).await?.is_some() {
            return Ok(Accepted::Repeated);
        }
    }
    let counted = count(tx, &intake.account, intake.documents.len() as u64, intake.now).await?;
    if let Accepted::Admitted(_) = counted {
        if let Some(batch) = &intake.batch {
            batches::insert(tx, batch).await?;
        }
        insert(tx, &intake.documents).await?;
        tx.notices.push(Notice::WorkQueued);
    }
    Ok(counted)
}

/// Claims documents that wait; see [`batches::CLAIM`] for the fence.
const CLAIM: &str = "WITH next AS MATERIALIZED (
        SELECT id FROM document WHERE status = 'processing' AND lease_until_ms <= $1
        ORDER BY created_ms, id LIMIT $3 FOR UPDATE SKIP LOCKED)
     UPDATE document SET lease_until_ms = $2, lease_token = nextval('token'), lease_epoch = $4,
        tries = tries + 1 FROM next WHERE document.id = next.id RETURNING document.*";

async fn claim_documents(
    tx: &Tx,
    (now, lease_until): (Timestamp, Timestamp),
    max: usize,
    epoch: i64,
) -> Result<Vec<ClaimedWork>, Fail> {
    let found =
        tx.query(CLAIM, &[&now.millis(), &lease_until.millis(), &(max as i64), &epoch]).await?;
    let mut claimed = Vec::with_capacity(found.len());
    for row in &found {
        let work = Work::Document(Box::new(rows::document(row)?));
        let tries = get::<i32>(row, "tries")?.unsigned_abs();
        claimed.push(ClaimedWork { work, tries, token: get(row, "lease_token")? });
    }
    // An UPDATE returns rows in no order.
    claimed.sort_by_key(|claimed| match &claimed.work {
        Work::Document(document) => (document.created_at, document.id.clone()),
        Work::Archive(_) => unreachable!("only documents are claimed here"),
    });
    Ok(claimed)
}

async fn finish(tx: &mut Tx, finish: &Finish) -> Result<Finished, Fail> {
    // Locked in the order of cancelling: the batch, then its documents.
    let batch = batches::lock_of_document(tx, &finish.document).await?;
    let held = tx
        .find(
            "SELECT 1 FROM document WHERE id = $1 AND status = 'processing' AND lease_token = $2
             FOR UPDATE",
            &[&finish.document.as_str(), &finish.token],
        )
        .await?;
    if held.is_none() {
        return Ok(Finished::Stale);
    }
    let row = store_outcome(tx, finish).await?;
    let document = rows::document(&row)?;
    if batch.as_ref().is_none_or(|batch| batch.document_events) {
        let fact = Fact::DocumentFinished(Box::new(document.clone()));
        emit(tx, &document.account, &fact, finish.now).await?;
    }
    if let Some(batch) = batch {
        batches::advance(tx, batch, document.extraction.is_some(), finish.now).await?;
    }
    tx.notices.push(Notice::DocumentFinished(document.id.clone()));
    Ok(Finished::Done(Box::new(document)))
}

async fn store_outcome(tx: &Tx, finish: &Finish) -> Result<tokio_postgres::Row, Fail> {
    let extraction = finish.outcome.as_ref().ok();
    let failure = finish.outcome.as_ref().err();
    let result = extraction.map(serde_json::to_string).transpose();
    let result = result.map_err(|error| StoreError::Unwritable(error.to_string()))?;
    let status = match &finish.outcome {
        Ok(_) => DocumentStatus::Completed,
        Err(_) => DocumentStatus::Failed,
    };
    tx.one(
        "UPDATE document SET status = $2, mime = COALESCE($3, mime), document_type = $4,
            confidence = $5, result = $6, failure_code = $7, failure_message = $8,
            finished_ms = $9, processing_ms = $10 WHERE id = $1 RETURNING *",
        &[
            &finish.document.as_str(),
            &status.as_str(),
            &extraction.map(|e| e.mime_type.as_str()),
            &extraction.map(|e| e.document_type.as_str()),
            &extraction.map(|e| e.confidence),
            &result,
            &failure.map(|f| text(&f.code)),
            &failure.map(|f| text(&f.message)),
            &finish.now.millis(),
            &(finish.processing_ms as i64),
        ],
    )
    .await
}

async fn list(
    inner: &Inner,
    account: &AccountId,
    batch: Option<&BatchId>,
    page: &PageRequest,
) -> Result<Page<Document>, StoreError> {
    let (before_ms, before_id) = cursor_time(page.cursor.as_deref());
    let limit = page.limit as i64 + 1;
    let found = match batch {
        Some(batch) => {
            inner
                .rows(
                    "SELECT * FROM document WHERE batch = $2 AND account = $1
                        AND (created_ms, id) < ($3, $4)
                     ORDER BY created_ms DESC, id DESC LIMIT $5",
                    &[&account.as_str(), &batch.as_str(), &before_ms, &before_id, &limit],
                )
                .await?
        }
        None => {
            inner
                .rows(
                    "SELECT * FROM document WHERE account = $1 AND (created_ms, id) < ($2, $3)
                     ORDER BY created_ms DESC, id DESC LIMIT $4",
                    &[&account.as_str(), &before_ms, &before_id, &limit],
                )
                .await?
        }
    };
    let found = found.iter().map(rows::document).collect::<Result<Vec<_>, _>>()?;
    Ok(paged(found, page.limit, |document| time_cursor(document.created_at, document.id.as_str())))
}

#[async_trait]
impl DocumentStore for PostgresStore {
    async fn accept(&self, intake: Intake) -> Result<Accepted, StoreError> {
        in_tx!(self.inner, tx => { accept(tx, &intake).await })
    }

    async fn claim_work(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        max: usize,
    ) -> Result<Vec<ClaimedWork>, StoreError> {
        in_tx!(self.inner, tx => {
            let seat = tx.hold_seat().await?;
            tx.commit_lightly().await?;
            let times = (now, lease_until);
            let mut claimed = batches::claim_archives(tx, times, max, seat.epoch).await?;
            let room = max - claimed.len();
            claimed.extend(claim_documents(tx, times, room, seat.epoch).await?);
            Ok(claimed)
        })
    }

    async fn release_work(&self) -> Result<(), StoreError> {
        in_tx!(self.inner, tx => {
            let own = tx.hold_seat().await?.epoch;
            seat::release_work(tx, own).await?;
            // Those of processes that are no more, whatever became of them.
            for table in ["document", "batch"] {
                let waits = if table == "batch" { "NOT archive_open" } else { "status = 'processing'" };
                let release = format!(
                    "UPDATE {table} SET lease_until_ms = 0, lease_epoch = 0
                     WHERE {waits} AND lease_until_ms > 0
                       AND lease_epoch NOT IN (SELECT epoch FROM node)"
                );
                tx.execute(&release, &[]).await?;
            }
            Ok(())
        })
    }

    async fn awaited_files(&self, names: Vec<String>) -> Result<Vec<String>, StoreError> {
        let rows = self
            .inner
            .rows(
                "SELECT name FROM unnest($1::text[]) WITH ORDINALITY AS n (name, place)
                 WHERE EXISTS (SELECT 1 FROM document WHERE id = name AND status = 'processing')
                    OR EXISTS (SELECT 1 FROM batch WHERE id = name AND NOT archive_open)
                 ORDER BY place",
                &[&names],
            )
            .await?;
        rows.iter().map(|row| get(row, "name")).collect()
    }

    async fn open_archive(&self, opened: OpenArchive) -> Result<bool, StoreError> {
        in_tx!(self.inner, tx => { batches::open(tx, &opened).await })
    }

    async fn finish(&self, done: Finish) -> Result<Finished, StoreError> {
        in_tx!(self.inner, tx => { finish(tx, &done).await })
    }

    async fn document(
        &self,
        account: &AccountId,
        id: &DocumentId,
    ) -> Result<Option<Document>, StoreError> {
        let select = "SELECT * FROM document WHERE id = $1 AND account = $2";
        let row = self.inner.row(select, &[&id.as_str(), &account.as_str()]).await?;
        row.as_ref().map(rows::document).transpose()
    }

    async fn documents(
        &self,
        account: &AccountId,
        batch: Option<&BatchId>,
        page: &PageRequest,
    ) -> Result<Page<Document>, StoreError> {
        list(&self.inner, account, batch, page).await
    }

    async fn batch(&self, account: &AccountId, id: &BatchId) -> Result<Option<Batch>, StoreError> {
        let select = "SELECT * FROM batch WHERE id = $1 AND account = $2";
        let row = self.inner.row(select, &[&id.as_str(), &account.as_str()]).await?;
        row.as_ref().map(rows::batch).transpose()
    }

    async fn batches(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<Batch>, StoreError> {
        batches::list(&self.inner, account, page).await
    }

    async fn cancel_batch(
        &self,
        account: &AccountId,
        id: &BatchId,
        now: Timestamp,
    ) -> Result<BatchCancel, StoreError> {
        in_tx!(self.inner, tx => { batches::cancel(tx, account, id, now).await })
    }
}
