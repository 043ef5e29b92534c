//! Any bytes as the answer of a receiver.

use std::cell::RefCell;
use std::time::Duration;

use parseflow_model::{FailureKind, Timestamp};
use parseflow_webhooks::url_policy::TargetPolicy;
use parseflow_worker::{AttemptSender, AttemptTask, HttpSender, Resolver};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// More than the sender keeps.
const KEPT_MAX: usize = 1_024;

thread_local! {
    static RUNTIME: RefCell<Runtime> = RefCell::new(
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the system can poll sockets"),
    );
}

/// Whatever a receiver answers, the outcome is one and agrees with itself.
pub fn http_answer(bytes: &[u8]) {
    RUNTIME.with_borrow_mut(|runtime| runtime.block_on(exchange(bytes.to_vec())));
}

async fn exchange(answer: Vec<u8>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let url = format!("http://{}/", listener.local_addr().expect("it is bound"));
    let server = tokio::spawn(async move {
        let Ok((mut stream, _)) = listener.accept().await else { return };
        let mut request = [0; 1_024];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(&answer).await;
        let _ = stream.shutdown().await;
    });
    let allow = vec!["127.0.0.0/8".parse().expect("a network")];
    let policy = TargetPolicy { allow_http: true, allow, ..TargetPolicy::default() };
    let sender = HttpSender::new(policy, Resolver::system()).expect("TLS can be set up");
    let task = AttemptTask {
        url,
        headers: Vec::new(),
        custom_headers: Default::default(),
        body: Default::default(),
        timeout: Duration::from_secs(5),
        started_at: Timestamp::from_secs(1_776_160_800),
    };
    let outcome = sender.send(task).await;
    server.abort();
    assert!(outcome.response_body.len() <= KEPT_MAX, "{outcome:?}");
    let is_2xx = outcome.status.is_some_and(|status| (200..300).contains(&status));
    match outcome.failure {
        None => assert!(is_2xx, "{outcome:?}"),
        Some(FailureKind::Status) => assert!(outcome.status.is_some() && !is_2xx, "{outcome:?}"),
        Some(FailureKind::Connection | FailureKind::Protocol) => {}
        Some(other) => panic!("the answer ends at once and counts as {other:?}: {outcome:?}"),
    }
}
