//! Rows in columns for people.

use serde_json::Value;

use crate::screen::Screen;

/// Prints a heading and rows, each column as wide as its widest cell; the last one is not padded.
pub(super) fn print(screen: Screen, heading: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([heading[column].len()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..heading.len()).map(width).collect();
    let line = |cells: &[String]| {
        let mut text = String::new();
        for (index, cell) in cells.iter().enumerate() {
            if index + 1 == cells.len() {
                text.push_str(cell);
            } else {
                text.push_str(&format!("{cell:<width$}  ", width = widths[index]));
            }
        }
        text
    };
    let heading: Vec<String> = heading.iter().map(|&name| name.to_owned()).collect();
    screen.line(screen.dim(&line(&heading)));
    rows.iter().for_each(|row| screen.line(line(row)));
}

/// A value as a cell: texts without quotes, `-` for what is not there.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
