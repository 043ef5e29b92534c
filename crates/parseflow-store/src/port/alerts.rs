//! Endpoints in trouble, and what their owners were told.

use async_trait::async_trait;
use parseflow_model::{Endpoint, EndpointNo, Timestamp};

use super::StoreError;

/// Which warning the owner of an endpoint was told of, or is being told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The warning's name.
    pub warning: String,
    /// When the run of failures began that it is about.
    pub run_started_at: Timestamp,
    /// Until then a process tries to tell; `None` once it is done.
    pub claimed_until: Option<Timestamp>,
}

/// An endpoint that fails, or was disabled because it did.
#[derive(Debug, Clone, PartialEq)]
pub struct Troubled {
    /// The endpoint with its health.
    pub endpoint: Endpoint,
    /// Where its owner is reached.
    pub email: String,
    /// The latest alert, of whichever run.
    pub told: Option<Told>,
}

/// Alerts to owners.
#[async_trait]
pub trait AlertStore: Send + Sync {
    /// Endpoints whose latest attempts have failed, with numbers above `after`, at most `limit`, by
    /// number.
    async fn troubled_endpoints(
        &self,
        after: EndpointNo,
        limit: usize,
    ) -> Result<Vec<Troubled>, StoreError>;

    /// Replaces what is noted about an endpoint; `false`, and nothing is changed, when that is not
    /// `before` any more: another process was faster.
    async fn note_told(
        &self,
        endpoint: EndpointNo,
        before: Option<Told>,
        after: Told,
    ) -> Result<bool, StoreError>;
}
