//! Every error code that the service can answer is explained in docs/errors.md.
//!
//! The codes are the texts inside functions named `code`: STYLE's one place for them.

use std::collections::BTreeMap;

use super::{Finding, Source};

const EXPLAINED_IN: &str = "docs/errors.md";

/// Codes without an entry, and entries without a code.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let codes = all_codes(sources);
    let entries = sources
        .iter()
        .find(|source| source.path == EXPLAINED_IN)
        .map(|source| entries(&source.text))
        .unwrap_or_default();
    let mut findings = Vec::new();
    for (code, (path, line)) in &codes {
        if !entries.contains_key(code.as_str()) {
            let what = format!("the code `{code}` has no heading in {EXPLAINED_IN}");
            findings.push(Finding::new(path, *line, what));
        }
    }
    for (entry, line) in entries {
        if !codes.contains_key(entry) {
            let what = format!("`{entry}` is no code of any error");
            findings.push(Finding::new(EXPLAINED_IN, line, what));
        }
    }
    findings
}

/// Each code with the first place that names it.
fn all_codes(sources: &[Source]) -> BTreeMap<String, (&str, usize)> {
    let mut codes = BTreeMap::new();
    for source in sources {
        let product = source.path.starts_with("crates/") && source.path.contains("/src/");
        if !product || !source.path.ends_with(".rs") || source.path.starts_with("crates/xtask/") {
            continue;
        }
        for (code, line) in codes_of(&source.text) {
            codes.entry(code).or_insert((source.path.as_str(), line));
        }
    }
    codes
}

/// The snake-case texts inside every `fn code(` of the file, with their lines.
fn codes_of(text: &str) -> Vec<(String, usize)> {
    let mut codes = Vec::new();
    let mut depth: Option<usize> = None;
    for (index, line) in text.lines().enumerate() {
        if line.trim() == "#[cfg(test)]" {
            break;
        }
        if depth.is_none() && !line.contains(" fn code(") {
            continue;
        }
        let mut level = depth.unwrap_or(0);
        for (position, part) in line.split('"').enumerate() {
            if position % 2 == 1 {
                if is_code(part) {
                    codes.push((part.to_owned(), index + 1));
                }
                continue;
            }
            level += part.matches('{').count();
            level = level.saturating_sub(part.matches('}').count());
        }
        // A signature that goes on over several lines has not opened its body yet.
        let open = level > 0 || (depth.is_none() && !line.contains(['{', ';', '}']));
        depth = open.then_some(level);
    }
    codes
}

fn is_code(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Headings that are a code in backticks, with their lines.
fn entries(text: &str) -> BTreeMap<&str, usize> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| line.starts_with('#'))
        .filter_map(|(index, line)| {
            let title = line.trim_start_matches('#').trim();
            let code = title.strip_prefix('`')?.split('`').next()?;
            Some((code, index + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{shown, source};
    use super::*;

    const ERROR: &str = "impl E {\n    pub fn code(&self) -> &'static str {\n        \
        match self {\n            E::A { .. } => \"file_too_large\",\n            \
        E::B => \"corrupt_file\",\n        }\n    }\n    fn other() -> &'static str { \"none\" }\n}\n";

    #[test]
    fn codes_are_read_from_functions_named_code_only() {
        let codes = codes_of(ERROR);
        assert_eq!(codes, [("file_too_large".to_owned(), 4), ("corrupt_file".to_owned(), 5)]);
    }

    #[test]
    fn codes_and_their_explanations_must_agree() {
        let code = source("crates/a/src/e.rs", ERROR);
        let docs = source("docs/errors.md", "# Errors\n\n## `corrupt_file`\n\n## `gone`\n");
        assert_eq!(
            shown(&check(&[code, docs])),
            [
                "4: the code `file_too_large` has no heading in docs/errors.md",
                "5: `gone` is no code of any error"
            ]
        );
    }
}
