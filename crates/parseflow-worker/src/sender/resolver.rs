//! From names to addresses, and vetting a URL before it is registered.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use parseflow_webhooks::url_policy::{TargetPolicy, UrlError};

/// How long registration waits for a name.
const VETTING_TIME: Duration = Duration::from_secs(2);

/// Resolves host names as the system is configured to. Cheap to clone.
#[derive(Clone)]
pub struct Resolver {
    /// `None` when the system has no usable configuration: no name resolves.
    dns: Option<Arc<TokioResolver>>,
}

impl Resolver {
    /// The system's configuration.
    pub fn system() -> Self {
        let dns = TokioResolver::builder_tokio().and_then(|builder| builder.build());
        if let Err(error) = &dns {
            tracing::warn!(error = %error, "no name resolution: only addresses can be reached");
        }
        Self { dns: dns.ok().map(Arc::new) }
    }

    /// Asks this name server alone, over UDP.
    pub fn asking(server: SocketAddr) -> Self {
        let mut connection = ConnectionConfig::udp();
        connection.port = server.port();
        let server = NameServerConfig::new(server.ip(), true, vec![connection]);
        let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
        let provider = TokioRuntimeProvider::default();
        let dns = TokioResolver::builder_with_config(config, provider).build();
        Self { dns: dns.ok().map(Arc::new) }
    }

    /// The addresses of `host`, a name or an address (IPv6 perhaps in brackets); `None` when it has
    /// none.
    pub(crate) async fn addresses(&self, host: &str) -> Option<Vec<IpAddr>> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse() {
            return Some(vec![address]);
        }
        let found = self.dns.as_ref()?.lookup_ip(bare).await.ok()?;
        let addresses: Vec<_> = found.iter().collect();
        (!addresses.is_empty()).then_some(addresses)
    }

    /// Checks a URL before it is registered: by its text, and by the addresses of its host if it has
    /// any now. A name that does not resolve yet is accepted: every attempt checks again.
    ///
    /// # Errors
    /// See [`UrlError`].
    pub async fn vet(&self, policy: &TargetPolicy, url: &str) -> Result<(), UrlError> {
        let url = policy.check_url(url)?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(UrlError::Invalid);
        };
        let found = tokio::time::timeout(VETTING_TIME, self.addresses(host)).await;
        for address in found.ok().flatten().unwrap_or_default() {
            policy.check_address(address, port)?;
        }
        Ok(())
    }
}
