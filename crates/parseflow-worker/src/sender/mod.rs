//! The network: one pooled HTTP client whose every connection goes to a vetted address.

mod connector;
mod resolver;
mod tls;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use parseflow_model::{AttemptOutcome, FailureKind, Timestamp};
use parseflow_webhooks::retry::parse_retry_after;
use parseflow_webhooks::url_policy::TargetPolicy;

pub use resolver::Resolver;
pub use tls::public_tls;

use connector::{ConnectError, VettedConnector};

use crate::ports::{AttemptSender, AttemptTask};

/// Most bytes read of an answer.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Most bytes of an answer kept in the attempt log.
const ANSWER_BYTES_KEPT: usize = 1_024;
/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// The HTTP client cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up: {0}")]
pub struct SenderError(#[from] rustls::Error);

/// Sends attempts over HTTP/1.1. No redirects, no proxies from the environment, no compression.
pub struct HttpSender {
    client: Client<HttpsConnector<VettedConnector>, Full<Bytes>>,
    policy: Arc<TargetPolicy>,
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
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(64)
            .build(connector);
        Self { client, policy }
    }

    async fn exchange(&self, task: &AttemptTask) -> Result<Answer, AttemptOutcome> {
        let url = self
            .policy
            .check_url(&task.url)
            .map_err(|error| failed(FailureKind::Blocked, error.to_string()))?;
        let mut request = Request::post(url.as_str());
        for (name, value) in &task.headers {
            request = request.header(*name, value);
        }
        for (name, value) in task.custom_headers.pairs() {
            request = request.header(name, value);
        }
        let request = request
            .body(Full::new(task.body.clone()))
            .map_err(|_| failed(FailureKind::Protocol, "the request cannot be built".to_owned()))?;
        let response = self.client.request(request).await.map_err(|error| classify(&error))?;
        read_answer(response).await
    }
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    kept: Vec<u8>,
}

async fn read_answer(response: Response<Incoming>) -> Result<Answer, AttemptOutcome> {
    let (head, mut body) = response.into_parts();
    let (mut kept, mut read) = (Vec::new(), 0);
    while read < ANSWER_BYTES_MAX {
        let Some(frame) = body.frame().await else { break };
        let frame = frame.map_err(|_| {
            failed(FailureKind::Connection, "the connection broke during the answer".to_owned())
        })?;
        let Some(data) = frame.data_ref() else { continue };
        read += data.len();
        let room = ANSWER_BYTES_KEPT - kept.len();
        kept.extend_from_slice(&data[..data.len().min(room)]);
    }
    Ok(Answer { status: head.status.as_u16(), headers: head.headers, kept })
}

fn failed(kind: FailureKind, error: String) -> AttemptOutcome {
    AttemptOutcome {
        failure: Some(kind),
        status: None,
        error: Some(error),
        response_body: Vec::new(),
        retry_after_secs: None,
    }
}

/// What went wrong before there was an answer.
fn classify(error: &hyper_util::client::legacy::Error) -> AttemptOutcome {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(cause) = source {
        if let Some(connect) = cause.downcast_ref::<ConnectError>() {
            return failed(connect.kind(), connect.to_string());
        }
        if let Some(tls) = tls_error(cause) {
            return failed(FailureKind::Tls, format!("the TLS handshake failed: {tls}"));
        }
        if cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
            return failed(FailureKind::Protocol, "the answer is not HTTP".to_owned());
        }
        source = cause.source();
    }
    failed(FailureKind::Connection, "the connection broke before the answer".to_owned())
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

fn outcome(answer: Answer, started_at: Timestamp) -> AttemptOutcome {
    let success = (200..300).contains(&answer.status);
    let retry_after = answer
        .headers
        .get(http::header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| parse_retry_after(value, started_at));
    AttemptOutcome {
        failure: (!success).then_some(FailureKind::Status),
        status: Some(answer.status),
        error: (!success).then(|| format!("the receiver answered {}", answer.status)),
        response_body: answer.kept,
        retry_after_secs: retry_after.map(|after| after.as_secs()),
    }
}

#[async_trait]
impl AttemptSender for HttpSender {
    async fn send(&self, task: AttemptTask) -> AttemptOutcome {
        match tokio::time::timeout(task.timeout, self.exchange(&task)).await {
            Ok(Ok(answer)) => outcome(answer, task.started_at),
            Ok(Err(outcome)) => outcome,
            Err(_) => {
                let limit = task.timeout.as_millis();
                failed(FailureKind::Timeout, format!("no complete answer within {limit} ms"))
            }
        }
    }
}
