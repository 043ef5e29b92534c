//! The network: HTTP/1.1 over kept connections, every one of which goes to a vetted address.

mod connector;
mod head;
mod place;
mod pool;
mod resolver;
mod stages;
mod tls;
mod wire;

use std::error::Error;
use std::fmt::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use hyper_rustls::HttpsConnector;
use hyper_util::rt::TokioIo;
use parseflow_model::{AttemptOutcome, AttemptTiming, FailureKind, Timestamp, WallClock};
use parseflow_webhooks::retry::parse_retry_after;
use parseflow_webhooks::url_policy::TargetPolicy;
use tower_service::Service as _;

pub use resolver::Resolver;
pub use tls::public_tls;

use connector::{ConnectError, VettedConnector};
use head::Head;
use place::{Place, Places};
use pool::{Connection, Pool};
use stages::Stages;
use wire::{Limits, Request, WireError};

use crate::ports::{AttemptSender, AttemptTask};

/// Most bytes of an answer's body that are read, and kept in the attempt log.
const ANSWER: Limits = Limits { read: 64 * 1024, kept: 1_024 };
/// A body of at most so many bytes is written together with its head.
const SHORT_BODY_BYTES_MAX: usize = 16 * 1024;
/// Room for a usual head.
const HEAD_BYTES: usize = 768;

/// The HTTP client cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up: {0}")]
pub struct SenderError(#[from] rustls::Error);

/// Sends attempts over HTTP/1.1. No redirects, no proxies from the environment, no compression.
pub struct HttpSender {
    connector: HttpsConnector<VettedConnector>,
    pool: Arc<Pool>,
    places: Places,
    clock: Option<Arc<dyn WallClock>>,
}

impl HttpSender {
    /// A sender that resolves by `resolver` and connects where `policy` allows.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(policy: TargetPolicy, resolver: Resolver) -> Result<Self, SenderError> {
        Ok(Self::with_tls(policy, resolver, public_tls()?))
    }

    /// The same, with these certificate authorities instead of the public ones.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn trusting(
        policy: TargetPolicy,
        resolver: Resolver,
        roots: rustls::RootCertStore,
    ) -> Result<Self, SenderError> {
        Ok(Self::with_tls(policy, resolver, tls::trusting(roots)?))
    }

    fn with_tls(policy: TargetPolicy, resolver: Resolver, tls: rustls::ClientConfig) -> Self {
        let policy = Arc::new(policy);
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(VettedConnector::new(Arc::clone(&policy), resolver));
        Self { connector, pool: Arc::default(), places: Places::new(policy), clock: None }
    }

    /// Measures how long the parts of an attempt take, by this clock.
    #[must_use]
    pub fn timed_by(self, clock: Arc<dyn WallClock>) -> Self {
        Self { clock: Some(clock), ..self }
    }

    async fn exchange(
        &self,
        task: AttemptTask,
        stages: &Stages<'_>,
    ) -> Result<(Head, Vec<u8>), AttemptOutcome> {
        let place = self.places.of(&task.url)?;
        let request = request(&place, task)
            .map_err(|_| failed(FailureKind::Protocol, "the request cannot be built".to_owned()))?;
        loop {
            let (mut connection, was_kept) = match self.pool.take(&place.name) {
                Some(connection) => (connection, true),
                None => (self.connect(&place).await?, false),
            };
            stages.connected();
            match connection.exchange(&request, ANSWER, || stages.answered()).await {
                Ok(answer) => {
                    self.pool.keep(&place.name, connection);
                    return Ok(answer);
                }
                // The receiver closed it at this moment and has seen nothing of the request.
                Err(WireError::Unsent(_)) if was_kept => {}
                Err(error) => return Err(classify(&error)),
            }
        }
    }

    async fn connect(&self, place: &Place) -> Result<Connection, AttemptOutcome> {
        let stream = self.connector.clone().call(place.target.clone()).await;
        let stream = stream.map_err(|error| classify(error.as_ref()))?;
        Ok(Connection::over(TokioIo::new(stream)))
    }
}

/// The request as it is written: origin form, `host` without a default port.
fn request(place: &Place, task: AttemptTask) -> Result<Request, http::Error> {
    let AttemptTask { headers, custom_headers, body, .. } = task;
    let is_short = body.len() <= SHORT_BODY_BYTES_MAX;
    let room = place.head.len() + HEAD_BYTES + if is_short { body.len() } else { 0 };
    let mut head = String::with_capacity(room);
    head.push_str(&place.head);
    for (name, value) in &headers {
        push_header(&mut head, name, value)?;
    }
    for (name, value) in custom_headers.pairs() {
        HeaderName::from_bytes(name.as_bytes())?;
        push_header(&mut head, name, value)?;
    }
    // A `String` takes all that is written to it.
    let _ = write!(head, "content-length: {}\r\n\r\n", body.len());
    let mut first = head.into_bytes();
    if !is_short {
        return Ok(Request { first, rest: body });
    }
    first.extend_from_slice(&body);
    Ok(Request { first, rest: Bytes::new() })
}

/// Writes one header, unless its value would end it and begin something else.
fn push_header(head: &mut String, name: &str, value: &str) -> Result<(), http::Error> {
    if value.bytes().any(|byte| (byte < b' ' && byte != b'\t') || byte == 0x7f) {
        HeaderValue::from_str(value)?;
    }
    head.extend([name, ": ", value, "\r\n"]);
    Ok(())
}

fn failed(kind: FailureKind, error: String) -> AttemptOutcome {
    AttemptOutcome { failure: Some(kind), error: Some(error), ..AttemptOutcome::default() }
}

/// Why there is no answer.
fn classify(error: &(dyn Error + 'static)) -> AttemptOutcome {
    let mut source = Some(error);
    while let Some(cause) = source {
        if let Some(connect) = cause.downcast_ref::<ConnectError>() {
            return failed(connect.kind(), connect.to_string());
        }
        if let Some(tls) = tls_error(cause) {
            return failed(FailureKind::Tls, format!("the TLS handshake failed: {tls}"));
        }
        source = cause.source();
    }
    match error.downcast_ref::<WireError>() {
        Some(error @ WireError::NotHttp) => failed(FailureKind::Protocol, error.to_string()),
        Some(error @ WireError::Cut(_)) => failed(FailureKind::Connection, error.to_string()),
        _ => failed(FailureKind::Connection, "the connection broke before the answer".to_owned()),
    }
}

/// The TLS error inside, also inside I/O errors that wrap each other: these do not show what they
/// wrap as their source.
fn tls_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = cause;
    while let Some(wrapped) =
        cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref)
    {
        cause = wrapped;
    }
    cause.downcast_ref::<rustls::Error>()
}

fn outcome((head, body): (Head, Vec<u8>), started_at: Timestamp) -> AttemptOutcome {
    let success = head.is_success();
    let retry_after = head.retry_after.and_then(|value| parse_retry_after(&value, started_at));
    AttemptOutcome {
        failure: (!success).then_some(FailureKind::Status),
        status: Some(head.status),
        error: (!success).then(|| format!("the receiver answered {}", head.status)),
        response_body: body,
        response_headers: head.headers,
        timing: AttemptTiming::default(),
        retry_after_secs: retry_after.map(|after| after.as_secs()),
    }
}

#[async_trait]
impl AttemptSender for HttpSender {
    async fn send(&self, task: AttemptTask) -> AttemptOutcome {
        let stages = Stages::from_now(self.clock.as_deref());
        let (timeout, started_at) = (task.timeout, task.started_at);
        let exchanged = tokio::time::timeout(timeout, self.exchange(task, &stages)).await;
        let outcome = match exchanged {
            Ok(Ok(answer)) => outcome(answer, started_at),
            Ok(Err(outcome)) => outcome,
            Err(_) => {
                let limit = timeout.as_millis();
                failed(FailureKind::Timeout, format!("no complete answer within {limit} ms"))
            }
        };
        AttemptOutcome { timing: stages.timing(), ..outcome }
    }
}
