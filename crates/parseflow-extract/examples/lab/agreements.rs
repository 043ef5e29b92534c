//! Fits how often what is read of an agreement is right: for each fact the weights of its clues, by logistic regression.
//!
//! The rules have been mended on agreements of all the sets, and read them better than others. So every agreement is read
//! once more and more than once with some of its words changed into such as no list knows: what is found then, and what is
//! overlooked, stands for papers that nobody looked at before. Some copies have blanks in the
//! place of values, as forms have.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use parseflow_extract::lab::{Judged, Weights, judged_of, pages_of};
use parseflow_extract::{Page, Word};
use parseflow_model::Field;
use serde_json::Value;

use crate::eval::read;
use crate::generate;
use crate::label::{Kind, Label};
use crate::ranker::with_unknown_words;
use crate::score::{is_key, is_same_any};
use crate::sets::{Case, Input};

/// Agreements of each kind that are made for it.
const EACH: u64 = 80;
/// Of every hundred words so many are unknown, once for each number: half of the time none, as rules grow with what is met.
const UNKNOWN: [u64; 6] = [0, 0, 0, 3, 6, 10];
/// The whole agreement is judged by what its facts are held for.
const WHOLE: &str = "whole";
/// How strongly weights are held to nothing.
const HOLD: f64 = 1.0;
const ROUNDS: usize = 3_000;

/// Clues and whether the value was right.
type Samples = BTreeMap<&'static str, Vec<(Vec<(&'static str, f64)>, bool)>>;

/// Makes agreements, fits and writes `agreements.json` below `models`.
pub(crate) fn run(models: &Path, out: &mut impl Write) -> std::io::Result<()> {
    let mut read: Vec<(Vec<Page>, Label)> = Vec::new();
    for (at, case) in generate::for_agreements(EACH).iter().enumerate() {
        let Input::Bytes(bytes) = &case.input else { continue };
        let Some(pages) = pages_of(bytes) else { continue };
        read.extend(with_blanks(&pages, case, at)?);
        for share in UNKNOWN {
            read.push((with_unknown_words(&pages, case, share), case.label.clone()));
        }
    }
    let mut table = Weights::new();
    let facts = samples(&read, &table);
    for (fact, own) in facts.iter().filter(|(fact, _)| **fact != WHOLE) {
        table.insert((*fact).to_owned(), fitted(fact, own, out)?);
    }
    let whole = samples(&read, &table);
    if let Some(own) = whole.get(WHOLE) {
        table.insert(WHOLE.to_owned(), fitted(WHOLE, own, out)?);
    }
    let ordered: BTreeMap<&String, BTreeMap<&String, &f64>> =
        table.iter().map(|(fact, own)| (fact, own.iter().collect())).collect();
    std::fs::write(models.join("agreements.json"), serde_json::to_string_pretty(&ordered)? + "\n")?;
    writeln!(out, "written {}", models.join("agreements.json").display())
}

/// The same pages with blanks where some of the values stand that are read rightly, and without their labels: any one, a party,
/// a party and the day.
fn with_blanks(pages: &[Page], case: &Case, at: usize) -> std::io::Result<Vec<(Vec<Page>, Label)>> {
    let Ok(found) = read(case)?.0 else { return Ok(Vec::new()) };
    let is_right = |field: &&Field| is_right(&case.label, &field.name, &field.value) == Some(true);
    let fields: Vec<&Field> = found.fields.iter().filter(is_right).collect();
    let any = fields.get(at % fields.len().max(1));
    let party = fields.iter().filter(|field| field.name == format!("parties[{}]", at % 2));
    let day = fields.iter().filter(|field| field.name == "effectiveDate");
    let sheets: [Vec<&Field>; 3] = [
        any.into_iter().copied().collect(),
        party.clone().copied().collect(),
        party.chain(day).copied().collect(),
    ];
    let blanked = |fields: &Vec<&Field>| {
        let mut sheet = (pages.to_vec(), case.label.clone());
        for field in fields {
            leave_open(&mut sheet, field);
        }
        sheet
    };
    Ok(sheets.iter().filter(|fields| !fields.is_empty()).map(blanked).collect())
}

/// Puts a blank in the place of a value wherever it stands, and takes its label away.
fn leave_open((pages, label): &mut (Vec<Page>, Label), field: &Field) {
    let path = field.name.split('[').next().unwrap_or_default();
    match label.values.get_mut(path) {
        Some((kind, Value::Array(list))) if path == "parties" => {
            list.retain(|wanted| !is_same_any(*kind, wanted, &field.value));
        }
        _ => label.set_absent(path),
    }
    let words: Vec<&str> = field.raw_text.split_whitespace().collect();
    for page in pages {
        for at in 0..page.words.len() {
            let own = page.words.get(at..at + words.len()).unwrap_or_default();
            let is_same = |(word, wanted): (&Word, &&str)| bare(&word.text) == bare(wanted);
            if !own.is_empty() && own.iter().zip(&words).all(is_same) {
                for word in &mut page.words[at..at + words.len()] {
                    "______".clone_into(&mut word.text);
                }
            }
        }
    }
}

/// A word without the marks around it.
fn bare(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// What is judged of all agreements, by fact.
fn samples(read: &[(Vec<Page>, Label)], model: &Weights) -> Samples {
    let mut samples = Samples::new();
    for (pages, label) in read {
        let judged = judged_of(pages, model);
        let all_right = label
            .values
            .iter()
            .filter(|(path, _)| is_key(path))
            .all(|(path, (kind, wanted))| is_same_any(*kind, wanted, value_at(&judged, path)));
        for own in judged {
            let right = match own.path.as_str() {
                "" => Some(all_right),
                path => is_right(label, path, &own.value),
            };
            if let Some(right) = right {
                samples.entry(own.fact).or_default().push((own.clues, right));
            }
        }
    }
    samples
}

fn value_at<'j>(judged: &'j [Judged], path: &str) -> &'j Value {
    judged.iter().find(|own| own.path == path).map_or(&Value::Null, |own| &own.value)
}

/// Whether a value is the one wanted, or one of those; nothing where it is not labelled.
fn is_right(label: &Label, path: &str, value: &Value) -> Option<bool> {
    let is_one = path.ends_with(']');
    let (kind, wanted) = label.values.get(path.split('[').next().unwrap_or(path))?;
    Some(match wanted {
        Value::Array(wanted) if is_one && *kind != Kind::OneOf => {
            wanted.iter().any(|wanted| is_same_any(*kind, wanted, value))
        }
        wanted => is_same_any(*kind, wanted, value),
    })
}

/// The weights of a fact's clues that make what was observed likeliest.
fn fitted(
    fact: &str,
    samples: &[(Vec<(&'static str, f64)>, bool)],
    out: &mut impl Write,
) -> std::io::Result<std::collections::HashMap<String, f64>> {
    let mut names: Vec<&'static str> = Vec::new();
    for (clue, _) in samples.iter().flat_map(|(clues, _)| clues) {
        if !names.contains(clue) {
            names.push(clue);
        }
    }
    let rows: Vec<(Vec<f64>, f64)> = samples
        .iter()
        .map(|(clues, right)| {
            let mut row = vec![0.0; names.len()];
            for (clue, measure) in clues {
                let at = names.iter().position(|name| name == clue).unwrap_or_default();
                row[at] = *measure;
            }
            (row, f64::from(u8::from(*right)))
        })
        .collect();
    let weights = ascended(&rows, names.len());
    let right = samples.iter().filter(|(_, right)| *right).count();
    let share = right as f64 / samples.len().max(1) as f64;
    writeln!(out, "{fact}: {} observations, right {share:.3}", samples.len())?;
    let rounded = weights.iter().map(|weight| (weight * 1e3).round() / 1e3 + 0.0);
    Ok(names.iter().map(|name| (*name).to_owned()).zip(rounded).collect())
}

fn ascended(rows: &[(Vec<f64>, f64)], count: usize) -> Vec<f64> {
    // Squares that fell lately say how far each weight may go at once.
    let (mut weights, mut squares) = (vec![0.0; count], vec![1e-6; count]);
    let all = rows.len().max(1) as f64;
    for round in 0..ROUNDS {
        let mut slope: Vec<f64> = weights.iter().map(|weight| HOLD * weight / all).collect();
        for (row, right) in rows {
            let sum: f64 = row.iter().zip(&weights).map(|(measure, weight)| measure * weight).sum();
            let error = 1.0 / (1.0 + (-sum).exp()) - right;
            for (slope, measure) in slope.iter_mut().zip(row) {
                *slope += error * measure / all;
            }
        }
        let step = 0.03 / (1.0 + round as f64 / 500.0);
        for ((weight, square), slope) in weights.iter_mut().zip(&mut squares).zip(&slope) {
            *square = 0.95 * *square + 0.05 * slope * slope;
            *weight -= step * slope / square.sqrt().max(1e-4);
        }
    }
    weights
}
