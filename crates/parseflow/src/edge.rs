//! The way in: connections, their limits, and their end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use parseflow_api::Front;
use parseflow_worker::Clock;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

/// Connections at the same time; more wait to be accepted.
const CONNECTIONS_MAX: usize = 8_192;
/// A request's head must be complete within this time, and within this many bytes.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Out of file descriptors: pause before accepting again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Accepts connections until `stop` becomes true, then lets requests in flight finish for at most
/// `grace`.
pub(crate) async fn serve(
    listener: TcpListener,
    front: Front,
    clock: Arc<dyn Clock>,
    mut stop: watch::Receiver<bool>,
    grace: Duration,
) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    loop {
        let slot = Arc::clone(&slots).acquire_owned();
        let accepted = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = async { (slot.await, listener.accept().await) } => accepted,
        };
        let (slot, (stream, peer)) = match accepted {
            (Ok(slot), Ok(accepted)) => (slot, accepted),
            (_, Err(error)) => {
                tracing::warn!(%error, "a connection could not be accepted");
                clock.sleep_until(clock.now() + ACCEPT_PAUSE).await;
                continue;
            }
            (Err(_), _) => break,
        };
        let connection = connection(stream, peer, front.clone());
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that goes away or sends no HTTP is none of the operator's concern.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(slot);
        });
    }
    drop(listener);
    if tokio::time::timeout(grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests in flight did not finish in time and were cut off");
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    front: Front,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let service = service_fn(move |mut request: Request<Incoming>| {
        let front = front.clone();
        request.extensions_mut().insert(ConnectInfo(peer));
        async move { Ok::<_, Infallible>(front.answer(request.map(Body::new)).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
}
