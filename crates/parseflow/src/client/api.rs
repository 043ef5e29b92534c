//! HTTP to a service with one key.

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use parseflow_worker::public_tls;
use serde_json::Value;

use super::ClientError;
use super::upload::{Form, Upload};

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

    async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Body,
    ) -> Result<Value, ClientError> {
        let failed = |what: String| ClientError::Transport {
            method: method.to_string(),
            path: format!("{}{path}", self.base),
            what,
        };
        let mut request = Request::builder()
            .method(&method)
            .uri(format!("{}{path}", self.base))
            .header("x-api-key", &self.key)
            .header("user-agent", concat!("parseflow/", env!("CARGO_PKG_VERSION")));
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let request = request.body(body).map_err(|error| failed(error.to_string()))?;
        let answer = self
            .http
            .request(request)
            .await
            .map_err(|error| failed(crate::report::chain(&error)))?;
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
}

fn empty() -> Body {
    Full::new(Bytes::new()).boxed_unsync()
}

/// A value as one part of a path or a query.
pub(super) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
