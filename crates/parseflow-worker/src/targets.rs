//! Endpoints as the dispatcher needs them, kept until they change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use parseflow_model::{Endpoint, EndpointNo};
use parseflow_store::{Store, StoreError};
use parseflow_webhooks::vault::MasterKey;

/// Most endpoints kept; all are forgotten when there are more.
const KEPT_MAX: usize = 10_000;

/// An endpoint with its secret in the clear.
pub(crate) struct Target {
    /// The endpoint.
    pub(crate) endpoint: Endpoint,
    /// The whole secret, with `whsec_`.
    pub(crate) secret: String,
}

#[derive(Default)]
struct Kept {
    targets: HashMap<EndpointNo, Arc<Target>>,
    /// Counts changes: what was read before one is not kept after it.
    changes: u64,
}

/// Reads endpoints and keeps them until [`Targets::forget`].
pub(crate) struct Targets {
    store: Arc<dyn Store>,
    vault: Arc<MasterKey>,
    kept: Mutex<Kept>,
}

impl Targets {
    /// Nothing is kept yet.
    pub(crate) fn new(store: Arc<dyn Store>, vault: Arc<MasterKey>) -> Self {
        Self { store, vault, kept: Mutex::default() }
    }

    /// The endpoint, unless it is deleted.
    pub(crate) async fn get(&self, no: EndpointNo) -> Result<Option<Arc<Target>>, StoreError> {
        let changes = {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(target) = kept.targets.get(&no) {
                return Ok(Some(Arc::clone(target)));
            }
            kept.changes
        };
        let Some(endpoint) = self.store.endpoint_by_no(no).await? else { return Ok(None) };
        let secret = self
            .vault
            .open(endpoint.id.as_str(), &endpoint.sealed_secret)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| StoreError::Damaged(format!("the secret of {}", endpoint.id)))?;
        let target = Arc::new(Target { endpoint, secret });
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.changes == changes {
            if kept.targets.len() >= KEPT_MAX {
                kept.targets.clear();
            }
            kept.targets.insert(no, Arc::clone(&target));
        }
        Ok(Some(target))
    }

    /// The endpoint has changed.
    pub(crate) fn forget(&self, no: EndpointNo) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.changes += 1;
        kept.targets.remove(&no);
    }

    /// Any endpoint may have changed, for example by another process.
    pub(crate) fn forget_all(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.changes += 1;
        kept.targets.clear();
    }
}
