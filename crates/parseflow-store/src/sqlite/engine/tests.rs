use std::sync::{Arc, Mutex};

use parseflow_model::EventType;

use crate::conformance::{PlainRules, Subject};
use crate::port::{AccountStore, EventStore, NoticeSink, StoreError};
use crate::sqlite::SqliteStore;
use crate::sqlite::engine::Haste;
use crate::sqlite::rows::failed;

/// A subject, and the store inside it for what the port does not offer.
async fn subject() -> (Subject, SqliteStore) {
    let inside = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&inside);
    let subject = Subject::open(async |rules, notices: NoticeSink| {
        let store = SqliteStore::in_memory(rules, notices).unwrap();
        *kept.lock().unwrap() = Some(store.clone());
        let opened: crate::conformance::Opened = (Arc::new(store), Box::new(()));
        opened
    })
    .await;
    let store = inside.lock().unwrap().take().unwrap();
    (subject, store)
}

async fn limit_pages(store: &SqliteStore, most: u32) {
    let limit = move |sql: &rusqlite::Connection| {
        let text = format!("PRAGMA max_page_count = {most}");
        sql.query_row(&text, [], |_| Ok(())).map_err(failed)
    };
    store.read(limit).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_loses_what_was_refused_and_nothing_else() {
    let (subject, store) = subject().await;
    let account = subject.account().await;
    let endpoint = subject.endpoint(&account).await;
    let lease = subject.dispatcher(Subject::at(0)).await;
    let before = subject.hand_over(&account, Subject::at(1)).await;
    limit_pages(&store, 1).await;
    let mut accepted = 0;
    let refused = loop {
        let fact = parseflow_model::Fact::Published {
            event_type: EventType::BatchFailed,
            data: parseflow_model::CanonicalData::default(),
            test: false,
        };
        let publish = crate::port::Publish {
            account: account.clone(),
            fact,
            only: None,
            key: None,
            now: Subject::at(2),
        };
        match store.publish(publish).await {
            Ok(_) => accepted += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    assert_eq!(subject.handed_over().len(), accepted, "nothing refused was handed over");
    limit_pages(&store, 1_000_000).await;
    assert!(store.account(&account).await.unwrap().is_some(), "reading goes on");
    let after = subject.hand_over(&account, Subject::at(3)).await;
    let lease_after = subject.dispatcher(Subject::at(4)).await;
    assert!(lease_after.epoch > lease.epoch);
    let found = subject.claim(&lease_after, endpoint.no, Subject::at(4)).await;
    let found: Vec<_> = found.into_iter().map(|claimed| claimed.event.id).collect();
    assert_eq!(found.len(), accepted + 2);
    assert!(found.contains(&before.event) && found.contains(&after.event));
}

#[tokio::test]
async fn many_operations_share_one_commit_and_each_gets_its_own_answer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("parseflow.db");
    let notices: NoticeSink = Arc::new(|_| ());
    let store = SqliteStore::open(&path, Arc::new(PlainRules), notices).unwrap();
    let writes: Vec<_> = (0..200)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        tx.next_token()?;
                        if n % 2 == 0 { Ok(n) } else { Err(StoreError::Closed) }
                    })
                    .await
            })
        })
        .collect();
    for (n, write) in writes.into_iter().enumerate() {
        let answer = write.await.unwrap();
        assert_eq!(answer.is_ok(), n % 2 == 0, "{n}: {answer:?}");
    }
    let token = store.write(|tx| tx.next_token()).await.unwrap();
    assert_eq!(token, 101, "what failed was undone, what succeeded was not");
}

#[tokio::test]
async fn what_fails_halfway_without_a_savepoint_undoes_its_group() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("parseflow.db");
    let notices: NoticeSink = Arc::new(|_| ());
    let store = SqliteStore::open(&path, Arc::new(PlainRules), notices).unwrap();
    let token = store.write(|tx| tx.next_token()).await.unwrap();
    // The writer is busy until all are queued behind it: they become one group.
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let busy = tokio::spawn({
        let store = store.clone();
        async move {
            let wait = move |_: &mut crate::sqlite::WriteTx<'_>| {
                begun.send(()).map_err(|()| StoreError::Closed)?;
                held.recv().map_err(|_| StoreError::Closed)
            };
            store.write(wait).await
        }
    });
    has_begun.await.unwrap();
    let refused =
        store.engine.write_deciding_first(Haste::Urgent, |_| Err::<(), _>(StoreError::LeaseLost));
    let sound = store.write(|tx| tx.next_token());
    let halfway = store.engine.write_deciding_first(Haste::Urgent, |tx| {
        tx.next_token()?;
        Err::<(), _>(StoreError::Closed)
    });
    let started = async { release.send(()).unwrap() };
    let (busy, refused, sound, halfway, ()) = tokio::join!(busy, refused, sound, halfway, started);
    busy.unwrap().unwrap();
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(matches!(sound, Err(StoreError::Unavailable(_))), "{sound:?}");
    assert!(matches!(halfway, Err(StoreError::Unavailable(_))), "{halfway:?}");
    assert_eq!(store.write(|tx| tx.next_token()).await.unwrap(), token + 1, "nothing was kept");
    let refused = store
        .engine
        .write_deciding_first(Haste::Urgent, |_| Err::<(), _>(StoreError::LeaseLost))
        .await;
    assert!(matches!(refused, Err(StoreError::LeaseLost)), "{refused:?}");
}
