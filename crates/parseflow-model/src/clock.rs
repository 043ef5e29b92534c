//! The two arguments through which the outside world enters: what time it is, and chance.

use crate::Timestamp;

/// Tells the wall-clock time. The binary reads the system's clock, tests hold the hands themselves.
pub trait WallClock: Send + Sync {
    /// The present, to the millisecond.
    fn now(&self) -> Timestamp;
}

/// A source of random bytes: the operating system's in the binary, a seed in tests.
pub trait Dice: Send + Sync {
    /// Fills `bytes`. Ids, keys and secrets come from here, so the binary's source must be
    /// cryptographically secure.
    fn fill(&self, bytes: &mut [u8]);
}
