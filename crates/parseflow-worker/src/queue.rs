//! The fair queue: which delivery goes next. Pure state, no I/O.
//!
//! Every endpoint has a lane of its own with its own limit of attempts in flight; lanes with
//! something to send take turns. A slow or dead endpoint fills its own lane and nothing else.
//!
//! Memory holds a window, the store is the queue. A lane that is full refuses more (the dispatcher
//! gives the delivery back to the store) and is filled again from what is due. For what is due there
//! is one timer per endpoint, not per delivery: a million waiting retries cost nothing here.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;

use parseflow_model::{DeliveryId, EndpointNo, Event, Timestamp, Trigger};
use parseflow_store::{Claim, ClaimedDue};

/// How much may be in memory and in flight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueueLimits {
    /// Attempts in flight over all endpoints.
    pub(crate) in_flight_max: usize,
    /// Attempts in flight to one endpoint when it is new; grows while it answers well.
    pub(crate) lane_in_flight_start: usize,
    /// Attempts in flight to one endpoint at most.
    pub(crate) lane_in_flight_max: usize,
    /// Deliveries waiting in one lane.
    pub(crate) lane_waiting_max: usize,
    /// Bytes of bodies waiting in all lanes.
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

#[derive(Debug)]
struct Lane {
    waiting: VecDeque<Ready>,
    in_flight: usize,
    in_flight_max: usize,
    /// When the endpoint's next due delivery can be claimed.
    due_at: Option<Timestamp>,
    /// A claim is under way.
    loading: bool,
    /// Stands in the queue of lanes that have something to send.
    in_turn: bool,
}

impl Lane {
    fn new(limits: &QueueLimits) -> Self {
        Self {
            waiting: VecDeque::new(),
            in_flight: 0,
            in_flight_max: limits.lane_in_flight_start,
            due_at: None,
            loading: false,
            in_turn: false,
        }
    }

    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.in_flight == 0 && self.due_at.is_none() && !self.loading
    }
}

/// The fair queue; see the module.
#[derive(Debug)]
pub(crate) struct FairQueue {
    limits: QueueLimits,
    lanes: HashMap<EndpointNo, Lane>,
    turns: VecDeque<EndpointNo>,
    timers: BinaryHeap<Reverse<(Timestamp, EndpointNo)>>,
    in_flight: usize,
    waiting: usize,
    waiting_bytes: usize,
}

impl FairQueue {
    /// An empty queue.
    pub(crate) fn new(limits: QueueLimits) -> Self {
        Self {
            limits,
            lanes: HashMap::new(),
            turns: VecDeque::new(),
            timers: BinaryHeap::new(),
            in_flight: 0,
            waiting: 0,
            waiting_bytes: 0,
        }
    }

    /// Attempts in flight.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Deliveries waiting in memory.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Takes a first attempt in, or hands it back when there is no room.
    pub(crate) fn offer(&mut self, ready: Ready) -> Result<(), Ready> {
        let lane = self.lanes.entry(ready.endpoint).or_insert_with(|| Lane::new(&self.limits));
        let bytes = ready.event.body.len();
        if lane.waiting.len() >= self.limits.lane_waiting_max
            || self.waiting_bytes + bytes > self.limits.waiting_bytes_max
        {
            return Err(ready);
        }
        self.push(ready);
        Ok(())
    }

    fn push(&mut self, ready: Ready) {
        let endpoint = ready.endpoint;
        self.waiting += 1;
        self.waiting_bytes += ready.event.body.len();
        let lane = self.lanes.entry(endpoint).or_insert_with(|| Lane::new(&self.limits));
        lane.waiting.push_back(ready);
        self.take_turn(endpoint);
    }

    /// Puts a lane in the queue of turns if it has something to send and may.
    fn take_turn(&mut self, endpoint: EndpointNo) {
        let Some(lane) = self.lanes.get_mut(&endpoint) else { return };
        if !lane.in_turn && !lane.waiting.is_empty() && lane.in_flight < lane.in_flight_max {
            lane.in_turn = true;
            self.turns.push_back(endpoint);
        }
    }

    /// The next delivery to send: endpoints take turns, one delivery each.
    pub(crate) fn next(&mut self) -> Option<Ready> {
        if self.in_flight >= self.limits.in_flight_max {
            return None;
        }
        while let Some(endpoint) = self.turns.pop_front() {
            let Some(lane) = self.lanes.get_mut(&endpoint) else { continue };
            lane.in_turn = false;
            if lane.in_flight >= lane.in_flight_max {
                continue;
            }
            let Some(ready) = lane.waiting.pop_front() else { continue };
            lane.in_flight += 1;
            self.in_flight += 1;
            self.waiting -= 1;
            self.waiting_bytes -= ready.event.body.len();
            self.take_turn(endpoint);
            return Some(ready);
        }
        None
    }

    /// An attempt ended.
    pub(crate) fn finished(&mut self, endpoint: EndpointNo, verdict: Verdict) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let Some(lane) = self.lanes.get_mut(&endpoint) else { return };
        lane.in_flight = lane.in_flight.saturating_sub(1);
        match verdict {
            Verdict::Good => {
                lane.in_flight_max = (lane.in_flight_max + 1).min(self.limits.lane_in_flight_max);
            }
            Verdict::Bad => lane.in_flight_max = (lane.in_flight_max / 2).max(1),
            Verdict::Unsent => {}
        }
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
        if lane.due_at.is_none_or(|known| at < known) {
            lane.due_at = Some(at);
            self.timers.push(Reverse((at, endpoint)));
        }
    }

    /// When the earliest timer fires.
    pub(crate) fn next_timer(&self) -> Option<Timestamp> {
        self.timers.peek().map(|Reverse((at, _))| *at)
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
            let room = (2 * lane.in_flight_max).saturating_sub(lane.waiting.len());
            if is_due && !lane.loading && room > 0 {
                lane.loading = true;
                claims.push((endpoint, room));
            }
        }
        claims
    }

    /// A claim that lasts until `lease_until` came back. `idle_until` is when to ask again if the
    /// endpoint has due deliveries that cannot be claimed for another reason than time (its plan
    /// pauses it).
    pub(crate) fn claimed(
        &mut self,
        endpoint: EndpointNo,
        claimed: ClaimedDue,
        lease_until: Timestamp,
        idle_until: Timestamp,
    ) {
        let lane = self.lanes.entry(endpoint).or_insert_with(|| Lane::new(&self.limits));
        lane.loading = false;
        lane.due_at = None;
        let none = claimed.deliveries.is_empty();
        if let Some(at) = claimed.next_ready {
            self.due(endpoint, if none { at.max(idle_until) } else { at });
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
        }
        self.due(endpoint, at);
    }

    /// Takes everything that waits for the endpoint out.
    pub(crate) fn drain_lane(&mut self, endpoint: EndpointNo) -> Vec<Ready> {
        let Some(lane) = self.lanes.get_mut(&endpoint) else { return Vec::new() };
        let drained: Vec<_> = lane.waiting.drain(..).collect();
        self.waiting -= drained.len();
        self.waiting_bytes -= drained.iter().map(|ready| ready.event.body.len()).sum::<usize>();
        drained
    }

    /// Takes everything that waits out.
    pub(crate) fn drain(&mut self) -> Vec<Ready> {
        let endpoints: Vec<_> = self.lanes.keys().copied().collect();
        endpoints.into_iter().flat_map(|endpoint| self.drain_lane(endpoint)).collect()
    }
}

#[cfg(test)]
mod tests;
