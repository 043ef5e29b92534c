//! What is cancelled while an attempt is on its way, and asked for by hand before that has ended.

use std::time::Duration;

use parseflow_model::{
    AccountId, DeliveryId, DeliveryState, Endpoint, EventType, RecoveryId, RecoveryScope, Trigger,
};

use super::Subject;
use crate::port::{
    CLAIM_LASTS, Claim, DispatcherLease, EndpointChange, NewRecovery, Next, RecoveryStep, Settled,
};

/// An attempt on its way: a first one, or a retry under a claim that was taken at 32 seconds.
struct OnItsWay {
    account: AccountId,
    endpoint: Endpoint,
    lease: DispatcherLease,
    id: DeliveryId,
    claim: Claim,
    number: u32,
}

impl OnItsWay {
    async fn first(subject: &Subject) -> Self {
        let (account, endpoint, lease) = subject.dispatching().await;
        let id = subject.hand_over(&account, Subject::at(31)).await;
        Self { account, endpoint, lease, id, claim: Claim::First, number: 1 }
    }

    async fn attempt(subject: &Subject, number: u32) -> Self {
        let first = Self::first(subject).await;
        if number == 1 {
            return first;
        }
        subject.fail_first(&first.lease, first.id, Subject::at(31), Subject::at(32)).await;
        let claim = subject.claim(&first.lease, first.endpoint.no, Subject::at(32)).await[0].claim;
        Self { claim, number, ..first }
    }

    async fn set_active(&self, subject: &Subject, active: bool, secs: i64) {
        let change = EndpointChange { active: Some(active), ..EndpointChange::default() };
        let (store, at) = (&subject.store, Subject::at(secs));
        let changed = store.update_endpoint(&self.account, &self.endpoint.id, change, at).await;
        assert!(changed.expect("the store works").is_some());
    }

    /// Disabled at 33 seconds, enabled at 34.
    async fn is_cancelled(&self, subject: &Subject) {
        self.set_active(subject, false, 33).await;
        self.set_active(subject, true, 34).await;
    }

    /// Asked for by hand at 35 seconds.
    async fn is_asked_for(&self, subject: &Subject) {
        let at = Subject::at(35);
        let again = subject.store.redeliver(&self.account, &self.endpoint.id, self.id, at).await;
        let state = if self.number == 1 { DeliveryState::Pending } else { DeliveryState::Retrying };
        assert_eq!(again.expect("the store works"), Some(state));
    }

    /// Answered with `status` at 40 seconds.
    async fn ends(&self, subject: &Subject, status: u16, next: Next) -> Settled {
        let at = Subject::at(40);
        let end = Subject::settlement(self.id, self.claim, self.number, status, next, at);
        subject.store.settle(&self.lease, end).await.expect("the store works")
    }

    /// Nobody can claim it at `secs`.
    async fn is_nobodys_at(&self, subject: &Subject, secs: i64) {
        assert_eq!(
            subject.claim(&self.lease, self.endpoint.no, Subject::at(secs)).await.len(),
            0,
            "attempt {} is on its way",
            self.number
        );
    }

    /// State and the numbers of the attempts that are logged.
    async fn log(&self, subject: &Subject) -> (DeliveryState, Vec<u32>) {
        let found = subject.store.delivery(&self.account, &self.endpoint.id, self.id).await;
        let found = found.expect("the store works").expect("it is there");
        (found.row.state, found.attempts.iter().map(|attempt| attempt.number).collect())
    }
}

/// It is not sent beside the attempt that is on its way; if this fails, it is sent at once, under the
/// next number, and goes by the schedule from there.
pub async fn it_is_sent_at_once_when_the_attempt_has_failed(subject: Subject) {
    for number in [1, 2] {
        let sent = OnItsWay::attempt(&subject, number).await;
        sent.is_cancelled(&subject).await;
        sent.is_asked_for(&subject).await;
        sent.is_nobodys_at(&subject, 36).await;
        sent.is_asked_for(&subject).await;
        sent.is_nobodys_at(&subject, 36).await;
        let ended = sent.ends(&subject, 500, Next::Retry(Subject::at(400))).await;
        assert!(matches!(ended, Settled::Recorded(Some(_))), "{ended:?}");
        let again = subject.claim(&sent.lease, sent.endpoint.no, Subject::at(40)).await;
        assert_eq!((again[0].event.id, again[0].attempts_made), (sent.id.event, sent.number));
        assert_eq!(again[0].trigger, Trigger::Manual);
        let (claim, number) = (again[0].claim, sent.number + 1);
        let next = Next::Retry(Subject::at(400));
        let mut end = Subject::settlement(sent.id, claim, number, 500, next, Subject::at(41));
        end.attempt.trigger = Trigger::Manual;
        subject.settle(&sent.lease, end).await;
        let log = (DeliveryState::Retrying, (1..=number).collect());
        assert_eq!(sent.log(&subject).await, log);
        sent.is_nobodys_at(&subject, 399).await;
    }
}

/// It was what was asked for: nothing more is sent.
pub async fn it_is_done_when_the_attempt_has_succeeded(subject: Subject) {
    for number in [1, 2] {
        let sent = OnItsWay::attempt(&subject, number).await;
        sent.is_cancelled(&subject).await;
        sent.is_asked_for(&subject).await;
        let ended = sent.ends(&subject, 200, Next::Delivered).await;
        assert!(matches!(ended, Settled::Recorded(Some(_))), "{ended:?}");
        let log = (DeliveryState::Succeeded, (1..=sent.number).collect());
        assert_eq!(sent.log(&subject).await, log);
        sent.is_nobodys_at(&subject, 1_000).await;
        assert_eq!(sent.ends(&subject, 200, Next::Delivered).await, Settled::Stale);
    }
}

/// A recovery takes it up as its owner would.
pub async fn a_recovery_waits_for_the_attempt_too(subject: Subject) {
    let sent = OnItsWay::first(&subject).await;
    sent.is_cancelled(&subject).await;
    let id: RecoveryId = "rcv_0000000000000001".parse().unwrap();
    let scope = RecoveryScope {
        since: Subject::at(0),
        until: Subject::at(100),
        states: DeliveryState::Cancelled.parked_bit(),
        event_types: EventType::ALL.iter().fold(0, |mask, kind| mask | kind.bit()),
    };
    let new = NewRecovery { id: id.clone(), scope, total: 1, now: Subject::at(35) };
    subject.store.begin_recovery(&sent.account, &sent.endpoint.id, new).await.unwrap();
    let moved = subject.store.advance_recovery(&id, Subject::at(35), 10).await.unwrap();
    assert_eq!(moved, RecoveryStep::Completed(vec![sent.id]));
    sent.is_nobodys_at(&subject, 36).await;
    sent.ends(&subject, 500, Next::Retry(Subject::at(400))).await;
    assert_eq!(subject.claim(&sent.lease, sent.endpoint.no, Subject::at(40)).await.len(), 1);
}

/// What was never begun is given back and can go at once, asked for before or after.
pub async fn it_is_sent_at_once_when_nothing_was_begun(subject: Subject) {
    for asked_first in [true, false] {
        for number in [1, 2] {
            let sent = OnItsWay::attempt(&subject, number).await;
            sent.is_cancelled(&subject).await;
            if asked_first {
                sent.is_asked_for(&subject).await;
            }
            let unused = vec![(sent.id, sent.claim)];
            subject.store.release(&sent.lease, unused, Subject::at(35)).await.unwrap();
            if !asked_first {
                sent.is_asked_for(&subject).await;
            }
            let claimed = subject.claim(&sent.lease, sent.endpoint.no, Subject::at(35)).await;
            assert_eq!(claimed.len(), 1, "asked first: {asked_first}");
            assert_eq!(claimed[0].attempts_made, sent.number - 1);
        }
    }
}

/// An attempt of which nothing is heard any more holds nothing up for longer than a claim lasts.
pub async fn it_is_sent_when_the_claim_ends_though_nothing_was_heard(subject: Subject) {
    for number in [1, 2] {
        let sent = OnItsWay::attempt(&subject, number).await;
        sent.is_cancelled(&subject).await;
        sent.is_asked_for(&subject).await;
        // The claim of the retry was taken at 32 seconds, the first attempt cancelled at 33.
        sent.is_nobodys_at(&subject, 91).await;
        let ended = Subject::at(33) + CLAIM_LASTS + Duration::from_millis(1);
        let claimed = subject.claim(&sent.lease, sent.endpoint.no, ended).await;
        assert_eq!(claimed.len(), 1);
        let late = sent.ends(&subject, 500, Next::Retry(Subject::at(400))).await;
        assert_eq!(late, Settled::Stale, "the claim is another's by now");
    }
}

/// The attempt whose end disables its endpoint has ended: nothing waits for it.
pub async fn it_is_sent_at_once_when_the_attempt_itself_has_cancelled_it(subject: Subject) {
    for number in [1, 2] {
        let sent = OnItsWay::attempt(&subject, number).await;
        subject.disable_on_gone(&sent.endpoint, true).await;
        sent.ends(&subject, 410, Next::Retry(Subject::at(400))).await;
        assert_eq!(sent.log(&subject).await.0, DeliveryState::Cancelled);
        sent.set_active(&subject, true, 41).await;
        let at = Subject::at(42);
        let again = subject.store.redeliver(&sent.account, &sent.endpoint.id, sent.id, at).await;
        assert_eq!(again.expect("the store works"), Some(DeliveryState::Retrying));
        let claimed = subject.claim(&sent.lease, sent.endpoint.no, at).await;
        assert_eq!((claimed.len(), claimed[0].attempts_made), (1, number));
    }
}

/// A clock that is set forward ends the claim of an attempt that is on its way. Asked for then, the
/// delivery is claimed for that attempt once more, and sent again as soon as it has failed.
pub async fn it_is_sent_at_once_when_its_claim_had_ended(subject: Subject) {
    let sent = OnItsWay::attempt(&subject, 2).await;
    let late = Subject::at(32) + CLAIM_LASTS + Duration::from_millis(1);
    let asked = subject.store.redeliver(&sent.account, &sent.endpoint.id, sent.id, late).await;
    assert_eq!(asked.expect("the store works"), Some(DeliveryState::Retrying));
    let claim = subject.claim(&sent.lease, sent.endpoint.no, late).await[0].claim;
    let (ended, next) =
        (late + Duration::from_secs(1), Next::Retry(late + Duration::from_secs(60)));
    let end = Subject::settlement(sent.id, claim, 2, 500, next, ended);
    subject.settle(&sent.lease, end).await;
    let again = subject.claim(&sent.lease, sent.endpoint.no, ended).await;
    assert_eq!((again.len(), again[0].attempts_made, again[0].trigger), (1, 2, Trigger::Manual));
}
