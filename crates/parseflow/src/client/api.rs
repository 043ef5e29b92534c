//! HTTP to a service with one key.

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{Method, Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use parseflow_worker::public_tls;
use serde_json::Value;

use super::ClientError;
use super::upload::{Form, Upload};

/// More of a forwarded answer is not read.
const FORWARDED_ANSWER_BYTES_MAX: usize = 64 * 1024;
/// A longer `Retry-After` is none.
const RETRY_AFTER_BYTES_MAX: usize = 100;

/// What a receiver answered.
pub(crate) struct Forwarded {
    pub(crate) status: u16,
    /// The header as it came.
    pub(crate) retry_after: Option<String>,
    /// The first part.
    pub(crate) body: Bytes,
}

type Body = UnsyncBoxBody<Bytes, std::convert::Infallible>;

/// A client of one service with one key.
pub(crate) struct Api {
    http: HttpClient<HttpsConnector<HttpConnector>, Body>,
    base: String,
    key: String,
}

impl Api {
    /// A client of the service at `base` (without a slash at its end).
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn new(base: &str, key: &str) -> Result<Self, ClientError> {
        let tls = public_tls().map_err(|error| ClientError::Tls(error.to_string()))?;
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .build();
        let http = HttpClient::builder(TokioExecutor::new()).build(connector);
        Ok(Self { http, base: base.trim_end_matches('/').to_owned(), key: key.to_owned() })
    }

    /// Reads a resource.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, ClientError> {
        self.send(Method::GET, path, None, empty()).await
    }

    /// Posts JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, ClientError> {
        self.with_json(Method::POST, path, body).await
    }

    /// Changes a resource.
    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Result<Value, ClientError> {
        self.with_json(Method::PATCH, path, body).await
    }

    /// Deletes a resource.
    pub(crate) async fn delete(&self, path: &str) -> Result<Value, ClientError> {
        self.send(Method::DELETE, path, None, empty()).await
    }

    /// Posts a form with files; `on_sent` is told of every part of the body as it is sent.
    pub(crate) async fn post_form(
        &self,
        path: &str,
        form: Form,
        on_sent: impl Fn(u64) + Send + 'static,
    ) -> Result<Value, ClientError> {
        let content_type = form.content_type();
        let body = Upload::new(form.into_bytes(), on_sent).boxed_unsync();
        self.send(Method::POST, path, Some(&content_type), body).await
    }

    async fn with_json(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Value, ClientError> {
        let body = Full::new(Bytes::from(body.to_string())).boxed_unsync();
        self.send(method, path, Some("application/json"), body).await
    }

    /// Posts JSON and leaves the answer to be read as it comes.
    pub(crate) async fn open(&self, path: &str, body: &Value) -> Result<Incoming, ClientError> {
        let body = Full::new(Bytes::from(body.to_string())).boxed_unsync();
        let answer = self.ask(Method::POST, path, Some("application/json"), body).await?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer.into_body());
        }
        let body = answer.into_body().collect().await;
        let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        Err(ClientError::refused(status, &body))
    }

    /// Posts to an address of somebody else, without the key; its status and body, or what went
    /// wrong in a few words.
    pub(crate) async fn forward<'a>(
        &self,
        url: &str,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
        body: Bytes,
    ) -> Result<Forwarded, String> {
        let mut request = Request::builder().method(Method::POST).uri(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let body = Full::new(body).boxed_unsync();
        let request = request.body(body).map_err(|error| error.to_string())?;
        let answer = self.http.request(request).await;
        let answer = answer.map_err(|error| crate::report::chain(&error))?;
        let status = answer.status().as_u16();
        let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.filter(|value| value.len() <= RETRY_AFTER_BYTES_MAX);
        let retry_after = retry_after.map(ToOwned::to_owned);
        let body = Limited::new(answer.into_body(), FORWARDED_ANSWER_BYTES_MAX).collect().await;
        let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        Ok(Forwarded { status, retry_after, body })
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Body,
    ) -> Result<Value, ClientError> {
        let failed = |what: String| self.failed(&method, path, what);
        let answer = self.ask(method.clone(), path, content_type, body).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await;
        let body = body.map_err(|error| failed(error.to_string()))?.to_bytes();
        if !status.is_success() {
            return Err(ClientError::refused(status, &body));
        }
        if body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&body)
            .map_err(|_| failed("the answer is not JSON: is this a ParseFlow service?".into()))
    }

    fn failed(&self, method: &Method, path: &str, what: String) -> ClientError {
        let path = format!("{}{path}", self.base);
        ClientError::Transport { method: method.to_string(), path, what }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Body,
    ) -> Result<Response<Incoming>, ClientError> {
        let failed = |what: String| self.failed(&method, path, what);
        let mut request = Request::builder()
            .method(&method)
            .uri(format!("{}{path}", self.base))
            .header("x-api-key", &self.key)
            .header("user-agent", concat!("parseflow/", env!("CARGO_PKG_VERSION")));
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let request = request.body(body).map_err(|error| failed(error.to_string()))?;
        let answer = self.http.request(request).await;
        answer.map_err(|error| failed(crate::report::chain(&error)))
    }
}

fn empty() -> Body {
    Full::new(Bytes::new()).boxed_unsync()
}

/// A value as one part of a path or a query.
pub(super) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
