//! Questions over all endpoints of an account, in PostgreSQL.

use async_trait::async_trait;
use parseflow_model::{
    AccountId, DeliveryId, DeliveryState, EndpointNo, EventId, Timestamp, WebhookId,
};
use tokio_postgres::Row;

use super::rows::{self, get};
use super::{Inner, PostgresStore, seat};
use crate::activity::{
    Brief, FRESH_SCAN_MAX, LatestAttempt, OVERVIEW_ROWS_MAX, Search, Sources, Tally, newest_first,
};
use crate::port::{
    AccountDelivery, ActivityStore, DeliveryFilter, Overview, Page, PageRequest, StoreError,
};

type Endpoints = Vec<(EndpointNo, WebhookId)>;

async fn endpoints_of(inner: &Inner, account: &AccountId) -> Result<Endpoints, StoreError> {
    let text = "SELECT no, id FROM endpoint WHERE account = $1 AND deleted_ms IS NULL ORDER BY no";
    let found = inner.rows(text, &[&account.as_str()]).await?;
    found.iter().map(|row| Ok((number(row, "no")?, rows::parsed(row, "id")?))).collect()
}

fn number(row: &Row, column: &str) -> Result<EndpointNo, StoreError> {
    Ok(EndpointNo(get::<i32>(row, column)? as u32))
}

fn delivery(row: &Row) -> Result<DeliveryId, StoreError> {
    let event = EventId::from_raw(get(row, "event_id")?);
    Ok(DeliveryId { event, endpoint: number(row, "endpoint_no")? })
}

/// For each endpoint, the newest of its deliveries below its own bound, from one table.
fn newest_in(table: &str) -> String {
    format!(
        "SELECT m.no AS endpoint_no, f.event_id FROM unnest($1::integer[], $2::bigint[]) AS m (no, below),
         LATERAL (SELECT DISTINCT event_id FROM {table} WHERE endpoint_no = m.no
            AND event_id < m.below AND event_id >= $3 ORDER BY event_id DESC LIMIT $4) AS f
         ORDER BY f.event_id DESC, m.no DESC LIMIT $4"
    )
}

async fn candidates(
    inner: &Inner,
    account: &AccountId,
    endpoints: &Endpoints,
    sources: Sources,
    search: &Search<'_>,
    step: usize,
) -> Result<Vec<DeliveryId>, StoreError> {
    let bounds = &search.bounds;
    let numbers: Vec<i32> = endpoints.iter().map(|(no, _)| no.0 as i32).collect();
    let below: Vec<i64> = endpoints.iter().map(|(no, _)| bounds.before(*no)).collect();
    // Of the cursor's own event some are left out afterwards.
    let (most, most_fresh) = (step as i64, (step + endpoints.len()) as i64);
    let mut found = Vec::new();
    let tables = [(sources.attempts, "attempt"), (sources.due, "due"), (sources.parked, "parked")];
    for (_, table) in tables.into_iter().filter(|(wanted, _)| *wanted) {
        let values: super::tx::Values<'_> = &[&numbers, &below, &bounds.from, &most];
        for row in inner.rows(&newest_in(table), values).await? {
            found.push(delivery(&row)?);
        }
    }
    if sources.fresh {
        // Their first attempts may be in some process's memory only.
        let low = seat::low_of_all(inner).await?.max(bounds.from);
        let fresh = inner
            .rows(
                "SELECT t.no AS endpoint_no, fresh.id AS event_id
                 FROM (SELECT id, account, targets FROM event
                    WHERE id >= $2 AND id < $3 ORDER BY id DESC LIMIT $5) AS fresh,
                    unnest(fresh.targets) AS t (no)
                 WHERE fresh.account = $4 AND t.no = ANY ($1)
                 ORDER BY fresh.id DESC, t.no DESC LIMIT $6",
                &[
                    &numbers,
                    &low,
                    &bounds.before_all(),
                    &account.as_str(),
                    &(FRESH_SCAN_MAX as i64),
                    &most_fresh,
                ],
            )
            .await?;
        for row in &fresh {
            let id = delivery(row)?;
            if id.event.raw() < bounds.before(id.endpoint) {
                found.push(id);
            }
        }
    }
    Ok(newest_first(found, step))
}

fn brief_of(row: &Row) -> Result<Brief, StoreError> {
    let reason: Option<&str> = get(row, "reason")?;
    let reason =
        reason.and_then(|text| DeliveryState::ALL.into_iter().find(|state| state.as_str() == text));
    let parked_at = rows::time_opt(row, "parked_ms")?;
    let latest = match get::<Option<i32>>(row, "number")? {
        Some(number) => Some(LatestAttempt {
            number: number as u32,
            is_success: get::<Option<&str>>(row, "failure")?.is_none(),
            status: get::<Option<i32>>(row, "status")?.map(|status| status as u16),
            ended_at: Timestamp::from_millis(get(row, "ended_ms")?),
        }),
        None => None,
    };
    Ok(Brief {
        id: delivery(row)?,
        event_type: rows::event_type(row)?,
        occurred_at: Timestamp::from_millis(get(row, "occurred_ms")?),
        due_at: rows::time_opt(row, "due_ms")?,
        parked: reason.zip(parked_at),
        latest,
    })
}

/// What is stored of these deliveries, in their order. The limits of one make every part a look-up
/// by key.
const BRIEFS: &str =
    "SELECT c.endpoint_no, c.event_id, e.event_type, e.occurred_ms, d.due_ms, p.reason,
        p.parked_ms, a.number, a.failure, a.status, a.ended_ms
     FROM unnest($1::integer[], $2::bigint[]) WITH ORDINALITY AS c (endpoint_no, event_id, place)
     CROSS JOIN LATERAL (SELECT event_type, occurred_ms FROM event
        WHERE id = c.event_id LIMIT 1) AS e
     LEFT JOIN LATERAL (SELECT due_ms FROM due
        WHERE endpoint_no = c.endpoint_no AND event_id = c.event_id LIMIT 1) AS d ON true
     LEFT JOIN LATERAL (SELECT reason, parked_ms FROM parked
        WHERE endpoint_no = c.endpoint_no AND event_id = c.event_id LIMIT 1) AS p ON true
     LEFT JOIN LATERAL (SELECT number, failure, status, started_ms + duration_ms AS ended_ms
        FROM attempt WHERE endpoint_no = c.endpoint_no AND event_id = c.event_id
        ORDER BY number DESC LIMIT 1) AS a ON true
     ORDER BY c.place";

async fn briefs(
    inner: &Inner,
    endpoints: &Endpoints,
    ids: &[DeliveryId],
) -> Result<Vec<AccountDelivery>, StoreError> {
    let numbers: Vec<i32> = ids.iter().map(|id| id.endpoint.0 as i32).collect();
    let events: Vec<i64> = ids.iter().map(|id| id.event.raw()).collect();
    let mut found = Vec::with_capacity(ids.len());
    for row in inner.rows(BRIEFS, &[&numbers, &events]).await? {
        let brief = brief_of(&row)?;
        let endpoint = endpoints.iter().find(|(no, _)| *no == brief.id.endpoint);
        found.extend(endpoint.map(|(_, endpoint)| brief.line(endpoint.clone())));
    }
    Ok(found)
}

async fn count_documents(
    inner: &Inner,
    account: &AccountId,
    since: Timestamp,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let groups = inner
        .rows(
            "SELECT hour, status, COUNT(*) AS count FROM (
                SELECT created_ms / 3600000 AS hour, status FROM document
                WHERE account = $1 AND created_ms >= $2 ORDER BY created_ms DESC LIMIT $3) AS newest
             GROUP BY hour, status",
            &[&account.as_str(), &since.millis(), &(OVERVIEW_ROWS_MAX as i64)],
        )
        .await?;
    let mut read = 0;
    for row in &groups {
        let count: u64 = rows::number(row, "count")?;
        tally.documents(get(row, "hour")?, get(row, "status")?, count);
        read += count as usize;
    }
    tally.read(read);
    Ok(())
}

async fn count_deliveries(
    inner: &Inner,
    no: EndpointNo,
    since: Timestamp,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let (endpoint, from, most) =
        (no.0 as i32, EventId::first_at(since).raw(), OVERVIEW_ROWS_MAX as i64);
    let attempts = inner
        .rows(
            "SELECT event_id, failure IS NULL AS success, started_ms + duration_ms AS ended_ms
             FROM attempt WHERE endpoint_no = $1 AND event_id >= $2
             ORDER BY event_id DESC LIMIT $3",
            &[&endpoint, &from, &most],
        )
        .await?;
    for row in &attempts {
        tally.attempt(get(row, "event_id")?, get(row, "success")?, get(row, "ended_ms")?);
    }
    tally.close();
    tally.read(attempts.len());
    let parked = inner
        .rows(
            "SELECT reason, parked_ms FROM parked WHERE endpoint_no = $1 AND event_id >= $2
             ORDER BY event_id DESC LIMIT $3",
            &[&endpoint, &from, &most],
        )
        .await?;
    for row in &parked {
        tally.parked(get(row, "reason")?, get(row, "parked_ms")?);
    }
    tally.read(parked.len());
    let waiting = inner
        .row(
            "SELECT COUNT(*) AS count FROM (SELECT 1 FROM due WHERE endpoint_no = $1 LIMIT $2) AS w",
            &[&endpoint, &most],
        )
        .await?;
    if let Some(row) = waiting {
        tally.waiting(rows::number(&row, "count")?);
    }
    Ok(())
}

#[async_trait]
impl ActivityStore for PostgresStore {
    async fn account_deliveries(
        &self,
        account: &AccountId,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> Result<Page<AccountDelivery>, StoreError> {
        let mut endpoints = endpoints_of(&self.inner, account).await?;
        if let Some(wanted) = &filter.endpoint {
            endpoints.retain(|(_, id)| id == wanted);
        }
        let sources = Sources::of(filter);
        let mut search = Search::new(filter, page.limit, page.cursor.as_deref());
        if endpoints.is_empty() {
            return Ok(search.end());
        }
        loop {
            let step = search.step();
            let inner = &self.inner;
            let candidates = candidates(inner, account, &endpoints, sources, &search, step).await?;
            if candidates.is_empty() {
                return Ok(search.end());
            }
            let found = briefs(inner, &endpoints, &candidates).await?;
            if let Some(page) = search.take(step, &candidates, found) {
                return Ok(page);
            }
        }
    }

    async fn overview(
        &self,
        account: &AccountId,
        since: Timestamp,
    ) -> Result<Overview, StoreError> {
        let mut tally = Tally::default();
        count_documents(&self.inner, account, since, &mut tally).await?;
        for (no, _) in endpoints_of(&self.inner, account).await? {
            count_deliveries(&self.inner, no, since, &mut tally).await?;
        }
        Ok(tally.finish())
    }
}
