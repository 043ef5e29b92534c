//! Documents made for measuring and training: six languages, eleven types, arrangements drawn by lot.
//!
//! The same seed makes the same document. Held-out documents are drawn from other seeds and also use
//! wordings and arrangements that documents for training never show.

mod accessions;
mod accords;
mod bills;
mod charters;
mod compacts;
mod covenants;
mod deeds;
mod drafts;
mod facts;
mod habits;
mod ledgers;
mod others;
mod pacts;
mod page;
mod passes;
#[path = "../../make_samples/pdf_writer.rs"]
#[expect(dead_code, reason = "the samples use more of it")]
mod pdf_writer;
pub(crate) mod pictures;
mod plain;
mod rng;
mod slips;
mod stubs;
mod tables;
mod trades;
mod training;
mod varied;
mod words;

use std::path::Path;

use parseflow_model::{DocumentType, RequestedType};

use parseflow_extract::lab::pages_of;

use crate::label::Label;
use crate::sets::{Case, Input, Set};
use facts::{address, company, date, iban, person, printed, shaped};
use page::Grid;
use pictures::{Drawn, Look};
use rng::Rng;
pub(crate) use training::{for_agreements, for_fitting, for_ranking, for_training};
use words::LANGUAGES;

/// Documents of each held-out set.
const HELD_OUT: u64 = 330;
/// Invoices in other arrangements, and where their seeds begin.
const VARIED: u64 = 120;
const VARIED_SEED: u64 = 500_000;
/// Bills and receipts with the habits of many trades and countries, and where their seeds begin.
const HABITS: u64 = 240;
const HABITS_SEED: u64 = 700_000;
/// Papers of other trades and countries, and where their seeds begin.
const TRADES_SET: u64 = 240;
const TRADES_SEED: u64 = 800_000;
/// Bills of small firms, and where their seeds begin.
const PLAIN: u64 = 120;
const PLAIN_SEED: u64 = 900_000;
/// Bills whose tables of items are arranged in ways of many trades, and where their seeds begin.
const TABLES: u64 = 150;
const TABLES_SEED: u64 = 950_000;
/// Receipts of tills, and where their seeds begin.
const SLIPS: u64 = 150;
const SLIPS_SEED: u64 = 960_000;
/// Agreements, and where their seeds begin.
const ACCORDS: u64 = 120;
const ACCORDS_SEED: u64 = 970_000;
/// The second sets of receipts and agreements, and where their seeds begin.
const SECOND: u64 = 60;
const STUBS_SEED: u64 = 980_000;
const DEEDS_SEED: u64 = 990_000;
/// The third set of agreements.
const PACTS_SEED: u64 = 995_000;
/// Statements of banks and identity papers.
const LEDGERS_SEED: u64 = 996_000;
const PASSES_SEED: u64 = 997_000;
/// The fourth.
const COVENANTS_SEED: u64 = 997_000;
/// The fifth.
const COMPACTS_SEED: u64 = 998_000;
/// The sixth.
const CHARTERS_SEED: u64 = 999_000;
/// The seventh, in English alone.
const FILED_SEED: u64 = 999_500;
/// The eighth, written out in full.
const ACCESSIONS_SEED: u64 = 930_000;
/// Drafted papers: statements, identity papers and papers of all types, and where their seeds begin.
const DRAFTS_SEED: u64 = 910_000;
/// Bills, receipts and other papers as pictures: how many by a scanner and by a camera, and where their seeds begin.
const SCANNED: usize = 40;
const PHOTOGRAPHED: usize = 24;
const PICTURES_SEED: u64 = 920_000;
/// Seeds of documents for training begin here; held-out ones begin at 0.
const TRAINING_SEED: u64 = 1_000_000;

/// One document.
pub(crate) struct Made {
    pub(crate) grid: Grid,
    pub(crate) label: Label,
    pub(crate) as_pdf: bool,
}

/// The document of a seed; its type goes round with the seed.
pub(crate) fn make(seed: u64, held_out: bool) -> Made {
    let mut rng = Rng::new(seed, held_out);
    let kinds = DocumentType::ALL;
    let kind = kinds[(seed % kinds.len() as u64) as usize];
    let words = &LANGUAGES[rng.range(0, LANGUAGES.len() as u64) as usize];
    let (grid, mut label) = match kind {
        DocumentType::Invoice | DocumentType::CreditNote | DocumentType::PurchaseOrder => {
            bills::bill(&mut rng, words, kind)
        }
        DocumentType::Receipt => bills::receipt(&mut rng, words),
        DocumentType::BankStatement => others::statement(&mut rng, words),
        DocumentType::Contract => others::contract(&mut rng, words),
        DocumentType::IdDocument => others::identity(&mut rng, words),
        DocumentType::Payslip => others::payslip(&mut rng, words),
        DocumentType::Letter => others::letter(&mut rng, words),
        DocumentType::Form => others::form(&mut rng, words),
        DocumentType::Other => others::other(&mut rng, words),
    };
    label.document_type = Some(kind.as_str().to_owned());
    // Receipts and cards are narrow: as a page of a printer they would be something else.
    let as_pdf = rng.chance(70) && kind != DocumentType::Receipt;
    Made { grid, label, as_pdf }
}

/// Documents that neither training nor tuning uses.
pub(crate) fn held_out() -> Vec<Set> {
    let cases = (0..HELD_OUT).map(|seed| case_of(seed, make(seed, true)));
    let varied = (0..VARIED).map(|at| VARIED_SEED + at).map(|seed| case_of(seed, varied(seed)));
    let habits = (0..HABITS).map(|at| HABITS_SEED + at).map(|seed| habit(seed, true));
    let trades = (0..TRADES_SET).map(|at| TRADES_SEED + at).map(|seed| trade(seed, true));
    let plain = (0..PLAIN).map(|at| PLAIN_SEED + at).map(|seed| {
        let (pdf, label) = plain::bill(&mut Rng::new(seed, true));
        pdf_case(seed, pdf, label)
    });
    let tables = (0..TABLES).map(|at| TABLES_SEED + at).map(|seed| {
        let (pdf, label) = tables::bill(&mut Rng::new(seed, true));
        pdf_case(seed, pdf, label)
    });
    let slips = (0..SLIPS).map(|at| SLIPS_SEED + at).map(|seed| slip(seed, true));
    let accords = (0..ACCORDS).map(|at| ACCORDS_SEED + at).map(|seed| accord(seed, true));
    let stubs = (0..SECOND).map(|at| STUBS_SEED + at).map(|seed| {
        let (pdf, label) = stubs::receipt(&mut Rng::new(seed, true));
        pdf_case(seed, pdf, label)
    });
    let deeds = (0..SECOND).map(|at| DEEDS_SEED + at).map(|seed| {
        let (bytes, label) = deeds::agreement(&mut Rng::new(seed, true));
        pdf_case(seed, bytes, label)
    });
    let pacts = (0..SECOND).map(|at| PACTS_SEED + at).map(|seed| {
        let (bytes, label) = pacts::agreement(&mut Rng::new(seed, true));
        pdf_case(seed, bytes, label)
    });
    let ledgers = (0..SECOND).map(|at| LEDGERS_SEED + at).map(|seed| ledger(seed, true));
    let passes = (0..SECOND).map(|at| PASSES_SEED + at).map(|seed| pass(seed, true));
    let covenants = (0..SECOND).map(|at| COVENANTS_SEED + at).map(|seed| {
        let (bytes, label) = covenants::agreement(&mut Rng::new(seed, true));
        pdf_case(seed, bytes, label)
    });
    let compacts = (0..SECOND).map(|at| COMPACTS_SEED + at).map(|seed| compact(seed, true));
    let charters = (0..SECOND).map(|at| CHARTERS_SEED + at).map(|seed| charter(seed, true));
    let filed = (0..SECOND).map(|at| FILED_SEED + at).map(|seed| {
        let (bytes, label) = charters::filed(&mut Rng::new(seed, true));
        pdf_case(seed, bytes, label)
    });
    let accessions = (0..SECOND).map(accession);
    let others = vec![
        Set { name: "accessions", cases: accessions.collect() },
        Set { name: "filed", cases: filed.collect() },
        Set { name: "charters", cases: charters.collect() },
        Set { name: "compacts", cases: compacts.collect() },
        Set { name: "covenants", cases: covenants.collect() },
        Set { name: "ledgers", cases: ledgers.collect() },
        Set { name: "passes", cases: passes.collect() },
        Set { name: "pacts", cases: pacts.collect() },
        Set { name: "stubs", cases: stubs.collect() },
        Set { name: "deeds", cases: deeds.collect() },
        Set { name: "slips", cases: slips.collect() },
        Set { name: "accords", cases: accords.collect() },
        Set { name: "tables", cases: tables.collect() },
        Set { name: "plain", cases: plain.collect() },
        Set { name: "trades", cases: trades.collect() },
        Set { name: "habits", cases: habits.collect() },
        Set { name: "generated", cases: cases.collect() },
        Set { name: "varied", cases: varied.collect() },
    ];
    from_drafts().into_iter().chain(pictured()).chain(others).collect()
}

/// The sets of drafted papers.
fn from_drafts() -> [Set; 9] {
    [
        Set { name: "folios", cases: drafted(&drafts::FOLIOS, 60) },
        Set { name: "badges", cases: drafted(&drafts::BADGES, 60) },
        Set { name: "tallies", cases: drafted(&drafts::TALLIES, 40) },
        Set { name: "permits", cases: drafted(&drafts::PERMITS, 40) },
        Set { name: "oddments", cases: drafted(&drafts::ODDMENTS, 164) },
        Set { name: "sundries", cases: drafted(&drafts::SUNDRIES, 220) },
        Set { name: "assorted", cases: drafted(&drafts::ASSORTED, 200) },
        Set { name: "mingled", cases: drafted(&drafts::MINGLED, 200) },
        Set { name: "gathered", cases: drafted(&drafts::GATHERED, 220) },
    ]
}

/// Pages as a scanner and a camera give them.
fn pictured() -> [Set; 2] {
    let photographed = drawn(PICTURES_SEED + 2_000, Look::Photographed, PHOTOGRAPHED);
    [
        Set { name: "scanned", cases: drawn(PICTURES_SEED, Look::Scanned, SCANNED) },
        Set { name: "photographed", cases: photographed },
    ]
}

/// Pictures of bills, receipts and other papers of one page each, in turn.
fn drawn(seed: u64, look: Look, count: usize) -> Vec<Case> {
    let cases = (seed..).map(|seed| match seed % 4 {
        0 => habit(seed, true),
        1 => trade(seed, true),
        2 => slip(seed, true),
        _ => {
            let (pdf, label) = plain::bill(&mut Rng::new(seed, true));
            pdf_case(seed, pdf, label)
        }
    });
    let seen = |(at, mut case): (usize, Case)| {
        let Input::Bytes(pdf) = case.input else { return None };
        let words = pages_of(&pdf)?.into_iter().flat_map(|page| page.words);
        if words.flat_map(|word| word.text.chars().collect::<Vec<_>>()).any(is_undrawn) {
            return None;
        }
        case.input = Input::Drawn(
            Drawn::of(pdf, seed + at as u64, look).filter(|drawn| drawn.pages() == 1)?,
        );
        Some(case)
    };
    cases.enumerate().filter_map(seen).take(count).collect()
}

/// Whether the fonts that pages are drawn with lack this letter.
fn is_undrawn(letter: char) -> bool {
    ('\u{100}'..='\u{24f}').contains(&letter) && !"ŒœŠšŸŽž".contains(letter)
}

/// Papers by the drafts of some files.
fn drafted(files: &drafts::Files, count: u64) -> Vec<Case> {
    let seed = DRAFTS_SEED + 1_000 * files.number;
    (0..count).map(|at| draft(seed + at, files, at, true)).collect()
}

/// A drafted paper.
fn draft(seed: u64, files: &drafts::Files, at: u64, held_out: bool) -> Case {
    let (bytes, label) = drafts::paper(&mut Rng::new(seed, held_out), files.texts, at);
    pdf_case(seed, bytes, label)
}

/// An invoice in an arrangement that neither rules nor models were made from.
fn varied(seed: u64) -> Made {
    let mut rng = Rng::new(seed, true);
    let words = &LANGUAGES[rng.range(0, LANGUAGES.len() as u64) as usize];
    let (grid, mut label) = varied::invoice(&mut rng, words);
    label.document_type = Some(DocumentType::Invoice.as_str().to_owned());
    Made { grid, label, as_pdf: rng.chance(80) }
}

/// A bill or receipt with other habits.
fn habit(seed: u64, held_out: bool) -> Case {
    let made = habits::document(&mut Rng::new(seed, held_out));
    pdf_case(seed, made.pdf, made.label)
}

/// A paper of another trade or country.
fn trade(seed: u64, held_out: bool) -> Case {
    let made = trades::document(&mut Rng::new(seed, held_out));
    pdf_case(seed, made.pdf, made.label)
}

/// The receipt of a till.
fn slip(seed: u64, held_out: bool) -> Case {
    let (pdf, label) = slips::receipt(&mut Rng::new(seed, held_out));
    pdf_case(seed, pdf, label)
}

/// An agreement.
fn accord(seed: u64, held_out: bool) -> Case {
    let (bytes, label) = accords::agreement(&mut Rng::new(seed, held_out));
    pdf_case(seed, bytes, label)
}

/// An agreement of the fifth set.
fn compact(seed: u64, held_out: bool) -> Case {
    let (bytes, label) = compacts::agreement(&mut Rng::new(seed, held_out));
    pdf_case(seed, bytes, label)
}

/// An agreement of the sixth set.
fn charter(seed: u64, held_out: bool) -> Case {
    let (bytes, label) = charters::agreement(&mut Rng::new(seed, held_out));
    pdf_case(seed, bytes, label)
}

/// An agreement of the eighth set.
fn accession(at: u64) -> Case {
    let seed = ACCESSIONS_SEED + at;
    let (bytes, label) = accessions::agreement(&mut Rng::new(seed, true), at);
    pdf_case(seed, bytes, label)
}

/// The statement of a bank.
fn ledger(seed: u64, held_out: bool) -> Case {
    let (pdf, label) = ledgers::statement(&mut Rng::new(seed, held_out));
    pdf_case(seed, pdf, label)
}

/// An identity paper.
fn pass(seed: u64, held_out: bool) -> Case {
    let (bytes, label) = passes::identity(&mut Rng::new(seed, held_out));
    pdf_case(seed, bytes, label)
}

fn pdf_case(seed: u64, pdf: Vec<u8>, label: Label) -> Case {
    let kind = label.document_type.clone().unwrap_or_default();
    Case {
        name: format!("{kind}-{seed}"),
        input: Input::Bytes(pdf),
        requested: RequestedType::Auto,
        wants_text: false,
        label,
    }
}

fn case_of(seed: u64, made: Made) -> Case {
    let bytes = if made.as_pdf { made.grid.pdf() } else { made.grid.text().into_bytes() };
    let kind = made.label.document_type.clone().unwrap_or_default();
    Case {
        name: format!("{kind}-{seed}"),
        input: Input::Bytes(bytes),
        requested: RequestedType::Auto,
        wants_text: false,
        label: made.label,
    }
}

/// Writes documents with their labels into a folder, those that are no files yet.
pub(crate) fn write_cases(folder: &Path, cases: impl Iterator<Item = Case>) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for case in cases {
        let (bytes, ending) = match &case.input {
            Input::Bytes(bytes) if bytes.starts_with(b"%PDF") => (bytes.clone(), "pdf"),
            Input::Bytes(bytes) => (bytes.clone(), "txt"),
            Input::Drawn(drawn) => (drawn.jpeg().map_err(std::io::Error::other)?, "jpg"),
            Input::Scanned(drawn) => (drawn.scan().map_err(std::io::Error::other)?, "pdf"),
            Input::File { .. } | Input::Words(_) => continue,
        };
        std::fs::write(folder.join(format!("{}.{ending}", case.name)), bytes)?;
        write_label(folder, &case.name, &case.label)?;
    }
    Ok(())
}

fn write_label(folder: &Path, name: &str, label: &Label) -> std::io::Result<()> {
    let values = label.values.iter();
    let values: serde_json::Map<String, serde_json::Value> =
        values.map(|(path, (_, value))| (path.clone(), value.clone())).collect();
    let text = serde_json::to_string_pretty(&values)?;
    std::fs::write(folder.join(format!("{name}.json")), text)
}

/// Writes documents with their labels into a folder.
pub(crate) fn write(folder: &Path, seed: u64, count: u64) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for seed in seed..seed + count {
        let made = make(seed, true);
        let kind = made.label.document_type.clone().unwrap_or_default();
        let name = format!("{kind}-{seed}");
        let (ending, bytes) = match made.as_pdf {
            true => ("pdf", made.grid.pdf()),
            false => ("txt", made.grid.text().into_bytes()),
        };
        std::fs::write(folder.join(format!("{name}.{ending}")), bytes)?;
        write_label(folder, &name, &made.label)?;
    }
    Ok(())
}
