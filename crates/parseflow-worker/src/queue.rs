//! The fair queue: which delivery goes next. Pure state, no I/O.
//!
//! Every endpoint has a lane of its own with its own limit of attempts in flight, which widens while
//! it answers as quickly as before and halves when it fails; lanes with something to send take turns. A large body
//! costs its lane several turns. A lane with a rate waits for its time.
//!
//! A slow or dead endpoint fills its own lane and nothing else. Should very many hang at once, they
//! must not hold every slot there is: a lane that fails, or of whose attempts none has ended for a
//! second, is *demoted* and shares a quarter of the slots with its kind until it answers well.
//!
//! Memory holds a window, the store is the queue. Of what a full lane takes in, only the id is kept;
//! what is beyond that too is refused (the dispatcher gives it back to the store) and comes back with
//! what is due. For what is due there
//! is one timer per endpoint, not per delivery: a million waiting retries cost nothing here.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use parseflow_model::{DeliveryId, EndpointNo, Event, EventId, Timestamp, Trigger};
use parseflow_store::{Claim, ClaimedDue};

use lane::{Lane, Turn};

mod lane;
mod pace;
mod shed;
mod width;

/// Demoted lanes share the slots of the others divided by this.
const DEMOTED_SHARE: usize = 4;
/// How often slow lanes are looked for while others wait for a slot.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How much may be in memory and in flight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueueLimits {
    /// Attempts in flight over all endpoints that answer well; twice as many over all.
    pub(crate) in_flight_max: usize,
    /// Attempts in flight to one endpoint when it is new; grows while it answers well.
    pub(crate) lane_in_flight_start: usize,
    /// Attempts in flight to one endpoint at most.
    pub(crate) lane_in_flight_max: usize,
    /// Deliveries waiting in one lane with their events.
    pub(crate) lane_waiting_max: usize,
    /// Bytes that wait in all lanes.
    pub(crate) waiting_bytes_max: usize,
}

impl Default for QueueLimits {
    fn default() -> Self {
        Self {
            in_flight_max: 1_024,
            lane_in_flight_start: 8,
            lane_in_flight_max: 64,
            lane_waiting_max: 1_024,
            waiting_bytes_max: 64 * 1024 * 1024,
        }
    }
}

/// A delivery that may be sent now.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    /// What to send.
    pub(crate) event: Arc<Event>,
    /// Where to.
    pub(crate) endpoint: EndpointNo,
    /// Attempts made so far.
    pub(crate) attempts_made: u32,
    /// What causes this one.
    pub(crate) trigger: Trigger,
    /// Why this process may send it.
    pub(crate) claim: Claim,
    /// When it was due; a first attempt is due when it happens.
    pub(crate) due_at: Timestamp,
    /// When the claim ends; a first attempt's never does.
    pub(crate) lease_until: Option<Timestamp>,
}

impl Ready {
    /// The delivery's id.
    pub(crate) fn id(&self) -> DeliveryId {
        DeliveryId { event: self.event.id, endpoint: self.endpoint }
    }
}

/// What a waiting delivery is counted as.
fn bytes_of(ready: &Ready) -> usize {
    /// The delivery and its event without the body.
    const AROUND: usize = 256;
    ready.event.body.len() + AROUND
}

/// How an attempt ended, for the lane's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The receiver accepted: it can take more at a time.
    Good,
    /// It failed or was too slow: it gets less at a time.
    Bad,
    /// Nothing was sent.
    Unsent,
}

/// The fair queue; see the module.
#[derive(Debug)]
pub(crate) struct FairQueue {
    limits: QueueLimits,
    lanes: HashMap<EndpointNo, Lane>,
    turns: VecDeque<EndpointNo>,
    demoted_turns: VecDeque<EndpointNo>,
    timers: BinaryHeap<Reverse<(Timestamp, EndpointNo)>>,
    in_flight: usize,
    /// Attempts that have ended and are being recorded.
    settling: usize,
    /// Those of `in_flight` whose lane is demoted.
    demoted_in_flight: usize,
    /// When slow lanes are looked for next; while a lane waits for a slot.
    look_at: Option<Timestamp>,
    waiting: usize,
    waiting_bytes: usize,
    /// Those of `waiting` whose events are not in memory.
    shed: usize,
    /// Lanes that wait without their events and may have room for some.
    hungry: Vec<EndpointNo>,
}

impl FairQueue {
    /// An empty queue.
    pub(crate) fn new(limits: QueueLimits) -> Self {
        Self {
            limits,
            lanes: HashMap::new(),
            turns: VecDeque::new(),
            demoted_turns: VecDeque::new(),
            timers: BinaryHeap::new(),
            in_flight: 0,
            settling: 0,
            demoted_in_flight: 0,
            look_at: None,
            waiting: 0,
            waiting_bytes: 0,
            shed: 0,
            hungry: Vec::new(),
        }
    }

    /// Attempts that are not recorded yet.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight + self.settling
    }

    /// Deliveries waiting in memory, if only by their ids.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Takes a first attempt in, perhaps without its event, or hands it back when there is no room. `rate_limit` is its
    /// endpoint's own, in attempts per second.
    pub(crate) fn offer(&mut self, ready: Ready, rate_limit: Option<u32>) -> Result<(), Ready> {
        let lane = self.lanes.entry(ready.endpoint).or_insert_with(|| Lane::new(&self.limits));
        lane.set_rate(rate_limit);
        let bytes = bytes_of(&ready);
        let has_room = lane.has_room(ready.due_at, &self.limits);
        if has_room && self.waiting_bytes + bytes <= self.limits.waiting_bytes_max {
            self.push(ready);
        } else if self.shed < shed::ALL_IDS_MAX && lane.shed.push(ready.event.id) {
            self.waiting += 1;
            self.shed += 1;
            self.hungry.push(ready.endpoint);
        } else {
            return Err(ready);
        }
        Ok(())
    }

    /// Lanes with room for first attempts whose events are not in memory, and these events.
    pub(crate) fn begin_reading(&mut self, now: Timestamp) -> Vec<(EndpointNo, Vec<EventId>)> {
        let hungry = std::mem::take(&mut self.hungry);
        let memory_is_full = self.waiting_bytes >= self.limits.waiting_bytes_max / 2;
        let mut wanted = Vec::new();
        for endpoint in hungry {
            let Some(lane) = self.lanes.get_mut(&endpoint) else { continue };
            let ids = lane.begin_reading(memory_is_full, now, &self.limits);
            if !ids.is_empty() {
                wanted.push((endpoint, ids));
            }
        }
        wanted
    }

    /// The events of a lane were read. What was taken out of the lane meanwhile stays out.
    pub(crate) fn read(&mut self, endpoint: EndpointNo, events: Vec<Event>) {
        let Some(lane) = self.lanes.get_mut(&endpoint) else { return };
        let ids = lane.shed.end_reading();
        self.waiting -= ids.len();
        self.shed -= ids.len();
        for event in events.into_iter().filter(|event| ids.contains(&event.id)) {
            self.push(Ready {
                endpoint,
                attempts_made: 0,
                trigger: Trigger::Schedule,
                due_at: event.occurred_at,
                event: Arc::new(event),
                claim: Claim::First,
                lease_until: None,
            });
        }
        self.hungry.push(endpoint);
    }

    /// The events of a lane could not be read: the deliveries, to be given back.
    pub(crate) fn read_failed(&mut self, endpoint: EndpointNo) -> Vec<(DeliveryId, Claim)> {
        let Some(lane) = self.lanes.get_mut(&endpoint) else { return Vec::new() };
        let ids = lane.shed.end_reading();
        self.waiting -= ids.len();
        self.shed -= ids.len();
        self.hungry.push(endpoint);
        ids.into_iter().map(|event| (DeliveryId { event, endpoint }, Claim::First)).collect()
    }

    fn push(&mut self, ready: Ready) {
        let endpoint = ready.endpoint;
        self.waiting += 1;
        self.waiting_bytes += bytes_of(&ready);
        let lane = self.lanes.entry(endpoint).or_insert_with(|| Lane::new(&self.limits));
        lane.waiting.push_back(ready);
        self.take_turn(endpoint);
    }

    /// Puts a lane in the queue of turns if it has something to send and may.
    fn take_turn(&mut self, endpoint: EndpointNo) {
        let Some(lane) = self.lanes.get_mut(&endpoint) else { return };
        if lane.wants_turn() {
            lane.in_turn = true;
            let turns = if lane.demoted { &mut self.demoted_turns } else { &mut self.turns };
            turns.push_back(endpoint);
        }
    }

    /// The next delivery to send: endpoints take turns.
    pub(crate) fn next(&mut self, now: Timestamp) -> Option<Ready> {
        self.look_for_slow_lanes(now);
        let max = self.limits.in_flight_max;
        while self.in_flight() < 2 * max {
            let well = self.in_flight() - self.demoted_in_flight;
            let endpoint = if well < max && !self.turns.is_empty() {
                self.turns.pop_front()
            } else if self.demoted_in_flight < (max / DEMOTED_SHARE).max(1) {
                self.demoted_turns.pop_front()
            } else {
                None
            };
            if let Some(ready) = self.turn_of(endpoint?, now) {
                return Some(ready);
            }
        }
        None
    }

    /// What a lane sends in its turn, if anything.
    fn turn_of(&mut self, endpoint: EndpointNo, now: Timestamp) -> Option<Ready> {
        let lane = self.lanes.get_mut(&endpoint)?;
        lane.in_turn = false;
        if !lane.has_place() {
            return None;
        }
        let turn = lane.turn(now);
        if let Turn::NotBefore(at) = turn {
            self.timers.push(Reverse((at, endpoint)));
            return None;
        }
        let demoted = lane.demoted;
        if !lane.shed.is_empty() {
            self.hungry.push(endpoint);
        }
        self.take_turn(endpoint);
        let Turn::Start(ready) = turn else { return None };
        self.in_flight += 1;
        self.demoted_in_flight += usize::from(demoted);
        self.waiting -= 1;
        self.waiting_bytes -= bytes_of(&ready);
        Some(ready)
    }

    /// While lanes wait for a slot, those that make no progress are demoted and their slots become
    /// free for the others.
    fn look_for_slow_lanes(&mut self, now: Timestamp) {
        let well = self.in_flight() - self.demoted_in_flight;
        if well < self.limits.in_flight_max || self.turns.is_empty() {
            self.look_at = None;
            return;
        }
        if self.look_at.is_some_and(|at| now < at) {
            return;
        }
        self.look_at = Some(now + LOOK_EVERY);
        for lane in self.lanes.values_mut().filter(|lane| !lane.demoted && lane.is_stuck(now)) {
            lane.demoted = true;
            self.demoted_in_flight += lane.in_flight;
        }
    }

    /// An attempt ended that took so long. Its place is free at once; [`FairQueue::settled`] follows when
    /// it is recorded.
    pub(crate) fn answered(
        &mut self,
        endpoint: EndpointNo,
        verdict: Verdict,
        took_ms: u32,
        now: Timestamp,
    ) {
        self.settling += 1;
        self.ended(endpoint, verdict, took_ms, now);
    }

    /// What was answered is recorded.
    pub(crate) fn settled(&mut self) {
        self.settling = self.settling.saturating_sub(1);
    }

    /// A turn ended without an attempt.
    pub(crate) fn unsent(&mut self, endpoint: EndpointNo, now: Timestamp) {
        self.ended(endpoint, Verdict::Unsent, 0, now);
    }

    fn ended(&mut self, endpoint: EndpointNo, verdict: Verdict, took_ms: u32, now: Timestamp) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let Some(lane) = self.lanes.get_mut(&endpoint) else { return };
        let demoted_before = if lane.demoted { lane.in_flight } else { 0 };
        lane.ended(verdict, took_ms, now, &self.limits);
        match verdict {
            Verdict::Good => lane.demoted = false,
            Verdict::Bad => lane.demoted = true,
            Verdict::Unsent => {}
        }
        let demoted_after = if lane.demoted { lane.in_flight } else { 0 };
        self.demoted_in_flight = self.demoted_in_flight + demoted_after - demoted_before;
        // Room in the lane: what is due may be claimed now.
        if let Some(due_at) = lane.due_at {
            self.timers.push(Reverse((due_at, endpoint)));
        }
        self.take_turn(endpoint);
        self.forget_if_idle(endpoint);
    }

    fn forget_if_idle(&mut self, endpoint: EndpointNo) {
        let idle = self.lanes.get(&endpoint).is_some_and(Lane::is_idle);
        // A lane that has learned nothing is not worth its memory; one that has is kept a while.
        if idle && self.lanes.len() > 10_000 {
            self.lanes.remove(&endpoint);
        }
    }

    /// A delivery of the endpoint is due at `at`.
    pub(crate) fn due(&mut self, endpoint: EndpointNo, at: Timestamp) {
        let lane = self.lanes.entry(endpoint).or_insert_with(|| Lane::new(&self.limits));
        if lane.loading {
            lane.told_at = Some(lane.told_at.map_or(at, |told| told.min(at)));
        } else if lane.due_at.is_none_or(|known| at < known) {
            lane.due_at = Some(at);
            self.timers.push(Reverse((at, endpoint)));
        }
    }

    /// When something is to be done next without anything else happening before.
    pub(crate) fn next_timer(&self) -> Option<Timestamp> {
        let timer = self.timers.peek().map(|Reverse((at, _))| *at);
        [timer, self.look_at].into_iter().flatten().min()
    }

    /// Endpoints to claim due deliveries for now, each with how many.
    pub(crate) fn due_claims(&mut self, now: Timestamp) -> Vec<(EndpointNo, usize)> {
        let mut claims = Vec::new();
        while let Some(&Reverse((at, endpoint))) = self.timers.peek() {
            if at > now {
                break;
            }
            self.timers.pop();
            let Some(lane) = self.lanes.get_mut(&endpoint) else { continue };
            let is_due = lane.due_at.is_some_and(|due_at| due_at <= now);
            // A full lane asks again when an attempt ends.
            let room = lane.window().saturating_sub(lane.waiting.len());
            if is_due && !lane.loading && room > 0 {
                lane.loading = true;
                claims.push((endpoint, room));
            }
            // The timer may also have been that of its rate.
            self.take_turn(endpoint);
        }
        claims
    }

    /// A claim that lasts until `lease_until` came back. `idle_until` is when to ask again if the
    /// endpoint has deliveries that are due `now` but cannot be claimed for another reason than time
    /// (its plan pauses it).
    pub(crate) fn claimed(
        &mut self,
        endpoint: EndpointNo,
        claimed: ClaimedDue,
        lease_until: Timestamp,
        now: Timestamp,
        idle_until: Timestamp,
    ) {
        let lane = self.lanes.entry(endpoint).or_insert_with(|| Lane::new(&self.limits));
        lane.loading = false;
        lane.due_at = None;
        let told = lane.told_at.take();
        lane.set_rate(claimed.rate_limit_per_second);
        let none = claimed.deliveries.is_empty();
        if let Some(at) = claimed.next_ready {
            self.due(endpoint, if none && at <= now { idle_until } else { at });
        }
        // The claim may be older than what was told while it was under way.
        if let Some(at) = told {
            self.due(endpoint, at);
        }
        for delivery in claimed.deliveries {
            self.push(Ready {
                event: delivery.event,
                endpoint,
                attempts_made: delivery.attempts_made,
                trigger: delivery.trigger,
                due_at: delivery.due_at,
                claim: delivery.claim,
                lease_until: Some(lease_until),
            });
        }
        self.forget_if_idle(endpoint);
    }

    /// A claim failed: asked again at `at`.
    pub(crate) fn claim_failed(&mut self, endpoint: EndpointNo, at: Timestamp) {
        if let Some(lane) = self.lanes.get_mut(&endpoint) {
            lane.loading = false;
            lane.due_at = None;
            lane.told_at = None;
        }
        self.due(endpoint, at);
    }

    /// Takes everything that waits for the endpoint out.
    pub(crate) fn drain_lane(&mut self, endpoint: EndpointNo) -> Vec<(DeliveryId, Claim)> {
        let Some(lane) = self.lanes.get_mut(&endpoint) else { return Vec::new() };
        let drained: Vec<_> = lane.waiting.drain(..).collect();
        self.waiting_bytes -= drained.iter().map(bytes_of).sum::<usize>();
        self.shed -= lane.shed.len();
        let ids = lane.shed.drain().map(|event| (DeliveryId { event, endpoint }, Claim::First));
        let all: Vec<_> =
            drained.iter().map(|ready| (ready.id(), ready.claim)).chain(ids).collect();
        self.waiting -= all.len();
        all
    }

    /// Takes everything that waits out.
    pub(crate) fn drain(&mut self) -> Vec<(DeliveryId, Claim)> {
        let endpoints: Vec<_> = self.lanes.keys().copied().collect();
        endpoints.into_iter().flat_map(|endpoint| self.drain_lane(endpoint)).collect()
    }
}

#[cfg(test)]
mod tests;
