//! What the databases share in answering questions over all endpoints of an account: which tables to
//! look at, how far, and how figures are summed up.

use std::collections::BTreeMap;

use parseflow_model::{
    DeliveryId, DeliveryState, EndpointNo, EventId, EventType, Timestamp, WebhookId,
};

use crate::port::{AccountDelivery, DeliveryFilter, DeliveryRow, HourFigures, Overview, Page};

/// Deliveries looked at for one page at most.
pub(crate) const LOOKED_AT_MAX: usize = 1_000;
/// Events looked through for first attempts that are in memory only.
pub(crate) const FRESH_SCAN_MAX: usize = 10_000;
/// Rows of each kind that an overview reads, for each endpoint.
pub(crate) const OVERVIEW_ROWS_MAX: usize = 10_000;

const HOUR_MS: i64 = 3_600_000;

/// Where deliveries in the wanted states are written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Sources {
    pub(crate) attempts: bool,
    pub(crate) due: bool,
    pub(crate) parked: bool,
    /// In no table but that of events.
    pub(crate) fresh: bool,
}

impl Sources {
    pub(crate) fn of(filter: &DeliveryFilter) -> Self {
        let wanted = |state| filter.states.is_empty() || filter.states.contains(&state);
        let any = |states: &[DeliveryState]| states.iter().any(|state| wanted(*state));
        use DeliveryState::{Cancelled, Exhausted, Pending, Retrying, Skipped, Succeeded};
        Self {
            attempts: wanted(Succeeded),
            due: any(&[Pending, Retrying]),
            parked: any(&[Exhausted, Cancelled, Skipped]),
            fresh: wanted(Pending),
        }
    }
}

/// The events a search may still find, for any endpoint: from `from` on, and before a delivery.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Bounds {
    pub(crate) from: i64,
    before: (i64, u32),
}

impl Bounds {
    pub(crate) fn of(filter: &DeliveryFilter, cursor: Option<&str>) -> Self {
        let id = |at: Timestamp| EventId::first_at(at).raw();
        let end = (filter.until.map_or(i64::MAX, id), 0);
        let cursor = cursor
            .and_then(|text| text.split_once('.'))
            .and_then(|(event, endpoint)| Some((event.parse().ok()?, endpoint.parse().ok()?)));
        let before = cursor.map_or(end, |cursor: (i64, u32)| cursor.min(end));
        Self { from: filter.since.map_or(0, id), before }
    }

    /// The id that events of this endpoint are below. Of one event, higher endpoints come first.
    pub(crate) fn before(&self, endpoint: EndpointNo) -> i64 {
        let (event, cut) = self.before;
        if endpoint.0 < cut { event.saturating_add(1) } else { event }
    }

    /// The id that every event is below.
    pub(crate) fn before_all(&self) -> i64 {
        self.before.0.saturating_add(i64::from(self.before.1 > 0))
    }

    /// Goes on behind this delivery.
    pub(crate) fn go_behind(&mut self, id: DeliveryId) {
        self.before = (id.event.raw(), id.endpoint.0);
    }
}

/// Newest first, and of one event the higher endpoint.
pub(crate) fn newest_first(mut found: Vec<DeliveryId>, limit: usize) -> Vec<DeliveryId> {
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.dedup();
    found.truncate(limit);
    found
}

fn cursor_of(id: DeliveryId) -> String {
    format!("{}.{}", id.event.raw(), id.endpoint.0)
}

/// A page in the making.
pub(crate) struct Search<'a> {
    filter: &'a DeliveryFilter,
    limit: usize,
    pub(crate) bounds: Bounds,
    looked_at: usize,
    rows: Vec<AccountDelivery>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(filter: &'a DeliveryFilter, limit: usize, cursor: Option<&str>) -> Self {
        let bounds = Bounds::of(filter, cursor);
        Self { filter, limit, bounds, looked_at: 0, rows: Vec::new() }
    }

    /// How many deliveries to look at next: as many as still fit, and one to see that there are more;
    /// where a filter drops some, more at once.
    pub(crate) fn step(&self) -> usize {
        let missing = self.limit + 1 - self.rows.len();
        let is_narrow = self.filter.event_type.is_some() || !self.filter.states.is_empty();
        if is_narrow { missing.max(200) } else { missing }
    }

    /// Takes what was found of `step` candidates, in their order; the page, when it is done.
    pub(crate) fn take(
        &mut self,
        step: usize,
        candidates: &[DeliveryId],
        found: impl IntoIterator<Item = AccountDelivery>,
    ) -> Option<Page<AccountDelivery>> {
        let filter = self.filter;
        let passes = |delivery: &AccountDelivery| {
            let row = &delivery.row;
            (filter.states.is_empty() || filter.states.contains(&row.state))
                && filter.event_type.is_none_or(|wanted| wanted == row.event_type)
        };
        self.rows.extend(found.into_iter().filter(passes));
        self.looked_at += candidates.len();
        if self.rows.len() > self.limit {
            self.rows.truncate(self.limit);
            let next_cursor = self.rows.last().map(|last| cursor_of(last.row.id));
            return Some(Page { rows: std::mem::take(&mut self.rows), next_cursor });
        }
        let last = *candidates.last()?;
        self.bounds.go_behind(last);
        let is_end = candidates.len() < step;
        if is_end || self.looked_at >= LOOKED_AT_MAX {
            let next_cursor = (!is_end).then(|| cursor_of(last));
            return Some(Page { rows: std::mem::take(&mut self.rows), next_cursor });
        }
        None
    }

    /// The page when there are no more candidates at all.
    pub(crate) fn end(self) -> Page<AccountDelivery> {
        Page { rows: self.rows, next_cursor: None }
    }
}

/// What is stored of a delivery, without the bytes.
pub(crate) struct Brief {
    pub(crate) id: DeliveryId,
    pub(crate) event_type: EventType,
    pub(crate) occurred_at: Timestamp,
    pub(crate) due_at: Option<Timestamp>,
    /// Why and when it was parked.
    pub(crate) parked: Option<(DeliveryState, Timestamp)>,
    pub(crate) latest: Option<LatestAttempt>,
}

/// What is stored of the latest attempt.
pub(crate) struct LatestAttempt {
    pub(crate) number: u32,
    pub(crate) is_success: bool,
    pub(crate) status: Option<u16>,
    pub(crate) ended_at: Timestamp,
}

impl Brief {
    fn state(&self) -> DeliveryState {
        match (self.due_at, self.parked, &self.latest) {
            (Some(_), _, None) => DeliveryState::Pending,
            (Some(_), _, Some(_)) => DeliveryState::Retrying,
            (None, Some((parked, _)), _) => parked,
            (None, None, None) => DeliveryState::Pending,
            (None, None, Some(attempt)) if attempt.is_success => DeliveryState::Succeeded,
            (None, None, Some(_)) => DeliveryState::Exhausted,
        }
    }

    pub(crate) fn line(self, endpoint: WebhookId) -> AccountDelivery {
        let state = self.state();
        let parked_at = self.parked.filter(|_| self.due_at.is_none()).map(|(_, at)| at);
        let ended_at = self.latest.as_ref().map(|attempt| attempt.ended_at);
        let changed_at = self.occurred_at.max(parked_at.max(ended_at).unwrap_or_default());
        AccountDelivery {
            row: DeliveryRow {
                id: self.id,
                event_type: self.event_type,
                occurred_at: self.occurred_at,
                state,
                attempts: self.latest.as_ref().map_or(0, |attempt| attempt.number),
                next_attempt_at: self.due_at,
                last_status: self.latest.as_ref().and_then(|attempt| attempt.status),
            },
            endpoint,
            changed_at,
        }
    }
}

/// The sums of an overview in the making.
#[derive(Default)]
pub(crate) struct Tally {
    hours: BTreeMap<i64, HourFigures>,
    delivery_ms: Vec<u64>,
    waiting: u64,
    is_cut: bool,
    /// The delivery whose attempts come one after the other, and when it first succeeded.
    open: Option<(i64, Option<i64>)>,
}

impl Tally {
    fn hour(&mut self, at_ms: i64) -> &mut HourFigures {
        let start = at_ms.div_euclid(HOUR_MS) * HOUR_MS;
        let hour = self.hours.entry(start).or_default();
        hour.start = Timestamp::from_millis(start);
        hour
    }

    /// Documents of one hour (counted from 1970) with one outcome.
    pub(crate) fn documents(&mut self, hour: i64, status: &str, count: u64) {
        let figures = self.hour(hour * HOUR_MS);
        match status {
            "completed" => figures.documents_completed += count,
            "failed" => figures.documents_failed += count,
            _ => {}
        }
    }

    /// One attempt; those of one event at one endpoint one after the other.
    pub(crate) fn attempt(&mut self, event: i64, is_success: bool, ended_ms: i64) {
        if self.open.is_none_or(|(open, _)| open != event) {
            self.close();
            self.open = Some((event, None));
        }
        if let (Some((_, first)), true) = (&mut self.open, is_success) {
            *first = Some(first.map_or(ended_ms, |first| first.min(ended_ms)));
        }
    }

    /// The attempts of an endpoint are complete.
    pub(crate) fn close(&mut self) {
        let Some((event, Some(ended_ms))) = self.open.take() else { return };
        self.hour(ended_ms).deliveries_succeeded += 1;
        let published_ms = event >> 22;
        self.delivery_ms.push(ended_ms.saturating_sub(published_ms).max(0).unsigned_abs());
    }

    /// One parked delivery.
    pub(crate) fn parked(&mut self, reason: &str, parked_ms: i64) {
        if reason == DeliveryState::Exhausted.as_str() {
            self.hour(parked_ms).deliveries_failed += 1;
        }
    }

    /// Deliveries that wait.
    pub(crate) fn waiting(&mut self, count: u64) {
        self.waiting += count;
    }

    /// So many rows of some kind were read: if that is the most, others were not.
    pub(crate) fn read(&mut self, rows: usize) {
        self.is_cut |= rows >= OVERVIEW_ROWS_MAX;
    }

    pub(crate) fn finish(mut self) -> Overview {
        self.close();
        Overview {
            hours: self.hours.into_values().collect(),
            delivery_ms: self.delivery_ms,
            waiting: self.waiting,
            complete: !self.is_cut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(event: i64, endpoint: u32) -> DeliveryId {
        DeliveryId { event: EventId::from_raw(event), endpoint: EndpointNo(endpoint) }
    }

    #[test]
    fn a_cursor_goes_on_behind_its_delivery_at_every_endpoint() {
        let bounds = Bounds::of(&DeliveryFilter::default(), Some("70.3"));
        assert_eq!(bounds.before(EndpointNo(2)), 71, "of the same event, lower endpoints follow");
        assert_eq!(bounds.before(EndpointNo(3)), 70);
        assert_eq!(bounds.before(EndpointNo(4)), 70);
        assert_eq!(bounds.before_all(), 71);
        let all = Bounds::of(&DeliveryFilter::default(), Some("nonsense"));
        assert_eq!((all.before(EndpointNo(1)), all.before_all()), (i64::MAX, i64::MAX));
    }

    #[test]
    fn only_tables_that_can_hold_the_wanted_states_are_looked_at() {
        let sources = |states: &[DeliveryState]| {
            let filter = DeliveryFilter { states: states.to_vec(), ..DeliveryFilter::default() };
            let Sources { attempts, due, parked, fresh } = Sources::of(&filter);
            [attempts, due, parked, fresh]
        };
        assert_eq!(sources(&[]), [true; 4]);
        assert_eq!(sources(&[DeliveryState::Succeeded]), [true, false, false, false]);
        assert_eq!(sources(&[DeliveryState::Retrying]), [false, true, false, false]);
        assert_eq!(sources(&[DeliveryState::Pending]), [false, true, false, true]);
        let parked = [DeliveryState::Exhausted, DeliveryState::Skipped];
        assert_eq!(sources(&parked), [false, false, true, false]);
    }

    #[test]
    fn newer_events_come_first_and_nothing_twice() {
        let found = vec![id(1, 1), id(2, 1), id(2, 2), id(1, 1), id(3, 1)];
        assert_eq!(newest_first(found, 3), [id(3, 1), id(2, 2), id(2, 1)]);
    }

    #[test]
    fn a_delivery_succeeds_once_however_often_it_is_sent() {
        let mut tally = Tally::default();
        let event = 7_200_000 << 22;
        tally.attempt(event, true, 7_200_900);
        tally.attempt(event, true, 7_200_100);
        tally.attempt(event, false, 7_200_050);
        tally.attempt(event + 1, false, 7_200_300);
        tally.close();
        tally.parked("exhausted", 10_800_000);
        tally.parked("cancelled", 10_800_000);
        tally.documents(2, "completed", 3);
        tally.documents(2, "processing", 9);
        tally.read(OVERVIEW_ROWS_MAX - 1);
        let overview = tally.finish();
        assert_eq!(overview.delivery_ms, [100]);
        assert!(overview.complete);
        let hour = |start_ms, completed, succeeded, failed| HourFigures {
            start: Timestamp::from_millis(start_ms),
            documents_completed: completed,
            documents_failed: 0,
            deliveries_succeeded: succeeded,
            deliveries_failed: failed,
        };
        assert_eq!(overview.hours, [hour(7_200_000, 3, 1, 0), hour(10_800_000, 0, 0, 1)]);
    }
}
