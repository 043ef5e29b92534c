//! `POST /api/session`

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::Extensions;
use http::header::SET_COOKIE;
use parseflow_accounts::api_key;
use utoipa::ToSchema;

use super::SessionBody;
use crate::address_rate;
use crate::body;
use crate::error::ApiError;
use crate::idempotency::Head;
use crate::members::Members;
use crate::parts::Api;
use crate::session::Session;

/// Longer than any key.
const KEY_CHARS_MAX: usize = 200;

/// The key to sign in with.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct SignIn {
    /// An API key of the account.
    #[schema(
        example = "dm_live_0123456789abcdef0123456789abcdef0123456789abcdef",
        max_length = 200
    )]
    api_key: String,
}

/// Sign in
///
/// For browsers: sets the cookie `parseflow_session`, which every route takes in place of the key
/// for twelve hours, or until the key is revoked. One address may give a few wrong keys a minute.
#[utoipa::path(post, path = "/api/session", tag = "account", operation_id = "signIn",
    request_body = SignIn,
    responses(
        (status = 200, body = SessionBody,
            headers(("Set-Cookie" = String, description = "`parseflow_session`"))),
        (status = 401, description = "`invalid_api_key`"),
        (status = 429, description = "`rate_limited`"),
        (status = 503, description = "`store_unavailable`, `store_closed`"),
    ))]
pub(crate) async fn begin(
    State(api): State<Api>,
    extensions: Extensions,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    let body = body::json(&api, &head.headers, body).await?;
    let mut members = Members::of(&body.value, &["apiKey"])?;
    let key = members.required_text("apiKey", KEY_CHARS_MAX).map(str::trim).unwrap_or_default();
    members.finish()?;

    let per_minute = api.settings().wrong_keys_per_minute;
    let taken = address_rate::take(&api.sign_in_rates, &extensions, per_minute)?;
    let hash = api_key::hash(key);
    let found = match api_key::mode_of(key) {
        Some(_) => api.store().key_by_hash(&hash).await?,
        None => None,
    };
    let (_, account) = found.ok_or(ApiError::InvalidApiKey)?;
    taken.give_back();

    let session = Session::begin(hash, api.dice(), api.now());
    let cookie = session.cookie(&api.parts.vault, api.dice(), api.is_served_over_https());
    let mut response = Json(SessionBody::new(&account, &session)).into_response();
    response.headers_mut().insert(SET_COOKIE, cookie);
    Ok(response)
}
