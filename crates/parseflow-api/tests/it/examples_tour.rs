//! A tour through the operations: what is sent, and what the service answers. The description's
//! examples were recorded on it.

use std::time::Duration;

use axum::body::Body;
use http::Method;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::deliveries::fail_once;
use crate::form::{Form, sample};
use crate::world::{Tenant, WEBHOOKS, World, json_request, request, with_header};

/// What was sent and answered, by operation: `request`, and the answer under its status.
struct Tour {
    world: World,
    tenant: Tenant,
    seen: Map<String, Value>,
}

/// The whole tour. Every resource has a world of its own, so that a new step changes little.
pub(crate) async fn recorded() -> Map<String, Value> {
    let mut seen = Map::new();
    for tour in
        [service().await, account().await, documents().await, batches().await, webhooks().await]
    {
        seen.extend(tour.seen);
    }
    seen
}

impl Tour {
    async fn begin() -> Self {
        let world = World::with(|settings| settings.open_registration = true).reading();
        let tenant = world.publisher().await;
        Self { world, tenant, seen: Map::new() }
    }

    fn note(&mut self, id: &str, request: Option<Value>, answer: &Answer) -> Value {
        assert!((200..300).contains(&answer.status), "{id}: {}", answer.text());
        let is_json = answer.header("content-type").is_some_and(|text| text.contains("json"));
        let value = if is_json { answer.json() } else { Value::String(answer.text()) };
        let entry = self.seen.entry(id).or_insert_with(|| json!({}));
        if let Some(request) = request {
            entry["request"] = request;
        }
        entry[answer.status.to_string()] = value.clone();
        value
    }

    async fn get(&mut self, id: &str, path: &str) -> Value {
        let answer = self.world.get(path, &self.tenant.key).await;
        self.note(id, None, &answer)
    }

    async fn delete(&mut self, id: &str, path: &str) -> Value {
        let answer = self.world.delete(path, &self.tenant.key).await;
        self.note(id, None, &answer)
    }

    async fn post(&mut self, id: &str, path: &str, body: Value) -> Value {
        let answer = self.world.post(path, &self.tenant.key, body.clone()).await;
        self.note(id, Some(body), &answer)
    }

    /// A POST whose operation takes no body.
    async fn poke(&mut self, id: &str, path: &str) -> Value {
        let answer = self.world.post(path, &self.tenant.key, json!({})).await;
        self.note(id, None, &answer)
    }

    async fn patch(&mut self, id: &str, path: &str, body: Value) -> Value {
        let request = json_request(Method::PATCH, path, &self.tenant.key, &body);
        let answer = self.world.send(request).await;
        self.note(id, Some(body), &answer)
    }

    /// Keeps only the first of a list, where one is enough to see.
    fn keep_first(&mut self, id: &str, member: &str) {
        let list = &mut self.seen[id]["200"][member];
        list.as_array_mut().unwrap().truncate(1);
    }
}

async fn service() -> Tour {
    let mut tour = Tour::begin().await;
    tour.get("getIndex", "/").await;
    tour.get("getHealth", "/api/health").await;
    tour.get("getLiveness", "/healthz").await;
    tour.get("getReadiness", "/readyz").await;
    tour.get("getError", "/docs/errors/plan_upgrade_required").await;
    tour.get("getEventSchema", "/schemas/v1/quota.warning.json").await;
    tour
}

async fn account() -> Tour {
    let mut tour = Tour::begin().await;
    let new = json!({"email": "you@example.com", "password": "correct horse", "name": "You"});
    tour.post("register", "/api/auth/register", new).await;
    let key = json!({"apiKey": tour.tenant.key});
    let signed_in = tour.world.post("/api/session", "", key.clone()).await;
    tour.note("signIn", Some(key), &signed_in);
    let cookie = signed_in.header("set-cookie").unwrap();
    let shown = request(Method::GET, "/api/session", "", Body::empty());
    let shown = tour.world.send(with_header(shown, "cookie", cookie)).await;
    tour.note("getSession", None, &shown);
    tour.get("getUsage", "/api/v1/usage").await;
    let key = json!({"name": "publisher", "scopes": ["events:write"], "mode": "live"});
    let made = tour.post("createKey", "/api/v1/keys", key).await;
    tour.get("listKeys", "/api/v1/keys").await;
    tour.keep_first("listKeys", "keys");
    let path = format!("/api/v1/keys/{}", made["id"].as_str().unwrap());
    tour.delete("revokeKey", &path).await;
    tour.get("listEventTypes", "/api/v1/event-types").await;
    let types = tour.seen["listEventTypes"]["200"]["eventTypes"].as_array_mut().unwrap();
    types.retain(|kind| kind["name"] == "quota.warning");
    let data = json!({"id": "ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678", "status": "completed",
        "documentType": "invoice", "confidence": 0.94});
    let event = json!({"event": "extraction.completed", "data": data});
    tour.post("publishEvent", "/api/v1/events", event).await;
    tour
}

async fn documents() -> Tour {
    let mut tour = Tour::begin().await;
    let file = sample("invoice-english.pdf");
    let form = || Form::default().file("file", "invoice-english.pdf", &file);
    let key = tour.tenant.key.clone();
    let asked = json!({"file": "@samples/invoice-english.pdf", "document_type": "auto"});

    let extract = || form().text("document_type", "auto").post("/api/v1/extract", &key);
    let read = tour.world.send(extract()).await;
    let document = tour.note("extractDocument", Some(asked.clone()), &read);
    let later = tour.world.send(with_header(extract(), "prefer", "respond-async")).await;
    tour.note("extractDocument", None, &later);
    let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
    tour.get("getDocument", &path).await;
    tour.get("listDocuments", "/api/v1/documents?limit=1").await;
    tour.get("getOverview", "/api/v1/overview").await;
    let hours = tour.seen["getOverview"]["200"]["series"].as_array_mut().unwrap();
    hours.drain(..24);
    let demo = form().text("document_type", "auto").post("/api/v1/demo", "");
    let demo = tour.world.send(demo).await;
    tour.note("demo", Some(asked), &demo);
    for (id, status) in [("extractDocument", "200"), ("getDocument", "200"), ("demo", "200")] {
        // One field shows what all of them are like.
        let fields = tour.seen[id][status]["fields"].as_array_mut().unwrap();
        fields.retain(|field| field["name"] == "invoiceNumber");
    }
    tour
}

async fn batches() -> Tour {
    let mut tour = Tour::begin().await;
    let key = tour.tenant.key.clone();
    let (english, french) = (sample("invoice-english.pdf"), sample("invoice-french.pdf"));
    let form = || {
        let form = Form::default().file("files", "invoice-english.pdf", &english);
        form.file("files", "invoice-french.pdf", &french)
    };
    let asked = json!({
        "files": ["@samples/invoice-english.pdf", "@samples/invoice-french.pdf"],
        "documentEvents": true
    });
    let request = form().text("documentEvents", "true").post("/api/v1/batch", &key);
    let made = tour.world.send(request).await;
    let batch = tour.note("createBatch", Some(asked), &made);
    let path = format!("/api/v1/batch/{}", batch["id"].as_str().unwrap());
    tour.get("getBatch", &path).await;
    // Cancelled before anything reads it: this world's reader gets no turn in between.
    let second = tour.world.send(form().post("/api/v1/batch", &key)).await.json();
    let path = format!("/api/v1/batch/{}/cancel", second["id"].as_str().unwrap());
    tour.poke("cancelBatch", &path).await;
    tour.get("listBatches", "/api/v1/batch?limit=1").await;
    tour
}

async fn webhooks() -> Tour {
    let mut tour = Tour::begin().await;
    let new = json!({
        "url": "https://your-app.com/webhooks/parseflow",
        "events": ["extraction.completed", "extraction.failed"]
    });
    let made = tour.post("registerWebhook", WEBHOOKS, new.clone()).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("{WEBHOOKS}/{id}");
    let test = json!({"event": "extraction.completed"});
    let sent = tour.post("testWebhook", &format!("{path}/test"), test).await;
    let delivery = sent["id"].as_str().unwrap().to_owned();
    fail_once(&tour.world, &delivery).await;
    tour.get("listWebhooks", WEBHOOKS).await;
    tour.get("getWebhook", &path).await;
    let change = json!({"events": ["extraction.*", "batch.*"], "description": "accounting"});
    tour.patch("updateWebhook", &path, change).await;
    let deliveries = format!("{path}/deliveries");
    tour.get("listDeliveries", &deliveries).await;
    tour.get("listAccountDeliveries", "/api/v1/deliveries?status=retrying").await;
    tour.get("getDelivery", &format!("{deliveries}/{delivery}")).await;
    tour.poke("retryDelivery", &format!("{deliveries}/{delivery}/retry")).await;
    tour.world.clock.advance(Duration::from_secs(60));
    let since = json!({"since": "2026-04-14T08:00:00Z"});
    let recovery = tour.post("recoverWebhook", &format!("{path}/recover"), since).await;
    tour.get("listRecoveries", &format!("{path}/recoveries")).await;
    let recovery = format!("{path}/recoveries/{}", recovery["id"].as_str().unwrap());
    tour.get("getRecovery", &recovery).await;
    tour.delete("cancelRecovery", &recovery).await;
    let rotate = format!("{path}/rotate-secret");
    tour.post("rotateSecret", &rotate, json!({"overlapSeconds": 3600})).await;
    tour.poke("activateSecret", &format!("{rotate}/activate")).await;
    tour.delete("deleteWebhook", &format!("{WEBHOOKS}?id={id}")).await;
    let again = tour.world.post(WEBHOOKS, &tour.tenant.key, new).await.json();
    let path = format!("{WEBHOOKS}/{}", again["id"].as_str().unwrap());
    tour.delete("deleteWebhookByPath", &path).await;
    tour
}
