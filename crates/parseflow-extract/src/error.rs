//! Why a document could not be read.

/// Why no extraction could be made of a document. Every variant has a stable [`code`].
///
/// [`code`]: ExtractError::code
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ExtractError {
    /// The file is cut off or damaged so that its content cannot be trusted.
    #[error("the file is damaged and cannot be read: {detail}")]
    CorruptFile {
        /// What is wrong with it, without any of its content.
        detail: &'static str,
    },
    /// The file needs a password.
    #[error("the file is protected by a password; send it without protection")]
    Encrypted,
    /// There is nothing in the file.
    #[error("the file is empty: there is nothing in it to read")]
    EmptyDocument,
    /// A type of file that this version does not read.
    #[error("files of type {media_type} are not supported: {detail}")]
    UnsupportedFormat {
        /// What was found in the bytes.
        media_type: &'static str,
        /// What can be done about it.
        detail: &'static str,
    },
    /// One of the limits is exceeded.
    #[error("the file is too large: more than {limit} {unit}")]
    TooLarge {
        /// The limit.
        limit: u64,
        /// What is counted: `bytes`, `pages`, `bytes after decompression` and the like.
        unit: &'static str,
    },
    /// The parser failed in a way that is our mistake. The service goes on.
    #[error("reading the file made the extraction engine fail; the failure is contained")]
    EngineCrashed,
}

impl ExtractError {
    /// The stable machine-readable code.
    pub fn code(&self) -> &'static str {
        match self {
            ExtractError::CorruptFile { .. } => "corrupt_file",
            ExtractError::Encrypted => "encrypted",
            ExtractError::EmptyDocument => "empty_document",
            ExtractError::UnsupportedFormat { .. } => "unsupported_format",
            ExtractError::TooLarge { .. } => "too_large",
            ExtractError::EngineCrashed => "engine_crashed",
        }
    }
}
