//! Batches: exactly one terminal event.

use std::time::Duration;

use parseflow_model::{
    AccountId, Batch, BatchStatus, Document, DocumentFailure, DocumentStatus, FileMeta, Plan,
};

use super::Subject;
use crate::port::{BatchCancel, Finish, Finished, Intake, OpenArchive, Work};

struct Running {
    account: AccountId,
    batch: Batch,
    /// Documents with the tokens of their claims.
    claimed: Vec<(Document, i64)>,
}

async fn start(subject: &Subject, total: usize, document_events: bool) -> Running {
    let (account, _, _) = subject.dispatching().await;
    let batch = Batch { document_events, ..subject.batch(&account, total as u64) };
    let documents = (0..total).map(|_| subject.document(&account, Some(&batch.id))).collect();
    let intake = Intake {
        account: account.clone(),
        documents,
        batch: Some(batch.clone()),
        now: Subject::at(0),
    };
    subject.store.accept(intake).await.unwrap();
    let claimed = claim(subject).await;
    Running { account, batch, claimed }
}

async fn claim(subject: &Subject) -> Vec<(Document, i64)> {
    let (now, until) = (Subject::at(1), Subject::at(1) + Duration::from_secs(60));
    let claimed = subject.store.claim_work(now, until, 100).await.unwrap();
    claimed
        .into_iter()
        .filter_map(|claimed| match claimed.work {
            Work::Document(document) => Some((*document, claimed.token)),
            Work::Archive(_) => None,
        })
        .collect()
}

fn finish(claimed: &(Document, i64), readable: bool) -> Finish {
    let failure = DocumentFailure { code: "corrupt_file".into(), message: "cut".into() };
    Finish {
        document: claimed.0.id.clone(),
        token: claimed.1,
        outcome: if readable { Ok(Subject::extraction()) } else { Err(failure) },
        processing_ms: 1,
        now: Subject::at(2),
    }
}

async fn batch(subject: &Subject, running: &Running) -> Batch {
    subject.store.batch(&running.account, &running.batch.id).await.unwrap().unwrap()
}

/// Twenty documents finished at once: one `batch.completed`, by whichever was the last.
pub async fn the_last_document_completes_the_batch_exactly_once(subject: Subject) {
    let running = start(&subject, 20, true).await;
    let finishing: Vec<_> = running
        .claimed
        .iter()
        .map(|claimed| {
            let (store, finish) = (std::sync::Arc::clone(&subject.store), finish(claimed, true));
            tokio::spawn(async move { store.finish(finish).await.unwrap() })
        })
        .collect();
    for task in finishing {
        assert!(matches!(task.await.unwrap(), Finished::Done(_)));
    }
    let bodies = subject.bodies();
    let terminal: Vec<_> = bodies.iter().filter(|body| body.starts_with("batch")).collect();
    assert_eq!(terminal, [&format!("batch.completed {} 20", running.batch.id)]);
    assert_eq!((bodies.len(), bodies.last()), (21, Some(terminal[0])), "the terminal one is last");
    let ended = batch(&subject, &running).await;
    assert_eq!((ended.status, ended.succeeded, ended.failed), (BatchStatus::Completed, 20, 0));
    assert_eq!(ended.completed_at, Some(Subject::at(2)));
}

/// A batch is completed when every document ended, even if none could be read.
pub async fn a_batch_of_failures_is_still_completed(subject: Subject) {
    let running = start(&subject, 2, true).await;
    for claimed in &running.claimed {
        subject.store.finish(finish(claimed, false)).await.unwrap();
    }
    let ended = batch(&subject, &running).await;
    assert_eq!((ended.status, ended.succeeded, ended.failed), (BatchStatus::Completed, 0, 2));
    assert!(subject.bodies().last().unwrap().starts_with("batch.completed"));
}

/// `documentEvents: false` leaves only the terminal event.
pub async fn document_events_can_be_left_out(subject: Subject) {
    let running = start(&subject, 2, false).await;
    for claimed in &running.claimed {
        subject.store.finish(finish(claimed, true)).await.unwrap();
    }
    assert_eq!(subject.bodies(), [format!("batch.completed {} 2", running.batch.id)]);
}

/// Cancelled once; what was not read is cancelled, and a late result changes nothing.
pub async fn cancelling_fails_the_batch_once_and_stops_its_documents(subject: Subject) {
    let running = start(&subject, 2, true).await;
    subject.store.finish(finish(&running.claimed[0], true)).await.unwrap();
    let (account, id) = (&running.account, &running.batch.id);
    let cancelled = subject.store.cancel_batch(account, id, Subject::at(3)).await.unwrap();
    assert!(matches!(cancelled, BatchCancel::Cancelled(batch) if batch.succeeded == 1));
    let again = subject.store.cancel_batch(account, id, Subject::at(4)).await.unwrap();
    assert!(matches!(again, BatchCancel::AlreadyEnded(_)));
    let late = subject.store.finish(finish(&running.claimed[1], true)).await.unwrap();
    assert!(matches!(late, Finished::Stale));
    let terminal = format!("batch.failed {id} cancelled");
    assert_eq!(subject.bodies().last(), Some(&terminal));
    let page = subject.store.documents(account, Some(id), &Subject::page(10)).await.unwrap();
    let cancelled = page.rows.iter().filter(|d| d.status == DocumentStatus::Cancelled).count();
    assert_eq!(cancelled, 1);
    let other = subject.account().await;
    let foreign = subject.store.cancel_batch(&other, id, Subject::at(5)).await.unwrap();
    assert!(matches!(foreign, BatchCancel::NotFound));
}

async fn archive(subject: &Subject, limit: u64) -> (AccountId, Batch, i64) {
    let account = subject.account_with(Plan::Pro, limit).await;
    subject.endpoint(&account).await;
    subject.dispatcher(Subject::at(0)).await;
    let file = FileMeta { name: "a.zip".into(), size: 9, mime_type: "application/zip".into() };
    let batch = Batch { archive: Some(file), ..subject.batch(&account, 0) };
    let intake = Intake {
        account: account.clone(),
        documents: Vec::new(),
        batch: Some(batch.clone()),
        now: Subject::at(0),
    };
    subject.store.accept(intake).await.unwrap();
    let until = Subject::at(60);
    let claimed = subject.store.claim_work(Subject::at(1), until, 10).await.unwrap();
    assert!(matches!(&claimed[0].work, Work::Archive(found) if **found == batch));
    (account, batch, claimed[0].token)
}

/// Documents of an archive are queued and counted when it is opened, once.
pub async fn an_archive_becomes_documents_that_are_counted(subject: Subject) {
    let (account, batch, token) = archive(&subject, 10).await;
    let documents = (0..3).map(|_| subject.document(&account, Some(&batch.id))).collect();
    let opened =
        OpenArchive { batch: batch.id.clone(), token, found: Ok(documents), now: Subject::at(2) };
    assert!(subject.store.open_archive(opened.clone()).await.unwrap());
    assert!(!subject.store.open_archive(opened).await.unwrap(), "opened once");
    let usage = subject.store.usage(&account, Subject::at(0).month()).await.unwrap();
    assert_eq!(usage.used, 3);
    for claimed in claim(&subject).await {
        subject.store.finish(finish(&claimed, true)).await.unwrap();
    }
    let ended = subject.store.batch(&account, &batch.id).await.unwrap().unwrap();
    assert_eq!((ended.status, ended.total), (BatchStatus::Completed, 3));
}

/// An archive that cannot be read fails the batch with its code.
pub async fn an_unreadable_archive_fails_the_batch(subject: Subject) {
    let (account, batch, token) = archive(&subject, 10).await;
    let failure = DocumentFailure { code: "unreadable_archive".into(), message: "cut".into() };
    let opened = OpenArchive {
        batch: batch.id.clone(),
        token,
        found: Err(failure.clone()),
        now: Subject::at(2),
    };
    assert!(subject.store.open_archive(opened).await.unwrap());
    let ended = subject.store.batch(&account, &batch.id).await.unwrap().unwrap();
    assert_eq!((ended.status, ended.failure), (BatchStatus::Failed, Some(failure)));
    assert_eq!(subject.bodies(), [format!("batch.failed {} unreadable_archive", batch.id)]);
}

/// An archive with more documents than the quota admits fails the batch and counts nothing.
pub async fn an_archive_over_the_quota_fails_the_batch(subject: Subject) {
    let (account, batch, token) = archive(&subject, 10).await;
    let documents = (0..11).map(|_| subject.document(&account, Some(&batch.id))).collect();
    let opened =
        OpenArchive { batch: batch.id.clone(), token, found: Ok(documents), now: Subject::at(2) };
    assert!(subject.store.open_archive(opened).await.unwrap());
    let usage = subject.store.usage(&account, Subject::at(0).month()).await.unwrap();
    assert_eq!(usage.used, 0);
    let failed = format!("batch.failed {} quota_exceeded", batch.id);
    assert_eq!(subject.bodies(), ["quota.warning 0", "quota.exceeded 0", failed.as_str()]);
}
