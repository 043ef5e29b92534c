//! Plain text → pages of words on a grid of columns and lines.

use parseflow_model::FieldSource;

use crate::layout::{Bounds, Page, Word};
use crate::{ExtractError, ExtractOptions};

/// Width of a column and height of a line of the made-up grid, in points.
const COLUMN: f64 = 6.0;
const LINE: f64 = 12.0;
const SIZE: f64 = 10.0;
const TAB_COLUMNS: usize = 8;

/// The characters of Windows-1252 from 0x80 to 0x9f; the others are those of Latin-1.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Whether the bytes read as text: no NUL (unless UTF-16), next to no control characters.
pub(crate) fn looks_like_text(bytes: &[u8]) -> bool {
    if utf16(bytes).is_some() {
        return true;
    }
    let sample = &bytes[..bytes.len().min(64 * 1024)];
    let controls = sample.iter().filter(|byte| is_control(**byte)).count();
    let high = sample.iter().filter(|byte| **byte >= 0x80).count();
    let is_utf8 = match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && sample.len() < bytes.len(),
    };
    !sample.contains(&0) && controls * 200 <= sample.len() && (is_utf8 || high * 3 <= sample.len())
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c') || byte == 0x7f
}

/// UTF-8, UTF-16 with a byte order mark, otherwise Windows-1252.
pub(crate) fn decode(bytes: &[u8]) -> String {
    if let Some(text) = utf16(bytes) {
        return text;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => bytes.iter().map(|&byte| windows_1252(byte)).collect(),
    }
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        byte => char::from(byte),
    }
}

fn utf16(bytes: &[u8]) -> Option<String> {
    let (little, rest) = match bytes {
        [0xff, 0xfe, rest @ ..] => (true, rest),
        [0xfe, 0xff, rest @ ..] => (false, rest),
        _ => return None,
    };
    let units = rest.chunks_exact(2).map(|pair| {
        if little {
            u16::from_le_bytes([pair[0], pair[1]])
        } else {
            u16::from_be_bytes([pair[0], pair[1]])
        }
    });
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}

/// Lays the text out; form feeds begin new pages.
///
/// # Errors
/// `too_large` when there are more pages or characters than allowed.
pub(crate) fn pages_of(text: &str, options: &ExtractOptions) -> Result<Vec<Page>, ExtractError> {
    if text.len() > options.chars_max {
        return Err(ExtractError::TooLarge { limit: options.chars_max as u64, unit: "characters" });
    }
    let mut pages = Vec::new();
    for (sheet, number) in text.trim_end_matches('\u{c}').split('\u{c}').zip(1u32..) {
        if number > options.pages_max {
            return Err(ExtractError::TooLarge { limit: options.pages_max.into(), unit: "pages" });
        }
        pages.push(page_of(sheet, number));
    }
    Ok(pages)
}

fn page_of(sheet: &str, number: u32) -> Page {
    let mut words = Vec::new();
    let mut columns_max = 80;
    let mut lines = 0;
    for (index, line) in sheet.lines().enumerate() {
        lines = index + 1;
        let top = index as f64 * LINE;
        let mut column = 0;
        let mut open: Option<(usize, String)> = None;
        for char in line.chars().chain([' ']) {
            if char.is_whitespace() || matches!(char, '|' | '│') {
                if let Some((start, text)) = open.take() {
                    words.push(word_at(text, start, column, top));
                }
                column += if char == '\t' { TAB_COLUMNS - column % TAB_COLUMNS } else { 1 };
            } else {
                open.get_or_insert_with(|| (column, String::new())).1.push(char);
                column += 1;
            }
        }
        columns_max = columns_max.max(column);
    }
    Page {
        number,
        width: columns_max as f64 * COLUMN,
        height: lines.max(1) as f64 * LINE,
        words,
        has_geometry: false,
    }
}

fn word_at(text: String, start: usize, end: usize, top: f64) -> Word {
    let bounds =
        Bounds { x0: start as f64 * COLUMN, y0: top, x1: end as f64 * COLUMN, y1: top + SIZE };
    Word { text, bounds, size: SIZE, confidence: 1.0, source: FieldSource::Text }
}
