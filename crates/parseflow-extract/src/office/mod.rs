//! Office files: DOCX, XLSX, ODT and ODS, all of them XML in a ZIP archive.

mod container;
mod docx;
mod odf;
#[cfg(test)]
mod tests;
mod xlsx;

use roxmltree::{Document, Node, ParsingOptions};

use crate::flow::Flow;
use crate::layout::Page;
use crate::{ExtractError, ExtractOptions};
use container::Container;

/// Which of the formats.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Kind {
    Docx,
    Xlsx,
    /// OpenDocument text or spreadsheet.
    Odf,
}

/// Elements, attributes and texts of one part, at most.
const NODES_MAX: u32 = 3_000_000;

/// Reads the text and tables of a file.
///
/// # Errors
/// `corrupt_file`, `encrypted`, `too_large` or `empty_document`.
pub(crate) fn pages_of(
    bytes: &[u8],
    kind: Kind,
    options: &ExtractOptions,
) -> Result<Vec<Page>, ExtractError> {
    let mut container = Container::open(bytes, options)?;
    let mut flow = Flow::new(options);
    match kind {
        Kind::Docx => docx::read(&mut container, &mut flow)?,
        Kind::Xlsx => xlsx::read(&mut container, &mut flow)?,
        Kind::Odf => odf::read(&mut container, &mut flow)?,
    }
    flow.pages(options)
}

/// Parses one part and hands its root element on.
fn with_root<T>(
    xml: &str,
    read: impl FnOnce(Node<'_, '_>) -> Result<T, ExtractError>,
) -> Result<T, ExtractError> {
    let parsing =
        ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(xml, parsing).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => {
            ExtractError::TooLarge { limit: NODES_MAX.into(), unit: "elements" }
        }
        _ => corrupt("a part of it is not well-formed XML"),
    })?;
    read(document.root_element())
}

fn corrupt(detail: &'static str) -> ExtractError {
    ExtractError::CorruptFile { detail }
}

/// The value of an attribute by its local name.
fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

/// The children with a local name.
fn children<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}
