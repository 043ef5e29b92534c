//! A decision record says what led to it, what was decided and what follows.

use super::{Finding, Source};

const HEADINGS: [&str; 3] = ["## Context", "## Decision", "## Consequences"];

/// The file's name is a number and a title; it has the three headings, in order.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let name = source.path.rsplit('/').next().unwrap_or_default();
    if name == "README.md" {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if !is_numbered(name) {
        let what = "a decision record is named NNNN-title-in-lower-case.md";
        findings.push(Finding::new(&source.path, 0, what));
    }
    let mut lines = source.text.lines();
    for heading in HEADINGS {
        if !lines.any(|line| line.trim_end() == heading) {
            let what = format!("lacks {heading:?} (in the order {})", HEADINGS.join(", "));
            findings.push(Finding::new(&source.path, 0, what));
            break;
        }
    }
    findings
}

fn is_numbered(name: &str) -> bool {
    let Some((number, title)) = name.split_once('-') else { return false };
    let Some(title) = title.strip_suffix(".md") else { return false };
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    number.len() == 4
        && number.chars().all(|c| c.is_ascii_digit())
        && !title.is_empty()
        && title.chars().all(legal)
}

#[cfg(test)]
mod tests {
    use super::super::{shown, source};
    use super::*;

    const WHOLE: &str = "# T\n\n## Context\na\n## Decision\nb\n## Consequences\nc\n";

    #[test]
    fn a_whole_record_passes() {
        assert_eq!(check(&source("docs/adr/0001-pick-a-pdf-library.md", WHOLE)), []);
    }

    #[test]
    fn a_missing_heading_or_a_wrong_name_is_found() {
        let lacking = source("docs/adr/0001-x.md", "## Context\n## Consequences\n");
        assert_eq!(
            shown(&check(&lacking)),
            ["0: lacks \"## Decision\" (in the order ## Context, ## Decision, ## Consequences)"]
        );
        assert_eq!(check(&source("docs/adr/pdf.md", WHOLE)).len(), 1);
    }
}
