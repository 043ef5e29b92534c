//! Running other programs, and talking to the person in front of the terminal.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a command stopped, for the person who ran it.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

/// One line on standard output.
#[expect(clippy::print_stdout, reason = "a command talks to its terminal")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// One line on standard error.
#[expect(clippy::print_stderr, reason = "a command talks to its terminal")]
pub(crate) fn complain(text: &str) {
    eprintln!("{text}");
}

/// The root of the checkout: the folder of the workspace's manifest. Cargo tells it to what it runs; two
/// checkouts that share their target folder may run the same program.
pub(crate) fn root() -> PathBuf {
    let told = std::env::var_os("CARGO_MANIFEST_DIR");
    let mut path = told.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    path.pop();
    path.pop();
    path
}

/// Cargo itself, the one that runs us.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    // Set for `cargo run`; inherited by nested builds they would describe the wrong package.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") {
            command.env_remove(name);
        }
    }
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH");
    command.current_dir(root());
    command
}

/// Runs to the end with the terminal's own streams; anything but success is a failure.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let text = describe(command);
    let status = command.status().map_err(|error| Failure(format!("{text}: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure(format!("{text}: {status}"))) }
}

/// Runs to the end and returns standard output as text; anything but success is a failure.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let text = describe(command);
    let output = command.output().map_err(|error| Failure(format!("{text}: {error}")))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failure(format!("{text}: {}\n{stderr}", output.status)));
    }
    String::from_utf8(output.stdout).map_err(|_| Failure(format!("{text}: not UTF-8")))
}

/// Whether the command starts and succeeds; it says nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn describe(command: &Command) -> String {
    let words: Vec<OsString> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(ToOwned::to_owned)
        .collect();
    words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// The file's text.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure(format!("{}: {error}", path.display())))
}

/// Replaces the file's text.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let written = match path.parent() {
        Some(folder) => std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text)),
        None => std::fs::write(path, text),
    };
    written.map_err(|error| Failure(format!("{}: {error}", path.display())))
}
