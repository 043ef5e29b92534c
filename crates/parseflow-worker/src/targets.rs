//! Endpoints as the dispatcher needs them, kept until they change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use parseflow_model::{Endpoint, EndpointNo, Timestamp};
use parseflow_store::{Store, StoreError};
use parseflow_webhooks::custom_headers::CustomHeaders;
use parseflow_webhooks::signature::Signer;
use parseflow_webhooks::vault::{KeyRing, headers_context};

/// Most endpoints kept; all are forgotten when there are more.
const KEPT_MAX: usize = 10_000;

/// An endpoint with its secrets and headers in the clear.
pub(crate) struct Target {
    /// The endpoint.
    pub(crate) endpoint: Endpoint,
    /// Its secret.
    signer: Signer,
    /// The pending secret.
    next_signer: Option<Signer>,
    /// Headers of the owner's own.
    pub(crate) custom_headers: Arc<CustomHeaders>,
}

impl Target {
    fn open(vault: &KeyRing, endpoint: Endpoint) -> Result<Self, StoreError> {
        let id = endpoint.id.as_str();
        let damaged = |what: &str| StoreError::Damaged(format!("the {what} of {id}"));
        let signer = |sealed: &[u8]| {
            let bytes = vault.open(id, sealed).ok();
            let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            text.map(|text| Signer::new(&text)).ok_or_else(|| damaged("secret"))
        };
        let next_signer = endpoint.next_secret.as_ref().map(|next| signer(&next.sealed));
        let custom_headers = match &endpoint.settings.sealed_headers {
            None => CustomHeaders::default(),
            Some(sealed) => {
                let bytes = vault.open(&headers_context(&endpoint.id), sealed).ok();
                let headers = bytes.and_then(|bytes| CustomHeaders::from_bytes(&bytes));
                headers.ok_or_else(|| damaged("headers"))?
            }
        };
        Ok(Self {
            signer: signer(&endpoint.sealed_secret)?,
            next_signer: next_signer.transpose()?,
            custom_headers: Arc::new(custom_headers),
            endpoint,
        })
    }

    /// The secret that signs at `at`, and the one that will replace it.
    pub(crate) fn signers_at(&self, at: Timestamp) -> (&Signer, Option<&Signer>) {
        let in_force = self.endpoint.secrets_at(at);
        match (&self.next_signer, in_force.next) {
            (Some(taken_over), None) => (taken_over, None),
            (next, _) => (&self.signer, next.as_ref()),
        }
    }
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
    vault: Arc<KeyRing>,
    kept: Mutex<Kept>,
}

impl Targets {
    /// Nothing is kept yet.
    pub(crate) fn new(store: Arc<dyn Store>, vault: Arc<KeyRing>) -> Self {
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
        let target = Arc::new(Target::open(&self.vault, endpoint)?);
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
