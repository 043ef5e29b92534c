//! A customer: an account, its key, and what it does with them.

use serde_json::{Value, json};

use super::{Answer, Client, Form, Service, eventually};

/// An account of the service under test.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) client: Client,
}

/// A registered endpoint, as its owner knows it.
#[derive(Debug)]
pub(crate) struct Hook {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// The whole answer to its registration.
    pub(crate) registered: Value,
}

impl Hook {
    /// `/api/webhooks/notifications/{id}` and what follows.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/webhooks/notifications/{}{rest}", self.id)
    }
}

impl Account {
    /// The same account at a service that was started again on its data.
    pub(crate) fn at(mut self, service: &Service) -> Self {
        self.client.base.clone_from(&service.base);
        self
    }

    pub(crate) fn key(&self) -> &str {
        self.client.key.as_deref().expect("accounts have keys")
    }

    #[track_caller]
    pub(crate) fn register(&self, url: &str, events: &[&str]) -> Hook {
        let body = json!({"url": url, "events": events});
        let registered = self.client.post("/api/webhooks/notifications", &body).expect(201).json();
        let text = |name: &str| registered[name].as_str().expect("a text").to_owned();
        Hook { id: text("id"), secret: text("secret"), registered }
    }

    /// Sends one document to be extracted, whatever comes of it.
    pub(crate) fn extract(&self, file_name: &str, bytes: &[u8]) -> Answer {
        self.extract_with(&[], file_name, bytes)
    }

    pub(crate) fn extract_with(
        &self,
        headers: &[(&str, &str)],
        file_name: &str,
        bytes: &[u8],
    ) -> Answer {
        let (content_type, body) = Form::default().file("file", file_name, bytes).finish();
        let mut all = vec![("Content-Type", content_type.as_str())];
        all.extend_from_slice(headers);
        self.client.send("POST", "/api/v1/extract", &all, &body)
    }

    /// Has a real invoice extracted and returns the result.
    #[track_caller]
    pub(crate) fn extract_invoice(&self) -> Value {
        self.extract("invoice.pdf", &invoice_pdf()).expect(200).json()
    }

    /// Sends a batch of files.
    pub(crate) fn batch(&self, files: &[(&str, &[u8])]) -> Answer {
        let form = files
            .iter()
            .fold(Form::default(), |form, (name, bytes)| form.file("files", name, bytes));
        let (content_type, body) = form.finish();
        self.client.send("POST", "/api/v1/batch", &[("Content-Type", &content_type)], &body)
    }

    /// A caller for the same account whose key may publish events.
    #[track_caller]
    pub(crate) fn publisher(&self) -> Client {
        let wish = json!({"name": "publisher", "scopes": ["events:write"]});
        let made = self.client.post("/api/v1/keys", &wish).expect(201).json();
        Client::with_key(&self.client.base, made["key"].as_str().expect("the key is shown once"))
    }

    /// Publishes one event of the account's own.
    #[track_caller]
    pub(crate) fn publish(&self, event: &str, data: &Value) -> Value {
        let body = json!({"event": event, "data": data});
        self.publisher().post("/api/v1/events", &body).expect(202).json()
    }

    /// Does real work until every one of the six events has happened. Wants a quota of five.
    pub(crate) fn make_every_event_happen(&self) {
        self.extract("invoice.pdf", &invoice_pdf()).expect(200);
        self.extract("broken.pdf", corrupt_pdf()).expect(422);
        self.batch(&[("one.txt", text_invoice().as_bytes())]).expect(202);
        self.batch(&[("archive.zip", b"PK\x03\x04 but no archive follows")]);
        eventually("the quota is exceeded", || {
            let answer = self.extract("more.txt", text_invoice().as_bytes());
            (answer.status == 429).then_some(())
        });
    }

    /// The endpoint as the list shows it.
    #[track_caller]
    pub(crate) fn listed(&self, hook: &Hook) -> Value {
        let list = self.client.get("/api/webhooks/notifications").expect(200).json();
        let found =
            list["webhooks"].as_array().expect("a list").iter().find(|w| w["id"] == *hook.id);
        found.expect("the endpoint is listed").clone()
    }

    /// The endpoint's deliveries, newest first.
    #[track_caller]
    pub(crate) fn deliveries(&self, hook: &Hook) -> Vec<Value> {
        let list = self.client.get(&hook.path("/deliveries")).expect(200).json();
        list["deliveries"].as_array().expect("a list").clone()
    }

    /// The endpoint's only delivery, once it is in this state.
    #[track_caller]
    pub(crate) fn delivery_in_state(&self, hook: &Hook, state: &str) -> Value {
        eventually(&format!("a delivery is {state}"), || {
            self.deliveries(hook).into_iter().find(|delivery| delivery["state"] == state)
        })
    }

    /// One delivery with its attempts and its body.
    #[track_caller]
    pub(crate) fn delivery(&self, hook: &Hook, id: &str) -> Value {
        self.client.get(&hook.path(&format!("/deliveries/{id}"))).expect(200).json()
    }
}

/// The project's own English sample invoice.
pub(crate) fn invoice_pdf() -> Vec<u8> {
    sample("invoice-english.pdf")
}

/// One of the project's sample documents.
pub(crate) fn sample(name: &str) -> Vec<u8> {
    let path = format!("{}/../../samples/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Begins as a PDF and is none.
pub(crate) fn corrupt_pdf() -> &'static [u8] {
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\nand then nothing of sense"
}

/// A short invoice in plain text.
pub(crate) fn text_invoice() -> &'static str {
    "INVOICE\n\
     Northwind Tools Ltd\n\
     Invoice number: NT-2041\n\
     Invoice date: 2026-03-02\n\
     Due date: 2026-04-01\n\
     \n\
     Description   Quantity   Unit price   Amount\n\
     Hammer        2          12.50        25.00\n\
     Saw           1          18.00        18.00\n\
     \n\
     Subtotal: 43.00 GBP\n\
     VAT 20%: 8.60 GBP\n\
     Total: 51.60 GBP\n"
}
