//! The system's clock and dice: the only place that asks the operating system what time it is and
//! what chance says.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use parseflow_model::{Dice, Timestamp, WallClock};
use parseflow_worker::Clock;
use ring::rand::{SecureRandom, SystemRandom};

/// The wall clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

impl WallClock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Clock for SystemClock {
    /// Waits in slices of at most a minute, so that a clock that is set forward is noticed.
    #[expect(clippy::disallowed_methods, reason = "this is where waiting happens")]
    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        const SLICE: Duration = Duration::from_secs(60);
        Box::pin(async move {
            loop {
                let left = at.since(SystemClock.now());
                if left.is_zero() {
                    return;
                }
                tokio::time::sleep(left.min(SLICE)).await;
            }
        })
    }
}

/// The operating system's source of random bytes.
#[derive(Debug)]
pub(crate) struct SystemDice(SystemRandom);

impl SystemDice {
    #[expect(clippy::disallowed_methods, reason = "this is where chance comes from")]
    pub(crate) fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Dice for SystemDice {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes).expect("the operating system always has random bytes once it runs");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_past_the_day_this_was_written_and_the_dice_are_not_loaded() {
        assert!(SystemClock.now() > Timestamp::from_secs(1_776_161_100));
        let (mut one, mut two) = ([0u8; 32], [0u8; 32]);
        SystemDice::new().fill(&mut one);
        SystemDice::new().fill(&mut two);
        assert_ne!(one, two);
    }
}
