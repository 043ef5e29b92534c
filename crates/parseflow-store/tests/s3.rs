//! Uploaded files in a real S3-compatible store.
//!
//! The store is the one that `PARSEFLOW_TEST_S3_URL` names; `cargo xtask test` starts one.

#![expect(clippy::unwrap_used, reason = "a store that cannot be prepared fails the test")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use parseflow_model::{Timestamp, WallClock};
use parseflow_store::s3::{Credentials, S3Options};
use parseflow_store::{DocumentFiles, S3Files};

struct SystemTime;

impl WallClock for SystemTime {
    #[expect(clippy::disallowed_methods, reason = "a real store asks what time it is")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Timestamp::from_millis(since.as_millis() as i64)
    }
}

const LONG_AGO: Timestamp = Timestamp::from_secs(1);
const FAR_AHEAD: Timestamp = Timestamp::from_secs(100_000_000_000);

fn server() -> String {
    std::env::var("PARSEFLOW_TEST_S3_URL")
        .expect("PARSEFLOW_TEST_S3_URL names a store; `cargo xtask test` starts one")
}

fn files(bucket: &str, prefix: &str) -> S3Files {
    let options = S3Options {
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        endpoint: Some(server()),
        region: "us-east-1".into(),
        credentials: Credentials { id: "test".into(), secret: "test".into(), token: None },
    };
    let pause: parseflow_store::s3::Pause = Arc::new(|_| Box::pin(std::future::ready(())));
    S3Files::new(options, Arc::new(SystemTime), pause).unwrap()
}

/// Makes a bucket of this process; its name.
fn bucket(name: &str) -> String {
    let bucket = format!("parseflow-{}-{name}", std::process::id());
    let address = server().strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let put = format!(
        "PUT /{bucket} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(put.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    bucket
}

#[tokio::test]
async fn a_file_reads_back_until_it_is_deleted() {
    let bucket = bucket("reads-back");
    for prefix in ["", "documents", "a b/ü+~"] {
        let files = files(&bucket, prefix);
        assert_eq!(files.get("ext_1").await.unwrap(), None);
        let large: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
        files.put("ext_1", b"first".to_vec()).await.unwrap();
        files.put("ext_1", large.clone()).await.unwrap();
        assert_eq!(files.get("ext_1").await.unwrap(), Some(large));
        files.put("ext_2", Vec::new()).await.unwrap();
        assert_eq!(files.get("ext_2").await.unwrap(), Some(Vec::new()));
        files.delete("ext_1").await.unwrap();
        files.delete("ext_1").await.unwrap();
        assert_eq!(files.get("ext_1").await.unwrap(), None);
        files.delete("ext_2").await.unwrap();
    }
}

#[tokio::test]
async fn files_are_found_by_their_age_page_by_page_under_their_prefix_only() {
    let bucket = bucket("lists");
    let (own, other) = (files(&bucket, "own"), files(&bucket, "own-not"));
    other.put("ext_x", b"x".to_vec()).await.unwrap();
    files(&bucket, "own/deeper").put("ext_y", b"y".to_vec()).await.unwrap();
    assert_eq!(own.written_before(FAR_AHEAD, 10).await.unwrap(), [""; 0]);
    // The store of the tests gives 10 names a page.
    let names: Vec<String> = (10..35).map(|n| format!("ext_{n}")).collect();
    for name in &names {
        own.put(name, b"bytes".to_vec()).await.unwrap();
    }
    assert_eq!(own.written_before(LONG_AGO, 100).await.unwrap(), [""; 0]);
    let mut found = own.written_before(FAR_AHEAD, 100).await.unwrap();
    found.sort();
    assert_eq!(found, names);
    assert_eq!(own.written_before(FAR_AHEAD, 12).await.unwrap().len(), 12);
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_an_error_not_a_missing_file() {
    let files = files("parseflow-no-such-bucket", "");
    assert!(files.get("ext_1").await.is_err());
    assert!(files.put("ext_1", b"bytes".to_vec()).await.is_err());
    assert!(files.written_before(FAR_AHEAD, 1).await.is_err());
}
