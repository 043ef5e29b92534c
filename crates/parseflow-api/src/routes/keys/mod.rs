//! API keys.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod revoke;

use parseflow_model::{ApiKey, KeyMode, Scope};
use serde::Serialize;
use utoipa::ToSchema;

use crate::names::{KeyModeName, ScopeName};

/// Longest name of a key.
pub(crate) const NAME_CHARS_MAX: usize = 100;

/// A key that was just made: the only time it is shown.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CreatedKey, example = json!({
    "id": "key_a1b2c3d4e5f6g7h8", "key": "dm_live_0123456789abcdef0123456789abcdef0123456789abcdef",
    "name": "pipeline", "scopes": ["events:write"], "mode": "live",
    "createdAt": "2026-04-14T10:00:00Z"
}))]
pub(crate) struct CreatedKey {
    #[schema(pattern = "^key_[a-z0-9]{16}$")]
    id: String,
    /// The key. Save it: it is only shown once.
    #[schema(pattern = "^dm_(live|test)_[0-9a-f]{48}$")]
    key: String,
    name: String,
    #[schema(value_type = Vec<ScopeName>)]
    scopes: Vec<&'static str>,
    /// `live` or `test`.
    #[schema(value_type = KeyModeName)]
    mode: &'static str,
    #[schema(format = DateTime)]
    created_at: String,
}

impl CreatedKey {
    pub(crate) fn new(stored: &ApiKey, key: String) -> Self {
        Self {
            id: stored.id.to_string(),
            key,
            name: stored.name.clone(),
            scopes: scopes_of(stored),
            mode: mode_name(stored.mode),
            created_at: stored.created_at.to_string(),
        }
    }
}

pub(crate) fn scopes_of(key: &ApiKey) -> Vec<&'static str> {
    key.scopes.iter().map(|scope: &Scope| scope.as_str()).collect()
}

pub(crate) fn mode_name(mode: KeyMode) -> &'static str {
    match mode {
        KeyMode::Live => "live",
        KeyMode::Test => "test",
    }
}
