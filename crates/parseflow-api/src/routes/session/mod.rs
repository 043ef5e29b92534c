//! Signing in with a browser.

pub(crate) mod begin;
pub(crate) mod end;
pub(crate) mod show;

use parseflow_model::Account;
use serde::Serialize;
use utoipa::ToSchema;

use crate::routes::accounts::AccountBody;
use crate::session::Session;

/// Who is signed in, and until when.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
pub(crate) struct SessionBody {
    account: AccountBody,
    /// To be sent as `X-CSRF-Token` with everything but GET and HEAD.
    #[schema(pattern = "^[A-Za-z0-9_-]{32}$")]
    csrf_token: String,
    #[schema(format = DateTime)]
    expires_at: String,
}

impl SessionBody {
    pub(crate) fn new(account: &Account, session: &Session) -> Self {
        Self {
            account: AccountBody::of(account),
            csrf_token: session.csrf_token(),
            expires_at: session.expires_at.to_string(),
        }
    }
}
