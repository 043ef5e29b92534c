//! `cargo xtask docs`: the documentation as a site, built by mdBook from `docs/`.
//!
//! mdBook is a program of its own, so that its hundred crates are not among ours. Where the version
//! below is not installed it is built once, without its server and its search, into `target/tools`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Failure, cargo, output, root, say};

const VERSION: &str = "0.5.4";

/// Builds the site into `target/book`.
pub(crate) fn run() -> Result<(), Failure> {
    let mdbook = mdbook()?;
    shell::run(Command::new(mdbook).arg("build").current_dir(root()))?;
    let index = root().join("target/book/index.html");
    if !index.exists() {
        return Err(Failure(format!("mdbook wrote no {}", index.display())));
    }
    say("the site is in target/book");
    Ok(())
}

/// The program, installed where it is missing.
fn mdbook() -> Result<PathBuf, Failure> {
    let tools = root().join("target/tools");
    let own = tools.join("bin/mdbook");
    for program in [Path::new("mdbook"), &own] {
        if is_wanted(&output(Command::new(program).arg("--version")).unwrap_or_default()) {
            return Ok(program.to_owned());
        }
    }
    say(&format!("building mdbook {VERSION}"));
    let install = ["install", "mdbook", "--version", VERSION, "--locked", "--no-default-features"];
    shell::run(cargo().args(install).args(["--debug", "--force", "--root"]).arg(&tools))?;
    Ok(own)
}

/// Whether this is what `mdbook --version` of the wanted version prints.
fn is_wanted(printed: &str) -> bool {
    printed.trim().trim_start_matches("mdbook").trim().trim_start_matches('v') == VERSION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_wanted_version_will_do() {
        assert!(is_wanted("mdbook v0.5.4\n"));
        assert!(!is_wanted("mdbook v0.4.40\n") && !is_wanted(""));
    }
}
