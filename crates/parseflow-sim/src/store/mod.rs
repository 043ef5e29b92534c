//! The store as one process sees it: the real one, behind everything that can go wrong on the way,
//! and watched. After every change the model is told what committed and what is stored is compared
//! with what should be.

mod accounts;
mod activity;
mod alerts;
mod deliveries;
mod documents;
mod recoveries;
mod sealed;

use std::future::Future;
use std::sync::Arc;

use parseflow_model::{AccountId, DeliveryId, EndpointNo, EventType, Timestamp};
use parseflow_store::{DeliveryStore, EndpointStore, PageRequest, SqliteStore, StoreError};

use crate::link::Link;
use crate::model::Broken;
use crate::shared::{Fate, Shared};

/// What to compare after a change.
pub(crate) enum Look {
    /// Events of these types happened then to the account, and only for that endpoint if one is
    /// named.
    Events(AccountId, Vec<EventType>, Option<EndpointNo>, Timestamp),
    /// One delivery.
    Delivery(DeliveryId),
    /// One endpoint's health.
    Health(EndpointNo),
}

/// What a change means, by the model.
pub(crate) type Seen = Result<Vec<Look>, Broken>;

/// See the module.
pub(crate) struct WatchedStore {
    pub(crate) real: SqliteStore,
    pub(crate) link: Arc<Link>,
    pub(crate) shared: Arc<Shared>,
    /// Whether it serves requests and reads documents, or the delivery loops.
    pub(crate) is_front: bool,
}

impl WatchedStore {
    /// A call that changes something: `seen` tells the model at the moment of the commit.
    async fn change<T>(
        &self,
        name: &'static str,
        change: impl Future<Output = Result<T, StoreError>> + Send,
        seen: impl FnOnce(&T) -> Seen + Send,
    ) -> Result<T, StoreError> {
        let (shared, link) = (&self.shared, &self.link);
        self.gate().await;
        shared.dawdle().await;
        self.gate().await;
        let fate = shared.fate();
        match fate {
            Fate::Refused => {
                shared.note(|| format!("p{} {name} refused", link.process));
                return Err(unavailable());
            }
            Fate::CrashBefore => return shared.crash(link, name).await,
            _ => {}
        }
        // Nobody runs between the commit and the look at it.
        let outcome = tokio::task::unconstrained(async {
            let outcome = change.await;
            match &outcome {
                Ok(value) => match seen(value) {
                    Ok(looks) => self.compare(name, looks).await,
                    Err(broken) => shared.check(Err(format!("{name}: {broken}"))),
                },
                Err(error) => shared.note(|| format!("p{} {name}: {error}", link.process)),
            }
            outcome
        })
        .await;
        if fate == Fate::CrashAfter {
            return shared.crash(link, name).await;
        }
        shared.dawdle().await;
        self.gate().await;
        if fate == Fate::AnswerLost && outcome.is_ok() {
            shared.note(|| format!("p{} {name} done, answer lost", link.process));
            return Err(unavailable());
        }
        outcome
    }

    async fn gate(&self) {
        if self.is_front {
            self.link.front_gate().await;
        } else {
            self.link.gate().await;
        }
    }

    /// A call that only reads.
    async fn look<T>(
        &self,
        name: &'static str,
        read: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        self.change(name, read, |_| Ok(Vec::new())).await
    }

    async fn compare(&self, name: &'static str, looks: Vec<Look>) {
        for look in looks {
            let found = match look {
                Look::Events(account, types, only, at) => {
                    self.events(&account, &types, only, at).await
                }
                Look::Delivery(id) => check_delivery(&self.shared, &self.real, id).await,
                Look::Health(no) => check_health(&self.shared, &self.real, no).await,
            };
            self.shared.check(found.map_err(|broken| format!("{name}: {broken}")));
        }
    }

    /// Every endpoint that wants them has exactly these new deliveries in its log.
    async fn events(
        &self,
        account: &AccountId,
        types: &[EventType],
        only: Option<EndpointNo>,
        at: Timestamp,
    ) -> Result<(), Broken> {
        let endpoints = self.shared.model().endpoints_of(account);
        for no in endpoints {
            let (id, mask, seen) = {
                let model = self.shared.model();
                let endpoint = &model.endpoints[&no];
                (endpoint.id.clone(), endpoint.mask, endpoint.seen)
            };
            let wanted: Vec<_> = match only {
                Some(only) => types.iter().copied().filter(|_| only == no).collect(),
                None => types.iter().copied().filter(|kind| mask & kind.bit() != 0).collect(),
            };
            let page = PageRequest { limit: wanted.len() + 1, cursor: None };
            let log = self.real.deliveries(account, &id, &page).await;
            let log = log.map_err(|error| error.to_string())?;
            let mut rows = log.map_or(Vec::new(), |page| page.rows);
            rows.retain(|row| row.id.event > seen);
            rows.reverse();
            self.shared.model().found_new(no, &wanted, &rows, at)?;
        }
        Ok(())
    }
}

/// The delivery is stored as the model has it.
pub(crate) async fn check_delivery(
    shared: &Shared,
    store: &SqliteStore,
    id: DeliveryId,
) -> Result<(), Broken> {
    let (account, endpoint, deleted) = {
        let model = shared.model();
        let endpoint = model.endpoints.get(&id.endpoint).ok_or(format!("{id}: no endpoint"))?;
        (endpoint.account.clone(), endpoint.id.clone(), endpoint.deleted)
    };
    if deleted {
        return Ok(());
    }
    let stored = store.delivery(&account, &endpoint, id).await.map_err(|e| e.to_string())?;
    let stored = stored.ok_or(format!("{id} is not in the log"))?;
    let model = shared.model();
    let expected = model.deliveries.get(&id).ok_or(format!("{id} never happened"))?;
    expected.check(&stored.row)
}

/// The endpoint's health is stored as the model has it.
pub(crate) async fn check_health(
    shared: &Shared,
    store: &SqliteStore,
    no: EndpointNo,
) -> Result<(), Broken> {
    let stored = store.endpoint_by_no(no).await.map_err(|error| error.to_string())?;
    let model = shared.model();
    let expected = model.endpoints.get(&no).ok_or(format!("no endpoint {}", no.0))?;
    match stored {
        Some(stored) if !expected.deleted => expected.health.check(no, &stored.health),
        None if expected.deleted => Ok(()),
        _ => Err(format!("endpoint {} is there or not, against the model", no.0)),
    }
}

fn unavailable() -> StoreError {
    StoreError::Unavailable("a simulated fault".into())
}
