//! XML that is no electronic invoice → plain text: a line for each element that holds text.

use roxmltree::{Document, Node, ParsingOptions};

use crate::layout::Page;
use crate::{ExtractError, ExtractOptions, text};

/// Elements, attributes and texts of one document, at most.
const NODES_MAX: u32 = 1_000_000;

/// Reads the names and texts of all elements as `name: text`.
///
/// # Errors
/// `corrupt_file` when it is not well formed, holds a document type definition or too many nodes;
/// `empty_document` when no element holds text.
pub(crate) fn pages_of(xml: &str, options: &ExtractOptions) -> Result<Vec<Page>, ExtractError> {
    let parsing =
        ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(xml, parsing)
        .map_err(|_| ExtractError::CorruptFile { detail: "it is not well-formed XML" })?;
    let mut lines = String::new();
    for node in document.descendants().filter(Node::is_element) {
        let own: String =
            node.children().filter(|child| child.is_text()).filter_map(|n| n.text()).collect();
        let own = own.split_whitespace().collect::<Vec<_>>().join(" ");
        if !own.is_empty() {
            lines.push_str(&format!("{}: {own}\n", words_of(node.tag_name().name())));
        }
    }
    if lines.is_empty() {
        return Err(ExtractError::EmptyDocument);
    }
    text::pages_of(&lines, options)
}

/// `invoiceNumber` and `invoice_number` as `invoice number`.
fn words_of(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut last_is_lower = false;
    for char in name.chars() {
        if matches!(char, '_' | '-' | '.') {
            words.push(' ');
            last_is_lower = false;
            continue;
        }
        if char.is_uppercase() && last_is_lower {
            words.push(' ');
        }
        last_is_lower = char.is_lowercase() || char.is_ascii_digit();
        words.extend(char.to_lowercase());
    }
    words
}
