//! Paper that is written from the top down, in points, with sizes of print as bills have them.

use crate::generate::pdf_writer::{Document, Sheet};

struct Mark {
    page: usize,
    x: f64,
    y: f64,
    size: f64,
    bold: bool,
    right: bool,
    text: String,
}

/// Pages under construction; `y` is counted from the top of the page.
pub(in crate::generate) struct Paper {
    width: f64,
    height: f64,
    marks: Vec<Mark>,
    page: usize,
    pub(in crate::generate) y: f64,
    pub(in crate::generate) size: f64,
}

impl Paper {
    /// A4 with ordinary print.
    pub(in crate::generate) fn a4(size: f64) -> Paper {
        Paper { width: 595.0, height: 842.0, marks: Vec::new(), page: 0, y: 48.0, size }
    }

    /// The roll of a till.
    pub(in crate::generate) fn roll() -> Paper {
        Paper { width: 226.0, height: 420.0, marks: Vec::new(), page: 0, y: 24.0, size: 8.0 }
    }

    fn mark(&mut self, x: f64, text: impl Into<String>, bold: bool, right: bool) {
        let (page, y, size) = (self.page, self.y, self.size);
        self.marks.push(Mark { page, x, y, size, bold, right, text: text.into() });
    }

    pub(in crate::generate) fn put(&mut self, x: f64, text: impl Into<String>) {
        self.mark(x, text, false, false);
    }

    pub(in crate::generate) fn bold(&mut self, x: f64, text: impl Into<String>) {
        self.mark(x, text, true, false);
    }

    /// Ends at `x`.
    pub(in crate::generate) fn right(&mut self, x: f64, text: impl Into<String>) {
        self.mark(x, text, false, true);
    }

    /// In another size.
    pub(in crate::generate) fn sized(
        &mut self,
        x: f64,
        size: f64,
        bold: bool,
        text: impl Into<String>,
    ) {
        let usual = std::mem::replace(&mut self.size, size);
        self.mark(x, text, bold, false);
        self.size = usual;
    }

    /// Lines further down.
    pub(in crate::generate) fn down(&mut self, lines: f64) {
        self.y += 1.32 * self.size * lines;
    }

    /// Lines under each other from here on.
    pub(in crate::generate) fn block(&mut self, x: f64, lines: &[String]) {
        for line in lines {
            self.put(x, line.clone());
            self.down(1.0);
        }
    }

    pub(in crate::generate) fn is_low(&self) -> bool {
        self.y > self.height - 130.0
    }

    pub(in crate::generate) fn turn(&mut self) {
        self.page += 1;
        self.y = 60.0;
    }

    pub(in crate::generate) fn page(&self) -> usize {
        self.page
    }

    /// The roll is as long as what was printed.
    pub(in crate::generate) fn cut(&mut self) {
        self.height = (self.y + 30.0).max(2.0 * self.width);
    }

    pub(in crate::generate) fn pdf(&self) -> Vec<u8> {
        let sheet = |page: usize| {
            let mut sheet = Sheet::new(self.width, self.height);
            for mark in self.marks.iter().filter(|mark| mark.page == page) {
                let y = self.height - mark.y;
                match (mark.bold, mark.right) {
                    (false, false) => sheet.text(mark.x, y, mark.size, &mark.text),
                    (true, false) => sheet.bold(mark.x, y, mark.size, &mark.text),
                    (_, true) => sheet.right(mark.x, y, mark.size, &mark.text),
                }
            }
            sheet
        };
        Document::of((0..=self.page).map(sheet).collect::<Vec<_>>())
    }
}
