//! One endpoint's part of the queue.

use std::collections::VecDeque;

use parseflow_model::{EventId, Timestamp};

use super::pace::Pace;
use super::shed::Shed;
use super::width::Width;
use super::{QueueLimits, Ready, Verdict};

/// What a turn pays for: a body up to this many bytes costs one turn, a larger one several.
pub(super) const TURN_BYTES: usize = 8 * 1024;
/// A lane holds as many deliveries as it may have in flight, times this, while more wait in the store.
const WINDOWS: usize = 4;
/// A lane with attempts in flight of which none has ended for this long is slow.
const STUCK_AFTER_MS: u64 = 1_000;
/// A lane with a rate holds no more claimed deliveries than it can start in this time: well within
/// a claim's lease.
const PACED_SECS_AHEAD: usize = 10;

/// What waits for one endpoint, and how much it may have in flight.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) waiting: VecDeque<Ready>,
    /// Behind those: first attempts without their events.
    pub(super) shed: Shed,
    pub(super) in_flight: usize,
    width: Width,
    /// When the endpoint's next due delivery can be claimed.
    pub(super) due_at: Option<Timestamp>,
    /// The earliest due time that was told while a claim was under way.
    pub(super) told_at: Option<Timestamp>,
    /// A claim is under way.
    pub(super) loading: bool,
    /// Stands in a queue of lanes that have something to send.
    pub(super) in_turn: bool,
    /// Its endpoint fails or is slow: it shares the slots of its kind, not those of the others.
    pub(super) demoted: bool,
    /// Bytes it has been credited with for a body that costs more than one turn.
    credit: usize,
    /// When an attempt last ended, or the first of those in flight began.
    progress_at: Timestamp,
    pace: Option<Pace>,
}

impl Lane {
    pub(super) fn new(limits: &QueueLimits) -> Self {
        Self {
            waiting: VecDeque::new(),
            shed: Shed::default(),
            in_flight: 0,
            width: Width::new(limits),
            due_at: None,
            told_at: None,
            loading: false,
            in_turn: false,
            demoted: false,
            credit: 0,
            progress_at: Timestamp::default(),
            pace: None,
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        let is_empty = self.waiting.is_empty() && self.shed.is_empty();
        is_empty && self.in_flight == 0 && self.due_at.is_none() && !self.loading
    }

    /// Whether it has something to send and may.
    pub(super) fn wants_turn(&self) -> bool {
        !self.in_turn && !self.waiting.is_empty() && self.has_place()
    }

    /// Whether its limit allows another attempt.
    pub(super) fn has_place(&self) -> bool {
        self.in_flight < self.width.limit()
    }

    /// Holds it to `per_second` attempts from now on.
    pub(super) fn set_rate(&mut self, per_second: Option<u32>) {
        if self.pace.map(|pace| pace.per_second()) != per_second {
            self.pace = per_second.map(Pace::new);
        }
    }

    /// How many deliveries it holds at most while more wait in the store.
    pub(super) fn window(&self) -> usize {
        let window = WINDOWS * self.width.limit();
        let paced = |pace: Pace| (pace.per_second() as usize).saturating_mul(PACED_SECS_AHEAD);
        self.pace.map_or(window, |pace| window.min(paced(pace)))
    }

    /// How many deliveries may wait here when the last of them is a first attempt. While the store
    /// holds some that are due, first attempts leave them half of the window: otherwise these would
    /// never be claimed.
    pub(super) fn first_max(&self, now: Timestamp, limits: &QueueLimits) -> usize {
        let backlog = self.due_at.is_some_and(|due_at| due_at <= now);
        let max = match (backlog, self.pace) {
            (true, _) => self.window() / 2,
            (false, Some(_)) => self.window(),
            (false, None) => limits.lane_waiting_max,
        };
        max.max(1)
    }

    /// Whether a first attempt can wait here with its event.
    pub(super) fn has_room(&self, now: Timestamp, limits: &QueueLimits) -> bool {
        self.shed.is_empty() && self.waiting.len() < self.first_max(now, limits)
    }

    /// First attempts whose events are to be read now; few where memory is full.
    pub(super) fn begin_reading(
        &mut self,
        memory_is_full: bool,
        now: Timestamp,
        limits: &QueueLimits,
    ) -> Vec<EventId> {
        let max = self.first_max(now, limits);
        let max = if memory_is_full { max.min(self.window()) } else { max };
        self.shed.begin_reading(max.saturating_sub(self.waiting.len()), max)
    }

    /// What comes of its turn.
    pub(super) fn turn(&mut self, now: Timestamp) -> Turn {
        let Some(first) = self.waiting.front() else { return Turn::Nothing };
        let cost = first.event.body.len().max(TURN_BYTES);
        if self.credit + TURN_BYTES < cost {
            self.credit += TURN_BYTES;
            return Turn::NotYet;
        }
        if let Some(pace) = &mut self.pace
            && let Err(at) = pace.take(now)
        {
            return Turn::NotBefore(at);
        }
        self.credit = 0;
        let Some(ready) = self.waiting.pop_front() else { return Turn::Nothing };
        if self.in_flight == 0 {
            self.progress_at = now;
        }
        self.in_flight += 1;
        Turn::Start(ready)
    }

    /// An attempt ended.
    pub(super) fn ended(
        &mut self,
        verdict: Verdict,
        took_ms: u32,
        now: Timestamp,
        limits: &QueueLimits,
    ) {
        self.progress_at = now;
        self.width.ended(verdict, took_ms, self.in_flight, now, limits);
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Whether nothing has come of its attempts for too long.
    pub(super) fn is_stuck(&self, now: Timestamp) -> bool {
        let silent_ms = now.since(self.progress_at).as_millis();
        self.in_flight > 0 && silent_ms >= u128::from(STUCK_AFTER_MS)
    }
}

/// What comes of a lane's turn.
pub(super) enum Turn {
    /// This is sent.
    Start(Ready),
    /// Its next body is large and costs further turns.
    NotYet,
    /// Its rate allows no more before then.
    NotBefore(Timestamp),
    /// Nothing waits.
    Nothing,
}
