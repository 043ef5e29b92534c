//! A language model that helps, lies, hangs, breaks off and drowns its caller.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parseflow_extract::ExtractOptions;
use parseflow_model::{Extraction, FieldSource, Timestamp, WallClock};
use parseflow_reader::{DocumentReader, ThreadReader};
use parseflow_worker::{
    ChatModel, Clock, ModelAddress, OpinionLimits, SecondOpinion, WaitFuture, WorkerMetrics,
};
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

const INVOICE: &[u8] = b"INVOICE\nNorthwind Tools Ltd\nHanded over by the depot\n\
    Invoice number: NT-2041\nInvoice date: 2026-03-02\n\
    Subtotal: 43.00 GBP\nVAT 20%: 8.60 GBP\nTotal: 51.60 GBP\n";

/// A clock that stands still until it is told otherwise; whoever waits for a later time waits for `end`.
#[derive(Default)]
struct Hand {
    secs: AtomicI64,
    end: Arc<Notify>,
}

impl WallClock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(1_776_160_800 + self.secs.load(Ordering::Relaxed))
    }
}

impl Clock for Hand {
    fn sleep_until(&self, _: Timestamp) -> WaitFuture {
        let end = Arc::clone(&self.end);
        Box::pin(async move { end.notified().await })
    }
}

/// A model's server: whatever it is asked it writes the same bytes, and hangs up or goes on for ever.
struct ModelServer {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
    asked: Arc<AtomicUsize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Then {
    HangUp,
    WriteForEver,
    /// Tells the clock that the time is over, and says nothing.
    Hang,
}

impl ModelServer {
    async fn start(answer: Vec<u8>, then: Then, end: Arc<Notify>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let (requests, asked) = (Arc::new(Mutex::default()), Arc::new(AtomicUsize::new(0)));
        let server = Self { url, requests: Arc::clone(&requests), asked: Arc::clone(&asked) };
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = request_of(&mut stream).await;
                asked.fetch_add(1, Ordering::Relaxed);
                requests.lock().unwrap().push(request);
                let _ = stream.write_all(&answer).await;
                match then {
                    Then::HangUp => {}
                    Then::WriteForEver => while stream.write_all(&[b' '; 4_096]).await.is_ok() {},
                    Then::Hang => {
                        end.notify_one();
                        // Until the other side has gone.
                        let _ = stream.read(&mut [0; 1]).await;
                    }
                }
            }
        });
        server
    }
}

/// Head and body of one request.
async fn request_of(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        let mut piece = [0; 4_096];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return String::from_utf8_lossy(&bytes).into_owned(),
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
        }
    }
}

/// What a server of models answers with when the model has written `content`.
fn chat(content: &str) -> Vec<u8> {
    let message = json!({"role": "assistant", "content": content});
    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
    ok(&json!({"object": "chat.completion", "choices": [choice]}).to_string())
}

fn ok(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

struct Reading {
    reader: SecondOpinion,
    clock: Arc<Hand>,
    server: ModelServer,
    registry: Registry,
}

impl Reading {
    async fn with(answer: Vec<u8>, then: Then) -> Self {
        let clock = Arc::new(Hand::default());
        let server = ModelServer::start(answer, then, Arc::clone(&clock.end)).await;
        let key = Some("sk-secret".to_owned());
        let address = ModelAddress { url: server.url.clone(), name: "tiny".to_owned(), key };
        let mut registry = Registry::default();
        let reader = SecondOpinion::new(
            Arc::new(ThreadReader { timeout: Duration::from_secs(60) }),
            Arc::new(ChatModel::new(&address).unwrap()),
            Arc::clone(&clock) as Arc<dyn Clock>,
            OpinionLimits {
                timeout: Duration::from_secs(20),
                concurrency: 1,
                text_bytes_max: 10_000,
            },
            WorkerMetrics::new(&mut registry),
        );
        Self { reader, clock, server, registry }
    }

    async fn read(&self) -> Extraction {
        self.reader.read(INVOICE.to_vec(), options()).await.unwrap()
    }

    fn counted(&self, outcome: &str) -> bool {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).unwrap();
        text.contains(&format!("parseflow_model_questions_total{{outcome=\"{outcome}\"}}"))
    }
}

/// A schema whose second property only a model finds.
fn options() -> ExtractOptions {
    let mut options = ExtractOptions::default();
    options.wishes.schema = Some(json!({"type": "object", "properties": {
        "total": {"type": "number"},
        "courier": {"type": "string"}
    }}));
    options
}

async fn alone() -> Extraction {
    let reader = ThreadReader { timeout: Duration::from_secs(60) };
    reader.read(INVOICE.to_vec(), options()).await.unwrap()
}

fn codes(extraction: &Extraction) -> Vec<&str> {
    extraction.warnings.iter().map(|warning| warning.code.as_str()).collect()
}

#[tokio::test]
async fn what_the_model_points_out_is_taken_with_its_evidence() {
    for fence in [("", ""), ("```json\n", "\n```"), ("```", "```")] {
        let content = format!("{}{{\"total\":51.6,\"courier\":\"The Depot\"}}{}", fence.0, fence.1);
        let reading = Reading::with(chat(&content), Then::HangUp).await;
        let found = reading.read().await;
        assert_eq!(found.data["courier"], "the depot");
        let field = found.fields.iter().find(|field| field.name == "courier").unwrap();
        assert_eq!((field.source, field.page), (FieldSource::Model, 1));
        assert_eq!(found.data["total"], 51.6);
        assert_eq!(codes(&found), codes(&alone().await));
        assert!(found.printed.is_empty());
        assert!(reading.counted("ok"));
    }
}

#[tokio::test]
async fn the_request_is_what_servers_of_models_take() {
    let reading = Reading::with(chat("{}"), Then::HangUp).await;
    reading.read().await;
    let request = reading.server.requests.lock().unwrap()[0].clone();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("authorization: Bearer sk-secret"), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&body["model"], &body["temperature"]), (&json!("tiny"), &json!(0)));
    let format = &body["response_format"];
    assert_eq!(
        (&format["type"], &format["json_schema"]["strict"]),
        (&json!("json_schema"), &json!(true))
    );
    assert_eq!(format["json_schema"]["schema"]["required"], json!(["total", "courier"]));
    let document = body["messages"][1]["content"].as_str().unwrap();
    assert!(document.contains("Handed over by the depot\n"), "{document}");
}

#[tokio::test]
async fn what_is_not_on_the_page_is_dropped() {
    let content = "{\"total\":99.5,\"courier\":\"Somebody Else\",\"extra\":[[[1]]]}";
    let reading = Reading::with(chat(content), Then::HangUp).await;
    let (found, alone) = (reading.read().await, alone().await);
    assert_eq!((&found.data, &found.fields), (&alone.data, &alone.fields));
    assert!(codes(&found).contains(&"model_not_on_page"));
    assert!(!format!("{:?}", found.warnings).contains("Somebody"));
}

#[tokio::test]
async fn a_model_that_fails_never_fails_the_document() {
    let endless =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: identity\r\nconnection: close\r\n\r\n".to_vec();
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffff\r\n".to_vec();
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{\"choices\":[{\"mess".to_vec();
    let moved = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let failing = b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n".to_vec();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let cases: Vec<(Vec<u8>, Then, &str)> = vec![
        (failing, Then::HangUp, "status"),
        (moved.to_vec(), Then::HangUp, "status"),
        (cut, Then::HangUp, "broken_off"),
        (b"SSH-2.0-model\r\n".to_vec(), Then::HangUp, "unreachable"),
        (Vec::new(), Then::HangUp, "unreachable"),
        (chunked, Then::WriteForEver, "too_large"),
        (endless, Then::WriteForEver, "too_large"),
        (ok("not json"), Then::HangUp, "not_json"),
        (ok(&deep), Then::HangUp, "not_json"),
        (ok("{\"choices\":[]}"), Then::HangUp, "not_json"),
        (ok("{\"choices\":[{\"message\":{\"content\":null}}]}"), Then::HangUp, "not_json"),
        (chat("Sure! The total is 51.60."), Then::HangUp, "not_json"),
        (chat("[1,2,3]"), Then::HangUp, "not_json"),
        (chat("{\"total\": 51.6, \"courier\": \"the dep"), Then::HangUp, "not_json"),
        (chat(&deep), Then::HangUp, "not_json"),
        (Vec::new(), Then::Hang, "timeout"),
    ];
    let alone = alone().await;
    for (answer, then, outcome) in cases {
        let shown = String::from_utf8_lossy(&answer[..answer.len().min(60)]).into_owned();
        let reading = Reading::with(answer, then).await;
        let found = reading.read().await;
        assert_eq!((&found.data, &found.fields), (&alone.data, &alone.fields), "{shown}");
        assert_eq!(found.confidence, alone.confidence);
        assert!(codes(&found).contains(&"model_unavailable"), "{shown}: {:?}", codes(&found));
        assert!(reading.counted(outcome), "{shown}: not {outcome}: {:?}", found.warnings);
        assert!(found.printed.is_empty());
    }
}

#[tokio::test]
async fn a_model_that_fails_again_and_again_is_left_alone_for_a_minute() {
    let failing = b"HTTP/1.1 503 Busy\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".to_vec();
    let reading = Reading::with(failing, Then::HangUp).await;
    for _ in 0..5 {
        assert!(codes(&reading.read().await).contains(&"model_unavailable"));
    }
    assert_eq!(reading.server.asked.load(Ordering::Relaxed), 3);
    assert!(reading.counted("left_alone"));
    reading.clock.secs.store(61, Ordering::Relaxed);
    for _ in 0..2 {
        reading.read().await;
    }
    assert_eq!(reading.server.asked.load(Ordering::Relaxed), 4);
}
