//! `parseflow extract`.

use std::path::Path;

use serde_json::Value;

use super::args::ExtractArgs;
use super::table::{cell, print};
use super::upload::Form;
use super::{Api, ClientError, progress};
use crate::clock::SystemClock;
use crate::screen::Screen;
use parseflow_model::WallClock;
use parseflow_worker::Clock;

/// Between two looks at a document that is still being read.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(500);

/// Sends each file and prints what was found. A document that cannot be read does not keep the
/// others from being sent; the command fails at the end.
pub(super) async fn run(args: &ExtractArgs, screen: Screen) -> Result<(), ClientError> {
    let api = args.on.connect.api()?;
    let (mut rows, mut failed) = (Vec::new(), 0);
    for path in &args.files {
        let name = file_name(path);
        let outcome = one(&api, args, path, &name).await;
        let result = match outcome {
            Ok(result) => result,
            // What is wrong with one document is told; what is wrong with the key or the service
            // ends the command.
            Err(error @ (ClientError::Refused { .. } | ClientError::File { .. }))
                if error.exit_code() == 1 =>
            {
                failed += 1;
                crate::screen::complain(&format!("{name}: {error}"));
                continue;
            }
            Err(error) => return Err(error),
        };
        if args.on.json {
            screen.line(result.to_string());
        } else {
            rows.push(row(&name, &result));
        }
    }
    if !args.on.json && !rows.is_empty() {
        print(screen, &["FILE", "TYPE", "CONFIDENCE", "NUMBER", "TOTAL", "ID"], &rows);
    }
    match failed {
        0 => Ok(()),
        failed => Err(ClientError::Documents { failed, all: args.files.len() }),
    }
}

fn row(name: &str, result: &Value) -> Vec<String> {
    let data = &result["data"];
    let total = match (&data["total"], data["currency"].as_str()) {
        (Value::Null, _) => "-".to_owned(),
        (total, currency) => format!("{total} {}", currency.unwrap_or_default()),
    };
    vec![
        name.to_owned(),
        cell(&result["documentType"]),
        cell(&result["confidence"]),
        cell(&data["invoiceNumber"]),
        total,
        cell(&result["id"]),
    ]
}

/// The last part of a path.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The content of a file.
pub(super) fn content(path: &Path) -> Result<Vec<u8>, ClientError> {
    std::fs::read(path)
        .map_err(|error| ClientError::File { path: path.to_owned(), what: error.to_string() })
}

async fn one(api: &Api, args: &ExtractArgs, path: &Path, name: &str) -> Result<Value, ClientError> {
    let content = content(path)?;
    let mut form = Form::default().field("document_type", &args.document_type);
    if let Some(language) = &args.language {
        form = form.field("language", language);
    }
    let bar = progress::of_bytes(name, content.len() as u64);
    let sent = bar.clone();
    let form = form.file("file", name, &content);
    let answer = api.post_form("/api/v1/extract", form, move |bytes| sent.inc(bytes)).await;
    bar.set_message("reading");
    let mut result = answer?;
    while result["status"] == "processing" {
        SystemClock.sleep_until(SystemClock.now() + LOOK_AGAIN).await;
        let id = result["id"].as_str().unwrap_or_default().to_owned();
        result = api.get(&format!("/api/v1/documents/{id}")).await?;
    }
    bar.finish_and_clear();
    Ok(result)
}
