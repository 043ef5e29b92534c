//! Documents and archives: read once, each end with its code.

use std::io::{Cursor, Write};

use parseflow_model::{BatchStatus, DocumentStatus, EventType, Plan};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::world::{Answer, World};

const URL: &str = "https://one.example/hook";
const INVOICE: &[u8] = b"INVOICE\nNorthwind Tools Ltd\nInvoice number: NT-2041\n\
    Invoice date: 2026-03-02\nSubtotal: 43.00 GBP\nVAT 20%: 8.60 GBP\nTotal: 51.60 GBP\n";

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in files {
        writer.start_file(*name, stored).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The types of the events that arrived.
fn arrived(world: &World) -> Vec<String> {
    let arrivals = world.arrivals(URL);
    arrivals.iter().map(|arrival| arrival.headers["x-parseflow-event"].clone()).collect()
}

async fn wait_for(world: &World, event: EventType) {
    while !arrived(world).iter().any(|name| name == event.as_str()) {
        world.run_for(std::time::Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn a_document_is_read_told_of_and_its_file_removed() {
    let mut world = World::reading().await;
    world.endpoint(URL, |_, _| Answer::status(200)).await;
    let document = world.document();
    let id = document.id.clone();
    world.accept(vec![document], None, Some(INVOICE)).await;
    let ended = world.ended_document(&id).await;
    let extraction = ended.extraction.expect("it can be read");
    assert_eq!(extraction.data["invoiceNumber"], "NT-2041");
    assert_eq!(extraction.data["total"], 51.6);
    wait_for(&world, EventType::ExtractionCompleted).await;
    while !world.uploaded().is_empty() {
        world.run_for(std::time::Duration::from_millis(2)).await;
    }
    assert_eq!(world.metric("parseflow_pages_total"), 1.0);
}

#[tokio::test]
async fn every_failure_has_its_code() {
    let cases: [(Option<&[u8]>, &str); 4] = [
        (Some(b"%PDF-1.7 and nothing more"), "corrupt_file"),
        (Some(b"GIF89a\x01\0 and so on"), "unsupported_format"),
        (Some(b"  \n"), "empty_document"),
        (None, "storage"),
    ];
    for (bytes, code) in cases {
        let mut world = World::reading().await;
        world.endpoint(URL, |_, _| Answer::status(200)).await;
        let document = world.document();
        let id = document.id.clone();
        world.accept(vec![document], None, bytes).await;
        let ended = world.ended_document(&id).await;
        assert_eq!(ended.status, DocumentStatus::Failed);
        assert_eq!(ended.failure.expect("it failed").code, code);
        wait_for(&world, EventType::ExtractionFailed).await;
    }
}

#[tokio::test]
async fn an_archive_is_opened_and_its_files_read_in_their_order() {
    let mut world = World::reading().await;
    world.endpoint(URL, |_, _| Answer::status(200)).await;
    let archive = world.archive();
    let id = archive.id.clone();
    let names = ["b.txt", "a.txt", "c.pdf"];
    let bytes = zip(&[(names[0], INVOICE), (names[1], INVOICE), (names[2], b"%PDF-1.7")]);
    world.accept(Vec::new(), Some(archive), Some(&bytes)).await;
    let ended = world.ended_batch(&id).await;
    assert_eq!((ended.status, ended.total), (BatchStatus::Completed, 3));
    assert_eq!((ended.succeeded, ended.failed), (2, 1));
    wait_for(&world, EventType::BatchCompleted).await;
    let arrivals = world.arrivals(URL);
    let report = arrivals.iter().find(|a| a.headers["x-parseflow-event"] == "batch.completed");
    let report: serde_json::Value = serde_json::from_slice(&report.unwrap().body).unwrap();
    let reported: Vec<_> = report["data"]["documents"].as_array().unwrap().iter().collect();
    let reported: Vec<_> = reported.iter().map(|row| row["fileName"].as_str().unwrap()).collect();
    assert_eq!(reported, names);
}

#[tokio::test]
async fn an_archive_that_cannot_be_read_fails_its_batch() {
    let mut world = World::reading().await;
    world.endpoint(URL, |_, _| Answer::status(200)).await;
    for (bytes, code) in [
        (Some(b"PK\x03\x04 and no more".to_vec()), "unreadable_archive"),
        (Some(zip(&[])), "empty_archive"),
        (None, "storage"),
    ] {
        let archive = world.archive();
        let id = archive.id.clone();
        world.accept(Vec::new(), Some(archive), bytes.as_deref()).await;
        let ended = world.ended_batch(&id).await;
        assert_eq!(ended.status, BatchStatus::Failed);
        assert_eq!(ended.failure.expect("it failed").code, code);
    }
    wait_for(&world, EventType::BatchFailed).await;
}

#[tokio::test]
async fn a_file_in_an_archive_may_be_as_large_as_the_plan_allows_and_no_larger() {
    for (plan, expected) in [(Plan::Free, BatchStatus::Failed), (Plan::Pro, BatchStatus::Completed)]
    {
        let world = World::reading().await;
        world.set_plan(plan).await;
        let large = [INVOICE, &vec![b' '; 5_000_001]].concat();
        let archive = world.archive();
        let id = archive.id.clone();
        let bytes = zip(&[("large.txt", &large)]);
        world.accept(Vec::new(), Some(archive), Some(&bytes)).await;
        let ended = world.ended_batch(&id).await;
        assert_eq!(ended.status, expected);
        let code = ended.failure.map(|failure| failure.code);
        assert_eq!(code.as_deref(), (plan == Plan::Free).then_some("archive_too_large"));
    }
}
