//! Where a value is printed.

use parseflow_model::{FieldSource, PrintedRow, PrintedWord};
use serde_json::Value;

use super::asked::Kind;
use crate::fields::decimal;
use crate::layout::{Bounds, Segment, Word};
use crate::spans::{Span, currency_of, date_order, dates_in, decimal_style, numbers_in};

/// Longest text that is looked for, in characters without spaces and marks.
const TEXT_CHARS_MAX: usize = 500;
/// A text that goes on over more rows than this stands elsewhere in pieces.
const TEXT_ROWS: usize = 2;
/// Width and height that pages are given to measure gaps by, in points.
const PAGE: [f64; 2] = [600.0, 800.0];
/// A gap of so many points parts what stands in a row.
const WIDE_GAP: f64 = 9.0;

/// A value as the page prints it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Found {
    pub(super) value: Value,
    pub(super) raw: String,
    pub(super) page: u32,
    pub(super) bounds: Option<[f64; 4]>,
    /// Index of the row.
    pub(super) row: usize,
}

/// Letters and digits in lower case: what two spellings of a value have in common.
pub(super) fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A row as text, with two spaces at wide gaps.
pub(super) fn line_of(row: &PrintedRow) -> String {
    let mut line = String::new();
    let mut end: Option<f64> = None;
    for word in &row.words {
        if let (Some(end), Some([x0, ..])) = (end, word.bounds)
            && (x0 - end) * PAGE[0] > WIDE_GAP
        {
            line.push(' ');
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word.text);
        end = word.bounds.map(|[_, _, x1, _]| x1);
    }
    line
}

/// The printed rows, ready to be searched.
pub(super) struct Sheet<'a> {
    rows: &'a [PrintedRow],
    /// All words one after the other, [`bare`].
    text: String,
    /// Of each word that has letters or digits: where it begins in `text`, its row and its place there.
    starts: Vec<(usize, usize, usize)>,
    numbers: Vec<(i64, Place)>,
    dates: Vec<(String, Place)>,
    currencies: Vec<(&'static str, Place)>,
}

/// Words of one row, from and to.
#[derive(Clone, Copy)]
struct Place {
    row: usize,
    words: (usize, usize),
}

impl<'a> Sheet<'a> {
    pub(super) fn of(rows: &'a [PrintedRow]) -> Sheet<'a> {
        let mut sheet = Sheet {
            rows,
            text: String::new(),
            starts: Vec::new(),
            numbers: Vec::new(),
            dates: Vec::new(),
            currencies: Vec::new(),
        };
        let texts = || rows.iter().flat_map(|row| &row.words).map(|word| word.text.as_str());
        let style = decimal_style(texts());
        // Where no date tells the order, either may be meant.
        let mut orders = vec![date_order(texts(), false), date_order(texts(), true)];
        orders.dedup();
        for (index, row) in rows.iter().enumerate() {
            for (at, word) in row.words.iter().enumerate() {
                let plain = bare(&word.text);
                if !plain.is_empty() {
                    sheet.starts.push((sheet.text.len(), index, at));
                    sheet.text.push_str(&plain);
                }
                if let Some(code) = currency_of(&word.text) {
                    sheet.currencies.push((code, Place { row: index, words: (at, at + 1) }));
                }
            }
            let segment = segment_of(row, index);
            for span in numbers_in(&segment, style) {
                let place = place_of(&span);
                sheet.numbers.push((span.value.ten_thousandths, place));
                if let Some(code) = span.value.currency {
                    sheet.currencies.push((code, place));
                }
            }
            for order in &orders {
                let dates = dates_in(&segment, *order).into_iter();
                sheet.dates.extend(dates.map(|span| (span.value.iso(), place_of(&span))));
            }
        }
        sheet
    }

    /// The first place where the value is printed.
    pub(super) fn find(&self, kind: Kind, said: &Value) -> Option<Found> {
        self.find_near(kind, said, 0)
    }

    /// The place nearest to a row where the value is printed.
    pub(super) fn find_near(&self, kind: Kind, said: &Value, row: usize) -> Option<Found> {
        match kind {
            Kind::Text => self.text(said.as_str()?, row),
            Kind::Compact => self.compact(said.as_str()?),
            Kind::Number | Kind::Integer => self.number(kind, said, row),
            Kind::Date => {
                let said = said.as_str()?.trim();
                let dates = self.dates.iter().filter(|(iso, _)| iso == said);
                let (iso, place) = dates.min_by_key(|(_, place)| place.row.abs_diff(row))?;
                Some(self.found(Value::from(iso.as_str()), &[*place]))
            }
            Kind::Currency => {
                let said = said.as_str()?.trim().to_uppercase();
                let (code, place) = self.currencies.iter().find(|(code, _)| *code == said)?;
                Some(self.found(Value::from(*code), &[*place]))
            }
        }
    }

    fn number(&self, kind: Kind, said: &Value, row: usize) -> Option<Found> {
        let said = said.as_f64().filter(|said| said.abs() < 1e12)?;
        let wanted = (said * 10_000.0).round() as i64;
        let numbers = self.numbers.iter().filter(|(number, _)| *number == wanted);
        let (number, place) = numbers.min_by_key(|(_, place)| place.row.abs_diff(row))?;
        if kind == Kind::Integer && number % 10_000 != 0 {
            return None;
        }
        Some(self.found(decimal(*number), &[*place]))
    }

    /// A text that begins and ends with a word: in one piece, or each of its parts (between commas and line
    /// ends, as addresses have them).
    fn text(&self, said: &str, row: usize) -> Option<Found> {
        if let Some(places) = self.run(said, row) {
            let raw = self.raw(&places);
            return Some(self.found(Value::from(trimmed(&raw)), &places));
        }
        let parts: Vec<&str> =
            said.split([',', '\n']).filter(|part| !bare(part).is_empty()).collect();
        if parts.len() < 2 {
            return None;
        }
        let mut places = Vec::new();
        let mut values = Vec::new();
        let mut near = row;
        for part in parts {
            let found = self.run(part, near)?;
            near = found.last()?.row;
            values.push(trimmed(&self.raw(&found)).to_owned());
            places.extend(found);
        }
        Some(self.found(Value::from(values.join(", ")), &places))
    }

    fn compact(&self, said: &str) -> Option<Found> {
        let places = self.run(said, 0)?;
        let raw = self.raw(&places);
        let value: String =
            raw.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        Some(self.found(Value::from(value), &places))
    }

    /// The words, nearest to a row, that read together say exactly this.
    fn run(&self, said: &str, row: usize) -> Option<Vec<Place>> {
        let wanted = bare(said);
        if wanted.is_empty() || wanted.chars().count() > TEXT_CHARS_MAX {
            return None;
        }
        let word_at = |offset: usize| self.starts.binary_search_by_key(&offset, |start| start.0);
        let hits = self.text.match_indices(&wanted).filter_map(|(offset, _)| {
            let end = offset + wanted.len();
            let first = word_at(offset).ok()?;
            let after = match end == self.text.len() {
                true => self.starts.len(),
                false => word_at(end).ok()?,
            };
            let (from, to) = (self.starts[first], self.starts[after - 1]);
            let is_together =
                to.1 - from.1 < TEXT_ROWS && self.rows[from.1].page == self.rows[to.1].page;
            is_together.then_some((from, to))
        });
        let (from, to) = hits.min_by_key(|(from, _)| from.1.abs_diff(row))?;
        let places = (from.1..=to.1).map(|row| Place {
            row,
            words: (
                if row == from.1 { from.2 } else { 0 },
                if row == to.1 { to.2 + 1 } else { self.rows[row].words.len() },
            ),
        });
        Some(places.collect())
    }

    fn words(&self, place: Place) -> &'a [PrintedWord] {
        &self.rows[place.row].words[place.words.0..place.words.1]
    }

    fn raw(&self, places: &[Place]) -> String {
        let words = places.iter().flat_map(|place| self.words(*place));
        words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// `places` is not empty.
    fn found(&self, value: Value, places: &[Place]) -> Found {
        let row = places[0].row;
        let page = self.rows[row].page;
        let on_page = places.iter().filter(|place| self.rows[place.row].page == page);
        let boxes = on_page.flat_map(|place| self.words(*place)).filter_map(|word| word.bounds);
        let bounds =
            boxes.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
        Found { value, raw: self.raw(places), page, bounds, row }
    }
}

/// Without the marks around it.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '|' | '"'))
}

fn place_of<T>(span: &Span<T>) -> Place {
    Place { row: span.row, words: span.words }
}

/// The whole row as one segment. Where nothing is known of places, words stand a space apart.
fn segment_of(row: &PrintedRow, index: usize) -> Segment {
    let mut at = 0.0;
    let words: Vec<Word> = row
        .words
        .iter()
        .map(|word| {
            let width = 5.0 * word.text.chars().count() as f64;
            let made_up = Bounds { x0: at, y0: 0.0, x1: at + width, y1: 10.0 };
            at += width + 5.0;
            let bounds = word.bounds.map_or(made_up, |[x0, y0, x1, y1]| Bounds {
                x0: x0 * PAGE[0],
                y0: y0 * PAGE[1],
                x1: x1 * PAGE[0],
                y1: y1 * PAGE[1],
            });
            Word {
                text: word.text.clone(),
                size: bounds.height().max(1.0),
                bounds,
                confidence: 1.0,
                source: FieldSource::Model,
            }
        })
        .collect();
    let nowhere = Bounds { x0: 0.0, y0: 0.0, x1: 0.0, y1: 0.0 };
    Segment {
        text: line_of(row),
        bounds: words.iter().map(|word| word.bounds).reduce(Bounds::union).unwrap_or(nowhere),
        words,
        page: row.page,
        row: index,
    }
}
