//! Successes in one round trip: the attempts that were handed to this process and succeeded at once, at
//! endpoints whose rows are as this process last read them. Then nothing but the attempts is to be written.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use parseflow_model::{Endpoint, EndpointNo};
use tokio_postgres::types::ToSql;

use super::fail::Fail;
use super::ledger::{Seat, Step};
use super::settle::{Request, Said, is_worth_a_write};
use super::settle_rows::AttemptColumns;
use super::tx::{Ended, Tx};
use super::{Inner, locks};
use crate::port::{Claim, HealthFacts, Next, Settled, StoreError};

/// Endpoints that are remembered at most.
const ENDPOINTS_MAX: usize = 10_000;

/// An endpoint's row as it was read, and the transaction that had written it.
#[derive(Debug, Clone)]
pub(super) struct Read {
    pub(super) endpoint: Endpoint,
    pub(super) written_by: i64,
}

/// Endpoints as this process last read them.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<EndpointNo, Arc<Read>>);

impl Known {
    /// Remembers endpoints as they were read.
    pub(super) fn keep<'a>(&mut self, read: impl Iterator<Item = &'a Read>) {
        if self.0.len() > ENDPOINTS_MAX {
            self.0.clear();
        }
        self.0.extend(read.map(|read| (read.endpoint.no, Arc::new(read.clone()))));
    }

    /// The endpoint's row is being changed.
    pub(super) fn forget(&mut self, no: EndpointNo) {
        self.0.remove(&no);
    }

    /// Those with these numbers; `None` unless all of them are known.
    fn of(&self, numbers: &HashSet<EndpointNo>) -> Option<BTreeMap<EndpointNo, Arc<Read>>> {
        numbers.iter().map(|no| Some((*no, Arc::clone(self.0.get(no)?)))).collect()
    }
}

/// Records a group of such attempts. `None`, and nothing is written, when more than them is to be written,
/// or something has to be read for them.
pub(super) async fn settle(
    inner: &Arc<Inner>,
    group: &[Request],
) -> Result<Option<Vec<Said>>, StoreError> {
    let numbers = group.iter().map(|request| request.delivery().endpoint).collect();
    let (seat, known) = (inner.ledger().seat, inner.known().of(&numbers));
    let (Some(seat), Some(known)) = (seat, known) else { return Ok(None) };
    let Some(said) = said(inner, seat, &known, group) else { return Ok(None) };
    let mut tx = Tx::begin(inner).await?;
    let outcome = write(&mut tx, seat, &known, group).await;
    match tx.end(outcome, 1).await {
        Ended::Done(outcome) => Ok(outcome?.then_some(said)),
        Ended::Again => Ok(None),
    }
}

/// What is said to each of the group; `None` unless all of them succeeded at once and their endpoints'
/// healths stay as they are stored.
fn said(
    inner: &Inner,
    seat: Seat,
    known: &BTreeMap<EndpointNo, Arc<Read>>,
    group: &[Request],
) -> Option<Vec<Said>> {
    let mut healths = HashMap::new();
    let mut said = Vec::with_capacity(group.len());
    for Request { lease, settlement, .. } in group {
        let delivery = settlement.attempt.delivery;
        let endpoint = &known.get(&delivery.endpoint)?.endpoint;
        let is_plain = lease.epoch == seat.epoch
            && settlement.claim == Claim::First
            && matches!(settlement.next, Next::Delivered)
            && !endpoint.settings.ordered
            && inner.ledger().holds_first(delivery);
        let before = *healths.get(&endpoint.no).unwrap_or(&endpoint.health);
        let facts = HealthFacts::of(settlement, &endpoint.settings);
        let after = inner.rules.after_attempt(&before, &facts);
        if !is_plain || is_worth_a_write(&endpoint.health, &after) {
            return None;
        }
        healths.insert(endpoint.no, after);
        said.push(Said::Settled(Settled::Recorded(Some((before, after)))));
    }
    Some(said)
}

/// Writes the attempts unless the seat is lost, an endpoint's row has changed, or a delivery is due or was
/// cancelled meanwhile.
async fn write(
    tx: &mut Tx,
    seat: Seat,
    known: &BTreeMap<EndpointNo, Arc<Read>>,
    group: &[Request],
) -> Result<bool, Fail> {
    let locks = known.keys().map(|no| locks::endpoint(*no));
    let (numbers, written_by): (Vec<i32>, Vec<i64>) =
        known.iter().map(|(no, read)| (no.0 as i32, read.written_by)).unzip();
    let attempts: Vec<_> = group.iter().map(|request| &request.settlement.attempt).collect();
    let columns = AttemptColumns::of(&attempts);
    let mut values: Vec<&(dyn ToSql + Sync)> = vec![&numbers, &written_by];
    values.extend(columns.values());
    tx.steps.extend(group.iter().map(|request| Step::Settled(request.delivery())));
    let text =
        "SELECT write_successes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
        $16, $17, $18, $19, $20)";
    let written = tx.only(seat, locks, text, &values).await;
    written.map_err(|fail| if fail.is_of_server() { Fail::Met } else { fail })
}
