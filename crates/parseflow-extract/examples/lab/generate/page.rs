//! A page on a grid of characters, shown as plain text or as a PDF.

use crate::generate::pdf_writer::{Document, Sheet};

/// Points of one column and one line of the grid in a PDF.
const COLUMN: f64 = 5.2;
const LINE: f64 = 13.0;
const SIZE: f64 = 9.0;

enum Cell {
    Left(usize, String),
    /// Ends at the column.
    Right(usize, String),
}

/// Lines of cells.
#[derive(Default)]
pub(crate) struct Grid {
    lines: Vec<Vec<Cell>>,
}

impl Grid {
    pub(crate) fn gap(&mut self) {
        self.lines.push(Vec::new());
    }

    /// One cell in a line of its own.
    pub(crate) fn line(&mut self, column: usize, text: impl Into<String>) {
        self.lines.push(vec![Cell::Left(column, text.into())]);
    }

    /// Cells beside each other: column, text, and whether it ends there.
    pub(crate) fn row(&mut self, cells: Vec<(usize, String, bool)>) {
        let cell = |(column, text, right)| {
            if right { Cell::Right(column, text) } else { Cell::Left(column, text) }
        };
        self.lines.push(cells.into_iter().map(cell).collect());
    }

    /// Two blocks beside each other.
    pub(crate) fn blocks(&mut self, left: (usize, Vec<String>), right: (usize, Vec<String>)) {
        for at in 0..left.1.len().max(right.1.len()) {
            let cell = |(column, lines): &(usize, Vec<String>)| {
                lines.get(at).map(|text| (*column, text.clone(), false))
            };
            self.row([cell(&left), cell(&right)].into_iter().flatten().collect());
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            let mut chars: Vec<char> = Vec::new();
            for cell in line {
                let (start, text) = match cell {
                    Cell::Left(column, text) => (*column, text),
                    Cell::Right(column, text) => {
                        (column.saturating_sub(text.chars().count()), text)
                    }
                };
                let start = start.max(if chars.is_empty() { 0 } else { chars.len() + 2 });
                chars.resize(start, ' ');
                chars.extend(text.chars());
            }
            out.extend(chars);
            out.push('\n');
        }
        out
    }

    pub(crate) fn pdf(&self) -> Vec<u8> {
        let height = (self.lines.len() as f64 + 6.0) * LINE;
        let height = height.max(842.0);
        let mut sheet = Sheet::new(595.0, height);
        for (index, line) in self.lines.iter().enumerate() {
            let y = height - (index as f64 + 3.0) * LINE;
            for cell in line {
                match cell {
                    Cell::Left(column, text) => {
                        sheet.text(36.0 + *column as f64 * COLUMN, y, SIZE, text);
                    }
                    Cell::Right(column, text) => {
                        sheet.right(36.0 + *column as f64 * COLUMN, y, SIZE, text);
                    }
                }
            }
        }
        Document::of([sheet])
    }
}
