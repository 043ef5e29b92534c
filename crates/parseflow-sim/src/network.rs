//! The network with its receivers: they accept, refuse, hang, ask for patience, or change their
//! mind; cables are cut.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use parseflow_model::{AttemptOutcome, FailureKind};
use parseflow_worker::{AttemptSender, AttemptTask};

use crate::clock::pause;
use crate::link::Link;
use crate::shared::{Fate, Shared};

/// How a receiver behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Accepts.
    Accepts,
    /// Answers with this status.
    Answers(u16),
    /// Answers 429 or 503 and asks to wait so many seconds.
    AsksToWait(u64),
    /// Never answers.
    Hangs,
    /// Accepts after so many milliseconds.
    Slow(u64),
    /// Accepts, and the answer is lost.
    AcceptsUnheard,
    /// Nobody listens.
    Refuses,
    /// Accepts so many times of a thousand, fails otherwise.
    Flaps(u64),
}

impl Mood {
    /// Any of them.
    pub(crate) fn any(shared: &Shared) -> Self {
        let rng = &shared.rng;
        match rng.below(12) {
            0..=2 => Mood::Accepts,
            3 => Mood::Answers(*rng.pick(&[500, 503, 404, 400, 301])),
            4 => Mood::Answers(410),
            5 => Mood::AsksToWait(*rng.pick(&[1, 10, 45, 600, 20_000, u64::MAX])),
            6 => Mood::Hangs,
            7 => Mood::Slow(rng.below(20_000)),
            8 => Mood::AcceptsUnheard,
            9 => Mood::Refuses,
            _ => Mood::Flaps(rng.below(1_000)),
        }
    }
}

/// Every receiver by its URL.
#[derive(Default)]
pub(crate) struct Network {
    moods: Mutex<BTreeMap<String, Mood>>,
    cut: Mutex<bool>,
}

impl Network {
    /// From now on the receiver behaves so.
    pub(crate) fn set(&self, url: &str, mood: Mood) {
        self.moods.lock().unwrap_or_else(PoisonError::into_inner).insert(url.to_owned(), mood);
    }

    /// Every receiver accepts and no cable is cut.
    pub(crate) fn heal(&self) {
        self.set_cut(false);
        let mut moods = self.moods.lock().unwrap_or_else(PoisonError::into_inner);
        moods.values_mut().for_each(|mood| *mood = Mood::Accepts);
    }

    /// Cuts the network or mends it.
    pub(crate) fn set_cut(&self, cut: bool) {
        *self.cut.lock().unwrap_or_else(PoisonError::into_inner) = cut;
    }

    fn mood(&self, url: &str) -> Mood {
        if *self.cut.lock().unwrap_or_else(PoisonError::into_inner) {
            return Mood::Refuses;
        }
        let moods = self.moods.lock().unwrap_or_else(PoisonError::into_inner);
        moods.get(url).copied().unwrap_or(Mood::Refuses)
    }
}

/// What the receiver makes of one request: how long it takes, and the outcome.
struct Reply {
    after: Duration,
    received: bool,
    outcome: AttemptOutcome,
}

fn outcome(failure: Option<FailureKind>, status: Option<u16>) -> AttemptOutcome {
    AttemptOutcome { failure, status, ..AttemptOutcome::default() }
}

fn status(status: u16) -> AttemptOutcome {
    let failed = !(200..300).contains(&status);
    outcome(failed.then_some(FailureKind::Status), Some(status))
}

fn reply(shared: &Shared, mood: Mood, timeout: Duration) -> Reply {
    let rng = &shared.rng;
    let after = rng.up_to(Duration::from_millis(30));
    let failed = |outcome| Reply { after, received: false, outcome };
    match mood {
        Mood::Accepts => Reply { after, received: true, outcome: status(204) },
        Mood::Answers(code) => failed(status(code)),
        Mood::AsksToWait(secs) => {
            let asks = AttemptOutcome { retry_after_secs: Some(secs), ..status(429) };
            failed(asks)
        }
        Mood::Hangs => Reply {
            after: timeout,
            received: false,
            outcome: outcome(Some(FailureKind::Timeout), None),
        },
        Mood::Slow(ms) if Duration::from_millis(ms) >= timeout => Reply {
            after: timeout,
            received: true,
            outcome: outcome(Some(FailureKind::Timeout), None),
        },
        Mood::Slow(ms) => {
            Reply { after: Duration::from_millis(ms), received: true, outcome: status(200) }
        }
        Mood::AcceptsUnheard => {
            Reply { after, received: true, outcome: outcome(Some(FailureKind::Connection), None) }
        }
        Mood::Refuses => failed(outcome(Some(FailureKind::Connection), None)),
        Mood::Flaps(permille) if rng.chance(permille) => {
            Reply { after, received: true, outcome: status(200) }
        }
        Mood::Flaps(_) => failed(status(502)),
    }
}

/// One process's way to the network.
pub(crate) struct SimSender {
    pub(crate) network: Arc<Network>,
    pub(crate) link: Arc<Link>,
    pub(crate) shared: Arc<Shared>,
}

#[async_trait]
impl AttemptSender for SimSender {
    async fn send(&self, task: AttemptTask) -> AttemptOutcome {
        let (shared, link) = (&self.shared, &self.link);
        link.gate().await;
        let fate = shared.fate();
        if fate == Fate::CrashBefore {
            return shared.crash(link, "before sending").await;
        }
        let now_ms = shared.clock.elapsed_ms();
        let arrived = match shared.model().arrives(link.process, &task, now_ms) {
            Ok(arrived) => arrived,
            Err(broken) => {
                shared.check(Err(broken));
                return outcome(Some(FailureKind::Protocol), None);
            }
        };
        let started_at = task.started_at;
        let mood = self.network.mood(&task.url);
        let reply = reply(shared, mood, task.timeout);
        shared.note(|| {
            let (id, number) = (arrived.id, arrived.number);
            format!("p{} sends {id} #{number} to {}: {mood:?}", link.process, task.url)
        });
        pause(reply.after).await;
        if reply.received {
            shared.model().accepted(arrived);
        }
        link.gate().await;
        if fate == Fate::CrashAfter {
            return shared.crash(link, "after sending").await;
        }
        // A clock that is set back does not make an attempt end before it began.
        let ended_at = shared.now().max(started_at);
        shared.model().heard(link.process, arrived, ended_at, &reply.outcome);
        reply.outcome
    }
}
