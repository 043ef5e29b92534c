//! Tables as text: comma-separated values and their relatives (RFC 4180).

use crate::flow::{Block, Flow};
use crate::layout::Page;
use crate::{ExtractError, ExtractOptions};

/// Marks between cells, likeliest first.
const DELIMITERS: [char; 4] = [';', '\t', ',', '|'];
/// Lines that are looked at to tell the delimiter.
const SAMPLE_LINES: usize = 20;
/// Rows that are read, at most.
const ROWS_MAX: usize = 200_000;

/// The mark that divides every line of the text into the same number of cells, at least three, or two
/// where there are at least four lines; `None` for prose.
pub(crate) fn delimiter_of(text: &str) -> Option<char> {
    let sample: String = text.split_inclusive('\n').take(SAMPLE_LINES).collect();
    let is_whole = sample.len() == text.len();
    DELIMITERS.into_iter().find(|&delimiter| {
        let mut rows = rows_of(&sample, delimiter, SAMPLE_LINES);
        if !is_whole {
            // The sample may end inside quotes.
            rows.pop();
        }
        rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
        let columns = rows.first().map_or(0, Vec::len);
        let is_even = rows.iter().all(|row| row.len() == columns);
        // Sentences with as many commas each have long cells; tables have short ones.
        let chars: usize = rows.iter().flatten().map(|cell| cell.chars().count()).sum();
        let cells = (rows.len() * columns).max(1);
        is_even
            && (columns >= 3 && rows.len() >= 2 || columns == 2 && rows.len() >= 4)
            && chars / cells <= 40
    })
}

/// Reads the table.
///
/// # Errors
/// `too_large` beyond the limits, `empty_document` without any text.
pub(crate) fn pages_of(
    text: &str,
    delimiter: char,
    options: &ExtractOptions,
) -> Result<Vec<Page>, ExtractError> {
    let mut flow = Flow::new(options);
    flow.push(Block::Table(rows_of(text, delimiter, ROWS_MAX)))?;
    flow.pages(options)
}

/// Rows of cells; quotes may hold delimiters, line ends and doubled quotes.
fn rows_of(text: &str, delimiter: char, rows_max: usize) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut cell = String::new();
    let mut in_quotes = false;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if in_quotes && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' if in_quotes => in_quotes = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                in_quotes = true;
            }
            char if char == delimiter && !in_quotes => row.push(std::mem::take(&mut cell)),
            '\r' if !in_quotes && chars.peek() == Some(&'\n') => {}
            '\n' | '\r' if !in_quotes => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
                if rows.len() >= rows_max {
                    return rows;
                }
            }
            char => cell.push(char),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests;
