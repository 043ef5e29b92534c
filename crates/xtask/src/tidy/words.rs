//! Words and paths that belong to somebody's machine or conversation, not to the project.

use super::{Finding, Source};

/// Lower case; looked for anywhere in a line. Written in two parts so that this file passes.
const FORBIDDEN: [(&str, &str); 19] = [
    (concat!("/wo", "rk/"), "a path of one machine"),
    (concat!("/ro", "ot/"), "a path of one machine"),
    (concat!("/ho", "me/"), "a path of one machine"),
    (concat!("../", "shared"), "a folder outside the repository"),
    (concat!("preamble", ".md"), "a file outside the repository"),
    (concat!("index.crates", ".io"), "a package registry's host: clients know where they are"),
    (concat!("static.crates", ".io"), "a package registry's host: clients know where they are"),
    (concat!("registry.npm", "js.org"), "a package registry's host: clients know where they are"),
    (concat!("pypi", ".org"), "a package registry's host: clients know where they are"),
    (concat!("pythonhosted", ".org"), "a package registry's host: clients know where they are"),
    (concat!("deb.deb", "ian.org"), "a package registry's host: clients know where they are"),
    (concat!("anth", "ropic"), "talk about how the text was made"),
    (concat!("cla", "ude"), "talk about how the text was made"),
    (concat!("chat", "gpt"), "talk about how the text was made"),
    (concat!("as an ", "ai"), "talk about how the text was made"),
    (concat!("sub", "agent"), "talk about how the text was made"),
    (concat!("this ses", "sion"), "talk about how the text was made"),
    (concat!("previous ses", "sion"), "talk about how the text was made"),
    (concat!("fix", "me"), "unfinished work: finish it or file it"),
];

/// Every forbidden word of the file. Locks are written by tools and are not judged.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_lock = source.path.ends_with("Cargo.lock") || source.path.ends_with("-lock.json");
    for (index, line) in source.text.lines().enumerate() {
        let line = line.to_lowercase();
        for (word, why) in FORBIDDEN {
            if !is_lock && contains(&line, word) {
                findings.push(Finding::new(&source.path, index + 1, format!("{word:?}: {why}")));
            }
        }
        // npm writes this into a lock; without it the client uses the registry it is set to.
        if is_lock && line.trim_start().starts_with(r#""resolved":"#) {
            let what = "an address in a lock: remove its \"resolved\" lines";
            findings.push(Finding::new(&source.path, index + 1, what));
        }
    }
    findings
}

/// Whether `word` stands in `line` on its own: letters around it make it another word.
fn contains(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        let joins_before = word.starts_with(char::is_alphabetic) && letter(before);
        let joins_after = word.ends_with(char::is_alphabetic) && letter(after);
        !joins_before && !joins_after
    })
}

#[cfg(test)]
mod tests {
    use super::super::{shown, source};
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found() {
        let text = concat!("fine\nsee /wo", "rk/notes\n");
        let expected = [concat!("2: \"/wo", "rk/\": a path of one machine")];
        assert_eq!(shown(&check(&source("README.md", text))), expected);
    }

    #[test]
    fn a_word_inside_another_is_another_word() {
        assert!(contains(concat!("as an ", "ai, i"), concat!("as an ", "ai")));
        assert!(!contains("as an aid", concat!("as an ", "ai")));
        assert!(!contains("was an ai", concat!("as an ", "ai")));
    }

    #[test]
    fn a_lock_must_not_hold_addresses() {
        let lock = "{\n  \"resolved\": \"https://example.com/a.tgz\"\n}\n";
        assert_eq!(check(&source("e2e/package-lock.json", lock)).len(), 1);
        assert_eq!(check(&source("e2e/notes.json", lock)).len(), 0);
    }
}
