//! Text without pages of its own: paragraphs and tables, laid out on a grid so that cells of one column
//! stand under each other.

use crate::layout::Page;
use crate::text::pages_of;
use crate::{ExtractError, ExtractOptions};

/// Spaces between two columns; more than between two words.
const GUTTER: usize = 3;
/// Cells are cut at this many characters when columns are aligned.
const CELL_CHARS_MAX: usize = 120;
/// Columns of one table, at most.
const COLUMNS_MAX: usize = 256;

/// A piece of a document.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Block {
    /// A line of text; line feeds inside begin new lines.
    Paragraph(String),
    /// Rows of cells.
    Table(Vec<Vec<String>>),
    /// A new page begins.
    PageBreak,
}

/// Collects blocks and stops at the limit of characters.
pub(crate) struct Flow {
    text: String,
    chars_max: usize,
}

impl Flow {
    pub(crate) fn new(options: &ExtractOptions) -> Self {
        Self { text: String::new(), chars_max: options.chars_max }
    }

    /// Adds a block.
    ///
    /// # Errors
    /// `too_large` when the text grows beyond the limit.
    pub(crate) fn push(&mut self, block: Block) -> Result<(), ExtractError> {
        match block {
            Block::Paragraph(text) => {
                self.text.push_str(text.trim_end());
                self.text.push('\n');
            }
            Block::PageBreak => {
                if !self.text.is_empty() && !self.text.ends_with('\u{c}') {
                    self.text.push('\u{c}');
                }
            }
            Block::Table(rows) => self.push_table(&rows),
        }
        if self.text.len() > self.chars_max {
            return Err(ExtractError::TooLarge {
                limit: self.chars_max as u64,
                unit: "characters",
            });
        }
        Ok(())
    }

    fn push_table(&mut self, rows: &[Vec<String>]) {
        let flat = |cell: &String| cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut widths: Vec<usize> = Vec::new();
        for row in rows {
            for (column, cell) in row.iter().take(COLUMNS_MAX).enumerate() {
                let chars = flat(cell).chars().count().min(CELL_CHARS_MAX);
                match widths.get_mut(column) {
                    Some(width) => *width = chars.max(*width),
                    None => widths.push(chars),
                }
            }
        }
        for row in rows {
            let mut line = String::new();
            let mut start = 0;
            let mut at = 0;
            for (cell, width) in row.iter().zip(&widths) {
                let cell = flat(cell);
                if !cell.is_empty() {
                    // A cell that was cut does not run into the next one.
                    let room = start.max(if at > 0 { at + GUTTER } else { 0 });
                    line.extend(std::iter::repeat_n(' ', room - at));
                    line.push_str(&cell);
                    at = room + cell.chars().count();
                }
                start += width + GUTTER;
            }
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    /// The pages of what was collected.
    ///
    /// # Errors
    /// `empty_document` when there is no text; `too_large` when there are too many pages.
    pub(crate) fn pages(self, options: &ExtractOptions) -> Result<Vec<Page>, ExtractError> {
        if self.text.trim().is_empty() {
            return Err(ExtractError::EmptyDocument);
        }
        pages_of(&self.text, options)
    }
}
