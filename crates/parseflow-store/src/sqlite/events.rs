//! Published events in SQLite.

use async_trait::async_trait;
use parseflow_model::{AccountId, Event, EventId};
use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteStore;
use super::emit::emit;
use super::engine::Haste;
use super::rows::{self, failed};
use crate::port::{EventStore, Publish, PublishKey, Published, StoreError};

/// The event with this id.
pub(super) fn event_by_id(sql: &Connection, id: EventId) -> Result<Option<Event>, StoreError> {
    sql.prepare_cached("SELECT * FROM event WHERE id = ?1")
        .and_then(|mut s| s.query_row([id.raw()], rows::event).optional())
        .map_err(failed)
}

/// What was published before under this key.
fn published_before(
    sql: &Connection,
    account: &AccountId,
    key: &PublishKey,
    expired_before_ms: i64,
) -> Result<Option<Published>, StoreError> {
    let kept = sql
        .prepare_cached(
            "SELECT fingerprint, event_id, deliveries FROM idempotency
             WHERE account = ?1 AND key = ?2 AND created_ms > ?3",
        )
        .and_then(|mut s| {
            s.query_row(params![account.as_str(), key.key, expired_before_ms], |row| {
                let kept: ([u8; 32], Option<i64>, Option<u32>) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(kept)
            })
            .optional()
        })
        .map_err(failed)?;
    Ok(kept.map(|(fingerprint, event, deliveries)| match event {
        Some(event) if fingerprint == key.fingerprint => Published::Stored {
            event: EventId::from_raw(event),
            deliveries: deliveries.unwrap_or(0),
            repeated: true,
        },
        // Also when the key belongs to a request of another kind.
        _ => Published::KeyReused,
    }))
}

#[async_trait]
impl EventStore for SqliteStore {
    async fn publish(&self, publish: Publish) -> Result<Published, StoreError> {
        self.engine
            .write_deciding_first(Haste::Urgent, move |tx| {
                if let Some(key) = &publish.key {
                    let expired = publish.now - super::operate::IDEMPOTENCY_LIFE;
                    let before = published_before(tx.sql, &publish.account, key, expired.millis())?;
                    if let Some(before) = before {
                        return Ok(before);
                    }
                }
                let emitted = emit(tx, &publish.account, &publish.fact, publish.only, publish.now)?;
                if let Some(key) = &publish.key {
                    tx.sql
                        .prepare_cached(
                            "INSERT OR REPLACE INTO idempotency
                            (account, key, fingerprint, boot, created_ms, event_id, deliveries)
                         VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6)",
                        )
                        .and_then(|mut s| {
                            s.execute(params![
                                publish.account.as_str(),
                                key.key,
                                key.fingerprint,
                                publish.now.millis(),
                                emitted.id.raw(),
                                emitted.deliveries
                            ])
                        })
                        .map_err(failed)?;
                }
                Ok(Published::Stored {
                    event: emitted.id,
                    deliveries: emitted.deliveries,
                    repeated: false,
                })
            })
            .await
    }

    async fn event(&self, account: &AccountId, id: EventId) -> Result<Option<Event>, StoreError> {
        let account = account.clone();
        self.read(move |sql| Ok(event_by_id(sql, id)?.filter(|event| event.account == account)))
            .await
    }

    async fn events(&self, mut ids: Vec<EventId>) -> Result<Vec<Event>, StoreError> {
        self.read(move |sql| {
            ids.sort_unstable();
            ids.into_iter().filter_map(|id| event_by_id(sql, id).transpose()).collect()
        })
        .await
    }
}
