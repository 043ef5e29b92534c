//! A small reader of documents in place of the worker.

use std::sync::Arc;
use std::time::Duration;

use parseflow_extract::{ExtractOptions, STACK_BYTES, extract};
use parseflow_model::{DocumentFailure, WallClock as _};
use parseflow_store::{DocumentFiles as _, DocumentStore as _, Finish, SqliteStore, Work};
use tokio::sync::{mpsc, oneshot};

use crate::world::{HeldClock, MemoryFiles};

/// Reads what is queued until the world ends. Archives are left alone.
pub(crate) async fn run(
    store: Arc<SqliteStore>,
    files: Arc<MemoryFiles>,
    clock: Arc<HeldClock>,
    mut work: mpsc::UnboundedReceiver<()>,
) {
    while work.recv().await.is_some() {
        let now = clock.now();
        let claimed = store.claim_work(now, now + Duration::from_secs(60), 100).await.unwrap();
        for claim in claimed {
            let Work::Document(document) = claim.work else { continue };
            let bytes = files.get(document.id.as_str()).await.unwrap().unwrap();
            let options = ExtractOptions {
                document_type: document.requested,
                language: document.language.clone(),
                wishes: document.wishes.clone(),
                ..ExtractOptions::default()
            };
            let (sender, receiver) = oneshot::channel();
            std::thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn(move || drop(sender.send(extract(&bytes, &options))))
                .unwrap();
            let outcome = receiver.await.unwrap().map_err(|error| DocumentFailure {
                code: error.code().to_owned(),
                message: error.to_string(),
            });
            let finish = Finish {
                document: document.id.clone(),
                token: claim.token,
                outcome,
                processing_ms: 12,
                now: clock.now(),
            };
            files.delete(document.id.as_str()).await.unwrap();
            store.finish(finish).await.unwrap();
        }
    }
}
