//! `DELETE /api/session`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, Method, StatusCode};

use crate::error::ApiError;
use crate::parts::Api;
use crate::session::{Session, ended_cookie};

/// Sign out
///
/// Takes the cookie away from the browser. Without a session there is nothing to do, which is done.
#[utoipa::path(delete, path = "/api/session", tag = "account", operation_id = "signOut",
    security(("SessionCookie" = [])),
    responses(
        (status = 204, description = "Signed out"),
        (status = 403, description = "`csrf_token_invalid`"),
    ))]
pub(crate) async fn end(
    State(api): State<Api>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Ok(Some(session)) = Session::of(&headers, &api.parts.vault, api.now()) {
        session.permits(&method, &headers)?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(SET_COOKIE, ended_cookie(api.is_served_over_https()));
    Ok(response)
}
