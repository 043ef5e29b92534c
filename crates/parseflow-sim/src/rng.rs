//! Chance that repeats: everything random in a world comes from its seed through here.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parseflow_model::Dice;

/// SplitMix64. A world runs on one thread, so the order of the draws is the same in every run.
#[derive(Debug)]
pub(crate) struct Rng(AtomicU64);

impl Rng {
    /// The stream of `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        let rng = Self(AtomicU64::new(seed ^ 0x5851_f42d_4c95_7f2d));
        rng.next();
        rng
    }

    /// 64 random bits.
    pub(crate) fn next(&self) -> u64 {
        const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.0.fetch_add(GAMMA, Ordering::Relaxed).wrapping_add(GAMMA);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; `n` is at least 1.
    pub(crate) fn below(&self, n: u64) -> u64 {
        self.next() % n
    }

    /// True `permille` times of a thousand.
    pub(crate) fn chance(&self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    /// One of `items`, which are not empty.
    pub(crate) fn pick<'a, T>(&self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// A duration below `max`, in milliseconds.
    pub(crate) fn up_to(&self, max: Duration) -> Duration {
        Duration::from_millis(self.below((max.as_millis() as u64).max(1)))
    }
}

impl Dice for Rng {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}
