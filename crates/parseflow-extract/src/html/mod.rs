//! HTML → paragraphs and tables, in one pass without building a tree.
//!
//! Nothing is fetched, no style is applied, scripts and styles are skipped. Markup that is not closed
//! ends where the text ends.

use crate::flow::{Block, Flow};
use crate::layout::Page;
use crate::{ExtractError, ExtractOptions};

/// Cells of one row and rows of one table, at most.
const CELLS_MAX: usize = 256;
const ROWS_MAX: usize = 50_000;
/// Cells that one cell may span.
const SPAN_MAX: usize = 50;

/// Reads the text.
///
/// # Errors
/// `too_large` beyond the limit of characters, `empty_document` without any text.
pub(crate) fn pages_of(html: &str, options: &ExtractOptions) -> Result<Vec<Page>, ExtractError> {
    let mut flow = Flow::new(options);
    for block in blocks_of(html) {
        flow.push(block)?;
    }
    flow.pages(options)
}

/// The paragraphs and tables.
pub(crate) fn blocks_of(html: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        reader.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let next = rest[1..].chars().next();
        if !next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            reader.text("<");
            rest = &rest[1..];
            continue;
        }
        let end = tag_end(rest);
        let tag = rest[1..end].trim_end_matches('>');
        rest = &rest[end..];
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        if !tag.starts_with('/')
            && matches!(name.as_str(), "script" | "style" | "head" | "template")
        {
            rest = skip_to_end(rest, &name);
            continue;
        }
        reader.tag(&name, tag);
    }
    reader.text(rest);
    reader.finish()
}

/// The index after the `>` that ends a tag; quoted values may hold others.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
    }
    // A quote that is never closed was none.
    text.find('>').map_or(text.len(), |at| at + 1)
}

/// What follows the closing tag of an element whose content is no text.
fn skip_to_end<'t>(text: &'t str, name: &str) -> &'t str {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let start = from + at + 2;
        let same = bytes
            .get(start..start + name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
        if same {
            return text[start..].find('>').map_or("", |end| &text[start + end + 1..]);
        }
        from = start;
    }
    ""
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    line: String,
    /// The table being read and the row in it; tables inside cells become text.
    rows: Vec<Vec<String>>,
    row: Option<Vec<String>>,
    depth: usize,
    in_cell: bool,
    span: usize,
    is_preformatted: bool,
}

impl Reader {
    fn text(&mut self, raw: &str) {
        if raw.is_empty() {
            return;
        }
        let text = unescaped(raw);
        if self.is_preformatted && !self.in_cell {
            self.line.push_str(&text);
            return;
        }
        for (index, word) in text.split(|c: char| c.is_whitespace()).enumerate() {
            if index > 0 && !self.line.is_empty() && !self.line.ends_with([' ', '\n']) {
                self.line.push(' ');
            }
            self.line.push_str(word);
        }
    }

    fn tag(&mut self, name: &str, tag: &str) {
        let closes = tag.starts_with('/');
        match (name, closes) {
            ("br", _) if self.in_cell => self.line.push(' '),
            ("br", _) => self.line.push('\n'),
            ("pre", _) => {
                self.end_line();
                self.is_preformatted = !closes;
            }
            ("table", false) => {
                if self.depth == 0 {
                    self.end_line();
                }
                self.depth += 1;
            }
            ("table", true) => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.end_table();
                }
            }
            ("tr", false) if self.depth == 1 => {
                self.end_row();
                self.row = Some(Vec::new());
            }
            ("tr", true) if self.depth == 1 => self.end_row(),
            ("td" | "th", false) if self.depth == 1 => {
                self.end_cell();
                self.row.get_or_insert_default();
                self.in_cell = true;
                self.span =
                    attribute(tag, "colspan").and_then(|text| text.parse().ok()).unwrap_or(1);
            }
            ("td" | "th", true) if self.depth == 1 => self.end_cell(),
            (
                "p" | "div" | "li" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
                | "section" | "article" | "header" | "footer" | "address" | "blockquote" | "dt"
                | "dd" | "hr" | "title" | "tr" | "td" | "th" | "body" | "form" | "fieldset",
                _,
            ) => {
                if self.in_cell {
                    if !self.line.ends_with(' ') {
                        self.line.push(' ');
                    }
                } else {
                    self.end_line();
                }
            }
            _ => {}
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.trim().is_empty() {
            let keep = if self.is_preformatted { line.as_str() } else { line.trim() };
            self.blocks.push(Block::Paragraph(keep.to_owned()));
        }
    }

    fn end_cell(&mut self) {
        if !self.in_cell {
            // Text between cells belongs to none of them.
            self.line.clear();
            return;
        }
        let cell = std::mem::take(&mut self.line).trim().to_owned();
        self.in_cell = false;
        if let Some(row) = self.row.as_mut().filter(|row| row.len() < CELLS_MAX) {
            row.push(cell);
            row.extend(std::iter::repeat_n(String::new(), self.span.clamp(1, SPAN_MAX) - 1));
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if let Some(row) = self.row.take().filter(|row| !row.is_empty())
            && self.rows.len() < ROWS_MAX
        {
            self.rows.push(row);
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        let rows = std::mem::take(&mut self.rows);
        // A table that only arranges the page holds one cell a row.
        if rows.iter().all(|row| row.iter().filter(|cell| !cell.is_empty()).count() <= 1) {
            let lines = rows.into_iter().flatten().filter(|cell| !cell.is_empty());
            self.blocks.extend(lines.map(Block::Paragraph));
        } else {
            self.blocks.push(Block::Table(rows));
        }
    }

    fn finish(mut self) -> Vec<Block> {
        if self.depth > 0 {
            self.end_table();
        }
        self.end_line();
        self.blocks
    }
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let at = tag.find(name)?;
    let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let value = value.trim_start_matches(['"', '\'']);
    Some(value.split(['"', '\'', ' ', '/']).next().unwrap_or_default())
}

/// Characters by their names and numbers.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("euro", '€'),
    ("pound", '£'),
    ("yen", '¥'),
    ("cent", '¢'),
    ("copy", '©'),
    ("reg", '®'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bull", '•'),
    ("middot", '·'),
    ("times", '×'),
    ("deg", '°'),
    ("sup2", '²'),
    ("sect", '§'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("ecirc", 'ê'),
    ("agrave", 'à'),
    ("aacute", 'á'),
    ("acirc", 'â'),
    ("ccedil", 'ç'),
    ("icirc", 'î'),
    ("iacute", 'í'),
    ("ntilde", 'ñ'),
    ("oacute", 'ó'),
    ("ograve", 'ò'),
    ("ocirc", 'ô'),
    ("uacute", 'ú'),
    ("ugrave", 'ù'),
    ("ucirc", 'û'),
];

/// Text with its entities replaced; unknown ones stay as they are.
fn unescaped(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let found = end.and_then(|end| Some((character(&rest[1..end])?, end)));
        match found {
            Some((char, end)) => {
                out.push(char);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).map(|char| if char == '\u{a0}' { ' ' } else { char });
    }
    ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, char)| *char)
}

#[cfg(test)]
mod tests;
