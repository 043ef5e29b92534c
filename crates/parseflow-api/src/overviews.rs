//! Overviews are kept for some seconds: a page that is left open asks for them again and again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use parseflow_model::{AccountId, Timestamp};
use parseflow_store::{Overview, Store, StoreError};

/// How old an answer may be.
const AGE_MAX: Duration = Duration::from_secs(10);
/// Answers kept at most; beyond them those that are too old are forgotten, then all.
const KEPT_MAX: usize = 1_000;

type Key = (AccountId, Duration);

/// The latest overviews, by account and length of time.
#[derive(Default)]
pub(crate) struct Overviews(Mutex<HashMap<Key, (Timestamp, Arc<Overview>)>>);

impl Overviews {
    /// The account's overview of the time from `window` before `now`; the time it was made.
    pub(crate) async fn of(
        &self,
        store: &dyn Store,
        account: &AccountId,
        window: Duration,
        now: Timestamp,
    ) -> Result<(Timestamp, Arc<Overview>), StoreError> {
        let key = (account.clone(), window);
        if let Some(kept) = self.kept(&key, now) {
            return Ok(kept);
        }
        let made = Arc::new(store.overview(account, now - window).await?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.retain(|_, (made_at, _)| is_young(*made_at, now));
        }
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(key, (now, Arc::clone(&made)));
        Ok((now, made))
    }

    fn kept(&self, key: &Key, now: Timestamp) -> Option<(Timestamp, Arc<Overview>)> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (made_at, made) = kept.get(key)?;
        is_young(*made_at, now).then(|| (*made_at, Arc::clone(made)))
    }
}

fn is_young(made_at: Timestamp, now: Timestamp) -> bool {
    made_at <= now && now.since(made_at) < AGE_MAX
}
