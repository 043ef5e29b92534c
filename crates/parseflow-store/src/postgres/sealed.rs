//! Encrypted values in PostgreSQL.

use async_trait::async_trait;
use parseflow_model::EndpointNo;
use tokio_postgres::Row;

use super::fail::Fail;
use super::rows::{endpoint_no, get, parsed};
use super::tx::{Tx, in_tx};
use super::{Inner, PostgresStore};
use crate::port::{
    Resealed, SealedCursor, SealedPlace, SealedSlice, SealedStore, SealedValue, StoreError,
};
use crate::sealed::{after_answers, after_endpoints, of_endpoint};

async fn endpoints(
    inner: &Inner,
    prefix: &[u8],
    after: EndpointNo,
    rows_max: usize,
) -> Result<SealedSlice, StoreError> {
    let text = "SELECT no, id, sealed_secret, next_sealed_secret, sealed_headers FROM endpoint
         WHERE no > $1 AND deleted_ms IS NULL
             AND (substring(sealed_secret FROM 1 FOR octet_length($2::bytea)) <> $2
                 OR substring(next_sealed_secret FROM 1 FOR octet_length($2::bytea)) <> $2
                 OR substring(sealed_headers FROM 1 FOR octet_length($2::bytea)) <> $2)
         ORDER BY no LIMIT $3";
    let found = inner.rows(text, &[&(after.0 as i32), &prefix, &(rows_max as i64)]).await?;
    let mut values = Vec::new();
    for row in &found {
        let parts = [
            get(row, "sealed_secret")?,
            get(row, "next_sealed_secret")?,
            get(row, "sealed_headers")?,
        ];
        values.extend(of_endpoint(&parsed(row, "id")?, parts, prefix));
    }
    let last = found.last().map(|row| endpoint_no(row, "no")).transpose()?.unwrap_or(after);
    Ok(SealedSlice { values, next: Some(after_endpoints(found.len() == rows_max, last)) })
}

async fn answers(
    inner: &Inner,
    prefix: &[u8],
    after: (&str, &str),
    rows_max: usize,
) -> Result<SealedSlice, StoreError> {
    let text = "SELECT account, key, sealed_body FROM idempotency
         WHERE (account, key) > ($1, $2)
             AND substring(sealed_body FROM 1 FOR octet_length($3::bytea)) <> $3
         ORDER BY account, key LIMIT $4";
    let found = inner.rows(text, &[&after.0, &after.1, &prefix, &(rows_max as i64)]).await?;
    let value = |row: &Row| {
        let place = SealedPlace::Answer { account: parsed(row, "account")?, key: get(row, "key")? };
        Ok(SealedValue { place, bytes: get(row, "sealed_body")? })
    };
    let values = found.iter().map(value).collect::<Result<Vec<_>, StoreError>>()?;
    let next = after_answers(rows_max, &values);
    Ok(SealedSlice { values, next })
}

async fn put(tx: &Tx, value: &Resealed) -> Result<u64, Fail> {
    let Resealed { before: SealedValue { place, bytes }, after } = value;
    let (column, id) = match place {
        SealedPlace::Secret(id) => ("sealed_secret", id),
        SealedPlace::NextSecret(id) => ("next_sealed_secret", id),
        SealedPlace::Headers(id) => ("sealed_headers", id),
        SealedPlace::Answer { account, key } => {
            let update = "UPDATE idempotency SET sealed_body = $4
                 WHERE account = $1 AND key = $2 AND sealed_body = $3";
            return tx.execute(update, &[&account.as_str(), key, bytes, after]).await;
        }
    };
    let update = format!("UPDATE endpoint SET {column} = $3 WHERE id = $1 AND {column} = $2");
    tx.execute(&update, &[&id.as_str(), bytes, after]).await
}

#[async_trait]
impl SealedStore for PostgresStore {
    async fn sealed_otherwise(
        &self,
        prefix: &[u8],
        cursor: &SealedCursor,
        rows_max: usize,
    ) -> Result<SealedSlice, StoreError> {
        match cursor {
            SealedCursor::Endpoints(after) => {
                endpoints(&self.inner, prefix, *after, rows_max).await
            }
            SealedCursor::Answers(account, key) => {
                answers(&self.inner, prefix, (account, key), rows_max).await
            }
        }
    }

    async fn reseal(&self, values: Vec<Resealed>) -> Result<usize, StoreError> {
        in_tx!(self.inner, tx => {
            let mut changed = 0;
            for value in &values {
                changed += put(tx, value).await? as usize;
            }
            Ok(changed)
        })
    }
}
