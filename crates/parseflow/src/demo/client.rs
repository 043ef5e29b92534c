//! The demonstration as a client: the public API over real HTTP, nothing else.

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use super::DemoError;

/// A client of one service with one key.
pub(super) struct Client {
    http: HttpClient<HttpConnector, Full<Bytes>>,
    base: String,
    key: String,
}

impl Client {
    pub(super) fn new(base: &str, key: &str) -> Self {
        let http = HttpClient::builder(TokioExecutor::new()).build_http();
        Self { http, base: base.to_owned(), key: key.to_owned() }
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, DemoError> {
        self.send(Method::GET, path, "application/json", Bytes::new()).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, DemoError> {
        let body = Bytes::from(body.to_string());
        self.send(Method::POST, path, "application/json", body).await
    }

    /// Sends a file as the form field `file`.
    pub(super) async fn post_file(
        &self,
        path: &str,
        name: &str,
        media_type: &str,
        file: &[u8],
    ) -> Result<Value, DemoError> {
        const BOUNDARY: &str = "parseflow-demo-c1e6c8a05f3b4f07";
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; \
             filename=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\n"
        );
        let tail = format!("\r\n--{BOUNDARY}--\r\n");
        let body = Bytes::from([head.as_bytes(), file, tail.as_bytes()].concat());
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send(Method::POST, path, &content_type, body).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<Value, DemoError> {
        let failed = |what: String| DemoError::Request {
            method: method.to_string(),
            path: path.to_owned(),
            what,
        };
        let request = Request::builder()
            .method(&method)
            .uri(format!("{}{path}", self.base))
            .header("x-api-key", &self.key)
            .header("content-type", content_type)
            .body(Full::new(body))
            .map_err(|error| failed(error.to_string()))?;
        let answer = self.http.request(request).await.map_err(|error| failed(error.to_string()))?;
        let status = answer.status();
        let body = answer.into_body().collect().await;
        let body = body.map_err(|error| failed(error.to_string()))?.to_bytes();
        if !matches!(status, StatusCode::OK | StatusCode::CREATED | StatusCode::ACCEPTED) {
            let text = String::from_utf8_lossy(&body).into_owned();
            return Err(failed(format!("answered {status}: {text}")));
        }
        serde_json::from_slice(&body).map_err(|error| failed(error.to_string()))
    }
}
