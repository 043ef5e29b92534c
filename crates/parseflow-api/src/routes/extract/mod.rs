//! Reading one document.

pub(crate) mod create;

use utoipa::ToSchema;

/// A document to read.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form in the OpenAPI document")]
pub(crate) struct ExtractForm {
    /// The document: PDF with text, plain text or e-mail, detected by its content.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// `auto`, `invoice`, `credit_note`, `receipt`, `contract`, `id_document`, `bank_statement`,
    /// `purchase_order`, `payslip`, `letter` or `form`.
    #[schema(default = "auto")]
    document_type: Option<String>,
    /// ISO 639-1; detected if left out.
    #[schema(pattern = "^[a-z]{2}$", example = "en")]
    language: Option<String>,
}
