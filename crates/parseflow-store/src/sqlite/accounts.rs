//! Accounts, keys and usage in SQLite.

use async_trait::async_trait;
use parseflow_model::{Account, AccountId, ApiKey, KeyId, KeyMode, Limit, Month, Timestamp, Usage};
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::SqliteStore;
use super::rows::{self, ACCOUNT, Kept as _, failed};
use crate::port::{AccountStore, NewAccount, Notice, Page, PageRequest, PlanChange, StoreError};

/// The account with this id.
pub(super) fn account_by_id(
    sql: &Connection,
    id: &AccountId,
) -> Result<Option<Account>, StoreError> {
    sql.prepare_cached(&format!("SELECT {ACCOUNT} FROM account a WHERE a.id = ?1"))
        .and_then(|mut s| s.query_row([id.as_str()], rows::account).optional())
        .map_err(failed)
}

/// What is counted for the account in `period`.
pub(super) fn used_in(
    sql: &Connection,
    account: &AccountId,
    period: Month,
) -> Result<u64, StoreError> {
    let used = sql
        .prepare_cached("SELECT used FROM usage WHERE account = ?1 AND period = ?2")
        .and_then(|mut s| {
            s.query_row(params![account.as_str(), period.to_string()], |row| row.get(0)).optional()
        })
        .map_err(failed)?;
    Ok(used.unwrap_or(0))
}

fn insert_key(sql: &Connection, key: &ApiKey) -> Result<(), StoreError> {
    let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    sql.execute_kept(
        "INSERT INTO api_key (id, account, name, hash, hint, test, scopes, created_ms)
         VALUES (:id, :account, :name, :hash, :hint, :test, :scopes, :created)",
        named_params! {
            ":id": key.id.as_str(),
            ":account": key.account.as_str(),
            ":name": key.name,
            ":hash": key.hash,
            ":hint": key.hint,
            ":test": key.mode == KeyMode::Test,
            ":scopes": scopes.join(" "),
            ":created": key.created_at.millis(),
        },
    )
    .map(|_| ())
    .map_err(failed)
}

fn limit_text(limit: Option<Limit>) -> Option<String> {
    limit.map(|limit| limit.to_string())
}

#[async_trait]
impl AccountStore for SqliteStore {
    async fn create_account(&self, new: NewAccount) -> Result<bool, StoreError> {
        self.write(move |tx| {
            let account = &new.account;
            let inserted = tx
                .sql
                .execute_kept(
                    "INSERT INTO account (id, email, name, plan, documents_per_month,
                        requests_per_minute, created_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (email) DO NOTHING",
                    params![
                        account.id.as_str(),
                        account.email,
                        account.name,
                        account.plan.as_str(),
                        limit_text(account.documents_per_month),
                        limit_text(account.requests_per_minute),
                        account.created_at.millis(),
                    ],
                )
                .map_err(failed)?;
            if inserted == 1 {
                insert_key(tx.sql, &new.key)?;
            }
            Ok(inserted == 1)
        })
        .await
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, StoreError> {
        let id = id.clone();
        self.read(move |sql| account_by_id(sql, &id)).await
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError> {
        let email = email.to_owned();
        self.read(move |sql| {
            sql.prepare_cached(&format!("SELECT {ACCOUNT} FROM account a WHERE a.email = ?1"))
                .and_then(|mut s| s.query_row([email], rows::account).optional())
                .map_err(failed)
        })
        .await
    }

    async fn set_plan(
        &self,
        id: &AccountId,
        change: PlanChange,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        let id = id.clone();
        self.write(move |tx| {
            tx.sql
                .execute_kept(
                    "UPDATE account SET plan = ?2, documents_per_month = ?3,
                        requests_per_minute = ?4 WHERE id = ?1",
                    params![
                        id.as_str(),
                        change.plan.as_str(),
                        limit_text(change.documents_per_month),
                        limit_text(change.requests_per_minute),
                    ],
                )
                .map_err(failed)?;
            // The plan decides whether endpoints are paused.
            tx.ledger.known.forget();
            for endpoint in tx.endpoints_of(&id)?.iter() {
                tx.notices.push(Notice::EndpointChanged(endpoint.no));
                tx.notices.push(Notice::Due { endpoint: endpoint.no, at: now });
            }
            account_by_id(tx.sql, &id)
        })
        .await
    }

    async fn key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<(ApiKey, Account)>, StoreError> {
        let hash = *hash;
        self.read(move |sql| {
            sql.prepare_cached(&format!(
                "SELECT k.*, {ACCOUNT} FROM api_key k JOIN account a ON a.id = k.account
                 WHERE k.hash = ?1 AND k.revoked_ms IS NULL"
            ))
            .and_then(|mut s| {
                s.query_row([hash], |row| Ok((rows::api_key(row)?, rows::account(row)?))).optional()
            })
            .map_err(failed)
        })
        .await
    }

    async fn create_key(&self, key: ApiKey, max: usize) -> Result<bool, StoreError> {
        self.write(move |tx| {
            let count = "SELECT COUNT(*) FROM api_key WHERE account = ?1 AND revoked_ms IS NULL";
            let active: usize = tx
                .sql
                .query_row(count, [key.account.as_str()], |row| row.get(0))
                .map_err(failed)?;
            if active >= max {
                return Ok(false);
            }
            insert_key(tx.sql, &key)?;
            Ok(true)
        })
        .await
    }

    async fn keys(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<ApiKey>, StoreError> {
        let (account, page) = (account.clone(), page.clone());
        self.read(move |sql| {
            let (before_ms, before_id) = super::cursor_time(page.cursor.as_deref());
            let mut statement = sql
                .prepare_cached(
                    "SELECT * FROM api_key WHERE account = ?1 AND revoked_ms IS NULL
                     AND (created_ms, id) < (?2, ?3) ORDER BY created_ms DESC, id DESC LIMIT ?4",
                )
                .map_err(failed)?;
            let found = statement
                .query_map(
                    params![account.as_str(), before_ms, before_id, page.limit + 1],
                    rows::api_key,
                )
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(failed)?;
            Ok(super::paged(found, page.limit, |key: &ApiKey| {
                super::time_cursor(key.created_at, key.id.as_str())
            }))
        })
        .await
    }

    async fn revoke_key(
        &self,
        account: &AccountId,
        key: &KeyId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (account, key) = (account.clone(), key.clone());
        self.write(move |tx| {
            let revoked = tx
                .sql
                .execute_kept(
                    "UPDATE api_key SET revoked_ms = ?3
                     WHERE id = ?2 AND account = ?1 AND revoked_ms IS NULL",
                    params![account.as_str(), key.as_str(), now.millis()],
                )
                .map_err(failed)?;
            Ok(revoked == 1)
        })
        .await
    }

    async fn usage(&self, account: &AccountId, period: Month) -> Result<Usage, StoreError> {
        let account = account.clone();
        self.read(move |sql| Ok(Usage { period, used: used_in(sql, &account, period)? })).await
    }
}
