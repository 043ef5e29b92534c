//! Forms with files, sent in parts so that progress can be shown.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// Bytes handed over at a time.
const PART_BYTES: usize = 64 * 1024;
/// Between the parts of a form; no document holds it, and a form is checked for it.
const BOUNDARY: &str = "parseflow-form-7d1f3b0ac2e94f58b6a1";

/// A `multipart/form-data` body.
#[derive(Debug, Default)]
pub(crate) struct Form {
    bytes: Vec<u8>,
}

impl Form {
    /// Adds a field.
    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        let head =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(value.as_bytes());
        self.bytes.extend_from_slice(b"\r\n");
        self
    }

    /// Adds a file; the service tells what it is by its content.
    pub(crate) fn file(mut self, name: &str, file_name: &str, content: &[u8]) -> Self {
        let quoted = file_name.replace('"', "%22").replace(['\r', '\n'], " ");
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; \
             filename=\"{quoted}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(content);
        self.bytes.extend_from_slice(b"\r\n");
        self
    }

    /// Bytes so far.
    pub(super) fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub(super) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    pub(super) fn into_bytes(mut self) -> Bytes {
        self.bytes.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        Bytes::from(self.bytes)
    }
}

/// A body that tells of every part that was taken.
pub(super) struct Upload<F> {
    rest: Bytes,
    on_sent: F,
}

impl<F: Fn(u64)> Upload<F> {
    pub(super) fn new(bytes: Bytes, on_sent: F) -> Self {
        Self { rest: bytes, on_sent }
    }
}

impl<F: Fn(u64)> Unpin for Upload<F> {}

impl<F: Fn(u64)> Body for Upload<F> {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let size = self.rest.len().min(PART_BYTES);
        let part = self.rest.split_to(size);
        (self.on_sent)(size as u64);
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        let form = Form::default().field("language", "de").file("file", "a\"\r\nb.pdf", b"%PDF");
        let text = String::from_utf8(form.into_bytes().to_vec()).unwrap();
        assert!(text.contains("filename=\"a%22  b.pdf\"\r\n"), "{text}");
        assert!(text.ends_with(&format!("%PDF\r\n--{BOUNDARY}--\r\n")), "{text}");
    }

    #[tokio::test]
    async fn a_body_arrives_whole_and_tells_of_all_its_bytes() {
        let content = vec![7u8; 3 * PART_BYTES + 1];
        let sent = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
        let counter = std::sync::Arc::clone(&sent);
        let upload = Upload::new(Bytes::from(content.clone()), move |bytes| {
            counter.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
        });
        assert_eq!(Body::size_hint(&upload).exact(), Some(content.len() as u64));
        assert_eq!(upload.collect().await.unwrap().to_bytes(), content);
        assert_eq!(sent.load(std::sync::atomic::Ordering::Relaxed), content.len() as u64);
    }
}
