//! Rust files: short enough to read, no test that is left out, no waiting by the clock in tests.

use super::{Finding, Source};

const LINES_MAX: usize = 500;

/// Length, ignored tests and, in test code, sleeping.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = source.text.lines().count();
    if lines > LINES_MAX {
        let what = format!("{lines} lines; at most {LINES_MAX}: split it by what its parts do");
        findings.push(Finding::new(&source.path, 0, what));
    }
    for (number, line) in numbered(&source.text) {
        if line.trim_start().starts_with(concat!("#[", "ignore")) {
            findings.push(Finding::new(&source.path, number, "a test that is left out is no test"));
        }
    }
    findings.extend(check_waiting(source));
    findings
}

/// Sleeping in test code, of any language: wait for a signal, or poll a condition with a deadline.
///
/// An item that says why under clippy's own lint is excused: virtual time, and the pause between two
/// looks at a condition. Clippy sees to it that the excuse is needed and has a reason.
pub(super) fn check_waiting(source: &Source) -> Vec<Finding> {
    let whole_file = !source.path.ends_with(".rs")
        || source.path.contains("/tests/")
        || source.path.ends_with("/tests.rs");
    let mut in_tests = whole_file;
    // The indentation of the excuse; the item ends with a brace at the same place.
    let mut excused: Option<usize> = None;
    let mut findings = Vec::new();
    for (number, line) in numbered(&source.text) {
        in_tests |= line.trim() == "#[cfg(test)]";
        let code = line.split("//").next().unwrap_or_default();
        let indentation = line.len() - line.trim_start().len();
        if line.trim_start().starts_with("#[expect(clippy::disallowed_methods") {
            excused = Some(indentation);
        }
        if in_tests && excused.is_none() && sleeps(code) {
            let what = "tests do not sleep: wait for a signal or poll with a deadline";
            findings.push(Finding::new(&source.path, number, what));
        }
        if line.trim_end() == format!("{}}}", " ".repeat(indentation))
            && excused == Some(indentation)
        {
            excused = None;
        }
    }
    findings
}

/// Whether a line of code calls for a pause; a clock that is declared does not.
fn sleeps(code: &str) -> bool {
    if code.trim_start().starts_with("fn ") {
        return false;
    }
    let calls = [concat!("sleep", "("), concat!("sleep_until", "("), concat!("setTimeout", "(")];
    calls.iter().any(|call| code.contains(call))
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

#[cfg(test)]
mod tests {
    use super::super::{shown, source};
    use super::*;

    #[test]
    fn a_file_may_have_500_lines_and_no_more() {
        let check = |lines: usize| shown(&check(&source("a.rs", &"x\n".repeat(lines))));
        assert_eq!(check(500), [""; 0]);
        assert_eq!(check(501), ["0: 501 lines; at most 500: split it by what its parts do"]);
    }

    #[test]
    fn a_test_left_out_is_found() {
        let text = concat!("#[test]\n    #[", "ignore = \"slow\"]\nfn f() {}\n");
        assert_eq!(shown(&check(&source("a.rs", text))), ["2: a test that is left out is no test"]);
    }

    #[test]
    fn an_item_that_gives_its_reason_is_excused_and_the_next_is_not() {
        let sleeping = concat!("        thread::sleep", "(x);\n    }\n");
        let excuse = "    #[expect(clippy::disallowed_methods, reason = \"paused\")]\n";
        let text = format!("{excuse}    fn a() {{\n{sleeping}    fn b() {{\n{sleeping}");
        let found = check_waiting(&source("crates/a/tests/it.rs", &text));
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [6]);
    }

    #[test]
    fn sleeping_is_found_in_test_code_only() {
        let sleeping = concat!("thread::sleep", "(x);\n");
        let found = |path: &str, text: &str| !check_waiting(&source(path, text)).is_empty();
        assert!(found("crates/a/tests/it.rs", sleeping));
        assert!(found("crates/a/src/queue/tests.rs", sleeping));
        assert!(found("crates/a/src/lib.rs", &format!("#[cfg(test)]\nmod tests {{\n{sleeping}}}")));
        assert!(!found("crates/a/src/lib.rs", sleeping));
        assert!(!found("crates/a/tests/it.rs", concat!("// never sleep", "()\n")));
        let declared = concat!("    fn sleep_until", "(&self) {\n");
        assert!(!found("crates/a/tests/it.rs", declared));
        assert!(found("e2e/receivers/a.js", concat!("setTimeout", "(done, 5)\n")));
    }
}
