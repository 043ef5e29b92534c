//! The ends of attempts, in groups: attempts, what follows and the endpoints' health in one commit.
//!
//! An endpoint that an attempt disables has everything cancelled that waits for it. That needs its
//! locks alone, so such an attempt is left out of its group and settled by itself.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::future;
use parseflow_model::{
    Attempt, DeliveryId, Endpoint, EndpointNo, EndpointStatus, EventId, Health, Timestamp, Trigger,
};
use tokio::sync::oneshot;

use super::committer::Grouped;
use super::deliveries::tell_of_oldest;
use super::fail::Fail;
use super::ledger::{Seat, Step};
use super::publish::chain;
use super::rows::{endpoint_no, get};
use super::settle_rows::{Again, DELIVERIES, delete, insert_attempts, park, put_due};
use super::tx::{Tx, in_tx};
use super::{Inner, endpoints, locks, successes};
use crate::port::{
    Claim, DispatcherLease, HealthFacts, Next, Notice, Settled, Settlement, StoreError,
};

/// One attempt to record.
pub(super) struct Request {
    pub(super) lease: DispatcherLease,
    pub(super) settlement: Settlement,
    pub(super) reply: oneshot::Sender<Result<Settled, StoreError>>,
}

impl Request {
    pub(super) fn delivery(&self) -> DeliveryId {
        self.settlement.attempt.delivery
    }
}

impl Grouped for Request {
    fn can_wait(&self) -> bool {
        self.settlement.can_wait()
    }
}

/// What the group's transaction says to one request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Said {
    Settled(Settled),
    /// It disables its endpoint: to be settled by itself.
    Alone,
    /// It was recorded before, or what it belongs to has been removed by retention.
    Recorded,
    LeaseLost,
}

/// Records a group and answers every request in it.
pub(super) fn commit(
    inner: Arc<Inner>,
    group: Vec<Request>,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let mut waiting = group;
        while !waiting.is_empty() {
            let mut seen = HashSet::new();
            let (now, later): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|request| seen.insert(request.delivery()));
            settle_group(&inner, now).await;
            waiting = later;
        }
    })
}

async fn settle_group(inner: &Arc<Inner>, group: Vec<Request>) {
    match settle_together(inner, &group, false).await {
        Ok(said) => {
            for (request, said) in group.into_iter().zip(said) {
                match said {
                    Said::Alone => settle_alone(inner, request).await,
                    said => answer(request, Ok(said)),
                }
            }
        }
        Err(error) if group.len() > 1 => {
            // One of them may be at fault: each by itself.
            tracing::warn!(error = %chain(&error), "a group of attempts could not be recorded");
            for request in group {
                settle_alone(inner, request).await;
            }
        }
        Err(error) => group.into_iter().for_each(|request| {
            answer(request, Err(StoreError::Unavailable(chain(&error).into())));
        }),
    }
}

async fn settle_alone(inner: &Arc<Inner>, request: Request) {
    let said = settle_together(inner, std::slice::from_ref(&request), true).await;
    answer(request, said.map(|said| said.first().copied().unwrap_or(Said::Recorded)));
}

fn answer(request: Request, said: Result<Said, StoreError>) {
    let answer = match said {
        Ok(Said::Settled(settled)) => Ok(settled),
        Ok(Said::Recorded) => Ok(Settled::Stale),
        Ok(Said::LeaseLost) => Err(StoreError::LeaseLost),
        Ok(Said::Alone) => Err(StoreError::Unavailable("not settled".into())),
        Err(error) => Err(error),
    };
    // Nobody may be waiting any more: the caller was cancelled, the record stands.
    let _ = request.reply.send(answer);
}

async fn settle_together(
    inner: &Arc<Inner>,
    group: &[Request],
    alone: bool,
) -> Result<Vec<Said>, StoreError> {
    if !alone && let Some(said) = successes::settle(inner, group).await? {
        return Ok(said);
    }
    let mut care = Care { alone, ..Care::default() };
    in_tx!(inner, tx => {
        let outcome = settle_in(tx, group, care).await;
        match outcome {
            // Its event has been removed by retention, and the partition with it.
            Err(fail) if fail.is_without_partition() && group.len() == 1 && !care.is_gone => {
                care.is_gone = true;
                Err(Fail::Met)
            }
            Err(fail) => {
                care.may_be_logged = true;
                Err(fail)
            }
            outcome => outcome,
        }
    })
}

/// What a group has to look out for.
#[derive(Debug, Clone, Copy, Default)]
struct Care {
    /// Its only attempt may disable the endpoint.
    alone: bool,
    /// An earlier try has failed: a commit that was not answered may have recorded an attempt.
    may_be_logged: bool,
    /// The history of its only attempt has been removed.
    is_gone: bool,
}

async fn settle_in(tx: &mut Tx, group: &[Request], care: Care) -> Result<Vec<Said>, Fail> {
    let (seat, present) = match Present::read(tx, group, care).await {
        Ok(present) => present,
        Err(Fail::SeatLost) => return Ok(vec![Said::LeaseLost; group.len()]),
        Err(fail) => return Err(fail),
    };
    let mut plan = Plan::default();
    let mut said = Vec::with_capacity(group.len());
    for request in group {
        if request.lease.epoch != seat.epoch {
            said.push(Said::LeaseLost);
            continue;
        }
        match present.standing(tx, request) {
            _ if care.is_gone => {
                tx.steps.push(Step::Settled(request.delivery()));
                said.push(Said::Recorded);
            }
            Standing::Lost => {
                tx.steps.push(Step::Settled(request.delivery()));
                said.push(Said::Settled(Settled::Stale));
            }
            standing => said.push(plan.add(tx, &present, request, standing, care.alone)),
        }
    }
    plan.write(tx, &present).await?;
    // What waited behind a delivery of an ordered endpoint can go now.
    let ordered = |endpoint: &&Endpoint| endpoint.settings.ordered;
    let ordered: Vec<i32> =
        present.endpoints.values().filter(ordered).map(|one| one.no.0 as i32).collect();
    tell_of_oldest(tx, &ordered).await?;
    Ok(said)
}

/// How a settlement stands to its claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// A first attempt that was handed over.
    Handed,
    /// The claim is held.
    Held,
    /// The same, and the delivery was cancelled and asked for by hand while the attempt ran: if that
    /// failed, it is sent again at once.
    Wanted,
    /// The delivery was cancelled while the attempt ran: it is logged, nothing follows.
    Cancelled,
    /// Another process has claimed it, or it was settled before.
    Lost,
}

/// What is stored about the deliveries of a group.
struct Present {
    endpoints: HashMap<EndpointNo, Endpoint>,
    /// Of their rows in `due`: token, and whether they were asked for by hand.
    holders: HashMap<DeliveryId, (i64, bool)>,
    cancelled: HashSet<DeliveryId>,
    logged: HashSet<(DeliveryId, u32)>,
}

fn delivery(row: &tokio_postgres::Row) -> Result<DeliveryId, Fail> {
    let event = EventId::from_raw(get(row, "event_id")?);
    Ok(DeliveryId { event, endpoint: endpoint_no(row, "endpoint_no")? })
}

impl Present {
    async fn read(tx: &Tx, group: &[Request], care: Care) -> Result<(Seat, Self), Fail> {
        let numbers: Vec<i32> = group
            .iter()
            .map(|request| request.delivery().endpoint.0 as i32)
            .collect::<HashSet<_>>()
            .into_iter()
            .collect();
        let buckets = locks::in_order(group.iter().map(|r| locks::endpoint(r.delivery().endpoint)));
        let reads = future::join4(
            endpoints::read(tx, &numbers),
            holders(tx, group),
            cancelled(tx, group),
            logged(tx, group, care),
        );
        let (seat, (endpoints, holders, cancelled, logged)) = if care.alone {
            let seat = tx.hold_seat().await?;
            // The account of an endpoint never changes: it can be read before the lock.
            for endpoint in endpoints::by_no(tx, &numbers).await?.into_values() {
                tx.lock_account(&endpoint.account).await?;
            }
            tx.lock(&buckets).await?;
            (seat, reads.await)
        } else {
            tx.hold_seat_and_share(&buckets, reads).await?
        };
        let (read, holders) = (endpoints?, holders?);
        tx.inner().known().keep(read.iter());
        let endpoints = read.into_iter().map(|read| (read.endpoint.no, read.endpoint)).collect();
        Ok((seat, Self { endpoints, holders, cancelled: cancelled?, logged: logged? }))
    }

    fn standing(&self, tx: &Tx, request: &Request) -> Standing {
        let id = request.delivery();
        if self.logged.contains(&(id, request.settlement.attempt.number)) {
            return Standing::Lost;
        }
        let Settlement { claim, attempt, .. } = &request.settlement;
        let is_cancelled = self.cancelled.contains(&id);
        match self.holders.get(&id) {
            Some((token, _)) if *token != claim.token() => Standing::Lost,
            Some((_, true)) if attempt.trigger != Trigger::Manual => Standing::Wanted,
            Some(_) => Standing::Held,
            None if is_cancelled => Standing::Cancelled,
            None if *claim == Claim::First && tx.inner().ledger().holds_first(id) => {
                Standing::Handed
            }
            None => Standing::Lost,
        }
    }
}

fn keys<'a>(requests: impl Iterator<Item = &'a Request>) -> (Vec<i32>, Vec<i64>) {
    requests.map(|r| (r.delivery().endpoint.0 as i32, r.delivery().event.raw())).unzip()
}

async fn holders(tx: &Tx, group: &[Request]) -> Result<HashMap<DeliveryId, (i64, bool)>, Fail> {
    let (endpoints, events) = keys(group.iter());
    let select = format!(
        "SELECT d.endpoint_no, d.event_id, d.token, d.manual FROM {DELIVERIES}
         JOIN due d ON d.endpoint_no = k.endpoint_no AND d.event_id = k.event_id
         ORDER BY 1, 2 FOR UPDATE OF d"
    );
    let rows = tx.query(&select, &[&endpoints, &events]).await?;
    rows.iter().map(|row| Ok((delivery(row)?, (get(row, "token")?, get(row, "manual")?)))).collect()
}

async fn cancelled(tx: &Tx, group: &[Request]) -> Result<HashSet<DeliveryId>, Fail> {
    let (endpoints, events) = keys(group.iter());
    let select = format!(
        "SELECT p.endpoint_no, p.event_id FROM {DELIVERIES}
         JOIN parked p ON p.endpoint_no = k.endpoint_no AND p.event_id = k.event_id
         WHERE p.reason = 'cancelled'"
    );
    tx.query(&select, &[&endpoints, &events]).await?.iter().map(delivery).collect()
}

/// Attempts that are there already: after a commit that was not answered, perhaps under another claim.
async fn logged(
    tx: &Tx,
    group: &[Request],
    care: Care,
) -> Result<HashSet<(DeliveryId, u32)>, Fail> {
    // A first attempt has none before it.
    let all = care.alone || care.may_be_logged;
    let (endpoints, events) =
        keys(group.iter().filter(|request| all || request.settlement.claim != Claim::First));
    if endpoints.is_empty() {
        return Ok(HashSet::new());
    }
    let select = format!(
        "SELECT a.endpoint_no, a.event_id, a.number FROM {DELIVERIES}
         JOIN attempt a ON a.endpoint_no = k.endpoint_no AND a.event_id = k.event_id"
    );
    let rows = tx.query(&select, &[&endpoints, &events]).await?;
    rows.iter().map(|row| Ok((delivery(row)?, get::<i32>(row, "number")?.unsigned_abs()))).collect()
}

/// What is to be written for a group.
#[derive(Default)]
struct Plan<'a> {
    attempts: Vec<&'a Attempt>,
    done: Vec<DeliveryId>,
    unparked: Vec<DeliveryId>,
    due: Vec<Again>,
    parked: Vec<(DeliveryId, Timestamp, &'static str)>,
    /// Health before and after the attempts of the group, by endpoint.
    health: HashMap<EndpointNo, (Health, Health)>,
    /// Attempts to fold again when the health has changed meanwhile, in order.
    settlements: Vec<(EndpointNo, &'a Settlement)>,
    disabled: Vec<(EndpointNo, Timestamp)>,
}

impl<'a> Plan<'a> {
    fn add(
        &mut self,
        tx: &mut Tx,
        present: &Present,
        request: &'a Request,
        standing: Standing,
        alone: bool,
    ) -> Said {
        let (id, settlement) = (request.delivery(), &request.settlement);
        let endpoint = present.endpoints.get(&id.endpoint);
        let health = endpoint.map(|endpoint| {
            let before = self.health.get(&id.endpoint).map_or(endpoint.health, |(_, after)| *after);
            let facts = HealthFacts::of(settlement, &endpoint.settings);
            (before, tx.rules().after_attempt(&before, &facts))
        });
        let disables = health.is_some_and(|(before, after)| {
            before.status != EndpointStatus::Disabled && after.status == EndpointStatus::Disabled
        });
        if disables && !alone {
            return Said::Alone;
        }
        self.attempts.push(&settlement.attempt);
        if standing == Standing::Cancelled {
            self.unparked.push(id);
        }
        let active = endpoint.is_some_and(Endpoint::is_active);
        self.follow(tx, settlement, standing, active);
        let Some((before, after)) = health else { return Said::Settled(Settled::Recorded(None)) };
        if let Some(endpoint) = endpoint {
            let first = self.health.get(&id.endpoint).map_or(endpoint.health, |(first, _)| *first);
            self.health.insert(id.endpoint, (first, after));
        }
        self.settlements.push((id.endpoint, settlement));
        if disables {
            self.disabled.push((id.endpoint, settlement.ended_at));
        }
        if before.status != after.status {
            tx.notices.push(Notice::EndpointChanged(id.endpoint));
        }
        Said::Settled(Settled::Recorded(Some((before, after))))
    }

    /// Notes what follows: nothing, another try, or the end.
    fn follow(&mut self, tx: &mut Tx, settlement: &Settlement, standing: Standing, active: bool) {
        let id = settlement.attempt.delivery;
        if settlement.claim == Claim::First {
            tx.steps.push(Step::Settled(id));
        }
        let again = match settlement.next {
            Next::Delivered => None,
            _ if !active => None,
            _ if standing == Standing::Wanted => Some((settlement.ended_at, true)),
            Next::Retry(at) if standing != Standing::Cancelled => Some((at, false)),
            _ => None,
        };
        if let Some((at, manual)) = again {
            // A row that is there is changed in place.
            self.due.push(Again { id, at, attempts_made: settlement.attempt.number, manual });
            tx.notices.push(Notice::Due { endpoint: id.endpoint, at });
            return;
        }
        if matches!(standing, Standing::Held | Standing::Wanted) {
            self.done.push(id);
        }
        match settlement.next {
            Next::Delivered => {}
            Next::Retry(_) => self.parked.push((id, settlement.ended_at, "cancelled")),
            Next::Exhausted => self.parked.push((id, settlement.ended_at, "exhausted")),
        }
    }

    async fn write(mut self, tx: &mut Tx, present: &Present) -> Result<(), Fail> {
        self.refold(tx, present).await?;
        {
            let tx = &*tx;
            let (attempts, done, unparked) = future::join3(
                insert_attempts(tx, &self.attempts),
                delete(tx, "due", &self.done),
                delete(tx, "parked", &self.unparked),
            )
            .await;
            attempts.and(done).and(unparked)?;
            let (due, parked) = future::join(put_due(tx, &self.due), park(tx, &self.parked)).await;
            due.and(parked)?;
            for (no, (before, after)) in &self.health {
                if is_worth_a_write(before, after) {
                    tx.inner().known().forget(*no);
                    endpoints::put_health(tx, *no, after).await?;
                }
            }
        }
        for (no, at) in self.disabled {
            // The delivery just settled is among them if it was to be tried again.
            endpoints::cancel_pending(tx, no, at).await?;
            tx.tell_of_change().await?;
        }
        Ok(())
    }

    /// What is to be written over an endpoint's health is worked out once more under its row's lock:
    /// another group may have changed it since it was read.
    async fn refold(&mut self, tx: &Tx, present: &Present) -> Result<(), Fail> {
        let numbers: Vec<i32> = self
            .health
            .iter()
            .filter(|(_, (before, after))| is_worth_a_write(before, after))
            .map(|(no, _)| no.0 as i32)
            .collect();
        if numbers.is_empty() {
            return Ok(());
        }
        let current = endpoints::by_no_alone(tx, &numbers).await?;
        for number in numbers {
            let no = EndpointNo(number as u32);
            let Some(endpoint) = current.get(&no) else {
                self.health.remove(&no);
                continue;
            };
            let is_as_read = |read: &Endpoint| {
                read.health == endpoint.health
                    && read.settings.disable_on_gone == endpoint.settings.disable_on_gone
            };
            if present.endpoints.get(&no).is_some_and(is_as_read) {
                continue;
            }
            let was_active = endpoint.is_active();
            let own = self.settlements.iter().filter(|(other, _)| *other == no);
            let after = own.fold(endpoint.health, |health, (_, settlement)| {
                let facts = HealthFacts::of(settlement, &endpoint.settings);
                tx.rules().after_attempt(&health, &facts)
            });
            if was_active && after.status == EndpointStatus::Disabled && self.disabled.is_empty() {
                // Together with another group's attempts it disables the endpoint: read again.
                return Err(Fail::Met);
            }
            self.health.insert(no, (endpoint.health, after));
        }
        Ok(())
    }
}

/// Whether an endpoint's health has changed by what is worth a write. One success after another within a
/// second is not: the time of the latest success is kept to the second.
pub(super) fn is_worth_a_write(before: &Health, after: &Health) -> bool {
    before != after && !is_only_a_later_success(before, after)
}

fn is_only_a_later_success(before: &Health, after: &Health) -> bool {
    let (Some(earlier), Some(later)) = (before.last_success_at, after.last_success_at) else {
        return false;
    };
    later.since(earlier).as_millis() < 1_000
        && *before == Health { last_success_at: before.last_success_at, ..*after }
}
