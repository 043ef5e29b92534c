//! What the zone and the print of one paper say together.

use super::check_digit;
use crate::fields::doc::{Candidate, Doc};
use crate::lexicon::folded;
use crate::spans::Span;

/// What check digits say of a value of the zone; names, sex and countries have none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Check {
    Right,
    Wrong,
    Missing,
}

/// The value of a fact: where zone and print agree it is all but certain; where they do not, the zone counts if its check
/// digit is right, and the print if it is wrong.
pub(super) fn agreed(
    zone: Option<Candidate<String>>,
    check: Check,
    printed: Option<Candidate<String>>,
    is_code: bool,
) -> Option<Candidate<String>> {
    let (Some(zone), Some(printed)) = (&zone, &printed) else { return zone.or(printed) };
    let scored = |found: &Candidate<String>, score: f64| Some(Candidate { score, ..found.clone() });
    if is_same(&zone.value, &printed.value) {
        let score = match check {
            Check::Right => 0.995,
            Check::Missing => 0.985,
            Check::Wrong => 0.93,
        };
        // What the zone cuts, the print says in full.
        let is_cut = plain(&zone.value).len() < plain(&printed.value).len();
        return scored(if is_cut { printed } else { zone }, score);
    }
    match check {
        // The code of a country is never its name.
        Check::Missing if is_code => scored(zone, zone.score),
        Check::Missing if is_near(&zone.value, &printed.value) => scored(printed, 0.9),
        Check::Missing => scored(zone, 0.8),
        Check::Right => scored(zone, 0.9),
        Check::Wrong if is_near(&zone.value, &printed.value) => scored(printed, 0.9),
        Check::Wrong => scored(printed, 0.6),
    }
}

/// The number that a word of the page prints as the zone has it, or with signs that are easily misread; `check` is the digit
/// that it has to have.
pub(super) fn number_on_page(
    doc: &Doc<'_>,
    zone: &str,
    check: Option<u32>,
) -> Option<Candidate<String>> {
    let segments = doc.rows.iter().flat_map(|row| &row.segments);
    let words = segments.flat_map(|segment| (0..segment.words.len()).map(move |at| (segment, at)));
    let mut near = None;
    for (segment, at) in words {
        let text = segment.words[at].text.trim_matches(|c: char| !c.is_alphanumeric());
        let found = || Candidate::from_span(Span::of(segment, at, at + 1, text.to_owned()), 0.7);
        if text == zone {
            return Some(found());
        }
        if near.is_none() && is_near(zone, text) && check.is_some() && check_digit(text) == check {
            near = Some(found());
        }
    }
    near
}

/// A name without what zones write in other letters: `Brückner` and `BRUECKNER`.
fn plain(text: &str) -> String {
    let fold = folded(text);
    let pairs = [("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"), ("aa", "a"), ("ij", "y")];
    pairs.iter().fold(fold, |text, (pair, one)| text.replace(pair, one))
}

/// Whether both say the same; a zone may cut a long name.
fn is_same(zone: &str, printed: &str) -> bool {
    const CUT: usize = 8;
    let (a, b) = (plain(zone), plain(printed));
    a == b || a.len() >= CUT && b.starts_with(&a)
}

/// Whether one sign at most is other.
fn is_near(zone: &str, printed: &str) -> bool {
    let (a, b) = (folded(zone), folded(printed));
    a.chars().count() == b.chars().count()
        && a.chars().zip(b.chars()).filter(|(a, b)| a != b).count() <= 2
}

/// Letters that recognisers read for digits.
pub(super) fn digits_where_wanted(text: &str) -> String {
    let digit = |char: char| match char {
        'O' | 'Q' | 'D' => '0',
        'I' | 'L' => '1',
        'Z' => '2',
        'S' => '5',
        'B' => '8',
        'G' => '6',
        char => char,
    };
    text.chars().map(digit).collect()
}

/// Digits that recognisers read for letters.
pub(super) fn letters_where_wanted(text: &str) -> String {
    let letter = |char: char| match char {
        '0' => 'O',
        '1' => 'I',
        '2' => 'Z',
        '5' => 'S',
        '8' => 'B',
        '6' => 'G',
        char => char,
    };
    text.chars().map(letter).collect()
}
