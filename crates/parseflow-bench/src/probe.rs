//! What the machine is like while something is measured: its disk, and how much of it the host takes away.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use crate::error::BenchError;
use crate::load::now;
use crate::report::percentile_ms;

/// Flushes that are timed before a measurement, and again after it: together twenty are slower than the
/// 99th percentile.
const FLUSHES: usize = 1_000;

/// What was seen of the machine before a measurement.
pub(crate) struct Probe {
    flushes: Vec<Duration>,
    processors: Processors,
}

/// What was seen of the machine around a measurement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine {
    /// 99 of 100 times, writing 4 KiB at the end of a file and flushing them takes less; in milliseconds.
    pub(crate) flush_p99_ms: f64,
    /// Of the processor time there was between, what the host gave to others; 0 where it does not say.
    pub(crate) stolen_percent: f64,
}

impl Probe {
    /// Looks at the disk of `folder` and at the processors.
    pub(crate) fn begin(folder: &Path) -> Result<Self, BenchError> {
        Self::of(folder, FLUSHES)
    }

    fn of(folder: &Path, count: usize) -> Result<Self, BenchError> {
        Ok(Self { flushes: flushes(folder, count)?, processors: Processors::now() })
    }

    /// Looks once more.
    pub(crate) fn end(mut self, folder: &Path) -> Result<Machine, BenchError> {
        let stolen_percent = Processors::now().stolen_percent_since(self.processors);
        self.flushes.extend(flushes(folder, self.flushes.len())?);
        self.flushes.sort();
        Ok(Machine { flush_p99_ms: percentile_ms(&self.flushes, 99), stolen_percent })
    }
}

fn flushes(folder: &Path, count: usize) -> Result<Vec<Duration>, BenchError> {
    let io = |source| BenchError::Io { what: "the disk", source };
    let path = folder.join("probe");
    let mut file = OpenOptions::new().create(true).append(true).open(&path).map_err(io)?;
    let mut took = Vec::with_capacity(2 * count);
    for _ in 0..count {
        let begun = now();
        file.write_all(&[7; 4_096]).and_then(|()| file.sync_data()).map_err(io)?;
        took.push(begun.elapsed());
    }
    std::fs::remove_file(path).map_err(io)?;
    Ok(took)
}

/// Ticks of all processors since the machine was started.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Processors {
    all: u64,
    stolen: u64,
}

impl Processors {
    fn now() -> Self {
        std::fs::read_to_string("/proc/stat").map(|stat| Self::read(&stat)).unwrap_or_default()
    }

    /// The first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal; what
    /// guests used stands behind and is part of the first two.
    fn read(stat: &str) -> Self {
        let line = stat.lines().next().unwrap_or_default();
        let ticks: Vec<u64> =
            line.split_whitespace().skip(1).take(8).flat_map(str::parse).collect();
        Self { all: ticks.iter().sum(), stolen: ticks.get(7).copied().unwrap_or_default() }
    }

    fn stolen_percent_since(self, before: Self) -> f64 {
        let all = self.all.saturating_sub(before.all).max(1);
        100.0 * self.stolen.saturating_sub(before.stolen) as f64 / all as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_host_took_is_a_share_of_all_between() {
        let before = Processors::read("cpu  100 0 50 800 5 0 5 40 7 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
        assert_eq!(before, Processors { all: 1_000, stolen: 40 });
        let after = Processors { all: 1_400, stolen: 140 };
        assert_eq!(after.stolen_percent_since(before), 25.0);
        assert_eq!(before.stolen_percent_since(before), 0.0);
    }

    #[test]
    fn a_machine_that_does_not_say_has_nothing_stolen() {
        assert_eq!(Processors::read("").stolen_percent_since(Processors::default()), 0.0);
    }

    #[test]
    fn the_disk_is_seen_before_and_after() {
        let folder = tempfile::tempdir().unwrap();
        let probe = Probe::of(folder.path(), 5).unwrap();
        assert_eq!(probe.flushes.len(), 5);
        assert!(probe.end(folder.path()).unwrap().flush_p99_ms > 0.0);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
