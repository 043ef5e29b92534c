//! One page of pixels, read.

use image::imageops::{rotate90, rotate180};

use crate::boxes::Slanted;
use crate::contrast;
use crate::lines::lines_of;
use crate::models::models;
use crate::pieces::pieces_of;
use crate::recognise::read_lines;
use crate::upright::{is_sideways, slant_of, tried};
use crate::words::{Straightener, words_of};
use crate::{OcrError, Pixels};

/// A run of characters without a space in it; pixels of the page as it was read.
#[derive(Clone, PartialEq, Debug)]
pub struct WordRead {
    /// As printed.
    pub text: String,
    /// Left.
    pub x0: f32,
    /// Top.
    pub y0: f32,
    /// Right.
    pub x1: f32,
    /// Bottom.
    pub y1: f32,
    /// Probability that every character is what is printed.
    pub confidence: f32,
}

/// A page as it was read.
#[derive(Clone, PartialEq, Debug)]
pub struct PageRead {
    /// Width in pixels after turning.
    pub width: u32,
    /// Height in pixels after turning.
    pub height: u32,
    /// Quarter turns, clockwise, that set the page upright: 0 to 3.
    pub quarters: u8,
    /// How many degrees the text then still ran down to the right; its boxes are level.
    pub slant_degrees: f32,
    /// In no particular order.
    pub words: Vec<WordRead>,
    /// Lines of text that were found, whether they could be read or not.
    pub lines: usize,
    /// Mean confidence of the letters of all lines, 1 for a page without any.
    pub confidence: f32,
}

/// Finds and reads the text of one page.
///
/// Turned pages are set upright, slanted lines level. The same pixels give the same words.
///
/// # Errors
/// When the models cannot be loaded or run.
pub fn read_page(page: Pixels) -> Result<PageRead, OcrError> {
    let models = models()?;
    let mut page = contrast::plain(page);
    let mut lines = lines_of(models, &page)?;
    let mut quarters = 0;
    if is_sideways(&lines) {
        turn(&mut page, &mut lines, 1);
        quarters = 1;
    }
    let mut lines: Vec<Slanted> =
        lines.into_iter().flat_map(|line| pieces_of(&page, line)).collect();
    let mut tried = tried(models, &page, &lines)?;
    if tried.is_on_its_head {
        turn(&mut page, &mut lines, 2);
        quarters += 2;
        tried.read.clear();
    }
    let is_unread = |at: &usize| tried.read.iter().all(|(tried, _)| tried != at);
    let unread: Vec<Slanted> = (0..lines.len()).filter(is_unread).map(|at| lines[at]).collect();
    let mut read = read_lines(models, &page, &unread, false)?;
    read.extend(tried.read.into_iter().map(|(_, line)| line));
    let slant = slant_of(&read);
    let (width, height) = page.dimensions();
    let centre = (width as f32 / 2.0, height as f32 / 2.0);
    let straightener = Straightener { centre, slant };
    let letters = read.iter().flat_map(|line| &line.letters);
    let (sum, count) = letters
        .fold((0.0f64, 0usize), |(sum, n), letter| (sum + f64::from(letter.confidence), n + 1));
    Ok(PageRead {
        width,
        height,
        quarters,
        slant_degrees: slant.to_degrees(),
        words: read.iter().flat_map(|line| words_of(line, straightener)).collect(),
        lines: lines.len(),
        confidence: if count == 0 { 1.0 } else { (sum / count as f64) as f32 },
    })
}

/// Turns the page and the lines on it, clockwise.
fn turn(page: &mut Pixels, lines: &mut [Slanted], quarters: u8) {
    let (width, height) = (page.width() as f32, page.height() as f32);
    for line in lines {
        *line = line.turned(quarters, width, height);
    }
    *page = if quarters == 1 { rotate90(page) } else { rotate180(page) };
}
