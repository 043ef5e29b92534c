//! What a store in trouble does to its caller; a real one is asked in `tests/s3`.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Mutex;

use super::*;

struct Stopped;

impl WallClock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(1_776_161_100)
    }
}

/// A store that gives each connection the next answer, and the pauses that were made.
fn against(answers: Vec<&'static str>) -> (S3Files, Arc<Mutex<Vec<Duration>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    let options = S3Options {
        bucket: "bucket".into(),
        prefix: String::new(),
        endpoint: Some(endpoint),
        region: "us-east-1".into(),
        credentials: Credentials { id: "id".into(), secret: "secret".into(), token: None },
    };
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let made = Arc::clone(&pauses);
    let pause: Pause = Arc::new(move |duration| {
        made.lock().unwrap().push(duration);
        Box::pin(std::future::ready(()))
    });
    (S3Files::new(options, Arc::new(Stopped), pause).unwrap(), pauses)
}

const SLOW_DOWN: &str = "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const FOUND: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nbytes";
const DENIED: &str = "HTTP/1.1 403 Forbidden\r\nContent-Length: 42\r\nConnection: close\r\n\r\n\
                      <Error><Code>AccessDenied</Code></Error>  ";

#[tokio::test]
async fn what_fails_for_a_while_is_asked_again_with_growing_pauses() {
    let (files, pauses) = against(vec![SLOW_DOWN, "", SLOW_DOWN, FOUND]);
    assert_eq!(files.get("ext_1").await.unwrap().as_deref(), Some(&b"bytes"[..]));
    assert_eq!(*pauses.lock().unwrap(), [100, 200, 400].map(Duration::from_millis));
}

#[tokio::test]
async fn a_store_that_stays_in_trouble_is_given_up() {
    let (files, pauses) = against(vec![SLOW_DOWN; 5]);
    let error = files.put("ext_1", Vec::new()).await.unwrap_err();
    assert_eq!(error.code(), "store_unavailable");
    assert!(chain(&error).contains("503"), "{}", chain(&error));
    assert_eq!(pauses.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn a_refusal_is_not_repeated_and_named() {
    let (files, pauses) = against(vec![DENIED]);
    let error = files.get("ext_1").await.unwrap_err();
    assert!(chain(&error).contains("AccessDenied"), "{}", chain(&error));
    assert!(pauses.lock().unwrap().is_empty());
}

#[test]
fn secrets_are_not_printed_and_an_endpoint_must_be_a_url() {
    let credentials = Credentials { id: "id".into(), secret: "hidden".into(), token: None };
    assert!(!format!("{credentials:?}").contains("hidden"));
    let options = S3Options {
        bucket: "bucket".into(),
        prefix: String::new(),
        endpoint: Some("localhost".into()),
        region: "us-east-1".into(),
        credentials,
    };
    let pause: Pause = Arc::new(|_| Box::pin(std::future::ready(())));
    assert!(S3Files::new(options, Arc::new(Stopped), pause).is_err());
}
