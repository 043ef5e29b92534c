//! `kill -9` under load, again and again: nothing acknowledged is lost, nothing has two ids, and
//! usage counts every document once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Form, Service, Sink, eventually, text_invoice};

/// Crashes in one run.
const CRASHES: u64 = 24;
/// Callers at the same time: most publish events, one sends documents.
const PUBLISHERS: usize = 6;
/// A crash comes after 1 to this many acknowledgements.
const ACKNOWLEDGED_MAX: u64 = 150;

/// What the callers were told.
#[derive(Default)]
struct Told {
    next: AtomicU64,
    acknowledged: AtomicU64,
    /// Event number to event id.
    events: Mutex<BTreeMap<u64, String>>,
    documents: Mutex<BTreeSet<String>>,
    gone: AtomicBool,
}

impl Told {
    fn acknowledge(&self) {
        self.acknowledged.fetch_add(1, Ordering::Relaxed);
    }

    /// Publishes numbered events until the service does not answer any more.
    fn publish_until_gone(&self, publisher: &Client) {
        while !self.gone.load(Ordering::Relaxed) {
            let n = self.next.fetch_add(1, Ordering::Relaxed);
            let event = json!({"event": "batch.completed", "data": {"n": n}}).to_string();
            let headers = [("Content-Type", "application/json")];
            let answer = publisher.try_send("POST", "/api/v1/events", &headers, event.as_bytes());
            let Some(id) = answer.as_ref().and_then(accepted_id) else { continue };
            self.events.lock().expect("no caller panicked").insert(n, id);
            self.acknowledge();
        }
    }

    /// Sends documents until the service does not answer any more.
    fn extract_until_gone(&self, client: &Client) {
        let form = Form::default().file("file", "invoice.txt", text_invoice().as_bytes());
        let (content_type, body) = form.finish();
        let headers = [("Content-Type", content_type.as_str()), ("Prefer", "respond-async")];
        while !self.gone.load(Ordering::Relaxed) {
            let answer = client.try_send("POST", "/api/v1/extract", &headers, &body);
            let Some(id) = answer.as_ref().and_then(accepted_id) else { continue };
            self.documents.lock().expect("no caller panicked").insert(id);
            self.acknowledge();
        }
    }
}

/// The id in a 202; an answer that broke off acknowledges nothing.
fn accepted_id(answer: &Answer) -> Option<String> {
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    (answer.status == 202).then(|| body["id"].as_str().map(ToOwned::to_owned))?
}

/// The next of a reproducible row of numbers.
fn throw(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// Loads the service until `acknowledgements` more have come, then ends it under the load and starts
/// it again on its data.
fn crash_under_load(
    service: Service,
    told: &Arc<Told>,
    publisher: &Client,
    client: &Client,
    acknowledgements: u64,
) -> Service {
    told.gone.store(false, Ordering::Relaxed);
    let enough = told.acknowledged.load(Ordering::Relaxed) + acknowledgements;
    let callers: Vec<_> = (0..=PUBLISHERS)
        .map(|n| {
            let (told, publisher, client) = (Arc::clone(told), publisher.clone(), client.clone());
            std::thread::spawn(move || match n {
                PUBLISHERS => told.extract_until_gone(&client),
                _ => told.publish_until_gone(&publisher),
            })
        })
        .collect();
    eventually("enough is acknowledged", || {
        (told.acknowledged.load(Ordering::Relaxed) >= enough).then_some(())
    });
    let service = service.crash_and_restart(&[]);
    told.gone.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.join().expect("callers do not panic");
    }
    service
}

/// Delivery ids by what they delivered: the event's number, or the document's id.
fn delivered(sink: &Sink) -> BTreeMap<String, BTreeSet<String>> {
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for received in sink.received() {
        let data = &received.json()["data"];
        let subject = match &data["n"] {
            Value::Null => data["id"].as_str().expect("extractions have ids").to_owned(),
            n => n.to_string(),
        };
        let id = received.header("X-ParseFlow-Delivery").to_owned();
        ids.entry(subject).or_default().insert(id);
    }
    ids
}

#[test]
fn killed_again_and_again_under_load_it_loses_nothing_and_counts_once() {
    let mut seed = 0x5eed;
    let mut service = Service::start();
    let unlimited = ["--requests-per-minute", "unlimited", "--quota", "unlimited"];
    let mut account = service.account_with("enterprise", &unlimited);
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["batch.completed", "extraction.completed"]);
    let mut publisher = account.publisher();
    let told = Arc::new(Told::default());
    for _ in 0..CRASHES {
        let acknowledgements = 1 + throw(&mut seed) % ACKNOWLEDGED_MAX;
        service = crash_under_load(service, &told, &publisher, &account.client, acknowledgements);
        account = account.at(&service);
        publisher.base.clone_from(&service.base);
    }
    let events = told.events.lock().expect("no caller panicked").clone();
    let documents = told.documents.lock().expect("no caller panicked").clone();
    assert!(events.len() as u64 >= CRASHES && !documents.is_empty(), "there was load");
    let ids = eventually("everything acknowledged is delivered", || {
        let ids = delivered(&sink);
        let all = events.keys().all(|n| ids.contains_key(&n.to_string()))
            && documents.iter().all(|id| ids.contains_key(id));
        all.then_some(ids)
    });
    for (subject, deliveries) in &ids {
        assert_eq!(deliveries.len(), 1, "{subject} was delivered under {deliveries:?}");
    }
    let stored = stored_documents(&account.client);
    assert!(documents.is_subset(&stored));
    let usage = account.client.get("/api/v1/usage").expect(200).json();
    assert_eq!(usage["used"], stored.len(), "every stored document is counted once");
}

/// Ids of all the account's documents.
fn stored_documents(client: &Client) -> BTreeSet<String> {
    let (mut ids, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        let page = client.get(&format!("/api/v1/documents?limit=100{cursor}")).expect(200).json();
        let rows = page["documents"].as_array().expect("a list");
        ids.extend(rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()));
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}
