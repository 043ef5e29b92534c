//! `cargo xtask openapi`: the API's description in git is the one that the code generates.

use std::path::PathBuf;

use serde_json::Value;

use crate::shell::{self, Failure, cargo, output, root, say};

/// Writes openapi/parseflow.json from the code.
pub(crate) fn write() -> Result<(), Failure> {
    shell::write(&snapshot_path(), &generated()?)?;
    say("openapi/parseflow.json written");
    Ok(())
}

/// Fails when openapi/parseflow.json is not what the code generates.
pub(crate) fn check() -> Result<(), Failure> {
    let generated = generated()?;
    let snapshot = shell::read(&snapshot_path())?;
    match first_difference(&snapshot, &generated) {
        None => Ok(()),
        Some((line, ours, theirs)) => Err(Failure(format!(
            "openapi/parseflow.json is not what the code generates (first at line {line}):\n\
             - {ours}\n+ {theirs}\nrun `cargo xtask openapi` and look at the difference"
        ))),
    }
}

fn snapshot_path() -> PathBuf {
    root().join("openapi/parseflow.json")
}

fn generated() -> Result<String, Failure> {
    let text = output(cargo().args(["run", "--quiet", "-p", "parseflow", "--", "openapi"]))?;
    let value: Value = serde_json::from_str(&text)
        .map_err(|error| Failure(format!("`parseflow openapi` printed no JSON: {error}")))?;
    let pretty = serde_json::to_string_pretty(&value)
        .map_err(|error| Failure(format!("cannot print the description: {error}")))?;
    Ok(pretty + "\n")
}

/// The number and both texts of the first line that differs; a missing line is empty.
fn first_difference<'a>(left: &'a str, right: &'a str) -> Option<(usize, &'a str, &'a str)> {
    if left == right {
        return None;
    }
    let (mut left, mut right) = (left.split('\n'), right.split('\n'));
    (1..).find_map(|number| match (left.next(), right.next()) {
        (a, b) if a == b => None,
        (a, b) => Some((number, a.unwrap_or_default(), b.unwrap_or_default())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_differing_line_is_shown() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some((2, "b", "c")));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some((2, "", "b")));
        assert_eq!(first_difference("a", "a\n"), Some((2, "", "")));
    }
}
