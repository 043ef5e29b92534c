//! Pictures → pages of words, with the help of `parseflow-ocr`.

use parseflow_model::{ExtractionWarning, FieldSource};
use parseflow_ocr::{PageRead, PictureError, PictureFormat, PictureLimits, Pixels, WordRead};

use crate::layout::{Bounds, Page, Word};
use crate::{ExtractError, ExtractOptions, Tools, misread, warning};

/// Text of a picture whose size on paper is unknown is taken to be of this size, in points.
const USUAL_SIZE: f64 = 10.0;
/// The size of a font as a share of the height of its words' boxes.
const SIZE_SHARE: f64 = 0.95;
/// Letters that are less sure than this on average were hardly read.
const HARD_BELOW: f32 = 0.8;

/// Words beside the text of a page that are less sure are drawings.
const SURE_BESIDE: f64 = 0.8;

/// The size of a page on paper, in points, as it lies: before it is turned.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Paper {
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Reads pages of pixels and remembers how hard that was.
pub(crate) struct Scanner<'a> {
    tools: &'a Tools<'a>,
    pages_left: u32,
    pages_max: u32,
    hard_pages: Vec<u32>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(options: &ExtractOptions, tools: &'a Tools<'a>) -> Self {
        let pages_max = options.scanned_pages_max;
        Self { tools, pages_left: pages_max, pages_max, hard_pages: Vec::new() }
    }

    /// Reads one page.
    ///
    /// # Errors
    /// `too_large` after the last page that may be read so; `engine_crashed` when the models fail.
    pub(crate) fn page(
        &mut self,
        number: u32,
        pixels: Pixels,
        paper: Option<Paper>,
    ) -> Result<Page, ExtractError> {
        let Some(left) = self.pages_left.checked_sub(1) else {
            let limit = self.pages_max.into();
            return Err(ExtractError::TooLarge { limit, unit: "scanned pages" });
        };
        self.pages_left = left;
        let read = self.read(pixels)?;
        if is_hard(&read) {
            self.hard_pages.push(number);
        }
        Ok(page_of(number, &read, paper))
    }

    fn read(&self, pixels: Pixels) -> Result<PageRead, ExtractError> {
        let mut read = parseflow_ocr::read_page(pixels).map_err(|_| ExtractError::EngineCrashed)?;
        misread::mend(&mut read.words);
        if let Some(page_done) = self.tools.page_done {
            page_done();
        }
        Ok(read)
    }

    /// Reads the pictures of a page that has text as well: the words of which that text says nothing. `pixels` show
    /// the whole page, without its text. Nothing, where no more pages may be read so.
    ///
    /// # Errors
    /// `engine_crashed` when the models fail.
    pub(crate) fn words_beside(
        &mut self,
        page: &Page,
        pixels: Pixels,
        paper: Paper,
    ) -> Result<Vec<Word>, ExtractError> {
        let Some(left) = self.pages_left.checked_sub(1) else { return Ok(Vec::new()) };
        self.pages_left = left;
        let read = self.read(pixels)?;
        if read.quarters != 0 {
            return Ok(Vec::new());
        }
        let mut words = page_of(page.number, &read, Some(paper)).words;
        words.retain(|word| {
            let (x, y) = (word.bounds.mid_x(), (word.bounds.y0 + word.bounds.y1) / 2.0);
            let is_there = |known: &Word| {
                let Bounds { x0, y0, x1, y1 } = known.bounds;
                (x0..=x1).contains(&x) && (y0..=y1).contains(&y)
            };
            word.confidence >= SURE_BESIDE && !page.words.iter().any(is_there)
        });
        Ok(words)
    }

    /// Warns of pages that could hardly be read.
    pub(crate) fn warnings(&self) -> Option<ExtractionWarning> {
        let numbers: Vec<String> = self.hard_pages.iter().map(u32::to_string).collect();
        (!numbers.is_empty()).then(|| {
            let message = format!(
                "Text of page {} is hard to read: faint, small, blurred, or in a script that is not \
                 known. Values may be missing or wrong.",
                numbers.join(", ")
            );
            warning("hard_to_read", &message)
        })
    }
}

/// Whether much of what was found could not be read.
fn is_hard(read: &PageRead) -> bool {
    const FEW: usize = 3;
    read.confidence < HARD_BELOW || (read.lines > FEW && read.words.len() * 2 < read.lines)
}

/// Reads all pages of a picture.
///
/// # Errors
/// `corrupt_file`, `unsupported_format`, `too_large`, and those of reading a page.
pub(crate) fn pages_of(
    bytes: &[u8],
    (format, media_type): (PictureFormat, &'static str),
    options: &ExtractOptions,
    tools: &Tools<'_>,
) -> Result<(Vec<Page>, Option<ExtractionWarning>), ExtractError> {
    let limits = PictureLimits { pixels_max: options.pixels_max, pages_max: options.pages_max };
    let refusal = |error| match error {
        PictureError::Corrupt => {
            ExtractError::CorruptFile { detail: "the picture cannot be decoded to its end" }
        }
        PictureError::Unsupported => ExtractError::UnsupportedFormat {
            media_type,
            detail: "this variant of the format is not read; save it anew, as PNG for example",
        },
        PictureError::TooManyPixels { limit } => ExtractError::TooLarge { limit, unit: "pixels" },
        PictureError::TooManyPages { limit } => {
            ExtractError::TooLarge { limit: limit.into(), unit: "pages" }
        }
    };
    let decoded = parseflow_ocr::decode(bytes, format, limits).map_err(refusal)?;
    let mut scanner = Scanner::new(options, tools);
    let mut pages = Vec::new();
    for (pixels, number) in decoded.zip(1u32..) {
        pages.push(scanner.page(number, pixels.map_err(refusal)?, None)?);
    }
    if pages.iter().all(|page| page.words.is_empty()) {
        return Err(ExtractError::EmptyDocument);
    }
    Ok((pages, scanner.warnings()))
}

/// The page in points.
pub(crate) fn page_of(number: u32, read: &PageRead, paper: Option<Paper>) -> Page {
    let (width, height) = (f64::from(read.width), f64::from(read.height));
    let scale = match paper {
        Some(paper) => {
            let across = if read.quarters.is_multiple_of(2) { paper.width } else { paper.height };
            across / width.max(1.0)
        }
        None => USUAL_SIZE / (SIZE_SHARE * usual_height(&read.words)),
    };
    let word = |word: WordRead| {
        let part = |value: f32| f64::from(value) * scale;
        let bounds =
            Bounds { x0: part(word.x0), y0: part(word.y0), x1: part(word.x1), y1: part(word.y1) };
        Word {
            text: word.text,
            bounds,
            size: bounds.height() * SIZE_SHARE,
            confidence: f64::from(word.confidence),
            source: FieldSource::Ocr,
        }
    };
    Page {
        number,
        width: width * scale,
        height: height * scale,
        words: read.words.iter().flat_map(parted).map(word).collect(),
        has_geometry: true,
    }
}

/// A word, cut where a space was too narrow to be seen: before a time of day, after a bracket, around a unit.
fn parted(word: &WordRead) -> Vec<WordRead> {
    let letters: Vec<char> = word.text.chars().collect();
    let times = times_seams(&letters);
    let seams = (1..letters.len()).filter(|at| is_seam(&letters, *at) || times.contains(at));
    let mut ends: Vec<usize> = seams.collect();
    ends.push(letters.len());
    let width = (word.x1 - word.x0) / letters.len().max(1) as f32;
    let mut from = 0;
    let part = |to: usize| {
        let text = letters[from..to].iter().collect();
        let x0 = word.x0 + width * from as f32;
        let x1 = if to == letters.len() { word.x1 } else { word.x0 + width * to as f32 };
        from = to;
        WordRead { text, x0, x1, ..word.clone() }
    };
    ends.into_iter().map(part).collect()
}

/// Whether a word begins before letter `at`, which is not the first: `12/03/2026|18:05`, `2026-03-12|18:05`, `[Sales]|12`,
/// `BHD.|(249336-T)`.
fn is_seam(letters: &[char], at: usize) -> bool {
    let (before, after) = letters.split_at(at);
    let is = |shape: &str, letters: &[char]| {
        shape.len() == letters.len()
            && shape.chars().zip(letters).all(|(shape, letter)| match shape {
                '0' => letter.is_ascii_digit(),
                other => other == *letter,
            })
    };
    let begins = |shape: &str| after.get(..shape.len()).is_some_and(|part| is(shape, part));
    let ends = |shape: &str| {
        let part = before.len().checked_sub(shape.len()).map(|from| &before[from..]);
        part.is_some_and(|part| is(shape, part))
    };
    let is_date = ["/2000", "-2000", ".2000", "0000-00-00"].into_iter().any(ends)
        || (before.len() == 4 && ends("2000"));
    let is_time = ["00:00", "0:00"].into_iter().any(begins);
    let is_word = before.iter().filter(|letter| letter.is_alphabetic()).count() >= 3
        && before.iter().all(|letter| letter.is_alphabetic() || *letter == '.');
    (is_date && is_time) || (ends("]") && begins("0")) || (is_word && begins("(0"))
}

/// Units that mean nothing else behind a figure.
const UNITS: [&str; 12] =
    ["m²", "m³", "m2", "m3", "Stk", "Stk.", "Stck", "Stück", "Std", "Std.", "pcs", "hrs"];

/// Where the words of `15h×`, `4,5kgx`, `m2x` and `10Stk` begin: a quantity, its unit and the sign before the price.
fn times_seams(letters: &[char]) -> Vec<usize> {
    let figure = letters.iter().take_while(|letter| letter.is_ascii_digit()).count();
    let unit: String = letters[figure..].iter().collect();
    if figure > 0 && UNITS.contains(&unit.as_str()) {
        return vec![figure];
    }
    let Some((sign @ ('x' | '×'), before)) = letters.split_last() else { return Vec::new() };
    let figures =
        before.iter().take_while(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ','));
    let (figure, unit) = before.split_at(figures.count());
    let is_unit = match unit {
        ['m', '2' | '3' | '²' | '³'] => true,
        _ => {
            !unit.is_empty() && unit.len() <= 3 && unit.iter().all(|letter| letter.is_alphabetic())
        }
    };
    let is_counted = figure.first().is_some_and(char::is_ascii_digit);
    // `max`, `Box`: words end like that.
    let is_plain = *sign == '×' || unit.get(1).is_some_and(|letter| !letter.is_alphabetic());
    match (is_unit, is_counted) {
        (true, true) => vec![figure.len(), before.len()],
        (true, false) if figure.is_empty() && is_plain => vec![before.len()],
        _ => Vec::new(),
    }
}

/// The middle height of the words in pixels.
fn usual_height(words: &[WordRead]) -> f64 {
    let mut heights: Vec<f32> = words.iter().map(|word| word.y1 - word.y0).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).map_or(1.0, |height| f64::from(height.max(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sticks_together_is_cut_into_its_words() {
        let check = |text: &str, expected: &[&str]| {
            let letters = text.chars().count() as f32;
            let word = WordRead {
                text: text.to_owned(),
                x0: 10.0,
                y0: 0.0,
                x1: 10.0 + letters,
                y1: 8.0,
                confidence: 0.9,
            };
            let parts = parted(&word);
            assert_eq!(parts.iter().map(|part| &*part.text).collect::<Vec<_>>(), expected);
            let mut end = 10.0;
            for part in &parts {
                assert_eq!(part.x0, end, "{text}");
                end = part.x0 + part.text.chars().count() as f32;
                assert!((part.x1 - end).abs() < 1e-3, "{text}");
            }
        };
        check("29/12/202611:41", &["29/12/2026", "11:41"]);
        check("BHD.(249336-T)", &["BHD.", "(249336-T)"]);
        check("f(2)", &["f(2)"]);
        check("202618:19", &["2026", "18:19"]);
        check("2026-01-059:55:25", &["2026-01-05", "9:55:25"]);
        check("[Sa1es]2026-01-05", &["[Sa1es]", "2026-01-05"]);
        check("é]12", &["é]", "12"]);
        check("15h×", &["15", "h", "×"]);
        check("4,5kgx", &["4,5", "kg", "x"]);
        check("12m2x", &["12", "m2", "x"]);
        check("m2x", &["m2", "x"]);
        check("PA×", &["PA", "×"]);
        check("3m²", &["3", "m²"]);
        check("10Stk", &["10", "Stk"]);
        check("", &[""]);
        for whole in [
            "2026",
            "12:30",
            "INV-202618",
            "20:26:18",
            "12026:18:19",
            "[a]b",
            "max",
            "x",
            "2x",
            "Box",
            "2x4",
            "Latex",
        ] {
            check(whole, &[whole]);
        }
    }
}
