//! Accounts, keys and usage in PostgreSQL.

use async_trait::async_trait;
use parseflow_model::{Account, AccountId, ApiKey, KeyId, KeyMode, Limit, Month, Timestamp, Usage};

use super::fail::Fail;
use super::rows::{self, ACCOUNT, text};
use super::tx::{Tx, in_tx};
use super::{PostgresStore, endpoints};
use crate::paging::{cursor_time, paged, time_cursor};
use crate::port::{AccountStore, NewAccount, Notice, Page, PageRequest, PlanChange, StoreError};

/// The account with this id.
pub(super) async fn account_by_id(tx: &Tx, id: &AccountId) -> Result<Option<Account>, Fail> {
    let select = format!("SELECT {ACCOUNT} FROM account a WHERE a.id = $1");
    let row = tx.find(&select, &[&id.as_str()]).await?;
    Ok(row.as_ref().map(rows::account).transpose()?)
}

async fn insert_key(tx: &Tx, key: &ApiKey) -> Result<(), Fail> {
    let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    tx.execute(
        "INSERT INTO api_key (id, account, name, hash, hint, test, scopes, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            &key.id.as_str(),
            &key.account.as_str(),
            &text(&key.name),
            &&key.hash[..],
            &key.hint,
            &(key.mode == KeyMode::Test),
            &scopes.join(" "),
            &key.created_at.millis(),
        ],
    )
    .await
    .map(drop)
}

fn limit_text(limit: Option<Limit>) -> Option<String> {
    limit.map(|limit| limit.to_string())
}

#[async_trait]
impl AccountStore for PostgresStore {
    async fn create_account(&self, new: NewAccount) -> Result<bool, StoreError> {
        in_tx!(self.inner, tx => {
            let account = &new.account;
            let inserted = tx
                .execute(
                    "INSERT INTO account (id, email, name, plan, documents_per_month,
                        requests_per_minute, created_ms)
                     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email) DO NOTHING",
                    &[
                        &account.id.as_str(),
                        &text(&account.email),
                        &account.name.as_deref().map(text),
                        &account.plan.as_str(),
                        &limit_text(account.documents_per_month),
                        &limit_text(account.requests_per_minute),
                        &account.created_at.millis(),
                    ],
                )
                .await?;
            if inserted == 1 {
                insert_key(tx, &new.key).await?;
            }
            Ok(inserted == 1)
        })
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, StoreError> {
        let select = format!("SELECT {ACCOUNT} FROM account a WHERE a.id = $1");
        let row = self.inner.row(&select, &[&id.as_str()]).await?;
        row.as_ref().map(rows::account).transpose()
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError> {
        let select = format!("SELECT {ACCOUNT} FROM account a WHERE a.email = $1");
        let row = self.inner.row(&select, &[&text(email)]).await?;
        row.as_ref().map(rows::account).transpose()
    }

    async fn set_plan(
        &self,
        id: &AccountId,
        change: PlanChange,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        in_tx!(self.inner, tx => {
            tx.lock_account(id).await?;
            tx.execute(
                "UPDATE account SET plan = $2, documents_per_month = $3, requests_per_minute = $4
                 WHERE id = $1",
                &[
                    &id.as_str(),
                    &change.plan.as_str(),
                    &limit_text(change.documents_per_month),
                    &limit_text(change.requests_per_minute),
                ],
            )
            .await?;
            for endpoint in endpoints::of_account(tx, id).await? {
                tx.notices.push(Notice::EndpointChanged(endpoint.no));
                tx.notices.push(Notice::Due { endpoint: endpoint.no, at: now });
            }
            tx.tell_of_change().await?;
            account_by_id(tx, id).await
        })
    }

    async fn key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<(ApiKey, Account)>, StoreError> {
        let select = format!(
            "SELECT k.*, {ACCOUNT} FROM api_key k JOIN account a ON a.id = k.account
             WHERE k.hash = $1 AND k.revoked_ms IS NULL"
        );
        let row = self.inner.row(&select, &[&&hash[..]]).await?;
        row.as_ref().map(|row| Ok((rows::api_key(row)?, rows::account(row)?))).transpose()
    }

    async fn create_key(&self, key: ApiKey, max: usize) -> Result<bool, StoreError> {
        in_tx!(self.inner, tx => {
            // One at a time for each account.
            tx.find("SELECT 1 FROM account WHERE id = $1 FOR UPDATE", &[&key.account.as_str()]).await?;
            let count = "SELECT COUNT(*) AS count FROM api_key
                 WHERE account = $1 AND revoked_ms IS NULL";
            let row = tx.one(count, &[&key.account.as_str()]).await?;
            if rows::number::<usize>(&row, "count")? >= max {
                return Ok(false);
            }
            insert_key(tx, &key).await?;
            Ok(true)
        })
    }

    async fn keys(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<ApiKey>, StoreError> {
        let (before_ms, before_id) = cursor_time(page.cursor.as_deref());
        let found = self
            .inner
            .rows(
                "SELECT * FROM api_key WHERE account = $1 AND revoked_ms IS NULL
                 AND (created_ms, id) < ($2, $3) ORDER BY created_ms DESC, id DESC LIMIT $4",
                &[&account.as_str(), &before_ms, &before_id, &(page.limit as i64 + 1)],
            )
            .await?;
        let found = found.iter().map(rows::api_key).collect::<Result<Vec<_>, _>>()?;
        Ok(paged(found, page.limit, |key| time_cursor(key.created_at, key.id.as_str())))
    }

    async fn revoke_key(
        &self,
        account: &AccountId,
        key: &KeyId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        in_tx!(self.inner, tx => {
            let revoked = tx
                .execute(
                    "UPDATE api_key SET revoked_ms = $3
                     WHERE id = $2 AND account = $1 AND revoked_ms IS NULL",
                    &[&account.as_str(), &key.as_str(), &now.millis()],
                )
                .await?;
            Ok(revoked == 1)
        })
    }

    async fn usage(&self, account: &AccountId, period: Month) -> Result<Usage, StoreError> {
        let select = "SELECT used FROM usage WHERE account = $1 AND period = $2";
        let row = self.inner.row(select, &[&account.as_str(), &period.to_string()]).await?;
        let used = row.as_ref().map_or(Ok(0), |row| rows::number(row, "used"))?;
        Ok(Usage { period, used })
    }
}
