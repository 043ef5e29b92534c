//! An agreement as pieces, shown as pages of a PDF or as plain text.

use crate::generate::habits::paper::Paper;

pub(in crate::generate) enum Piece {
    Centre(String),
    Head(String),
    Para(String),
    /// Further in.
    Inset(String),
    /// Texts beside each other, at shares of the width.
    Row(Vec<(f64, String)>),
    Gap,
}

#[derive(Default)]
pub(in crate::generate) struct Draft {
    pub(in crate::generate) pieces: Vec<Piece>,
}

const LEFT: f64 = 62.0;
const WIDTH: f64 = 470.0;

impl Draft {
    pub(in crate::generate) fn centre(&mut self, text: impl Into<String>) {
        self.pieces.push(Piece::Centre(text.into()));
    }

    pub(in crate::generate) fn head(&mut self, text: impl Into<String>) {
        self.pieces.push(Piece::Head(text.into()));
    }

    pub(in crate::generate) fn para(&mut self, text: impl Into<String>) {
        self.pieces.push(Piece::Para(text.into()));
    }

    pub(in crate::generate) fn inset(&mut self, text: impl Into<String>) {
        self.pieces.push(Piece::Inset(text.into()));
    }

    pub(in crate::generate) fn row(&mut self, cells: Vec<(f64, String)>) {
        self.pieces.push(Piece::Row(cells));
    }

    pub(in crate::generate) fn gap(&mut self) {
        self.pieces.push(Piece::Gap);
    }

    pub(in crate::generate) fn pdf(&self, size: f64) -> Vec<u8> {
        let mut paper = Paper::a4(size);
        paper.y = 70.0;
        let room = |inset: f64| ((WIDTH - inset) / (0.5 * size)) as usize;
        for piece in &self.pieces {
            if paper.is_low() {
                paper.turn();
            }
            match piece {
                Piece::Centre(text) => {
                    let x = 297.0 - 0.29 * (size + 2.0) * text.chars().count() as f64;
                    paper.sized(x.max(LEFT), size + 2.0, true, text.clone());
                    paper.down(1.5);
                }
                Piece::Head(text) => {
                    paper.down(0.3);
                    paper.bold(LEFT, text.clone());
                    paper.down(1.2);
                }
                Piece::Para(text) => wrapped(&mut paper, LEFT, text, room(0.0)),
                Piece::Inset(text) => wrapped(&mut paper, LEFT + 28.0, text, room(28.0)),
                Piece::Row(cells) => {
                    for (share, text) in cells {
                        paper.put(LEFT + share * WIDTH, text.clone());
                    }
                    paper.down(1.15);
                }
                Piece::Gap => paper.down(0.9),
            }
        }
        paper.pdf()
    }

    pub(in crate::generate) fn text(&self) -> Vec<u8> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Centre(text) => {
                    let margin = 44usize.saturating_sub(text.chars().count() / 2);
                    out.push_str(&format!("{}{text}\n\n", " ".repeat(margin)));
                }
                Piece::Head(text) => out.push_str(&format!("{text}\n")),
                Piece::Para(text) => {
                    out.push_str(&lines(text, 88).join("\n"));
                    out.push_str("\n\n");
                }
                Piece::Inset(text) => {
                    for line in lines(text, 82) {
                        out.push_str(&format!("      {line}\n"));
                    }
                    out.push('\n');
                }
                Piece::Row(cells) => {
                    let mut line = String::new();
                    for (share, text) in cells {
                        let at = (share * 88.0) as usize;
                        let count = line.chars().count();
                        line.push_str(
                            &" ".repeat(at.saturating_sub(count).max(2 * usize::from(count > 0))),
                        );
                        line.push_str(text);
                    }
                    out.push_str(&line);
                    out.push('\n');
                }
                Piece::Gap => out.push('\n'),
            }
        }
        out.into_bytes()
    }
}

fn wrapped(paper: &mut Paper, x: f64, text: &str, room: usize) {
    for line in lines(text, room) {
        if paper.is_low() {
            paper.turn();
        }
        paper.put(x, line);
        paper.down(1.1);
    }
    paper.down(0.5);
}

/// The lines of a text, of at most so many letters where its words allow it.
pub(in crate::generate) fn lines(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].chars().count() + word.chars().count() + 1 > room
        {
            lines.push(word.to_owned());
            continue;
        }
        if !lines[last].is_empty() {
            lines[last].push(' ');
        }
        lines[last].push_str(word);
    }
    lines
}
