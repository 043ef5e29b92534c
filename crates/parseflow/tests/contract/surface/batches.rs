//! Batches: progress, cancelling, archives, and exactly one terminal event.

use serde_json::json;

use crate::harness::{Account, Service, Sink, eventually, invoice_pdf, text_invoice};

fn ended(account: &Account, id: &serde_json::Value) -> serde_json::Value {
    let path = format!("/api/v1/batch/{}", id.as_str().expect("an id"));
    eventually("the batch ends", || {
        let batch = account.client.get(&path).expect(200).json();
        (batch["status"] != "processing" && batch["status"] != "queued").then_some(batch)
    })
}

#[test]
fn a_batch_shows_its_progress_and_its_end() {
    let service = Service::start();
    let account = service.account("pro");
    let text = text_invoice().as_bytes();
    let accepted = account.batch(&[("a.txt", text), ("b.txt", text)]).expect(202).json();
    assert_eq!(accepted["total"], 2);
    let batch = ended(&account, &accepted["id"]);
    assert_eq!((&batch["status"], &batch["succeeded"]), (&json!("completed"), &json!(2)));
    let list = account.client.get("/api/v1/batch").expect(200).json();
    assert_eq!(list["batches"][0]["id"], accepted["id"]);
    assert_eq!(account.client.get("/api/v1/usage").expect(200).json()["used"], 2);
}

#[test]
fn an_archive_is_a_batch_of_its_files() {
    let service = Service::start();
    let account = service.account("pro");
    let archive =
        stored_zip(&[("one.txt", text_invoice().as_bytes()), ("folder/two.pdf", &invoice_pdf())]);
    let accepted = account.batch(&[("documents.zip", &archive)]).expect(202).json();
    let batch = ended(&account, &accepted["id"]);
    assert_eq!((&batch["total"], &batch["succeeded"]), (&json!(2), &json!(2)), "{batch}");
}

#[test]
fn a_cancelled_batch_fails_once_and_is_never_completed() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["batch.*"]);
    let pdf = invoice_pdf();
    let names: Vec<String> = (0..60).map(|n| format!("{n}.pdf")).collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), pdf.as_slice())).collect();
    let accepted = account.batch(&files).expect(202).json();
    let id = accepted["id"].as_str().expect("an id");
    let cancelled = account.client.post(&format!("/api/v1/batch/{id}/cancel"), &json!({}));
    assert!((200..300).contains(&cancelled.status), "{}", cancelled.text());
    let event = sink.wait_for(1).remove(0).json();
    assert_eq!(event["event"], "batch.failed");
    assert_eq!(event["data"]["id"], id);
    assert_eq!(event["data"]["error"]["code"], "cancelled");
    assert_eq!(event["data"]["total"], 60);
    let again = account.client.post(&format!("/api/v1/batch/{id}/cancel"), &json!({}));
    assert_eq!(again.status, 409, "{}", again.text());
    // A batch behind it as the sentinel: a second terminal event would have come before.
    account.batch(&[("last.txt", text_invoice().as_bytes())]).expect(202);
    let events: Vec<String> = sink.wait_for(2).iter().map(|r| r.event()).collect();
    assert_eq!(events, ["batch.failed", "batch.completed"]);
    assert_ne!(sink.received()[1].json()["data"]["id"], id);
}

#[test]
fn a_batch_without_document_events_fires_its_own_only() {
    let service = Service::start();
    let account = service.account("pro");
    let sink = Sink::answering(200);
    account.register(&sink.url("/"), &["*"]);
    let form = crate::harness::Form::default()
        .field("documentEvents", "false")
        .file("files", "a.txt", text_invoice().as_bytes())
        .file("files", "b.txt", text_invoice().as_bytes());
    let (content_type, body) = form.finish();
    let headers = [("Content-Type", content_type.as_str())];
    account.client.send("POST", "/api/v1/batch", &headers, &body).expect(202);
    assert_eq!(sink.wait_for(1)[0].event(), "batch.completed");
    assert_eq!(sink.received().len(), 1);
}

/// A ZIP archive whose files are stored as they are.
fn stored_zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let offset = u32::try_from(archive.len()).expect("a small archive");
        let size = u32::try_from(bytes.len()).expect("a small file").to_le_bytes();
        let name_length = u16::try_from(name.len()).expect("a short name").to_le_bytes();
        // Version, flags, method "stored", time and date; then checksum, sizes, name.
        let mut shared = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x50];
        shared.extend(crc32(bytes).to_le_bytes());
        shared.extend(size);
        shared.extend(size);
        shared.extend(name_length);
        shared.extend([0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&shared);
        archive.extend(name.as_bytes());
        archive.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&shared);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(files.len()).expect("few files").to_le_bytes();
    let start = u32::try_from(archive.len()).expect("a small archive").to_le_bytes();
    let length = u32::try_from(directory.len()).expect("a small directory").to_le_bytes();
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(count);
    archive.extend(count);
    archive.extend(length);
    archive.extend(start);
    archive.extend([0, 0]);
    archive
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
