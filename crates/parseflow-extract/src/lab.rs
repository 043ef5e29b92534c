//! What the project's laboratory needs to train the models; no part of the library's interface.

use std::collections::HashMap;

use parseflow_model::DocumentType;
use parseflow_ocr::{PageRead, PictureLimits};
use serde_json::Value;

use crate::classify;
use crate::detect::Format;
use crate::fields::Doc;
use crate::fields::ballots::ballots;
use crate::fields::rank::Clue;
pub use crate::fields::rank::fit::{Sample, Task, tasks};
use crate::layout::{Page, rows_of};

/// Number of document types.
pub const KINDS: usize = DocumentType::ALL.len();

/// The features by which the type of a document is told.
pub fn type_features(pages: &[Page]) -> Vec<f64> {
    classify::features(&rows_of(pages))
}

/// The phrases that the first features stand for, in order.
pub fn type_phrases() -> &'static [&'static str] {
    classify::phrase_list()
}

/// The weights that training starts from and stays near.
pub fn type_prior() -> Vec<[f64; KINDS]> {
    classify::prior()
}

/// The pages of a file as the engine sees them; `None` where it is no PDF or plain text.
pub fn pages_of(bytes: &[u8]) -> Option<Vec<Page>> {
    let options = crate::ExtractOptions::default();
    match crate::detect(bytes).media_type {
        "application/pdf" => {
            crate::pdf::read(bytes, crate::pdf::Beside::Nothing, &options, &crate::Tools::default())
                .ok()
                .map(|text| text.pages)
        }
        _ => crate::text::pages_of(&crate::text::decode(bytes), &options).ok(),
    }
}

/// What is read in a picture of one page; `None` where it cannot be decoded or read.
pub fn picture_read(bytes: &[u8]) -> Option<PageRead> {
    let Format::Picture(format) = crate::detect(bytes).format else { return None };
    let mut pages = parseflow_ocr::decode(bytes, format, PictureLimits::default()).ok()?;
    parseflow_ocr::read_page(pages.next()?.ok()?).ok()
}

/// The page that the engine makes of what was read in a picture.
pub fn read_page_of(mut read: PageRead) -> Page {
    crate::misread::mend(&mut read.words);
    crate::scan::page_of(1, &read, None)
}

/// Weights of the ranker by the names of contest and clue.
pub type Weights = HashMap<String, HashMap<String, f64>>;

/// What the ranker chooses from in one document.
pub struct Ballot {
    /// The name of the contest.
    pub contest: &'static str,
    /// Where the value stands in `data`.
    pub path: &'static str,
    /// Values with their clues: places in [`Task::clues`] and measures.
    pub options: Vec<(Value, Vec<(usize, f64)>)>,
}

/// All contests of a document that is read as `kind`.
pub fn ballots_of(pages: &[Page], kind: DocumentType) -> Vec<Ballot> {
    let language = crate::language::language_of(pages);
    let doc = Doc::new(pages, language);
    let ballots = ballots(&doc, kind).into_iter().map(|ballot| {
        let clues = ballot.contest.clues();
        let place = |clue: &Clue| clues.iter().position(|other| other == clue).unwrap_or_default();
        let options = ballot.options.into_iter().map(|(value, own)| {
            (value, own.values().iter().map(|(clue, measure)| (place(clue), *measure)).collect())
        });
        Ballot { contest: ballot.contest.name(), path: ballot.path, options: options.collect() }
    });
    ballots.collect()
}

/// Puts other weights in the place of those shipped; to be called before anything is read.
pub fn use_ranker(weights: &Weights) {
    crate::fields::rank::replace(weights);
}

/// A fact of an agreement, found or not, with what it is judged by.
pub struct Judged {
    /// The part of the model that judges it.
    pub fact: &'static str,
    /// Where the value stands in `data`; nothing for the whole agreement.
    pub path: String,
    /// What was found, or null.
    pub value: Value,
    /// Names of clues with their measures.
    pub clues: Vec<(&'static str, f64)>,
}

/// What every fact of an agreement is judged by, where `model` weighs its clues.
pub fn judged_of(pages: &[Page], model: &Weights) -> Vec<Judged> {
    let language = crate::language::language_of(pages);
    let judged = crate::fields::judged(&Doc::new(pages, language), model).into_iter();
    let public = judged.map(|own| Judged {
        fact: own.fact,
        path: own.path,
        value: own.value,
        clues: own.clues,
    });
    public.collect()
}

/// The group whose calibration a field shares.
pub fn calibration_group(name: &str) -> &'static str {
    crate::fields::group_of(name)
}

/// Stretch and shift of each group as shipped.
pub fn shipped_calibration() -> &'static HashMap<String, [f64; 2]> {
    crate::fields::shipped()
}
