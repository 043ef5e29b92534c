use std::io::{Cursor, Write as _};
use std::time::Duration;

use parseflow_model::{Limit, Plan};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::form::{Form, sample};
use crate::world::{Tenant, WEBHOOKS, World};

const BATCH: &str = "/api/v1/batch";

pub(crate) fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn three() -> Form {
    let text = sample("invoice.txt");
    Form::default().file("files", "a.txt", &text).file("files", "b.txt", &text).file(
        "file",
        "c.pdf",
        &sample("corrupt.pdf"),
    )
}

async fn events(world: &World, tenant: &Tenant, webhook: &str) -> Vec<String> {
    let path = format!("{WEBHOOKS}/{webhook}/deliveries");
    let log = world.get(&path, &tenant.key).await.json();
    let rows = log["deliveries"].as_array().unwrap();
    rows.iter().rev().map(|row| row["event"].as_str().unwrap().to_owned()).collect()
}

async fn finished(world: &World, tenant: &Tenant, id: &str) -> Value {
    let path = format!("{BATCH}/{id}");
    let wait = async {
        loop {
            let batch = world.get(&path, &tenant.key).await.json();
            if batch["status"] != "processing" {
                return batch;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.unwrap()
}

#[tokio::test]
async fn many_files_become_a_batch_that_ends_once() {
    let world = World::new().reading();
    let tenant = world.account(Plan::Enterprise).await;
    world.set_limits(&tenant, Plan::Enterprise, None, Some(Limit::Unlimited)).await;
    let webhook = world.webhook(&tenant).await;
    let answer = world.send(three().text("language", "en").post(BATCH, &tenant.key)).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(
        answer.members(),
        [
            "id",
            "status",
            "total",
            "succeeded",
            "failed",
            "processing",
            "documents",
            "nextCursor",
            "createdAt",
            "completedAt",
            "error"
        ]
    );
    let created = answer.json();
    let id = created["id"].as_str().unwrap();
    assert!(id.starts_with("batch_"));
    assert_eq!(answer.header("location"), Some(format!("{BATCH}/{id}").as_str()));
    assert_eq!((&created["total"], &created["processing"]), (&json!(3), &json!(3)));
    assert_eq!(created["documents"][0]["fileName"], "a.txt");

    let batch = finished(&world, &tenant, id).await;
    assert_eq!(batch["status"], "completed");
    assert_eq!((&batch["succeeded"], &batch["failed"]), (&json!(2), &json!(1)));
    assert_eq!(batch["processing"], 0);
    assert_eq!(batch["completedAt"], "2026-04-14T10:00:00Z");
    let types: Vec<_> = batch["documents"].as_array().unwrap().iter().collect();
    assert_eq!(types.iter().filter(|row| row["documentType"] == "invoice").count(), 2);
    let fired = events(&world, &tenant, &webhook).await;
    assert_eq!(fired.len(), 4);
    assert_eq!(fired.last().map(String::as_str), Some("batch.completed"));
    assert_eq!(world.get("/api/v1/usage", &tenant.key).await.json()["used"], 3);
}

#[tokio::test]
async fn events_of_single_documents_can_be_left_out() {
    let world = World::new().reading();
    let tenant = world.account(Plan::Enterprise).await;
    world.set_limits(&tenant, Plan::Enterprise, None, Some(Limit::Unlimited)).await;
    let webhook = world.webhook(&tenant).await;
    let form = three().text("documentEvents", "false");
    let created = world.send(form.post(BATCH, &tenant.key)).await.json();
    finished(&world, &tenant, created["id"].as_str().unwrap()).await;
    assert_eq!(events(&world, &tenant, &webhook).await, ["batch.completed"]);
}

#[tokio::test]
async fn one_zip_is_an_archive_that_is_opened_later() {
    let world = World::new();
    let tenant = world.pro().await;
    let archive = zipped(&[("a.txt", b"one"), ("folder/b.txt", b"two")]);
    let form = Form::default().file("files", "all.zip", &archive);
    let answer = world.send(form.post(BATCH, &tenant.key)).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let batch = answer.json();
    assert_eq!((&batch["total"], &batch["documents"]), (&json!(0), &json!([])));
    let id = batch["id"].as_str().unwrap();
    assert_eq!(world.files.names(), [id], "stored under the id of the batch");
    let stored = world.store_ref().batch(&tenant.account, &id.parse().unwrap()).await.unwrap();
    assert_eq!(stored.unwrap().archive.unwrap().name, "all.zip");
    assert_eq!(world.get("/api/v1/usage", &tenant.key).await.json()["used"], 0);
}

#[tokio::test]
async fn an_archive_that_cannot_be_read_is_left_to_whoever_opens_it() {
    let world = World::new();
    let tenant = world.pro().await;
    let form = Form::default().file("files", "all.zip", b"PK\x03\x04 and then nothing");
    assert_eq!(world.send(form.post(BATCH, &tenant.key)).await.status, 202);
}

#[tokio::test]
async fn a_zip_among_other_files_is_a_document_like_them() {
    let world = World::new();
    let tenant = world.pro().await;
    let archive = zipped(&[("a.txt", b"one")]);
    for zip_first in [true, false] {
        let form = Form::default();
        let form = if zip_first {
            form.file("files", "all.zip", &archive).file("files", "a.txt", b"text")
        } else {
            form.file("files", "a.txt", b"text").file("files", "all.zip", &archive)
        };
        let batch = world.send(form.post(BATCH, &tenant.key)).await.json();
        assert_eq!(batch["total"], 2);
    }
}

#[tokio::test]
async fn an_office_document_is_not_taken_for_an_archive() {
    let world = World::new();
    let tenant = world.pro().await;
    let docx = zipped(&[("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<b/>")]);
    let form = Form::default().file("files", "letter.docx", &docx);
    let batch = world.send(form.post(BATCH, &tenant.key)).await.json();
    assert_eq!(batch["total"], 1);
    assert_eq!(batch["documents"][0]["fileName"], "letter.docx");
}

#[tokio::test]
async fn a_batch_is_cancelled_once_and_tells_of_it() {
    let world = World::new();
    let tenant = world.pro().await;
    let webhook = world.webhook(&tenant).await;
    let created = world.send(three().post(BATCH, &tenant.key)).await.json();
    let path = format!("{BATCH}/{}", created["id"].as_str().unwrap());
    let cancelled = world.post(&format!("{path}/cancel"), &tenant.key, json!({})).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.text());
    assert_eq!(cancelled.json()["status"], "cancelled");
    let again = world.post(&format!("{path}/cancel"), &tenant.key, json!({})).await;
    again.is_problem(409, "batch_ended");
    let shown = world.get(&path, &tenant.key).await.json();
    assert_eq!(shown["status"], "cancelled");
    assert_eq!(shown["error"]["code"], "cancelled");
    assert_eq!(shown["processing"], 0);
    assert_eq!(events(&world, &tenant, &webhook).await, ["batch.failed"]);
}

#[tokio::test]
async fn a_batch_over_the_quota_is_refused_as_a_whole() {
    let world = World::new();
    let tenant = world.pro().await;
    world.set_limits(&tenant, Plan::Pro, Some(Limit::AtMost(2)), None).await;
    world.send(three().post(BATCH, &tenant.key)).await.is_problem(429, "quota_exceeded");
    assert!(world.files.names().is_empty());
    assert_eq!(world.get("/api/v1/usage", &tenant.key).await.json()["used"], 0);
    let list = world.get(BATCH, &tenant.key).await;
    assert_eq!(list.text(), r#"{"batches":[],"nextCursor":null}"#);
}

#[tokio::test]
async fn documents_of_a_batch_come_by_page() {
    let world = World::new();
    let tenant = world.pro().await;
    let created = world.send(three().post(BATCH, &tenant.key)).await.json();
    let id = created["id"].as_str().unwrap();
    let page = world.get(&format!("{BATCH}/{id}?limit=2"), &tenant.key).await.json();
    let names = |page: &Value| -> Vec<String> {
        let rows = page["documents"].as_array().unwrap();
        rows.iter().map(|row| row["fileName"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&page), ["c.pdf", "b.txt"], "newest first is last sent first");
    let cursor = page["nextCursor"].as_str().unwrap();
    let path = format!("{BATCH}/{id}?limit=2&cursor={cursor}");
    let rest = world.get(&path, &tenant.key).await.json();
    assert_eq!(names(&rest), ["a.txt"]);
    assert!(rest["nextCursor"].is_null());
    // The cursor belongs to this batch.
    let other = world.get(&format!("{BATCH}?cursor={cursor}"), &tenant.key).await;
    other.is_problem(400, "invalid_cursor");
}

#[tokio::test]
async fn batches_are_listed_newest_first_and_only_to_their_owner() {
    let world = World::new();
    let (owner, other) = (world.pro().await, world.pro().await);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let created = world.send(three().post(BATCH, &owner.key)).await.json();
        ids.push(created["id"].as_str().unwrap().to_owned());
        world.clock.advance(Duration::from_secs(1));
    }
    let list = world.get(BATCH, &owner.key).await.json();
    assert_eq!(list["batches"][0]["id"], json!(ids[1]));
    assert_eq!(list["batches"][1]["id"], json!(ids[0]));
    let path = format!("{BATCH}/{}", ids[0]);
    world.get(&path, &other.key).await.is_problem(404, "not_found");
    let cancel = world.post(&format!("{path}/cancel"), &other.key, json!({})).await;
    cancel.is_problem(404, "not_found");
    assert_eq!(world.get(&path, &owner.key).await.json()["status"], "processing");
}

#[tokio::test]
async fn a_broken_form_leaves_no_files_behind() {
    let world = World::with(|settings| settings.batch_files_max = 2);
    let tenant = world.pro().await;
    world.send(three().post(BATCH, &tenant.key)).await.is_problem(413, "too_many_files");
    world.files_settle_at(0).await;
}
