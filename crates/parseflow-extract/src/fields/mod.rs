//! Pages to [`Extraction`]: classification, then the reader of that type.

#[cfg(feature = "lab")]
pub(crate) mod ballots;
mod blocks;
mod calibrate;
mod contract;
mod country;
mod currency;
mod dates;
mod doc;
mod header;
mod identity;
mod invoice;
mod items;
mod merchant;
mod misspelt;
mod numbers;
mod out;
mod parties;
mod party_guess;
mod printed;
mod prose;
pub(crate) mod rank;
mod receipt;
mod recipient;
mod return_address;
mod slip_total;
mod statement;
mod sums;
mod table;
mod top_lines;
mod totals;

use parseflow_model::{DocumentType, Extraction, ExtractionWarning, Field, RequestedType};
use serde_json::{Map, Value};

use crate::classify::classify;
use crate::language::language_of;
use crate::layout::Page;
use crate::lexicon::Label;
use crate::{ExtractOptions, warning};
#[cfg(feature = "lab")]
pub(crate) use calibrate::{group_of, shipped};
#[cfg(feature = "lab")]
pub(crate) use contract::judged;
use doc::Candidate;
pub(crate) use doc::Doc;
pub(crate) use out::{decimal, rounded};
pub(crate) use printed::Printed;

/// Results below this confidence should be looked at by a person.
const REVIEW_BELOW: f64 = 0.75;

/// What the reader of one type returns.
struct Reading {
    data: Map<String, Value>,
    fields: Vec<Field>,
    warnings: Vec<ExtractionWarning>,
    /// Of the key fields, before the type's own probability.
    confidence: f64,
    totals_disagree: bool,
}

/// A statement whose transactions lead from one balance to the other, a paper that says who
/// was born when and until when it holds, or a licence with numbered facts, whatever the title says.
fn proved_by_content(doc: &Doc<'_>, ranked: &[(DocumentType, f64)]) -> Option<(DocumentType, f64)> {
    match ranked[0].0 {
        DocumentType::BankStatement | DocumentType::IdDocument => None,
        DocumentType::Other if identity::is_paper(doc) => Some((DocumentType::IdDocument, 0.95)),
        _ if identity::is_licence(doc) => Some((DocumentType::IdDocument, 0.97)),
        _ => statement::adds_up(doc).then_some((DocumentType::BankStatement, 0.97)),
    }
}

fn text_value(candidate: Candidate<String>) -> Candidate<Value> {
    candidate.map(Value::from)
}

/// What was found on pages.
pub(crate) struct Found {
    pub(crate) extraction: Extraction,
    /// It is a bill or a receipt, and does not say whose.
    pub(crate) lacks_sender: bool,
}

/// Classifies and reads the pages.
pub(crate) fn extract_fields(
    pages: &[Page],
    media_type: &str,
    options: &ExtractOptions,
    mut warnings: Vec<ExtractionWarning>,
) -> Found {
    let language = options.language.clone().or_else(|| language_of(pages).map(str::to_owned));
    let doc = Doc::new(pages, language.as_deref());
    let ranked = classify(&doc.rows);
    let (detected, probability) = slip_among_bills(pages, &doc, &ranked)
        .or_else(|| bill_among_letters(&doc, &ranked))
        .or_else(|| proved_by_content(&doc, &ranked))
        .unwrap_or(ranked[0]);
    let (document_type, probability) = match options.document_type {
        RequestedType::Auto => (detected, probability),
        RequestedType::Is(kind) if kind == detected => (kind, 1.0),
        RequestedType::Is(kind) => {
            warnings.push(warning(
                "type_disagrees",
                "The document does not look like the type it was asked to be read as.",
            ));
            (kind, 0.6)
        }
    };
    let mut reading = match document_type {
        DocumentType::Invoice | DocumentType::CreditNote | DocumentType::PurchaseOrder => {
            invoice::read(&doc, document_type)
        }
        DocumentType::Receipt => receipt::read(&doc),
        DocumentType::Contract => contract::read(&doc),
        DocumentType::IdDocument => identity::read(&doc),
        DocumentType::BankStatement => statement::read(&doc),
        other => only_type(other, probability),
    };
    warnings.extend(reading.warnings);
    calibrate::calibrate(&mut reading.fields);
    // A likely type costs next to nothing, a doubtful one as much as it is in doubt.
    let raw = reading.confidence * (0.5 + 0.5 * probability).min(1.0);
    let confidence = rounded(calibrate::calibrated(&format!("document.{document_type}"), raw));
    let mut extraction = Extraction {
        document_type,
        confidence,
        data: reading.data,
        fields: reading.fields,
        warnings,
        needs_review: reading.totals_disagree,
        mime_type: media_type.to_owned(),
        language,
        page_count: pages.len().try_into().unwrap_or(u32::MAX),
        text: None,
        tables: None,
        printed: Vec::new(),
    };
    let lacks_sender = lacks_sender(&extraction.data);
    finish(&mut extraction, Some(&doc), options);
    Found { extraction, lacks_sender }
}

/// Whether it is a bill or a receipt of nobody that is named.
fn lacks_sender(data: &Map<String, Value>) -> bool {
    let name_of = |party| data.get(party).and_then(|party| party.get("name"));
    ["vendor", "merchant"].into_iter().filter_map(name_of).any(Value::is_null)
}

/// Puts the result into the caller's own shape and decides whether a person should look at it.
pub(crate) fn finish(extraction: &mut Extraction, doc: Option<&Doc<'_>>, options: &ExtractOptions) {
    if let Some(schema) = &options.wishes.schema {
        crate::schema::fill(extraction, doc, schema);
    }
    let threshold = options.wishes.review_threshold.unwrap_or(REVIEW_BELOW);
    extraction.needs_review |= extraction.confidence < threshold;
}

/// Tills print invoices on slips: a single page much higher than paper of any office, with short lines, is a
/// receipt. Web pages printed in one piece are as high, but their lines are long.
fn slip_among_bills(
    pages: &[Page],
    doc: &Doc<'_>,
    ranked: &[(DocumentType, f64)],
) -> Option<(DocumentType, f64)> {
    const SLIP: f64 = 1.55;
    const ENOUGH: f64 = 0.000_2;
    const LIKELY: f64 = 0.01;
    /// Characters of print that fit side by side on the roll of a till.
    const SLIP_CHARS: f64 = 70.0;
    let [page] = pages else { return None };
    let left = doc.rows.iter().map(|row| row.bounds.x0).fold(f64::MAX, f64::min);
    let right = doc.rows.iter().map(|row| row.bounds.x1).fold(0.0, f64::max);
    let chars = (right - left) / (0.5 * doc.usual_size()).max(0.1);
    let is_slip = page.has_geometry && page.height > SLIP * page.width && chars < SLIP_CHARS;
    let (first, share) = *ranked.first()?;
    let is_bill = matches!(first, DocumentType::Invoice | DocumentType::CreditNote);
    // A slip with a sum is a receipt, whatever it calls itself.
    let has_sum = || {
        let sums = doc.hits_of(Label::Total).chain(doc.hits_of(Label::AmountDue));
        let mut rows = sums.map(|hit| &doc.numbers[hit.row]);
        rows.any(|row| row.iter().flatten().any(|span| span.value.looks_like_money()))
    };
    if is_slip && first == DocumentType::Other && has_sum() {
        return Some((DocumentType::Receipt, 0.8));
    }
    let receipt = ranked.iter().find(|(kind, _)| *kind == DocumentType::Receipt)?;
    // A slip that lay on the glass of a scanner for larger paper.
    let top = doc.rows.iter().map(|row| row.bounds.y0).fold(f64::MAX, f64::min);
    let bottom = doc.rows.iter().map(|row| row.bounds.y1).fold(0.0, f64::max);
    let is_narrow = page.has_geometry && bottom - top > SLIP * (right - left) && chars < SLIP_CHARS;
    let is_likely = is_slip && receipt.1 > ENOUGH || is_narrow && receipt.1 > LIKELY;
    (is_bill && is_likely).then_some((DocumentType::Receipt, share.max(0.7)))
}

/// Bills are sent as letters and forms too: where one is the next likely type and its number and sums
/// are all there, it is that.
fn bill_among_letters(
    doc: &Doc<'_>,
    ranked: &[(DocumentType, f64)],
) -> Option<(DocumentType, f64)> {
    const ENOUGH: f64 = 0.01;
    let first = ranked.first()?.0;
    if !matches!(
        first,
        DocumentType::Letter | DocumentType::Form | DocumentType::Other | DocumentType::Contract
    ) {
        return None;
    }
    let bill = ranked.iter().find(|(kind, share)| {
        matches!(kind, DocumentType::Invoice | DocumentType::CreditNote) && *share > ENOUGH
    })?;
    let reading = invoice::read(doc, bill.0);
    let has = |name: &str| {
        reading.fields.iter().any(|field| field.name == name && field.confidence > 0.5)
    };
    let complete = has("total") && has("invoiceDate") && (has("invoiceNumber") || has("tax"));
    complete.then_some((bill.0, 0.6))
}

/// Types whose fields this version does not read: the type alone, and how sure it is.
fn only_type(kind: DocumentType, probability: f64) -> Reading {
    let mut data = Map::new();
    data.insert("type".to_owned(), kind.as_str().into());
    let warnings = match kind {
        DocumentType::Other => vec![warning(
            "type_unknown",
            "The text was read, but the kind of document is not known.",
        )],
        _ => vec![warning(
            "fields_not_read",
            "This version tells the type of such documents and does not read their fields.",
        )],
    };
    Reading { data, fields: Vec::new(), warnings, confidence: probability, totals_disagree: false }
}
