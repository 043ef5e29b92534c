//! Requests that may be repeated: `Idempotency-Key` on every POST of an account.
//!
//! The first request with a key does the work, and its answer is kept for 24 hours, encrypted,
//! because it may hold a secret. A repetition gets the same answer. What failed on our side, or only
//! for the moment, is forgotten, so that it can be repeated in earnest.
//!
//! The work runs in a task of its own: a caller who hangs up does not stop it halfway.

use std::future::Future;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use http_body_util::BodyExt as _;
use parseflow_model::AccountId;
use parseflow_store::{IdempotencyBegin, StoredAnswer};
use parseflow_webhooks::vault::answer_context;
use ring::digest;

use crate::auth::Caller;
use crate::body::essence;
use crate::error::ApiError;
use crate::parts::Api;
use crate::problem;
use crate::request_id::RequestId;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const KEY_CHARS_MAX: usize = 255;

/// A running SHA-256 over what makes two requests the same.
pub(crate) struct Fingerprint(digest::Context);

impl Fingerprint {
    /// Starts with method, path and media type. Of a multipart form, the parts are added rather than
    /// the body: its boundary differs from one repetition to the next.
    pub(crate) fn new(method: &Method, uri: &Uri, headers: &HeaderMap) -> Self {
        let mut fingerprint = Self(digest::Context::new(&digest::SHA256));
        fingerprint.add(method.as_str().as_bytes());
        fingerprint.add(uri.path().as_bytes());
        fingerprint.add(essence(headers).as_bytes());
        fingerprint
    }

    /// Adds one piece, set off from its neighbours by its length.
    pub(crate) fn add(&mut self, piece: &[u8]) {
        self.0.update(&(piece.len() as u64).to_be_bytes());
        self.0.update(piece);
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        sha256_of(self.0)
    }
}

fn sha256_of(context: digest::Context) -> [u8; 32] {
    context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// The caller's `Idempotency-Key`, if there is one.
pub(crate) fn key_of(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let bytes = value.as_bytes();
    let visible = bytes.iter().all(|byte| (0x21..=0x7e).contains(byte));
    if values.next().is_some() || !(1..=KEY_CHARS_MAX).contains(&bytes.len()) || !visible {
        return Err(ApiError::InvalidIdempotencyKey);
    }
    Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
}

/// A request that is done once.
pub(crate) struct Once {
    pub(crate) api: Api,
    pub(crate) account: AccountId,
    pub(crate) request_id: RequestId,
    /// `None` when the caller does not ask for it.
    pub(crate) key: Option<String>,
    pub(crate) fingerprint: [u8; 32],
}

impl Once {
    /// For a request whose whole body is at hand.
    pub(crate) fn of(
        api: &Api,
        caller: &Caller,
        head: &Head,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let mut fingerprint = Fingerprint::new(&head.method, &head.uri, &head.headers);
        fingerprint.add(body);
        Self::with(api, caller, head, fingerprint.finish())
    }

    /// For a request whose body was hashed while it was read.
    pub(crate) fn with(
        api: &Api,
        caller: &Caller,
        head: &Head,
        fingerprint: [u8; 32],
    ) -> Result<Self, ApiError> {
        Ok(Self {
            api: Api::clone(api),
            account: caller.account.id.clone(),
            request_id: head.request_id.clone(),
            key: key_of(&head.headers)?,
            fingerprint,
        })
    }

    /// 32 bytes that belong to this account, key and body; `None` without a key. Ids made from them
    /// are the same when the work is done again after a crash.
    pub(crate) fn seed(&self) -> Option<[u8; 32]> {
        let key = self.key.as_deref()?;
        let mut context = digest::Context::new(&digest::SHA256);
        for piece in [self.account.as_str().as_bytes(), key.as_bytes(), &self.fingerprint] {
            context.update(&(piece.len() as u64).to_be_bytes());
            context.update(piece);
        }
        Some(sha256_of(context))
    }

    /// Does the work, or drops it and answers as it was answered before.
    pub(crate) async fn run<W>(self, work: W) -> Result<Response, ApiError>
    where
        W: Future<Output = Result<Response, ApiError>> + Send + 'static,
    {
        let Some(key) = self.key.clone() else {
            return tokio::spawn(work).await.unwrap_or(Err(ApiError::Panicked));
        };
        let api = Api::clone(&self.api);
        let begun = api
            .store()
            .begin_idempotent(
                &self.account,
                &key,
                &self.fingerprint,
                api.settings().boot,
                api.now(),
            )
            .await?;
        match begun {
            IdempotencyBegin::New => {}
            IdempotencyBegin::Answered(answer) => return self.replay(&key, answer),
            IdempotencyBegin::InFlight => return Err(ApiError::IdempotencyInFlight),
            IdempotencyBegin::KeyReused => return Err(ApiError::IdempotencyKeyReused),
        }
        let kept = tokio::spawn(self.do_and_keep(key, work));
        kept.await.unwrap_or(Err(ApiError::Panicked))
    }

    async fn do_and_keep<W>(self, key: String, work: W) -> Result<Response, ApiError>
    where
        W: Future<Output = Result<Response, ApiError>> + Send + 'static,
    {
        let result = tokio::spawn(work).await.unwrap_or(Err(ApiError::Panicked));
        let response = result.into_response();
        let store = self.api.store();
        if !is_final(response.status()) {
            store.abandon_idempotent(&self.account, &key).await?;
            return Ok(response);
        }
        let public_url = &self.api.settings().public_url;
        let (head, body) = problem::render(response, &self.request_id, public_url).into_parts();
        let body = body.collect().await.map_err(|_| ApiError::Panicked)?.to_bytes();
        let answer = self.seal(&key, head.status, &head.headers, &body);
        store.end_idempotent(&self.account, &key, answer).await?;
        Ok(Response::from_parts(head, Body::from(body)))
    }

    fn seal(
        &self,
        key: &str,
        status: StatusCode,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> StoredAnswer {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let location = text(LOCATION).unwrap_or_default();
        let plain = [location.as_bytes(), b"\n", body].concat();
        let vault = &self.api.parts.vault;
        StoredAnswer {
            status: status.as_u16(),
            content_type: text(CONTENT_TYPE).unwrap_or_default().to_owned(),
            sealed_body: vault.seal(self.api.dice(), &answer_context(&self.account, key), &plain),
        }
    }

    fn replay(&self, key: &str, answer: StoredAnswer) -> Result<Response, ApiError> {
        let plain =
            self.api.parts.vault.open(&answer_context(&self.account, key), &answer.sealed_body)?;
        let end_of_location = plain.iter().position(|&byte| byte == b'\n').unwrap_or(plain.len());
        let (location, body) = plain.split_at(end_of_location);
        let body = Bytes::copy_from_slice(body.get(1..).unwrap_or_default());
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(&answer.content_type) {
            headers.insert(CONTENT_TYPE, value);
        }
        if let (false, Ok(value)) = (location.is_empty(), HeaderValue::from_bytes(location)) {
            headers.insert(LOCATION, value);
        }
        mark_replayed(headers);
        Ok(response)
    }
}

/// Tells that the answer is that of an earlier request.
pub(crate) fn mark_replayed(headers: &mut HeaderMap) {
    headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
}

/// Whether the same request would get the same answer tomorrow.
fn is_final(status: StatusCode) -> bool {
    let passing = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    status.is_success() || (status.is_client_error() && !passing.contains(&status))
}

/// What of a request matters beside its body.
pub(crate) struct Head {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) request_id: RequestId,
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Head {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut http::request::Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self {
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
            request_id: parts.extensions.get().cloned().ok_or(ApiError::Panicked)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_given_once_and_visible() {
        let check = |values: &[&[u8]], expected: Option<Option<&str>>| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(IDEMPOTENCY_KEY, HeaderValue::from_bytes(value).unwrap());
            }
            let key = key_of(&headers).ok();
            assert_eq!(key, expected.map(|key| key.map(str::to_owned)), "{values:?}");
        };
        check(&[], Some(None));
        check(&[b"order-7"], Some(Some("order-7")));
        check(&[&[b'x'; 255]], Some(Some(&"x".repeat(255))));
        check(&[&[b'x'; 256]], None);
        check(&[b""], None);
        check(&[b"two words"], None);
        check(&["ümlaut".as_bytes()], None);
        check(&[b"a", b"a"], None);
    }

    #[test]
    fn pieces_of_a_fingerprint_do_not_run_together() {
        let of = |pieces: &[&[u8]]| {
            let uri = Uri::from_static("/x");
            let mut fingerprint = Fingerprint::new(&Method::POST, &uri, &HeaderMap::new());
            pieces.iter().for_each(|piece| fingerprint.add(piece));
            fingerprint.finish()
        };
        assert_eq!(of(&[b"ab", b"c"]), of(&[b"ab", b"c"]));
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
        assert_ne!(of(&[b"ab"]), of(&[b"ab", b""]));
    }

    #[test]
    fn only_answers_that_would_stay_the_same_are_kept() {
        let check = |status: u16, kept| {
            assert_eq!(is_final(StatusCode::from_u16(status).unwrap()), kept, "{status}");
        };
        for status in [200, 201, 202, 400, 403, 404, 409, 413, 415, 422] {
            check(status, true);
        }
        for status in [408, 429, 500, 503, 504] {
            check(status, false);
        }
    }
}
