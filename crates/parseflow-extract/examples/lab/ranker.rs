//! Trains the ranker: for each contest the weights that make the right candidates likeliest, held to those
//! that were set by hand.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use parseflow_extract::lab::{
    Ballot, Sample, Task, Weights, ballots_of, pages_of, tasks, use_ranker,
};
use parseflow_extract::{Page, Word};
use parseflow_model::DocumentType;
use serde_json::Value;

use crate::generate;
use crate::label::{Label, is_same, squeezed};
use crate::printed::keep_printed;
use crate::sets::{self, Case, Input};

/// Documents of all types that are made for training; their bills and receipts are used.
const DOCUMENTS: u64 = 3_300;
/// Of every hundred words this many are unknown in the second copy of a document.
const UNKNOWN: u64 = 12;
const FOLDS: usize = 5;

/// Samples by contest.
type Samples = BTreeMap<&'static str, Vec<Sample>>;

/// Trains on documents that are made here and writes `ranker.json`. What real documents in `data` make of it is
/// said, and what they would add.
pub(crate) fn run(models: &Path, data: Option<&Path>, out: &mut impl Write) -> std::io::Result<()> {
    let prior = read(&models.join("ranker-prior.json"))?;
    // What is asked later depends on what was chosen before: always by the same weights.
    use_ranker(&prior);
    let mut made = Samples::new();
    for case in generate::for_ranking(DOCUMENTS) {
        let Input::Bytes(bytes) = &case.input else { continue };
        let Some(pages) = pages_of(bytes) else { continue };
        add(&mut made, &pages, &case.label);
        let unknown = with_unknown_words(&pages, &case, UNKNOWN);
        add(&mut made, &unknown, &case.label);
    }
    let mut folds: Vec<Samples> = Vec::new();
    if let Some(data) = data {
        folds = real(data)?;
    }
    let mut table = Weights::new();
    for task in tasks() {
        let start = vector(&task, &prior);
        let own = made.get(task.name).map(Vec::as_slice).unwrap_or_default();
        let real: Vec<&[Sample]> =
            folds.iter().map(|fold| fold.get(task.name).map_or(&[][..], Vec::as_slice)).collect();
        let weights = task.fit(&start, &[own]);
        writeln!(
            out,
            "{}: {} made ballots, right {:.4} before and {:.4} after",
            task.name,
            own.len(),
            task.share_right(&start, own),
            task.share_right(&weights, own)
        )?;
        if !real.is_empty() {
            report_real(&task, &start, own, &real, out)?;
        }
        let rounded = weights.iter().map(|weight| (weight * 1e4).round() / 1e4 + 0.0);
        let named = task.clues.iter().map(|clue| (*clue).to_owned()).zip(rounded);
        table.insert(task.name.to_owned(), named.collect());
    }
    std::fs::write(models.join("ranker.json"), written(&table))?;
    writeln!(out, "written {}", models.join("ranker.json").display())
}

/// What real documents say: by the weights set by hand, by those trained on made documents alone, and by
/// those trained on the other real documents too.
fn report_real(
    task: &Task,
    start: &[f64],
    own: &[Sample],
    real: &[&[Sample]],
    out: &mut impl Write,
) -> std::io::Result<()> {
    let whole: Vec<Sample> = real.concat();
    if whole.is_empty() {
        return Ok(());
    }
    let by_made = task.fit(start, &[own]);
    let mut crossed = 0.0;
    for (at, fold) in real.iter().enumerate() {
        let others = real.iter().enumerate().filter(|(other, _)| *other != at);
        let others: Vec<&[Sample]> = others.map(|(_, fold)| *fold).chain([own]).collect();
        crossed += task.share_right(&task.fit(start, &others), fold) * fold.len() as f64;
    }
    writeln!(
        out,
        "  {} real ballots: right {:.4} by hand, {:.4} by made ones, {:.4} by those and the other real ones",
        whole.len(),
        task.share_right(start, &whole),
        task.share_right(&by_made, &whole),
        crossed / whole.len() as f64
    )
}

pub(crate) fn read(path: &Path) -> std::io::Result<Weights> {
    Ok(serde_json::from_slice(&std::fs::read(path)?)?)
}

fn vector(task: &Task, weights: &Weights) -> Vec<f64> {
    let own = weights.get(task.name);
    let weight = |clue: &&str| own.and_then(|own| own.get(*clue)).copied().unwrap_or_default();
    task.clues.iter().map(weight).collect()
}

/// Adds what a document asks of the ranker.
fn add(samples: &mut Samples, pages: &[Page], label: &Label) {
    let kind = label.document_type.as_deref().unwrap_or("invoice");
    let kind = DocumentType::ALL.into_iter().find(|known| known.as_str() == kind);
    let Some(kind) = kind else { return };
    for Ballot { contest, path, options } in ballots_of(pages, kind) {
        let Some((how, wanted)) = label.values.get(path) else { continue };
        let judged = |(value, clues): (Value, Vec<(usize, f64)>)| {
            let right = is_same(*how, wanted, &value);
            (clues, right)
        };
        let sample = Sample { options: options.into_iter().map(judged).collect() };
        if !sample.options.is_empty() {
            samples.entry(contest).or_default().push(sample);
        }
    }
}

/// The ballots of the real documents, dealt to as many hands as there are folds.
fn real(data: &Path) -> std::io::Result<Vec<Samples>> {
    let mut folds = vec![Samples::new(); FOLDS];
    for set in sets::load(data) {
        if !matches!(set.name, "zugferd-printed" | "invoice2data" | "sroie-words") {
            continue;
        }
        for (at, case) in set.cases.into_iter().enumerate() {
            let pages = match &case.input {
                Input::Bytes(bytes) => pages_of(bytes),
                Input::File { path, .. } => pages_of(&std::fs::read(path)?),
                Input::Words(pages) => Some(pages.clone()),
                // They say nothing that the pages they are drawn from do not say.
                Input::Drawn(_) | Input::Scanned(_) => None,
            };
            let Some(pages) = pages else { continue };
            let mut label = case.label;
            keep_printed(&mut label, &text_of(&pages));
            add(&mut folds[at % FOLDS], &pages, &label);
        }
    }
    Ok(folds)
}

fn text_of(pages: &[Page]) -> String {
    let words = pages.iter().flat_map(|page| &page.words).map(|word| word.text.as_str());
    words.collect::<Vec<_>>().join(" ")
}

/// The same pages in which some words are of no language, the same ones wherever they stand: where labels
/// are not known, places have to speak. Values keep their words.
pub(crate) fn with_unknown_words(pages: &[Page], case: &Case, share: u64) -> Vec<Page> {
    let values: Vec<String> =
        case.label.values.values().map(|(_, value)| squeezed(value)).collect();
    let seed = case.name.bytes().fold(7u64, |sum, byte| mixed(sum ^ u64::from(byte)));
    let change = |word: &Word| {
        let own = squeezed(&Value::from(word.text.as_str()));
        let is_value = own.is_empty() || values.iter().any(|value| value.contains(&own));
        let drawn = own.bytes().fold(seed, |sum, byte| mixed(sum ^ u64::from(byte)));
        if is_value || drawn % 100 >= share {
            return word.clone();
        }
        Word { text: word.text.chars().map(shifted).collect(), ..word.clone() }
    };
    let page =
        |page: &Page| Page { words: page.words.iter().map(change).collect(), ..page.clone() };
    pages.iter().map(page).collect()
}

fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value ^ (value >> 27)
}

/// The letter eleven places on in the alphabet; other characters as they are.
fn shifted(letter: char) -> char {
    let first = if letter.is_ascii_uppercase() { b'A' } else { b'a' };
    if !letter.is_ascii_alphabetic() {
        return letter;
    }
    char::from(first + (letter as u8 - first + 11) % 26)
}

/// The model as JSON, a weight a line, in the order of contests and clues.
fn written(table: &Weights) -> String {
    let contests: Vec<String> = tasks()
        .iter()
        .map(|task| {
            let own = &table[task.name];
            let line = |clue: &&str| format!("    \"{clue}\": {:?}", own[*clue]);
            let lines: Vec<String> = task.clues.iter().map(line).collect();
            format!("  \"{}\": {{\n{}\n  }}", task.name, lines.join(",\n"))
        })
        .collect();
    format!("{{\n{}\n}}\n", contests.join(",\n"))
}
