//! Endpoints that want one delivery at a time, in the order of the events; and the limit of a rate
//! that goes with what is to be sent.

use std::time::Duration;

use parseflow_model::{AccountId, Endpoint, EndpointSettings, EventId, EventType};

use super::Subject;
use crate::port::{Claim, ClaimedDue, DispatcherLease, EndpointChange, Next, Notice, Published};

async fn ordered(subject: &Subject) -> (AccountId, Endpoint, DispatcherLease) {
    let account = subject.account().await;
    let mut new = subject.new_endpoint(&account, &EventType::ALL);
    new.settings.ordered = true;
    let endpoint = subject.store.create_endpoint(new, 20).await.unwrap().unwrap();
    let lease = subject.dispatcher(Subject::at(0)).await;
    (account, endpoint, lease)
}

async fn published(subject: &Subject, account: &AccountId, at_secs: i64) -> EventId {
    let published = subject.publish(account, EventType::BatchCompleted, Subject::at(at_secs)).await;
    let Published::Stored { event, deliveries: 1, .. } = published else {
        panic!("one delivery: {published:?}")
    };
    event
}

async fn claimed(
    subject: &Subject,
    lease: &DispatcherLease,
    endpoint: &Endpoint,
    at_secs: i64,
) -> ClaimedDue {
    let (now, until) = (Subject::at(at_secs), Subject::at(at_secs + 90));
    subject.store.claim_due(lease, endpoint.no, now, until, 10).await.unwrap()
}

fn only(claimed: &ClaimedDue) -> (EventId, Claim) {
    assert_eq!(claimed.deliveries.len(), 1);
    (claimed.deliveries[0].event.id, claimed.deliveries[0].claim)
}

fn due_times(subject: &Subject) -> Vec<parseflow_model::Timestamp> {
    let due = |notice| match notice {
        Notice::Due { at, .. } => Some(at),
        _ => None,
    };
    subject.heard().into_iter().filter_map(due).collect()
}

/// One after the other: the second can be claimed once the first is delivered.
pub async fn an_ordered_endpoint_gets_one_delivery_at_a_time(subject: Subject) {
    let (account, endpoint, lease) = ordered(&subject).await;
    subject.heard();
    let first = published(&subject, &account, 1).await;
    let second = published(&subject, &account, 1).await;
    assert_eq!(due_times(&subject), [Subject::at(1); 2], "due, and never handed over");
    let one = claimed(&subject, &lease, &endpoint, 2).await;
    let (event, claim) = only(&one);
    assert_eq!(event, first);
    assert_eq!(claimed(&subject, &lease, &endpoint, 3).await.deliveries.len(), 0);
    subject.heard();
    let delivery = parseflow_model::DeliveryId { event, endpoint: endpoint.no };
    let end = Subject::settlement(delivery, claim, 1, 200, Next::Delivered, Subject::at(4));
    subject.settle(&lease, end).await;
    assert_eq!(due_times(&subject), [Subject::at(1)], "the next is told of");
    assert_eq!(only(&claimed(&subject, &lease, &endpoint, 4).await).0, second);
}

/// A retry holds up what is behind it, also over a restart; its end frees the way.
pub async fn a_retry_of_an_ordered_endpoint_holds_up_those_behind(subject: Subject) {
    let (account, endpoint, lease) = ordered(&subject).await;
    let first = published(&subject, &account, 1).await;
    let second = published(&subject, &account, 1).await;
    let (_, claim) = only(&claimed(&subject, &lease, &endpoint, 1).await);
    let delivery = parseflow_model::DeliveryId { event: first, endpoint: endpoint.no };
    let retry = Next::Retry(Subject::at(32));
    let end = Subject::settlement(delivery, claim, 1, 503, retry, Subject::at(2));
    subject.settle(&lease, end).await;
    published(&subject, &account, 3).await;
    assert_eq!(subject.store.wakeups().await.unwrap(), [(endpoint.no, Subject::at(32))]);
    let lease = subject.dispatcher(Subject::at(4)).await;
    let early = claimed(&subject, &lease, &endpoint, 31).await;
    assert_eq!((early.deliveries.len(), early.next_ready), (0, Some(Subject::at(32))));
    let (event, claim) = only(&claimed(&subject, &lease, &endpoint, 32).await);
    assert_eq!(event, first);
    let end = Subject::settlement(delivery, claim, 2, 503, Next::Exhausted, Subject::at(33));
    subject.settle(&lease, end).await;
    assert_eq!(only(&claimed(&subject, &lease, &endpoint, 33).await).0, second);
}

/// Order begins after what was handed over without it.
pub async fn an_endpoint_becomes_ordered_and_is_free_again(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let before = subject.hand_over(&account, Subject::at(1)).await;
    let set = |ordered| EndpointChange {
        settings: EndpointSettings { ordered, ..EndpointSettings::default() }.into(),
        ..EndpointChange::default()
    };
    let (store, id) = (&subject.store, &endpoint.id);
    store.update_endpoint(&account, id, set(true), Subject::at(2)).await.unwrap().unwrap();
    let after = published(&subject, &account, 3).await;
    let last = published(&subject, &account, 3).await;
    assert_eq!(claimed(&subject, &lease, &endpoint, 3).await.deliveries.len(), 0);
    let now = Subject::at(3) + Duration::from_millis(5);
    let end = Subject::settlement(before, Claim::First, 1, 200, Next::Delivered, now);
    subject.settle(&lease, end).await;
    assert_eq!(only(&claimed(&subject, &lease, &endpoint, 4).await).0, after);
    subject.heard();
    store.update_endpoint(&account, id, set(false), Subject::at(5)).await.unwrap().unwrap();
    assert_eq!(due_times(&subject), [Subject::at(3)], "what waited is told of");
    assert_eq!(only(&claimed(&subject, &lease, &endpoint, 5).await).0, last);
}

/// The dispatcher hears of the rate with each delivery it may send.
pub async fn the_rate_limit_goes_with_what_is_to_be_sent(subject: Subject) {
    let account = subject.account().await;
    let mut new = subject.new_endpoint(&account, &EventType::ALL);
    new.settings.rate_limit_per_second = Some(7);
    let endpoint = subject.store.create_endpoint(new, 20).await.unwrap().unwrap();
    let lease = subject.dispatcher(Subject::at(0)).await;
    subject.heard();
    published(&subject, &account, 1).await;
    let heard = subject.heard();
    let [Notice::First { rate_limit_per_second: Some(7), event, endpoint: no }] = &heard[..] else {
        panic!("handed over with its limit: {heard:?}")
    };
    let delivery = parseflow_model::DeliveryId { event: event.id, endpoint: *no };
    subject.fail_first(&lease, delivery, Subject::at(2), Subject::at(32)).await;
    let due = claimed(&subject, &lease, &endpoint, 32).await;
    assert_eq!(due.rate_limit_per_second, Some(7));
}
