//! Measures and trains the engine: run as `cargo xtask eval` and `cargo xtask train`.
//!
//! ```text
//! lab eval [--data FOLDER] [--set NAME] [--errors]   figures for each set of documents
//!          [--reads FOLDER]                          what was read in pictures is kept there, and used again; `train` too
//!          [--weights FILE]                          by other weights of the ranker than those shipped
//! lab train [--models FOLDER]                        trains the classifier and the ranker that the engine ships
//! lab train --ranker [--models FOLDER]               the ranker alone
//!          [--data FOLDER]                           and says what real documents make of it
//! lab train --agreements [--models FOLDER]           fits how far to trust what is read of agreements
//! lab train --data FOLDER [--models FOLDER]          fits its confidence on labelled documents
//!          [--groups NAME,NAME]                      only that of these groups of fields
//! lab dump FILE…                                     what the engine reads in single files
//! lab why FILE…                                      what speaks for the types of single files
//! lab generate FOLDER [--seed N] [--count N]         documents with their labels, as files
//! lab generate FOLDER --set NAME                     the documents of a held-out set, as files
//! lab generate FOLDER --set zugferd-scans --data FOLDER   real documents as scans, as files
//! ```
//!
//! `eval` always measures documents that it makes itself ([`generate`]) from seeds that neither
//! training nor tuning uses. With `--data` it also measures the sets of real documents found in that
//! folder; where their labels come from stands in `docs/extraction-quality.md`.

mod agreements;
mod calibration;
mod eval;
mod generate;
mod label;
mod printed;
mod ranker;
mod reads;
mod score;
mod sets;
mod train;

use std::io::Write;
use std::path::PathBuf;

const USAGE: &str = "usage: lab eval [--data FOLDER] [--set NAME] [--errors] [--reads FOLDER] | train [--ranker] [--models FOLDER] | dump FILE… | \
                     generate FOLDER [--seed N] [--count N] [--set NAME]";

fn main() -> std::io::Result<()> {
    std::panic::set_hook(Box::new(|_| {}));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let number = |name: &str, default: u64| {
        value(name).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let out = &mut std::io::stdout().lock();
    if let Some(file) = value("--weights") {
        parseflow_extract::lab::use_ranker(&ranker::read(&PathBuf::from(file))?);
    }
    match arguments.first().map(String::as_str) {
        Some("eval") => {
            let options = eval::Options {
                data: value("--data").map(PathBuf::from),
                only: value("--set"),
                reads: value("--reads").map(PathBuf::from),
                shows_errors: arguments.iter().any(|argument| argument == "--errors"),
            };
            eval::run(&options, out)
        }
        Some("train") => {
            let folder = value("--models").unwrap_or("crates/parseflow-extract/models".to_owned());
            let folder = PathBuf::from(folder);
            let data = value("--data").map(PathBuf::from);
            if arguments.iter().any(|argument| argument == "--agreements") {
                return agreements::run(&folder, out);
            }
            if arguments.iter().any(|argument| argument == "--ranker") {
                return ranker::run(&folder, data.as_deref(), out);
            }
            match data {
                Some(data) => {
                    let reads = value("--reads").map(PathBuf::from);
                    let groups = value("--groups").unwrap_or_default();
                    let only: Vec<&str> =
                        groups.split(',').filter(|name| !name.is_empty()).collect();
                    calibration::run(&data, &folder, reads.as_deref(), &only, out)
                }
                None => {
                    train::run(&folder, out)?;
                    ranker::run(&folder, None, out)
                }
            }
        }
        Some("why") => {
            let folder = value("--models").unwrap_or("crates/parseflow-extract/models".to_owned());
            train::why(&PathBuf::from(folder), &arguments[1..], out)
        }
        Some("dump") => eval::dump(&arguments[1..], out),
        Some("generate") => {
            let folder = PathBuf::from(arguments.get(1).map_or("generated", String::as_str));
            match value("--set") {
                Some(set) => {
                    let data = value("--data").map(PathBuf::from);
                    let scans = data.and_then(|data| sets::scans(&data, &set));
                    let mut all = generate::held_out();
                    all.extend(scans);
                    let wanted = all.into_iter().filter(|one| one.name == set);
                    generate::write_cases(&folder, wanted.flat_map(|set| set.cases))
                }
                None => generate::write(&folder, number("--seed", 1), number("--count", 100)),
            }
        }
        _ => writeln!(out, "{USAGE}"),
    }
}
