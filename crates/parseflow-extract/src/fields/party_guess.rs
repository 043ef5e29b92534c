//! Parties without a label: by return address, address window, company name and place on the page.

use crate::layout::{Row, Segment};
use crate::lexicon::{Label, folded, label_of};
use crate::spans::{Span, email_in};

use super::blocks::{Block, has_legal_form, has_postal_code};
use super::doc::{Candidate, Doc, Hit};
use super::parties::{Party, looks_like_name, name_text};
use super::rank::{Clue, Clues, Contest, Weighed, best_of};
use super::return_address::is_street;

/// Whether a text ends as a street does where the number of the house stands last.
pub(super) fn is_house(text: &str) -> bool {
    let last = text.split_whitespace().last().unwrap_or_default();
    let digits = last.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&digits) && last.len() <= digits + 1 && !has_legal_form(text)
}

/// Forms of address that stand above a name, folded.
pub(super) const SALUTATIONS: &[&str] =
    &["herr", "herrn", "frau", "firma", "mr", "mrs", "monsieur", "madame"];

/// The lines of the address window: under the return address, with its left edge, down to the
/// postal code. A form of address such as `Herrn` is not the name.
pub(super) fn window_lines<'d>(doc: &'d Doc<'_>, row: usize) -> Vec<&'d Segment> {
    let Some(anchor) = doc.rows[row].segments.first() else { return Vec::new() };
    let height = anchor.bounds.height().max(8.0);
    let mut lines: Vec<&Segment> = Vec::new();
    for row in doc.rows.iter().skip(row + 1).take(14) {
        let last = lines.last().map_or(anchor.bounds, |line| line.bounds);
        if row.page != anchor.page || row.bounds.y0 - last.y1 > 4.5 * height || lines.len() >= 7 {
            break;
        }
        // The return address is often centred over the window: its edge is only near the lines'.
        let left = lines.first().map_or(anchor.bounds.x0, |first| first.bounds.x0);
        let tolerance = if lines.is_empty() { 4.5 * height } else { 0.8 * height };
        let aligned = |line: &&Segment| (line.bounds.x0 - left).abs() < tolerance;
        let Some(line) = row.segments.iter().find(aligned) else { continue };
        if lines.is_empty() && SALUTATIONS.contains(&folded(&line.text).as_str()) {
            continue;
        }
        if lines.is_empty() && !looks_like_name(line, 0) {
            break;
        }
        lines.push(line);
        if has_postal_code(&line.text) {
            return lines;
        }
    }
    Vec::new()
}

/// Blocks that are searched for the name of the vendor, from the top.
const BLOCKS_MAX: usize = 150;

/// The company that signs: by its legal form, its place on the page, size of print and repetition.
pub(super) fn unlabelled_vendor(
    doc: &Doc<'_>,
    blocks: &[Block<'_>],
    customer: Option<&Candidate<String>>,
) -> Option<Party> {
    let mut name = best_of(companies(doc, blocks, customer))
        .filter(|best| best.score >= Contest::Company.threshold())?;
    name.score = name.score.min(0.85);
    Some(Party { name: Some(name), address: None })
}

/// The lines of blocks that can be the name of the company that signs.
pub(super) fn companies(
    doc: &Doc<'_>,
    blocks: &[Block<'_>],
    customer: Option<&Candidate<String>>,
) -> Vec<Weighed<String>> {
    let domains: Vec<String> = super::header::emails(doc)
        .iter()
        .filter_map(|email| {
            email
                .value
                .split_once('@')
                .map(|(_, domain)| folded(domain.split('.').next().unwrap_or_default()))
        })
        .collect();
    let is_domain = |name: &str| {
        domains.iter().any(|domain| {
            domain.len() >= 4 && (name.contains(domain.as_str()) || domain.contains(name))
        })
    };
    let mut found = Vec::new();
    let usual = doc.usual_size();
    let texts: Vec<String> = doc.rows.iter().map(Row::text).collect();
    for (number, block) in blocks.iter().enumerate().take(BLOCKS_MAX) {
        if is_of_another(doc, block) {
            continue;
        }
        for (at, line) in block.lines.iter().enumerate().take(3) {
            let text = name_text(&line.text);
            let is_customer = customer.is_some_and(|known| known.value == text);
            if is_customer || !looks_like_name(line, 0) || is_title(&text) || is_street(&text) {
                continue;
            }
            if SALUTATIONS.contains(&folded(&text).as_str()) {
                continue;
            }
            if is_house(&text) && block.lines.get(at + 1).is_some_and(|l| has_postal_code(&l.text))
            {
                continue;
            }
            let page = doc.page(line.page);
            let height = line.bounds.y0 / page.map_or(800.0, |page| page.height).max(1.0);
            let size = line.words.first().map_or(usual, |word| word.size);
            let is_first_page = line.page == 1;
            let again = texts.iter().filter(|row| row.contains(&text)).count();
            let has_own_data = block.lines.iter().any(|line| holds_own_data(line));
            let is_over_place = block.lines.iter().skip(at).any(|l| has_postal_code(&l.text));
            let is_addressed = is_over_place && !has_own_data && number > 0;
            let clues = Clues::of(Contest::Company)
                .and_if(has_legal_form(&text), Clue::LegalForm)
                .and_if(is_first_page && height < 0.2, Clue::Top)
                .and_if(is_first_page && height > 0.85, Clue::Foot)
                .and_if(size > 1.25 * usual && height < 0.3, Clue::Large)
                .and_if(is_first_page && size > 1.5 * usual && height < 0.12, Clue::Headline)
                .and_if(is_registered(&texts, line.row), Clue::Registered)
                .and(if at == 0 { Clue::FirstLine } else { Clue::LaterLine })
                .and_if(is_over_place, Clue::OverPlace)
                .and_if(is_domain(&folded(&text)), Clue::Domain)
                .and_if(again > 1 && text.len() > 5, Clue::Again)
                .with(Clue::BlocksBefore, number as f64 / 100.0)
                .and_if(has_own_data, Clue::OwnData)
                .and_if(is_addressed && (0.08..0.42).contains(&height), Clue::Addressed)
                .and_if(page.is_some_and(|p| line.bounds.x0 > 0.5 * p.width), Clue::RightHalf)
                .and_if(size < 0.85 * usual, Clue::Small)
                .and_if(line.words.len() >= 5, Clue::ManyWords)
                .and_if(text.bytes().any(|byte| byte.is_ascii_digit()), Clue::HasDigit)
                .and_if(text.chars().filter(|c| c.is_alphabetic()).count() <= 4, Clue::Short);
            found.push(Weighed::new(Span::of(line, 0, line.words.len(), text), clues));
        }
    }
    found
}

/// Whether a line holds what a company prints with its own name: an e-mail address, a phone, an account.
pub(super) fn holds_own_data(line: &Segment) -> bool {
    line.words.iter().any(|word| {
        email_in(&word.text).is_some()
            || matches!(label_of(&folded(&word.text)), Some((Label::Phone | Label::Iban, _)))
    })
}

/// Whether the label over the lines of a block gives them to the customer or to a place of delivery.
pub(super) fn is_of_another(doc: &Doc<'_>, block: &Block<'_>) -> bool {
    let first = block.lines[0];
    let size = first.bounds.height();
    let speaks_of_another = |hit: &Hit| {
        let is_whole = hit.words == (0, doc.segment(hit).words.len());
        is_whole && matches!(hit.label, Label::Customer | Label::Other)
    };
    let own = doc.hits_in_row(first.row).iter().any(|hit| {
        hit.bounds.overlap_x(first.bounds) > 0.9
            && (hit.bounds.x0 - first.bounds.x0).abs() < 1.0
            && speaks_of_another(hit)
    });
    let above = || {
        (first.row.saturating_sub(2)..first.row).flat_map(|row| doc.hits_in_row(row)).any(|hit| {
            (hit.bounds.x0 - first.bounds.x0).abs() < 2.0
                && first.bounds.y0 - hit.bounds.y1 < 0.9 * size
                && doc.segment(hit).page == first.page
                && speaks_of_another(hit)
        })
    };
    own && block.lines.len() > 1 || above()
}

/// Words of the register, the capital and the seat, which the law makes the vendor print, folded.
const REGISTER: &[&str] = &[
    "siret",
    "siren",
    "rcs",
    "capital",
    "siege",
    "handelsregister",
    "amtsgericht",
    "hrb",
    "hra",
    "geschaftsfuhrer",
    "kvk",
    "rea",
    "regon",
    "krs",
    "registered",
    "sarl",
];

/// Whether the row of a name or one of the two below it speaks of its register.
fn is_registered(texts: &[String], row: usize) -> bool {
    let near = texts.iter().skip(row).take(3);
    let words = near.flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    words.map(folded).filter(|word| REGISTER.contains(&word.as_str())).count() >= 2
}

/// What longer titles end with, where words are put together, folded.
const TITLE_ENDS: &[&str] = &["rechnung", "gutschrift", "quittung", "factuur", "faktura"];

/// Words in the titles of bills, folded.
const TITLE_WORDS: &[&str] = &[
    "invoice",
    "bill",
    "statement",
    "receipt",
    "rechnung",
    "gutschrift",
    "quittung",
    "facture",
    "avoir",
    "factuur",
    "creditnota",
    "kassabon",
    "factura",
    "abono",
    "fattura",
    "fatura",
    "recibo",
    "faktura",
    "paragon",
    "nota",
    "note",
    "scontrino",
    "ticket",
];

/// Words that head a document and name nobody.
pub(super) fn is_title(text: &str) -> bool {
    let whole = folded(text);
    let mut words =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(folded);
    // `Schlussrechnung`, `verkoopfactuur`
    let is_title_word = |word: &String| {
        TITLE_ENDS.iter().any(|end| word.ends_with(end)) || TITLE_WORDS.contains(&word.as_str())
    };
    let is_short = text.split_whitespace().count() <= 4;
    // `Handelsrechnung (380) Nr. 280081 vom`
    let has_number = || {
        let mut numbers = text.split_whitespace().filter(|word| word.len() >= 3);
        numbers.any(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if !has_legal_form(text) && words.any(|word| is_title_word(&word)) && (is_short || has_number())
    {
        return true;
    }
    let has = |words: &[&str]| words.iter().any(|word| whole == *word);
    has(&[
        "invoice",
        "rechnung",
        "facture",
        "factuur",
        "factura",
        "fattura",
        "receipt",
        "taxinvoice",
        "quittung",
        "gutschrift",
        "creditnote",
        "kassenbon",
        "ticket",
        "proforma",
        "proformainvoice",
        "page",
        "original",
        "copy",
        "kopie",
        "duplicata",
    ]) || ["beispielrechnung", "seite", "page", "thankyou", "vielendank"]
        .iter()
        .any(|start| whole.starts_with(start))
        || crate::lexicon::column_of(&whole).is_some()
}
