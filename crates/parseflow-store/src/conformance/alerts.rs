//! Endpoints in trouble, and what their owners were told.

use parseflow_model::{DeliveryId, EndpointNo, Timestamp};

use super::Subject;
use crate::port::{Claim, DispatcherLease, EndpointChange, Next, Told};

fn told(warning: &str, claimed_until: Option<Timestamp>) -> Told {
    Told { warning: warning.to_owned(), run_started_at: Subject::at(2), claimed_until }
}

async fn fail(subject: &Subject, lease: &DispatcherLease, delivery: DeliveryId, at: Timestamp) {
    let failed = Subject::settlement(delivery, Claim::First, 1, 500, Next::Exhausted, at);
    subject.settle(lease, failed).await;
}

async fn troubled(subject: &Subject, after: EndpointNo) -> Vec<(EndpointNo, Option<Told>)> {
    let found = subject.store.troubled_endpoints(after, 10).await.unwrap();
    found.into_iter().map(|found| (found.endpoint.no, found.told)).collect()
}

/// From the first failure to the next success, whoever owns it.
pub async fn an_endpoint_is_in_trouble_while_it_fails(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    assert_eq!(troubled(&subject, EndpointNo(0)).await, []);
    let delivery = subject.hand_over(&account, Subject::at(1)).await;
    fail(&subject, &lease, delivery, Subject::at(2)).await;
    let found = subject.store.troubled_endpoints(EndpointNo(0), 10).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].endpoint.id, endpoint.id);
    assert_eq!(found[0].endpoint.health.failing_since, Some(Subject::at(2)));
    assert_eq!(found[0].email, format!("{account}@example.com"));
    assert_eq!(found[0].told, None);
    assert_eq!(troubled(&subject, endpoint.no).await, [], "numbers above it");
    let delivery = subject.hand_over(&account, Subject::at(3)).await;
    let ok = Subject::settlement(delivery, Claim::First, 1, 200, Next::Delivered, Subject::at(4));
    subject.settle(&lease, ok).await;
    assert_eq!(troubled(&subject, EndpointNo(0)).await, []);
}

/// Of two processes that see the same trouble only one tells of it.
pub async fn an_alert_is_noted_by_who_saw_what_was_noted_before(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let delivery = subject.hand_over(&account, Subject::at(1)).await;
    fail(&subject, &lease, delivery, Subject::at(2)).await;
    let note = |before, after| subject.store.note_told(endpoint.no, before, after);
    let claimed = told("disables_soon", Some(Subject::at(60)));
    assert!(note(None, claimed.clone()).await.unwrap());
    assert!(!note(None, claimed.clone()).await.unwrap(), "it is claimed");
    let done = told("disables_soon", None);
    assert!(note(Some(claimed.clone()), done.clone()).await.unwrap());
    assert!(!note(Some(claimed), done.clone()).await.unwrap(), "it is told");
    let graver = told("disables_next", Some(Subject::at(90)));
    assert!(note(Some(done.clone()), graver.clone()).await.unwrap());
    assert!(!note(Some(done), told("disabled", None)).await.unwrap(), "it was replaced");
    assert_eq!(troubled(&subject, EndpointNo(0)).await, [(endpoint.no, Some(graver))]);
}

/// What is deleted troubles nobody, nor does what was told of it stay behind.
pub async fn nothing_is_told_of_a_deleted_endpoint(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let delivery = subject.hand_over(&account, Subject::at(1)).await;
    fail(&subject, &lease, delivery, Subject::at(2)).await;
    let noted = subject.store.note_told(endpoint.no, None, told("disables_soon", None));
    assert!(noted.await.unwrap());
    let deleted = subject.store.delete_endpoint(&account, &endpoint.id, Subject::at(3));
    assert!(deleted.await.unwrap());
    assert_eq!(troubled(&subject, EndpointNo(0)).await, []);
    let noted = subject.store.note_told(endpoint.no, None, told("disables_soon", None));
    assert!(noted.await.unwrap(), "the note is gone");
}

/// A disabled endpoint stays in trouble until it is enabled again.
pub async fn a_disabled_endpoint_is_in_trouble_until_it_is_enabled(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    subject.disable_on_gone(&endpoint, true).await;
    let delivery = subject.hand_over(&account, Subject::at(1)).await;
    let gone = Subject::settlement(delivery, Claim::First, 1, 410, Next::Exhausted, Subject::at(2));
    subject.settle(&lease, gone).await;
    let enable = EndpointChange { active: Some(true), ..EndpointChange::default() };
    let before = subject.store.troubled_endpoints(EndpointNo(0), 10).await.unwrap();
    assert_eq!(before.len(), 1);
    let enabled = subject.store.update_endpoint(&account, &endpoint.id, enable, Subject::at(3));
    assert!(enabled.await.unwrap().is_some());
    assert_eq!(troubled(&subject, EndpointNo(0)).await, []);
}
