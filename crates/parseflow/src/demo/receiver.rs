//! A receiver as a customer would write one: it knows the secret and the documentation, nothing of
//! ParseFlow's code. Every check is computed here from the bytes that came in.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use parseflow_model::{Timestamp, WallClock};
use ring::hmac;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::clock::SystemClock;

/// Age of `webhook-timestamp` that Standard Webhooks tolerates.
const TOLERANCE_SECS: i64 = 300;

/// One request as it came in, and what was answered.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) at: Timestamp,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) answered: StatusCode,
}

impl Received {
    /// A header's value; empty when there is none.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// One thing the receiver checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) what: &'static str,
    pub(super) holds: bool,
}

struct Inbox {
    answers: Mutex<VecDeque<StatusCode>>,
    arrivals: mpsc::UnboundedSender<Received>,
}

/// A running receiver.
pub(super) struct Receiver {
    /// Where to send.
    pub(super) url: String,
    inbox: Arc<Inbox>,
    /// What came in, in order.
    pub(super) arrivals: mpsc::UnboundedReceiver<Received>,
}

impl Receiver {
    /// Listens on a free port of this machine.
    pub(super) async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let url = format!("http://{}/webhooks/parseflow", listener.local_addr()?);
        let (sender, arrivals) = mpsc::unbounded_channel();
        let inbox = Arc::new(Inbox { answers: Mutex::default(), arrivals: sender });
        let router = Router::new()
            .route("/webhooks/parseflow", post(receive))
            .with_state(Arc::clone(&inbox));
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the demonstration's receiver ended");
            }
        });
        Ok(Self { url, inbox, arrivals })
    }

    /// The next requests are answered with these, one each; later ones with 200.
    pub(super) fn will_answer(&self, statuses: &[StatusCode]) {
        lock(&self.inbox.answers).extend(statuses);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn receive(
    State(inbox): State<Arc<Inbox>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    let answered = lock(&inbox.answers).pop_front().unwrap_or(StatusCode::OK);
    let path = uri.path().to_owned();
    let received = Received { at: SystemClock.now(), path, headers, body, answered };
    // When nobody listens any more the story is over.
    let _ = inbox.arrivals.send(received);
    let text = if answered.is_success() { r#"{"received":true}"# } else { r#"{"error":"down"}"# };
    (answered, text)
}

/// Every check of the documentation, and that an altered body would not have passed.
pub(super) fn verify(received: &Received, secret: &str, now: Timestamp) -> Vec<Check> {
    let signature = received.header("x-parseflow-signature");
    let standard = received.header("webhook-signature");
    let signed =
        format!("{}.{}.", received.header("webhook-id"), received.header("webhook-timestamp"));
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap_or_default();
    let standard_holds = |body: &[u8]| {
        let expected = hmac_sha256(&key, &[signed.as_bytes(), body].concat());
        standard.split(' ').any(|one| {
            one.strip_prefix("v1,")
                .and_then(|text| STANDARD.decode(text).ok())
                .is_some_and(|given| given == expected)
        })
    };
    let page_holds =
        |body: &[u8]| signature == crate::folder::hex(&hmac_sha256(secret.as_bytes(), body));
    let mut altered = received.body.to_vec();
    if let Some(byte) = altered.last_mut() {
        *byte ^= 1;
    }
    let sent_at = received.header("webhook-timestamp").parse::<i64>();
    let check = |what, holds| Check { what, holds };
    vec![
        check("X-ParseFlow-Signature = HMAC-SHA256(secret, raw body)", page_holds(&received.body)),
        check(
            "X-ParseFlow-Signature = HMAC-SHA256(secret, body parsed and written again)",
            reserialised(&received.body).is_some_and(|body| page_holds(&body)),
        ),
        check(
            "webhook-signature = Standard Webhooks 1.0 over id.timestamp.body",
            standard_holds(&received.body),
        ),
        check(
            "webhook-timestamp is at most five minutes old",
            sent_at.is_ok_and(|at| (now.secs() - at).abs() <= TOLERANCE_SECS),
        ),
        check("an altered body is refused", !page_holds(&altered) && !standard_holds(&altered)),
    ]
}

fn hmac_sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text).as_ref().to_vec()
}

/// What a receiver hashes that has only the parsed body, as in the documentation's Node sample.
fn reserialised(body: &[u8]) -> Option<Vec<u8>> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    serde_json::to_vec(&value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456";
    const BODY: &str = r#"{"event":"extraction.completed","timestamp":"2026-04-14T10:05:00Z","data":{"id":"ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678","status":"completed","confidence":0.94}}"#;

    fn received(body: &str) -> Received {
        let mut headers = HeaderMap::new();
        let mut insert = |name: &'static str, value: &'static str| {
            headers.insert(name, http::HeaderValue::from_static(value));
        };
        insert(
            "x-parseflow-signature",
            "bee88a8c55197b408cbee897ab3f16fbfa7b36d8ebba06c0aa45a684c5f83567",
        );
        insert("webhook-id", "dlv_2KWPBgLlAfxdpx2AI54pPJ85f4W");
        insert("webhook-timestamp", "1776161100");
        insert("webhook-signature", "v1,Tvhe/XoWfuzqNs/sKZ4jm94K59G6HS92TYO5Oqj1cWk=");
        Received {
            at: Timestamp::from_secs(1_776_161_100),
            path: "/".to_owned(),
            headers,
            body: Bytes::from(body.to_owned()),
            answered: StatusCode::OK,
        }
    }

    fn verdicts(received: &Received, now_secs: i64) -> Vec<bool> {
        let checks = verify(received, SECRET, Timestamp::from_secs(now_secs));
        checks.into_iter().map(|check| check.holds).collect()
    }

    #[test]
    fn the_documented_request_passes_every_check() {
        assert_eq!(verdicts(&received(BODY), 1_776_161_100), [true; 5]);
    }

    #[test]
    fn a_changed_body_and_an_old_timestamp_do_not_pass() {
        let changed = BODY.replace("0.94", "0.95");
        assert_eq!(verdicts(&received(&changed), 1_776_161_100), [false, false, false, true, true]);
        assert_eq!(verdicts(&received(BODY), 1_776_161_401), [true, true, true, false, true]);
    }

    #[test]
    fn a_body_that_changes_when_it_is_written_again_is_noticed() {
        let spaced = BODY.replace(":0.94", ": 0.94");
        assert_eq!(reserialised(spaced.as_bytes()).unwrap(), BODY.as_bytes());
        assert_ne!(spaced, BODY);
    }
}
