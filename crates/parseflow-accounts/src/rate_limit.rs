//! How many requests a minute pass, for each API key or client address.
//!
//! The generic cell rate algorithm: a caller has its whole minute's allowance at once and gets it
//! back evenly. All that is remembered of a caller is one point in time, when its allowance will be
//! whole again; a caller that is whole is forgotten.
//!
//! The `governor` crate was considered. Its limiters have one quota for all their keys, fixed when
//! they are made, while here every key has its own, and a changed one applies to the next request.
//! One limiter for each quota would start every caller afresh on a change. What remains is the
//! arithmetic below.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parseflow_model::{Limit, WallClock};

/// Callers remembered at most: about 10 MB of them.
pub const CALLERS_MAX: usize = 100_000;

/// The table is looked through for forgettable callers when it has grown to this, then to twice what
/// was left.
const SWEEP_FLOOR: usize = 1_024;

const MINUTE_NS: i128 = 60_000_000_000;
const SECOND_NS: i128 = 1_000_000_000;

/// Whether a request passes, and what to tell its caller: the `RateLimit-*` and `Retry-After` headers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RateDecision {
    /// Whether it passes.
    pub allowed: bool,
    /// Requests a minute; `None` where there is no limit, and then there is nothing to tell.
    pub limit: Option<u64>,
    /// Requests that would pass right now, after this one. `u64::MAX` where there is no limit.
    pub remaining: u64,
    /// Seconds, rounded up, until the whole allowance is back if no request comes.
    pub reset_secs: u64,
    /// Seconds, rounded up, until one request would pass; 0 for a request that passes.
    pub retry_after_secs: u64,
}

/// Limits callers, told apart by a text, by the clock it is given.
pub struct RateLimiter {
    clock: Arc<dyn WallClock>,
    callers: Mutex<Callers>,
    callers_max: usize,
}

/// When each caller's allowance is whole again, in nanoseconds since the Unix epoch.
struct Callers {
    whole_at_ns: HashMap<Box<str>, i128>,
    sweep_at: usize,
}

impl RateLimiter {
    /// A limiter that remembers at most [`CALLERS_MAX`] callers.
    pub fn new(clock: Arc<dyn WallClock>) -> Self {
        Self::with_callers_max(clock, CALLERS_MAX)
    }

    /// A limiter that remembers at most this many callers (at least 2). Beyond them, the half with
    /// the most allowance left is forgotten, who lose least by it.
    pub fn with_callers_max(clock: Arc<dyn WallClock>, callers_max: usize) -> Self {
        let callers = Callers { whole_at_ns: HashMap::new(), sweep_at: SWEEP_FLOOR };
        Self { clock, callers: Mutex::new(callers), callers_max: callers_max.max(2) }
    }

    /// Counts one request of the caller `key`, who may make `per_minute`.
    ///
    /// The limit is looked at anew on every call. When it changes, the caller keeps the share of it
    /// that was used up. Should the clock go back, a caller waits a minute at most.
    pub fn check(&self, key: &str, per_minute: Limit) -> RateDecision {
        let Limit::AtMost(limit) = per_minute else { return unlimited() };
        if limit == 0 {
            return closed();
        }
        let now_ns = i128::from(self.clock.now().millis()) * 1_000_000;
        let cost_ns = (MINUTE_NS / i128::from(limit)).max(1);
        // Not the minute itself, so that rounding the cost down admits no request too many.
        let allowance_ns = cost_ns * i128::from(limit);

        let mut callers = self.lock();
        let whole_at_ns = callers.whole_at_ns.get(key).copied().unwrap_or(now_ns);
        let used_ns = (whole_at_ns - now_ns).clamp(0, allowance_ns);
        let allowed = used_ns + cost_ns <= allowance_ns;
        let used_after_ns = if allowed { used_ns + cost_ns } else { used_ns };
        if allowed {
            callers.remember(key, now_ns + used_after_ns, now_ns, self.callers_max);
        }
        let wait_ns = if allowed { 0 } else { used_ns + cost_ns - allowance_ns };
        RateDecision {
            allowed,
            limit: Some(limit),
            remaining: whole((allowance_ns - used_after_ns) / cost_ns),
            reset_secs: secs_rounded_up(used_after_ns),
            retry_after_secs: secs_rounded_up(wait_ns),
        }
    }

    /// Undoes one request of `key` that [`check`](Self::check) let pass under the same limit, because
    /// it turned out to be one that does not count.
    pub fn give_back(&self, key: &str, per_minute: Limit) {
        let Some(limit) = per_minute.count().filter(|limit| *limit > 0) else { return };
        let cost_ns = (MINUTE_NS / i128::from(limit)).max(1);
        if let Some(whole_at_ns) = self.lock().whole_at_ns.get_mut(key) {
            *whole_at_ns -= cost_ns;
        }
    }

    /// Callers remembered at the moment.
    pub fn callers(&self) -> usize {
        self.lock().whole_at_ns.len()
    }

    fn lock(&self) -> MutexGuard<'_, Callers> {
        // Nothing panics while it is held, and a half-done change would do no harm.
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Callers {
    fn remember(&mut self, key: &str, whole_at_ns: i128, now_ns: i128, callers_max: usize) {
        if let Some(known) = self.whole_at_ns.get_mut(key) {
            *known = whole_at_ns;
            return;
        }
        if self.whole_at_ns.len() >= self.sweep_at.min(callers_max) {
            self.sweep(now_ns, callers_max);
        }
        self.whole_at_ns.insert(key.into(), whole_at_ns);
    }

    /// Forgets who is whole; in a full table also the half of the rest that is nearest to it, so that
    /// the next sweep is far away.
    fn sweep(&mut self, now_ns: i128, callers_max: usize) {
        let was_full = self.whole_at_ns.len() >= callers_max;
        self.whole_at_ns.retain(|_, whole_at_ns| *whole_at_ns > now_ns);
        if was_full && self.whole_at_ns.len() > callers_max / 2 {
            let mut times: Vec<i128> = self.whole_at_ns.values().copied().collect();
            let middle = times.len() / 2;
            let (_, &mut median, _) = times.select_nth_unstable(middle);
            let mut to_forget = middle + 1;
            self.whole_at_ns.retain(|_, whole_at_ns| {
                let forget = *whole_at_ns <= median && to_forget > 0;
                to_forget -= usize::from(forget);
                !forget
            });
        }
        self.sweep_at = SWEEP_FLOOR.max(self.whole_at_ns.len() * 2);
        self.whole_at_ns.shrink_to(self.sweep_at);
    }
}

fn unlimited() -> RateDecision {
    RateDecision {
        allowed: true,
        limit: None,
        remaining: u64::MAX,
        reset_secs: 0,
        retry_after_secs: 0,
    }
}

/// A limit of nothing: there is no time at which a request would pass, a minute is as good as any.
fn closed() -> RateDecision {
    RateDecision {
        allowed: false,
        limit: Some(0),
        remaining: 0,
        reset_secs: 60,
        retry_after_secs: 60,
    }
}

fn secs_rounded_up(nanos: i128) -> u64 {
    whole((nanos + SECOND_NS - 1) / SECOND_NS)
}

fn whole(count: i128) -> u64 {
    u64::try_from(count.max(0)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
