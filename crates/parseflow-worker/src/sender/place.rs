//! Where requests go: what is read from an endpoint's URL, once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::{HeaderValue, Uri};
use parseflow_model::{AttemptOutcome, FailureKind};
use parseflow_webhooks::url_policy::TargetPolicy;
use url::{Position, Url};

use super::failed;

/// Most places remembered; all are forgotten when there are more.
const REMEMBERED_MAX: usize = 10_000;

/// An endpoint's URL that the policy lets through, in the parts a request is made of.
#[derive(Debug)]
pub(super) struct Place {
    /// Scheme, host and port: connections to it are kept under this name.
    pub(super) name: String,
    /// What is connected to: scheme, host, port and path.
    pub(super) target: Uri,
    /// The first two lines of a request: path and query, host without a default port.
    pub(super) head: String,
}

impl Place {
    fn of(url: &Url) -> Option<Self> {
        let path: Uri = url[Position::BeforePath..Position::AfterQuery].parse().ok()?;
        let host = &url[Position::BeforeHost..Position::AfterPort];
        HeaderValue::try_from(host).ok()?;
        Some(Self {
            name: url[..Position::BeforePath].to_owned(),
            target: url[..Position::AfterPath].parse().ok()?,
            head: format!("POST {path} HTTP/1.1\r\nhost: {host}\r\n"),
        })
    }
}

/// The places of URLs that were seen before. The policy is fixed for the life of the process, and
/// addresses are vetted at every connection.
#[derive(Debug)]
pub(super) struct Places {
    policy: Arc<TargetPolicy>,
    seen: Mutex<HashMap<String, Arc<Place>>>,
}

impl Places {
    pub(super) fn new(policy: Arc<TargetPolicy>) -> Self {
        Self { policy, seen: Mutex::default() }
    }

    /// The place of a URL, unless the policy forbids it.
    pub(super) fn of(&self, url: &str) -> Result<Arc<Place>, AttemptOutcome> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(url).cloned();
        if let Some(place) = seen {
            return Ok(place);
        }
        let checked = self
            .policy
            .check_url(url)
            .map_err(|error| failed(FailureKind::Blocked, error.to_string()))?;
        let place = Place::of(&checked).map(Arc::new).ok_or_else(|| {
            failed(FailureKind::Protocol, "the request cannot be built".to_owned())
        })?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED_MAX {
            seen.clear();
        }
        seen.insert(url.to_owned(), Arc::clone(&place));
        Ok(place)
    }
}
