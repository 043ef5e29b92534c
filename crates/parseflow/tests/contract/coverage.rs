//! No sentence of the page is without a test: every line of page.txt, the public documentation as it
//! is published, stands in the comments and samples of its section's file.

/// The page's sections in their order, each with where its lines must be found.
const SECTIONS: [(&str, &[&str]); 9] = [
    ("Overview", &[include_str!("overview.rs")]),
    ("Setup", &[include_str!("setup.rs")]),
    ("Events", &[include_str!("events.rs")]),
    ("Payload Format", &[include_str!("payload_format.rs")]),
    ("Headers", &[include_str!("headers.rs")]),
    ("Verification", &[include_str!("verification.rs"), NODE_SAMPLE]),
    ("Retry Policy", &[include_str!("retry_policy.rs")]),
    ("Managing Webhooks", &[include_str!("managing_webhooks.rs")]),
    ("Example Integration", &[include_str!("example_integration.rs"), FLASK_SAMPLE]),
];

const PAGE: &str = include_str!("page.txt");
const NODE_SAMPLE: &str = include_str!("../../../../e2e/receivers/express/page_sample.js");
const FLASK_SAMPLE: &str = include_str!("../../../../e2e/receivers/flask/page_sample.py");

/// What the page's frame says, and the names of columns.
const FRAME: [&str; 6] = [
    "Skip to content",
    "ParseFlow",
    "Webhook Documentation",
    "EventDescription",
    "HeaderDescription",
    "AttemptDelay",
];

#[test]
fn every_sentence_row_and_sample_of_the_page_stands_in_its_sections_tests() {
    // What stands above the first heading belongs to the first file.
    let mut section = 0;
    let mut headings = Vec::new();
    let mut missing = Vec::new();
    for line in PAGE.lines() {
        if let Some(found) = SECTIONS.iter().position(|(heading, _)| *heading == line) {
            section = found;
            headings.push(line);
        } else if !FRAME.contains(&line) {
            let (heading, texts) = SECTIONS[section];
            let sentences = line.split(". ").filter(|sentence| !stands_in(sentence, texts));
            missing.extend(sentences.map(|sentence| format!("{heading}: {sentence}")));
        }
    }
    assert_eq!(headings, SECTIONS.map(|(heading, _)| heading), "the page's sections");
    assert!(missing.is_empty(), "no test quotes\n{}", missing.join("\n"));
}

/// Whether the line's letters and digits stand in one of the texts, in a row.
fn stands_in(line: &str, texts: &[&str]) -> bool {
    let wanted = letters(line);
    texts.iter().any(|text| letters(&without_comment_marks(text)).contains(&wanted))
}

/// A quotation may go on over several lines of a comment.
fn without_comment_marks(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_start().trim_start_matches("///"));
    lines.collect::<Vec<_>>().join("\n")
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn the_receivers_run_the_pages_own_code() {
    assert!(PAGE.contains(NODE_SAMPLE.trim_end()), "express/page_sample.js");
    assert!(PAGE.contains(FLASK_SAMPLE.trim_end()), "flask/page_sample.py");
}
