//! `POST /api/auth/register`

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use http::{Extensions, StatusCode};
use parseflow_model::{Account, AccountId, KeyMode, Plan};
use parseflow_store::NewAccount;
use serde::Serialize;
use utoipa::ToSchema;

use crate::address_rate;
use crate::body;
use crate::error::ApiError;
use crate::idempotency::Head;
use crate::members::Members;
use crate::parts::Api;
use crate::routes::accounts::AccountBody;
use crate::routes::keys::CreatedKey;
use crate::routes::keys::create::new_key;

const EMAIL_BYTES_MAX: usize = 254;
const NAME_CHARS_MAX: usize = 200;
const PASSWORD_CHARS_MIN: usize = 10;
const PASSWORD_CHARS_MAX: usize = 1_024;

/// Who wants an account.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct Registration {
    #[schema(example = "owner@example.com", max_length = 254)]
    email: String,
    /// At least 10 characters. It is checked and not kept: there is nothing to log in to yet.
    #[schema(min_length = 10, max_length = 1024)]
    password: String,
    /// A display name.
    name: Option<String>,
}

/// A new account with its first key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registered {
    account: AccountBody,
    /// Its key is only shown once.
    api_key: CreatedKey,
}

/// Create an account
///
/// On the Free plan, with its first API key, which is shown once. The operator may switch this off.
#[utoipa::path(post, path = "/api/auth/register", tag = "account", operation_id = "register",
    request_body = Registration,
    responses(
        (status = 201, body = Registered),
        (status = 403, description = "`registration_closed`"),
        (status = 409, description = "`email_taken`"),
        (status = 429, description = "`rate_limited`"),
    ))]
pub(crate) async fn register(
    State(api): State<Api>,
    extensions: Extensions,
    head: Head,
    body: Body,
) -> Result<(StatusCode, Json<Registered>), ApiError> {
    let settings = api.settings();
    if !settings.open_registration {
        return Err(ApiError::RegistrationClosed);
    }
    address_rate::check(&api.register_rates, &extensions, settings.register_per_minute)?;
    let body = body::json(&api, &head.headers, body).await?;
    let mut members = Members::of(&body.value, &["email", "password", "name"])?;
    let email = members.required_text("email", EMAIL_BYTES_MAX).map(str::to_lowercase);
    if email.as_deref().is_some_and(|email| !is_address(email)) {
        members.refuse("email", "is not an e-mail address");
    }
    let password = members.required_text("password", PASSWORD_CHARS_MAX);
    if password.is_some_and(|password| password.chars().count() < PASSWORD_CHARS_MIN) {
        members.refuse("password", format!("must have at least {PASSWORD_CHARS_MIN} characters"));
    }
    let name = members.text("name", NAME_CHARS_MAX).map(str::to_owned);
    members.finish()?;

    let account = Account {
        id: AccountId::random(api.dice()),
        email: email.unwrap_or_default(),
        name,
        plan: Plan::Free,
        documents_per_month: None,
        requests_per_minute: None,
        created_at: api.now(),
    };
    let name = "first key".to_owned();
    let (stored, key) = new_key(&api, &account.id, name, KeyMode::Live, BTreeSet::new());
    let registered =
        Registered { account: AccountBody::of(&account), api_key: CreatedKey::new(&stored, key) };
    if !api.store().create_account(NewAccount { account, key: stored }).await? {
        return Err(ApiError::EmailTaken);
    }
    Ok((StatusCode::CREATED, Json(registered)))
}

/// One `@` between two parts without blanks or control characters. Whether it can be reached shows
/// only when something is sent to it.
fn is_address(text: &str) -> bool {
    let visible = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let parts = text
        .split_once('@')
        .filter(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    visible && text.len() <= EMAIL_BYTES_MAX && parts.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_parts() {
        let check = |text: &str, expected| assert_eq!(is_address(text), expected, "{text:?}");
        check("owner@example.com", true);
        check("o'neil+a@localhost", true);
        check("owner", false);
        check("@example.com", false);
        check("owner@", false);
        check("a@b@c", false);
        check("a b@c", false);
        check("a\n@c", false);
    }
}
