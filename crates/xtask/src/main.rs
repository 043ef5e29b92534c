//! The project's own commands, run as `cargo xtask NAME`.

mod bench;
mod ci;
mod crash;
mod dashboard;
mod docs;
mod lab;
mod openapi;
mod prepare;
mod schemathesis;
mod shell;
mod test;
mod tidy;

use std::process::ExitCode;

use shell::{Failure, say};

const USAGE: &str = "\
cargo xtask test [ARGUMENTS]   install what the tests need, then run every test;
                               arguments go to the test runner, for example: -p parseflow-model
cargo xtask ci                 everything that must hold before a change is merged
cargo xtask tidy               the project's own rules on its sources and documents
cargo xtask docs               build the documentation site into target/book
cargo xtask openapi [--check]  write openapi/parseflow.json from the code, or compare the two
cargo xtask eval [--data FOLDER] [--set NAME] [--errors]
                               how well the extraction engine reads, on documents it makes and, with
                               --data, on sets of real ones
cargo xtask robustness [--data FOLDER] [--files N] [--seed N]
                               what becomes of odd, broken and hostile files: those of FOLDER/robustness
                               and N, 2,000 by default, that are made from the samples; --only N reads
                               bad file number N alone, --keep FILE writes it down
cargo xtask crash [ARGUMENTS]  kill the service under load again and again; arguments such as --kills 200,
                               --power-loss, --database-url URL
cargo xtask train              trains the engine's models anew from documents that it makes
cargo xtask dashboard [--check] build dashboard/dist from its sources, or check that it is what they build
cargo xtask schemathesis [N]   hold the running service against /openapi.json with N generated requests
                               for each operation, 20 by default
cargo xtask bench [--quick]    figures of a release build on this machine; --quick only shows that
                               the measurement works
cargo xtask bench --scale [--only SITUATION] [--history ROWS] [--retries N] [--database-url URL]
                               the situations that matter at scale, on the embedded database and on
                               PostgreSQL: the one that is named, or one that is started for it";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["test", rest @ ..] => test::run(rest),
        ["train", rest @ ..] => lab::run("train", rest),
        ["eval", rest @ ..] => lab::run("eval", rest),
        ["robustness", rest @ ..] => lab::robustness(rest),
        ["crash", rest @ ..] => crash::run(rest),
        ["schemathesis"] => schemathesis::run("20"),
        ["schemathesis", examples] => schemathesis::run(examples),
        ["bench", rest @ ..] => bench::run(rest),
        ["dashboard"] => dashboard::build(),
        ["dashboard", "--check"] => dashboard::check(),
        ["ci"] => ci::run(),
        ["tidy"] => tidy::run(),
        ["docs"] => docs::run(),
        ["openapi"] => openapi::write(),
        ["openapi", "--check"] => openapi::check(),
        [] | ["help" | "--help" | "-h"] => {
            say(USAGE);
            Ok(())
        }
        _ => Err(Failure(format!("unknown command: {}\n\n{USAGE}", words.join(" ")))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(text)) => {
            shell::complain(&text);
            ExitCode::FAILURE
        }
    }
}
