//! OpenDocument texts and spreadsheets.

use roxmltree::Node;

use super::container::Container;
use super::{attribute, corrupt, with_root};
use crate::ExtractError;
use crate::flow::{Block, Flow};

/// Copies of a cell or row that are written out; sheets fill themselves with empty ones.
const REPEATED_MAX: usize = 64;
/// Rows of one sheet, at most.
const ROWS_MAX: usize = 100_000;
/// Sections inside sections, at most.
const DEPTH_MAX: usize = 16;

pub(super) fn read(container: &mut Container<'_>, flow: &mut Flow) -> Result<(), ExtractError> {
    let manifest = container.text("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(ExtractError::Encrypted);
    }
    let content = container.required("content.xml")?;
    with_root(&content, |root| {
        let body = root.children().find(|node| node.tag_name().name() == "body");
        let body = body.ok_or_else(|| corrupt("its body is missing"))?;
        for document in body.children().filter(Node::is_element) {
            let is_sheet = document.tag_name().name() == "spreadsheet";
            blocks(document, is_sheet, 0, flow)?;
        }
        Ok(())
    })
}

fn blocks(
    parent: Node<'_, '_>,
    is_sheet: bool,
    depth: usize,
    flow: &mut Flow,
) -> Result<(), ExtractError> {
    for node in parent.children().filter(Node::is_element) {
        match node.tag_name().name() {
            "p" | "h" => flow.push(Block::Paragraph(text_of(node)))?,
            "table" => {
                if is_sheet {
                    flow.push(Block::PageBreak)?;
                }
                flow.push(Block::Table(rows(node)))?;
            }
            "soft-page-break" => flow.push(Block::PageBreak)?,
            "section" | "list" | "list-item" | "list-header" | "index-body" | "text-box"
            | "frame"
                if depth < DEPTH_MAX =>
            {
                blocks(node, is_sheet, depth + 1, flow)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn rows(table: Node<'_, '_>) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for row in table.descendants().filter(|node| node.tag_name().name() == "table-row") {
        let mut cells: Vec<String> = Vec::new();
        let is_cell = |node: &Node<'_, '_>| {
            matches!(node.tag_name().name(), "table-cell" | "covered-table-cell")
        };
        for cell in row.children().filter(is_cell) {
            let paragraphs = cell.children().filter(|node| node.tag_name().name() == "p");
            let text = paragraphs.map(text_of).collect::<Vec<_>>().join(" ");
            let count = repeated(cell, "number-columns-repeated");
            cells.extend(std::iter::repeat_n(text, count));
        }
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        let count = if cells.is_empty() { 1 } else { repeated(row, "number-rows-repeated") };
        rows.extend(std::iter::repeat_n(cells, count));
        if rows.len() >= ROWS_MAX {
            break;
        }
    }
    while rows.last().is_some_and(Vec::is_empty) {
        rows.pop();
    }
    rows
}

fn repeated(node: Node<'_, '_>, name: &str) -> usize {
    let count = attribute(node, name).and_then(|text| text.parse().ok());
    count.unwrap_or(1usize).clamp(1, REPEATED_MAX)
}

/// The text of a paragraph: runs of spaces and tabs are elements of their own.
fn text_of(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    let mut stack: Vec<Node<'_, '_>> = vec![node];
    while let Some(node) = stack.pop() {
        if node.is_text() {
            text.push_str(node.text().unwrap_or_default());
            continue;
        }
        match node.tag_name().name() {
            "tab" => text.push_str("    "),
            "line-break" => text.push('\n'),
            "s" => text.push_str(&" ".repeat(repeated(node, "c"))),
            "note" | "annotation" | "tracked-changes" => continue,
            _ => {}
        }
        let from = stack.len();
        stack.extend(node.children());
        stack[from..].reverse();
    }
    text
}
