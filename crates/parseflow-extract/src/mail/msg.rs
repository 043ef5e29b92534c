//! Outlook messages: a compound file with a stream for each property (MS-OXMSG).

use std::io::{Cursor, Read};

use cfb::CompoundFile;

use super::{ATTACHMENTS_MAX, Mail};
use crate::flow::Block;
use crate::html;
use crate::text::decode;

/// Bytes of one property that are read.
const PROPERTY_BYTES_MAX: u64 = 32 * 1024 * 1024;

type File<'b> = CompoundFile<Cursor<&'b [u8]>>;

/// Reads a message; `None` if it cannot be read or holds nothing at all.
pub(crate) fn read(bytes: &[u8]) -> Option<Mail> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).ok()?;
    let sender = [text(&mut file, "/", "0C1A"), text(&mut file, "/", "5D01")];
    let sender = sender.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let head = [
        ("From", Some(sender)),
        ("To", text(&mut file, "/", "0E04")),
        ("Subject", text(&mut file, "/", "0037")),
        ("Date", None),
    ];
    let plain = text(&mut file, "/", "1000").filter(|text| !text.trim().is_empty());
    let body = match plain {
        Some(plain) => vec![Block::Paragraph(plain)],
        None => markup(&mut file).map(|html| html::blocks_of(&html)).unwrap_or_default(),
    };
    let mut attachments = Vec::new();
    for number in 0..ATTACHMENTS_MAX {
        let folder = format!("/__attach_version1.0_#{number:08X}/");
        let data = stream(&mut file, &format!("{folder}__substg1.0_37010102"));
        attachments.extend(data.filter(|data| !data.is_empty()));
    }
    Mail::new(head, body, attachments)
}

fn markup(file: &mut File<'_>) -> Option<String> {
    let binary = stream(file, "/__substg1.0_10130102").map(|bytes| decode(&bytes));
    binary.or_else(|| text(file, "/", "1013"))
}

/// A text property: UTF-16 (type 001F), else in the code page of the sender (001E).
fn text(file: &mut File<'_>, folder: &str, id: &str) -> Option<String> {
    if let Some(wide) = stream(file, &format!("{folder}__substg1.0_{id}001F")) {
        let units: Vec<u16> =
            wide.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        return Some(String::from_utf16_lossy(&units).trim_end_matches('\0').to_owned());
    }
    stream(file, &format!("{folder}__substg1.0_{id}001E")).map(|bytes| decode(&bytes))
}

fn stream(file: &mut File<'_>, path: &str) -> Option<Vec<u8>> {
    if !file.is_stream(path) {
        return None;
    }
    let mut bytes = Vec::new();
    file.open_stream(path).ok()?.take(PROPERTY_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
