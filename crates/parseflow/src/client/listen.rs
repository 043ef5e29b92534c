//! `parseflow listen`: webhooks for a receiver that the service cannot reach.
//!
//! The service hands every attempt down a stream that this command holds open. It is posted to the
//! local receiver exactly as it came, and what the receiver answers is reported back, so that the
//! delivery log shows it as it shows any other attempt.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::BytesMut;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::api::{Forwarded, encoded};
use super::args::ListenArgs;
use super::{Api, ClientError};
use crate::screen::{Screen, complain};

const ROUTE: &str = "/api/v1/webhooks/listen";
/// Requests to the receiver at the same time.
const AT_ONCE_MAX: usize = 8;
/// An event of the stream is no longer than this: the largest body of an endpoint in base64, and its
/// headers.
const EVENT_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Of what went wrong, as the service takes it.
const ERROR_CHARS_MAX: usize = 300;
/// How long a receiver may take where the service does not say.
const DEADLINE_MS: u64 = 15_000;
/// Of an answer, what the log keeps.
const ANSWER_BYTES_MAX: usize = 1_024;

pub(super) async fn run(args: &ListenArgs, screen: Screen) -> Result<(), ClientError> {
    let to = forward_url(&args.forward_to)?;
    let api = Arc::new(args.on.connect.api()?);
    let events = if args.event.is_empty() { vec!["*".to_owned()] } else { args.event.clone() };
    let body = json!({"events": events, "forwardTo": to});
    let mut stream = Events::of(api.open(ROUTE, &body).await?);
    let mut listening = None;
    let slots = Arc::new(Semaphore::new(AT_ONCE_MAX));
    loop {
        let event = tokio::select! {
            _ = tokio::signal::ctrl_c() => return Ok(()),
            event = stream.next() => event,
        };
        let Some((name, data)) = event else { return Err(ClientError::StreamEnded) };
        match (name.as_str(), &listening) {
            ("ready", _) => {
                tell_ready(args, &data, &to, screen);
                listening = data["endpointId"].as_str().map(ToOwned::to_owned);
            }
            ("request", Some(endpoint)) => {
                let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return Ok(()) };
                let forward = Forward {
                    api: Arc::clone(&api),
                    to: to.clone(),
                    reports: format!("{ROUTE}/{}/reports", encoded(endpoint)),
                    json: args.on.json,
                    screen,
                };
                tokio::spawn(async move {
                    forward.run(&data).await;
                    drop(slot);
                });
            }
            _ => {}
        }
    }
}

/// The receiver's address as given: a slash at its end is its own affair.
fn forward_url(text: &str) -> Result<String, ClientError> {
    let expected = "an http or https URL such as http://localhost:3000/webhooks/parseflow";
    super::profile::checked_url(text).map(|_| text.to_owned()).map_err(|_| ClientError::Argument {
        what: "--forward-to",
        text: text.to_owned(),
        expected,
    })
}

fn tell_ready(args: &ListenArgs, data: &Value, to: &str, screen: Screen) {
    let text = |name: &str| data[name].as_str().unwrap_or_default();
    if args.on.json {
        let ready = json!({"listening": {"endpointId": text("endpointId"), "forwardTo": to,
            "secret": text("secret")}});
        screen.line(ready.to_string());
    } else {
        screen.line(format!("listening as {}, forwarding to {to}", text("endpointId")));
        screen.line(format!("the secret to verify with is {}", text("secret")));
    }
}

/// One request on its way to the receiver and its answer on the way back.
struct Forward {
    api: Arc<Api>,
    to: String,
    reports: String,
    json: bool,
    screen: Screen,
}

impl Forward {
    async fn run(&self, request: &Value) {
        let headers = &request["headers"];
        let header = |name: &str| headers[name].as_str().unwrap_or_default().to_owned();
        let (event, delivery) = (header("x-parseflow-event"), header("x-parseflow-delivery"));
        if !self.json {
            self.screen.line(format!("--> {event} [{delivery}]"));
        }
        let (report, shown) = match self.ask(request).await {
            Ok(answer) => {
                let (status, body) = (answer.status, answer.body);
                let kept = STANDARD.encode(&body[..body.len().min(ANSWER_BYTES_MAX)]);
                let mut report =
                    json!({"number": request["number"], "status": status, "body": kept});
                if let Some(value) = answer.retry_after {
                    report["retryAfter"] = value.into();
                }
                (report, status.to_string())
            }
            Err(what) => {
                let what = format!("the receiver could not be asked: {what}");
                let what: String = what.chars().take(ERROR_CHARS_MAX).collect();
                (json!({"number": request["number"], "error": what}), what)
            }
        };
        if self.json {
            let mut line = json!({"event": event, "delivery": delivery});
            for name in ["status", "error"] {
                if !report[name].is_null() {
                    line[name] = report[name].clone();
                }
            }
            self.screen.line(line.to_string());
        } else {
            self.screen.line(format!("<-- [{shown}] POST {} [{delivery}]", self.to));
        }
        if let Err(error) = self.api.post(&self.reports, &report).await {
            complain(&format!("the answer to {delivery} could not be reported: {error}"));
        }
    }

    /// Posts the request as it came; the receiver's answer, or what went wrong.
    async fn ask(&self, request: &Value) -> Result<Forwarded, String> {
        let body = request["body"].as_str().and_then(|text| STANDARD.decode(text).ok());
        let body = body.ok_or("the service sent something else than base64")?;
        let headers = request["headers"].as_object().into_iter().flatten();
        let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
        let limit = request["timeoutMs"].as_u64().unwrap_or(DEADLINE_MS);
        let asked = self.api.forward(&self.to, headers, body.into());
        let asked = tokio::time::timeout(Duration::from_millis(limit), asked).await;
        asked.unwrap_or_else(|_| Err(format!("it did not answer within {limit} ms")))
    }
}

/// The server-sent events of an answer.
struct Events {
    body: Incoming,
    buffer: BytesMut,
}

impl Events {
    fn of(body: Incoming) -> Self {
        Self { body, buffer: BytesMut::new() }
    }

    /// The next event's name and data; `None` when the service has ended the stream.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|two| two == b"\n\n") {
                let event = self.buffer.split_to(end + 2);
                return Some(parsed(&String::from_utf8_lossy(&event)));
            }
            if self.buffer.len() > EVENT_BYTES_MAX {
                return None;
            }
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.buffer.extend_from_slice(&data);
                    }
                }
                Some(Err(_)) | None => return None,
            }
        }
    }
}

fn parsed(event: &str) -> (String, Value) {
    let member = |name: &str| {
        let line = event.lines().find_map(|line| line.strip_prefix(name));
        line.map(str::trim_start).unwrap_or_default()
    };
    let data = serde_json::from_str(member("data:")).unwrap_or_default();
    (member("event:").to_owned(), data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_its_name_and_its_data() {
        let (name, data) = parsed("event: request\ndata: {\"number\":1}\n\n");
        assert_eq!((name.as_str(), data), ("request", json!({"number": 1})));
        assert_eq!(parsed(": comment\n\n"), (String::new(), Value::Null));
    }
}
