//! `POST /api/v1/keys`

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use parseflow_accounts::api_key;
use parseflow_model::{AccountId, ApiKey, KeyId, KeyMode, Scope};
use serde_json::Value;
use utoipa::ToSchema;

use super::{CreatedKey, NAME_CHARS_MAX};
use crate::auth::Caller;
use crate::body;
use crate::error::ApiError;
use crate::idempotency::{Head, Once};
use crate::members::Members;
use crate::names::{KeyModeName, ScopeName};
use crate::parts::{Api, Edge};

/// A key to make.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct NewKey {
    /// A label to recognise it by.
    #[schema(example = "pipeline", max_length = 100)]
    name: String,
    /// What it may do beyond the ordinary API: `events:write`.
    #[schema(value_type = Option<Vec<ScopeName>>, example = json!(["events:write"]))]
    scopes: Option<Vec<String>>,
    /// `live` or `test`; events caused with a test key carry `"test": true`.
    #[schema(value_type = Option<KeyModeName>, default = "live")]
    mode: Option<String>,
}

/// Create an API key
///
/// The key is shown once. Any key of the account may create others, with any scope.
#[utoipa::path(post, path = "/api/v1/keys", tag = "account", operation_id = "createKey",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request repeatable")),
    request_body = NewKey,
    responses(
        (status = 201, body = CreatedKey),
        (status = 409, description = "`key_limit_reached`, `idempotency_in_flight`"),
        (status = 422, description = "`idempotency_key_reused`"),
    ))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    head: Head,
    body: Body,
) -> Result<Response, ApiError> {
    let body = body::json(&api, &head.headers, body).await?;
    let once = Once::of(&api, &caller, &head, &body.bytes)?;
    once.run(make(Api::clone(&api), caller, body.value)).await
}

async fn make(api: Api, caller: Caller, body: Value) -> Result<Response, ApiError> {
    let mut members = Members::of(&body, &["name", "scopes", "mode"])?;
    let name = members.required_text("name", NAME_CHARS_MAX).unwrap_or_default().trim().to_owned();
    if name.is_empty() && members.value("name").is_some_and(Value::is_string) {
        members.refuse("name", "must not be empty");
    }
    let scopes = scopes(&mut members);
    let mode = match members.text("mode", 10) {
        None | Some("live") => KeyMode::Live,
        Some("test") => KeyMode::Test,
        Some(_) => {
            members.refuse("mode", "is not known; known are live, test");
            KeyMode::Live
        }
    };
    members.finish()?;
    let (stored, key) = new_key(&api, &caller.account.id, name, mode, scopes);
    let created = CreatedKey::new(&stored, key);
    let max = api.settings().keys_max;
    if !api.store().create_key(stored, max).await? {
        return Err(ApiError::KeyLimitReached { max });
    }
    Ok((StatusCode::CREATED, Json(created)).into_response())
}

fn scopes(members: &mut Members<'_>) -> BTreeSet<Scope> {
    let mut scopes = BTreeSet::new();
    for (index, text) in members.texts("scopes").unwrap_or_default().iter().enumerate() {
        match text.parse() {
            Ok(scope) => {
                scopes.insert(scope);
            }
            Err(error) => {
                let error: parseflow_model::UnknownName = error;
                members.refuse_item(
                    "scopes",
                    index,
                    format!("is not known; known are {}", error.known),
                );
            }
        }
    }
    scopes
}

/// A key as stored, and the key itself.
pub(crate) fn new_key(
    api: &Edge,
    account: &AccountId,
    name: String,
    mode: KeyMode,
    scopes: BTreeSet<Scope>,
) -> (ApiKey, String) {
    let key = api_key::generate(api.dice(), mode);
    let stored = ApiKey {
        id: KeyId::random(api.dice()),
        account: account.clone(),
        name,
        hash: api_key::hash(&key),
        hint: api_key::hint(&key),
        mode,
        scopes,
        created_at: api.now(),
        revoked_at: None,
    };
    (stored, key)
}
