//! Refuses files that are cut off, and streams that explode, before anything is parsed.

use std::io::Read;

use flate2::read::ZlibDecoder;
use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict};

use super::corrupt;
use crate::{ExtractError, ExtractOptions};

/// LZW has no cheap bound check; real files do not carry more of it than this.
const LZW_BYTES_MAX: usize = 1024 * 1024;
/// Where `%%EOF` must stand, counted from the end; writers may append some padding.
const EOF_WINDOW_BYTES: usize = 2048;

/// Checks what can be seen in the bytes alone: the end marker and the size after decompression.
pub(super) fn check_bytes(bytes: &[u8], options: &ExtractOptions) -> Result<(), ExtractError> {
    let content = bytes.trim_ascii_end();
    let tail = &content[content.len().saturating_sub(EOF_WINDOW_BYTES)..];
    if find(tail, b"%%EOF").is_none() && find(tail, b"startxref").is_none() {
        return Err(corrupt("its end is missing (no %%EOF)"));
    }
    check_decompressed_size(bytes, options.decompressed_bytes_max)
}

/// Adds up what every compressed stream becomes, stopping at the limit.
fn check_decompressed_size(bytes: &[u8], limit: u64) -> Result<(), ExtractError> {
    let too_large = || ExtractError::TooLarge { limit, unit: "bytes after decompression" };
    let mut total = 0u64;
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], b"stream") {
        let keyword = at + found;
        at = keyword + b"stream".len();
        if bytes[..keyword].ends_with(b"end") {
            continue;
        }
        let head = &bytes[keyword.saturating_sub(400)..keyword];
        let dict = &head[rfind(head, b"obj").unwrap_or(0)..];
        let mut start = at;
        while bytes.get(start).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            start += 1;
        }
        let end = find(&bytes[start..], b"endstream").map_or(bytes.len(), |n| start + n);
        let data = &bytes[start..end];
        at = end;
        if count(dict, b"LZW") > 0 && data.len() > LZW_BYTES_MAX {
            return Err(too_large());
        }
        let stages = count(dict, b"FlateDecode") + count(dict, b"/Fl ") + count(dict, b"LZW");
        if stages == 0 {
            continue;
        }
        total += inflated_len(data, stages, limit - total);
        if total >= limit {
            return Err(too_large());
        }
    }
    Ok(())
}

/// Bytes that come out of `stages` nested deflate streams, at most `limit`.
fn inflated_len(data: &[u8], stages: usize, limit: u64) -> u64 {
    fn drained(reader: impl Read, limit: u64) -> u64 {
        // An error ends the stream: what came before it has been counted by `sink`.
        struct Counting(u64);
        impl std::io::Write for Counting {
            fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
                self.0 += buffer.len() as u64;
                Ok(buffer.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let mut counting = Counting(0);
        let _ = std::io::copy(&mut reader.take(limit), &mut counting);
        counting.0
    }
    let one = drained(ZlibDecoder::new(data), limit);
    if stages == 1 {
        return one;
    }
    one + drained(ZlibDecoder::new(ZlibDecoder::new(data)), limit.saturating_sub(one))
}

/// Checks what the parsed file says about itself.
///
/// A file that was cut and then rebuilt by scanning still tells how many pages it should have, and
/// its pages tell which content they should show.
pub(super) fn check_structure(pdf: &Pdf, bytes: &[u8]) -> Result<(), ExtractError> {
    let found = pdf.pages().len();
    let declared = pdf
        .xref()
        .get::<Dict<'_>>(pdf.xref().root_id())
        .and_then(|root| root.get::<Dict<'_>>("Pages"))
        .and_then(|pages| pages.get::<i32>("Count"));
    if declared.is_some_and(|count| usize::try_from(count).is_ok_and(|count| count > found)) {
        return Err(corrupt("pages are missing"));
    }
    if !cross_references_point_into(bytes) {
        return Err(corrupt("its cross-reference table is missing"));
    }
    for page in pdf.pages().iter() {
        let raw = page.raw();
        let unreadable = match raw.get::<Array<'_>>("Contents") {
            Some(parts) => {
                parts.raw_iter().count() != parts.iter::<hayro_syntax::object::Stream<'_>>().count()
            }
            None => raw.contains_key("Contents") && page.page_stream().is_none(),
        };
        if unreadable {
            return Err(corrupt("the content of a page is missing"));
        }
    }
    Ok(())
}

/// Whether the last `startxref` names a place where a cross-reference table or stream begins.
///
/// Cut files that end with an older end marker fail here: their last table lies behind the cut.
/// Offsets may count from the header instead of the first byte, and be wrong by a line end or so.
fn cross_references_point_into(bytes: &[u8]) -> bool {
    const SLACK_BYTES: usize = 24;
    let Some(keyword) = rfind(bytes, b"startxref") else { return false };
    let digits = bytes[keyword + b"startxref".len()..].trim_ascii_start();
    let digits: Vec<u8> = digits.iter().copied().take_while(u8::is_ascii_digit).collect();
    let offset = String::from_utf8(digits).ok().and_then(|text| text.parse::<usize>().ok());
    let header = find(bytes, b"%PDF-").unwrap_or(0);
    let begins_at = |offset: usize| {
        let from = offset.saturating_sub(SLACK_BYTES).min(bytes.len());
        let window = &bytes[from..bytes.len().min(offset.saturating_add(SLACK_BYTES)).max(from)];
        let table = find(window, b"xref").is_some_and(|at| !window[..at].ends_with(b"start"));
        table || find(window, b" obj").is_some()
    };
    offset.is_some_and(|offset| {
        offset > 0 && (begins_at(offset) || begins_at(offset.saturating_add(header)))
    })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = 0;
    while let Some(step) = haystack[at..].iter().position(|&byte| byte == first) {
        at += step;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).rposition(|window| window == needle)
}

fn count(haystack: &[u8], needle: &[u8]) -> usize {
    haystack.windows(needle.len()).filter(|window| *window == needle).count()
}
