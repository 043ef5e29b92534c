//! Measures the engine on a folder of documents.
//!
//! ```text
//! cargo run --release -p parseflow-extract --example measure -- FOLDER [--errors] [--text FILE]
//! ```
//!
//! With `FOLDER/pdf/*.pdf` and `FOLDER/labels/*.json`, or `*.pdf` beside `*.json`, prints the share
//! of right values for each header field. Without labels prints what became of each file. Always
//! prints milliseconds per page. Labels are those of the development set described in ADR 0002.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use parseflow_extract::{ExtractOptions, extract};
use parseflow_model::Extraction;
use serde_json::Value;

/// Label, path in `data`, and how the two are compared.
const FIELDS: &[(&str, &str, Kind)] = &[
    ("invoiceNumber", "/invoiceNumber", Kind::Identifier),
    ("issueDate", "/invoiceDate", Kind::Text),
    ("grandTotal", "/total", Kind::Money),
    ("netTotal", "/subtotal", Kind::Money),
    ("taxTotal", "/tax", Kind::Money),
    ("currency", "/currency", Kind::Text),
    ("sellerName", "/vendor/name", Kind::Name),
    ("sellerVatId", "/vendor/taxId", Kind::Identifier),
    ("iban", "/vendor/iban", Kind::Identifier),
    ("buyerName", "/customer/name", Kind::Name),
    ("dueDate", "/dueDate", Kind::Text),
    ("amountDue", "/amountDue", Kind::Money),
];
/// The first nine are the header fields whose mean is reported.
const HEADER_FIELDS: usize = 9;

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Identifier,
    Name,
    Money,
}

#[derive(Default)]
struct Tally {
    right: usize,
    wrong: usize,
    missing: usize,
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = args.first().map(PathBuf::from) else {
        return writeln!(out, "usage: measure FOLDER [--errors]");
    };
    std::panic::set_hook(Box::new(|_| {}));
    let shows_errors = args.iter().any(|arg| arg == "--errors");
    let dumps = args.iter().any(|arg| arg == "--dump");
    let documents = if folder.join("pdf").is_dir() { folder.join("pdf") } else { folder.clone() };
    let mut files: Vec<PathBuf> = std::fs::read_dir(&documents)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| {
            path.extension().is_some_and(|end| end == "pdf" || end == "txt" || end == "eml")
        })
        .collect();
    files.sort();
    let filter = args.iter().skip(1).find(|arg| !arg.starts_with("--"));
    files.retain(|file| filter.is_none_or(|part| file.to_string_lossy().contains(part.as_str())));
    let mut run = Run::default();
    for file in &files {
        run.read(file, &mut out, shows_errors, dumps)?;
    }
    run.report(&mut out, files.len())
}

#[derive(Default)]
struct Run {
    tallies: BTreeMap<usize, Tally>,
    outcomes: BTreeMap<String, usize>,
    calibration: BTreeMap<usize, (usize, usize)>,
    documents: Vec<(f64, bool)>,
    items: (usize, usize, usize),
    pages: usize,
    seconds: f64,
    slowest: (f64, String),
}

impl Run {
    fn read(
        &mut self,
        file: &Path,
        out: &mut impl Write,
        shows_errors: bool,
        dumps: bool,
    ) -> std::io::Result<()> {
        let bytes = std::fs::read(file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        #[expect(clippy::disallowed_methods, reason = "a measuring program measures time")]
        let begin = Instant::now();
        let worker = std::thread::Builder::new().stack_size(parseflow_extract::STACK_BYTES);
        let handle = worker.spawn(move || extract(&bytes, &ExtractOptions::default()))?;
        let result =
            handle.join().map_err(|_| std::io::Error::other("the engine's thread died"))?;
        let seconds = begin.elapsed().as_secs_f64();
        self.seconds += seconds;
        if seconds > self.slowest.0 {
            self.slowest = (seconds, name.clone());
        }
        let outcome = match &result {
            Ok(extraction) => extraction.document_type.to_string(),
            Err(error) => error.code().to_owned(),
        };
        *self.outcomes.entry(outcome.clone()).or_default() += 1;
        let labels = labels_of(file);
        if shows_errors && labels.is_none() {
            writeln!(
                out,
                "{name}: {outcome} {:.0} ms {}",
                seconds * 1e3,
                result.as_ref().err().map(ToString::to_string).unwrap_or_default()
            )?;
        }
        let Ok(extraction) = result else { return Ok(()) };
        self.pages += extraction.page_count as usize;
        if dumps {
            let data = serde_json::to_string_pretty(&extraction.data)?;
            writeln!(out, "{name} {:.2} {:?}\n{data}", extraction.confidence, extraction.warnings)?;
            for field in &extraction.fields {
                writeln!(
                    out,
                    "  {:.2} {} from {:?}",
                    field.confidence, field.name, field.raw_text
                )?;
            }
        }
        if let Some(labels) = labels {
            self.compare(&name, &labels, &extraction, out, shows_errors)?;
        }
        Ok(())
    }

    fn compare(
        &mut self,
        name: &str,
        labels: &Value,
        found: &Extraction,
        out: &mut impl Write,
        shows: bool,
    ) -> std::io::Result<()> {
        let data = Value::Object(found.data.clone());
        let mut all_right = true;
        for (index, (label, path, kind)) in FIELDS.iter().enumerate() {
            let Some(wanted) = labels.get(*label).filter(|wanted| !wanted.is_null()) else {
                continue;
            };
            let value = data.pointer(path).unwrap_or(&Value::Null);
            let right = is_same(*kind, wanted, value);
            let tally = self.tallies.entry(index).or_default();
            match (right, value.is_null()) {
                (true, _) => tally.right += 1,
                (false, true) => tally.missing += 1,
                (false, false) => tally.wrong += 1,
            }
            if index < 3 && !right {
                all_right = false;
            }
            let field = path.trim_start_matches('/').replace('/', ".");
            if let Some(field) = found.fields.iter().find(|entry| entry.name == field) {
                let bucket =
                    self.calibration.entry((field.confidence * 10.0) as usize).or_default();
                bucket.0 += 1;
                bucket.1 += usize::from(right);
            }
            if shows && !right {
                writeln!(out, "{name}: {label} wanted {wanted} found {value}")?;
            }
        }
        self.documents.push((found.confidence, all_right));
        let items = self.compare_items(labels, &data);
        if shows && items.0 != items.1 {
            writeln!(out, "{name}: lineItems wanted {} right {}", items.0, items.1)?;
        }
        Ok(())
    }

    /// How many items were wanted, and how many found.
    fn compare_items(&mut self, labels: &Value, data: &Value) -> (usize, usize) {
        let list = |value: &Value| {
            value.get("lineItems").and_then(Value::as_array).cloned().unwrap_or_default()
        };
        let mut found = list(data);
        let wanted = list(labels);
        if wanted.is_empty() || wanted.iter().all(|item| item.get("lineTotal").is_none()) {
            return (0, 0);
        }
        let (count, mut right) = (wanted.len(), 0);
        self.items.0 += wanted.len();
        self.items.1 += found.len();
        for item in wanted {
            let same = |other: &Value| {
                is_same(Kind::Money, &item["lineTotal"], &other["amount"])
                    && is_same(Kind::Money, &item["quantity"], &other["quantity"])
            };
            if let Some(at) = found.iter().position(same) {
                found.remove(at);
                self.items.2 += 1;
                right += 1;
            }
        }
        (count, right)
    }

    fn report(&self, out: &mut impl Write, files: usize) -> std::io::Result<()> {
        writeln!(
            out,
            "{files} files, {} pages read, {:.1} ms a page, slowest {:.0} ms ({})",
            self.pages,
            1e3 * self.seconds / self.pages.max(1) as f64,
            1e3 * self.slowest.0,
            self.slowest.1
        )?;
        writeln!(out, "outcomes: {:?}", self.outcomes)?;
        let (mut right, mut all) = (0, 0);
        for (index, tally) in &self.tallies {
            let count = tally.right + tally.wrong + tally.missing;
            if *index < HEADER_FIELDS {
                (right, all) = (right + tally.right, all + count);
            }
            writeln!(
                out,
                "{:14} {:.3}  ({count} labels, {} wrong, {} missing)",
                FIELDS[*index].0,
                tally.right as f64 / count as f64,
                tally.wrong,
                tally.missing
            )?;
        }
        if all > 0 {
            writeln!(out, "micro over the nine header fields {:.3}", right as f64 / all as f64)?;
        }
        let (wanted, found, same) = self.items;
        if wanted > 0 {
            writeln!(
                out,
                "line items (amount and quantity): {same} of {wanted} found, {found} given"
            )?;
        }
        for (bucket, (count, right)) in &self.calibration {
            writeln!(
                out,
                "fields with confidence {:.1}: {count}, right {:.3}",
                *bucket as f64 / 10.0,
                *right as f64 / *count as f64
            )?;
        }
        for (low, high) in [(0.0, 0.5), (0.5, 0.75), (0.75, 0.9), (0.9, 1.01)] {
            let inside: Vec<bool> = self
                .documents
                .iter()
                .filter(|(c, _)| (low..high).contains(c))
                .map(|(_, right)| *right)
                .collect();
            let right = inside.iter().filter(|right| **right).count();
            writeln!(
                out,
                "documents with confidence {low:.2} to {high:.2}: {}, number, date and total right in {right}",
                inside.len()
            )?;
        }
        Ok(())
    }
}

fn labels_of(file: &Path) -> Option<Value> {
    let beside = file.with_extension("json");
    let stem = file.file_stem()?;
    let apart = file.parent()?.parent()?.join("labels").join(stem).with_extension("json");
    let apart = PathBuf::from(format!("{}.json", apart.with_extension("").display()));
    let exact =
        file.parent()?.parent()?.join("labels").join(format!("{}.json", stem.to_string_lossy()));
    let path = [exact, apart, beside].into_iter().find(|path| path.is_file())?;
    let value: Value = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    Some(translated(value))
}

/// The labels of the second set under the names of the first.
fn translated(value: Value) -> Value {
    let mut value = value.as_array().and_then(|list| list.first().cloned()).unwrap_or(value);
    let renames = [
        ("invoice_number", "invoiceNumber"),
        ("date", "issueDate"),
        ("amount", "grandTotal"),
        ("issuer", "sellerName"),
        ("amount_untaxed", "netTotal"),
        ("amount_tax", "taxTotal"),
    ];
    if let Some(map) = value.as_object_mut() {
        for (from, to) in renames {
            if let Some(found) = map.remove(from) {
                map.insert(to.to_owned(), found);
            }
        }
    }
    value
}

fn is_same(kind: Kind, wanted: &Value, found: &Value) -> bool {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let squeezed = |value: &Value| {
        text(value).chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
    };
    match kind {
        Kind::Text => text(wanted) == text(found),
        Kind::Identifier => squeezed(wanted) == squeezed(found),
        Kind::Name => {
            let (a, b) = (squeezed(wanted), squeezed(found));
            a == b || (a.len() >= 4 && b.len() >= 4 && (a.starts_with(&b) || b.starts_with(&a)))
        }
        Kind::Money => match (wanted.as_f64(), found.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() < 0.006,
            _ => false,
        },
    }
}
