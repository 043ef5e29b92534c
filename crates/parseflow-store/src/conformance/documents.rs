//! Documents: claimed, finished, listed.

use std::time::Duration;

use parseflow_model::{DocumentFailure, DocumentId, DocumentStatus, EventType};

use super::Subject;
use crate::port::{Accepted, Finish, Finished, Intake, Notice, PageRequest, Work};

async fn take_in(subject: &Subject, account: &parseflow_model::AccountId) -> DocumentId {
    let document = subject.document(account, None);
    let id = document.id.clone();
    let intake = Intake {
        account: account.clone(),
        documents: vec![document],
        batch: None,
        now: Subject::at(0),
    };
    subject.store.accept(intake).await.unwrap();
    id
}

async fn claim(subject: &Subject, now_secs: i64) -> Vec<(DocumentId, i64, u32)> {
    let now = Subject::at(now_secs);
    let until = now + Duration::from_secs(60);
    let claimed = subject.store.claim_work(now, until, 10).await.unwrap();
    claimed
        .into_iter()
        .map(|claimed| match claimed.work {
            Work::Document(document) => (document.id, claimed.token, claimed.tries),
            Work::Archive(batch) => panic!("no archive was sent: {batch:?}"),
        })
        .collect()
}

fn finish(document: &DocumentId, token: i64, now_secs: i64) -> Finish {
    Finish {
        document: document.clone(),
        token,
        outcome: Ok(Subject::extraction()),
        processing_ms: 12,
        now: Subject::at(now_secs),
    }
}

/// Result and event are one commit; the bytes handed over are the event's.
pub async fn a_finished_document_fires_one_event_with_its_bytes(subject: Subject) {
    let (account, _, _) = subject.dispatching().await;
    let id = take_in(&subject, &account).await;
    let (_, token, _) = claim(&subject, 1).await[0].clone();
    subject.heard();
    let Finished::Done(document) = subject.store.finish(finish(&id, token, 2)).await.unwrap()
    else {
        panic!("the claim is held");
    };
    assert_eq!(document.status, DocumentStatus::Completed);
    assert_eq!(document.extraction, Some(Subject::extraction()));
    assert_eq!((document.processing_ms, document.finished_at), (Some(12), Some(Subject::at(2))));
    assert_eq!(document.wishes, Subject::wishes());
    assert_eq!(subject.store.document(&account, &id).await.unwrap(), Some(*document));
    let heard = subject.heard();
    assert!(matches!(&heard[..], [Notice::First { event, .. }, Notice::DocumentFinished(done)]
        if *done == id && event.event_type == EventType::ExtractionCompleted
            && event.body[..] == *format!("extraction.completed {id}").as_bytes()));
}

/// Nobody else gets claimed work before the lease ends; then it is given out again, counted.
pub async fn work_is_claimed_by_one_holder_until_its_lease_ends(subject: Subject) {
    let account = subject.account().await;
    let id = take_in(&subject, &account).await;
    let first = claim(&subject, 1).await;
    assert_eq!(first.len(), 1);
    assert_eq!(claim(&subject, 60).await.len(), 0);
    let second = claim(&subject, 61).await;
    assert_eq!((&second[0].0, second[0].2), (&id, 2));
    assert_ne!(second[0].1, first[0].1, "every claim has its own token");
    subject.store.release_work().await.unwrap();
    assert_eq!(claim(&subject, 62).await[0].2, 3, "a restart takes work up at once");
}

/// A file is awaited until its document has ended; others never were.
pub async fn files_are_awaited_until_their_document_has_ended(subject: Subject) {
    let account = subject.account().await;
    let id = take_in(&subject, &account).await;
    let names = || vec![id.to_string(), "ext_unknown".to_owned()];
    let awaited = subject.store.awaited_files(names()).await.unwrap();
    assert_eq!(awaited, [id.to_string()]);
    let token = claim(&subject, 1).await[0].1;
    subject.store.finish(finish(&id, token, 2)).await.unwrap();
    assert_eq!(subject.store.awaited_files(names()).await.unwrap(), [""; 0]);
}

/// Whoever lost a claim, or finishes twice, changes nothing.
pub async fn a_lost_claim_cannot_finish(subject: Subject) {
    let (account, _, _) = subject.dispatching().await;
    let id = take_in(&subject, &account).await;
    let first = claim(&subject, 1).await[0].1;
    let second = claim(&subject, 61).await[0].1;
    let stale = subject.store.finish(finish(&id, first, 62)).await.unwrap();
    assert!(matches!(stale, Finished::Stale));
    let failed = Finish {
        outcome: Err(DocumentFailure { code: "corrupt_file".into(), message: "cut".into() }),
        ..finish(&id, second, 63)
    };
    assert!(matches!(subject.store.finish(failed.clone()).await.unwrap(), Finished::Done(_)));
    assert!(matches!(subject.store.finish(failed).await.unwrap(), Finished::Stale));
    assert_eq!(subject.bodies(), [format!("extraction.failed {id}")]);
}

/// The same intake again is recognised by the document's id and counts nothing.
pub async fn a_repeated_intake_changes_nothing(subject: Subject) {
    let account = subject.account().await;
    let document = subject.document(&account, None);
    let intake = Intake {
        account: account.clone(),
        documents: vec![document],
        batch: None,
        now: Subject::at(0),
    };
    assert!(matches!(subject.store.accept(intake.clone()).await.unwrap(), Accepted::Admitted(_)));
    assert_eq!(subject.store.accept(intake).await.unwrap(), Accepted::Repeated);
    let usage = subject.store.usage(&account, Subject::at(0).month()).await.unwrap();
    assert_eq!(usage.used, 1);
}

/// Newest by the time it came in, whatever its id: ids of keyed requests do not follow time. Pages
/// hang together; a foreign document does not exist.
pub async fn documents_are_listed_newest_first_by_page_and_only_to_their_owner(subject: Subject) {
    let (account, other) = (subject.account().await, subject.account().await);
    let mut expected = Vec::new();
    for (second, id) in [(1, None), (2, Some([0xff; 16])), (3, None), (4, Some([0; 16]))] {
        let mut document = subject.document(&account, None);
        document.id = id.map_or(document.id, |digest| DocumentId::from_digest(&digest));
        document.created_at = Subject::at(second);
        expected.insert(0, document.id.clone());
        let documents = vec![document];
        let now = Subject::at(second);
        let intake = Intake { account: account.clone(), documents, batch: None, now };
        subject.store.accept(intake).await.unwrap();
    }
    let foreign = take_in(&subject, &other).await;
    let (mut listed, mut cursor) = (Vec::new(), None);
    loop {
        let page = PageRequest { limit: 3, cursor };
        let page = subject.store.documents(&account, None, &page).await.unwrap();
        listed.extend(page.rows.into_iter().map(|document| document.id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(listed, expected);
    assert_eq!(subject.store.document(&account, &foreign).await.unwrap(), None);
}
