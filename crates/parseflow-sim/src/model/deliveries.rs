//! Deliveries: born with their event, tried by the schedule, ended once.

use parseflow_model::{AccountId, DeliveryId, DeliveryState, EventType, Timestamp, Trigger};
use parseflow_store::{ClaimedDue, DeliveryRow, Settlement};

use super::{Answer, Broken, Model};

/// The most that `Retry-After` can postpone, in milliseconds.
const RETRY_AFTER_MAX_MS: i64 = 4 * 3_600_000;

/// What a delivery has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It is to be tried.
    Pending,
    /// The receiver accepted and that is recorded.
    Done,
    /// The schedule is spent.
    Exhausted,
    /// Its endpoint was disabled or deleted while it waited.
    Cancelled,
    /// Its endpoint was disabled when it happened.
    Skipped,
}

/// Who may try it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// Whoever claims it.
    Nobody,
    /// The dispatcher that was handed it when its event committed.
    Memory,
    /// Whoever has this token, until then.
    Lease {
        /// The fencing token.
        token: i64,
        /// The end of the lease.
        until: Timestamp,
    },
}

impl Held {
    fn is_held(self, now: Timestamp) -> bool {
        match self {
            Self::Nobody => false,
            Self::Memory => true,
            Self::Lease { until, .. } => until > now,
        }
    }
}

/// One delivery.
#[derive(Debug, Clone)]
pub(crate) struct DeliveryRecord {
    pub(crate) state: State,
    /// The event's type.
    pub(crate) event_type: EventType,
    /// The earliest time of the next attempt.
    pub(crate) not_before: Timestamp,
    /// The same, where asking for it once more may have found it on its way and changed nothing.
    pub(crate) or_before: Option<Timestamp>,
    /// Attempts recorded.
    pub(crate) attempts: u32,
    pub(crate) held: Held,
    /// Who held it when it was cancelled: the store goes on thinking of an attempt on its way.
    pub(crate) left: Held,
    /// Asked for by hand since the last attempt was recorded.
    pub(crate) is_asked: bool,
    /// SHA-256 of the bytes sent first.
    pub(crate) body: Option<[u8; 32]>,
    /// Requests under way: process and number.
    pub(crate) open: Vec<(u32, u32)>,
    /// Answers heard and not recorded yet.
    pub(crate) answers: Vec<Answer>,
    /// When its state changed last, in true milliseconds.
    pub(crate) changed_ms: u64,
    /// The receiver accepted it, whether or not anyone heard.
    pub(crate) received: bool,
}

impl DeliveryRecord {
    fn new(row: &DeliveryRow, state: State, now: Timestamp) -> Self {
        Self {
            state,
            event_type: row.event_type,
            not_before: now,
            or_before: None,
            attempts: 0,
            held: if row.next_attempt_at.is_none() { Held::Memory } else { Held::Nobody },
            left: Held::Nobody,
            is_asked: false,
            body: None,
            open: Vec::new(),
            answers: Vec::new(),
            changed_ms: 0,
            received: false,
        }
    }

    /// It is not tried again by itself.
    pub(super) fn cancel(&mut self) {
        self.state = State::Cancelled;
        if self.held != Held::Nobody {
            self.left = std::mem::replace(&mut self.held, Held::Nobody);
        }
        self.is_asked = false;
        self.or_before = None;
    }

    /// It is wanted once more, now.
    pub(super) fn ask(&mut self, now: Timestamp) {
        self.state = State::Pending;
        self.held = Held::Nobody;
        self.is_asked = true;
        self.not_before = now;
    }

    /// The state that must be shown.
    fn shown(&self) -> DeliveryState {
        match self.state {
            State::Pending if self.attempts == 0 => DeliveryState::Pending,
            State::Pending => DeliveryState::Retrying,
            State::Done => DeliveryState::Succeeded,
            State::Exhausted => DeliveryState::Exhausted,
            State::Cancelled => DeliveryState::Cancelled,
            State::Skipped => DeliveryState::Skipped,
        }
    }

    /// Compares with what is stored.
    pub(crate) fn check(&self, row: &DeliveryRow) -> Result<(), Broken> {
        let next = match (self.state, self.held) {
            (State::Pending, Held::Memory) => None,
            (State::Pending, _) => Some(self.not_before),
            _ => None,
        };
        let same = row.state == self.shown()
            && row.attempts == self.attempts
            && (row.next_attempt_at == next
                || row.next_attempt_at.is_some() && row.next_attempt_at == self.or_before);
        if same { Ok(()) } else { Err(format!("{}: stored {row:?}, expected {self:?}", row.id)) }
    }
}

impl Model {
    /// An endpoint's log shows these new deliveries, oldest first, where events of these types
    /// were written for its account.
    pub(crate) fn found_new(
        &mut self,
        no: parseflow_model::EndpointNo,
        expected: &[EventType],
        rows: &[DeliveryRow],
        now: Timestamp,
    ) -> Result<(), Broken> {
        let Some(endpoint) = self.endpoints.get_mut(&no) else {
            return Err(format!("no endpoint {}", no.0));
        };
        let found: Vec<_> = rows.iter().map(|row| row.event_type).collect();
        if found != expected {
            return Err(format!(
                "endpoint {}: events {found:?} were written where {expected:?} happened",
                no.0
            ));
        }
        let disabled = endpoint.health.disabled.is_some();
        for row in rows {
            endpoint.seen = row.id.event;
            let state = if disabled { State::Skipped } else { State::Pending };
            let record = DeliveryRecord::new(row, state, now);
            record.check(row)?;
            if self.deliveries.insert(row.id, record).is_some() {
                return Err(format!("{} exists twice", row.id));
            }
        }
        Ok(())
    }

    /// A dispatcher took over: what its predecessor had in memory is due now, its leases are void.
    pub(crate) fn dispatcher_started(&mut self, process: u32, now: Timestamp) {
        self.dispatcher = process;
        for delivery in self.deliveries.values_mut() {
            if delivery.state == State::Pending && delivery.held == Held::Memory {
                delivery.not_before = now;
            }
            (delivery.held, delivery.left) = (Held::Nobody, Held::Nobody);
        }
    }

    /// Deliveries were claimed.
    pub(crate) fn claimed(
        &mut self,
        claimed: &ClaimedDue,
        no: parseflow_model::EndpointNo,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), Broken> {
        let endpoint = self.endpoints.get(&no);
        let open = endpoint.is_some_and(|endpoint| {
            !endpoint.deleted && endpoint.health.disabled.is_none() && !self.is_paused(endpoint)
        });
        if !claimed.deliveries.is_empty() && !open {
            return Err(format!("deliveries of endpoint {} were claimed: it is closed", no.0));
        }
        for one in &claimed.deliveries {
            let id = DeliveryId { event: one.event.id, endpoint: no };
            let Some(delivery) = self.deliveries.get_mut(&id) else {
                return Err(format!("{id} was claimed and never happened"));
            };
            let fine = delivery.state == State::Pending
                && !delivery.held.is_held(now)
                && delivery.not_before <= now
                && one.attempts_made == delivery.attempts;
            if !fine {
                return Err(format!("{id} was claimed at {} as {delivery:?}", now.millis()));
            }
            let parseflow_store::Claim::Due { token } = one.claim else {
                return Err(format!("{id} was claimed without a token"));
            };
            (delivery.held, delivery.left) = (Held::Lease { token, until }, Held::Nobody);
        }
        Ok(())
    }

    /// First attempts were given back to the store.
    pub(crate) fn spilled(&mut self, id: DeliveryId, due_at: Timestamp) {
        if let Some(delivery) = self.deliveries.get_mut(&id)
            && delivery.held == Held::Memory
            && delivery.state == State::Pending
        {
            delivery.held = Held::Nobody;
            delivery.not_before = due_at;
        }
    }

    /// A claim was given back unused.
    pub(crate) fn released(&mut self, id: DeliveryId, token: i64) {
        if let Some(delivery) = self.deliveries.get_mut(&id)
            && matches!(delivery.held, Held::Lease { token: held, .. } if held == token)
        {
            delivery.held = Held::Nobody;
        }
    }

    /// A delivery is to be sent again by hand.
    pub(crate) fn redelivered(&mut self, id: DeliveryId, now: Timestamp) {
        let Some(delivery) = self.deliveries.get_mut(&id) else { return };
        if delivery.state == State::Pending && delivery.held.is_held(now) {
            return;
        }
        let is_under_way = delivery.left.is_held(now)
            || !(delivery.open.is_empty() && delivery.answers.is_empty());
        delivery.or_before = match delivery.state {
            State::Pending if is_under_way => delivery.or_before.or(Some(delivery.not_before)),
            _ => None,
        };
        delivery.ask(now);
        self.sent_again(id);
    }

    /// An attempt was recorded: what follows is decided by what its receiver answered.
    pub(crate) fn settled(
        &mut self,
        process: u32,
        settlement: &Settlement,
        now_ms: u64,
    ) -> Result<(), Broken> {
        let (id, number) = (settlement.attempt.delivery, settlement.attempt.number);
        let open = self
            .endpoints
            .get(&id.endpoint)
            .is_some_and(|endpoint| !endpoint.deleted && endpoint.health.disabled.is_none());
        let on_gone = self.endpoints.get(&id.endpoint).is_some_and(|e| e.disable_on_gone);
        let delays = self.rules.delays_ms.clone();
        let Some(delivery) = self.deliveries.get_mut(&id) else {
            return Err(format!("{id} was settled and never happened"));
        };
        if !matches!(delivery.state, State::Pending | State::Cancelled) {
            return Err(format!("{id} was settled as attempt {number}: it was {delivery:?}"));
        }
        if number != delivery.attempts + 1 {
            return Err(format!("{id}: attempt {number} after {} attempts", delivery.attempts));
        }
        let heard = delivery.answers.iter().find(|answer| {
            (answer.process, answer.number, answer.ended_at)
                == (process, number, settlement.ended_at)
        });
        let Some(answer) = heard.cloned() else {
            return Err(format!("{id}: attempt {number} was recorded and not made"));
        };
        if answer.outcome.failure != settlement.attempt.outcome.failure
            || answer.outcome.status != settlement.attempt.outcome.status
        {
            return Err(format!("{id}: recorded {settlement:?}, answered {answer:?}"));
        }
        let success = answer.outcome.failure.is_none();
        // Asked for by hand while the attempt was on its way, cancelled or out of its claim's time: it
        // is sent again at once, whoever holds the claim by now.
        let asked_again = delivery.state == State::Pending
            && delivery.is_asked
            && settlement.attempt.trigger == Trigger::Schedule
            && open
            && !success;
        delivery.answers.retain(|other| other.number != number);
        delivery.attempts = number;
        (delivery.held, delivery.left) = (Held::Nobody, Held::Nobody);
        delivery.is_asked = false;
        delivery.or_before = None;
        delivery.changed_ms = now_ms;
        let delay = delays.get(number as usize - 1).copied();
        delivery.state = match (success, delay, delivery.state) {
            _ if asked_again => State::Pending,
            (true, _, _) => State::Done,
            (false, None, _) => State::Exhausted,
            (false, Some(_), State::Pending) if open => State::Pending,
            (false, Some(_), _) => State::Cancelled,
        };
        if asked_again {
            delivery.not_before = answer.ended_at;
        } else if let (State::Pending, Some(delay)) = (delivery.state, delay) {
            let asked = answer.outcome.retry_after_secs.unwrap_or(0).min(1 << 40) as i64 * 1_000;
            let wait = delay.max(asked.min(RETRY_AFTER_MAX_MS));
            delivery.not_before = Timestamp::from_millis(answer.ended_at.millis() + wait);
        }
        let gone = on_gone && answer.outcome.status == Some(410) && !success;
        self.attempt_counts(id.endpoint, answer.ended_at, success, number, gone, now_ms);
        Ok(())
    }

    /// A settlement was refused because its claim was lost: true when that can be.
    pub(crate) fn may_be_stale(&self, process: u32, settlement: &Settlement) -> bool {
        let id = settlement.attempt.delivery;
        let Some(delivery) = self.deliveries.get(&id) else { return false };
        let claim_holds = match (settlement.claim, delivery.held) {
            (parseflow_store::Claim::First, Held::Memory) => process == self.dispatcher,
            (parseflow_store::Claim::Due { token }, Held::Lease { token: held, .. }) => {
                token == held
            }
            _ => false,
        };
        let was_recorded = settlement.attempt.number <= delivery.attempts;
        was_recorded || !(claim_holds && delivery.state == State::Pending)
    }

    /// Deliveries that must still be made although nothing stands in their way.
    pub(crate) fn unfinished(&self) -> Vec<(DeliveryId, &DeliveryRecord)> {
        let waiting = self.deliveries.iter().filter(|(id, delivery)| {
            let endpoint = self.endpoints.get(&id.endpoint);
            delivery.state == State::Pending
                && endpoint.is_some_and(|endpoint| {
                    !endpoint.deleted
                        && endpoint.health.disabled.is_none()
                        && !self.is_paused(endpoint)
                })
        });
        waiting.map(|(id, delivery)| (*id, delivery)).collect()
    }

    /// A publishing key was used: whether the event may be new, or which one it must be.
    pub(crate) fn key_used(
        &mut self,
        account: &AccountId,
        key: &str,
        event: parseflow_model::EventId,
        repeated: bool,
        now: Timestamp,
    ) -> Result<(), Broken> {
        const LIFE_MS: i64 = 24 * 3_600_000;
        let name = (account.clone(), key.to_owned());
        let known = self.keys.get(&name).copied();
        let known = known.filter(|(_, at)| now.millis() - at.millis() < LIFE_MS);
        match (known, repeated) {
            (Some((before, _)), true) if before == event => Ok(()),
            (None, false) => {
                self.keys.insert(name, (event, now));
                Ok(())
            }
            (known, _) => {
                Err(format!("key {key}: event {event}, repeated {repeated}, known {known:?}"))
            }
        }
    }
}
