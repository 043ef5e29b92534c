//! Multipart forms.

use axum::body::Body;
use http::{Method, Request};

use crate::world::request;

const BOUNDARY: &str = "----boundary7f3a2b1c";

#[derive(Clone, Default)]
pub(crate) struct Form(Vec<u8>);

impl Form {
    pub(crate) fn file(mut self, part: &str, name: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{part}\"; \
             filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        self.0.extend_from_slice(head.as_bytes());
        self.0.extend_from_slice(bytes);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    pub(crate) fn text(mut self, part: &str, text: impl AsRef<[u8]>) -> Self {
        let head =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{part}\"\r\n\r\n");
        self.0.extend_from_slice(head.as_bytes());
        self.0.extend_from_slice(text.as_ref());
        self.0.extend_from_slice(b"\r\n");
        self
    }

    /// The body as far as it goes, without its end.
    pub(crate) fn unfinished(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn bytes(mut self) -> Vec<u8> {
        self.0.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }

    pub(crate) fn post(self, path: &str, key: &str) -> Request<Body> {
        post_bytes(path, key, self.bytes())
    }
}

pub(crate) fn content_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

pub(crate) fn post_bytes(path: &str, key: &str, bytes: Vec<u8>) -> Request<Body> {
    let mut request = request(Method::POST, path, key, Body::from(bytes));
    request.headers_mut().insert("content-type", content_type().parse().unwrap());
    request
}

/// The same form in the words of another client: another boundary.
pub(crate) fn with_other_boundary(form: Form, path: &str, key: &str) -> Request<Body> {
    let text = String::from_utf8(form.bytes()).unwrap().replace(BOUNDARY, "xyz");
    let mut request = request(Method::POST, path, key, Body::from(text));
    let content_type = "multipart/form-data; boundary=xyz";
    request.headers_mut().insert("content-type", content_type.parse().unwrap());
    request
}

/// A sample of the repository.
pub(crate) fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}
