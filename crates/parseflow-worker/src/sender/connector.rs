//! The only way to a socket: resolve, vet every address, dial a vetted one.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use parseflow_model::FailureKind;
use parseflow_webhooks::url_policy::{AddressError, TargetPolicy};
use tokio::net::TcpStream;

use super::Resolver;

/// Time to connect, over all addresses of a host.
const CONNECT_TIME: Duration = Duration::from_secs(5);

/// Why there is no connection. Says nothing about what a blocked target is.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error("the host name cannot be resolved")]
    Unresolved,
    #[error("{0}")]
    Blocked(#[from] AddressError),
    #[error("no connection: {}", .0.kind())]
    Refused(#[source] std::io::Error),
    #[error("no connection within {} s", CONNECT_TIME.as_secs())]
    TooSlow,
}

impl ConnectError {
    /// The kind of failure this is for the attempt.
    pub(super) fn kind(&self) -> FailureKind {
        match self {
            ConnectError::Unresolved => FailureKind::Dns,
            ConnectError::Blocked(_) => FailureKind::Blocked,
            ConnectError::Refused(_) => FailureKind::Connection,
            ConnectError::TooSlow => FailureKind::Timeout,
        }
    }
}

/// Connects to vetted addresses only. Between the check and the connection there is no second
/// resolution, so nothing can be re-bound.
#[derive(Clone)]
pub(super) struct VettedConnector {
    policy: Arc<TargetPolicy>,
    resolver: Resolver,
}

impl VettedConnector {
    pub(super) fn new(policy: Arc<TargetPolicy>, resolver: Resolver) -> Self {
        Self { policy, resolver }
    }

    async fn connect(self, uri: Uri) -> Result<TokioIo<TcpStream>, ConnectError> {
        let host = uri.host().ok_or(ConnectError::Unresolved)?;
        let port = uri.port_u16().unwrap_or(match uri.scheme_str() {
            Some("http") => 80,
            _ => 443,
        });
        let addresses = self.resolver.addresses(host).await.ok_or(ConnectError::Unresolved)?;
        // One forbidden address condemns the name: it may be an attempt to slip through.
        for address in &addresses {
            self.policy.check_address(*address, port)?;
        }
        match tokio::time::timeout(CONNECT_TIME, dial(&addresses, port)).await {
            Ok(stream) => stream.map(TokioIo::new),
            Err(_) => Err(ConnectError::TooSlow),
        }
    }
}

/// Dials the addresses in turn until one answers.
async fn dial(addresses: &[IpAddr], port: u16) -> Result<TcpStream, ConnectError> {
    let mut latest = ConnectError::Unresolved;
    for address in addresses {
        match TcpStream::connect(SocketAddr::new(*address, port)).await {
            Ok(stream) => {
                // A webhook is one small write: waiting for more to send only delays it.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => latest = ConnectError::Refused(error),
        }
    }
    Err(latest)
}

impl tower_service::Service<Uri> for VettedConnector {
    type Response = TokioIo<TcpStream>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}
