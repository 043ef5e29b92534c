//! `POST /api/v1/demo`

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use http::Extensions;
use parseflow_extract::ExtractOptions;
use parseflow_model::{DocumentFailure, ExtractionWarning, Field, Table};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::address_rate;
use crate::error::ApiError;
use crate::idempotency::Head;
use crate::names::DocumentKind;
use crate::parts::Api;
use crate::routes::documents::{ExtractedField, ExtractedTable, Metadata, Warning};
use crate::routes::extract::ExtractForm;
use crate::upload;

/// The result of a demo: like that of `/api/v1/extract`, but nothing is stored, so it has no id.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DemoResult {
    /// Always `completed`.
    status: &'static str,
    /// What the document is.
    #[schema(example = "invoice")]
    #[schema(value_type = DocumentKind)]
    document_type: &'static str,
    /// Probability that the type and the key fields are right, 0 to 1.
    confidence: f64,
    /// The fields, shaped by `type`.
    #[schema(value_type = Object)]
    data: Map<String, Value>,
    metadata: Metadata,
    /// Time spent reading.
    processing_time_ms: u64,
    /// ISO 639-1, where it could be told.
    language: Option<String>,
    page_count: u32,
    #[schema(value_type = Vec<Warning>)]
    warnings: Vec<ExtractionWarning>,
    /// Whether a person should look at the result.
    needs_review: bool,
    #[schema(value_type = Vec<ExtractedField>)]
    fields: Vec<Field>,
    /// The whole text as Markdown, where `output` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The tables, where `output` asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ExtractedTable>>)]
    tables: Option<Vec<Table>>,
}

/// Try the extraction without a key
///
/// One document up to 2 MB, limited by address. Nothing is stored and no event is fired.
#[utoipa::path(post, path = "/api/v1/demo", tag = "documents", operation_id = "demo",
    request_body(content = ExtractForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = DemoResult),
                (status = 429, description = "`rate_limited`"),
        (status = 503, description = "`demo_busy`"),
        (status = 504, description = "`timeout`: reading the document took too long"),
    ))]
pub(crate) async fn create(
    State(api): State<Api>,
    extensions: Extensions,
    head: Head,
    body: Body,
) -> Result<Json<DemoResult>, ApiError> {
    let settings = api.settings();
    address_rate::check(&api.demo_rates, &extensions, settings.demo_per_minute)?;
    let upload = upload::one_document(&api, &head, body, settings.demo_bytes_max).await?;
    let slots = std::sync::Arc::clone(&api.demo_slots);
    let _slot = slots.try_acquire_owned().map_err(|_| ApiError::DemoBusy)?;
    let metadata = Metadata::from(&upload.meta);
    let started = api.now();
    let options = ExtractOptions {
        document_type: upload.options.requested,
        language: upload.options.language,
        wishes: upload.options.wishes,
        bytes_max: settings.demo_bytes_max,
        ..ExtractOptions::default()
    };
    let (bytes, _memory) = upload.file.into_parts();
    // Dropping it ends the work on the document.
    let reading = api.parts.reader.read(bytes, options);
    let found = match tokio::time::timeout(settings.demo_deadline, reading).await {
        Ok(found) => found.map_err(|failure| ApiError::DocumentFailed { id: None, failure })?,
        Err(_) => return Err(failed("timeout", "Reading the document took too long.".to_owned())),
    };
    let spent = api.now().since(started);
    Ok(Json(DemoResult {
        status: "completed",
        document_type: found.document_type.as_str(),
        confidence: found.confidence,
        data: found.data,
        metadata,
        processing_time_ms: u64::try_from(spent.as_millis()).unwrap_or(u64::MAX),
        language: found.language,
        page_count: found.page_count,
        warnings: found.warnings,
        needs_review: found.needs_review,
        fields: found.fields,
        text: found.text,
        tables: found.tables,
    }))
}

fn failed(code: &str, message: String) -> ApiError {
    let failure = DocumentFailure { code: code.to_owned(), message };
    ApiError::DocumentFailed { id: None, failure }
}
