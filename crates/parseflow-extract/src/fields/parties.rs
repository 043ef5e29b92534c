//! Who bills whom: names and addresses of both sides.

use parseflow_model::FieldSource;

use crate::layout::{Bounds, Segment};
use crate::lexicon::{Label, folded, label_of};
use crate::spans::{Span, email_in};

use super::blocks::{Block, blocks, has_legal_form, has_postal_code};
use super::doc::{Candidate, Doc, Hit};
use super::party_guess::{SALUTATIONS, unlabelled_vendor, window_lines};
use super::rank::{Clue, Clues, Contest};
use super::recipient::unlabelled_customer;
use super::return_address::return_address;
use super::table::table_head;

/// One side of the bill.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Party {
    pub(super) name: Option<Candidate<String>>,
    pub(super) address: Option<Candidate<String>>,
}

/// Both sides.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Parties {
    pub(super) vendor: Party,
    pub(super) customer: Party,
}

/// Lines of one party: where they were found and how surely it is that party.
#[derive(Clone)]
pub(super) struct Found<'d> {
    pub(super) lines: Vec<&'d Segment>,
    /// Words of the first line that belong to its label.
    pub(super) skip: usize,
    pub(super) score: f64,
}

/// Finds both parties by their labels, the return address, company names and the place on the page.
pub(super) fn parties(doc: &Doc<'_>) -> Parties {
    let blocks = blocks(doc);
    let Parties { mut vendor, mut customer } = plain_parties(doc, &blocks);
    if vendor.name.is_none() {
        vendor = unlabelled_vendor(doc, &blocks, customer.name.as_ref()).unwrap_or_default();
    }
    if customer.name.is_none() {
        customer = unlabelled_customer(doc, &blocks, vendor.name.as_ref()).unwrap_or_default();
    }
    if vendor.address.is_none()
        && let Some(name) = &vendor.name
    {
        vendor.address = address_of_name(&blocks, name, doc);
    }
    if let Some(name) = vendor.name.as_mut() {
        join_line_above(&blocks, name);
    }
    Parties { vendor, customer }
}

/// The parties that labels and the return address name.
pub(super) fn plain_parties<'d>(doc: &'d Doc<'_>, blocks: &[Block<'d>]) -> Parties {
    let customer = labelled(doc, blocks, Label::Customer);
    let vendor = labelled(doc, blocks, Label::Vendor);
    let mut customer = customer.map(|found| party_of(doc, &found)).unwrap_or_default();
    let mut vendor = vendor.map(|found| party_of(doc, &found)).unwrap_or_default();
    if let Some((name, address, row)) = return_address(doc) {
        if vendor.name.is_none() {
            vendor = Party { name: Some(name), address: Some(address) };
        }
        if customer.name.is_none() {
            let lines = window_lines(doc, row);
            if lines.len() >= 2 {
                customer = party_of(doc, &Found { lines, skip: 0, score: 0.75 });
            }
        }
    }
    Parties { vendor, customer }
}

/// `Musterhafter` over `Versicherungsverein a.G.`: a name set in two lines of one size, the legal form in
/// the second.
fn join_line_above(blocks: &[Block<'_>], name: &mut Candidate<String>) {
    let lines = blocks.iter().find_map(|block| {
        let at = block.lines.iter().position(|line| {
            line.page == name.page && line.row == name.row && name_text(&line.text) == name.value
        })?;
        Some((block.lines.get(at.checked_sub(1)?)?, block.lines[at]))
    });
    let Some((above, own)) = lines.filter(|_| has_legal_form(&name.value)) else { return };
    let size = |line: &Segment| line.words.first().map_or(0.0, |word| word.size);
    // Pictures tell sizes roughly.
    let is_read = own.words.iter().all(|word| word.source == FieldSource::Ocr);
    let tolerance = if is_read { 0.2 * size(own) } else { 0.3 };
    let same_size = (size(above) - size(own)).abs() < tolerance;
    let close = own.bounds.y0 - above.bounds.y1 < 0.35 * own.bounds.height();
    let is_part = looks_like_name(above, 0)
        && !has_legal_form(&above.text)
        && above.words.len() <= 4
        && !above.text.chars().any(|c| c.is_ascii_digit())
        && label_of(&folded(&above.words[0].text)).is_none();
    if same_size && close && is_part && own.row == above.row + 1 {
        name.value = format!("{} {}", name_text(&above.text), name.value);
        name.raw = name.value.clone();
        name.bounds = name.bounds.map(|bounds| bounds.union(above.bounds));
    }
}

/// The lines that the likeliest label announces: to its right, or below it.
fn labelled<'d>(doc: &'d Doc<'_>, blocks: &[Block<'d>], label: Label) -> Option<Found<'d>> {
    let announced = labelled_parties(doc, blocks, label).into_iter().map(|(found, _)| found);
    let likely = announced.filter(|found| found.score > Contest::Customer.threshold());
    likely.reduce(|best, next| if next.score > best.score { next } else { best })
}

/// The lines that each label of a party announces, with their clues.
pub(super) fn labelled_parties<'d>(
    doc: &'d Doc<'_>,
    blocks: &[Block<'d>],
    label: Label,
) -> Vec<(Found<'d>, Clues)> {
    let contest = if label == Label::Vendor { Contest::Vendor } else { Contest::Customer };
    let mut all = Vec::new();
    for hit in doc.hits_of(label) {
        let Some((mut lines, skip, clue)) = announced(doc, blocks, hit) else { continue };
        // `Herrn` above the name is no part of it.
        if skip == 0 && lines.len() > 1 && SALUTATIONS.contains(&folded(&lines[0].text).as_str()) {
            lines.remove(0);
        }
        let name_ok = lines.first().is_some_and(|line| looks_like_name(line, skip));
        let clues = Clues::of(contest)
            .with_log(Clue::Strength, hit.strength)
            .and(clue)
            .and_if(!name_ok, Clue::NoName);
        all.push((Found { lines, skip, score: clues.score() }, clues));
    }
    all
}

/// Lines, the words of the first that belong to the label, and where they stand from it.
type Announced<'d> = (Vec<&'d Segment>, usize, Clue);

fn announced<'d>(doc: &'d Doc<'_>, blocks: &[Block<'d>], hit: &Hit) -> Option<Announced<'d>> {
    let segment = doc.segment(hit);
    // The label must begin its segment: "payment from customer" announces nobody.
    if hit.words.0 > 0 {
        return None;
    }
    let has_colon = segment.words[hit.words.1 - 1].text.ends_with(':');
    if segment.words.len() > hit.words.1 {
        if !has_colon {
            return None;
        }
        let mut lines = vec![segment];
        lines.extend(block_under(blocks, segment, hit));
        return Some((lines, hit.words.1, Clue::Next));
    }
    if let Some(lines) = section(doc, hit) {
        return Some((lines, 0, Clue::Section));
    }
    let right = doc.rows[hit.row].segments.get(hit.segment + 1);
    let below = without_numbers(block_under(blocks, segment, hit));
    let below_is_party = below.first().is_some_and(|line| looks_like_name(line, 0));
    let right_is_value = has_colon || !below_is_party;
    if let Some(right) = right.filter(|right| right_is_value && looks_like_name(right, 0)) {
        let block =
            blocks.iter().find(|block| block.lines.iter().any(|line| std::ptr::eq(*line, right)));
        let lines = block.map(|block| {
            block
                .lines
                .iter()
                .copied()
                .skip_while(|line| !std::ptr::eq(*line, right))
                .collect::<Vec<_>>()
        });
        return Some((lines.unwrap_or_else(|| vec![right]), 0, Clue::Right));
    }
    below_is_party.then_some((below, 0, Clue::Below))
}

/// Without the numbers that some print above the name: `Customer no.: 4711`.
fn without_numbers(lines: Vec<&Segment>) -> Vec<&Segment> {
    let skip = lines.iter().take(4).take_while(|line| !looks_like_name(line, 0)).count();
    if skip < lines.len() && skip < 4 { lines[skip..].to_vec() } else { lines }
}

/// A section of rows `Name: …`, `Address: …` under the label of a party.
fn section<'d>(doc: &'d Doc<'_>, hit: &Hit) -> Option<Vec<&'d Segment>> {
    // `Lieferant GmbH` is a name.
    let is_whole = |other: &Hit| {
        let words = &doc.segment(other).words;
        other.words.1 == words.len() || words[other.words.1 - 1].text.ends_with(':')
    };
    let ends = doc.hits.iter().find(|other| {
        other.row > hit.row
            && matches!(other.label, Label::Vendor | Label::Customer)
            && other.words.0 == 0
            && is_whole(other)
    });
    let last = ends.map_or(hit.row + 9, |other| other.row).min(hit.row + 9);
    let name = doc
        .hits_of(Label::PartyName)
        .find(|name| name.row > hit.row && name.row < last && name.words.0 == 0)
        .filter(|name| table_head(doc, name.row).is_none())?;
    let value = |label: &Hit| doc.rows[label.row].segments.get(label.segment + 1);
    let mut lines = vec![value(name)?];
    let address = doc
        .hits_of(Label::PartyAddress)
        .find(|address| address.row > hit.row && address.row < last);
    if let Some(address) = address
        && let Some(first) = value(address)
    {
        lines.push(first);
        let under =
            doc.rows.iter().skip(address.row + 1).take(3).filter(|row| row.segments.len() == 1);
        let under = under.map(|row| &row.segments[0]);
        lines.extend(under.take_while(|line| (line.bounds.x0 - first.bounds.x0).abs() < 3.0));
    }
    Some(lines)
}

/// The lines right under a label, aligned with it.
fn block_under<'d>(blocks: &[Block<'d>], segment: &Segment, hit: &Hit) -> Vec<&'d Segment> {
    let size = hit.bounds.height();
    let same_block = blocks.iter().find_map(|block| {
        let at = block.lines.iter().position(|line| std::ptr::eq(*line, segment))?;
        (at + 1 < block.lines.len()).then(|| block.lines[at + 1..].to_vec())
    });
    same_block.unwrap_or_else(|| {
        let under = blocks.iter().filter(|block| {
            let first = block.lines[0];
            let gap = block.bounds.y0 - segment.bounds.y1;
            first.page == segment.page
                && first.row > segment.row
                && gap < 2.0 * size
                && ((first.bounds.x0 - segment.bounds.x0).abs() < 2.0 * size
                    || first.bounds.overlap_x(segment.bounds) > 0.5)
        });
        let nearest = under.min_by(|a, b| a.bounds.y0.total_cmp(&b.bounds.y0));
        nearest.map(|block| block.lines.clone()).unwrap_or_default()
    })
}

/// Name and address from the lines of a party.
pub(super) fn party_of(doc: &Doc<'_>, found: &Found<'_>) -> Party {
    let mut lines = found.lines.iter();
    let Some(first) = lines.next() else { return Party::default() };
    let skip = found.skip.min(first.words.len() - 1);
    let text = name_text(&crate::spans::joined(&first.words[skip..]));
    let name = Candidate::from_span(Span::of(first, skip, first.words.len(), text), found.score);
    let rest: Vec<&Segment> = lines.copied().collect();
    Party { name: Some(name), address: address_of(doc, &rest, found.score) }
}

pub(super) fn name_text(text: &str) -> String {
    let text = text.split(" <").next().unwrap_or(text);
    text.trim()
        .trim_matches(|c: char| matches!(c, ',' | ';' | ':' | '|' | '•' | '·'))
        .trim()
        .to_owned()
}

/// The lines up to the one with the postal code, and a country after it.
fn address_of(doc: &Doc<'_>, lines: &[&Segment], score: f64) -> Option<Candidate<String>> {
    let mut used: Vec<&Segment> = Vec::new();
    let mut complete = false;
    for line in lines.iter().take(7) {
        let is_other = line.words.iter().any(|word| email_in(&word.text).is_some())
            || doc.hits_in_row(line.row).iter().any(|hit| {
                hit.bounds.overlap_x(line.bounds) > 0.9
                    && hit.words.0 == 0
                    && !matches!(
                        hit.label,
                        Label::PartyName | Label::PartyAddress | Label::Customer
                    )
                    && hit.bounds.x0 >= line.bounds.x0 - 0.1
            });
        if is_other {
            break;
        }
        let is_country = complete
            && line.words.len() <= 3
            && line.text.chars().all(|c| c.is_alphabetic() || c == ' ');
        if complete && !is_country {
            break;
        }
        used.push(line);
        if is_country {
            break;
        }
        complete = has_postal_code(&line.text);
    }
    if !used.iter().any(|line| has_postal_code(&line.text)) {
        return None;
    }
    let value =
        used.iter().map(|line| line.text.trim_end_matches(',')).collect::<Vec<_>>().join(", ");
    let bounds = used.iter().map(|line| line.bounds).reduce(Bounds::union)?;
    let first = used[0];
    let mut candidate =
        Candidate::from_span(Span::of(first, 0, first.words.len(), value.clone()), score * 0.9);
    (candidate.raw, candidate.bounds) = (value, Some(bounds));
    Some(candidate)
}

/// Whether a line can be the name of a person or company.
pub(super) fn looks_like_name(line: &Segment, skip: usize) -> bool {
    let words = &line.words[skip.min(line.words.len())..];
    let text = name_text(&crate::spans::joined(words));
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let first_is_label = words.first().is_some_and(|word| {
        word.text.ends_with(':')
            || label_of(&folded(&word.text)).is_some_and(|(_, strength)| strength > 0.7)
                && !has_legal_form(&text)
    });
    letters >= 3
        && letters > digits * 2
        && words.len() <= 9
        && (text
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit() || !c.is_ascii())
            || begins_small(&text) && has_legal_form(&text))
        && !first_is_label
        && label_of(&folded(&text)).is_none()
        && !text.contains('@')
        && (!has_postal_code(&text) || has_legal_form(&text))
        && !words.iter().any(|word| word.text.ends_with(':'))
}

/// `e-Medic`, `easyFit`, `d.tech`: a name that begins with a small letter, and no word of a sentence does.
fn begins_small(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    word.chars().skip(1).any(char::is_uppercase)
        || word.trim_end_matches(['.', '-']).contains(['.', '-'])
}

/// The address under a name found elsewhere: in its block, or in the block right below.
fn address_of_name(
    blocks: &[Block<'_>],
    name: &Candidate<String>,
    doc: &Doc<'_>,
) -> Option<Candidate<String>> {
    let mut with_name = blocks.iter().filter_map(|block| {
        let at = block.lines.iter().position(|line| line.text.contains(&name.value))?;
        Some((block, at))
    });
    with_name.find_map(|(block, at)| {
        let line = block.lines[at];
        let own = address_of(doc, &block.lines[at + 1..], 0.75);
        own.or_else(|| {
            let height = line.bounds.height();
            let under = blocks.iter().filter(|other| {
                let first = other.lines[0];
                let gap = first.bounds.y0 - line.bounds.y1;
                first.page == line.page
                    && (-0.3 * height..2.0 * height).contains(&gap)
                    && first.row > line.row
                    && ((first.bounds.x0 - line.bounds.x0).abs() < 0.5 * height
                        || first.bounds.overlap_x(line.bounds) > 0.8)
            });
            let nearest = under.min_by(|a, b| a.bounds.y0.total_cmp(&b.bounds.y0))?;
            address_of(doc, &nearest.lines, 0.7)
        })
    })
}

/// The address that belongs to a party by its domain, else the one nearest to its name.
pub(super) fn email_of<'c>(
    name: Option<&Candidate<String>>,
    emails: &'c [Candidate<String>],
) -> Option<&'c Candidate<String>> {
    let whole = folded(&name?.value);
    let by_domain = emails.iter().find(|email| {
        let domain = email.value.split_once('@').map(|(_, domain)| domain).unwrap_or_default();
        let stem = folded(domain.split('.').next().unwrap_or_default());
        stem.len() >= 4 && (whole.starts_with(&stem) || stem.starts_with(&whole))
            || stem
                .char_indices()
                .nth(5)
                .is_some_and(|(at, sixth)| whole.starts_with(&stem[..at + sixth.len_utf8()]))
    });
    by_domain.or_else(|| nearest_to(name, emails))
}

/// Values near a party: the one in the same block as its name, else the one nearest to it.
pub(super) fn nearest_to<'c>(
    name: Option<&Candidate<String>>,
    candidates: &'c [Candidate<String>],
) -> Option<&'c Candidate<String>> {
    let distance = |candidate: &&'c Candidate<String>| match (
        name.and_then(|name| name.bounds),
        candidate.bounds,
    ) {
        (Some(a), Some(b)) => ((a.y0 - b.y0).abs() + 0.5 * (a.x0 - b.x0).abs()) as i64,
        _ => i64::MAX,
    };
    candidates.iter().min_by_key(distance)
}
