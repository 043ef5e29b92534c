//! Pages to [`Extraction`]: classification, then the reader of that type.

mod blocks;
mod contract;
mod currency;
mod doc;
mod header;
mod identity;
mod invoice;
mod items;
mod out;
mod parties;
mod party_guess;
mod printed;
mod prose;
mod receipt;
mod statement;
mod table;
mod totals;

use parseflow_model::{DocumentType, Extraction, ExtractionWarning, Field, RequestedType};
use serde_json::{Map, Value};

use crate::classify::classify;
use crate::language::language_of;
use crate::layout::Page;
use crate::{ExtractOptions, warning};
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

fn text_value(candidate: Candidate<String>) -> Candidate<Value> {
    candidate.map(Value::from)
}

/// Classifies and reads the pages.
pub(crate) fn extract_fields(
    pages: &[Page],
    media_type: &str,
    options: &ExtractOptions,
    mut warnings: Vec<ExtractionWarning>,
) -> Extraction {
    let language = options.language.clone().or_else(|| language_of(pages).map(str::to_owned));
    let doc = Doc::new(pages, language.as_deref());
    let (detected, probability) = classify(&doc.rows);
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
    let reading = match document_type {
        DocumentType::Invoice | DocumentType::CreditNote => invoice::read(&doc),
        DocumentType::Receipt => receipt::read(&doc),
        DocumentType::Contract => contract::read(&doc),
        DocumentType::IdDocument => identity::read(&doc),
        DocumentType::BankStatement => statement::read(&doc),
        other => only_type(other, probability),
    };
    warnings.extend(reading.warnings);
    // A likely type costs next to nothing, a doubtful one as much as it is in doubt.
    let confidence = rounded(reading.confidence * (0.5 + 0.5 * probability).min(1.0));
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
    };
    finish(&mut extraction, Some(&doc), options);
    extraction
}

/// Puts the result into the caller's own shape and decides whether a person should look at it.
pub(crate) fn finish(extraction: &mut Extraction, doc: Option<&Doc<'_>>, options: &ExtractOptions) {
    if let Some(schema) = &options.wishes.schema {
        crate::schema::fill(extraction, doc, schema);
    }
    let threshold = options.wishes.review_threshold.unwrap_or(REVIEW_BELOW);
    extraction.needs_review |= extraction.confidence < threshold;
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
