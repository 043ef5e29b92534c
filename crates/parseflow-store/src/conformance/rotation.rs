//! Rotating secrets in two steps, headers of the owner's own, pausing.

use parseflow_model::{DeliveryState, Endpoint, EventType, NextSecret, Timestamp};

use super::Subject;
use crate::port::{Activation, Claim, EndpointChange, Next, Notice};

fn next(byte: u8, takes_over_at: Timestamp) -> NextSecret {
    NextSecret { sealed: vec![byte; 3], hint: format!("{byte:04}"), takes_over_at }
}

/// What signs at `secs`: the present secret, and the next one if there is one.
fn signing(endpoint: &Endpoint, secs: i64) -> (Vec<u8>, String, Option<Vec<u8>>) {
    let secrets = endpoint.secrets_at(Subject::at(secs));
    (secrets.sealed.to_vec(), secrets.hint.to_owned(), secrets.next.map(|next| next.sealed.clone()))
}

/// Until its time both sign; then it has taken over without anybody writing that down.
pub async fn a_pending_secret_signs_beside_the_old_one_until_its_time(subject: Subject) {
    let (store, account) = (&subject.store, subject.account().await);
    let endpoint = subject.endpoint(&account).await;
    let other = subject.account().await;
    let pending = next(7, Subject::at(100));
    let foreign = store.rotate_secret(&other, &endpoint.id, pending.clone(), Subject::at(1)).await;
    assert_eq!(foreign.unwrap(), None);
    subject.heard();
    let rotated = store.rotate_secret(&account, &endpoint.id, pending, Subject::at(1)).await;
    let rotated = rotated.unwrap().unwrap();
    assert!(matches!(subject.heard()[..], [Notice::EndpointChanged(no)] if no == endpoint.no));
    assert_eq!(store.endpoint_by_no(endpoint.no).await.unwrap(), Some(rotated.clone()));
    assert_eq!(signing(&rotated, 99), (vec![1, 2, 3], "3456".into(), Some(vec![7; 3])));
    assert_eq!(signing(&rotated, 100), (vec![7; 3], "0007".into(), None));
    assert_eq!(rotated.secrets_at(Subject::at(99)).since, None);
    assert_eq!(rotated.secrets_at(Subject::at(100)).since, Some(Subject::at(100)));
    let late = store.activate_secret(&account, &endpoint.id, Subject::at(100)).await.unwrap();
    assert_eq!(late, Activation::NothingPending, "it has taken over by itself");
}

/// The owner has put the new secret in place everywhere and ends the overlap.
pub async fn activating_puts_the_pending_secret_in_force_at_once(subject: Subject) {
    let (store, account) = (&subject.store, subject.account().await);
    let endpoint = subject.endpoint(&account).await;
    let idle = store.activate_secret(&account, &endpoint.id, Subject::at(1)).await.unwrap();
    assert_eq!(idle, Activation::NothingPending);
    let pending = next(7, Subject::at(100));
    store.rotate_secret(&account, &endpoint.id, pending, Subject::at(1)).await.unwrap().unwrap();
    let other = subject.account().await;
    let foreign = store.activate_secret(&other, &endpoint.id, Subject::at(2)).await.unwrap();
    assert_eq!(foreign, Activation::NoEndpoint);
    let activated = store.activate_secret(&account, &endpoint.id, Subject::at(2)).await.unwrap();
    let Activation::Activated(after) = activated else { panic!("{activated:?}") };
    assert_eq!(signing(&after, 2), (vec![7; 3], "0007".into(), None));
    assert_eq!(after.next_secret, None, "the old secret is gone");
    assert_eq!(after.secret_changed_at, Some(Subject::at(2)));
    let again = store.activate_secret(&account, &endpoint.id, Subject::at(3)).await.unwrap();
    assert_eq!(again, Activation::NothingPending);
}

/// A leaked secret is replaced in one step.
pub async fn a_rotation_without_overlap_is_in_force_at_once(subject: Subject) {
    let (store, account) = (&subject.store, subject.account().await);
    let endpoint = subject.endpoint(&account).await;
    let now = Subject::at(5);
    let after = store.rotate_secret(&account, &endpoint.id, next(7, now), now).await;
    let after = after.unwrap().unwrap();
    assert_eq!(signing(&after, 5), (vec![7; 3], "0007".into(), None));
    assert_eq!((after.next_secret, after.secret_changed_at), (None, Some(now)));
}

/// Rotating again before the end of the overlap replaces a secret that nobody could use yet; after
/// it, the one that took over is the old one.
pub async fn a_second_rotation_replaces_what_is_pending_and_keeps_what_took_over(subject: Subject) {
    let (store, account) = (&subject.store, subject.account().await);
    let id = subject.endpoint(&account).await.id;
    for byte in [7, 8] {
        let pending = next(byte, Subject::at(100));
        store.rotate_secret(&account, &id, pending, Subject::at(1)).await.unwrap().unwrap();
    }
    let replaced = store.endpoint(&account, &id).await.unwrap().unwrap();
    assert_eq!(signing(&replaced, 2), (vec![1, 2, 3], "3456".into(), Some(vec![8; 3])));
    let third = store.rotate_secret(&account, &id, next(9, Subject::at(300)), Subject::at(200));
    let third = third.await.unwrap().unwrap();
    assert_eq!(signing(&third, 200), (vec![8; 3], "0008".into(), Some(vec![9; 3])));
    assert_eq!(third.secrets_at(Subject::at(200)).since, Some(Subject::at(100)));
}

/// Nothing that opens anything survives a deletion: the endpoint is gone for every reader, and what
/// was pending with it.
pub async fn deleting_erases_secrets_and_headers(subject: Subject) {
    let (store, account) = (&subject.store, subject.account().await);
    let mut new = subject.new_endpoint(&account, &EventType::ALL);
    new.settings.sealed_headers = Some(vec![4, 5, 6]);
    let endpoint = store.create_endpoint(new, 20).await.unwrap().unwrap();
    assert_eq!(endpoint.settings.sealed_headers, Some(vec![4, 5, 6]));
    let pending = next(7, Subject::at(100));
    store.rotate_secret(&account, &endpoint.id, pending.clone(), Subject::at(1)).await.unwrap();
    assert!(store.delete_endpoint(&account, &endpoint.id, Subject::at(2)).await.unwrap());
    let gone = store.rotate_secret(&account, &endpoint.id, pending, Subject::at(3)).await;
    assert_eq!(gone.unwrap(), None);
    let gone = store.activate_secret(&account, &endpoint.id, Subject::at(3)).await.unwrap();
    assert_eq!(gone, Activation::NoEndpoint);
}

/// Events go on being recorded as due; a claim brings nothing until the owner resumes.
pub async fn a_paused_endpoint_loses_nothing_and_sends_nothing_until_it_is_resumed(
    subject: Subject,
) {
    let store = &subject.store;
    let (account, endpoint, lease) = subject.dispatching().await;
    let retrying = subject.hand_over(&account, Subject::at(1)).await;
    subject.fail_first(&lease, retrying, Subject::at(2), Subject::at(32)).await;
    let paused = |paused| EndpointChange { paused: Some(paused), ..EndpointChange::default() };
    for secs in [3, 4] {
        let at = Subject::at(secs);
        let after = store.update_endpoint(&account, &endpoint.id, paused(true), at).await;
        let after = after.unwrap().unwrap();
        assert_eq!(after.paused_at, Some(Subject::at(3)), "pausing twice keeps the first time");
        assert!(after.is_paused() && after.is_active());
    }
    subject.heard();
    subject.publish(&account, EventType::ExtractionCompleted, Subject::at(5)).await;
    assert_eq!(subject.handed_over().len(), 0);
    assert_eq!(subject.claim(&lease, endpoint.no, Subject::at(40)).await.len(), 0);
    let log = store.deliveries(&account, &endpoint.id, &Subject::page(9)).await.unwrap().unwrap();
    let states: Vec<_> = log.rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [DeliveryState::Pending, DeliveryState::Retrying]);
    let at = Subject::at(50);
    let after = store.update_endpoint(&account, &endpoint.id, paused(false), at).await;
    assert!(!after.unwrap().unwrap().is_paused());
    let told = subject.heard();
    assert!(told.iter().any(|notice| {
        matches!(notice, Notice::Due { endpoint: no, at: due } if *no == endpoint.no && *due == at)
    }));
    let claimed = subject.claim(&lease, endpoint.no, at).await;
    assert_eq!(claimed.len(), 2);
    for delivery in claimed {
        let id = parseflow_model::DeliveryId { event: delivery.event.id, endpoint: endpoint.no };
        assert!(matches!(delivery.claim, Claim::Due { .. }));
        let number = delivery.attempts_made + 1;
        let ok = Subject::settlement(id, delivery.claim, number, 200, Next::Delivered, at);
        subject.settle(&lease, ok).await;
    }
}
