//! Word documents: headers, body with its tables, footers.

use roxmltree::Node;

use super::container::Container;
use super::{children, with_root};
use crate::ExtractError;
use crate::flow::{Block, Flow};

/// Tables inside tables, at most; deeper ones are read as text.
const DEPTH_MAX: usize = 4;

pub(super) fn read(container: &mut Container<'_>, flow: &mut Flow) -> Result<(), ExtractError> {
    let body = container.required("word/document.xml")?;
    // The headers of first, even and odd pages often say the same.
    let mut seen: Vec<String> = Vec::new();
    for name in container.names("word/header", ".xml") {
        part_once(container, &name, &mut seen, flow)?;
    }
    with_root(&body, |root| {
        let body = children(root, "body").next().unwrap_or(root);
        blocks(body, 0, flow)
    })?;
    for name in container.names("word/footer", ".xml") {
        part_once(container, &name, &mut seen, flow)?;
    }
    Ok(())
}

fn part_once(
    container: &mut Container<'_>,
    name: &str,
    seen: &mut Vec<String>,
    flow: &mut Flow,
) -> Result<(), ExtractError> {
    let Some(xml) = container.text(name)? else { return Ok(()) };
    with_root(&xml, |root| {
        let text = text_of(root);
        if text.trim().is_empty() || seen.contains(&text) {
            return Ok(());
        }
        seen.push(text);
        blocks(root, 0, flow)
    })
}

/// Paragraphs and tables in order.
fn blocks(parent: Node<'_, '_>, depth: usize, flow: &mut Flow) -> Result<(), ExtractError> {
    for node in parent.children().filter(Node::is_element) {
        match node.tag_name().name() {
            "p" => {
                let breaks = node.descendants().any(|part| {
                    part.tag_name().name() == "lastRenderedPageBreak"
                        || part.tag_name().name() == "br"
                            && super::attribute(part, "type") == Some("page")
                });
                if breaks {
                    flow.push(Block::PageBreak)?;
                }
                flow.push(Block::Paragraph(text_of(node)))?;
            }
            "tbl" => flow.push(Block::Table(rows(node)))?,
            // Content controls, inserted text and the like hold blocks of their own.
            "sdt" | "sdtContent" | "ins" | "smartTag" | "customXml" if depth < DEPTH_MAX => {
                blocks(node, depth + 1, flow)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn rows(table: Node<'_, '_>) -> Vec<Vec<String>> {
    let cells = |row: Node<'_, '_>| {
        let mut cells = Vec::new();
        for cell in children(row, "tc") {
            let paragraphs = children(cell, "p").map(text_of).collect::<Vec<_>>().join(" ");
            let inner = children(cell, "tbl").map(text_of).collect::<Vec<_>>().join(" ");
            cells.push(format!("{paragraphs} {inner}").trim().to_owned());
            let span = children(cell, "tcPr")
                .flat_map(|properties| properties.children())
                .find(|part| part.tag_name().name() == "gridSpan")
                .and_then(|span| super::attribute(span, "val")?.parse::<usize>().ok());
            let spare = span.unwrap_or(1).clamp(1, 50) - 1;
            cells.extend(std::iter::repeat_n(String::new(), spare));
        }
        cells
    };
    children(table, "tr").map(cells).collect()
}

/// The visible text of an element: tabs as wide gaps, line breaks as line feeds.
fn text_of(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    // A walk without recursion: documents may nest as deeply as they like.
    let mut stack: Vec<Node<'_, '_>> = vec![node];
    while let Some(node) = stack.pop() {
        match node.tag_name().name() {
            "t" => text.push_str(node.text().unwrap_or_default()),
            "tab" => text.push_str("    "),
            "br" | "cr" => text.push('\n'),
            "noBreakHyphen" => text.push('-'),
            // Deleted text, and the second form of what a newer program drew.
            "delText" | "Fallback" | "instrText" => continue,
            _ => {}
        }
        let paragraph = node.tag_name().name() == "p" && !text.is_empty() && !text.ends_with('\n');
        if paragraph {
            text.push(' ');
        }
        let from = stack.len();
        stack.extend(node.children().filter(Node::is_element));
        stack[from..].reverse();
    }
    text
}
