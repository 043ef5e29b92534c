//! `GET /api/v1/batch/{id}`

use axum::Json;
use axum::extract::State;
use http::Uri;
use parseflow_model::BatchId;

use super::BatchBody;
use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::parts::Api;
use crate::path_ids::PathIds;
use crate::query::List;

/// Get a batch
///
/// Its progress and one page of its documents, newest first.
#[utoipa::path(get, path = "/api/v1/batch/{id}", tag = "batches", operation_id = "getBatch",
    params(
        ("id" = String, Path, description = "`batch_…`"),
        ("limit" = Option<u32>, Query, description = "1 to 100", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "A `nextCursor` of this batch"),
    ),
    responses((status = 200, body = BatchBody)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
    uri: Uri,
) -> Result<Json<BatchBody>, ApiError> {
    let id: BatchId = ids.get("id", Missing::Batch)?;
    let list = List { name: id.as_str(), account: caller.id() };
    let request = list.page(&uri)?;
    let batch = api.store().batch(caller.id(), &id).await?;
    let batch = batch.ok_or(ApiError::NotFound(Missing::Batch))?;
    let page = api.store().documents(caller.id(), Some(&id), &request).await?;
    Ok(Json(BatchBody::of(&batch, &page.rows, list.next(&page))))
}
