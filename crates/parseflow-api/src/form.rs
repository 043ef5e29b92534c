//! Multipart forms: files and a few short texts, read as they arrive.
//!
//! Parts are judged by their names before their bytes are read, and a file is given up the moment it
//! is larger than allowed.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use multer::{Field, Multipart};

use crate::body::{announces_more_than, is_plain};
use crate::error::ApiError;
use crate::idempotency::Fingerprint;
use crate::members::pointer_to;
use crate::upload_memory::{Held, UploadMemory};

/// Longest value of a text part in bytes.
const TEXT_BYTES_MAX: usize = 1_024;
/// Longest JSON Schema in bytes.
const SCHEMA_BYTES_MAX: usize = 32 * 1_024;

/// Room for boundaries and headers of parts beyond the files themselves.
const OVERHEAD_BYTES: u64 = 64 * 1024;

/// Name of a file that came without a usable one.
const NAMELESS: &str = "document";

const NAME_CHARS_MAX: usize = 255;

/// What a form may hold.
pub(crate) struct FormLimits {
    /// Names under which files may be sent.
    pub(crate) file_parts: &'static [&'static str],
    /// Names of text parts.
    pub(crate) text_parts: &'static [&'static str],
    /// Bytes of the whole form.
    pub(crate) bytes_max: u64,
    /// Time between two pieces of it.
    pub(crate) idle_deadline: Duration,
    /// Where the files are held.
    pub(crate) memory: UploadMemory,
}

/// One part of a form.
pub(crate) enum Part {
    File { name: String, file: Held },
    Text { name: &'static str, text: String },
}

/// A form that is being read.
pub(crate) struct Form {
    parts: Multipart<'static>,
    limits: FormLimits,
    /// Files in it, the one being read included.
    files: usize,
    /// Texts seen; each may be sent once.
    seen: Vec<&'static str>,
}

impl Form {
    /// Starts to read the form of a request.
    pub(crate) fn open(
        headers: &HeaderMap,
        body: Body,
        limits: FormLimits,
    ) -> Result<Self, ApiError> {
        let expected = "multipart/form-data";
        let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let value = value.unwrap_or_default();
        if !crate::body::essence(headers).eq(expected) || !is_plain(headers) {
            return Err(ApiError::UnsupportedMediaType { expected });
        }
        let boundary = multer::parse_boundary(value).ok().filter(|boundary| {
            // Source: RFC 2046, section 5.1.1.
            (1..=70).contains(&boundary.len())
        });
        let boundary = boundary.ok_or(ApiError::MalformedMultipart {
            detail: "its Content-Type names no boundary of 1 to 70 characters",
        })?;
        if announces_more_than(headers, limits.bytes_max + OVERHEAD_BYTES) {
            return Err(ApiError::BodyTooLarge { bytes_max: limits.bytes_max });
        }
        let mut left = limits.bytes_max + OVERHEAD_BYTES;
        let stream = body.into_data_stream().map_err(|_| Broken::Interrupted);
        let stream = stream.and_then(move |data: Bytes| {
            let fits = left.checked_sub(data.len() as u64);
            left = fits.unwrap_or(0);
            std::future::ready(fits.map(|_| data).ok_or(Broken::TooLarge))
        });
        let parts = Multipart::new(stream, boundary);
        Ok(Self { parts, limits, files: 0, seen: Vec::new() })
    }

    /// The next part, `None` at the end of the form. `file_bytes_max` judges a file by its number
    /// (counted from 1) and its first bytes.
    pub(crate) async fn next(
        &mut self,
        fingerprint: &mut Fingerprint,
        file_bytes_max: impl Fn(usize, &[u8]) -> Result<u64, ApiError>,
    ) -> Result<Option<Part>, ApiError> {
        let idle = self.limits.idle_deadline;
        let field = tokio::time::timeout(idle, self.parts.next_field()).await;
        let field = field.map_err(|_| ApiError::BodyTimeout)?.map_err(|e| self.broken(&e))?;
        let Some(field) = field else { return Ok(None) };
        let name = field.name().unwrap_or_default().to_owned();
        fingerprint.add(name.as_bytes());
        if self.limits.file_parts.contains(&name.as_str()) {
            self.files += 1;
            return self.read_file(field, &name, fingerprint, file_bytes_max).await.map(Some);
        }
        let known = self.limits.text_parts.iter().find(|known| **known == name);
        let Some(&name) = known else { return Err(self.unknown_part(&name)) };
        if self.seen.contains(&name) {
            return Err(ApiError::input(pointer_to(name), "must be given once"));
        }
        self.seen.push(name);
        let text = self.read_text(field, name).await?;
        fingerprint.add(text.as_bytes());
        Ok(Some(Part::Text { name, text }))
    }

    async fn read_file(
        &self,
        field: Field<'static>,
        part: &str,
        fingerprint: &mut Fingerprint,
        file_bytes_max: impl Fn(usize, &[u8]) -> Result<u64, ApiError>,
    ) -> Result<Part, ApiError> {
        let Some(file_name) = field.file_name() else {
            let message = "must be sent as a file with a name (curl: -F file=@invoice.pdf)";
            return Err(ApiError::input(pointer_to(part), message));
        };
        let name = safe_name(file_name);
        fingerprint.add(file_name.as_bytes());
        let mut file = self.limits.memory.buffer();
        let mut field = field;
        while let Some(chunk) = self.chunk(&mut field).await? {
            file.push(&chunk)?;
            let bytes_max = file_bytes_max(self.files, file.bytes())?;
            if file.bytes().len() as u64 > bytes_max {
                return Err(ApiError::FileTooLarge { bytes_max });
            }
        }
        // An empty file is counted too.
        file_bytes_max(self.files, file.bytes())?;
        fingerprint.add(file.bytes());
        Ok(Part::File { name, file })
    }

    async fn read_text(
        &self,
        mut field: Field<'static>,
        name: &'static str,
    ) -> Result<String, ApiError> {
        let mut bytes = Vec::new();
        let bytes_max = if name == "schema" { SCHEMA_BYTES_MAX } else { TEXT_BYTES_MAX };
        while let Some(chunk) = self.chunk(&mut field).await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > bytes_max {
                let message = format!("must have at most {bytes_max} bytes");
                return Err(ApiError::input(pointer_to(name), message));
            }
        }
        String::from_utf8(bytes).map_err(|_| ApiError::input(pointer_to(name), "is not UTF-8"))
    }

    async fn chunk(&self, field: &mut Field<'static>) -> Result<Option<Bytes>, ApiError> {
        let chunk = tokio::time::timeout(self.limits.idle_deadline, field.chunk()).await;
        chunk.map_err(|_| ApiError::BodyTimeout)?.map_err(|error| self.broken(&error))
    }

    fn unknown_part(&self, name: &str) -> ApiError {
        let known: Vec<_> = self.limits.file_parts.iter().chain(self.limits.text_parts).collect();
        let known = known.iter().map(|name| **name).collect::<Vec<_>>().join(", ");
        ApiError::input(pointer_to(name), format!("is not known; known are {known}"))
    }

    fn broken(&self, error: &multer::Error) -> ApiError {
        let malformed = |detail| ApiError::MalformedMultipart { detail };
        match error {
            multer::Error::StreamReadFailed(source) => match source.downcast_ref::<Broken>() {
                Some(Broken::TooLarge) => {
                    ApiError::BodyTooLarge { bytes_max: self.limits.bytes_max }
                }
                _ => ApiError::BodyInterrupted,
            },
            multer::Error::IncompleteFieldData { .. } | multer::Error::IncompleteStream => {
                malformed("it ends before its closing boundary")
            }
            multer::Error::IncompleteHeaders | multer::Error::ReadHeaderFailed(_) => {
                malformed("the headers of a part cannot be read")
            }
            _ => malformed("it does not follow RFC 7578"),
        }
    }
}

/// Why the stream below a form ended early.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("interrupted")]
    Interrupted,
    #[error("too large")]
    TooLarge,
}

/// The last component of a name, without control characters, at most 255 characters.
pub(crate) fn safe_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let invisible = |c: char| c.is_control() || is_direction_mark(c);
    let name: String = last.chars().filter(|&c| !invisible(c)).take(NAME_CHARS_MAX).collect();
    match name.trim() {
        "" | "." | ".." => NAMELESS.to_owned(),
        name => name.to_owned(),
    }
}

/// Characters that make `invoice[mark]fdp.exe` look like `invoiceexe.pdf`.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_loses_folders_and_whatever_cannot_be_seen() {
        let check = |given: &str, kept: &str| assert_eq!(safe_name(given), kept, "{given:?}");
        check("invoice.pdf", "invoice.pdf");
        check("../../etc/passwd", "passwd");
        check("C:\\Users\\me\\Rechnung März.pdf", "Rechnung März.pdf");
        check("a\0b\r\nc.pdf", "abc.pdf");
        check("invoice\u{202e}fdp.exe", "invoicefdp.exe");
        check("", "document");
        check("..", "document");
        check("folder/", "document");
        check("  ", "document");
        check(&"é".repeat(300), &"é".repeat(255));
    }
}
