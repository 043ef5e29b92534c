//! Servers whose certificates are not to be trusted.

use std::net::Ipv4Addr;
use std::sync::Arc;

use parseflow_model::{AttemptOutcome, FailureKind};
use parseflow_worker::{AttemptSender, HttpSender, Resolver};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto};

use crate::hostile::name_server;
use crate::sender::{open_policy, task};

const HOST: &str = "hooks.example.com";

/// A certificate authority of the test's own.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    roots: RootCertStore,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(certificate.der().clone()).unwrap();
        Self { issuer: Issuer::new(params, key), roots }
    }

    /// A certificate for `host`, with its key.
    fn certify(&self, params: CertificateParams) -> (CertificateDer<'static>, KeyPair) {
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().der().clone(), key)
    }
}

fn certificate_for(host: &str) -> CertificateParams {
    CertificateParams::new(vec![host.to_owned()]).unwrap()
}

/// What comes of an attempt at a server that shows this certificate and accepts everything.
async fn send(
    roots: &RootCertStore,
    (certificate, key): (CertificateDer<'static>, KeyPair),
) -> AttemptOutcome {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let provider = Arc::new(crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let Ok(mut stream) = acceptor.accept(stream).await else { return };
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        let _ = stream.flush().await;
        std::future::pending::<()>().await;
    });
    let resolver = Resolver::asking(name_server(vec![vec![Ipv4Addr::LOCALHOST]]).await);
    let sender = HttpSender::trusting(open_policy(), resolver, roots.clone()).unwrap();
    sender.send(task(&format!("https://{HOST}:{port}/"))).await
}

#[tokio::test]
async fn a_good_certificate_is_accepted() {
    let authority = Authority::new();
    let good = authority.certify(certificate_for(HOST));
    let outcome = send(&authority.roots, good).await;
    assert!(outcome.is_success(), "{outcome:?}");
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let authority = Authority::new();
    let mut expired = certificate_for(HOST);
    expired.not_before = date_time_ymd(2019, 1, 1);
    expired.not_after = date_time_ymd(2020, 1, 1);
    let outcome = send(&authority.roots, authority.certify(expired)).await;
    assert_eq!(outcome.failure, Some(FailureKind::Tls), "{outcome:?}");
}

#[tokio::test]
async fn a_certificate_that_is_not_valid_yet_is_refused() {
    let authority = Authority::new();
    let mut early = certificate_for(HOST);
    early.not_before = date_time_ymd(4000, 1, 1);
    early.not_after = date_time_ymd(4001, 1, 1);
    let outcome = send(&authority.roots, authority.certify(early)).await;
    assert_eq!(outcome.failure, Some(FailureKind::Tls), "{outcome:?}");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let authority = Authority::new();
    for host in ["other.example.com", "example.com", "*.other.example.com", "127.0.0.1"] {
        let outcome = send(&authority.roots, authority.certify(certificate_for(host))).await;
        assert_eq!(outcome.failure, Some(FailureKind::Tls), "{host}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_certificate_signed_by_itself_or_by_a_stranger_is_refused() {
    let authority = Authority::new();
    let key = KeyPair::generate().unwrap();
    let alone = certificate_for(HOST).self_signed(&key).unwrap().der().clone();
    let stranger = Authority::new().certify(certificate_for(HOST));
    for certificate in [(alone, key), stranger] {
        let outcome = send(&authority.roots, certificate).await;
        assert_eq!(outcome.failure, Some(FailureKind::Tls), "{outcome:?}");
    }
}
