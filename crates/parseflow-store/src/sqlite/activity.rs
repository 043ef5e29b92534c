//! Questions over all endpoints of an account, in SQLite.

use async_trait::async_trait;
use parseflow_model::{
    AccountId, DeliveryId, DeliveryState, EndpointNo, EventId, Timestamp, WebhookId,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::SqliteStore;
use super::rows::{self, failed};
use crate::activity::{
    Brief, FRESH_SCAN_MAX, LatestAttempt, OVERVIEW_ROWS_MAX, Search, Sources, Tally, newest_first,
};
use crate::port::{
    AccountDelivery, ActivityStore, DeliveryFilter, Overview, Page, PageRequest, StoreError,
};

type Endpoints = Vec<(EndpointNo, WebhookId)>;

fn endpoints_of(sql: &Connection, account: &AccountId) -> Result<Endpoints, StoreError> {
    sql.prepare_cached("SELECT no, id FROM endpoint WHERE account = ?1 AND deleted_ms IS NULL")
        .and_then(|mut s| {
            s.query_map([account.as_str()], |row| {
                Ok((EndpointNo(row.get("no")?), rows::parsed(row, "id")?))
            })?
            .collect()
        })
        .map_err(failed)
}

/// The tables that may hold deliveries of an endpoint, newest first.
fn stored_in(sources: Sources) -> Vec<&'static str> {
    let tables = [
        (
            sources.attempts,
            "SELECT DISTINCT event_id FROM attempt WHERE endpoint_no = ?1
             AND event_id < ?2 AND event_id >= ?3 ORDER BY event_id DESC LIMIT ?4",
        ),
        (
            sources.due,
            "SELECT event_id FROM due WHERE endpoint_no = ?1
             AND event_id < ?2 AND event_id >= ?3 ORDER BY event_id DESC LIMIT ?4",
        ),
        (
            sources.parked,
            "SELECT event_id FROM parked WHERE endpoint_no = ?1
             AND event_id < ?2 AND event_id >= ?3 ORDER BY event_id DESC LIMIT ?4",
        ),
    ];
    tables.into_iter().filter(|(wanted, _)| *wanted).map(|(_, text)| text).collect()
}

fn candidates(
    sql: &Connection,
    account: &AccountId,
    endpoints: &Endpoints,
    sources: Sources,
    search: &Search<'_>,
    step: usize,
) -> Result<Vec<DeliveryId>, StoreError> {
    let bounds = &search.bounds;
    let mut found = Vec::new();
    for (no, _) in endpoints {
        for text in stored_in(sources) {
            let mut statement = sql.prepare_cached(text).map_err(failed)?;
            let values = params![no.0, bounds.before(*no), bounds.from, step];
            let ids = statement.query_map(values, |row| {
                Ok(DeliveryId { event: EventId::from_raw(row.get(0)?), endpoint: *no })
            });
            let ids: Result<Vec<_>, _> = ids.map_err(failed)?.collect();
            found.extend(ids.map_err(failed)?);
        }
    }
    if sources.fresh {
        found.extend(fresh(sql, account, endpoints, search, step)?);
    }
    Ok(newest_first(found, step))
}

/// Deliveries of events at or above the low-water mark: their first attempt may exist in memory only.
fn fresh(
    sql: &Connection,
    account: &AccountId,
    endpoints: &Endpoints,
    search: &Search<'_>,
    step: usize,
) -> Result<Vec<DeliveryId>, StoreError> {
    let bounds = &search.bounds;
    let mut statement = sql
        .prepare_cached(
            "SELECT id, account, targets FROM event
             WHERE id >= MAX(?1, (SELECT value FROM mark WHERE name = 'low')) AND id < ?2
             ORDER BY id DESC LIMIT ?3",
        )
        .map_err(failed)?;
    let values = params![bounds.from, bounds.before_all(), FRESH_SCAN_MAX];
    let mut events = statement.query(values).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = events.next().map_err(failed)? {
        if row.get_ref(1).and_then(|text| Ok(text.as_str()?)).map_err(failed)? != account.as_str() {
            continue;
        }
        let event = EventId::from_raw(row.get(0).map_err(failed)?);
        let targets: Vec<u8> = row.get(2).map_err(failed)?;
        let own = rows::targets(&targets).filter(|no| {
            endpoints.iter().any(|(own, _)| own == no) && event.raw() < bounds.before(*no)
        });
        found.extend(own.map(|endpoint| DeliveryId { event, endpoint }));
        if found.len() > step {
            break;
        }
    }
    Ok(found)
}

fn brief_of(row: &Row<'_>, id: DeliveryId) -> rusqlite::Result<Brief> {
    let reason = row.get_ref("reason")?.as_str_or_null()?;
    let reason =
        reason.and_then(|text| DeliveryState::ALL.into_iter().find(|state| state.as_str() == text));
    let parked_at = rows::time_opt(row, "parked_ms")?;
    let latest = match row.get::<_, Option<u32>>("number")? {
        Some(number) => Some(LatestAttempt {
            number,
            is_success: row.get_ref("failure")?.as_str_or_null()?.is_none(),
            status: row.get("status")?,
            ended_at: rows::time(row, "ended_ms")?,
        }),
        None => None,
    };
    Ok(Brief {
        id,
        event_type: rows::event_type(row)?,
        occurred_at: rows::time(row, "occurred_ms")?,
        due_at: rows::time_opt(row, "due_ms")?,
        parked: reason.zip(parked_at),
        latest,
    })
}

/// What is stored of a delivery; `None` when retention has just taken its event.
fn brief(sql: &Connection, id: DeliveryId) -> Result<Option<Brief>, StoreError> {
    sql.prepare_cached(
        "SELECT e.event_type, e.occurred_ms, d.due_ms, p.reason, p.parked_ms,
            a.number, a.failure, a.status, a.started_ms + a.duration_ms AS ended_ms
         FROM event e
         LEFT JOIN due d ON d.endpoint_no = ?1 AND d.event_id = e.id
         LEFT JOIN parked p ON p.endpoint_no = ?1 AND p.event_id = e.id
         LEFT JOIN attempt a ON a.endpoint_no = ?1 AND a.event_id = e.id AND a.number =
            (SELECT MAX(number) FROM attempt WHERE endpoint_no = ?1 AND event_id = ?2)
         WHERE e.id = ?2",
    )
    .and_then(|mut s| {
        s.query_row(params![id.endpoint.0, id.event.raw()], |row| brief_of(row, id)).optional()
    })
    .map_err(failed)
}

fn list(
    sql: &Connection,
    account: &AccountId,
    filter: &DeliveryFilter,
    page: &PageRequest,
) -> Result<Page<AccountDelivery>, StoreError> {
    let mut endpoints = endpoints_of(sql, account)?;
    if let Some(wanted) = &filter.endpoint {
        endpoints.retain(|(_, id)| id == wanted);
    }
    let sources = Sources::of(filter);
    let mut search = Search::new(filter, page.limit, page.cursor.as_deref());
    loop {
        let step = search.step();
        let candidates = candidates(sql, account, &endpoints, sources, &search, step)?;
        if candidates.is_empty() {
            return Ok(search.end());
        }
        let mut found = Vec::with_capacity(candidates.len());
        for id in &candidates {
            let endpoint = endpoints.iter().find(|(no, _)| *no == id.endpoint);
            if let (Some(brief), Some((_, endpoint))) = (brief(sql, *id)?, endpoint) {
                found.push(brief.line(endpoint.clone()));
            }
        }
        if let Some(page) = search.take(step, &candidates, found) {
            return Ok(page);
        }
    }
}

fn count_documents(
    sql: &Connection,
    account: &AccountId,
    since: Timestamp,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let mut statement = sql
        .prepare_cached(
            "SELECT hour, status, COUNT(*) FROM (
                SELECT created_ms / 3600000 AS hour, status FROM document
                WHERE account = ?1 AND created_ms >= ?2 ORDER BY created_ms DESC LIMIT ?3)
             GROUP BY hour, status",
        )
        .map_err(failed)?;
    let values = params![account.as_str(), since.millis(), OVERVIEW_ROWS_MAX];
    let mut groups = statement.query(values).map_err(failed)?;
    let mut read = 0;
    while let Some(row) = groups.next().map_err(failed)? {
        let (hour, count): (i64, u64) = (row.get(0).map_err(failed)?, row.get(2).map_err(failed)?);
        let status: String = row.get(1).map_err(failed)?;
        tally.documents(hour, &status, count);
        read += count as usize;
    }
    tally.read(read);
    Ok(())
}

fn count_deliveries(
    sql: &Connection,
    no: EndpointNo,
    since: Timestamp,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let values = params![no.0, EventId::first_at(since).raw(), OVERVIEW_ROWS_MAX];
    let mut attempts = sql
        .prepare_cached(
            "SELECT event_id, failure IS NULL, started_ms + duration_ms FROM attempt
             WHERE endpoint_no = ?1 AND event_id >= ?2 ORDER BY event_id DESC LIMIT ?3",
        )
        .map_err(failed)?;
    let mut read = 0;
    let mut found = attempts.query(values).map_err(failed)?;
    while let Some(row) = found.next().map_err(failed)? {
        let get = |index| row.get::<_, i64>(index).map_err(failed);
        tally.attempt(get(0)?, get(1)? != 0, get(2)?);
        read += 1;
    }
    tally.close();
    tally.read(read);

    let mut parked = sql
        .prepare_cached(
            "SELECT reason, parked_ms FROM parked
             WHERE endpoint_no = ?1 AND event_id >= ?2 ORDER BY event_id DESC LIMIT ?3",
        )
        .map_err(failed)?;
    let mut read = 0;
    let mut found = parked.query(values).map_err(failed)?;
    while let Some(row) = found.next().map_err(failed)? {
        let reason: String = row.get(0).map_err(failed)?;
        tally.parked(&reason, row.get(1).map_err(failed)?);
        read += 1;
    }
    tally.read(read);

    let waiting = sql
        .prepare_cached("SELECT COUNT(*) FROM (SELECT 1 FROM due WHERE endpoint_no = ?1 LIMIT ?2)")
        .and_then(|mut s| s.query_row(params![no.0, OVERVIEW_ROWS_MAX], |row| row.get(0)))
        .map_err(failed)?;
    tally.waiting(waiting);
    Ok(())
}

#[async_trait]
impl ActivityStore for SqliteStore {
    async fn account_deliveries(
        &self,
        account: &AccountId,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> Result<Page<AccountDelivery>, StoreError> {
        let (account, filter, page) = (account.clone(), filter.clone(), page.clone());
        self.read(move |sql| list(sql, &account, &filter, &page)).await
    }

    async fn overview(
        &self,
        account: &AccountId,
        since: Timestamp,
    ) -> Result<Overview, StoreError> {
        let account = account.clone();
        self.read(move |sql| {
            let mut tally = Tally::default();
            count_documents(sql, &account, since, &mut tally)?;
            for (no, _) in endpoints_of(sql, &account)? {
                count_deliveries(sql, no, since, &mut tally)?;
            }
            Ok(tally.finish())
        })
        .await
    }
}
