//! Blocks of lines that stand under each other: addresses, most of all.

use crate::layout::{Bounds, Segment};
use crate::lexicon::folded;

use super::doc::Doc;

/// Lines under each other with the same left edge.
#[derive(Clone, Debug)]
pub(super) struct Block<'d> {
    pub(super) lines: Vec<&'d Segment>,
    pub(super) bounds: Bounds,
}

impl<'d> Block<'d> {
    /// The line that stands lowest so far.
    fn last(&self) -> &'d Segment {
        self.lines[self.lines.len() - 1]
    }
}

/// All blocks in reading order of their first lines.
pub(super) fn blocks<'d>(doc: &'d Doc<'_>) -> Vec<Block<'d>> {
    let mut blocks: Vec<Block<'d>> = Vec::new();
    for segment in doc.rows.iter().flat_map(|row| &row.segments) {
        let size = segment.words.first().map_or(10.0, |word| word.size);
        let is_under = |block: &Block<'_>| {
            let last = block.last();
            let last_size = last.words.first().map_or(size, |word| word.size);
            last.page == segment.page
                && last.row < segment.row
                && segment.bounds.y0 - last.bounds.y1 < 0.75 * size
                && (last_size - size).abs() < 0.35 * size.max(last_size)
        };
        let is_flush =
            |block: &Block<'_>| (segment.bounds.x0 - block.last().bounds.x0).abs() < 0.5 * size;
        let is_aligned = |block: &Block<'_>| {
            let last = block.last();
            (segment.bounds.x1 - last.bounds.x1).abs() < 0.2 * size
                || (segment.bounds.mid_x() - last.bounds.mid_x()).abs() < 0.2 * size
        };
        let near = blocks.len().saturating_sub(12)..blocks.len();
        let mut under = near.rev().filter(|&at| is_under(&blocks[at]));
        let above = under
            .clone()
            .find(|&at| is_flush(&blocks[at]))
            .or_else(|| under.find(|&at| is_aligned(&blocks[at])));
        let above = above.map(|at| &mut blocks[at]);
        match above {
            Some(block) => {
                block.bounds = block.bounds.union(segment.bounds);
                block.lines.push(segment);
            }
            None => blocks.push(Block { lines: vec![segment], bounds: segment.bounds }),
        }
    }
    blocks
}

/// Whether a line names a place with its postal code: `80333 München`, `DE 80333 München`,
/// `1012 AB Amsterdam`, `Austin, TX 78701`, `London SW1A 1AA`.
pub(super) fn has_postal_code(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let last = words.last().map(|word| folded(word)).unwrap_or_default();
    let is_street = STREETS.contains(&last.as_str());
    let is_name = |word: &str| {
        word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() >= 2
    };
    words.iter().enumerate().any(|(at, word)| {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let code = bare
            .split_once('-')
            .filter(|(c, _)| c.len() <= 2 && !c.is_empty())
            .map_or(bare, |(_, rest)| rest);
        let digits = code.len() >= 4 && code.len() <= 5 && code.bytes().all(|b| b.is_ascii_digit());
        let next = words.get(at + 1).copied().unwrap_or_default();
        let before = at.checked_sub(1).map(|i| words[i].trim_end_matches(',')).unwrap_or_default();
        let is_state = before.len() == 2 && before.bytes().all(|b| b.is_ascii_uppercase());
        let zip4 = bare.len() == 10 && bare.as_bytes()[5] == b'-';
        // `88802Spielkreis`
        let glued = bare.chars().take_while(char::is_ascii_digit).count() == 5
            && bare[5..].starts_with(char::is_uppercase)
            && bare[5..].chars().skip(1).filter(|c| c.is_lowercase()).count() >= 3
            && bare[5..].chars().all(char::is_alphabetic);
        // `1012 AB Amsterdam`
        let is_dutch = code.len() == 4
            && digits
            && next.len() == 2
            && next.bytes().all(|b| b.is_ascii_uppercase())
            && words.get(at + 2).is_some_and(|town| is_name(town));
        // `00-950 Warszawa`, `1200-092 Lisboa`
        let is_parted = bare.split_once('-').is_some_and(|(left, right)| {
            matches!(left.len(), 2 | 4)
                && right.len() == 3
                && bare.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        });
        // `111 22 Stockholm`, `110 00 Praha`
        let is_split = bare.len() == 3
            && next.len() == 2
            && bare.bytes().chain(next.bytes()).all(|b| b.is_ascii_digit())
            && words.get(at + 2).is_some_and(|town| is_name(town));
        let is_australian = digits && code.len() == 4 && AUSTRALIAN_STATES.contains(&before);
        glued
            || is_dutch
            || is_split
            || is_australian
            || is_canadian(bare, next)
            || at > 0 && is_irish(bare, next)
            || is_parted && is_name(next)
            || (digits
                && !is_street
                && is_name(next)
                && next.chars().any(char::is_lowercase) | (next.len() > 3))
            || ((digits || zip4) && code.len() >= 5 && is_state)
            || is_british(bare, next)
    })
}

/// Words that end the line of a street and not that of a town, folded.
const STREETS: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "boulevard",
    "blvd",
    "lane",
    "ln",
    "drive",
    "dr",
    "way",
    "court",
    "ct",
    "place",
    "pl",
    "square",
    "sq",
    "parkway",
    "pkwy",
    "highway",
    "hwy",
    "terrace",
    "circle",
    "suite",
];

/// States that stand before a postal code of four digits.
pub(super) const AUSTRALIAN_STATES: &[&str] =
    &["NSW", "VIC", "QLD", "SA", "WA", "TAS", "ACT", "NT", "Vic", "Qld", "Tas"];

/// Each digit as `9`, each capital as `A`, everything else as `x`.
fn shape(code: &str) -> String {
    let kind = |c: char| match c {
        '0'..='9' => '9',
        'A'..='Z' => 'A',
        _ => 'x',
    };
    code.trim_end_matches([',', '.']).chars().map(kind).collect()
}

/// `M5V 2T6`
pub(super) fn is_canadian(first: &str, second: &str) -> bool {
    first.len() == 3 && shape(&format!("{first}{second}")) == "A9A9A9"
}

/// `D02 AF30`
fn is_irish(first: &str, second: &str) -> bool {
    let second = second.trim_end_matches([',', '.']);
    let is_code = |text: &str| {
        text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && text.bytes().any(|b| b.is_ascii_digit())
    };
    first.len() == 3
        && second.len() == 4
        && first.starts_with(|c: char| c.is_ascii_uppercase())
        && is_code(first)
        && is_code(second)
        && second.bytes().any(|b| b.is_ascii_uppercase())
}

/// `SW1A 1AA`
fn is_british(outward: &str, inward: &str) -> bool {
    (2..=4).contains(&outward.len())
        && outward.starts_with(|c: char| c.is_ascii_uppercase())
        && outward.bytes().any(|b| b.is_ascii_digit())
        && outward.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && shape(inward) == "9AA"
}

/// Words that end the name of a company.
const LEGAL_FORMS: &[&str] = &[
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "gbr",
    "ug",
    "ev",
    "eg",
    "se",
    "mbh",
    "cokg",
    "ltd",
    "limited",
    "plc",
    "llp",
    "llc",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "company",
    "co",
    "sarl",
    "sas",
    "sasu",
    "eurl",
    "sa",
    "snc",
    "bv",
    "nv",
    "vof",
    "sl",
    "slu",
    "spa",
    "srl",
    "srls",
    "aps",
    "ab",
    "oy",
    "as",
    "pty",
    "bvba",
    "sprl",
    "kft",
    "sro",
    "sdnbhd",
    "bhd",
    "partg",
    "ek",
    "gesmbh",
    "lda",
    "oyj",
    "ky",
    "tmi",
    "aktiebolag",
    "hb",
    "asa",
    "ans",
];

/// Legal forms that only their marks tell from small words.
const MARKED_FORMS: &[&str] = &[
    "A/S", "I/S", "K/S", "P/S", "s.r.o.", "s.r.o", "a.s.", "v.o.s.", "k.s.", "z.s.", "e.U.",
    "d.o.o.", "S.p.A.", "s.p.a.",
];

/// Whether the text ends like the name of a company.
pub(super) fn has_legal_form(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(folded).collect();
    words.iter().enumerate().skip(1).any(|(at, word)| {
        let capital =
            text.split_whitespace().nth(at).is_some_and(|w| w.chars().any(char::is_uppercase));
        LEGAL_FORMS.contains(&word.as_str())
            && (capital || matches!(word.as_str(), "mbh" | "eg" | "ev"))
    }) || text
        .split_whitespace()
        .skip(1)
        .any(|word| MARKED_FORMS.contains(&word.trim_end_matches([',', ';', ':'])))
}

#[cfg(test)]
mod tests {
    use parseflow_model::FieldSource;

    use super::*;
    use crate::layout::{Page, Word};

    #[test]
    fn a_line_stands_under_what_begins_where_it_begins_not_under_the_colon_over_its_middle() {
        let word = |text: &str, x0: f64, x1: f64, y0: f64| {
            let bounds = Bounds { x0, y0, x1, y1: y0 + 10.0 };
            let source = FieldSource::Text;
            Word { text: text.to_owned(), bounds, size: 10.0, confidence: 1.0, source }
        };
        let words = vec![
            word("Number", 50.0, 90.0, 100.0),
            word(":", 132.0, 136.0, 100.0),
            word("4711", 150.0, 175.0, 100.0),
            word("Harbour-Tools-of-Bristol", 50.0, 218.0, 112.0),
            word("Limited", 50.0, 85.0, 124.0),
        ];
        let page = Page { number: 1, width: 595.0, height: 842.0, words, has_geometry: true };
        let pages = [page];
        let doc = Doc::new(&pages, None);
        let blocks = blocks(&doc);
        let texts = |block: &Block<'_>| -> Vec<String> {
            block.lines.iter().map(|line| line.text.clone()).collect()
        };
        let texts: Vec<Vec<String>> = blocks.iter().map(texts).collect();
        assert_eq!(
            texts,
            [vec!["Number", "Harbour-Tools-of-Bristol", "Limited"], vec![":"], vec!["4711"]]
        );
    }
}
