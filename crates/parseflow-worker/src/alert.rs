//! Tells owners by e-mail that their endpoint is about to be disabled, or was.
//!
//! What is to be told follows from the endpoint's health, so nothing has to be remembered when an
//! attempt fails: this loop looks at the endpoints in trouble once a minute. Before an e-mail is sent
//! the alert is claimed in the store, and noted as told afterwards: of several processes one sends
//! it, and a crash in between sends it again rather than never.

use std::sync::Arc;
use std::time::Duration;

use parseflow_model::{EndpointNo, Timestamp};
use parseflow_store::{Store, StoreError, Told, Troubled};
use parseflow_webhooks::endpoint_health::{Alert, HealthRules, alert};
use tokio::sync::watch;

use crate::ports::{Clock, Mail, MailError, Mailer};

/// Between two looks.
const INTERVAL: Duration = Duration::from_secs(60);
/// Longer than an e-mail takes to be handed over; also the time until a failed one is tried again.
const CLAIM: Duration = Duration::from_secs(300);
/// Endpoints looked at in one query.
const PAGE: usize = 100;

/// How owners are told.
pub struct AlertParts {
    /// Takes the e-mails.
    pub mailer: Arc<dyn Mailer>,
    /// The base of links, without a slash at its end.
    pub public_url: String,
}

/// The loop.
pub(crate) struct Alerts {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) health: HealthRules,
    pub(crate) parts: AlertParts,
}

impl Alerts {
    /// Tells until `stop` says so.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let round = self.round();
            let outcome = tokio::select! {
                // An e-mail under way is claimed and therefore sent again.
                _ = stop.changed() => return,
                outcome = round => outcome,
            };
            if let Err(error) = outcome {
                tracing::warn!(error = %error, "owners of failing endpoints cannot be looked up");
            }
            tokio::select! {
                _ = stop.changed() => return,
                () = self.clock.sleep_until(self.clock.now() + INTERVAL) => {}
            }
        }
    }

    /// Looks at every endpoint in trouble once.
    async fn round(&self) -> Result<(), StoreError> {
        let mut after = EndpointNo(0);
        loop {
            let page = self.store.troubled_endpoints(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.endpoint.no;
            for troubled in page {
                self.consider(troubled).await?;
            }
        }
    }

    /// Tells of one endpoint what is news.
    async fn consider(&self, troubled: Troubled) -> Result<(), StoreError> {
        let now = self.clock.now();
        let Some(alert) = alert(&troubled.endpoint.health, now, &self.health) else {
            return Ok(());
        };
        if !is_open(&alert, troubled.told.as_ref(), now) {
            return Ok(());
        }
        let no = troubled.endpoint.no;
        let told = |claimed_until| Told {
            warning: alert.warning.name().to_owned(),
            run_started_at: alert.run_started_at,
            claimed_until,
        };
        let claimed = told(Some(now + CLAIM));
        if !self.store.note_told(no, troubled.told.clone(), claimed.clone()).await? {
            return Ok(());
        }
        let (endpoint, warning) = (troubled.endpoint.id.as_str(), alert.warning.name());
        match self.parts.mailer.send(self.mail(&alert, &troubled)).await {
            Ok(()) => tracing::info!(endpoint, warning, "its owner was told by e-mail"),
            Err(error @ MailError::Refused(_)) => {
                tracing::warn!(endpoint, warning, %error, "its owner cannot be told by e-mail");
            }
            Err(error @ MailError::Unavailable(_)) => {
                tracing::warn!(endpoint, warning, %error, "its owner is told by e-mail later");
                return Ok(());
            }
        }
        self.store.note_told(no, Some(claimed), told(None)).await.map(drop)
    }

    fn mail(&self, alert: &Alert, troubled: &Troubled) -> Mail {
        let endpoint = &troubled.endpoint;
        let text = alert.text(&endpoint.id, &endpoint.url, &self.parts.public_url);
        Mail {
            to: troubled.email.clone(),
            subject: text.subject,
            body: text.body,
            // The same when it is sent again, so that a mailbox can discard it.
            id: format!(
                "{}.{}.{}",
                endpoint.id,
                alert.warning.name(),
                alert.run_started_at.millis()
            ),
        }
    }
}

/// Whether `alert` is still to be told to somebody who was told of `told`.
fn is_open(alert: &Alert, told: Option<&Told>, now: Timestamp) -> bool {
    let Some(told) = told else { return true };
    alert.is_news_after(&told.warning, told.run_started_at)
        || told.claimed_until.is_some_and(|until| until <= now)
}
