//! The story: one document, one webhook, one receiver that is down for a while.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use http::StatusCode;
use parseflow_model::{Dice, Plan, Scope, WallClock};
use parseflow_worker::Clock;
use serde_json::{Value, json};

use super::receiver::{Received, Receiver, verify};
use super::{DemoError, SHORT_SCHEDULE};
use crate::client::{Api, Form};
use crate::clock::{SystemClock, SystemDice};
use crate::command::CommandError;
use crate::command::account::{Wanted, create_account};
use crate::folder::hex;
use crate::screen::Screen;
use crate::service::Service;

const INVOICE: &[u8] = include_bytes!("../../../../samples/invoice-english.pdf");
const INVOICE_NAME: &str = "invoice-english.pdf";
/// The same invoice as it comes out of a scanner, and as an electronic one.
const SAME_INVOICE: [(&str, &str, &[u8]); 2] = [
    ("a scan", "invoice-scan.jpg", include_bytes!("../../../../samples/invoice-scan.jpg")),
    (
        "an electronic invoice",
        "invoice-ubl.xml",
        include_bytes!("../../../../samples/invoice-ubl.xml"),
    ),
];
/// Longest wait for a page that is read by its looks, on a slow machine.
const LONG_PATIENCE: Duration = Duration::from_secs(300);
/// Longest wait for one webhook.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the parts of the story share.
struct Scene {
    client: Api,
    receiver: Receiver,
    webhook_id: String,
    secret: String,
    screen: Screen,
}

/// Tells the story and returns the receiver, which goes on listening.
pub(super) async fn tell(
    service: &Service,
    data_dir: &Path,
    taken: Option<SocketAddr>,
    screen: Screen,
) -> Result<Receiver, CommandError> {
    screen.line("");
    screen.line(screen.bold("ParseFlow: document in, extraction, event, delivery, attempt"));
    title(screen, 1, "A service, an account and an endpoint");
    if let Some(address) = taken {
        fact(screen, "note", &format!("{address} is in use, so another port was taken"));
    }
    fact(screen, "service", &service.url);
    fact(screen, "data folder", &data_dir.display().to_string());
    let mut suffix = [0u8; 4];
    SystemDice::new().fill(&mut suffix);
    let wanted = Wanted {
        // Different in every run: a data folder may be shown twice.
        email: format!("demo-{}@example.com", hex(&suffix)),
        plan: Plan::Enterprise,
        quota: None,
        requests_per_minute: None,
        name: Some("Demonstration".to_owned()),
        scopes: [Scope::EventsWrite].into(),
    };
    let created = create_account(service.store.as_ref(), wanted, &SystemDice::new()).await?;
    fact(screen, "account", &format!("{} (enterprise)", created.account));
    fact(screen, "API key", &created.api_key);
    let client = Api::new(&service.url, &created.api_key).map_err(DemoError::from)?;
    let mut scene = register(client, screen).await?;
    let known = first_delivery(&mut scene).await?;
    same_invoice_otherwise(&mut scene, &known).await?;
    receiver_is_down(&mut scene).await?;
    go_on(&service.url, &created.api_key, &scene);
    Ok(scene.receiver)
}

async fn register(client: Api, screen: Screen) -> Result<Scene, DemoError> {
    let receiver = Receiver::start().await.map_err(DemoError::Receiver)?;
    let events = json!(["extraction.completed", "extraction.failed"]);
    let body = json!({"url": receiver.url, "events": events});
    let endpoint = client.post("/api/webhooks/notifications", &body).await?;
    let webhook_id = text(&endpoint, "id")?.to_owned();
    let secret = text(&endpoint, "secret")?.to_owned();
    fact(screen, "endpoint", &format!("{webhook_id} -> {}", receiver.url));
    fact(screen, "secret", &format!("{secret} (shown once, used to verify)"));
    Ok(Scene { client, receiver, webhook_id, secret, screen })
}

/// Sends the invoice and gives the result.
async fn send(client: &Api) -> Result<Value, DemoError> {
    let form = Form::default().file("file", INVOICE_NAME, INVOICE);
    Ok(client.post_form("/api/v1/extract", form, |_| {}).await?)
}

/// Gives what was read of the invoice.
async fn first_delivery(scene: &mut Scene) -> Result<Value, DemoError> {
    let screen = scene.screen;
    title(screen, 2, "A document becomes data");
    fact(screen, "sent", &format!("{INVOICE_NAME}, {} bytes", INVOICE.len()));
    let result = send(&scene.client).await?;
    let document = text(&result, "id")?.to_owned();
    for name in ["id", "documentType", "confidence", "processingTimeMs"] {
        fact(screen, name, &plain(&result[name]));
    }
    pretty(screen, &result["data"]);

    title(screen, 3, "The webhook as the receiver got it");
    let received = next_arrival(&mut scene.receiver).await?;
    screen.line(format!("    {} {} HTTP/1.1", screen.bold("POST"), received.path));
    for (name, value) in &received.headers {
        let value = value.to_str().unwrap_or("(not text)");
        screen.line(format!("    {}: {value}", screen.dim(name.as_str())));
    }
    screen.line("");
    screen.line(format!("    {}", String::from_utf8_lossy(&received.body)));

    title(screen, 4, "What the receiver verified");
    for check in verify(&received, &scene.secret, SystemClock.now()) {
        verdict(screen, check.what, check.holds)?;
    }
    let body: Value = serde_json::from_slice(&received.body).unwrap_or_default();
    let announced = body["data"]["id"].as_str() == Some(&document);
    verdict(screen, "the webhook announces the document that was sent", announced)?;
    let same_data = body["data"]["data"] == result["data"] && result["data"].is_object();
    verdict(screen, "its data are the ones the API answered with", same_data)?;
    Ok(result["data"].clone())
}

/// Sends the invoice in its other forms and compares what the webhooks say of it.
async fn same_invoice_otherwise(scene: &mut Scene, known: &Value) -> Result<(), DemoError> {
    let screen = scene.screen;
    title(screen, 5, "The same invoice as a scan, and as an electronic invoice");
    for (what, name, bytes) in SAME_INVOICE {
        let form = Form::default().file("file", name, bytes);
        scene.client.post_form("/api/v1/extract", form, |_| {}).await?;
        let received = arrival_within(&mut scene.receiver, LONG_PATIENCE).await?;
        let body: Value = serde_json::from_slice(&received.body).unwrap_or_default();
        let (facts, data) = (&body["data"], &body["data"]["data"]);
        let said = ["invoiceNumber", "invoiceDate", "total", "currency"];
        let shown: Vec<String> = said.iter().map(|name| plain(&data[name])).collect();
        let (time, sure) = (plain(&facts["processingTimeMs"]), plain(&facts["confidence"]));
        fact(screen, name, &format!("{}, confidence {sure}, {time} ms", shown.join(" ")));
        let same = said.iter().all(|name| data[name] == known[name] && !data[name].is_null());
        verdict(screen, &format!("{what} says the same as the digital invoice"), same)?;
    }
    Ok(())
}

async fn receiver_is_down(scene: &mut Scene) -> Result<(), DemoError> {
    let screen = scene.screen;
    title(screen, 6, "The receiver is down for two attempts");
    fact(screen, "schedule", &format!("{SHORT_SCHEDULE} (in production 30s,2m,15m,1h,4h)"));
    let down = StatusCode::SERVICE_UNAVAILABLE;
    scene.receiver.will_answer(&[down, down]);
    send(&scene.client).await?;
    let mut attempts: Vec<Received> = Vec::new();
    while attempts.len() < 3 {
        let received = next_arrival(&mut scene.receiver).await?;
        let since_first = received.at.since(attempts.first().map_or(received.at, |first| first.at));
        let answer = received.answered.as_u16();
        let answer = if received.answered.is_success() {
            screen.green(&answer.to_string())
        } else {
            screen.red(&answer.to_string())
        };
        screen.line(format!(
            "    attempt {}   after {:>6.3} s   answered {answer}   {}",
            received.header("x-parseflow-attempt"),
            since_first.as_secs_f64(),
            received.header("x-parseflow-delivery"),
        ));
        attempts.push(received);
    }
    let same = |name: &str| attempts.iter().all(|one| one.header(name) == attempts[0].header(name));
    let same_body = attempts.iter().all(|one| one.body == attempts[0].body);
    let delivery = attempts[0].header("x-parseflow-delivery").to_owned();
    verdict(screen, "every attempt had the same delivery id", same("x-parseflow-delivery"))?;
    verdict(screen, "every attempt had the same bytes and signature", {
        same_body && same("x-parseflow-signature")
    })?;
    let numbered = attempts.iter().map(|one| one.header("x-parseflow-attempt"));
    verdict(screen, "the attempts were numbered 1, 2, 3", numbered.eq(["1", "2", "3"]))?;
    let never_early = early_by(&attempts).is_none();
    verdict(screen, "no retry came earlier than the schedule says", never_early)?;
    let state = settled(scene, &delivery).await?;
    fact(screen, "delivery log", &format!("{delivery} is {state}"));
    verdict(screen, "the delivery log says that it succeeded", state == "succeeded")
}

/// The first retry that came before its delay had passed since the attempt before.
fn early_by(attempts: &[Received]) -> Option<usize> {
    let delays = super::short_schedule();
    let gaps = attempts.windows(2).map(|pair| pair[1].at.since(pair[0].at));
    gaps.zip(delays.delays()).position(|(gap, delay)| gap < *delay)
}

/// The state of a delivery once it is an end state: the answer reaches the receiver a moment before
/// the log.
async fn settled(scene: &Scene, delivery: &str) -> Result<String, DemoError> {
    let path = format!("/api/webhooks/notifications/{}/deliveries/{delivery}", scene.webhook_id);
    let look = async {
        loop {
            let detail = scene.client.get(&path).await?;
            let state = text(&detail, "state")?.to_owned();
            if !matches!(state.as_str(), "pending" | "retrying") {
                return Ok(state);
            }
            SystemClock.sleep_until(SystemClock.now() + Duration::from_millis(20)).await;
        }
    };
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(state) => state,
        Err(_) => Ok("still waiting".to_owned()),
    }
}

fn go_on(url: &str, key: &str, scene: &Scene) {
    let screen = scene.screen;
    let command = |text: String| screen.line(format!("    {text}"));
    screen.line("");
    screen.line(screen.green("Everything was as documented."));
    title(screen, 7, "Go on");
    command(screen.dim("# a document of your own"));
    command(format!("curl -F file=@invoice.pdf -H 'X-API-Key: {key}' {url}/api/v1/extract"));
    command(screen.dim("# what was read so far"));
    command(format!("curl -H 'X-API-Key: {key}' {url}/api/v1/documents"));
    command(screen.dim("# an event of your own, delivered to the receiver of this demonstration"));
    command(format!(
        "curl -H 'X-API-Key: {key}' -H 'Content-Type: application/json' \\\n      \
         -d '{{\"event\":\"extraction.completed\",\"data\":{{\"hello\":\"world\"}}}}' \
         {url}/api/v1/events"
    ));
    command(screen.dim("# every delivery with its attempts"));
    command(format!(
        "curl -H 'X-API-Key: {key}' {url}/api/webhooks/notifications/{}/deliveries",
        scene.webhook_id
    ));
    command(screen.dim("# the API's description"));
    command(format!("curl {url}/openapi.json"));
    screen.line("");
}

/// Shows what arrives from now on, for ever.
pub(super) async fn watch(receiver: &mut Receiver, screen: Screen) {
    screen.line("The API stays up; webhooks that arrive are shown here. Ctrl-C ends.");
    while let Some(received) = receiver.arrivals.recv().await {
        screen.line(format!(
            "    {}  {}  attempt {}  answered {}",
            received.at,
            received.header("x-parseflow-event"),
            received.header("x-parseflow-attempt"),
            received.answered.as_u16()
        ));
    }
}

async fn next_arrival(receiver: &mut Receiver) -> Result<Received, DemoError> {
    arrival_within(receiver, PATIENCE).await
}

async fn arrival_within(
    receiver: &mut Receiver,
    patience: Duration,
) -> Result<Received, DemoError> {
    match tokio::time::timeout(patience, receiver.arrivals.recv()).await {
        Ok(Some(received)) => Ok(received),
        Ok(None) | Err(_) => Err(DemoError::NothingArrived(patience.as_secs())),
    }
}

fn title(screen: Screen, number: u32, text: &str) {
    screen.line("");
    screen.line(screen.bold(&format!("{number}. {text}")));
}

fn fact(screen: Screen, name: &str, value: &str) {
    screen.line(format!("    {} {value}", screen.dim(&format!("{name:<17}"))));
}

fn verdict(screen: Screen, what: &str, holds: bool) -> Result<(), DemoError> {
    if holds {
        screen.line(format!("    {}  {what}", screen.green("holds ")));
        Ok(())
    } else {
        screen.line(format!("    {}  {what}", screen.red("FAILED")));
        Err(DemoError::CheckFailed(what.to_owned()))
    }
}

fn pretty(screen: Screen, value: &Value) {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.lines().for_each(|line| screen.line(format!("    {line}")));
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn text<'a>(value: &'a Value, name: &'static str) -> Result<&'a str, DemoError> {
    value[name].as_str().ok_or(DemoError::Missing(name))
}
