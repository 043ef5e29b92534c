//! How an attempt leaves: over the network, or to a listener that fetches it.

use std::sync::Arc;

use async_trait::async_trait;
use parseflow_api::{LISTEN_SCHEME, Listeners};
use parseflow_model::AttemptOutcome;
use parseflow_worker::{AttemptSender, AttemptTask, HttpSender};

/// Sends by the scheme of the endpoint's URL.
pub(crate) struct AnySender {
    pub(crate) http: HttpSender,
    pub(crate) listeners: Arc<Listeners>,
}

#[async_trait]
impl AttemptSender for AnySender {
    async fn send(&self, task: AttemptTask) -> AttemptOutcome {
        if !task.url.starts_with(LISTEN_SCHEME) {
            return self.http.send(task).await;
        }
        let ours =
            task.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_owned()));
        let headers = ours.chain(task.custom_headers.pairs().iter().cloned()).collect();
        self.listeners.attempt(&task.url, headers, task.body, task.timeout).await
    }
}
