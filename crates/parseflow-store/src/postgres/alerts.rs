//! Alerts to owners of endpoints, in PostgreSQL.

use async_trait::async_trait;
use parseflow_model::{EndpointNo, Timestamp};
use tokio_postgres::Row;

use super::PostgresStore;
use super::fail::Fail;
use super::rows::{self, get};
use super::tx::{Tx, in_tx};
use crate::port::{AlertStore, StoreError, Told, Troubled};

fn troubled(row: &Row) -> Result<Troubled, StoreError> {
    let told = match get::<Option<String>>(row, "warning")? {
        Some(warning) => Some(Told {
            warning,
            run_started_at: rows::time(row, "told_run_started_ms")?,
            claimed_until: rows::time_opt(row, "claimed_until_ms")?,
        }),
        None => None,
    };
    Ok(Troubled { endpoint: rows::endpoint(row)?, email: get(row, "email")?, told })
}

/// Replaces what is noted, if it still is `before`.
async fn note(
    tx: &Tx,
    endpoint: EndpointNo,
    before: Option<&Told>,
    after: &Told,
) -> Result<bool, Fail> {
    let number = endpoint.0 as i32;
    let (run, until) = (after.run_started_at.millis(), after.claimed_until.map(Timestamp::millis));
    let changed = match before {
        None => {
            tx.execute(
                "INSERT INTO alert (endpoint_no, warning, run_started_ms, claimed_until_ms)
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                &[&number, &after.warning, &run, &until],
            )
            .await?
        }
        Some(before) => {
            tx.execute(
                "UPDATE alert SET warning = $2, run_started_ms = $3, claimed_until_ms = $4
                 WHERE endpoint_no = $1 AND warning = $5 AND run_started_ms = $6
                    AND claimed_until_ms IS NOT DISTINCT FROM $7",
                &[
                    &number,
                    &after.warning,
                    &run,
                    &until,
                    &before.warning,
                    &before.run_started_at.millis(),
                    &before.claimed_until.map(Timestamp::millis),
                ],
            )
            .await?
        }
    };
    Ok(changed == 1)
}

/// The endpoint is gone: nothing more to tell of it.
pub(super) async fn forget(tx: &Tx, endpoint: EndpointNo) -> Result<(), Fail> {
    let number = endpoint.0 as i32;
    tx.execute("DELETE FROM alert WHERE endpoint_no = $1", &[&number]).await.map(drop)
}

#[async_trait]
impl AlertStore for PostgresStore {
    async fn troubled_endpoints(
        &self,
        after: EndpointNo,
        limit: usize,
    ) -> Result<Vec<Troubled>, StoreError> {
        let select = "SELECT e.*, a.plan = 'free' AS paused_by_plan, a.email, t.warning,
                t.run_started_ms AS told_run_started_ms, t.claimed_until_ms
             FROM endpoint e JOIN account a ON a.id = e.account
             LEFT JOIN alert t ON t.endpoint_no = e.no
             WHERE e.failing_since_ms IS NOT NULL AND e.deleted_ms IS NULL AND e.no > $1
             ORDER BY e.no LIMIT $2";
        let found = self.inner.rows(select, &[&(after.0 as i32), &(limit as i64)]).await?;
        found.iter().map(troubled).collect()
    }

    async fn note_told(
        &self,
        endpoint: EndpointNo,
        before: Option<Told>,
        after: Told,
    ) -> Result<bool, StoreError> {
        in_tx!(self.inner, tx => { note(tx, endpoint, before.as_ref(), &after).await })
    }
}
