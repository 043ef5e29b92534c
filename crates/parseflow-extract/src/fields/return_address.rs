//! Who sends a letter, by the small line above the window of its envelope.

use parseflow_model::FieldSource;

use crate::layout::Word;
use crate::lexicon::{folded, label_of};
use crate::spans::Span;

use super::blocks::{has_legal_form, has_postal_code};
use super::doc::{Candidate, Doc};

/// Marks between the parts of a return address.
const MARKS: [&str; 9] = ["•", "·", "●", "|", "-", "–", "*", "◦", "▪"];

/// The small line above the address window: `Name • Street 1 • 12345 Town`.
pub(super) fn return_address(
    doc: &Doc<'_>,
) -> Option<(Candidate<String>, Candidate<String>, usize)> {
    for (index, row) in doc.rows.iter().enumerate().take(30).filter(|(_, row)| row.page == 1) {
        if !has_postal_code(&row.text()) {
            continue;
        }
        // What stands far to the right of it belongs to another block.
        let near = row.segments.windows(2).take_while(|pair| {
            pair[1].bounds.x0 - pair[0].bounds.x1 < 4.0 * pair[0].bounds.height()
        });
        let segments = row.segments.iter().take(near.count() + 1);
        let words: Vec<&Word> = segments.flat_map(|segment| &segment.words).collect();
        let parts = parts_of(&words);
        let Some(place) = parts.iter().position(|part| has_postal_code(part)) else { continue };
        let first = row.segments.first()?;
        let starts_as_name = parts[0].chars().next().is_some_and(char::is_uppercase)
            && !parts[0].bytes().any(|b| b.is_ascii_digit())
            && !is_street(&parts[0])
            && label_of(&folded(&parts[0])).is_none()
            && first.words.first().and_then(|word| label_of(&folded(&word.text))).is_none();
        if !(2..=3).contains(&place) || !starts_as_name || words.len() > 20 {
            continue;
        }
        let span = |value: String, score: f64| {
            let mut candidate =
                Candidate::from_span(Span::of(first, 0, first.words.len(), value.clone()), score);
            (candidate.raw, candidate.bounds) = (value, Some(row.bounds));
            candidate
        };
        return Some((span(parts[0].clone(), 0.8), span(parts[1..=place].join(", "), 0.75), index));
    }
    None
}

/// The parts of a return address: between marks and after commas. Pictures lose marks and spaces: there, a mark in a
/// word parts as well, so do a wide gap and the postal code that sticks to the number of the house.
fn parts_of(words: &[&Word]) -> Vec<String> {
    let mut parts: Vec<String> = vec![String::new()];
    let mut before: Option<&Word> = None;
    for (at, word) in words.iter().enumerate() {
        let is_read = word.source == FieldSource::Ocr;
        let is_apart = before.is_some_and(|before| {
            word.bounds.x0 - before.bounds.x1 > WIDE_GAP * word.bounds.height()
        });
        before = Some(word);
        if MARKS.contains(&word.text.as_str()) || is_read && is_apart {
            parts.push(String::new());
        }
        if MARKS.contains(&word.text.as_str()) {
            continue;
        }
        let next = words.get(at + 1).map_or("", |next| next.text.as_str());
        let is_mark = |letter| is_read && STUCK_MARKS.contains(&letter);
        for (index, text) in word.text.trim_end_matches(',').split(is_mark).enumerate() {
            if index > 0 {
                parts.push(String::new());
            }
            match glued(text, next).filter(|_| is_read) {
                Some((house, place)) => {
                    join(&mut parts, house);
                    parts.push(place);
                }
                None => join(&mut parts, text),
            }
        }
        if word.text.ends_with(',') {
            parts.push(String::new());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Marks that no word holds.
const STUCK_MARKS: [char; 6] = ['•', '·', '●', '|', '◦', '▪'];

/// A gap of this many heights parts what a picture shows without a mark.
const WIDE_GAP: f64 = 0.6;

fn join(parts: &mut [String], text: &str) {
    let Some(part) = parts.last_mut() else { return };
    if !part.is_empty() && !text.is_empty() {
        part.push(' ');
    }
    part.push_str(text);
}

/// `Ecke1280331` before a town, or `Ecke1280331Ulm`: a street with its number, and the postal code of five digits
/// with what follows it in the same word.
fn glued<'t>(text: &'t str, next: &str) -> Option<(&'t str, String)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let (_, after) =
        text.char_indices().rfind(|(_, c)| is_digit(*c)).map(|(at, _)| text.split_at(at + 1))?;
    let end = text.len() - after.len();
    let digits = text[..end].bytes().rev().take_while(u8::is_ascii_digit).count();
    let town = if after.is_empty() { next } else { after };
    if !(6..=8).contains(&digits) || !town.starts_with(char::is_uppercase) {
        return None;
    }
    let (house, code) = text[..end].split_at(end - 5);
    let gap = if after.is_empty() { "" } else { " " };
    Some((house, format!("{code}{gap}{after}")))
}

/// Whether a text begins as the name of a street or of an estate does where they stand before the number.
pub(super) fn is_street(text: &str) -> bool {
    const STREETS: &[&str] = &[
        "calle",
        "c",
        "avda",
        "avenida",
        "av",
        "plaza",
        "paseo",
        "pol",
        "poligono",
        "rua",
        "travessa",
        "zona",
        "via",
        "viale",
        "corso",
        "piazza",
        "pzza",
        "rue",
        "avenue",
        "bd",
        "boulevard",
        "impasse",
        "ul",
        "al",
        "os",
        "unit",
    ];
    let first = text.split_whitespace().next().map(folded).unwrap_or_default();
    STREETS.contains(&first.as_str()) && !has_legal_form(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Bounds;

    /// Words of one height, each as wide as its letters, behind gaps of so many heights.
    fn line(source: FieldSource, words: &[(f64, &str)]) -> Vec<Word> {
        let mut x = 0.0;
        let word = |(gap, text): &(f64, &str)| {
            let x0 = x + gap * 8.0;
            x = x0 + 4.0 * text.chars().count() as f64;
            let bounds = Bounds { x0, y0: 0.0, x1: x, y1: 8.0 };
            Word { text: (*text).to_owned(), bounds, size: 8.0, confidence: 1.0, source }
        };
        words.iter().map(word).collect()
    }

    fn parts(words: &[Word]) -> Vec<String> {
        parts_of(&words.iter().collect::<Vec<_>>())
    }

    #[test]
    fn marks_part_a_return_address_and_in_pictures_gaps_and_glued_codes_do() {
        let printed = [
            (0.0, "Alm"),
            (0.3, "KG"),
            (0.4, "•"),
            (0.4, "Weg"),
            (0.3, "7,"),
            (2.0, "80331"),
            (2.0, "Ulm"),
        ];
        assert_eq!(parts(&line(FieldSource::Text, &printed)), ["Alm KG", "Weg 7", "80331 Ulm"]);
        let read = [(0.0, "Alm"), (0.3, "KG"), (0.8, "Weg780331"), (0.3, "Ulm")];
        assert_eq!(parts(&line(FieldSource::Ocr, &read)), ["Alm KG", "Weg7", "80331 Ulm"]);
        assert_eq!(parts(&line(FieldSource::Text, &read)), ["Alm KG Weg780331 Ulm"]);
        let read = [(0.0, "Alm"), (0.3, "KG·Weg"), (0.3, "7"), (0.3, "·80331"), (0.3, "Ulm")];
        assert_eq!(parts(&line(FieldSource::Ocr, &read)), ["Alm KG", "Weg 7", "80331 Ulm"]);
        let read = [(0.0, "Alm"), (0.3, "KG"), (0.8, "Weg1280331Neu-Ulm")];
        assert_eq!(parts(&line(FieldSource::Ocr, &read)), ["Alm KG", "Weg12", "80331 Neu-Ulm"]);
        for (text, next) in [
            ("80331", "Ulm"),
            ("ä80331", "Ulm"),
            ("Weg123456789", "Ulm"),
            ("Weg780331", "am"),
            ("Weg", "7"),
        ] {
            assert_eq!(glued(text, next), None);
        }
    }
}
