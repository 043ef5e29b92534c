//! How many attempts one endpoint may have in flight.
//!
//! More at a time is of use while the endpoint answers as quickly as it did with fewer. When the mean
//! time to an answer grows with what is in flight, somebody is at the end of their strength, the
//! receiver or this machine: then more only waits somewhere else, and costs both.

use parseflow_model::Timestamp;

use super::{QueueLimits, Verdict};

/// Answers whose mean is compared, at least.
const WINDOW_MIN: usize = 16;
/// For how long the quickest mean counts; after twice that it is forgotten.
const REMEMBERED_MS: u64 = 60_000;
/// Means are of whole milliseconds: a difference of one says nothing.
const BLUR_MS: f64 = 1.0;
/// An endpoint has slowed when its mean is this many times its quickest.
const SLOWED: f64 = 1.5;

/// The limit of one lane.
#[derive(Debug)]
pub(super) struct Width {
    limit: usize,
    window: Window,
    /// The quickest mean of this minute and of the one before, in milliseconds.
    quickest_ms: [Option<f64>; 2],
    minute_began: Timestamp,
    /// The latest window was slower than the quickest.
    has_slowed: bool,
}

/// Good answers since the latest comparison.
#[derive(Debug, Default)]
struct Window {
    answers: usize,
    total_ms: u64,
    /// At some time every place was taken.
    was_full: bool,
}

impl Width {
    pub(super) fn new(limits: &QueueLimits) -> Self {
        Self {
            limit: limits.lane_in_flight_start,
            window: Window::default(),
            quickest_ms: [None; 2],
            minute_began: Timestamp::default(),
            has_slowed: false,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// An attempt ended that took so long; `in_flight` counts it.
    pub(super) fn ended(
        &mut self,
        verdict: Verdict,
        took_ms: u32,
        in_flight: usize,
        now: Timestamp,
        limits: &QueueLimits,
    ) {
        match verdict {
            Verdict::Good => self.answered(took_ms, in_flight, now, limits),
            Verdict::Bad => {
                self.limit = (self.limit / 2).max(1);
                self.window = Window::default();
            }
            Verdict::Unsent => {}
        }
    }

    fn answered(&mut self, took_ms: u32, in_flight: usize, now: Timestamp, limits: &QueueLimits) {
        self.window.answers += 1;
        self.window.total_ms += u64::from(took_ms);
        self.window.was_full |= in_flight >= self.limit;
        if self.limit < limits.lane_in_flight_start && !self.has_slowed {
            // After failures, or at the beginning: one more with each.
            self.limit += 1;
        }
        if self.window.answers < self.limit.max(WINDOW_MIN) {
            return;
        }
        let Window { answers, total_ms, was_full } = std::mem::take(&mut self.window);
        let mean_ms = total_ms as f64 / answers as f64;
        let quickest_ms = self.quickest(mean_ms, now);
        self.has_slowed = mean_ms > SLOWED * quickest_ms + BLUR_MS;
        if self.has_slowed {
            let least = limits.lane_in_flight_start.div_ceil(2);
            self.limit = (self.limit - self.limit / 4).max(least.min(self.limit));
        } else if was_full {
            let wider = self.limit + (self.limit / 4).max(1);
            self.limit = wider.min(limits.lane_in_flight_max.max(self.limit));
        }
    }

    /// The quickest mean of late, `mean_ms` included.
    fn quickest(&mut self, mean_ms: f64, now: Timestamp) -> f64 {
        let [this, before] = self.quickest_ms;
        let age_ms = now.since(self.minute_began).as_millis();
        if age_ms >= u128::from(REMEMBERED_MS) {
            let is_next = age_ms < 2 * u128::from(REMEMBERED_MS);
            self.quickest_ms = [None, if is_next { this } else { None }];
            self.minute_began = now;
            return self.quickest(mean_ms, now);
        }
        let this = this.map_or(mean_ms, |this| this.min(mean_ms));
        self.quickest_ms[0] = Some(this);
        before.map_or(this, |before| before.min(this))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_000);

    /// The limit after this many answers of an endpoint that always has as much to do as it may and
    /// takes as long as `took_ms` says, by what is in flight.
    fn settled(width: &mut Width, answers: usize, took_ms: impl Fn(usize) -> u32) -> usize {
        settled_at(width, NOW, answers, took_ms)
    }

    fn settled_at(
        width: &mut Width,
        now: Timestamp,
        answers: usize,
        took_ms: impl Fn(usize) -> u32,
    ) -> usize {
        for _ in 0..answers {
            let limit = width.limit();
            width.ended(Verdict::Good, took_ms(limit), limit, now, &QueueLimits::default());
        }
        width.limit()
    }

    fn new() -> Width {
        Width::new(&QueueLimits::default())
    }

    #[test]
    fn a_distant_endpoint_gets_as_many_as_there_may_be() {
        assert_eq!(settled(&mut new(), 1_000, |_| 120), 64);
    }

    #[test]
    fn one_that_slows_down_with_what_it_gets_is_given_no_more_than_it_can_use() {
        // It works on four at a time, 2 ms each.
        let mut width = new();
        let limit = settled(&mut width, 2_000, |in_flight| (in_flight as u32).div_ceil(4) * 2);
        assert!((4..=16).contains(&limit), "{limit}");
    }

    #[test]
    fn slow_answers_among_quick_ones_are_its_way_and_no_reason() {
        let count = std::cell::Cell::new(0);
        let mixed = |_| {
            count.set(count.get() + 1);
            if count.get() % 3 == 0 { 90 } else { 2 }
        };
        assert_eq!(settled(&mut new(), 3_000, mixed), 64);
    }

    #[test]
    fn an_endpoint_that_has_become_slower_for_good_is_found_out() {
        let mut width = new();
        settled(&mut width, 1_000, |_| 10);
        assert_eq!(settled(&mut width, 1_000, |_| 100), 4);
        let later = NOW + std::time::Duration::from_secs(180);
        assert_eq!(settled_at(&mut width, later, 1_000, |_| 100), 64);
    }

    #[test]
    fn what_is_not_used_is_not_widened() {
        let mut width = new();
        for _ in 0..1_000 {
            width.ended(Verdict::Good, 20, 2, NOW, &QueueLimits::default());
        }
        assert_eq!(width.limit(), 8);
    }

    #[test]
    fn failures_halve_it_and_good_answers_bring_it_back() {
        let mut width = new();
        let mut limits = Vec::new();
        for verdict in [Verdict::Bad, Verdict::Bad, Verdict::Bad, Verdict::Bad, Verdict::Good] {
            width.ended(verdict, 20, 1, NOW, &QueueLimits::default());
            limits.push(width.limit());
        }
        assert_eq!(limits, [4, 2, 1, 1, 2]);
    }
}
