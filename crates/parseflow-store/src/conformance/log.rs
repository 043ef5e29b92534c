//! The delivery log, and sending again by hand.

use parseflow_model::{AttemptTiming, DeliveryState, Trigger};

use super::Subject;
use crate::port::{Claim, Next, PageRequest};

/// Pending, retrying, succeeded, exhausted: each shows as what it is, newest first.
pub async fn a_delivery_is_listed_in_every_state(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(subject.hand_over(&account, Subject::at(1)).await);
    }
    subject.fail_first(&lease, ids[1], Subject::at(2), Subject::at(32)).await;
    let ok = Subject::settlement(ids[2], Claim::First, 1, 204, Next::Delivered, Subject::at(2));
    subject.settle(&lease, ok).await;
    let end = Subject::settlement(ids[3], Claim::First, 1, 500, Next::Exhausted, Subject::at(2));
    subject.settle(&lease, end).await;
    let page = Subject::page(10);
    let log = subject.store.deliveries(&account, &endpoint.id, &page).await.unwrap().unwrap();
    let rows: Vec<_> =
        log.rows.iter().map(|row| (row.id, row.state, row.attempts, row.last_status)).collect();
    assert_eq!(
        rows,
        [
            (ids[3], DeliveryState::Exhausted, 1, Some(500)),
            (ids[2], DeliveryState::Succeeded, 1, Some(204)),
            (ids[1], DeliveryState::Retrying, 1, Some(503)),
            (ids[0], DeliveryState::Pending, 0, None),
        ]
    );
    assert_eq!(log.rows[2].next_attempt_at, Some(Subject::at(32)));
}

/// Pages hang together and end.
pub async fn the_log_pages_newest_first(subject: Subject) {
    let (account, endpoint, _) = subject.dispatching().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(subject.hand_over(&account, Subject::at(1)).await);
    }
    ids.reverse();
    let (mut listed, mut cursor) = (Vec::new(), None);
    loop {
        let page = PageRequest { limit: 2, cursor };
        let log = subject.store.deliveries(&account, &endpoint.id, &page).await.unwrap().unwrap();
        assert!(log.rows.len() <= 2);
        listed.extend(log.rows.into_iter().map(|row| row.id));
        cursor = log.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(listed, ids);
}

/// The same delivery, the next number, marked as asked for by hand.
pub async fn a_delivery_sent_again_keeps_its_id_and_goes_on_counting(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let id = subject.hand_over(&account, Subject::at(1)).await;
    let waiting = subject.store.redeliver(&account, &endpoint.id, id, Subject::at(2)).await;
    assert_eq!(waiting.unwrap(), Some(DeliveryState::Pending), "it is on its way already");
    assert_eq!(subject.store.wakeups().await.unwrap(), []);
    let end = Subject::settlement(id, Claim::First, 1, 500, Next::Exhausted, Subject::at(3));
    subject.settle(&lease, end).await;
    let again = subject.store.redeliver(&account, &endpoint.id, id, Subject::at(4)).await;
    assert_eq!(again.unwrap(), Some(DeliveryState::Retrying));
    let claimed = subject.claim(&lease, endpoint.no, Subject::at(4)).await;
    assert_eq!((claimed[0].event.id, claimed[0].attempts_made), (id.event, 1));
    assert_eq!(claimed[0].trigger, Trigger::Manual);
    let in_flight = subject.store.redeliver(&account, &endpoint.id, id, Subject::at(5)).await;
    assert_eq!(in_flight.unwrap(), Some(DeliveryState::Retrying));
    let next = Next::Delivered;
    let ok = Subject::settlement(id, claimed[0].claim, 2, 200, next, Subject::at(6));
    subject.settle(&lease, ok).await;
    let detail = subject.store.delivery(&account, &endpoint.id, id).await.unwrap().unwrap();
    assert_eq!(detail.row.state, DeliveryState::Succeeded);
    let numbers: Vec<_> = detail.attempts.iter().map(|attempt| attempt.number).collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(detail.event.id, id.event);
}

/// Headers after a failure, times always: both come back as they were.
pub async fn what_is_known_of_an_attempt_is_kept(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let timings = [
        AttemptTiming { connect_ms: Some(3), first_byte_ms: Some(17), is_measured: true },
        AttemptTiming { connect_ms: None, first_byte_ms: None, is_measured: true },
        AttemptTiming::default(),
    ];
    for timing in timings {
        let id = subject.hand_over(&account, Subject::at(1)).await;
        let next = Next::Exhausted;
        let mut end = Subject::settlement(id, Claim::First, 1, 500, next, Subject::at(2));
        end.attempt.outcome.timing = timing;
        end.attempt.outcome.response_headers =
            vec![("server".into(), "a \"quoted\" ä".into()), ("x-empty".into(), String::new())];
        subject.settle(&lease, end.clone()).await;
        let detail = subject.store.delivery(&account, &endpoint.id, id).await.unwrap().unwrap();
        assert_eq!(detail.attempts, [end.attempt]);
    }
}

/// A delivery exists for the owner of its endpoint only.
pub async fn nobody_sees_or_resends_a_foreign_delivery(subject: Subject) {
    let (account, other) = (subject.account().await, subject.account().await);
    let (own, foreign) = (subject.endpoint(&account).await, subject.endpoint(&other).await);
    subject.dispatcher(Subject::at(0)).await;
    let id = subject.hand_over(&account, Subject::at(1)).await;
    let store = &subject.store;
    assert_eq!(store.delivery(&other, &own.id, id).await.unwrap(), None);
    assert_eq!(store.delivery(&other, &foreign.id, id).await.unwrap(), None);
    let forged = parseflow_model::DeliveryId { event: id.event, endpoint: foreign.no };
    assert_eq!(store.delivery(&other, &foreign.id, forged).await.unwrap(), None);
    assert_eq!(store.redeliver(&other, &foreign.id, forged, Subject::at(2)).await.unwrap(), None);
    assert_eq!(store.deliveries(&other, &own.id, &Subject::page(9)).await.unwrap(), None);
}
