//! Runs of rows whose cells stand under each other.

use std::ops::Range;

use crate::layout::{Bounds, Row, Segment};

/// Columns of one table, at most.
const COLUMNS_MAX: usize = 40;

/// A table and where it stands.
pub(super) struct Found {
    /// Indices of its rows in the list given.
    pub(super) rows: Range<usize>,
    pub(super) bounds: Bounds,
    pub(super) cells: Vec<Vec<String>>,
    pub(super) header_rows: u32,
}

/// The tables among the rows of one page, top to bottom.
pub(super) fn tables_in(rows: &[&Row]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let end = run_from(rows, at);
        match table_of(&rows[at..end]) {
            Some(table) if end - at >= 2 => {
                found.push(Found { rows: at..end, ..table });
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

/// How far the rows from `at` on follow each other closely and could be one table.
fn run_from(rows: &[&Row], at: usize) -> usize {
    if rows[at].segments.len() < 2 {
        return at + 1;
    }
    let mut end = at + 1;
    let mut last_full = end;
    while let Some(row) = rows.get(end) {
        let gap = row.bounds.y0 - rows[end - 1].bounds.y1;
        if gap > 1.8 * rows[end - 1].bounds.height().max(row.bounds.height()) {
            break;
        }
        if row.segments.len() >= 2 {
            last_full = end + 1;
        } else if end - last_full >= 3 {
            break;
        }
        end += 1;
    }
    last_full
}

/// The table these rows make, if their cells stand in columns.
fn table_of(rows: &[&Row]) -> Option<Found> {
    if rows.len() < 2 {
        return None;
    }
    let columns = columns_of(rows);
    if columns.len() < 2 || columns.len() > COLUMNS_MAX {
        return None;
    }
    let cells: Vec<Vec<String>> = rows.iter().map(|row| cells_of(row, &columns)).collect();
    let bounds = rows.iter().map(|row| row.bounds).reduce(Bounds::union)?;
    let has_digit = |cell: &String| cell.bytes().any(|byte| byte.is_ascii_digit());
    let full = cells.iter().filter(|row| row.iter().filter(|c| !c.is_empty()).count() >= 2);
    let full = full.count();
    let numeric = cells.iter().filter(|row| row.iter().skip(1).any(has_digit)).count();
    // Columns of prose stand under each other too; tables hold numbers or short cells.
    let chars: usize = cells.iter().flatten().map(|cell| cell.chars().count()).sum();
    let filled = cells.iter().flatten().filter(|cell| !cell.is_empty()).count().max(1);
    let is_short = chars / filled <= 24;
    let enough = if columns.len() == 2 { rows.len() >= 3 && is_short } else { is_short };
    let is_table = full * 2 >= rows.len() && enough && (numeric * 2 >= rows.len() || full >= 3);
    let first_is_head = !cells[0].iter().any(has_digit)
        && cells[0].iter().filter(|cell| !cell.is_empty()).count() * 2 > columns.len()
        && numeric > 0;
    is_table.then(|| Found { rows: 0..0, bounds, header_rows: u32::from(first_is_head), cells })
}

/// The ranges of x that rows share, separated by white space that hardly any row crosses.
fn columns_of(rows: &[&Row]) -> Vec<(f64, f64)> {
    let segments: Vec<&Segment> = rows
        .iter()
        .filter(|row| row.segments.len() >= 2)
        .flat_map(|row| row.segments.iter())
        .collect();
    let mut edges: Vec<(f64, i64)> = Vec::with_capacity(2 * segments.len());
    for segment in &segments {
        edges.extend([(segment.bounds.x0, 1), (segment.bounds.x1, -1)]);
    }
    edges.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let crossing_max = (rows.len() / 12) as i64;
    let mut columns = Vec::new();
    let (mut covered, mut open) = (0i64, None);
    for (x, step) in edges {
        covered += step;
        match open {
            None if covered > crossing_max => open = Some(x),
            Some(from) if covered <= crossing_max => {
                columns.push((from, x));
                open = None;
            }
            _ => {}
        }
    }
    columns
}

fn cells_of(row: &Row, columns: &[(f64, f64)]) -> Vec<String> {
    let mut cells = vec![String::new(); columns.len()];
    for segment in &row.segments {
        let shared = |&(from, to): &(f64, f64)| {
            let shared = segment.bounds.x1.min(to) - segment.bounds.x0.max(from);
            if shared > 0.0 { shared } else { shared - 1_000.0 }
        };
        let best =
            (0..columns.len()).max_by(|&a, &b| shared(&columns[a]).total_cmp(&shared(&columns[b])));
        let cell = &mut cells[best.unwrap_or(0)];
        if !cell.is_empty() {
            cell.push(' ');
        }
        cell.push_str(&segment.text);
    }
    cells
}
