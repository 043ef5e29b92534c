//! Publishing, in groups: the events of many requests are written and committed together.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::future;
use parseflow_model::{AccountId, EventId, Timestamp};
use tokio::sync::oneshot;

use super::committer::Grouped;
use super::emit::{Emitted, NewEvent, Outbox, matching};
use super::fail::Fail;
use super::fanout::{CHANGES, Endpoints, counted};
use super::operate::IDEMPOTENCY_LIFE;
use super::rows::{self, get};
use super::tx::{Ended, Tx, in_tx};
use super::{Inner, endpoints, locks};
use crate::port::{EventBodies, Publish, Published, StoreError};

/// One request to publish.
pub(super) struct Request {
    pub(super) publish: Publish,
    pub(super) bodies: EventBodies,
    pub(super) reply: oneshot::Sender<Result<Published, StoreError>>,
}

impl Grouped for Request {
    fn can_wait(&self) -> bool {
        false
    }
}

/// Writes a group and answers every request in it.
pub(super) fn commit(
    inner: Arc<Inner>,
    group: Vec<Request>,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let mut waiting = group;
        while !waiting.is_empty() {
            let (now, later) = one_of_each_key(waiting);
            let outcome = write(&inner, &now).await;
            answer(now, outcome);
            waiting = later;
        }
    })
}

/// Splits off what repeats a key of the same group: it sees what the first one wrote.
fn one_of_each_key(group: Vec<Request>) -> (Vec<Request>, Vec<Request>) {
    let mut seen: HashSet<(AccountId, String)> = HashSet::new();
    group.into_iter().partition(|request| match &request.publish.key {
        Some(key) => seen.insert((request.publish.account.clone(), key.key.clone())),
        None => true,
    })
}

fn answer(group: Vec<Request>, outcome: Result<Vec<Published>, StoreError>) {
    match outcome {
        Ok(answers) => {
            for (request, published) in group.into_iter().zip(answers) {
                // Nobody may be waiting any more: the caller was cancelled, the event stands.
                let _ = request.reply.send(Ok(published));
            }
        }
        Err(error) => {
            tracing::error!(error = %chain(&error), "a group of events could not be committed");
            for request in group {
                let _ = request.reply.send(Err(StoreError::Unavailable(chain(&error).into())));
            }
        }
    }
}

/// The error and its causes in one line.
pub(super) fn chain(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

async fn write(inner: &Arc<Inner>, group: &[Request]) -> Result<Vec<Published>, StoreError> {
    match write_as_known(inner, group).await? {
        Some(answers) => Ok(answers),
        None => in_tx!(inner, tx => { write_in(tx, group).await }),
    }
}

/// Writes a group to the endpoints that this process knows, in one round trip. `None`, and nothing is
/// written, when they have to be read: some are not known, or have changed, or want more than an event.
async fn write_as_known(
    inner: &Arc<Inner>,
    group: &[Request],
) -> Result<Option<Vec<Published>>, StoreError> {
    let accounts: HashSet<&AccountId> = group.iter().map(|r| &r.publish.account).collect();
    let is_keyed = group.iter().any(|request| request.publish.key.is_some());
    let (seat, known) = (inner.ledger().seat, inner.fanout().known(&accounts));
    let (Some(seat), Some((changes, endpoints)), false) = (seat, known, is_keyed) else {
        return Ok(None);
    };
    let mut tx = Tx::begin(inner).await?;
    let outcome = async {
        let mut outbox = Outbox::default();
        let mut answers = Vec::with_capacity(group.len());
        for request in group {
            let Emitted { id: event, deliveries } =
                add(&mut tx, &mut outbox, seat, request, &endpoints)?;
            answers.push(Published::Stored { event, deliveries, repeated: false });
        }
        if !outbox.has_only_events() {
            return Err(Fail::Met);
        }
        let locks = accounts.iter().map(|account| locks::account(account));
        let written = outbox.write_as_known(&mut tx, seat, changes, locks).await?;
        Ok(written.then_some(answers))
    }
    .await;
    match tx.end(outcome, 1).await {
        Ended::Done(outcome) => outcome,
        Ended::Again => Ok(None),
    }
}

async fn write_in(tx: &mut Tx, group: &[Request]) -> Result<Vec<Published>, Fail> {
    let accounts: HashSet<&AccountId> = group.iter().map(|r| &r.publish.account).collect();
    let buckets = locks::in_order(accounts.iter().map(|account| locks::account(account)));
    // The endpoints are read under the locks.
    let reads = future::join3(kept(tx, group), endpoints::of(tx, &accounts), tx.find(CHANGES, &[]));
    let (seat, (kept, found, changes)) = tx.hold_seat_and_share(&buckets, reads).await?;
    let (mut kept, mut found, changes) = (kept?, found?, counted(changes?.as_ref())?);
    let endpoints: Endpoints = accounts
        .into_iter()
        .map(|account| (account.clone(), found.remove(account).unwrap_or_default().into()))
        .collect();
    tx.inner().fanout().keep(changes, &endpoints);
    let mut outbox = Outbox::default();
    let mut answers = Vec::with_capacity(group.len());
    let mut keyed = Vec::new();
    for request in group {
        let publish = &request.publish;
        if let Some(key) = &publish.key
            && let Some(before) = kept.remove(&(publish.account.as_str(), key.key.as_str()))
            && before.created_at > publish.now - IDEMPOTENCY_LIFE
        {
            answers.push(before.answer(&key.fingerprint));
            continue;
        }
        let emitted = add(tx, &mut outbox, seat, request, &endpoints)?;
        if publish.key.is_some() {
            keyed.push((publish, emitted.id, emitted.deliveries));
        }
        let Emitted { id: event, deliveries } = emitted;
        answers.push(Published::Stored { event, deliveries, repeated: false });
    }
    if keyed.is_empty() && outbox.has_only_events() {
        outbox.write_last(tx).await?;
        return Ok(answers);
    }
    let (written, keys) = future::join(outbox.write(tx), keep(tx, &keyed)).await;
    written.and(keys)?;
    Ok(answers)
}

fn add(
    tx: &mut Tx,
    outbox: &mut Outbox,
    seat: super::ledger::Seat,
    request: &Request,
    endpoints: &Endpoints,
) -> Result<Emitted, Fail> {
    let publish = &request.publish;
    let of_account = endpoints.get(&publish.account).map_or(&[][..], |of| &of[..]);
    let event_type = publish.fact.event_type();
    let new = NewEvent {
        account: publish.account.clone(),
        event_type,
        bodies: request.bodies.clone(),
        targets: matching(of_account, event_type, publish.only),
    };
    outbox.add(tx, seat, new, publish.now)
}

/// What was kept under a key.
struct Kept {
    fingerprint: Vec<u8>,
    event: Option<i64>,
    deliveries: u32,
    created_at: Timestamp,
}

impl Kept {
    fn answer(&self, fingerprint: &[u8; 32]) -> Published {
        match self.event {
            Some(event) if self.fingerprint == fingerprint => Published::Stored {
                event: EventId::from_raw(event),
                deliveries: self.deliveries,
                repeated: true,
            },
            // Also when the key belongs to a request of another kind.
            _ => Published::KeyReused,
        }
    }
}

/// What was kept under the group's keys.
async fn kept<'a>(
    tx: &Tx,
    group: &'a [Request],
) -> Result<HashMap<(&'a str, &'a str), Kept>, Fail> {
    let keys: Vec<(&str, &str)> = group
        .iter()
        .filter_map(|r| Some((r.publish.account.as_str(), r.publish.key.as_ref()?.key.as_str())))
        .collect();
    let mut found = HashMap::new();
    if keys.is_empty() {
        return Ok(found);
    }
    let (accounts, names): (Vec<&str>, Vec<&str>) = keys.iter().copied().unzip();
    let rows = tx
        .query(
            "SELECT i.* FROM unnest($1::text[], $2::text[]) AS k (account, key)
             JOIN idempotency i ON i.account = k.account AND i.key = k.key",
            &[&accounts, &names],
        )
        .await?;
    for row in &rows {
        let (account, name): (&str, &str) = (get(row, "account")?, get(row, "key")?);
        let kept = Kept {
            fingerprint: get(row, "fingerprint")?,
            event: get(row, "event_id")?,
            deliveries: rows::number_opt(row, "deliveries")?.unwrap_or(0),
            created_at: rows::time(row, "created_ms")?,
        };
        let key = keys.iter().find(|(a, n)| (*a, *n) == (account, name));
        found.extend(key.map(|key| (*key, kept)));
    }
    Ok(found)
}

/// Keeps the keys of new events. A key that another process has used meanwhile undoes the group,
/// which then sees it.
async fn keep(tx: &Tx, keyed: &[(&Publish, EventId, u32)]) -> Result<(), Fail> {
    if keyed.is_empty() {
        return Ok(());
    }
    let mut sorted: Vec<_> = keyed
        .iter()
        .filter_map(|(publish, event, deliveries)| {
            Some((publish.account.as_str(), publish.key.as_ref()?, publish.now, event, deliveries))
        })
        .collect();
    sorted.sort_by_key(|(account, key, ..)| (*account, key.key.as_str()));
    let accounts: Vec<&str> = sorted.iter().map(|(account, ..)| *account).collect();
    let names: Vec<&str> = sorted.iter().map(|(_, key, ..)| key.key.as_str()).collect();
    let prints: Vec<&[u8]> = sorted.iter().map(|(_, key, ..)| &key.fingerprint[..]).collect();
    let created: Vec<i64> = sorted.iter().map(|(_, _, now, ..)| now.millis()).collect();
    let events: Vec<i64> = sorted.iter().map(|(_, _, _, event, _)| event.raw()).collect();
    let deliveries: Vec<i64> =
        sorted.iter().map(|(.., deliveries)| i64::from(**deliveries)).collect();
    let life = IDEMPOTENCY_LIFE.as_millis() as i64;
    let kept = tx
        .execute(
            "INSERT INTO idempotency AS i
                (account, key, fingerprint, boot, created_ms, event_id, deliveries)
             SELECT account, key, fingerprint, 0, created_ms, event_id, deliveries
             FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::bigint[],
                $6::bigint[]) AS new (account, key, fingerprint, created_ms, event_id, deliveries)
             ON CONFLICT (account, key) DO UPDATE SET fingerprint = excluded.fingerprint, boot = 0,
                epoch = 0, created_ms = excluded.created_ms, event_id = excluded.event_id,
                deliveries = excluded.deliveries, status = NULL, content_type = NULL,
                sealed_body = NULL
             WHERE i.created_ms <= excluded.created_ms - $7",
            &[&accounts, &names, &prints, &created, &events, &deliveries, &life],
        )
        .await?;
    if kept == sorted.len() as u64 { Ok(()) } else { Err(Fail::Met) }
}
