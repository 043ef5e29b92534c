//! What is new in an account, as it happens, for those who watch: one feed for each connection.
//!
//! A feed looks at the newest documents and deliveries every second and tells what it has not told
//! yet. Nothing is kept for it and nothing waits for it: a feed that is not read ends, and whoever
//! comes back names the time up to which it knows everything.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use parseflow_model::{AccountId, Document, DocumentId, DocumentStatus, Timestamp};
use parseflow_model::{DeliveryId, DeliveryState};
use parseflow_store::{AccountDelivery, DeliveryFilter, PageRequest, StoreError};
use serde::Serialize;
use tokio::sync::mpsc;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::parts::Api;
use crate::routes::deliveries::DeliveryBody;
use crate::routes::documents::DocumentRow;

/// Between two looks.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// A feed without news says that it lives.
const PING_INTERVAL: Duration = Duration::from_secs(15);
/// News that nobody takes for this long end the feed.
const PATIENCE: Duration = Duration::from_secs(10);
/// The newest rows that are looked at, of each kind.
const LOOKED_AT: usize = 50;
/// A change may become visible so long after the time it bears.
const LATENESS_MAX: Duration = Duration::from_secs(5);
/// Feeds of one account.
pub(crate) const OF_ONE_ACCOUNT_MAX: usize = 8;
/// Feeds of all accounts.
const OF_ALL_MAX: usize = 200;

/// Counts the feeds.
#[derive(Default)]
pub(crate) struct Feeds(Mutex<HashMap<AccountId, usize>>);

/// The right to one feed, until dropped.
pub(crate) struct FeedSlot {
    feeds: Arc<Feeds>,
    account: AccountId,
}

impl Feeds {
    /// One more feed, if there may be one.
    pub(crate) fn take(self: &Arc<Self>, account: &AccountId) -> Result<FeedSlot, ApiError> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_all: usize = open.values().sum();
        let of_one = open.entry(account.clone()).or_default();
        if *of_one >= OF_ONE_ACCOUNT_MAX || of_all >= OF_ALL_MAX {
            return Err(ApiError::TooManyStreams);
        }
        *of_one += 1;
        Ok(FeedSlot { feeds: Arc::clone(self), account: account.clone() })
    }
}

impl Drop for FeedSlot {
    fn drop(&mut self) {
        let mut open = self.feeds.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.account);
            }
        }
    }
}

/// The state in which something was last told, or known without telling.
struct Told<K, S>(HashMap<K, S>);

impl<K: std::hash::Hash + Eq + Clone, S: PartialEq> Told<K, S> {
    /// Whether a row is news: it changed since it was told, or it was never told and changed at or
    /// after `since`.
    fn is_news(&mut self, key: &K, state: S, changed_at: Timestamp, since: Timestamp) -> bool {
        let before = self.0.get(key);
        let news = match before {
            Some(before) => *before != state,
            None => changed_at >= since,
        };
        self.0.insert(key.clone(), state);
        news
    }

    /// Forgets what is no longer among the newest.
    fn keep(&mut self, keys: &[K]) {
        self.0.retain(|key, _| keys.contains(key));
    }
}

type DeliveryMark = (DeliveryState, u32, Option<Timestamp>);

/// One feed.
pub(crate) struct Feed {
    api: Api,
    caller: Caller,
    since: Timestamp,
    deliveries: Told<DeliveryId, DeliveryMark>,
    documents: Told<DocumentId, DocumentStatus>,
    sender: mpsc::Sender<Bytes>,
    _slot: FeedSlot,
}

/// Why a feed ends.
struct Ended;

impl Feed {
    /// A feed of everything that changed at or after `since`.
    pub(crate) fn new(
        api: Api,
        caller: Caller,
        since: Timestamp,
        slot: FeedSlot,
        sender: mpsc::Sender<Bytes>,
    ) -> Self {
        let (deliveries, documents) = (Told(HashMap::new()), Told(HashMap::new()));
        Self { api, caller, since, deliveries, documents, sender, _slot: slot }
    }

    /// Tells news until the reader goes away, does not read, loses its key, or the service stops.
    pub(crate) async fn run(mut self) {
        let _: Result<(), Ended> = self.tell_all().await;
    }

    async fn tell_all(&mut self) -> Result<(), Ended> {
        let mut stopping = self.api.parts.stopping.clone();
        self.tell("ping", &serde_json::json!({})).await?;
        let (mut quiet, mut unchecked) = (Duration::ZERO, Duration::ZERO);
        loop {
            match self.news().await {
                Ok(news) if news.is_empty() => quiet += LOOK_INTERVAL,
                Ok(news) => {
                    quiet = Duration::ZERO;
                    for one in news {
                        self.send(one).await?;
                    }
                }
                // The store is busy: the next look finds it all.
                Err(error) => tracing::debug!(%error, "a feed could not look"),
            }
            unchecked += LOOK_INTERVAL;
            if unchecked >= PING_INTERVAL {
                unchecked = Duration::ZERO;
                self.check_key().await?;
            }
            if quiet >= PING_INTERVAL {
                quiet = Duration::ZERO;
                self.tell("ping", &serde_json::json!({})).await?;
            }
            tokio::select! {
                _ = stopping.wait_for(|stopping| *stopping) => return Err(Ended),
                () = self.sender.closed() => return Err(Ended),
                _ = tokio::time::timeout(LOOK_INTERVAL, std::future::pending::<()>()) => {}
            }
        }
    }

    /// A revoked key ends what it began. A busy store does not.
    async fn check_key(&self) -> Result<(), Ended> {
        match self.api.store().key_by_hash(&self.caller.key.hash).await {
            Ok(None) => Err(Ended),
            _ => Ok(()),
        }
    }

    /// What has not been told, oldest first.
    async fn news(&mut self) -> Result<Vec<Bytes>, StoreError> {
        let (store, account) = (self.api.store(), &self.caller.account.id);
        let page = PageRequest { limit: LOOKED_AT, cursor: None };
        let looked_at = self.api.now();
        let documents = store.documents(account, None, &page).await?.rows;
        let all = DeliveryFilter::default();
        let deliveries = store.account_deliveries(account, &all, &page).await?.rows;
        let known_until = looked_at - LATENESS_MAX;
        let mut news = Vec::new();
        for document in
            documents.iter().rev().filter(|one| is_new(&mut self.documents, one, self.since))
        {
            news.push(event("document", known_until, &DocumentRow::of(document)));
        }
        for found in
            deliveries.iter().rev().filter(|one| is_changed(&mut self.deliveries, one, self.since))
        {
            let body = DeliveryBody::of(&found.row, &found.endpoint);
            news.push(event("delivery", known_until, &body));
        }
        self.documents.keep(&documents.into_iter().map(|one| one.id).collect::<Vec<_>>());
        self.deliveries.keep(&deliveries.into_iter().map(|one| one.row.id).collect::<Vec<_>>());
        Ok(news)
    }

    async fn tell(&self, name: &str, data: &impl Serialize) -> Result<(), Ended> {
        self.send(event(name, self.api.now() - LATENESS_MAX, data)).await
    }

    async fn send(&self, bytes: Bytes) -> Result<(), Ended> {
        let sent = tokio::time::timeout(PATIENCE, self.sender.send(bytes)).await;
        sent.map_err(|_| Ended)?.map_err(|_| Ended)
    }
}

fn is_new(told: &mut Told<DocumentId, DocumentStatus>, one: &Document, since: Timestamp) -> bool {
    let changed_at = one.finished_at.unwrap_or(one.created_at);
    told.is_news(&one.id, one.status, changed_at, since)
}

fn is_changed(
    told: &mut Told<DeliveryId, DeliveryMark>,
    one: &AccountDelivery,
    since: Timestamp,
) -> bool {
    let mark = (one.row.state, one.row.attempts, one.row.next_attempt_at);
    told.is_news(&one.row.id, mark, one.changed_at, since)
}

/// One server-sent event. Its id is the time up to which a reader of it knows everything, in
/// milliseconds.
fn event(name: &str, known_until: Timestamp, data: &impl Serialize) -> Bytes {
    let data = serde_json::to_string(data).expect("strings and numbers always serialise");
    let id = known_until.millis();
    Bytes::from(format!("event: {name}\nid: {id}\ndata: {data}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_a_few_feeds_and_gets_them_back() {
        let feeds = Arc::new(Feeds::default());
        let account = |n: u8| format!("acc_a1b2c3d4e5f6g7h{n}").parse().unwrap();
        let mut slots: Vec<_> =
            (0..OF_ONE_ACCOUNT_MAX).map(|_| feeds.take(&account(1)).ok().unwrap()).collect();
        assert!(feeds.take(&account(1)).is_err());
        let other = feeds.take(&account(2));
        assert!(other.is_ok());
        slots.pop();
        assert!(feeds.take(&account(1)).is_ok());
        drop((slots, other));
        assert!(feeds.0.lock().unwrap().is_empty());
    }

    #[test]
    fn a_row_is_told_when_it_is_new_or_has_changed() {
        let at = Timestamp::from_secs;
        let mut told = Told(HashMap::new());
        assert!(!told.is_news(&1, "sent", at(9), at(10)), "known from before");
        assert!(told.is_news(&2, "waits", at(10), at(10)));
        assert!(!told.is_news(&2, "waits", at(10), at(10)));
        assert!(told.is_news(&2, "sent", at(11), at(10)));
        assert!(told.is_news(&1, "waits", at(9), at(10)), "a change counts whatever its time");
        told.keep(&[2]);
        assert!(!told.is_news(&2, "sent", at(11), at(10)));
        assert!(!told.is_news(&1, "waits", at(9), at(10)));
    }
}
