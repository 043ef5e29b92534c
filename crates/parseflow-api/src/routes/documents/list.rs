//! `GET /api/v1/documents`

use axum::Json;
use axum::extract::State;
use http::Uri;
use serde::Serialize;
use utoipa::ToSchema;

use super::DocumentRow;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::parts::Api;
use crate::query::List;

/// One page of documents.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentPage {
    documents: Vec<DocumentRow>,
    /// Where the next page starts; null on the last one.
    next_cursor: Option<String>,
}

/// List documents
///
/// Newest first, without their fields.
#[utoipa::path(get, path = "/api/v1/documents", tag = "documents", operation_id = "listDocuments",
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "A `nextCursor` of this list"),
    ),
    responses((status = 200, body = DocumentPage)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<DocumentPage>, ApiError> {
    let list = List { name: "documents", account: caller.id() };
    let page = api.store().documents(caller.id(), None, &list.page(&uri)?).await?;
    Ok(Json(DocumentPage {
        next_cursor: list.next(&page),
        documents: page.rows.iter().map(DocumentRow::of).collect(),
    }))
}
