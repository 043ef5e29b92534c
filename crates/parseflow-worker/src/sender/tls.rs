//! TLS of outgoing connections: the one place that chooses its provider and its protocol versions.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

/// TLS that trusts the public certificate authorities.
///
/// # Errors
/// When the provider lacks what the protocol versions need.
pub fn public_tls() -> Result<ClientConfig, rustls::Error> {
    trusting(RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()))
}

/// The same, with these authorities instead.
pub(super) fn trusting(roots: RootCertStore) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}
