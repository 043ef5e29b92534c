//! Repeated requests, retention, figures.

use parseflow_model::EventType;

use super::Subject;
use crate::port::{IdempotencyBegin, Next, StoreFigures, StoredAnswer, Swept};

const DAY_SECS: i64 = 86_400;

/// First, in flight, answered, other request, forgotten.
pub async fn an_idempotency_key_answers_the_same_for_a_day(subject: Subject) {
    let (store, account) = (&subject.store, subject.account().await);
    let begin = |fingerprint: u8, secs| {
        let (store, account) = (std::sync::Arc::clone(store), account.clone());
        async move {
            let now = Subject::at(secs);
            store.begin_idempotent(&account, "k", &[fingerprint; 32], 7, now).await.unwrap()
        }
    };
    assert_eq!(begin(1, 0).await, IdempotencyBegin::New);
    assert_eq!(begin(1, 1).await, IdempotencyBegin::InFlight);
    let answer = StoredAnswer {
        status: 201,
        content_type: "application/json".into(),
        sealed_body: b"sealed".to_vec(),
    };
    store.end_idempotent(&account, "k", answer.clone()).await.unwrap();
    assert_eq!(begin(1, 2).await, IdempotencyBegin::Answered(answer));
    assert_eq!(begin(2, 2).await, IdempotencyBegin::KeyReused);
    assert_eq!(begin(2, DAY_SECS).await, IdempotencyBegin::New);
    store.abandon_idempotent(&account, "k").await.unwrap();
    assert_eq!(begin(3, DAY_SECS + 1).await, IdempotencyBegin::New);
}

/// In flight is only what a living process has begun.
pub async fn a_request_of_a_dead_process_may_be_repeated(subject: Subject) {
    let (store, account) = (&subject.store, subject.account().await);
    let key = &[1; 32];
    for boot in [7, 8] {
        let begun = store.begin_idempotent(&account, "k", key, boot, Subject::at(0)).await;
        assert_eq!(begun.unwrap(), IdempotencyBegin::New);
    }
}

/// Old events go with everything that hangs on them, young ones stay.
pub async fn retention_removes_old_events_in_slices(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    for secs in 0..5 {
        let id = subject.hand_over(&account, Subject::at(secs)).await;
        let ended_at = Subject::at(secs);
        let next = Next::Delivered;
        let claim = crate::port::Claim::First;
        subject.settle(&lease, Subject::settlement(id, claim, 1, 200, next, ended_at)).await;
    }
    let (before, now) = (Subject::at(4), Subject::at(DAY_SECS));
    let sweep = |rows_max| subject.store.sweep(before, now, rows_max);
    // An event and its attempt are two rows; what is begun is ended.
    assert_eq!(sweep(5).await.unwrap(), Swept { events: 3, is_cut: true });
    assert_eq!(sweep(5).await.unwrap(), Swept { events: 1, is_cut: false });
    assert_eq!(sweep(5).await.unwrap(), Swept { events: 0, is_cut: false });
    let page = Subject::page(10);
    let log = subject.store.deliveries(&account, &endpoint.id, &page).await.unwrap().unwrap();
    assert_eq!(log.rows.len(), 1);
    assert_eq!(log.rows[0].occurred_at, Subject::at(4));
}

/// One event with many attempts weighs as much as many events: a slice is counted in rows.
pub async fn retention_counts_the_rows_that_it_removes(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let heavy = subject.hand_over(&account, Subject::at(0)).await;
    let (first, at) = (crate::port::Claim::First, Subject::at(0));
    subject.settle(&lease, Subject::settlement(heavy, first, 1, 200, Next::Delivered, at)).await;
    for number in 2..=9 {
        let again = subject.store.redeliver(&account, &endpoint.id, heavy, at).await;
        assert!(again.unwrap().is_some());
        let claim = subject.claim(&lease, endpoint.no, at).await[0].claim;
        let ok = Subject::settlement(heavy, claim, number, 200, Next::Delivered, at);
        subject.settle(&lease, ok).await;
    }
    for secs in 1..4 {
        let id = subject.hand_over(&account, Subject::at(secs)).await;
        let next = Next::Delivered;
        let ok = Subject::settlement(id, first, 1, 200, next, Subject::at(secs));
        subject.settle(&lease, ok).await;
    }
    let (before, now) = (Subject::at(9), Subject::at(DAY_SECS));
    let sweep = |rows_max| subject.store.sweep(before, now, rows_max);
    assert_eq!(sweep(4).await.unwrap(), Swept { events: 1, is_cut: true });
    assert_eq!(sweep(4).await.unwrap(), Swept { events: 2, is_cut: true });
    assert_eq!(sweep(4).await.unwrap(), Swept { events: 1, is_cut: false });
}

/// The figures of `/metrics`.
pub async fn figures_count_what_waits(subject: Subject) {
    let account = subject.account().await;
    subject.store.ping().await.unwrap();
    assert_eq!(subject.store.figures().await.unwrap(), StoreFigures::default());
    subject.endpoint(&account).await;
    let lease = subject.dispatcher(Subject::at(0)).await;
    let id = subject.hand_over(&account, Subject::at(1)).await;
    subject.fail_first(&lease, id, Subject::at(2), Subject::at(32)).await;
    let intake = crate::port::Intake {
        account: account.clone(),
        documents: vec![subject.document(&account, None)],
        batch: None,
        now: Subject::at(1),
    };
    subject.store.accept(intake).await.unwrap();
    subject.publish(&account, EventType::BatchFailed, Subject::at(3)).await;
    let figures = subject.store.figures().await.unwrap();
    assert_eq!((figures.deliveries_due, figures.work_queued), (1, 1));
}
