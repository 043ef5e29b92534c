//! Events written with their cause: the outbox.

use std::sync::Arc;

use futures_util::future;
use parseflow_model::{
    AccountId, Endpoint, EndpointNo, EndpointStatus, Event, EventId, EventType, Fact, Timestamp,
};
use tokio_postgres::types::ToSql;

use super::endpoints;
use super::fail::Fail;
use super::ledger::{Seat, Step};
use super::rows::position;
use super::tx::Tx;
use crate::port::{EventBodies, Notice, StoreError};

/// What was written.
pub(super) struct Emitted {
    /// The event's id.
    pub(super) id: EventId,
    /// Endpoints it will be delivered to; skipped ones are not counted.
    pub(super) deliveries: u32,
}

/// Rows of events and of what becomes of them, gathered and then written together.
#[derive(Default)]
pub(super) struct Outbox {
    events: Vec<(Arc<Event>, String)>,
    due: Vec<(EndpointNo, EventId, Timestamp)>,
    skipped: Vec<(EndpointNo, EventId, Timestamp)>,
}

impl Outbox {
    /// Adds an event with the endpoints it goes to.
    ///
    /// An endpoint that is disabled has the event recorded as skipped; one whose plan has no
    /// webhooks has it due at once, to be claimed after an upgrade; every other is handed to the
    /// dispatcher of this process after the commit, or made due when there is none or the endpoint
    /// is ordered.
    pub(super) fn add(
        &mut self,
        tx: &mut Tx,
        seat: Seat,
        new: NewEvent<'_>,
        now: Timestamp,
    ) -> Result<Emitted, Fail> {
        let id = tx.reserve(seat, now)?;
        let targets: Vec<String> = new.targets.iter().map(|e| e.no.0.to_string()).collect();
        let event = Arc::new(Event {
            id,
            account: new.account,
            event_type: new.event_type,
            occurred_at: now,
            body: Arc::from(new.bodies.body),
            thin_body: new.bodies.thin.map(Arc::from),
        });
        let mut deliveries = 0;
        for endpoint in &new.targets {
            let no = endpoint.no;
            if endpoint.health.status == EndpointStatus::Disabled {
                self.skipped.push((no, id, now));
                continue;
            }
            deliveries += 1;
            if seat.dispatching && !endpoint.is_paused() && !endpoint.settings.ordered {
                tx.steps.push(Step::HandedOver(id, no));
                tx.notices.push(Notice::First {
                    event: Arc::clone(&event),
                    endpoint: no,
                    rate_limit_per_second: endpoint.settings.rate_limit_per_second,
                });
            } else {
                self.due.push((no, id, now));
                tx.notices.push(Notice::Due { endpoint: no, at: now });
            }
        }
        self.events.push((event, format!("{{{}}}", targets.join(","))));
        Ok(Emitted { id, deliveries })
    }

    /// Writes everything that was added.
    pub(super) async fn write(self, tx: &Tx) -> Result<(), Fail> {
        let columns = EventColumns::of(&self.events);
        let values = columns.values();
        let events = tx.execute(INSERT_EVENTS, &values);
        let (events, due, skipped) = future::join3(events, self.due(tx), self.skipped(tx)).await;
        events.map(drop).and(due).and(skipped)
    }

    /// Whether nothing but events was added.
    pub(super) fn has_only_events(&self) -> bool {
        self.due.is_empty() && self.skipped.is_empty()
    }

    /// Writes the events, which must be all that was added, and commits.
    pub(super) async fn write_last(self, tx: &mut Tx) -> Result<(), Fail> {
        let columns = EventColumns::of(&self.events);
        tx.execute_last(INSERT_EVENTS, &columns.values()).await.map(drop)
    }

    /// Writes the events, which must be all that was added and all that the transaction does, and commits:
    /// in one round trip, under the lock of this seat and `locks`. Writes nothing, and returns `false`, when
    /// the seat is lost or endpoints have changed since `changes` was their count.
    pub(super) async fn write_as_known(
        self,
        tx: &mut Tx,
        seat: Seat,
        changes: i64,
        locks: impl Iterator<Item = i32>,
    ) -> Result<bool, Fail> {
        let columns = EventColumns::of(&self.events);
        let mut values: Vec<&(dyn ToSql + Sync)> = vec![&changes];
        values.extend(columns.values());
        let text = "SELECT write_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        tx.only(seat, locks, text, &values).await
    }

    async fn due(&self, tx: &Tx) -> Result<(), Fail> {
        if self.due.is_empty() {
            return Ok(());
        }
        let (endpoints, events, times) = columns(&self.due);
        tx.execute(
            "INSERT INTO due (endpoint_no, event_id, due_ms, attempts_made, manual)
             SELECT endpoint_no, event_id, due_ms, 0, false
             FROM unnest($1::integer[], $2::bigint[], $3::bigint[])
             AS new (endpoint_no, event_id, due_ms)",
            &[&endpoints, &events, &times],
        )
        .await
        .map(drop)
    }

    async fn skipped(&self, tx: &Tx) -> Result<(), Fail> {
        if self.skipped.is_empty() {
            return Ok(());
        }
        let (endpoints, events, times) = columns(&self.skipped);
        tx.execute(
            "INSERT INTO parked (endpoint_no, event_id, reason, parked_ms)
             SELECT endpoint_no, event_id, 'skipped', parked_ms
             FROM unnest($1::integer[], $2::bigint[], $3::bigint[])
             AS new (endpoint_no, event_id, parked_ms)",
            &[&endpoints, &events, &times],
        )
        .await
        .map(drop)
    }
}

const INSERT_EVENTS: &str =
    "INSERT INTO event (id, account, event_type, occurred_ms, body, thin_body, targets)
     SELECT id, account, event_type, occurred_ms, body, thin_body, targets::integer[]
     FROM unnest($1::bigint[], $2::text[], $3::smallint[], $4::bigint[], $5::bytea[],
        $6::bytea[], $7::text[])
     AS new (id, account, event_type, occurred_ms, body, thin_body, targets)";

/// Events as columns of arrays.
struct EventColumns<'a> {
    ids: Vec<i64>,
    accounts: Vec<&'a str>,
    types: Vec<i16>,
    occurred: Vec<i64>,
    bodies: Vec<&'a [u8]>,
    thin: Vec<Option<&'a [u8]>>,
    targets: Vec<&'a str>,
}

impl<'a> EventColumns<'a> {
    fn of(events: &'a [(Arc<Event>, String)]) -> Self {
        Self {
            ids: events.iter().map(|(e, _)| e.id.raw()).collect(),
            accounts: events.iter().map(|(e, _)| e.account.as_str()).collect(),
            types: events.iter().map(|(e, _)| position(e.event_type)).collect(),
            occurred: events.iter().map(|(e, _)| e.occurred_at.millis()).collect(),
            bodies: events.iter().map(|(e, _)| &e.body[..]).collect(),
            thin: events.iter().map(|(e, _)| e.thin_body.as_deref()).collect(),
            targets: events.iter().map(|(_, targets)| targets.as_str()).collect(),
        }
    }

    /// In the order of [`INSERT_EVENTS`].
    fn values(&self) -> [&(dyn ToSql + Sync); 7] {
        [
            &self.ids,
            &self.accounts,
            &self.types,
            &self.occurred,
            &self.bodies,
            &self.thin,
            &self.targets,
        ]
    }
}

/// The rows as columns of arrays.
pub(super) fn columns(rows: &[(EndpointNo, EventId, Timestamp)]) -> (Vec<i32>, Vec<i64>, Vec<i64>) {
    let mut columns = (Vec::new(), Vec::new(), Vec::new());
    for (endpoint, event, at) in rows {
        columns.0.push(endpoint.0 as i32);
        columns.1.push(event.raw());
        columns.2.push(at.millis());
    }
    columns
}

/// An event to write, with the endpoints it goes to.
pub(super) struct NewEvent<'a> {
    pub(super) account: AccountId,
    pub(super) event_type: EventType,
    pub(super) bodies: EventBodies,
    pub(super) targets: Vec<&'a Endpoint>,
}

/// Those of an account's endpoints that an event goes to.
pub(super) fn matching(
    endpoints: &[Endpoint],
    event_type: EventType,
    only: Option<EndpointNo>,
) -> Vec<&Endpoint> {
    let is_one = |endpoint: &&Endpoint| match only {
        Some(no) => endpoint.no == no,
        None => endpoint.wants(event_type),
    };
    endpoints.iter().filter(is_one).collect()
}

/// Writes the event that announces `fact`, with the endpoints it goes to, in this transaction.
pub(super) async fn emit(
    tx: &mut Tx,
    account: &AccountId,
    fact: &Fact,
    now: Timestamp,
) -> Result<Emitted, Fail> {
    let bodies = tx.rules().bodies(fact, now).map_err(StoreError::Unwritable)?;
    let seat = tx.hold_seat().await?;
    tx.share_account(account).await?;
    let event_type = fact.event_type();
    let endpoints = endpoints::of_account(tx, account).await?;
    let targets = matching(&endpoints, event_type, None);
    let new = NewEvent { account: account.clone(), event_type, bodies, targets };
    let mut outbox = Outbox::default();
    let emitted = outbox.add(tx, seat, new, now)?;
    outbox.write(tx).await?;
    Ok(emitted)
}
