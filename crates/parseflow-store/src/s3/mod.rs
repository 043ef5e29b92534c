//! Uploaded files in an S3-compatible store, for processes that share no folder.
//!
//! Four requests of its interface, signed by [`sign`]: put, get, delete, list. A file is kept once the
//! store has answered 200 to the whole of it: that is when such a store has it durably, and a part of
//! a file is never visible. What fails for a while, no connection, no answer in time, 429 and 5xx,
//! is tried again with growing pauses: all four may be repeated.

mod answer;
mod sign;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use parseflow_model::{Timestamp, WallClock};

use crate::port::{DocumentFiles, StoreError};

/// Requests for one operation.
const TRIES: u32 = 5;
/// Before the second request; doubled for each one after it.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// One request with its answer.
const DEADLINE: Duration = Duration::from_secs(60);
/// The largest answer that is read: no uploaded file is larger.
const ANSWER_BYTES_MAX: usize = 1 << 30;

/// Waits. Time is an argument.
pub type Pause = Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Who asks.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Access key id.
    pub id: String,
    /// Secret access key.
    pub secret: String,
    /// Session token of temporary credentials.
    pub token: Option<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credentials({})", self.id)
    }
}

/// Which store, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Options {
    /// The bucket; it must exist.
    pub bucket: String,
    /// In front of every name, without slashes at its ends; may be empty.
    pub prefix: String,
    /// The store's URL, asked as `URL/bucket/…`; Amazon's own, asked as `bucket.host/…`, if `None`.
    pub endpoint: Option<String>,
    /// The store's region.
    pub region: String,
    /// Who asks.
    pub credentials: Credentials,
}

/// Uploaded files in a bucket.
#[derive(Clone)]
pub struct S3Files {
    http: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    options: Arc<S3Options>,
    /// `https://host` without a path.
    origin: String,
    host: String,
    /// In front of keys: empty, or a slash and the bucket.
    base: String,
    clock: Arc<dyn WallClock>,
    pause: Pause,
}

/// Why one request did not do.
enum Refused {
    /// Another one may.
    ForNow(String),
    /// None will.
    ForGood(String),
}

fn unavailable(text: impl Into<String>) -> StoreError {
    StoreError::Unavailable(text.into().into())
}

impl S3Files {
    /// Nothing is asked yet.
    ///
    /// # Errors
    /// The endpoint is no URL, or TLS cannot be set up.
    pub fn new(
        options: S3Options,
        clock: Arc<dyn WallClock>,
        pause: Pause,
    ) -> Result<Self, StoreError> {
        let (url, base) = match &options.endpoint {
            Some(url) => (url.clone(), format!("/{}", options.bucket)),
            None => {
                let S3Options { bucket, region, .. } = &options;
                (format!("https://{bucket}.s3.{region}.amazonaws.com"), String::new())
            }
        };
        let url = url::Url::parse(&url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.path() == "/")
            .ok_or_else(|| unavailable(format!("{url} is not a URL such as https://host:port")))?;
        let host = url.host_str().unwrap_or_default();
        let host = url.port().map_or(host.to_owned(), |port| format!("{host}:{port}"));
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls()?)
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self {
            http: Client::builder(TokioExecutor::new()).build(connector),
            options: Arc::new(options),
            origin: format!("{}://{host}", url.scheme()),
            host,
            base,
            clock,
            pause,
        })
    }

    fn key(&self, name: &str) -> String {
        match self.options.prefix.as_str() {
            "" => name.to_owned(),
            prefix => format!("{prefix}/{name}"),
        }
    }

    fn path(&self, key: &str) -> String {
        format!("{}/{}", self.base, sign::encode(key, true))
    }

    /// Asks until there is an answer that is worth keeping: success, or 404 for what is not there.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), StoreError> {
        let mut pause = FIRST_PAUSE;
        for tried in 1.. {
            let once = tokio::time::timeout(DEADLINE, self.ask_once(&method, path, query, &body));
            let refused = match once.await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(refused)) => refused,
                Err(_) => Refused::ForNow(format!("no answer in {} s", DEADLINE.as_secs())),
            };
            match refused {
                Refused::ForNow(text) if tried < TRIES => {
                    tracing::warn!(%method, path, tried, text, "the object store is asked again");
                    (self.pause)(pause).await;
                    pause *= 2;
                }
                Refused::ForNow(text) | Refused::ForGood(text) => {
                    return Err(unavailable(format!("the object store {}: {text}", self.origin)));
                }
            }
        }
        Err(StoreError::Closed)
    }

    async fn ask_once(
        &self,
        method: &Method,
        path: &str,
        query: &[(&str, &str)],
        body: &Bytes,
    ) -> Result<(StatusCode, Bytes), Refused> {
        let unsigned = sign::Unsigned {
            method: method.as_str(),
            host: &self.host,
            path,
            query,
            headers: &[],
            body,
        };
        // Signed for each try: a signature is good for minutes only.
        let S3Options { credentials, region, .. } = self.options.as_ref();
        let headers = sign::sign(&unsigned, credentials, region, self.clock.now());
        let mut url = format!("{}{path}", self.origin);
        if !query.is_empty() {
            url = format!("{url}?{}", sign::query(query));
        }
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request
            .body(Full::new(body.clone()))
            .map_err(|error| Refused::ForGood(error.to_string()))?;
        let answer = self.http.request(request).await;
        let answer = answer.map_err(|error| Refused::ForNow(chain(&error)))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| Refused::ForNow(error.to_string()))?.to_bytes();
        judge(status, body)
    }
}

/// The error and its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

fn judge(status: StatusCode, body: Bytes) -> Result<(StatusCode, Bytes), Refused> {
    if status.is_success() {
        return Ok((status, body));
    }
    let (code, message) = answer::refusal(&String::from_utf8_lossy(&body));
    // A bucket that is not there is no file that is not there.
    if status == StatusCode::NOT_FOUND && matches!(code.as_str(), "NoSuchKey" | "") {
        return Ok((status, body));
    }
    let text = [status.to_string(), code, message].join(" ").trim().to_owned();
    let passes = status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
    Err(if passes { Refused::ForNow(text) } else { Refused::ForGood(text) })
}

fn tls() -> Result<rustls::ClientConfig, StoreError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Unavailable(Box::new(error)))?
        .with_root_certificates(roots.collect::<rustls::RootCertStore>())
        .with_no_client_auth())
}

#[async_trait]
impl DocumentFiles for S3Files {
    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        let path = self.path(&self.key(name));
        match self.ask(Method::PUT, &path, &[], bytes.into()).await? {
            (StatusCode::NOT_FOUND, _) => Err(unavailable("the object store has no such place")),
            _ => Ok(()),
        }
    }

    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(&self.key(name));
        let (status, body) = self.ask(Method::GET, &path, &[], Bytes::new()).await?;
        Ok((status != StatusCode::NOT_FOUND).then(|| body.into()))
    }

    async fn delete(&self, name: &str) -> Result<(), StoreError> {
        let path = self.path(&self.key(name));
        self.ask(Method::DELETE, &path, &[], Bytes::new()).await.map(drop)
    }

    async fn written_before(&self, at: Timestamp, max: usize) -> Result<Vec<String>, StoreError> {
        let prefix = self.key("");
        let path = if self.base.is_empty() { "/".to_owned() } else { self.base.clone() };
        let (mut names, mut from) = (Vec::new(), None::<String>);
        loop {
            let mut query = vec![("list-type", "2"), ("prefix", prefix.as_str())];
            query.extend(from.as_deref().map(|from| ("continuation-token", from)));
            let (_, body) = self.ask(Method::GET, &path, &query, Bytes::new()).await?;
            let page = answer::listed(&String::from_utf8_lossy(&body))
                .ok_or_else(|| unavailable("the object store's list cannot be read"))?;
            let old = page.files.into_iter().filter(|(_, written)| *written < at);
            // Only names of ours: no slash in them.
            let own = old.filter_map(|(key, _)| Some(key.strip_prefix(&prefix)?.to_owned()));
            names.extend(own.filter(|name| !name.is_empty() && !name.contains('/')));
            from = page.next;
            if names.len() >= max || from.is_none() {
                names.truncate(max);
                return Ok(names);
            }
        }
    }
}

#[cfg(test)]
mod tests;
