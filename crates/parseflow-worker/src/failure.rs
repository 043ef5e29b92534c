//! Why a document or an archive came to nothing, beyond what the extraction itself can say.

use std::time::Duration;

use parseflow_model::DocumentFailure;

/// Why there is no result. Told by the document or batch and by its event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReadFailure {
    /// It was begun several times and never ended: it brings the process down.
    #[error("reading the file made the service fail repeatedly")]
    EngineCrashed,
    /// It took too long.
    #[error("reading took longer than {} s", .limit.as_secs())]
    Timeout {
        /// How long it may take.
        limit: Duration,
    },
    /// The uploaded file is not there any more.
    #[error("the uploaded file is missing")]
    Storage,
    /// The archive is damaged, encrypted or no ZIP.
    #[error("the ZIP archive cannot be read: {detail}")]
    UnreadableArchive {
        /// What is wrong with it.
        detail: &'static str,
    },
    /// More comes out of the archive than is allowed.
    #[error("the archive holds more than {limit} {unit}")]
    ArchiveTooLarge {
        /// The limit.
        limit: u64,
        /// What is counted.
        unit: &'static str,
    },
    /// There is no file in the archive.
    #[error("the archive holds no files")]
    EmptyArchive,
}

impl ReadFailure {
    /// Stable and machine-readable.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            ReadFailure::EngineCrashed => "engine_crashed",
            ReadFailure::Timeout { .. } => "timeout",
            ReadFailure::Storage => "storage",
            ReadFailure::UnreadableArchive { .. } => "unreadable_archive",
            ReadFailure::ArchiveTooLarge { .. } => "archive_too_large",
            ReadFailure::EmptyArchive => "empty_archive",
        }
    }
}

impl From<ReadFailure> for DocumentFailure {
    fn from(failure: ReadFailure) -> Self {
        Self { code: failure.code().to_owned(), message: failure.to_string() }
    }
}
