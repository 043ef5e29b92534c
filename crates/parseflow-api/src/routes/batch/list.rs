//! `GET /api/v1/batch`

use axum::Json;
use axum::extract::State;
use http::Uri;
use serde::Serialize;
use utoipa::ToSchema;

use super::BatchRow;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::parts::Api;
use crate::query::List;

/// One page of batches.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchPage {
    batches: Vec<BatchRow>,
    /// Where the next page starts; null on the last one.
    next_cursor: Option<String>,
}

/// List batches
///
/// Newest first, without their documents.
#[utoipa::path(get, path = "/api/v1/batch", tag = "batches", operation_id = "listBatches",
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "A `nextCursor` of this list"),
    ),
    responses((status = 200, body = BatchPage)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<BatchPage>, ApiError> {
    let list = List { name: "batches", account: caller.id() };
    let page = api.store().batches(caller.id(), &list.page(&uri)?).await?;
    Ok(Json(BatchPage {
        next_cursor: list.next(&page),
        batches: page.rows.iter().map(BatchRow::of).collect(),
    }))
}
