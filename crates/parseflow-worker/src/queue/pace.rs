//! At most so many attempts in a second, evenly spaced.

use parseflow_model::Timestamp;

/// How far attempts may run ahead of even spacing: timers fire in whole milliseconds, and some late.
const AHEAD_US: i64 = 5_000;

/// The generic cell rate algorithm: one number remembers when the next attempt is due by the rate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    per_second: u32,
    /// Microseconds since 1970.
    next_us: i64,
}

impl Pace {
    pub(super) fn new(per_second: u32) -> Self {
        Self { per_second: per_second.max(1), next_us: i64::MIN }
    }

    pub(super) fn per_second(self) -> u32 {
        self.per_second
    }

    /// Takes the right to one attempt now, or says when there is one.
    pub(super) fn take(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        let now_us = now.millis().saturating_mul(1_000);
        let earliest_us = self.next_us.saturating_sub(AHEAD_US);
        if now_us < earliest_us {
            let at_ms = earliest_us.div_euclid(1_000) + i64::from(earliest_us % 1_000 != 0);
            return Err(Timestamp::from_millis(at_ms));
        }
        self.next_us = self.next_us.max(now_us) + 1_000_000 / i64::from(self.per_second);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Attempts begun in `for_ms`, asking again exactly when told.
    fn begun(per_second: u32, for_ms: i64) -> Vec<i64> {
        let mut pace = Pace::new(per_second);
        let (mut now_ms, mut begun) = (1_000_000, Vec::new());
        while now_ms < 1_000_000 + for_ms {
            match pace.take(Timestamp::from_millis(now_ms)) {
                Ok(()) => begun.push(now_ms - 1_000_000),
                Err(at) => {
                    assert!(at.millis() > now_ms, "asking again helps");
                    now_ms = at.millis();
                }
            }
        }
        begun
    }

    #[test]
    fn attempts_are_evenly_spaced() {
        assert_eq!(begun(1, 3_000), [0, 995, 1_995, 2_995]);
        assert_eq!(begun(4, 1_000), [0, 245, 495, 745, 995]);
    }

    #[test]
    fn the_rate_is_kept_over_any_length_of_time() {
        for per_second in [1, 3, 7, 100, 999, 1_000, 10_000] {
            let count = begun(per_second, 10_000).len() as u32;
            let expected = per_second * 10;
            assert!((expected..=expected + expected / 100 + 1).contains(&count), "{count}");
        }
    }

    #[test]
    fn time_without_attempts_saves_nothing_up() {
        let mut pace = Pace::new(2);
        let at = Timestamp::from_millis;
        assert_eq!(pace.take(at(0)), Ok(()));
        assert_eq!(pace.take(at(60_000)), Ok(()));
        assert_eq!(pace.take(at(60_000)), Err(at(60_495)));
    }
}
