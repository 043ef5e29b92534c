//! `GET /api/v1/keys`

use axum::Json;
use axum::extract::State;
use http::Uri;
use parseflow_model::ApiKey;
use serde::Serialize;
use utoipa::ToSchema;

use super::{mode_name, scopes_of};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::names::{KeyModeName, ScopeName};
use crate::parts::Api;
use crate::query::List;

/// A key, without the key itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Key)]
pub(crate) struct KeyRow {
    #[schema(pattern = "^key_[a-z0-9]{16}$")]
    id: String,
    name: String,
    #[schema(value_type = Vec<ScopeName>)]
    scopes: Vec<&'static str>,
    /// `live` or `test`.
    #[schema(value_type = KeyModeName)]
    mode: &'static str,
    #[schema(format = DateTime)]
    created_at: String,
    /// The key's last four characters.
    hint: String,
}

impl KeyRow {
    fn of(key: &ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            scopes: scopes_of(key),
            mode: mode_name(key.mode),
            created_at: key.created_at.to_string(),
            hint: key.hint.clone(),
        }
    }
}

/// One page of keys.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyPage {
    keys: Vec<KeyRow>,
    /// Where the next page starts; null on the last one.
    next_cursor: Option<String>,
}

/// List API keys
///
/// Active ones, newest first, never with the key itself.
#[utoipa::path(get, path = "/api/v1/keys", tag = "account", operation_id = "listKeys",
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "A `nextCursor` of this list"),
    ),
    responses((status = 200, body = KeyPage)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<KeyPage>, ApiError> {
    let list = List { name: "keys", account: caller.id() };
    let page = api.store().keys(caller.id(), &list.page(&uri)?).await?;
    Ok(Json(KeyPage {
        next_cursor: list.next(&page),
        keys: page.rows.iter().map(KeyRow::of).collect(),
    }))
}
