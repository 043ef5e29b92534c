//! What looks like a number, a date, an account or a tax number, and where it stands.

mod date;
mod date_words;
mod ids;
mod number;

pub(crate) use date::{CalendarDate, DateOrder, date_order, dates_in, month_of};
pub(crate) use ids::{email_in, iban_at, is_iban_shape, is_phone, vat_id_in};
pub(crate) use number::{Number, currency_of, decimal_style, numbers_in};

use parseflow_model::FieldSource;

use crate::layout::{Bounds, Segment, Word};

/// A value found in a run of words of one segment.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Span<T> {
    pub(crate) value: T,
    pub(crate) raw: String,
    pub(crate) bounds: Bounds,
    pub(crate) page: u32,
    pub(crate) row: usize,
    /// Index of its first word in the segment and the one after its last.
    pub(crate) words: (usize, usize),
    /// Of the least certain of its words.
    pub(crate) confidence: f64,
    pub(crate) source: FieldSource,
}

impl<T> Span<T> {
    /// The span of `segment.words[from..to]`, which must not be empty.
    pub(crate) fn of(segment: &Segment, from: usize, to: usize, value: T) -> Span<T> {
        let words = &segment.words[from..to];
        Span {
            value,
            raw: joined(words),
            bounds: words.iter().map(|w| w.bounds).reduce(Bounds::union).unwrap_or(segment.bounds),
            page: segment.page,
            row: segment.row,
            words: (from, to),
            confidence: words.iter().map(|word| word.confidence).fold(1.0, f64::min),
            source: words.first().map_or(FieldSource::Text, |word| word.source),
        }
    }
}

pub(crate) fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
