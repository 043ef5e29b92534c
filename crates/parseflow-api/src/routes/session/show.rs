//! `GET /api/session`

use axum::Json;
use axum::extract::State;
use http::HeaderMap;

use super::SessionBody;
use crate::error::ApiError;
use crate::parts::Api;
use crate::session::Session;

/// Show who is signed in
///
/// The same answer as to the sign-in. Only the cookie counts here, not a key.
#[utoipa::path(get, path = "/api/session", tag = "account", operation_id = "getSession",
    security(("SessionCookie" = [])),
    responses(
        (status = 200, body = SessionBody),
        (status = 401, description = "`no_session`"),
        (status = 503, description = "`store_unavailable`, `store_closed`"),
    ))]
pub(crate) async fn show(
    State(api): State<Api>,
    headers: HeaderMap,
) -> Result<Json<SessionBody>, ApiError> {
    let session = Session::of(&headers, &api.parts.vault, api.now())?;
    let session = session.ok_or(ApiError::NoSession)?;
    let found = api.store().key_by_hash(&session.key_hash).await?;
    let (_, account) = found.ok_or(ApiError::NoSession)?;
    Ok(Json(SessionBody::new(&account, &session)))
}
