//! The whole text as Markdown and the tables as rows of cells, in reading order.
//!
//! [`tables`] finds runs of rows whose cells stand in columns; what is left of a page is cut into
//! blocks at its white space ([`order`]), so that columns of prose are read one after the other.

pub(crate) mod order;
mod tables;

use parseflow_model::Table;

use crate::layout::{Page, Row, Segment, rows_of};
use order::blocks_of;
use tables::{Found, tables_in};

/// Characters of text that are returned, at most.
const TEXT_CHARS_MAX: usize = 2_000_000;

/// Text and tables of all pages.
pub(crate) struct Outputs {
    /// Markdown.
    pub(crate) text: String,
    pub(crate) tables: Vec<Table>,
}

/// Reads all pages.
pub(crate) fn outputs_of(pages: &[Page]) -> Outputs {
    let rows = rows_of(pages);
    let mut outputs = Outputs { text: String::new(), tables: Vec::new() };
    for page in pages {
        let of_page: Vec<&Row> = rows.iter().filter(|row| row.page == page.number).collect();
        let found = tables_in(&of_page);
        let normal = usual_size(&of_page);
        let mut at = 0;
        for table in &found {
            let before = of_page[at..table.rows.start].iter().flat_map(|row| &row.segments);
            push_prose(&mut outputs.text, before.collect(), normal);
            push_table(&mut outputs.text, &table.cells, table.header_rows);
            outputs.tables.push(as_table(page, table));
            at = table.rows.end;
        }
        let rest = of_page[at..].iter().flat_map(|row| &row.segments);
        push_prose(&mut outputs.text, rest.collect(), normal);
        if outputs.text.len() > TEXT_CHARS_MAX {
            break;
        }
    }
    let end = outputs.text.trim_end().len();
    outputs.text.truncate(end);
    outputs
}

fn as_table(page: &Page, found: &Found) -> Table {
    Table {
        page: page.number,
        bounds: page.fractions(found.bounds),
        rows: found.cells.clone(),
        header_rows: found.header_rows,
    }
}

/// The font size most characters have.
fn usual_size(rows: &[&Row]) -> f64 {
    let words = rows.iter().flat_map(|row| &row.segments).flat_map(|segment| &segment.words);
    let mut sizes: Vec<(f64, usize)> = Vec::new();
    for word in words {
        match sizes.iter_mut().find(|(size, _)| (size - word.size).abs() < 0.3) {
            Some((_, count)) => *count += word.text.len(),
            None => sizes.push((word.size, word.text.len())),
        }
    }
    sizes.into_iter().max_by_key(|(_, count)| *count).map_or(10.0, |(size, _)| size)
}

fn push_prose(text: &mut String, segments: Vec<&Segment>, normal: f64) {
    for block in blocks_of(segments) {
        let size = block.first().and_then(|line| line.words.first()).map_or(normal, |w| w.size);
        let mut begins = true;
        let mut last_row = usize::MAX;
        for line in &block {
            let heading = size > 1.25 * normal && block.len() <= 3 && line.words.len() <= 12;
            if last_row == line.row {
                text.push_str("  ");
            } else if !begins {
                text.push('\n');
            }
            if begins && heading {
                text.push_str("## ");
            }
            push_escaped(text, &line.text);
            (begins, last_row) = (false, line.row);
        }
        text.push_str("\n\n");
    }
}

fn push_table(text: &mut String, cells: &[Vec<String>], header_rows: u32) {
    let push_row = |text: &mut String, row: &[String]| {
        text.push('|');
        for cell in row {
            text.push(' ');
            push_escaped(text, cell);
            text.push_str(" |");
        }
        text.push('\n');
    };
    let columns = cells.first().map_or(0, Vec::len);
    let head = cells.first().filter(|_| header_rows > 0).cloned();
    push_row(text, &head.unwrap_or_else(|| vec![String::new(); columns]));
    text.push('|');
    text.push_str(&" --- |".repeat(columns));
    text.push('\n');
    for row in cells.iter().skip(usize::from(header_rows > 0)) {
        push_row(text, row);
    }
    text.push('\n');
}

/// Escapes what Markdown would take for its own marks.
fn push_escaped(text: &mut String, plain: &str) {
    for char in plain.chars() {
        if matches!(char, '\\' | '|' | '*' | '_' | '`' | '<' | '[') {
            text.push('\\');
        }
        text.push(char);
    }
}

#[cfg(test)]
mod tests;
