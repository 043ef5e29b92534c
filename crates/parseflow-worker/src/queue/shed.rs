//! First attempts of which only the event's id is in memory: what waits beyond a lane's window.
//!
//! The events are read again, many at a time, when the window has room. Nothing is written for that:
//! the event and its endpoints are in the database, and this process is the one that was handed it.

use std::collections::VecDeque;

use parseflow_model::EventId;

/// Most ids of all lanes together.
pub(super) const ALL_IDS_MAX: usize = 200_000;
/// Most ids of one lane.
const IDS_MAX: usize = 100_000;
/// Most events that are read at a time.
const BATCH_MAX: usize = 256;

/// The ids of one lane, oldest first.
#[derive(Debug, Default)]
pub(super) struct Shed {
    waiting: VecDeque<EventId>,
    /// Those whose events are being read; older than all that wait.
    reading: Vec<EventId>,
}

impl Shed {
    /// How many deliveries wait here.
    pub(super) fn len(&self) -> usize {
        self.waiting.len() + self.reading.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes one more; `false` when there are too many.
    pub(super) fn push(&mut self, id: EventId) -> bool {
        let has_room = self.waiting.len() < IDS_MAX;
        if has_room {
            self.waiting.push_back(id);
        }
        has_room
    }

    /// The events to read now, for a window with that much room: none while some are being read, and
    /// none for a few, as each reading has its price.
    pub(super) fn begin_reading(&mut self, room: usize, window: usize) -> Vec<EventId> {
        if !self.reading.is_empty() || room < window.div_ceil(2) {
            return Vec::new();
        }
        let count = room.min(BATCH_MAX).min(self.waiting.len());
        self.reading = self.waiting.drain(..count).collect();
        self.reading.clone()
    }

    /// The reading has ended; what was read, unless it was taken out meanwhile.
    pub(super) fn end_reading(&mut self) -> Vec<EventId> {
        std::mem::take(&mut self.reading)
    }

    /// Takes everything out.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = EventId> + use<> {
        let reading = std::mem::take(&mut self.reading);
        reading.into_iter().chain(std::mem::take(&mut self.waiting))
    }
}
