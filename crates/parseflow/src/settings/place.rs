//! Where uploaded documents are kept.

use std::fmt;
use std::path::PathBuf;

/// A place for uploaded documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FilesPlace {
    /// A local folder.
    Folder(PathBuf),
    /// A bucket of an S3-compatible store, and what stands in front of names in it, without slashes
    /// at its ends.
    Bucket { bucket: String, prefix: String },
}

impl FilesPlace {
    /// Reads a URL; the error says what it should be.
    pub(crate) fn read(text: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "a URL such as file:///folder or s3://bucket/prefix";
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            let is_name =
                |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b);
            if !(3..=63).contains(&bucket.len()) || !bucket.bytes().all(is_name) {
                return Err("a URL such as s3://bucket/prefix; buckets have 3 to 63 of [a-z0-9.-]");
            }
            let prefix = prefix.trim_matches('/');
            if prefix.contains(['?', '#', '\\']) || prefix.split('/').any(|part| part == "..") {
                return Err(EXPECTED);
            }
            return Ok(Self::Bucket { bucket: bucket.to_owned(), prefix: prefix.to_owned() });
        }
        let url = url::Url::parse(text).ok().filter(|url| url.scheme() == "file");
        let path = url.and_then(|url| url.to_file_path().ok());
        path.map(Self::Folder).ok_or(EXPECTED)
    }
}

impl fmt::Display for FilesPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FilesPlace::Folder(path) => path.display().fmt(f),
            FilesPlace::Bucket { bucket, prefix } if prefix.is_empty() => {
                write!(f, "s3://{bucket}")
            }
            FilesPlace::Bucket { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}
