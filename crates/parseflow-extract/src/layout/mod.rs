//! Where text stands on a page: words, rows of words, and segments between wide gaps.

use parseflow_model::{FieldSource, PrintedRow, PrintedWord};

mod rows;

pub(crate) use rows::{Row, Segment, rows_of};

/// Left, top, right, bottom in points, origin in the upper left corner of the page.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bounds {
    /// In points.
    pub x0: f64,
    /// In points.
    pub y0: f64,
    /// In points.
    pub x1: f64,
    /// In points.
    pub y1: f64,
}

impl Bounds {
    /// The smallest box around both.
    pub(crate) fn union(self, other: Bounds) -> Bounds {
        Bounds {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    pub(crate) fn height(self) -> f64 {
        self.y1 - self.y0
    }

    pub(crate) fn mid_x(self) -> f64 {
        (self.x0 + self.x1) / 2.0
    }

    /// How much of the narrower of the two widths both share, 0 to 1.
    pub(crate) fn overlap_x(self, other: Bounds) -> f64 {
        let shared = self.x1.min(other.x1) - self.x0.max(other.x0);
        let narrower = (self.x1 - self.x0).min(other.x1 - other.x0).max(0.1);
        (shared / narrower).clamp(0.0, 1.0)
    }
}

/// A run of characters without a space in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Word {
    /// As printed.
    pub text: String,
    /// Where it stands.
    pub bounds: Bounds,
    /// Font size in points as it appears on the page.
    pub size: f64,
    /// Probability that the text is what is printed: 1 from a text layer, the recogniser's own from
    /// a picture.
    pub confidence: f64,
    /// `Text` from a text layer, `Ocr` from a picture.
    pub source: FieldSource,
}

/// One page with its words.
#[derive(Clone, PartialEq, Debug)]
pub struct Page {
    /// Counted from 1.
    pub number: u32,
    /// In points.
    pub width: f64,
    /// In points.
    pub height: f64,
    /// In any order.
    pub words: Vec<Word>,
    /// Whether the positions are real; those of plain text are made up from columns and lines.
    pub has_geometry: bool,
}

impl Page {
    /// `bounds` as fractions of the page, four decimals; `None` where positions are made up.
    pub(crate) fn fractions(&self, bounds: Bounds) -> Option<[f64; 4]> {
        let part = |value: f64, whole: f64| {
            ((value / whole.max(1.0)).clamp(0.0, 1.0) * 10_000.0).round() / 10_000.0
        };
        self.has_geometry.then(|| {
            [
                part(bounds.x0, self.width),
                part(bounds.y0, self.height),
                part(bounds.x1, self.width),
                part(bounds.y1, self.height),
            ]
        })
    }
}

/// The rows of all pages as they are handed to others.
pub(crate) fn printed_rows(pages: &[Page]) -> Vec<PrintedRow> {
    let printed = |row: Row| {
        let page = pages.iter().find(|page| page.number == row.page);
        let words = row.segments.into_iter().flat_map(|segment| segment.words);
        let words = words.map(|word| PrintedWord {
            bounds: page.and_then(|page| page.fractions(word.bounds)),
            text: word.text,
        });
        PrintedRow { page: row.page, words: words.collect() }
    };
    rows_of(pages).into_iter().map(printed).collect()
}
