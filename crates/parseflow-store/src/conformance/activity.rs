//! Questions over all endpoints of an account.

use parseflow_model::{AccountId, DeliveryId, DeliveryState, EventType, Timestamp};

use super::Subject;
use crate::port::{
    AccountDelivery, Claim, DeliveryFilter, Finish, Intake, Next, PageRequest, Settlement,
};

/// All pages of a filtered list, with limits of one to three rows, which must all agree.
async fn listed(
    subject: &Subject,
    account: &AccountId,
    filter: &DeliveryFilter,
) -> Vec<AccountDelivery> {
    let mut answers = Vec::new();
    for limit in 1..=3 {
        let (mut rows, mut cursor) = (Vec::new(), None);
        loop {
            let page = PageRequest { limit, cursor };
            let found = subject.store.account_deliveries(account, filter, &page).await.unwrap();
            assert!(found.rows.len() <= limit);
            rows.extend(found.rows);
            cursor = found.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        answers.push(rows);
    }
    assert_eq!(answers[0], answers[2]);
    assert_eq!(answers[1], answers[2]);
    answers.pop().unwrap()
}

fn ids(rows: &[AccountDelivery]) -> Vec<DeliveryId> {
    rows.iter().map(|row| row.row.id).collect()
}

/// Publishes one event; its deliveries, of the higher endpoint first.
async fn published(
    subject: &Subject,
    account: &AccountId,
    event_type: EventType,
    now: Timestamp,
) -> Vec<DeliveryId> {
    subject.heard();
    subject.publish(account, event_type, now).await;
    let mut handed: Vec<_> = subject
        .handed_over()
        .into_iter()
        .map(|(event, endpoint)| DeliveryId { event: event.id, endpoint })
        .collect();
    handed.sort_unstable_by(|a, b| b.cmp(a));
    handed
}

/// Newest first over all endpoints, in every state, and of no other account.
pub async fn the_accounts_log_goes_over_all_its_endpoints(subject: Subject) {
    let (account, first, lease) = subject.dispatching().await;
    let second = subject.endpoint(&account).await;
    let other = subject.account().await;
    subject.endpoint(&other).await;
    let completed = EventType::ExtractionCompleted;
    let one = published(&subject, &account, completed, Subject::at(1)).await;
    published(&subject, &other, completed, Subject::at(1)).await;
    let two = published(&subject, &account, EventType::BatchFailed, Subject::at(2)).await;
    let three = published(&subject, &account, completed, Subject::at(3)).await;
    assert_eq!((one.len(), two.len(), three.len()), (2, 2, 2));
    let end =
        |id, status, next| Subject::settlement(id, Claim::First, 1, status, next, Subject::at(5));
    subject.settle(&lease, end(one[0], 204, Next::Delivered)).await;
    subject.settle(&lease, end(one[1], 500, Next::Exhausted)).await;
    subject.fail_first(&lease, two[0], Subject::at(6), Subject::at(36)).await;

    let all = [three.clone(), two.clone(), one.clone()].concat();
    let rows = listed(&subject, &account, &DeliveryFilter::default()).await;
    assert_eq!(ids(&rows), all);
    let shown: Vec<_> = rows.iter().map(|row| (row.row.state, row.row.attempts)).collect();
    assert_eq!(
        shown,
        [
            (DeliveryState::Pending, 0),
            (DeliveryState::Pending, 0),
            (DeliveryState::Retrying, 1),
            (DeliveryState::Pending, 0),
            (DeliveryState::Succeeded, 1),
            (DeliveryState::Exhausted, 1),
        ]
    );
    assert_eq!(rows[0].endpoint, second.id);
    assert_eq!(rows[1].endpoint, first.id);
    assert_eq!(rows[2].row.next_attempt_at, Some(Subject::at(36)));
    assert_eq!(rows[0].changed_at, Subject::at(3));
    assert_eq!(rows[4].changed_at, Subject::at(5));
    for row in &rows {
        let page = subject.store.deliveries(&account, &row.endpoint, &Subject::page(9)).await;
        let own = page.unwrap().unwrap().rows;
        assert!(own.contains(&row.row), "the endpoint's own log says the same: {row:?}");
    }
}

/// By state, type, endpoint and time, alone and together.
pub async fn the_accounts_log_is_filtered(subject: Subject) {
    let (account, first, lease) = subject.dispatching().await;
    subject.endpoint(&account).await;
    let one = published(&subject, &account, EventType::BatchFailed, Subject::at(10)).await;
    let two = published(&subject, &account, EventType::ExtractionCompleted, Subject::at(20)).await;
    let end =
        |id, status, next| Subject::settlement(id, Claim::First, 1, status, next, Subject::at(25));
    subject.settle(&lease, end(one[0], 204, Next::Delivered)).await;
    subject.settle(&lease, end(one[1], 500, Next::Exhausted)).await;
    subject.fail_first(&lease, two[0], Subject::at(26), Subject::at(56)).await;
    let check = async |filter: DeliveryFilter, expected: &[DeliveryId]| {
        assert_eq!(ids(&listed(&subject, &account, &filter).await), expected, "{filter:?}");
    };
    let all = DeliveryFilter::default;
    let by_state = |states: &[DeliveryState]| DeliveryFilter { states: states.to_vec(), ..all() };
    check(by_state(&[DeliveryState::Succeeded]), &[one[0]]).await;
    check(by_state(&[DeliveryState::Exhausted]), &[one[1]]).await;
    check(by_state(&[DeliveryState::Retrying]), &[two[0]]).await;
    check(by_state(&[DeliveryState::Pending]), &[two[1]]).await;
    check(by_state(&[DeliveryState::Cancelled]), &[]).await;
    let ended = [DeliveryState::Succeeded, DeliveryState::Exhausted];
    check(by_state(&ended), &one).await;
    check(DeliveryFilter { event_type: Some(EventType::BatchFailed), ..all() }, &one).await;
    check(DeliveryFilter { endpoint: Some(first.id.clone()), ..all() }, &[two[1], one[1]]).await;
    check(DeliveryFilter { since: Some(Subject::at(20)), ..all() }, &two).await;
    check(DeliveryFilter { until: Some(Subject::at(20)), ..all() }, &one).await;
    let between = (Some(Subject::at(11)), Some(Subject::at(20)));
    check(DeliveryFilter { since: between.0, until: between.1, ..all() }, &[]).await;
    let narrow = DeliveryFilter {
        states: vec![DeliveryState::Exhausted],
        event_type: Some(EventType::BatchFailed),
        endpoint: Some(first.id),
        since: Some(Subject::at(10)),
        until: Some(Subject::at(11)),
    };
    check(narrow, &[one[1]]).await;
}

/// However many deliveries are passed over, a page ends, and the next one goes on.
pub async fn a_filter_that_little_passes_ends_its_search(subject: Subject) {
    let (account, _, lease) = subject.dispatching().await;
    let wanted = published(&subject, &account, EventType::BatchFailed, Subject::at(1)).await;
    let ok = |id| Subject::settlement(id, Claim::First, 1, 204, Next::Delivered, Subject::at(3));
    subject.settle(&lease, ok(wanted[0])).await;
    for _ in 0..1_100 {
        let id = subject.hand_over(&account, Subject::at(2)).await;
        subject.settle(&lease, ok(id)).await;
    }
    let filter =
        DeliveryFilter { event_type: Some(EventType::BatchFailed), ..DeliveryFilter::default() };
    let page =
        subject.store.account_deliveries(&account, &filter, &Subject::page(10)).await.unwrap();
    assert_eq!(ids(&page.rows), []);
    let next = PageRequest { limit: 10, cursor: page.next_cursor };
    assert!(next.cursor.is_some(), "there is more to look at");
    let page = subject.store.account_deliveries(&account, &filter, &next).await.unwrap();
    assert_eq!((ids(&page.rows), page.next_cursor), (wanted, None));
}

/// Documents and deliveries by hour, and how long deliveries took.
pub async fn the_overview_sums_up_what_happened(subject: Subject) {
    let (account, endpoint, lease) = subject.dispatching().await;
    let nothing = subject.store.overview(&account, Subject::at(0)).await.unwrap();
    assert_eq!((nothing.hours.len(), nothing.waiting, nothing.complete), (0, 0, true));

    let document = subject.document(&account, None);
    let intake = Intake {
        account: account.clone(),
        documents: vec![document.clone()],
        batch: None,
        now: Subject::at(0),
    };
    subject.store.accept(intake).await.unwrap();
    let claimed = subject.store.claim_work(Subject::at(0), Subject::at(60), 9).await.unwrap();
    let finish = Finish {
        document: document.id,
        token: claimed[0].token,
        outcome: Ok(Subject::extraction()),
        processing_ms: 5,
        now: Subject::at(1),
    };
    subject.heard();
    subject.store.finish(finish).await.unwrap();
    let (event, no) = subject.handed_over().remove(0);
    let read = DeliveryId { event: event.id, endpoint: no };
    let settle = async |settlement: Settlement| subject.settle(&lease, settlement).await;
    let end = |id, status, next, secs| {
        Subject::settlement(id, Claim::First, 1, status, next, Subject::at(secs))
    };
    settle(end(read, 200, Next::Delivered, 3)).await;
    let lost = subject.hand_over(&account, Subject::at(3_600)).await;
    settle(end(lost, 500, Next::Exhausted, 3_601)).await;
    let late = subject.hand_over(&account, Subject::at(3_600)).await;
    subject.fail_first(&lease, late, Subject::at(3_602), Subject::at(3_632)).await;

    let overview = subject.store.overview(&account, Subject::at(0)).await.unwrap();
    let hours: Vec<_> = overview
        .hours
        .iter()
        .map(|hour| {
            let documents = (hour.documents_completed, hour.documents_failed);
            (documents, hour.deliveries_succeeded, hour.deliveries_failed)
        })
        .collect();
    assert_eq!(hours, [((1, 0), 1, 0), ((0, 0), 0, 1)]);
    assert!(overview.hours.iter().all(|hour| hour.start.millis() % 3_600_000 == 0));
    assert_eq!(overview.delivery_ms, [2_000]);
    assert_eq!((overview.waiting, overview.complete), (1, true));
    let later = subject.store.overview(&account, Subject::at(3_600)).await.unwrap();
    assert_eq!((later.hours.len(), later.delivery_ms.len()), (1, 0));
    let other = subject.account().await;
    assert_eq!(subject.store.overview(&other, Subject::at(0)).await.unwrap().hours, []);
    assert_eq!(endpoint.no, no);
}
