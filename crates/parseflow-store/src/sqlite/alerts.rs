//! Alerts to owners of endpoints, in SQLite.

use async_trait::async_trait;
use parseflow_model::{EndpointNo, Timestamp};
use rusqlite::{Connection, Row, named_params, params};

use super::SqliteStore;
use super::rows::{self, Kept as _, failed};
use crate::port::{AlertStore, StoreError, Told, Troubled};

fn troubled(row: &Row<'_>) -> rusqlite::Result<Troubled> {
    let told = match row.get::<_, Option<String>>("warning")? {
        Some(warning) => Some(Told {
            warning,
            run_started_at: rows::time(row, "told_run_started_ms")?,
            claimed_until: rows::time_opt(row, "claimed_until_ms")?,
        }),
        None => None,
    };
    Ok(Troubled { endpoint: rows::endpoint(row)?, email: row.get("email")?, told })
}

/// Replaces what is noted, if it still is `before`.
fn note(
    sql: &Connection,
    endpoint: EndpointNo,
    before: Option<&Told>,
    after: &Told,
) -> rusqlite::Result<bool> {
    let millis = |time: Option<Timestamp>| time.map(Timestamp::millis);
    let changed = match before {
        None => sql
            .prepare_cached(
                "INSERT OR IGNORE INTO alert (endpoint_no, warning, run_started_ms, claimed_until_ms)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                endpoint.0,
                after.warning,
                after.run_started_at.millis(),
                millis(after.claimed_until),
            ])?,
        Some(before) => sql
            .prepare_cached(
                "UPDATE alert SET warning = :warning, run_started_ms = :run, claimed_until_ms = :until
                 WHERE endpoint_no = :no AND warning = :before AND run_started_ms = :before_run
                    AND claimed_until_ms IS :before_until",
            )?
            .execute(named_params! {
                ":no": endpoint.0,
                ":warning": after.warning,
                ":run": after.run_started_at.millis(),
                ":until": millis(after.claimed_until),
                ":before": before.warning,
                ":before_run": before.run_started_at.millis(),
                ":before_until": millis(before.claimed_until),
            })?,
    };
    Ok(changed == 1)
}

/// The endpoint is gone: nothing more to tell of it.
pub(super) fn forget(sql: &Connection, endpoint: EndpointNo) -> Result<(), StoreError> {
    sql.execute_kept("DELETE FROM alert WHERE endpoint_no = ?1", [endpoint.0])
        .map(|_| ())
        .map_err(failed)
}

#[async_trait]
impl AlertStore for SqliteStore {
    async fn troubled_endpoints(
        &self,
        after: EndpointNo,
        limit: usize,
    ) -> Result<Vec<Troubled>, StoreError> {
        self.read(move |sql| {
            sql.prepare_cached(concat!(
                "SELECT ",
                rows::endpoint_columns!(),
                ", a.email, t.warning,
                    t.run_started_ms AS told_run_started_ms, t.claimed_until_ms
                 FROM endpoint e JOIN account a ON a.id = e.account
                 LEFT JOIN alert t ON t.endpoint_no = e.no
                 WHERE e.failing_since_ms IS NOT NULL AND e.deleted_ms IS NULL AND e.no > ?1
                 ORDER BY e.no LIMIT ?2"
            ))
            .and_then(|mut s| s.query_map(params![after.0, limit], troubled)?.collect())
            .map_err(failed)
        })
        .await
    }

    async fn note_told(
        &self,
        endpoint: EndpointNo,
        before: Option<Told>,
        after: Told,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| note(tx.sql, endpoint, before.as_ref(), &after).map_err(failed)).await
    }
}
