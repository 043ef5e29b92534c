//! What was read in pictures, kept in a folder: reading takes seconds, finding fields in it does not.

use std::fmt::Write;
use std::io::{Error, Result};
use std::path::Path;

use parseflow_extract::Page;
use parseflow_extract::lab::{picture_read, read_page_of};
use parseflow_ocr::{PageRead, WordRead};

/// The page of a picture, read now or when it was first asked for with this folder.
pub(crate) fn page_of(picture: &Path, folder: &Path) -> Result<Page> {
    let name = picture.file_stem().unwrap_or_default().to_string_lossy();
    let kept = folder.join(format!("{name}.tsv"));
    if !kept.is_file() {
        let read = picture_read(&std::fs::read(picture)?);
        let read = read.ok_or_else(|| Error::other(format!("{name}: no picture of one page")))?;
        std::fs::create_dir_all(folder)?;
        std::fs::write(&kept, written(&read))?;
    }
    let read = parsed(&std::fs::read_to_string(&kept)?);
    let read = read.ok_or_else(|| Error::other(format!("{name}: not as it was written")))?;
    Ok(read_page_of(read))
}

fn written(read: &PageRead) -> String {
    let PageRead { width, height, quarters, slant_degrees, lines, confidence, .. } = read;
    let mut text =
        format!("{width}\t{height}\t{quarters}\t{slant_degrees}\t{lines}\t{confidence}\n");
    for WordRead { text: word, x0, y0, x1, y1, confidence } in &read.words {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{x0}\t{y0}\t{x1}\t{y1}\t{confidence}\t{word}");
    }
    text
}

fn parsed(text: &str) -> Option<PageRead> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next()?.split('\t').collect();
    let [width, height, quarters, slant, count, confidence] = head[..] else { return None };
    let word = |line: &str| {
        let parts: Vec<&str> = line.split('\t').collect();
        let [x0, y0, x1, y1, confidence, text] = parts[..] else { return None };
        let number = |text: &str| text.parse().ok();
        Some(WordRead {
            text: text.to_owned(),
            x0: number(x0)?,
            y0: number(y0)?,
            x1: number(x1)?,
            y1: number(y1)?,
            confidence: number(confidence)?,
        })
    };
    Some(PageRead {
        width: width.parse().ok()?,
        height: height.parse().ok()?,
        quarters: quarters.parse().ok()?,
        slant_degrees: slant.parse().ok()?,
        words: lines.map(word).collect::<Option<_>>()?,
        lines: count.parse().ok()?,
        confidence: confidence.parse().ok()?,
    })
}
