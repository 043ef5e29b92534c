//! Keys that were looked up a moment ago: a busy caller costs one look-up a second, not one a request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use parseflow_model::{Account, ApiKey, Timestamp};

/// How long a look-up holds: what another process revokes or changes holds here after this time.
const KEPT_FOR: Duration = Duration::from_secs(1);
/// Most keys kept; all are forgotten when there are more.
const KEPT_MAX: usize = 10_000;

struct Known {
    key: Arc<ApiKey>,
    account: Arc<Account>,
    looked_up_at: Timestamp,
}

#[derive(Default)]
struct Kept {
    keys: HashMap<[u8; 32], Known>,
    /// Counts revocations: what was looked up before one is not kept after it.
    revocations: u64,
}

/// Active keys by their hash.
#[derive(Default)]
pub(crate) struct KnownKeys(Mutex<Kept>);

/// When a look-up began.
pub(crate) struct LookUp {
    revocations: u64,
    at: Timestamp,
}

impl KnownKeys {
    /// The key, if it was looked up within the last second; else what [`KnownKeys::keep`] needs.
    pub(crate) fn get(
        &self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<(Arc<ApiKey>, Arc<Account>), LookUp> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes everything old.
        let fresh =
            |known: &&Known| now >= known.looked_up_at && now.since(known.looked_up_at) < KEPT_FOR;
        match kept.keys.get(hash).filter(fresh) {
            Some(known) => Ok((Arc::clone(&known.key), Arc::clone(&known.account))),
            None => Err(LookUp { revocations: kept.revocations, at: now }),
        }
    }

    /// Keeps what was found, unless a key was revoked meanwhile.
    pub(crate) fn keep(
        &self,
        hash: [u8; 32],
        look_up: LookUp,
        key: &Arc<ApiKey>,
        account: &Arc<Account>,
    ) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.revocations != look_up.revocations {
            return;
        }
        if kept.keys.len() >= KEPT_MAX {
            kept.keys.clear();
        }
        let (key, account) = (Arc::clone(key), Arc::clone(account));
        let known = Known { key, account, looked_up_at: look_up.at };
        kept.keys.insert(hash, known);
    }

    /// A key was revoked here: every key is looked up again.
    pub(crate) fn forget(&self) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.revocations += 1;
        kept.keys.clear();
    }
}
