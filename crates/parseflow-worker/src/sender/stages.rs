//! How long the parts of one attempt take. Written while it is under way, so that one that runs into
//! its deadline still tells how far it came.

use std::sync::atomic::{AtomicU32, Ordering};

use parseflow_model::{AttemptTiming, Timestamp, WallClock};

/// Not come about.
const NEVER: u32 = u32::MAX;

/// The stages of one attempt; nothing is measured without a clock.
pub(super) struct Stages<'a> {
    clock: Option<&'a dyn WallClock>,
    begun: Timestamp,
    connect_ms: AtomicU32,
    first_byte_ms: AtomicU32,
}

impl<'a> Stages<'a> {
    /// An attempt that begins now.
    pub(super) fn from_now(clock: Option<&'a dyn WallClock>) -> Self {
        Self {
            clock,
            begun: clock.map_or(Timestamp::default(), WallClock::now),
            connect_ms: AtomicU32::new(NEVER),
            first_byte_ms: AtomicU32::new(NEVER),
        }
    }

    pub(super) fn are_measured(&self) -> bool {
        self.clock.is_some()
    }

    /// There is a connection.
    pub(super) fn connected(&self) {
        self.note(&self.connect_ms);
    }

    /// The head of the answer is there.
    pub(super) fn answered(&self) {
        self.note(&self.first_byte_ms);
    }

    fn note(&self, stage: &AtomicU32) {
        if let Some(clock) = self.clock {
            let elapsed_ms = clock.now().since(self.begun).as_millis();
            stage.store(u32::try_from(elapsed_ms).unwrap_or(NEVER), Ordering::Relaxed);
        }
    }

    /// What was measured so far.
    pub(super) fn timing(&self) -> AttemptTiming {
        let read =
            |stage: &AtomicU32| Some(stage.load(Ordering::Relaxed)).filter(|ms| *ms != NEVER);
        AttemptTiming {
            connect_ms: read(&self.connect_ms),
            first_byte_ms: read(&self.first_byte_ms),
            is_measured: self.are_measured(),
        }
    }
}
