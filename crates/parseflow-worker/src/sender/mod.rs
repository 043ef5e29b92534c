//! The network: HTTP/1.1 over kept connections, every one of which goes to a vetted address.

mod connector;
mod place;
mod pool;
mod resolver;
mod stages;
mod tls;

use std::error::Error;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use parseflow_model::{
    AttemptOutcome, AttemptTiming, FailureKind, RESPONSE_HEADER_BYTES_MAX, RESPONSE_HEADERS_MAX,
    Timestamp, WallClock,
};
use parseflow_webhooks::custom_headers::MASK;
use parseflow_webhooks::retry::parse_retry_after;
use parseflow_webhooks::url_policy::TargetPolicy;
use tower_service::Service as _;

pub use resolver::Resolver;
pub use tls::public_tls;

use connector::{ConnectError, VettedConnector};
use place::{Place, Places};
use pool::{Connection, Pool};
use stages::Stages;

use crate::ports::{AttemptSender, AttemptTask};

/// Most bytes read of an answer.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Most bytes of an answer kept in the attempt log.
const ANSWER_BYTES_KEPT: usize = 1_024;

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
    ) -> Result<Answer, AttemptOutcome> {
        let place = self.places.of(&task.url)?;
        let mut request = request(&place, task)
            .map_err(|_| failed(FailureKind::Protocol, "the request cannot be built".to_owned()))?;
        loop {
            let (mut connection, was_kept) = match self.pool.take(&place.name).await {
                Some(connection) => (connection, true),
                None => (self.connect(&place).await?, false),
            };
            stages.connected();
            let response = match connection.send(request).await {
                Ok(response) => response,
                Err(mut error) => match error.take_message() {
                    // The receiver closed it at this moment and has seen nothing of the request.
                    Some(unsent) if was_kept => {
                        request = unsent;
                        continue;
                    }
                    _ => return Err(classify(error.error())),
                },
            };
            stages.answered();
            let answer = read_answer(&mut connection, response).await?;
            self.pool.keep(&place.name, connection).await;
            return Ok(answer);
        }
    }

    async fn connect(&self, place: &Place) -> Result<Connection, AttemptOutcome> {
        let stream = self.connector.clone().call(place.target.clone()).await;
        let stream = stream.map_err(|error| classify(error.as_ref()))?;
        Connection::over(stream).await.map_err(|error| classify(&error))
    }
}

/// The headers of every attempt, made once.
static NAMES: [HeaderName; 10] = [
    CONTENT_TYPE,
    USER_AGENT,
    HeaderName::from_static("x-parseflow-signature"),
    HeaderName::from_static("x-parseflow-signature-next"),
    HeaderName::from_static("x-parseflow-event"),
    HeaderName::from_static("x-parseflow-delivery"),
    HeaderName::from_static("x-parseflow-attempt"),
    HeaderName::from_static("webhook-id"),
    HeaderName::from_static("webhook-timestamp"),
    HeaderName::from_static("webhook-signature"),
];

fn known_name(name: &'static str) -> HeaderName {
    let known = NAMES.iter().find(|known| known.as_str() == name);
    known.cloned().unwrap_or_else(|| HeaderName::from_static(name))
}

/// The request as it is written: origin form, `host` without a default port.
fn request(place: &Place, task: AttemptTask) -> Result<Request<Full<Bytes>>, http::Error> {
    let mut request = Request::new(Full::new(task.body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = place.origin_form.clone();
    let headers = request.headers_mut();
    headers.reserve(task.headers.len() + 4);
    headers.insert(HOST, place.host.clone());
    for (name, value) in task.headers {
        headers.append(known_name(name), HeaderValue::try_from(value)?);
    }
    for (name, value) in task.custom_headers.pairs() {
        headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
    }
    Ok(request)
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    kept: Vec<u8>,
}

async fn read_answer(
    connection: &mut Connection,
    response: Response<Incoming>,
) -> Result<Answer, AttemptOutcome> {
    let (head, mut body) = response.into_parts();
    let (mut kept, mut read) = (Vec::new(), 0);
    while read < ANSWER_BYTES_MAX {
        let Some(frame) = connection.bring(body.frame()).await else { break };
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
    AttemptOutcome { failure: Some(kind), error: Some(error), ..AttemptOutcome::default() }
}

/// As many of the answer's headers as the log keeps. Cookies are the receiver's own affair.
fn kept_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut room = RESPONSE_HEADER_BYTES_MAX;
    let mut kept = Vec::new();
    for (name, value) in headers.iter().take(RESPONSE_HEADERS_MAX) {
        let value = match name.as_str() {
            "set-cookie" => MASK.into(),
            _ => String::from_utf8_lossy(value.as_bytes()),
        };
        let Some(left) = room.checked_sub(name.as_str().len() + value.len()) else { continue };
        room = left;
        kept.push((name.as_str().to_owned(), value.into_owned()));
    }
    kept
}

/// What went wrong before there was an answer.
fn classify(error: &(dyn Error + 'static)) -> AttemptOutcome {
    let mut source = Some(error);
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
        response_headers: if success { Vec::new() } else { kept_headers(&answer.headers) },
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
