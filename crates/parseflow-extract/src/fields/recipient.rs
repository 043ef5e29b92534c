//! Who is billed, where no label says so: the block of the first page that looks most like an address on a letter.

use crate::lexicon::folded;
use crate::spans::Span;

use super::blocks::{Block, has_legal_form, has_postal_code};
use super::doc::{Candidate, Doc};
use super::parties::{Found, Party, looks_like_name, name_text, party_of};
use super::party_guess::{SALUTATIONS, holds_own_data, is_house, is_title};
use super::rank::{Clue, Clues, Contest, Weighed};

/// Blocks that are looked at, from the top.
const BLOCKS_MAX: usize = 60;

/// Words before the person or office in a company that gets a letter, folded.
const ADDRESSEES: &[&str] = &["attn", "att", "attention", "co", "zhd", "zh", "alattention", "tav"];

/// A block and the line of it that can be a name.
pub(super) type Place = (usize, usize);

/// The customer by the block that is likeliest, if it is likely enough.
pub(super) fn unlabelled_customer(
    doc: &Doc<'_>,
    blocks: &[Block<'_>],
    vendor: Option<&Candidate<String>>,
) -> Option<Party> {
    let likely = recipients(doc, blocks, vendor).into_iter();
    let likely = likely.filter(|(one, _)| one.found.score >= Contest::Recipient.threshold());
    let (best, (block, line)) = likely
        .reduce(|best, next| if next.0.found.score > best.0.found.score { next } else { best })?;
    let lines = blocks[block].lines[line..].to_vec();
    let score = best.found.score.min(0.9);
    Some(party_of(doc, &Found { lines, skip: 0, score }))
}

/// The lines that can name who is billed, and where they stand.
pub(super) fn recipients(
    doc: &Doc<'_>,
    blocks: &[Block<'_>],
    vendor: Option<&Candidate<String>>,
) -> Vec<(Weighed<String>, Place)> {
    let Some(page) = doc.page(1) else { return Vec::new() };
    let mut found = Vec::new();
    for (number, block) in blocks.iter().enumerate().take(BLOCKS_MAX) {
        let is_vendor = vendor
            .is_some_and(|vendor| block.lines.iter().any(|line| line.text.contains(&vendor.value)));
        if block.lines[0].page != 1 || is_vendor {
            continue;
        }
        let has_own_data = block.lines.iter().any(|line| holds_own_data(line));
        for (at, line) in block.lines.iter().enumerate().take(2) {
            let text = name_text(&line.text);
            if !looks_like_name(line, 0) || is_title(&text) || is_greeting(&text) {
                continue;
            }
            let next = block.lines.get(at + 1);
            let has_place =
                block.lines.iter().skip(at + 1).take(5).any(|line| has_postal_code(&line.text));
            let is_street = is_house(&text) && next.is_some_and(|next| has_postal_code(&next.text));
            // A street right under the name of the vendor, in smaller print, is his own.
            let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
            let is_under_vendor = vendor.and_then(|vendor| vendor.bounds).is_some_and(|above| {
                let gap = line.bounds.y0 - above.y1;
                has_digit
                    && gap > -2.0
                    && gap < 1.6 * line.bounds.height()
                    && (line.bounds.x0 - above.x0).abs() < 0.5 * line.bounds.height()
            });
            let is_over_street = next.is_some_and(|next| {
                next.words.len() <= 6 && next.text.bytes().any(|byte| byte.is_ascii_digit())
            });
            let clues = Clues::of(Contest::Recipient)
                .and(if at == 0 { Clue::FirstLine } else { Clue::LaterLine })
                .and_if(!has_place, Clue::NoPlace)
                .and_if(has_own_data, Clue::OwnData)
                .and_if(is_under_vendor || is_street, Clue::Street)
                .and_if(line.bounds.y0 >= 0.45 * page.height, Clue::Low)
                .with(Clue::BlocksBefore, number as f64 / 100.0)
                .and_if(has_legal_form(&text), Clue::LegalForm)
                .and_if(line.bounds.x0 > 0.5 * page.width, Clue::RightHalf)
                .and_if(is_over_street, Clue::OverStreet)
                .and_if(block.lines.len() >= 3, Clue::ManyLines)
                .and_if(line.words.len() >= 5, Clue::ManyWords)
                .and_if(is_addressee(&line.text), Clue::Addressee)
                .and_if(at > 0 && is_addressee(&block.lines[at - 1].text), Clue::AfterAddressee)
                .and_if(is_in_window(doc, line.row), Clue::InWindow);
            let span = Span::of(line, 0, line.words.len(), text);
            found.push((Weighed::new(span, clues), (number, at)));
        }
    }
    found
}

/// Whether a line is a form of address or names an office, and the name comes next.
fn is_addressee(text: &str) -> bool {
    let whole = folded(text);
    let first = text.split_whitespace().next().map(folded).unwrap_or_default();
    SALUTATIONS.contains(&whole.as_str()) || ADDRESSEES.contains(&first.as_str())
}

/// Words that a letter greets with, folded.
const GREETINGS: &[&str] = &[
    "sehr", "dear", "hello", "hallo", "guten", "liebe", "lieber", "cher", "chere", "bonjour",
    "geachte", "beste", "estimado", "estimada", "gentile", "egregio", "caro", "cara", "szanowni",
    "szanowny", "szanowna", "hej", "basta", "kaere", "hei", "vazeni", "vazeny",
];

fn is_greeting(text: &str) -> bool {
    let first = text.split_whitespace().next().map(folded).unwrap_or_default();
    GREETINGS.contains(&first.as_str())
}

/// Whether one of the four rows above holds a name, a street and a place in one line, as over the window of an
/// envelope.
fn is_in_window(doc: &Doc<'_>, row: usize) -> bool {
    doc.rows[row.saturating_sub(4)..row].iter().any(|row| {
        let segment = &row.segments[0];
        segment.words.len() >= 5 && has_postal_code(&segment.text)
    })
}
