//! `GET /api/v1/documents/{id}`

use axum::Json;
use axum::extract::State;

use super::DocumentBody;
use crate::auth::Caller;
use crate::error::{ApiError, Missing};
use crate::parts::Api;
use crate::path_ids::PathIds;

/// Get a document
///
/// With its full result once it is completed, with its error once it has failed.
#[utoipa::path(get, path = "/api/v1/documents/{id}", tag = "documents",
    operation_id = "getDocument",
    params(("id" = String, Path, description = "`ext_…`")),
    responses((status = 200, body = DocumentBody)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    ids: PathIds,
) -> Result<Json<DocumentBody>, ApiError> {
    let id = ids.get("id", Missing::Document)?;
    let document = api.store().document(caller.id(), &id).await?;
    let document = document.ok_or(ApiError::NotFound(Missing::Document))?;
    Ok(Json(DocumentBody::of(document)))
}
