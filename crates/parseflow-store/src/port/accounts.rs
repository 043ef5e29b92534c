//! Accounts, keys and usage.

use async_trait::async_trait;
use parseflow_model::{Account, AccountId, ApiKey, KeyId, Limit, Month, Plan, Timestamp, Usage};

use super::{Page, PageRequest, StoreError};

/// An account with its first key.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The account.
    pub account: Account,
    /// Its first key.
    pub key: ApiKey,
}

/// A change of plan. Endpoints of an account without webhooks wait; they go on after an upgrade.
#[derive(Debug, Clone, Copy)]
pub struct PlanChange {
    /// The plan from now on.
    pub plan: Plan,
    /// Overrides the plan's documents per month.
    pub documents_per_month: Option<Limit>,
    /// Overrides the plan's requests per minute.
    pub requests_per_minute: Option<Limit>,
}

/// Accounts, keys and usage.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Creates an account; `false` when the e-mail address is taken.
    async fn create_account(&self, new: NewAccount) -> Result<bool, StoreError>;

    /// The account, if it exists.
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, StoreError>;

    /// The account with this e-mail address (lower case), if it exists.
    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError>;

    /// Changes the plan; `None` when there is no such account.
    async fn set_plan(
        &self,
        id: &AccountId,
        change: PlanChange,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError>;

    /// The key with this hash and its account, unless it was revoked.
    async fn key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<(ApiKey, Account)>, StoreError>;

    /// Adds a key; `false` when the account already has `max` that are not revoked.
    async fn create_key(&self, key: ApiKey, max: usize) -> Result<bool, StoreError>;

    /// The account's keys that are not revoked, newest first.
    async fn keys(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<ApiKey>, StoreError>;

    /// Revokes a key; `false` when the account has no such active key.
    async fn revoke_key(
        &self,
        account: &AccountId,
        key: &KeyId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// What the account used in `period`.
    async fn usage(&self, account: &AccountId, period: Month) -> Result<Usage, StoreError>;
}
