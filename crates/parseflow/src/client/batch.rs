//! `parseflow batch`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use parseflow_model::WallClock;
use parseflow_worker::Clock;
use serde_json::Value;

use super::args::BatchArgs;
use super::extract::{content, file_name};
use super::table::{cell, print};
use super::upload::Form;
use super::{Api, ClientError, progress};
use crate::clock::SystemClock;
use crate::screen::Screen;

/// Between two looks at a batch.
const LOOK_AGAIN: Duration = Duration::from_millis(300);

/// Sends every file of a folder as one batch, waits for its end unless told not to, and prints what
/// became of each document.
pub(super) async fn run(args: &BatchArgs, screen: Screen) -> Result<(), ClientError> {
    let api = args.on.connect.api()?;
    let files = files(&args.folder)?;
    let mut form = Form::default();
    if args.no_document_events {
        form = form.field("documentEvents", "false");
    }
    for path in &files {
        form = form.file("files", &file_name(path), &content(path)?);
    }
    let bar = progress::of_bytes("sending", form.size());
    let sent = bar.clone();
    let mut batch = api.post_form("/api/v1/batch", form, move |bytes| sent.inc(bytes)).await?;
    bar.finish_and_clear();
    let id = batch["id"].as_str().unwrap_or_default().to_owned();
    if !args.no_wait {
        batch = wait(&api, &id, files.len()).await?;
    }
    if args.on.json {
        screen.line(batch.to_string());
    } else {
        show(&batch, &documents(&api, &id).await?, screen);
    }
    let failed = batch["failed"].as_u64().unwrap_or_default();
    match usize::try_from(failed).unwrap_or(usize::MAX) {
        0 => Ok(()),
        failed => Err(ClientError::Documents { failed, all: files.len() }),
    }
}

/// The files of a folder, without those in folders of it and without hidden ones.
fn files(folder: &Path) -> Result<Vec<PathBuf>, ClientError> {
    let unreadable = |error: std::io::Error| ClientError::File {
        path: folder.to_owned(),
        what: error.to_string(),
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden = file_name(&path).starts_with('.');
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() { Err(ClientError::NothingToSend(folder.to_owned())) } else { Ok(files) }
}

async fn wait(api: &Api, id: &str, all: usize) -> Result<Value, ClientError> {
    let bar = progress::of_documents("reading", all as u64);
    loop {
        let batch = api.get(&format!("/api/v1/batch/{id}?limit=1")).await?;
        let count = |name: &str| batch[name].as_u64().unwrap_or_default();
        bar.set_position(count("succeeded") + count("failed"));
        if count("failed") > 0 {
            bar.set_message(format!("{} failed", count("failed")));
        }
        if batch["status"] != "processing" {
            bar.finish_and_clear();
            return Ok(batch);
        }
        SystemClock.sleep_until(SystemClock.now() + LOOK_AGAIN).await;
    }
}

/// Every document of a batch.
async fn documents(api: &Api, id: &str) -> Result<Vec<Value>, ClientError> {
    let (mut all, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let from = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        let mut page = api.get(&format!("/api/v1/batch/{id}?limit=100{from}")).await?;
        if let Value::Array(documents) = page["documents"].take() {
            all.extend(documents);
        }
        cursor = page["nextCursor"].as_str().map(ToOwned::to_owned);
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

fn show(batch: &Value, documents: &[Value], screen: Screen) {
    let rows: Vec<Vec<String>> = documents
        .iter()
        .map(|document| {
            ["fileName", "status", "documentType", "confidence", "id"]
                .map(|name| cell(&document[name]))
                .to_vec()
        })
        .collect();
    print(screen, &["FILE", "STATUS", "TYPE", "CONFIDENCE", "ID"], &rows);
    screen.line(format!(
        "{} is {}: {} succeeded, {} failed",
        cell(&batch["id"]),
        cell(&batch["status"]),
        batch["succeeded"],
        batch["failed"]
    ));
}
