//! Every error code that the service can answer has its page, docs/errors/CODE.md, in the list of
//! docs/errors/README.md.
//!
//! The codes are the texts inside functions named `code`: STYLE's one place for them.

use std::collections::BTreeMap;

use super::{Finding, Source};

const PAGES: &str = "docs/errors/";
const LIST: &str = "docs/errors/README.md";

/// Codes without a page, pages without a code, and pages that the list leaves out.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let codes = all_codes(sources);
    let pages: BTreeMap<&str, &Source> =
        sources.iter().filter_map(|source| Some((page_of(&source.path)?, source))).collect();
    let list = sources.iter().find(|source| source.path == LIST);
    let mut findings = Vec::new();
    for (code, (path, line)) in &codes {
        if !pages.contains_key(code.as_str()) {
            let what = format!("the code `{code}` has no page {PAGES}{code}.md");
            findings.push(Finding::new(path, *line, what));
        }
    }
    for (code, page) in pages {
        if !codes.contains_key(code) {
            findings.push(Finding::new(&page.path, 1, format!("`{code}` is no code of any error")));
        }
        if !page.text.starts_with(&format!("# `{code}`\n\n")) {
            findings.push(Finding::new(&page.path, 1, format!("must begin with # `{code}`")));
        }
        if !list.is_some_and(|list| list.text.contains(&format!("]({code}.md)"))) {
            findings.push(Finding::new(LIST, 1, format!("does not list `{code}`")));
        }
    }
    findings
}

/// The code that a path is the page of.
fn page_of(path: &str) -> Option<&str> {
    path.strip_prefix(PAGES)?.strip_suffix(".md").filter(|code| is_code(code))
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
    fn codes_and_their_pages_must_agree() {
        let code = source("crates/a/src/e.rs", ERROR);
        let list = source(LIST, "- [`corrupt_file`](corrupt_file.md)\n");
        let page = source("docs/errors/corrupt_file.md", "# `corrupt_file`\n\nText.\n");
        let gone = source("docs/errors/gone.md", "# Gone\n");
        assert_eq!(
            shown(&check(&[code, list, page, gone])),
            [
                "4: the code `file_too_large` has no page docs/errors/file_too_large.md",
                "1: `gone` is no code of any error",
                "1: must begin with # `gone`",
                "1: does not list `gone`"
            ]
        );
    }
}
