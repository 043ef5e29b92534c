//! Accounts and keys.

use parseflow_model::{Limit, Plan};

use super::Subject;
use crate::port::{NewAccount, PlanChange};

/// A second account with the same address is refused and leaves no key behind.
pub async fn an_email_address_is_taken_once(subject: Subject) {
    let store = &subject.store;
    let id = subject.account().await;
    let first = store.account(&id).await.unwrap().expect("it was created");
    let mut second = first.clone();
    second.id = "acc_zzzzzzzzzzzzzzzz".parse().unwrap();
    let key = subject.key(&second.id, Subject::at(1));
    let refused = NewAccount { account: second, key: key.clone() };
    assert!(!store.create_account(refused).await.unwrap());
    assert_eq!(store.key_by_hash(&key.hash).await.unwrap(), None);
    assert_eq!(store.account_by_email(&first.email).await.unwrap(), Some(first));
    assert_eq!(store.account_by_email("nobody@example.com").await.unwrap(), None);
}

/// A key authenticates until it is revoked, by its owner only.
pub async fn a_key_is_found_by_its_hash_until_revoked(subject: Subject) {
    let store = &subject.store;
    let (account, other) = (subject.account().await, subject.account().await);
    let key = subject.key(&account, Subject::at(1));
    assert!(store.create_key(key.clone(), 20).await.unwrap());
    let (found, owner) = store.key_by_hash(&key.hash).await.unwrap().expect("it is active");
    assert_eq!((&found, &owner.id), (&key, &account));
    assert!(!store.revoke_key(&other, &key.id, Subject::at(2)).await.unwrap());
    assert!(store.revoke_key(&account, &key.id, Subject::at(2)).await.unwrap());
    assert!(!store.revoke_key(&account, &key.id, Subject::at(3)).await.unwrap());
    assert_eq!(store.key_by_hash(&key.hash).await.unwrap(), None);
}

/// No more keys than allowed; revoked ones do not count.
pub async fn keys_are_bounded_and_listed_newest_first(subject: Subject) {
    let store = &subject.store;
    let account = subject.account().await;
    let keys: Vec<_> = (1..4).map(|s| subject.key(&account, Subject::at(s))).collect();
    for key in &keys {
        assert!(store.create_key(key.clone(), 4).await.unwrap());
    }
    assert!(!store.create_key(subject.key(&account, Subject::at(9)), 4).await.unwrap());
    let first = store.keys(&account, &Subject::page(2)).await.unwrap();
    assert_eq!(first.rows, [keys[2].clone(), keys[1].clone()]);
    let rest = crate::port::PageRequest { limit: 2, cursor: first.next_cursor };
    let second = store.keys(&account, &rest).await.unwrap();
    assert_eq!(second.rows[0], keys[0]);
    assert_eq!((second.rows.len(), second.next_cursor), (2, None));
}

/// Plan and limits change together; an unknown account is said to be unknown.
pub async fn a_plan_change_shows_at_once(subject: Subject) {
    let store = &subject.store;
    let account = subject.account().await;
    let change = PlanChange {
        plan: Plan::Enterprise,
        documents_per_month: Some(Limit::Unlimited),
        requests_per_minute: None,
    };
    let changed = store.set_plan(&account, change, Subject::at(1)).await.unwrap().unwrap();
    assert_eq!(
        (changed.plan, changed.documents_per_month),
        (Plan::Enterprise, Some(Limit::Unlimited))
    );
    assert_eq!(store.account(&account).await.unwrap(), Some(changed));
    let unknown = "acc_zzzzzzzzzzzzzzzz".parse().unwrap();
    assert_eq!(store.set_plan(&unknown, change, Subject::at(1)).await.unwrap(), None);
}
