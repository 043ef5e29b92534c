//! Values that are encrypted, gone through and put in place anew.

use parseflow_model::{AccountId, EventType, NextSecret};

use super::Subject;
use crate::port::{EndpointChange, Resealed, SealedCursor, SealedPlace, SealedValue, StoredAnswer};

const OLD: &[u8] = b"old";
const NEW: &[u8] = b"new";

/// What a walk in slices of `rows_max` rows finds that does not begin with `prefix`.
async fn walk(subject: &Subject, prefix: &[u8], rows_max: usize) -> Vec<SealedValue> {
    let (mut found, mut cursor) = (Vec::new(), SealedCursor::START);
    loop {
        let slice = subject.store.sealed_otherwise(prefix, &cursor, rows_max).await.unwrap();
        assert!(slice.values.len() <= 3 * rows_max);
        found.extend(slice.values);
        match slice.next {
            Some(next) => cursor = next,
            None => return found,
        }
    }
}

fn anew(before: &SealedValue) -> Resealed {
    let after = [NEW, &before.bytes[OLD.len()..]].concat();
    Resealed { before: before.clone(), after }
}

async fn answer(subject: &Subject, account: &AccountId, key: &str, body: &str) {
    let (store, now) = (&subject.store, Subject::at(0));
    store.begin_idempotent(account, key, &[1; 32], 7, now).await.unwrap();
    let sealed_body = body.as_bytes().to_vec();
    let answer = StoredAnswer { status: 200, content_type: String::new(), sealed_body };
    store.end_idempotent(account, key, answer).await.unwrap();
}

/// An endpoint with a secret, a pending one and headers, one with a secret alone, a deleted one, two
/// answers and a request that is not answered: six values.
async fn six(subject: &Subject) -> Vec<SealedPlace> {
    let (store, account) = (&subject.store, subject.account().await);
    let mut ids = Vec::new();
    for number in 0..3 {
        let mut new = subject.new_endpoint(&account, &EventType::ALL);
        new.sealed_secret = format!("old secret {number}").into_bytes();
        if number == 0 {
            new.settings.sealed_headers = Some(b"old headers".to_vec());
        }
        ids.push(new.id.clone());
        store.create_endpoint(new, 20).await.unwrap().unwrap();
    }
    let (sealed, takes_over_at) = (b"old next".to_vec(), Subject::at(100));
    let next = NextSecret { sealed, hint: "next".into(), takes_over_at };
    store.rotate_secret(&account, &ids[0], next, Subject::at(1)).await.unwrap().unwrap();
    assert!(store.delete_endpoint(&account, &ids[2], Subject::at(1)).await.unwrap());
    answer(subject, &account, "a", "old answer a").await;
    answer(subject, &account, "b", "old answer b").await;
    store.begin_idempotent(&account, "c", &[1; 32], 7, Subject::at(0)).await.unwrap();
    let kept = |key: &str| SealedPlace::Answer { account: account.clone(), key: key.into() };
    vec![
        SealedPlace::Secret(ids[0].clone()),
        SealedPlace::NextSecret(ids[0].clone()),
        SealedPlace::Headers(ids[0].clone()),
        SealedPlace::Secret(ids[1].clone()),
        kept("a"),
        kept("b"),
    ]
}

/// In slices of any size each value is found once, and none that begins with the prefix.
pub async fn every_encrypted_value_is_found_once(subject: Subject) {
    let expected = six(&subject).await;
    for rows_max in [1, 2, 100] {
        let found = walk(&subject, NEW, rows_max).await;
        let places: Vec<_> = found.into_iter().map(|value| value.place).collect();
        assert_eq!(places, expected, "slices of {rows_max}");
        assert!(walk(&subject, OLD, rows_max).await.is_empty());
    }
}

/// What has been put in place is there, the rest of its row is as before, and it is not found again.
pub async fn values_are_put_in_place_anew(subject: Subject) {
    let places = six(&subject).await;
    let found = walk(&subject, NEW, 100).await;
    // Half of a row: the walk finds the other half.
    let some: Vec<_> = found.iter().take(2).map(anew).collect();
    assert_eq!(subject.store.reseal(some).await.unwrap(), 2);
    assert_eq!(walk(&subject, NEW, 1).await, found[2..]);
    let rest: Vec<_> = found.iter().skip(2).map(anew).collect();
    assert_eq!(subject.store.reseal(rest).await.unwrap(), 4);
    assert!(walk(&subject, NEW, 1).await.is_empty());
    let bytes: Vec<_> = walk(&subject, OLD, 1).await.into_iter().map(|v| v.bytes).collect();
    let texts = ["secret 0", "next", "headers", "secret 1", "answer a", "answer b"];
    assert_eq!(bytes, texts.map(|text| format!("new {text}").into_bytes()));
    let SealedPlace::Answer { account, .. } = &places[4] else { panic!("{places:?}") };
    let SealedPlace::Secret(id) = &places[0] else { panic!("{places:?}") };
    let endpoint = subject.store.endpoint(account, id).await.unwrap().unwrap();
    assert_eq!(endpoint.secret_hint, "3456");
    assert_eq!(endpoint.secret_changed_at, None, "its owner has changed nothing");
    assert_eq!(endpoint.next_secret.unwrap().takes_over_at, Subject::at(100));
}

/// An owner who rotates a secret or changes headers while the key is changed wins.
pub async fn a_value_that_was_changed_meanwhile_stays(subject: Subject) {
    let places = six(&subject).await;
    let found = walk(&subject, NEW, 100).await;
    let SealedPlace::Answer { account, .. } = &places[4] else { panic!("{places:?}") };
    let SealedPlace::Secret(id) = &places[0] else { panic!("{places:?}") };
    let store = &subject.store;
    store.activate_secret(account, id, Subject::at(2)).await.unwrap();
    let mut settings = store.endpoint(account, id).await.unwrap().unwrap().settings;
    settings.sealed_headers = None;
    let change = EndpointChange { settings: settings.into(), ..EndpointChange::default() };
    store.update_endpoint(account, id, change, Subject::at(2)).await.unwrap().unwrap();
    let all: Vec<_> = found.iter().map(anew).collect();
    assert_eq!(store.reseal(all).await.unwrap(), 3, "the other endpoint and the answers");
    let left = walk(&subject, NEW, 100).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].place, places[0]);
    assert_eq!(left[0].bytes, b"old next", "what was pending is in force");
}
