//! From a URL to connections: what is asked of every session, and TLS.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::port::StoreError;

/// A server that cannot be reached is given up after this long.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that acknowledges nothing for this long is broken.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// Waiting for a free connection ends with an error after this long.
const POOL_WAIT: Duration = Duration::from_secs(10);

/// Asked of every session.
///
/// Every query of the product has its index and reads few rows, so plans that read whole tables or
/// hash them are never wanted, whatever old statistics say. A process that stops in the middle of a
/// transaction must not hold its locks for long: others wait for them to take its work over.
const SESSION: &str = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off \
    -c jit=off -c synchronous_commit=on -c idle_in_transaction_session_timeout=5000 \
    -c lock_timeout=15000 -c statement_timeout=60000 -c client_min_messages=warning";

/// How the server's certificate is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Check {
    /// Not at all: encrypted against listeners only.
    No,
    /// Against the roots that browsers trust, or those in this file (PEM).
    Roots(Option<String>),
}

/// A URL that cannot be used.
fn unusable(text: impl Into<String>) -> StoreError {
    StoreError::Unavailable(text.into().into())
}

/// Splits what `tokio_postgres` does not know off the URL: `sslmode=verify-full` and `sslrootcert`.
fn read_url(url: &str) -> Result<(Config, Check), StoreError> {
    let mut parsed = url::Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "postgres" | "postgresql"))
        .ok_or_else(|| unusable("not a URL such as postgres://user@host/database"))?;
    let (mut check, mut roots) = (false, None);
    let kept: Vec<(String, String)> = parsed
        .query_pairs()
        .into_owned()
        .filter_map(|(name, value)| match (name.as_str(), value.as_str()) {
            ("sslmode", "verify-full" | "verify-ca") => {
                check = true;
                Some((name, "require".to_owned()))
            }
            ("sslrootcert", _) => {
                check = true;
                roots = Some(value);
                None
            }
            _ => Some((name, value)),
        })
        .collect();
    // Percent-encoded, because a `+` is not read as a space there.
    let query: Vec<String> =
        kept.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
    parsed.set_query((!query.is_empty()).then(|| query.join("&")).as_deref());
    let mut config: Config =
        parsed.as_str().parse().map_err(|error| StoreError::Unavailable(Box::new(error)))?;
    let options = config.get_options().map_or(String::new(), |given| format!(" {given}"));
    config.options(format!("{SESSION}{options}"));
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE_MAX);
    }
    config.keepalives_idle(SILENCE_MAX);
    if config.get_application_name().is_none() {
        config.application_name("parseflow");
    }
    Ok((config, if check { Check::Roots(roots) } else { Check::No }))
}

fn percent(text: &str) -> String {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_.~/".contains(b);
    text.bytes()
        .map(|b| if plain(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Connections to the database at `url`, at most `connections` at a time; none is made yet.
pub(super) fn pool(url: &str, connections: usize) -> Result<Pool, StoreError> {
    let (config, check) = read_url(url)?;
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = if config.get_ssl_mode() == SslMode::Disable {
        Manager::from_config(config, tokio_postgres::NoTls, recycling)
    } else {
        Manager::from_config(config, MakeRustlsConnect::new(tls(&check)?), recycling)
    };
    Pool::builder(manager)
        .max_size(connections)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(POOL_WAIT))
        .create_timeout(Some(CONNECT_TIMEOUT * 2))
        .build()
        .map_err(|error| StoreError::Unavailable(Box::new(error)))
}

/// A pool's failure as the port reports it.
pub(super) fn no_connection(error: PoolError) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

fn tls(check: &Check) -> Result<ClientConfig, StoreError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Unavailable(Box::new(error)))?;
    Ok(match check {
        Check::No => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Unchecked(provider)))
            .with_no_client_auth(),
        Check::Roots(file) => {
            builder.with_root_certificates(roots(file.as_deref())?).with_no_client_auth()
        }
    })
}

fn roots(file: Option<&str>) -> Result<RootCertStore, StoreError> {
    let mut store = RootCertStore::empty();
    let Some(file) = file else {
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        return Ok(store);
    };
    let found = CertificateDer::pem_file_iter(file)
        .map_err(|error| unusable(format!("sslrootcert {file}: {error}")))?;
    for certificate in found {
        let certificate =
            certificate.map_err(|error| unusable(format!("sslrootcert {file}: {error}")))?;
        store.add(certificate).map_err(|error| unusable(format!("sslrootcert {file}: {error}")))?;
    }
    Ok(store)
}

/// Accepts any certificate, as `sslmode=prefer` and `require` mean it everywhere.
#[derive(Debug)]
struct Unchecked(Arc<CryptoProvider>);

impl ServerCertVerifier for Unchecked {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_certificate_is_checked_when_the_url_asks_for_it() {
        let check = |query: &str| read_url(&format!("postgres://u@h/d{query}")).unwrap().1;
        assert_eq!(check(""), Check::No);
        assert_eq!(check("?sslmode=require"), Check::No);
        assert_eq!(check("?sslmode=verify-full"), Check::Roots(None));
        let roots = Some("/etc/ca.pem".to_owned());
        assert_eq!(check("?sslmode=verify-full&sslrootcert=/etc/ca.pem"), Check::Roots(roots));
    }

    #[test]
    fn options_of_the_url_come_after_ours_and_win() {
        let (config, _) = read_url("postgres://u@h/d?options=-c%20search_path%3Dmine").unwrap();
        assert!(config.get_options().unwrap().ends_with(" -c search_path=mine"));
    }

    #[test]
    fn what_is_no_database_url_is_refused_without_repeating_it() {
        for wrong in ["mysql://root:secret@h/d", "secret", "postgres://u@h/d?sslmode=secret"] {
            let error = read_url(wrong).unwrap_err();
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
    }
}
