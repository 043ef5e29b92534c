//! Fits how often values are right to how sure the engine says it is (Platt scaling, group by group).

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use parseflow_extract::lab::{calibration_group, shipped_calibration};
use serde_json::{Value, json};

use crate::eval;
use crate::generate;
use crate::sets;

/// Made documents that are read beside the real ones: fewer, because they are easier.
const MADE: u64 = 220;
/// Groups that are fitted by [`crate::agreements`].
const AGREEMENTS: [&str; 5] = ["parties", "law", "term", "effective", "document.contract"];
const ROUNDS: usize = 4_000;
const STEP: f64 = 0.02;
/// How strongly the two numbers are held to 1 and 0: as much as so many observations.
const HOLD: f64 = 2.0;

/// Reads the labelled documents below `data` and writes `calibration.json` below `models`. With `only`
/// the numbers of the other groups stay as they are.
pub(crate) fn run(
    data: &Path,
    models: &Path,
    reads: Option<&Path>,
    only: &[&str],
    out: &mut impl Write,
) -> std::io::Result<()> {
    let mut observed: BTreeMap<String, Vec<(f64, bool)>> = BTreeMap::new();
    let mut sets = sets::load(data);
    sets.retain(|set| set.name != "zugferd-xml");
    sets.push(sets::Set { name: "made", cases: generate::for_fitting(MADE) });
    for set in &mut sets {
        if let Some(folder) = reads {
            sets::read_pictures(set, folder)?;
        }
        let score = eval::score_of(set, false, out)?;
        for (path, confidence, right) in score.given() {
            let group = calibration_group(path).to_owned();
            observed.entry(group).or_default().push((confidence, right));
        }
        for (kind, confidence, right) in score.documents() {
            observed.entry(format!("document.{kind}")).or_default().push((confidence, right));
        }
    }
    let before = shipped_calibration();
    let mut table = BTreeMap::new();
    if !only.is_empty() {
        table.extend(before.iter().map(|(group, numbers)| (group.clone(), json!(numbers))));
    }
    // Agreements have a model of their own.
    let others = |group: &str| !AGREEMENTS.contains(&group);
    for (group, values) in observed.iter().filter(|(group, _)| others(group)) {
        if !only.is_empty() && !only.contains(&group.as_str()) {
            continue;
        }
        // What is observed has gone through the shipped numbers: they are taken out again.
        let [stretch, shift] = before.get(group).copied().unwrap_or([1.0, 0.0]);
        let raw: Vec<(f64, bool)> = values
            .iter()
            .map(|(confidence, right)| ((logit(*confidence) - shift) / stretch, *right))
            .collect();
        let rounded: Value =
            fit(&raw).iter().map(|value| (value * 1_000.0).round() / 1_000.0 + 0.0).collect();
        writeln!(out, "{group}: {} values, {rounded}", values.len())?;
        table.insert(group.clone(), rounded);
    }
    let text = serde_json::to_string_pretty(&json!(table))?;
    std::fs::write(models.join("calibration.json"), text + "\n")
}

fn logit(confidence: f64) -> f64 {
    let clamped = confidence.clamp(0.003, 0.997);
    (clamped / (1.0 - clamped)).ln()
}

/// Stretch and shift of the logit, with which the values come, that make the observations likeliest.
fn fit(values: &[(f64, bool)]) -> [f64; 2] {
    let (mut stretch, mut shift) = (1.0f64, 0.0f64);
    let count = values.len() as f64;
    for _ in 0..ROUNDS {
        let (mut a, mut b) = (HOLD * (stretch - 1.0), 0.3 * HOLD * shift);
        for (logit, right) in values {
            let error =
                1.0 / (1.0 + (-(stretch * logit + shift)).exp()) - f64::from(u8::from(*right));
            a += error * logit;
            b += error;
        }
        stretch = (stretch - STEP * a / (count + HOLD)).max(0.2);
        shift -= STEP * 10.0 * b / (count + HOLD);
    }
    [stretch, shift]
}
