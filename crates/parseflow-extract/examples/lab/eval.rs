//! Reads every document of every set and prints the figures.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use parseflow_extract::{ExtractError, ExtractOptions, STACK_BYTES, extract, extract_words};
use parseflow_model::Extraction;

use crate::generate;
use crate::printed::keep_printed;
use crate::score::Score;
use crate::sets::{self, Case, Input, Set};

/// What to measure.
pub(crate) struct Options {
    pub(crate) data: Option<PathBuf>,
    pub(crate) only: Option<String>,
    /// Where to keep what is read in pictures.
    pub(crate) reads: Option<PathBuf>,
    pub(crate) shows_errors: bool,
}

/// What was measured before this engine on sets of the same kind.
const BASELINES: &[(&str, &str, f64)] = &[
    ("zugferd-printed", "regular expressions on text", 0.560),
    ("zugferd-printed", "prototype of one hour", 0.816),
];

/// Measures all sets.
pub(crate) fn run(options: &Options, out: &mut impl Write) -> std::io::Result<()> {
    let mut sets = options.data.as_deref().map(sets::load).unwrap_or_default();
    sets.extend(generate::held_out());
    if let (Some(data), Some(only)) = (&options.data, &options.only) {
        sets.extend(sets::scans(data, only));
    }
    let wanted = |set: &&mut Set| options.only.as_ref().is_none_or(|only| set.name.contains(only));
    let mut micros = Vec::new();
    for set in sets.iter_mut().filter(|set| wanted(set)) {
        if let Some(folder) = &options.reads {
            sets::read_pictures(set, folder)?;
        }
        let score = score_of(set, options.shows_errors, out)?;
        score.report(set.name, out)?;
        micros.push((set.name, score));
    }
    compare(&micros, out)
}

/// Reads every document of a set and counts.
pub(crate) fn score_of(
    set: &Set,
    shows_errors: bool,
    out: &mut impl Write,
) -> std::io::Result<Score> {
    let mut score = Score::default();
    for case in &set.cases {
        let (result, seconds) = read(case)?;
        match result {
            Ok(found) => {
                let mut label = case.label.clone();
                if let Some(text) = &found.text {
                    score.not_printed += keep_printed(&mut label, text);
                }
                for line in score.count(&label, &found, seconds) {
                    if shows_errors {
                        writeln!(out, "{}: {line}", case.name)?;
                    }
                }
            }
            Err(error) => {
                if shows_errors {
                    writeln!(out, "{}: {error}", case.name)?;
                }
                score.failed(error.code(), &case.label, seconds);
            }
        }
    }
    Ok(score)
}

fn compare(scores: &[(&str, Score)], out: &mut impl Write) -> std::io::Result<()> {
    let known = |name: &str| BASELINES.iter().any(|(set, ..)| *set == name);
    if !scores.iter().any(|(name, _)| known(name)) {
        return Ok(());
    }
    writeln!(out, "\n== against what was measured before (nine header fields together)")?;
    writeln!(out, "| set | method | right |\n|---|---|---|")?;
    for (name, score) in scores.iter().filter(|(name, _)| known(name)) {
        for (_, method, right) in BASELINES.iter().filter(|(set, ..)| set == name) {
            writeln!(out, "| {name} | {method} | {right:.3} |")?;
        }
        if let Some(micro) = score.micro() {
            writeln!(out, "| {name} | this engine | {micro:.3} |")?;
        }
        let of = |path: &str| score.accuracy(path).unwrap_or_default();
        writeln!(
            out,
            "| {name} | this engine, number and gross total | {:.3} and {:.3} |",
            of("invoiceNumber"),
            of("total")
        )?;
    }
    Ok(())
}

/// Reads one document on a thread with enough stack; the result and the seconds it took.
pub(crate) fn read(case: &Case) -> std::io::Result<(Result<Extraction, ExtractError>, f64)> {
    let mut options = ExtractOptions { document_type: case.requested, ..ExtractOptions::default() };
    options.wishes.text = case.wants_text;
    let bytes = match &case.input {
        Input::File { path, printed_only } => {
            options.printed_only = *printed_only;
            std::fs::read(path)?
        }
        Input::Bytes(bytes) => bytes.clone(),
        Input::Drawn(drawn) => drawn.jpeg().map_err(std::io::Error::other)?,
        Input::Scanned(drawn) => drawn.scan().map_err(std::io::Error::other)?,
        Input::Words(pages) => {
            #[expect(clippy::disallowed_methods, reason = "a measuring program measures time")]
            let begin = Instant::now();
            let result = extract_words(pages, "image/jpeg", &options);
            return Ok((result, begin.elapsed().as_secs_f64()));
        }
    };
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES);
    let handle = worker.spawn(move || {
        #[expect(clippy::disallowed_methods, reason = "a measuring program measures time")]
        let begin = Instant::now();
        let result = extract(&bytes, &options);
        (result, begin.elapsed().as_secs_f64())
    })?;
    handle.join().map_err(|_| std::io::Error::other("the engine's thread died"))
}

/// Prints what the engine reads in single files.
pub(crate) fn dump(arguments: &[String], out: &mut impl Write) -> std::io::Result<()> {
    let printed_only = arguments.iter().any(|argument| argument == "--printed");
    let text = arguments.iter().any(|argument| argument == "--text");
    for path in arguments.iter().filter(|argument| !argument.starts_with("--")) {
        let case = Case {
            name: path.clone(),
            input: Input::File { path: PathBuf::from(path), printed_only },
            requested: parseflow_model::RequestedType::Auto,
            wants_text: text,
            label: crate::label::Label::default(),
        };
        match read(&case)?.0 {
            Ok(found) => {
                if let Some(text) = found.text.filter(|_| text) {
                    writeln!(out, "{text}")?;
                    continue;
                }
                writeln!(out, "{path} {:.2} {:?}", found.confidence, found.warnings)?;
                writeln!(out, "{}", serde_json::to_string_pretty(&found.data)?)?;
                for field in &found.fields {
                    let (name, raw) = (&field.name, &field.raw_text);
                    writeln!(out, "  {:.2} {name} from {raw:?}", field.confidence)?;
                }
            }
            Err(error) => writeln!(out, "{path}: {} ({error})", error.code())?,
        }
    }
    Ok(())
}
