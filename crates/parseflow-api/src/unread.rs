//! What a refused request has not been read of.
//!
//! A server that answers and hangs up while the caller is still sending gives it a broken connection
//! instead of the answer. So the rest of a refused body is read and thrown away first, within limits.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use bytes::Bytes;
use http::StatusCode;
use http::header::EXPECT;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;

/// What is thrown away at most.
const BYTES_MAX: u64 = 64 * 1024 * 1024;
const DEADLINE: Duration = Duration::from_secs(10);

/// The body of a request, of which the rest can be taken back.
#[derive(Clone)]
struct Shared(Arc<Mutex<Inner>>);

struct Inner {
    body: Body,
    /// The caller sends only when asked to, and has not been asked.
    waits: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut inner = self.lock();
        inner.waits = false;
        Pin::new(&mut inner.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.lock().body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.lock().body.size_hint()
    }
}

/// The rest of one request's body.
pub(crate) struct Unread(Option<Shared>);

impl Unread {
    /// The request, and the rest of its body.
    pub(crate) fn of(request: Request) -> (Request, Self) {
        if request.body().is_end_stream() {
            return (request, Self(None));
        }
        let waits = request.headers().contains_key(EXPECT);
        let (head, body) = request.into_parts();
        let shared = Shared(Arc::new(Mutex::new(Inner { body, waits })));
        (Request::from_parts(head, Body::new(shared.clone())), Self(Some(shared)))
    }

    /// Reads the rest if the request was refused. Not of who was too slow already, and not of who
    /// waits to be asked: there is nothing to read.
    pub(crate) async fn drain_after(self, status: StatusCode) {
        let refused = status.is_client_error() || status.is_server_error();
        let Some(shared) = self.0.filter(|_| refused && status != StatusCode::REQUEST_TIMEOUT)
        else {
            return;
        };
        if shared.lock().waits {
            return;
        }
        let mut body = Body::new(shared);
        let reading = async {
            let mut left = BYTES_MAX;
            while let Some(Ok(frame)) = body.frame().await {
                let length = frame.data_ref().map_or(0, |data| data.len() as u64);
                match left.checked_sub(length) {
                    Some(rest) => left = rest,
                    None => return,
                }
            }
        };
        // Whether it ended or the time is over makes no difference.
        let _ = tokio::time::timeout(DEADLINE, reading).await;
    }
}
