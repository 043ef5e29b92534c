//! What every part of one world refers to: its chance, clock, model, faults and trace.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parseflow_model::{Timestamp, WallClock};
use tokio::sync::Notify;

use crate::clock::SimClock;
use crate::link::{Life, Link};
use crate::model::Model;
use crate::plant::Plant;
use crate::rng::Rng;

/// How rough a world is; drawn from its seed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Profile {
    /// Calls of a thousand at which the process crashes, before or after the change.
    pub(crate) crash_permille: u64,
    /// Calls of a thousand that fail without a change.
    pub(crate) refuse_permille: u64,
    /// Calls of a thousand that are done and reported as failed.
    pub(crate) lost_answer_permille: u64,
    /// Calls of a thousand that take their time, before the change or after.
    pub(crate) delay_permille: u64,
    /// How much.
    pub(crate) delay_max: Duration,
    /// Whether the wall clock is set now and then.
    pub(crate) clock_jumps: bool,
    /// Things done to the world.
    pub(crate) actions: u32,
    /// The longest pause between two of them.
    pub(crate) pause_max: Duration,
}

impl Profile {
    /// The profile of a world: one in four is calm.
    pub(crate) fn of(rng: &Rng) -> Self {
        let calm = rng.chance(250);
        let rough = |max: u64| if calm { 0 } else { rng.below(max + 1) };
        Self {
            crash_permille: rough(5),
            refuse_permille: rough(60),
            lost_answer_permille: rough(40),
            delay_permille: rough(200),
            delay_max: Duration::from_millis(*rng.pick(&[5, 200, 3_000])),
            clock_jumps: rng.chance(150),
            actions: 10 + rng.below(24) as u32,
            pause_max: Duration::from_secs(*rng.pick(&[2, 60, 1_200, 7_200])),
        }
    }

    /// The same world without any fault from now on.
    pub(crate) fn healed(self) -> Self {
        Self {
            crash_permille: 0,
            refuse_permille: 0,
            lost_answer_permille: 0,
            delay_permille: 0,
            ..self
        }
    }
}

/// What happens to one call of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It works.
    Works,
    /// It fails and changes nothing.
    Refused,
    /// It changes what it should and is reported as failed.
    AnswerLost,
    /// The process crashes before anything is changed.
    CrashBefore,
    /// The process crashes after the change and before the answer.
    CrashAfter,
}

/// See the module.
pub(crate) struct Shared {
    pub(crate) rng: Rng,
    pub(crate) clock: SimClock,
    pub(crate) plant: Option<Plant>,
    /// Somebody died: whoever tends the world looks after it.
    pub(crate) died: Notify,
    model: Mutex<Model>,
    profile: Mutex<Profile>,
    violation: Mutex<Option<String>>,
    trace: Mutex<Vec<String>>,
    tracing: bool,
    digest: AtomicU64,
    failed: AtomicBool,
}

impl Shared {
    /// A world's common parts. `tracing` keeps every line of the trace, not only its digest.
    pub(crate) fn new(rng: Rng, model: Model, plant: Option<Plant>, tracing: bool) -> Arc<Self> {
        let profile = Profile::of(&rng);
        Arc::new(Self {
            rng,
            clock: SimClock::new(),
            plant,
            died: Notify::new(),
            model: Mutex::new(model),
            profile: Mutex::new(profile),
            violation: Mutex::default(),
            trace: Mutex::default(),
            tracing,
            digest: AtomicU64::new(0xcbf2_9ce4_8422_2325),
            failed: AtomicBool::new(false),
        })
    }

    /// The wall clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How rough the world is now.
    pub(crate) fn profile(&self) -> Profile {
        *self.profile.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No fault from now on.
    pub(crate) fn heal(&self) {
        let mut profile = self.profile.lock().unwrap_or_else(PoisonError::into_inner);
        *profile = profile.healed();
    }

    /// What should be.
    pub(crate) fn model(&self) -> MutexGuard<'_, Model> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A line of the trace.
    pub(crate) fn note(&self, line: impl FnOnce() -> String) {
        let line = format!("{:>11} {}", self.clock.elapsed_ms(), line());
        let mut digest = self.digest.load(Ordering::Relaxed);
        for byte in line.bytes() {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self.digest.store(digest, Ordering::Relaxed);
        if self.tracing {
            self.trace.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }

    /// Tells two runs apart.
    pub(crate) fn digest(&self) -> u64 {
        self.digest.load(Ordering::Relaxed)
    }

    /// The lines so far.
    pub(crate) fn take_trace(&self) -> Vec<String> {
        std::mem::take(&mut *self.trace.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps the first thing that is not as it must be.
    pub(crate) fn check(&self, outcome: Result<(), String>) {
        let Err(text) = outcome else { return };
        self.note(|| format!("VIOLATION {text}"));
        self.failed.store(true, Ordering::Relaxed);
        self.violation.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
        self.died.notify_one();
    }

    /// Whether something is not as it must be.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// The first thing that is not as it must be.
    pub(crate) fn violation(&self) -> Option<String> {
        self.violation.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Draws what happens to a call.
    pub(crate) fn fate(&self) -> Fate {
        let profile = self.profile();
        if self.rng.chance(profile.crash_permille) {
            return if self.rng.chance(500) { Fate::CrashBefore } else { Fate::CrashAfter };
        }
        let draw = self.rng.below(1_000);
        if draw < profile.refuse_permille {
            Fate::Refused
        } else if draw < profile.refuse_permille + profile.lost_answer_permille {
            Fate::AnswerLost
        } else {
            Fate::Works
        }
    }

    /// Takes time, now and then.
    pub(crate) async fn dawdle(&self) {
        let profile = self.profile();
        if self.rng.chance(profile.delay_permille) {
            crate::clock::pause(self.rng.up_to(profile.delay_max)).await;
        }
    }

    /// Ends a process on the spot; never returns, because nothing of it runs on.
    pub(crate) async fn crash<T>(&self, link: &Link, at: &str) -> T {
        self.note(|| format!("p{} crashes {at}", link.process));
        link.set(Life::Dead);
        self.died.notify_one();
        std::future::pending().await
    }
}
