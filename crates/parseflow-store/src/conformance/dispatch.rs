//! Dispatching: handed over, due, claimed, settled, lost and found.

use std::time::Duration;

use parseflow_model::{DeliveryId, DeliveryState, EndpointStatus, EventType};

use super::Subject;
use crate::port::{Claim, Next, Settled, StoreError};

async fn state(
    subject: &Subject,
    account: &parseflow_model::AccountId,
    id: DeliveryId,
) -> DeliveryState {
    let endpoint = subject.store.endpoint_by_no(id.endpoint).await.unwrap().unwrap();
    let detail = subject.store.delivery(account, &endpoint.id, id).await.unwrap().unwrap();
    detail.row.state
}

/// The happy path: one attempt, nothing due, nothing left for a restart to find.
pub async fn a_success_settles_the_delivery(subject: Subject) {
    let (account, _, lease) = subject.dispatching().await;
    let id = subject.hand_over(&account, Subject::at(1)).await;
    assert_eq!(state(&subject, &account, id).await, DeliveryState::Pending);
    let ok = Subject::settlement(id, Claim::First, 1, 200, Next::Delivered, Subject::at(2));
    subject.settle(&lease, ok).await;
    assert_eq!(state(&subject, &account, id).await, DeliveryState::Succeeded);
    subject.dispatcher(Subject::at(3)).await;
    assert_eq!(subject.store.wakeups().await.unwrap(), []);
}

/// Never before its time, in order of due times.
pub async fn a_failure_is_due_when_the_schedule_says_and_not_before(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let (later, sooner) = (
        subject.hand_over(&account, Subject::at(1)).await,
        subject.hand_over(&account, Subject::at(1)).await,
    );
    subject.fail_first(&lease, later, Subject::at(2), Subject::at(40)).await;
    subject.fail_first(&lease, sooner, Subject::at(2), Subject::at(32)).await;
    assert_eq!(state(&subject, &account, later).await, DeliveryState::Retrying);
    let just_before = Subject::at(32) - Duration::from_millis(1);
    assert_eq!(subject.claim(&lease, endpoint.no, just_before).await.len(), 0);
    let now = Subject::at(32);
    let claimed = subject.store.claim_due(&lease, endpoint.no, now, Subject::at(92), 10).await;
    let claimed = claimed.unwrap();
    assert_eq!(claimed.deliveries.len(), 1);
    assert_eq!(claimed.deliveries[0].event.id, sooner.event);
    assert_eq!(claimed.deliveries[0].attempts_made, 1);
    assert_eq!(claimed.deliveries[0].due_at, Subject::at(32));
    assert_eq!(claimed.next_ready, Some(Subject::at(40)));
}

/// The end of the schedule is on record.
pub async fn an_exhausted_delivery_is_parked(subject: Subject) {
    let (account, _, lease) = subject.dispatching().await;
    let id = subject.hand_over(&account, Subject::at(1)).await;
    let end = Subject::settlement(id, Claim::First, 1, 500, Next::Exhausted, Subject::at(2));
    subject.settle(&lease, end).await;
    assert_eq!(state(&subject, &account, id).await, DeliveryState::Exhausted);
    assert_eq!(subject.store.wakeups().await.unwrap(), []);
}

/// First attempts live in memory only until they are settled: a restart finds exactly the lost.
pub async fn a_restart_finds_what_was_handed_over_and_not_settled(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(subject.hand_over(&account, Subject::at(1)).await);
    }
    let ok = Subject::settlement(ids[0], Claim::First, 1, 200, Next::Delivered, Subject::at(2));
    subject.settle(&lease, ok).await;
    let ok = Subject::settlement(ids[2], Claim::First, 1, 200, Next::Delivered, Subject::at(2));
    subject.settle(&lease, ok).await;
    let lease = subject.dispatcher(Subject::at(3)).await;
    let found = subject.claim(&lease, endpoint.no, Subject::at(3)).await;
    let found: Vec<_> = found.into_iter().map(|claimed| claimed.event.id).collect();
    assert_eq!(found, [ids[1].event, ids[3].event]);
}

/// A predecessor's claims do not have to run out.
pub async fn a_restart_takes_claims_from_the_predecessor(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let id = subject.hand_over(&account, Subject::at(1)).await;
    subject.fail_first(&lease, id, Subject::at(2), Subject::at(32)).await;
    assert_eq!(subject.claim(&lease, endpoint.no, Subject::at(32)).await.len(), 1);
    let lease = subject.dispatcher(Subject::at(33)).await;
    assert_eq!(subject.claim(&lease, endpoint.no, Subject::at(33)).await.len(), 1);
}

/// Fencing: whoever was replaced finds out and changes nothing.
pub async fn a_stale_dispatcher_can_neither_claim_nor_settle(subject: Subject) {
    let account = subject.account().await;
    let endpoint = subject.endpoint(&account).await;
    let old = subject.dispatcher(Subject::at(0)).await;
    let id = subject.hand_over(&account, Subject::at(1)).await;
    let new = subject.dispatcher(Subject::at(2)).await;
    let late = Subject::settlement(id, Claim::First, 1, 200, Next::Delivered, Subject::at(3));
    let settled = subject.store.settle(&old, late.clone()).await;
    assert!(matches!(settled, Err(StoreError::LeaseLost)), "{settled:?}");
    let until = Subject::at(60);
    let claimed = subject.store.claim_due(&old, endpoint.no, Subject::at(3), until, 9).await;
    assert!(matches!(claimed, Err(StoreError::LeaseLost)));
    assert_eq!(subject.store.settle(&new, late).await.unwrap(), Settled::Stale);
    assert_eq!(state(&subject, &account, id).await, DeliveryState::Pending);
}

/// One holder at a time.
pub async fn a_claim_keeps_others_away_until_its_lease_ends(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let id = subject.hand_over(&account, Subject::at(1)).await;
    subject.fail_first(&lease, id, Subject::at(2), Subject::at(32)).await;
    assert_eq!(subject.claim(&lease, endpoint.no, Subject::at(32)).await.len(), 1);
    assert_eq!(subject.claim(&lease, endpoint.no, Subject::at(91)).await.len(), 0);
    assert_eq!(subject.claim(&lease, endpoint.no, Subject::at(92)).await.len(), 1);
}

/// The second holder's claim stands; the first one's result does not count.
pub async fn a_late_settlement_of_a_lost_claim_changes_nothing(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let id = subject.hand_over(&account, Subject::at(1)).await;
    subject.fail_first(&lease, id, Subject::at(2), Subject::at(32)).await;
    let first = subject.claim(&lease, endpoint.no, Subject::at(32)).await[0].claim;
    let second = subject.claim(&lease, endpoint.no, Subject::at(92)).await[0].claim;
    let late = Subject::settlement(id, first, 2, 500, Next::Exhausted, Subject::at(93));
    assert_eq!(subject.store.settle(&lease, late).await.unwrap(), Settled::Stale);
    let ok = Subject::settlement(id, second, 2, 200, Next::Delivered, Subject::at(94));
    subject.settle(&lease, ok.clone()).await;
    assert_eq!(subject.store.settle(&lease, ok).await.unwrap(), Settled::Stale, "settled once");
    assert_eq!(state(&subject, &account, id).await, DeliveryState::Succeeded);
}

/// No room in memory is no loss.
pub async fn spilled_deliveries_come_back_as_due(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let id = subject.hand_over(&account, Subject::at(1)).await;
    subject.store.spill(&lease, vec![id], Subject::at(2)).await.unwrap();
    subject.store.spill(&lease, vec![id], Subject::at(2)).await.unwrap();
    let claimed = subject.claim(&lease, endpoint.no, Subject::at(2)).await;
    assert_eq!((claimed.len(), claimed[0].attempts_made), (1, 0));
}

/// A graceful stop leaves nothing locked.
pub async fn released_claims_are_due_at_once(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let retrying = subject.hand_over(&account, Subject::at(1)).await;
    subject.fail_first(&lease, retrying, Subject::at(2), Subject::at(32)).await;
    let fresh = subject.hand_over(&account, Subject::at(31)).await;
    let claim = subject.claim(&lease, endpoint.no, Subject::at(32)).await[0].claim;
    let unused = vec![(retrying, claim), (fresh, Claim::First)];
    subject.store.release(&lease, unused, Subject::at(33)).await.unwrap();
    assert_eq!(subject.claim(&lease, endpoint.no, Subject::at(33)).await.len(), 2);
}

/// The commit was not answered, and the next attempt is claimed before the first is recorded once more.
pub async fn an_attempt_is_recorded_once_under_any_claim(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let id = subject.hand_over(&account, Subject::at(1)).await;
    subject.fail_first(&lease, id, Subject::at(2), Subject::at(32)).await;
    let claim = subject.claim(&lease, endpoint.no, Subject::at(32)).await[0].claim;
    let next = Next::Retry(Subject::at(32));
    let again = Subject::settlement(id, claim, 1, 500, next, Subject::at(2));
    assert_eq!(subject.store.settle(&lease, again).await.unwrap(), Settled::Stale);
    let ok = Subject::settlement(id, claim, 2, 200, Next::Delivered, Subject::at(33));
    subject.settle(&lease, ok).await;
    assert_eq!(state(&subject, &account, id).await, DeliveryState::Succeeded);
}

/// Attempt, health and the cancelling of everything else are one commit.
pub async fn disabling_by_failures_cancels_what_waits(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(subject.hand_over(&account, Subject::at(1)).await);
    }
    for id in &ids[..4] {
        subject.fail_first(&lease, *id, Subject::at(2), Subject::at(32)).await;
    }
    let disabled = subject.store.endpoint_by_no(endpoint.no).await.unwrap().unwrap();
    assert_eq!(disabled.health.status, EndpointStatus::Disabled);
    for id in &ids {
        assert_eq!(state(&subject, &account, *id).await, DeliveryState::Cancelled);
    }
    let late = Subject::settlement(ids[4], Claim::First, 1, 200, Next::Delivered, Subject::at(3));
    subject.settle(&lease, late).await;
    assert_eq!(state(&subject, &account, ids[4]).await, DeliveryState::Succeeded);
    assert_eq!(subject.store.wakeups().await.unwrap(), []);
}

/// One timer per endpoint is enough.
pub async fn wakeups_name_the_earliest_time_of_each_endpoint(subject: Subject) {
    let (one, two) = (subject.account().await, subject.account().await);
    let (a, b) = (subject.endpoint(&one).await, subject.endpoint(&two).await);
    let lease = subject.dispatcher(Subject::at(0)).await;
    for (account, retry_at) in [(&one, 50), (&one, 40), (&two, 60)] {
        let id = subject.hand_over(account, Subject::at(1)).await;
        subject.fail_first(&lease, id, Subject::at(2), Subject::at(retry_at)).await;
    }
    let wakeups = subject.store.wakeups().await.unwrap();
    assert_eq!(wakeups, [(a.no, Subject::at(40)), (b.no, Subject::at(60))]);
    subject.publish(&one, EventType::BatchFailed, Subject::at(3)).await;
    assert_eq!(subject.store.wakeups().await.unwrap().len(), 2, "first attempts need no timer");
}
