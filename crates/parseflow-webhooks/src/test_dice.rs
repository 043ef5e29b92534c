//! Dice for tests: a counter stirred well enough to look like chance, the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use parseflow_model::Dice;

pub(crate) struct SeededDice(AtomicU64);

impl SeededDice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Dice for SeededDice {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let mut x = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (x >> 48) as u8;
        }
    }
}
