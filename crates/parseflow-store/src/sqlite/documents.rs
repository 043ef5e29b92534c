//! Documents in SQLite: taken in and counted, claimed, finished with their event.

use async_trait::async_trait;
use parseflow_model::{
    Account, AccountId, Batch, BatchId, Document, DocumentId, DocumentStatus, Fact, QuotaFact,
    Timestamp, Usage,
};
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::SqliteStore;
use super::accounts::{account_by_id, used_in};
use super::batches;
use super::emit::emit;
use super::engine::WriteTx;
use super::rows::{self, failed};
use crate::port::{
    Accepted, Admission, BatchCancel, ClaimedWork, DocumentStore, Finish, Finished, Intake, Notice,
    OpenArchive, Page, PageRequest, StoreError, Work,
};

/// Counts `documents` more, or refuses, with the quota events that follow: each is written by the
/// row of `quota_mark` that says it has not been before.
pub(super) fn count(
    tx: &mut WriteTx<'_>,
    account: &AccountId,
    documents: u64,
    now: Timestamp,
) -> Result<Accepted, StoreError> {
    let account = account_by_id(tx.sql, account)?
        .ok_or_else(|| StoreError::Damaged(format!("no account {account}")))?;
    let limit = tx.rules.limits(&account).documents_per_month;
    let period = now.month();
    let before = used_in(tx.sql, &account.id, period)?;
    let fact = |used| QuotaFact { plan: account.plan, used, limit, period };
    match tx.rules.admit(before, documents, limit) {
        Admission::Admitted { used, warns } => {
            tx.sql
                .prepare_cached(
                    "INSERT INTO usage (account, period, used) VALUES (?1, ?2, ?3)
                     ON CONFLICT (account, period) DO UPDATE SET used = excluded.used",
                )
                .and_then(|mut s| s.execute(params![account.id.as_str(), period.to_string(), used]))
                .map_err(failed)?;
            if warns {
                warn_once(tx, &account, fact(used), now)?;
            }
            Ok(Accepted::Admitted(Usage { period, used }))
        }
        Admission::Exceeded => {
            // A jump over both marks tells of both.
            warn_once(tx, &account, fact(before), now)?;
            if first_time(tx, &account, &fact(before), "exceeded", 0)? {
                emit(tx, &account.id, &Fact::QuotaExceeded(fact(before)), None, now)?;
            }
            Ok(Accepted::QuotaExceeded { usage: Usage { period, used: before }, limit })
        }
    }
}

fn warn_once(
    tx: &mut WriteTx<'_>,
    account: &Account,
    fact: QuotaFact,
    now: Timestamp,
) -> Result<(), StoreError> {
    let quota = fact.limit.count().unwrap_or(u64::MAX) as i64;
    if first_time(tx, account, &fact, "warning", quota)? {
        emit(tx, &account.id, &Fact::QuotaWarning(fact), None, now)?;
    }
    Ok(())
}

fn first_time(
    tx: &WriteTx<'_>,
    account: &Account,
    fact: &QuotaFact,
    kind: &'static str,
    quota: i64,
) -> Result<bool, StoreError> {
    tx.sql
        .prepare_cached(
            "INSERT OR IGNORE INTO quota_mark (account, period, kind, quota)
             VALUES (?1, ?2, ?3, ?4)",
        )
        .and_then(|mut s| {
            s.execute(params![account.id.as_str(), fact.period.to_string(), kind, quota])
        })
        .map(|inserted| inserted == 1)
        .map_err(failed)
}

/// Stores documents that wait to be read.
pub(super) fn insert(tx: &WriteTx<'_>, documents: &[Document]) -> Result<(), StoreError> {
    for document in documents {
        tx.sql
            .prepare_cached(
                "INSERT INTO document (id, account, batch, file_name, file_bytes, mime, requested,
                    language, wishes, test, status, created_ms)
                 VALUES (:id, :account, :batch, :name, :bytes, :mime, :requested, :language, :wishes,
                    :test, 'processing', :created)",
            )
            .and_then(|mut s| {
                s.execute(named_params! {
                    ":id": document.id.as_str(),
                    ":account": document.account.as_str(),
                    ":batch": document.batch.as_ref().map(BatchId::as_str),
                    ":name": document.file.name,
                    ":bytes": document.file.size,
                    ":mime": document.file.mime_type,
                    ":requested": document.requested.to_string(),
                    ":language": document.language,
                    ":wishes": crate::wishes::to_text(&document.wishes),
                    ":test": document.test,
                    ":created": document.created_at.millis(),
                })
            })
            .map_err(failed)?;
    }
    Ok(())
}

fn document_by_id(sql: &Connection, id: &DocumentId) -> Result<Option<Document>, StoreError> {
    sql.prepare_cached("SELECT * FROM document WHERE id = ?1")
        .and_then(|mut s| s.query_row([id.as_str()], rows::document).optional())
        .map_err(failed)
}

fn accept(tx: &mut WriteTx<'_>, intake: Intake) -> Result<Accepted, StoreError> {
    if let Some(first) = intake.documents.first()
        && document_by_id(tx.sql, &first.id)?.is_some()
    {
        return Ok(Accepted::Repeated);
    }
    let counted = count(tx, &intake.account, intake.documents.len() as u64, intake.now)?;
    if let Accepted::Admitted(_) = counted {
        if let Some(batch) = &intake.batch {
            batches::insert(tx, batch)?;
        }
        insert(tx, &intake.documents)?;
        tx.notices.push(Notice::WorkQueued);
    }
    Ok(counted)
}

fn claim_documents(
    tx: &mut WriteTx<'_>,
    now: Timestamp,
    lease_until: Timestamp,
    max: usize,
) -> Result<Vec<ClaimedWork>, StoreError> {
    let waiting: Vec<(Document, u32)> = tx
        .sql
        .prepare_cached(
            "SELECT * FROM document WHERE status = 'processing' AND lease_until_ms <= ?1
             ORDER BY lease_until_ms, id LIMIT ?2",
        )
        .and_then(|mut s| {
            s.query_map(params![now.millis(), max], |row| {
                Ok((rows::document(row)?, row.get("tries")?))
            })?
            .collect()
        })
        .map_err(failed)?;
    let mut claimed = Vec::with_capacity(waiting.len());
    for (document, tries) in waiting {
        let token = tx.next_token()?;
        tx.sql
            .prepare_cached(
                "UPDATE document SET lease_until_ms = ?2, lease_token = ?3, tries = tries + 1
                 WHERE id = ?1",
            )
            .and_then(|mut s| s.execute(params![document.id.as_str(), lease_until.millis(), token]))
            .map_err(failed)?;
        let work = Work::Document(Box::new(document));
        claimed.push(ClaimedWork { work, tries: tries + 1, token });
    }
    Ok(claimed)
}

fn finish(tx: &mut WriteTx<'_>, finish: Finish) -> Result<Finished, StoreError> {
    let held: bool = tx
        .sql
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM document
             WHERE id = ?1 AND status = 'processing' AND lease_token = ?2)",
        )
        .and_then(|mut s| {
            s.query_row(params![finish.document.as_str(), finish.token], |row| row.get(0))
        })
        .map_err(failed)?;
    if !held {
        return Ok(Finished::Stale);
    }
    store_outcome(tx, &finish)?;
    let document = document_by_id(tx.sql, &finish.document)?
        .ok_or_else(|| StoreError::Damaged(format!("{} vanished", finish.document)))?;
    let batch = match &document.batch {
        Some(id) => batches::batch_by_id(tx.sql, id)?,
        None => None,
    };
    if batch.as_ref().is_none_or(|batch| batch.document_events) {
        let fact = Fact::DocumentFinished(Box::new(document.clone()));
        emit(tx, &document.account, &fact, None, finish.now)?;
    }
    if let Some(batch) = batch {
        batches::advance(tx, batch, document.extraction.is_some(), finish.now)?;
    }
    tx.notices.push(Notice::DocumentFinished(document.id.clone()));
    Ok(Finished::Done(Box::new(document)))
}

fn store_outcome(tx: &WriteTx<'_>, finish: &Finish) -> Result<(), StoreError> {
    let extraction = finish.outcome.as_ref().ok();
    let failure = finish.outcome.as_ref().err();
    let result = extraction.map(serde_json::to_string).transpose();
    let result = result.map_err(|error| StoreError::Unwritable(error.to_string()))?;
    let status = match &finish.outcome {
        Ok(_) => DocumentStatus::Completed,
        Err(_) => DocumentStatus::Failed,
    };
    tx.sql
        .prepare_cached(
            "UPDATE document SET status = :status, mime = COALESCE(:mime, mime),
                document_type = :type, confidence = :confidence, result = :result,
                failure_code = :code, failure_message = :message, finished_ms = :finished,
                processing_ms = :spent WHERE id = :id",
        )
        .and_then(|mut s| {
            s.execute(named_params! {
                ":id": finish.document.as_str(),
                ":status": status.as_str(),
                ":mime": extraction.map(|e| e.mime_type.as_str()),
                ":type": extraction.map(|e| e.document_type.as_str()),
                ":confidence": extraction.map(|e| e.confidence),
                ":result": result,
                ":code": failure.map(|f| f.code.as_str()),
                ":message": failure.map(|f| f.message.as_str()),
                ":finished": finish.now.millis(),
                ":spent": finish.processing_ms,
            })
        })
        .map(|_| ())
        .map_err(failed)
}

fn list(
    sql: &Connection,
    account: &AccountId,
    batch: Option<&BatchId>,
    page: &PageRequest,
) -> Result<Page<Document>, StoreError> {
    let scope = match batch {
        Some(_) => "batch = ?2 AND account = ?1",
        None => "account = ?1 AND ?2 IS NULL",
    };
    let (before_ms, before_id) = super::cursor_time(page.cursor.as_deref());
    let found = sql
        .prepare_cached(&format!(
            "SELECT * FROM document WHERE {scope} AND (created_ms, id) < (?3, ?4)
             ORDER BY created_ms DESC, id DESC LIMIT ?5"
        ))
        .and_then(|mut s| {
            let batch = batch.map(BatchId::as_str);
            let key = params![account.as_str(), batch, before_ms, before_id, page.limit + 1];
            s.query_map(key, rows::document)?.collect::<Result<Vec<_>, _>>()
        })
        .map_err(failed)?;
    Ok(super::paged(found, page.limit, |document| {
        super::time_cursor(document.created_at, document.id.as_str())
    }))
}

#[async_trait]
impl DocumentStore for SqliteStore {
    async fn accept(&self, intake: Intake) -> Result<Accepted, StoreError> {
        self.write(move |tx| accept(tx, intake)).await
    }

    async fn claim_work(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        max: usize,
    ) -> Result<Vec<ClaimedWork>, StoreError> {
        self.write(move |tx| {
            let mut claimed = batches::claim_archives(tx, now, lease_until, max)?;
            let room = max - claimed.len();
            claimed.extend(claim_documents(tx, now, lease_until, room)?);
            Ok(claimed)
        })
        .await
    }

    async fn release_work(&self) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.sql
                .execute_batch(
                    "UPDATE document SET lease_until_ms = 0
                        WHERE status = 'processing' AND lease_until_ms > 0;
                     UPDATE batch SET lease_until_ms = 0
                        WHERE archive_open = 0 AND lease_until_ms > 0;",
                )
                .map_err(failed)
        })
        .await
    }

    async fn awaited_files(&self, names: Vec<String>) -> Result<Vec<String>, StoreError> {
        self.read(move |sql| {
            let mut awaited = sql
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM document WHERE id = ?1 AND status = 'processing')
                         OR EXISTS (SELECT 1 FROM batch WHERE id = ?1 AND archive_open = 0)",
                )
                .map_err(failed)?;
            let mut kept = Vec::new();
            for name in names {
                if awaited.query_row([&name], |row| row.get(0)).map_err(failed)? {
                    kept.push(name);
                }
            }
            Ok(kept)
        })
        .await
    }

    async fn open_archive(&self, opened: OpenArchive) -> Result<bool, StoreError> {
        self.write(move |tx| batches::open(tx, opened)).await
    }

    async fn finish(&self, done: Finish) -> Result<Finished, StoreError> {
        self.write(move |tx| finish(tx, done)).await
    }

    async fn document(
        &self,
        account: &AccountId,
        id: &DocumentId,
    ) -> Result<Option<Document>, StoreError> {
        let (account, id) = (account.clone(), id.clone());
        self.read(move |sql| {
            Ok(document_by_id(sql, &id)?.filter(|document| document.account == account))
        })
        .await
    }

    async fn documents(
        &self,
        account: &AccountId,
        batch: Option<&BatchId>,
        page: &PageRequest,
    ) -> Result<Page<Document>, StoreError> {
        let (account, batch, page) = (account.clone(), batch.cloned(), page.clone());
        self.read(move |sql| list(sql, &account, batch.as_ref(), &page)).await
    }

    async fn batch(&self, account: &AccountId, id: &BatchId) -> Result<Option<Batch>, StoreError> {
        let (account, id) = (account.clone(), id.clone());
        self.read(move |sql| {
            Ok(batches::batch_by_id(sql, &id)?.filter(|batch| batch.account == account))
        })
        .await
    }

    async fn batches(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<Batch>, StoreError> {
        let (account, page) = (account.clone(), page.clone());
        self.read(move |sql| batches::list(sql, &account, &page)).await
    }

    async fn cancel_batch(
        &self,
        account: &AccountId,
        id: &BatchId,
        now: Timestamp,
    ) -> Result<BatchCancel, StoreError> {
        let (account, id) = (account.clone(), id.clone());
        self.write(move |tx| batches::cancel(tx, &account, &id, now)).await
    }
}
