//! The system's clock and dice: the only place that asks the operating system what time it is and
//! what chance says.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
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

/// Random bytes asked of the operating system at a time.
const THROWN: usize = 1_024;

/// The operating system's source of random bytes, asked for many at a time.
#[derive(Debug)]
pub(crate) struct SystemDice {
    source: SystemRandom,
    thrown: Mutex<Thrown>,
}

/// Bytes that nobody has taken yet.
struct Thrown {
    bytes: [u8; THROWN],
    taken: usize,
}

impl std::fmt::Debug for Thrown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Thrown").field("taken", &self.taken).finish_non_exhaustive()
    }
}

impl SystemDice {
    #[expect(clippy::disallowed_methods, reason = "this is where chance comes from")]
    pub(crate) fn new() -> Self {
        let thrown = Mutex::new(Thrown { bytes: [0; THROWN], taken: THROWN });
        Self { source: SystemRandom::new(), thrown }
    }
}

impl Dice for SystemDice {
    fn fill(&self, bytes: &mut [u8]) {
        const ALWAYS: &str = "the operating system always has random bytes once it runs";
        if bytes.len() > THROWN {
            return self.source.fill(bytes).expect(ALWAYS);
        }
        let mut thrown = self.thrown.lock().unwrap_or_else(PoisonError::into_inner);
        if thrown.taken + bytes.len() > THROWN {
            self.source.fill(&mut thrown.bytes).expect(ALWAYS);
            thrown.taken = 0;
        }
        let range = thrown.taken..thrown.taken + bytes.len();
        thrown.taken = range.end;
        bytes.copy_from_slice(&thrown.bytes[range.clone()]);
        // What is in a key is in no other memory.
        thrown.bytes[range].fill(0);
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

    #[test]
    fn no_byte_is_thrown_for_two() {
        let dice = SystemDice::new();
        let mut seen = std::collections::HashSet::new();
        for length in [16, 64, 64, 1_000, 64, 1_024, 2_000, 64] {
            let mut bytes = vec![0; length];
            dice.fill(&mut bytes);
            assert!(bytes.windows(8).all(|window| seen.insert(window.to_vec())), "{length}");
        }
    }
}
