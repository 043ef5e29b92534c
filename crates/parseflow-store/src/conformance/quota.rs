//! Counting and the two quota events.

use parseflow_model::{AccountId, Limit, Plan, Timestamp};

use super::Subject;
use crate::port::{Accepted, Intake, PlanChange};

async fn take_in(subject: &Subject, account: &AccountId, count: usize, now: Timestamp) -> Accepted {
    let documents = (0..count).map(|_| subject.document(account, None)).collect();
    let intake = Intake { account: account.clone(), documents, batch: None, now };
    subject.store.accept(intake).await.unwrap()
}

async fn used(subject: &Subject, account: &AccountId, now: Timestamp) -> u64 {
    subject.store.usage(account, now.month()).await.unwrap().used
}

async fn watched(subject: &Subject, limit: u64) -> AccountId {
    let account = subject.account_with(Plan::Pro, limit).await;
    subject.endpoint(&account).await;
    subject.dispatcher(Subject::at(0)).await;
    account
}

/// Usage is the number of accepted documents.
pub async fn every_accepted_document_is_counted_once(subject: Subject) {
    let account = subject.account().await;
    take_in(&subject, &account, 3, Subject::at(1)).await;
    take_in(&subject, &account, 2, Subject::at(2)).await;
    assert_eq!(used(&subject, &account, Subject::at(2)).await, 5);
}

/// The commit in which usage reaches 80 % writes the warning, and no other does.
pub async fn the_warning_is_written_once_at_eighty_percent(subject: Subject) {
    let account = watched(&subject, 10).await;
    for _ in 0..7 {
        take_in(&subject, &account, 1, Subject::at(1)).await;
    }
    assert_eq!(subject.bodies(), [""; 0]);
    take_in(&subject, &account, 1, Subject::at(2)).await;
    take_in(&subject, &account, 1, Subject::at(3)).await;
    assert_eq!(subject.bodies(), ["quota.warning 8"]);
}

/// 100 % is allowed; the next request is refused, changes nothing and tells of it once.
pub async fn at_exactly_the_limit_nothing_is_exceeded(subject: Subject) {
    let account = watched(&subject, 5).await;
    for _ in 0..5 {
        let taken = take_in(&subject, &account, 1, Subject::at(1)).await;
        assert!(matches!(taken, Accepted::Admitted(_)));
    }
    assert_eq!(subject.bodies(), ["quota.warning 4"]);
    for _ in 0..3 {
        let refused = take_in(&subject, &account, 1, Subject::at(2)).await;
        assert!(matches!(refused, Accepted::QuotaExceeded { limit: Limit::AtMost(5), .. }));
    }
    assert_eq!(subject.bodies(), ["quota.exceeded 5"]);
    assert_eq!(used(&subject, &account, Subject::at(2)).await, 5);
    let documents = subject.store.documents(&account, None, &Subject::page(10)).await.unwrap();
    assert_eq!(documents.rows.len(), 5, "refused documents are not stored");
}

/// A request that jumps over both marks fires the warning, then exceeded.
pub async fn a_jump_over_both_marks_tells_of_both_in_order(subject: Subject) {
    let account = watched(&subject, 10).await;
    take_in(&subject, &account, 11, Subject::at(1)).await;
    assert_eq!(subject.bodies(), ["quota.warning 0", "quota.exceeded 0"]);
    assert_eq!(used(&subject, &account, Subject::at(1)).await, 0);
}

/// Thirty requests at once against a limit of twenty: twenty pass, each mark is told of once.
pub async fn concurrent_requests_cross_each_mark_once(subject: Subject) {
    let account = watched(&subject, 20).await;
    let subject = std::sync::Arc::new(subject);
    let requests: Vec<_> = (0..30)
        .map(|_| {
            let (subject, account) = (std::sync::Arc::clone(&subject), account.clone());
            tokio::spawn(async move { take_in(&subject, &account, 1, Subject::at(1)).await })
        })
        .collect();
    let mut admitted = 0;
    for request in requests {
        admitted += usize::from(matches!(request.await.unwrap(), Accepted::Admitted(_)));
    }
    assert_eq!(admitted, 20);
    assert_eq!(subject.bodies(), ["quota.warning 16", "quota.exceeded 20"]);
}

/// The period is the calendar month.
pub async fn a_new_month_starts_from_zero(subject: Subject) {
    let account = watched(&subject, 5).await;
    take_in(&subject, &account, 5, Subject::at(1)).await;
    let next_month = Subject::at(0).month().end();
    let taken = take_in(&subject, &account, 4, next_month).await;
    assert!(matches!(taken, Accepted::Admitted(usage) if usage.used == 4));
    assert_eq!(subject.bodies(), ["quota.warning 5", "quota.warning 4"]);
}

/// The warning is once per limit: a raised limit has its own.
pub async fn a_raised_limit_warns_again(subject: Subject) {
    let account = watched(&subject, 5).await;
    take_in(&subject, &account, 5, Subject::at(1)).await;
    let change = PlanChange {
        plan: Plan::Pro,
        documents_per_month: Some(Limit::AtMost(10)),
        requests_per_minute: None,
    };
    subject.store.set_plan(&account, change, Subject::at(2)).await.unwrap();
    take_in(&subject, &account, 2, Subject::at(3)).await;
    take_in(&subject, &account, 1, Subject::at(3)).await;
    assert_eq!(subject.bodies(), ["quota.warning 5", "quota.warning 8"]);
}
