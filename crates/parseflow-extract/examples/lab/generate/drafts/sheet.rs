//! What a draft becomes: lines of cells, as pages of a PDF or as plain text.

use super::super::accords::draft::lines;
use super::super::habits::paper::Paper;
use super::super::page::Grid;
use super::{Draft, Fill};

/// Where the cells of a line begin when the draft does not say it.
const USUAL: [(f64, bool); 6] =
    [(46.0, false), (190.0, false), (300.0, false), (400.0, false), (475.0, false), (535.0, false)];

pub(super) struct Line {
    pub(super) cells: Vec<(f64, bool, String)>,
    /// Print relative to the usual, bold.
    pub(super) scale: f64,
    pub(super) bold: bool,
    /// Printed again at the top of the next page.
    pub(super) again: bool,
    pub(super) gap: f64,
}

/// A paper as lines.
pub(super) struct Sheet {
    pub(super) lines: Vec<Line>,
    size: f64,
    narrow: bool,
}

/// Writes the lines of a draft.
pub(super) fn written(fill: &mut Fill<'_>, draft: &Draft) -> Sheet {
    let size = 8.0 + fill.rng.range(0, 5) as f64 / 2.0;
    let narrow = draft.option("roll").is_some();
    let mut sheet = Sheet { lines: Vec::new(), size, narrow };
    let mut places: Vec<(f64, bool)> = USUAL.to_vec();
    let mut at = 0;
    while at < draft.lines.len() {
        let line = draft.lines[at];
        if let Some(list) = line.strip_prefix("@ ") {
            places = list.split_whitespace().filter_map(place).collect();
        } else if line.starts_with('%') {
            let rows: Vec<&str> = draft.lines[at..]
                .iter()
                .copied()
                .take_while(|line| line.starts_with('%'))
                .collect();
            fill.rows(&rows, &places, &mut sheet);
            at += rows.len();
            continue;
        } else if !fill.zone_alone || at < 1 || line == "{zone}" {
            put(fill, line, &places, &mut sheet);
        }
        at += 1;
    }
    sheet
}

/// `548>` ends at its place.
fn place(text: &str) -> Option<(f64, bool)> {
    let (number, right) = text.strip_suffix('>').map_or((text, false), |number| (number, true));
    Some((number.parse().ok()?, right))
}

fn put(fill: &mut Fill<'_>, line: &str, places: &[(f64, bool)], sheet: &mut Sheet) {
    let mut line = line;
    let mut again = false;
    let (mut scale, mut bold) = (1.0, false);
    let mut wraps = false;
    loop {
        if let Some(rest) = line.strip_prefix("? ") {
            if fill.rng.chance(50) {
                return;
            }
            line = rest;
        } else if let Some(rest) = line.strip_prefix("^ ") {
            (again, line) = (true, rest);
        } else if let Some(rest) = line.strip_prefix("# ") {
            (scale, bold, line) = (1.5, true, rest);
        } else if let Some(rest) = line.strip_prefix("## ") {
            (scale, bold, line) = (1.15, true, rest);
        } else if let Some(rest) = line.strip_prefix("> ") {
            (wraps, line) = (true, rest);
        } else {
            break;
        }
    }
    if line.trim() == "." {
        sheet.lines.push(Line { cells: Vec::new(), scale, bold, again, gap: 0.8 });
        return;
    }
    if line.trim() == "{zone}" {
        for text in fill.zone() {
            let cells = vec![(46.0, false, text)];
            sheet.lines.push(Line { cells, scale, bold, again, gap: 1.15 });
        }
        return;
    }
    let text = fill.fill(line);
    if wraps {
        for text in lines(&text, (1_000.0 / sheet.size) as usize) {
            let cells = vec![(46.0, false, text)];
            sheet.lines.push(Line { cells, scale, bold, again, gap: 1.15 });
        }
        return;
    }
    let cells = cells(&text, places);
    sheet.lines.push(Line { cells, scale, bold, again, gap: 1.15 });
}

/// The cells of a filled line.
pub(super) fn cells(text: &str, places: &[(f64, bool)]) -> Vec<(f64, bool, String)> {
    let parts = text.split('|').map(str::trim).enumerate();
    parts
        .filter(|(_, part)| !part.is_empty())
        .map(|(at, part)| {
            let (x, right) = places.get(at).copied().unwrap_or(USUAL[at.min(5)]);
            (x, right, part.to_owned())
        })
        .collect()
}

impl Sheet {
    pub(super) fn pdf(&self) -> Vec<u8> {
        let mut paper = if self.narrow { Paper::roll() } else { Paper::a4(self.size) };
        let shift = if self.narrow { -34.0 } else { 0.0 };
        for line in &self.lines {
            if !self.narrow && paper.is_low() && paper.y > 740.0 {
                paper.turn();
                for line in self.lines.iter().filter(|line| line.again) {
                    show(&mut paper, line, self.size, shift);
                }
            }
            show(&mut paper, line, if self.narrow { 8.0 } else { self.size }, shift);
        }
        if self.narrow {
            paper.cut();
        }
        paper.pdf()
    }

    pub(super) fn text(&self) -> Vec<u8> {
        let mut grid = Grid::default();
        for line in &self.lines {
            let cell =
                |(x, right, text): &(f64, bool, String)| ((x / 4.6) as usize, text.clone(), *right);
            grid.row(line.cells.iter().map(cell).collect());
        }
        grid.text().into_bytes()
    }
}

fn show(paper: &mut Paper, line: &Line, size: f64, shift: f64) {
    for (x, right, text) in &line.cells {
        match (right, line.bold) {
            (true, _) => paper.right(x + shift, text.clone()),
            (_, true) => paper.sized(x + shift, size * line.scale, true, text.clone()),
            _ => paper.put(x + shift, text.clone()),
        }
    }
    paper.down(line.gap * if line.bold { line.scale } else { 1.0 });
}
