//! What this process knows between commits.

use std::collections::{BTreeMap, BTreeSet};

use parseflow_model::{DeliveryId, EndpointNo, EventId, Timestamp};

/// This process's place among those that share the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seat {
    /// 0 to 255; part of the ids of its events.
    pub(super) id: i16,
    /// Different for every seat that was ever taken.
    pub(super) epoch: i64,
    /// First attempts are handed to this process.
    pub(super) dispatching: bool,
}

/// A change of the ledger, applied when its transaction has committed.
#[derive(Debug)]
pub(super) enum Step {
    /// Handed over.
    HandedOver(EventId, EndpointNo),
    /// Settled or given back.
    Settled(DeliveryId),
    /// Everything that waited for the endpoint was cancelled.
    Cancelled(EndpointNo),
}

/// First attempts that were handed to this process and are not settled, and the events that are
/// being written. Both bound the low-water mark.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// The seat, once taken and until it is lost.
    pub(super) seat: Option<Seat>,
    last_event: i64,
    unsettled: BTreeMap<EventId, Vec<EndpointNo>>,
    /// Written by transactions that have not ended.
    open: BTreeSet<EventId>,
    /// Written by transactions of which nobody knows whether they committed.
    doubtful: BTreeSet<EventId>,
}

impl Ledger {
    /// Takes a seat; `last_event` is the largest id that any process has used.
    pub(super) fn sit(&mut self, seat: Seat, last_event: i64) {
        self.unsettled.clear();
        self.doubtful.clear();
        self.last_event = self.last_event.max(last_event);
        self.seat = Some(seat);
    }

    /// Gives the seat up if it is still the one with this epoch.
    pub(super) fn stand_up(&mut self, epoch: i64) {
        if self.seat.is_some_and(|seat| seat.epoch == epoch) {
            self.seat = None;
        }
    }

    /// An id that no other event has: time, then seat, then a sequence. Increases also when the
    /// clock stands still or goes back.
    pub(super) fn reserve(&mut self, seat: Seat, now: Timestamp) -> EventId {
        let at = |millis: i64| (millis << 22) | (i64::from(seat.id) << 14);
        let of_now = at(now.millis());
        let next = self.last_event + 1;
        let is_own = (next >> 14) & 0xff == i64::from(seat.id);
        let id = match (of_now > self.last_event, is_own) {
            (true, _) => of_now,
            (false, true) => next,
            (false, false) => at((self.last_event >> 22) + 1),
        };
        self.last_event = id;
        let id = EventId::from_raw(id);
        self.open.insert(id);
        id
    }

    /// Whether this first attempt is still this process's to make.
    pub(super) fn holds_first(&self, delivery: DeliveryId) -> bool {
        let waiting = self.unsettled.get(&delivery.event);
        waiting.is_some_and(|endpoints| endpoints.contains(&delivery.endpoint))
    }

    /// Whether first attempts at this endpoint were handed to this process and are not settled.
    pub(super) fn holds_any_of(&self, endpoint: EndpointNo) -> bool {
        self.unsettled.values().any(|endpoints| endpoints.contains(&endpoint))
    }

    /// A transaction that wrote `events` under the seat with `epoch` has committed; whether that is
    /// still the seat.
    pub(super) fn committed(
        &mut self,
        events: &[EventId],
        epoch: Option<i64>,
        steps: Vec<Step>,
    ) -> bool {
        let current = epoch == self.seat.map(|seat| seat.epoch);
        for step in steps {
            if current || !matches!(step, Step::HandedOver(..)) {
                self.apply(step);
            }
        }
        self.open.retain(|id| !events.contains(id));
        current
    }

    /// A transaction that wrote `events` has not committed.
    pub(super) fn rolled_back(&mut self, events: &[EventId]) {
        self.open.retain(|id| !events.contains(id));
    }

    /// Nobody knows whether the transaction that wrote `events` has committed.
    pub(super) fn in_doubt(&mut self, events: &[EventId]) {
        for id in events {
            if self.open.remove(id) {
                self.doubtful.insert(*id);
            }
        }
    }

    fn apply(&mut self, step: Step) {
        match step {
            Step::HandedOver(event, endpoint) => {
                self.unsettled.entry(event).or_default().push(endpoint);
            }
            Step::Settled(DeliveryId { event, endpoint }) => {
                if let Some(waiting) = self.unsettled.get_mut(&event) {
                    waiting.retain(|other| *other != endpoint);
                    if waiting.is_empty() {
                        self.unsettled.remove(&event);
                    }
                }
            }
            Step::Cancelled(endpoint) => self.unsettled.retain(|_, waiting| {
                waiting.retain(|other| *other != endpoint);
                !waiting.is_empty()
            }),
        }
    }

    /// Every event of this process below it has its first attempts settled.
    pub(super) fn low(&self) -> i64 {
        let oldest = [self.open.first(), self.doubtful.first(), self.unsettled.keys().next()];
        oldest.into_iter().flatten().min().map_or(self.last_event + 1, |id| id.raw())
    }

    /// The same for a process that has a seat; one without holds nothing.
    pub(super) fn low_of_seat(&self) -> i64 {
        self.seat.map_or(i64::MAX, |_| self.low())
    }

    /// Events of which nobody knows whether they were committed.
    pub(super) fn doubts(&self) -> Vec<EventId> {
        self.doubtful.iter().copied().collect()
    }

    /// What was doubtful has been looked up and dealt with.
    pub(super) fn cleared(&mut self, events: &[EventId]) {
        self.doubtful.retain(|id| !events.contains(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEAT: Seat = Seat { id: 7, epoch: 1, dispatching: true };

    #[test]
    fn ids_increase_and_name_the_seat_whatever_the_clock_does() {
        let mut ledger = Ledger::default();
        ledger.sit(SEAT, 0);
        let mut last = ledger.reserve(SEAT, Timestamp::from_millis(1_000));
        for millis in [1_000, 999, 1_001, 5_000, 1].into_iter().cycle().take(40_000) {
            let id = ledger.reserve(SEAT, Timestamp::from_millis(millis));
            assert!(id > last);
            assert_eq!((id.raw() >> 14) & 0xff, 7);
            last = id;
        }
    }

    #[test]
    fn the_low_water_mark_is_the_oldest_event_that_is_not_done() {
        let mut ledger = Ledger::default();
        ledger.sit(SEAT, 0);
        let now = Timestamp::from_millis(1_000);
        let (first, second) = (ledger.reserve(SEAT, now), ledger.reserve(SEAT, now));
        assert_eq!(ledger.low(), first.raw());
        ledger.committed(&[first], Some(1), vec![Step::HandedOver(first, EndpointNo(1))]);
        ledger.in_doubt(&[second]);
        assert_eq!(ledger.low(), first.raw());
        ledger.committed(&[], None, vec![Step::Cancelled(EndpointNo(1))]);
        assert_eq!(ledger.low(), second.raw());
        ledger.cleared(&ledger.doubts());
        assert_eq!(ledger.low(), second.raw() + 1);
    }
}
