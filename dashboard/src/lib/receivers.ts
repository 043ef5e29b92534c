/**
 * Receivers that verify `X-ParseFlow-Signature`, complete and without packages, in five languages. Each is a program of its
 * own that listens on port 9000. The tests run those for which they have a language.
 */

export interface Receiver {
  name: string;
  file: string;
  /** How to start it. */
  run: string;
  code: (secret: string) => string;
}

const NODE: Receiver = {
  name: 'Node',
  file: 'receiver.mjs',
  run: 'node receiver.mjs',
  code: (secret) => `import { createServer } from 'node:http';
import { createHmac, timingSafeEqual } from 'node:crypto';

// Keep it in your environment, not in your code.
const SECRET = process.env.PARSEFLOW_SECRET ?? '${secret}';

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks); // the raw bytes: sign these, not parsed JSON
    const expected = createHmac('sha256', SECRET).update(body).digest();
    const given = Buffer.from(String(request.headers['x-parseflow-signature']), 'hex');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return response.writeHead(401).end('wrong signature');
    }
    response.writeHead(204).end(); // answer first, work later
    const { event, data } = JSON.parse(body);
    console.log(event, data.id, request.headers['x-parseflow-delivery']);
  });
}).listen(9000);
`,
};

const PYTHON: Receiver = {
  name: 'Python',
  file: 'receiver.py',
  run: 'python3 receiver.py',
  code: (secret) => `import hashlib
import hmac
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Keep it in your environment, not in your code.
SECRET = os.environ.get("PARSEFLOW_SECRET", "${secret}")


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))  # the raw bytes
        expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        given = self.headers.get("X-ParseFlow-Signature", "")
        if not hmac.compare_digest(expected.encode(), given.encode()):
            self.send_response(401)
            self.end_headers()
            return
        self.send_response(204)  # answer first, work later
        self.end_headers()
        event = json.loads(body)
        print(event["event"], event["data"].get("id"), self.headers["X-ParseFlow-Delivery"], flush=True)


ThreadingHTTPServer(("", 9000), Receiver).serve_forever()
`,
};

const GO: Receiver = {
  name: 'Go',
  file: 'receiver.go',
  run: 'go run receiver.go',
  code: (secret) => `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	secret := os.Getenv("PARSEFLOW_SECRET") // keep it there, not in your code
	if secret == "" {
		secret = "${secret}"
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20)) // the raw bytes
		if err != nil {
			http.Error(w, "cannot read the body", http.StatusBadRequest)
			return
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		given, err := hex.DecodeString(r.Header.Get("X-ParseFlow-Signature"))
		if err != nil || !hmac.Equal(mac.Sum(nil), given) {
			http.Error(w, "wrong signature", http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent) // answer first, work later
		var event struct {
			Event string         \`json:"event"\`
			Data  map[string]any \`json:"data"\`
		}
		if json.Unmarshal(body, &event) == nil {
			log.Println(event.Event, event.Data["id"], r.Header.Get("X-ParseFlow-Delivery"))
		}
	})
	log.Fatal(http.ListenAndServe(":9000", nil))
}
`,
};

const RUST: Receiver = {
  name: 'Rust',
  file: 'src/main.rs',
  run: 'cargo add axum hmac@0.12 sha2@0.10 hex && cargo add tokio --features full && cargo add serde_json && cargo run',
  code: (secret) => `use axum::{Router, body::Bytes, http::{HeaderMap, StatusCode}, routing::post};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The whole body as it arrived: sign these bytes, not parsed JSON.
async fn receive(headers: HeaderMap, body: Bytes) -> StatusCode {
    // Keep it in your environment, not in your code.
    let secret = std::env::var("PARSEFLOW_SECRET")
        .unwrap_or_else(|_| "${secret}".to_owned());
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
`,
};

const PHP: Receiver = {
  name: 'PHP',
  file: 'receiver.php',
  run: 'php -S 0.0.0.0:9000 receiver.php',
  code: (secret) => `<?php
// Keep it in your environment, not in your code.
$secret = getenv('PARSEFLOW_SECRET') ?: '${secret}';

$body = file_get_contents('php://input'); // the raw bytes
$expected = hash_hmac('sha256', $body, $secret);
$given = $_SERVER['HTTP_X_PARSEFLOW_SIGNATURE'] ?? '';

if (!hash_equals($expected, $given)) {
    http_response_code(401);
    exit('wrong signature');
}

http_response_code(204); // answer first, work later
$event = json_decode($body, true);
error_log($event['event'] . ' ' . ($event['data']['id'] ?? '') . ' ' . $_SERVER['HTTP_X_PARSEFLOW_DELIVERY']);
`,
};

export const RECEIVERS: Receiver[] = [NODE, PYTHON, GO, RUST, PHP];
