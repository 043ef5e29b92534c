//! Files attached to a PDF: electronic invoices travel this way (Factur-X, ZUGFeRD).

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Object, Stream};

use crate::einvoice::{self, EInvoice};

/// Attachments that are looked at, at most.
const FILES_MAX: usize = 64;
/// Depth of the tree of names, at most.
const DEPTH_MAX: usize = 8;
/// Nodes of the tree of names, at most.
const NODES_MAX: usize = 1_000;

/// The first attachment that is an electronic invoice.
pub(super) fn invoice_in(pdf: &Pdf) -> Option<EInvoice> {
    let root: Dict<'_> = pdf.xref().get(pdf.xref().root_id())?;
    let mut files = Vec::new();
    let names = root.get::<Dict<'_>>("Names").and_then(|names| names.get("EmbeddedFiles"));
    if let Some(tree) = names {
        walk(&tree, 0, &mut NODES_MAX.clone(), &mut files);
    }
    let associated = root.get::<Array<'_>>("AF");
    files.extend(associated.iter().flat_map(|list| list.iter::<Dict<'_>>()).take(FILES_MAX));
    files.truncate(FILES_MAX);
    files.iter().find_map(|file| {
        let bytes = content(file)?;
        // What does not begin as XML is a picture or a spreadsheet.
        let start = bytes.iter().take(64).find(|byte| !byte.is_ascii_whitespace());
        if !matches!(start, Some(b'<' | 0xef | 0xfe | 0xff)) {
            return None;
        }
        einvoice::read(&crate::text::decode(&bytes))
    })
}

/// The file specifications of a tree of names.
fn walk<'a>(node: &Dict<'a>, depth: usize, left: &mut usize, files: &mut Vec<Dict<'a>>) {
    if depth >= DEPTH_MAX || *left == 0 || files.len() >= FILES_MAX {
        return;
    }
    *left -= 1;
    if let Some(pairs) = node.get::<Array<'a>>("Names") {
        let values = pairs.iter::<Object<'a>>().take(2 * FILES_MAX);
        files.extend(values.filter_map(|value| match value {
            Object::Dict(file) => Some(file),
            _ => None,
        }));
    }
    for kid in node.get::<Array<'a>>("Kids").into_iter().flat_map(|kids| kids.iter::<Dict<'a>>()) {
        walk(&kid, depth + 1, left, files);
    }
}

fn content(file: &Dict<'_>) -> Option<Vec<u8>> {
    let streams = file.get::<Dict<'_>>("EF")?;
    let stream: Stream<'_> = streams.get("F").or_else(|| streams.get("UF"))?;
    stream.decoded_data().ok().map(|data| data.into_owned())
}
