//! Endpoints without an address: the service sends nothing to them, they fetch.
//!
//! A *listener* is a program behind a firewall, `parseflow listen`, that holds a stream open. For as
//! long as it does, its account has an endpoint whose URL begins with `listen:`. An attempt for such an
//! endpoint does not open a connection: it is handed down the stream, signed like any other, and the
//! listener reports what its receiver answered, which settles the attempt. Nothing else about the
//! delivery differs: it is retried, logged and counted like those that go over the network.
//!
//! The stream is known to the process that holds it. Where several share a database, others cannot
//! reach it: their attempts fail with a hint of their own, `listener_away`, and are made again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use parseflow_model::{AccountId, AttemptOutcome, FailureKind, WebhookId};
use parseflow_webhooks::hints::NO_LISTENER;
use tokio::sync::{mpsc, oneshot};

/// What the URL of an endpoint that listens begins with. No URL that is registered can.
pub const LISTEN_SCHEME: &str = "listen:";

/// Requests that a listener has not fetched yet.
const WAITING_MAX: usize = 64;

/// A request for a listener.
#[derive(Debug)]
pub(crate) struct Request {
    /// Names it in the report.
    pub(crate) number: u64,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// A report after this comes too late.
    pub(crate) timeout: Duration,
}

/// What a listener reports of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Report {
    /// The receiver answered.
    Answered {
        /// Its status.
        status: u16,
        /// The first part of its body.
        body: Vec<u8>,
        /// Its `Retry-After`: the header, and the seconds that it asks to wait, if it can be read.
        retry_after: Option<(String, Option<u64>)>,
    },
    /// It could not be asked.
    Failed(String),
}

struct Listener {
    account: AccountId,
    endpoint: WebhookId,
    requests: mpsc::Sender<Request>,
    next_number: u64,
    unanswered: HashMap<u64, oneshot::Sender<Report>>,
}

/// The listeners of this process, by the URL of their endpoint.
#[derive(Default)]
pub struct Listeners(Mutex<HashMap<String, Listener>>);

impl Listeners {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Listener>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins handing attempts for `url` down the returned channel.
    pub(crate) fn open(
        self: &Arc<Self>,
        url: String,
        account: AccountId,
        endpoint: WebhookId,
    ) -> (Listening, mpsc::Receiver<Request>) {
        let (requests, received) = mpsc::channel(WAITING_MAX);
        let listener =
            Listener { account, endpoint, requests, next_number: 1, unanswered: HashMap::new() };
        self.lock().insert(url.clone(), listener);
        (Listening { listeners: Arc::clone(self), url }, received)
    }

    /// Whether somebody of this process listens under this URL.
    pub(crate) fn has(&self, url: &str) -> bool {
        self.lock().contains_key(url)
    }

    /// How many listeners the account has here.
    pub(crate) fn of(&self, account: &AccountId) -> usize {
        self.lock().values().filter(|listener| listener.account == *account).count()
    }

    /// Hands the request to the listener at `url` and waits for its report.
    pub async fn attempt(
        &self,
        url: &str,
        headers: Vec<(String, String)>,
        body: Bytes,
        timeout: Duration,
    ) -> AttemptOutcome {
        let Some((requests, request, report)) = self.enter(url, headers, body, timeout) else {
            return failed(FailureKind::Connection, NO_LISTENER.to_owned());
        };
        let number = request.number;
        let reported = async {
            requests.send(request).await.ok()?;
            report.await.ok()
        };
        let outcome = match tokio::time::timeout(timeout, reported).await {
            Ok(Some(Report::Answered { status, body, retry_after })) => {
                answered(status, body, retry_after)
            }
            Ok(Some(Report::Failed(what))) => failed(FailureKind::Connection, what),
            Ok(None) => failed(FailureKind::Connection, "the listener has gone away".to_owned()),
            Err(_) => failed(
                FailureKind::Timeout,
                format!("the listener reported nothing within {} ms", timeout.as_millis()),
            ),
        };
        if let Some(listener) = self.lock().get_mut(url) {
            listener.unanswered.remove(&number);
        }
        outcome
    }

    fn enter(
        &self,
        url: &str,
        headers: Vec<(String, String)>,
        body: Bytes,
        timeout: Duration,
    ) -> Option<(mpsc::Sender<Request>, Request, oneshot::Receiver<Report>)> {
        let mut listeners = self.lock();
        let listener = listeners.get_mut(url)?;
        let number = listener.next_number;
        listener.next_number += 1;
        let (sender, receiver) = oneshot::channel();
        listener.unanswered.insert(number, sender);
        Some((listener.requests.clone(), Request { number, headers, body, timeout }, receiver))
    }

    /// Takes a report; `false` when the account's endpoint awaits none for this request.
    pub(crate) fn report(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        number: u64,
        report: Report,
    ) -> bool {
        let mut listeners = self.lock();
        let mut own = listeners.values_mut();
        let listener =
            own.find(|listener| listener.endpoint == *endpoint && listener.account == *account);
        let waiting = listener.and_then(|listener| listener.unanswered.remove(&number));
        waiting.is_some_and(|waiting| waiting.send(report).is_ok())
    }
}

/// The listener is there until this is dropped.
pub(crate) struct Listening {
    listeners: Arc<Listeners>,
    url: String,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.listeners.lock().remove(&self.url);
    }
}

fn answered(
    status: u16,
    response_body: Vec<u8>,
    retry_after: Option<(String, Option<u64>)>,
) -> AttemptOutcome {
    let success = (200..300).contains(&status);
    let (header, retry_after_secs) = match retry_after {
        Some((value, secs)) => (Some(("retry-after".to_owned(), value)), secs),
        None => (None, None),
    };
    AttemptOutcome {
        failure: (!success).then_some(FailureKind::Status),
        status: Some(status),
        error: (!success).then(|| format!("the receiver answered {status}")),
        response_body,
        response_headers: header.filter(|_| !success).into_iter().collect(),
        retry_after_secs,
        ..AttemptOutcome::default()
    }
}

fn failed(kind: FailureKind, error: String) -> AttemptOutcome {
    AttemptOutcome { failure: Some(kind), error: Some(error), ..AttemptOutcome::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "listen:http://localhost:3000/#1";
    const DEADLINE: Duration = Duration::from_secs(15);

    fn ids() -> (AccountId, WebhookId) {
        ("acc_a1b2c3d4e5f6g7h8".parse().unwrap(), "wh_a1b2c3d4e5f6g7h8".parse().unwrap())
    }

    async fn attempt(listeners: &Listeners) -> AttemptOutcome {
        let headers = vec![("x-parseflow-event".to_owned(), "batch.failed".to_owned())];
        listeners.attempt(URL, headers, Bytes::from_static(b"{}"), DEADLINE).await
    }

    #[tokio::test]
    async fn what_the_listener_reports_is_what_came_of_the_attempt() {
        let listeners = Arc::new(Listeners::new());
        let (account, endpoint) = ids();
        let (_listening, mut requests) =
            listeners.open(URL.to_owned(), account.clone(), endpoint.clone());
        let answered =
            |status, retry_after| Report::Answered { status, body: b"so".to_vec(), retry_after };
        let asks = ("120".to_owned(), Some(120));
        for (report, status, failure, asked) in [
            (answered(204, None), Some(204), None, None),
            (answered(429, Some(asks)), Some(429), Some(FailureKind::Status), Some(120)),
            (Report::Failed("refused".to_owned()), None, Some(FailureKind::Connection), None),
        ] {
            let listening = async {
                let request = requests.recv().await.unwrap();
                assert_eq!(&request.body[..], b"{}");
                let stranger = "acc_b1b2c3d4e5f6g7h8".parse().unwrap();
                let number = request.number;
                assert!(!listeners.report(&stranger, &endpoint, number, report.clone()));
                assert!(!listeners.report(&account, &endpoint, number + 1, report.clone()));
                assert!(listeners.report(&account, &endpoint, number, report.clone()));
                assert!(!listeners.report(&account, &endpoint, number, report.clone()), "once");
            };
            let (outcome, ()) = tokio::join!(attempt(&listeners), listening);
            assert_eq!((outcome.status, outcome.failure), (status, failure));
            assert_eq!(outcome.retry_after_secs, asked);
            assert_eq!(outcome.response_headers.len(), usize::from(asked.is_some()));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_listener_that_is_silent_or_gone_fails_the_attempt() {
        let listeners = Arc::new(Listeners::new());
        assert_eq!(attempt(&listeners).await.failure, Some(FailureKind::Connection));
        let (account, endpoint) = ids();
        let (listening, requests) = listeners.open(URL.to_owned(), account.clone(), endpoint);
        assert_eq!((listeners.of(&account), listeners.has(URL)), (1, true));
        assert_eq!(attempt(&listeners).await.failure, Some(FailureKind::Timeout));
        let going = async {
            drop(requests);
            drop(listening);
        };
        let (outcome, ()) = tokio::join!(attempt(&listeners), going);
        assert_eq!(outcome.failure, Some(FailureKind::Connection));
        assert!(!listeners.has(URL));
    }
}
