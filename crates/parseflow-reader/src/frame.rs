//! What passes between parent and worker: one byte that says what it is, the length as 32 bits with
//! the lowest byte first, and that many bytes.
//!
//! The parent believes nothing that a worker says: kinds and lengths are checked, and what does not
//! fit is the end of that worker.

use std::io::{self, Read, Write};

use parseflow_extract::ExtractOptions;
use parseflow_model::{DocumentFailure, Extraction};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Largest content of a frame in bytes.
pub const FRAME_BYTES_MAX: usize = 512 * 1024 * 1024;
/// Largest content of a frame from a worker in bytes: a result.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;
const HEAD_BYTES: usize = 5;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// From the worker, first: [`Hello`] as JSON.
    Hello,
    /// To the worker: [`ExtractOptions`] as JSON.
    Options,
    /// To the worker: the bytes of the document.
    Document,
    /// From the worker: a page is done; no content.
    Progress,
    /// From the worker: [`Answer`] as JSON.
    Answer,
    /// From the worker, instead of its hello: why it cannot work, in words.
    Refusal,
}

impl Kind {
    const ALL: [Kind; 6] =
        [Kind::Hello, Kind::Options, Kind::Document, Kind::Progress, Kind::Answer, Kind::Refusal];

    fn byte(self) -> u8 {
        match self {
            Kind::Hello => b'h',
            Kind::Options => b'o',
            Kind::Document => b'd',
            Kind::Progress => b'p',
            Kind::Answer => b'a',
            Kind::Refusal => b'r',
        }
    }
}

/// The first thing a worker says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Whether the kernel keeps it from files and from the network by Landlock.
    pub landlock: bool,
    /// Whether the kernel ends it at any other system call than those for computing.
    pub seccomp: bool,
}

/// What came of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// It was read.
    Read(Box<Extraction>),
    /// It could not be read.
    Failed(DocumentFailure),
}

/// A frame with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
    pub kind: Kind,
    /// Its content.
    pub content: Vec<u8>,
}

fn wrong(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn head_of(kind: Kind, content: &[u8]) -> io::Result<[u8; HEAD_BYTES]> {
    if content.len() > FRAME_BYTES_MAX {
        return Err(wrong("the content is too large for a frame"));
    }
    let len = u32::try_from(content.len()).map_err(|_| wrong("too large for a frame"))?;
    let [a, b, c, d] = len.to_le_bytes();
    Ok([kind.byte(), a, b, c, d])
}

fn parse_head(head: [u8; HEAD_BYTES], bytes_max: usize) -> io::Result<(Kind, usize)> {
    let [kind, a, b, c, d] = head;
    let kind = Kind::ALL.into_iter().find(|known| known.byte() == kind);
    let kind = kind.ok_or_else(|| wrong("an unknown kind of frame"))?;
    let len = u32::from_le_bytes([a, b, c, d]) as usize;
    if len > bytes_max { Err(wrong("a frame that is too large")) } else { Ok((kind, len)) }
}

/// Writes one frame and flushes.
///
/// # Errors
/// Of the pipe, or when the content is too large.
pub fn write(mut to: impl Write, kind: Kind, content: &[u8]) -> io::Result<()> {
    to.write_all(&head_of(kind, content)?)?;
    to.write_all(content)?;
    to.flush()
}

/// Reads one frame; `None` at the end of the pipe.
///
/// # Errors
/// Of the pipe, and for anything that is no frame of at most `bytes_max`.
pub fn read(mut from: impl Read, bytes_max: usize) -> io::Result<Option<Frame>> {
    let mut head = [0; HEAD_BYTES];
    if from.read(&mut head[..1])? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut head[1..])?;
    let (kind, len) = parse_head(head, bytes_max)?;
    let mut content = Vec::new();
    from.take(len as u64).read_to_end(&mut content)?;
    if content.len() < len {
        Err(wrong("a frame that is cut"))
    } else {
        Ok(Some(Frame { kind, content }))
    }
}

/// Like [`write()`].
///
/// # Errors
/// Of the pipe, or when the content is too large.
pub(crate) async fn send(
    to: &mut (impl AsyncWrite + Unpin),
    kind: Kind,
    content: &[u8],
) -> io::Result<()> {
    to.write_all(&head_of(kind, content)?).await?;
    to.write_all(content).await?;
    to.flush().await
}

/// Like [`read()`], but the end of the pipe is an error.
///
/// # Errors
/// Of the pipe, and for anything that is no frame of at most [`ANSWER_BYTES_MAX`].
pub(crate) async fn receive(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Frame> {
    let mut head = [0; HEAD_BYTES];
    from.read_exact(&mut head).await?;
    let (kind, len) = parse_head(head, ANSWER_BYTES_MAX)?;
    let mut content = Vec::new();
    from.take(len as u64).read_to_end(&mut content).await?;
    if content.len() < len {
        Err(wrong("a frame that is cut"))
    } else {
        Ok(Frame { kind, content })
    }
}

/// The content of an options frame.
pub(crate) fn options_json(options: &ExtractOptions) -> io::Result<Vec<u8>> {
    serde_json::to_vec(options).map_err(io::Error::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(content in prop::collection::vec(any::<u8>(), 0..2_000)) {
            for kind in Kind::ALL {
                let mut pipe = Vec::new();
                write(&mut pipe, kind, &content).unwrap();
                let frame = read(pipe.as_slice(), 2_000).unwrap().unwrap();
                prop_assert_eq!((frame.kind, &frame.content), (kind, &content));
            }
        }

        #[test]
        fn bytes_that_are_no_frame_are_an_error_never_a_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..64),
        ) {
            if let Ok(Some(frame)) = read(bytes.as_slice(), 1_000) {
                prop_assert!(frame.content.len() + HEAD_BYTES <= bytes.len());
            }
        }
    }

    #[test]
    fn the_end_between_frames_is_an_end_and_within_one_an_error() {
        assert_eq!(read([].as_slice(), 10).unwrap(), None);
        assert!(read(b"a\x01\0".as_slice(), 10).is_err());
        assert!(read(b"a\x02\0\0\0x".as_slice(), 10).is_err());
    }

    #[test]
    fn a_frame_larger_than_allowed_is_refused_before_its_content_is_read() {
        let error = read(b"a\xff\xff\xff\xff".as_slice(), ANSWER_BYTES_MAX).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
