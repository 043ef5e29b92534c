//! Recovering after an outage: in steps, once, and across crashes.

use parseflow_model::{
    AccountId, DeliveryId, DeliveryState, Endpoint, EventType, RecoveryId, RecoveryScope,
    RecoveryStatus, Trigger,
};

use super::Subject;
use crate::port::{
    Claim, DispatcherLease, EndpointChange, NewRecovery, Next, PageRequest, RecoveryBegun,
    RecoveryCancel, RecoveryStep,
};

const ALL_STATES: u8 = 7;
const ALL_TYPES: u8 = 63;

fn scope(since_secs: i64, until_secs: i64) -> RecoveryScope {
    RecoveryScope {
        since: Subject::at(since_secs),
        until: Subject::at(until_secs),
        states: ALL_STATES,
        event_types: ALL_TYPES,
    }
}

fn id(digit: char) -> RecoveryId {
    format!("rcv_000000000000000{digit}").parse().unwrap()
}

async fn set_active(subject: &Subject, account: &AccountId, endpoint: &Endpoint, active: bool) {
    let change = EndpointChange { active: Some(active), ..EndpointChange::default() };
    let changed = subject.store.update_endpoint(account, &endpoint.id, change, Subject::at(5));
    assert!(changed.await.unwrap().is_some());
}

/// One event a second from `secs` on that the endpoint has skipped, oldest first.
async fn skipped(
    subject: &Subject,
    account: &AccountId,
    endpoint: &Endpoint,
    secs: std::ops::Range<i64>,
) -> Vec<DeliveryId> {
    set_active(subject, account, endpoint, false).await;
    let count = secs.clone().count();
    for at in secs {
        subject.publish(account, EventType::ExtractionCompleted, Subject::at(at)).await;
    }
    set_active(subject, account, endpoint, true).await;
    let page = Subject::page(100);
    let log = subject.store.deliveries(account, &endpoint.id, &page).await.unwrap().unwrap();
    let mut ids: Vec<_> = log.rows.iter().take(count).map(|row| row.id).collect();
    ids.reverse();
    ids
}

async fn begin(
    subject: &Subject,
    account: &AccountId,
    endpoint: &Endpoint,
    digit: char,
    scope: RecoveryScope,
) -> RecoveryBegun {
    let total = subject.store.recoverable(account, &endpoint.id, scope).await.unwrap();
    let new = NewRecovery { id: id(digit), scope, total: total.unwrap(), now: Subject::at(100) };
    subject.store.begin_recovery(account, &endpoint.id, new).await.unwrap()
}

async fn step(subject: &Subject, digit: char, max: usize) -> RecoveryStep {
    subject.store.advance_recovery(&id(digit), Subject::at(101), max).await.unwrap()
}

async fn accept_all(subject: &Subject, lease: &DispatcherLease, endpoint: &Endpoint) {
    for claimed in subject.claim(lease, endpoint.no, Subject::at(101)).await {
        assert_eq!(claimed.trigger, Trigger::Manual);
        let delivery = DeliveryId { event: claimed.event.id, endpoint: endpoint.no };
        let (number, at) = (claimed.attempts_made + 1, Subject::at(102));
        let ok = Subject::settlement(delivery, claimed.claim, number, 200, Next::Delivered, at);
        subject.settle(lease, ok).await;
    }
}

/// Never a burst: the oldest first, only as many as find room, then the end.
pub async fn a_recovery_makes_the_oldest_due_while_few_are_waiting(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let ids = skipped(&subject, &account, &endpoint, 10..17).await;
    let RecoveryBegun::Begun(begun) =
        begin(&subject, &account, &endpoint, '1', scope(0, 100)).await
    else {
        panic!("nothing stands in its way")
    };
    assert_eq!((begun.status, begun.total, begun.done), (RecoveryStatus::Running, 7, 0));
    assert_eq!(begun.endpoint, endpoint.id);
    assert_eq!(subject.store.running_recoveries(9).await.unwrap(), [id('1')]);
    assert_eq!(step(&subject, '1', 3).await, RecoveryStep::Moved(ids[..3].to_vec()));
    assert_eq!(step(&subject, '1', 3).await, RecoveryStep::Waiting);
    accept_all(&subject, &lease, &endpoint).await;
    assert_eq!(step(&subject, '1', 3).await, RecoveryStep::Moved(ids[3..6].to_vec()));
    accept_all(&subject, &lease, &endpoint).await;
    assert_eq!(step(&subject, '1', 3).await, RecoveryStep::Completed(ids[6..].to_vec()));
    assert_eq!(step(&subject, '1', 3).await, RecoveryStep::Ended);
    let stored = subject.store.recovery(&account, &endpoint.id, &id('1')).await.unwrap().unwrap();
    assert_eq!((stored.status, stored.done), (RecoveryStatus::Completed, 7));
    assert_eq!(stored.ended_at, Some(Subject::at(101)));
    assert_eq!(subject.store.running_recoveries(9).await.unwrap(), []);
}

/// Time, state and type each leave out what was not asked for.
pub async fn a_recovery_takes_only_what_is_in_its_scope(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let exhausted = subject.hand_over(&account, Subject::at(1)).await;
    let end = Subject::settlement(exhausted, Claim::First, 1, 500, Next::Exhausted, Subject::at(2));
    subject.settle(&lease, end).await;
    let skipped = skipped(&subject, &account, &endpoint, 10..14).await;
    let count = |scope| subject.store.recoverable(&account, &endpoint.id, scope);
    assert_eq!(count(scope(0, 100)).await.unwrap(), Some(5));
    assert_eq!(count(scope(2, 12)).await.unwrap(), Some(2));
    let only_exhausted =
        RecoveryScope { states: DeliveryState::Exhausted.parked_bit(), ..scope(0, 100) };
    assert_eq!(count(only_exhausted).await.unwrap(), Some(1));
    let other_type = RecoveryScope { event_types: EventType::QuotaWarning.bit(), ..scope(0, 100) };
    assert_eq!(count(other_type).await.unwrap(), Some(0));
    begin(&subject, &account, &endpoint, '1', only_exhausted).await;
    assert_eq!(step(&subject, '1', 9).await, RecoveryStep::Completed(vec![exhausted]));
    begin(&subject, &account, &endpoint, '2', other_type).await;
    assert_eq!(step(&subject, '2', 9).await, RecoveryStep::Completed(vec![]));
    begin(&subject, &account, &endpoint, '3', scope(2, 12)).await;
    assert_eq!(step(&subject, '3', 9).await, RecoveryStep::Completed(skipped[..2].to_vec()));
}

/// The number of the next attempt follows those made; what fails again is not taken up twice.
pub async fn a_recovered_delivery_goes_on_counting_and_is_taken_up_once(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let first = subject.hand_over(&account, Subject::at(1)).await;
    let end = Subject::settlement(first, Claim::First, 1, 500, Next::Exhausted, Subject::at(2));
    subject.settle(&lease, end).await;
    let rest = skipped(&subject, &account, &endpoint, 10..12).await;
    begin(&subject, &account, &endpoint, '1', scope(0, 100)).await;
    assert_eq!(step(&subject, '1', 1).await, RecoveryStep::Moved(vec![first]));
    let claimed = subject.claim(&lease, endpoint.no, Subject::at(101)).await;
    assert_eq!((claimed.len(), claimed[0].attempts_made), (1, 1));
    assert_eq!(claimed[0].trigger, Trigger::Manual);
    let at = Subject::at(102);
    let mut again = Subject::settlement(first, claimed[0].claim, 2, 500, Next::Exhausted, at);
    again.attempt.trigger = Trigger::Manual;
    subject.settle(&lease, again).await;
    assert_eq!(step(&subject, '1', 9).await, RecoveryStep::Completed(rest));
    let detail = subject.store.delivery(&account, &endpoint.id, first).await.unwrap().unwrap();
    assert_eq!((detail.row.state, detail.row.attempts), (DeliveryState::Exhausted, 2));
}

/// A restart between two steps loses and repeats nothing.
pub async fn a_recovery_goes_on_after_a_restart(subject: Subject) {
    let (account, endpoint, _) = subject.dispatching().await;
    let ids = skipped(&subject, &account, &endpoint, 10..15).await;
    begin(&subject, &account, &endpoint, '1', scope(0, 100)).await;
    assert_eq!(step(&subject, '1', 2).await, RecoveryStep::Moved(ids[..2].to_vec()));
    let lease = subject.dispatcher(Subject::at(101)).await;
    assert_eq!(subject.store.running_recoveries(9).await.unwrap(), [id('1')]);
    accept_all(&subject, &lease, &endpoint).await;
    assert_eq!(step(&subject, '1', 9).await, RecoveryStep::Completed(ids[2..].to_vec()));
    accept_all(&subject, &lease, &endpoint).await;
    for id in ids {
        let detail = subject.store.delivery(&account, &endpoint.id, id).await.unwrap().unwrap();
        assert_eq!((detail.row.state, detail.row.attempts), (DeliveryState::Succeeded, 1));
    }
}

/// A second one is refused while the first runs; one can follow another.
pub async fn one_recovery_of_an_endpoint_runs_at_a_time(subject: Subject) {
    let (account, endpoint, _) = subject.dispatching().await;
    let foreign = subject.account().await;
    skipped(&subject, &account, &endpoint, 10..13).await;
    begin(&subject, &account, &endpoint, '1', scope(0, 100)).await;
    let second = begin(&subject, &account, &endpoint, '2', scope(0, 100)).await;
    assert_eq!(second, RecoveryBegun::AlreadyRunning(id('1')));
    let new = NewRecovery { id: id('3'), scope: scope(0, 100), total: 0, now: Subject::at(100) };
    let by_other = subject.store.begin_recovery(&foreign, &endpoint.id, new).await.unwrap();
    assert_eq!(by_other, RecoveryBegun::NoEndpoint);
    let store = &subject.store;
    assert_eq!(store.recovery(&foreign, &endpoint.id, &id('1')).await.unwrap(), None);
    assert_eq!(store.recoveries(&foreign, &endpoint.id, &Subject::page(9)).await.unwrap(), None);
    let cancelled =
        store.cancel_recovery(&foreign, &endpoint.id, &id('1'), Subject::at(101)).await.unwrap();
    assert_eq!(cancelled, RecoveryCancel::NotFound);
    step(&subject, '1', 9).await;
    assert!(matches!(
        begin(&subject, &account, &endpoint, '2', scope(0, 100)).await,
        RecoveryBegun::Begun(_)
    ));
    let page = PageRequest { limit: 1, cursor: None };
    let page = store.recoveries(&account, &endpoint.id, &page).await.unwrap().unwrap();
    assert_eq!(page.rows[0].id, id('2'));
    let page = PageRequest { limit: 1, cursor: page.next_cursor };
    let page = store.recoveries(&account, &endpoint.id, &page).await.unwrap().unwrap();
    assert_eq!((page.rows[0].id.clone(), page.next_cursor), (id('1'), None));
}

/// What is due stays due, the rest stays parked.
pub async fn a_cancelled_recovery_goes_no_further(subject: Subject) {
    let (account, endpoint, _) = subject.dispatching().await;
    let ids = skipped(&subject, &account, &endpoint, 10..14).await;
    begin(&subject, &account, &endpoint, '1', scope(0, 100)).await;
    step(&subject, '1', 1).await;
    let job = id('1');
    let cancel = || subject.store.cancel_recovery(&account, &endpoint.id, &job, Subject::at(103));
    let RecoveryCancel::Cancelled(ended) = cancel().await.unwrap() else { panic!("it runs") };
    assert_eq!((ended.status, ended.done), (RecoveryStatus::Cancelled, 1));
    assert_eq!(ended.ended_at, Some(Subject::at(103)));
    assert_eq!(cancel().await.unwrap(), RecoveryCancel::AlreadyEnded(ended));
    assert_eq!(step(&subject, '1', 9).await, RecoveryStep::Ended);
    let mut states = Vec::new();
    for id in ids {
        let detail = subject.store.delivery(&account, &endpoint.id, id).await.unwrap().unwrap();
        states.push(detail.row.state);
    }
    let skipped = DeliveryState::Skipped;
    assert_eq!(states, [DeliveryState::Pending, skipped, skipped, skipped]);
}

/// Nothing is sent to an endpoint that its owner has paused or disabled.
pub async fn a_recovery_waits_for_a_paused_endpoint_and_ends_with_a_disabled_one(subject: Subject) {
    let (account, endpoint, _) = subject.dispatching().await;
    let ids = skipped(&subject, &account, &endpoint, 10..13).await;
    begin(&subject, &account, &endpoint, '1', scope(0, 100)).await;
    let pause = |paused| {
        let change = EndpointChange { paused: Some(paused), ..EndpointChange::default() };
        subject.store.update_endpoint(&account, &endpoint.id, change, Subject::at(100))
    };
    pause(true).await.unwrap();
    assert_eq!(step(&subject, '1', 9).await, RecoveryStep::Waiting);
    pause(false).await.unwrap();
    assert_eq!(step(&subject, '1', 1).await, RecoveryStep::Moved(ids[..1].to_vec()));
    set_active(&subject, &account, &endpoint, false).await;
    let refused = begin(&subject, &account, &endpoint, '2', scope(0, 100)).await;
    assert_eq!(refused, RecoveryBegun::EndpointDisabled);
    assert_eq!(step(&subject, '1', 9).await, RecoveryStep::Ended);
    let ended = subject.store.recovery(&account, &endpoint.id, &id('1')).await.unwrap().unwrap();
    assert_eq!(ended.status, RecoveryStatus::Cancelled);
}

/// Ended ones are forgotten with the history they belong to; one that runs is not.
pub async fn retention_forgets_recoveries_that_have_ended(subject: Subject) {
    let (account, endpoint, _) = subject.dispatching().await;
    begin(&subject, &account, &endpoint, '1', scope(0, 100)).await;
    step(&subject, '1', 9).await;
    begin(&subject, &account, &endpoint, '2', scope(0, 100)).await;
    subject.store.sweep(Subject::at(200), Subject::at(300), 9).await.unwrap();
    let page = Subject::page(9);
    let left = subject.store.recoveries(&account, &endpoint.id, &page).await.unwrap().unwrap();
    let left: Vec<_> = left.rows.into_iter().map(|row| row.id).collect();
    assert_eq!(left, [id('2')]);
}
