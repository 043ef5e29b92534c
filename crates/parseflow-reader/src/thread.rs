//! Reading on a thread of this process: for documents that are trusted.

use std::time::Duration;

use async_trait::async_trait;
use parseflow_extract::{ExtractOptions, Tools, extract_with};
use parseflow_model::{DocumentFailure, Extraction};
use tokio::sync::oneshot;

use crate::{DocumentReader, crashed, timed_out};

/// Reads each document on a thread of its own. A document that crashes the parser is contained as
/// far as a panic goes; memory and system calls are not limited.
#[derive(Debug, Clone, Copy)]
pub struct ThreadReader {
    /// Longest time for one document. A thread that is still at it then ends by itself, unheard.
    pub timeout: Duration,
}

#[async_trait]
impl DocumentReader for ThreadReader {
    async fn read(
        &self,
        bytes: Vec<u8>,
        options: ExtractOptions,
    ) -> Result<Extraction, DocumentFailure> {
        let (sender, receiver) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("document".to_owned())
            .stack_size(parseflow_extract::STACK_BYTES)
            .spawn(move || {
                let _ = sender.send(extract_with(&bytes, &options, &Tools::default()));
            });
        if let Err(error) = thread {
            tracing::error!(%error, "no thread can be started");
            return Err(crashed());
        }
        match tokio::time::timeout(self.timeout, receiver).await {
            Ok(Ok(Ok(extraction))) => Ok(extraction),
            Ok(Ok(Err(error))) => {
                Err(DocumentFailure { code: error.code().to_owned(), message: error.to_string() })
            }
            Ok(Err(_)) => Err(crashed()),
            Err(_) => Err(timed_out(self.timeout)),
        }
    }
}
