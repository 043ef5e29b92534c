use crate::form::{Form, sample};
use crate::world::World;

const DEMO: &str = "/api/v1/demo";

#[tokio::test]
async fn a_document_is_read_without_a_key_and_nothing_is_stored() {
    let world = World::new();
    let form = Form::default().file("file", "invoice.pdf", &sample("invoice-english.pdf"));
    let answer = world.send(form.post(DEMO, "")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["status"], "completed");
    assert_eq!(body["documentType"], "invoice");
    assert_eq!(body["metadata"]["mimeType"], "application/pdf");
    assert!(body.get("id").is_none(), "there is nothing to look up");
    assert!(world.files.names().is_empty());
}

#[tokio::test]
async fn documents_that_cannot_be_read_have_their_code() {
    let world = World::new();
    let checks = [("corrupt.pdf", 422, "corrupt_file"), ("encrypted.pdf", 422, "encrypted")];
    for (name, status, code) in checks {
        let form = Form::default().file("file", name, &sample(name));
        world.send(form.post(DEMO, "")).await.is_problem(status, code);
    }
}

#[tokio::test]
async fn a_file_above_two_megabytes_is_refused() {
    let world = World::new();
    let form = Form::default().file("file", "a.txt", &vec![b'x'; 2 * 1024 * 1024 + 1]);
    world.send(form.post(DEMO, "")).await.is_problem(413, "too_large");
}

#[tokio::test]
async fn one_address_gets_ten_a_minute() {
    let world = World::new();
    for _ in 0..10 {
        let form = Form::default().file("file", "a.txt", b"");
        world.send(form.post(DEMO, "")).await.is_problem(422, "empty_document");
    }
    let refused = world.send(Form::default().file("file", "a.txt", b"x").post(DEMO, "")).await;
    refused.is_problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), Some("6"));
    assert_eq!(refused.header("ratelimit-limit"), Some("10"));
    let mut request = Form::default().file("file", "a.txt", b"Invoice 1").post(DEMO, "");
    let peer: std::net::SocketAddr = "192.0.2.7:4711".parse().unwrap();
    request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
    assert_eq!(world.send(request).await.status, 200, "another address has its own allowance");
}

#[tokio::test]
async fn more_than_can_be_read_at_once_is_told_to_come_back() {
    let world = World::with(|settings| settings.demo_at_once_max = 0);
    let form = Form::default().file("file", "a.txt", b"text");
    let answer = world.send(form.post(DEMO, "")).await;
    answer.is_problem(503, "demo_busy");
    assert_eq!(answer.header("retry-after"), Some("1"));
}
