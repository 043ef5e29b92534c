//! The manifests are the architecture: which of our crates may use which, and the shared lints.

use super::{Finding, Source};

/// Which of our crates each crate may depend on.
const MAY_USE: [(&str, &[&str]); 6] = [
    ("parseflow-model", &[]),
    ("parseflow-ocr", &[]),
    ("parseflow-extract", &["parseflow-model", "parseflow-ocr"]),
    ("parseflow-webhooks", &["parseflow-model"]),
    ("parseflow-accounts", &["parseflow-model"]),
    ("xtask", &[]),
];

/// Crates whose rules are pure: these dependencies would bring I/O, clock or dice into them.
const PURE: [&str; 5] = [
    "parseflow-model",
    "parseflow-ocr",
    "parseflow-extract",
    "parseflow-webhooks",
    "parseflow-accounts",
];
const IMPURE: [&str; 6] = ["tokio", "rusqlite", "hyper", "axum", "reqwest", "tokio-postgres"];

/// The rules for one crate's manifest.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let name = source.path.split('/').nth(1).unwrap_or_default();
    let mut findings = Vec::new();
    let mut section = "";
    let mut lints = false;
    for (index, line) in source.text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            section = line;
        }
        lints |= section == "[lints]" && line == "workspace = true";
        let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
        if section == "[dependencies]" && !allowed(name, dependency) {
            let what = format!("{name} must not depend on {dependency}: see ARCHITECTURE.md");
            findings.push(Finding::new(&source.path, index + 1, what));
        }
    }
    if !lints {
        let what = "lacks `[lints] workspace = true`";
        findings.push(Finding::new(&source.path, 0, what));
    }
    findings
}

fn allowed(name: &str, dependency: &str) -> bool {
    let ours = dependency.starts_with("parseflow");
    let rule = MAY_USE.iter().find(|(user, _)| *user == name);
    let within_layer = !ours || rule.is_none_or(|(_, used)| used.contains(&dependency));
    let pure = !PURE.contains(&name) || !IMPURE.contains(&dependency);
    within_layer && pure
}

#[cfg(test)]
mod tests {
    use super::super::{shown, source};
    use super::*;

    fn found(name: &str, dependencies: &str) -> Vec<String> {
        let text = format!("[dependencies]\n{dependencies}\n[lints]\nworkspace = true\n");
        shown(&check(&source(&format!("crates/{name}/Cargo.toml"), &text)))
    }

    #[test]
    fn rules_use_the_model_and_nothing_that_does_io() {
        assert_eq!(found("parseflow-webhooks", "parseflow-model.workspace = true"), [""; 0]);
        assert_eq!(
            found("parseflow-webhooks", "parseflow-accounts.workspace = true"),
            ["2: parseflow-webhooks must not depend on parseflow-accounts: see ARCHITECTURE.md"]
        );
        assert_eq!(
            found("parseflow-accounts", "tokio = \"1\""),
            ["2: parseflow-accounts must not depend on tokio: see ARCHITECTURE.md"]
        );
        assert_eq!(found("parseflow-api", "tokio.workspace = true"), [""; 0]);
    }

    #[test]
    fn a_crate_without_the_shared_lints_is_found() {
        let bare = source("crates/parseflow-api/Cargo.toml", "[dependencies]\n");
        assert_eq!(shown(&check(&bare)), ["0: lacks `[lints] workspace = true`"]);
    }
}
