use axum::{Router, body::Bytes, http::{HeaderMap, StatusCode}, routing::post};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The whole body as it arrived: sign these bytes, not parsed JSON.
async fn receive(headers: HeaderMap, body: Bytes) -> StatusCode {
    // Keep it in your environment, not in your code.
    let secret = std::env::var("PARSEFLOW_SECRET")
        .unwrap_or_else(|_| "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456".to_owned());
    let given = headers.get("x-parseflow-signature").map(|value| value.as_bytes());
    let given = hex::decode(given.unwrap_or_default()).unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(&body);
    if mac.verify_slice(&given).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    if let Ok(event) = serde_json::from_slice::<serde_json::Value>(&body) {
        println!("{} {}", event["event"], event["data"]["id"]);
    }
    StatusCode::NO_CONTENT
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("0.0.0.0:9000").await?;
    axum::serve(listener, Router::new().fallback(post(receive))).await
}
