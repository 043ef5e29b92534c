//! What a file is, by its bytes. Names and claims of the sender are never looked at.

use parseflow_ocr::PictureFormat;

use crate::office;

/// What a file was recognised as.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Detected {
    /// IANA media type, `application/octet-stream` where nothing is known.
    pub media_type: &'static str,
    pub(crate) format: Format,
}

impl Detected {
    /// Whether this version reads files of this type.
    pub fn is_readable(self) -> bool {
        match self.format {
            Format::Pdf
            | Format::Text
            | Format::Csv
            | Format::Html
            | Format::Mail
            | Format::Msg
            | Format::Xml
            | Format::Picture(_)
            | Format::Office(_) => true,
            Format::Empty | Format::Image | Format::Encrypted | Format::Other => false,
        }
    }
}

/// How to treat a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Format {
    Pdf,
    Text,
    Csv,
    Html,
    Mail,
    /// An Outlook message.
    Msg,
    Xml,
    Office(office::Kind),
    /// No bytes, or nothing but white space.
    Empty,
    /// A picture that is decoded and read.
    Picture(PictureFormat),
    /// A picture of a kind that is not decoded.
    Image,
    /// Recognised, but needs a password.
    Encrypted,
    Other,
}

/// Leading bytes, what they mean, and how it is treated. The first match counts.
const MAGIC: &[(&[u8], &str, Format)] = &[
    (b"\x89PNG\r\n\x1a\n", "image/png", Format::Picture(PictureFormat::Png)),
    (b"\xff\xd8\xff", "image/jpeg", Format::Picture(PictureFormat::Jpeg)),
    (b"GIF87a", "image/gif", Format::Image),
    (b"GIF89a", "image/gif", Format::Image),
    (b"II*\0", "image/tiff", Format::Picture(PictureFormat::Tiff)),
    (b"MM\0*", "image/tiff", Format::Picture(PictureFormat::Tiff)),
    (b"BM", "image/bmp", Format::Image),
    (b"\0\0\0\x0cjP  ", "image/jp2", Format::Image),
    (b"ID3", "audio/mpeg", Format::Other),
    (b"OggS", "audio/ogg", Format::Other),
    (b"fLaC", "audio/flac", Format::Other),
    (b"\x1aE\xdf\xa3", "video/x-matroska", Format::Other),
    (b"SQLite format 3\0", "application/vnd.sqlite3", Format::Other),
    (b"\xfd7zXZ\0", "application/x-xz", Format::Other),
    (b"BZh", "application/x-bzip2", Format::Other),
    (b"(\xb5/\xfd", "application/zstd", Format::Other),
    (b"wOFF", "font/woff", Format::Other),
    (b"wOF2", "font/woff2", Format::Other),
    (b"\xca\xfe\xba\xbe", "application/java-vm", Format::Other),
    (b"AC10", "image/vnd.dwg", Format::Other),
    (b"\x1f\x8b", "application/gzip", Format::Other),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", Format::Other),
    (b"Rar!\x1a\x07", "application/vnd.rar", Format::Other),
    (b"%!PS", "application/postscript", Format::Other),
    (b"{\\rtf", "application/rtf", Format::Other),
    (b"\x7fELF", "application/x-elf", Format::Other),
    (b"MZ", "application/vnd.microsoft.portable-executable", Format::Other),
];

/// Recognises a file by its content.
///
/// A PDF header is accepted anywhere in the first 1,024 bytes, as PDF readers do. Text is UTF-8,
/// UTF-16 with a byte order mark, or bytes that make sense as Windows-1252.
pub fn detect(bytes: &[u8]) -> Detected {
    let found = |media_type, format| Detected { media_type, format };
    if bytes.trim_ascii().is_empty() {
        return found("application/x-empty", Format::Empty);
    }
    // Before PDF: an archive may hold one uncompressed, its header within the first bytes.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let media_type = zip_type(bytes);
        return found(media_type, format_in_zip(media_type));
    }
    let head = &bytes[..bytes.len().min(1024)];
    if head.windows(5).any(|window| window == b"%PDF-") {
        return found("application/pdf", Format::Pdf);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return compound_type(bytes);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return found("image/webp", Format::Picture(PictureFormat::WebP));
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return match bytes.get(8..12) {
            Some(b"heic" | b"heix" | b"mif1" | b"hevc") => found("image/heic", Format::Image),
            Some(b"avif") => found("image/avif", Format::Image),
            _ => found("video/mp4", Format::Other),
        };
    }
    let is_text = crate::text::looks_like_text(bytes);
    for (magic, media_type, format) in MAGIC {
        // Two letters are too little to call a text an image or a program.
        if bytes.starts_with(magic) && (magic.len() > 2 || !is_text) {
            return found(media_type, *format);
        }
    }
    if is_text { text_type(bytes) } else { found("application/octet-stream", Format::Other) }
}

/// Office files are ZIP archives that begin with an entry of a fixed name. An archive that merely
/// contains one further on is an archive.
fn zip_type(bytes: &[u8]) -> &'static str {
    const HEADER_BYTES: usize = 30;
    let name_bytes = bytes.get(26..28).map_or(0, |n| usize::from(u16::from_le_bytes([n[0], n[1]])));
    let first = bytes.get(HEADER_BYTES..HEADER_BYTES + name_bytes).unwrap_or_default();
    let content = &bytes[bytes.len().min(HEADER_BYTES + name_bytes)..];
    let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    let begins_as_office = first == b"[Content_Types].xml"
        || [b"word/".as_slice(), b"xl/", b"ppt/", b"_rels/", b"docProps/"]
            .iter()
            .any(|folder| first.starts_with(folder));
    if begins_as_office && has(b"[Content_Types].xml") {
        if has(b"word/document.xml") {
            return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        }
        if has(b"xl/workbook.xml") {
            return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        }
        if has(b"ppt/presentation.xml") {
            return "application/vnd.openxmlformats-officedocument.presentationml.presentation";
        }
    }
    let opendocument = |kind: &str| first == b"mimetype" && content.starts_with(kind.as_bytes());
    if opendocument("application/vnd.oasis.opendocument.text") {
        return "application/vnd.oasis.opendocument.text";
    }
    if opendocument("application/vnd.oasis.opendocument.spreadsheet") {
        return "application/vnd.oasis.opendocument.spreadsheet";
    }
    "application/zip"
}

/// How the office files among the archives are read.
fn format_in_zip(media_type: &str) -> Format {
    let kind = match media_type {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => {
            office::Kind::Docx
        }
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => office::Kind::Xlsx,
        "application/vnd.oasis.opendocument.text"
        | "application/vnd.oasis.opendocument.spreadsheet" => office::Kind::Odf,
        _ => return Format::Other,
    };
    Format::Office(kind)
}

/// What a compound file (OLE) holds, by the names of its streams in UTF-16.
fn compound_type(bytes: &[u8]) -> Detected {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    let (media_type, format) = if holds("__properties_version1.0") {
        ("application/vnd.ms-outlook", Format::Msg)
    } else if holds("EncryptedPackage") {
        ("application/x-encrypted-office", Format::Encrypted)
    } else if holds("WordDocument") {
        ("application/msword", Format::Other)
    } else if holds("Workbook") || holds("Book") {
        ("application/vnd.ms-excel", Format::Other)
    } else if holds("PowerPoint Document") {
        ("application/vnd.ms-powerpoint", Format::Other)
    } else {
        ("application/x-ole-storage", Format::Other)
    };
    Detected { media_type, format }
}

/// Whether a text without a document type begins as a piece of HTML does.
fn looks_like_html(lower: &str) -> bool {
    ["<head", "<body", "<div", "<table", "<p>", "<meta", "<!--"]
        .iter()
        .any(|start| lower.starts_with(start))
        && lower.contains('>')
}

fn text_type(bytes: &[u8]) -> Detected {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let start = head.trim_start_matches('\u{feff}').trim_start();
    let lower: String = start.chars().take(256).collect::<String>().to_ascii_lowercase();
    let (media_type, format) = if lower.starts_with("<!doctype html") || lower.starts_with("<html")
    {
        ("text/html", Format::Html)
    } else if lower.starts_with("<?xml") || crate::einvoice::might_be_invoice(&head) {
        ("application/xml", Format::Xml)
    } else if has_mail_header(start) {
        ("message/rfc822", Format::Mail)
    } else if looks_like_html(&lower) {
        ("text/html", Format::Html)
    } else if crate::csv::delimiter_of(&crate::text::decode(bytes)).is_some() {
        ("text/csv", Format::Csv)
    } else {
        ("text/plain", Format::Text)
    };
    Detected { media_type, format }
}

/// Whether the text begins with a block of header fields that only mail has.
fn has_mail_header(text: &str) -> bool {
    let (mut fields, mut technical) = (0, 0);
    for line in text.lines() {
        if line.starts_with([' ', '\t']) && fields > 0 {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { break };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            break;
        }
        match name.to_ascii_lowercase().as_str() {
            "from" | "to" | "subject" | "date" | "cc" | "reply-to" => fields += 1,
            "message-id"
            | "mime-version"
            | "received"
            | "return-path"
            | "delivered-to"
            | "content-type"
            | "content-transfer-encoding"
            | "dkim-signature" => technical += 1,
            _ => {}
        }
    }
    (technical >= 1 && fields + technical >= 2) || fields >= 4
}
