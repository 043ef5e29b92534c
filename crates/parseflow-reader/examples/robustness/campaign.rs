//! Files through the confined workers, and what became of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use parseflow_extract::ExtractOptions;
use parseflow_reader::{DocumentReader, ProcessPool};

use super::mutations::{Dice, Mutation};

/// The codes that reading may fail with.
pub(crate) const CODES: [&str; 7] = [
    "corrupt_file",
    "encrypted",
    "empty_document",
    "unsupported_format",
    "too_large",
    "engine_crashed",
    "timeout",
];

/// A good file of the repository.
pub(crate) struct Sample {
    /// Its name.
    pub(crate) name: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

impl Sample {
    /// Whether it is a picture, which costs seconds to read.
    pub(crate) fn is_picture(&self) -> bool {
        self.name.ends_with(".jpg")
    }

    /// Whether its end can be missed: plain text and messages may end anywhere.
    pub(crate) fn has_an_end(&self) -> bool {
        !self.name.ends_with(".txt") && !self.name.ends_with(".eml")
    }
}

/// The samples that can be read: all but the two that are bad on purpose.
pub(crate) fn samples(folder: &Path) -> std::io::Result<Vec<Sample>> {
    const BAD: [&str; 2] = ["corrupt.pdf", "encrypted.pdf"];
    const KINDS: [&str; 5] = ["pdf", "jpg", "xml", "eml", "txt"];
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_kind = path.extension().is_some_and(|end| KINDS.iter().any(|kind| end == *kind));
        let is_bad = path.file_name().is_some_and(|name| BAD.iter().any(|bad| name == *bad));
        if is_kind && !is_bad {
            paths.push(path);
        }
    }
    paths.sort();
    let sample = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Sample { name, bytes: std::fs::read(path)? })
    };
    paths.into_iter().map(sample).collect()
}

/// What became of the files of one kind.
#[derive(Default)]
pub(crate) struct Tally {
    /// Files that were read.
    pub(crate) files: usize,
    /// Results without any reservation.
    pub(crate) read: usize,
    /// Results that a person should look at, or with a warning.
    pub(crate) doubted: usize,
    /// Failures by code.
    pub(crate) failed: BTreeMap<String, usize>,
    /// Files whose cut end was told: a failure, or a result that is doubted; and all that were cut and have an end.
    pub(crate) flagged: (usize, usize),
    /// The longest that one took.
    pub(crate) longest: Duration,
    /// Names of files that crashed the engine, timed out or failed without a known code.
    pub(crate) bad: Vec<String>,
}

impl Tally {
    /// Reads one file and counts what becomes of it; whether it was flagged.
    pub(crate) async fn read(&mut self, pool: &ProcessPool, name: &str, bytes: Vec<u8>) -> bool {
        #[expect(clippy::disallowed_methods, reason = "a measuring program measures time")]
        let begin = Instant::now();
        let outcome = pool.read(bytes, ExtractOptions::default()).await;
        self.longest = self.longest.max(begin.elapsed());
        self.files += 1;
        match outcome {
            Ok(found) if found.needs_review || !found.warnings.is_empty() => {
                self.doubted += 1;
                true
            }
            Ok(_) => {
                self.read += 1;
                false
            }
            Err(failure) => {
                let code = failure.code.as_str();
                let is_ours = matches!(code, "engine_crashed" | "timeout");
                if is_ours || !CODES.contains(&code) {
                    self.bad.push(format!("{name}: {code}"));
                }
                *self.failed.entry(failure.code).or_default() += 1;
                true
            }
        }
    }
}

/// A file that was made bad.
pub(crate) struct BadFile<'a> {
    sample: &'a Sample,
    mutation: Mutation,
    name: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

/// Bad file number `number`: the same for the same seed, however many are read. `exploding` is how large a stream
/// becomes that explodes, in bytes.
pub(crate) fn bad_file(
    samples: &[Sample],
    number: usize,
    seed: u64,
    exploding: usize,
) -> Option<BadFile<'_>> {
    let (slow, quick): (Vec<&Sample>, Vec<&Sample>) =
        samples.iter().partition(|sample| sample.is_picture());
    let mut dice = Dice::with_seed(seed.wrapping_add(number as u64));
    // One in twenty-five is a picture.
    let from = if dice.below(25) == 0 && !slow.is_empty() { &slow } else { &quick };
    let sample = *from.get(dice.below(from.len()))?;
    let mutation = Mutation::ALL[number % Mutation::ALL.len()];
    let bytes = mutation.of(&sample.bytes, &mut dice, exploding);
    let name = format!("number {number}, {} {}", sample.name, mutation.as_str());
    Some(BadFile { sample, mutation, name, bytes })
}

/// Reads bad files made of the samples, from number `first` in steps of `step`, and counts by mutation.
pub(crate) async fn mutated(
    pool: &ProcessPool,
    samples: &[Sample],
    (first, step, end): (usize, usize, usize),
    seed: u64,
    exploding: usize,
) -> Vec<Tally> {
    let mut tallies: Vec<Tally> = Mutation::ALL.iter().map(|_| Tally::default()).collect();
    for number in (first..end).step_by(step) {
        let Some(bad) = bad_file(samples, number, seed, exploding) else { continue };
        let BadFile { sample, mutation, name, bytes } = bad;
        let tally = &mut tallies[number % Mutation::ALL.len()];
        let is_flagged = tally.read(pool, &name, bytes).await;
        if mutation == Mutation::Cut && sample.has_an_end() {
            tally.flagged.0 += usize::from(is_flagged);
            tally.flagged.1 += 1;
        }
    }
    tallies
}
