//! Events and the endpoints they go to.

use parseflow_model::{CanonicalData, DeliveryState, EventType, Fact, Plan};

use super::Subject;
use crate::port::{EndpointChange, Notice, PlanChange, Publish, PublishKey, Published};

/// Fan-out is by subscription, and each endpoint is handed the same event.
pub async fn an_event_goes_to_the_endpoints_that_subscribe(subject: Subject) {
    let (store, account) = (&subject.store, subject.account().await);
    subject.dispatcher(Subject::at(0)).await;
    let batches = subject.new_endpoint(&account, &[EventType::BatchCompleted]);
    let batches = store.create_endpoint(batches, 20).await.unwrap().unwrap();
    let all = subject.endpoint(&account).await;
    let published = subject.publish(&account, EventType::BatchCompleted, Subject::at(1)).await;
    let Published::Stored { event, deliveries, .. } = published else { panic!("{published:?}") };
    assert_eq!(deliveries, 2);
    let handed = subject.handed_over();
    let to: Vec<_> = handed.iter().map(|(_, no)| *no).collect();
    assert_eq!(to, [batches.no, all.no]);
    let stored = store.event(&account, event).await.unwrap().unwrap();
    assert!(handed.iter().all(|(event, _)| **event == stored));
    subject.publish(&account, EventType::QuotaWarning, Subject::at(2)).await;
    assert_eq!(subject.handed_over().len(), 1);
    let only = Publish {
        account: account.clone(),
        fact: Fact::Published {
            event_type: EventType::QuotaWarning,
            data: CanonicalData::default(),
            test: true,
        },
        only: Some(batches.no),
        key: None,
        now: Subject::at(3),
    };
    store.publish(only).await.unwrap();
    assert_eq!(subject.handed_over()[0].1, batches.no, "a test goes where it is asked to");
}

/// The key commits with the event; another request under it is refused; after a day it is free.
pub async fn a_repeated_key_publishes_once(subject: Subject) {
    let (store, account) = (&subject.store, subject.account().await);
    subject.dispatcher(Subject::at(0)).await;
    subject.endpoint(&account).await;
    let publish = |fingerprint: u8, secs| Publish {
        account: account.clone(),
        fact: Fact::Published {
            event_type: EventType::BatchFailed,
            data: CanonicalData::default(),
            test: false,
        },
        only: None,
        key: Some(PublishKey { key: "order-1".into(), fingerprint: [fingerprint; 32] }),
        now: Subject::at(secs),
    };
    let first = store.publish(publish(1, 0)).await.unwrap();
    let again = store.publish(publish(1, 10)).await.unwrap();
    let Published::Stored { event, deliveries, repeated: false } = first else { panic!() };
    assert_eq!(again, Published::Stored { event, deliveries, repeated: true });
    assert_eq!(store.publish(publish(2, 10)).await.unwrap(), Published::KeyReused);
    assert_eq!(subject.handed_over().len(), 1);
    let next_day = store.publish(publish(2, 86_400)).await.unwrap();
    assert!(matches!(next_day, Published::Stored { repeated: false, .. }));
}

/// Tenants do not meet.
pub async fn events_of_one_account_never_reach_another(subject: Subject) {
    let (account, other) = (subject.account().await, subject.account().await);
    subject.dispatcher(Subject::at(0)).await;
    subject.endpoint(&other).await;
    let published = subject.publish(&account, EventType::BatchFailed, Subject::at(1)).await;
    let Published::Stored { event, deliveries: 0, .. } = published else { panic!("{published:?}") };
    assert_eq!(subject.handed_over().len(), 0);
    assert_eq!(subject.store.event(&other, event).await.unwrap(), None);
}

/// What waits without its event is read by its ids.
pub async fn events_are_read_by_their_ids_oldest_first(subject: Subject) {
    let (account, other) = (subject.account().await, subject.account().await);
    subject.dispatcher(Subject::at(0)).await;
    let mut ids = Vec::new();
    for (second, account) in (1..).zip([&account, &other, &account]) {
        let published = subject.publish(account, EventType::BatchFailed, Subject::at(second)).await;
        let Published::Stored { event, .. } = published else { panic!("{published:?}") };
        ids.push(event);
    }
    let unknown = ids[2].next(Subject::at(9));
    let asked = vec![ids[2], unknown, ids[0], ids[1]];
    let events = subject.store.events(asked).await.unwrap();
    assert_eq!(events.iter().map(|event| event.id).collect::<Vec<_>>(), ids);
    let whole = subject.store.event(&other, ids[1]).await.unwrap();
    assert_eq!(Some(&events[1]), whole.as_ref());
    assert_eq!(subject.store.events(Vec::new()).await.unwrap(), []);
}

/// An account that drops to Free keeps its endpoints and deliveries, and they go on on upgrade.
pub async fn a_paused_endpoint_keeps_its_deliveries_for_an_upgrade(subject: Subject) {
    let store = &subject.store;
    let (account, endpoint, lease) = subject.dispatching().await;
    let plan = |plan| PlanChange { plan, documents_per_month: None, requests_per_minute: None };
    store.set_plan(&account, plan(Plan::Free), Subject::at(1)).await.unwrap();
    assert!(store.endpoint_by_no(endpoint.no).await.unwrap().unwrap().paused_by_plan);
    subject.heard();
    subject.publish(&account, EventType::BatchFailed, Subject::at(2)).await;
    assert_eq!(subject.handed_over().len(), 0);
    assert_eq!(subject.claim(&lease, endpoint.no, Subject::at(3)).await.len(), 0);
    store.set_plan(&account, plan(Plan::Pro), Subject::at(4)).await.unwrap();
    let heard = subject.heard();
    assert!(
        heard.iter().any(|n| matches!(n, Notice::Due { endpoint: no, .. } if *no == endpoint.no))
    );
    let claimed = subject.claim(&lease, endpoint.no, Subject::at(5)).await;
    assert_eq!((claimed.len(), claimed[0].attempts_made), (1, 0));
}

/// What a disabled endpoint missed is on record and can be sent.
pub async fn a_disabled_endpoint_skips_events_that_can_be_sent_later(subject: Subject) {
    let store = &subject.store;
    let (account, endpoint, lease) = subject.dispatching().await;
    let active = |active| EndpointChange { active: Some(active), ..EndpointChange::default() };
    store.update_endpoint(&account, &endpoint.id, active(false), Subject::at(1)).await.unwrap();
    subject.heard();
    let published = subject.publish(&account, EventType::BatchFailed, Subject::at(2)).await;
    assert!(matches!(published, Published::Stored { deliveries: 0, .. }));
    assert_eq!(subject.handed_over().len(), 0);
    let log = store.deliveries(&account, &endpoint.id, &Subject::page(9)).await.unwrap().unwrap();
    assert_eq!(log.rows[0].state, DeliveryState::Skipped);
    let id = log.rows[0].id;
    store.update_endpoint(&account, &endpoint.id, active(true), Subject::at(3)).await.unwrap();
    let state = store.redeliver(&account, &endpoint.id, id, Subject::at(4)).await.unwrap();
    assert_eq!(state, Some(DeliveryState::Pending));
    assert_eq!(subject.claim(&lease, endpoint.no, Subject::at(4)).await.len(), 1);
}

/// Also when the clock stands still or goes back.
pub async fn event_ids_increase_in_commit_order(subject: Subject) {
    let account = subject.account().await;
    let mut last = None;
    for secs in [5, 5, 3, 9] {
        let published = subject.publish(&account, EventType::BatchFailed, Subject::at(secs)).await;
        let Published::Stored { event, .. } = published else { panic!("{published:?}") };
        assert!(last.is_none_or(|last| event > last));
        last = Some(event);
    }
}
