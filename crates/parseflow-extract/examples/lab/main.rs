//! Measures and trains the engine: run as `cargo xtask eval` and `cargo xtask train`.
//!
//! ```text
//! lab eval [--data FOLDER] [--set NAME] [--errors]   figures for each set of documents
//! lab dump FILE…                                     what the engine reads in single files
//! ```
//!
//! With `--data` the sets of real documents found in that folder are measured.

mod eval;
mod label;
mod score;
mod sets;

use std::io::Write;
use std::path::PathBuf;

const USAGE: &str = "usage: lab eval [--data FOLDER] [--set NAME] [--errors] | dump FILE…";

fn main() -> std::io::Result<()> {
    std::panic::set_hook(Box::new(|_| {}));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let out = &mut std::io::stdout().lock();
    match arguments.first().map(String::as_str) {
        Some("eval") => {
            let options = eval::Options {
                data: value("--data").map(PathBuf::from),
                only: value("--set"),
                shows_errors: arguments.iter().any(|argument| argument == "--errors"),
            };
            eval::run(&options, out)
        }
        Some("dump") => eval::dump(&arguments[1..], out),
        _ => writeln!(out, "{USAGE}"),
    }
}
