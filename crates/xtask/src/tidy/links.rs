//! Relative links in Markdown lead to files that are in the repository, and to headings in them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Source};

/// The anchors of each page in Markdown, by its path.
pub(super) type Anchors = BTreeMap<String, BTreeSet<String>>;

/// The anchors of all pages.
pub(super) fn anchors(sources: &[Source]) -> Anchors {
    let pages = sources.iter().filter(|source| source.path.ends_with(".md"));
    pages.map(|page| (page.path.clone(), anchors_of(&page.text))).collect()
}

fn anchors_of(text: &str) -> BTreeSet<String> {
    let mut in_code = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        in_code ^= line.trim_start().starts_with("```");
        if !in_code && line.starts_with('#') {
            found.insert(anchor(line.trim_start_matches('#').trim()));
        }
    }
    found
}

/// The anchor that a heading gets: its letters, digits, `-` and `_` in lower case, `-` for blanks.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// Every dead relative link of the file. `paths` are the repository's files.
pub(super) fn check(source: &Source, paths: &BTreeSet<String>, anchors: &Anchors) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut in_code = false;
    for (index, line) in source.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
            continue;
        }
        if in_code {
            continue;
        }
        for target in targets(line) {
            let dead = match resolve(&source.path, target) {
                None => false,
                Some(path) => !exists(&path, paths),
            };
            if dead || !has_anchor(&source.path, target, anchors) {
                let what = format!("dead link: {target}");
                findings.push(Finding::new(&source.path, index + 1, what));
            }
        }
    }
    findings
}

/// The targets of inline links and of reference definitions in one line.
fn targets(line: &str) -> Vec<&str> {
    let prose = without_code_spans(line);
    let mut found: Vec<&str> = Vec::new();
    for (at, _) in prose.match_indices("](") {
        let rest = &line[at + 2..];
        let target = rest.split([')', ' ']).next().unwrap_or_default();
        found.push(target.trim_matches(['<', '>']));
    }
    if let Some((label, target)) = line.split_once("]: ")
        && label.starts_with('[')
    {
        found.push(target.split(' ').next().unwrap_or_default().trim_matches(['<', '>']));
    }
    found
}

/// The line with everything between backticks blanked out, at the same byte positions.
fn without_code_spans(line: &str) -> String {
    let mut inside = false;
    line.bytes()
        .map(|byte| {
            inside ^= byte == b'`';
            if inside || !byte.is_ascii() { ' ' } else { char::from(byte) }
        })
        .collect()
}

/// The path from the root that a target names; `None` for one that leaves the repository's files.
fn resolve(from: &str, target: &str) -> Option<String> {
    let file = target.split(['#', '?']).next().unwrap_or_default();
    let absolute = target.contains("://") || target.starts_with("mailto:");
    if file.is_empty() || absolute {
        return None;
    }
    let mut parts: Vec<&str> = match file.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect(),
    };
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.is_empty() => return Some(target.to_owned()),
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Whether the heading that a target names is there. Pages that are not Markdown are not looked into.
fn has_anchor(from: &str, target: &str, anchors: &Anchors) -> bool {
    let Some((file, heading)) = target.split_once('#') else { return true };
    let path = if file.is_empty() { Some(from.to_owned()) } else { resolve(from, file) };
    let page = path.and_then(|path| anchors.get(&path));
    page.is_none_or(|page| page.contains(heading))
}

fn exists(path: &str, paths: &BTreeSet<String>) -> bool {
    let folder = format!("{path}/");
    path.is_empty()
        || paths.contains(path)
        || paths.range(folder.clone()..).next().is_some_and(|first| first.starts_with(&folder))
}

#[cfg(test)]
mod tests {
    use super::super::{shown, source};
    use super::*;

    fn dead(path: &str, text: &str) -> Vec<String> {
        let paths = ["README.md", "docs/guides/start.md", "docs/errors.md"];
        let paths = paths.into_iter().map(ToOwned::to_owned).collect();
        let errors = source("docs/errors.md", "# A `code`, and\n\n```\n# not this\n```\n");
        let anchors = anchors(&[errors, source(path, text)]);
        shown(&check(&source(path, text), &paths, &anchors))
    }

    #[test]
    fn links_to_files_and_folders_of_the_repository_hold() {
        let text = "## Here\n[a](docs/errors.md#a-code-and) [b](docs/guides) [c](./README.md) [d](#here)\n\
                    [e](https://example.com/x) [f]: docs/errors.md";
        assert_eq!(dead("README.md", text), [""; 0]);
        assert_eq!(dead("docs/guides/start.md", "[a](../errors.md)"), [""; 0]);
    }

    #[test]
    fn links_to_nothing_are_found() {
        assert_eq!(dead("README.md", "é [a](docs/gone.md)"), ["1: dead link: docs/gone.md"]);
        assert_eq!(dead("docs/errors.md", "[a](docs/errors.md)"), ["1: dead link: docs/errors.md"]);
        assert_eq!(dead("README.md", "[a](../outside.md)"), ["1: dead link: ../outside.md"]);
        assert_eq!(dead("README.md", "[a]: gone.md"), ["1: dead link: gone.md"]);
    }

    #[test]
    fn links_to_headings_that_are_not_there_are_found() {
        let dead_here = ["1: dead link: #nowhere"];
        assert_eq!(dead("README.md", "[a](#nowhere)"), dead_here);
        let dead_there = ["1: dead link: docs/errors.md#not-this"];
        assert_eq!(dead("README.md", "[a](docs/errors.md#not-this)"), dead_there);
    }

    #[test]
    fn code_is_not_prose() {
        assert_eq!(dead("README.md", "```\n[a](gone.md)\n```\n`[b](gone.md)`"), [""; 0]);
    }
}
