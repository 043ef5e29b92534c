//! Dice that fall the same way for the same seed (splitmix64).

/// The dice of one document.
pub(crate) struct Rng {
    state: u64,
    /// Held-out documents also use wordings and arrangements that training never sees.
    pub(crate) held_out: bool,
}

impl Rng {
    pub(crate) fn new(seed: u64, held_out: bool) -> Self {
        Self { state: seed ^ if held_out { 0x9e37_79b9_7f4a_7c15 } else { 0 }, held_out }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` up to and without `high`.
    pub(crate) fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low).max(1)
    }

    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.range(0, 100) < percent
    }

    /// One of a list.
    pub(crate) fn pick<'l, T: ?Sized>(&mut self, list: &[&'l T]) -> &'l T {
        list[self.range(0, list.len() as u64) as usize]
    }

    /// One of several wordings separated by `|`; every third is kept from training.
    pub(crate) fn say(&mut self, wordings: &str) -> String {
        let all: Vec<&str> = wordings.split('|').collect();
        let kept: Vec<&str> = all
            .iter()
            .enumerate()
            .filter(|(index, _)| self.held_out || index % 3 != 2)
            .map(|(_, wording)| *wording)
            .collect();
        self.pick(&kept).to_owned()
    }

    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|at| char::from(b'0' + self.range(u64::from(at == 0), 10) as u8)).collect()
    }
}
