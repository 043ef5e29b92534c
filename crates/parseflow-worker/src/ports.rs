//! What the loops need of the outside: time that passes, a network to send
//! into, and somebody who takes e-mails.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use parseflow_model::{AttemptOutcome, Timestamp, WallClock};
use parseflow_webhooks::custom_headers::CustomHeaders;

/// Resolves when a time has come.
pub type WaitFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A clock that can be waited for.
pub trait Clock: WallClock {
    /// Resolves at `at`, at once when it has passed. May resolve early when the clock is set; callers
    /// look again.
    fn sleep_until(&self, at: Timestamp) -> WaitFuture;
}

/// One request to make.
#[derive(Debug, Clone)]
pub struct AttemptTask {
    /// Where to send, as registered; checked again before anything is sent.
    pub url: String,
    /// Headers beyond those of HTTP itself, names in lower case.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// Headers of the endpoint's owner, sent after those.
    pub custom_headers: Arc<CustomHeaders>,
    /// The exact bytes.
    pub body: Bytes,
    /// Deadline over name resolution, connection, TLS, headers and body.
    pub timeout: Duration,
    /// When the attempt begins.
    pub started_at: Timestamp,
}

/// Makes requests. Never fails: what goes wrong is the outcome.
#[async_trait]
pub trait AttemptSender: Send + Sync {
    /// Makes one request and waits for its answer.
    async fn send(&self, task: AttemptTask) -> AttemptOutcome;
}

/// An e-mail in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// One address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Names the e-mail: the same when it is sent again.
    pub id: String,
}

/// Why an e-mail was not taken.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It never will be.
    #[error("the e-mail is refused: {0}")]
    Refused(String),
    /// Not now.
    #[error("the mail server is unavailable: {0}")]
    Unavailable(String),
}

/// Takes e-mails.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands one e-mail over.
    async fn send(&self, mail: Mail) -> Result<(), MailError>;
}
