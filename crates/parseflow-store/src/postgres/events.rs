//! Published events in PostgreSQL.

use async_trait::async_trait;
use parseflow_model::{AccountId, Event, EventId};
use tokio::sync::oneshot;

use super::{PostgresStore, publish, rows};
use crate::port::{EventStore, Publish, Published, StoreError};

#[async_trait]
impl EventStore for PostgresStore {
    async fn publish(&self, publish: Publish) -> Result<Published, StoreError> {
        let bodies = self.inner.rules.bodies(&publish.fact, publish.now);
        let bodies = bodies.map_err(StoreError::Unwritable)?;
        let (reply, answer) = oneshot::channel();
        self.publishing.send(publish::Request { publish, bodies, reply }).await?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    async fn event(&self, account: &AccountId, id: EventId) -> Result<Option<Event>, StoreError> {
        let text = "SELECT * FROM event WHERE id = $1 AND account = $2";
        let row = self.inner.row(text, &[&id.raw(), &account.as_str()]).await?;
        row.as_ref().map(rows::event).transpose()
    }

    async fn events(&self, ids: Vec<EventId>) -> Result<Vec<Event>, StoreError> {
        let ids: Vec<i64> = ids.into_iter().map(EventId::raw).collect();
        let text = "SELECT * FROM event WHERE id = ANY($1) ORDER BY id";
        self.inner.rows(text, &[&ids]).await?.iter().map(rows::event).collect()
    }
}
