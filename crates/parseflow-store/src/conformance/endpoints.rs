//! Endpoints: bounded, changed, deleted.

use parseflow_model::{
    DeliveryState, DisabledReason, EndpointSettings, EndpointStatus, EventType, Health,
};

use super::Subject;
use crate::port::{Claim, EndpointChange, Next, PageRequest, SettingsChange};

/// No more endpoints than allowed; deleted ones do not count.
pub async fn endpoints_are_bounded_and_listed_newest_first(subject: Subject) {
    let (store, account) = (&subject.store, subject.account().await);
    let mut created = Vec::new();
    for _ in 0..3 {
        let new = subject.new_endpoint(&account, &[EventType::BatchCompleted]);
        created.push(store.create_endpoint(new, 3).await.unwrap().unwrap());
    }
    let one_more = subject.new_endpoint(&account, &[EventType::BatchCompleted]);
    assert_eq!(store.create_endpoint(one_more.clone(), 3).await.unwrap(), None);
    let first = store.endpoints(&account, &Subject::page(2)).await.unwrap();
    assert_eq!(first.rows, [created[2].clone(), created[1].clone()]);
    let rest = PageRequest { limit: 2, cursor: first.next_cursor };
    let second = store.endpoints(&account, &rest).await.unwrap();
    assert_eq!((second.rows, second.next_cursor), (vec![created[0].clone()], None));
    assert!(store.delete_endpoint(&account, &created[0].id, Subject::at(1)).await.unwrap());
    assert!(store.create_endpoint(one_more, 3).await.unwrap().is_some());
}

/// Deleted means gone for every reader; a delivery under way is still logged, nothing follows.
pub async fn a_deleted_endpoint_is_gone_for_good_and_its_deliveries_are_cancelled(
    subject: Subject,
) {
    let store = &subject.store;
    let (account, endpoint, lease) = subject.dispatching().await;
    let (retrying, running) = (
        subject.hand_over(&account, Subject::at(1)).await,
        subject.hand_over(&account, Subject::at(1)).await,
    );
    subject.fail_first(&lease, retrying, Subject::at(2), Subject::at(32)).await;
    assert!(store.delete_endpoint(&account, &endpoint.id, Subject::at(3)).await.unwrap());
    assert!(!store.delete_endpoint(&account, &endpoint.id, Subject::at(3)).await.unwrap());
    assert_eq!(store.endpoint(&account, &endpoint.id).await.unwrap(), None);
    assert_eq!(store.endpoint_by_no(endpoint.no).await.unwrap(), None);
    assert_eq!(store.wakeups().await.unwrap(), []);
    let (claim, next) = (Claim::First, Next::Retry(Subject::at(34)));
    let late = Subject::settlement(running, claim, 1, 503, next, Subject::at(4));
    let settled = store.settle(&lease, late).await.unwrap();
    assert_eq!(settled, crate::port::Settled::Recorded(None));
    assert_eq!(store.wakeups().await.unwrap(), [], "nothing follows");
    subject.heard();
    subject.publish(&account, EventType::BatchFailed, Subject::at(5)).await;
    assert_eq!(subject.handed_over().len(), 0);
}

/// Only what is named changes; only its owner may change it.
pub async fn changes_leave_the_rest_as_it_was(subject: Subject) {
    let (store, account) = (&subject.store, subject.account().await);
    let before = subject.endpoint(&account).await;
    let url = "https://example.com/other".to_owned();
    let change = EndpointChange { url: Some(url.clone()), ..EndpointChange::default() };
    let other = subject.account().await;
    let foreign = store.update_endpoint(&other, &before.id, change.clone(), Subject::at(1)).await;
    assert_eq!(foreign.unwrap(), None);
    let after = store.update_endpoint(&account, &before.id, change, Subject::at(1)).await.unwrap();
    let expected = parseflow_model::Endpoint { url, ..before.clone() };
    assert_eq!(after, Some(expected.clone()));
    let settings = EndpointSettings {
        description: Some("books".into()),
        timeout_ms: Some(2_000),
        body_bytes_max: Some(4_096),
        disable_on_gone: true,
        sealed_headers: Some(vec![4, 5, 6]),
        rate_limit_per_second: Some(25),
        ordered: true,
        ..EndpointSettings::default()
    };
    let events = Some((vec!["quota.*".to_owned()], EventType::QuotaWarning.bit()));
    let change = EndpointChange { events, settings: settings.clone().into(), ..Default::default() };
    let after = store.update_endpoint(&account, &before.id, change, Subject::at(2)).await.unwrap();
    let after = after.unwrap();
    assert_eq!((&after.settings, after.events), (&settings, vec!["quota.*".to_owned()]));
    assert_eq!(after.url, expected.url);
    let one = SettingsChange { timeout_ms: Some(None), ..SettingsChange::default() };
    let change = EndpointChange { settings: one, ..Default::default() };
    let after_one = store.update_endpoint(&account, &before.id, change, Subject::at(3)).await;
    let expected = EndpointSettings { timeout_ms: None, ..after.settings.clone() };
    assert_eq!(after_one.unwrap().unwrap().settings, expected, "what is not said stays");
    assert!(after.event_mask == EventType::QuotaWarning.bit());
}

/// Disabling by hand cancels what waits; enabling begins with a clean bill of health.
pub async fn disabling_cancels_and_enabling_resets_the_health(subject: Subject) {
    let store = &subject.store;
    let (account, endpoint, lease) = subject.dispatching().await;
    let delivery = subject.hand_over(&account, Subject::at(1)).await;
    subject.fail_first(&lease, delivery, Subject::at(2), Subject::at(32)).await;
    let active = |active| EndpointChange { active: Some(active), ..EndpointChange::default() };
    let off = store.update_endpoint(&account, &endpoint.id, active(false), Subject::at(3)).await;
    let off = off.unwrap().unwrap();
    assert_eq!(off.health.status, EndpointStatus::Disabled);
    assert_eq!(off.health.disabled_reason, Some(DisabledReason::ByOwner));
    let detail = store.delivery(&account, &endpoint.id, delivery).await.unwrap().unwrap();
    assert_eq!(detail.row.state, DeliveryState::Cancelled);
    let on = store.update_endpoint(&account, &endpoint.id, active(true), Subject::at(4)).await;
    assert_eq!(on.unwrap().unwrap().health, Health::fresh());
}

/// The owner changes `disableOnGone` while an attempt is on its way that is answered 410: the change
/// was acknowledged first, so it holds.
pub async fn gone_means_what_is_wished_when_the_attempt_is_recorded(subject: Subject) {
    for wish in [false, true] {
        let (account, endpoint, lease) = subject.dispatching().await;
        subject.disable_on_gone(&endpoint, !wish).await;
        let sent = subject.hand_over(&account, Subject::at(1)).await;
        subject.disable_on_gone(&endpoint, wish).await;
        let (claim, next) = (Claim::First, Next::Retry(Subject::at(30)));
        let gone = Subject::settlement(sent, claim, 1, 410, next, Subject::at(2));
        subject.settle(&lease, gone).await;
        let after = subject.store.endpoint_by_no(endpoint.no).await.unwrap().unwrap();
        let reason = after.health.disabled_reason;
        assert_eq!(reason, wish.then_some(DisabledReason::Gone), "{wish}");
        let state = if wish { DeliveryState::Cancelled } else { DeliveryState::Retrying };
        let row = subject.store.delivery(&account, &endpoint.id, sent).await.unwrap().unwrap();
        assert_eq!(row.row.state, state);
    }
}
