//! Why a picture could not be read.

/// Why the bytes of a picture gave no pixels.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PictureError {
    /// The file is cut off or damaged.
    #[error("the picture is damaged or cut off")]
    Corrupt,
    /// A variant of the format that is not read: an uncommon compression or kind of colour.
    #[error("the picture uses a variant of its format that is not read")]
    Unsupported,
    /// More pixels than allowed, in one picture.
    #[error("the picture has more than {limit} pixels")]
    TooManyPixels {
        /// The limit.
        limit: u64,
    },
    /// More pages than allowed.
    #[error("the picture has more than {limit} pages")]
    TooManyPages {
        /// The limit.
        limit: u32,
    },
}

/// The models could not be run: a mistake of ours, or too little memory.
#[derive(Debug, thiserror::Error)]
pub enum OcrError {
    /// A model could not be loaded.
    #[error("the model for {what} cannot be loaded: {detail}")]
    Load {
        /// What it is for.
        what: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// A model failed.
    #[error("the model for {what} failed: {detail}")]
    Run {
        /// What it is for.
        what: &'static str,
        /// What is wrong.
        detail: String,
    },
}
