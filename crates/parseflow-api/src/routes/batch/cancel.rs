//! `POST /api/v1/batch/{id}/cancel`

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use parseflow_model::BatchId;
use parseflow_store::BatchCancel;

use super::BatchRow;
use crate::auth::Caller;
use crate::body;
use crate::error::{ApiError, Missing};
use crate::idempotency::{Head, Once};
use crate::members::Members;
use crate::parts::Api;
use crate::path_ids::PathIds;

/// Cancel a batch
///
/// Documents not read yet are cancelled; `batch.failed` with the code `cancelled` tells of it.
#[utoipa::path(post, path = "/api/v1/batch/{id}/cancel", tag = "batches",
    operation_id = "cancelBatch",
    params(
        ("id" = String, Path, description = "`batch_…`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request repeatable"),
    ),
    responses(
        (status = 200, body = BatchRow),
        (status = 409, description = "`batch_ended`, `idempotency_in_flight`"),
        (status = 422, description = "`idempotency_key_reused`"),
    ))]
pub(crate) async fn cancel(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    let id: BatchId = ids.get("id", Missing::Batch)?;
    let body = body::optional_json(&api, &head.headers, body).await?;
    Members::of(&body.value, &[])?.finish()?;
    let once = Once::of(&api, &caller, &head, &body.bytes)?;
    let work = {
        let api = Api::clone(&api);
        async move {
            match api.store().cancel_batch(&caller.account.id, &id, api.now()).await? {
                BatchCancel::Cancelled(batch) => Ok(Json(BatchRow::of(&batch)).into_response()),
                BatchCancel::AlreadyEnded(_) => Err(ApiError::BatchEnded),
                BatchCancel::NotFound => Err(ApiError::NotFound(Missing::Batch)),
            }
        }
    };
    once.run(work).await
}
