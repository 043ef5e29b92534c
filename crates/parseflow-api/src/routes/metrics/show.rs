//! `GET /metrics`

use std::sync::PoisonError;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use prometheus_client::encoding::text::encode;

use crate::error::ApiError;
use crate::parts::Api;

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Metrics
///
/// In the OpenMetrics text format. Holds no names of accounts, endpoints or documents.
#[utoipa::path(get, path = "/metrics", tag = "operating", operation_id = "getMetrics",
    responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
pub(crate) async fn show(State(api): State<Api>) -> Result<Response, ApiError> {
    let figures = api.store().figures().await?;
    api.metrics.set_figures(&figures);
    let mut text = String::new();
    {
        let registry = api.parts.registry.lock().unwrap_or_else(PoisonError::into_inner);
        // Writing to a string does not fail.
        let _ = encode(&mut text, &registry);
    }
    Ok(([(CONTENT_TYPE, OPENMETRICS)], text).into_response())
}
