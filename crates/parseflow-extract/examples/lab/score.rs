//! Counts right, wrong and missing values, and whether confidence keeps its word.

use std::collections::BTreeMap;
use std::io::Write;

use parseflow_model::Extraction;
use serde_json::Value;

use crate::label::{Item, Kind, Label, is_same, is_same_item};

/// Fields of the nine whose mean is reported for invoices.
pub(crate) const HEADER: [&str; 9] = [
    "invoiceNumber",
    "invoiceDate",
    "subtotal",
    "tax",
    "total",
    "currency",
    "vendor.name",
    "vendor.taxId",
    "vendor.iban",
];

#[derive(Default, Clone)]
struct Tally {
    right: usize,
    wrong: usize,
    missing: usize,
    /// Values labelled; a list has several.
    wanted: usize,
    /// Confidence of each value given, and whether it was right.
    given: Vec<(f64, bool)>,
}

/// The figures of one set of documents.
#[derive(Default)]
pub(crate) struct Score {
    fields: BTreeMap<String, Tally>,
    documents: Vec<(f64, bool)>,
    kinds: Vec<String>,
    types: (usize, usize),
    confusions: BTreeMap<(String, String), usize>,
    items: (usize, usize, usize),
    outcomes: BTreeMap<String, usize>,
    pages: usize,
    files: usize,
    seconds: Vec<f64>,
    /// Labels left aside because the page does not print their values.
    pub(crate) not_printed: usize,
}

impl Score {
    /// Counts a document that could not be read.
    pub(crate) fn failed(&mut self, code: &str, label: &Label, seconds: f64) {
        self.files += 1;
        self.seconds.push(seconds);
        *self.outcomes.entry(code.to_owned()).or_default() += 1;
        for (path, (kind, wanted)) in &label.values {
            let tally = self.fields.entry(path.clone()).or_default();
            tally.missing += 1;
            tally.wanted += values_in(*kind, wanted);
        }
        self.items.0 += label.items.as_ref().map_or(0, Vec::len);
        self.types.0 += usize::from(label.document_type.is_some());
    }

    /// Compares a result with its labels; returns one line for each difference.
    pub(crate) fn count(&mut self, label: &Label, found: &Extraction, seconds: f64) -> Vec<String> {
        let mut differences = Vec::new();
        self.files += 1;
        self.pages += found.page_count as usize;
        self.seconds.push(seconds);
        let kind = found.document_type.to_string();
        *self.outcomes.entry(kind.clone()).or_default() += 1;
        if let Some(wanted) = &label.document_type {
            self.types.0 += 1;
            if *wanted == kind {
                self.types.1 += 1;
            } else {
                differences.push(format!("type wanted {wanted} found {kind}"));
                *self.confusions.entry((wanted.clone(), kind)).or_default() += 1;
            }
        }
        let data = Value::Object(found.data.clone());
        let mut all_right = true;
        for (path, (kind, wanted)) in &label.values {
            let value =
                data.pointer(&format!("/{}", path.replace('.', "/"))).unwrap_or(&Value::Null);
            let right = is_same_any(*kind, wanted, value);
            let tally = self.fields.entry(path.clone()).or_default();
            tally.wanted += values_in(*kind, wanted);
            match (right, value.is_null()) {
                (true, _) => tally.right += 1,
                (false, true) => tally.missing += 1,
                (false, false) => tally.wrong += 1,
            }
            tally.given.extend(given(found, path, *kind, wanted, right));
            if is_key(path) {
                all_right &= right;
            }
            if !right {
                differences.push(format!("{path} wanted {wanted} found {value}"));
            }
        }
        if label.values.keys().any(|path| is_key(path)) {
            self.documents.push((found.confidence, all_right));
            self.kinds.push(found.document_type.to_string());
        }
        if let Some(items) = &label.items {
            let line = self.count_items(items, &data);
            differences.extend(line);
        }
        differences
    }

    fn count_items(&mut self, wanted: &[Item], data: &Value) -> Option<String> {
        let list = data.get("lineItems").or_else(|| data.get("transactions"));
        let list = list.and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |item: &Value, key: &str| item[key].as_str().map(str::to_owned);
        let mut found: Vec<Item> = list
            .iter()
            .map(|item| Item {
                description: text(item, "description"),
                quantity: item["quantity"].as_f64(),
                amount: item["amount"].as_f64(),
            })
            .collect();
        let given = found.len();
        let mut right = 0;
        let mut lost = Vec::new();
        for item in wanted {
            match found.iter().position(|other| is_same_item(item, other)) {
                Some(at) => {
                    found.remove(at);
                    right += 1;
                }
                None => lost.push(item.clone()),
            }
        }
        self.items.0 += wanted.len();
        self.items.1 += given;
        self.items.2 += right;
        (right < wanted.len() || given > right).then(|| {
            format!("lineItems {right} of {} right, lost {lost:?}, spare {found:?}", wanted.len())
        })
    }

    /// Confidence and rightness of every value given, with its path.
    pub(crate) fn given(&self) -> impl Iterator<Item = (&str, f64, bool)> {
        self.fields.iter().flat_map(|(path, tally)| {
            tally.given.iter().map(move |(confidence, right)| (path.as_str(), *confidence, *right))
        })
    }

    /// Type, confidence and whether the key fields were right, of every document with key fields.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (&str, f64, bool)> {
        let kinds = self.kinds.iter().map(String::as_str);
        kinds.zip(&self.documents).map(|(kind, (confidence, right))| (kind, *confidence, *right))
    }

    /// Share of right values over the nine header fields.
    pub(crate) fn micro(&self) -> Option<f64> {
        let nine = self.fields.iter().filter(|(path, _)| HEADER.contains(&path.as_str()));
        let (right, all) = nine.fold((0, 0), |(right, all), (_, tally)| {
            (right + tally.right, all + tally.right + tally.wrong + tally.missing)
        });
        (all > 0).then(|| right as f64 / all as f64)
    }

    /// Share of right values of one field.
    pub(crate) fn accuracy(&self, path: &str) -> Option<f64> {
        let tally = self.fields.get(path)?;
        let all = tally.right + tally.wrong + tally.missing;
        (all > 0).then(|| tally.right as f64 / all as f64)
    }

    /// Prints everything about the set.
    pub(crate) fn report(&self, name: &str, out: &mut impl Write) -> std::io::Result<()> {
        writeln!(out, "\n== {name}: {} documents, {} pages", self.files, self.pages)?;
        let mut seconds = self.seconds.clone();
        seconds.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let index = ((seconds.len() as f64 - 1.0) * share).round() as usize;
            seconds.get(index).copied().unwrap_or_default() * 1e3
        };
        let total: f64 = seconds.iter().sum();
        writeln!(
            out,
            "time: {:.2} ms a page, a document p50 {:.1} ms, p99 {:.1} ms",
            1e3 * total / self.pages.max(1) as f64,
            at(0.5),
            at(0.99)
        )?;
        writeln!(out, "outcomes: {:?}", self.outcomes)?;
        if self.types.0 > 0 {
            let share = self.types.1 as f64 / self.types.0 as f64;
            writeln!(out, "document type: {share:.3} of {}", self.types.0)?;
            for ((wanted, found), count) in &self.confusions {
                writeln!(out, "  {wanted} taken for {found}: {count}")?;
            }
        }
        if !self.fields.is_empty() {
            writeln!(out, "| field | right | precision | given | labels | ECE |")?;
            writeln!(out, "|---|---|---|---|---|---|")?;
        }
        for (path, tally) in &self.fields {
            let all = tally.right + tally.wrong + tally.missing;
            let given = (tally.right + tally.wrong).max(1);
            writeln!(
                out,
                "| {path} | {:.3} | {:.3} | {:.3} | {all} | {:.3} |",
                tally.right as f64 / all as f64,
                tally.right as f64 / given as f64,
                (tally.right + tally.wrong) as f64 / all as f64,
                calibration_error(&tally.given)
            )?;
        }
        self.report_sums(out)
    }

    fn report_sums(&self, out: &mut impl Write) -> std::io::Result<()> {
        if self.not_printed > 0 {
            writeln!(out, "labels that the page does not print, left aside: {}", self.not_printed)?;
        }
        if let Some(micro) = self.micro() {
            writeln!(out, "nine header fields together: {micro:.3}")?;
        }
        let (wanted, given, right) = self.items;
        if wanted > 0 {
            let recall = right as f64 / wanted as f64;
            let precision = right as f64 / given.max(1) as f64;
            let f1 = 2.0 * recall * precision / (recall + precision).max(1e-9);
            writeln!(
                out,
                "line items: F1 {f1:.3} ({right} right of {wanted} wanted, {given} given)"
            )?;
        }
        let given: Vec<(f64, bool)> =
            self.fields.values().flat_map(|tally| tally.given.clone()).collect();
        if !given.is_empty() {
            let labels: usize = self.fields.values().map(|tally| tally.wanted).sum();
            let sure: Vec<_> = given.iter().filter(|(confidence, _)| *confidence >= 0.95).collect();
            let right = sure.iter().filter(|(_, right)| *right).count();
            writeln!(
                out,
                "confidence: ECE {:.3}; at 0.95 and more {} values ({:.2} of the labels), right {:.3}",
                calibration_error(&given),
                sure.len(),
                sure.len() as f64 / labels.max(1) as f64,
                right as f64 / sure.len().max(1) as f64
            )?;
            for tenth in 0..10 {
                let inside: Vec<_> = given.iter().filter(|(c, _)| bin_of(*c) == tenth).collect();
                if !inside.is_empty() {
                    let right = inside.iter().filter(|(_, right)| *right).count();
                    writeln!(
                        out,
                        "  {:.1} to {:.1}: {} values, right {:.3}",
                        tenth as f64 / 10.0,
                        (tenth + 1) as f64 / 10.0,
                        inside.len(),
                        right as f64 / inside.len() as f64
                    )?;
                }
            }
        }
        if !self.documents.is_empty() {
            writeln!(
                out,
                "documents: key fields all right in {:.3}, ECE of the document's confidence {:.3}",
                self.documents.iter().filter(|(_, right)| *right).count() as f64
                    / self.documents.len() as f64,
                calibration_error(&self.documents)
            )?;
        }
        Ok(())
    }
}

/// How many values a label wants: none, one, or those of a list.
fn values_in(kind: Kind, wanted: &Value) -> usize {
    match wanted {
        Value::Null => 0,
        Value::Array(list) if kind != Kind::OneOf => list.len(),
        _ => 1,
    }
}

/// Confidence and rightness of what was given at a path. Each value of a list has its own: it is right when
/// it is any of those wanted.
fn given(
    found: &Extraction,
    path: &str,
    kind: Kind,
    wanted: &Value,
    right: bool,
) -> Vec<(f64, bool)> {
    let of_list = format!("{path}[");
    let is_wanted = |value: &Value| match wanted {
        Value::Array(wanted) if kind != Kind::OneOf => {
            wanted.iter().any(|wanted| is_same_any(kind, wanted, value))
        }
        wanted => is_same_any(kind, wanted, value),
    };
    let fields = found.fields.iter().filter_map(|field| {
        if field.name == path {
            return Some((field.confidence, right));
        }
        field.name.starts_with(&of_list).then(|| (field.confidence, is_wanted(&field.value)))
    });
    fields.collect()
}

/// Fields without which a result is of no use.
pub(crate) fn is_key(path: &str) -> bool {
    matches!(
        path,
        "invoiceNumber"
            | "invoiceDate"
            | "total"
            | "merchant.name"
            | "date"
            | "closingBalance"
            | "documentNumber"
            | "parties"
            | "effectiveDate"
            | "term"
            | "governingLaw"
    )
}

/// A list of right answers is met by one of them; a list found by one that is right.
pub(crate) fn is_same_any(kind: Kind, wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        (Value::Array(wanted), Value::Array(found)) if kind != Kind::OneOf => {
            wanted.iter().all(|wanted| found.iter().any(|found| is_same_any(kind, wanted, found)))
        }
        (wanted, Value::Object(found)) => {
            found.get("name").is_some_and(|found| is_same(kind, wanted, found))
        }
        (wanted, found) => is_same(kind, wanted, found),
    }
}

fn bin_of(confidence: f64) -> usize {
    ((confidence * 10.0) as usize).min(9)
}

/// Expected calibration error over ten bins of equal width.
fn calibration_error(given: &[(f64, bool)]) -> f64 {
    let mut error = 0.0;
    for tenth in 0..10 {
        let inside: Vec<_> = given.iter().filter(|(c, _)| bin_of(*c) == tenth).collect();
        let count = inside.len() as f64;
        if count > 0.0 {
            let mean = inside.iter().map(|(confidence, _)| confidence).sum::<f64>() / count;
            let right = inside.iter().filter(|(_, right)| *right).count() as f64 / count;
            error += count / given.len() as f64 * (mean - right).abs();
        }
    }
    error
}
