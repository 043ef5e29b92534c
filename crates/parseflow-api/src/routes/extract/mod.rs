//! Reading one document.

pub(crate) mod create;

use utoipa::ToSchema;

/// A document to read.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form in the OpenAPI document")]
pub(crate) struct ExtractForm {
    /// The document, in any of the formats that the documentation lists, detected by its content.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// `auto`, `invoice`, `credit_note`, `receipt`, `contract`, `id_document`, `bank_statement`,
    /// `purchase_order`, `payslip`, `letter` or `form`.
    #[schema(default = "auto")]
    document_type: Option<String>,
    /// ISO 639-1; detected if left out.
    #[schema(pattern = "^[a-z]{2}$", example = "en")]
    language: Option<String>,
    /// Results below this confidence are marked `needsReview`; 0.75 if left out.
    #[schema(minimum = 0, maximum = 1, example = 0.9)]
    review_threshold: Option<f64>,
    /// A JSON Schema of an object, at most 32 KiB: `data` then holds `type` and exactly its properties,
    /// matched by their names, titles and types.
    schema: Option<String>,
    /// What the result holds beside the fields: a list of `fields`, `text` (the whole text as Markdown)
    /// and `tables`, separated by commas.
    #[schema(default = "fields", example = "fields,text,tables")]
    output: Option<String>,
}
