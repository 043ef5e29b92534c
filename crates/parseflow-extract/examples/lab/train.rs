//! Trains the models that the engine ships, from documents that it makes itself.

use std::io::Write;
use std::path::Path;

use parseflow_extract::lab::{KINDS, pages_of, type_features, type_phrases, type_prior};
use parseflow_model::DocumentType;
use serde_json::{Map, Value, json};

use crate::generate;
use crate::sets::Input;

/// Documents that are made for training.
const DOCUMENTS: u64 = 3_300;
const ROUNDS: usize = 250;
const STEP: f64 = 0.5;
/// How strongly the weights are held near those they start from.
const HOLD: f64 = 0.004;

/// Features that are not zero, and the kind.
type Sample = (Vec<(usize, f64)>, usize);

/// Trains and writes the models below `folder`.
pub(crate) fn run(folder: &Path, out: &mut impl Write) -> std::io::Result<()> {
    let samples = samples();
    writeln!(out, "{} documents made for training", samples.len())?;
    let (bias, weights) = softmax(&samples);
    let right = samples.iter().filter(|(features, kind)| best(&bias, &weights, features) == *kind);
    let share = right.count() as f64 / samples.len().max(1) as f64;
    writeln!(out, "document type: {share:.4} of them right after training")?;
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("types.json"), written(&bias, &weights))?;
    writeln!(out, "written {}", folder.join("types.json").display())
}

/// Prints what speaks for the likeliest types of single files, by the weights below `models`.
pub(crate) fn why(models: &Path, files: &[String], out: &mut impl Write) -> std::io::Result<()> {
    const SHOWN: usize = 10;
    let model: Value = serde_json::from_slice(&std::fs::read(models.join("types.json"))?)?;
    let phrases = type_phrases();
    for file in files.iter().filter(|file| !file.starts_with("--")) {
        let Some(pages) = pages_of(&std::fs::read(file)?) else { continue };
        let features = type_features(&pages);
        let row = |at: usize| match phrases.get(at) {
            Some(phrase) => &model["phrases"][*phrase],
            None => &model["looks"][at - phrases.len()],
        };
        let weight = |row: &Value, kind: usize| row[kind].as_f64().unwrap_or_default();
        let said: Vec<(usize, f64)> =
            features.into_iter().enumerate().filter(|(_, value)| *value != 0.0).collect();
        let sum = |kind: usize| {
            let own = said.iter().map(|(at, value)| value * weight(row(*at), kind));
            weight(&model["bias"], kind) + own.sum::<f64>()
        };
        let mut kinds: Vec<usize> = (0..KINDS).collect();
        kinds.sort_by(|a, b| sum(*b).total_cmp(&sum(*a)));
        writeln!(out, "{file}")?;
        for kind in kinds.into_iter().take(3) {
            writeln!(out, "  {} {:.2}", DocumentType::ALL[kind], sum(kind))?;
            let mut parts: Vec<(usize, f64, f64)> = said
                .iter()
                .map(|(at, value)| (*at, *value, value * weight(row(*at), kind)))
                .collect();
            parts.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
            for (at, value, part) in parts.into_iter().take(SHOWN) {
                let name = phrases.get(at).map_or_else(
                    || format!("look {}", at - phrases.len()),
                    |phrase| (*phrase).to_owned(),
                );
                writeln!(out, "    {part:+.2} {name} ({value:.2})")?;
            }
        }
    }
    Ok(())
}

fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    for case in generate::for_training(DOCUMENTS) {
        let Input::Bytes(bytes) = &case.input else { continue };
        let Some(pages) = pages_of(bytes) else { continue };
        let name = case.label.document_type.unwrap_or_default();
        let kind = DocumentType::ALL.iter().position(|kind| kind.as_str() == name);
        let features = type_features(&pages).into_iter().enumerate();
        let sparse = features.filter(|(_, value)| *value != 0.0).collect();
        samples.push((sparse, kind.unwrap_or(KINDS - 1)));
    }
    samples
}

/// Multinomial logistic regression by gradient descent over all samples, in a fixed number of rounds.
fn softmax(samples: &[Sample]) -> ([f64; KINDS], Vec<[f64; KINDS]>) {
    let prior = type_prior();
    let mut weights = prior.clone();
    let mut bias = [0.0; KINDS];
    let count = samples.len().max(1) as f64;
    for _ in 0..ROUNDS {
        let mut slope = vec![[0.0; KINDS]; weights.len()];
        let mut bias_slope = [0.0; KINDS];
        for (features, kind) in samples {
            let shares = probabilities(&bias, &weights, features);
            for other in 0..KINDS {
                let error = shares[other] - f64::from(u8::from(other == *kind));
                bias_slope[other] += error;
                for (at, value) in features {
                    slope[*at][other] += error * value;
                }
            }
        }
        for other in 0..KINDS {
            bias[other] -= STEP * bias_slope[other] / count;
            for (at, row) in weights.iter_mut().enumerate() {
                let hold = HOLD * (row[other] - prior[at][other]);
                row[other] -= STEP * (slope[at][other] / count + hold);
            }
        }
    }
    (bias, weights)
}

fn probabilities(
    bias: &[f64; KINDS],
    weights: &[[f64; KINDS]],
    features: &[(usize, f64)],
) -> [f64; KINDS] {
    let mut scores = *bias;
    for (at, value) in features {
        for (score, weight) in scores.iter_mut().zip(&weights[*at]) {
            *score += value * weight;
        }
    }
    let top = scores.iter().copied().fold(f64::MIN, f64::max);
    let mut shares = scores.map(|score| (score - top).exp());
    let total: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= total);
    shares
}

fn best(bias: &[f64; KINDS], weights: &[[f64; KINDS]], features: &[(usize, f64)]) -> usize {
    let shares = probabilities(bias, weights, features);
    (0..KINDS).max_by(|&a, &b| shares[a].total_cmp(&shares[b])).unwrap_or(0)
}

/// The model as JSON, three decimals, a phrase a line.
fn written(bias: &[f64; KINDS], weights: &[[f64; KINDS]]) -> String {
    let rounded = |row: &[f64; KINDS]| -> Value {
        row.iter().map(|value| (value * 1_000.0).round() / 1_000.0 + 0.0).collect()
    };
    let phrases = type_phrases();
    let map: Map<String, Value> = phrases
        .iter()
        .zip(weights)
        .map(|(phrase, row)| ((*phrase).to_owned(), rounded(row)))
        .collect();
    let looks: Vec<Value> = weights[phrases.len()..].iter().map(rounded).collect();
    let model = json!({"bias": rounded(bias), "looks": looks, "phrases": map});
    let text = serde_json::to_string(&model).unwrap_or_default();
    text.replace("],\"", "],\n\"") + "\n"
}
