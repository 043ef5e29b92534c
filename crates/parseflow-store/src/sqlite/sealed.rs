//! Encrypted values in SQLite.

use async_trait::async_trait;
use parseflow_model::EndpointNo;
use rusqlite::{Connection, params};

use super::SqliteStore;
use super::rows::{failed, parsed};
use crate::port::{
    Resealed, SealedCursor, SealedPlace, SealedSlice, SealedStore, SealedValue, StoreError,
};
use crate::sealed::{after_answers, after_endpoints, of_endpoint};

fn endpoints(
    sql: &Connection,
    prefix: &[u8],
    after: EndpointNo,
    rows_max: usize,
) -> rusqlite::Result<SealedSlice> {
    let mut statement = sql.prepare_cached(
        "SELECT no, id, sealed_secret, next_sealed_secret, sealed_headers FROM endpoint
         WHERE no > ?1 AND deleted_ms IS NULL
             AND (substr(sealed_secret, 1, length(?2)) <> ?2
                 OR substr(next_sealed_secret, 1, length(?2)) <> ?2
                 OR substr(sealed_headers, 1, length(?2)) <> ?2)
         ORDER BY no LIMIT ?3",
    )?;
    let mut found = statement.query(params![after.0, prefix, rows_max])?;
    let (mut values, mut rows, mut last) = (Vec::new(), 0, after);
    while let Some(row) = found.next()? {
        let parts = [row.get(2)?, row.get(3)?, row.get(4)?];
        values.extend(of_endpoint(&parsed(row, "id")?, parts, prefix));
        (rows, last) = (rows + 1, EndpointNo(row.get(0)?));
    }
    Ok(SealedSlice { values, next: Some(after_endpoints(rows == rows_max, last)) })
}

fn answers(
    sql: &Connection,
    prefix: &[u8],
    after: (&str, &str),
    rows_max: usize,
) -> rusqlite::Result<SealedSlice> {
    let mut statement = sql.prepare_cached(
        "SELECT account, key, sealed_body FROM idempotency
         WHERE (account, key) > (?1, ?2) AND substr(sealed_body, 1, length(?3)) <> ?3
         ORDER BY account, key LIMIT ?4",
    )?;
    let mut found = statement.query(params![after.0, after.1, prefix, rows_max])?;
    let mut values = Vec::new();
    while let Some(row) = found.next()? {
        let place = SealedPlace::Answer { account: parsed(row, "account")?, key: row.get("key")? };
        values.push(SealedValue { place, bytes: row.get("sealed_body")? });
    }
    let next = after_answers(rows_max, &values);
    Ok(SealedSlice { values, next })
}

fn put(sql: &Connection, value: &Resealed) -> rusqlite::Result<usize> {
    let Resealed { before: SealedValue { place, bytes }, after } = value;
    let (column, id) = match place {
        SealedPlace::Secret(id) => ("sealed_secret", id),
        SealedPlace::NextSecret(id) => ("next_sealed_secret", id),
        SealedPlace::Headers(id) => ("sealed_headers", id),
        SealedPlace::Answer { account, key } => {
            let mut update = sql.prepare_cached(
                "UPDATE idempotency SET sealed_body = ?4
                 WHERE account = ?1 AND key = ?2 AND sealed_body = ?3",
            )?;
            return update.execute(params![account.as_str(), key, bytes, after]);
        }
    };
    let update = format!("UPDATE endpoint SET {column} = ?3 WHERE id = ?1 AND {column} = ?2");
    sql.prepare_cached(&update)?.execute(params![id.as_str(), bytes, after])
}

#[async_trait]
impl SealedStore for SqliteStore {
    async fn sealed_otherwise(
        &self,
        prefix: &[u8],
        cursor: &SealedCursor,
        rows_max: usize,
    ) -> Result<SealedSlice, StoreError> {
        let (prefix, cursor) = (prefix.to_vec(), cursor.clone());
        self.read(move |sql| {
            let slice = match &cursor {
                SealedCursor::Endpoints(after) => endpoints(sql, &prefix, *after, rows_max),
                SealedCursor::Answers(account, key) => {
                    answers(sql, &prefix, (account, key), rows_max)
                }
            };
            slice.map_err(failed)
        })
        .await
    }

    async fn reseal(&self, values: Vec<Resealed>) -> Result<usize, StoreError> {
        self.write(move |tx| {
            let mut changed = 0;
            for value in &values {
                changed += put(tx.sql, value).map_err(failed)?;
            }
            Ok(changed)
        })
        .await
    }
}
