//! The sets of real documents, where they are present: files, labels and how to read them.

use std::path::{Path, PathBuf};

use parseflow_extract::{Bounds, Page, Word};
use parseflow_model::{FieldSource, RequestedType};
use serde_json::Value;

use crate::generate::pictures::{Drawn, Look};
use crate::label::{Item, Kind, Label};

/// What to read of a document.
pub(crate) enum Input {
    /// A file; `printed_only` leaves attached invoices aside.
    File { path: PathBuf, printed_only: bool },
    /// Bytes made by the generator.
    Bytes(Vec<u8>),
    /// A file made by the generator, as a picture of its first page.
    Drawn(Drawn),
    /// A file as a scanner gives its pages.
    Scanned(Drawn),
    /// Words that were read elsewhere.
    Words(Vec<Page>),
}

/// One document with its labels.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) input: Input,
    pub(crate) requested: RequestedType,
    /// Whether the whole text is wanted too.
    pub(crate) wants_text: bool,
    pub(crate) label: Label,
}

/// A named list of documents.
pub(crate) struct Set {
    pub(crate) name: &'static str,
    pub(crate) cases: Vec<Case>,
}

/// All sets found below `data`.
pub(crate) fn load(data: &Path) -> Vec<Set> {
    let sets = [
        ("zugferd-printed", zugferd(data, true)),
        ("zugferd-xml", zugferd(data, false)),
        ("invoice2data", invoice2data(data)),
        ("sroie-words", sroie(data, false)),
        ("sroie-scans", sroie(data, true)),
        ("contracts", contracts(data)),
    ];
    let sets = sets.into_iter().map(|(name, cases)| Set { name, cases });
    sets.filter(|set| !set.cases.is_empty()).collect()
}

/// Real documents as a scanner gives them, by the name of their set: read for minutes, so only when one is asked for.
pub(crate) fn scans(data: &Path, name: &str) -> Option<Set> {
    /// Seeds of pages that nothing else is drawn from.
    const SEED: u64 = 940_000;
    let (name, mut cases) = match name {
        "zugferd-scans" => ("zugferd-scans", zugferd(data, true)),
        "contracts-scans" => ("contracts-scans", contracts(data)),
        _ => return None,
    };
    for (case, seed) in cases.iter_mut().zip(SEED..) {
        let Input::File { path, .. } = &case.input else { continue };
        let drawn = Drawn::of(std::fs::read(path).ok()?, seed, Look::Scanned)?;
        case.input = Input::Scanned(drawn);
    }
    (!cases.is_empty()).then_some(Set { name, cases })
}

/// Puts the words of pictures in the place of their files; they are kept in `folder`.
pub(crate) fn read_pictures(set: &mut Set, folder: &Path) -> std::io::Result<()> {
    for case in &mut set.cases {
        if let Input::File { path, .. } = &case.input
            && path.extension().is_some_and(|ending| ending == "jpg")
        {
            case.input = Input::Words(vec![crate::reads::page_of(path, folder)?]);
        }
    }
    Ok(())
}

fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension().is_some_and(|end| endings.iter().any(|wanted| end == *wanted))
        })
        .collect();
    files.sort();
    files
}

fn json(path: &Path) -> Option<Value> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn name_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn zugferd(data: &Path, printed_only: bool) -> Vec<Case> {
    let folder = data.join("zugferd");
    let mut cases = Vec::new();
    for path in files(&folder.join("pdf"), &["pdf"]) {
        let name = name_of(&path);
        let Some(label) = json(&folder.join("labels").join(format!("{name}.json"))) else {
            continue;
        };
        let mut wanted = invoice_label(&label);
        if printed_only {
            // Codes and groups of the XML are not what is printed: the type is not labelled.
            wanted.document_type = None;
        }
        let input = Input::File { path, printed_only };
        cases.push(Case {
            name,
            input,
            requested: RequestedType::Auto,
            wants_text: printed_only,
            label: wanted,
        });
    }
    cases
}

fn invoice_label(label: &Value) -> Label {
    let mut wanted = Label::default();
    let mut set = |path: &str, kind, key: &str| wanted.set(path, kind, label[key].clone());
    set("invoiceNumber", Kind::Identifier, "invoiceNumber");
    set("invoiceDate", Kind::Text, "issueDate");
    set("total", Kind::Money, "grandTotal");
    set("subtotal", Kind::Money, "netTotal");
    set("tax", Kind::Money, "taxTotal");
    set("currency", Kind::Text, "currency");
    set("vendor.name", Kind::Name, "sellerName");
    set("vendor.taxId", Kind::Identifier, "sellerVatId");
    set("vendor.iban", Kind::Identifier, "iban");
    set("customer.name", Kind::Name, "buyerName");
    set("dueDate", Kind::Text, "dueDate");
    set("amountDue", Kind::Money, "amountDue");
    let items = label["lineItems"].as_array().map(|items| {
        let item = |item: &Value| Item {
            description: item["name"].as_str().map(str::to_owned),
            quantity: item["quantity"].as_f64(),
            amount: item["lineTotal"].as_f64(),
        };
        items.iter().map(item).filter(|item| item.amount.is_some()).collect::<Vec<_>>()
    });
    wanted.items = items.filter(|items| !items.is_empty());
    wanted
}

fn invoice2data(data: &Path) -> Vec<Case> {
    let folder = data.join("invoice2data");
    let mut cases = Vec::new();
    for path in files(&folder, &["pdf", "txt"]) {
        let Some(label) = json(&path.with_extension("json")) else { continue };
        let first = label.as_array().and_then(|list| list.first().cloned()).unwrap_or(label);
        let mut wanted = Label::default();
        let mut set = |path: &str, kind, key: &str| wanted.set(path, kind, first[key].clone());
        set("invoiceNumber", Kind::Identifier, "invoice_number");
        set("invoiceDate", Kind::Text, "date");
        set("total", Kind::Money, "amount");
        set("vendor.name", Kind::Name, "issuer");
        set("subtotal", Kind::Money, "amount_untaxed");
        set("tax", Kind::Money, "amount_tax");
        set("currency", Kind::Text, "currency");
        set("vendor.iban", Kind::Identifier, "iban");
        let name = name_of(&path);
        let input = Input::File { path, printed_only: true };
        cases.push(Case {
            name,
            input,
            requested: RequestedType::Auto,
            wants_text: false,
            label: wanted,
        });
    }
    cases
}

/// The receipts, read from their pictures or from the words given for them.
fn sroie(data: &Path, from_pictures: bool) -> Vec<Case> {
    let folder = data.join("sroie");
    let mut cases = Vec::new();
    for path in files(&folder.join("box"), &["csv"]) {
        let name = name_of(&path);
        let Some(key) = json(&folder.join("key").join(format!("{name}.json"))) else { continue };
        let Ok(text) = std::fs::read(&path) else { continue };
        let text = String::from_utf8_lossy(&text);
        let mut wanted = Label { document_type: Some("receipt".to_owned()), ..Label::default() };
        wanted.set("merchant.name", Kind::Identifier, key["company"].clone());
        wanted.set("date", Kind::Text, key["date"].as_str().and_then(iso_of));
        let total = key["total"].as_str().and_then(|text| {
            let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
            digits.trim_matches('.').parse::<f64>().ok()
        });
        wanted.set("total", Kind::Money, total);
        let picture = folder.join("img").join(format!("{name}.jpg"));
        let input = match from_pictures {
            true if picture.is_file() => Input::File { path: picture, printed_only: false },
            true => continue,
            false => Input::Words(vec![page_of(&text)]),
        };
        cases.push(Case {
            name,
            input,
            requested: RequestedType::Auto,
            wants_text: false,
            label: wanted,
        });
    }
    cases
}

/// Day first, as these receipts print it.
fn iso_of(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = text.to_lowercase();
    let parts: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let month = |text: &str| -> Option<u32> {
        let named = MONTHS.iter().position(|name| text.starts_with(name)).map(|at| at as u32 + 1);
        named.or_else(|| text.parse().ok().filter(|month| (1..=12).contains(month)))
    };
    let (year, month, day) = if part(0).len() == 4 {
        (part(0).parse::<u32>().ok()?, month(part(1))?, part(2).parse::<u32>().ok()?)
    } else if part(0).len() == 8 && parts.len() == 1 {
        (part(0)[..4].parse().ok()?, month(&part(0)[4..6])?, part(0)[6..].parse().ok()?)
    } else {
        (part(2).parse::<u32>().ok()?, month(part(1))?, part(0).parse::<u32>().ok()?)
    };
    let year = if year < 100 { year + 2000 } else { year };
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// Boxes of whole lines as words: widths are shared out by characters.
fn page_of(text: &str) -> Page {
    let mut words = Vec::new();
    let (mut width, mut height) = (1.0f64, 1.0f64);
    for line in text.lines() {
        let mut parts = line.splitn(9, ',');
        let corners: Vec<f64> =
            parts.by_ref().take(8).filter_map(|part| part.trim().parse().ok()).collect();
        let ([x0, y0, _, _, x1, y1, ..], Some(text)) = (corners.as_slice(), parts.next()) else {
            continue;
        };
        (width, height) = (width.max(*x1), height.max(*y1));
        let count = text.chars().count().max(1) as f64;
        let mut at = 0usize;
        for word in text.split(' ') {
            let chars = word.chars().count();
            if !word.trim().is_empty() {
                let share = |at: usize| x0 + (x1 - x0) * at as f64 / count;
                let bounds = Bounds { x0: share(at), y0: *y0, x1: share(at + chars), y1: *y1 };
                words.push(Word {
                    text: word.trim().to_owned(),
                    bounds,
                    size: 0.8 * (y1 - y0),
                    confidence: 1.0,
                    source: FieldSource::Ocr,
                });
            }
            at += chars + 1;
        }
    }
    Page { number: 1, width, height, words, has_geometry: true }
}

fn contracts(data: &Path) -> Vec<Case> {
    let folder = data.join("contracts");
    let Ok(labels) = std::fs::read_to_string(folder.join("labels.tsv")) else { return Vec::new() };
    let mut cases = Vec::new();
    for line in labels.lines() {
        let Some((file, facts)) = line.split_once('\t') else { continue };
        let mut wanted = Label { document_type: Some("contract".to_owned()), ..Label::default() };
        let mut parties = Vec::new();
        for (key, value) in facts.split_whitespace().filter_map(|fact| fact.split_once('=')) {
            let value = value.replace('_', " ");
            match key {
                "effective_date" => wanted.set("effectiveDate", Kind::Text, value),
                "jurisdiction" => wanted.set("governingLaw", Kind::Identifier, value),
                "term" => wanted.set("term", Kind::Identifier, value),
                "party" => parties.push(Value::from(value)),
                _ => {}
            }
        }
        if !parties.is_empty() {
            wanted.set("parties", Kind::Name, Value::Array(parties));
        }
        let path = folder.join(file);
        let input = Input::File { path, printed_only: true };
        cases.push(Case {
            name: file.to_owned(),
            input,
            requested: RequestedType::Auto,
            wants_text: false,
            label: wanted,
        });
    }
    cases
}
